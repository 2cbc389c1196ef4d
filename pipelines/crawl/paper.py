"""What a source says of a paper before anything of it is read. Plain values, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class FileKind(StrEnum):
    """The forms in which full text is offered."""

    SOURCE = "source"
    """LaTeX: a single file, gzipped or not, or an archive of files."""
    HTML = "html"
    PDF = "pdf"
    XML = "xml"
    """JATS or TEI."""
    TEXT = "text"
    """Markdown, plain text, or a crystal's file: of folders only."""


@dataclass(frozen=True, slots=True)
class ListedPaper:
    """A version of a paper, as a source lists it.

    ``source`` and ``key`` name the paper (``arxiv``, ``2401.01234``: without version),
    ``version`` counts from 1. ``datestamp`` is the day on which the source last changed what it
    says. ``link`` is the page for people. A ``withdrawn`` paper has no text any more. ``mark`` is
    what the source itself tells changes by; it is kept with the paper.
    """

    source: str
    key: str
    version: int
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    doi: str | None = None
    arxiv_id: str | None = None
    journal: str | None = None
    publisher: str | None = None
    year: int | None = None
    licence: str | None = None
    link: str | None = None
    datestamp: date | None = None
    withdrawn: bool = False
    mark: str | None = None

    @property
    def name(self) -> str:
        """The version as people write it.

        >>> ListedPaper("arxiv", "2401.01234", 2, "Title").name
        '2401.01234v2'
        """
        return f"{self.key}v{self.version}"


class Server(StrEnum):
    """Whose server an offer leads to."""

    OWN = "own"
    """The source's: if it refuses, the crawl ends."""
    VOUCHED = "vouched"
    """One that a plug-in names: if it refuses or does not work, that is about its own papers."""
    STRANGER = "stranger"
    """One that a record names: the same, and its address is looked at before it is asked."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A place where a source offers the full text of a paper: a URL, or a path for ``file``.

    ``headers`` are sent with the request. They may hold keys, so they are neither shown nor kept.
    """

    kind: FileKind
    url: str
    server: Server = Server.OWN
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a source: some papers, and how the next answer is asked for.

    ``cursor`` None ends the listing. ``total`` is how many papers the source says there are.
    """

    papers: tuple[ListedPaper, ...]
    cursor: str | None = None
    total: int | None = None
