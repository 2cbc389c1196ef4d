"""Reading the validator's data files, and no more than that.

What the files mean is told where they are used. ``scmine.extractors.lexicons`` does the same for
its own; it is not asked here, since importing it loads the extraction.
"""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib import resources
from typing import Any


def load_text(name: str) -> str:
    """The text of the data file ``name``."""
    return resources.files("scmine.validator").joinpath("data", name).read_text("utf-8")


@cache
def load_toml(name: str) -> dict[str, Any]:
    """The tables of the TOML data file ``name``, parsed once: do not change them."""
    return tomllib.loads(load_text(name))


def load_lines(name: str) -> list[str]:
    """The lines of the data file ``name`` without notes, which begin with ``#``."""
    return [line for line in load_text(name).splitlines() if line and not line.startswith("#")]


def load_rows(name: str) -> list[dict[str, str]]:
    """The rows of the CSV data file ``name``, without notes."""
    return list(csv.DictReader(load_lines(name)))
