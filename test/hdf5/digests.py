"""Prints, as JSON per file, what h5py reads: for every numeric dataset shape, type and the sha256 of its little-endian bytes."""
import hashlib
import json
import sys

import h5py
import numpy as np


def value(v):
    v = np.asarray(v)
    return v.dtype.newbyteorder("=").name + ":" + ",".join(repr(float(x)) if v.dtype.kind == "f" else str(x) for x in v.ravel().tolist())


def describe(d):
    out = {"shape": list(d.shape if d.shape is not None else [0]), "type": None}
    dtype = h5py.check_enum_dtype(d.dtype) is not None and np.dtype(d.dtype.str) or d.dtype
    if dtype.kind == "b":
        dtype = np.dtype("i1")
    half = dtype.kind == "f" and dtype.itemsize == 2
    numeric = dtype.kind in "iuf" and dtype.itemsize <= 8
    if numeric:
        values = np.ascontiguousarray(d[()] if d.shape is not None else np.empty(0, dtype)).astype(dtype.newbyteorder("<"))
        if half:  # read as float32, which holds every one of them
            values, dtype = values.astype("<f4"), np.dtype("<f4")
        out["type"] = dtype.name
        out["sha256"] = hashlib.sha256(values.tobytes()).hexdigest()
        if "_FillValue" in d.attrs:
            out["fill"] = value(d.attrs["_FillValue"])
    return out


answer = {}
for path in sys.argv[1:]:
    found = answer[path] = {}
    with h5py.File(path, "r") as f:
        f.visititems(lambda name, o: found.__setitem__("/" + name, describe(o)) if isinstance(o, h5py.Dataset) else None)
json.dump(answer, sys.stdout)
