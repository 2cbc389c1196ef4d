"""End to end: the records of ingested PDFs against the gold links of the same papers.

    python benchmarks/end_to_end.py PAPERS GOLD [--db DB] [--split dev|train|all] [--errors FILE]

PAPERS holds the PDFs, GOLD SuperMat's TEI files of the same stems. Scores material–Tc pairs a
paper: the same Tc within 1 %, material strings that agree once blanks and dashes are normalised.
A pair counts once a paper however often it is said, and only places in running text and captions
count, since the gold leaves tables out. ``lenient`` also takes a material whose string contains the
other's, or whose formula is the same. With ``--db`` an earlier ingest is scored; without it the
papers are ingested into a temporary database first.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scmine.corpora.splits import split_papers
from scmine.corpora.supermat import load_supermat
from scmine.corpora.types import Paper
from scmine.database.filters import RecordFilter
from scmine.database.record import Record, Source
from scmine.database.store import open_database
from scmine.extractors.claim import Label
from scmine.extractors.materials import parse_material
from scmine.extractors.quantities import Quantity, parse_quantity_list

TOLERANCE = 0.01
BOOTSTRAP_ROUNDS = 1000


@dataclass(frozen=True, slots=True)
class Pair:
    """A material and a Tc in kelvin: (low, high), equal for a single value."""

    material: str
    tc_K: tuple[float, float]
    formulas: frozenset[str] = frozenset()


@dataclass(slots=True)
class Outcome:
    """Pairs of one paper: found and right, missed, and found but not in the gold."""

    stem: str
    hits: int = 0
    lenient_hits: int = 0
    gold: int = 0
    found: int = 0
    misses: list[Pair] = field(default_factory=list)
    extras: list[Pair] = field(default_factory=list)


def normalise(text: str) -> str:
    """A material string without blanks, with one kind of dash and dot, in lower case."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[-‐‑‒–—―−⁃]", "-", text)
    text = re.sub(r"[·•⋅∙]", "·", text)
    text = re.sub(r"[\"“”'’‘]", "", text)
    text = re.sub(r"-\s+(?=[a-z]{2})", "", text)
    return re.sub(r"\s", "", text).strip(".,;:").lower()


def gold_pairs(paper: Paper) -> list[Pair]:
    """The material–Tc pairs that the annotators linked, each once."""
    pairs: dict[tuple[str, tuple[float, float]], Pair] = {}
    for link in paper.links:
        ends = {paper.mention(at).label: at for at in (link.head, link.tail)}
        if Label.MATERIAL not in ends or Label.TC_VALUE not in ends:
            continue
        (mp, _), (tp, _) = ends[Label.MATERIAL], ends[Label.TC_VALUE]
        material = paper.passages[mp].surface(paper.mention(ends[Label.MATERIAL]))
        value = paper.passages[tp].surface(paper.mention(ends[Label.TC_VALUE]))
        for tc in numbers(value):
            pairs[normalise(material), tc] = Pair(normalise(material), tc, formulas_of(material))
    return list(pairs.values())


def numbers(text: str) -> list[tuple[float, float]]:
    """The Tc values of a printed string in kelvin; a bare number is taken as kelvin."""
    return [e for q in parse_quantity_list(text, "temperature", "K") if (e := _ends(q)) is not None]


def _ends(quantity: Quantity) -> tuple[float, float] | None:
    low = quantity.value if quantity.value is not None else quantity.minimum
    high = quantity.value if quantity.value is not None else quantity.maximum
    return (low, high) if low is not None and high is not None else None


def formulas_of(text: str) -> frozenset[str]:
    """The formulas that a material string resolves to on its own."""
    return frozenset(m.formula for m in parse_material(text) if m.formula)


def found_pairs(records: Iterable[Record]) -> list[Pair]:
    """The material–Tc pairs of a paper's records from running text and captions, each once."""
    pairs: dict[tuple[str, tuple[float, float]], Pair] = {}
    for record in records:
        if record.raw_tc is None:
            continue
        high = record.tc_K if record.tc_K is not None else record.tc_max_K
        low = high if record.tc_min_K is None else record.tc_min_K
        if low is None or high is None:
            continue
        formulas = frozenset({record.formula}) if record.formula else frozenset()
        for place in record.places:
            if place.source in (Source.TEXT, Source.CAPTION) and place.raw_tc is not None:
                key = normalise(place.raw_material), (low, high)
                pairs[key] = Pair(*key, formulas)
    return list(pairs.values())


def score(stem: str, gold: Sequence[Pair], found: Sequence[Pair]) -> Outcome:
    """Match found pairs to gold pairs, each at most once, strict matches first."""
    outcome = Outcome(stem, gold=len(gold), found=len(found))
    open_gold, open_found = list(gold), list(found)
    for lenient in (False, True):
        for pair in list(open_found):
            match = next((g for g in open_gold if _agree(g, pair, lenient)), None)
            if match is None:
                continue
            open_gold.remove(match)
            open_found.remove(pair)
            outcome.lenient_hits += 1
            outcome.hits += not lenient
            if lenient:
                outcome.misses.append(match)
                outcome.extras.append(pair)
    outcome.misses += open_gold
    outcome.extras += open_found
    return outcome


def _agree(gold: Pair, found: Pair, lenient: bool) -> bool:
    close = all(
        abs(a - b) <= TOLERANCE * max(abs(a), abs(b)) + 1e-9
        for a, b in zip(gold.tc_K, found.tc_K, strict=True)
    )
    if not close:
        return False
    if gold.material == found.material:
        return True
    return lenient and bool(
        gold.material in found.material
        or found.material in gold.material
        or gold.formulas & found.formulas
    )


def prf(hits: int, gold: int, found: int) -> tuple[float, float, float]:
    """Precision, recall and F1 in percent."""
    precision = 100 * hits / found if found else 0.0
    recall = 100 * hits / gold if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return precision, recall, f1


def summary(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Micro-averaged scores with a bootstrap interval (95 %) over papers."""
    gold = sum(o.gold for o in outcomes)
    found = sum(o.found for o in outcomes)
    result: dict[str, object] = {"papers": len(outcomes), "gold": gold, "found": found}
    rng = random.Random(0)
    for name in ("hits", "lenient_hits"):
        hits = sum(getattr(o, name) for o in outcomes)
        draws = []
        for _ in range(BOOTSTRAP_ROUNDS):
            sample = rng.choices(outcomes, k=len(outcomes))
            draws.append(
                prf(
                    sum(getattr(o, name) for o in sample),
                    sum(o.gold for o in sample),
                    sum(o.found for o in sample),
                )[2]
            )
        draws.sort()
        precision, recall, f1 = prf(hits, gold, found)
        result["strict" if name == "hits" else "lenient"] = {
            "precision": round(precision, 1),
            "recall": round(recall, 1),
            "f1": round(f1, 1),
            "interval": [round(draws[25], 1), round(draws[-26], 1)],
        }
    return result


def error_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """A line for each pair missed or in excess: paper, which, material, lowest and highest Tc."""
    return [
        "\t".join((outcome.stem, kind, pair.material, *map(str, pair.tc_K)))
        for outcome in outcomes
        for kind, pairs in (("miss", outcome.misses), ("extra", outcome.extras))
        for pair in pairs
    ]


def evaluate(database_path: str, papers: Sequence[Paper]) -> list[Outcome]:
    """Score the records of each gold paper in the database; papers are told by their file name."""
    by_stem: dict[str, list[Record]] = {}
    with open_database(database_path, create=False) as database:
        for record in database.records(RecordFilter()):
            by_stem.setdefault(Path(record.path).stem, []).append(record)
    return [score(p.stem, gold_pairs(p), found_pairs(by_stem.get(p.stem, []))) for p in papers]


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("papers", type=Path, help="folder of PDFs")
    parser.add_argument("gold", type=Path, help="folder of SuperMat TEI files")
    parser.add_argument("--db", help="database of an earlier ingest of the same PDFs")
    parser.add_argument("--split", choices=["dev", "train", "all"], default="all")
    parser.add_argument("--errors", type=Path, help="write misses and extras here, not out")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    papers = load_supermat(options.gold)
    train, dev = split_papers(papers)
    chosen = {"dev": dev, "train": train, "all": papers}[options.split]
    with tempfile.TemporaryDirectory() as folder:
        database = options.db
        if database is None:
            from scmine.pipelines import ingest

            database = str(Path(folder) / "benchmark.db")
            ingest([options.papers], db=database)
        outcomes = evaluate(database, chosen)
    result = summary(outcomes)
    errors = error_lines(outcomes)
    if options.errors:
        options.errors.write_text("".join(f"{line}\n" for line in errors), encoding="utf-8")
    elif not options.json:
        print(*errors, sep="\n")
    print(json.dumps(result, indent=None if options.json else 2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
