"""Writes small HDF5 files with every layout, filter, type and file version into a folder; prints their names as JSON."""
import json
import pathlib
import sys

import h5py
import numpy as np

folder = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(7)
TYPES = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"]
BOUNDS = {"earliest": "earliest", "v108": ("v108", "v108"), "v110": ("v110", "v110"), "v114": ("v114", "v114"), "latest": "latest"}


def numbers(dtype, n):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return rng.normal(0, 1000, n).astype(dtype)
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max, n, dtype=dtype.newbyteorder("="), endpoint=True).astype(dtype)


def layouts(f):
    g = f.create_group("layouts")
    for t in TYPES:
        data = numbers(t, 1003)
        g.create_dataset(f"contiguous_{t}", data=data)
        g.create_dataset(f"chunked_{t}", data=data, chunks=(100,))
        g.create_dataset(f"shuffled_{t}", data=data, chunks=(100,), compression="gzip", shuffle=True)
        g.create_dataset(f"checked_{t}", data=data, chunks=(99,), compression="gzip", shuffle=True, fletcher32=True)
        g.create_dataset(f"sum_only_{t}", data=data, chunks=(1003,), fletcher32=True)
        big = np.dtype(t).newbyteorder(">")
        g.create_dataset(f"big_endian_{t}", data=data.astype(big), chunks=(100,), compression="gzip", fillvalue=3)
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_layout(h5py.h5d.COMPACT)
        d = h5py.h5d.create(g.id, f"compact_{t}".encode(), h5py.h5t.py_create(data.dtype), h5py.h5s.create_simple((20,)), plist)
        d.write(h5py.h5s.ALL, h5py.h5s.ALL, data[:20].copy())
    g.create_dataset("deflate", data=numbers("f8", 5000), chunks=(512,), compression="gzip")
    g.create_dataset("deep", data=numbers("i2", 30_000), chunks=(7,), compression="gzip")
    g.create_dataset("deep_plain", data=numbers("i2", 9_000), chunks=(3,))
    g.create_dataset("single_chunk", data=numbers("f4", 100), chunks=(100,), compression="gzip")
    g.create_dataset("larger_chunk", data=numbers("f4", 10), chunks=(100,), maxshape=(None,))
    unlimited = g.create_dataset("unlimited", shape=(0,), maxshape=(None,), chunks=(64,), dtype="f4", compression="gzip", fillvalue=-1)
    unlimited.resize((1000,))
    unlimited[200:700] = numbers("f4", 500)
    g.create_dataset("never_written", shape=(1000,), chunks=(100,), dtype="f8", fillvalue=np.pi)
    g.create_dataset("never_written_zero", shape=(1000,), chunks=(100,), dtype="i8")
    g.create_dataset("never_written_contiguous", shape=(50,), dtype="i4", fillvalue=-9)
    g.create_dataset("never_written_big_endian", shape=(50,), dtype=">i4", chunks=(10,), fillvalue=-9)
    some = g.create_dataset("some_chunks", shape=(1000,), chunks=(100,), dtype="u2", compression="gzip", fillvalue=77)
    some[300:310] = 5
    g.create_dataset("scalar", data=np.float64(4.25))
    g.create_dataset("scalar_int", data=np.int64(-(2**60)))
    g.create_dataset("empty", shape=(0,), dtype="f4")
    g.create_dataset("empty_chunked", shape=(0,), dtype="f4", chunks=(10,), maxshape=(None,))
    g.create_dataset("no_space", data=h5py.Empty("f4"))
    g.create_dataset("one", data=np.array([7], "i4"), chunks=(1,), compression="gzip")
    g.create_dataset("bool", data=rng.random(100) < 0.5)
    masked = g.create_dataset("masked", shape=(40,), chunks=(10,), dtype="i4", compression="gzip", shuffle=True)
    plain = np.arange(10, dtype="i4")
    masked.id.write_direct_chunk((10,), plain.tobytes(), filter_mask=3)
    masked[30:40] = 8
    two = numbers("f4", 600).reshape(200, 3)
    g.create_dataset("wide", data=two, chunks=(32, 3), compression="gzip", shuffle=True)
    g.create_dataset("wide_contiguous", data=two)
    g.create_dataset("cube", data=numbers("i2", 600).reshape(100, 3, 2), chunks=(9, 3, 2))


def exotic(f, version):
    """What the fast path leaves to the full library."""
    g = f.create_group("exotic")
    g.create_dataset("tiles", data=numbers("f4", 600).reshape(20, 30), chunks=(6, 7), compression="gzip")
    g.create_dataset("tiles_swapped", data=numbers(">i4", 600).reshape(20, 30), chunks=(6, 7), compression="gzip")
    g.create_dataset("scaled", data=numbers("i4", 500) % 1000, chunks=(100,), scaleoffset=0)
    g.create_dataset("scaled_fill", data=numbers("i8", 500) % 1000, chunks=(100,), scaleoffset=0)
    g["scaled_fill"].attrs["_FillValue"] = np.int64(17)
    if version in ("earliest", "v108"):
        return
    layout = h5py.VirtualLayout(shape=(600,), dtype="f4")
    layout[:] = h5py.VirtualSource(f.filename, "layouts/chunked_f4", shape=(1003,))[:600]
    g.create_virtual_dataset("virtual", layout, fillvalue=-5)


def attributes(f):
    g = f.create_group("attributes")
    d = g.create_dataset("few", data=numbers("f4", 10))
    d.attrs["_FillValue"] = np.float32(3.4028235e38)
    d.attrs["units"] = "metres"
    d.attrs["fixed"] = np.bytes_("fixed text")
    d.attrs["padded"] = np.array(b"padded   ", dtype="S12")
    d.attrs["list"] = np.array([1.5, -2.5])
    d.attrs["texts"] = ["a", "bcd", ""]
    d.attrs["big"] = np.int64(2**60)
    d.attrs["swapped"] = np.array([1, 2, -3], ">i2")
    d.attrs["one"] = np.array([5], "i4")
    d.attrs["grid"] = np.arange(6, dtype="u1").reshape(2, 3)
    d.attrs["compound"] = np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])
    d.attrs["nothing"] = h5py.Empty("f4")
    d.attrs["unicode"] = "Grönland °"
    many = g.create_dataset("many", data=numbers("i8", 10), chunks=(5,))
    for i in range(60):
        many.attrs[f"attribute_{i:03}"] = f"value {i}" if i % 2 else np.arange(i)
    many.attrs["_FillValue"] = np.int64(-(2**62))
    fill_list = g.create_dataset("fill_list", data=numbers("i4", 10))
    fill_list.attrs["_FillValue"] = np.array([-1], "i4")
    other = g.create_dataset("fill_of_other_type", data=numbers("i8", 10))
    other.attrs["_FillValue"] = np.int32(9)
    text = g.create_dataset("fill_text", data=numbers("f4", 10))
    text.attrs["_FillValue"] = "none"
    f["named"] = np.dtype("f8")
    g.create_dataset("named_type", (10,), dtype=f["named"], data=numbers("f8", 10))
    g["named_type"].attrs.create("typed", 2.5, dtype=f["named"])


def groups(f):
    g = f.create_group("groups")
    for i in range(500):
        g.create_dataset(f"many/{i * 7919 % 500:04}", data=np.int32(i))
    ordered = g.create_group("ordered", track_order=True)
    for name in "zebra apple mango".split():
        ordered.create_dataset(name, data=np.arange(3))
    long = g.create_group("long")
    for i in range(12):
        long.create_dataset(f"{i}_" + "x" * 900, data=np.float32(i))
    g["soft"] = h5py.SoftLink("/layouts/deflate")
    g["soft_group"] = h5py.SoftLink("/groups/ordered")
    g["soft_relative"] = h5py.SoftLink("ordered/apple")
    g["dangling"] = h5py.SoftLink("/no/such")
    g["circle"] = h5py.SoftLink("/groups/circle")
    g["external"] = h5py.ExternalLink("other.h5", "/x")
    g["hard"] = f["layouts/deflate"]
    g["loop"] = g
    f.create_dataset("texts/fixed", data=np.array([b"a", b"bc"]))
    f.create_dataset("texts/variable", data=["a", "bcd"])
    f.create_dataset("texts/compound", data=np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]))
    f.create_dataset("texts/half", data=np.array([1, 2], "f2"))


names = []
for version, bounds in BOUNDS.items():
    path = folder / f"{version}.h5"
    with h5py.File(path, "w", libver=bounds) as f:
        layouts(f)
        attributes(f)
        groups(f)
        exotic(f, version)
    names.append(str(path))
path = folder / "userblock.h5"
with h5py.File(path, "w", userblock_size=1024) as f:
    layouts(f)
with open(path, "r+b") as raw:
    raw.write(b"#!text before the file\n")
names.append(str(path))
for name, kind in {"paged.h5": dict(fs_strategy="page", libver=("v110", "v110")), "ordered.h5": dict(track_order=True)}.items():
    with h5py.File(folder / name, "w", **kind) as f:
        layouts(f)
        groups(f)
    names.append(str(folder / name))
json.dump(names, sys.stdout)
