"""Columns: the argument of a tabular that says how its columns are set."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scmine.extractors.latex.macros import Macro

MAX_COLUMNS = 200
"""Columns beyond which a table is damaged or means harm."""

_UNPRINTED = re.compile(
    r"\\hspace\*?\s*\{[^{}]*\}|\\[,;:! ]|\\(?:quad|enspace|thinspace)(?![A-Za-z])|[$~{}\s]"
)
_MAX_STEPS = 20_000
_WITH_ARGUMENT = frozenset("pmbXw")
_NUMBER_COLUMNS = frozenset("dDS")


@dataclass(frozen=True, slots=True)
class Column:
    """How one column is set.

    ``before`` and ``after`` are tokens put around each cell. ``joint`` holds the tokens set between
    this column and the next, where they print something: ``r@{.}l`` is one column of numbers to
    the reader. ``numeric`` columns are set as formulas without saying so, ``counted`` ones by
    siunitx, which knows ``1.5e-3`` and ``12 +- 3``.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    numeric: bool = False
    counted: bool = False


def read_columns(tokens: Sequence[str], own_types: Mapping[str, Macro]) -> list[Column]:
    """The columns of a tabular's argument, of which ``own_types`` are the paper's own letters."""
    return _Columns(tokens, own_types).read()


class _Columns:
    """The tokens of the argument, those to be read next last."""

    def __init__(self, tokens: Sequence[str], own_types: Mapping[str, Macro]) -> None:
        self._left = list(reversed(tokens))
        self._own = own_types
        self._steps = 0

    def read(self) -> list[Column]:
        columns: list[Column] = []
        before: tuple[str, ...] = ()
        while self._left and len(columns) < MAX_COLUMNS and self._steps < _MAX_STEPS:
            self._steps += 1
            token = self._left.pop()
            if token == ">":
                before = tuple(self._group())
            elif token == "<" and columns:
                columns[-1] = _with(columns[-1], after=tuple(self._group()))
            elif token in ("@", "!"):
                joint = tuple(self._group())
                if columns and _prints(joint):
                    columns[-1] = _with(columns[-1], joint=joint)
            elif token == "*":
                self._repeat()
            elif token in self._own:
                self._own_type(self._own[token])
            elif token.isalpha():
                self._skip_arguments(token)
                columns.append(
                    Column(before, numeric=token in _NUMBER_COLUMNS, counted=token == "S")
                )
                before = ()
            elif token == "{":
                self._left.append(token)
                self._group()
        if columns:
            columns[-1] = _with(columns[-1], joint=())
        return columns

    def _group(self) -> list[str]:
        """The argument that comes next."""
        while self._left and self._left[-1].isspace():
            self._left.pop()
        if not self._left:
            return []
        token = self._left.pop()
        if token != "{":
            return [token]
        taken: list[str] = []
        depth = 0
        while self._left:
            token = self._left.pop()
            self._steps += 1
            if token == "}" and depth == 0:
                break
            depth += {"{": 1, "}": -1}.get(token, 0)
            taken.append(token)
        return taken

    def _repeat(self) -> None:
        count = "".join(self._group()).strip()
        columns = self._group()
        times = min(int(count), MAX_COLUMNS) if count.isdecimal() and len(count) < 5 else 0
        self._steps += times * len(columns)
        if self._steps < _MAX_STEPS:
            self._left += list(reversed(columns)) * times

    def _own_type(self, macro: Macro) -> None:
        arguments = [self._group() for _ in macro.defaults]
        body = macro.expand(arguments)
        self._steps += len(body) + 50
        if self._steps < _MAX_STEPS:
            self._left += reversed(body)

    def _skip_arguments(self, letter: str) -> None:
        if letter == "S" and self._left[-1:] == ["["]:
            while self._left and self._left.pop() != "]":
                self._steps += 1
        count = {"D": 3, "w": 2, "W": 2}.get(letter, 1 if letter in _WITH_ARGUMENT else 0)
        if letter in "Xd" and self._left[-1:] != ["{"]:
            count = 0
        for _ in range(max(count, 1 if letter == "d" and self._left[-1:] == ["{"] else 0)):
            self._group()


def _with(
    column: Column, after: tuple[str, ...] | None = None, joint: tuple[str, ...] | None = None
) -> Column:
    return Column(
        column.before,
        column.after if after is None else after,
        column.joint if joint is None else joint,
        column.numeric,
        column.counted,
    )


def printed(joint: Sequence[str]) -> str:
    """What tokens between two columns print, without dollars, braces and blanks.

    >>> printed(["$", "/", "$"])
    '/'
    """
    return _UNPRINTED.sub("", "".join(joint))


def _prints(tokens: Sequence[str]) -> bool:
    """Whether tokens between two columns set a sign that belongs to a number."""
    signs = (".", ",", "\\pm", "±", "-", "--", "–", "\\cdot", "\\times", "(", "/")
    return printed(tokens) in signs
