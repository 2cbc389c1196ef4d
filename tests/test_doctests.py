"""The examples in docstrings run and say what they promise."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import tomllib
from pathlib import Path

import pytest

PROJECT = tomllib.loads(
    (Path(__file__).resolve().parent.parent / "pyproject.toml").read_text(encoding="utf-8")
)


def _modules() -> list[str]:
    """Every module of the packages that are installed."""
    names = []
    for package in PROJECT["tool"]["setuptools"]["packages"]:
        paths = importlib.import_module(package).__path__
        names += [package, *(m.name for m in pkgutil.walk_packages(paths, f"{package}."))]
    return sorted(n for n in set(names) if ".migrations" not in n)


@pytest.mark.parametrize("name", _modules())
def test_examples_hold(name: str, own_folder: Path, root: Path) -> None:
    """Run in an empty folder that has the project's ``examples``."""
    (own_folder / "examples").symlink_to(root / "examples")
    failures, _ = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert failures == 0
