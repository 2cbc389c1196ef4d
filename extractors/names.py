"""Nicknames and names of superconductors, and the formulas of those that denote one compound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from scmine.extractors.characters import uniform
from scmine.extractors.elements import elements
from scmine.extractors.lexicons import load_toml
from scmine.extractors.systematic_names import find_systematic_names, formula_of_systematic_name

_NICKNAME = re.compile(
    r"(?<![A-Za-z\d/])(?:[A-Z][A-Za-z]?/)?(?:"
    # YBCO6.95, YBCO 7
    r"[A-Z][a-z]?BCO\s?(?:6\.\d{1,3}|7(?:\.0)?)(?![\d.])"
    # Y BCO/BZO, its first letter set apart
    r"|[A-Z][a-z]?\sBCO(?:/(?:[A-Z]\s)?[A-Z]{2,4})?(?![A-Za-z\d])"
    # Bi-2212, Sr(La)-112, Bi-2 212
    r"|[A-Z][a-z]?-\d\s\d{3}(?![\d.])"
    r"|\(?[A-Z][A-Za-z]?(?:[,(]\s?[A-Z][a-z]?\)?){0,5}\)?\s?[-:]?\s?\d{3,5}[A-Z]?(?![\d.:,])"
    # YPrBCO, YBCO/BZO
    r"|[A-Z][A-Za-z]{0,8}(?:BCO|CCO|SCO|LCO|ZO)(?:/[A-Z]{2,5}|-?\d{4})?(?![A-Za-z\d])"
    r")"
)
_OXYGEN = re.compile(r"([A-Z][a-z]?BCO)(6\.\d{1,3}|7)(?:\.0)?")  # YBCO6.95
# two elements or more between dashes name a system: Nb-Ti, Y-Ba-Cu-O
_SYSTEM = re.compile(r"(?<![A-Za-z\d-])[A-Z][a-z]?(?:-[A-Z][a-z]?){1,6}(?![A-Za-z\d-]|\s?\d)")
# an element that something is made of or changed by is not what a text is about
_NOT_ALONE = re.compile(
    r"\s?[-\s]\s?(?:based|doped|rich|poor|free|deficient|excess|sites?|substituted|inter-?\s?calated"
    r"|contain\w*|content|concentration|ions?|atoms?|vacanc\w+|planes?|sublattice|isotopes?"
    r"|stabili[sz]ed|doping|substitution)\b"
)
_ROMAN = re.compile(r"[IVX]{2,5}")
_ACRONYM = re.compile(
    r"(?<![A-Za-z\d])(?:[A-Z][A-Za-z]{0,3}[A-Z]{1,8}(?:/[A-Z]{2,5})?(?![a-z\d])"
    # numbers of families of structures, alone
    r"|(?<![.-])(?:1111|11|111|112|122|1144|12442|245|21311|21113|42622|32522|123|124|247|214|1201"
    r"|1212|1223|1234|2201|2212|2223|2234|2122|1222|112)V?(?![\d.])$)"
)


def _key(name: str) -> str:
    """``name`` without blanks, dashes, colons and brackets; plain words also without case."""
    bare = re.sub(r"[\s\-:()]", "", uniform(name))
    return bare.lower() if re.search(r"[a-z]{4}", bare) else bare


@cache
def _formulas() -> dict[str, str]:
    """Key of each name that denotes one compound to that compound's formula."""
    data = load_toml("compound_names.toml")
    table = {
        _key(name): formula
        for section in ("nicknames", "words")
        for formula, names in data[section].items()
        for name in names
    }
    return table | {e.name: s for s, e in elements().items() if s == e.counts_as}


def formula_of_name(name: str) -> str | None:
    """The formula that ``name`` denotes, its variables open; None if it may mean several.

    >>> formula_of_name("Bi-2212"), formula_of_name("niobium"), formula_of_name("BSCCO")
    ('Bi2Sr2CaCu2O8+δ', 'Nb', None)
    """
    key = _key(name)
    content = _OXYGEN.fullmatch(key)
    if content and (base := _formulas().get(content[1], "")).endswith("O7-δ"):
        return base.removesuffix("7-δ") + content[2]
    # a gas or a family of hydrides is not the element that a sentence calls by its name
    if key in {_key(n) for n in _families()}:
        return None
    return _formulas().get(key) or formula_of_systematic_name(name)


@cache
def _families() -> tuple[str, ...]:
    return tuple(load_toml("compound_names.toml")["families"]["names"])


@cache
def _name_pattern() -> re.Pattern[str]:
    data = load_toml("compound_names.toml")
    names = {n for s in ("nicknames", "words") for group in data[s].values() for n in group}
    names |= {*_families(), *(e.name for e in elements().values())}
    choice = "|".join(
        re.sub(r"(?:\\ |\\-)", r"[\\s-]?", re.escape(n))
        for n in sorted(names, key=lambda n: (-len(n), n))
    )
    # in any case, but TiN is no tin
    any_case = rf"(?![A-Za-z]*[a-z][A-Z])(?i:{choice})(?=\b)"
    return re.compile(rf"(?<![A-Za-z\d])(?:{choice}|{any_case})(?![A-Za-z\d])")


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """Where ``text`` has a name of the lexicon or a nickname of the kind of Bi-2212 or YPrBCO."""
    yield from find_systematic_names(text)
    for match in _SYSTEM.finditer(text):
        if all(symbol in elements() for symbol in match[0].split("-")):
            yield match.span()
    for pattern in (_NICKNAME, _name_pattern()):
        for match in pattern.finditer(text):
            opened = match[0].startswith("(") and ")" not in match[0]
            if not (match[0].islower() and _NOT_ALONE.match(text, match.end())):
                yield match.start() + opened, match.end()


def is_part_only(text: str, end: int) -> bool:
    """Whether what ends at ``end`` only says what something holds (``Fe`` of Fe-based)."""
    return _NOT_ALONE.match(text, end) is not None


def find_acronyms(text: str) -> Iterator[tuple[int, int]]:
    """Where ``text`` has capitals that may be a nickname; formulas look the same."""
    not_names = load_toml("compound_names.toml")["not_names"]["names"]
    for match in _ACRONYM.finditer(text):
        if match[0] not in not_names and not _ROMAN.fullmatch(match[0]):
            yield match.start(), match.end()
