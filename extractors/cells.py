"""Unit cells in running text: edges and angles with their axes, as printed.

Reads ``a = b = 3.95 Å and c = 13.02(2) Å``, lists with units that stand once, and sentences such as
"the lattice parameter is 5.29 Å". Numbers stay as printed; whose cell it is, is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from scmine.extractors.characters import uniform

_NUMBER = r"\d{1,3}(?:\.\d{1,6})?(?:\s?\(\d{1,4}\))?(?:\s?±\s?\d{0,2}\.\d{1,5})?"
_UNIT = (
    r"(?:Å|A\s?[˚°]|[˚°]\s?A(?![a-z])|A(?![\w˚°/])|nm\b|pm\b|[Bb]ohrs?\b|a\.\s?u\.|[Aa]ngstroms?\b"
    r"|[åÅ]ngstr[öo]ms?\b)"
)
_AXES = r"(?:a(?:0|_0)?(?:\s?\(?=\s?b\)?)?(?:\s?=\s?c)?|b(?:\s?=\s?c)?|c(?:0|_0)?)'?"
_EDGE = re.compile(
    rf"(?<![\w·*/^.-])(?P<axes>{_AXES})\s?(?:lattice\s)?(?:=|≈|~|≃|:)\s?[~≈]?\s?"
    rf"(?P<number>{_NUMBER})(?!\d|\.\d)(?:\s?(?:\((?:in\s)?)?(?P<unit>{_UNIT})\)?)?"
    r"|(?<![\w])(?P<angles>[αβγ](?:\s?=\s?[βγ]){0,2})\s?(?:=|≈|~)\s?"
    rf"(?P<degrees>{_NUMBER})\s?(?:°|◦|º|˚|deg(?:rees?)?\.?)?"
)
_BETWEEN = re.compile(r"[\s,;&]*(?:and|with|or|but)?[\s,]*")
_WORDED = re.compile(
    r"(?:(?P<before>(?<![\w])[abc](?:0)?)[\s-](?:axis[\s-])?)?"
    r"(?P<what>lattice[\s-](?:constant|parameter|spacing)(?P<many>s?)"
    r"|(?:unit[\s-])?cell[\s-](?:edge|parameter|length|constant)s?|(?<=[abc][\s-])axis(?:\slength)?"
    r"|cube edge)(?![a-z])"
)
_VALUES = re.compile(
    rf"(?P<first>{_NUMBER})(?![\d.:])\s?(?P<unit>{_UNIT})?"
    rf"(?:(?:\s?,\s?(?:and\s)?|\s?(?:and|or)\s){_NUMBER}(?![\d.:])\s?(?:{_UNIT})?){{0,5}}"
)
_VALUE = re.compile(rf"(?P<number>{_NUMBER})\s?(?P<unit>{_UNIT})?")
_STOP = re.compile(
    r"[;:]|\.\s|\b(?:than|mismatch|volumes?|ratio|differ\w*|chang\w*|twice|times|half|thick\w*|radi\w+"
    r"|distances?|lengths?|larger|smaller|by|from|between|period|multiple|compress\w*|doubl\w*|varies"
    r"|range\w*|up to|coherence|penetration|energy|pressure)\b|[<>≤≥]"
)
_ALSO = re.compile(
    r"\b(?:experiment\w*|measured|reported|literature|accepted|bulk|theor\w+|calculated|published)\s"
    r"(?:[a-z]+\s)?(?:values?|results?|data|ones?|parameters?|constants?)[^.;\d]{0,40}?[\s=~]"
    rf"(?P<number>{_NUMBER})\s?(?P<unit>{_UNIT})"
)
_AND_FOR = re.compile(
    rf"\s(?:for|of)\s[^\s]{{1,30}}(?:\s\[[\d,\s-]{{1,12}}\])?,?\s(?:and\s)?"
    rf"(?P<number>{_NUMBER})\s?(?P<unit>{_UNIT})(?=\s(?:for|of)\b)"
)
_AXIS_NAME = re.compile(r"(?<![\w-])([abc])0?'?(?![\w=(-])")
_PLACE = re.compile(r"\b(?:in-plane|out-of-plane)\b")
_CONTEXT = re.compile(
    r"lattice|\bcells?\b|space[\s-]group|crystal|structur|diffract|XRD|refine|Rietveld|\baxis|\baxes"
    r"|symmetry|phases?\b|tetragonal|hexagonal|cubic|orthorhombic|monoclinic|parameter|constant",
    re.I,
)
_REACH = 110
"""Characters between the words "lattice parameter" and the number."""

LONGEST_EDGE = 100.0
"""Å; a longer length that is called a is more often that of a sample."""

_TO_ANGSTROM = {"n": 10.0, "p": 0.01}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that a text states: what stands where, and each edge or angle as printed.

    ``values`` maps ``a``, ``b``, ``c``, ``alpha``, ``beta`` and ``gamma`` to number and unit;
    ``listed`` says that it is one of a list of values of the same axis.
    """

    start: int
    end: int
    values: dict[str, str] = field(hash=False)
    listed: bool = False


@dataclass(slots=True)
class _Part:
    start: int
    end: int
    keys: tuple[str, ...]
    number: str
    unit: str
    follows: bool  # whether only a comma or the like parts it from the one before


def find_cells(text: str, unit: str = "") -> list[Cell]:
    """Every cell that ``text`` states with a unit, in order of print.

    ``unit`` is that of edges without one, where ``text`` is known to state a cell or a part of it,
    as under a head of lattice parameters.

    >>> [c.values for c in find_cells("lattice constants a = 3.952(1) and c = 13.02(2) Å")]
    [{'a': '3.952(1) Å', 'c': '13.02(2) Å'}]
    >>> [c.values for c in find_cells("The lattice parameter of Nb3Sn is 0.529 nm.")]
    [{'a': '0.529 nm'}]
    """
    clean = uniform(text)
    if unit:
        return list(_in_table(clean, unit))
    cells = list(_symbolic(clean))
    for cell in _worded(clean):
        if not any(c.start < cell.end and cell.start < c.end for c in cells):
            cells.append(cell)
    return sorted(cells, key=lambda c: c.start)


def _symbolic(text: str) -> Iterator[Cell]:
    """Cells written with symbols and equals signs."""
    parts = list(_parts(text))
    following = ""
    for part, after in zip(reversed(parts), [None, *reversed(parts[1:])], strict=False):
        if after is None or not after.follows:
            following = ""
        if part.unit != "°":
            following = part.unit = part.unit or following
    chain: list[_Part] = []
    for part in parts:
        taken = {key for p in chain for key in p.keys}
        if chain and (not part.follows or taken & set(part.keys)):
            yield from _cell(text, chain)
            chain = []
        chain.append(part)
    yield from _cell(text, chain)


def _in_table(text: str, unit: str) -> Iterator[Cell]:
    """The cell of a table's cell: every edge and angle in it, if none is stated twice.

    >>> [c.values for c in _in_table("a = b = 3.5 c = 5.1 γ = 120", "Å")]
    [{'a': '3.5 Å', 'b': '3.5 Å', 'c': '5.1 Å', 'gamma': '120 °'}]
    """
    parts = list(_parts(text))
    keys = [key for part in parts for key in part.keys]
    if not parts or len(keys) != len(set(keys)):
        return
    stated: dict[str, str] = {}
    for part in parts:
        named = part.unit or unit
        if named != "°" and not 1.0 <= _in_angstrom(part.number, named) <= LONGEST_EDGE:
            return
        stated |= dict.fromkeys(part.keys, f"{part.number} {named}")
    yield Cell(parts[0].start, parts[-1].end, stated)


def _parts(text: str) -> Iterator[_Part]:
    names = {"α": "alpha", "β": "beta", "γ": "gamma"}
    last = -1
    for match in _EDGE.finditer(text):
        follows = last >= 0 and _BETWEEN.fullmatch(text, last, match.start()) is not None
        if match["axes"]:
            keys = tuple(dict.fromkeys(re.findall("[abc]", match["axes"])))
            number, unit = match["number"], _spelled(match["unit"] or "")
        else:
            keys = tuple(names[s] for s in re.findall("[αβγ]", match["angles"]))
            number, unit = match["degrees"], "°"
        yield _Part(match.start(), match.end(), keys, number, unit, follows)
        last = match.end()


def _cell(text: str, chain: Sequence[_Part]) -> Iterator[Cell]:
    """The cell of a chain, if it has an edge with a unit and is like to be one."""
    edges = [p for p in chain if p.unit != "°"]
    if not edges or not all(p.unit for p in edges):
        return
    if any(not 1.5 <= _in_angstrom(p.number, p.unit) <= LONGEST_EDGE for p in edges):
        return
    start, end = chain[0].start, chain[-1].end
    around = text[max(0, start - 160) : end + 60]
    exact = any(len(p.number.partition(".")[2].partition("(")[0]) >= 2 for p in edges)
    if len(edges) == 1 and not (_CONTEXT.search(around) or exact):
        return
    if not exact and not _CONTEXT.search(around):
        return
    yield Cell(start, end, {k: f"{p.number} {p.unit}" for p in chain for k in p.keys})


def _worded(text: str) -> Iterator[Cell]:
    """Cells told in words ("the lattice constants a and c are 2.82 and 19.7 Å")."""
    for match in _WORDED.finditer(text):
        values = _values_after(text, match.end())
        if values is None:
            continue
        gap = text[match.end() : values.start()]
        found = list(_VALUE.finditer(text, values.start(), values.end()))
        while not found[-1]["unit"]:  # "5.291 Å and 0.98": the last is of something else
            found.pop()
        unit = next((_spelled(m["unit"]) for m in reversed(found) if m["unit"]), "")
        numbers = [(m, _spelled(m["unit"] or "") or unit) for m in found]
        if not unit or any(not 1.5 <= _in_angstrom(m["number"], u) <= 60 for m, u in numbers):
            continue
        axes = _axes(match, gap, text[: match.start()])
        if len(axes) == len(numbers):
            stated = {a: f"{m['number']} {u}" for a, (m, u) in zip(axes, numbers, strict=True)}
            yield Cell(values.start(), values.end(), stated)
        elif len(axes) == 1:
            for m, u in numbers:
                yield Cell(m.start(), m.end(), {axes[0]: f"{m['number']} {u}"}, listed=True)
        if len(axes) == 1:
            yield from _also(text, values.end(), axes[0])


def _also(text: str, start: int, axis: str) -> Iterator[Cell]:
    """Other values of the same edge ("… 5.33 Å, close to the measured value of 5.29 Å")."""
    end = start + len(re.split(r"\.\s|;", text[start : start + 2 * _REACH])[0])
    match = _ALSO.search(text, start, end)
    while match is not None:
        unit = _spelled(match["unit"])
        if 1.5 <= _in_angstrom(match["number"], unit) <= 60:
            place = match.start("number"), match.end("unit")
            yield Cell(*place, {axis: f"{match['number']} {unit}"})
        match = _AND_FOR.match(text, match.end(), end)


def _values_after(text: str, start: int) -> re.Match[str] | None:
    """The first numbers with a unit of length, if no other quantity stands before them."""
    for match in _VALUES.finditer(text, start, start + _REACH):
        before = text[match.start() - 1]
        if before.isalnum() or not re.search(r"[\s=~≈(]", before):
            continue  # part of a formula, a name, a date or a footnote
        if _STOP.search(text, start, match.start()):
            return None
        if re.search(_UNIT, match.group()):
            return match
        if re.match(r"\s?(?:K|GPa|kbar|%|°)", text[match.end() :]):
            continue  # "at 300 K"
    return None


def _axes(match: re.Match[str], gap: str, before: str) -> list[str]:
    """The axes that the words name; the edge of a cube or of a plane is a."""
    if match["before"]:
        return [match["before"][0]]
    place = _PLACE.search(before[-24:])
    if place:
        return ["a" if place[0] == "in-plane" else "c"]
    gap = re.sub(r"\b(?:of|for|in) a\b", " ", gap)
    named = list(dict.fromkeys(_AXIS_NAME.findall(gap)))
    return named or ["a"]


def _spelled(unit: str) -> str:
    plain = unit.replace(" ", "")
    if re.fullmatch(r"A[˚°]?|[˚°]A", plain):
        return "Å"
    return "bohr" if plain in ("a.u.", "Bohr", "bohrs", "Bohrs") else plain


def _in_angstrom(number: str, unit: str) -> float:
    value = float(re.match(r"\d+(?:\.\d+)?", number).group())  # type: ignore[union-attr]
    return value * (0.529177 if unit == "bohr" else _TO_ANGSTROM.get(unit[0], 1.0))
