"""Copies of one granule, each damaged in its own way: argv is the source and the folder that gets KIND/NAME.h5.

Prints the parents of order 6 that the rows of each beam of the source touch, by healpy and the series of Snyder (1987, 3-11 to 3-12)
solved in closed form.
"""

import json
import sys
import zlib
from pathlib import Path

import h5py
import healpy
import numpy as np

source, folder = Path(sys.argv[1]), Path(sys.argv[2])
BEAM = "gt2l/land_ice_segments"
BEAMS = ["gt1l", "gt1r", "gt2l", "gt2r", "gt3l", "gt3r"]


def copy(kind: str) -> Path:
    path = folder / kind / source.name
    path.parent.mkdir(parents=True)
    path.write_bytes(source.read_bytes())
    return path


def edit(kind: str) -> h5py.File:
    return h5py.File(copy(kind), "r+")


def replace(file: h5py.File, name: str, values) -> None:
    """The same dataset with other values or another length; its attributes stay."""
    old = file[name]
    attributes = dict(old.attrs.items())
    fill = old.fillvalue
    del file[name]
    values = np.asarray(values)
    new = file.create_dataset(name, data=values, fillvalue=fill, chunks=(10000,), maxshape=(None,), compression="gzip")
    for key, value in attributes.items():
        if key not in ("DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME", "_Netcdf4Dimid"):
            new.attrs[key] = value


data = source.read_bytes()
(folder / "truncated").mkdir(parents=True)
(folder / "truncated" / source.name).write_bytes(data[: len(data) * 6 // 10])
(folder / "empty").mkdir()
(folder / "empty" / source.name).write_bytes(b"")
(folder / "login-page").mkdir()
(folder / "login-page" / source.name).write_bytes(b"<!DOCTYPE html><title>Earthdata Login</title>" * 40)

with h5py.File(source) as file:
    chunk = file[f"{BEAM}/h_li"].id.get_chunk_info(0)
    latitude_chunk = file[f"{BEAM}/latitude"].id.get_chunk_info(0)
    kept = int(np.flatnonzero(file[f"{BEAM}/atl06_quality_summary"][:] == 0)[3])
    length = file[f"{BEAM}/h_li"].shape[0]

for kind, where in (("bad-chunk", chunk), ("bad-latitude-chunk", latitude_chunk)):
    path = copy(kind)
    bytes_ = bytearray(path.read_bytes())
    middle = where.byte_offset + where.size // 2
    for i in range(middle, middle + 16):
        bytes_[i] ^= 0xFF
    path.write_bytes(bytes_)

with edit("other-size") as file:
    file[f"{BEAM}/h_li"].id.write_direct_chunk((0,), zlib.compress(b"\0" * 4 * 9999), 0)
with edit("text") as file:
    del file[f"{BEAM}/h_li"]
    file.create_dataset(f"{BEAM}/h_li", data=np.array([b"1.5"] * length, dtype="S8"))
for kind in ("virtual", "lost"):
    # Only the full library reads virtual datasets.
    with h5py.File(copy(kind), "r+", libver=("v110", "latest")) as file:
        rows = file[BEAM]
        fill = rows["h_li"].attrs["_FillValue"]
        rows.move("h_li", "h_li_stored")
        layout = h5py.VirtualLayout(shape=(length,), dtype="f4")
        layout[:] = h5py.VirtualSource(".", f"{BEAM}/h_li_stored", shape=(length,))
        rows.create_virtual_dataset("h_li", layout).attrs["_FillValue"] = fill
# It goes round for ever where the free space of a global heap (object 0, up to its end) has no bytes.
path = folder / "lost" / source.name
bytes_ = bytearray(path.read_bytes())
heap = bytes_.rfind(b"GCOL", 0, bytes_.rfind(b".\0" + f"{BEAM}/h_li_stored".encode()))
at = heap + 16
while int.from_bytes(bytes_[at : at + 2], "little") != 0:
    at += 16 + -(-int.from_bytes(bytes_[at + 8 : at + 16], "little") // 8) * 8
bytes_[at + 8 : at + 16] = bytes(8)
path.write_bytes(bytes_)
with edit("latitude-91") as file:
    file[f"{BEAM}/latitude"][kept] = 91.0
with edit("latitude-nan") as file:
    file[f"{BEAM}/latitude"][kept] = np.nan
with edit("longitude-360") as file:
    for beam in BEAMS:
        values = file[f"{beam}/land_ice_segments/longitude"][:]
        file[f"{beam}/land_ice_segments/longitude"][:] = np.where(values < 0, values + 360, values)
with edit("no-beam") as file:
    del file["gt2l"]
with edit("no-dataset") as file:
    del file[f"{BEAM}/h_li_sigma"]
with edit("no-rows") as file:
    for name in ("latitude", "longitude", "h_li", "h_li_sigma", "atl06_quality_summary"):
        replace(file, f"{BEAM}/{name}", file[f"{BEAM}/{name}"][:0])
with edit("all-rejected") as file:
    for beam in BEAMS:
        file[f"{beam}/land_ice_segments/atl06_quality_summary"][:] = 1


def authalic(latitude):
    """Degrees, of the WGS84 ellipsoid."""
    f = 1 / 298.257223563
    e = np.sqrt(f * (2 - f))

    def q(sine):
        return (1 - e**2) * (sine / (1 - (e * sine) ** 2) - np.log((1 - e * sine) / (1 + e * sine)) / (2 * e))

    return np.degrees(np.arcsin(q(np.sin(np.radians(latitude))) / q(1.0)))


touched = {}
with h5py.File(source) as file:
    for beam in BEAMS:
        rows = file[f"{beam}/land_ice_segments"]
        cells = healpy.ang2pix(2**6, rows["longitude"][:], authalic(rows["latitude"][:]), nest=True, lonlat=True)
        touched[beam] = sorted({int(cell) for cell in cells})
print(json.dumps({"kept": kept, "touched": touched}))
