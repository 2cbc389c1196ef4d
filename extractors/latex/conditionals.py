"""Conditionals: which branch of ``\\if…`` is read.

Those that ask for what is known here are decided; of the others the first branch is taken not to
hold.
"""

from __future__ import annotations

import operator

from scmine.extractors.latex.commands import commands
from scmine.extractors.latex.macros import Definitions
from scmine.extractors.latex.stream import Stream, text_of
from scmine.extractors.latex.tokens import BLANK

_HOLDS = frozenset({"\\iftrue", "\\ifhmode", "\\ifpdf", "\\ifcase"})
_TWO_BRANCHES = frozenset(
    {"\\@ifundefined", "\\@ifnextchar", "\\IfFileExists", "\\@ifpackageloaded"}
)
_COMPARISONS = {"<": operator.lt, ">": operator.gt, "=": operator.eq}
_MAX_CONDITION = 40


class Conditionals:
    """The conditionals of one stream, and whether it stands in maths now."""

    def __init__(self, stream: Stream, known: Definitions) -> None:
        self.in_maths = False
        self._stream = stream
        self._known = known
        self._open = 0

    def take(self, token: str) -> bool:
        """Carry out ``token`` if it belongs to a conditional; whether it does."""
        if token == "\\fi":
            self._open = max(0, self._open - 1)
        elif token in ("\\else", "\\or"):
            if self._open:  # the branch that held ends here
                self._skip(stop_at_else=False)
                self._open -= 1
        elif token == "\\ifthenelse":
            self._if_then_else()
        elif token in _TWO_BRANCHES:
            self._two_branches(token)
        elif is_conditional(token):
            if self._holds(token):
                self._open += 1
            else:
                self._skip(stop_at_else=True)
        elif token[:1] == "\\" and self._switch(token):
            pass
        else:
            return False
        return True

    def _switch(self, token: str) -> bool:
        """Carry out ``\\nametrue`` or ``\\namefalse``."""
        for ending, value in (("true", True), ("false", False)):
            name = "\\if" + token[1 : -len(ending)]
            if token.endswith(ending) and name in self._known.switches:
                self._known.switches[name] = value
                return True
        return False

    def _holds(self, token: str) -> bool:
        stream = self._stream
        if token in self._known.switches:
            return self._known.switches[token]
        if token == "\\ifmmode":
            return self.in_maths
        if token == "\\ifx":
            stream.skip_spaces()
            first = stream.take()
            stream.skip_spaces()
            second = stream.take()
            return self._meaning(first) == self._meaning(second)
        if token == "\\ifdefined":
            stream.skip_spaces()
            return stream.take() in self._known.macros
        if token in ("\\ifnum", "\\ifdim", "\\ifodd", "\\ifcase"):
            return self._compare(token)
        return token in _HOLDS

    def _meaning(self, token: str) -> object:
        return self._known.macros.get(token, token)

    def _compare(self, token: str) -> bool:
        """A comparison of numbers that are written out; others do not hold."""
        taken: list[str] = []
        while len(taken) < _MAX_CONDITION:
            following = self._stream.peek()
            macro = self._known.macros.get(following)
            if following == BLANK and taken:
                self._stream.take()
                break
            if macro is not None and not macro.defaults:
                self._stream.take()
                self._stream.push(macro.body)
                taken.append("")
                continue
            if not following or not (following.isdigit() or following in "<>=-+ "):
                break
            taken.append(self._stream.take())
        words = text_of(taken)
        for sign in "<>=":
            left, found, right = words.partition(sign)
            if found and _is_number(left) and _is_number(right):
                return _COMPARISONS[sign](int(left), int(right))
        if token == "\\ifodd":
            return _is_number(words) and int(words) % 2 == 1
        return token in _HOLDS

    def _skip(self, stop_at_else: bool) -> None:
        """Leave out tokens to the end of the conditional, or to its other branch."""
        depth = 0
        skipped = 0
        stream = self._stream
        while stream.peek():
            token = stream.take()
            skipped += 1
            if len(token) == 1:
                continue
            if token == "\\fi":
                if depth == 0:
                    break
                depth -= 1
            elif token == "\\else" and depth == 0 and stop_at_else:
                self._open += 1
                break
            elif is_conditional(token):
                depth += 1
        stream.charge(skipped)

    def _if_then_else(self) -> None:
        """The package ifthen: equality of strings and switches are decided."""
        condition = self._stream.argument()
        then, otherwise = self._stream.argument(), self._stream.argument()
        inner = Stream(len(condition) + 10_000)
        inner.push(condition)
        inner.skip_blanks()
        token = inner.take()
        holds = False
        if token == "\\equal":
            holds = self._text(inner.argument()) == self._text(inner.argument())
        elif token == "\\boolean":
            holds = self._known.switches.get("\\if" + inner.name(), inner.name() == "true")
        self._stream.push(then if holds else otherwise)

    def _text(self, tokens: list[str]) -> str:
        return text_of(
            "".join(self._known.macros[t].body) if t in self._known.macros else t for t in tokens
        )

    def _two_branches(self, token: str) -> None:
        """Commands with a condition and two arguments; no file and no package is there."""
        condition = self._stream.name()
        first, second = self._stream.argument(), self._stream.argument()
        holds = token == "\\@ifundefined" and "\\" + condition not in self._known.macros
        self._stream.push(first if holds else second)


def is_conditional(token: str) -> bool:
    r"""Whether ``token`` opens what ``\fi`` closes.

    >>> is_conditional("\\ifx"), is_conditional("\\iff")
    (True, False)
    """
    return token.startswith("\\if") and token not in commands("no_conditionals")


def _is_number(text: str) -> bool:
    return text.lstrip("+-").isdecimal() and len(text) < 12
