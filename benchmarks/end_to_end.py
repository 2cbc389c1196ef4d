"""End to end: the records of ingested PDFs against the gold links of the same papers.

    python benchmarks/end_to_end.py PAPERS GOLD [--db DB] [--split dev|train|all] [--errors FILE]
        [--extras N --seed S] [--verdicts FILE]

PAPERS holds the PDFs, GOLD SuperMat's TEI files of the same stems. Scores material–Tc pairs a
paper: the same Tc within 1 %, material strings that agree once blanks and dashes are normalised.
``lenient`` also takes a material whose string contains the other's, or whose formula is the same.
``said`` counts leniently what is said at all, though a sample may have several names.
``with_pressure`` gives the same scores, but where the gold links a pressure to the Tc, the record
has to have it within 2 %; ``pressure_only`` looks at triples with a pressure alone. With ``--db``
an earlier ingest is scored; without it the papers are ingested into a temporary database first.

The gold is not exhaustive. ``--extras`` prints so many of the (lenient) extras, drawn at random, to
be read by hand; ``--verdicts`` takes what came of such a reading (``stem, material, tc_low_K,
tc_high_K, verdict``, CSV) and estimates the precision with the extras that were found right.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from scmine.corpora.evaluate import Score
from scmine.corpora.splits import split_papers
from scmine.corpora.supermat import load_supermat
from scmine.corpora.tc_pairs import (
    Outcome,
    Pair,
    found_pairs,
    found_triples,
    gold_pairs,
    gold_triples,
    score,
)
from scmine.corpora.types import Paper
from scmine.database.filters import RecordFilter
from scmine.database.record import Record
from scmine.database.store import open_database

BOOTSTRAP_ROUNDS = 1000
RIGHT = "right"


def summary(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Micro-averaged scores with a bootstrap interval (95 %) over papers."""
    gold = sum(o.gold for o in outcomes)
    found = sum(o.found for o in outcomes)
    result: dict[str, object] = {"papers": len(outcomes), "gold": gold, "found": found}
    rng = random.Random(0)
    for name in ("hits", "lenient_hits"):
        draws = []
        for _ in range(BOOTSTRAP_ROUNDS):
            sample = rng.choices(outcomes, k=len(outcomes))
            draws.append(_score(sample, name).f1)
        draws.sort()
        score = _score(outcomes, name)
        result["strict" if name == "hits" else "lenient"] = {
            "precision": round(score.precision, 1),
            "recall": round(score.recall, 1),
            "f1": round(score.f1, 1),
            "interval": [round(draws[25], 1), round(draws[-26], 1)],
        }
    said = sum(o.found_said for o in outcomes), sum(o.gold_said for o in outcomes)
    result["said"] = {
        "precision": round(100 * said[0] / found, 1) if found else 0.0,
        "recall": round(100 * said[1] / gold, 1) if gold else 0.0,
    }
    return result


def _score(outcomes: Sequence[Outcome], name: str) -> Score:
    """The counts of all papers; ``name`` is the measure, ``hits`` or ``lenient_hits``."""
    hits = sum(getattr(o, name) for o in outcomes)
    return Score(hits, sum(o.found for o in outcomes), sum(o.gold for o in outcomes), hits)


def with_pressures(records: Mapping[str, Sequence[Record]], papers: Sequence[Paper]) -> object:
    """The scores of pairs whose pressure has to agree, and those of triples with one alone."""
    everything, pressed = [], []
    for paper in papers:
        gold, found = gold_triples(paper), found_triples(records.get(paper.stem, ()))
        everything.append(score(paper.stem, gold, found))
        pressed.append(score(paper.stem, _pressed(gold), _pressed(found)))
    return {"with_pressure": summary(everything), "pressure_only": summary(pressed)}


def _pressed(pairs: Iterable[Pair]) -> list[Pair]:
    return [p for p in pairs if p.pressure_GPa is not None]


def error_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """A line for each pair missed or in excess: paper, which, material, lowest and highest Tc."""
    return [
        "\t".join((outcome.stem, kind, pair.material, *map(str, pair.tc_K)))
        for outcome in outcomes
        for kind, pairs in (("miss", outcome.misses), ("extra", outcome.extras))
        for pair in pairs
    ]


def drawn_extras(outcomes: Sequence[Outcome], count: int, seed: int) -> list[tuple[str, Pair]]:
    """``count`` of the lenient extras with their papers; the same seed draws the same ones."""
    extras = sorted(
        ((o.stem, pair) for o in outcomes for pair in o.lenient_extras),
        key=lambda e: (e[0], e[1].material, e[1].tc_K),
    )
    return random.Random(seed).sample(extras, min(count, len(extras)))


def read_precision(outcomes: Sequence[Outcome], verdicts: Path) -> dict[str, object]:
    """The precision if the extras are right as often as those that were read.

    Verdicts on pairs that are no extras any more are left out.
    """
    with verdicts.open(encoding="utf-8", newline="") as stream:
        read = {
            (r["stem"], r["material"], float(r["tc_low_K"]), float(r["tc_high_K"])): r["verdict"]
            for r in csv.DictReader(stream)
        }
    extras = [(o.stem, p.material, *p.tc_K) for o in outcomes for p in o.lenient_extras]
    judged = [read[key] for key in extras if key in read]
    share = sum(v == RIGHT for v in judged) / len(judged) if judged else 0.0
    found, hits = sum(o.found for o in outcomes), sum(o.lenient_hits for o in outcomes)
    return {
        "extras": len(extras),
        "read": len(judged),
        "right_of_read": round(100 * share, 1),
        "precision": round(100 * (hits + share * len(extras)) / found, 1) if found else 0.0,
    }


def records_of_papers(database_path: str) -> dict[str, list[Record]]:
    """The records of a database by the stem of their file."""
    by_stem: dict[str, list[Record]] = {}
    with open_database(database_path, create=False) as database:
        for record in database.records(RecordFilter()):
            by_stem.setdefault(Path(record.path).stem, []).append(record)
    return by_stem


def main() -> int:
    """Run the benchmark from the command line."""
    options = _parser().parse_args()
    papers = load_supermat(options.gold)
    train, dev = split_papers(papers)
    chosen = {"dev": dev, "train": train, "all": papers}[options.split]
    with tempfile.TemporaryDirectory() as folder:
        database = options.db
        if database is None:
            from scmine.pipelines import ingest

            database = str(Path(folder) / "benchmark.db")
            ingest([options.papers], db=database)
        records = records_of_papers(database)
    outcomes = [score(p.stem, gold_pairs(p), found_pairs(records.get(p.stem, ()))) for p in chosen]
    result = summary(outcomes)
    result["pressures"] = with_pressures(records, chosen)
    if options.verdicts:
        result["after_reading"] = read_precision(outcomes, options.verdicts)
    errors = error_lines(outcomes)
    if options.errors:
        options.errors.write_text("".join(f"{line}\n" for line in errors), encoding="utf-8")
    elif not options.json and not options.extras:
        print(*errors, sep="\n")
    for stem, pair in drawn_extras(outcomes, options.extras, options.seed):
        _print_extra(stem, pair)
    print(json.dumps(result, indent=None if options.json else 2))
    return 0


def _print_extra(stem: str, pair: Pair) -> None:
    record = pair.record
    assert record is not None, "a found pair has its record"
    print(stem, pair.material, *pair.tc_K, f"p. {record.page}, {record.source}", sep="\t")
    print(f"\t{record.raw_material} | {record.raw_tc} | {record.sentence}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("papers", type=Path, help="folder of PDFs")
    parser.add_argument("gold", type=Path, help="folder of SuperMat TEI files")
    parser.add_argument("--db", help="database of an earlier ingest of the same PDFs")
    parser.add_argument("--split", choices=["dev", "train", "all"], default="all")
    parser.add_argument("--errors", type=Path, help="write misses and extras here, not out")
    parser.add_argument("--extras", type=int, default=0, help="print so many extras to be read")
    parser.add_argument("--seed", type=int, default=0, help="of the draw of extras")
    parser.add_argument("--verdicts", type=Path, help="CSV of what reading extras came to")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    return parser


if __name__ == "__main__":
    sys.exit(main())
