"""Papers: reviews whose values are called their own, retracted ones and what is cited from them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from scmine.database.record import Origin, Record
from scmine.extractors.citations import whose_words
from scmine.extractors.normal_form import normal_form
from scmine.validator.finding import Finding
from scmine.validator.plausibility.rules import DATA, Rule
from scmine.validator.plausibility.values import sentences

RETRACTIONS_FILE = "retractions.toml"
RETRACTION = "retraction"


class RetractionsError(ValueError):
    """A list of retractions that cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class CitedValue:
    """A value of a retracted paper as others cite it."""

    tc_K: float
    tolerance_K: float
    words: re.Pattern[str] | None
    formulas: frozenset[str]
    distinctive: bool


@dataclass(frozen=True, slots=True)
class DoubtedPaper:
    """A paper with a notice beside it. ``title`` holds the letters and digits of the title."""

    name: str
    kind: str
    title: str
    doi: str
    arxiv_ids: frozenset[str]
    reference: str
    notice: str
    authors: tuple[str, ...]
    values: tuple[CitedValue, ...]

    def is_of(self, record: Record) -> bool:
        """Whether ``record`` was taken from this paper."""
        if self.doi and record.doi and bare_doi(record.doi) == self.doi:
            return True
        if record.arxiv_id and bare_arxiv(record.arxiv_id) in self.arxiv_ids:
            return True
        return bool(self.title) and bare_title(record.title or "") == self.title

    def said(self) -> str:
        """The paper and its notice, for messages."""
        return f"{self.reference or self.doi or self.name} ({self.kind}: {self.notice})"


def bare_doi(doi: str) -> str:
    """A DOI without resolver, in lower case.

    >>> bare_doi("https://doi.org/10.1126/Science.1064773")
    '10.1126/science.1064773'
    """
    return re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", doi.strip().lower())


def bare_arxiv(identifier: str) -> str:
    """An arXiv id without prefix and version.

    >>> bare_arxiv("arXiv:2208.09429v2")
    '2208.09429'
    """
    return re.sub(r"v\d+$", "", re.sub(r"^arxiv:\s*", "", identifier.strip().lower()))


@lru_cache(maxsize=512)
def bare_title(title: str) -> str:
    """The letters and digits of a title; what publishers put before a retracted one is left out."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    folded = re.sub(r"^\W*(?:retracted|withdrawn)(?: article)?\W+", "", folded)
    return "".join(c for c in folded if c.isalnum())


@cache
def known_papers() -> tuple[DoubtedPaper, ...]:
    """The papers of the data file."""
    return load_papers(DATA / RETRACTIONS_FILE)


def papers_with(path: Path | None) -> tuple[DoubtedPaper, ...]:
    """The packaged list and the user's own; None: the packaged one alone.

    Raises
    ------
    RetractionsError
        As `load_papers`.
    """
    return known_papers() + (() if path is None else load_papers(path))


def load_papers(path: Path) -> tuple[DoubtedPaper, ...]:
    """The papers of a list of the form of ``validator/data/retractions.toml``.

    Raises
    ------
    RetractionsError
        The file cannot be read, is no TOML, or an entry names no paper or no notice.
    """
    try:
        entries = tomllib.loads(path.read_text("utf-8")).get("paper", [])
        return tuple(_paper(entry) for entry in entries)
    except (OSError, UnicodeDecodeError) as error:
        raise RetractionsError(f"{path}: cannot be read: {error}") from error
    except (tomllib.TOMLDecodeError, re.error) as error:
        raise RetractionsError(f"{path}: {error}") from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RetractionsError(f"{path}: an entry lacks or misuses {error}") from error


def _paper(entry: Mapping[str, Any]) -> DoubtedPaper:
    doi, title = entry.get("doi", ""), entry.get("title", "")
    ids = entry.get("arxiv_ids", [])
    if not (doi or title or ids):
        raise ValueError("doi, title and arxiv_ids: one of them must name the paper")
    return DoubtedPaper(
        name=entry.get("id", doi or title),
        kind=entry["kind"],
        title=bare_title(title),
        doi=bare_doi(doi),
        arxiv_ids=frozenset(map(bare_arxiv, ids)),
        reference=entry.get("reference", title),
        notice=entry["notice"],
        authors=tuple(entry.get("authors", ())),
        values=tuple(map(_value, entry.get("values", ()))),
    )


def _value(entry: Mapping[str, Any]) -> CitedValue:
    return CitedValue(
        tc_K=float(entry["tc_K"]),
        tolerance_K=float(entry.get("tolerance_K", 0.5)),
        words=re.compile(entry["words"]) if "words" in entry else None,
        formulas=frozenset(map(_form, entry.get("formulas", ()))),
        distinctive=bool(entry.get("distinctive", False)),
    )


@lru_cache(maxsize=4096)
def _form(formula: str) -> str:
    try:
        return normal_form(formula)
    except ValueError:
        return formula


def review_value(rule: Rule, record: Record) -> Iterator[Finding]:
    """A value that a review, by its title, reports as its own."""
    if record.origin is Origin.THIS_WORK and record.title:
        match = whose_words()["paper"]["review"].search(record.title[:500])
        if match is not None:
            yield rule.finding(f"the title says {match[0]!r}; the value is called the paper's own")


def of_paper(
    rule: Rule, record: Record, papers: Sequence[DoubtedPaper], *, retracted: bool
) -> Iterator[Finding]:
    """The paper of ``record`` is on the list, as retracted or with another notice."""
    for paper in papers:
        if (paper.kind == RETRACTION) is retracted and paper.is_of(record):
            yield rule.finding(f"the paper is {paper.said()}")
            return


def cited_value(rule: Rule, record: Record, papers: Sequence[DoubtedPaper]) -> Iterator[Finding]:
    """A value of a retracted paper in another one."""
    if record.tc_K is None or any(paper.is_of(record) for paper in papers):
        return
    for paper in papers:
        if paper.kind == RETRACTION and any(_cites(record, paper, v) for v in paper.values):
            yield rule.finding(
                f"{record.raw_material} with Tc = {record.tc_K:g} K is of {paper.said()}"
            )
            return


def _cites(record: Record, paper: DoubtedPaper, value: CitedValue) -> bool:
    if record.tc_K is None or abs(record.tc_K - value.tc_K) > value.tolerance_K:
        return False
    said = sentences(record)
    printed = f"{record.raw_material} {record.name or ''}"
    named = value.words is not None and value.words.search(printed)
    if not named and not (record.formula and _form(record.formula) in value.formulas):
        return False
    return value.distinctive or any(author in s for s in said for author in paper.authors)
