"""Front matter of a LaTeX source: title, authors and what identifies the paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scmine.extractors.document import Metadata, PassageKind
from scmine.extractors.formats.identifiers import arxiv_id_in, doi_in
from scmine.extractors.formats.marked_text import MarkedText
from scmine.extractors.formats.runs import Runs
from scmine.extractors.latex.commands import commands
from scmine.extractors.latex.cursor import Cursor, Source
from scmine.extractors.latex.inline import Inline
from scmine.extractors.pdf.blocks import Block
from scmine.extractors.pdf.front_matter import authors_of

MAX_AUTHORS = 3000
"""Names of one paper that are kept."""

_TITLES = frozenset({"\\title", "\\Title", "\\TITLE"})
_AUTHORS = frozenset({"\\author", "\\Author", "\\authors", "\\AUTHOR"})
_NAME_BREAKS = frozenset({"\\and", "\\And", "\\AND", "\\\\"})
_ARXIV = re.compile(r"arXiv[-_ :.]?\s*((?:[a-z-]+(?:\.[A-Z]{2})?[/_])?\d{4}\.?\d{3,5})", re.I)
_YEAR = re.compile(r"(?<!\d)(?:19[89]|20[0-4])\d(?!\d)")
_NO_NAME = re.compile(r"[\d@:]|universit|institut|laborator|depart|physics", re.I)


@dataclass(slots=True)
class Front:
    """What the front matter says; places in the source where it has to be read as text."""

    title: Cursor | None = None
    authors: list[str] = field(default_factory=list)
    abstracts: list[Cursor] = field(default_factory=list)
    keywords: list[Cursor] = field(default_factory=list)
    doi: str | None = None
    arxiv_id: str | None = None
    journal: str | None = None
    year: int | None = None


def read_front(source: Source, inline: Inline) -> Front:
    """The front matter, wherever in ``source`` its commands stand."""
    front = Front()
    end = len(source.tokens)
    for i, token in enumerate(source.tokens):
        if len(token) < 2:
            continue
        behind = Cursor(source, i + 1, end)
        if token in _TITLES and front.title is None:
            behind.optional()
            front.title = behind.argument()
        elif token in _AUTHORS and len(front.authors) < MAX_AUTHORS:
            behind.star()
            behind.optional()
            front.authors += _names(behind.argument(), inline)
        elif token in ("\\abstract", "\\abst", "\\Abstract") and behind.peek() == "{":
            front.abstracts.append(behind.argument())
        elif token in ("\\keywords", "\\keyword", "\\PACS", "\\pacs") and behind.peek() == "{":
            front.keywords.append(behind.argument())
        else:
            _identifier(token, behind, front)
    front.authors = list(dict.fromkeys(front.authors))
    return front


def _identifier(token: str, behind: Cursor, front: Front) -> None:
    """Take note of a DOI, a number of arXiv, the journal or the year."""
    if token == "\\doi" and front.doi is None:
        front.doi = doi_in(behind.argument().text())
    elif token in ("\\preprint", "\\arxivnumber", "\\eprint") and front.arxiv_id is None:
        match = _ARXIV.search(behind.argument().text())
        front.arxiv_id = arxiv_id_in(f"arXiv:{match[1]}") if match else None
    elif token == "\\journal" and behind.peek() == "{" and front.journal is None:
        front.journal = behind.argument().text()[:200] or None
    elif token in ("\\date", "\\received", "\\published", "\\accepted") and front.year is None:
        behind.optional()
        year = _YEAR.search(behind.argument().text()[:200])
        front.year = int(year.group()) if year else None


def metadata(front: Front, title: str, stem: str) -> Metadata:
    """What identifies the paper; ``stem`` is its file's name, perhaps its number at arXiv."""
    match = _ARXIV.match(stem)
    arxiv_id = (arxiv_id_in(f"arXiv:{match[1]}") if match else None) or arxiv_id_in(stem)
    arxiv_id = arxiv_id or front.arxiv_id
    year = front.year
    if arxiv_id:
        # The year in the file may be that of a later printing; the number's is the paper's.
        digits = int(re.sub(r"^.*/", "", arxiv_id)[:2])
        year = (1900 if digits > 90 else 2000) + digits
    return Metadata(
        title=title,
        authors=tuple(front.authors),
        doi=front.doi,
        arxiv_id=arxiv_id,
        journal=front.journal,
        year=year,
    )


def _names(argument: Cursor, inline: Inline) -> Iterator[str]:
    """The names in one ``\\author``: several if commas, "and" or line breaks part them."""
    for piece in _pieces(argument):
        runs = Runs()
        for part in piece:
            inline.read(part, runs)
        text, typography = runs.cell()
        marked = MarkedText()
        marked.add(text)
        for span in typography:
            marked.shifts[span.start : span.end] = ["sup"] * (span.end - span.start)
        found = authors_of([Block(PassageKind.PARAGRAPH, [marked.line()])])
        plain = re.sub(r"\s+", " ", text).strip(" ,;")
        short = 2 < len(plain) < 60 and not _NO_NAME.search(plain) and "," not in plain
        yield from found or ((plain,) if short and " " in plain else ())


def _pieces(argument: Cursor) -> Iterator[list[Cursor]]:
    """What stands between line breaks, as places, without notes and marks of addresses."""
    parts: list[Cursor] = []
    start = i = argument.place
    tokens = argument.source.tokens
    while i < argument.end:
        token = tokens[i]
        if token in _NAME_BREAKS or token in commands("beside_names"):
            parts.append(Cursor(argument.source, start, i))
            after = Cursor(argument.source, i + 1, argument.end)
            if token in _NAME_BREAKS:
                yield parts
                parts = []
                after.star()
                after.optional()
            else:
                after.optional()
                after.argument()
            start = i = after.place
        elif token == "{":
            i = argument.source.brace_ends.get(i, i) + 1
        else:
            i += 1
    yield [*parts, Cursor(argument.source, start, argument.end)]
