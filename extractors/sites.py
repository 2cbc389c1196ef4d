"""Atomic sites in running text: which element sits on which Wyckoff position, and where.

Reads ``Co at 2a(0,0,0), O at 4f(1/3,2/3,z)``, "Ca atoms occupy the 6c site" and coordinates listed
behind atoms. Tables of sites are read in ``table_sites``; space groups live in ``spacegroups``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from scmine.extractors.characters import uniform
from scmine.extractors.elements import elements
from scmine.extractors.site_chains import chains
from scmine.extractors.site_coordinates import FREE, TRIPLE, assigned, filled, site_coordinate

_MANY = r"(?P<many>1|2|3|4|6|8|9|12|16|18|24|32|36|48|64|96|192)"
_TO_TRIPLE = r"\s?[)\]]?\s?(?:(?:sites?|positions?)\s?)?[:,]?\s?(?:at\s)?"
_SITE = re.compile(
    rf"(?<![\w.,/-]){_MANY}(?P<letter>[a-zα])(?![\w'])(?:{_TO_TRIPLE}(?P<triple>{TRIPLE}))?"
    rf"(?P<free>{FREE})?"
)
_ATOM = re.compile(
    r"(?<![\w.])(?P<label>(?P<element>[A-Z][a-z]?)(?:\d{1,2}(?![a-z])|\s?\(\d{1,2}\)|[′'])?)"
    r"(?:\s?(?:[²³]?[+-]|\d[+-]))?(?:\s(?:atoms?|ions?|cations?|anions?|sites?))?"
)
_SITTING = re.compile(
    r"\s?(?:,?\s?(?:which|that|they)\s)?(?:\s?(?:are|is|was|were|being|has been|have been)\s)?"
    r"(?:\s?(?:randomly|fully|partially|only|all|both|the|respectively)\s)*"
    r"\s?(?:at|on|in|into|occup(?:y|ies|ying|ied)|takes?|taking|fills?|filling|:|="
    r"|(?:located?|placed|positioned|sits?|sitting|resid(?:es?|ing)|sites?)\s(?:at|on|in))\s"
    r"(?:\s?(?:only|the|a|their|its|crystallographic|equivalent|Wyckoff|tetrahedral|octahedral|special"
    r"|general|positions?|sites?|of)\s?)*\(?",
    re.I,
)
_BESIDE = re.compile(r"\s?[\s:,(\[-]{0,2}\s?")
_MORE = re.compile(r"[\s,;()\]]*(?:sites?|positions?)?[\s,;)]*(?:and|&|or)?\s?(?:the\s)?(?:at\s)?")
_NAMED = re.compile(r"site|position|Wyckoff|occup|coordinat", re.I)
_ORBITAL = re.compile(
    r"\s?(?:-?\s?(?:electrons?|orbitals?|states?|bands?|shells?|levels?|core|character))\b"
)
_FIGURE = re.compile(r"(?:figs?\.?|figures?|panels?|parts?|tables?|refs?\.?)\s?$", re.I)
_COORDINATES = re.compile(
    rf"(?<![\w.])(?P<element>[A-Z][a-z]?)(?P<number>\d{{0,2}})(?:\satoms?)?\s?(?::|at|on)?\s?"
    rf"(?P<triple>{TRIPLE})(?:\s?[\[(]\s?(?P<site>\d{{1,3}}[a-z])\s?[\])])?"
)
_ATOM_LIST = re.compile(
    r"(?<![\w.])((?:[A-Z][a-z]?,\s){0,4}[A-Z][a-z]?,?\sand\s[A-Z][a-z]?)\s(?:atoms|ions|cations|sites)"
)
_LINK = 70
"""Characters between an atom's symbol and the first site it is said to occupy."""


@dataclass(frozen=True, slots=True)
class Site:
    """One site: where it is told, and what the record keeps of it."""

    start: int
    end: int
    values: dict[str, Any]


def find_sites(text: str) -> list[Site]:
    """Every site that ``text`` tells, with element, Wyckoff letter and coordinates.

    >>> [s.values for s in find_sites("Co at 2a(0,0,0) and O at 4f(1/3,2/3,z)")][1]
    {'label': 'O', 'element': 'O', 'site': '4f', 'xyz': [0.333333, 0.666667, 'z']}
    >>> [s.values["site"] for s in find_sites("H atoms occupy the 32f and 8c sites")]
    ['32f', '8c']
    """
    clean = uniform(text)
    found = _with_chains(clean, list(_respective(clean)) or list(_lettered(clean)))
    listed = list(_COORDINATES.finditer(clean))
    exact = sum("." in match["triple"] for match in listed)
    if _NAMED.search(clean) or exact > 1 or any(match["site"] for match in listed):
        for match in listed:
            element = match["element"]
            taken = any(s.start < match.end() and match.start() < s.end for s in found)
            if element in elements() and not taken:
                values: dict[str, Any] = {"label": element + match["number"], "element": element}
                if match["site"]:
                    values["site"] = match["site"]
                values["xyz"] = [site_coordinate(match[i]) for i in range(4, 7)]
                found.append(Site(match.start(), match.end(), values))
    return sorted(found, key=lambda s: s.start)


def _with_chains(text: str, found: list[Site]) -> list[Site]:
    """``found`` with the chains that tell more sites with coordinates where they stand."""
    for chain in chains(text):
        start, end = min(s.start for s in chain), max(s.end for s in chain)
        inside = [s for s in found if s.start < end and start < s.end]
        if _told(s.values for s in chain) >= _told(s.values for s in inside):
            found = [s for s in found if s not in inside]
            found += [Site(s.start, s.end, s.values) for s in chain]
    return found


def _told(sites: Iterable[dict[str, Any]]) -> int:
    """How much sites tell: their coordinates first, then that there are as many."""
    return sum(100 * ("xyz" in s) + 10 * ("site" in s) for s in sites)


def _lettered(text: str) -> Iterator[Site]:
    """Sites with their Wyckoff letter, each with the atom before it or of the list it is in."""
    label, last = "", -1
    for match in _SITE.finditer(text):
        if _ORBITAL.match(text, match.end("letter")) or _FIGURE.search(text[: match.start()][-12:]):
            continue
        told = bool(match["triple"])
        around = text[max(0, match.start() - 40) : match.end() + 40]
        if not told and match["letter"] > "l" and not _NAMED.search(around):
            continue  # `2x` is a coordinate, `10 s` a time
        end = match.end() if told or _is_bracketed(match) else match.end("letter")
        atom = _atom_before(text, match.start(), max(last, match.start() - _LINK), told)
        chained = last >= 0 and _MORE.fullmatch(text, last, match.start())
        if atom is not None:
            start, label = atom
        elif chained and label:
            start = match.start()
        else:
            label = ""
            continue
        last = end
        if not told and atom is not None and not _NAMED.search(around):
            label, last = "", -1
            continue
        element = re.match(r"[A-Z][a-z]?", label).group()  # type: ignore[union-attr]
        values: dict[str, Any] = {"label": label, "element": element}
        values["site"] = match["many"] + match["letter"]
        xyz = _coordinates(match)
        if xyz:
            values["xyz"] = xyz
        yield Site(start, end, values)


def _is_bracketed(match: re.Match[str]) -> bool:
    """Whether free coordinates stand right behind the letter (``32f (x = 0.12)``)."""
    return bool(match["free"]) and re.match(r"\s?[\[(]", match["free"]) is not None


def _coordinates(match: re.Match[str]) -> list[float | str | None]:
    """The coordinates of a site; of one without an expression the free ones that are given."""
    values = assigned(match["free"] or "")
    if match["triple"]:
        printed = re.fullmatch(TRIPLE, match["triple"])
        assert printed is not None
        return [*filled([site_coordinate(c) for c in printed.groups()], values)]
    if values and _is_bracketed(match):
        return [values.get(axis) for axis in "xyz"]
    return []


def _respective(text: str) -> Iterator[Site]:
    """Sites listed behind a list of atoms ("the Li and Ti atoms are respectively at …")."""
    for atoms in _ATOM_LIST.finditer(text):
        symbols = re.findall(r"[A-Z][a-z]?", atoms[1])
        reach = re.split(r"\.\s|;", text[atoms.end() : atoms.end() + 160])[0]
        sites = list(_SITE.finditer(text, atoms.end(), atoms.end() + len(reach)))
        told = "respectively" in reach and _NAMED.search(reach)
        if told and len(sites) == len(symbols) and set(symbols) <= set(elements()):
            for symbol, match in zip(symbols, sites, strict=True):
                site = match["many"] + match["letter"]
                yield Site(
                    match.start(),
                    match.end(),
                    {"label": symbol, "element": symbol, "site": site},
                )


def _atom_before(text: str, end: int, low: int, told: bool) -> tuple[int, str] | None:
    """The atom that is said to sit on the site that begins at ``end``: its place and label.

    Where the site's coordinates are ``told`` it is enough that the atom stands beside it.
    """
    for match in reversed(list(_ATOM.finditer(text, max(0, low), end))):
        if match["element"] not in elements():
            continue
        beside = told and _BESIDE.fullmatch(text, match.end(), end)
        if beside or _SITTING.fullmatch(text, match.end(), end):
            return match.start(), re.sub(r"\s", "", match["label"])
    return None
