"""Definitions: what ``\\newcommand``, ``\\def``, ``\\let`` and their like define."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from scmine.extractors.latex.commands import is_known, is_protected
from scmine.extractors.latex.macros import (
    Definitions,
    Environment,
    Macro,
    compile_body,
    from_parameter_text,
    with_parameters,
)
from scmine.extractors.latex.stream import Stream, text_of

MAX_PARAMETER_TEXT = 100
"""Tokens between the name and the body of a ``\\def``."""


def define(command: str, stream: Stream, known: Definitions) -> None:
    """Read from ``stream`` what ``command``, one of ``DEFINERS``, defines, into ``known``."""
    DEFINERS[command](stream, known)


def _name(stream: Stream) -> str:
    """The command that is defined, in braces or without; also one that ``\\csname`` makes."""
    stream.skip_blanks()
    if stream.peek() == "{":
        return text_of(stream.group())
    token = stream.take()
    if token in ("\\expandafter", "\\protect"):
        token = stream.take()
    if token != "\\csname":
        return token
    name: list[str] = []
    while stream.peek() and len(name) < 200:
        part = stream.take()
        if part == "\\endcsname":
            break
        name.append(part)
    return "\\" + text_of(name)


def _set(known: Definitions, name: str, macro: Macro, new_only: bool = False) -> None:
    if len(name) < 2 or name[0] != "\\" or is_protected(name):
        return
    if new_only and (name in known.macros or is_known(name)):
        return
    known.macros[name] = macro


def _new_command(stream: Stream, known: Definitions, new_only: bool = False) -> None:
    stream.star()
    name = _name(stream)
    count = stream.optional()
    default = stream.optional() if count is not None else None
    body = stream.argument()
    digits = text_of(count or [])
    parameters = int(digits) if digits.isdecimal() and len(digits) < 3 else 0
    _set(known, name, with_parameters(body, parameters, default), new_only)


def _def(stream: Stream, known: Definitions) -> None:
    name = _name(stream)
    parameters: list[str] = []
    while stream.peek() not in ("{", "") and len(parameters) < MAX_PARAMETER_TEXT:
        parameters.append(stream.take())
    _set(known, name, from_parameter_text(parameters, stream.argument()))


def _let(stream: Stream, known: Definitions) -> None:
    name = _name(stream)
    stream.skip_spaces()
    if stream.peek() == "=":
        stream.take()
        stream.skip_spaces()
    target = stream.take()
    if target in ("", "{", "}") or target == name:
        return
    _set(known, name, known.macros.get(target) or Macro((target,)))


def _operator(stream: Stream, known: Definitions) -> None:
    stream.star()
    name = _name(stream)
    _set(known, name, Macro(compile_body(["\\operatorname", "{", *stream.argument(), "}"])))


def _new_environment(stream: Stream, known: Definitions) -> None:
    stream.star()
    name = stream.name()
    count = stream.optional()
    default = stream.optional() if count is not None else None
    begin, end = stream.argument(), stream.argument()
    digits = text_of(count or [])
    parameters = int(digits) if digits.isdecimal() and len(digits) < 3 else 0
    if name and not is_protected("\\" + name) and name != "document":
        made = with_parameters(begin, parameters, default)
        known.environments[name] = Environment(made, compile_body(end))


def _document_command(stream: Stream, known: Definitions, new_only: bool = False) -> None:
    """A command of xparse; of its kinds of arguments ``m``, ``o``, ``O{}``, ``s`` are known."""
    name = _name(stream)
    letters = stream.argument()
    body = stream.argument()
    defaults: list[tuple[str, ...] | None] = []
    starred = False
    i = 0
    while i < len(letters) and len(defaults) < 9:
        letter = letters[i]
        if letter == "m":
            defaults.append(None)
        elif letter == "o":
            defaults.append(())
        elif letter == "O":
            end = letters.index("}", i) if "}" in letters[i:] else i
            defaults.append(tuple(letters[i + 2 : end]))
            i = end
        elif letter == "s":
            starred = True
            defaults.append(())
        i += 1
    macro = Macro(compile_body(body), ((),) * (len(defaults) + 1), tuple(defaults), starred)
    _set(known, name, macro, new_only)


def _new_if(stream: Stream, known: Definitions) -> None:
    name = _name(stream)
    if name.startswith("\\if"):
        known.switches[name] = False


def _column_type(stream: Stream, known: Definitions) -> None:
    name = stream.name()
    count = text_of(stream.optional() or [])
    body = stream.argument()
    if len(name) == 1:
        known.columns[name] = with_parameters(body, int(count) if count.isdecimal() else 0, None)


def _unit(stream: Stream, known: Definitions) -> None:
    stream.optional()
    name = _name(stream)
    _set(known, name, Macro(compile_body(stream.argument())))


DEFINERS: dict[str, Callable[[Stream, Definitions], None]] = {
    "\\newcommand": _new_command,
    "\\renewcommand": _new_command,
    "\\providecommand": partial(_new_command, new_only=True),
    "\\DeclareRobustCommand": _new_command,
    "\\newrobustcmd": _new_command,
    "\\def": _def,
    "\\edef": _def,
    "\\gdef": _def,
    "\\xdef": _def,
    "\\let": _let,
    "\\DeclareMathOperator": _operator,
    "\\newenvironment": _new_environment,
    "\\renewenvironment": _new_environment,
    "\\NewDocumentCommand": _document_command,
    "\\RenewDocumentCommand": _document_command,
    "\\ProvideDocumentCommand": partial(_document_command, new_only=True),
    "\\DeclareDocumentCommand": _document_command,
    "\\newif": _new_if,
    "\\newcolumntype": _column_type,
    "\\DeclareSIUnit": _unit,
}
"""What defines, and how it is read."""
