"""A paper as a worker hands it over where a language model is to be asked about it.

Document and extraction as plain data that JSON can say, and back. What is asked and what becomes of
the answers lives in ``llm_stage``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter

from scmine.extractors.claim import Label, Link, LinkLabel, Mention
from scmine.extractors.document import Document
from scmine.extractors.extract import Extraction

_LABELS = {str(label): label for label in Label}
_LINKS = {str(label): label for label in LinkLabel}


@dataclass(frozen=True, slots=True)
class ReadPaper:
    """A paper read, and what rules and models found in it; its records are not flagged yet.

    ``seconds`` holds the time of each step by name.
    """

    path: str
    document: Document
    extraction: Extraction
    seconds: dict[str, float]


_PAPER = TypeAdapter(ReadPaper)


def packed(paper: ReadPaper) -> dict[str, Any]:
    """``paper`` as plain data."""
    plain: dict[str, Any] = _PAPER.dump_python(paper, mode="json", by_alias=True)
    return plain


def unpacked(plain: Any) -> ReadPaper:
    """The paper that `packed` made ``plain`` of.

    Raises
    ------
    pydantic.ValidationError
        It is none.
    ValueError
        Its parts do not belong together.

    Examples
    --------
    >>> from scmine.extractors import extract, read
    >>> document = read("examples/pnictide_pressure.pdf")
    >>> paper = ReadPaper("x.pdf", document, extract(document), {"read": 0.5})
    >>> unpacked(packed(paper)) == paper
    True
    """
    paper = _PAPER.validate_python(plain)
    extraction, document = paper.extraction, paper.document
    lengths = {len(document.passages), len(extraction.mentions), len(extraction.links)}
    if len(lengths) > 1 or len(extraction.stated) != len(extraction.stated_tables):
        raise ValueError("what was found is not of this document")
    return replace(
        paper,
        extraction=replace(
            extraction,
            mentions=[_mentions(found) for found in extraction.mentions],
            links=[_links(found) for found in extraction.links],
        ),
    )


def _mentions(found: Sequence[Mention]) -> list[Mention]:
    """Mentions with labels that are those of the rules, and not only equal to them."""
    return [replace(m, label=_LABELS.get(m.label, m.label)) for m in found]


def _links(found: Sequence[Link]) -> list[Link]:
    return [replace(link, label=_LINKS.get(link.label, link.label)) for link in found]
