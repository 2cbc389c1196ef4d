"""The second round of asking about a paper: its records, once all that was found is put together.

Whose the records are of which that is open, and where it is wanted a check of the whole list. An
answer changes no value: it fills what is unknown, moves confidence and sets flags. How the
questions are worded lives in ``listed_questions``, which quotes count in ``verdict_evidence``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scmine.database.record import Evidence, Origin, Record
from scmine.extractors.citations import whose_words
from scmine.extractors.document import Document
from scmine.extractors.extract import Extraction
from scmine.extractors.lexicons import load_toml
from scmine.extractors.llm.agreement import BOTH, LLM, OTHER_WHOSE, named_for
from scmine.extractors.llm.answers import (
    CheckAnswer,
    CheckItem,
    ValueField,
    Verdict,
    WhoseAnswer,
    WhoseItem,
)
from scmine.extractors.llm.drops import Drop
from scmine.extractors.llm.paper_facts import PaperFacts
from scmine.extractors.llm.quotes import find_quote, find_words
from scmine.extractors.llm.request import Ending, Reply, Request
from scmine.extractors.llm.routing import Open
from scmine.extractors.llm.tasks import check_request, whose_request
from scmine.extractors.llm.unclear_whose import Unclear, unclear_whose
from scmine.extractors.llm.verdict_evidence import check_records, check_whose
from scmine.extractors.merging import HIGHEST_CONFIDENCE

DOUBTS = "llm_doubts"

_FIELDS = {
    ValueField.TC: ("raw_tc", "lowest_temperature_K"),
    ValueField.PRESSURE: ("raw_pressure",),
    ValueField.LAMBDA: ("lambda_",),
    ValueField.OMEGA_LOG: ("omega_log_K",),
    ValueField.OMEGA2: ("omega2_K",),
    ValueField.METHOD: ("measurement_method", "tc_method"),
    ValueField.MAGNETIC_FIELD: ("magnetic_field_T",),
    ValueField.A: ("a_A",),
    ValueField.B: ("b_A",),
    ValueField.C: ("c_A",),
    ValueField.ALPHA: ("alpha_deg",),
    ValueField.BETA: ("beta_deg",),
    ValueField.GAMMA: ("gamma_deg",),
}
"""Fields of a record, where they have not the name that answers give them."""


@dataclass(frozen=True, slots=True)
class Second:
    """The questions of the second round, and the records that the one about whose is of."""

    requests: list[Request] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Judged:
    """An extraction after the second round, quoted verdicts kept, and those dropped by reason."""

    extraction: Extraction
    kept: int = 0
    drops: Counter[str] = field(default_factory=Counter)


def second_round(
    document: Document,
    extraction: Extraction,
    *,
    check: bool = False,
    context_tokens: int = 8192,
    answer_tokens: int = 2048,
) -> Second:
    """What is asked about the records of ``extraction``; with ``check`` also whether they hold.

    Whose records are is one question a paper at most, with as many of them as it has room for. The
    check asks about all, a few a question.
    """
    room = {"context_tokens": context_tokens, "answer_tokens": answer_tokens}
    unclear = unclear_whose(document, extraction.records)
    checked = extraction.records if check else []
    if not unclear and not checked:
        return Second()
    facts = PaperFacts.of(document, extraction.mentions)
    requests: list[Request] = []
    while unclear:
        claims = [one.claim for one in unclear]
        requests = whose_request(document, claims, facts=facts, **room)
        if len(requests) == 1:
            break
        unclear = unclear[:-1]
    if checked:
        requests = [*requests, *check_request(document, checked, facts=facts, **room)]
    return Second(requests, unclear)


def judged(
    document: Document, extraction: Extraction, second: Second, replies: Sequence[Reply], model: str
) -> Judged:
    """``extraction`` with what ``replies`` to its second round say that the paper bears out.

    No record is lost and no value is changed. A reply without an answer says nothing.
    """
    work = _Judging(document, second, list(extraction.records))
    by_request = {reply.request: reply for reply in replies if reply.ending is Ending.ANSWERED}
    for request in second.requests:  # replies come in any order
        reply = by_request.get(request)
        if reply is None:
            continue
        if isinstance(reply.answer, WhoseAnswer):
            name = named_for(f"{LLM}{model}@{request.prompt}", [Open.UNCLEAR_WHOSE])
            work.whose(reply.answer, request.shown, name)
        elif isinstance(reply.answer, CheckAnswer):
            work.check(reply.answer, request.shown)
        else:
            raise ValueError(f"no answer to {request.task}: {type(reply.answer).__name__}")
    return Judged(replace(extraction, records=work.records), work.kept, work.drops)


@dataclass(slots=True)
class _Judging:
    """The records of a paper while verdicts come in."""

    document: Document
    second: Second
    records: list[Record]
    kept: int = 0
    drops: Counter[str] = field(default_factory=Counter)
    checked: set[int] = field(default_factory=set)

    def whose(self, answer: WhoseAnswer, shown: Sequence[str], name: str) -> None:
        """Take what is said of whose records are; ``name`` is that of what said it."""
        claims = [one.claim for one in self.second.unclear]
        items, dropped = check_whose(answer, claims, self.document, shown=shown)
        self.drops.update(one.reason.value for one in dropped)
        for n, item in sorted(items.items()):
            unclear = self.second.unclear[n]
            around = _words_of(self.document, unclear)
            record, refused = _whose(self.records[unclear.position], item, around, name)
            self.records[unclear.position] = record
            self.drops.update(reason.value for reason in refused)
            self.kept += not refused

    def check(self, answer: CheckAnswer, shown: Sequence[str]) -> None:
        """Take what a check of the list says of records, of each the first verdict."""
        found, dropped = check_records(answer, len(self.records), self.document, shown=shown)
        self.drops.update(one.reason.value for one in dropped)
        for n, item in sorted(found.items()):
            if n in self.checked or item.verdict is Verdict.UNSURE:
                continue
            self.checked.add(n)
            if item.verdict is Verdict.WRONG and not _is_about(self.records[n], item):
                self.drops[Drop.NOT_SAID.value] += 1
                continue
            self.kept += 1
            if item.verdict is Verdict.WRONG:
                self.records[n] = _flagged(self.records[n], DOUBTS, "doubts")


def _words_of(document: Document, unclear: Unclear) -> str:
    """The words of the place that a claim stands in."""
    place = unclear.claim.place
    if place is not None and place.passage is not None:
        return place.passage.text
    if place is None or place.table is None:
        return ""
    return " ".join([place.table.caption, *(cell.text for cell in place.row)])


def _whose(record: Record, item: WhoseItem, around: str, name: str) -> tuple[Record, list[Drop]]:
    """``record`` with what a quoted answer says of whose it is, and what of it is not believed."""
    said: dict[str, Origin | Evidence] = {}
    if item.origin != "unknown":
        said["origin"] = Origin(item.origin)
    if item.evidence != "unknown":
        said["evidence"] = Evidence(item.evidence)
    known = {n: v for n, v in said.items() if getattr(record, n) not in (None, Evidence.UNKNOWN)}
    filled = {n: v for n, v in said.items() if n not in known}
    refused = [Drop.NOT_SAID for value in filled.values() if not _says(item.quote, value, around)]
    if filled and not refused:
        extractor = BOTH.join(filter(None, (record.extractor, name)))
        record = record.model_copy(update=filled | {"extractor": extractor})
    if any(getattr(record, n) != value for n, value in known.items()):
        record = _flagged(record, OTHER_WHOSE, "whose")
    elif known and OTHER_WHOSE not in record.flags and not record.extractor.startswith(LLM):
        left = load_toml("llm_agreement.toml")["doubt"]["same_whose"]
        raised = min(HIGHEST_CONFIDENCE, 1 - left * (1 - (record.confidence or 0.0)))
        if record.confidence is not None:
            best = max(record.confidence, round(raised, 3))
            record = record.model_copy(update={"confidence": best})
    return record, refused


def _says(quote: str, value: Origin | Evidence, around: str) -> bool:
    """Whether a quote from the place of the claim has words for what is to be filled from it.

    Quotes that say that a result is cited are held to that by the evidence already.
    """
    if not find_quote(around, quote):
        return False
    if isinstance(value, Evidence):
        return whose_words()["evidence"][value.value].search(quote) is not None
    own = whose_words()["own"].values()
    return value is Origin.CITED or any(pattern.search(quote) for pattern in own)


def _is_about(record: Record, item: CheckItem) -> bool:
    """Whether the words that are to show that a record is wrong speak of it.

    They stand among its own, or name its material; and the field that is wrong is one that it has.
    """
    if item.field is not None:
        fields = _FIELDS.get(item.field, (item.field.value,))
        if all(getattr(record, name) is None for name in fields):
            return False
    quote = _plain(item.quote)
    own = any(find_quote(_plain(place.sentence), quote) for place in record.places)
    return own or bool(find_words(quote, record.raw_material))


def _plain(text: str) -> str:
    """Words without what parts the cells of a table."""
    return " ".join(text.replace("|", " ").split())


def _flagged(record: Record, flag: str, factor: str) -> Record:
    """``record`` with a flag that it has not yet, and less confidence for it."""
    if flag in record.flags:
        return record
    left = load_toml("llm_agreement.toml")["factor"][factor]
    confidence = None if record.confidence is None else round(record.confidence * left, 3)
    update = {"flags": [*record.flags, flag], "confidence": confidence}
    return record.model_copy(update=update)
