"""``scmine annotate``: papers in, files for annotators out, those units first that teach most.

Papers are read and tagged in worker processes; a language model is asked from this one, for the
units that will be written. What a proposal is lives in ``scmine.corpora.annotation``.
"""

from __future__ import annotations

import csv
import io
import random
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from scmine.corpora.annotation.asking import Window, ask, foreseen
from scmine.corpora.annotation.dealing import deal
from scmine.corpora.annotation.duplicates import Duplicate, find_duplicates
from scmine.corpora.annotation.exporting import UNITS_FILE, Tool, files_of, how_to_load, lines_of
from scmine.corpora.annotation.ordering import Uncertain, teaching_order
from scmine.corpora.annotation.proposing import Proposal, UnitKind
from scmine.corpora.annotation.schema import schema_of
from scmine.corpora.exchange.annotated import AnnotatedText
from scmine.extractors.document import Status
from scmine.extractors.llm.cost import estimate
from scmine.extractors.llm.request import Asker, Reply, Usage
from scmine.extractors.schemes import Scheme, linker
from scmine.pipelines.annotate_known import known_texts
from scmine.pipelines.annotate_summary import AnnotateSummary
from scmine.pipelines.annotate_units import FACTORY, unpacked
from scmine.pipelines.cpus import usable_cpus
from scmine.pipelines.find import UnusableFileError, find_files, hash_file, shown
from scmine.pipelines.llm_asker import prices_of
from scmine.pipelines.settings import Settings
from scmine.pipelines.workers import Outcome, Task, WorkerPool, tidy_reason

ProgressHook = Callable[[AnnotateSummary], None]


class Order(StrEnum):
    """In which order units are annotated."""

    TEACHING = "teaching"
    PAPER = "paper"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is wanted; the names are those of the command's options."""

    paths: Sequence[Path]
    out: Path
    scheme: Scheme
    tool: Tool
    unit: UnitKind = UnitKind.SENTENCE
    order: Order = Order.TEACHING
    seed: int = 0
    limit: int | None = None
    exclude: Sequence[Path] = ()
    annotators: Sequence[str] = ()
    overlap: int = 0
    model: Path | None = None


def annotate(
    plan: Plan,
    settings: Settings,
    progress: ProgressHook | None = None,
    asker: Asker | None = None,
) -> AnnotateSummary:
    """Write the folder ``plan.out`` for annotators.

    With ``asker`` a language model is asked about the units that will be written; its answers may
    change their order, but not which they are.

    Raises
    ------
    FileExistsError
        If the folder is there already; nothing is written over.
    CorpusError
        If a file to exclude is not understood.
    WorkerStartError
        If no worker process can be started.
    """
    if plan.out.exists():
        raise FileExistsError(f"{plan.out} is there already; name a new folder")
    known = [text for path in plan.exclude for text in known_texts(path)]
    summary = AnnotateSummary()
    show = progress or (lambda summary: None)
    chosen, duplicates = _chosen(plan, settings, known, summary, show)
    if asker is not None:
        chosen = _asked(plan, settings, chosen, asker, summary, show)
        if plan.order is Order.TEACHING:
            chosen = [chosen[i] for i in _order(plan, chosen, known)]
    texts = _dealt(plan, chosen)
    summary.written = len(texts)
    summary.mentions = sum(len(text.before.mentions) for text in texts if text.before is not None)
    _write(plan, texts, duplicates, summary)
    return summary


def estimate_asking(
    plan: Plan, settings: Settings, progress: ProgressHook | None = None
) -> tuple[int, Usage]:
    """How many questions `annotate` will ask a language model, and about what they take.

    Answers that are kept from earlier runs cost nothing again; they are counted all the same.
    """
    known = [text for path in plan.exclude for text in known_texts(path)]
    show = progress or (lambda summary: None)
    chosen, _ = _chosen(plan, settings, known, AnnotateSummary(), show)
    requests = foreseen(chosen, plan.scheme, _window(settings))
    return len(requests), estimate(requests, prices_of(settings))


def _chosen(
    plan: Plan,
    settings: Settings,
    known: Sequence[str],
    summary: AnnotateSummary,
    progress: ProgressHook,
) -> tuple[list[Proposal], list[tuple[str, str, Duplicate]]]:
    """The units that will be written, in the order of the tagger's doubt, and the duplicates."""
    found = _proposals(plan, settings, summary, progress)
    summary.units = len(found)
    proposals, duplicates = _without_duplicates(found, known, summary)
    return [proposals[i] for i in _order(plan, proposals, known)[: plan.limit]], duplicates


def _window(settings: Settings) -> Window:
    return Window(settings.llm_context_tokens, settings.llm_answer_tokens)


def _proposals(
    plan: Plan, settings: Settings, summary: AnnotateSummary, progress: ProgressHook
) -> list[Proposal]:
    """The units of all papers, in the order of their paths, whatever order they end in."""
    tasks = _tasks(plan.paths, settings, summary)
    summary.papers_total = len(tasks)
    place = {task.doc_id: i for i, task in enumerate(tasks)}
    pool = WorkerPool(
        FACTORY,
        {
            "scheme": plan.scheme.value,
            "unit": plan.unit.value,
            "model": None if plan.model is None else str(plan.model.resolve()),
        },
        workers=min(settings.workers or usable_cpus(), max(1, len(tasks))),
        timeout_s=settings.timeout_s,
        memory_MB=settings.memory_MB,
    )
    found: dict[int, list[Proposal]] = {}
    for outcome in pool.run(tasks):
        status, reason, units = _ended(outcome)
        found[place[outcome.task.doc_id]] = units
        summary.papers[status] += 1
        if not units:
            summary.problems.append((outcome.task.path, f"{status}: {reason}".rstrip(": ")))
        progress(summary)
    summary.problems.sort()
    return [proposal for i in sorted(found) for proposal in found[i]]


def _ended(outcome: Outcome) -> tuple[str, str, list[Proposal]]:
    """How a paper ended, why, and its units."""
    if outcome.result is None:
        return str(outcome.status), outcome.reason, []
    try:
        units = unpacked(outcome.result)
        return str(outcome.result["status"]), tidy_reason(str(outcome.result["reason"])), units
    except (KeyError, ValueError) as error:
        return Status.CRASHED.value, tidy_reason(f"the worker's answer is garbled: {error}"), []


def _tasks(paths: Iterable[Path], settings: Settings, summary: AnnotateSummary) -> list[Task]:
    """The papers that the paths stand for, each content once."""
    tasks: dict[str, Task] = {}
    for item in find_files(paths):
        if item.problem is not None:
            summary.problems.append((shown(item.path), item.problem))
        elif item.same_as is None and not item.no_paper:
            try:
                doc_id = hash_file(item.path, settings.max_file_MB)
            except UnusableFileError as error:
                summary.problems.append((shown(item.path), str(error)))
                continue
            pdf = None if item.pdf is None else str(item.pdf)
            tasks.setdefault(doc_id, Task(str(item.path), doc_id, pdf))
    return list(tasks.values())


def _without_duplicates(
    proposals: Sequence[Proposal], known: Sequence[str], summary: AnnotateSummary
) -> tuple[list[Proposal], list[tuple[str, str, Duplicate]]]:
    """The units that say something of their own; (left out, kept, how) for the others."""
    texts = [*known, *(p.text.text for p in proposals)]
    gone: set[int] = set()
    duplicates = []
    for found in find_duplicates(texts):
        index = found.index - len(known)
        if index < 0:
            continue
        gone.add(index)
        if found.kept < len(known):
            summary.excluded += 1
            continue
        summary.duplicates[found.sameness.value] += 1
        kept = proposals[found.kept - len(known)].text
        duplicates.append((proposals[index].text.ident, kept.ident, found))
    return [p for i, p in enumerate(proposals) if i not in gone], duplicates


def _asked(
    plan: Plan,
    settings: Settings,
    chosen: Sequence[Proposal],
    asker: Asker,
    summary: AnnotateSummary,
    progress: ProgressHook,
) -> list[Proposal]:
    """The units with what the language model says of them."""

    def note(reply: Reply) -> None:
        summary.note(reply)
        progress(summary)

    summary.to_ask = len(chosen)
    found = ask(chosen, plan.scheme, asker, linker(plan.scheme), _window(settings), note)
    summary.agreement = found.agreement
    summary.dropped = found.dropped
    return found.proposals


def _order(plan: Plan, proposals: Sequence[Proposal], known: Sequence[str]) -> list[int]:
    if plan.order is Order.TEACHING:
        return teaching_order([Uncertain(p.text.text, p.doubt) for p in proposals], known)
    order = list(range(len(proposals)))
    if plan.order is Order.RANDOM:
        random.Random(plan.seed).shuffle(order)
    return order


def _dealt(plan: Plan, chosen: Sequence[Proposal]) -> list[AnnotatedText]:
    """The units with what the annotator and the import need to know of each."""
    hands = deal(len(chosen), plan.annotators or ("",), plan.overlap, plan.seed)
    names: list[list[str]] = [[] for _ in chosen]
    for name, hand in zip(plan.annotators, hands, strict=False):
        for i in hand:
            names[i].append(name)
    texts = []
    for rank, proposal in enumerate(chosen):
        about = dict(proposal.text.about)
        about |= {"rank": str(rank + 1), "doubt": f"{proposal.doubt:.3f}"}
        if plan.annotators:
            about["annotators"] = ",".join(names[rank])
        texts.append(replace(proposal.text, about=about))
    return texts


def _write(
    plan: Plan,
    texts: Sequence[AnnotatedText],
    duplicates: Sequence[tuple[str, str, Duplicate]],
    summary: AnnotateSummary,
) -> None:
    """The folder, which appears under its name once it is whole."""
    schema = schema_of(plan.scheme)
    plan.out.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{plan.out.name}.", dir=plan.out.parent))
    try:
        partial.chmod(0o755)
        hands = deal(len(texts), plan.annotators or ("",), plan.overlap, plan.seed)
        for name, hand in zip(plan.annotators or ("",), hands, strict=True):
            for file, content in files_of(plan.tool, [texts[i] for i in hand], schema):
                target = partial / name / file
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        (partial / UNITS_FILE).write_bytes(lines_of(texts))
        (partial / "README.md").write_text(_readme(plan, summary), encoding="utf-8")
        if duplicates:
            (partial / "duplicates.csv").write_text(_table(duplicates), encoding="utf-8")
        partial.rename(plan.out)
    except BaseException:
        shutil.rmtree(partial)
        raise


def _table(duplicates: Sequence[tuple[str, str, Duplicate]]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(("left_out", "kept", "how", "likeness"))
    for left_out, kept, found in duplicates:
        writer.writerow((left_out, kept, found.sameness.value, found.likeness))
    return target.getvalue()


def _readme(plan: Plan, summary: AnnotateSummary) -> str:
    how = {
        Order.TEACHING: "those first that teach most: what the tagger doubts and has not seen",
        Order.PAPER: "in the order of the papers",
        Order.RANDOM: f"in random order (seed {plan.seed})",
    }
    lines = [
        f"# {summary.written} {plan.unit}s to annotate, {plan.scheme} labels",
        "",
        f"Written by `scmine annotate` for {plan.tool}, {how[plan.order]}.",
        "",
        *(f"- {line}" for line in summary.lines()),
        "",
        f"`{UNITS_FILE}` has every unit as it was given out. Keep it: `scmine annotate import` "
        "holds against it what comes back.",
    ]
    if plan.annotators:
        lines += [
            "",
            f"Each annotator has a folder: {', '.join(plan.annotators)}. The first "
            f"{min(plan.overlap, summary.written)} units are the same for all, drawn at random.",
        ]
    return "\n".join(lines) + "\n\n" + how_to_load(plan.tool)
