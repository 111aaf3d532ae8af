"""Authalic latitudes on WGS84 in degrees, to 40 digits: Snyder 1987, equations 3-11 and 3-12. argv: latitudes."""
import json
import sys

from mpmath import asin, atanh, degrees, mp, mpf, radians, sin, sqrt

mp.dps = 40
f = 1 / mpf("298.257223563")
e2 = f * (2 - f)
e = sqrt(e2)


def q(s):
    return (1 - e2) * (s / (1 - e2 * s * s) + atanh(e * s) / e)


print(json.dumps([float(degrees(asin(q(sin(radians(mpf(x)))) / q(mpf(1))))) for x in json.loads(sys.stdin.read())]))
