"""Candidates: which files of a folder are papers, and in which format, by name and beginning.

Files that a user names are taken as they are; this is for those that are found. Which of them are
the same paper lives in ``same_paper``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path, PurePosixPath

from scmine.extractors.archives import MAX_ARCHIVE, holds, is_archive
from scmine.extractors.document import ReadError
from scmine.extractors.formats.crystal_files import is_crystal_name
from scmine.extractors.formats.jats import looks_like_jats
from scmine.extractors.formats.plain import looks_like_plain
from scmine.extractors.formats.tei import looks_like_tei
from scmine.extractors.latex.reader import TEX_ENDINGS, looks_like_tex
from scmine.extractors.latex.sources import MAX_FILE, included_names, is_beside_main, is_main
from scmine.extractors.lexicons import load_words

_HEAD_BYTES = 4096
_HTML_HEAD_BYTES = 1 << 16
_XML = (".xml", ".nxml", ".tei")
_HTML = (".html", ".htm")
_MARKDOWN = (".md", ".markdown")
_PLAIN = (".txt",)
_ARCHIVES = (".tar.gz", ".tgz", ".tar", ".gz", ".zip")
_ENDINGS = (
    ".grobid.tei.xml",
    ".tei.xml",
    ".pdf",
    *_XML,
    *_HTML,
    *_MARKDOWN,
    *_PLAIN,
    *_ARCHIVES,
    *TEX_ENDINGS,
)
_FIGURE = re.compile(r"\\include(?:graphics|pdf)\*?\s*(?:\[[^\]]{0,300}\]\s*)?\{([^{}]{1,200})\}")


class Form(IntEnum):
    """The format of a paper, the one that says most first."""

    LATEX = 0
    HTML = 1
    JATS = 2
    TEI = 3
    PDF = 4
    MARKDOWN = 5
    PLAIN = 6
    CRYSTAL = 7
    """A CIF or POSCAR: beside a paper, never in place of it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that is a paper, with its name without endings.

    Of a LaTeX file, ``parts`` and ``figures`` are the names, without folders and endings, of the
    files that it includes; ``beside`` says that it goes with a paper that is another file.
    """

    path: Path
    form: Form
    stem: str
    packed: bool = False
    parts: frozenset[str] = field(default=frozenset())
    figures: frozenset[str] = field(default=frozenset())
    beside: bool = False


def form_by_name(path: Path) -> Form | None:
    """The format that a file's name promises; None if it promises none."""
    if is_crystal_name(path.name):
        return Form.CRYSTAL
    name = path.name.lower()
    if name.endswith(".pdf"):
        return Form.PDF
    if name.endswith((*TEX_ENDINGS, *_ARCHIVES)):
        return Form.LATEX
    if name.endswith(_HTML):
        return Form.HTML
    if name.endswith(_XML):
        return Form.TEI if ".tei" in name else Form.JATS
    if name.endswith(_MARKDOWN):
        return Form.MARKDOWN
    return Form.PLAIN if name.endswith(_PLAIN) else None


def by_name(path: Path) -> Candidate | None:
    """A file taken for what its name promises."""
    form = form_by_name(path)
    packed = path.name.lower().endswith(_ARCHIVES)
    return None if form is None else Candidate(path, form, stem_of(path), packed)


def candidate(path: Path) -> Candidate | None:
    """The paper in the file ``path``; None if it holds none.

    Files that cannot be read, and archives that are damaged, count as papers if their name
    promises one: what is wrong with them is said when they are read.
    """
    found = by_name(path)
    if found is None or found.form in (Form.PDF, Form.CRYSTAL):
        return found
    try:
        if found.packed:
            return found if _archive_holds_paper(path) else None
        return _looked_into(found)
    except OSError:
        return found


def stem_of(path: Path) -> str:
    """A file's name without the endings of its format.

    >>> stem_of(Path("2001.01234v2.tar.gz")), stem_of(Path("x.tei.xml")), stem_of(Path("a.b.pdf"))
    ('2001.01234v2', 'x', 'a.b')
    """
    name = path.name
    for ending in sorted(_ENDINGS, key=len, reverse=True):
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return name


def _looked_into(found: Candidate) -> Candidate | None:
    path = found.path
    if not path.is_file():  # reading a pipe could wait for ever
        return found
    if found.form is Form.LATEX:
        return _main_file(found)
    if found.form is Form.HTML:
        return found if b"ltx_document" in _head(path, _HTML_HEAD_BYTES) else None
    head = _head(path, _HEAD_BYTES)
    if found.form in (Form.JATS, Form.TEI):
        form = Form.TEI if looks_like_tei(head) else Form.JATS if looks_like_jats(head) else None
        return None if form is None else Candidate(path, form, found.stem)
    if found.stem.lower() in load_words("not_papers.txt"):
        return None
    return found if found.form is Form.MARKDOWN or looks_like_plain(head) else None


def _main_file(found: Candidate) -> Candidate | None:
    """A LaTeX file if it is one of its own, not a part of another."""
    if found.path.stat().st_size > MAX_FILE:
        return None
    text = found.path.read_bytes().decode("latin-1")
    if not is_main(text):
        return None
    figures = {PurePosixPath(m[1].strip()).name for m in _FIGURE.finditer(text)}
    return Candidate(
        found.path,
        found.form,
        found.stem,
        parts=frozenset(included_names(text)),
        figures=frozenset(name.removesuffix(".pdf") for name in figures),
        beside=is_beside_main(found.path.name, text),
    )


def _archive_holds_paper(path: Path) -> bool:
    """Whether an archive holds TeX or a PDF."""
    if not path.is_file() or path.stat().st_size > MAX_ARCHIVE:
        return True
    data = path.read_bytes()
    if not is_archive(data[:512]):  # a PDF or a source that is not packed; else it is damaged
        return bool(data)
    try:
        return holds(data, _is_tex_or_pdf, _single_is_paper)
    except ReadError:
        return True


def _is_tex_or_pdf(name: str) -> bool:
    return name.lower().endswith((*TEX_ENDINGS, ".pdf"))


def _single_is_paper(content: bytes) -> bool:
    return b"%PDF-" in content[:1024] or looks_like_tex(content[: 1 << 16])


def _head(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)
