"""The LaTeX reader: a ``.tex`` file with what it includes, or an archive of sources, as a document.

An archive that holds a paper as PDF only, as some of arXiv's do, is read as that PDF.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from scmine.extractors.archives import MAX_ARCHIVE, Archive, unpack
from scmine.extractors.document import Document, PassageKind, ReadError, Status
from scmine.extractors.formats.crystal_files import is_crystal_name, listings_of
from scmine.extractors.formats.listings import MAX_LISTINGS
from scmine.extractors.formats.runs import Runs
from scmine.extractors.formats.text_files import decode, is_text
from scmine.extractors.formats.xml_paper import XmlPaper
from scmine.extractors.latex.expansion import Expansion
from scmine.extractors.latex.front import Front, metadata
from scmine.extractors.latex.manual_citations import take_citations_of_values, take_manual_citations
from scmine.extractors.latex.paper import LatexPaper
from scmine.extractors.latex.plain_front import plain_front, with_headings
from scmine.extractors.latex.sources import (
    MAX_FILE,
    ArchiveFiles,
    FolderFiles,
    SourceFiles,
    choose_main,
    is_main,
)

READER = "latex"

TEX_ENDINGS = (".tex", ".ltx", ".latex")
_WANTED = (*TEX_ENDINGS, ".bbl", ".sty", ".pdf", ".txt")
_CLASS = re.compile(r"\\document(?:class|style)\s*(?:\[([^\]]{0,400})\])?\s*\{([^}]{0,80})\}")
_COMMENT = re.compile(r"^[ \t]*%[^\n]*", re.M)
_TEX_SIGN = re.compile(
    r"\\(?:document(?:class|style)|begin\s*\{|section|magnification|title|input|def\b|centerline|bf\b)"
)


def looks_like_tex(head: bytes) -> bool:
    """Whether ``head``, the first 4 kB of a file, is TeX with or without LaTeX.

    >>> looks_like_tex(b"% a paper\\n\\\\documentclass{article}"), looks_like_tex(b"%PDF-1.4")
    (True, False)
    """
    text = head.decode("latin-1")
    return is_text(text) and not text.startswith("%PDF") and bool(_TEX_SIGN.search(text))


def looks_like_latex(head: bytes) -> bool:
    r"""Whether ``head``, the first 4 kB of a file, says that a LaTeX document begins.

    >>> looks_like_latex(b"\\documentclass{article}"), looks_like_latex(b"\\input macros")
    (True, False)
    """
    return looks_like_tex(head) and is_main(head.decode("latin-1"))


def read_latex(path: Path) -> Document:
    """The document in the LaTeX file ``path`` and the files of its folder that it includes.

    Boxes and pages are not known.

    Raises
    ------
    ReadError
        ``empty`` if it holds no text, ``failed`` if it is no text file or too large.
    OSError
        If it cannot be read.
    """
    if path.stat().st_size > MAX_FILE:
        raise ReadError(Status.FAILED, f"the file has more than {MAX_FILE >> 20} MB")
    data = path.read_bytes()
    return _document(path, data, FolderFiles(path), data, ())


def read_source_archive(path: Path) -> Document:
    """The document in an archive of LaTeX sources, or of one PDF.

    Raises
    ------
    ReadError
        If the archive is damaged, unsafe, needs a password or holds no paper; see `archives`.
    OSError
        If it cannot be read.
    """
    if path.stat().st_size > MAX_ARCHIVE:
        raise ReadError(Status.FAILED, f"the archive has more than {MAX_ARCHIVE >> 20} MB")
    data = path.read_bytes()
    archive = unpack(data, is_wanted)
    if archive.single:
        return _single(path, data, archive.files[""])
    files = {p: c for p, c in archive.files.items() if not p.lower().endswith(".pdf")}
    texts = _texts(files)
    if not texts:
        return _pdf_of(path, data, archive)
    main, supplements = choose_main(texts)
    assert main is not None  # there are texts to choose from
    sources = [ArchiveFiles(files, name) for name in (main, *supplements)]
    document = _document(path, data, sources[0], files[main], sources[1:])
    beside = [x for p, c in files.items() if is_crystal_name(p) for x in listings_of(p, decode(c))]
    return replace(
        document,
        listings=(*document.listings, *beside)[:MAX_LISTINGS],
        warnings=(*archive.warnings, *document.warnings),
    )


def is_wanted(name: str) -> bool:
    """Whether a file of this name in an archive may be a part of a paper's text.

    Files of crystal structures are: arXiv has them among the ancillary files.
    """
    wanted = name.lower().endswith(_WANTED) or is_crystal_name(name)
    return wanted and not PurePosixPath(name).name.startswith("._")


def _texts(files: dict[str, bytes]) -> dict[str, str]:
    """The TeX files by path, as text for telling which is the main one."""
    found = {
        p: data.decode("latin-1") for p, data in files.items() if p.lower().endswith(TEX_ENDINGS)
    }
    if not found:  # old submissions call their source paper.txt or paper
        found = {
            p: data.decode("latin-1")
            for p, data in files.items()
            if p.lower().endswith(".txt") and looks_like_tex(data[:4096])
        }
    return found


def _single(path: Path, data: bytes, content: bytes) -> Document:
    """The document in a gzip of one file."""
    if b"%PDF-" in content[:1024]:
        return _read_pdf(path, data, content)
    if not looks_like_tex(content[: 1 << 16]):
        start = content[:24].decode("latin-1")
        raise ReadError(Status.FAILED, f"the archive holds no TeX and no PDF, but {start!r}")
    return _document(path, data, ArchiveFiles({"": content}, ""), content, ())


def _pdf_of(path: Path, data: bytes, archive: Archive) -> Document:
    pdfs = [p for p in archive.files if p.lower().endswith(".pdf")]
    if len(pdfs) == 1:
        return _read_pdf(path, data, archive.files[pdfs[0]])
    if pdfs:
        raise ReadError(
            Status.FAILED, f"the archive holds {len(pdfs)} PDFs and no TeX; unpack it first"
        )
    raise ReadError(Status.EMPTY, f"none of the archive's {len(archive.names)} files is TeX or PDF")


def _read_pdf(path: Path, data: bytes, content: bytes) -> Document:
    from scmine.extractors.pdf.reader import read_pdf_data

    document = read_pdf_data(path, content)
    return replace(document, doc_id=hashlib.sha256(data).hexdigest())


def _document(
    path: Path, data: bytes, files: SourceFiles, main: bytes, supplements: Sequence[SourceFiles]
) -> Document:
    """The document of a main file and of supplements that come with it."""
    made = XmlPaper()
    partial = False
    text = files.decoded(main)
    if not text.strip():
        raise ReadError(Status.EMPTY, "the file holds no text")
    if not is_text(text):
        raise ReadError(Status.FAILED, "the file is not LaTeX, but binary data")
    front, title, partial = _read_one(files, text, made)
    if not title:
        title, authors, made.passages = plain_front(made.passages)
        front.authors = front.authors or list(authors)
    made.passages = with_headings(made.passages)
    for other in supplements:
        made.section = ""
        supplement = other.text(other.main)
        if supplement is not None:
            partial |= _read_supplement(other, supplement, made)
    if not made.passages and not made.tables:
        raise ReadError(Status.EMPTY, "the file holds no text of a paper")
    identity = metadata(front, title, paper_stem(path))
    if identity.arxiv_id is None:  # archives are unpacked to folders of their name
        identity = metadata(front, title, path.absolute().parent.name)
    return Document(
        doc_id=hashlib.sha256(data).hexdigest(),
        path=str(path),
        reader=READER,
        metadata=identity,
        passages=tuple(made.passages),
        tables=tuple(made.tables),
        references=tuple(made.references),
        listings=tuple(made.listings),
        status=Status.PARTIAL if partial else Status.DONE,
        warnings=tuple(made.warnings),
    )


def paper_stem(path: Path) -> str:
    """A file's name without the endings of sources and archives.

    >>> paper_stem(Path("2001.01234v2.tar.gz")), paper_stem(Path("2001.01234"))
    ('2001.01234v2', '2001.01234')
    """
    stem = path.name
    for _ in range(2):
        stem = re.sub(r"(?i)(?<=.)\.(?:tar|t?gz|zip|tex|ltx|latex)$", "", stem)
    return stem


def _read_one(files: SourceFiles, text: str, made: XmlPaper) -> tuple[Front, str, bool]:
    """Read one main file into ``made``: front matter, title, and whether a part is missing."""
    expansion = Expansion(files)
    tokens = expansion.run(text)
    declared = _CLASS.search(text)
    document_class = declared[2].strip() if declared else ""
    options = (declared[1] or "") if declared else ""
    numbered = not (document_class.startswith("revtex") and "prl" in options)
    paper = LatexPaper(tokens, expansion.known.columns, document_class, made, numbered)
    start = len(made.passages)
    front, title = paper.read()
    if len(made.references) > 2:
        take = take_citations_of_values if paper.cites else take_manual_citations
        made.passages[start:] = [take(p) for p in made.passages[start:]]
    made.warnings += expansion.warnings
    for part in (text, *files.included):
        made.add_listings(_COMMENT.sub("", part))
    return front, title, expansion.partial


def _read_supplement(files: SourceFiles, text: str, made: XmlPaper) -> bool:
    """Read a supplement behind the paper; its title is a heading there."""
    apart = XmlPaper()
    _, title, partial = _read_one(files, text, apart)
    runs = Runs()
    runs.add(title or "Supplementary material")
    made.add_heading(runs)
    made.passages += [p for p in apart.passages if p.kind is not PassageKind.TITLE]
    made.tables += apart.tables
    made.listings += apart.listings
    made.references += [r for r in apart.references if r not in made.references]
    made.warnings += apart.warnings
    return partial
