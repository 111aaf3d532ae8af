"""Datasets with settings that h5py has no words for."""
import ctypes
import glob
import os

import h5py

library = ctypes.CDLL(glob.glob(os.path.dirname(h5py.__file__) + "/../h5py.libs/libhdf5-*.so*")[0])
library.H5Pset_nbit.argtypes = [ctypes.c_int64]


def create(f, name, data, change):
    """Writes `data` in chunks of 100, after `change` was given the property list."""
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk((100,))
    change(plist)
    h5py.h5d.create(f.id, name.encode(), h5py.h5t.py_create(data.dtype), h5py.h5s.create_simple(data.shape), plist)
    f[name][...] = data
    return f[name]
