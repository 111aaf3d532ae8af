"""Holds format_reader.py to zarr-python, healpix-geo and google-crc32c. stdin: paths of stores; stdout: what was compared."""
import json
import sys
from pathlib import Path

import google_crc32c
import healpix_geo
import numpy as np
import zarr

sys.path.insert(0, str(Path(__file__).parent))
import format_reader as reader  # noqa: E402

for data in (b"", b"123456789", bytes(range(256)) * 3):
    assert reader.crc32c(data) == google_crc32c.value(data), data
assert reader.crc32c(b"123456789") == 0xE3069283


def compare(path):
    groups, checked = reader.check_store(path)
    root = zarr.open_consolidated(path)
    compared = 0
    for name, group in groups.items():
        theirs = dict(root[name].arrays())
        assert sorted(theirs) == sorted(group.arrays), (path, name)
        assert dict(root[name].attrs) == group.attributes
        for key, array in group.arrays.items():
            ours = array.read()
            assert ours.tobytes() == theirs[key][:].tobytes(), (path, name, key)
            assert str(theirs[key].dtype) == array.type and list(theirs[key].metadata.dimension_names) == array.dimensions
            assert dict(theirs[key].attrs) == array.attributes
            compared += 1
        if "parents" in root[name]:
            records = group.parents()
            assert root[name]["parents/parent"][:].tolist() == [record["parent"] for record in records]
            assert root[name]["parents/content_hash"][:].tobytes() == b"".join(record["hash"] for record in records)
    return {**checked, "arrays": compared, "groups": len(groups)}


def points(rows):
    """Latitude conventions and both morton ids against the reference: [latitude, longitude, order, nested id, word]."""
    wrong = 0
    for lat, lon, order, nested, word in rows:
        sphere = np.array([reader.authalic_latitude(lat)])
        wrong += int(healpix_geo.nested.lonlat_to_healpix(np.array([lon]), sphere, order, ellipsoid="sphere")[0]) != int(nested)
        assert reader.morton_packed(int(nested), order) == int(word), (order, nested)
    return wrong


job = json.load(sys.stdin)
json.dump({"stores": [compare(path) for path in job["paths"]], "wrong": points(job["points"]), "numpy": np.__version__}, sys.stdout)
