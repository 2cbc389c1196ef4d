"""The table of space groups: what a symbol or number names, however it is spelt.

Knows lost and misplaced bars, markup, full symbols, old names and settings. Where a text names a
group is the affair of ``spacegroups``; what a structure looks like in atoms is not known here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from scmine.extractors.characters import uniform
from scmine.extractors.lexicons import load_rows

BARS = "\u0304\u0305\u00af\u02c9\u203e\u0332"
"""What an overbar comes out as: combining marks, macrons, an underline gone astray."""

MARKUP = (
    r"\\(?:mathrm|mathit|mathbf|mathsf|mathnormal|textrm|textit|textsf|text|emph|rm|it|sf)(?![A-Za-z])"
    r"|\\[,;:!/ ]|</?(?:sub|sup|i|em|b)>|[\s_$*{}^~]"
)
"""Blanks and marks that change how a symbol looks but not what it says."""

LAST_OF_SYSTEM = {
    "triclinic": 2,
    "monoclinic": 15,
    "orthorhombic": 74,
    "tetragonal": 142,
    "trigonal": 167,
    "hexagonal": 194,
    "cubic": 230,
}
"""The crystal systems in the order of the space groups, each with its last number."""

_ORIGIN = re.compile(r"(?<=[\da-z]):?(?P<axes>[HRSZ])$|:(?P<origin>[12])$")
_BAR_COMMAND = r"\\(?:bar|overline|=)(?![A-Za-z])"
_MARKUP = re.compile(MARKUP)
_SHORTEST_WITHOUT_SLASH = 5


@dataclass(frozen=True, slots=True)
class SpaceGroup:
    """A space group: its standard short symbol, its number, and the setting that was printed.

    ``setting`` is the printed name in plain spelling: another name of the standard setting
    (``Fm3m``, ``Cmca``), a setting on other axes (``Pbnm``), or one with its origin or axes named
    (``P4/nmm:2``, ``R-3m:H``).
    """

    symbol: str
    number: int
    setting: str

    @property
    def stated(self) -> str:
        """The standard symbol, or where another setting was printed that setting's.

        >>> [lookup_space_group(s).stated for s in ("Fm3m", "Pbnm", "P4/nmm:2")]
        ['Fm-3m', 'Pbnm', 'P4/nmm:2']
        """
        name, colon, choice = self.setting.partition(":")
        return (name if name in _settings() else self.symbol) + colon + choice


@cache
def _groups() -> dict[str, SpaceGroup]:
    """Every name of every group, by its plain spelling."""
    table: dict[str, SpaceGroup] = {}
    for row in load_rows("space_groups.csv"):
        for name in (row["symbol"], *row["spellings"].split(), *row["settings"].split()):
            table[name] = SpaceGroup(row["symbol"], int(row["number"]), name)
    return table


@cache
def _settings() -> frozenset[str]:
    """The names of settings other than the standard ones."""
    rows = load_rows("space_groups.csv")
    return frozenset(name for row in rows for name in row["settings"].split())


@cache
def _by_number() -> dict[int, str]:
    return {int(row["number"]): row["symbol"] for row in load_rows("space_groups.csv")}


@cache
def _by_schoenflies() -> dict[str, int]:
    """Numbers by Schoenflies symbols with the raised number last (``D4h^17``)."""
    return {row["schoenflies"]: int(row["number"]) for row in load_rows("space_groups.csv")}


def _unique(pairs: Iterable[tuple[str, SpaceGroup]]) -> dict[str, SpaceGroup]:
    """Damaged names that only one group can have printed; names of groups are left out."""
    found: dict[str, SpaceGroup] = {}
    shared: set[str] = set()
    for name, group in pairs:
        if found.setdefault(name, group).number != group.number:
            shared.add(name)
    return {name: group for name, group in found.items() if name not in shared}


@cache
def _without_bars() -> dict[str, SpaceGroup]:
    """Names of groups that have a bar, written without it, where only one such group has them."""
    return _unique((n.replace("-", ""), g) for n, g in _groups().items() if "-" in n)


@cache
def _without_slash() -> dict[str, SpaceGroup]:
    """Long names with a slash, written without it and with the bar or not."""
    long = {n: g for n, g in _groups().items() if "/" in n and len(n) > _SHORTEST_WITHOUT_SLASH}
    bare = [(n.replace("/", ""), g) for n, g in long.items()]
    found = _unique([*bare, *((n.replace("-", ""), g) for n, g in bare)])
    return {n: g for n, g in found.items() if n not in _groups() and n not in _without_bars()}


def lookup_space_group(printed: str | int) -> SpaceGroup | None:
    """The group that a symbol in any usual spelling, or a number, names; None if there is none.

    A bar that is printed in the wrong place is put right, a bar or a slash that was lost is put
    back, where only one group can be meant.

    >>> lookup_space_group("P6_3/mmc").number, lookup_space_group("Fm3\u0304m").symbol
    (194, 'Fm-3m')
    >>> lookup_space_group("Pbnm")
    SpaceGroup(symbol='Pnma', number=62, setting='Pbnm')
    >>> lookup_space_group("O_h^5").symbol, lookup_space_group("#139").symbol
    ('Fm-3m', 'I4/mmm')
    """
    if isinstance(printed, int):
        return _numbered(printed)
    number = re.fullmatch(r"\s*#?\s?(\d{1,3})\s*", printed)
    if number:
        return _numbered(int(number[1]))
    plain, barred = plain_symbol(printed)
    named = None if "^" in printed else _named(plain, barred)
    return named or _schoenflies(printed)


def crystal_system(number: int) -> str:
    """The crystal system of a space group by its number.

    >>> crystal_system(12), crystal_system(166), crystal_system(225)
    ('monoclinic', 'trigonal', 'cubic')
    """
    return next(system for system, last in LAST_OF_SYSTEM.items() if number <= last)


def group_beside_number(printed: str, number: int) -> SpaceGroup | None:
    """The group ``number`` if ``printed`` may be its symbol with the bar lost (``R3m``, No. 166).

    >>> group_beside_number("R3m", 166).symbol, group_beside_number("Pnma", 139)
    ('R-3m', None)
    """
    symbol = _by_number().get(number)
    if symbol is None:
        return None
    plain = _ORIGIN.sub("", plain_symbol(printed)[0])
    alike = {n for n, g in _groups().items() if g.number == number}
    if plain.replace("-", "") in {n.replace("-", "") for n in alike}:
        return SpaceGroup(symbol, number, symbol)
    return None


def _numbered(number: int) -> SpaceGroup | None:
    symbol = _by_number().get(number)
    return SpaceGroup(symbol, number, symbol) if symbol else None


def _named(plain: str, barred: bool) -> SpaceGroup | None:
    """The group of a plain symbol; ``barred`` says that a bar was printed at some place."""
    choice = _ORIGIN.search(plain)
    if choice is not None:
        group = _named(plain[: choice.start()], barred)
        mark = choice["origin"] or choice["axes"]
        if group is None or (mark in ("H", "R") and not group.symbol.startswith("R")):
            return None
        mark = {"S": "1", "Z": "2"}.get(mark, mark)  # as the ICSD marks origins
        return SpaceGroup(group.symbol, group.number, f"{group.setting}:{mark}")
    bare = plain.replace("-", "")
    if barred and bare in _without_bars():
        return _without_bars()[bare]
    if plain in _groups():
        return _groups()[plain]
    return _without_bars().get(bare) or _without_slash().get(bare)


def plain_symbol(printed: str) -> tuple[str, bool]:
    """A symbol without blanks, markup and overbars, and whether it had an overbar.

    Dashes before digits stay; which digit an overbar belongs to is often lost in print.

    >>> plain_symbol(r"$Fm\\bar{3}m$"), plain_symbol("P6 3 /mmc")
    (('Fm3m', True), ('P63/mmc', False))
    """
    text = unicodedata.normalize("NFD", even(printed))
    barred = bool(re.search(rf"[{BARS}]|{_BAR_COMMAND}", text))
    text = re.sub(r"(?<=\d)=(?=[a-z])", "/", text)  # a slash of damaged fonts
    text = re.sub(rf"(?<=[{BARS}]),", "", text)  # the tail of a bar
    return _MARKUP.sub("", re.sub(rf"[{BARS}]|{_BAR_COMMAND}", "", text)), barred


def _schoenflies(printed: str) -> SpaceGroup | None:
    """The group of a Schoenflies symbol, whichever of its two indices comes first."""
    text = re.sub(r"[\s${}]|\\(?:mathrm|rm)", "", even(printed))
    match = re.fullmatch(
        r"([CDSOT])(?:_?(?P<low>\d?[hdvis]?)\^(?P<high>\d{1,2})|\^(?P<first>\d{1,2})_?(?P<last>\d?[hdvis]?)"
        r"|_?(?P<plain>\d?[hdvis])(?P<glued>\d{1,2}))",
        text,
    )
    if match is None:
        return None
    low = match["low"] or match["last"] or match["plain"] or ""
    high = match["high"] or match["first"] or match["glued"]
    number = _by_schoenflies().get(f"{match[1]}{low}^{high}")
    return _numbered(number) if number else None


@cache
def _even() -> dict[int, str]:
    """One character for one: slashes, lowered digits and mathematical letters as plain ones."""
    table = {ord("∕"): "/", ord("⁄"): "/", ord("／"): "/"}
    table |= {ord("₀") + i: str(i) for i in range(10)}
    letters = range(0x1D400, 0x1D800)
    table |= {c: p for c in letters if len(p := unicodedata.normalize("NFKC", chr(c))) == 1}
    return table


def even(text: str) -> str:
    """``text`` with slashes, lowered digits and italic letters as plain ones, one for one.

    >>> even("𝑃6₃∕𝑚𝑚𝑐")
    'P63/mmc'
    """
    return uniform(text).translate(_even())
