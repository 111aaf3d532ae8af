"""Reads stores as docs/format.md describes them, with numpy and Python's standard library: no Zarr, no HEALPix library."""
import gzip
import hashlib
import json
import math
import struct
from pathlib import Path

import numpy as np

STATES = ("data", "empty", "partial", "failed", "not-computed", "outdated")
LEFT_OUT = 2**64 - 1
ELLIPSOIDS = {
    "authalic-wgs84": {"name": "WGS84", "semimajor_axis": 6378137, "inverse_flattening": 298.257223563},
    "geodetic-spherical": {"name": "sphere", "radius": 6371007.180918474},
}


class Unsupported(Exception):
    """A codec that the standard library lacks."""


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


# --- ids -------------------------------------------------------------------------------------------------------------


def pair(cell, order, at):
    """The two bits of one order of a cell's path."""
    return (cell >> (2 * (order - at))) & 3


def morton_decimal(cell, order):
    base = cell >> (2 * order)
    digits = "".join(str(pair(cell, order, at) + 1) for at in range(1, order + 1))
    return int(f"{base + 1}{digits}") if base <= 5 else -int(f"{base - 5}{digits}")


def morton_packed(cell, order):
    word = ((cell >> (2 * order)) + 1) << 60
    for at in range(1, min(order, 27) + 1):
        word |= pair(cell, order, at) << (60 - 2 * at)
    if order <= 27:
        return word | order
    if order == 28:
        return word | (28 + 5 * pair(cell, order, 28))
    return word | (29 + 5 * pair(cell, order, 28) + pair(cell, order, 29))


def authalic_latitude(degrees):
    """The latitude on the sphere of a geodetic latitude on WGS84."""
    f = 1 / 298.257223563
    e2 = f * (2 - f)
    e = math.sqrt(e2)

    def q(s):
        return (1 - e2) * (s / (1 - e2 * s * s) + math.atanh(e * s) / e)

    return math.degrees(math.asin(max(-1.0, min(1.0, q(math.sin(math.radians(degrees))) / q(1.0)))))


# --- bytes -----------------------------------------------------------------------------------------------------------


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def decode(codecs, data):
    """Bytes of values from the bytes of a chunk or an inner chunk."""
    expect(codecs[0] == {"name": "bytes", "configuration": {"endian": "little"}}, f"first codec {codecs[0]}")
    expect(len(codecs) <= 2, f"codecs {codecs}")
    if len(codecs) == 1:
        return data
    if codecs[1]["name"] == "gzip":
        return gzip.decompress(data)
    raise Unsupported(codecs[1]["name"])


def fill_of(dtype, told):
    if isinstance(told, str):
        told = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}[told]
    return np.array(told, dtype)


class Array:
    """One array: metadata, and chunks by number."""

    def __init__(self, folder):
        meta = json.loads((folder / "zarr.json").read_text())
        expect(meta["zarr_format"] == 3 and meta["node_type"] == "array", folder)
        expect(meta["chunk_key_encoding"] == {"name": "default", "configuration": {"separator": "/"}}, folder)
        expect(meta["storage_transformers"] == [], folder)
        self.folder = folder
        self.name = folder.name
        self.type = meta["data_type"]
        self.dtype = np.dtype(self.type).newbyteorder("<")
        self.shape = tuple(meta["shape"])
        self.chunk = tuple(meta["chunk_grid"]["configuration"]["chunk_shape"])
        self.dimensions = meta["dimension_names"]
        self.attributes = meta["attributes"]
        self.fill = fill_of(self.dtype, meta["fill_value"])
        self.codecs = meta["codecs"]
        self.left_out = 0

    @property
    def width(self):
        """Values of one cell."""
        return self.shape[1] if len(self.shape) == 2 else 1

    def keys(self):
        return {int(path.name) for path in (self.folder / "c").glob("*")} if (self.folder / "c").exists() else set()

    def read_chunk(self, number):
        """The values of one chunk, None where it is absent."""
        path = self.folder / "c" / str(number)
        if len(self.shape) == 2:
            path = path / "0"
        if not path.exists():
            return None
        data = path.read_bytes()
        if self.codecs[0]["name"] == "sharding_indexed":
            expect(len(self.codecs) == 1, self.codecs)
            return self.read_shard(self.codecs[0]["configuration"], data)
        values = np.frombuffer(decode(self.codecs, data), self.dtype)
        return values.reshape(self.chunk)

    def read_shard(self, shard, data):
        expect(shard["index_location"] == "end", shard)
        expect([codec["name"] for codec in shard["index_codecs"]] == ["bytes", "crc32c"], shard)
        inner = tuple(shard["chunk_shape"])
        count = self.chunk[0] // inner[0]
        expect(inner[0] * count == self.chunk[0] and inner[1:] == self.chunk[1:], shard)
        index, told = data[-16 * count - 4 : -4], struct.unpack("<I", data[-4:])[0]
        expect(crc32c(index) == told, f"{self.folder}: checksum of the index")
        values = np.full(self.chunk, self.fill, self.dtype)
        end = 0
        for i, (offset, length) in enumerate(struct.iter_unpack("<QQ", index)):
            if offset == LEFT_OUT:
                expect(length == LEFT_OUT, f"{self.folder}: inner chunk {i}")
                self.left_out += 1
                continue
            expect(offset == end, f"{self.folder}: a gap before inner chunk {i}")
            end = offset + length
            part = np.frombuffer(decode(shard["codecs"], data[offset:end]), self.dtype).reshape(inner)
            expect(part.tobytes() != np.full(inner, self.fill, self.dtype).tobytes(), f"{self.folder}: inner chunk {i} is only the fill value")
            values[i * inner[0] : (i + 1) * inner[0]] = part
        expect(end == len(data) - 16 * count - 4, f"{self.folder}: bytes between inner chunks and index")
        return values

    def read(self):
        values = np.full(self.shape, self.fill, self.dtype)
        for number in self.keys():
            start = number * self.chunk[0]
            stop = min(start + self.chunk[0], self.shape[0])
            values[start:stop] = self.read_chunk(number)[: stop - start]
        return values


# --- groups ----------------------------------------------------------------------------------------------------------


def expand(coverage, order):
    """Cells of the map's own order, ascending."""
    expect(str(order) in coverage and max(map(int, coverage)) == order, coverage)
    cells = []
    for key, ids in coverage.items():
        expect(ids == sorted(set(ids)), coverage)
        step = 4 ** (order - int(key))
        cells += [cell for id in ids for cell in range(id * step, (id + 1) * step)]
        siblings = {id >> 2 for id in ids if {id >> 2 << 2 | k for k in range(4)} <= set(ids)}
        expect(not siblings or int(key) == 0, f"siblings that are not one cell: {siblings}")
    expect(len(cells) == len(set(cells)), coverage)
    return sorted(cells)


class Group:
    """One child order of a store."""

    def __init__(self, folder):
        node = json.loads((folder / "zarr.json").read_text())
        self.folder = folder
        self.attributes = node["attributes"]
        self.child = int(folder.name)
        self.parent_order = self.attributes["parent_order"]
        self.form = self.attributes["layout"]
        self.cells_per_parent = 4 ** (self.child - self.parent_order)
        self.arrays = {path.parent.name: Array(path.parent) for path in sorted(folder.glob("*/zarr.json")) if path.parent.name != "parents"}
        self.variables = {name: a for name, a in self.arrays.items() if a.dimensions[0] == "cells" and name not in ("cell_ids", "morton")}
        expect(self.attributes["dggs"]["refinement_level"] == self.child, folder)
        expect(self.attributes["dggs"]["ellipsoid"] == ELLIPSOIDS[self.attributes["latitude_convention"]], folder)
        expect(("coordinate" in self.attributes["dggs"]) == (self.form == "dense"), folder)

    def parents(self):
        """The records, in the order in which they stand: what became of each parent."""
        folder = self.folder / "parents"
        columns = {name: Array(folder / name).read() for name in ("parent", "state", "observations", "cells_with_data", "content_hash")}
        return [
            {
                "parent": int(columns["parent"][i]), "state": STATES[columns["state"][i]], "observations": int(columns["observations"][i]),
                "cells_with_data": int(columns["cells_with_data"][i]), "hash": columns["content_hash"][i].tobytes(),
            }
            for i in range(len(columns["parent"]))
        ]

    def overview_hashes(self, order):
        """The same of the parents in an overview that is computed from rows; none where they are not told."""
        folder = self.folder / "parents" / f"content_hash_{order}"
        return [row.tobytes() for row in Array(folder).read()] if folder.exists() else []

    def chunk_of(self, parents, parent):
        return parent if self.form == "full-sphere" else parents.index(parent)

    def content_hash(self, number):
        """Zeros where no variable has the chunk."""
        chunks = {name: a.read_chunk(number) for name, a in self.variables.items()}
        if all(chunk is None for chunk in chunks.values()):
            return bytes(32)
        digest = hashlib.sha256()
        for name in sorted(chunks):
            array = self.variables[name]
            values = np.full(array.chunk, array.fill, array.dtype) if chunks[name] is None else chunks[name]
            digest.update(f"{name} {array.type} {array.width}\n".encode())
            digest.update(values.tobytes())
        return digest.digest()

    def cells(self, parents):
        """The id of each cell, by position."""
        if self.form == "full-sphere":
            return range(12 * 4**self.child)
        step = self.cells_per_parent
        return [cell for parent in parents for cell in range(parent * step, (parent + 1) * step)]


def open_groups(path):
    """Groups that are finished: those in the consolidated metadata of the root."""
    root = json.loads((Path(path) / "zarr.json").read_text())
    metadata = root["consolidated_metadata"]["metadata"]
    for node, told in metadata.items():
        expect(json.loads((Path(path) / node / "zarr.json").read_text()) == told, f"{node}: consolidated metadata differ")
    return {name: Group(Path(path) / name) for name in metadata if "/" not in name}


def ancestors(parents, shift):
    return sorted({parent >> shift for parent in parents})


def check_store(path):
    """Holds everything in a store that one part says of another to it. Returns the groups, and how much was checked."""
    groups = open_groups(path)
    checked = {"hashes": 0, "ids": 0, "left_out": 0, "overviews": 0}
    for name, group in groups.items():
        main = groups[group.attributes.get("overview_of", name)]
        records = main.parents()
        listed = [record["parent"] for record in records]
        present = [record["parent"] for record in records if record["state"] in ("data", "partial", "outdated")]
        if group is main:
            parents = listed
            for record in records:
                expect(group.content_hash(group.chunk_of(parents, record["parent"])) == record["hash"], f"{path}: hash of {record['parent']}")
                checked["hashes"] += any(record["hash"])
            whole = all(record["state"] in ("data", "empty") for record in records)
            expect(group.attributes["completeness"] in (("complete", "partial") if whole else ("partial",)), path)
        else:
            checked["overviews"] += 1
            expect(group.attributes["completeness"] == main.attributes["completeness"], path)
            folded = group.child < main.parent_order
            expect(group.parent_order == (max(0, group.child - 6) if folded else main.parent_order), f"{path}/{name}")
            parents = ancestors(listed, 2 * (main.parent_order - group.parent_order)) if folded else listed
            for parent, told in zip(parents, main.overview_hashes(group.child), strict=False):
                expect(told == bytes(32) or group.content_hash(group.chunk_of(parents, parent)) == told, f"{path}/{name}: hash of {parent}")
                checked["hashes"] += any(told)
        expect(expand(group.attributes["coverage"], main.parent_order) == sorted(present), f"{path}/{name}: coverage")
        cells = group.cells(parents)
        for array in group.variables.values():
            expect(array.shape[0] == len(cells) and array.chunk[0] == group.cells_per_parent, f"{path}/{name}/{array.name}")
            if array.width > 1:
                edges = array.attributes["bin_edges"]
                expect(group.arrays[array.dimensions[1]].read().tolist() == [(a + b) / 2 for a, b in zip(edges, edges[1:])], array.name)
        if group.form == "dense":
            word = morton_decimal if group.arrays["morton"].type == "int64" else morton_packed
            expect(group.arrays["cell_ids"].read().tolist() == list(cells), f"{path}/{name}: cell_ids")
            expect(group.arrays["morton"].read().tolist() == [word(cell, group.child) for cell in cells], f"{path}/{name}: morton")
            checked["ids"] += len(cells)
        checked["left_out"] += sum(array.left_out for array in group.arrays.values())
    return groups, checked
