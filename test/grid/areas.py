"""Areas of cells whose edges are drawn by geodetic latitudes, on the ellipsoid WGS84, in m2.

argv: the order. stdin: JSON list of nested ids as text. stdout: JSON list. The area between two meridians that depend on the
latitude: integral of the radii of curvature (M N cos phi) times the cell's width in longitude, over the latitude.
"""
import json
import sys

from mpmath import asin, cos, mp, mpf, pi, quad, sin, sqrt

mp.dps = 35
a = mpf(6378137)
f = 1 / mpf("298.257223563")
e2 = f * (2 - f)
order = int(sys.argv[1])
side = 2**order


def height_of(phi):
    z = sin(phi)
    return z * 3 / 4 if abs(z) <= mpf(2) / 3 else (1 - sqrt(3 * (1 - abs(z))) / 2) * (1 if z > 0 else -1)


def phi_of(height):
    z = height * 4 / 3 if abs(height) <= mpf(1) / 2 else (1 - 4 * (1 - abs(height)) ** 2 / 3) * (1 if height > 0 else -1)
    return asin(z)


out = []
for cell in json.loads(sys.stdin.read()):
    cell = int(cell)
    row, x, y = (cell >> 2 * order) // 4, 0, 0
    for k in range(order):
        x |= (cell >> 2 * k & 1) << k
        y |= (cell >> 2 * k + 1 & 1) << k
    middle = (mpf(x + y + 1) / side - 1) / 2 + (1 - row) * mpf(1) / 2
    half = mpf(1) / (2 * side)

    def strip(phi):
        height = height_of(phi)
        width = 2 * (half - abs(height - middle)) * pi / 2  # the plane is a quarter turn wide per unit
        if abs(height) > 1 - mpf("1e-33"):
            return mpf(0)
        # Beyond two thirds the plane narrows.
        width /= 2 * (1 - abs(height)) if abs(height) > mpf(1) / 2 else 1
        w = 1 - e2 * sin(phi) ** 2
        return a * a * (1 - e2) / w**2 * cos(phi) * width

    out.append(float(quad(strip, [phi_of(middle - half), phi_of(middle), phi_of(middle + half)])))
print(json.dumps(out))
