"""Macros: what a paper defines, and the tokens that a call of it stands for.

Reading definitions and calls from a source lives in ``expansion``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_PARAMETERS = 9


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro: its parameters and the tokens it stands for.

    ``delimiters`` has one entry more than there are parameters: what stands before the first
    one, and after each. Only ``\\def`` gives them. ``defaults`` holds the tokens of optional
    parameters, None for those that must be given. In ``body`` the token ``#1`` is the first
    argument. If the macro is ``starred``, its first parameter is a star that may be there.
    """

    body: tuple[str, ...]
    delimiters: tuple[tuple[str, ...], ...] = ((),)
    defaults: tuple[tuple[str, ...] | None, ...] = ()
    starred: bool = False

    def expand(self, arguments: Sequence[Sequence[str]]) -> list[str]:
        """The tokens of a call with ``arguments``, one for each parameter."""
        if not arguments:
            return list(self.body)
        result: list[str] = []
        for token in self.body:
            if token[0] == "#" and len(token) == 2:
                index = int(token[1]) - 1
                if index < len(arguments):
                    result += arguments[index]
            else:
                result.append(token)
        return result


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment of a paper's own: what its begin and its end stand for."""

    begin: Macro
    end: tuple[str, ...]


@dataclass(slots=True)
class Definitions:
    """All that is defined at some place of a source."""

    macros: dict[str, Macro] = field(default_factory=dict)
    environments: dict[str, Environment] = field(default_factory=dict)
    switches: dict[str, bool] = field(default_factory=dict)
    columns: dict[str, Macro] = field(default_factory=dict)


def compile_body(tokens: Sequence[str]) -> tuple[str, ...]:
    """The tokens of a definition with its parameters as one token each.

    >>> compile_body(["a", "#", "1", "#", "#", "2"])
    ('a', '#1', '#', '2')
    """
    body: list[str] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        following = tokens[i + 1] if i + 1 < len(tokens) else ""
        if token == "#" and following in set("123456789"):
            body.append(f"#{following}")
            i += 2
        elif token == "#" and following == "#":
            body.append("#")
            i += 2
        else:
            body.append(token)
            i += 1
    return tuple(body)


def with_parameters(
    body: Sequence[str], count: int, default: Sequence[str] | None, starred: bool = False
) -> Macro:
    """A macro of ``count`` parameters, of which the first is optional if it has a ``default``."""
    count = max(0, min(count, MAX_PARAMETERS))
    defaults: list[tuple[str, ...] | None] = [None] * count
    if count and default is not None:
        defaults[0] = tuple(default)
    return Macro(compile_body(body), ((),) * (count + 1), tuple(defaults), starred)


def from_parameter_text(parameters: Sequence[str], body: Sequence[str]) -> Macro:
    """The macro that ``\\def`` makes, with the tokens between its name and its body."""
    delimiters: list[list[str]] = [[]]
    i = 0
    while i < len(parameters):
        digit = parameters[i + 1 : i + 2]
        if parameters[i] == "#" and digit and digit[0].isdigit():
            if len(delimiters) <= MAX_PARAMETERS:
                delimiters.append([])
            i += 2
            continue
        if parameters[i] != "#":
            delimiters[-1].append(parameters[i])
        i += 1
    count = len(delimiters) - 1
    return Macro(compile_body(body), tuple(map(tuple, delimiters)), (None,) * count)
