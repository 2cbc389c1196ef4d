"""``scmine evaluate llm``: a language model measured on SuperMat, our own models beside it.

This module chooses papers, has all questions asked, and brings answers to the scorers. Questions
and the reading of answers live in ``evaluate_llm_questions``, scores in
``scmine.corpora.llm_scores``, tables in ``evaluate_llm_report``.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from scmine.corpora.evaluate import MICRO
from scmine.corpora.held_out import HELD_OUT, choose, count_parts
from scmine.corpora.llm_scores import (
    PRINTED,
    Measure,
    SystemScores,
    found_link_scores,
    given_link_scores,
    mention_scores,
    pair_scores,
)
from scmine.corpora.loading import SUPERMAT, detect_corpus, load_corpus
from scmine.corpora.paired_difference import Difference, paired_difference
from scmine.corpora.types import CorpusError, Paper
from scmine.extractors.claim import LinkLabel, Mention
from scmine.extractors.llm.request import Asker, Ending, Reply, Request, Usage
from scmine.extractors.schemes import Scheme, linker, tagger
from scmine.pipelines.evaluate_llm_compare import FORM, LLM, VERSION, differences_of
from scmine.pipelines.evaluate_llm_cost import Tally, total
from scmine.pipelines.evaluate_llm_papers import OURS, Measured, MeasuredPaper, our_scores
from scmine.pipelines.evaluate_llm_questions import Job, Kind, Questions, Reading
from scmine.pipelines.llm_answers_file import NOT_THE_MODELS

ORDER_LABELS = (LinkLabel.MATERIAL_TC.value, MICRO)
"""The labels for which the effect of shuffling is told: the published one, and all together."""

Progress = Callable[[int, int, str], None]
"""Told how many of how many are done, what they are, and what else there is to say."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured.

    Attributes
    ----------
    folder, split
        SuperMat's files, and one of ``scmine.corpora.held_out.CHOICES``.
    papers
        How many papers at most: those whose names have the lowest SHA-1, as the split goes.
    tasks
        In what the model is measured.
    shuffles
        How many shuffled orders of gold mentions are asked about besides the printed one.
    """

    folder: Path
    split: str = HELD_OUT
    papers: int | None = None
    tasks: tuple[Measured, ...] = tuple(Measured)
    shuffles: int = 3


@dataclass(frozen=True, slots=True)
class OrderEffect:
    """F1 of links in printed order and in each shuffled one, and what shuffling changes."""

    by_order: tuple[float, ...]
    change: Difference

    def to_json(self) -> dict[str, Any]:
        """Its fields, rounded."""
        return {
            "f1_printed": round(self.change.first, 2),
            "f1_shuffled": [round(f1, 2) for f1 in self.by_order],
            "change": self.change.to_json(),
        }


@dataclass(frozen=True, slots=True)
class LlmEvaluation:
    """What a language model scores, what our models score on the same papers, and what it took.

    ``not_scored`` names, by task, the papers with requests that were not put to the model or not
    heard, and why; neither system is scored on them there.
    """

    plan: Plan
    model: str
    prompts: tuple[str, ...]
    papers: Mapping[str, int]
    papers_left_out: Mapping[str, int]
    llm: SystemScores
    ours: SystemScores
    tallies: Mapping[Kind, Tally]
    not_scored: Mapping[Measured, Mapping[str, str]]
    seconds: float
    our_seconds: float
    questions: Questions
    note: str = ""

    @property
    def count(self) -> int:
        """How many papers were asked about."""
        return sum(self.papers.values())

    @property
    def is_whole(self) -> bool:
        """Whether all papers are scored in all tasks."""
        return not any(self.not_scored.values())

    def order_effect(self, system: SystemScores, label: str = MICRO) -> OrderEffect | None:
        """What shuffling gold mentions does to a system's links; None if that was not asked."""
        printed = system.of(Measure.LINKS_PRINTED)
        shuffled = system.of(Measure.LINKS_SHUFFLED)
        if not printed or printed.keys() != shuffled.keys():
            return None
        single = [m for m in system.measured() if m.startswith(f"{Measure.LINKS_SHUFFLED}_")]
        f1 = tuple(paired_difference(printed, system.of(m), label).second for m in single)
        return OrderEffect(f1, paired_difference(printed, shuffled, label))

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data, with the counts that ``--compare`` reads."""
        setting = {
            **asdict(self.plan),
            "folder": str(self.plan.folder),
            "model": self.model,
            "prompts": list(self.prompts),
            "papers": dict(self.papers),
            "papers_left_out": dict(self.papers_left_out),
            "questions": self.questions.to_json(),
            "note": self.note,
        }
        systems = {LLM: self.llm, OURS: self.ours}
        return {
            FORM: VERSION,
            "setting": setting,
            "systems": {name: system.to_json() for name, system in systems.items()},
            "order": {
                name: {
                    label: effect.to_json()
                    for label in ORDER_LABELS
                    if (effect := self.order_effect(system, label))
                }
                for name, system in systems.items()
            },
            "llm_less_scmine": {
                measure: {label: found.to_json() for label, found in labels.items()}
                for measure, labels in differences_of(self.ours, self.llm).items()
            },
            "cost": {
                **{kind.value: tally.to_json() for kind, tally in self.tallies.items()},
                "all": total(self.tallies.values()).to_json(),
            },
            "seconds": round(self.seconds, 2),
            "seconds_of_scmine": round(self.our_seconds, 2),
            "not_scored": {
                task.value: dict(papers) for task, papers in self.not_scored.items() if papers
            },
        }


@dataclass(slots=True)
class _Answers:
    """All replies so far, tallied by the kind of job that first wanted them."""

    asker: Asker
    progress: Progress
    replies: dict[Request, Reply] = field(default_factory=dict)
    tallies: dict[Kind, Tally] = field(default_factory=dict)

    def ask(self, jobs: Sequence[Job]) -> None:
        """Ask what the jobs want and nobody has asked yet; equal requests are asked once."""
        wanted: dict[Request, Kind] = {}
        for job in jobs:
            self.tallies.setdefault(job.kind, Tally())
            for request in job.requests:
                if request not in self.replies:
                    wanted.setdefault(request, job.kind)
        for done, reply in enumerate(self.asker.ask(iter(wanted)), 1):
            self.replies[reply.request] = reply
            self.tallies[wanted[reply.request]].count(reply)
            self.progress(done, len(wanted), _so_far(self.tallies.values()))
        for request, kind in wanted.items():
            if request not in self.replies:  # the asker was cancelled before it came to it
                self.replies[request] = Reply(request, Ending.CANCELLED)
                self.tallies[kind].count(self.replies[request])

    def of(self, job: Job) -> list[Reply]:
        """The replies to a job's requests."""
        return [self.replies[request] for request in job.requests]


def evaluate_llm(
    plan: Plan,
    asker: Asker,
    questions: Questions,
    progress: Progress = lambda done, of, words: None,
    note: str = "",
) -> LlmEvaluation:
    """Measure the model behind ``asker`` as planned; ``note`` is kept with the result.

    Raises
    ------
    FileNotFoundError, CorpusError
        If the folder is no SuperMat, or holds no paper of the split.
    """
    corpus, chosen = _chosen(plan)
    papers = [MeasuredPaper.of(paper) for paper in chosen]
    orders = range(1, plan.shuffles + 1) if Measured.LINKS in plan.tasks else range(0)
    ours, our_seconds = our_scores(
        papers,
        plan.tasks,
        orders,
        (tagger(Scheme.SUPERMAT), linker(Scheme.SUPERMAT)),
        lambda done: progress(done, len(papers), "papers by our own models"),
    )
    started = time.perf_counter()
    answers = _Answers(asker, progress)
    jobs = questions.first(papers, plan.tasks, orders)
    answers.ask(jobs)
    reading = Reading(answers.of, answers.tallies)
    found = {}
    if Measured.LINKS_FOUND in plan.tasks:
        found = reading.mentions(papers, jobs)
        later = questions.between_found(papers, found)
        answers.ask(later)
        jobs = [*jobs, *later]
    seconds = time.perf_counter() - started
    lost = _not_scored(plan.tasks, papers, jobs, answers)
    llm = _scores(asker.model, papers, jobs, plan, reading, lost, found)
    return LlmEvaluation(
        plan=plan,
        model=asker.model,
        prompts=tuple(sorted({request.prompt for request in answers.replies})),
        papers=count_parts(SUPERMAT, chosen),
        papers_left_out=count_parts(SUPERMAT, [p for p in corpus if p not in chosen]),
        llm=llm,
        ours=_same_papers(ours, llm),
        tallies=answers.tallies,
        not_scored=lost,
        seconds=seconds,
        our_seconds=our_seconds,
        questions=questions,
        note=note,
    )


def estimate_llm(
    plan: Plan, questions: Questions, estimate: Callable[[Iterable[Request]], Usage]
) -> tuple[dict[Kind, tuple[int, Usage]], int]:
    """What measuring would take, by kind: requests and usage; and the number of papers.

    For links between the mentions that a model will find, those that our tagger finds stand in.

    Raises
    ------
    FileNotFoundError, CorpusError
        As ``evaluate_llm``.
    """
    _, chosen = _chosen(plan)
    papers = [MeasuredPaper.of(paper) for paper in chosen]
    orders = range(1, plan.shuffles + 1) if Measured.LINKS in plan.tasks else range(0)
    jobs = questions.first(papers, plan.tasks, orders)
    if Measured.LINKS_FOUND in plan.tasks:
        model = tagger(Scheme.SUPERMAT)
        found = {p.stem: model.tag([g.passage for g in p.gold.passages]) for p in papers}
        jobs = [*jobs, *questions.between_found(papers, found)]
    asked: dict[Kind, list[Request]] = {}
    seen: set[Request] = set()
    for job in jobs:
        new = [request for request in job.requests if request not in seen]
        seen.update(new)
        asked.setdefault(job.kind, []).extend(new)
    return {kind: (len(some), estimate(some)) for kind, some in asked.items()}, len(papers)


def _chosen(plan: Plan) -> tuple[Sequence[Paper], list[Paper]]:
    """All papers of the corpus, and those that are planned."""
    try:
        corpus = load_corpus(SUPERMAT, plan.folder)
    except FileNotFoundError:
        other = detect_corpus(plan.folder)
        reason = f"holds {other}; language models are measured on supermat"
        raise CorpusError(plan.folder, reason) from None
    chosen = choose(SUPERMAT, corpus.papers, plan.split)
    if not chosen:
        counts = count_parts(SUPERMAT, corpus.papers)
        there = ", ".join(f"{count} {part}" for part, count in counts.items())
        raise CorpusError(plan.folder, f"no paper here is {plan.split} ({there}); see --split")
    chosen.sort(key=lambda paper: hashlib.sha1(paper.stem.encode()).hexdigest())
    return corpus.papers, chosen[: plan.papers]


_TASK_OF = {
    Kind.MENTIONS: Measured.MENTIONS,
    Kind.LINKS: Measured.LINKS,
    Kind.SHUFFLED: Measured.LINKS,
    Kind.LINKS_FOUND: Measured.LINKS_FOUND,
    Kind.CLAIMS: Measured.CLAIMS,
}


def _not_scored(
    tasks: Sequence[Measured], papers: Sequence[MeasuredPaper], jobs: Sequence[Job], all_: _Answers
) -> dict[Measured, dict[str, str]]:
    """By task the papers of which something was not put to the model, with the reason."""
    lost: dict[Measured, dict[str, str]] = {task: {} for task in tasks}
    for job in jobs:
        for reply in all_.of(job):
            if reply.ending not in NOT_THE_MODELS:
                continue
            concerned = {_TASK_OF[job.kind]}
            if job.kind is Kind.MENTIONS:
                concerned.add(Measured.LINKS_FOUND)
            for task in concerned & lost.keys():
                reason = f"{reply.ending}: {reply.reason}" if reply.reason else str(reply.ending)
                lost[task].setdefault(papers[job.paper].stem, reason)
    return lost


def _scores(
    name: str,
    papers: Sequence[MeasuredPaper],
    jobs: Sequence[Job],
    plan: Plan,
    reading: Reading,
    lost: Mapping[Measured, Mapping[str, str]],
    found: Mapping[str, Sequence[Sequence[Mention]]],
) -> SystemScores:
    """The scores of the answers, but for papers that are ``lost``."""
    scores = SystemScores(name)
    mentions = found
    if Measured.MENTIONS in plan.tasks and not mentions:
        mentions = reading.mentions(papers, jobs)
    for number, paper in enumerate(papers):
        own = [job for job in jobs if job.paper == number]
        scored = {task for task in plan.tasks if paper.stem not in lost[task]}
        if Measured.MENTIONS in scored:
            scores.add(paper.stem, mention_scores(paper.gold, mentions[paper.stem]))
        if Measured.LINKS in scored:
            given = reading.links_given(paper, own, (PRINTED, *range(1, plan.shuffles + 1)))
            scores.add(paper.stem, given_link_scores(paper.gold, given))
        if Measured.LINKS_FOUND in scored:
            joined = reading.links_found(paper, own, found[paper.stem])
            scores.add(paper.stem, found_link_scores(paper.gold, found[paper.stem], joined))
        if Measured.CLAIMS in scored:
            records = reading.records(paper, own, f"llm:{name}")
            scores.add(paper.stem, pair_scores(paper.paper, records))
    return scores


def _same_papers(ours: SystemScores, llm: SystemScores) -> SystemScores:
    """Our scores of what the model is scored on too."""
    return SystemScores(
        ours.name,
        {
            stem: {m: s for m, s in ours.papers[stem].items() if m in measures}
            for stem, measures in llm.papers.items()
        },
    )


def _so_far(tallies: Iterable[Tally]) -> str:
    """What was spent, in a few words."""
    all_ = total(tallies)
    words = f"requests, {all_.tokens_in + all_.tokens_out:,} tokens"
    if all_.cost:
        words += f", {all_.cost:.2f} spent"
    others = sum(all_.endings.values()) - all_.endings["answered"]
    return f"{words}, {others} without an answer" if others else words
