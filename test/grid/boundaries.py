"""healpy's boundaries. stdin: JSON [[nested id as text, order, points per edge], ...]. stdout: a JSON list for each cell of
[z, longitude in degrees, sine of the distance from the axis] of its points, as healpy orders them."""
import json
import sys

import healpy
import numpy as np

out = []
for cell, order, step in json.loads(sys.stdin.read()):
    x, y, z = healpy.boundaries(2**order, int(cell), step=step, nest=True)
    out.append(np.stack([z, np.degrees(np.arctan2(y, x)), np.hypot(x, y)], axis=1).tolist())
print(json.dumps(out))
