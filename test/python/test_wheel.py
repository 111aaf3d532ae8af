"""What is installed holds everything; what was not built cannot become a wheel."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXTENSION = "share/jupyter/labextensions/magg"


def build_wheel(tree: Path, out: Path) -> subprocess.CompletedProcess:
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    return subprocess.run(words, cwd=tree, capture_output=True, text=True, env={**os.environ, "MAGG_SKIP_BUILD": "1"})


@pytest.fixture
def tree(tmp_path):
    """A copy of what a wheel is made of."""
    copy = tmp_path / "tree"
    copy.mkdir()
    for name in ("pyproject.toml", "package.json", "README.md", "LICENSE", "install.json"):
        shutil.copy(ROOT / name, copy)
    shutil.copytree(ROOT / "magg", copy / "magg")
    (copy / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "hatch_build.py", copy / ".ci")
    return copy


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_installed_package_holds_the_panel_and_the_command():
    files = {str(f).replace("../", "") for f in distribution("magg").files or []}
    assert f"{EXTENSION}/package.json" in files and f"{EXTENSION}/install.json" in files
    assert {"magg/bundle/magg.mjs", "magg/bundle/thread.mjs", "magg/bundle/library.mjs"} <= files


def test_a_wheel_holds_every_chunk_that_a_bundle_loads(tree, tmp_path):
    done = build_wheel(tree, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "out").glob("*.whl")
    names = names_in(wheel)
    built = {f"magg/bundle/{path.name}" for path in (ROOT / "magg/bundle").glob("*.mjs")}
    assert built <= names and {"magg/bundle/magg.mjs", "magg/bundle/thread.mjs", "magg/bundle/library.mjs"} <= built
    for entry in sorted(built):
        for chunk in re.findall(r"\./(chunk-[\w.-]+\.mjs)", (ROOT / entry).read_text("utf-8")):
            assert f"magg/bundle/{chunk}" in names
    assert any(re.search(rf"{EXTENSION}/static/remoteEntry\..*\.js$", name) for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)


@pytest.mark.parametrize(
    "gone",
    ["magg/bundle/magg.mjs", "magg/bundle/thread.mjs", "magg/bundle/library.mjs", "magg/labextension/package.json", "magg/labextension/static"],
)
def test_no_wheel_without_a_built_part(tree, tmp_path, gone):
    path = tree / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    done = build_wheel(tree, tmp_path / "out")
    assert done.returncode != 0
    assert gone in done.stderr + done.stdout and "npm run build" in done.stderr + done.stdout
    assert not list((tmp_path / "out").glob("*.whl"))


def test_no_wheel_without_a_chunk(tree, tmp_path):
    chunks = sorted((tree / "magg/bundle").glob("chunk-*.mjs"))
    assert chunks, "the bundles load nothing lazily"
    named = [c for c in chunks if any(c.name in e.read_text("utf-8") for e in (tree / "magg/bundle").glob("*.mjs") if e != c)]
    named[0].unlink()
    done = build_wheel(tree, tmp_path / "out")
    assert done.returncode != 0 and named[0].name in done.stderr + done.stdout


def test_jupyterlab_sees_the_extension_enabled():
    done = subprocess.run([sys.executable, "-m", "jupyter", "labextension", "list"], capture_output=True, text=True)
    line = next(line for line in (done.stdout + done.stderr).splitlines() if line.strip().startswith("magg "))
    assert "enabled" in line and "OK" in line
    version = json.loads((ROOT / "package.json").read_text())["version"]
    assert f"v{version}" in line
