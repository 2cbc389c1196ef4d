"""Fetching: the full text of one paper from the first of its offers that holds, to a safe place.

Files are named so that ingest knows their papers, and lie in a folder for each source and month.
Whether a file is a paper is told in ``came``.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scmine.pipelines.crawl.address import own_servers, server_of
from scmine.pipelines.crawl.arxiv_names import file_stem, month_of, split_name
from scmine.pipelines.crawl.came import NoPaperError, came
from scmine.pipelines.crawl.errors import (
    BrokenAnswerError,
    CrawlError,
    NotKeptError,
    NotThereError,
    RefusedError,
    UnreachableError,
)
from scmine.pipelines.crawl.paper import FileKind, ListedPaper, Offer, Server
from scmine.pipelines.crawl.source import Source
from scmine.pipelines.crawl.web import Web
from scmine.pipelines.settings_crawl import CrawlSettings
from scmine.pipelines.workers import tidy_reason

ENDINGS = {
    ".tar.gz": FileKind.SOURCE,
    ".gz": FileKind.SOURCE,
    ".tar": FileKind.SOURCE,
    ".zip": FileKind.SOURCE,
    ".html": FileKind.HTML,
    ".tei.xml": FileKind.XML,
    ".xml": FileKind.XML,
    ".pdf": FileKind.PDF,
}
"""The endings that fetched files have, and their form."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The file of a paper, or why there is none.

    ``url`` is where it came from; None if it lay there already. ``size`` is in bytes.
    """

    path: Path | None = None
    kind: FileKind | None = None
    url: str | None = None
    size: int | None = None
    reason: str = ""


def fetch(
    paper: ListedPaper, source: Source, web: Web, folder: Path, settings: CrawlSettings
) -> Fetched:
    """The full text of a version of a paper, in a folder below ``folder``.

    A good file of the version that lies there is not fetched again. Files that are not what they
    should be are removed, and the next offer is tried. An offer that is a path is used where it
    lies. Servers that are not the source's own may refuse, or not work, without an end of more
    than their offer.

    Raises
    ------
    RefusedError
        If the source's own server wants no more requests.
    UnreachableError
        If there is no file, and one of its servers does not work: it may be there later.
    CrawlError
        If the paper's name would lead out of ``folder``.
    NotKeptError
        If the file, or the pace, cannot be kept: that of no other paper could be.
    """
    if paper.withdrawn:
        return Fetched(reason="withdrawn: there is no text any more")
    place = place_of(paper, folder)
    if not place.parent.resolve().is_relative_to(folder.resolve()):
        raise CrawlError(f"{place.parent} leads out of {folder}")
    known = _known(place, settings)
    if known is not None:
        return known
    reasons: list[str] = []
    dead: UnreachableError | None = None
    for offer in source.offers(paper):
        try:
            stranger = offer.server is Server.STRANGER
            public = stranger and server_of(offer.url) not in own_servers(settings)
            return _one(offer, web, place, public=public)
        except OSError as error:
            words = f"{place}: cannot be written: {error.strerror or error}"
            raise NotKeptError(words) from error
        except (RefusedError, UnreachableError) as error:
            if offer.server is not Server.OWN:
                reasons.append(f"{offer.kind.value}: {error}")
            elif isinstance(error, RefusedError):
                raise
            else:
                dead = error
        except (NotThereError, BrokenAnswerError, NoPaperError) as error:
            reasons.append(f"{offer.kind.value}: {error}")
    if dead is not None:
        raise dead
    return Fetched(reason=tidy_reason("; ".join(reasons) or "no full text is offered"))


def place_of(paper: ListedPaper, folder: Path) -> Path:
    """Where the file of a version lies, without the ending that its form gives it.

    >>> print(place_of(ListedPaper("arxiv", "cond-mat/0104321", 2, ""), Path("crawled")))
    crawled/arxiv/0104/cond-mat_0104321v2
    >>> place_of(ListedPaper("x", "../10.1000/a b", 1, ""), Path("crawled")).name
    '10.1000+a_b-bbbc5fa6v1'
    """
    source = re.sub(r"[^a-z0-9_-]", "_", paper.source.lower())[:64] or "_"
    if split_name(paper.key) == (paper.key, None):
        return folder / source / month_of(paper.key) / f"{file_stem(paper.key)}v{paper.version}"
    digest = hashlib.sha256(paper.key.encode("utf-8", "surrogatepass")).hexdigest()
    # A plus in place of a slash lets the readers find a publisher's number in the name.
    plain = (
        re.sub(r"[^A-Za-z0-9.+_-]", "_", paper.key.replace("/", "+"))[:100].lstrip("._+-")
        or "paper"
    )
    return folder / source / digest[:2] / f"{plain}-{digest[:8]}v{paper.version}"


def _known(place: Path, settings: CrawlSettings) -> Fetched | None:
    """A good file that lies there already, in the form that is wanted most."""
    order = settings.crawl_formats.lower()
    found = [path for path in _files(place) if path.is_file()]
    for path in sorted(found, key=lambda p: order.find(ENDINGS[_ending(p, place)]) % 1000):
        kind = ENDINGS[_ending(path, place)]
        try:
            came(path, kind)
        except NoPaperError:
            path.unlink()
            continue
        return Fetched(path, kind, None, path.stat().st_size)
    return None


def _files(place: Path) -> Iterator[Path]:
    return (place.parent / (place.name + ending) for ending in ENDINGS)


def _ending(path: Path, place: Path) -> str:
    return path.name.removeprefix(place.name)


def _one(offer: Offer, web: Web, place: Path, *, public: bool) -> Fetched:
    """The file of one offer, at its place; of a ``public`` server if that is wanted."""
    if offer.server is Server.OWN and "://" not in offer.url:
        own = Path(offer.url)
        try:
            kind = offer.kind if offer.kind is FileKind.TEXT else came(own, offer.kind)[0]
            return Fetched(own, kind, None, own.stat().st_size)
        except OSError as error:
            raise NotThereError(f"{own} cannot be read: {error.strerror}") from error
    # Hidden, so that ingest of the folder passes over a file that has not been looked at yet.
    place.parent.mkdir(parents=True, exist_ok=True)
    coming = place.parent / f".{place.name}.{offer.kind.value}"
    download = web.download(offer.url, coming, dict(offer.headers) or None, public=public)
    try:
        kind, ending = came(download.path, offer.kind)
        if ending == ".tex":
            ending = _packed(download.path)
        path = place.parent / (place.name + ending)
        os.replace(download.path, path)
    except BaseException:
        download.path.unlink(missing_ok=True)
        raise
    return Fetched(path, kind, offer.url, path.stat().st_size)


def _packed(path: Path) -> str:
    """Pack TeX, so that it cannot include the files of other papers beside it; the ending."""
    path.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    return ".gz"
