"""healpy's ring ids and neighbours. stdin: JSON [[nested id as text, order], ...]. stdout: JSON
[[ring id as text, [eight neighbours as text, -1 for none]], ...]."""
import json
import sys

import healpy

out = []
for cell, order in json.loads(sys.stdin.read()):
    nside, cell = 2**order, int(cell)
    out.append([str(healpy.nest2ring(nside, cell)), [str(n) for n in healpy.get_all_neighbours(nside, cell, nest=True)]])
print(json.dumps(out))
