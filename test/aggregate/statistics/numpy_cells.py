"""Evaluates Python expressions on the rows of cells. Input: length of a JSON header, the header, raw arrays.

The header has `first` (cell offsets), `columns` (name, dtype, whether a mask of missing rows follows) and `variables` (text,
the columns whose missing rows are left out). Output: float64, one number per variable and cell. Where a function of numpy
raises for lack of rows, as min does, its value is NaN; so is that of a cell without rows.
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
first = header["first"]
rows = first[-1]


def take(dtype):
    global at
    values = np.frombuffer(data, dtype, rows, at)
    at += values.nbytes
    return values


columns, missing = {}, {}
for name, dtype, masked in header["columns"]:
    columns[name] = take(dtype).astype("f8")
    missing[name] = take("u1") != 0 if masked else np.zeros(rows, bool)



def is_for_nothing(error):
    return any(word in str(error) for word in ("empty", "zero-size", "All-NaN", "sum to zero", "out of bounds"))


class NaNForNothing:
    """numpy, with NaN instead of the errors that mean: nothing to compute on."""

    def __getattr__(self, name):
        found = getattr(np, name)
        if not callable(found) or isinstance(found, type):
            return found

        def function(*args, **kwargs):
            try:
                return found(*args, **kwargs)
            except (ValueError, IndexError, ZeroDivisionError) as error:
                if not is_for_nothing(error):
                    raise
                return np.float64("nan")

        return function


names = {
    "np": NaNForNothing(),
    "to_int": lambda x: np.trunc(np.asarray(x, float)).astype(int),
    "to_float": lambda x: np.asarray(x, float),
    "to_bool": lambda x: np.asarray(x) != 0,
}
out = np.full((len(header["variables"]), len(first) - 1), np.nan)
for v, (text, used) in enumerate(header["variables"]):
    code = compile(text, text, "eval")
    left_out = np.zeros(rows, bool)
    for name in used:
        left_out |= missing[name]
    for c in range(len(first) - 1):
        part = slice(first[c], first[c + 1])
        keep = ~left_out[part]
        if not keep.any():
            continue
        local = {name: values[part][keep] for name, values in columns.items()}
        try:
            out[v, c] = eval(code, {**names, **local})
        except IndexError:
            pass  # a row number beyond the cell
        except Exception as error:
            if isinstance(error, (ValueError, ZeroDivisionError)) and is_for_nothing(error):
                continue  # a method of an array without rows
            raise SystemExit(f"{text}: {error!r}")
sys.stdout.buffer.write(out.tobytes())
