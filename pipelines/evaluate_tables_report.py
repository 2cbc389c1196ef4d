"""Scores of gold tables as tables for people, and the first of what is wrong."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from scmine.corpora.evaluate import MICRO
from scmine.corpora.evaluation import Figures
from scmine.corpora.table_evaluation import CELLS, TableEvaluation
from scmine.pipelines.report import print_table, wide_console
from scmine.pipelines.tables import Column, Kind

_NUMBERS = ("gold", "found", "P", "R", "F1", "95 %")


def print_table_evaluation(evaluation: TableEvaluation, misses: int = 0) -> None:
    """Print the figures on standard output, and the first ``misses`` cells and claims."""
    with wide_console() as console:
        _head(console, evaluation)
        rows = []
        for name, figures in evaluation.figures.items():
            rows.append(_row(name, figures, MICRO))
            if name == CELLS:
                rows += [_row(f"  {part}", figures, part) for part in ("head", "body")]
        _print(console, "Tables (percent)", rows)
        fields = evaluation.fields
        rows = [
            _row(name, fields, name)
            for name, score in fields.scores.items()
            if name != MICRO and (score.gold or score.predicted)
        ]
        _print(console, "Claims by field (percent)", rows)
        for miss in evaluation.misses[:misses]:
            console.print(Text(miss.line()))


def _head(console: Console, evaluation: TableEvaluation) -> None:
    setting = evaluation.setting
    lines = [f"Gold tables: {setting.gold}, {setting.split}; {setting.papers} papers scored."]
    lines += [f"Not scored: {file}: {reason}" for file, reason in setting.missing.items()]
    lines += [f"Not read: {file}: {reason}" for file, reason in setting.unread.items()]
    for line in lines:
        console.print(Text(line))
    console.print()


def _print(console: Console, title: str, rows: list[list[str]]) -> None:
    console.print(title)
    print_table(console, [Column(""), *(Column(name, Kind.NUMBER) for name in _NUMBERS)], rows)
    console.print()


def _row(name: str, figures: Figures, label: str) -> list[str]:
    score = figures.scores[label]
    low, high = figures.intervals[label].f1
    return [
        name,
        str(score.gold),
        str(score.predicted),
        *(f"{value:.1f}" for value in (score.precision, score.recall, score.f1)),
        f"{low:.1f}–{high:.1f}",
    ]
