"""Asking about a paper: from the places that are open to requests, from replies to what they claim.

Which places are open is said by ``routing``, how a request is worded by ``tasks``, what of an
answer is believed by ``evidence``. Nothing here sends anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scmine.extractors.claim import Claim, Mention
from scmine.extractors.document import Document
from scmine.extractors.extract import Extraction
from scmine.extractors.llm.agreement import LLM, Answered
from scmine.extractors.llm.answers import ClaimsAnswer, CrystalAnswer, TableAnswer
from scmine.extractors.llm.evidence import (
    Checked,
    Findings,
    check_claims,
    check_crystal,
    check_table,
)
from scmine.extractors.llm.paper_facts import PaperFacts
from scmine.extractors.llm.request import Ending, Reply, Request, Task
from scmine.extractors.llm.routing import Open, Routed
from scmine.extractors.llm.tasks import claims_request, crystal_request, table_request
from scmine.prompts.loading import load

ASKED_TASKS = (Task.CLAIMS, Task.TABLE, Task.CRYSTAL, Task.WHOSE)
"""What is asked about a paper; the order of the questions. ``whose`` is of the second round."""

PASSING = frozenset({Ending.UNAVAILABLE, Ending.TIMED_OUT, Ending.OVER_BUDGET, Ending.CANCELLED})
"""How a request can end for reasons that may not hold another time."""


def prompts_in_force(*, check: bool = False) -> list[str]:
    """Names and versions of the prompts that a paper is asked about with; ``check`` adds one.

    >>> [name.partition("@")[0] for name in prompts_in_force(check=True)]
    ['claims', 'table', 'crystal', 'whose', 'check']
    """
    tasks = (*ASKED_TASKS, Task.CHECK) if check else ASKED_TASKS
    return [load(task).name for task in tasks]


def requests_for(
    document: Document,
    routed: Iterable[Routed],
    *,
    mentions: Sequence[Sequence[Mention]] = (),
    context_tokens: int = 8192,
    answer_tokens: int = 2048,
) -> list[Request]:
    """The questions about the open places of a paper: passages, then tables, then structures.

    A place that is open for its crystal structure alone is asked about that alone. Equal
    documents and places give equal requests, so that answers can be kept. With ``mentions``, those
    of the passages, the paper's main material is told along.
    """
    facts = PaperFacts.of(document, mentions)
    room = {"context_tokens": context_tokens, "answer_tokens": answer_tokens}
    claims, crystals = _places_by_task(routed)
    requests: list[Request] = []
    for number in claims["p"]:
        requests += claims_request(document, number, facts=facts, **room)
    for number in claims["t"]:
        requests += table_request(document, number, facts=facts, **room)
    if crystals["p"] or crystals["t"]:
        requests += crystal_request(
            document, crystals["p"], table_indexes=crystals["t"], facts=facts, **room
        )
    return requests


def _places_by_task(
    routed: Iterable[Routed],
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """The positions of passages (``p``) and tables (``t``), for claims and for structures."""
    claims: dict[str, list[int]] = {"p": [], "t": []}
    crystals: dict[str, list[int]] = {"p": [], "t": []}
    for one in routed:
        kind = crystals if one.reason is Open.CRYSTAL_INCOMPLETE else claims
        numbers = kind[one.place[0]]
        if int(one.place[1:]) not in numbers:
            numbers.append(int(one.place[1:]))
    return claims, crystals


@dataclass(frozen=True, slots=True)
class Answers:
    """What replies came to: places answered, values kept, and values dropped by reason."""

    places: list[Answered] = field(default_factory=list)
    kept: int = 0
    drops: Counter[str] = field(default_factory=Counter)


def answers_of(
    document: Document,
    extraction: Extraction,
    routed: Sequence[Routed],
    replies: Sequence[Reply],
    model: str,
) -> Answers:
    """What of ``replies`` the paper bears out, place by place.

    A place whose questions were not all answered is not among the places answered, but for the
    claims of those that were.
    """
    reasons: dict[str, list[Open]] = {}
    for one in routed:
        reasons.setdefault(one.place, []).append(one.reason)
    findings = Findings(document, extraction.mentions)
    claims: dict[tuple[str, bool], list[tuple[Claim, int | None]]] = {}
    silent: set[tuple[str, bool]] = set()
    kept, drops = 0, Counter[str]()
    # Replies come in any order; what is made of them must not depend on it.
    for reply in sorted(replies, key=lambda r: (r.request.task, r.request.place, str(r.request))):
        key = reply.request.place, reply.request.task is Task.CRYSTAL
        if reply.ending is not Ending.ANSWERED:
            silent.add(key)
            continue
        checked = _checked(document, reply, findings, f"{LLM}{model}@{reply.request.prompt}")
        claims.setdefault(key, []).extend(checked.claims)
        kept += sum(len(claim.values) for claim, _ in checked.claims)
        drops.update(dropped.reason.value for dropped in checked.dropped)
    places = [
        Answered(
            place,
            _reasons(reasons, place, of_crystal),
            tuple(found),
            whole=(place, of_crystal) not in silent and not of_crystal,
        )
        for (place, of_crystal), found in claims.items()
    ]
    return Answers(places, kept, drops)


def _reasons(
    reasons: Mapping[str, Sequence[Open]], place: str, of_crystal: bool
) -> tuple[Open, ...]:
    """Why a question was asked: for structures one reason, for claims the others."""
    if of_crystal:
        return (Open.CRYSTAL_INCOMPLETE,)
    found = (r for r in reasons.get(place, ()) if r is not Open.CRYSTAL_INCOMPLETE)
    return tuple(dict.fromkeys(found))


def _checked(document: Document, reply: Reply, findings: Findings, extractor: str) -> Checked:
    """What the evidence leaves of one answer."""
    answer, request = reply.answer, reply.request
    if isinstance(answer, ClaimsAnswer):
        return check_claims(
            answer, document, shown=request.shown, extractor=extractor, findings=findings
        )
    if isinstance(answer, TableAnswer):
        return check_table(answer, document, int(request.place[1:]), extractor=extractor)
    if isinstance(answer, CrystalAnswer):
        return check_crystal(
            answer, document, shown=request.shown, extractor=extractor, findings=findings
        )
    raise ValueError(f"no answer to {request.task}: {type(answer).__name__}")
