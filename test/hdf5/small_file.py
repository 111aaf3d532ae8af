"""Writes one small HDF5 file with libver argv[2] to argv[1]: the kinds of structure a damaged file may break."""
import sys

import h5py
import numpy as np

libver = sys.argv[2] if sys.argv[2] in ("earliest", "latest") else (sys.argv[2], sys.argv[2])
with h5py.File(sys.argv[1], "w", libver=libver) as f:
    g = f.create_group("gt1l/land_ice_segments")
    for name in ("h_li", "latitude"):
        d = g.create_dataset(name, data=np.arange(1000, dtype="f8") / 7, chunks=(100,), compression="gzip")
        d.attrs["_FillValue"] = 3.5
    g["h_li"].attrs["units"] = "metres"
    g.create_dataset("checked", data=np.arange(400, dtype="i4"), chunks=(100,), compression="gzip", shuffle=True, fletcher32=True)
    g.create_dataset("plain", data=np.arange(400, dtype="i4"), chunks=(100,))
    g.create_dataset("contiguous", data=np.arange(50, dtype="i2"))
    for i in range(12):
        g["plain"].attrs[f"a{i}"] = "x" * i
        g.create_dataset(f"many/{i}", data=np.float32(i))
    f["soft"] = h5py.SoftLink("/gt1l")
