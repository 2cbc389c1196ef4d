"""What an XML reader has gathered of a paper, made into a document at the end.

Knows no format; the readers say what is what. Papers whose format does not say what is a heading or
an abstract are put together in ``assembly``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scmine.extractors.document import (
    Box,
    Document,
    Listing,
    Metadata,
    Passage,
    PassageKind,
    ReadError,
    Status,
    Table,
)
from scmine.extractors.formats.grids import RawRow, make_table
from scmine.extractors.formats.listings import MAX_LISTINGS, listings_in
from scmine.extractors.formats.runs import Runs
from scmine.extractors.formats.xml_tree import XmlFile


@dataclass(slots=True)
class XmlPaper:
    """What has been read of a paper so far; ``section`` is the heading that holds now.

    ``typed_marks`` says that citation marks may be plain superscripts, see ``Runs.passage``.
    """

    typed_marks: bool = False

    passages: list[Passage] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    section: str = ""
    page_count: int = 0

    def add_heading(self, runs: Runs) -> None:
        """Append the heading that ``runs`` hold, if any; it opens a section of its name."""
        text, _ = runs.cell()
        heading = runs.passage(PassageKind.HEADING, text)
        if heading is not None:
            self.section = text
            self.passages.append(heading)

    def add_passage(self, kind: PassageKind, runs: Runs, section: str | None = None) -> str:
        """Append what ``runs`` hold, if anything, and return its text."""
        passage = runs.passage(kind, self.section if section is None else section, self.typed_marks)
        if passage is None:
            return ""
        self.passages.append(passage)
        return passage.text

    def add_table(self, rows: Sequence[RawRow], caption: str, box: Box | None = None) -> None:
        """Append the table of ``rows``, or a warning where they are too many for one."""
        table = make_table(rows, caption, self.section, box)
        if table is not None:
            self.tables.append(table)
        elif any(cell.text for row in rows for cell in row.cells):
            self.warnings.append(f"a table of {len(rows)} rows has too many cells and is not read")

    def add_listings(self, text: str) -> None:
        """Append the CIF and POSCAR files that ``text`` holds, line by line."""
        self.listings += listings_in(text.split("\n"))[: MAX_LISTINGS - len(self.listings)]

    def document(self, path: Path, reader: str, source: XmlFile, metadata: Metadata) -> Document:
        """The document.

        Raises
        ------
        ReadError
            With status ``empty``, if there is neither a passage nor a table.
        """
        if not self.passages and not self.tables:
            raise ReadError(Status.EMPTY, "the file holds no text of a paper")
        return Document(
            doc_id=source.doc_id,
            path=str(path),
            reader=reader,
            metadata=metadata,
            passages=tuple(self.passages),
            tables=tuple(self.tables),
            references=tuple(self.references),
            listings=tuple(self.listings),
            page_count=self.page_count,
            warnings=(*source.warnings, *self.warnings),
        )
