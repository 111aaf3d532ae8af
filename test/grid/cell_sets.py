"""Sets of cells by healpix-geo (the library behind xdggs).

stdin: JSON [[A, B], ...], a set as [[order, [nested ids as text]], ...].
stdout: JSON, for each pair {a, b, union, intersection, difference}, each {ranges: [[start, end] as text, ...], cells: {order: [ids as text]}}.
"""
import json
import sys
from functools import reduce

import numpy as np
from healpix_geo.nested import RangeMOCIndex


def load(cells):
    return reduce(RangeMOCIndex.union, (RangeMOCIndex.from_cell_ids(order, np.array([int(i) for i in ids], "u8")) for order, ids in cells))


def told(index):
    cells = {}
    for word in (int(w) for w in np.asarray(index.compacted_cell_ids())):
        # The id, a 1, then two zeros for each order that is left to 29.
        zeros = (word & -word).bit_length() - 1
        cells.setdefault(29 - zeros // 2, []).append(str(word >> zeros + 1))
    return {"ranges": [[str(a), str(b)] for a, b in np.asarray(index.ranges()).reshape(-1, 2).tolist()], "cells": cells}


out = []
for a, b in json.loads(sys.stdin.read()):
    a, b = load(a), load(b)
    out.append({"a": told(a), "b": told(b), "union": told(a.union(b)), "intersection": told(a.intersection(b)), "difference": told(a.difference(b))})
print(json.dumps(out))
