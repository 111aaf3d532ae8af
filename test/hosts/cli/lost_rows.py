"""A granule with rows without position: `make FOLDER` writes it, `judge FOLDER` prints counts and statistics of each cell by numpy and healpy over the good rows."""
import json
import sys

import h5py
import healpy
import numpy as np

ORDER = 12
FILL = np.float64(1.7976931348623157e308)
# Row, latitude, longitude. Of gt1l the rows 123, 4567 and 8000 pass the filter, row 6000 does not; of gt2r row 77 holds the fill value.
BAD = {"gt1l": [(123, np.nan, 5.0), (4567, 3.4e38, 3.4e38), (6000, -91.0, 0.0), (8000, 71.0, 1000.0)], "gt2r": [(77, FILL, FILL)]}


def make(path):
    rng = np.random.default_rng(5)
    with h5py.File(path, "w") as f:
        for k, (group, bad) in enumerate(BAD.items()):
            n = 9000
            lat, lon = 70 + k * 0.01 + np.linspace(0, 2, n), -48 + np.linspace(0, 0.4, n)
            quality = (rng.random(n) < 0.2).astype("i1")
            for row, *place in bad:
                lat[row], lon[row] = place
                quality[row] = row == 6000
            for name, data in ("lat", lat), ("lon", lon), ("h", rng.normal(1000, 30, n).astype("f4")), ("q", quality):
                d = f.create_dataset(f"{group}/{name}", data=data, chunks=(1000 if name != "q" else 700,), compression="gzip")
                if name in ("lat", "lon"):
                    d.attrs.create("_FillValue", FILL)


def authalic(lat):
    """Latitude of equal area on WGS84, radians (Snyder 1987, eq. 3-11 and 3-12)."""
    f = 1 / 298.257223563
    e = np.sqrt(f * (2 - f))
    q = lambda s: (1 - e**2) * (s / (1 - (e * s) ** 2) - np.log((1 - e * s) / (1 + e * s)) / (2 * e))
    return np.arcsin(np.clip(q(np.sin(np.radians(lat))) / q(1.0), -1, 1))


def judge(path):
    ids, heights, lost = [], [], {}
    with h5py.File(path) as f:
        for group in BAD:
            lat, lon, h, quality = (f[f"{group}/{name}"][:] for name in ("lat", "lon", "h", "q"))
            kept = quality == 0
            good = kept & (np.abs(lat) <= 90) & (np.abs(lon) <= 360)
            lost[group] = int(kept.sum() - good.sum())
            ids.append(healpy.ang2pix(2**ORDER, np.pi / 2 - authalic(lat[good]), np.radians(lon[good] % 360), nest=True))
            heights.append(h[good].astype("f8"))
    ids, heights = np.concatenate(ids), np.concatenate(heights)
    cells = {str(c): [int((ids == c).sum()), float(heights[ids == c].mean()), float(heights[ids == c].var())] for c in np.unique(ids)}
    print(json.dumps({"lost": lost, "rows": len(ids), "cells": cells}))


{"make": make, "judge": judge}[sys.argv[1]](f"{sys.argv[2]}/lost.h5")
