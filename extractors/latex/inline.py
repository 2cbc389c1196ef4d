"""Inline LaTeX: the commands within a paragraph, a caption or a cell read as running text.

Formulas go to ``formats.latex_math``. What begins a paragraph or a float is for ``paper``; notes
and floats that are met within text are handed on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from scmine.extractors.formats.display_formulas import MAX_STATED, states_value
from scmine.extractors.formats.latex_math import read_maths, signs
from scmine.extractors.formats.runs import Runs
from scmine.extractors.latex.commands import names, table
from scmine.extractors.latex.cursor import Cursor
from scmine.extractors.latex.numbering import Numbers
from scmine.extractors.latex.tokens import PAR, source_of
from scmine.extractors.pdf.lines import Shift

MAX_DEPTH = 60
"""Groups and environments in each other; deeper ones are not read."""

MAX_FORMULA_TOKENS = 20_000
"""Tokens of a formula; a longer one has lost its end."""

_LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("`", "‘"), ("'", "’"))
_SCRIPTS: dict[str, Shift] = {
    "textsubscript": "sub",
    "textsuperscript": "sup",
    "textsub": "sub",
    "textsup": "sup",
    "sub": "sub",
    "sup": "sup",
    "up": "sup",
    "tnote": "sup",
    "tablenotemark": "sup",
}
_CITES = re.compile(r"(?:paren|auto|text|Text|super|smart|full|online)?[Cc]ite[a-z]{0,10}")
_NAMED_CITES = frozenset({"citet", "textcite", "Citet", "citeauthor", "citealt", "Textcite"})
_IN_WORDS = re.compile(r"\b(?:refs?\.?|references?)\s*[\[(]?\s*$", re.I)
_REFERENCES = frozenset(
    {"ref", "autoref", "cref", "Cref", "eqref", "vref", "fref", "tref", "subref"}
)
_REFERENCE_NAMES = {"Figure": "Fig.", "Table": "Table", "Section": "Sec.", "Equation": "Eq."}
_NOTES = frozenset(
    {"footnote", "endnote", "footnotetext", "tablenotetext", "tablefootnote", "tablenote"}
)
_MATHS_ENDS = {"\\(": "\\)", "\\[": "\\]"}


@dataclass(slots=True)
class Cited:
    """The numbers of cited works in the order of the bibliography, and their authors if known."""

    numbers: dict[str, int] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)

    def number(self, key: str) -> int:
        """The number of the work ``key``; works not listed are counted as they are cited."""
        return self.numbers.setdefault(key, len(self.numbers) + 1)


class Inline:
    """Reads running text.

    ``on_note`` and ``on_block`` take the footnotes and environments that are met within it. While
    ``in_cell`` holds, tables are text of the cell they stand in.
    """

    def __init__(
        self,
        numbers: Numbers,
        cited: Cited,
        on_note: Callable[[Cursor], None],
        on_block: Callable[[str, Cursor], bool],
    ) -> None:
        self._numbers = numbers
        self._cited = cited
        self._on_note = on_note
        self._on_block = on_block
        self.cites = 0
        self.in_cell = False
        self._no_end_until: dict[str, int] = {}

    def read(self, cursor: Cursor, runs: Runs, shift: Shift = "", depth: int = 0) -> None:
        """Append all that ``cursor`` has to ``runs``."""
        while cursor.more():
            self.step(cursor, runs, shift, depth)

    def step(self, cursor: Cursor, runs: Runs, shift: Shift = "", depth: int = 0) -> None:
        """Append the next character, group or command with its arguments to ``runs``."""
        token = cursor.peek()
        if token == "{":
            inner = cursor.argument()
            if depth < MAX_DEPTH:
                self.read(inner, runs, shift, depth + 1)
        elif token == "$":
            self._dollar(cursor, runs, shift)
        elif token in ("`", "'", "-"):
            self._ligature(cursor, runs, shift)
        elif len(token) > 1:
            cursor.take()
            self._command(token[1:], cursor, runs, shift, depth)
        elif token in "~&":
            cursor.take()
            runs.add(" ")
        elif token in "}#":
            cursor.take()
        else:
            runs.add(cursor.plain(), shift)

    def _ligature(self, cursor: Cursor, runs: Runs, shift: Shift) -> None:
        ahead = "".join(cursor.source.tokens[cursor.place : min(cursor.place + 3, cursor.end)])
        for marks, sign in _LIGATURES:
            if ahead.startswith(marks):
                cursor.place += len(marks)
                runs.add(sign, shift)
                return
        runs.add(cursor.take(), shift)

    def _dollar(self, cursor: Cursor, runs: Runs, shift: Shift) -> None:
        start = cursor.place
        tokens = cursor.source.tokens
        display = tokens[start + 1 : start + 2] == ["$"] and start + 1 < cursor.end
        opening = 2 if display else 1
        i = start + opening
        limit = min(cursor.end, i + MAX_FORMULA_TOKENS)
        while i < limit and tokens[i] not in ("$", PAR):
            # What \mbox{} and its like hold may have dollars of its own.
            i = cursor.source.brace_ends.get(i, i) + 1 if tokens[i] == "{" else i + 1
        if i >= limit or tokens[i] == PAR:
            cursor.place = start + opening  # a dollar without its pair must not swallow the paper
            return
        formula = Cursor(cursor.source, start + opening, i)
        cursor.place = i + 1
        if display and cursor.peek() == "$":
            cursor.place += 1
        if display:
            self.display(formula, runs)
        else:
            self._formula(formula, runs, shift)

    def _formula(self, formula: Cursor, runs: Runs, shift: Shift) -> None:
        for key in self._cites_in(formula):
            runs.cite(self._mark(key))
        runs.add_maths(source_of(formula.tokens()), shift)

    def _cites_in(self, formula: Cursor) -> list[str]:
        """The keys of citations that are raised by a formula: ``$^{\\cite{a}}$``."""
        keys: list[str] = []
        for i in range(formula.place, formula.end):
            token = formula.source.tokens[i]
            if token.startswith("\\") and len(token) > 4 and _CITES.fullmatch(token[1:]):
                behind = Cursor(formula.source, i + 1, formula.end)
                behind.optional()
                keys.append(behind.argument().text())
        return keys

    def display(self, formula: Cursor, runs: Runs) -> None:
        """Append the lines of a formula set off from the text that state a value."""
        for line in _lines(formula):
            if line.end - line.place > 40 * MAX_STATED:
                continue
            marked = read_maths(source_of(line.tokens())).tidied()
            if states_value(marked.text):
                runs.add(" ")
                runs.add_marked(marked)
        runs.add(" ")

    def _command(self, name: str, cursor: Cursor, runs: Runs, shift: Shift, depth: int) -> None:
        if name in ("(", "["):
            self._bracketed_formula("\\" + name, cursor, runs, shift)
        elif name == "begin":
            self._environment(cursor, runs, shift, depth)
        elif name == "end":
            cursor.place = max(cursor.place, cursor.source.after_name(cursor.place - 1))
        elif name in table("formulas"):
            start = cursor.place - 1
            _skip(cursor, table("formulas")[name])
            self._formula(Cursor(cursor.source, start, cursor.place), runs, shift)
        elif name in _SCRIPTS:
            raised: Shift = shift or _SCRIPTS[name]
            cursor.optional()
            self._argument(cursor, runs, raised, depth)
        elif name in _NOTES:
            cursor.optional()
            if name == "tablenotetext":
                cursor.argument()
            note = cursor.argument()
            if name == "footnote" and cursor.peek() == "{":
                note = cursor.argument()  # plain TeX gives the mark first
            self._on_note(note)
        elif name == "footnotemark":
            cursor.optional()
        elif name in _REFERENCES:
            self._reference(name, cursor, runs, shift)
        elif name in table("arguments"):
            if "g" in table("arguments")[name]:
                runs.add(" ")
            for kept in cursor.arguments(table("arguments")[name]):
                if depth < MAX_DEPTH:
                    self.read(kept, runs, shift, depth + 1)
        elif _CITES.fullmatch(name):
            self._cite(name, cursor, runs, shift)
        else:
            self._sign(name, cursor, runs, shift, depth)

    def _sign(self, name: str, cursor: Cursor, runs: Runs, shift: Shift, depth: int) -> None:
        """A command for one sign, an accent, or one that is not known and leaves no trace."""
        if name == "\\":
            cursor.star()
            cursor.optional()
            runs.add(" ")
        elif name in table("accents"):
            base = Runs()
            if depth < MAX_DEPTH:
                self._argument(cursor, base, "", depth)
            runs.add(_accented(base.cell()[0], table("accents")[name]), shift)
        elif name in table("text"):
            runs.add(table("text")[name], shift)
        elif name in signs():
            runs.add(signs()[name], shift)
        elif name in names("registers"):
            cursor.dimension()
        elif cursor.peek() == "[":
            before = cursor.place
            cursor.optional()
            if cursor.peek() != "{":
                cursor.place = before

    def _argument(self, cursor: Cursor, runs: Runs, shift: Shift, depth: int) -> None:
        if cursor.peek() == "{" or len(cursor.peek()) < 2:
            self.read(cursor.argument(), runs, shift, depth + 1)
        elif depth < MAX_DEPTH:  # a command with arguments of its own
            self.step(cursor, runs, shift, depth + 1)

    def _bracketed_formula(self, opening: str, cursor: Cursor, runs: Runs, shift: Shift) -> None:
        start = cursor.place
        limit = min(cursor.end, start + MAX_FORMULA_TOKENS)
        closing = _MATHS_ENDS[opening]
        i = max(start, self._no_end_until.get(closing, 0))  # looked through before
        while i < limit and cursor.source.tokens[i] not in (closing, PAR):
            i += 1
        if i >= limit or cursor.source.tokens[i] == PAR:
            self._no_end_until[closing] = i
            return
        cursor.place = i + 1
        if opening == "\\[":
            self.display(Cursor(cursor.source, start, i), runs)
        else:
            self._formula(Cursor(cursor.source, start, i), runs, shift)

    def _environment(self, cursor: Cursor, runs: Runs, shift: Shift, depth: int) -> None:
        name = cursor.source.name_at(cursor.place - 1)
        inner = cursor.environment()
        if name == "math":
            self._formula(inner, runs, shift)
        elif name in names("displays"):
            self.display(inner, runs)
        elif name in names("unread") or (not self.in_cell and self._on_block(name, inner)):
            return
        elif depth < MAX_DEPTH:
            _skip(inner, table("environments").get(name, ""))
            if name in table("grids"):
                _skip(inner, table("grids")[name] + "m")
            runs.add(" ")
            self.read(inner, runs, shift, depth + 1)
            runs.add(" ")

    def _cite(self, name: str, cursor: Cursor, runs: Runs, shift: Shift) -> None:
        """A citation is noted where it stands; only after "Ref." its number is text."""
        cursor.star()
        cursor.optional()
        cursor.optional()
        keys = cursor.argument().text()
        if not keys:
            return
        self.cites += 1
        if name in _NAMED_CITES:
            authors = self._cited.authors.get(keys.split(",")[0].strip(), "")
            runs.add(authors)
        if name not in ("citeauthor", "citeyear", "citeyearpar"):
            mark = self._mark(keys)
            if name == "onlinecite" and runs.tail(1) in ("[", "("):
                runs.add(mark, shift)
            elif _IN_WORDS.search(runs.tail(20)):
                runs.add(f"[{mark}]", shift)
            else:
                runs.cite(mark)

    def _mark(self, keys: str) -> str:
        """The mark that a citation of ``keys`` is printed as."""
        found = [self._cited.number(k.strip()) for k in keys.split(",")[:50] if k.strip()]
        return ", ".join(map(str, found))

    def _reference(self, name: str, cursor: Cursor, runs: Runs, shift: Shift) -> None:
        """The number that a label stands for; one that is not known is left out."""
        cursor.star()
        labels = [label.strip() for label in cursor.argument().text().split(",")[:20]]
        known = [label for label in labels if label in self._numbers.labels]
        text = ", ".join(self._numbers.labels[label] for label in known)
        if not known:
            return
        if name == "eqref":
            text = f"({text})"
        elif name in ("autoref", "cref", "Cref"):
            text = f"{_REFERENCE_NAMES[self._numbers.kinds[known[0]]]} {text}"
        runs.add(text, shift)


def _lines(formula: Cursor) -> Iterator[Cursor]:
    """The lines of a formula set off from the text, as ``\\\\`` parts them."""
    source = formula.source
    start = i = formula.place
    while i < formula.end:
        token = source.tokens[i]
        if token == "{":
            i = source.brace_ends.get(i, i) + 1
        elif token == "\\begin":
            i = source.environment_ends.get(i, i) + 1
        else:
            i += 1
            if token == "\\\\":
                yield Cursor(source, start, i - 1)
                start = i
    yield Cursor(source, start, formula.end)


def _skip(cursor: Cursor, letters: str) -> None:
    cursor.arguments(letters.replace("M", "m"))


def _accented(text: str, mark: str) -> str:
    """``text`` with an accent on its first character."""
    base = {"ı": "i", "ȷ": "j"}.get(text[:1], text[:1])
    return unicodedata.normalize("NFC", base + mark) + text[1:] if base.isalnum() else text
