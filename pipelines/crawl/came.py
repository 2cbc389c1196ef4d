"""What came: whether a fetched file is a paper in the form that was asked for, told cheaply.

Looks at names and beginnings, and at the TeX of archives within the limits of ``archives``. The
reading itself is done by the workers of ingest.
"""

from __future__ import annotations

import re
from pathlib import Path

from scmine.extractors.archives import MAX_ARCHIVE, is_archive, unpack
from scmine.extractors.document import ReadError
from scmine.extractors.formats.jats import looks_like_jats
from scmine.extractors.formats.tei import looks_like_tei
from scmine.extractors.latex.reader import TEX_ENDINGS, looks_like_tex
from scmine.extractors.latex.sources import MAX_FILE, choose_main
from scmine.extractors.reading import looks_like_html
from scmine.pipelines.crawl.paper import FileKind

MAX_LOOKED_INTO = 64 * 2**20
"""Bytes of an archive that is looked into; larger ones hold figures and are left to ingest."""

MIN_WORDS = 25
"""Words that a source has at least; it would be a title and names otherwise."""

MIN_PAPER_WORDS = 120
"""Words below which a source may be a notice of withdrawal, or the wrapping of a PDF."""

_HEAD = 1 << 16
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_PREAMBLE = re.compile(r"\A.{0,200000}?\\begin\s*\{document\}", re.S)
_COMMAND = re.compile(r"\\[A-Za-z@]+\*?(?:\s*\[[^\]]{0,300}\])?")
_WORD = re.compile(r"[A-Za-z]{2,}")
_WITHDRAWN = re.compile(
    r"\bwithdrawn?\b|\bwithdrew\b|\bno source\b|\bsource (?:is )?unavailable", re.I
)
_INCLUDES_PDF = re.compile(r"\\includepdf(?:merge)?\s*(?:\[[^\]]{0,300}\])?\s*\{")


class NoPaperError(Exception):
    """A file that is not the paper that it should be; the message says what it is."""


def came(path: Path, asked: FileKind) -> tuple[FileKind, str]:
    """The form of the file ``path`` and the ending that its name should have.

    A PDF is taken whatever was ``asked`` for, since arXiv gives one as the source of papers that
    have no other.

    Raises
    ------
    NoPaperError
        If it is no paper, in no form that is read, or in another than was asked for.
    OSError
        If it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip():
        raise NoPaperError("an empty file")
    if b"%PDF-" in head[:1024]:
        return FileKind.PDF, ".pdf"
    if looks_like_html(head[:4096]):
        return _page(head, asked)
    if asked is FileKind.XML and (looks_like_tei(head[:4096]) or looks_like_jats(head[:4096])):
        return FileKind.XML, ".tei.xml" if looks_like_tei(head[:4096]) else ".xml"
    if asked is FileKind.SOURCE and (is_archive(head[:512]) or looks_like_tex(head)):
        return FileKind.SOURCE, _source(path, head)
    raise NoPaperError(f"no {asked.value}: it begins with {head[:24].decode('latin-1')!r}")


def _page(head: bytes, asked: FileKind) -> tuple[FileKind, str]:
    """A web page: a paper as arXiv's converter (LaTeXML) writes it, or what a server says."""
    if b"ltx_document" in head and asked is FileKind.HTML:
        return FileKind.HTML, ".html"
    said = " ".join(re.sub(r"<[^>]{0,500}>", " ", head.decode("utf-8", "replace")).split())
    if len(said) < 5000 and _WITHDRAWN.search(said):
        raise NoPaperError("a page that says that there is no text, or that it was withdrawn")
    if asked is FileKind.HTML:
        raise NoPaperError("a web page that LaTeXML did not make; such pages are not read")
    raise NoPaperError(f"a web page in place of {asked.value}")


def _source(path: Path, head: bytes) -> str:
    """The ending for a file of LaTeX source."""
    size = path.stat().st_size
    if size > MAX_ARCHIVE:
        raise NoPaperError(f"an archive of {size >> 20} MB; {MAX_ARCHIVE >> 20} are read")
    if not is_archive(head[:512]):
        if size > MAX_FILE:
            raise NoPaperError(f"TeX of {size >> 20} MB; {MAX_FILE >> 20} are read")
        _check_tex({"": path.read_bytes().decode("latin-1")}, others=0)
        return ".tex"
    ending = ".zip" if head.startswith(b"PK") else ".tar"
    if size > MAX_LOOKED_INTO:
        return ".tar.gz" if head.startswith(b"\x1f\x8b") else ending
    try:
        archive = unpack(path.read_bytes(), _is_tex)
    except ReadError as error:
        raise NoPaperError(f"a source that cannot be read: {error}") from error
    if archive.single:
        content = archive.files[""]
        if b"%PDF-" not in content[:1024]:
            if not looks_like_tex(content[:_HEAD]):
                raise NoPaperError("a single file that is neither TeX nor PDF")
            _check_tex({"": content.decode("latin-1")}, others=0)
        return ".gz"
    pdfs = sum(name.lower().endswith(".pdf") for name in archive.names)
    texts = {name: data.decode("latin-1") for name, data in archive.files.items()}
    tex = {n: t for n, t in texts.items() if n.lower().endswith(TEX_ENDINGS)}
    tex = tex or {n: t for n, t in texts.items() if looks_like_tex(t[:4096].encode("latin-1"))}
    if tex:
        _check_tex(tex, others=pdfs)
    elif pdfs != 1:
        raise NoPaperError(f"an archive without TeX and with {pdfs} PDFs")
    return ".tar.gz" if head.startswith(b"\x1f\x8b") else ending


def _is_tex(name: str) -> bool:
    return name.lower().endswith((*TEX_ENDINGS, ".txt"))


def _check_tex(texts: dict[str, str], others: int) -> None:
    """Turn down TeX that says next to nothing; ``others`` counts the PDFs beside it."""
    main = choose_main(texts)[0] or max(texts, key=lambda name: len(texts[name]))
    words = sum(len(_WORD.findall(_visible(text))) for text in texts.values())
    if words >= MIN_PAPER_WORDS:
        return
    if _INCLUDES_PDF.search(_COMMENT.sub("", texts[main])) and others:
        raise NoPaperError("TeX that only wraps a PDF")
    if _WITHDRAWN.search(_visible(texts[main])):
        raise NoPaperError("TeX that only says that the paper was withdrawn")
    if words < MIN_WORDS:
        raise NoPaperError(f"TeX of {words} words")


def _visible(text: str) -> str:
    """What of TeX is text, about: no comments, no preamble, no commands."""
    return _COMMAND.sub(" ", _PREAMBLE.sub("", _COMMENT.sub("", text)))
