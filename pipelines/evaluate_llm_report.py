"""The measurement of a language model as tables for people: scores, order, cost, differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text

from scmine.corpora.evaluate import MICRO
from scmine.corpora.evaluation import Figures
from scmine.corpora.held_out import TRAIN
from scmine.corpora.llm_scores import Measure, SystemScores
from scmine.corpora.paired_difference import FEWEST_PAPERS, Difference
from scmine.extractors.llm.request import Usage
from scmine.pipelines.evaluate_llm import ORDER_LABELS, LlmEvaluation, OrderEffect
from scmine.pipelines.evaluate_llm_compare import Comparison, differences_of
from scmine.pipelines.evaluate_llm_cost import Tally, total
from scmine.pipelines.evaluate_llm_questions import Kind
from scmine.pipelines.report import print_table, wide_console
from scmine.pipelines.tables import Column
from scmine.pipelines.tables import Kind as ColumnKind

TITLES = {
    Measure.MENTIONS_EXACT: "Mentions, exact",
    Measure.MENTIONS_OVERLAP: "Mentions, overlap",
    Measure.LINKS_PRINTED: "Links between gold mentions, in printed order",
    Measure.LINKS_SHUFFLED: "Links between gold mentions, shuffled (all shuffles together)",
    Measure.LINKS_FOUND_EXACT: "Links between the mentions found, exact",
    Measure.LINKS_FOUND_OVERLAP: "Links between the mentions found, overlap",
    Measure.PAIRS_STRICT: "Material-Tc pairs of a paper, strict",
    Measure.PAIRS_LENIENT: "Material-Tc pairs of a paper, lenient",
}
_FIGURES = ("found", "P", "R", "F1", "95 %")


def print_llm_evaluation(evaluation: LlmEvaluation) -> None:
    """Print all tables on standard output."""
    with wide_console() as console:
        _head(console, evaluation)
        for measure in evaluation.llm.measured():
            if measure in TITLES:
                _measure(console, Measure(measure), evaluation.llm, evaluation.ours)
        _order(console, evaluation)
        _costs(console, evaluation)
        _differences(
            console,
            f"{evaluation.llm.name} less {evaluation.ours.name}, F1",
            differences_of(evaluation.ours, evaluation.llm),
            (evaluation.ours.name, evaluation.llm.name),
            only_sums=True,
        )
        _not_scored(console, evaluation)


def print_comparison(comparison: Comparison) -> None:
    """Print the differences between two models on standard output."""
    with wide_console() as console:
        console.print(
            Text(f"{comparison.second} less {comparison.first}, on the papers that both have")
        )
        for note in comparison.notes:
            console.print(Text(note))
        console.print()
        names = comparison.first, comparison.second
        _differences(console, "F1", comparison.differences, names)


Estimates = Mapping[Kind, tuple[int, Usage]]
"""By kind, how many requests there would be and what they would take."""


def print_estimate(estimates: Estimates, papers: int, budget: float | None) -> None:
    """Print what a run would take, and whether ``budget`` is enough for it."""
    columns = [Column("asked about"), *_numbers("requests", "tokens in", "tokens out", "cost")]
    rows = [[name, str(count), *_usage_cells(usage)] for name, count, usage in _with_sum(estimates)]
    whole = _sum(estimates)
    with wide_console() as console:
        console.print(
            f"Estimated for {papers} papers; nothing was asked. Answers that the cache holds cost "
            "nothing."
        )
        print_table(console, columns, rows)
        if whole.cost is None:
            console.print("No prices are set: --llm-price-in and --llm-price-out tell them.")
        if budget is not None:
            needed = whole.tokens_in + whole.tokens_out if whole.cost is None else whole.cost
            enough = "enough" if needed <= budget else "not enough"
            console.print(f"The budget of {budget:g} is {enough}.")


def estimate_json(estimates: Estimates, papers: int) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "papers": papers,
        "estimate": {
            name: {"requests": count, **asdict(usage)}
            for name, count, usage in _with_sum(estimates)
        },
    }


def _with_sum(estimates: Estimates) -> list[tuple[str, int, Usage]]:
    rows = [(kind.value, count, usage) for kind, (count, usage) in estimates.items()]
    return [*rows, ("all", sum(count for _, count, _ in rows), _sum(estimates))]


def _sum(estimates: Estimates) -> Usage:
    usages = [usage for _, usage in estimates.values()]
    known = [usage.cost for usage in usages if usage.cost is not None]
    return Usage(
        sum(usage.tokens_in for usage in usages),
        sum(usage.tokens_out for usage in usages),
        sum(known) if len(known) == len(usages) else None,
    )


def _head(console: Console, evaluation: LlmEvaluation) -> None:
    plan = evaluation.plan
    scored, left = (
        ", ".join(f"{count} {part}" for part, count in counts.items() if count) or "none"
        for counts in (evaluation.papers, evaluation.papers_left_out)
    )
    lines = [
        f"supermat, {plan.split}: {evaluation.count} papers ({scored}). Left out: {left}.",
        f"{evaluation.llm.name} by {', '.join(evaluation.prompts) or 'no prompt'}; beside it "
        f"{evaluation.ours.name}'s own models on the same papers.",
    ]
    if evaluation.papers.get(TRAIN):
        lines.append("Our models were trained on the train papers: this flatters them.")
    if evaluation.note:
        lines.append(evaluation.note)
    for line in lines:
        console.print(Text(line))
    console.print()


def _measure(console: Console, measure: Measure, llm: SystemScores, ours: SystemScores) -> None:
    """A table of one measure, both systems side by side."""
    sides = [side.figures(measure) for side in (llm, ours)]
    labels = sorted({x for f in sides for x in f.scores}, key=lambda x: (x == MICRO, x))
    if len(labels) == 2:
        labels = [MICRO]  # a single label says the same as the sum
    columns = [Column("label"), *_numbers("gold")]
    columns += [
        column for side in (llm, ours) for column in _numbers(f"{side.name}: found", *_FIGURES[1:])
    ]
    gold = {
        label: max(f.scores[label].gold for f in sides if label in f.scores) for label in labels
    }
    rows = [
        [label, str(gold[label]), *(cell for f in sides for cell in _cells(f, label))]
        for label in labels
    ]
    papers = len(llm.of(measure))
    console.print(Text(f"{TITLES[measure]} (percent, {papers} papers)"))
    print_table(console, columns, rows)
    console.print()


def _cells(figures: Figures, label: str) -> list[str]:
    score = figures.scores.get(label)
    if score is None:
        return ["0", *([""] * (len(_FIGURES) - 1))]
    low, high = figures.intervals[label].f1
    return [
        str(score.predicted),
        *(f"{value:.1f}" for value in (score.precision, score.recall, score.f1)),
        f"{low:.1f}–{high:.1f}",
    ]


def _order(console: Console, evaluation: LlmEvaluation) -> None:
    """What shuffling changes, by system."""
    systems = (evaluation.llm, evaluation.ours)
    effects = [
        (label, system.name, effect)
        for label in ORDER_LABELS
        for system in systems
        if (effect := evaluation.order_effect(system, label))
    ]
    if not effects:
        return
    shuffles = range(1, evaluation.plan.shuffles + 1)
    columns = [
        Column("label"),
        Column("system"),
        *_numbers("printed", *(f"shuffle {n}" for n in shuffles), "all shuffles"),
        *_numbers("change", "95 %"),
    ]
    console.print("The order of gold mentions: F1 of links, and what shuffling changes (points)")
    print_table(console, columns, [[label, name, *_order_cells(e)] for label, name, e in effects])
    console.print()


def _order_cells(effect: OrderEffect) -> list[str]:
    change = effect.change
    return [
        f"{change.first:.1f}",
        *(f"{f1:.1f}" for f1 in effect.by_order),
        f"{change.second:.1f}",
        f"{change.difference:+.1f}",
        f"{change.low:+.1f} to {change.high:+.1f}",
    ]


def _costs(console: Console, evaluation: LlmEvaluation) -> None:
    """What was asked, what it took and how it ended."""
    columns = [
        Column("asked about"),
        *_numbers("requests", "from cache", "calls", "tokens in", "tokens out", "cost", "s/paper"),
        *_numbers("values kept", "dropped"),
    ]
    papers = max(1, evaluation.count)
    everything = total(evaluation.tallies.values())
    rows = [_cost_row(k.value, t, papers) for k, t in evaluation.tallies.items()]
    rows.append(_cost_row("all", everything, papers))
    console.print("Cost; seconds are those of all answers, however many came at once")
    print_table(console, columns, rows)
    took, ours = evaluation.seconds, evaluation.our_seconds
    lines = [
        f"The run took {took:.1f} s ({took / papers:.1f} a paper), our own models {ours:.1f} s "
        f"({ours / papers:.2f} a paper).",
        f"Requests ended: {_counts(everything.endings)}.",
    ]
    if everything.dropped:
        lines.append(f"Dropped by the evidence rule: {_counts(everything.dropped)}.")
    for line in lines:
        console.print(Text(line))
    console.print()


def _cost_row(name: str, tally: Tally, papers: int) -> list[str]:
    share = 100 * tally.cached / tally.requests if tally.requests else 0.0
    return [
        name,
        str(tally.requests),
        f"{share:.0f} %",
        str(tally.calls),
        *_usage_cells(Usage(tally.tokens_in, tally.tokens_out, tally.cost)),
        f"{tally.seconds / papers:.1f}",
        str(tally.kept),
        str(tally.dropped.total()),
    ]


def _usage_cells(usage: Usage) -> list[str]:
    cost = "–" if usage.cost is None else f"{usage.cost:.4f}"
    return [f"{usage.tokens_in:,}", f"{usage.tokens_out:,}", cost]


def _differences(
    console: Console,
    title: str,
    differences: Mapping[str, Mapping[str, Difference]],
    names: tuple[str, str],
    *,
    only_sums: bool = False,
) -> None:
    """A row a measure and label, with the interval of the difference."""
    if not differences:
        return
    columns = [Column("measure"), Column("label"), *_numbers("papers", *names)]
    columns += [*_numbers("difference", "95 %"), Column("clear")]
    rows = [
        [
            TITLES[Measure(measure)],
            label,
            str(found.papers),
            f"{found.first:.1f}",
            f"{found.second:.1f}",
            f"{found.difference:+.1f}",
            f"{found.low:+.1f} to {found.high:+.1f}",
            "yes" if found.is_clear else "no",
        ]
        for measure, labels in differences.items()
        if measure in TITLES
        for label, found in labels.items()
        if not only_sums or label == MICRO
    ]
    console.print(
        Text(f"{title} (points; clear: the interval leaves out 0, {FEWEST_PAPERS} papers or more)")
    )
    print_table(console, columns, rows)
    console.print()


def _not_scored(console: Console, evaluation: LlmEvaluation) -> None:
    for task, papers in evaluation.not_scored.items():
        if not papers:
            continue
        reasons = Counter(reason.partition(":")[0] for reason in papers.values())
        first = next(iter(papers.values()))
        todo = (
            "They were saved with other papers, tasks, shuffles or prompts."
            if "has no answer to this request" in first
            else "What was answered is kept in the cache; the same command goes on from there."
        )
        console.print(
            Text(
                f"Not scored in {task}: {len(papers)} of {evaluation.count} papers "
                f"({_counts(reasons)}; the first: {first}). {todo}"
            )
        )


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "none"


def _numbers(*names: str) -> Sequence[Column]:
    return [Column(name, ColumnKind.NUMBER) for name in names]
