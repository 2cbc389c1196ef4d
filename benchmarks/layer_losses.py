"""Where end-to-end pairs are lost: gold mentions and links put in the place of each layer's output.

    python benchmarks/layer_losses.py PAPERS GOLD [--split dev|train|all] [--folds DIR] [--json]

The gold of SuperMat is brought onto the text that our reader gives of the PDF. Each row of the
table puts one layer more to the test, so that the fall from row to row is that layer's loss:

``gold``      the annotators' pairs as they are (the scale: all of them);
``passage``   those whose material and Tc stand in one passage of the gold;
``reading``   those whose mentions are found in our text, in one passage;
``claims``    claims made of gold mentions and gold links, their printed strings as pairs;
``records``   records of these claims: variables put in, lists paired, numbers read;
``linking``   records of gold mentions, joined by the trained linker;
``tagging``   records of mentions found by the taggers in passages that the gold covers;
``all text``  the same with all passages of the PDF, which is what users get.

The packaged models have learnt the training papers; ``--folds`` takes the folder of models that
``cross_validate.py`` made (``--work``), with which no paper is mined by models that have seen it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from end_to_end import summary

from scmine.corpora.projection import ProjectionReport, project
from scmine.corpora.splits import split_papers
from scmine.corpora.supermat import load_supermat
from scmine.corpora.tc_pairs import (
    Outcome,
    Pair,
    formulas_of,
    found_pairs,
    gold_pairs,
    normalise,
    numbers,
    score,
)
from scmine.corpora.types import Paper
from scmine.extractors import extract, read
from scmine.extractors.claim import Label, Link, Linker, LinkLabel, Mention, Tagger
from scmine.extractors.claims import claims_of_passage
from scmine.extractors.document import Document, Passage, ReadError
from scmine.extractors.linking import TrainedLinker
from scmine.extractors.tagging import default_tagger

STAGES = ("gold", "passage", "reading", "claims", "records", "linking", "tagging", "all text")


@dataclass(frozen=True)
class Gold:
    """A tagger and linker that give what the annotators marked, by the text of the passage."""

    mentions: dict[str, tuple[Mention, ...]]
    links: dict[str, list[Link]]
    name = "gold"

    def tag(self, passages: Sequence[Passage]) -> list[list[Mention]]:
        """The gold mentions of each passage."""
        return [list(self.mentions.get(p.text, ())) for p in passages]

    def link(self, passage: Passage, mentions: Sequence[Mention]) -> list[Link]:
        """The gold links of a passage; ``mentions`` have to be the gold's."""
        return self.links.get(passage.text, [])


def gold_on(paper: Paper, document: Document) -> Gold:
    """The gold of ``paper`` on the text of ``document``."""
    projected = project(paper, document, ProjectionReport())
    mentions, links = {}, {}
    for scored in projected.passages:
        mentions[scored.text] = scored.mentions
        links[scored.text] = [Link(h, t, LinkLabel(k)) for k, h, t in sorted(scored.links)]
    return Gold(mentions, links)


def stages(
    paper: Paper, document: Document, tagger: Tagger, linker: Linker
) -> Iterator[tuple[str, list[Pair]]]:
    """The pairs that each stage leaves of a paper, in the order of ``STAGES``."""
    yield "gold", gold_pairs(paper)
    inside = [link for link in paper.links if link.head[0] == link.tail[0]]
    yield "passage", gold_pairs(replace(paper, links=tuple(inside)))
    gold = gold_on(paper, document)
    yield "reading", _once(_linked(gold))
    yield "claims", _once(_claimed(gold, document))
    covered = replace(
        document, passages=tuple(p for p in document.passages if p.text in gold.mentions)
    )
    yield "records", found_pairs(extract(document, gold, gold).records)
    yield "linking", found_pairs(extract(document, gold, linker).records)
    yield "tagging", found_pairs(extract(covered, tagger, linker).records)
    yield "all text", found_pairs(extract(document, tagger, linker).records)


def _linked(gold: Gold) -> Iterator[Pair]:
    """The pairs of the links that could be brought onto our text."""
    for text, links in gold.links.items():
        for link in links:
            if link.label is LinkLabel.MATERIAL_TC:
                ends = gold.mentions[text][link.head], gold.mentions[text][link.tail]
                yield from _pairs(ends[0].text, ends[1].text)


def _claimed(gold: Gold, document: Document) -> Iterator[Pair]:
    """The pairs of the claims that gold mentions and links make, as printed."""
    for passage in document.passages:
        mentions = gold.mentions.get(passage.text, ())
        if any(m.label is Label.TC_VALUE for m in mentions):
            for claim in claims_of_passage(passage, mentions, gold.links[passage.text]):
                yield from _pairs(claim.material, claim.values.get("tc", ""))


def _pairs(material: str, value: str) -> Iterator[Pair]:
    for tc in numbers(value):
        yield Pair(normalise(material), tc, formulas_of(material))


def _once(pairs: Iterable[Pair]) -> list[Pair]:
    return list({(p.material, p.tc_K): p for p in pairs}.values())


def fold_of(papers: Sequence[Paper], folds: Path) -> dict[str, Path]:
    """The folder of the models that have not seen a paper, by stem, as ``cross_validate`` chose."""
    train, dev = split_papers(papers)
    train = sorted(train, key=lambda p: hashlib.sha1(p.stem.encode()).hexdigest())
    count = len(list(folds.glob("fold*")))
    places = {p.stem: i % count for i, p in enumerate(train)} | {p.stem: 0 for p in dev}
    return {stem: folds / f"fold{k}" for stem, k in places.items()}


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("papers", type=Path, help="folder of PDFs")
    parser.add_argument("gold", type=Path, help="folder of SuperMat TEI files")
    parser.add_argument("--split", choices=["dev", "train", "all"], default="all")
    parser.add_argument("--folds", type=Path, help="folder of models trained without each paper")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    papers = load_supermat(options.gold)
    train, dev = split_papers(papers)
    chosen = {"dev": dev, "train": train, "all": papers}[options.split]
    models = fold_of(papers, options.folds) if options.folds else {}
    outcomes: dict[str, list[Outcome]] = {stage: [] for stage in STAGES}
    for paper in chosen:
        try:
            document = read(options.papers / f"{paper.stem}.pdf")
        except ReadError as error:
            print(f"{paper.stem}: {error.status}: {error}", file=sys.stderr)
            continue
        model = models.get(paper.stem)
        tagger = default_tagger(model / "tagger" if model else None)
        linker = TrainedLinker(model / "linker" if model else None)
        for stage, found in stages(paper, document, tagger, linker):
            outcomes[stage].append(score(paper.stem, gold_pairs(paper), found))
    results = {stage: summary(found) for stage, found in outcomes.items()}
    print(json.dumps(results, indent=2) if options.json else table(results))
    return 0


def table(results: dict[str, dict[str, object]]) -> str:
    """One line a stage: pairs found, then P / R / F1, strict and lenient."""
    lines = []
    for stage, result in results.items():
        cells = [f"{stage:9}", f"{result['found']:>5}"]
        for measure in ("strict", "lenient"):
            values = result[measure]
            assert isinstance(values, dict)
            cells.append(" / ".join(f"{values[k]:5.1f}" for k in ("precision", "recall", "f1")))
        lines.append("  ".join(cells))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
