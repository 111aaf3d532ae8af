"""Opens stores of every form with zarr-python and xarray + xdggs. stdin: paths; stdout: per path what each group holds."""
import json
import sys
from pathlib import Path

import numpy as np
import xarray as xr
import xdggs  # noqa: F401
import zarr

sys.path.insert(0, str(Path(__file__).parent))
from opened import INDEXES, names, plain  # noqa: E402


def arrays_of(group):
    return {
        name: {
            "dtype": str(a.dtype), "shape": list(a.shape), "chunks": list(a.chunks), "shards": list(a.shards) if a.shards else None,
            "dims": list(a.metadata.dimension_names), "values": plain(a[:].reshape(-1)), "attributes": dict(a.attrs),
        }
        for name, a in group.arrays()
    }


def decode_dense(path, name):
    seen = []
    for convention, kind in INDEXES:
        ds = xr.open_zarr(path, group=name).dggs.decode(convention=convention, index_kind=kind)
        seen.append({
            "coords": names(ds.coords), "vars": names(ds.data_vars), "cells": plain(ds.cell_ids.values),
            "level": ds.dggs.grid_info.level, "bins": plain(ds["h_hist_bin"].values), "bin_index": "h_hist_bin" in ds.xindexes,
        })
    # The line of docs/format.md for a group that has grown.
    ds = xr.open_zarr(path, group=name).sortby("cell_ids").dggs.decode(index_kind="moc")
    return seen, {"cells": plain(ds.cell_ids.values), "count": plain(ds["count"].values)}


def decode_sphere(path, name):
    """The lines of docs/format.md, for one chunk and for the whole sphere."""
    seen = []
    ds = xr.open_zarr(path, group=name)
    grid = ds.attrs["dggs"]
    for part in (slice(320, 384), slice(0, ds.sizes["cells"])):
        part = slice(part.start, min(part.stop, ds.sizes["cells"]))
        ids = np.arange(part.start, part.stop, dtype="uint64")
        here = ds.isel(cells=part).assign_coords(cell_ids=("cells", ids))
        info = {"grid_name": "healpix", "level": grid["refinement_level"], "indexing_scheme": "nested", "ellipsoid": grid["ellipsoid"]}
        decoded = [here.dggs.decode(info), here.dggs.decode({**grid, "coordinate": "cell_ids", "compression": "none"}, convention="zarr")]
        for one in decoded:
            seen.append({"coords": names(one.coords), "cells": plain(one.cell_ids.values), "level": one.dggs.grid_info.level, "count": plain(one["count"].values)})
    return seen


def look(path):
    root = zarr.open_consolidated(path)
    groups = {}
    for name, group in root.groups():
        attributes = dict(group.attrs)
        groups[name] = {
            "arrays": arrays_of(group), "attributes": attributes,
            "parents": arrays_of(group["parents"]) if "parents" in group else None,
        }
        if attributes["layout"] == "full-sphere":
            groups[name]["decoded"] = decode_sphere(path, name)
        else:
            groups[name]["decoded"], groups[name]["sorted"] = decode_dense(path, name)
        if "parents" in group:
            with xr.open_zarr(path, group=f"{name}/parents") as records:
                groups[name]["states"] = [records.state.attrs["flag_meanings"].split()[int(s)] for s in records.state.values]
    return groups


json.dump([look(path) for path in json.load(sys.stdin)], sys.stdout)
