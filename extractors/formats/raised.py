"""Raised subscripts: converters that write every script as ``<sup>``, put right.

Such files have ``T<sup>c</sup>`` and ``La4H<sup>23</sup>``. Where a file has no subscript at all, a
script is lowered where physics never raises one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scmine.extractors.formats.marked_text import MarkedText
from scmine.extractors.lexicons import load_rows

_FORMULA = re.compile(r"(?:^|[^A-Za-z])((?:[A-Z][a-z]?[\d.]*)+)$")
_AMOUNT = re.compile(r"\d{1,3}(?:\.\d+)?|x|y|\d?[+−-]?[xyδ]|\d[+−-][xyδ]")
_INDEX = re.compile(r"[A-Za-z]{1,5}\d?|[A-Za-z]\d|0")
_SYMBOL = re.compile(r"(?:^|[^A-Za-z])(?:[A-Za-z]|\d?[Α-Ωα-ω])$")
_ELEMENTS = frozenset(row["symbol"] for row in load_rows("elements.csv"))


@dataclass(frozen=True, slots=True)
class Lowering:
    """Whether scripts of a file have to be lowered at all."""

    needed: bool

    @classmethod
    def of(cls, source: str) -> Lowering:
        """Judged by ``source``: it has superscripts, but no subscript in any notation."""
        has_sub = re.search(r"<sub\b|[₀-₉]|(?<!\\)_\{?[A-Za-z0-9]+\}?\$", source, re.I)
        return cls("<sup" in source and has_sub is None)

    def lower(self, text: MarkedText) -> MarkedText:
        """``text`` with the raised amounts of formulas and indices of symbols set as subscripts.

        >>> text = MarkedText(list("LaH10"), ["", "", "", "sup", "sup"])
        >>> Lowering(True).lower(text).shifts
        ['', '', '', 'sub', 'sub']
        """
        if not self.needed:
            return text
        shifts = list(text.shifts)
        start = 0
        while start < len(shifts):
            if shifts[start] != "sup":
                start += 1
                continue
            end = start
            while end < len(shifts) and shifts[end] == "sup":
                end += 1
            mark = "".join(text.chars[start:end]).strip()
            if _is_lowered(mark, "".join(text.chars[max(0, start - 30) : start])):
                shifts[start:end] = ["sub"] * (end - start)
            start = end
        return MarkedText(text.chars, shifts)


def _is_lowered(mark: str, before: str) -> bool:
    formula = _FORMULA.search(before)
    if formula and _AMOUNT.fullmatch(mark):
        symbols = re.findall(r"[A-Z][a-z]?", formula.group(1))
        # One letter alone may be a symbol with a power: T2, or a unit: K2.
        known = all(symbol in _ELEMENTS for symbol in symbols)
        return known and (len(symbols) > 1 or (symbols[0], mark) in (("C", "60"), ("C", "70")))
    return bool(_SYMBOL.search(before) and _INDEX.fullmatch(mark))
