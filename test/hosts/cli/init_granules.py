"""Granules of several shapes, as strangers build them, in the folder argv[1]. Prints JSON: name -> number of rows with a height."""
import json
import sys
from pathlib import Path

import h5py
import numpy as np

folder = Path(sys.argv[1])
N = 500
rng = np.random.default_rng(3)


def points(n):
    return 70 + rng.random(n), -50 + rng.random(n), 1000 + 100 * rng.random(n)


out = {}
with h5py.File(folder / "flat.h5", "w") as f:
    lat, lon, h = points(N)
    f["lat"], f["lon"], f["h"] = lat, lon, h.astype("f4")
    f["time"] = np.arange(N, dtype="f8")
    f["h"].attrs["units"], f["h"].attrs["long_name"] = "m", "height: above\nthe # ellipsoid"
    out["flat"] = N

with h5py.File(folder / "beams.h5", "w") as f:
    for beam in ["beam 1", "beam 2", "beam-3"]:
        lat, lon, h = points(N)
        g = f.create_group(f"data/{beam}/geo")
        g["latitude"], g["longitude"] = lat, lon
        o = f.create_group(f"data/{beam}/obs")
        o["elevation"], o["elevation_sigma"] = h, rng.random(N) + 0.1
        o.create_dataset("quality", data=(np.arange(N) % 4 == 0).astype("i1"))
        o["quality"].attrs["flag_values"] = np.array([0, 1], "i1")
        o["quality"].attrs["flag_meanings"] = "bad good"
        # Only one beam has it: a config with it would fail in the others.
        if beam == "beam 2":
            o["height_extra"] = h
    f["orbit/lat"] = np.arange(7.0)
    out["beams"] = 3 * N // 4

with h5py.File(folder / "photons.h5", "w") as f:
    for beam in ["gt1l", "gt2r"]:
        n = 3 * N
        lat, lon, h = points(n)
        f[f"{beam}/heights/lat_ph"], f[f"{beam}/heights/lon_ph"] = lat, lon
        f.create_dataset(f"{beam}/heights/h_ph", data=h.astype(">f4"), chunks=(200,), compression="gzip")
        f[f"{beam}/heights/signal_conf_ph"] = np.zeros((n, 5), "i1")
        f[f"{beam}/heights/quality_ph"] = np.zeros(n, "i1")
        lat, lon, h = points(N)
        f[f"{beam}/segments/latitude"], f[f"{beam}/segments/longitude"] = lat, lon
        f[f"{beam}/segments/dem_h"], f[f"{beam}/segments/geoid"], f[f"{beam}/segments/canopy"] = h, h, h
    out["photons"] = 2 * 3 * N
    out["segments"] = 2 * N

with h5py.File(folder / "whole-numbers.h5", "w") as f:
    lat, lon, h = points(N)
    f["Latitude"], f["Longitude"] = lat, lon
    f["count"] = np.arange(N, dtype="i4")
    f["min"] = h.astype("i4")
    out["whole-numbers"] = N

with h5py.File(folder / "swath.h5", "w") as f:
    f["lat"], f["lon"] = np.zeros((4, 5)), np.zeros((4, 5))
    f["names"] = np.array([b"a", b"b"])

with h5py.File(folder / "product.h5", "w") as f:
    f.attrs["short_name"] = "ATL06"
    lat, lon, h = points(N)
    g = f.create_group("gt1r/land_ice_segments")
    g["latitude"], g["longitude"], g["h_li"], g["h_li_sigma"] = lat, lon, h.astype("f4"), np.ones(N, "f4")
    g["atl06_quality_summary"] = np.zeros(N, "i1")
    out["product"] = N

json.dump(out, sys.stdout)
