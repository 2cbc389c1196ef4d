"""Identifiers of papers in the forms that headers of files give them."""

from __future__ import annotations

import re

from scmine.extractors.pdf.front_matter import ARXIV_ID, DOI


def arxiv_id_in(text: str) -> str | None:
    """The arXiv identifier in ``text``, a field or a file's name, without its version.

    >>> arxiv_id_in("arXiv:2001.01234v2[cond-mat.supr-con]"), arxiv_id_in("cond-mat/0102114")
    ('2001.01234', 'cond-mat/0102114')
    """
    match = ARXIV_ID.search(re.sub(r"^(?:arxiv\s*:\s*)+", "arXiv:", text.strip(), flags=re.I))
    return next(g for g in match.groups() if g).replace("_", "/") if match else None


def stated_arxiv_id(field: str, stem: str) -> str | None:
    """The arXiv identifier of a header's ``field``, or else of a file's name without its ending."""
    return (arxiv_id_in(f"arXiv:{field}") if field else None) or arxiv_id_in(stem)


def doi_in(text: str) -> str | None:
    """The DOI in ``text``, without the address of a resolver.

    >>> doi_in("https://doi.org/10.1000/xyz.1")
    '10.1000/xyz.1'
    """
    match = DOI.search(text)
    return match.group() if match else None
