#!/usr/bin/env python3
"""The yardstick: h5py reads the five columns, healpy encodes them, numpy sorts once. No statistics, no store.

    python peer.py GRANULE.h5 ... > {"importS", "workS", "rows"}
"""
import time

started = time.perf_counter()

import json
import sys

import h5py
import healpy
import numpy as np

imported = time.perf_counter()

BEAMS = ("gt1l", "gt1r", "gt2l", "gt2r", "gt3l", "gt3r")
COLUMNS = ("latitude", "longitude", "h_li", "h_li_sigma", "atl06_quality_summary")

parts = {name: [] for name in COLUMNS}
for path in sys.argv[1:]:
    with h5py.File(path) as file:
        for beam in BEAMS:
            for name in COLUMNS:
                parts[name].append(file[f"{beam}/land_ice_segments/{name}"][:])
columns = {name: np.concatenate(arrays) for name, arrays in parts.items()}
cells = healpy.ang2pix(2**12, columns["longitude"], columns["latitude"], nest=True, lonlat=True)
order = np.argsort(cells, kind="stable")

done = time.perf_counter()
print(json.dumps({"importS": imported - started, "workS": done - imported, "rows": len(order)}))
