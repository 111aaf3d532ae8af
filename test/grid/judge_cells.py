"""Judges nested ids by healpy, and each that differs by exact arithmetic.

argv: `authalic` or `spherical`, the number n of points, the orders, `every` (optional: exact arithmetic for every point).
stdin: n latitudes, n longitudes (float64, degrees), then the ids of all points for each order (uint64).
stdout: JSON {compared, differ, wrong}. `differ`: ids that are not healpy's (with `every`: not the exact ones). `wrong`: those
of them that are proved wrong: no point within 1e-15 rad of the given one lies in the cell. At most 20 are listed.
"""
import json
import sys
from functools import lru_cache

import healpy
import numpy as np
from mpmath import atanh, cos, floor, mp, mpf, radians, sin, sqrt

mp.dps = 40
HALF, SLACK = mpf(1) / 2, mpf("1e-35")
NEAR = mpf("1e-15") * 180 / mp.pi  # degrees
convention, n, orders, every = sys.argv[1], int(sys.argv[2]), [int(x) for x in sys.argv[3].split(",")], len(sys.argv) > 4

f = 1 / mpf("298.257223563")
e2 = f * (2 - f)
e = sqrt(e2)


def q(s):
    """Snyder (1987), equation 3-12."""
    return (1 - e2) * (s / (1 - e2 * s * s) + atanh(e * s) / e)


POLE = q(mpf(1))


@lru_cache(maxsize=None)
def sine(lat):
    s = sin(radians(lat))
    return s if convention == "spherical" else q(s) / POLE


def exact(lat, lon, order):
    """The nested id of a point by the plane of Calabretta and Roukema (2007), to 40 digits."""
    z = sine(lat)
    # Longitude in quarter turns, height so that base cells are squares on their corners with diagonals of 1.
    turn = lon / 90
    turn -= 4 * floor(turn / 4)
    if abs(z) <= mpf(2) / 3:
        height = z * 3 / 4
    else:
        sigma = sqrt(3 * (1 - abs(z)))
        middle = floor(turn) + HALF
        height = (1 - sigma / 2) * (1 if z > 0 else -1)
        turn = middle + (turn - middle) * sigma
    found = None
    for row, up in enumerate((height - HALF, height, height + HALF)):
        if abs(up) > HALF + SLACK:
            continue
        for column in range(4):
            across = turn - column - (0 if row == 1 else HALF)
            across -= 4 * floor((across + 2) / 4)
            x, y = up + across + HALF, up - across + HALF
            if -SLACK <= x <= 1 + SLACK and -SLACK <= y <= 1 + SLACK:
                side = 2**order
                found = interleave(4 * row + column, *(min(max(int(floor(v * side)), 0), side - 1) for v in (x, y)), order)
    assert found is not None, (lat, lon)
    return found


def interleave(face, x, y, order):
    out = face
    for k in range(order - 1, -1, -1):
        out = out << 2 | (y >> k & 1) << 1 | x >> k & 1
    return out


def reachable(lat, lon, order):
    """Ids of all cells with a point close by."""
    lat, lon = mpf(float(lat)), mpf(float(lon))
    out = {exact(lat, lon, order)}
    for up in (-1, 0, 1):
        near = lat + up * NEAR
        wide = cos(radians(min(abs(near), mpf(90))))
        for side in (-1, 0, 1):
            if abs(near) >= 90 - NEAR or wide < 1e-13:
                out.update(exact(min(max(near, -90), 90), mpf(x), order) for x in range(-180, 180, 45))
            else:
                out.add(exact(near, lon + side * NEAR / wide, order))
    return out


def authalic(lat):
    """Authalic latitude in double precision, without the arcsine that loses digits near the poles (GeographicLib's series)."""
    third = 1 / (2 * 298.257223563 - 1)
    c = [
        np.polyval([-44732 / 2837835, 20824 / 467775, 538 / 4725, 88 / 315, -4 / 45, -4 / 3, 0], third),
        np.polyval([-12467764 / 212837625, -37192 / 467775, -2482 / 14175, 8 / 105, 34 / 45, 0, 0], third),
        np.polyval([100320856 / 1915538625, 54968 / 467775, -898 / 14175, -1532 / 2835, 0, 0, 0], third),
        np.polyval([-5884124 / 70945875, 24496 / 467775, 6007 / 14175, 0, 0, 0, 0], third),
    ]
    return lat + np.degrees(sum(k * np.sin(2 * (i + 1) * np.radians(lat)) for i, k in enumerate(c)))


data = sys.stdin.buffer.read()
lat, lon = np.frombuffer(data, "<f8", n), np.frombuffer(data, "<f8", n, 8 * n)
compared, differ, wrong = 0, {}, []
fed = authalic(lat) if convention == "authalic" else lat
for i, order in enumerate(orders):
    ours = np.frombuffer(data, "<u8", n, 8 * n * (2 + i)).astype("i8")
    if every:
        theirs = np.array([exact(mpf(float(a)), mpf(float(b)), order) for a, b in zip(lat, lon)], "i8")
    else:
        theirs = healpy.ang2pix(2**order, lon, fed, nest=True, lonlat=True)
    compared += n
    for k in np.flatnonzero(ours != theirs):
        differ[order] = differ.get(order, 0) + 1
        if int(ours[k]) not in reachable(lat[k], lon[k], order):
            wrong.append({"order": order, "lat": lat[k], "lon": lon[k], "ours": str(ours[k]), "theirs": str(theirs[k])})
print(json.dumps({"compared": compared, "differ": differ, "wrong": wrong[:20]}))
