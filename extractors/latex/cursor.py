"""Cursors: places in the expanded tokens of a source, with its braces and environments paired.

Pairs are found once, so that text within text is read without looking for its end again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scmine.extractors.latex.tokens import BLANK, PAR

MAX_NAME = 60
"""Tokens in the name of an environment."""

_SPECIAL = frozenset("\\{}$`'-~&#")

MAX_DIMENSION = 60
"""Tokens of a length with what it may stretch and shrink by."""

_UNIT = r"(?:true\s*)?(?:pt|pc|in|bp|cm|mm|dd|cc|sp|ex|em|mu|fil+)(?![a-z])"
_LENGTH = rf"[-+]?[\d.,]*(?:\s*{_UNIT}|\\[a-zA-Z]+)?"
_DIMENSION = re.compile(rf"\s*=?\s*{_LENGTH}(?:\s*(?:plus|minus)\s*{_LENGTH}){{0,2}}")
MAX_BRACKETS = 20
"""Opening brackets within an argument in brackets."""

MAX_OPTIONAL = 2_000
"""Tokens of an argument in square brackets."""


class Source:
    """Expanded tokens, where each opened brace closes, and where each environment ends."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = tokens
        self.brace_ends: dict[int, int] = {}
        self.environment_ends: dict[int, int] = {}
        self._pair_braces()
        self._pair_environments()

    def _pair_braces(self) -> None:
        open_braces: list[int] = []
        for i, token in enumerate(self.tokens):
            if token == "{":
                open_braces.append(i)
            elif token == "}" and open_braces:
                self.brace_ends[open_braces.pop()] = i

    def _pair_environments(self) -> None:
        """Pair each ``\\begin`` with the ``\\end`` of its name; others between stay unpaired."""
        stack: list[tuple[str, int]] = []
        open_names: dict[str, int] = {}
        for i, token in enumerate(self.tokens):
            if token == "\\begin":
                name = self.name_at(i)
                stack.append((name, i))
                open_names[name] = open_names.get(name, 0) + 1
            elif token == "\\end" and open_names.get(name := self.name_at(i), 0):
                while stack:
                    other, start = stack.pop()
                    open_names[other] -= 1
                    if other == name:
                        self.environment_ends[start] = i
                        break

    def name_at(self, index: int) -> str:
        """The name in braces behind the ``\\begin`` or ``\\end`` at ``index``."""
        return "".join(self.tokens[index + 2 : self._name_end(index)]).strip()

    def after_name(self, index: int) -> int:
        """Where tokens go on behind the name of the ``\\begin`` or ``\\end`` at ``index``."""
        return self._name_end(index) + 1

    def _name_end(self, index: int) -> int:
        if self.tokens[index + 1 : index + 2] != ["{"] and index + 1 < len(self.tokens):
            return index
        return min(self.brace_ends.get(index + 1, index), index + MAX_NAME)


@dataclass(slots=True)
class Cursor:
    """The tokens of ``source`` from ``place`` to ``end``; reading moves ``place``."""

    source: Source
    place: int
    end: int

    def more(self) -> bool:
        """Whether a token is left."""
        return self.place < self.end

    def peek(self) -> str:
        """The next token, empty at the end."""
        return self.source.tokens[self.place] if self.place < self.end else ""

    def take(self) -> str:
        """The next token, behind which reading goes on."""
        token = self.peek()
        self.place += 1
        return token

    def plain(self) -> str:
        """The characters that come next up to one that means something, at least one of them."""
        tokens = self.source.tokens
        start = self.place
        self.place += 1
        while self.place < self.end:
            token = tokens[self.place]
            if len(token) > 1 or token in _SPECIAL:
                break
            self.place += 1
        return "".join(tokens[start : self.place])

    def skip_blanks(self) -> None:
        """Go behind blanks."""
        while self.peek() in (BLANK, PAR):
            self.place += 1

    def skip_spaces(self) -> None:
        """Go behind blanks within a paragraph."""
        while self.peek() == BLANK:
            self.place += 1

    def star(self) -> bool:
        """Go behind a star, if one comes next."""
        if self.peek() == "*":
            self.place += 1
            return True
        return False

    def argument(self) -> Cursor:
        """The argument that comes next: what is in a group, or one token."""
        self.skip_blanks()
        start = self.place
        if self.peek() == "{":
            closing = self.source.brace_ends.get(start)
            if closing is None or closing >= self.end:
                self.place += 1
                return Cursor(self.source, start, start)
            self.place = closing + 1
            return Cursor(self.source, start + 1, closing)
        if self.peek() in ("", "}"):
            return Cursor(self.source, start, start)
        self.place += 1
        return Cursor(self.source, start, start + 1)

    def optional(self) -> Cursor | None:
        """What stands in the square brackets that come next, if they do."""
        start = self.place
        while start < self.end and self.source.tokens[start] == BLANK:
            start += 1
        if start >= self.end or self.source.tokens[start] != "[":
            return None
        i = start + 1
        brackets = 0
        while i < min(self.end, start + MAX_OPTIONAL):
            token = self.source.tokens[i]
            if token == "]":
                self.place = i + 1
                return Cursor(self.source, start + 1, i)
            brackets += token == "["
            if token in ("}", PAR, "\\\\", "\\begin") or brackets > MAX_BRACKETS:
                return None  # its pair is missing
            i = self.source.brace_ends.get(i, i) + 1
        return None

    def arguments(self, letters: str) -> list[Cursor]:
        """Go behind the arguments that ``letters`` name, as in ``data/latex_commands.toml``.

        Returns those that are to be read.
        """
        read: list[Cursor] = []
        for letter in letters:
            if letter == "s":
                self.star()
            elif letter == "o":
                self.optional()
            elif letter == "p" and self.peek() == "(":
                while self.more() and self.take() != ")":
                    pass
            elif letter == "M":
                read.append(self.argument())
            elif letter == "m" or (letter == "g" and self.peek() == "{"):
                self.argument()
        return read

    def dimension(self) -> None:
        """Go behind the number, length or parameter that comes next without braces, if one does."""
        ahead = "".join(self.source.tokens[self.place : min(self.end, self.place + MAX_DIMENSION)])
        match = _DIMENSION.match(ahead)
        length = 0
        while match and length < match.end():
            length += len(self.take())

    def environment(self) -> Cursor:
        """What stands in the environment whose ``\\begin`` was taken last, its name left out.

        An environment without an end is taken to be empty.
        """
        begin = self.place - 1
        start = self.source.after_name(begin)
        end = self.source.environment_ends.get(begin)
        if end is None or end > self.end:
            self.place = min(start, self.end)
            return Cursor(self.source, self.place, self.place)
        self.place = min(self.source.after_name(end), self.end)
        return Cursor(self.source, start, end)

    def text(self) -> str:
        """The tokens that are left, as they stand."""
        return "".join(self.source.tokens[self.place : self.end]).strip()

    def tokens(self) -> Sequence[str]:
        """The tokens that are left."""
        return self.source.tokens[self.place : self.end]
