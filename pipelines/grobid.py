"""Which reader a run has: asks the GROBID server once, before any work begins.

What a worker does with a server lives in ``scmine.extractors.grobid``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from scmine.pipelines.settings import Reader, Settings, SettingsError

SERVER_SHARE = 0.75
"""Of the time that a paper may take, the server gets this share, waiting for it included. The rest
is for what is done here: our own reading before, joining both, finding claims."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who reads the PDFs of a run.

    Attributes
    ----------
    options
        What workers have to know; empty if the built-in reader reads.
    facts
        What is kept of it with the run.
    note
        What the user has to be told; may be empty.
    parallel
        How many papers the server takes at a time; None if it does not say, or is not used.
    """

    options: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    parallel: int | None = None


def choose_reader(settings: Settings) -> Choice:
    """Who reads, by the settings and by whether a server is there.

    Raises
    ------
    SettingsError
        If the reader has to be GROBID and its server is not reachable, or its URL is none.
    """
    named = settings.grobid_url
    if settings.reader is Reader.PDF or (settings.reader is Reader.AUTO and named is None):
        return Choice()
    from scmine.extractors.grobid.client import (
        DEFAULT_URL,
        Grobid,
        GrobidError,
        Service,
        clean_url,
        shown_url,
    )

    try:
        url = clean_url(named or DEFAULT_URL)
    except ValueError as error:
        raise SettingsError(f"bad setting grobid_url: {error}") from error
    service = Service(url, SERVER_SHARE * settings.timeout_s, settings.grobid_wait_s)
    fall_back = settings.reader is Reader.AUTO
    try:
        announced = Grobid(service).announced()
    except GrobidError as error:
        where = f"{error.reason} at {shown_url(url)}"
        if fall_back:
            return Choice(note=f"{where}; the built-in reader reads the PDFs.")
        raise SettingsError(
            f"{where}. Start a server (docker compose up grobid), name another "
            "(--grobid-url), or read without one (--reader pdf)"
        ) from error
    facts = {"url": shown_url(url), "version": announced.version, "parallel": announced.parallel}
    return Choice(
        {"grobid": {"service": asdict(service), "fall_back": fall_back}},
        {"grobid": facts},
        f"PDFs are read by GROBID {announced.version or ''} at {shown_url(url)}.".replace(
            "  ", " "
        ),
        announced.parallel,
    )
