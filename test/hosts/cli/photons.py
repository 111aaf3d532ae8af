"""ATL03- and ATL08-like granules: `make FOLDER` writes them, `judge FOLDER NAME` prints the statistics of each cell by numpy and healpy."""
import json
import sys

import h5py
import healpy
import numpy as np

ORDER = 12
FILL = np.float32(3.4028235e38)


def photons(path, seed, group, first_lat):
    """Photons under segments of 20 m; some segments have none, some photons lie under none; chunks that do not agree."""
    rng = np.random.default_rng(seed)
    segments = 1500
    counts = rng.integers(0, 30, segments).astype("i4")
    counts[rng.random(segments) < 0.1] = 0
    gaps = np.where(rng.random(segments) < 0.02, 5, 0)
    begin = 1 + np.concatenate([[0], np.cumsum(counts + gaps)[:-1]])
    begin[counts == 0] = 0
    n = int((counts + gaps).sum())
    with h5py.File(path, "a") as f:
        def put(name, data, chunk, fill=None, **more):
            d = f.create_dataset(f"{group}/{name}", data=data, chunks=chunk, compression="gzip", compression_opts=4, **more)
            if fill is not None:
                d.attrs.create("_FillValue", [fill], dtype=d.dtype)
        put("geolocation/ph_index_beg", begin.astype("i8"), (500,), 0)
        put("geolocation/segment_ph_cnt", counts, (700,), 0)
        put("geolocation/podppd_flag", rng.choice([0, 0, 0, 1, 4], segments).astype("i1"), (400,))
        geoid = rng.normal(30, 1, segments).astype("f4")
        geoid[rng.random(segments) < 0.05] = FILL
        put("geophys_corr/geoid", geoid, (300,), FILL)
        put("heights/lat_ph", first_lat + np.linspace(0, 0.5, n), (10_000,))
        put("heights/lon_ph", -48 + np.linspace(0, 0.1, n), (10_000,))
        put("heights/h_ph", rng.normal(1000, 30, n).astype("f4"), (4_000,))
        put("heights/signal_conf_ph", rng.integers(-1, 5, (n, 5)).astype("i1"), (3_000, 2), shuffle=True)
        put("heights/quality_ph", rng.choice([0, 0, 0, 0, 3], n).astype("i1"), (10_000,), shuffle=True)


def land(path, seed, group):
    rng = np.random.default_rng(seed)
    n = 3000
    with h5py.File(path, "a", libver="latest") as f:
        def put(name, data, fill=None):
            d = f.create_dataset(f"{group}/land_segments/{name}", data=data, chunks=(1000,), compression="gzip")
            if fill is not None:
                d.attrs.create("_FillValue", fill, dtype=d.dtype)
        put("latitude", (60 + np.linspace(0, 2.5, n)).astype("f4"))
        put("longitude", (20 + np.linspace(0, 0.5, n)).astype("f4"))
        for name, share in ("terrain/h_te_best_fit", 0.2), ("canopy/h_canopy", 0.5):
            h = rng.normal(100, 20, n).astype("f4")
            h[rng.random(n) < share] = FILL
            put(name, h, FILL)


def cells(lat, lon):
    """Nested ids with the latitude of equal area on WGS84 (Snyder 1987, eq. 3-11 and 3-12)."""
    f = 1 / 298.257223563
    e = np.sqrt(f * (2 - f))
    q = lambda s: (1 - e**2) * (s / (1 - (e * s) ** 2) - np.log((1 - e * s) / (1 + e * s)) / (2 * e))
    lat, lon = lat.astype("f8"), lon.astype("f8")
    authalic = np.arcsin(np.clip(q(np.sin(np.radians(lat))) / q(np.float64(1)), -1, 1))
    return healpy.ang2pix(2**ORDER, np.pi / 2 - authalic, np.radians(lon % 360), nest=True)


def stats(parts, columns):
    ids = np.concatenate([p["id"] for p in parts])
    out = {}
    for cell in np.unique(ids):
        here = ids == cell
        row = {"count": int(here.sum())}
        for name, source, function in columns:
            x = np.concatenate([p[source] for p in parts])[here]
            x = x[~np.isnan(x)]
            row[name] = float(function(x)) if x.size else None
        out[str(cell)] = row
    print(json.dumps(out))


if sys.argv[1] == "make":
    folder = sys.argv[2]
    photons(f"{folder}/ATL03_one.h5", 1, "gt1l", 70.0)
    photons(f"{folder}/ATL03_one.h5", 2, "gt2r", 70.02)
    photons(f"{folder}/ATL03_two.h5", 3, "gt1l", 70.1)
    land(f"{folder}/ATL08_one.h5", 4, "gt1l")
    land(f"{folder}/ATL08_one.h5", 5, "gt3r")
elif sys.argv[3] == "atl03":
    parts = []
    for name, groups in ("ATL03_one.h5", ["gt1l", "gt2r"]), ("ATL03_two.h5", ["gt1l"]):
        with h5py.File(f"{sys.argv[2]}/{name}") as f:
            for group in groups:
                g = f[group]
                begin, count = g["geolocation/ph_index_beg"][:], g["geolocation/segment_ph_cnt"][:]
                n = g["heights/h_ph"].shape[0]
                segment = np.full(n, -1)
                for s in np.nonzero(count)[0]:
                    segment[begin[s] - 1:begin[s] - 1 + count[s]] = s
                geoid = g["geophys_corr/geoid"][:]
                geoid = np.where(geoid == FILL, np.nan, geoid.astype("f8"))
                h = g["heights/h_ph"][:].astype("f8")
                keep = (segment >= 0) & (g["heights/signal_conf_ph"][:, 3] >= 3) & (g["heights/quality_ph"][:] == 0)
                keep &= np.isin(g["geolocation/podppd_flag"][:][segment], [0, 4])
                parts.append({"id": cells(g["heights/lat_ph"][:], g["heights/lon_ph"][:])[keep], "h": h[keep], "g": (h - geoid[segment])[keep]})
    stats(parts, [("h_min", "h", np.min), ("h_mean", "h", np.mean), ("h_q25", "h", lambda x: np.quantile(x, 0.25)), ("h_geoid_q50", "g", np.median)])
else:
    parts = []
    with h5py.File(f"{sys.argv[2]}/ATL08_one.h5") as f:
        for group in "gt1l", "gt3r":
            g = f[group + "/land_segments"]
            te, canopy = (np.where(g[p][:] == FILL, np.nan, g[p][:].astype("f8")) for p in ("terrain/h_te_best_fit", "canopy/h_canopy"))
            keep = ~np.isnan(te)
            parts.append({"id": cells(g["latitude"][:], g["longitude"][:])[keep], "te": te[keep], "canopy": canopy[keep]})
    stats(parts, [("h_te_min", "te", np.min), ("h_te_mean", "te", np.mean), ("h_canopy_mean", "canopy", np.mean)])
