"""How values of records and papers are written in reports: plain lines, short, safe to print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from scmine.database.crawl_report import DocumentFacts
from scmine.database.crawl_values import CrawlPaper, CrawlVersion
from scmine.database.record import PressureKind, Record, TcKind
from scmine.extractors.same_claim import ROW_MARK
from scmine.pipelines.crawl.report_values import ReportPaper
from scmine.pipelines.tables import value_or_range

SENTENCE_CHARS, TITLE_CHARS, NAME_CHARS = 260, 300, 80
MOST_AUTHORS = 2

_DIGEST = re.compile(r" \([0-9a-f]{16}\)$")


def plain(text: str, limit: int = TITLE_CHARS) -> str:
    """One line without characters that steer a terminal, a mail or the direction of writing.

    >>> plain("Room\\r\\nBcc: all\\x1b[2J", 40)
    'Room Bcc: all [2J'
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def safe_link(link: str | None) -> str | None:
    """A link that may be followed: http or https, to a host; else None.

    >>> safe_link("https://arxiv.org/abs/1"), safe_link("javascript:alert(1)")
    ('https://arxiv.org/abs/1', None)
    """
    if not link or len(link) > 1000 or not link.isprintable() or re.search(r'[\s<>"`]', link):
        return None
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    return link if parts.scheme in ("http", "https") and parts.hostname else None


def paper_of(
    paper: CrawlPaper, version: CrawlVersion, facts: DocumentFacts | None = None
) -> ReportPaper:
    """A crawled paper as reports name it; ``facts`` say what its source did not."""
    own = facts or DocumentFacts(None, (), None, None)
    arxiv_id, doi = paper.arxiv_id or own.arxiv_id, paper.doi or own.doi
    link = safe_link(paper.link)
    if link is None and arxiv_id:
        link = f"https://arxiv.org/abs/{quote(arxiv_id, safe='/')}"
    if link is None and doi:
        link = f"https://doi.org/{quote(doi, safe='/()')}"
    return ReportPaper(
        name=plain(_name(version, paper.doi), NAME_CHARS),
        title=plain(paper.title or own.title or "") or "(no title)",
        authors=authors_in_short(paper.authors or own.authors),
        link=link,
        doc_id=version.doc_id,
    )


def _name(version: CrawlVersion, doi: str | None) -> str:
    """What people call a version: of a watched folder the file, and which version it is now."""
    if version.source == "arxiv":
        return f"arXiv:{version.name}"
    if version.source == "folder":
        number = "" if version.version == 1 else f", version {version.version}"
        return _DIGEST.sub("", version.key) + number
    return doi or version.name


def authors_in_short(authors: Sequence[str]) -> str:
    """The first authors.

    >>> authors_in_short(["A. One", "B. Two", "C. Three"]), authors_in_short(["A. One", "B. Two"])
    ('A. One et al.', 'A. One, B. Two')
    """
    names = (
        [plain(str(a), NAME_CHARS) for a in authors] if isinstance(authors, list | tuple) else []
    )
    return ", ".join(names) if len(names) <= MOST_AUTHORS else f"{names[0]} et al."


def material(record: Record) -> str:
    """The material: its formula, else as printed."""
    return plain(record.formula or record.raw_material, NAME_CHARS)


def tc(record: Record) -> str:
    """Tc with its relation and unit.

    >>> tc(Record(record_id="", doc_id="", raw_material="MgB2", tc_K=39.0, tc_relation="~"))
    '≈39 K'
    """
    if record.tc_K is None and (record.tc_min_K is None or record.tc_max_K is None):
        low, high = record.tc_min_K, record.tc_max_K
        return f"up to {high:g} K" if high is not None else f"from {low:g} K"
    said = value_or_range(
        record.tc_K,
        record.tc_min_K,
        record.tc_max_K,
        record.tc_uncertainty_K,
        "≈" if record.tc_relation == "~" else record.tc_relation,
    )
    return f"{said} K"


def tc_kind(record: Record) -> str:
    """Which point of the transition, and in which field."""
    said = [] if record.tc_kind is TcKind.UNSPECIFIED else [record.tc_kind.value]
    if record.magnetic_field_T:
        said.append(f"at {record.magnetic_field_T:g} T")
    return ", ".join(said)


def pressure(record: Record) -> str:
    """The pressure, and whether the sample was only made under it."""
    said = value_or_range(record.pressure_GPa, record.pressure_min_GPa, record.pressure_max_GPa)
    if not said:
        return ""
    made = "made at " if record.pressure_kind is PressureKind.SYNTHESIS else ""
    return f"{made}{said} GPa"


def coupling(record: Record) -> str:
    """λ, ω_log and μ*, as far as they are stated."""
    values = (
        ("λ = ", record.lambda_, ""),
        ("ω_log = ", record.omega_log_K, " K"),
        ("μ* = ", record.mu_star, ""),
    )
    return ", ".join(f"{name}{v:.4g}{unit}" for name, v, unit in values if v is not None)


def sentence(record: Record) -> str:
    """The sentence, or the row of a table with its heads, shortened around the Tc."""
    text = record.sentence
    if ROW_MARK in text:
        head, _, row = text.partition(ROW_MARK)
        heads, cells = head.split(" | "), row.split(" | ")
        pairs = zip(heads, cells, strict=True) if len(heads) == len(cells) else ()
        cell = ((h.strip(" :"), c.strip()) for h, c in pairs)
        told = "; ".join(f"{h}: {c}" if h else c for h, c in cell if c)
        text = f"Table: {told or row}"
    return shortened(plain(text, 20 * SENTENCE_CHARS), record.raw_tc or "", SENTENCE_CHARS)


def shortened(text: str, about: str, limit: int) -> str:
    """At most ``limit`` characters of a text, among them ``about`` if it stands there.

    >>> shortened("one two three four five", "four", 12)
    '… four five'
    """
    if len(text) <= limit:
        return text
    place = max(text.find(about), 0) if about else 0
    start = 0 if place + len(about) <= limit else min(place - limit // 2, len(text) - limit)
    if start:
        start = text.find(" ", start, place) + 1 or start
    cut = text[start : start + limit].rstrip()
    return ("… " if start else "") + cut + ("…" if start + limit < len(text) else "")
