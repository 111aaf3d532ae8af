"""
Writes to argv[1] a file with every feature that only the full library reads, and two damaged copies: one to argv[2], in whose
virtual dataset the library goes round for ever, and one to argv[3], for which it wants all memory there is. Prints the sha256 of the values of each dataset as JSON.
"""
import ctypes
import hashlib
import json
import sys

import h5py
import numpy as np

from low_level import create, library

path, lost, greedy = sys.argv[1:]
data = (np.arange(3000) * 7 % 77).astype("i4")

with h5py.File(path, "w", libver=("v110", "v110")) as f:
    f.create_dataset("stored", data=data, chunks=(100,), compression="gzip")
    create(f, "szip", data, lambda p: p.set_szip(4, 32))
    create(f, "nbit", data, lambda p: library.H5Pset_nbit(p.id))
    f.create_dataset("scaled", data=data, chunks=(100,), scaleoffset=0)
    f.create_dataset("large_scaled", data=np.arange(1_500_000, dtype="i8") % 1000, chunks=(300_000,), scaleoffset=0)
    layout = h5py.VirtualLayout(shape=data.shape, dtype="i4")
    layout[:] = h5py.VirtualSource(".", "stored", shape=data.shape)
    f.create_virtual_dataset("virtual", layout, fillvalue=-5)
    layout = h5py.VirtualLayout(shape=(400_000, 2), dtype="f8")
    f.create_dataset("half", data=np.arange(400_000, dtype="f8") / 3, chunks=(7000,))
    layout[:, 1] = h5py.VirtualSource(".", "half", shape=(400_000,))
    f.create_virtual_dataset("large_virtual", layout, fillvalue=-5)
    # A group whose names stand in a heap that is compressed.
    plist = h5py.h5p.create(h5py.h5p.GROUP_CREATE)
    library.H5Pset_deflate.argtypes = [ctypes.c_int64, ctypes.c_uint]
    assert library.H5Pset_deflate(plist.id, 6) >= 0
    library.H5Gcreate2.argtypes = [ctypes.c_int64, ctypes.c_char_p] + 3 * [ctypes.c_int64]
    library.H5Gcreate2.restype = ctypes.c_int64
    assert library.H5Gcreate2(f.id.id, b"named", 0, plist.id, 0) >= 0
    for i in range(40):
        f[f"named/name_{i}"] = data[: 10 + i]

with h5py.File(path, "r") as f:
    names = ["szip", "nbit", "scaled", "large_scaled", "virtual", "large_virtual", "named/name_7"]
    json.dump({f"/{n}": hashlib.sha256(np.ascontiguousarray(f[n][()]).astype(f[n].dtype.newbyteorder("<")).tobytes()).hexdigest() for n in names}, sys.stdout)

data = open(path, "rb").read()
# Mappings of a virtual dataset stand in a global heap (GCOL): objects of index, 6 bytes, size; index 0 is what is free, up to the end.
# A free space of no bytes is what the library never gets past.
heap = data.rfind(b"GCOL", 0, data.rfind(b".\0stored\0"))
at = heap + 16
while int.from_bytes(data[at : at + 2], "little") != 0:
    at += 16 + -(-int.from_bytes(data[at + 8 : at + 16], "little") // 8) * 8
assert int.from_bytes(data[at + 8 : at + 16], "little") == 4096 - (at - heap)
open(lost, "wb").write(data[: at + 8] + bytes(8) + data[at + 16 :])
# They are written as version, their number, and the first one, here from ".". The library makes room for all of them, 2 GB, before it
# looks at the checksum.
at = data.rfind(b".\0stored\0") - 8
assert int.from_bytes(data[at : at + 8], "little") == 1
open(greedy, "wb").write(data[: at + 2] + b"\x81" + data[at + 3 :])
