"""New claims as an Atom feed (RFC 4287): which entries there are, and the XML.

Who may read it, and when it is sent at all, is told in ``routes.feed``.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from lxml import etree

from scmine.database.crawl_report import (
    composition_keys,
    document_facts,
    last_read,
    records_of_documents,
)
from scmine.database.filters import RecordFilter
from scmine.database.record import Record, RecordStatus
from scmine.database.store import Database
from scmine.pipelines.crawl import report_text
from scmine.pipelines.crawl.report_claims import claim_of, sort_claims
from scmine.pipelines.crawl.report_html import formula
from scmine.pipelines.crawl.report_values import ReportClaim
from scmine.pipelines.crawl.report_words import conditions, in_short

MOST_PAPERS, MOST_ENTRIES = 200, 100
"""The papers read last that are looked at, and the entries of a feed."""

ATOM = "http://www.w3.org/2005/Atom"

_LEFT_OUT = frozenset({RecordStatus.INVALID, RecordStatus.REMOVED, RecordStatus.OBSOLETE})
_SAID = (
    *("tc_K", "tc_min_K", "tc_max_K", "tc_relation", "tc_kind", "magnetic_field_T"),
    *("pressure_GPa", "pressure_min_GPa", "pressure_max_GPa", "pressure_kind", "evidence"),
)
"""What of a record makes the id of its entry."""

_STARTED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: a claim, when its paper was read, and an id that stays the same."""

    id: str
    claim: ReportClaim
    updated: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """The entries, newest first."""

    entries: tuple[Entry, ...]

    @property
    def updated(self) -> datetime:
        """When the newest entry came; long ago if there is none."""
        return max((entry.updated for entry in self.entries), default=_STARTED)


def feed_of(database: Database, wanted: RecordFilter) -> Feed:
    """The claims of the papers' own that crawls brought last, as far as ``wanted`` asks for them.

    As in reports, one claim stands for all on one material of a paper, and what the validator or
    heavy flags doubt is left out.
    """
    pairs = {v.doc_id: (p, v) for p, v in last_read(database, MOST_PAPERS) if v.doc_id is not None}
    records = [
        record
        for record in records_of_documents(database, list(pairs), wanted)
        if record.status not in _LEFT_OUT
    ]
    found = sort_claims(records, composition_keys(database, [r.record_id for r in records]))
    entries = []
    facts = document_facts(database, list(pairs))
    for group in found.own:
        paper, version = pairs[group.top.doc_id]
        claim = claim_of(group, report_text.paper_of(paper, version, facts.get(group.top.doc_id)))
        own_id = _entry_id(version.source, version.key, group.top)
        entries.append(Entry(own_id, claim, version.changed))
    entries.sort(key=lambda e: (-e.updated.timestamp(), -e.claim.tc_K, e.id))
    unique = {entry.id: entry for entry in reversed(entries)}
    newest = sorted(unique.values(), key=lambda e: (-e.updated.timestamp(), -e.claim.tc_K, e.id))
    return Feed(tuple(newest[:MOST_ENTRIES]))


def _entry_id(source: str, key: str, record: Record) -> str:
    """The same for the same claim of a later version of the paper, so that it is no news.

    Made of values, so that other words for them in a later scmine make no news either.
    """
    values = (getattr(record, name) for name in _SAID)
    said = (source, key, record.formula or record.raw_material, *map(str, values))
    return uuid.uuid5(uuid.NAMESPACE_URL, "scmine\n" + "\n".join(said)).urn


def as_atom(feed: Feed, own_address: str, base_url: str) -> bytes:
    """The feed as XML; ``own_address`` is where it was asked for, ``base_url`` of its pages."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _add(root, "id", uuid.uuid5(uuid.NAMESPACE_URL, own_address).urn)
    _add(root, "title", "scmine: new claims of a critical temperature")
    _add(root, "updated", _time(feed.updated))
    _add(root, "link", rel="self", type="application/atom+xml", href=own_address)
    _add(root, "link", rel="alternate", type="text/html", href=f"{base_url}/reports")
    _add(_add(root, "author"), "name", "scmine")
    _add(root, "generator", "scmine")
    for entry in feed.entries:
        _add_entry(root, entry, base_url)
    found: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return found


def _add_entry(root: etree._Element, entry: Entry, base_url: str) -> None:
    claim = entry.claim
    node = _add(root, "entry")
    _add(node, "id", entry.id)
    _add(node, "title", in_short(claim))
    _add(node, "updated", _time(entry.updated))
    address = f"{base_url}/records/{claim.record_id}"
    _add(node, "link", rel="alternate", type="text/html", href=address)
    if claim.paper.link:
        _add(node, "link", rel="related", href=claim.paper.link)
    if claim.paper.authors:
        _add(_add(node, "author"), "name", claim.paper.authors)
    _add(node, "content", _content(claim), type="html")


def _content(claim: ReportClaim) -> str:
    """What an entry says, as HTML."""
    paper = claim.paper
    said = "; ".join(escape(part) for part in (conditions(claim), claim.others) if part)
    title = escape(paper.title)
    named = f'<a href="{escape(paper.link)}">{title}</a>' if paper.link else title
    page = "" if claim.page is None else f", p. {claim.page}"
    parts = [
        f"<p><strong>{escape(claim.tc)}</strong> in {formula(claim.material)}"
        f"{'; ' + said if said else ''}</p>",
        f"<p>{named}, {escape(paper.name)}{page}</p>",
    ]
    if claim.sentence:
        parts.append(f"<blockquote>{escape(claim.sentence)}</blockquote>")
    return "".join(parts)


def _add(parent: etree._Element, name: str, text: str = "", **values: str) -> etree._Element:
    node = etree.SubElement(parent, f"{{{ATOM}}}{name}", values)
    node.text = text or None
    return node


def _time(moment: datetime) -> str:
    """A time as RFC 3339 has it, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
