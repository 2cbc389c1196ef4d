"""Lexicons: loading the data files that rules are written in, and no more than that."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


def load_text(name: str) -> str:
    """The text of the data file ``name``."""
    return resources.files("scmine.extractors").joinpath("data", name).read_text("utf-8")


@cache
def load_toml(name: str) -> dict[str, Any]:
    """The tables of the TOML data file ``name``."""
    return tomllib.loads(load_text(name))


@cache
def load_words(name: str) -> frozenset[str]:
    """The entries of a data file that has one a line; lines with ``#`` are comments.

    >>> "introduction" in load_words("headings.txt")
    True
    """
    lines = (line.strip() for line in load_text(name).splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))
