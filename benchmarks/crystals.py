"""Scores space groups, structure types, cells and sites against papers read by hand.

    python benchmarks/crystals.py FOLDER... [--split dev|test|all] [--misses]

The folders hold the papers that ``corpora/data/crystals`` names; those that are not there are left
out and counted. By field: precision, recall and F1 of values with their material, the recall of
values whatever their material, and of those right how many pressures are right too.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from scmine.corpora.crystal_scores import FIELDS, count, facts_of, load_papers, misses
from scmine.corpora.evaluate import Score
from scmine.extractors import extract, read


def main() -> None:
    """Read the papers, extract, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--split", choices=("dev", "test", "all"), default="dev")
    parser.add_argument("--misses", action="store_true", help="print each miss and each wrong fact")
    arguments = parser.parse_args()
    counts: Counter[tuple[str, str]] = Counter()
    absent, papers = 0, 0
    for paper in load_papers():
        if arguments.split not in ("all", paper.split):
            continue
        paths = [path for folder in arguments.folders for path in folder.rglob(paper.file)]
        if not paths:
            absent += 1
            continue
        papers += 1
        found = facts_of(extract(read(paths[0])).records)
        counts.update(count(paper.facts, found))
        if arguments.misses:
            for line in misses(paper.facts, found):
                sys.stdout.write(f"{paper.file}: {line}\n")
    sys.stdout.write(table(counts) + f"\n{papers} papers, {absent} not there\n")


def table(counts: Counter[tuple[str, str]]) -> str:
    """The counts as rows: field, gold, found, P, R, F1, recall of values, pressures right."""
    rows = ["field        gold found     P     R    F1  values  pressure"]
    total: Counter[str] = Counter()
    for field in (*FIELDS, "all"):
        of = {k: n for (f, k), n in counts.items() if f == field} if field != "all" else total
        if field != "all":
            total.update(of)
        right, found, gold = of.get("right", 0), of.get("found", 0), of.get("gold", 0)
        score = Score(right, found, gold, right)
        values = 100 * of.get("value", 0) / max(1, gold)
        rows.append(
            f"{field:12}{gold:5}{found:6}{score.precision:6.1f}{score.recall:6.1f}"
            f"{score.f1:6.1f}{values:8.1f}  {of.get('pressure', 0)}/{of.get('stated', 0)}"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    main()
