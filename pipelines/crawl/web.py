"""The one way out to the network, with manners: pace, name, patience, and an end on refusal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Protocol

from scmine.pipelines.crawl.errors import UnreachableError


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the address after redirects, the media type, and the whole body."""

    url: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Download:
    """A file that has come whole: where it lies, its media type and size in bytes."""

    path: Path
    media_type: str
    size: int


class Web(Protocol):
    """Requests with manners; methods raise the errors of ``scmine.pipelines.crawl.errors``."""

    def get(
        self,
        url: str,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Ask for something small; the body is bounded."""
        ...

    def download(
        self, url: str, to: Path, headers: dict[str, str] | None = None, *, public: bool = False
    ) -> Download:
        """Fetch a file to ``to``, which is there only when all of it has come.

        With ``public`` only servers of the public Internet are asked: a stranger named the address.
        """
        ...


class NoWeb:
    """The web of sources that are on this machine: whatever is asked for cannot be reached."""

    def get(
        self,
        url: str,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> NoReturn:
        """Raise."""
        raise UnreachableError(f"{url}: this crawl does without the network")

    def download(
        self, url: str, to: Path, headers: dict[str, str] | None = None, *, public: bool = False
    ) -> NoReturn:
        """Raise."""
        raise UnreachableError(f"{url}: this crawl does without the network")
