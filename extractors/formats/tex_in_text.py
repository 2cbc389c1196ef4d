"""TeX in plain text: formulas in dollars and bare commands, as converters leave them in ``.txt``.

Only files that hold several formulas are read so; in others a dollar is a dollar.
"""

from __future__ import annotations

import re

from scmine.extractors.formats.inline_markdown import read_inline
from scmine.extractors.formats.latex_math import signs
from scmine.extractors.formats.marked_text import MarkedText

MIN_FORMULAS = 3
"""Formulas in dollars from which on a text is taken to be written in TeX's way."""

_FORMULA = re.compile(r"(?<!\\)\$[^$\n]{0,300}[\\_^][^$\n]{0,300}\$")
# A program that took the \r of \rm for a line end left "{", a new line and "m".
_LOST_RM = re.compile(r"(\$[^$\n]{0,200}\{)\n\s{0,2}m\s([^$\n]{0,200}\$)")
_IN_DOLLARS = re.compile(r"(?<!\\)(\$\$?[^$\n]{1,600}\$\$?)")
_BARE = re.compile(
    r"(?<=[\w)\]}])[_^](?:\{[^{}\n]{1,60}\}|[-−]?\d+|[*∗]|[^\W\d_](?!\w))"
    r"|(?<=\s)[_^]\{[^{}\n]{1,60}\}|(?<=[.,;:])\^\{[^{}\n]{1,60}\}"
    r"|\\(?P<command>[A-Za-z]{2,20})(?:\{[^{}\n]{0,60}\})?"
)
_NUCLEUS = re.compile(r"[A-Za-zΑ-Ωα-ω)\]]")
_ACCENTS = frozenset(["bar", "overline", "hat", "tilde", "vec", "dot"])


def has_tex(text: str) -> bool:
    """Whether ``text`` holds formulas in TeX's way.

    >>> has_tex("It costs $5 and $6."), has_tex("$T_c$ of $x^2$ and $y_1$")
    (False, True)
    """
    return sum(1 for _, _ in zip(_FORMULA.finditer(text), range(MIN_FORMULAS), strict=False)) >= (
        MIN_FORMULAS
    )


def repaired(text: str) -> str:
    r"""``text`` with commands put right whose first letter a program took for a line end.

    >>> repaired("$T_{\nm c}$")
    '$T_{\\rm c}$'
    """
    return _LOST_RM.sub(r"\1\\rm \2", text)


def read_tex_line(line: str) -> MarkedText:
    r"""The reading text of a line with formulas, commands and scripts, in dollars or bare.

    >>> read_tex_line(r"T_c of \simeq 39 K for *Im*$\bar{3}$*m* at $\mu^*$ = 0.1").text
    'Tc of ≃ 39 K for Im3̄m at μ* = 0.1'
    """
    parts = _IN_DOLLARS.split(line)
    source = "".join(part if i % 2 else _BARE.sub(_wrapped, part) for i, part in enumerate(parts))
    return _closed_up(read_inline(source))


def _closed_up(text: MarkedText) -> MarkedText:
    """``text`` without the blanks that converters leave before a subscript (``H ₃ S``)."""
    result = MarkedText()
    last = len(text.chars) - 1
    for i, (char, shift) in enumerate(zip(text.chars, text.shifts, strict=True)):
        opens = i < last and text.shifts[i + 1] == "sub" and text.chars[i + 1] != " "
        if char == " " and opens and result.chars and _NUCLEUS.match(result.chars[-1]):
            continue
        result.chars.append(char)
        result.shifts.append(shift)
    return result


def _wrapped(match: re.Match[str]) -> str:
    """A bare script or command as a formula; commands that are not known stay."""
    command = match["command"]
    if command is not None and command not in signs() and command not in _ACCENTS:
        return match.group()
    return rf"\({match.group()}\)"
