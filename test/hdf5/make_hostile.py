"""Writes to argv[1] one file per library version with a sample of every structure that a hostile file may bend, and a file of a thousand nested groups; prints their names as JSON."""
import json
import pathlib
import sys

import h5py
import numpy as np

folder = pathlib.Path(sys.argv[1])
names = []
for version in ("earliest", "v110", "latest"):
    path = str(folder / f"{version}.h5")
    with h5py.File(path, "w", libver=version if version != "v110" else (version, version)) as f:
        g = f.create_group("g")
        g.create_dataset("rows", data=np.arange(1000, dtype="f8") / 7, chunks=(10,), compression="gzip")
        g.create_dataset("grows", data=np.arange(902, dtype="i2"), chunks=(2,), maxshape=(None,))
        g.create_dataset("fixed", data=np.arange(1101, dtype="i2"), chunks=(1,), shuffle=True, compression="gzip")
        g.create_dataset("tiles", data=np.arange(2400, dtype="i4").reshape(60, 40), chunks=(7, 3), maxshape=(None, None), compression="gzip")
        g.create_dataset("plain_tiles", data=np.arange(400, dtype="u1").reshape(40, 10), chunks=(2, 2), maxshape=(None, None))
        g.create_dataset("contiguous", data=np.arange(77, dtype="f4"))
        for i in range(40):
            g["rows"].attrs[f"attribute_{i}"] = "x" * i
            f.create_dataset(f"links/name_{i}", data=np.float32(i))
        g["rows"].attrs["texts"] = ["one", "two", "three"]
        g["rows"].attrs["_FillValue"] = 2.5
        f["soft"] = h5py.SoftLink("/g")
        for i in range(6):  # a header that continues elsewhere
            g["grows"].attrs[f"later_{i}"] = np.arange(20)
    names.append(path)
path = str(folder / "nested.h5")
with h5py.File(path, "w", libver="latest") as f:
    deep = f
    for i in range(1000):
        deep = deep.create_group(f"level_{i:04}_" + "x" * 50)
    deep["bottom"] = np.arange(5)
    f["deepest"] = h5py.SoftLink(deep.name)
names.append(path)
json.dump(names, sys.stdout)
