"""Numbering: the numbers that LaTeX gives to sections, floats and formulas, and what labels name.

REVTeX counts sections and tables in Roman numerals. Nothing is printed here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scmine.extractors.latex.commands import names
from scmine.extractors.latex.cursor import Cursor, Source

_LEVELS = {"section": 0, "subsection": 1, "subsubsection": 2}
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"))


@dataclass(slots=True)
class Numbers:
    """What is numbered, by the place of its command in the tokens, and what labels stand for."""

    revtex: bool
    at: dict[int, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


def roman(number: int) -> str:
    """``number``, from 1 on, in Roman numerals.

    >>> roman(4), roman(19)
    ('IV', 'XIX')
    """
    text = ""
    for value, sign in (*_ROMAN, (1, "I")):
        count, number = divmod(number, value)
        text += sign * count
    return text


def number(source: Source, document_class: str) -> Numbers:
    """Count through ``source``."""
    numbers = Numbers(revtex=document_class.startswith(("revtex", "aps")))
    counter = _Counter(source, numbers)
    for i, token in enumerate(source.tokens):
        if len(token) > 1:
            counter.see(i, token[1:])
    return numbers


class _Counter:
    """The counters, and the number that a label would name now."""

    def __init__(self, source: Source, numbers: Numbers) -> None:
        self._source = source
        self._numbers = numbers
        self._sections = [0, 0, 0]
        self._appendix = False
        self._counts = {"Figure": 0, "Table": 0, "Equation": 0}
        self._inside: list[str] = []
        self._current = ("", "")

    def see(self, index: int, command: str) -> None:
        """Take note of the command at ``index``."""
        if command in _LEVELS:
            self._section(index, _LEVELS[command])
        elif command == "appendix":
            self._appendix = True
            self._sections = [0, 0, 0]
        elif command == "begin":
            self._begin(self._source.name_at(index))
        elif command == "end":
            self._end(self._source.name_at(index))
        elif command in ("caption", "captionof", "tablecaption", "topcaption"):
            self._caption(index, command)
        elif command == "label":
            self._label(index)

    def _section(self, index: int, level: int) -> None:
        if self._source.tokens[index + 1 : index + 2] == ["*"]:
            return
        self._sections[level] += 1
        self._sections[level + 1 :] = [0] * (2 - level)
        own = self._sections[level]
        letter = chr(ord("A") + (own - 1) % 26)
        if self._numbers.revtex:
            forms = (letter if self._appendix else roman(own), letter, str(own))
            self._numbers.at[index] = f"{forms[level]}."
            self._current = ("Section", forms[level])
            return
        first = chr(ord("A") + (self._sections[0] - 1) % 26) if self._appendix else None
        parts = [first or str(self._sections[0]), *map(str, self._sections[1 : level + 1])]
        self._numbers.at[index] = ".".join(parts)
        self._current = ("Section", ".".join(parts))

    def _begin(self, name: str) -> None:
        if name in names("figures"):
            self._inside.append("Figure")
        elif name in names("tables"):
            self._inside.append("Table")
        elif name in names("displays") and name[-1] != "*":
            self._counts["Equation"] += 1
            self._current = ("Equation", str(self._counts["Equation"]))

    def _end(self, name: str) -> None:
        if (name in names("figures") or name in names("tables")) and self._inside:
            self._inside.pop()

    def _caption(self, index: int, command: str) -> None:
        if self._source.tokens[index + 1 : index + 2] == ["*"]:
            return
        kind = self._inside[-1] if self._inside else ""
        if command == "captionof":
            name = Cursor(self._source, index + 1, len(self._source.tokens)).argument().text()
            kind = name.capitalize()
        if kind not in ("Figure", "Table"):
            return
        self._counts[kind] += 1
        count = self._counts[kind]
        text = roman(count) if kind == "Table" and self._numbers.revtex else str(count)
        self._numbers.at[index] = text
        self._current = (kind, text)

    def _label(self, index: int) -> None:
        name = Cursor(self._source, index + 1, len(self._source.tokens)).argument().text()
        kind, text = self._current
        if text and len(name) < 200:
            self._numbers.labels.setdefault(name, text)
            self._numbers.kinds.setdefault(name, kind)
