"""
Writes to argv[1] datasets that magg must refuse by name (filters that are plugins, values in other files), and their neighbours;
prints the sha256 of what those that can be read hold.
"""
import ctypes
import glob
import hashlib
import os
import sys

import h5py
import numpy as np

path = sys.argv[1]
data = (np.arange(1000) % 77).astype("i4")
library = ctypes.CDLL(glob.glob(os.path.dirname(h5py.__file__) + "/../h5py.libs/libhdf5-*.so*")[0])
library.H5Pset_nbit.argtypes = [ctypes.c_int64]


def create(f, name, change):
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk((100,))
    change(plist)
    h5py.h5d.create(f.id, name.encode(), h5py.h5t.py_create(data.dtype), h5py.h5s.create_simple(data.shape), plist)
    return f[name]


with h5py.File(path, "w") as f:
    for name, number in {"zstd": 32015, "blosc": 32001, "filter 500": 500, "not_used": 32015}.items():
        # Optional: the library, which lacks the filter, writes chunks without it. One is then marked as compressed.
        d = create(f, name, lambda p: p.set_filter(number, h5py.h5z.FLAG_OPTIONAL, (1, 2)))
        d[...] = data
        if name != "not_used":
            d.id.write_direct_chunk((300,), b"compressed", filter_mask=0)
    create(f, "szip", lambda p: p.set_szip(4, 32))[...] = data
    create(f, "nbit", lambda p: library.H5Pset_nbit(p.id))[...] = data
    f.create_dataset("external", shape=(1000,), dtype="i4", external=[(path + ".raw", 0, 4000)])[...] = data
    layout = h5py.VirtualLayout(shape=(1000,), dtype="i4")
    layout[:] = h5py.VirtualSource("another.h5", "x", shape=(1000,))
    f.create_virtual_dataset("virtual", layout)

with h5py.File(path, "r") as f:
    print(hashlib.sha256(f["szip"][()].astype("<i4").tobytes()).hexdigest(), end="")
