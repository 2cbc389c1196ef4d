"""``scmine annotate agreement`` and ``adjudicate``: where annotators agree, where not."""

from __future__ import annotations

import json
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path

from scmine.corpora.annotation.adjudication import (
    Disputed,
    as_csv,
    as_json_lines,
    as_tasks,
    disputed,
)
from scmine.corpora.annotation.agreement import Agreement, Confusion, Figure, agreement
from scmine.corpora.annotation.coefficients import EXPLANATIONS
from scmine.corpora.annotation.deciding import decide
from scmine.corpora.annotation.versions import printable
from scmine.pipelines.annotate_import import Question, is_clean, read_question, tell_problems
from scmine.pipelines.output import open_output

_TITLES = {
    "fleiss_words": "Fleiss' kappa, words (B-, I-, O)",
    "alpha_words": "Krippendorff's alpha, words",
    "alpha_u": "Krippendorff's alpha, spans (unitizing)",
    "cohen_words": "Cohen's kappa, words",
    "cohen_units": "Cohen's kappa, does a unit have the label",
    "f1_exact": "F1 of mentions, exact",
    "f1_overlap": "F1 of mentions, overlapping",
    "link_f1_exact": "F1 of links, exact",
    "link_f1_overlap": "F1 of links, overlapping",
}


def tell_agreement(question: Question, rounds: int, *, as_json: bool) -> bool:
    """Print how far annotators agree; whether every version could be read.

    Raises
    ------
    CorpusError
        If a file of units is not as it should be.
    """
    imported = read_question(question)
    tell_problems(imported)
    found = agreement(imported.units, rounds)
    if as_json:
        print(json.dumps(found.to_json() | {"refused": imported.faults()}, ensure_ascii=False))
    else:
        _print(found)
    return is_clean(imported)


def write_disputed(question: Question, to: str, out: Path | None, *, majority: bool) -> bool:
    """Write the units that need an adjudicator; whether every version could be read.

    Raises
    ------
    CorpusError
        If a file of units is not as it should be.
    """
    imported = read_question(question)
    tell_problems(imported)
    decisions = [decide(unit, majority=majority) for unit in imported.units]
    found = disputed(imported.units, [d for d in decisions if d is not None])
    with open_output(out) as stream:
        stream.write(_as_text(found, to).encode("utf-8"))
    kinds = Counter(str(d.kind) for entry in found for d in entry.differences)
    named = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())) or "none"
    print(
        f"{len(found)} of {len(imported.units)} units differ ({named})"
        + (f", in {out}" if out else ""),
        file=sys.stderr,
    )
    return is_clean(imported)


def _as_text(found: list[Disputed], to: str) -> str:
    if to == "csv":
        return as_csv(found)
    if to == "jsonl":
        return as_json_lines(found)
    return json.dumps(as_tasks(found), ensure_ascii=False, indent=1) + "\n"


def _print(found: Agreement) -> None:
    who = printable(", ".join(found.annotators)) or "nobody"
    print(
        f"{found.units} units by {who}; {found.shared_units} by more than one. "
        f"95 % intervals: bootstrap over {found.drawn}."
    )
    for (name, who_), figures in groupby(found.figures, lambda f: (f.name, f.annotators)):
        print(f"\n{_TITLES[name]}: {printable(', '.join(who_))}")
        for figure in figures:
            print(_line(figure))
    for confusion in found.confusions:
        _print_confusion(confusion)


def _line(figure: Figure) -> str:
    label = figure.label or "all"
    if figure.value is None:
        why = "" if figure.reason is None else EXPLANATIONS[figure.reason]
        return f"  {label:<18}    –   {why}"
    interval = (
        f"[{figure.low:6.3f}, {figure.high:6.3f}]"
        if figure.low is not None and figure.high is not None
        else "[too few to draw]"
    )
    return f"  {label:<18}{figure.value:7.3f}   {interval}   {figure.units} units"


def _print_confusion(confusion: Confusion) -> None:
    first, second = map(printable, confusion.annotators)
    print(f"\nWords by label: {first} in rows, {second} in columns")
    width = max(8, *(len(label) + 2 for label in confusion.labels))
    print(" " * 18 + "".join(f"{label:>{width}}" for label in confusion.labels))
    for label, row in zip(confusion.labels, confusion.counts, strict=True):
        print(f"  {label:<16}" + "".join(f"{n:>{width}}" for n in row))
