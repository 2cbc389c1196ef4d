"""Agreement: claims of a language model brought together with those of rules and models.

A claim that both make becomes one record with more confidence, whose ``extractor`` names both.
Where they say different things of one place, each record says so by a flag and has less. How much
is data, ``data/llm_agreement.toml``. Whether a claim is to be believed at all lives in
``evidence``; when two records are one claim, in ``same_claim``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from itertools import product

from scmine.database.record import Evidence, Place, Record
from scmine.extractors.claim import Claim
from scmine.extractors.document import Document
from scmine.extractors.extract import Extraction, context_of, stated_records, told_as_one
from scmine.extractors.lexicons import load_toml
from scmine.extractors.llm.routing import Open, passage_place, place_of_stated
from scmine.extractors.merging import GAP, HIGHEST_CONFIDENCE, together
from scmine.extractors.same_claim import (
    ROW_MARK,
    agree,
    same_tc,
    share_a_value,
    states_pressure,
    states_tc,
)
from scmine.extractors.sentences import split_sentences
from scmine.extractors.specimens import material_key

LLM = "llm:"
"""How the extractor of what a language model found begins."""

BOTH = " + "
"""What stands between the extractors of a record that several made."""

OTHER_MATERIAL = "llm_other_material"
OTHER_VALUE = "llm_other_value"
OTHER_CONDITION = "llm_other_condition"
OTHER_WHOSE = "llm_other_whose"
NOT_FOUND = "llm_not_found"

_COUPLING = ("lambda_", "omega_log_K", "omega2_K", "mu_star")
_MATERIAL = (
    "raw_material", "formula", "composition", "name", "material_class", "doping", "shape",
    "substrate", "fabrication", "variables",
)  # fmt: skip
_PRESSURE = ("raw_pressure", "pressure_GPa", "pressure_min_GPa", "pressure_max_GPa")
_JUDGED = ("evidence", "origin", "tc_kind", "tc_method", "pressure_kind")
"""What a record concludes from the words around it."""


class Meeting(StrEnum):
    """What became of a record where a language model was asked."""

    AGREED = "agreed"
    LLM_ONLY = "llm_only"
    NOT_FOUND = "not_found"
    DISAGREED = "disagreed"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Answered:
    """A place that a language model gave an answer for: why it was asked, and the claims.

    ``place`` is its name (``p12``, ``t0``). Claims have the position of their passage, None for
    those of a table. ``whole`` says that all its claims were asked for and answered, so that one
    that is not among them was not found.
    """

    place: str
    reasons: tuple[Open, ...]
    claims: tuple[tuple[Claim, int | None], ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Joined:
    """An extraction with the claims of a language model in it, and how many met how."""

    extraction: Extraction
    meetings: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)


@cache
def _numbers() -> dict[str, dict[str, float]]:
    return load_toml("llm_agreement.toml")


def confidence_alone(reasons: Iterable[Open]) -> float:
    """The confidence of a claim that only a language model makes, by why it was asked.

    >>> confidence_alone([Open.ALL]), confidence_alone([Open.ALL, Open.UNLINKED_VALUE])
    (0.5, 0.6)
    """
    alone = _numbers()["alone"]
    return max((alone[reason] for reason in reasons), default=alone[Open.ALL])


def named_for(extractor: str, reasons: Sequence[Open]) -> str:
    """The name of what found a claim, with why it was asked.

    >>> named_for("llm:qwen@claims@1", [Open.UNLINKED_VALUE])
    'llm:qwen@claims@1 (unlinked_value)'
    """
    return f"{extractor} ({', '.join(reasons)})" if reasons else extractor


def joined(document: Document, extraction: Extraction, answers: Sequence[Answered]) -> Joined:
    """``extraction`` with what a language model answered.

    Parameters
    ----------
    document
        The paper.
    extraction
        What rules and models found in it; its records are not flagged yet.
    answers
        The places that were answered, also those for which no claim was left. A place that was
        asked about and not answered is not among them: it says nothing.

    Notes
    -----
    Without answers the records are as before. No record of the rules is lost: it may be merged with
    one of the language model, get a flag and lose confidence.
    """
    if not answers:
        return Joined(extraction, Counter({Meeting.NOT_ASKED.value: len(extraction.records)}))
    fresh = _stated(document, extraction, answers)
    own: dict[str, list[Record]] = {}
    for record, table in zip(extraction.stated, extraction.stated_tables, strict=True):
        own.setdefault(place_of_stated(record, table), []).append(record)
    where = {r.places[0].id: place for place, records in own.items() for r in records}
    added: list[tuple[Record, int | None]] = []
    whose: set[str] = set()
    for record, claim, table in fresh:
        place = place_of_stated(record, table)
        where[record.places[0].id] = place
        fitted = _fitted(record, own.get(place, []))
        if _whose_differs(fitted, claim):
            whose.add(record.places[0].id)
        added.append((fitted, table))
    more = [record for record, _ in added]
    # What the rules merged stays merged, whatever a model says of one of its places.
    story = told_as_one(extraction, [*extraction.records, *more])
    told = replace(
        story,
        stated=[*extraction.stated, *more],
        stated_tables=[*extraction.stated_tables, *(table for _, table in added)],
    )
    asked = frozenset(answer.place for answer in answers if answer.whole)
    return _judged(told, _Places(where, asked), whose)


def _stated(
    document: Document, extraction: Extraction, answers: Sequence[Answered]
) -> list[tuple[Record, Claim, int | None]]:
    """What the answers state, place by place, with its claim and the position of its table."""
    placed: list[tuple[Claim, int | None]] = []
    tables: list[int | None] = []
    for answer in answers:
        named = int(answer.place[1:]) if re.fullmatch(r"t\d+", answer.place) else None
        for claim, position in answer.claims:
            claim = replace(
                claim,
                extractor=named_for(claim.extractor, answer.reasons),
                confidence=round(min(claim.confidence, confidence_alone(answer.reasons)), 3),
            )
            placed.append((claim, position))
            tables.append(named if position is None else None)
    pairs = stated_records(placed, document, context_of(document, extraction))
    return [(record, placed[n][0], tables[n]) for record, n in pairs]


def _fitted(record: Record, own: Sequence[Record]) -> Record:
    """``record`` with what the one that the rules read there concludes, and says besides.

    So that a shorter name, a pressure left out, or another opinion on whose result it is makes no
    second record.
    """
    fitting = [r for r in own if _says_the_same(record, r)]
    exact = [r for r in fitting if material_key(r) == material_key(record)]
    for found in (exact, fitting):
        if len({material_key(r) for r in found}) == 1:
            best = max(found, key=lambda r: (agree(record, r), r.confidence or 0.0))
            names = list(_JUDGED)
            if not exact:
                names += _MATERIAL
            if not states_pressure(record):
                names += _PRESSURE
            return record.model_copy(update={name: getattr(best, name) for name in names})
    return record


def _says_the_same(record: Record, own: Record) -> bool:
    """Whether two records of one place have the same values, and materials of one name."""
    if material_key(record) != material_key(own) and not _nested(
        record.raw_material, own.raw_material
    ):
        return False
    if states_tc(record) or states_tc(own):
        same = states_tc(record) and states_tc(own) and same_tc(record, own)
    else:
        same = share_a_value(record, own)
    pressures = [(r.pressure_GPa, r.pressure_min_GPa, r.pressure_max_GPa) for r in (record, own)]
    alike = pressures[0] == pressures[1] or not states_pressure(record) or not states_pressure(own)
    return same and alike and not _other_coupling(record, own)


def _nested(first: str, second: str) -> bool:
    """Whether one printed material holds the other as whole words.

    >>> _nested("FeSe", "FeSe single crystal"), _nested("FeSe", "KFeSe2"), _nested("", "FeSe")
    (True, False, False)
    """
    short, long = sorted((" ".join(first.split()), " ".join(second.split())), key=len)
    return bool(short) and re.search(rf"(?<!\w){re.escape(short)}(?!\w)", long) is not None


def _other_coupling(first: Record, second: Record) -> bool:
    pairs = [(getattr(first, name), getattr(second, name)) for name in _COUPLING]
    return any(a is not None and b is not None and abs(a - b) > 1e-9 for a, b in pairs)


def _whose_differs(record: Record, claim: Claim) -> bool:
    """Whether the language model says that another made the claim, or in another way."""
    origin = claim.hints.get("llm_origin", "unknown")
    evidence = claim.hints.get("llm_evidence", "unknown")
    other_origin = origin != "unknown" and record.origin is not None and origin != record.origin
    other_evidence = (
        evidence != "unknown"
        and record.evidence is not Evidence.UNKNOWN
        and evidence != record.evidence
    )
    return other_origin or other_evidence


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each place's record was read, by the place's id, and which places were answered."""

    where: Mapping[str, str]
    asked: frozenset[str]

    def of(self, record: Record) -> set[str]:
        """The names of the places that state a record."""
        return {name for p in record.places if (name := self._name(p))}

    def _name(self, place: Place) -> str:
        if place.id in self.where:
            return self.where[place.id]
        return "" if place.passage is None else passage_place(place.passage)

    def all_asked(self, record: Record) -> bool:
        """Whether each place that states a record was answered for."""
        names = self.of(record)
        return bool(names) and names <= self.asked


def _by_llm(place: Place) -> bool:
    return place.extractor.startswith(LLM)


def _judged(told: Extraction, places: _Places, whose: set[str]) -> Joined:
    """The records with the flags and the confidence that meeting each other gives them."""
    kinds = [_kind(record, places) for record in told.records]
    flags: list[set[str]] = [set() for _ in told.records]
    for i, j in _met(told.records, kinds, places):
        flag = _difference(told.records[i], told.records[j])
        if flag is not None:
            flags[i].add(flag)
            flags[j].add(flag)
    result: list[Record] = []
    meetings: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for record, kind, differs in zip(told.records, kinds, flags, strict=True):
        confidence = _met_confidence(record, kind)
        if differs:
            kind = Meeting.DISAGREED
            confidence = _times(confidence, "disagrees")
        elif kind is Meeting.NOT_FOUND:
            differs.add(NOT_FOUND)
            confidence = _times(confidence, "not_found")
        if any(place.id in whose for place in record.places):
            differs.add(OTHER_WHOSE)
            confidence = _times(confidence, "whose")
        meetings[kind.value] += 1
        counted.update(differs)
        names = dict.fromkeys(
            p.extractor for p in (*_own(record), *filter(_by_llm, record.places)) if p.extractor
        )
        update = {
            "flags": [*record.flags, *sorted(differs - set(record.flags))],
            "confidence": confidence,
            "extractor": BOTH.join(names) if kind is Meeting.AGREED else record.extractor,
        }
        result.append(record.model_copy(update=update))
    return Joined(replace(told, records=result), meetings, counted)


def _own(record: Record) -> list[Place]:
    return [place for place in record.places if not _by_llm(place)]


def _kind(record: Record, places: _Places) -> Meeting:
    by_llm = any(map(_by_llm, record.places))
    if by_llm:
        return Meeting.AGREED if _own(record) else Meeting.LLM_ONLY
    return Meeting.NOT_FOUND if places.all_asked(record) else Meeting.NOT_ASKED


def _met(
    records: Sequence[Record], kinds: Sequence[Meeting], places: _Places
) -> Iterator[tuple[int, int]]:
    """The pairs of a record that only the rules make and one that only the language model makes, of
    one place that it answered for.
    """
    at: dict[str, tuple[list[int], list[int]]] = {}
    for i, (record, kind) in enumerate(zip(records, kinds, strict=True)):
        if kind is not Meeting.AGREED:
            for name in places.of(record) & places.asked:
                at.setdefault(name, ([], []))[kind is Meeting.LLM_ONLY].append(i)
    for own, by_llm in at.values():
        yield from product(own, by_llm)


def _difference(own: Record, by_llm: Record) -> str | None:
    """How two records of one place contradict each other; None if they may both hold."""
    if _apart(own, by_llm):
        return None
    both_tc = states_tc(own) and states_tc(by_llm)
    alike = both_tc and same_tc(own, by_llm)
    if material_key(own) != material_key(by_llm):
        return OTHER_MATERIAL if alike and _meet(own, by_llm) else None
    if alike:
        return OTHER_CONDITION
    conditions = dict.fromkeys(_COUPLING) | {"tc_uncertainty_K": None}
    bare = [record.model_copy(update=conditions) for record in (own, by_llm)]
    if agree(*bare) and (both_tc or _other_coupling(own, by_llm)):
        return OTHER_VALUE
    return None


def _meet(first: Record, second: Record) -> bool:
    """Whether two records speak of one pressure, as far as they say it."""
    pressures = [(r.pressure_GPa, r.pressure_min_GPa, r.pressure_max_GPa) for r in (first, second)]
    return pressures[0] == pressures[1] or not all(map(states_pressure, (first, second)))


def _apart(first: Record, second: Record) -> bool:
    """Whether two records were read in no common sentence, and no common row of a table."""
    said = [{part for p in record.places for part in _parts(p)} for record in (first, second)]
    return not any(one in other or other in one for one, other in product(*said))


def _parts(place: Place) -> list[str]:
    """The sentences of a place that print its Tc, or all if it has none; of a table the row."""
    texts = place.sentence.split(ROW_MARK)[-1].split(GAP)
    parts = [text[start:end] for text in texts for start, end in split_sentences(text)]
    number = re.search(r"\d[\d.]*", place.raw_tc or "")
    return [part for part in parts if number and number[0] in part] or parts


def _met_confidence(record: Record, kind: Meeting) -> float | None:
    """The confidence of a record before differences count."""
    if kind is not Meeting.AGREED:
        return record.confidence
    own = together(_own(record)) or 0.0
    by_llm = together([place for place in record.places if _by_llm(place)]) or 0.0
    return round(min(HIGHEST_CONFIDENCE, 1 - (1 - own) * (1 - by_llm)), 3)


def _times(confidence: float | None, name: str) -> float | None:
    return None if confidence is None else round(confidence * _numbers()["factor"][name], 3)
