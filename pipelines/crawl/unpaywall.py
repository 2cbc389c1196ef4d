"""Unpaywall: where free copies of a paper are, by its DOI.

Source of the format: https://unpaywall.org/data-format. Whose records these are lives in
``crossref``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ValidationError

from scmine.pipelines.crawl.arxiv_names import split_name
from scmine.pipelines.crawl.errors import BrokenAnswerError, NotThereError
from scmine.pipelines.crawl.web import Web

MAX_PLACES = 20
"""Copies of one paper that are looked at."""

_PAGE = re.compile(r"/(?:abs|pdf|html|e-print|src)/(.+?)(?:\.pdf|\.html)?/?")


class _Place(BaseModel):
    url: str | None = None
    url_for_pdf: str | None = None


class _Copies(BaseModel):
    best_oa_location: _Place | None = None
    oa_locations: list[_Place] | None = None


def free_copies(web: Web, base: str, doi: str, email: str) -> list[str]:
    """Addresses of free copies of a paper: PDFs, and pages at arXiv; the best one first.

    Raises
    ------
    BrokenAnswerError
        If the answer is none of Unpaywall's; and the errors of `Web.get`.
    """
    try:
        answer = web.get(f"{base.rstrip('/')}/v2/{quote(doi, safe='')}", {"email": email})
    except NotThereError:
        return []
    try:
        copies = _Copies.model_validate_json(answer.body)
    except ValidationError as error:
        raise BrokenAnswerError(f"{answer.url}: no answer of Unpaywall's") from error
    places = [copies.best_oa_location, *(copies.oa_locations or [])[:MAX_PLACES]]
    return list(dict.fromkeys(url for place in places if place for url in _addresses(place)))


def _addresses(place: _Place) -> Iterator[str]:
    if place.url_for_pdf:
        yield place.url_for_pdf
    elif place.url and arxiv_id_of(place.url):
        yield place.url


def arxiv_id_of(url: str) -> str | None:
    """The identifier in an address of arXiv's, without version.

    >>> arxiv_id_of("https://arxiv.org/pdf/cond-mat/0104321v2.pdf")
    'cond-mat/0104321'
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    match = _PAGE.fullmatch(parts.path)
    if match is None or not (host == "arxiv.org" or host.endswith(".arxiv.org")):
        return None
    found = split_name(match[1])
    return found[0] if found else None
