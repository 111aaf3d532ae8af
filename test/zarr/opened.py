"""How the judges open stores, and how they print what they find."""
import math
import warnings

import numpy as np

# A store that opens only with a warning is a store that opens wrongly.
warnings.simplefilter("error")
warnings.filterwarnings("ignore", category=DeprecationWarning)
warnings.filterwarnings("ignore", category=FutureWarning)

INDEXES = [(convention, kind) for convention in ("xdggs", "zarr") for kind in ("pandas", "moc")]


def plain(value):
    """JSON keeps neither 64-bit integers nor NaN: they become texts."""
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value]
    if isinstance(value, (np.integer, int)):
        return str(int(value))
    value = float(value)
    return value if math.isfinite(value) else str(value)


def names(members):
    return sorted(map(str, members))
