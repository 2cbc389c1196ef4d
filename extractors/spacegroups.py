"""Space groups in running text: where a text names one, by symbol, Schoenflies symbol or number.

Short symbols that are words of other kinds far more often (``C2``, ``Pm``, ``P1``) need words
around them that say what they are. What a symbol means is in ``spacegroup_table``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scmine.extractors.spacegroup_table import (
    BARS,
    MARKUP,
    SpaceGroup,
    even,
    group_beside_number,
    lookup_space_group,
    plain_symbol,
)

__all__ = ["SpaceGroup", "SpaceGroupHit", "find_space_groups", "lookup_space_group"]


class SpaceGroupHit(NamedTuple):
    """Where a text names a space group, with the standard symbol."""

    start: int
    end: int
    symbol: str
    number: int


_BAR = rf"(?:[{BARS}]|\\(?:bar|overline)(?![A-Za-z])|\\=)"
_GAP = rf"(?:{MARKUP}){{0,6}}"
_ELEMENT = (
    rf"(?:{_BAR}|-\s?\d|\d(?:-(?=[abcdemn\d]))?|[abcdemnāē]|/|(?<=\d)=(?=[a-z])"
    rf"|(?<=[{BARS}]),\s?(?=[acdmn]\b(?!\s?=)))"
)
_STEP = rf"{_GAP}{_ELEMENT}"
# the shape of a symbol: a lattice letter, then axes and planes with blanks or marks between them
_SHAPE = re.compile(
    rf"(?<![\w/.])(?:{_BAR}\s?)?[PABCFIR](?:{_STEP}){{1,16}}(?:-(?![\d\w]))?"
    rf"(?:{_GAP}:?[12HRSZ](?![\w/]|-\d))?(?![\w/])"
)
_SCHOENFLIES = re.compile(
    r"(?<![\w^])(?:(?P<marked>\$?(?:[DCST]|\{?\\rm\s?[DCST]\}?|O)\s?(?:_\s?\{?\s?\d?[hdvis]?\s?\}?\s?\^\s?\{?\s?\d{1,2}\s?\}?"
    r"|\^\s?\{?\s?\d{1,2}\s?\}?\s?_\s?\{?\s?\d?[hdvis]\s?\}?)\$?)"
    r"|(?P<bare>(?:D\s?\d[hd]|C\s?\d[hv]|[OT]\s?h)\s?\d{1,2}))(?![\w.])"
)
_GROUP_WORDS = r"(?:space[\s-]*groups?|\bS\.\s?G\.|\bSG\b|\bsymmetry\b|\bgroups?)"
_FILLER = (
    r"(?:symbol|notation|setting|number|is|are|of|the|a|type|was|to|be|as|:|=|\(|\[|No\.?|#|,|-)"
)
_CONTEXT = re.compile(rf"{_GROUP_WORDS}(?:\s*{_FILLER})*{_GAP}$", re.IGNORECASE)
_CONTEXT_AFTER = re.compile(
    r"[\s$*}]*+\)?,?-?\s*+(?:space[\s-]*group|(?:crystal\s)?symmetry|phases?\b|structures?\b)",
    re.IGNORECASE,
)
_GROUP_AFTER = re.compile(
    r"[\s$*}]*+\)?,?-?\s*+(?:space[\s-]*group|(?:crystal\s)?symmetry)", re.IGNORECASE
)
_NUMBER_WORD = r"(?:numbers?|nr\.?|no\.?|n°|num\.?|№)"
_NUMBERED = re.compile(
    rf"(?:space[\s-]*group|(?<![A-Za-z])S\.?G\.?)\s*+(?:{_NUMBER_WORD}|#|:|=|\(|\bis\b)?\s*+"
    rf"(?:#|{_NUMBER_WORD}|=|:)?\s*+(\d{{1,3}})(?!\s?[\w.]\d|[\w/]|\.\d|\s(?:K|Å|[GM]Pa|kbar)\b)"
    rf"|\bspace[\s-]*group[^.;\d]{{0,20}}?\b{_NUMBER_WORD}\s*(\d{{1,3}})(?![\w/]|\.\d)",
    re.IGNORECASE,
)
_NUMBER_AFTER = re.compile(
    rf"[\s$*}}]*+[,;(\[]?\s*+(?:space\s+group\s*|SG\s*)?(?:(?:{_NUMBER_WORD}|#)\s*+:?#?\s?(\d{{1,3}})"
    r"(?!\d|\.\d|\s?(?:K|Å|[GM]Pa|kbar)\b)(?:\s*[)\]])?|(?<=\()(\d{1,3})\s*\))",
    re.IGNORECASE,
)
_LISTED = re.compile(r"[\s$*{}]*(?:,|/|and|or|to|→|->|vs\.?|versus|,\s*and)[\s$*{}]*")
_HYDRIDE = re.compile(r"-(?:(?:[A-Z][a-z]?\d{0,2}){1,4}H\d|H\d[A-Z])")
_LONGER = re.compile(r"[PR]-\d|[A-Z]\d{3}")
"""Short symbols that are hardly anything else beside a formula: ``P-1``, ``I422``."""
_FORMULA_AFTER = re.compile(r"[\s-]((?:[A-Z][a-z]?\d{0,3}){2,6})(?![\w-])")
_FORMULA_BEFORE = re.compile(r"(?<![\w-])((?:[A-Z][a-z]?\d{0,3}){2,6})\s?\($")
_REACH_OF_CELL = 140
_BETA = re.compile(r"(?<!\w)β\s?[=≈]\s?(?:9[1-9]|1[0-4]\d)(?!\d)")
_ALL_ANGLES = re.compile(r"(?<!\w)α\s?[=≈].{3,16}β\s?[=≈].{3,20}γ\s?[=≈]")
_OBLIQUE = {1: _ALL_ANGLES, **dict.fromkeys((3, 4, 5, 6, 7, 8, 9), _BETA)}
"""Groups with short symbols, and the cell behind ``the C2 phase`` that only they can have."""
_WEAK_LENGTH = 3  # `Pm`, `C2`, `P2` and the like are words of other kinds far more often
_REACH = 48
"""Characters before a short symbol in which a space group must be spoken of."""


def find_space_groups(text: str, typography_hint: str | None = None) -> list[SpaceGroupHit]:
    r"""Every space group that ``text`` names by symbol, or by number after the words.

    Parameters
    ----------
    text
        Running text; blanks and marks inside symbols (``P6 3 /mmc``) and LaTeX
        (``Fm\bar{3}m``) are understood.
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
    smooth = even(text)
    candidates = list(_symbols(smooth))
    sure = [bool(typography_hint) or _is_sure(smooth, c) for c in candidates]
    _spread(smooth, candidates, sure)
    hits = [c.hit for c, yes in zip(candidates, sure, strict=True) if yes]
    for start, end, group in (*_numbers(smooth), *_schoenflies(smooth)):
        if not any(h.start < end and start < h.end for h in hits):
            hits.append(SpaceGroupHit(start, end, group.symbol, group.number))
    return sorted(hits)


class _Candidate(NamedTuple):
    """A symbol and where it ends, before it is known whether it is meant as one."""

    hit: SpaceGroupHit
    symbol_end: int
    group: SpaceGroup
    numbered: bool


def _symbols(text: str) -> Iterator[_Candidate]:
    """What has the shape and the name of a space group, with the number beside it."""
    for match in _SHAPE.finditer(text):
        start = match.start()
        end, group = _longest(text, match)
        if group is None:
            continue
        if text[start] not in "PABCFIR":
            start += re.match(rf"{_BAR}\s?", text[start:]).end()  # type: ignore[union-attr]
        symbol_end, numbered = end, False
        beside = _NUMBER_AFTER.match(text, end)
        if beside:
            number = int(beside[1] or beside[2])
            other = group_beside_number(text[start:end], number)
            group = other if other and number != group.number else group
            if number == group.number:
                numbered, end = True, beside.end()
                whole = text[start:end]
                end -= whole.endswith((")", "]")) and whole.count("(") < whole.count(")")
        hit = SpaceGroupHit(start, end, group.symbol, group.number)
        yield _Candidate(hit, symbol_end, group, numbered)


def _longest(text: str, match: re.Match[str]) -> tuple[int, SpaceGroup | None]:
    """The longest head of the match that names a group and ends at a word's end, and its end."""
    for end in range(match.end(), match.start() + 1, -1):
        before, after = text[end - 1], text[end : end + 1]
        if before.isspace() or (after.isalnum() and (before.isalnum() or before in "-/")):
            continue
        if after and after in BARS + "/_{":
            continue
        group = lookup_space_group(text[match.start() : end])
        if group is not None:
            return end, group
    return match.end(), None


def _is_sure(text: str, candidate: _Candidate) -> bool:
    """Whether a symbol is one by its form, by its number or by the words around it."""
    start, end = candidate.hit.start, candidate.symbol_end
    if candidate.numbered:
        return True
    strong = not _needs_context(text[start:end])
    glued = re.search(r"[^\W_]-$", text[max(0, start - 2) : start])
    if strong:
        return not glued or bool(re.search(rf"[/{BARS}-]", text[start:end]))
    plain = plain_symbol(text[start:end])[0]
    odd = len(plain) < _WEAK_LENGTH and candidate.group.setting != candidate.group.symbol
    if odd or glued:
        return False
    # "P2 structure" is a stacking and "P1 phase" a label; "P2 symmetry" is no other thing
    after = _GROUP_AFTER if re.fullmatch(r"[A-Z]\d", plain) else _CONTEXT_AFTER
    reach = text[max(0, start - _REACH) : start]
    told: re.Match[str] | bool | None = (
        _CONTEXT.search(reach) or after.match(text, end) or _compound(text, end)
    )
    if not told and candidate.group.number in _OBLIQUE and _CONTEXT_AFTER.match(text, end):
        told = _OBLIQUE[candidate.group.number].search(text, end, end + _REACH_OF_CELL)
    return bool(told or (_LONGER.fullmatch(plain) and _beside_formula(text, start, end)))


def _beside_formula(text: str, start: int, end: int) -> bool:
    """Whether a formula stands right behind a symbol, or before the bracket that holds it."""
    before = _FORMULA_BEFORE.search(text, max(0, start - 40), start)
    match = _FORMULA_AFTER.match(text, end) or (before if text[end : end + 1] == ")" else None)
    return match is not None and re.search(r"\d", match[1]) is not None


def _compound(text: str, end: int) -> bool:
    """Whether the formula of a hydride is joined to a short symbol (``R3m-H3S``, ``Cc-LiH6``)."""
    return (
        re.match(r"-[A-Z][a-z]?\d{0,2}(?:[A-Z][a-z]?\d{0,2}){0,3}H\d|-H\d[A-Z]", text[end:])
        is not None
    )


def _spread(text: str, candidates: list[_Candidate], sure: list[bool]) -> None:
    """Take short symbols that are listed with one that is sure (``Cmcm, Cc and P1``)."""
    for order in (range(len(candidates) - 1), range(len(candidates) - 2, -1, -1)):
        for i in order:
            one, other = candidates[i], candidates[i + 1]
            if sure[i] == sure[i + 1]:
                continue
            weak = other if sure[i] else one
            between = text[one.hit.end : other.hit.start]
            standard = weak.group.setting == weak.group.symbol
            if standard and _LISTED.fullmatch(between):
                sure[i] = sure[i + 1] = True


def _needs_context(printed: str) -> bool:
    """Whether a symbol is too short or too common a string to be taken on its own."""
    plain, barred = plain_symbol(printed)
    plain = plain.partition(":")[0]
    if barred and len(plain) > 1:
        return False
    if "/" in plain:
        return len(plain) < 4
    if re.search(r"\s[a-z]{1,2}(?:\s|$)", printed) and not re.search(r"\d", printed):
        return True
    if re.fullmatch(r"[A-Z]\d+", plain) or re.match(r"[A-Z]\s+[a-z]+\d$", printed):
        return True  # `A112` is more often a page number, `A mm2` a current density
    return len(plain) <= _WEAK_LENGTH and not re.fullmatch(r"R-?3[mc]", plain)


def _numbers(text: str) -> Iterator[tuple[int, int, SpaceGroup]]:
    """Groups named by their number alone (``space group No. 139``)."""
    for match in _NUMBERED.finditer(text):
        which = 1 if match[1] else 2
        group = lookup_space_group(int(match[which]))
        if group is not None:
            start = match.start(which)
            yield start - text[:start].endswith("#"), match.end(which), group


def _schoenflies(text: str) -> Iterator[tuple[int, int, SpaceGroup]]:
    """Groups named by a Schoenflies symbol; without ``_`` and ``^`` only where groups are named."""
    for match in _SCHOENFLIES.finditer(text):
        group = lookup_space_group(match[0])
        around = text[max(0, match.start() - _REACH) : match.start()]
        if group is None or group.symbol == "P1":
            continue
        if match["marked"] or re.search(_GROUP_WORDS, around, re.I):
            yield match.start(), match.end(), group
