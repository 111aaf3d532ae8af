"""magg: point observations in HDF5 granules to statistics per HEALPix cell, in a Zarr store.

The work is done by one bundled program that runs on Node; this package finds a Node, starts it, and installs the
JupyterLab panel. From a shell: ``magg run CONFIG`` or ``python -m magg run CONFIG``.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__: str = version("magg")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "unknown"

__all__ = ["__version__"]
