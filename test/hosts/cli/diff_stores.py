"""The differences of two groups by zarr-python and numpy: cells by id, whatever the order and the layout. Prints JSON."""
import json
import sys

import numpy as np
import zarr

path_a, path_b, name = sys.argv[1:]


def load(path):
    group = zarr.open_group(path, mode="r")[name]
    arrays = {key: array for key, array in group.arrays()}
    ids = arrays["cell_ids"][:] if "cell_ids" in arrays else None
    return arrays, ids


(a, ids_a), (b, ids_b) = load(path_a), load(path_b)
out = {}
for key in sorted(set(a) & set(b) - {"cell_ids", "morton"}):
    if a[key].ndim != 1:
        continue

    def side(arrays, ids, cells):
        array = arrays[key]
        if ids is None:
            # A full sphere is far too large to be read whole: by the chunks that hold the cells.
            values = np.concatenate([array[c * array.chunks[0] : (c + 1) * array.chunks[0]] for c in np.unique(cells // array.chunks[0])])
            where = np.concatenate([np.arange(c * array.chunks[0], (c + 1) * array.chunks[0]) for c in np.unique(cells // array.chunks[0])])
        else:
            values, where = array[:], ids.astype("int64")
        order = np.argsort(where)
        values = values[order][np.searchsorted(where[order], cells)]
        valid = (values != array.fill_value) & ~np.isnan(values.astype("float64"))
        return values.astype("float64"), valid

    known = [set(ids.tolist()) for ids in (ids_a, ids_b) if ids is not None]
    cells = np.array(sorted(set.intersection(*known)), dtype="int64")
    (x, vx), (y, vy) = side(a, ids_a, cells), side(b, ids_b, cells)
    both = vx & vy
    gap = np.abs(x[both] - y[both])
    out[key] = {
        "values": len(cells),
        "differ": int((gap > 0).sum() + (vx != vy).sum()),
        "largest": float(gap.max(initial=0)),
        "only_valid_in_a": int((vx & ~vy).sum()),
        "only_valid_in_b": int((vy & ~vx).sum()),
    }
json.dump(out, sys.stdout)
