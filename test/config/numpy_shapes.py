"""Which Python texts numpy makes one number of, with h and s as columns of four rows. Input: [text, ...] -> [true, false, ...]."""
import json
import math
import statistics
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")


def is_number(text):
    # New columns each time: a third argument of hypot is where numpy writes to.
    names = {"h": np.array([3.0, 1.0, 4.0, 1.5]), "s": np.array([0.5, 2.0, 1.25, 1.0]), "np": np, "numpy": np, "math": math, "statistics": statistics}
    try:
        return isinstance(eval(text, names), (bool, int, float, np.number, np.bool_))
    except Exception:  # any failure of numpy or Python means: not computable
        return False


json.dump([is_number(text) for text in json.load(sys.stdin)], sys.stdout)
