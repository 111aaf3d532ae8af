"""Points on the boundaries of cells to 20 digits and more, on the plane of Calabretta and Roukema (2007).

argv: `authalic` or `spherical`. stdin: JSON [[nested id as text, order, points per edge], ...].
stdout: JSON, for each cell [[longitude, geodetic latitude], ...] in degrees, N to W to S to E; at a pole the longitude is null.
"""
import json
import sys
from functools import lru_cache

from mpmath import asin, atanh, degrees, mp, mpf, radians, sin, sqrt

mp.dps = 40
authalic = sys.argv[1] == "authalic"
f = 1 / mpf("298.257223563")
e2 = f * (2 - f)
e = sqrt(e2)


def q(s):
    return (1 - e2) * (s / (1 - e2 * s * s) + atanh(e * s) / e)


POLE = q(mpf(1))


@lru_cache(maxsize=None)
def geodetic(z):
    if not authalic or abs(z) == 1:
        return degrees(asin(z))
    xi = phi = asin(z)
    # Each round gains more than two digits.
    for _ in range(10):
        phi -= asin(q(sin(phi)) / POLE) - xi
    return degrees(phi)


def point(face, u, v):
    """u and v from 0 to 1 along the north-eastern and north-western axis of a base cell."""
    row, column = divmod(face, 4)
    turn = column + (mpf(0) if row == 1 else mpf(1) / 2) + (u - v) / 2
    height = (u + v - 1) / 2 + (1 - row) * mpf(1) / 2
    if abs(height) <= mpf(1) / 2:
        z = height * 4 / 3
    else:
        sigma = 2 * (1 - abs(height))
        z = (1 - sigma**2 / 3) * (1 if height > 0 else -1)
        middle = column + mpf(1) / 2
        if sigma == 0:
            return None, 90 * z
        turn = middle + (turn - middle) / sigma
    return turn * 90, geodetic(z)


out = []
for cell, order, n in json.loads(sys.stdin.read()):
    cell = int(cell)
    face, x, y = cell >> 2 * order, 0, 0
    for k in range(order):
        x |= (cell >> 2 * k & 1) << k
        y |= (cell >> 2 * k + 1 & 1) << k
    side = mpf(2) ** order
    # Corner and the step from there.
    edges = [(1, 1, -1, 0), (0, 1, 0, -1), (0, 0, 1, 0), (1, 0, 0, 1)]
    points = [point(face, (x + a + da * mpf(i) / n) / side, (y + b + db * mpf(i) / n) / side) for a, b, da, db in edges for i in range(n)]
    out.append([[None if lon is None else float(lon), float(lat)] for lon, lat in points])
print(json.dumps(out))
