"""The body of a LaTeX source: headings, paragraphs, captions, tables, notes and references.

Works on expanded tokens. Text within a paragraph is read in ``inline``, floats in ``floats``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from scmine.extractors.document import PassageKind
from scmine.extractors.formats.runs import Runs
from scmine.extractors.formats.xml_paper import XmlPaper
from scmine.extractors.latex.bibliography import cited_works, read_entries
from scmine.extractors.latex.commands import names, table
from scmine.extractors.latex.cursor import Cursor, Source
from scmine.extractors.latex.floats import read_float
from scmine.extractors.latex.front import Front, read_front
from scmine.extractors.latex.inline import MAX_DEPTH, Inline
from scmine.extractors.latex.macros import Macro
from scmine.extractors.latex.numbering import number
from scmine.extractors.latex.tabular import TabularReader
from scmine.extractors.latex.tokens import PAR
from scmine.extractors.pdf.blocks import plain_heading
from scmine.extractors.pdf.references import HEADING, PROSE_DENSITY, density

MAX_NOTES = 2_000
"""Footnotes of one paper."""

_SECTIONS = frozenset({"\\section", "\\subsection", "\\subsubsection", "\\chapter", "\\part"})
_RUN_IN = frozenset({"\\paragraph", "\\subparagraph"})
_THANKS = frozenset({"acknowledgments", "acknowledgements", "acks", "acknowledgment", "ack"})
_KEYWORDS = frozenset({"keywords", "keyword", "IEEEkeywords"})
_BREAKS = frozenset({"\\newpage", "\\clearpage", "\\pagebreak", "\\bigskip", "\\medskip"})
_LINES = frozenset({"\\centerline", "\\leftline", "\\rightline"})
_BLOCK_TOKENS = frozenset({PAR, "\\begin", "\\item", *_SECTIONS})
_BIBLIOGRAPHIES = frozenset({"thebibliography", "references"})
_WORD = re.compile(r"[^\W_]")


class LatexPaper:
    """One source as it is read into ``made``."""

    def __init__(
        self,
        tokens: list[str],
        columns: Mapping[str, Macro],
        document_class: str,
        made: XmlPaper,
        numbered: bool = True,
    ) -> None:
        self.source = Source(tokens)
        self.made = made
        self._numbers = number(self.source, document_class)
        self._numbered = numbered
        self._inline = Inline(
            self._numbers, cited_works(self.source), self._notes_met, self._block_met
        )
        self._tabulars = TabularReader(self._inline, columns)
        self._runs = Runs()
        self._kind = PassageKind.PARAGRAPH
        self._section_of_kind: str | None = None
        self._notes: list[Cursor] = []
        self._floats: list[tuple[str, Cursor]] = []
        self._lists_references = False

    @property
    def cites(self) -> int:
        """How many citation commands were met."""
        return self._inline.cites

    def read(self) -> tuple[Front, str]:
        """Read all of it; returns the front matter and the title's text."""
        front = read_front(self.source, self._inline)
        title = ""
        if front.title is not None:
            title = self._passage(PassageKind.TITLE, front.title, "title")
        for abstract in front.abstracts:
            self._as(PassageKind.ABSTRACT, abstract, "abstract")
        self.walk(self._body())
        self._flush()
        for keywords in front.keywords:
            self._passage(PassageKind.PARAGRAPH, keywords, "keywords")
        return front, title

    def _body(self) -> Cursor:
        """What stands between the begin and the end of the document, or all if nothing says so."""
        source = self.source
        for begin, token in enumerate(source.tokens):
            if token == "\\begin" and source.name_at(begin) == "document":
                end = source.environment_ends.get(begin, len(source.tokens))
                return Cursor(source, source.after_name(begin), end)
        return Cursor(source, 0, len(source.tokens))

    def walk(self, cursor: Cursor, depth: int = 0) -> None:
        """Read blocks one after the other."""
        while cursor.more():
            token = cursor.peek()
            if token == PAR or token in _BREAKS:
                cursor.take()
                self._flush()
            elif token == "\\begin":
                cursor.take()
                name = self.source.name_at(cursor.place - 1)
                self._environment(name, cursor.environment(), depth)
            elif token in _SECTIONS:
                self._heading(cursor)
            elif token in _RUN_IN:
                cursor.take()
                cursor.star()
                cursor.optional()
                self._flush()
                self._inline.read(cursor.argument(), self._runs)
                self._runs.add(" ")
            elif token == "\\item":
                cursor.take()
                self._flush()
                label = cursor.optional()
                if label is not None:
                    self._inline.read(label, self._runs)
                    self._runs.add(" ")
            elif token in ("\\caption", "\\captionof"):
                self._caption_alone(cursor)
            elif token in ("\\abstract", "\\abst", "\\Abstract", "\\keyword"):
                cursor.take()
                if cursor.peek() == "{":
                    cursor.argument()
            else:
                self._other(token, cursor, depth)

    def _other(self, token: str, cursor: Cursor, depth: int) -> None:
        """Text, or a group or command that may hold whole paragraphs."""
        if depth < MAX_DEPTH and token == "{" and self._holds_blocks(cursor):
            self.walk(cursor.argument(), depth + 1)
            return
        letters = table("arguments").get(token[1:], "") if len(token) > 1 else ""
        if "M" in letters and depth < MAX_DEPTH:
            cursor.take()
            if token in _LINES:
                self._flush()
            for kept in cursor.arguments(letters):
                self.walk(kept, depth + 1)
            if token in _LINES:
                self._flush()
            return
        self._inline.step(cursor, self._runs)

    def _holds_blocks(self, cursor: Cursor) -> bool:
        end = self.source.brace_ends.get(cursor.place, cursor.place)
        return any(t in _BLOCK_TOKENS for t in self.source.tokens[cursor.place : end])

    def _environment(self, name: str, inner: Cursor, depth: int) -> None:
        if name in names("displays"):
            self._inline.display(inner, self._runs)
        elif name in names("unread"):
            return
        elif name == "abstract":
            self._as(PassageKind.ABSTRACT, inner, "abstract", depth)
        elif name in _KEYWORDS:
            self._as(PassageKind.PARAGRAPH, inner, "keywords", depth)
        elif name in _BIBLIOGRAPHIES:
            self._flush()
            self.made.references += read_entries(inner, self._inline)
        elif self._block_met(name, inner):
            if not len(self._runs):
                self._flush()
        elif depth < MAX_DEPTH:
            if name in _THANKS:
                self._flush()
                runs = Runs()
                runs.add("Acknowledgments")
                self.made.add_heading(runs)
            elif name in names("parting"):
                self._flush()
            inner.arguments(table("environments").get(name, ""))
            self.walk(inner, depth + 1)
            if name in names("parting") or name in _THANKS:
                self._flush()

    def _as(self, kind: PassageKind, inner: Cursor, section: str, depth: int = 0) -> None:
        """Read ``inner`` as paragraphs of one kind."""
        self._flush()
        before = self._kind, self._section_of_kind
        self._kind, self._section_of_kind = kind, section
        if depth < MAX_DEPTH:
            self.walk(inner, depth + 1)
        self._flush()
        self._kind, self._section_of_kind = before

    def _heading(self, cursor: Cursor) -> None:
        self._flush()
        place = cursor.place
        cursor.take()
        cursor.star()
        cursor.optional()
        runs = Runs()
        count = self._numbers.at.get(place, "") if self._numbered else ""
        runs.add(f"{count} " if count else "")
        self._inline.read(cursor.argument(), runs)
        if not _WORD.search(runs.tail(300)):
            return
        self.made.add_heading(runs)
        self._lists_references = bool(HEADING.fullmatch(plain_heading(self.made.section)))
        self._flush()

    def _flush(self) -> None:
        """End the paragraph: first its text, then its notes, then the floats that stood in it."""
        runs, self._runs = self._runs, Runs()
        text = runs.tail(len(runs))
        if self._lists_references and density(text) > PROSE_DENSITY:
            self.made.references.append(runs.cell()[0])
        elif _WORD.search(text):
            self.made.add_passage(self._kind, runs, self._section_of_kind)
        while self._notes or self._floats:
            notes, self._notes = self._notes, []
            for note in notes:
                self._passage(PassageKind.FOOTNOTE, note)
            floats, self._floats = self._floats, []
            for name, body in floats:
                self._float(name, body)

    def _passage(self, kind: PassageKind, cursor: Cursor, section: str | None = None) -> str:
        runs = Runs()
        self._inline.read(Cursor(cursor.source, cursor.place, cursor.end), runs)
        return self.made.add_passage(kind, runs, section)

    def _float(self, name: str, body: Cursor) -> None:
        found = read_float(name, body, self._tabulars)
        caption = ""
        kind = "Table" if name in names("tables") else "Figure"
        for place, cursor in found.captions:
            caption = self._caption(kind, place, cursor)
        for rows in found.grids:
            self.made.add_table(rows, caption)
        for note in found.notes:
            self._passage(PassageKind.FOOTNOTE, note)

    def _caption(self, kind: str, place: int, cursor: Cursor) -> str:
        runs = Runs()
        count = self._numbers.at.get(place)
        if count:
            form = "{} {}. " if self._numbers.revtex else "{} {}: "
            if self._numbers.revtex:
                kind = {"Figure": "FIG.", "Table": "TABLE"}[kind]
            runs.add(form.format(kind, count))
        self._inline.read(Cursor(cursor.source, cursor.place, cursor.end), runs)
        return self.made.add_passage(PassageKind.CAPTION, runs)

    def _caption_alone(self, cursor: Cursor) -> None:
        """A caption outside a float, as packages allow it."""
        place = cursor.place
        name = cursor.argument().text() if cursor.take() == "\\captionof" else ""
        cursor.star()
        cursor.optional()
        inner = cursor.argument()
        self._flush()
        self._caption("Table" if name == "table" else "Figure", place, inner)

    def _notes_met(self, note: Cursor) -> None:
        if len(self._notes) < MAX_NOTES:
            self._notes.append(note)

    def _block_met(self, name: str, inner: Cursor) -> bool:
        """Whether the environment is a float or a grid, which is kept for the paragraph's end."""
        grid = name in table("grids") and name != "array"
        if grid or name in names("tables") or name in names("figures"):
            self._floats.append((name, Cursor(inner.source, inner.place, inner.end)))
            return True
        return False
