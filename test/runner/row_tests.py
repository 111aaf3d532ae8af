"""Judges filters: reads lines of JSON {type, bytes, fill, absent, test}, writes the kept rows of each as a line of 0 and 1."""
import json
import sys

import numpy as np

for line in sys.stdin:
    case = json.loads(line)
    values = np.frombuffer(bytes.fromhex(case["bytes"]), case["type"])
    test = case["test"]
    op = test["op"]

    def number(text):
        """A number as the dataset's type sees it: int where it is one, so that nothing is rounded."""
        value = float(text)
        return int(value) if value.is_integer() and values.dtype.kind in "iu" else value

    fill = None if case["fill"] is None else values.dtype.type(int(case["fill"]) if values.dtype.kind in "iu" else float(case["fill"]))
    is_fill = np.zeros(values.size, bool) if fill is None else (np.isnan(values) if fill != fill else values == fill)

    def compare(how, value):
        # Python's own comparison of numbers is exact; float32 is compared as numpy does.
        if values.dtype.kind == "f":
            return getattr(np, how)(values, value)
        return np.array([bool(getattr(np, how)(np.array([int(v)], object), np.array([value], object))[0]) for v in values])

    if op in ("equal", "in"):
        keep = np.zeros(values.size, bool)
        for text in [test["value"]] if op == "equal" else test["values"]:
            value = number(text)
            keep |= np.isnan(values) if value != value else compare("equal", value)
    else:
        if op == "range":
            keep = compare("greater_equal", number(test["low"])) & compare("less_equal", number(test["high"]))
        elif op == "not-equal":
            value = number(test["value"])
            keep = ~np.isnan(values) if value != value and values.dtype.kind == "f" else compare("not_equal", value)
        elif op == "bits":
            width = values.dtype.itemsize * 8
            keep = np.array([
                all(((int(v) % 2**width) >> b) & 1 for b in test["set"]) and not any(((int(v) % 2**width) >> b) & 1 for b in test["clear"])
                for v in values])
        elif op == "not-fill":
            keep = np.ones(values.size, bool)
        else:
            keep = compare(op.replace("-", "_"), number(test["value"]))
        keep &= ~is_fill
    keep &= np.array(case["absent"]) == 0
    print("".join("1" if k else "0" for k in keep))
