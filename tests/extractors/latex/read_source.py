"""What the tests of the LaTeX reader share: sources as strings, read from a file of their own."""

from __future__ import annotations

from pathlib import Path

from scmine.extractors.document import Document, PassageKind
from scmine.extractors.latex.reader import read_latex


def document_of(folder: Path, body: str, preamble: str = "", style: str = "article") -> Document:
    """The document in a file of class ``style`` with ``body``."""
    file = folder / "paper.tex"
    source = (
        f"\\documentclass{{{style}}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    )
    file.write_text(source, encoding="utf-8")
    return read_latex(file)


def texts(document: Document, kind: PassageKind = PassageKind.PARAGRAPH) -> list[str]:
    """The texts of all passages of one kind."""
    return [p.text for p in document.passages if p.kind is kind]


def rows(document: Document, table: int = 0) -> list[list[str]]:
    """The texts of a table's cells."""
    return [[cell.text for cell in row] for row in document.tables[table].rows]
