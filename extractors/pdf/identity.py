"""Identity: DOI, arXiv identifier, journal, publisher and year of a paper.

They are taken from what the paper says of itself: arXiv's stamp, imprint lines, the file's
information dictionary, the file's name. A DOI among the works it cites is not its own. Title and
authors live in ``front_matter``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scmine.extractors.document import Metadata
from scmine.extractors.lexicons import load_rows

_ARCHIVES = (
    r"(?:cond-mat|supr-con|mtrl-th|physics|quant-ph|chem-ph|math-ph|nucl-th|hep-th|hep-ph|gr-qc|"
    r"astro-ph|nlin)"
)
_OLD_NUMBER = r"(?:9[1-9]|0[0-7])(?:0[1-9]|1[0-2])\d{3}"
_NEW_NUMBER = r"(?:0[7-9]|[1-9]\d)(?:0[1-9]|1[0-2])\.\d{4,5}"
ARXIV_ID = re.compile(
    rf"(?:arXiv\s*[:_]\s*)?(?<![\w-])(?P<old>{_ARCHIVES}(?:\.[A-Z]{{2}})?[/_]{_OLD_NUMBER})(?!\d)|"
    rf"(?:arXiv\s*[:_-]?\s*)(?P<new>{_NEW_NUMBER})(?!\d)|"
    rf"^(?P<bare>{_NEW_NUMBER})(?:v\d+)?(?=$|[^\w.]|_)",
    re.I,
)
"""An arXiv identifier: ``cond-mat/0102114``, ``arXiv:2001.01234``, or a text that begins with one.
Month and, in the old form, year are checked."""

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>|]+[^\s\"<>|.,;:)\]]")

_VERSION = re.compile(r"\s?v(\d{1,2})\b")
_STAMP_DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]{2} ((?:19|20)\d{2})\b")
_YEAR = r"((?:19|20)\d{2})"
_LABELLED_DOI = re.compile(r"(?:\bdoi\b\s*:?|doi\.org/|\bcite (?:this )?as\b.{0,200})\s*$", re.I)
_CITATION = re.compile(r"^\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)]?\s)")
_OWN_DATE = re.compile(
    rf"(?:©|\(c\)|copyright)\s*{_YEAR}\b|\bpublished(?: online)?:?\s.{{0,12}}?\b{_YEAR}\b", re.I
)
_NOT_YET = re.compile(
    r"\b(?:submitted|to appear|to be published|accepted|prepared|typeset|draft|reprinted|see|cf)\b",
    re.I,
)
_VOLUME = re.compile(r"[\s.,:|*]{0,6}(?:vol(?:ume)?\b\.?\s*)?[\d(|]", re.I)
_NUMBERING = re.compile(r"\b(?:vol(?:ume)?|no|number|pp|art|article|unknown|draft)\b", re.I)
_XMP_DOI = re.compile(
    rb"<(?:prism|pdfx|crossmark):doi>\s{0,9}(?:doi:|https?://(?:dx\.)?doi\.org/)?"
    rb"(10\.\d{4,9}/[^<\s]{2,200})\s{0,9}</|\bprism:doi=\"(10\.\d{4,9}/[^\"\s]{2,200})\"",
    re.I,
)
_FILE_DOIS = tuple(
    (re.compile(rf"(?<![\w.-])({pattern})(?![\d.])"), prefix)
    for pattern, prefix in (
        (r"PhysRev(?:[A-Z]|Lett|Materials|Research|Applied)?\.\d{1,4}\.\w{1,10}", "10.1103/"),
        (r"RevModPhys\.\d{1,3}\.\d{1,5}", "10.1103/"),
        (r"s4\d{4}-\d{3}-\d{4,5}-[\dxyzw]", "10.1038/"),
        (r"s1\d{4}-\d{3}-\d{4,5}-[\dxyzw]", "10.1007/"),
        (r"(?:nature|ncomms|srep|nmat|nphys|nchem|nnano)\d{4,5}", "10.1038/"),
    )
)
"""How publishers name the files of papers, and the prefix that makes a DOI of the name."""


@dataclass(frozen=True, slots=True)
class _Journal:
    name: str
    publisher: str
    pattern: re.Pattern[str]
    dois: tuple[str, ...]


def metadata_of(
    path: Path,
    title: str,
    authors: tuple[str, ...],
    first_pages: str,
    margin: str,
    info: Mapping[str, str] | None = None,
) -> Metadata:
    """What identifies the paper; what is not stated clearly is None.

    Parameters
    ----------
    path
        The file; only its name is used.
    first_pages
        The text of the first page, one line a line.
    margin
        Text that is turned on the first page: arXiv's stamp, if there is one.
    info
        The entries of the PDF's information dictionary; ``doi`` is that of its XMP packet.
    """
    facts = dict(info or {})
    lines = first_pages.splitlines()
    arxiv_id, version, stamp = _arxiv(path.stem, lines, margin, facts.get("Title", ""))
    doi = _doi(path.stem, lines, " ".join(facts.get(k, "") for k in ("Subject", "doi", "Keywords")))
    journal, year = _imprint(lines)
    by_doi = _journal_of_doi(doi)
    if by_doi is not None:
        if journal is not None and journal is not by_doi:
            year = None  # the line names another paper's journal
        journal = by_doi
    publisher = journal.publisher if journal else _publisher(doi, lines)
    return Metadata(
        title=title,
        authors=authors,
        doi=doi,
        arxiv_id=arxiv_id,
        arxiv_version=version,
        journal=journal.name if journal else None,
        publisher=publisher or None,
        year=year or _own_year(lines) or _arxiv_year(stamp, arxiv_id),
    )


def xmp_doi(data: bytes) -> str:
    """The DOI that the XMP packet of a PDF gives its paper; empty if there is none."""
    at = data.find(b":doi")
    while at >= 0:  # the expression alone takes long over a large file
        match = _XMP_DOI.search(data, max(0, at - 12), at + 300)
        if match:
            return bytes(match.group(1) or match.group(2)).decode("latin-1")
        at = data.find(b":doi", at + 4)
    return ""


def names_journal(text: str) -> bool:
    """Whether ``text`` is the name of a known journal, or that with volume and page.

    >>> names_journal("Physical Review B"), names_journal("Nature of the gap in MgB2")
    (True, False)
    """
    plain = text.strip(" .,")
    for journal in _journals():
        match = journal.pattern.match(plain)
        if match and not re.search(r"[^\W\d_]{2,}", _NUMBERING.sub("", plain[match.end() :])):
            return True
    return False


def _arxiv(
    stem: str, lines: Sequence[str], margin: str, title: str
) -> tuple[str | None, int | None, str]:
    """Identifier, version, and the text of the stamp that gave them."""
    upright = [x for x in lines if re.match(r"\s*arXiv\s*:", x, re.I)]
    names = (stem.replace("_", "/", 1), stem, re.sub(r"^(\D+?)-?(\d{7})(?!\d)", r"\1/\2", stem))
    stamps = [margin, *upright, title if "arxiv" in title.lower() else ""]
    for text in (*stamps, *names):
        match = ARXIV_ID.search(text)
        if match:
            found = re.sub(r"\.[A-Z]{2}(?=/)", "", next(g for g in match.groups() if g))
            version = _VERSION.match(text, match.start(match.lastgroup or 0) + len(found))
            number = int(version.group(1)) if version and version.group(1) != "0" else None
            return found.replace("_", "/").lower(), number, text if text in stamps else ""
    return None, None, ""


def _doi(stem: str, lines: Sequence[str], facts: str) -> str | None:
    """The paper's own DOI: of the file's facts, a labelled line, an imprint, or the file's name."""
    stated = DOI.search(facts)
    if stated:
        return stated.group()
    found: list[str] = []
    for number, line in enumerate(lines):
        if re.match(r"\W*(?:references|literature|bibliography)\W*$", line, re.I):
            break
        match = DOI.search(line)
        if match is None or _CITATION.match(line):
            continue
        text = match.group()
        rest = line[match.end() :].strip()
        if line[match.start() :].rstrip().endswith((".", "-", "/")) and not rest.strip(".-/"):
            # The line's end cuts it.
            tail = lines[number + 1].split(" ")[0] if number + 1 < len(lines) else ""
            text = line[match.start() :].rstrip() + tail.strip(".,;")
        labelled = _LABELLED_DOI.search(line[: match.start()])
        if labelled or match.start() == 0 or _imprint([line])[0]:
            found.append(text)
    distinct = list(dict.fromkeys(d.lower() for d in found))
    if len(distinct) == 1:
        return found[0]
    return _doi_of_name(stem)


def _doi_of_name(stem: str) -> str | None:
    for pattern, prefix in _FILE_DOIS:
        match = pattern.search(stem)
        if match:
            return prefix + match.group(1)
    return None


@cache
def _journals() -> tuple[_Journal, ...]:
    """The known journals, those with the longest names first."""
    journals = []
    for row in load_rows("journals.csv"):
        names = [row["name"], *filter(None, row["abbreviations"].split("|"))]
        pattern = "|".join(_name_pattern(n) for n in sorted(names, key=len, reverse=True))
        dois = tuple(d.lower() for d in row["dois"].split("|") if d)
        journals.append(
            _Journal(row["name"], row["publisher"], re.compile(rf"(?:{pattern})(?![\w-])"), dois)
        )
    return tuple(sorted(journals, key=lambda j: -len(j.name)))


def _name_pattern(name: str) -> str:
    """A pattern for a journal's name with or without full stops, also in capitals."""
    spellings = [name, name.upper()] if " " in name or name.isupper() else [name]
    patterns = []
    for spelling in spellings:
        words = re.findall(r"[^\s:]+|:", spelling)
        patterns.append(r"\.?\s*".join(re.escape(w) for w in words))
    return "|".join(patterns)


def imprint_in(line: str) -> tuple[str, str, int] | None:
    """Journal, publisher and year of a line that is an imprint; None if it is none.

    >>> imprint_in("Phys. Rev. B 65, 104512 (2002)")
    ('Physical Review B', 'American Physical Society', 2002)
    """
    journal, year = _imprint([line])
    return None if journal is None or year is None else (journal.name, journal.publisher, year)


def _imprint(lines: Iterable[str]) -> tuple[_Journal | None, int | None]:
    """Journal and year of the first line that is an imprint: journal, volume, page, year."""
    for line in lines:
        if len(line) > 160 or _NOT_YET.search(line) or _CITATION.match(line):
            continue
        for journal in _journals():
            match = journal.pattern.search(line)
            if match is None or not _heads_line(line, match):
                continue
            year = re.search(rf"\({_YEAR}\)|[\s,]{_YEAR}\s*$|\|\s*{_YEAR}\b|^{_YEAR}\b", line)
            numbers = re.findall(r"\d+", line[match.end() :])
            if year and len(numbers) >= 2:
                return journal, int(next(g for g in year.groups() if g))
            break
    return None, None


def _heads_line(line: str, match: re.Match[str]) -> bool:
    """Whether a journal's name begins an imprint: nothing before it but authors of a head line."""
    before, after = line[: match.start()].strip(), line[match.end() :]
    plain_before = not before or before.endswith(("/", "|", "et al.", "et al", "—", ":"))
    return plain_before and _VOLUME.match(after) is not None


def _journal_of_doi(doi: str | None) -> _Journal | None:
    if doi is None:
        return None
    lower = doi.lower()
    best: tuple[int, _Journal] | None = None
    for journal in _journals():
        for start in journal.dois:
            if lower.startswith(start) and (best is None or len(start) > best[0]):
                best = (len(start), journal)
    return best[1] if best else None


def _publisher(doi: str | None, lines: Iterable[str]) -> str:
    """The publisher by the DOI's prefix, or by a copyright line; empty if neither says it."""
    rows = load_rows("publishers.csv")
    prefix = doi.split("/")[0] if doi else ""
    for row in rows:
        if prefix in row["prefixes"].split("|"):
            return row["publisher"]
    for line in lines:
        if re.search(rf"(?:©|\(c\)|copyright)\s*{_YEAR}", line, re.I):
            for row in rows:
                if any(name in line for name in filter(None, row["names"].split("|"))):
                    return row["publisher"]
    return ""


def _own_year(lines: Sequence[str]) -> int | None:
    """The year of a copyright line, of "published …" or of a repository's cover page."""
    for number, line in enumerate(lines):
        match = _OWN_DATE.search(line) if not _CITATION.match(line) else None
        if match and not re.search(r"\bto be published|pre-?published", line, re.I):
            return int(next(g for g in match.groups() if g))
        if line.strip().lower() == "publication date" and number + 1 < len(lines):
            dated = re.match(_YEAR, lines[number + 1].strip())
            if dated:
                return int(dated.group(1))
    return None


def _arxiv_year(stamp: str, arxiv_id: str | None) -> int | None:
    """The year of the arXiv stamp, or else that of the arXiv identifier."""
    dated = _STAMP_DATE.search(stamp)
    if dated:
        return int(dated.group(1))
    if arxiv_id:
        digits = re.sub(r"^.*/", "", arxiv_id)[:2]
        return (1900 if int(digits) > 90 and "/" in arxiv_id else 2000) + int(digits)
    return None
