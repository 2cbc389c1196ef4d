"""Chains of atoms and their places in running text, in whatever order and punctuation.

A chain is a run of atoms, Wyckoff positions and coordinates with nothing but plain words between
them. It is read only if it is of one pattern throughout: each atom before its places, each after
them, or each between position and coordinates. ``sites`` reads what is told in other ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from scmine.extractors.elements import elements
from scmine.extractors.site_coordinates import COORDINATE, assigned, filled, site_coordinate

_STRICT = r"-?(?:\d?\.\d{1,8}(?:\(\d{1,3}\))?|[01]|\d/\d{1,2}|\d?[xyz])"
_MANY = "(?:1|2|3|4|6|8|9|12|16|18|24|32|36|48|64|96|192)"
_GIVEN = r"-?\s?(?:\d?\.\d{1,8}(?:\(\d{1,3}\))?|\d/\d{1,2}|[01](?![.\d/]))"
_NAMES = r"[xyz](?:\s?/\s?[abc])?(?:\s?=\s?[xyz](?![\w/]))*"
_ONE = rf"{_NAMES}\s?[=≈]\s?{_GIVEN}"
_TOKEN = re.compile(
    rf"(?P<T>[(\[{{]\s?{COORDINATE}\s?[,;]\s?{COORDINATE}\s?[,;]\s?{COORDINATE}\s?[)\]}}]"
    rf"|[(\[{{]\s?{_STRICT}\s{_STRICT}\s{_STRICT}\s?[)\]}}]"
    rf"|(?<![\w./,-]){_STRICT},\s?{_STRICT},\s?{_STRICT}(?![\w/]|\.\d)"
    rf"|(?<![\w./,-]){_STRICT}\s{_STRICT}\s{_STRICT}(?![\w/]|\.\d|\s?Å|\s\d))"
    rf"|(?P<F>(?<![\w/=]){_ONE}(?:(?:\s?[,;]\s?(?:and\s)?|\sand\s|\s){_ONE}){{0,2}}(?![\w/]|\.\d))"
    rf"|(?P<P>(?<![\w.,/-]){_MANY}\s?(?:[a-z]|\([a-z]\))(?![\w'=]|\s?=))"
    r"|(?P<A>(?<![\w.-])[A-Z][a-z]?(?:\d{1,2}|\s?\(\d\)|['′]|[a-dA-D](?![\w]))?(?![\w.=-]|\s?=|'s))"
    r"|(?P<N>(?<![\w-])[a-z]{3,12}(?=\s(?:atoms?|ions?|cations?|anions?)\b))"
)
_PLACE = re.compile(_GIVEN + r"|" + COORDINATE)
# Possessive, or each way to cut words would be tried: two to the number of letters.
_WORDS = re.compile(
    r"(?:Wyckoff|The|These|There|Sites?|Positions?|Atoms?|In|At|[a-z]++|[^\w.]"
    r"|\.(?=[\s,;)]?$))*+"
)
_PARTED = re.compile(
    r"\b(?:not|no|distances?|bond\w*|than|between|away|instead|rather|neighbou?r\w*|vectors?|planes?"
    r"|points?|modes?|orbitals?|vacan\w+|direction\w*|along|electrons?|displace\w*|energ\w+|charges?"
    r"|lattice|cells?|either|unlike|share|mixed|pressure|phonon\w*|bands?|level\w*"
    r"|or)\b|[.!?]\s"
)
_LISTED = re.compile(r"\s?(?:,|/|and|&|,\sand)\s?(?:the\s)?")
_AMBIGUOUS = frozenset(("As", "At", "He", "I", "In", "No"))
_AT_PLACE = re.compile(
    r"\d?\s?(?:atoms?\s)?(?:[(:\[]|at\b|on\b|occup|sits?\b|takes?\b|fills?\b|\d)"
)
_NAMED = re.compile(r"site|position|Wyckoff|occup|coordinat|located|inequivalent", re.I)
_FIGURE = re.compile(r"(?:figs?\.?|figures?|panels?|parts?|tables?|refs?\.?)\s?\(?$", re.I)
_LONGEST = 70
"""Characters of plain words between two pieces of a chain."""

_PLACES = "(?:PT?F?|PFT|TF?P?F?|F)"
_ATOM_FIRST = re.compile(f"(?:A{_PLACES}+)+")
_ATOM_LAST = re.compile(f"(?:{_PLACES}+A)+")
_ATOM_WITHIN = re.compile("(?:PA(?:TF?|FT?))+")


@dataclass(frozen=True, slots=True)
class ChainSite:
    """One site of a chain: where it stands, and its values as a record keeps them."""

    start: int
    end: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str
    start: int
    end: int
    text: str


def chains(text: str) -> list[list[ChainSite]]:
    """The sites of each chain in ``text``, whose characters are uniform.

    >>> [s.values for s in chains("La 4b 0.5 0.5 0.5; H1 at (0.25 0.25 0.25) [8c]")[0]]
    ... # doctest: +NORMALIZE_WHITESPACE
    [{'label': 'La', 'element': 'La', 'site': '4b', 'xyz': [0.5, 0.5, 0.5]},
     {'label': 'H1', 'element': 'H', 'site': '8c', 'xyz': [0.25, 0.25, 0.25]}]
    >>> [s.values["label"] for s in chains("the 4b sites (0, 0, 0) are taken by La")[0]]
    ['La']
    """
    found = []
    for run in _runs(text):
        sites = _read(text, run)
        if sites:
            found.append(sites)
    return found


@cache
def _by_name() -> dict[str, str]:
    return {e.name.lower(): symbol for symbol, e in elements().items()}


def _pieces(text: str) -> Iterator[_Piece]:
    for match in _TOKEN.finditer(text):
        kind, printed = str(match.lastgroup), match.group()
        if kind == "N":
            symbol = _by_name().get(printed)
            if symbol is None:
                continue
            kind, printed = "A", symbol
        elif kind == "A":
            label = re.sub(r"[\s()]", "", printed)
            symbol = _element(label)
            if not symbol:
                continue
            if symbol in _AMBIGUOUS and not _AT_PLACE.match(text, match.end()):
                continue
            printed = label
        elif kind == "P" and _FIGURE.search(text[max(0, match.start() - 12) : match.start()]):
            continue
        yield _Piece(kind, match.start(), match.end(), printed)


def _element(label: str) -> str:
    """The element of an atom's label, which a number, a letter or a prime may follow."""
    two = re.match(r"[A-Z][a-z]", label)
    if two and two.group() in elements():
        return two.group()
    return label[0] if label[0] in elements() and not re.match(r".[a-z]", label) else ""


def _runs(text: str) -> Iterator[list[_Piece]]:
    """Pieces with nothing but plain words between them."""
    run: list[_Piece] = []
    for piece in _pieces(text):
        if run and not _goes_on(text[run[-1].end : piece.start]):
            yield run
            run = []
        if run and run[-1].kind == piece.kind == "A":
            between = text[run[-1].end : piece.start]
            listed = _LISTED.fullmatch(between)
            if not listed and _element(run[-1].text) in ("", _element(piece.text)):
                run.pop()  # "two hydrogen sites, H1 at …"
        run.append(piece)
    yield run


def _goes_on(between: str) -> bool:
    return (
        len(between) <= _LONGEST
        and _WORDS.fullmatch(between) is not None
        and not _PARTED.search(between)
    )


def _read(text: str, run: Sequence[_Piece]) -> list[ChainSite]:
    kinds = "".join(p.kind for p in run)
    pieces = list(run)
    if kinds.startswith("A"):
        while pieces and pieces[-1].kind == "A":
            pieces.pop()
        while (
            len(pieces) > 2
            and pieces[1].kind == "A"
            and _element(pieces[0].text) in {_element(p.text) for p in pieces[1:] if p.kind == "A"}
            and "respectively" not in text[pieces[0].start : pieces[-1].end + _LONGEST]
        ):
            pieces.pop(0)  # "made of La and H, with La at …"
    kinds = "".join(p.kind for p in pieces)
    if not set("TF") & set(kinds):
        return []
    around = text[max(0, pieces[0].start - 200) : pieces[-1].end + 60]
    if "P" not in kinds and kinds.count("T") < 2 and not _NAMED.search(around):
        return []
    told = text[pieces[0].start : pieces[-1].end + _LONGEST]
    respectively = (
        "respectively" in re.split(r"[.;]\s", told[pieces[-1].end - pieces[0].start :])[0]
    )
    if respectively or "respectively" in told[: pieces[-1].end - pieces[0].start]:
        groups = _in_order(pieces)
    elif _ATOM_FIRST.fullmatch(kinds):
        groups = _grouped(pieces, first=True)
    elif _ATOM_LAST.fullmatch(kinds):
        groups = _grouped(pieces, first=False)
    elif _ATOM_WITHIN.fullmatch(kinds):
        groups = _within(pieces)
    else:
        return []
    found: list[ChainSite] = []
    for atom, places in groups:
        for place in _places(places):
            site = _site(atom, place)
            if site is None:
                return []
            found.append(site)
    return found


def _in_order(pieces: Sequence[_Piece]) -> list[tuple[_Piece, list[_Piece]]]:
    """Atoms that are listed and then, or before, as many places: the first has the first."""
    atoms = [p for p in pieces if p.kind == "A"]
    others = [p for p in pieces if p.kind != "A"]
    if list(pieces) not in ([*atoms, *others], [*others, *atoms]) or not others:
        return []
    places = list(_places(others))
    if len(places) != len(atoms):
        return []
    return list(zip(atoms, places, strict=True))


def _grouped(pieces: Sequence[_Piece], *, first: bool) -> list[tuple[_Piece, list[_Piece]]]:
    """Each atom with the pieces of its places."""
    groups: list[tuple[_Piece, list[_Piece]]] = []
    waiting: list[_Piece] = []
    for piece in pieces:
        if piece.kind != "A":
            (groups[-1][1] if first else waiting).append(piece)
        else:
            groups.append((piece, waiting))
            waiting = []
    return groups


def _within(pieces: Sequence[_Piece]) -> list[tuple[_Piece, list[_Piece]]]:
    """The same where an atom stands between its position and its coordinates."""
    groups: list[tuple[_Piece, list[_Piece]]] = []
    for i, piece in enumerate(pieces):
        if piece.kind == "A":
            groups.append((piece, [pieces[i - 1]]))
        elif piece.kind != "P":
            groups[-1][1].append(piece)
    return groups


def _places(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """The pieces of each place: a new one begins where a kind stands that was there already."""
    place: list[_Piece] = []
    opens = pieces[0].kind
    for piece in pieces:
        if place and (piece.kind == opens or any(p.kind == piece.kind for p in place)):
            yield place
            place = []
        place.append(piece)
    yield place


def _site(atom: _Piece, place: Sequence[_Piece]) -> ChainSite | None:
    """One site; None if its pieces do not tell one."""
    by_kind = {p.kind: p for p in place}
    if len(by_kind) < len(place):
        return None
    values: dict[str, Any] = {"label": atom.text, "element": _element(atom.text)}
    if "P" in by_kind:
        values["site"] = re.sub(r"[\s()]", "", by_kind["P"].text)
    free = _free(by_kind["F"].text) if "F" in by_kind else {}
    if "T" in by_kind:
        xyz = _triple(by_kind["T"].text)
        if len(xyz) != 3 or any(isinstance(c, float) and abs(c) > 1.5 for c in xyz):
            return None
        values["xyz"] = [*filled(xyz, free)]
    elif len(free) == 3 or (free and "P" in by_kind):
        values["xyz"] = [free.get(axis) for axis in "xyz"]
    elif "P" not in by_kind:
        return None
    all_pieces = (atom, *place)
    return ChainSite(min(p.start for p in all_pieces), max(p.end for p in all_pieces), values)


def _triple(text: str) -> list[float | str]:
    inner = text.strip("()[]{} ") if text[0] in "([{" else text
    parts = re.split(r"[,;]", inner)
    parts = parts if len(parts) == 3 else inner.split()
    return [site_coordinate(p.strip()) for p in parts]


def _free(text: str) -> dict[str, float]:
    """The values given to x, y and z, whole numbers and fractions included."""
    found = assigned(text)
    for match in re.finditer(rf"({_NAMES})\s?[=≈]\s?({_GIVEN})", text):
        value = site_coordinate(match[2])
        for name in re.findall(r"(?<![/\w])[xyz]", match[1]):
            if isinstance(value, float):
                found.setdefault(name, value)
    return found
