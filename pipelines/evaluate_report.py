"""Scores as tables for people: mentions, confusion, links, and what could not be scored."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from scmine.corpora.evaluation import Evaluation, Figures
from scmine.corpora.held_out import TRAIN
from scmine.corpora.projection import ProjectionReport
from scmine.pipelines.report import print_table, wide_console
from scmine.pipelines.tables import Column, Kind


def print_evaluation(evaluation: Evaluation) -> None:
    """Print all tables on standard output."""
    with wide_console() as console:
        _head(console, evaluation)
        _ways(console, "Mentions", evaluation.mentions)
        if evaluation.main is not None:
            _ways(console, "Main material", evaluation.main)
        _confusion(console, evaluation)
        _given(console, "Links between gold mentions, given in shuffled order", evaluation)
        if evaluation.events is not None:
            _figures(console, "Doping events with all arguments", evaluation.events)
        _ways(console, "Links between the mentions found", evaluation.links_found)
        for case in evaluation.errors:
            console.print(Text(case.line()))


def _head(console: Console, evaluation: Evaluation) -> None:
    setting = evaluation.setting
    scored, left = (
        ", ".join(f"{count} {part}" for part, count in counts.items() if count) or "none"
        for counts in (setting.papers, setting.papers_left_out)
    )
    lines = [
        f"{setting.corpus}, {setting.form} text, {setting.model} tagger",
        f"Scored: {sum(setting.papers.values())} papers ({scored}). Left out: {left}.",
    ]
    if setting.papers.get(TRAIN):
        lines.append("The packaged models were trained on the train papers: this flatters them.")
    if evaluation.projection is not None:
        lines += _projection_lines(evaluation.projection)
    for line in lines:
        console.print(Text(line))
    console.print()


def _projection_lines(report: ProjectionReport) -> list[str]:
    total, projected = report.mentions.total(), report.projected.total()
    lost = ", ".join(f"{reason} {count}" for reason, count in sorted(report.lost.items()))
    lines = [
        f"On the text of {report.papers} PDFs: {projected} of {total} mentions were found there "
        f"({100 * projected / max(1, total):.1f} %){f'; lost: {lost}' if lost else ''}. "
        f"{report.projected_links} of {report.links} links kept both ends."
    ]
    return lines + [f"Not read: {stem}: {reason}" for stem, reason in report.unread.items()]


def _ways(console: Console, title: str, ways: Mapping[str, Figures]) -> None:
    """A table of both ways of counting."""
    exact, overlap = ways["exact"], ways["overlap"]
    columns = [
        Column("label"),
        *(
            Column(name, Kind.NUMBER)
            for name in ("gold", "found", "P", "R", "F1", "95 %", "P overlap", "R", "F1", "95 %")
        ),
    ]
    rows = [
        [
            label,
            str(score.gold),
            str(score.predicted),
            *_cells(exact, label),
            *_cells(overlap, label),
        ]
        for label, score in exact.scores.items()
    ]
    console.print(f"{title}, exact and overlap (percent)")
    print_table(console, columns, rows)
    console.print()


def _given(console: Console, title: str, evaluation: Evaluation) -> None:
    _figures(console, title, evaluation.links_given)
    unscored = evaluation.unscored_links
    if unscored:
        counts = ", ".join(f"{label} {count}" for label, count in sorted(unscored.items()))
        console.print(Text(f"Not scored, ends in different passages or lost: {counts}\n"))


def _figures(console: Console, title: str, figures: Figures) -> None:
    """A table of one way of counting."""
    names = ("gold", "found", "P", "R", "F1", "95 %")
    columns = [Column("label"), *(Column(name, Kind.NUMBER) for name in names)]
    rows = [
        [label, str(score.gold), str(score.predicted), *_cells(figures, label)]
        for label, score in figures.scores.items()
    ]
    console.print(f"{title} (percent)")
    print_table(console, columns, rows)
    console.print()


def _cells(figures: Figures, label: str) -> list[str]:
    """P, R, F1 and the interval of F1."""
    score = figures.scores[label]
    low, high = figures.intervals[label].f1
    return [
        *(f"{value:.1f}" for value in (score.precision, score.recall, score.f1)),
        f"{low:.1f}–{high:.1f}",
    ]


def _confusion(console: Console, evaluation: Evaluation) -> None:
    gold, found = evaluation.confusion.labels()
    counts = evaluation.confusion.counts
    columns = [Column("gold \\ found"), *(Column(label, Kind.NUMBER) for label in found)]
    rows = [[label, *(str(counts[label, other] or "·") for other in found)] for label in gold]
    console.print("Labels taken for labels, where spans overlap")
    print_table(console, columns, rows)
    console.print()
