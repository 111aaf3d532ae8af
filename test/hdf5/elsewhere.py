"""
Writes to argv[1] datasets that magg must refuse by name (filters that are plugins, values in other files), and their neighbours;
prints the sha256 of what those that can be read hold.
"""
import hashlib
import sys

import h5py
import numpy as np

from low_level import create, library

path = sys.argv[1]
data = (np.arange(1000) % 77).astype("i4")

with h5py.File(path, "w") as f:
    for name, number in {"zstd": 32015, "blosc": 32001, "filter 500": 500, "not_used": 32015}.items():
        # Optional: the library, which lacks the filter, writes chunks without it. One is then marked as compressed.
        d = create(f, name, data, lambda p: p.set_filter(number, h5py.h5z.FLAG_OPTIONAL, (1, 2)))
        if name != "not_used":
            d.id.write_direct_chunk((300,), b"compressed", filter_mask=0)
    create(f, "szip", data, lambda p: p.set_szip(4, 32))
    create(f, "nbit", data, lambda p: library.H5Pset_nbit(p.id))
    f.create_dataset("external", shape=(1000,), dtype="i4", external=[(path + ".raw", 0, 4000)])[...] = data
    layout = h5py.VirtualLayout(shape=(1000,), dtype="i4")
    layout[:] = h5py.VirtualSource("another.h5", "x", shape=(1000,))
    f.create_virtual_dataset("virtual", layout)

with h5py.File(path, "r") as f:
    print(hashlib.sha256(f["szip"][()].astype("<i4").tobytes()).hexdigest(), end="")
