"""The stores that `magg run` writes, opened as their readers open them, against results that share no code with magg."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import xdggs  # noqa: F401  (registers .dggs)
import yaml
import zarr

from magg import _node

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "greenland" / "greenland.magg.yaml"
VALUES = ("h_min", "h_max", "h_mean", "h_sigma", "h_variance", "h_q25", "h_q50", "h_q75")
FLOOR = 1e-3  # below this a value is judged as if it were this large
WGS84 = {"name": "WGS84", "semimajor_axis": 6378137.0, "inverse_flattening": 298.257223563}
SPHERE = {"name": "sphere", "radius": 6371007.180918474}


def run(config: Path, store: Path, *args: str) -> str:
    words = _node.command(["run", str(config), "--store", str(store), *args])
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def reference(latitude: str) -> dict:
    return json.loads((ROOT / f"test/reference/greenland-{latitude}.json").read_text())


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """One store per latitude convention, each with the events of its run."""
    folder = tmp_path_factory.mktemp("stores")
    made = {}
    for latitude in ("authalic", "spherical"):
        document = yaml.safe_load(EXAMPLE.read_text())
        document["output"]["grid"]["latitude"] = latitude
        document["data_source"]["granules"] = sorted(str(path) for path in EXAMPLE.parent.glob("*.h5"))
        document.pop("catalog", None)
        config = folder / f"{latitude}.magg.yaml"
        config.write_text(yaml.safe_dump(document, sort_keys=False))
        store = folder / f"{latitude}.zarr"
        made[latitude] = (store, [json.loads(line) for line in run(config, store, "--json").splitlines()])
    return made


def assert_equals_reference(dataset: xr.Dataset, expected: dict) -> None:
    """Counts exactly, the rest to float32: 2e-6 relative with a floor of 1e-3; cells without data are empty."""
    cells = {int(cell): values for cell, values in expected["cells"].items()}
    ids = dataset["cell_ids"].values
    counts = dataset["count"].values
    assert set(cells) <= set(ids.tolist())
    assert counts.sum() == expected["total_obs"]
    assert set(ids[counts > 0].tolist()) == set(cells)
    row = {int(cell): i for i, cell in enumerate(ids)}
    rows = np.array([row[cell] for cell in cells])
    np.testing.assert_array_equal(counts[rows], [values["count"] for values in cells.values()])
    for name in VALUES:
        found = dataset[name].values
        assert found.dtype == np.float32
        wanted = np.array([values[name] for values in cells.values()])
        assert np.all(np.abs(found[rows] - wanted) <= 2e-6 * np.maximum(np.abs(wanted), FLOOR)), name
        assert np.all(np.isnan(found[counts == 0])), name


@pytest.mark.parametrize("latitude", ["authalic", "spherical"])
@pytest.mark.parametrize("convention", [None, "zarr"])
@pytest.mark.parametrize("index_kind", ["pandas", "moc"])
def test_xdggs_decodes_the_store_and_every_cell_is_right(stores, latitude, convention, index_kind):
    store, _ = stores[latitude]
    opened = xr.open_zarr(store, group="12")
    options = {"convention": convention} if convention else {}
    decoded = opened.dggs.decode(index_options={"index_kind": index_kind}, **options)
    grid = decoded.dggs.grid_info
    assert (grid.level, grid.indexing_scheme) == (12, "nested")
    assert_equals_reference(decoded.load(), reference(latitude))


def test_the_two_lines_of_the_readme(stores):
    store, _ = stores["authalic"]
    for dataset in (xr.open_zarr(store, group="12").dggs.decode(), xr.open_zarr(store, group="12").dggs.decode(convention="zarr")):
        best = int(np.argmax(dataset["count"].values))
        assert dataset["count"].values[best] == max(c["count"] for c in reference("authalic")["cells"].values())


def test_selecting_by_id_finds_the_value_of_that_cell(stores):
    store, _ = stores["authalic"]
    dataset = xr.open_zarr(store, group="12").dggs.decode()
    for cell, values in list(reference("authalic")["cells"].items())[::20]:
        assert dataset["count"].sel(cell_ids=int(cell)).item() == values["count"]


@pytest.mark.parametrize("latitude", ["authalic", "spherical"])
def test_zarr_python_reads_the_layout_and_the_attributes(stores, latitude):
    store, _ = stores[latitude]
    root = zarr.open_group(store, mode="r", zarr_format=3, use_consolidated=True)
    group = root["12"]
    ellipsoid = WGS84 if latitude == "authalic" else SPHERE
    assert group.attrs["dggs"] == {
        "name": "healpix", "refinement_level": 12, "indexing_scheme": "nested", "spatial_dimension": "cells",
        "coordinate": "cell_ids", "compression": "none", "ellipsoid": ellipsoid,
    }
    assert dict(group["cell_ids"].attrs) == {"grid_name": "healpix", "level": 12, "indexing_scheme": "nested", "ellipsoid": ellipsoid}
    assert group.attrs["coordinates"] == "cell_ids morton"
    assert group.attrs["latitude_convention"] == {"authalic": "authalic-wgs84", "spherical": "geodetic-spherical"}[latitude]
    (convention,) = group.attrs["zarr_conventions"]
    assert (convention["name"], convention["uuid"]) == ("dggs", "7b255807-140c-42ca-97f6-7a1cfecdbc38")
    arrays = dict(group.arrays())
    assert {"cell_ids", "morton", "count", *VALUES} == set(arrays)
    for array in arrays.values():
        assert array.chunks == (4096,) and array.shape[0] % 4096 == 0
        assert array.metadata.dimension_names == ("cells",)
    assert arrays["cell_ids"].dtype == np.uint64 and arrays["count"].dtype == np.int32


def test_ids_ascend_are_unique_and_agree_with_morton(stores):
    store, _ = stores["authalic"]
    group = zarr.open_group(store, mode="r")["12"]
    ids, morton = group["cell_ids"][:], group["morton"][:]
    assert np.all(np.diff(ids.astype(np.int64)) > 0)
    for cell, word in zip(ids[::997].tolist(), morton[::997].tolist()):
        base, rest = divmod(cell, 4**12)
        digits = "".join(str((rest >> 2 * k & 3) + 1) for k in range(11, -1, -1))
        assert word == int(("-" if base >= 6 else "") + str(base % 6 + 1) + digits)


def test_every_parent_of_the_catalog_has_its_ids_with_data_or_not(stores):
    store, events = stores["authalic"]
    summary = events[-1]["summary"]
    assert events[-1]["type"] == "run-finished"
    assert (summary["totalCells"], summary["totalObs"], summary["outcome"]) == (7, 22284, "complete")
    with_data = {event["cell"] for event in events if event["type"] == "cell-finished"}
    assert with_data == set(reference("authalic")["parents"])
    assert zarr.open_group(store, mode="r")["12"]["cell_ids"].shape == (7 * 4096,)


def files_of(store: Path) -> dict[str, bytes]:
    return {str(path.relative_to(store)): path.read_bytes() for path in sorted(store.rglob("*")) if path.is_file()}


def test_every_worker_count_gives_the_same_bytes(stores, tmp_path):
    store, _ = stores["authalic"]
    config = store.with_name("authalic.magg.yaml")
    for workers in ("1", "2", "3"):
        run(config, tmp_path / f"{workers}.zarr", "--workers", workers)
        assert files_of(tmp_path / f"{workers}.zarr") == files_of(store)


def test_the_example_runs_twice_where_it_stands(tmp_path):
    """The config as it is shipped, in a copy of its folder; the second run replaces the first."""
    copy = tmp_path / "greenland"
    shutil.copytree(EXAMPLE.parent, copy, ignore=shutil.ignore_patterns("*.zarr", "*.zarr.magg"))
    document = yaml.safe_load(EXAMPLE.read_text())
    for _ in range(2):
        done = subprocess.run(_node.command(["run", EXAMPLE.name, "--overwrite"]), capture_output=True, text=True, cwd=copy)
        assert done.returncode == 0, done.stderr
        assert "22,284" in done.stdout.replace("\u202f", ",").replace("\u2009", ",") or "22284" in done.stdout
    written = [path for path in tmp_path.rglob(os.path.basename(document["output"]["store"])) if path.is_dir()]
    assert len(written) == 1
    assert_equals_reference(xr.open_zarr(written[0], group="12").load(), reference("authalic"))
