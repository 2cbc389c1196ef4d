"""Expansion: a source's files as one list of tokens, with the paper's own macros carried out.

Included files are put in their place, branches of conditionals that do not hold are left out, and
what a definition bomb would grow to is bounded. What LaTeX's own commands mean is for later steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from scmine.extractors.latex.commands import commands, is_known
from scmine.extractors.latex.conditionals import Conditionals
from scmine.extractors.latex.definitions import DEFINERS, define
from scmine.extractors.latex.macros import Definitions, Macro
from scmine.extractors.latex.stream import FILE_END, Stream, WorkLimitError, text_of
from scmine.extractors.latex.tokens import BLANK, PAR, tokenize

MAX_WORK = 6_000_000
"""Tokens handled for one paper; reviews with large tables take under two million."""

MAX_CALL = 200_000
"""Tokens that one call of a macro in the text may come to, with all calls within it."""

MAX_OUT = 4_000_000
"""Tokens of a paper; long reviews have under one million."""

MAX_PACKAGE_WORK = 300_000
"""Tokens handled for the definitions of one package that comes with a paper."""

MAX_PACKAGES = 100
"""Packages that one paper names."""

MAX_FILES = 400
"""Files that one paper includes."""

_CLOSING = set(",.;:!?)]}'-/~") | {"\\/", "\\,", "\\-", PAR, BLANK, "$"}


class Files(Protocol):
    """Where the files of a paper are."""

    def text(self, name: str, endings: Sequence[str]) -> str | None:
        """The text of file ``name``, or of that name with one of ``endings``; None if not there."""

    def bibliography(self) -> str | None:
        """The text of the ``.bbl`` file; None if there is none."""


class Expansion:
    """One source while it is expanded."""

    def __init__(self, files: Files, work: int = MAX_WORK) -> None:
        self.stream = Stream(work)
        self.known = Definitions()
        self._packages: set[str] = set()
        self.warnings: list[str] = []
        self.partial = False
        self._files = files
        self._out: list[str] = []
        self._conditionals = Conditionals(self.stream, self.known)
        self._opened = 0
        self._in_text = False
        self._call_base: int | None = None
        self._call_work = 0
        self._call_name = ""
        self._handlers: dict[str, Callable[[], None]] = {
            "\\csname": self._csname,
            "\\begin": lambda: self._environment("\\begin"),
            "\\end": lambda: self._environment("\\end"),
            "\\bibliography": self._bibliography,
            "\\printbibliography": self._bibliography,
            "\\usepackage": self._package,
            "\\RequirePackage": self._package,
            "\\endinput": self._end_file,
            "\\import": self._import,
            "\\subimport": self._import,
            "\\xspace": self._xspace,
        }
        self._handlers |= dict.fromkeys(commands("inputs"), self._input)

    def run(self, text: str, at_letter: bool = False) -> list[str]:
        """The tokens that ``text`` stands for; a warning is left where they had to be cut."""
        try:
            self.stream.open(tokenize(text, at_letter))
            while len(self.stream) and len(self._out) < MAX_OUT:
                self._step(self.stream.take())
        except WorkLimitError:
            self._warn("the macros come to more than any paper's; the rest is not read")
        if len(self._out) >= MAX_OUT:
            self._warn("the source is longer than any paper's; the rest is not read")
        return self._out

    def _warn(self, message: str, partial: bool = True) -> None:
        self.partial |= partial
        if message not in self.warnings:
            self.warnings.append(message)

    def _step(self, token: str) -> None:
        if token == FILE_END:
            return
        if len(token) == 1:
            self._out.append(token)
            if token == "$":
                self._conditionals.in_maths = not self._conditionals.in_maths
            return
        macro = self.known.macros.get(token)
        if macro is not None:
            self._call(token, macro)
        elif token in DEFINERS:
            define(token, self.stream, self.known)
        elif token in self._handlers:
            self._handlers[token]()
        elif not (token in commands("expanded_away") or self._conditionals.take(token)):
            self._out.append(token)

    def _call(self, token: str, macro: Macro) -> None:
        """Put what a macro stands for in front of the stream."""
        stream = self.stream
        arguments = _arguments(stream, macro)
        if self._call_base is None or len(stream) < self._call_base:
            self._call_base, self._call_work, self._call_name = len(stream), 0, token
        tokens = macro.expand(arguments)
        self._call_work += len(tokens) + 1
        if self._call_work > MAX_CALL:
            # It would never end, or double with each call: the macro is taken to mean nothing.
            stream.charge(self._call_work)
            stream.cut(self._call_base)
            self.known.macros[self._call_name] = Macro(())
            self._warn(f"the macro {self._call_name[:40]} does not come to an end; it is left out")
            return
        stream.push(tokens)

    def _csname(self) -> None:
        name: list[str] = []
        while self.stream.peek() and self.stream.peek() != "\\endcsname" and len(name) < 200:
            name.append(self.stream.take())
        if self.stream.peek() == "\\endcsname":
            self.stream.take()
        if name:
            self.stream.push(["\\" + text_of(name)])

    def _environment(self, command: str) -> None:
        """An environment of the paper's own is carried out; others are left as they are."""
        name = self.stream.argument()
        found = self.known.environments.get(text_of(name))
        if found is not None:
            if command == "\\begin":
                self._call("\\begin{" + text_of(name) + "}", found.begin)
            else:
                self.stream.push(found.end)
            return
        if text_of(name) == "document":
            self._in_text = True
            if command == "\\end":
                self._end_file()
        self._out += [command, "{", *name, "}"]

    def _end_file(self) -> None:
        """Go on behind the file that is read now."""
        while self.stream.peek():
            self.stream.take()

    def _input(self) -> None:
        if self.stream.peek() == "{":
            name = self.stream.name()
        else:
            self.stream.skip_spaces()
            taken: list[str] = []
            while self.stream.peek() not in ("", BLANK, PAR, "}") and len(taken) < 200:
                taken.append(self.stream.take())
            self.stream.skip_spaces()
            name = text_of(taken)
        self._open(name)

    def _import(self) -> None:
        folder, name = self.stream.name(), self.stream.name()
        self._open(f"{folder.rstrip('/')}/{name}")

    def _open(self, name: str) -> None:
        self._opened += 1
        if self._opened > MAX_FILES:
            self._warn(f"more than {MAX_FILES} files are included; further ones are not read")
            return
        text = self._files.text(name, (".tex", ".ltx"))
        if text is None:
            # Before the text begins these are macros that every TeX has.
            in_text = self._in_text
            self._warn(f"the included file {name[:80]!r} is not there", partial=in_text)
            return
        self.stream.open(tokenize(text))

    def _bibliography(self) -> None:
        self.stream.optional()
        if self.stream.peek() == "{":
            self.stream.group()
        self._opened += 1
        text = self._files.bibliography() if self._opened <= MAX_FILES else None
        if text is not None:
            self.stream.open(tokenize(text))

    def _package(self) -> None:
        """Take the definitions of packages that come with the paper; print nothing of them."""
        options = self.stream.optional()
        names = self.stream.argument()
        self._out += ["\\usepackage", "[", *(options or []), "]", "{", *names, "}"]
        for name in text_of(names).split(","):
            if name.strip() in self._packages or len(self._packages) >= MAX_PACKAGES:
                continue
            self._packages.add(name.strip())
            text = self._files.text(name.strip(), (".sty",))
            if text is None:
                continue
            work = min(MAX_PACKAGE_WORK, self.stream.left)
            inner = Expansion(self._files, work)
            inner._packages = self._packages
            inner.run(text, at_letter=True)
            self.stream.charge(work - inner.stream.left)
            for macro, meaning in inner.known.macros.items():
                internal = any("@" in t and len(t) > 1 for t in (macro, *meaning.body))
                if not internal and not is_known(macro):
                    self.known.macros.setdefault(macro, meaning)

    def _xspace(self) -> None:
        if self.stream.peek() not in _CLOSING:
            self._out.append(BLANK)


def _arguments(stream: Stream, macro: Macro) -> list[list[str]]:
    """The arguments of a call that follow in ``stream``."""
    if not macro.defaults and macro.delimiters == ((),) and not macro.starred:
        return []
    prefix = macro.delimiters[0]
    if prefix:
        stream.until(prefix)
    arguments: list[list[str]] = []
    if macro.starred:  # the star is the first argument
        arguments.append(["*"] if stream.star() else [])
    first = len(arguments)
    for default, delimiter in zip(
        macro.defaults[first:], macro.delimiters[1 + first :], strict=True
    ):
        if default is not None:
            given = stream.optional()
            arguments.append(list(default) if given is None else given)
        elif delimiter:
            arguments.append(stream.until(delimiter))
        else:
            arguments.append(stream.argument())
    return arguments
