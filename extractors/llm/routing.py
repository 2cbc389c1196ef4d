"""Routing: which passages and tables rules and models leave open, and why.

A language model is asked about these alone, unless everything is wanted. What it is asked and what
becomes of its answers lives in ``tasks`` and ``agreement``. Thresholds and words are data,
``data/llm_routing.toml``; ``benchmarks/llm_routing.py`` measures what they cost and reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from scmine.database.record import Record
from scmine.extractors.claim import Label, Mention
from scmine.extractors.coherence import CONTRADICTED
from scmine.extractors.document import Document, Passage, Table
from scmine.extractors.extract import Extraction, mined
from scmine.extractors.found_mentions import FoundMentions
from scmine.extractors.lexicons import load_toml
from scmine.extractors.other_temperatures import is_other_temperature


class Open(StrEnum):
    """What rules and models leave open at a place, and so why a language model is asked."""

    UNLINKED_VALUE = "unlinked_value"
    LOW_CONFIDENCE = "low_confidence"
    UNRESOLVED_VARIABLE = "unresolved_variable"
    TABLE_NOT_UNDERSTOOD = "table_not_understood"
    NO_CLAIMS_THOUGH_WORDS = "no_claims_though_words"
    CRYSTAL_INCOMPLETE = "crystal_incomplete"
    CONTRADICTED = "contradicted"
    UNCLEAR_WHOSE = "unclear_whose"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Routed:
    """A place of a paper (``p12``, ``t0``), what is open there, and the words that show it."""

    place: str
    reason: Open
    why: str = ""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on something counts as open; see ``data/llm_routing.toml``."""

    low_confidence: float
    low_confidence_other: float
    mention_score: float
    shortest: int
    open_flags: frozenset[str]


@cache
def thresholds() -> Thresholds:
    """The thresholds in force."""
    data = load_toml("llm_routing.toml")
    return Thresholds(
        low_confidence=data["low_confidence"],
        low_confidence_other=data["low_confidence_other"],
        mention_score=data["mention_score"],
        shortest=data["shortest"],
        open_flags=frozenset(data["open_flags"]),
    )


@cache
def _words() -> dict[str, re.Pattern[str]]:
    words = load_toml("llm_routing.toml")["words"]
    return {name: re.compile(pattern) for name, pattern in words.items()}


def passage_place(position: int) -> str:
    """The name of a passage by its position in the document.

    >>> passage_place(12), table_place(0)
    ('p12', 't0')
    """
    return f"p{position}"


def table_place(number: int) -> str:
    """The name of a table by its position in the document."""
    return f"t{number}"


def open_places(
    document: Document, extraction: Extraction, limits: Thresholds | None = None
) -> list[Routed]:
    """What rules and models leave open in ``document``, in its order, tables last.

    A place has each reason once. Equal documents and extractions give equal answers.

    Examples
    --------
    >>> from scmine.extractors import extract, read
    >>> document = read("examples/pnictide_pressure.pdf")
    >>> found = open_places(document, extract(document))
    >>> len({routed.place for routed in found}) < len(document.passages) / 2
    True
    """
    limits = limits or thresholds()
    stated: dict[str, list[Record]] = {}
    for record, of_table in zip(extraction.stated, extraction.stated_tables, strict=True):
        stated.setdefault(place_of_stated(record, of_table), []).append(record)
    contradicted = {
        passage_place(place.passage)
        for record in extraction.records
        if CONTRADICTED in record.flags
        for place in record.places
        if place.passage is not None
    }
    routed: list[Routed] = []
    for position in mined(document):
        place = passage_place(position)
        records = stated.get(place, [])
        passage = document.passages[position]
        found = FoundMentions(passage, extraction.mentions[position], extraction.links[position])
        reasons = {
            **_of_mentions(found, records, limits),
            **_of_records(records, limits),
            **_of_words(passage, extraction.mentions[position], records, limits),
        }
        if place in contradicted:
            reasons[Open.CONTRADICTED] = ""
        routed += [Routed(place, reason, why) for reason, why in reasons.items()]
    for number, table in enumerate(document.tables):
        place = table_place(number)
        reasons = _of_table(table, stated.get(place, []), limits)
        routed += [Routed(place, reason, why) for reason, why in reasons.items()]
    return routed


def all_places(document: Document) -> list[Routed]:
    """Every passage that claims are looked for in, and every table, asked about for no reason.

    Those whose words speak of a crystal structure have the reason ``crystal_incomplete`` besides:
    it is asked about by a question of its own.
    """
    routed: list[Routed] = []
    for position in mined(document):
        text = document.passages[position].text
        if re.search(r"\w", text):
            routed.append(Routed(passage_place(position), Open.ALL))
            hit = _words()["cell"].search(text) or _words()["sites"].search(text)
            if hit:
                routed.append(Routed(passage_place(position), Open.CRYSTAL_INCOMPLETE, hit[0]))
    for number, table in enumerate(document.tables):
        if table.rows:
            routed.append(Routed(table_place(number), Open.ALL))
            if hit := _words()["table_sites"].search(_about(table)):
                routed.append(Routed(table_place(number), Open.CRYSTAL_INCOMPLETE, hit[0]))
    return routed


def _about(table: Table) -> str:
    """The words that say what a table is about: caption, heads and the first of each row."""
    heads = [cell.text for row in (*table.header, *table.rows[:1]) for cell in row]
    return " ".join([table.caption, *heads, *(row[0].text for row in table.body if row)])


def place_of_stated(record: Record, table: int | None) -> str:
    """The name of the place that a record of one place was read at; ``table`` is its table.

    Empty where neither is known.
    """
    passage = record.places[0].passage
    if passage is not None:
        return passage_place(passage)
    return "" if table is None else table_place(table)


def _of_mentions(
    found: FoundMentions, records: Sequence[Record], limits: Thresholds
) -> dict[Open, str]:
    """Values that were found and are in no record of the passage."""
    unused = [m.text for m in _unused_tc(found, records, limits)]
    if not any(r.lambda_ is not None for r in records):
        unused += [found.mentions[i].text for i in found.of(Label.LAMBDA)]
    if not any(r.omega_log_K is not None for r in records):
        unused += [found.mentions[i].text for i in found.of(Label.OMEGA_LOG)]
    return {Open.UNLINKED_VALUE: "; ".join(unused)} if unused else {}


def _unused_tc(
    found: FoundMentions, records: Sequence[Record], limits: Thresholds
) -> Iterator[Mention]:
    """The Tc values, likely ones, whose numbers no record of the passage has."""
    used = {number for r in records for number in _numbers(f"{r.raw_tc or ''} {_absent(r)}")}
    for i in found.of(Label.TC_VALUE):
        mention = found.mentions[i]
        numbers = _numbers(mention.text)
        if mention.score < limits.mention_score or not numbers or numbers <= used:
            continue
        if not is_other_temperature(found, i):
            yield mention


def _absent(record: Record) -> str:
    """The lowest temperature of a record that says that there is no superconductivity."""
    return "" if record.lowest_temperature_K is None else f"{record.lowest_temperature_K:g}"


def _numbers(text: str) -> set[float]:
    return {float(number) for number in re.findall(r"\d{1,9}(?:\.\d{1,9})?", text)}


def _of_records(records: Sequence[Record], limits: Thresholds) -> dict[Open, str]:
    """What the records of a place say of themselves."""
    reasons: dict[Open, str] = {}
    weak = [r for r in records if (r.confidence or 0.0) < _least(r, limits)]
    if weak:
        reasons[Open.LOW_CONFIDENCE] = "; ".join(
            f"{r.raw_material} {r.raw_tc or ''} {r.confidence}".strip() for r in weak
        )
    flags = sorted({flag for r in records for flag in r.flags} & limits.open_flags)
    if flags:
        reasons[Open.UNRESOLVED_VARIABLE] = ", ".join(flags)
    return reasons


def _least(record: Record, limits: Thresholds) -> float:
    """The confidence from which on a record is not low."""
    says_tc = record.raw_tc is not None
    return limits.low_confidence if says_tc else limits.low_confidence_other


def _of_words(
    passage: Passage, mentions: Sequence[Mention], records: Sequence[Record], limits: Thresholds
) -> dict[Open, str]:
    """What a passage's words speak of and no record of it states."""
    text = passage.text
    if len(text) < limits.shortest:
        return {}
    reasons: dict[Open, str] = {}
    says_tc = any(r.raw_tc is not None or r.superconducting is False for r in records)
    likely = any(m.label == Label.TC_VALUE and m.score >= limits.mention_score for m in mentions)
    if not says_tc and not likely and (hit := _words()["tc"].search(text)):
        reasons[Open.NO_CLAIMS_THOUGH_WORDS] = hit[0]
    says_coupling = any(
        value is not None for r in records for value in (r.lambda_, r.omega_log_K, r.mu_star)
    )
    if not says_coupling and (hit := _words()["coupling"].search(text)):
        reasons[Open.NO_CLAIMS_THOUGH_WORDS] = hit[0]
    if not any(r.a_A is not None for r in records) and (hit := _words()["cell"].search(text)):
        reasons[Open.CRYSTAL_INCOMPLETE] = hit[0]
    if not any(r.wyckoff for r in records) and (hit := _words()["sites"].search(text)):
        reasons[Open.CRYSTAL_INCOMPLETE] = hit[0]
    return reasons


def _of_table(table: Table, records: Sequence[Record], limits: Thresholds) -> dict[Open, str]:
    """Why a table is open: it speaks of superconductors and makes no claim, or unsure ones."""
    if records:
        return _of_records(records, limits)
    if not table.rows:
        return {}
    about = _about(table)
    if hit := _words()["table_sites"].search(about):
        return {Open.CRYSTAL_INCOMPLETE: hit[0]}
    hit = _words()["table"].search(about)
    return {Open.TABLE_NOT_UNDERSTOOD: hit[0]} if hit else {}
