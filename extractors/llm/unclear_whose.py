"""Records of which rules cannot well tell whose they are, or whether they were measured.

The judgement of ``whose_claim`` is looked at again for the place that says a record best: its
probabilities are not kept in records. Which of them a language model is asked about is said here,
how it is asked in ``listed_questions``. Thresholds are data, ``data/llm_routing.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from scmine.database.record import Evidence, Origin, Record
from scmine.extractors.claim import Claim, Place
from scmine.extractors.document import Document
from scmine.extractors.lexicons import load_toml
from scmine.extractors.llm.listed_questions import place_of_record
from scmine.extractors.llm.routing import Open, Routed
from scmine.extractors.merging import GAP
from scmine.extractors.paper_profile import PaperProfile
from scmine.extractors.whose_claim import whose_claim

_VALUES = {
    "raw_tc": "tc",
    "raw_pressure": "pressure",
    "lambda_": "lambda",
    "omega_log_K": "omega_log",
    "omega2_K": "omega2",
    "mu_star": "mu_star",
    "measurement_method": "method",
    "space_group": "space_group",
    "crystal_structure": "crystal_structure",
    "prototype": "prototype",
    "a_A": "a",
    "b_A": "b",
    "c_A": "c",
    "lowest_temperature_K": "absent_down_to",
}
"""What of a record its claim stated, by field."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A record by its position, as the claim that is asked about; ``sure`` is the probability of
    what is least sure of it, 0.5 where something is unknown."""

    position: int
    claim: Claim
    routed: Routed
    sure: float


@cache
def _limits() -> tuple[float, int]:
    data = load_toml("llm_routing.toml")
    return data["whose_probability"], data["whose_most"]


def unclear_whose(document: Document, records: Sequence[Record]) -> list[Unclear]:
    """The records of a paper whose origin or evidence is open, the least sure first.

    At most as many as one question asks about. A record that the document has no place for is left
    out: nothing could be shown of it.

    Examples
    --------
    >>> from scmine.extractors import extract, read
    >>> document = read("examples/pnictide_pressure.pdf")
    >>> found = unclear_whose(document, extract(document).records)
    >>> all(one.routed.reason is Open.UNCLEAR_WHOSE for one in found)
    True
    """
    most = _limits()[1]
    found = _unclear(document, records)
    return sorted(found, key=lambda one: (one.sure, one.position))[:most]


def _unclear(document: Document, records: Sequence[Record]) -> Iterator[Unclear]:
    limit, _ = _limits()
    profile = PaperProfile.of(document)
    for position, record in enumerate(records):
        name, at = place_of_record(document, record)
        if not name:
            continue
        claim = _claim_of(document, record, name, at)
        sure, what = _least_sure(record, claim, profile)
        if sure < limit:
            routed = Routed(name, Open.UNCLEAR_WHOSE, f"{record.raw_material}: {what}")
            yield Unclear(position, claim, routed, sure)


def _least_sure(record: Record, claim: Claim, profile: PaperProfile) -> tuple[float, str]:
    """The lowest probability of origin and evidence, and which it is of."""
    if record.origin is None:
        return 0.5, "origin unknown"
    if record.evidence is Evidence.UNKNOWN:
        return 0.5, "evidence unknown"
    whose = whose_claim(claim, profile)
    sure, what = 1.0, ""
    if whose.own is not None and whose.origin is record.origin:
        own = whose.own if record.origin is Origin.THIS_WORK else 1 - whose.own
        sure, what = own, f"{record.origin} {own:.2f}"
    if whose.calculated is not None and whose.evidence is record.evidence:
        calculated = record.evidence is Evidence.CALCULATED
        rests = whose.calculated if calculated else 1 - whose.calculated
        if rests < sure:
            sure, what = rests, f"{record.evidence} {rests:.2f}"
    return sure, what


def _claim_of(document: Document, record: Record, name: str, at: int) -> Claim:
    """The claim that a record was made of, as far as the record still says it."""
    values = {
        called: f"{value:g}" if isinstance(value, float) else str(value)
        for field, called in _VALUES.items()
        if (value := getattr(record, field)) is not None
    }
    sentence = record.places[0].sentence
    if name.startswith("t"):
        table = document.tables[int(name[1:])]
        place = Place(table=table, row=table.rows[at])
    else:
        passage = document.passages[int(name[1:])]
        first = next(iter(values.values()), record.raw_material)
        inside = sentence.split(GAP)[0].find(first)
        start = at + max(inside, 0)
        place = Place(passage, start, start + (len(first) if inside >= 0 else 0))
    return Claim(
        record.raw_material,
        values,
        record.source.value,
        record.section or "",
        sentence,
        record.page,
        (),
        record.extractor,
        record.confidence or 0.0,
        place=place,
    )
