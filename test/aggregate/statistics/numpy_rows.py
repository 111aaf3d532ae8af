"""Evaluates Python expressions on whole columns, named ones in the order given for those after them.

Input: length of a JSON header, the header, raw arrays. The header has `rows`, `columns` (name, dtype) and `expressions` (name
or null, text). Output: float64, the rows of one expression after the other.
"""
import json
import struct
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")
np.seterr(all="ignore")
data = sys.stdin.buffer.read()
(size,) = struct.unpack("<I", data[:4])
header = json.loads(data[4 : 4 + size])
at = 4 + size
rows = header["rows"]
names = {
    "np": np,
    # Python's own, each row by itself.
    "AND": np.vectorize(lambda a, b: a and b),
    "OR": np.vectorize(lambda a, b: a or b),
    "NOT": np.vectorize(lambda a: not a),
    "IF": np.vectorize(lambda a, b, c: b if a else c, otypes=["f8"]),
}
for name, dtype in header["columns"]:
    values = np.frombuffer(data, dtype, rows, at)
    at += values.nbytes
    names[name] = values.astype("f8")
for name, text in header["expressions"]:
    values = np.broadcast_to(np.asarray(eval(text, names)), rows)
    if name is None:
        sys.stdout.buffer.write(((values != 0) & ~np.isnan(values)).astype("f8").tobytes())
    else:
        names[name] = values
        sys.stdout.buffer.write(values.astype("f8").tobytes())
