"""Space groups and crystal-structure words in running text.

Knows the 230 groups with every usual spelling, and gives the standard symbol and the number. What
a structure looks like in atoms is not known here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from scmine.extractors.characters import uniform
from scmine.extractors.lexicons import load_rows, load_toml


@dataclass(frozen=True, slots=True)
class SpaceGroup:
    """A space group: its standard short symbol, its number, and the setting that was printed."""

    symbol: str
    number: int
    setting: str


class SpaceGroupHit(NamedTuple):
    """Where a text names a space group; ``number`` is None for a spelling of several groups."""

    start: int
    end: int
    symbol: str
    number: int | None


_BARS = "\u0304\u0305\u00af\u02c9\u203e\u0332"
_MACRON_DIGITS = str.maketrans({"₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6"})
# the shape of a symbol: a lattice letter, then axes and planes with blanks or marks between them
_ELEMENT = (
    rf"(?:[-{_BARS}]\s?\d|\\bar\s?\{{?\d\}}?|\d\s?[{_BARS}]|\d\s?_?\s?\{{?\d?\}}?"
    rf"|[abcdemn][{_BARS}]?)"
)
_SHAPE = re.compile(
    rf"(?<![\w/-])[PABCFIR](?:[\s_$]{{0,2}}(?:{_ELEMENT}|/\s?[abcdemn])){{1,8}}(?![\w/])"
)
_CONTEXT = re.compile(
    r"(?:space[\s-]*groups?|\bS\.\s?G\.|\bSG\b|\bsymmetry\b|\bgroups?)"
    r"(?:\s*(?:symbol|is|of|the|type|:|=|\(|No\.?|#|,))*\s*$",
    re.IGNORECASE,
)
_CONTEXT_AFTER = re.compile(
    r"\s*+\)?,?\s*+(?:space[\s-]*group|symmetry|phases?\b|structures?\b)", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"(?:space[\s-]*group|\bS\.?G\.?)\s*+(?:number|nr\.?|no\.?|n°|#|:|\()?\s*+(?:#|no\.?|=|:)?\s*+(\d{1,3})(?![\w.])"
    r"|\bspace[\s-]*group[^.;\d]{0,20}?\b[Nn]o\.?\s*(\d{1,3})(?![\w.])",
    re.IGNORECASE,
)
_NUMBER_AFTER = re.compile(
    r"\s*+[,(\[]?\s*+(?:space\s+group\s*)?(?:[Nn]o\.?|[Nn]umber|#|\()\s*+(\d{1,3})\s*[)\]]?(?!\s?[\w.])"
)
_WEAK_LENGTH = 3  # `Pm`, `C2`, `P2` and the like are words of other kinds far more often


@cache
def _groups() -> dict[str, SpaceGroup]:
    """Every spelling of every group."""
    table: dict[str, SpaceGroup] = {}
    for row in load_rows("space_groups.csv"):
        for name in (row["symbol"], *row["aliases"].split()):
            table[name] = SpaceGroup(row["symbol"], int(row["number"]), name)
    return table


@cache
def _by_number() -> dict[int, str]:
    return {group.number: group.symbol for group in _groups().values()}


def lookup_space_group(printed: str | int) -> SpaceGroup | None:
    """The group that a symbol in any usual spelling, or a number, names; None if there is none.

    >>> lookup_space_group("P6_3/mmc").number, lookup_space_group("Fm3\u0304m").symbol
    (194, 'Fm-3m')
    >>> lookup_space_group("Pbnm")
    SpaceGroup(symbol='Pnma', number=62, setting='Pbnm')
    """
    if isinstance(printed, int) or printed.strip().lstrip("#").isdecimal():
        number = int(str(printed).strip().lstrip("#")[:4])
        symbol = _by_number().get(number)
        return SpaceGroup(symbol, number, symbol) if symbol else None
    return _groups().get(_plain(printed))


def _plain(printed: str) -> str:
    """A printed symbol with bars as leading dashes and without blanks, underscores, italics."""
    text = unicodedata.normalize("NFD", uniform(printed.translate(_MACRON_DIGITS)))
    text = re.sub(r"\\(?:bar|overline)\s*\{?\s*(\d)\s*\}?", r"-\1", text)
    text = re.sub(rf"(\d)\s?[{_BARS}]", r"-\1", text)
    text = re.sub(rf"[{_BARS}]\s?(\d)", r"-\1", text)
    return re.sub(rf"[\s_${{}}*{_BARS}]|\\it|\\rm", "", text)


def find_space_groups(text: str, typography_hint: str | None = None) -> list[SpaceGroupHit]:
    """Every space group that ``text`` names by symbol, or by number after the words.

    Parameters
    ----------
    text
        Running text; blanks and marks inside symbols (``P6 3 /mmc``) are understood.
    typography_hint
        ``"italic"`` or ``"symbol"`` when the text is known to be set as a symbol, such as a cell of
        a column of space groups: short symbols then need no context.

    Returns
    -------
    list of SpaceGroupHit
        In order of print. A number printed beside a symbol is part of the hit if it agrees.

    >>> [tuple(h) for h in find_space_groups("crystallizes in I4/mmm (No. 139)")]
    [(16, 32, 'I4/mmm', 139)]
    >>> find_space_groups("the C2 domain of Pm and P1")
    []
    """
    hits: list[SpaceGroupHit] = []
    for match in _SHAPE.finditer(text):
        end, group = _longest(text, match)
        if group is None:
            continue
        printed = text[match.start() : end]
        if _needs_context(printed) and not typography_hint:
            odd_setting = len(group.setting) < _WEAK_LENGTH and group.setting != group.symbol
            if odd_setting or not _has_context(text, match.start(), end):
                continue
        beside = _NUMBER_AFTER.match(text, end)
        if beside and int(beside[1]) == group.number:
            end = beside.end()
            if text[match.start() : end].count("(") < text[match.start() : end].count(")"):
                end -= 1
        hits.append(SpaceGroupHit(match.start(), end, group.symbol, group.number))
    for match in _NUMBERED.finditer(text):
        number = int(match[1] or match[2])
        symbol = _by_number().get(number)
        group_index = 1 if match[1] else 2
        start = match.start(group_index)
        start -= text[:start].endswith("#")
        taken = any(h.start < match.end() and start < h.end for h in hits)
        if symbol and not taken:
            hits.append(SpaceGroupHit(start, match.end(group_index), symbol, number))
    return sorted(hits)


def _longest(text: str, match: re.Match[str]) -> tuple[int, SpaceGroup | None]:
    """The longest head of the match that names a group and ends at a word's end, and its end."""
    for end in range(match.end(), match.start() + 1, -1):
        if end < match.end() and text[end].isalnum() and text[end - 1] != " ":
            continue
        head = text[match.start() : end]
        if head != head.rstrip():
            continue
        group = _groups().get(_plain(head))
        if group is not None:
            return end, group
    return match.end(), None


def _needs_context(printed: str) -> bool:
    """Whether a symbol is too short or too common a string to be taken on its own."""
    plain = _plain(printed)
    if "/" in plain:
        return False
    if re.search(r"\s[a-z]{1,2}(?:\s|$)", printed) and not re.search(r"\d", printed):
        return True
    if re.fullmatch(r"[A-Z]\d+", plain):
        return True  # `A112` is more often a page number
    return len(plain) <= _WEAK_LENGTH and not re.fullmatch(r"R-?3[mc]", plain)


def _has_context(text: str, start: int, end: int) -> bool:
    """Whether the words around say that a space group is meant."""
    return bool(_CONTEXT.search(text, max(0, start - 40), start) or _CONTEXT_AFTER.match(text, end))


@cache
def _structure_pattern() -> re.Pattern[str]:
    data = load_toml("structure_types.toml")

    def choice(words: list[str]) -> str:
        escaped = (re.escape(w) for w in sorted(words, key=len, reverse=True))
        return "|".join(w.replace(r"\ ", r"[\s-]").replace(r"\-", r"[\s-]?") for w in escaped)

    formulas = "|".join(
        r"\s?".join(re.findall(r"[A-Z][a-z]?|\d+", t))
        for t in sorted(data["typed"], key=len, reverse=True)
    )
    head = rf"(?P<typed>(?:anti-)?(?:{formulas}|{choice(data['strong'])}))"
    tail = r"(?=[\s-]{0,2}(?:type|structure|phase|prototype)s?\b)(?:[\s-]{0,2}type\b)?"
    words = choice([*data["systems"], *data["named"]])
    return re.compile(
        rf"(?<![\w-])(?:{head}{tail}|(?P<alone>{choice(data['alone'])})(?!\w)"
        rf"|(?P<word>(?i:{words}))(?![\w]))"
    )


def find_structure_types(text: str) -> list[tuple[int, int, str]]:
    """Every crystal system, structure type and named structure of ``text``: (start, end, name).

    Names come without blanks inside formulas and in lower case for words.

    >>> find_structure_types("the tetragonal ThCr2Si2-type structure")
    [(4, 14, 'tetragonal'), (15, 28, 'ThCr2Si2-type')]
    """
    clean, found = uniform(text), []
    for match in _structure_pattern().finditer(clean):
        if match["typed"]:
            name = "".join(match["typed"].split()) + "-type"
        elif match["alone"]:
            name = match["alone"] + "-type"
        else:
            name = re.sub(r"\s+", " ", match["word"])
            name = name if re.search(r"[A-Z][a-z]+-|Heusler|Chevrel|Laves", name) else name.lower()
        found.append((match.start(), match.end(), name))
    return found
