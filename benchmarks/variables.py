"""How many material mentions that lean on their paper are resolved to a formula.

    python benchmarks/variables.py FOLDER [--split dev|train|all] [--draw N] [--seed S]
        [--without FILE] [--unresolved N]

FOLDER holds SuperMat's TEI files, or the tables ``supermat2-text-train.csv`` and
``supermat2-materials-train.csv`` (paragraphs and the material strings in them). The annotators'
mentions are taken as found, so that errors of tagging do not count. A mention leans on its paper if
it states a variable (``x = 0.1``), prints an open formula, is a name (LSCO), or is a label or a
phrase. ``closed`` counts those all of whose materials end in a formula without variables,
``put in`` those whose stated variables are in it (``δ`` may be left), ``formula`` those that end in
one at all. Ranges and bounds (``x < 0.1``) are no single material and are counted apart. ``--draw``
prints that many of those put in, open formulas aside, for reading by eye, with the words around;
``--without`` leaves out the papers whose stems stand in a file. The judgements are in
``docs/experiments.md``.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scmine.corpora.gold_passage import as_passage
from scmine.corpora.splits import split_papers
from scmine.corpora.supermat import load_supermat
from scmine.corpora.types import GoldMention, GoldPassage, Paper
from scmine.extractors.claim import Label, Mention
from scmine.extractors.context import MaterialContext
from scmine.extractors.document import Passage
from scmine.extractors.formula import parse_formula
from scmine.extractors.materials import Material, parse_material

KINDS = ("value", "open formula with value", "name", "label or phrase", "open formula")
BEFORE = 600
"""Characters before a mention that the resolver is given, as in ``claims``."""


@dataclass(frozen=True, slots=True)
class Case:
    """A mention that leans on its paper, and what became of it."""

    stem: str
    kind: str
    raw: str
    around: str
    materials: tuple[Material, ...]

    @property
    def closed(self) -> bool:
        """Whether every material has a formula without variables and open sites."""
        return bool(self.materials) and all(m.composition for m in self.materials)

    @property
    def put_in(self) -> bool:
        """Whether every material has a formula that holds none of the variables stated for it."""
        return bool(self.materials) and all(
            (formula := parse_formula(m.formula or "")) is not None
            and not (formula.variables | formula.placeholders) & set(m.variables)
            for m in self.materials
        )

    @property
    def is_range(self) -> bool:
        """Whether a range or a bound is all that is stated."""
        return any("variable_range" in m.flags for m in self.materials) or (
            self.kind in ("value", "open formula with value")
            and any(set("<>≤≥-−–") & set(v) for m in self.materials for v in m.variables.values())
        )


def kind_of(raw: str) -> str | None:
    """How ``raw`` leans on its paper; None if it says all by itself or is no material."""
    materials = parse_material(raw)
    named = any("formula_from_name" in m.flags for m in materials)
    if not materials or (all(m.composition for m in materials) and not named):
        return None
    if named or all(m.name and not m.formula for m in materials):
        return "name"
    stated = any(m.variables for m in materials)
    if any(m.formula for m in materials):
        return "open formula with value" if stated else "open formula"
    return "value" if stated else "label or phrase"


def cases(paper: Paper) -> Iterator[Case]:
    """The mentions of ``paper`` that lean on it, resolved."""
    passages: list[Passage] = [as_passage(p) for p in paper.passages]
    mentions = [
        [
            Mention(m.start, m.end, Label.MATERIAL, p.surface(m))
            for m in p.mentions
            if is_material(m)
        ]
        for p in paper.passages
    ]
    context = MaterialContext.of(passages, mentions)
    for passage, found in zip(passages, mentions, strict=True):
        for mention in found:
            kind = kind_of(mention.text)
            if kind is None:
                continue
            before = passage.text[max(0, mention.start - BEFORE) : mention.end]
            around = passage.text[max(0, mention.start - 150) : mention.end + 60]
            resolved = context.resolve(mention.text, before)
            yield Case(paper.stem, kind, mention.text, around, tuple(resolved))


def load_tables(folder: Path) -> list[Paper]:
    """The papers of SuperMat 2's tables; a string is taken to stand where it is found next."""
    strings: dict[tuple[str, str], list[str]] = {}
    with (folder / "supermat2-materials-train.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            strings.setdefault((row["filename"], row["pid"]), []).append(row["material"])
    passages: dict[str, list[GoldPassage]] = {}
    with (folder / "supermat2-text-train.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            mentions, position = [], 0
            for string in strings.get((row["filename"], row["pid"]), []):
                start = row["text"].find(string, position)
                if start >= 0:
                    position = start + len(string)
                    mentions.append(GoldMention(start, position, Label.MATERIAL))
            kind = "title" if row["pid"] == "0" else "paragraph"
            passages.setdefault(row["filename"].partition(".superconductors")[0], []).append(
                GoldPassage(kind, row["text"], tuple(mentions))
            )
    return [Paper(stem, tuple(found)) for stem, found in sorted(passages.items())]


def is_material(mention: object) -> bool:
    """Whether a gold mention is a material's."""
    return getattr(mention, "label", None) == Label.MATERIAL


def report(found: Sequence[Case], title: str) -> None:
    """Print the shares, kind by kind, and why the others stay open."""
    print(f"{title}: {len({c.stem for c in found})} papers")
    heads = " ".join(f"{head:>7} {'%':>6}" for head in ("closed", "put in", "formula"))
    print(f"{'kind':26} {'mentions':>8} {'ranges':>7} {heads}")
    for kind in (*KINDS, "all"):
        some = [c for c in found if kind in (c.kind, "all")]
        single = [c for c in some if not c.is_range]
        counts = (
            sum(c.closed for c in single),
            sum(c.put_in for c in single),
            sum(all(m.formula for m in c.materials) for c in single),
        )
        shares = " ".join(f"{n:7} {100 * n / max(1, len(single)):6.1f}" for n in counts)
        print(f"{kind:26} {len(some):8} {len(some) - len(single):7} {shares}")
    reasons: Counter[str] = Counter()
    for case in found:
        if not case.closed and not case.is_range:
            flags = {f for m in case.materials for f in m.flags}
            reasons.update(f"{case.kind}: {f}" for f in flags - {"formula_from_name"} or {"none"})
    for reason, count in reasons.most_common():
        print(f"    {count:5} {reason}")


def show(case: Case) -> None:
    """Print a case for reading by eye."""
    said = " | ".join(f"{m.formula} {m.variables} {list(m.flags)}" for m in case.materials)
    print(f"{case.stem} [{case.kind}] {case.raw!r}\n    -> {said}\n    … {case.around}")


def main() -> None:
    """Print the table, and on request cases drawn at random."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--split", choices=("dev", "train", "all"), default="all")
    parser.add_argument("--draw", type=int, default=0)
    parser.add_argument("--unresolved", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without", type=Path)
    options = parser.parse_args()
    tables = any(options.folder.glob("supermat2-*.csv"))
    papers = load_tables(options.folder) if tables else load_supermat(options.folder)
    train, dev = split_papers(papers)
    known = set(options.without.read_text("utf-8").split()) if options.without else set()
    chosen = {"dev": dev, "train": train, "all": papers}[options.split]
    found = [c for p in chosen if p.stem not in known for c in cases(p)]
    report(found, options.split)
    rng = random.Random(options.seed)
    pools = (
        (options.draw, [c for c in found if c.put_in and c.kind != "open formula"]),
        (options.unresolved, [c for c in found if not c.closed and not c.is_range]),
    )
    for count, pool in pools:
        for case in rng.sample(pool, min(count, len(pool))):
            show(case)


if __name__ == "__main__":
    main()
