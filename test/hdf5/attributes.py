"""Prints, as JSON, the attributes h5py finds on every object of a file: numbers as decimal text, text as it is, others left out."""
import json
import sys

import h5py
import numpy as np


def plain(v):
    if isinstance(v, bytes):
        return v.decode().rstrip()
    if isinstance(v, (str, np.str_)):
        return str(v).rstrip()
    if isinstance(v, (float, np.floating)):
        return repr(float(v))
    return str(int(v))


def value(v):
    if isinstance(v, h5py.Empty):
        return []
    a = np.asarray(v)
    if a.dtype.kind == "O" and not all(isinstance(x, (str, bytes)) for x in a.ravel()):
        return None
    if a.dtype.kind == "b" or a.dtype.kind in "iufSUO":
        return plain(a[()]) if a.shape == () else [plain(x) for x in a.ravel()]
    return None


def attributes(o):
    return {k: value(v) for k, v in o.attrs.items() if value(v) is not None}


with h5py.File(sys.argv[1], "r") as f:
    found = {"/": attributes(f)}
    f.visititems(lambda name, o: found.__setitem__("/" + name, attributes(o)))
json.dump(found, sys.stdout)
