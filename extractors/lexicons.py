"""Lexicons: loading the data files that rules are written in, and no more than that."""

from __future__ import annotations

import csv
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
def load_lists(name: str) -> dict[str, tuple[str, ...]]:
    """The words of each entry of a TOML data file that writes its lists as words with blanks."""
    return {key: tuple(words.split()) for key, words in load_toml(name).items()}


def load_rows(name: str) -> list[dict[str, str]]:
    """The rows of the CSV data file ``name``; lines that begin with ``#`` are notes."""
    lines = load_text(name).splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@cache
def load_words(name: str) -> frozenset[str]:
    """The entries of a data file that has one a line; lines with ``#`` are comments.

    >>> "introduction" in load_words("headings.txt")
    True
    """
    lines = (line.strip() for line in load_text(name).splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))
