"""Scores of rebuilt structures as a table for people, and the first of what is wrong."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from scmine.corpora.written.structure_scores import MATCHED, REFUSED, WRONG, Rates
from scmine.pipelines.evaluate_structures import Case, StructureEvaluation
from scmine.pipelines.report import print_table, wide_console
from scmine.pipelines.tables import Column, Kind

_NUMBERS = (
    "structures",
    "read complete",
    "matched",
    "95 %",
    "refused",
    "95 %",
    "wrong",
    "95 %",
)


def print_structure_evaluation(evaluation: StructureEvaluation, misses: int = 0) -> None:
    """Print the rates on standard output, and the first ``misses`` wrong structures."""
    setting = evaluation.setting
    with wide_console() as console:
        console.print(
            Text(
                f"{evaluation.structures} structures of {evaluation.papers} papers "
                f"({setting.split}, seed {setting.seed}) from {setting.file}"
            )
        )
        console.print()
        names = ("wording", "as", "in", "stated", "library")
        columns = [Column(n) for n in names] + [Column(n, Kind.NUMBER) for n in _NUMBERS]
        console.print("Structures rebuilt (percent)")
        print_table(console, columns, [_row(c, r) for c, r in evaluation.figures.items()])
        console.print()
        _reasons(console, evaluation)
        for note in evaluation.notes:
            console.print(Text(f"Note: {note}"))
        for line in evaluation.wrong[:misses]:
            console.print(Text(line))


def _row(case: Case, figures: Rates) -> list[str]:
    cells = [
        case.wording.value,
        case.medium.value,
        case.form.value,
        case.level.value,
        case.library,
        str(figures.structures),
        f"{figures.share('complete'):.1f}",
    ]
    for name in (MATCHED, REFUSED, WRONG):
        low, high = figures.intervals[name]
        cells += [f"{figures.share(name):.1f}", f"{low:.1f}–{high:.1f}"]
    return cells


def _reasons(console: Console, evaluation: StructureEvaluation) -> None:
    """Why structures were refused, over all cases of one level."""
    totals: dict[str, dict[str, int]] = {}
    for case, figures in evaluation.figures.items():
        of_level = totals.setdefault(case.level.value, {})
        for name, count in figures.reasons.items():
            of_level[name] = of_level.get(name, 0) + count
    for level, reasons in totals.items():
        most = sorted(reasons.items(), key=lambda item: -item[1])[:8]
        if most:
            said = ", ".join(f"{name} {count}" for name, count in most)
            console.print(Text(f"Refused, {level}: {said}"))
    console.print()
