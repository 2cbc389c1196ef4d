"""What arXiv says of a paper, made plain: authors, journal and year, whether it was withdrawn.

Fields come as their authors typed them. How they are asked for lives in ``arxiv_oai`` and
``arxiv_query``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scmine.extractors.formats.identifiers import doi_in
from scmine.extractors.latex.one_line import plain_line
from scmine.extractors.pdf.identity import imprint_in

MAX_AUTHORS = 3000
"""Names of one paper that are kept."""

MAX_TITLE = 2000
"""Characters of a title."""

MAX_ABSTRACT = 20_000
"""Characters of an abstract; arXiv takes 1920."""

_WITHDRAWN = re.compile(
    r"\W{0,3}(?:(?:this|the|our)\s+)?"
    r"(?:(?:paper|article|submission|manuscript|work|preprint|e-?print|version)\s+)?"
    r"(?:(?:has\s+been|have\s+been|is|was)\s+)?(?:temporarily\s+|now\s+|being\s+)?"
    r"withdrawn\b(?!\s+from\b)",
    re.I,
)
_SPLIT = re.compile(r"\s*(?:,\s*(?:and\b|&)?|;|\band\b|&)\s*")
_SUFFIX = re.compile(r"(?:jr|sr|i{2,3}|iv)\.?", re.I)
_YEAR = re.compile(r"\(((?:19[5-9]|20[0-4])\d)\)|[\s,]((?:19[5-9]|20[0-4])\d)\s*\.?$")
_JOURNAL = re.compile(r"(?P<name>[^\W\d_][^\d(),;:]{2,80}?)[\s,.:]*(?:vol\.?\s*)?(?=[\d(])", re.I)
_NOT_YET = re.compile(r"\b(?:submitted|appear|press|accepted|preprint|published|draft|see)\b", re.I)


@dataclass(frozen=True, slots=True)
class Printed:
    """Where a paper was printed, as far as its journal reference says so clearly."""

    journal: str | None = None
    publisher: str | None = None
    year: int | None = None


def author_names(listed: str) -> tuple[str, ...]:
    r"""The names in a list of authors, without the addresses in brackets, accents decoded.

    >>> author_names(r"J. Schr\"odinger (1 and 2), B. Two Jr., and C. Three ((1) Univ., (2) Inst)")
    ('J. Schrödinger', 'B. Two Jr.', 'C. Three')
    >>> author_names("XYZ Collaboration: A. One & B. Two")
    ('XYZ Collaboration', 'A. One', 'B. Two')
    """
    names: list[str] = []
    plain = _without_brackets(plain_line(listed))
    for name in _SPLIT.split(re.sub(r"(?<=collaboration)\s*:", ",", plain, flags=re.I)):
        if _SUFFIX.fullmatch(name) and names:
            names[-1] += f" {name}"
        elif any(c.isalpha() for c in name) and len(name) < 200:
            names.append(name)
    return tuple(dict.fromkeys(names[:MAX_AUTHORS]))


def _without_brackets(text: str) -> str:
    depth = 0
    kept: list[str] = []
    for character in text:
        if character == "(":
            depth += 1
        elif character == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(character)
    return " ".join("".join(kept).split())


def printed_in(reference: str) -> Printed:
    """Journal, publisher and year in a journal reference.

    Journals that are not known by name keep the name that stands before the volume.

    >>> printed_in("Phys.Rev.B65:104512,2002")
    Printed(journal='Physical Review B', publisher='American Physical Society', year=2002)
    >>> printed_in("Some Letters 12, 34 (2021)").journal, printed_in("submitted to PRL").journal
    ('Some Letters', None)
    """
    reference = reference[:500]
    if _NOT_YET.search(reference):
        return Printed()
    known = imprint_in(re.sub(r"(?<=[A-Za-z])(?=\d)", " ", reference))
    if known is not None:
        return Printed(*known)
    years = {int(a or b) for a, b in _YEAR.findall(reference)}
    match = _JOURNAL.match(reference.strip())
    name = match["name"].strip(" .,:") if match else ""
    return Printed(name or None, None, years.pop() if len(years) == 1 else None)


def says_withdrawn(comments: str, abstract: str) -> bool:
    """Whether a paper's comments, or its abstract, begin with saying that it was withdrawn.

    >>> says_withdrawn("This paper has been withdrawn by the authors", "")
    True
    >>> says_withdrawn("4 pages. Replaces arXiv:2401.01234, which was withdrawn", "")
    False
    """
    return any(_WITHDRAWN.match(text.strip()) for text in (comments, abstract))


def stated_doi(field: str) -> str | None:
    """The first DOI of a field that may hold several."""
    return doi_in(field[:1000])
