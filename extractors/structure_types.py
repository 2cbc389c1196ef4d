"""Structure words in running text: crystal systems, structure types and structures with names.

Which words and types there are is data (``structure_types.toml``); any formula with ``-type``
behind it is a type too. Space groups are found in ``spacegroups``.
"""

from __future__ import annotations

import re
from functools import cache

from scmine.extractors.characters import uniform
from scmine.extractors.elements import elements
from scmine.extractors.lexicons import load_toml

_FORMULA = r"[A-Z][a-z]?(?:\s?\d{1,2}(?:\.\d)?)?(?:\s?[A-Z][a-z]?(?:\s?\d{1,2}(?:\.\d)?)?){1,5}"
_MARK = r"(?:\s?\(\s?[A-L]\s?\d{1,2}[a-z_]?\s?\))?"
_QUOTES = "[\"'’”“‘]?"
_NAMES = re.compile(r"[A-Z][a-z]+-|Heusler|Chevrel|Laves|Aurivillius|Ruddlesden")


@cache
def _pattern() -> re.Pattern[str]:
    data = load_toml("structure_types.toml")

    def choice(words: list[str]) -> str:
        escaped = (re.escape(w) for w in sorted(words, key=len, reverse=True))
        return "|".join(w.replace(r"\ ", r"[\s-]").replace(r"\-", r"[\s-]?") for w in escaped)

    formulas = "|".join(
        r"\s?".join(re.findall(r"[A-Z][a-z]?|\d+", t))
        for t in sorted(data["typed"], key=len, reverse=True)
    )
    other = rf"(?!-?\s(?:{choice(data['not_before'])}))"
    before = rf"{_QUOTES}{_MARK}[\s-]{{0,2}}(?:type\b{other}|structure|prototype"
    other_way = r"(?:(?:anti|inverse)[\s-])?"
    known = (
        rf"(?P<typed>{other_way}(?:{formulas})(?={before})s?\b)"
        rf"|(?:{choice(data['strong'])})(?={before}|phase)s?\b))"
    )
    any_type = rf"(?P<any>{other_way}{_FORMULA})(?={_QUOTES}{_MARK}\s?-?\s?type\b(?!\s\d){other})"
    coordination = r"[-\s](?:anti)?(?:prism|(?:bi)?pyramid|planar)"  # of an atom, not of a crystal
    ending = rf"(?:{_QUOTES}{_MARK}[\s-]{{0,2}}type\b)?"
    like = r"(?:-(?:like|type|derived|related|based)\b)?(?:\s(?:clathrate|cage|framework)\b)?"
    shaped_like = r"(?=[\s-](?:like|type|structure|framework|lattice)\b)(?:-like\b|-type\b)?"
    alike = (
        r"(?:iso(?:structural|typic)\s(?:to|with)|(?:isotype|structure|type)\sof|prototype:?)\s"
        r"(?:the\s)?"
    )
    return re.compile(
        rf"(?<![\w-])(?:{known}{ending}|{any_type}{ending}"
        rf"|(?:{alike})(?P<alike>{formulas})(?![\w-])"
        rf"|(?P<alone>{choice(data['alone'])})(?!\w)"
        rf"|(?P<word>(?i:{choice(data['named'])}){like})(?![\w])"
        rf"|(?P<shape>(?i:{choice(data['shaped'])}){shaped_like})(?![\w])"
        rf"|(?P<system>(?i:{choice(data['systems'])}))(?!\w|{coordination}))"
        rf"{other}"
    )


@cache
def crystal_systems() -> frozenset[str]:
    """The words for crystal systems and lattices, in small letters and without dashes."""
    return frozenset(s.replace("-", " ") for s in load_toml("structure_types.toml")["systems"])


def is_crystal_system(name: str) -> bool:
    """Whether a name that ``find_structure_types`` gives is that of a crystal system.

    >>> is_crystal_system("body-centred cubic"), is_crystal_system("perovskite")
    (True, False)
    """
    return name.replace("-", " ") in crystal_systems()


def find_structure_types(text: str) -> list[tuple[int, int, str]]:
    """Every crystal system, structure type and named structure of ``text``: (start, end, name).

    Names come without blanks inside formulas and in lower case for words.

    >>> find_structure_types("the tetragonal ThCr2Si2-type structure")
    [(4, 14, 'tetragonal'), (15, 28, 'ThCr2Si2-type')]
    >>> [n for *_, n in find_structure_types("sodalite-like clathrate, NaCl (B1) type")]
    ['sodalite-like clathrate', 'NaCl-type']
    """
    clean, found = uniform(text), []
    for match in _pattern().finditer(clean):
        start = match.start()
        formula = match["typed"] or match["any"] or match["alike"]
        if match["any"] and not _is_formula(match["any"]):
            continue
        if formula:
            start = match.start("alike") if match["alike"] else start
            name = re.sub(r"(?<=anti|erse)[\s-]", "-", formula, count=1)
            name = re.sub(r"\s", "", name) + "-type"
        elif match["alone"]:
            name = match["alone"] + "-type"
        else:
            name = re.sub(r"\s+", " ", match["word"] or match["shape"] or match["system"])
            name = name if _NAMES.search(name) else name.lower()
        found.append((start, match.end(), name))
    return found


def _is_formula(text: str) -> bool:
    """Whether the letters are symbols of two elements or more."""
    found = re.findall(r"[A-Z][a-z]?", re.sub(r"^(?:anti|inverse)[\s-]", "", text))
    mixed = any(len(symbol) == 2 for symbol in found)  # not `BCS`, `SDW`
    return mixed and len(set(found)) > 1 and all(symbol in elements() for symbol in found)


_SYSTEM_NUMBERS = (
    (r"triclinic", 1, 2),
    (r"monoclinic", 3, 15),
    (r"orthorhombic", 16, 74),
    (r"tetragonal|bct", 75, 142),
    (r"trigonal", 143, 167),
    (r"rhombohedral", 143, 167),
    (r"hexagonal|hcp", 143, 194),  # the trigonal groups are described on hexagonal axes
    (r"cubic|fcc|bcc", 195, 230),
)


def system_fits(system: str, number: int) -> bool:
    """Whether a space group of ``number`` belongs to the crystal system that a word names.

    >>> system_fits("body-centered tetragonal", 139), system_fits("cubic", 139)
    (True, False)
    """
    return any(
        low <= number <= high
        for pattern, low, high in _SYSTEM_NUMBERS
        if re.search(pattern, system)
    )
