"""Which temperatures of running text are a Tc: the rules alone, and what becomes a claim.

    python benchmarks/temperatures.py GOLD [--part dev] [--show wrong]

GOLD is SuperMat's folder of TEI. Every temperature with a unit in its passages counts; it is a Tc
if it overlaps a ``tcValue`` of the annotators. "Left out by the words" is what
``scmine.extractors.other_temperatures`` does to all of them, whoever tags; "claims" are the values
that the packaged tagger finds, the linker joins to a material and the words let pass. The packaged
models have seen the training papers: their figures of claims are those of papers learnt by heart.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scmine.corpora.loading import SUPERMAT, load_corpus
from scmine.corpora.splits import part_of
from scmine.corpora.types import GoldPassage, Paper
from scmine.extractors.claim import Label, LinkLabel
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.found_mentions import FoundMentions
from scmine.extractors.linking import TrainedLinker
from scmine.extractors.other_temperatures import is_other_temperature, other_kind
from scmine.extractors.quantities import find_quantities
from scmine.extractors.sentences import split_sentences
from scmine.extractors.tagging import default_tagger

KINDS = {
    "title": PassageKind.TITLE,
    "abstract": PassageKind.ABSTRACT,
    "paragraph": PassageKind.PARAGRAPH,
    "figure_caption": PassageKind.CAPTION,
    "table_caption": PassageKind.CAPTION,
}


@dataclass(frozen=True, slots=True)
class Temperature:
    """A temperature of a passage: whether it is a Tc, what the words and the claims make of it."""

    text: str
    is_tc: bool
    kind: str | None
    claimed: bool


def temperatures(paper: Paper) -> Iterator[Temperature]:
    """All temperatures of a paper's passages, as the packaged models and the rules see them."""
    gold = [p for p in paper.passages if p.kind in KINDS]
    passages = [Passage(KINDS[p.kind], p.text, sentences=split_sentences(p.text)) for p in gold]
    linker = TrainedLinker()
    for one, passage, mentions in zip(gold, passages, default_tagger().tag(passages), strict=True):
        found = FoundMentions(passage, mentions, linker.link(passage, mentions))
        yield from _of_passage(one, found)


def _of_passage(gold: GoldPassage, found: FoundMentions) -> Iterator[Temperature]:
    tcs = [m for m in gold.mentions if m.label == Label.TC_VALUE]
    linked = {k.tail for k in found.links if k.label is LinkLabel.MATERIAL_TC}
    text = found.passage.text
    spans = [(start, end) for start, end, _ in find_quantities(text, "temperature")]
    spans += [(m.start, m.end) for m in tcs if not any(s < m.end and m.start < e for s, e in spans)]
    for start, end in sorted(spans):
        low, high = found.passage.sentence_at(start)
        hits = [
            i
            for i in found.of(Label.TC_VALUE)
            if found.mentions[i].start < end and start < found.mentions[i].end
        ]
        yield Temperature(
            f"{text[max(low, start - 90) : start]}[{text[start:end]}]{text[end : end + 40]}",
            any(m.start < end and start < m.end for m in tcs),
            other_kind(text[low:start], text[start:end], text[end:high]),
            any(i in linked and not is_other_temperature(found, i) for i in hits),
        )


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gold", type=Path, help="folder of SuperMat TEI files")
    parser.add_argument("--part", default="dev", choices=("train", "dev"))
    parser.add_argument("--show", choices=("wrong",), help="print what is wrong")
    options = parser.parse_args()
    counts: Counter[tuple[bool, str]] = Counter()
    kinds: Counter[str] = Counter()
    for paper in load_corpus(SUPERMAT, options.gold).papers:
        if part_of(SUPERMAT, paper.stem) != options.part:
            continue
        for found in temperatures(paper):
            counts[found.is_tc, "all"] += 1
            counts[found.is_tc, "left out"] += found.kind is not None
            counts[found.is_tc, "claimed"] += found.claimed
            kinds[found.kind or "-"] += not found.is_tc
            wrong = (found.kind is not None) if found.is_tc else found.claimed
            if options.show and wrong:
                print(paper.stem, found.kind or "claimed", found.text, sep=" | ")
    for is_tc, name in ((True, "Tc"), (False, "other")):
        left, claimed = counts[is_tc, "left out"], counts[is_tc, "claimed"]
        print(f"{name}: {counts[is_tc, 'all']}, left out by the words {left}, claims {claimed}")
    right, extra = counts[True, "claimed"], counts[False, "claimed"]
    print(f"claims: precision {100 * right / (right + extra):.1f}", end=", ")
    print(f"recall {100 * right / counts[True, 'all']:.1f}")
    print("kinds of the others:", dict(kinds.most_common()))


if __name__ == "__main__":
    main()
