"""Systematic names of compounds, such as ``zirconium dodecaboride`` and ``iron arsenides``.

A formula is given only where the name states every amount; nicknames live in ``names``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from scmine.extractors.characters import uniform
from scmine.extractors.elements import elements
from scmine.extractors.lexicons import load_toml

_BREAK = r"(?:-\s)?"  # a hyphenated line break


def find_systematic_names(text: str) -> Iterator[tuple[int, int]]:
    """Where ``text`` has a name that ends in an anion or a family (``-ide``, ``-ate``).

    >>> [match for match in find_systematic_names("the iron arsenides")]
    [(4, 18)]
    """
    for match in _pattern().finditer(text):
        yield match.span()


def formula_of_systematic_name(name: str) -> str | None:
    """The formula of a binary compound whose name states the amounts; None if it does not.

    >>> formula_of_systematic_name("zirconium dodecaboride"), formula_of_systematic_name("LaH10")
    ('ZrB12', None)
    >>> formula_of_systematic_name("iron arsenide") is None
    True
    """
    match = _pattern().fullmatch(" ".join(uniform(name).split()))
    if match is None or not match["cations"] or not match["count"]:
        return None
    by_name = {e.name: symbol for symbol, e in elements().items()}
    cation = by_name.get(re.sub(r"-\s|[\s-]+$", "", match["cations"]).lower())
    words = load_toml("compound_names.toml")
    anion = words["anions"].get(_bare(match["anion"]))
    count = words["counts"].get(_bare(match["count"]))
    if not (cation and anion and count) or match["oxy"]:
        return None
    if count == 1.5:
        return f"{cation}2{anion}3"
    return f"{cation}{anion}{count if count != 1 else ''}"


def _bare(word: str) -> str:
    return re.sub(r"[\s-]", "", word).lower().replace("sulph", "sulf").removesuffix("s")


@cache
def _pattern() -> re.Pattern[str]:
    words = load_toml("compound_names.toml")
    cation = "|".join(sorted((e.name for e in elements().values()), key=len, reverse=True))
    anion = "|".join(sorted((*words["anions"], "sulphide"), key=len, reverse=True))
    alone = "|".join(sorted(words["anion_families"]["names"], key=len, reverse=True))
    count = "|".join(sorted(words["counts"], key=len, reverse=True))
    cations = rf"(?P<cations>(?:(?:{cation})(?:\s?[\s-]\s?(?:and\s)?)){{1,3}})"
    return re.compile(
        rf"(?<![A-Za-z])(?i:(?:hydrated\s)?(?:{cations}(?:(?P<count>{count}){_BREAK})?-?"
        rf"(?P<oxy>oxy-?|super-?|poly-?|per)?(?P<anion>{anion}|{alone})|(?:{alone}))s?"
        rf"(?:\s(?:oxyhydrate|hydrate|deuterate))?)(?![A-Za-z])"
    )
