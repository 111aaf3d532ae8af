"""Writes 2-D datasets of every storage to argv[1]; prints, per dataset and column, the sha256 of its little-endian values."""
import hashlib
import json
import sys

import h5py
import numpy as np

rng = np.random.default_rng(3)
version, path = sys.argv[2], sys.argv[1]
data = {t: rng.integers(-100, 100, (1003, 5)).astype(t) for t in ("i1", ">i4", "f4", "f8", "u8", "f2")}
with h5py.File(path, "w", libver=version) as f:
    for t, values in data.items():
        name = np.dtype(t).name + ("_big" if t.startswith(">") else "")
        f.create_dataset(f"contiguous/{name}", data=values)
        f.create_dataset(f"rows/{name}", data=values, chunks=(100, 5), compression="gzip", shuffle=True)
        f.create_dataset(f"tiles/{name}", data=values, chunks=(100, 2), compression="gzip")
        f.create_dataset(f"wider/{name}", data=values, chunks=(64, 8), maxshape=(None, 20))
        f.create_dataset(f"scaled/{name}", data=values, chunks=(64, 2), scaleoffset=0 if values.dtype.kind != "f" else 9) if t in ("i1", "u8") else None
        sparse = f.create_dataset(f"sparse/{name}", shape=(1003, 5), dtype=t, chunks=(100, 2), maxshape=(None, None), fillvalue=7)
        sparse[250:320, 1:4] = values[250:320, 1:4]
    f.create_dataset("one", data=np.arange(7.0))
    f.create_dataset("cube", data=np.zeros((3, 2, 2)))
found = {}
with h5py.File(path, "r") as f:
    for kind in ("contiguous", "rows", "tiles", "wider", "sparse", "scaled"):
        for name, d in f[kind].items():
            values = d[()].astype("f4") if d.dtype == np.float16 else d[()]
            little = values.astype(values.dtype.newbyteorder("<"))
            found[f"/{kind}/{name}"] = [hashlib.sha256(np.ascontiguousarray(little[:, c]).tobytes()).hexdigest() for c in range(5)]
json.dump(found, sys.stdout)
