"""Settings of space groups: which ones a printed symbol can mean, and the operations of each.

A setting is one of the 530 rows of Hall's list as spglib counts them: a group on given axes, with
a given cell choice and origin. Which one fits a structure is found in ``wyckoff``.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import spglib

from scmine.extractors.spacegroup_table import (
    SpaceGroup,
    crystal_system,
    lookup_space_group,
    plain_symbol,
)
from scmine.validator.structures.expressions import Floats

SETTINGS = 530
_PARTS = 24
"""Translations of operations are multiples of 1/24 in every setting."""
_MONOCLINIC = range(3, 16)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: Hall number, group number, name of the group on these axes, and the choice.

    ``choice`` is spglib's: ``1``, ``2cab`` (origin, then axes), ``b3`` (unique axis and cell),
    ``H`` or ``R``; empty where there is none. ``names`` are all plain spellings.
    """

    hall: int
    number: int
    name: str
    choice: str
    names: frozenset[str]

    @property
    def origin(self) -> str:
        """``1`` or ``2`` in groups with two origins, else empty."""
        return self.choice[0] if self.choice[:1] in ("1", "2") else ""

    @property
    def axes(self) -> str:
        """What the cell must be like: a crystal system, with a monoclinic one's unique axis.

        ``monoclinic b``, ``rhombohedral``, ``hexagonal`` (also of trigonal groups), ``cubic`` …
        """
        system = crystal_system(self.number)
        if system == "monoclinic":
            return f"monoclinic {self.choice.lstrip('-')[0]}"
        if system == "trigonal":
            return "rhombohedral" if self.choice == "R" else "hexagonal"
        return system

    def __str__(self) -> str:
        """The name, with the origin or the axes where these are a matter of choice.

        >>> str(settings_of_group(129)[1]), str(settings_of_group(166)[0])
        ('P4/nmm:2', 'R-3m:H')
        """
        mark = self.origin or (self.choice if self.choice in ("H", "R") else "")
        return f"{self.name}:{mark}" if mark else self.name


@contextmanager
def _quiet() -> Iterator[None]:
    """Without spglib's notes on how a future version will raise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


@cache
def all_settings() -> tuple[Setting, ...]:
    """The 530 settings by Hall number; the first of a group is its standard one."""
    found: list[Setting] = []
    for hall in range(1, SETTINGS + 1):
        with _quiet():
            kind: Any = spglib.get_spacegroup_type(hall)
        own = kind.international.split("=")[-2 if kind.international.count("=") > 1 else -1 :]
        names = {re.sub(r"[\s_]", "", full) for full in (*own, kind.international_full)}
        if kind.number in _MONOCLINIC:
            names |= {_short(full) for full in own}
        name = min(sorted(names), key=len)
        found.append(Setting(hall, kind.number, name, kind.choice, frozenset(names)))
    return tuple(found)


def _short(full: str) -> str:
    """A monoclinic symbol without its places of no symmetry (``I 1 2/m 1`` as ``I2/m``)."""
    lattice, *places = full.replace("_", "").split()
    return lattice + "".join(place for place in places if place != "1")


@cache
def settings_of_group(number: int) -> tuple[Setting, ...]:
    """All settings of a group, the standard axes first."""
    return tuple(setting for setting in all_settings() if setting.number == number)


@cache
def setting(hall: int) -> Setting:
    """The setting of a Hall number."""
    return all_settings()[hall - 1]


@cache
def operations(hall: int) -> tuple[Floats, Floats]:
    """Rotations (n, 3, 3) and translations (n, 3) of a setting, all lattice points of the cell in.

    The identity is first; translations are exact multiples of 1/24.
    """
    with _quiet():
        found: Any = spglib.get_symmetry_from_database(hall)
    rotations = np.array(found["rotations"], dtype=np.float64)
    translations = np.rint(np.array(found["translations"]) * _PARTS) % _PARTS / _PARTS
    return rotations, translations


def printed_settings(group: SpaceGroup) -> tuple[list[Setting], list[Setting]]:
    """The settings that a printed symbol means, and the other settings of its group.

    Where no origin was printed both are meant. A setting on a cell that Hall's list does not have
    (``F4/mmm``) means none.

    >>> [str(s) for s in printed_settings(lookup_space_group("Pbnm"))[0]]
    ['Pbnm']
    >>> [str(s) for s in printed_settings(lookup_space_group("P4/nmm"))[0]]
    ['P4/nmm:1', 'P4/nmm:2']
    """
    name, _, mark = group.setting.partition(":")
    every = settings_of_group(group.number)
    meant = [s for s in every if _bears(s, name)]
    if not meant and group.stated.partition(":")[0] == group.symbol:
        meant = _on_standard_axes(every)
    if mark in ("1", "2"):
        meant = [s for s in meant if s.origin in (mark, "")]
    elif mark in ("H", "R"):
        meant = [s for s in meant if s.choice == mark]
    return meant, [s for s in every if s not in meant]


def _bears(candidate: Setting, name: str) -> bool:
    """Whether the setting has this name; an e glide may be printed by any of its old letters."""
    if name in candidate.names:
        return True
    return any(
        "e" in own and re.fullmatch(own.replace("e", "[abce]"), name) is not None
        for own in candidate.names
    )


def _on_standard_axes(every: Sequence[Setting]) -> list[Setting]:
    first = every[0].name
    return [s for s in every if s.name == first]


def group_named(printed: str) -> SpaceGroup | None:
    """The group of a symbol in any spelling, short names of Hall's settings among them.

    >>> group_named("I2/b").number, group_named("Fm3m").symbol
    (15, 'Fm-3m')
    """
    known = lookup_space_group(printed)
    if known is not None:
        return known
    plain = plain_symbol(printed)[0]
    numbers = {s.number for s in all_settings() if plain in s.names}
    standard = lookup_space_group(numbers.pop()) if len(numbers) == 1 else None
    return SpaceGroup(standard.symbol, standard.number, plain) if standard else None
