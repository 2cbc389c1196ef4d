"""The stream: tokens that are still to be read, which expansion puts more tokens in front of.

Arguments are taken from here. How much may be put back in all is bounded, so that macros that call
themselves, or double at each call, come to an end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scmine.extractors.latex.tokens import BLANK, PAR

MAX_ARGUMENT = 100_000
"""Tokens of an argument; more means that its closing brace is missing."""

MAX_OPTIONAL = 5_000
"""The same of an optional argument."""

FILE_END = "\x00end of file"
"""Stands in the stream where a file that was put into it ends."""


class WorkLimitError(Exception):
    """More work than any paper takes."""


class Stream:
    """Tokens in reverse, the next one last."""

    def __init__(self, work: int) -> None:
        self._tokens: list[str] = []
        self._work = work

    def __len__(self) -> int:
        return len(self._tokens)

    @property
    def left(self) -> int:
        """The tokens that may still be handled."""
        return max(0, self._work)

    def charge(self, work: int) -> None:
        """Count ``work`` tokens handled.

        Raises
        ------
        WorkLimitError
            If that is more than the stream may handle in all.
        """
        self._work -= work
        if self._work < 0:
            raise WorkLimitError

    def push(self, tokens: Sequence[str]) -> None:
        """Put ``tokens`` in front."""
        self.charge(len(tokens) + 1)
        self._tokens.extend(reversed(tokens))

    def open(self, tokens: Sequence[str]) -> None:
        """Put the tokens of a file in front; how long files may be is limited elsewhere."""
        self._tokens.append(FILE_END)
        self._tokens.extend(reversed(tokens))

    def cut(self, length: int) -> None:
        """Forget the next tokens until ``length`` are left, but for ends of files."""
        marks = [t for t in self._tokens[length:] if t == FILE_END]
        del self._tokens[length:]
        self._tokens += marks

    def peek(self) -> str:
        """The next token, empty at the end of a file."""
        token = self._tokens[-1] if self._tokens else ""
        return "" if token == FILE_END else token

    def take(self) -> str:
        """The next token, which is gone then; empty at the very end."""
        return self._tokens.pop() if self._tokens else ""

    def skip_blanks(self) -> None:
        """Take blanks, and single ends of paragraphs as they stand between arguments."""
        while self.peek() in (BLANK, PAR):
            self._tokens.pop()

    def skip_spaces(self) -> None:
        """Take blanks only."""
        while self.peek() == BLANK:
            self._tokens.pop()

    def star(self) -> bool:
        """Take a star if it comes next."""
        self.skip_spaces()
        if self.peek() == "*":
            self.take()
            return True
        return False

    def argument(self) -> list[str]:
        """The argument that comes next: a group without its braces, or one token."""
        self.skip_blanks()
        token = self.peek()
        if token == "{":
            return self.group()
        if token in ("", "}"):
            return []
        return [self.take()]

    def group(self) -> list[str]:
        """The group that comes next without its braces; nothing if it never closes."""
        return self._until(closing="}", limit=MAX_ARGUMENT) or []

    def optional(self) -> list[str] | None:
        """The argument in square brackets that comes next, if one does."""
        ahead = 0
        while len(self._tokens) > ahead and self._tokens[-1 - ahead] == BLANK:
            ahead += 1
        if len(self._tokens) <= ahead or self._tokens[-1 - ahead] != "[":
            return None
        del self._tokens[len(self._tokens) - ahead :]
        return self._until(closing="]", limit=MAX_OPTIONAL)

    def until(self, delimiter: Sequence[str]) -> list[str]:
        """The tokens before ``delimiter`` outside groups, which is taken too.

        If it does not come, nothing is taken.
        """
        taken: list[str] = []
        depth = 0
        size = len(delimiter)
        while len(taken) < MAX_ARGUMENT and self.peek():
            if depth == 0 and self._tokens[: -size - 1 : -1] == list(delimiter):
                del self._tokens[-size:]
                self.charge(len(taken))
                return _without_braces(taken)
            token = self.take()
            depth += {"{": 1, "}": -1}.get(token, 0)
            if depth < 0:
                taken.append(token)
                break
            taken.append(token)
        self.push(taken)
        return []

    def name(self) -> str:
        """The text of the argument that comes next, as names of environments and files are."""
        return text_of(self.argument())

    def _until(self, closing: str, limit: int) -> list[str] | None:
        """What stands between the bracket or brace that comes next and its pair.

        None if there is no pair; then all is left but a brace.
        """
        opening = self.take()
        taken: list[str] = []
        depth = 0
        while len(taken) < limit and depth >= 0 and self.peek():
            token = self.take()
            if token == closing and depth == 0:
                self.charge(len(taken))
                return taken
            depth += {"{": 1, "}": -1}.get(token, 0)
            taken.append(token)
        self.push(taken if opening == "{" else [opening, *taken])
        return None


def text_of(tokens: Iterable[str]) -> str:
    """Tokens as one string, blanks at the ends left out."""
    return "".join(tokens).strip()


def _without_braces(tokens: list[str]) -> list[str]:
    """A delimited argument without the braces around the whole of it."""
    if len(tokens) < 2 or tokens[0] != "{" or tokens[-1] != "}":
        return tokens
    depth = 0
    for i, token in enumerate(tokens):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if depth == 0 and i < len(tokens) - 1:
            return tokens
    return tokens[1:-1]
