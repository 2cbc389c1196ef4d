"""What to try, in which order: readings of a space group's symbol and of the sites' names.

A rank holds readings that are equally near to the print; ranks with repairs come later, and the
first rank that fits is the answer. Whether one fits is found in ``wyckoff``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scmine.extractors.spacegroup_table import (
    SpaceGroup,
    group_beside_number,
    lookup_space_group,
)
from scmine.validator.structures.placing import Heed
from scmine.validator.structures.printed_sites import PrintedSite
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.settings import Setting, group_named, printed_settings
from scmine.validator.structures.stated import StatedStructure

GROUPS = 230
_ORTHORHOMBIC = range(16, 75)
_NO_SHIFT = (0.0, 0.0, 0.0)
_ORDERS = tuple(itertools.permutations(range(3)))[1:]


@dataclass(frozen=True, slots=True)
class Trial:
    """One reading: the setting, how far the sites' names are heeded, and the repairs it needs.

    ``shift`` is added to all coordinates; ``order`` is the order of the cell's edges.
    ``strict`` wants the formula to be made exactly, with nothing changed on the sites for it.
    """

    setting: Setting
    heed: Heed = Heed.NAME
    loose: bool = False
    repairs: tuple[str, ...] = ()
    shift: tuple[float, float, float] = _NO_SHIFT
    order: tuple[int, ...] = (0, 1, 2)
    strict: bool = False
    group_taken: int | None = None
    """Number of the group where it is not the one that symbol or number first means."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A space group that the statement can mean, and the sentence if that is a repair."""

    group: SpaceGroup
    repair: str | None = None


def readings(stated: StatedStructure) -> list[Reading]:
    """The groups that symbol and number can mean, the likeliest first.

    Raises
    ------
    RefusalError
        ``space_group_missing`` if none is stated, or none of this name is known.
    """
    named = group_named(stated.space_group) if stated.space_group else None
    number = stated.space_group_number
    numbered = lookup_space_group(number) if number and 1 <= number <= GROUPS else None
    if named is None and numbered is None:
        printed = stated.space_group or stated.space_group_number
        message = f"no space group is called {printed}" if printed else "no space group is stated"
        raise RefusalError("space_group_missing", message)
    found: list[Reading] = []
    if named is not None and numbered is not None and named.number != numbered.number:
        sentence = f"No. {numbered.number} ({numbered.symbol}) is taken, not {stated.space_group}."
        barred = group_beside_number(stated.space_group or "", numbered.number)
        found = [Reading(named), Reading(numbered, sentence)]
        if barred is not None:
            found.reverse()
    else:
        found.append(Reading(named or numbered))  # type: ignore[arg-type]
    if named is not None:
        known = {reading.group.number for reading in found}
        found += [r for r in _with_bar(named) if r.group.number not in known]
    return found


def _with_bar(group: SpaceGroup) -> Iterator[Reading]:
    """Groups whose symbol is this one with a bar that was lost."""
    if "-" in group.symbol:
        return
    for number in range(1, GROUPS + 1):
        other = lookup_space_group(number)
        if other and "-" in other.symbol and other.symbol.replace("-", "") == group.symbol:
            yield Reading(other, f"The bar of {other.symbol} was lost: {group.symbol} is printed.")


def ranks(
    found: Sequence[Reading], sites: Sequence[PrintedSite], has_formula: bool
) -> Iterator[list[Trial]]:
    """Readings of the statement, rank by rank.

    Without a formula nothing could tell a right repair from a wrong one: only the settings of the
    printed group are tried.
    """
    first = found[0]
    own, other = _trials(first)
    yield own
    yield other
    if not has_formula:
        return
    numbered = any(site.multiplicity for site in sites)
    lettered = any(site.letter for site in sites)
    if lettered:
        sentence = ("The letters of the positions are not those of the coordinates.",)
        yield _as(own, Heed.MULTIPLICITY, sentence)
        yield _as(other, Heed.MULTIPLICITY, sentence)
    if lettered or numbered:
        yield _as(own, Heed.NAME, (), loose=True)
        yield _as(own, Heed.MULTIPLICITY, (), loose=True)
    for reading in found[1:]:
        barred, turned = _trials(reading)
        yield _as(barred, Heed.NAME, ())
        yield _as(turned, Heed.NAME, ())
    yield _reordered(first, own)
    if all(site.multiplicity and site.is_complete for site in sites):
        yield from _shifted(own)
    if numbered:
        sentence = ("The multiplicities stated are not those of the coordinates.",)
        yield _as(own, Heed.NOTHING, sentence)


def unnamed(reading: Reading, sentences: Sequence[str]) -> list[Trial]:
    """Trials on the printed axes for sites of which some names were left out, as told."""
    return _as(_trials(reading)[0], Heed.NAME, tuple(sentences))


def settings_of(reading: Reading) -> list[Setting]:
    """All settings that are tried for a group."""
    return [trial.setting for trials in _trials(reading) for trial in trials]


def _trials(reading: Reading) -> tuple[list[Trial], list[Trial]]:
    """Trials of a group: on the axes that are printed, and on its other ones."""
    meant, other = printed_settings(reading.group)
    repairs = (reading.repair,) if reading.repair else ()
    printed = reading.group.setting
    taken = reading.group.number if reading.repair else None
    own = [Trial(s, repairs=repairs, group_taken=taken) for s in meant]
    turned = [
        replace(t, repairs=(*repairs, f"The sites are those of {t.setting}; {printed} is printed."))
        for t in (Trial(s, group_taken=taken) for s in other)
    ]
    return own, turned


def _as(
    trials: Sequence[Trial], heed: Heed, repairs: tuple[str, ...], loose: bool = False
) -> list[Trial]:
    return [
        replace(t, heed=heed, loose=loose, repairs=(*t.repairs, *repairs), strict=True)
        for t in trials
    ]


def on_other_axes(reading: Reading) -> list[Trial]:
    """Trials of a group on all axes but the printed ones."""
    own, other = _trials(reading)
    return [*_as(other, Heed.NAME, ()), *_reordered(reading, own)]


def _reordered(reading: Reading, own: Sequence[Trial]) -> list[Trial]:
    """The edges of an orthorhombic cell in another order than the sites' axes."""
    if reading.group.number not in _ORTHORHOMBIC:
        return []
    names, found = "abc", []
    for order in _ORDERS:
        axes = ", ".join(names[i] for i in order)
        text = (f"The cell's edges are permuted: {axes} are the axes of the sites.",)
        found += [replace(t, repairs=(*t.repairs, *text), order=order, strict=True) for t in own]
    return found


def _shifted(own: Sequence[Trial]) -> Iterator[list[Trial]]:
    """All sites moved by the same quarters of the cell's edges."""
    rank = []
    for quarters in itertools.product(range(4), repeat=3):
        if any(quarters):
            shift = (quarters[0] / 4, quarters[1] / 4, quarters[2] / 4)
            text = f"All sites were shifted by ({', '.join(f'{x:g}' for x in shift)})."
            rank += [replace(t, repairs=(*t.repairs, text), shift=shift, strict=True) for t in own]
    yield rank
