"""Tokens: LaTeX source cut into commands, braces and characters, comments and verbatim text out.

A token is a string: a command with its backslash, ``\\par`` for an empty line, one blank for any
other white space, or one character. What a command means is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

PAR = "\\par"
BLANK = " "

_PIECE = r"%[^\n]*\n?[ \t]*|\\(?:[{letters}]+|.|\Z)|[ \t\n\f\v\xa0]+|."
_PLAIN = re.compile(_PIECE.replace("{letters}", "A-Za-z"), re.S)
_PACKAGE = re.compile(_PIECE.replace("{letters}", "A-Za-z@"), re.S)
_AT_SWITCH = re.compile(r"\\makeat(?P<to>letter|other)(?![A-Za-z])")
_COMMENT = re.compile(r"(?<!\\)%")
_UNREAD_NAMES = (
    "verbatim",
    "verbatim*",
    "Verbatim",
    "lstlisting",
    "minted",
    "comment",
    "filecontents",
    "filecontents*",
)
_UNREAD = re.compile(r"[ \t]*\{(" + "|".join(re.escape(n) for n in _UNREAD_NAMES) + r")\}")
_LITERAL = {"\\": "\\textbackslash", "~": "\\textasciitilde", "^": "\\^", " ": BLANK}
_ESCAPED = frozenset("%&_#${}")

MAX_VERB = 500
"""What ``\\verb`` shows is shorter; a longer one has lost its end."""


def tokenize(text: str, at_letter: bool = False) -> list[str]:
    r"""The tokens of ``text``.

    Parameters
    ----------
    at_letter
        Whether ``@`` is a letter in names of commands from the start, as in packages.

    Examples
    --------
    >>> tokenize("$T_c$ % note\n \\alpha  b")
    ['$', 'T', '_', 'c', '$', ' ', '\\alpha', 'b']
    >>> tokenize("a\n\n b")
    ['a', '\\par', 'b']
    """
    return _Tokenizer(text).run(at_letter)


def source_of(tokens: Sequence[str]) -> str:
    r"""LaTeX that gives ``tokens`` again.

    >>> source_of(["\\mu", "m", "\\,", "\\Omega", "1"])
    '\\mu m\\,\\Omega1'
    """
    parts: list[str] = []
    after_word = False
    for token in tokens:
        # A star behind a command's name would be read as a part of it.
        if after_word and (token[0].isalpha() or token in "*@"):
            parts.append(" ")
        parts.append("\n\n" if token == PAR else token)
        after_word = len(token) > 1 and token[-1].isalpha()
    return "".join(parts)


class _Tokenizer:
    """One text and what has been found in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[str] = []
        self._no_end: set[str] = set()

    def run(self, at_letter: bool) -> list[str]:
        place, pattern = 0, _PACKAGE if at_letter else _PLAIN
        for switch in [*self._switches(), None]:
            end = switch.start() if switch else len(self._text)
            place = self._read(pattern, place, end)
            if switch:
                pattern = _PACKAGE if switch["to"] == "letter" else _PLAIN
                place = max(place, switch.end())
        return self._tokens

    def _switches(self) -> Iterator[re.Match[str]]:
        """Where ``@`` begins or ends to be a letter, comments left out."""
        for switch in _AT_SWITCH.finditer(self._text):
            line = self._text.rfind("\n", max(0, switch.start() - MAX_VERB), switch.start())
            if not _COMMENT.search(self._text, max(line, 0), switch.start()):
                yield switch

    def _read(self, pattern: re.Pattern[str], place: int, end: int) -> int:
        """Read from ``place`` to ``end``; returns where reading stopped, perhaps behind it."""
        tokens = self._tokens
        skips = False  # blanks at the start of a line and after a command are none
        while place < end:
            match = pattern.match(self._text, place)
            assert match is not None  # the last alternative takes any character
            piece, place = match.group(), match.end()
            if piece[0] == "%":
                # What follows is the start of a line: if it is empty, a paragraph ends.
                if piece[-1:] in "\n \t" and self._text[place : place + 1] == "\n":
                    tokens.append(PAR)
                    place = _after_blanks(self._text, place)
                skips = True
            elif piece[0] in " \t\n\f\v\xa0":
                if piece.count("\n") > 1:
                    tokens.append(PAR)
                    skips = True
                elif not skips:
                    tokens.append(BLANK)
                    skips = True
            elif len(piece) > 1 and piece[1] in " \t\n":
                tokens.append("\\ ")
                skips = True
            else:
                place = self._other(piece, place)
                skips = len(piece) > 1 and piece[-1].isalpha() and place == match.end()
        return place

    def _other(self, piece: str, place: int) -> int:
        """Add a command or a character; returns where to go on."""
        if piece == "\\verb" or piece == "\\lstinline":
            return self._verb(place)
        if piece == "\\begin":
            unread = _UNREAD.match(self._text, place)
            if unread and unread[1] not in self._no_end:
                end_mark = f"\\end{{{unread[1]}}}"
                end = self._text.find(end_mark, unread.end())
                if end >= 0:
                    self._tokens.append(BLANK)
                    return end + len(end_mark)
                self._no_end.add(unread[1])
        self._tokens.append(piece)
        return place

    def _verb(self, place: int) -> int:
        if self._text[place : place + 1] == "*":
            place += 1
        sign = self._text[place : place + 1]
        end = self._text.find(sign, place + 1, place + MAX_VERB) if sign else -1
        if end < 0:
            return place
        self._tokens += _literal(self._text[place + 1 : end])
        return end + 1


def _after_blanks(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\n":
        place += 1
    return place


def _literal(text: str) -> Iterator[str]:
    """Tokens that print ``text`` as it stands."""
    for char in text:
        yield f"\\{char}" if char in _ESCAPED else _LITERAL.get(char, char)
