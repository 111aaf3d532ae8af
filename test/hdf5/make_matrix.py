"""
Writes into a folder one HDF5 file per library version with every rank, chunk shape, filter and largest shape, and files of
many chunks and of rare features; prints their names as JSON, with the
hashes of what the files of many chunks hold. Names say what a dataset is.
"""
import ctypes
import glob
import hashlib
import itertools
import json
import os
import pathlib
import sys

import h5py
import numpy as np

folder = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(21)
TYPES = ["i4", "f8", "u2", ">f4", "i8", ">i2", "u1", "f4", "f2"]
VERSIONS = ["earliest", "v108", "v110", "v112", "v114", "latest"]
SHAPES = [(203,), (53, 11), (13, 7, 5)]
# Chunk shapes: whole rows, splitting other dimensions, all in one, wider than the dataset.
CHUNKS = {1: {"rows": (20,), "one": (203,)}, 2: {"rows": (10, 11), "split": (10, 4), "one": (53, 11), "wider": (16, 16)}, 3: {"rows": (4, 7, 5), "split": (5, 3, 2), "thin": (1, 1, 5), "one": (13, 7, 5)}}
FILTERS = {
    "none": {},
    "gzip": dict(compression="gzip"),
    "shuffle_gzip": dict(compression="gzip", shuffle=True),
    "fletcher32": dict(fletcher32=True),
    "all": dict(compression="gzip", shuffle=True, fletcher32=True),
    "lzf": dict(compression="lzf"),
    "shuffle_lzf": dict(compression="lzf", shuffle=True, fletcher32=True),
    "scaleoffset": dict(scaleoffset=0),
}
library = ctypes.CDLL(glob.glob(os.path.dirname(h5py.__file__) + "/../h5py.libs/libhdf5-*.so*")[0])
for function, count in {"H5Pset_chunk_opts": 1, "H5Pset_nbit": 0, "H5Pset_sym_k": 2, "H5Pset_istore_k": 1, "H5Pset_shared_mesg_nindexes": 1, "H5Pset_shared_mesg_index": 3}.items():
    getattr(library, function).argtypes = [ctypes.c_int64] + [ctypes.c_uint] * count


def values(dtype, shape):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return rng.normal(0, 100, shape).astype(dtype)
    info = np.iinfo(dtype)
    return rng.integers(max(info.min, -1000), min(info.max, 1000), shape, endpoint=True).astype(dtype)


def largest(shape):
    """Largest shapes: fixed, larger, unlimited in the first, the last, all dimensions."""
    yield "fixed", None
    yield "larger", tuple(2 * n + 3 for n in shape)
    yield "grows", (None, *(n + 9 for n in shape[1:]))
    if len(shape) > 1:
        yield "grows_last", (*(n + 9 for n in shape[:-1]), None)
        yield "grows_all", (None,) * len(shape)


def matrix(f, version):
    kinds = itertools.cycle(TYPES)
    for shape in SHAPES:
        rank = len(shape)
        f.create_dataset(f"contiguous/{rank}", data=values(next(kinds), shape))
        f.create_dataset(f"contiguous_empty/{rank}", shape=shape, dtype=next(kinds), fillvalue=5)
        for (how, chunks), (name, options), (grow, maxshape) in itertools.product(CHUNKS[rank].items(), FILTERS.items(), largest(shape)):
            if maxshape is None and any(c > n for c, n in zip(chunks, shape)):
                continue
            dtype = next(kinds)
            if name == "scaleoffset" and np.dtype(dtype).kind == "f":
                dtype = "i4"
            data = values(dtype, shape)
            d = f.create_dataset(f"{name}/{rank}_{how}_{grow}", data=data, chunks=chunks, maxshape=maxshape, **options)
            if name in ("none", "gzip"):
                part = f.create_dataset(f"{name}/{rank}_{how}_{grow}_part", shape=shape, dtype=dtype, chunks=chunks, maxshape=maxshape, fillvalue=3, **options)
                part[shape[0] // 3 : shape[0] // 2] = data[shape[0] // 3 : shape[0] // 2]
            if name == "gzip" and maxshape is not None:
                shrunk = f.create_dataset(f"{name}/{rank}_{how}_{grow}_shrunk", data=data, chunks=chunks, maxshape=maxshape, **options)
                shrunk.resize(tuple(n - n // 3 for n in shape))
        for how, chunks in CHUNKS[rank].items():
            for grow, maxshape in largest(shape):
                if all(c <= n for c, n in zip(chunks, shape)):
                    early(f, f"early/{rank}_{how}_{grow}", shape, maxshape, chunks, next(kinds))
                    if version != "v108":  # its data layout cannot say it
                        plain_edges(f, f"plain_edges/{rank}_{how}_{grow}", shape, maxshape, chunks, next(kinds))


def low_level(f, name, data, shape, maxshape, chunks, change, dtype=None):
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk(chunks)
    change(plist)
    space = h5py.h5s.create_simple(shape, None if maxshape is None else tuple(h5py.h5s.UNLIMITED if n is None else n for n in maxshape))
    f.require_group(name.rsplit("/", 1)[0])
    h5py.h5d.create(f.id, name.encode(), h5py.h5t.py_create(data.dtype) if dtype is None else dtype, space, plist)
    f[name][...] = data


def early(f, name, shape, maxshape, chunks, dtype):
    low_level(f, name, values(dtype, shape), shape, maxshape, chunks, lambda p: p.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY))


def plain_edges(f, name, shape, maxshape, chunks, dtype):
    def change(p):
        p.set_shuffle()
        p.set_deflate(6)
        p.set_fletcher32()
        assert library.H5Pset_chunk_opts(p.id, 2) >= 0

    low_level(f, name, values(dtype, shape), shape, maxshape, chunks, change)


def many(f, _):
    """Indexes with every kind of block: super blocks, pages, trees of depth 2. What is read must be what numpy gave: h5py takes long."""
    data = rng.integers(0, 100, 105_000).astype("u1")
    told = {}

    def put(name, array, **options):
        f.create_dataset(name, data=array, **options)
        told["/" + name] = array

    def put_some(name, shape, starts, **options):
        array = np.full(shape, 9, "u1")
        d = f.create_dataset(name, shape=shape, dtype="u1", fillvalue=9, **options)
        for start in starts:
            d[start : start + 50] = data[:50]
            array[start : start + 50] = data[:50]
        told["/" + name] = array

    for name, options in {"plain": {}, "gzip": dict(compression="gzip", compression_opts=1)}.items():
        n = 105_000 if name == "plain" else 20_000
        put(f"{name}/extensible", data[:n], chunks=(1,), maxshape=(None,), **options)
        put(f"{name}/fixed", data[: n // 4], chunks=(1,), **options)
        put(f"{name}/tree", data[:20_000].reshape(-1, 100), chunks=(1, 2), maxshape=(None, None), **options)
        # The data blocks of an extensible array have pages from chunk 131,000 on.
        put_some(f"{name}/extensible_some", (140_000,), (0, 3, 60, 2_000, 40_000, 70_001, 131_072, 135_300, 139_950), chunks=(1,), maxshape=(None,), **options)
        put_some(f"{name}/fixed_some", (100_000,), (0, 1000, 5000, 99_950), chunks=(1,), **options)
    return {name: dict(shape=list(a.shape), type=a.dtype.name, sha256=hashlib.sha256(a.tobytes()).hexdigest()) for name, a in told.items()}


def rare(f, _):
    f.create_dataset("enum", data=np.array([3, -1, 7] * 50, "i2"), dtype=h5py.enum_dtype({"a": 3, "b": -1, "c": 7}, "i2"), chunks=(20,))
    f.create_dataset("enum_big", data=np.array([3, 1, 7] * 50, ">u4"), dtype=h5py.enum_dtype({"a": 3, "b": 1, "c": 7}, ">u4"))
    for kind in ("B8LE", "B16LE", "B32BE", "B64LE"):
        dtype = getattr(h5py.h5t, "STD_" + kind)
        low_level(f, f"bits/{kind}", np.arange(100, dtype=dtype.dtype), (100,), None, (30,), lambda p: p.set_deflate(4), dtype)
    half = np.arange(65536, dtype="u2").view("f2")
    f.create_dataset("half", data=half[np.isfinite(half)], chunks=(1000,), compression="gzip")
    f.create_dataset("half_big", data=half[np.isfinite(half)].astype(">f2"))
    f["half"].attrs["_FillValue"] = np.float16(-2.5)
    f.create_dataset("long", data=values("f8", 300_001))
    f.create_dataset("long_wide", data=values("i2", (70_001, 3)))
    f.create_dataset("huge_row", data=values("f8", (3, 200_000)))
    f.create_dataset("five", data=values("i4", (5, 4, 3, 2, 2)), chunks=(2, 3, 2, 1, 2), compression="gzip", maxshape=(None, 4, None, 2, None))
    f.create_dataset("big_attribute", data=values("i4", 10))
    f["big_attribute"].attrs["_FillValue"] = np.int32(12)
    deep = f.create_group("deep")
    for _ in range(50):
        deep = deep.create_group("g")
    deep["x"] = np.arange(5)


answer = {"matrix": [], "many": [], "rare": [], "told": {}}
for version in VERSIONS:
    bounds = version if version in ("earliest", "latest") else (version, version)
    for kind, write in {"matrix": matrix, "many": many, "rare": rare}.items():
        if version not in dict(matrix=VERSIONS, many=["earliest", "latest"], rare=["earliest", "v110", "latest"])[kind]:
            continue
        path = str(folder / f"{kind}-{version}.h5")
        with h5py.File(path, "w", libver=bounds) as f:
            told = write(f, version)
        answer[kind].append(path)
        if told:
            answer["told"][path] = told
# Superblocks with an extension (free space, sizes of B-trees, shared messages), of version 1, and behind a user block.
for name, change in {
    "extended": lambda p: (p.set_file_space_strategy(h5py.h5f.FSPACE_STRATEGY_PAGE, True, 1), p.set_file_space_page_size(4096)),
    "user_block": lambda p: p.set_userblock(2048),
    "sizes_of_trees": lambda p: (library.H5Pset_sym_k(p.id, 3, 2), library.H5Pset_istore_k(p.id, 2)),
    "shared": lambda p: (library.H5Pset_shared_mesg_nindexes(p.id, 1), library.H5Pset_shared_mesg_index(p.id, 0, 0x1F, 1)),
}.items():
    plist = h5py.h5p.create(h5py.h5p.FILE_CREATE)
    change(plist)
    for bound in ("earliest", "latest"):
        path = str(folder / f"{name}-{bound}.h5")
        access = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
        access.set_libver_bounds(h5py.h5f.LIBVER_EARLIEST if bound == "earliest" else h5py.h5f.LIBVER_LATEST, h5py.h5f.LIBVER_LATEST)
        with h5py.File(h5py.h5f.create(path.encode(), h5py.h5f.ACC_TRUNC, plist, access)) as f:
            rare(f, bound)
        answer["rare"].append(path)
json.dump(answer, sys.stdout)
