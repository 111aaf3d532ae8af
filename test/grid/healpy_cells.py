"""Nested ids by healpy. stdin: rows of (order, latitude, longitude), float64; stdout: ids, int64."""
import sys

import healpy
import numpy as np

rows = np.frombuffer(sys.stdin.buffer.read(), "<f8").reshape(-1, 3)
out = np.empty(len(rows), "<i8")
for order in np.unique(rows[:, 0]).astype(int):
    at = rows[:, 0] == order
    out[at] = healpy.ang2pix(2**order, rows[at, 2], rows[at, 1], nest=True, lonlat=True)
sys.stdout.buffer.write(out.tobytes())
