"""Opens stores with zarr-python and xarray + xdggs. stdin: [{path, group, latitude}]; stdout: what each sees, NaN as text."""
import json
import math
import sys
from pathlib import Path

import healpy
import numpy as np
import xarray as xr
import xdggs  # noqa: F401
import zarr

sys.path.insert(0, str(Path(__file__).parent))
from opened import INDEXES, names, plain  # noqa: E402


def authalic_degrees(lat):
    """Closed form: Snyder, Map Projections, 3-11 and 3-12."""
    f = 1 / 298.257223563
    e2 = f * (2 - f)
    e = math.sqrt(e2)

    def q(s):
        return (1 - e2) * (s / (1 - e2 * s * s) - math.log((1 - e * s) / (1 + e * s)) / (2 * e))

    return np.degrees(np.arcsin(np.clip([q(math.sin(math.radians(v))) / q(1.0) for v in lat], -1, 1)))


def decimal(cell, order):
    """The decimal morton id from its definition."""
    base = cell >> (2 * order)
    digits = "".join(str(1 + ((cell >> (2 * (order - k))) & 3)) for k in range(1, order + 1))
    return int(f"{base + 1}{digits}") if base < 6 else -int(f"{base - 5}{digits}")


def centres_agree(lon, lat, cells, order, latitude):
    lat = authalic_degrees(lat) if latitude == "authalic" else np.asarray(lat)
    return bool((healpy.ang2pix(2**order, lon, lat, lonlat=True, nest=True) == cells).all())


def look(job):
    group, order = job["group"], int(job["group"])
    told = {}
    for mode in ("consolidated", "listed"):
        root = zarr.open_consolidated(job["path"]) if mode == "consolidated" else zarr.open_group(job["path"], use_consolidated=False)
        arrays = {name: array for name, array in root[group].arrays()}
        told[mode] = {
            name: {
                "dtype": str(a.dtype), "fill": plain(a.fill_value), "chunks": list(a.chunks), "values": plain(a[:]),
                "dims": list(a.metadata.dimension_names), "codecs": [c.to_dict()["name"] for c in a.metadata.codecs], "attributes": dict(a.attrs),
            }
            for name, a in sorted(arrays.items())
        }
    told["groups"] = sorted(name for name, _ in zarr.open_consolidated(job["path"]).groups())
    decoded = []
    for convention, kind in INDEXES:
        # Decoding by the zarr convention changes the attributes of its source: a fresh one each time.
        ds = xr.open_zarr(job["path"], group=group).dggs.decode(convention=convention, index_kind=kind)
        cells = ds.cell_ids.values
        centres = ds.dggs.cell_centers()
        decoded.append({
            "convention": convention, "kind": kind, "index": type(ds.xindexes["cell_ids"]).__name__, "level": ds.dggs.grid_info.level,
            "ellipsoid": ds.dggs.grid_info.to_dict()["ellipsoid"], "coords": names(ds.coords), "cells": plain(cells),
            "centres": centres_agree(centres.longitude.values, centres.latitude.values, cells, order, job["latitude"]),
        })
    ds = xr.open_zarr(job["path"], group=group).dggs.decode()
    told["decoded"] = decoded
    told["default"] = [str(ds.dggs.grid_info.level), names(ds.coords)]
    cells = [int(c) for c in ds.cell_ids.values]
    if ds.morton.dtype == np.int64:
        told["decimals"] = [str(decimal(c, order)) for c in cells]
    # Selecting the centre of the last cell gives that cell's own values.
    last = ds.dggs.cell_centers().isel(cells=-1)
    picked = ds.dggs.sel_latlon(latitude=[float(last.latitude)], longitude=[float(last.longitude)])
    told["picked"] = {name: plain(picked[name].values) for name in sorted(picked.data_vars)}
    return told


json.dump([look(job) for job in json.load(sys.stdin)], sys.stdout)
