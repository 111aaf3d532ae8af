"""What a config names and a granule lacks: {"groups", "levels", "datasets", "fills"} -> [complaint, ...].

The datasets of ATL03 (of a granule of version 003, opened with h5py), ATL06 (of one of version 005) and ATL08 (the data dictionary of
version 006): rows are counted by the group that has them, dim 2 is the number of columns."""
import json
import sys

PHOTON, SEGMENT = "photons", "segments"
DATASETS = {
    "atl03": {
        "heights/lat_ph": (PHOTON, 0, False), "heights/lon_ph": (PHOTON, 0, False), "heights/h_ph": (PHOTON, 0, False),
        "heights/signal_conf_ph": (PHOTON, 5, False), "heights/quality_ph": (PHOTON, 0, False),
        "geolocation/ph_index_beg": (SEGMENT, 0, True), "geolocation/segment_ph_cnt": (SEGMENT, 0, True),
        "geolocation/podppd_flag": (SEGMENT, 0, False), "geophys_corr/geoid": (SEGMENT, 0, True),
    },
    "atl06": {f"land_ice_segments/{name}": (SEGMENT, 0, fill) for name, fill in
              [("latitude", True), ("longitude", True), ("h_li", True), ("h_li_sigma", True), ("atl06_quality_summary", False)]},
    "atl08": {f"land_segments/{name}": (SEGMENT, 0, fill) for name, fill in
              [("latitude", False), ("longitude", False), ("terrain/h_te_best_fit", True), ("canopy/h_canopy", True)]},
}
BEAMS = ["gt1l", "gt1r", "gt2l", "gt2r", "gt3l", "gt3r"]

have = DATASETS[sys.argv[1]]
given = json.load(sys.stdin)
complaints = [] if given["groups"] == BEAMS else ["groups"]


def look(template):
    prefix = "/{group}/"
    return have.get(template[len(prefix):]) if template.startswith(prefix) else None


rows = look(given["datasets"][0]["dataset"])[0]
levels = {}
for level in given["levels"]:
    index, count = look(level["index"]), look(level["count"])
    if index is None or count is None or index[0] != count[0] or index[0] == rows or level["indexBase"] != 1:
        complaints.append(level["name"])
    else:
        levels[level["name"]] = index[0]
for entry in given["datasets"]:
    found = look(entry["dataset"])
    column = entry.get("column")
    if found is None:
        complaints.append(entry["dataset"] + " is not there")
    elif found[0] != levels.get(entry.get("level"), rows):
        complaints.append(entry["dataset"] + " has other rows")
    elif (column is None) != (found[1] == 0) or (column is not None and not 0 <= column < found[1]):
        complaints.append(entry["dataset"] + " has other columns")
complaints += [fill + " has no fill value" for fill in given["fills"] if not look(fill)[2]]
json.dump(complaints, sys.stdout)
