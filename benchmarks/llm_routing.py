"""What routing sends to a language model, what that saves, and whether it sends the right places.

    python benchmarks/llm_routing.py PAPERS… [--gold SUPERMAT --split dev|train|all]
        [--low X,Y,… --score X,Y,…] [--examples N --seed S] [--json]

PAPERS are files, or folders of PDFs. Nothing is asked: requests are made, counted and thrown away.
First come requests and tokens with routing and with everything asked, and how many places each
reason opens, alone or with others; then those of the second round (whose, and the check that is
asked with ``--llm-check``) for the records of the rules. With ``--gold``: of the links of material
and Tc that the annotators made and no record of the passage states, which share lies in passages
that are routed (the recall of routing), and which share of all passages that is; ``missed`` counts
links that no record of the whole paper states. ``--low`` and ``--score`` try other thresholds.
``--examples`` prints so many routed and other passages with what the records say, to be read by
hand.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from layer_losses import gold_on

from scmine.corpora.splits import split_papers
from scmine.corpora.supermat import load_supermat
from scmine.corpora.tc_pairs import Pair, formulas_of, found_pairs, normalise, numbers, score
from scmine.corpora.types import Paper
from scmine.extractors import extract, read
from scmine.extractors.claim import LinkLabel
from scmine.extractors.document import Document, ReadError
from scmine.extractors.extract import Extraction, mined
from scmine.extractors.llm.asking import requests_for
from scmine.extractors.llm.cost import prompt_tokens
from scmine.extractors.llm.routing import (
    Thresholds,
    all_places,
    open_places,
    passage_place,
    thresholds,
)
from scmine.extractors.llm.second_round import second_round


@dataclass(frozen=True)
class Mined:
    """A paper as the rules leave it."""

    stem: str
    document: Document
    extraction: Extraction


@dataclass(frozen=True)
class GoldLink:
    """A link of the gold: its pair, the passage it stands in, and where it is stated by records."""

    pair: Pair
    place: str
    in_passage: bool
    in_paper: bool


def mine(files: Iterable[Path]) -> Iterator[Mined]:
    """The papers among ``files`` that can be read."""
    for file in files:
        try:
            document = read(file)
        except ReadError as error:
            print(f"{file.name}: {error.status}: {error}", file=sys.stderr)
            continue
        yield Mined(file.stem, document, extract(document))


def gold_links(paper: Paper, mined_paper: Mined) -> list[GoldLink]:
    """The gold links of material and Tc on the text as read, and whether records state them."""
    document, extraction = mined_paper.document, mined_paper.extraction
    gold = gold_on(paper, document)
    everywhere = found_pairs(extraction.records)
    found: list[GoldLink] = []
    for position in mined(document):
        text = document.passages[position].text
        here = found_pairs(r for r in extraction.stated if r.places[0].passage == position)
        for link in gold.links.get(text, []):
            if link.label is not LinkLabel.MATERIAL_TC:
                continue
            material, value = (gold.mentions[text][i].text for i in (link.head, link.tail))
            for tc in numbers(value):
                pair = Pair(normalise(material), tc, formulas_of(material))
                states = [bool(score("", [pair], f).gold_said) for f in (here, everywhere)]
                found.append(GoldLink(pair, passage_place(position), *states))
    return found


def recall(
    papers: Sequence[Mined], links: Sequence[Sequence[GoldLink]], limits: Thresholds
) -> dict[str, float]:
    """The recall of routing with these thresholds, in links missed, and what it costs."""
    counts: Counter[str] = Counter()
    for paper, gold in zip(papers, links, strict=True):
        routed = {r.place for r in open_places(paper.document, paper.extraction, limits)}
        passages = [place for place in routed if place.startswith("p")]
        counts["passages"] += len(mined(paper.document))
        counts["routed"] += len(passages)
        for link in gold:
            counts["links"] += 1
            for name, stated in (("here", link.in_passage), ("missed", link.in_paper)):
                counts[name] += not stated
                counts[f"{name} routed"] += not stated and link.place in routed
    share = counts["routed"] / max(counts["passages"], 1)
    return dict(counts) | {
        "share of passages": round(100 * share, 1),
        "recall, not stated in passage": _percent(counts, "here"),
        "recall, not stated in paper": _percent(counts, "missed"),
    }


def _percent(counts: Counter[str], name: str) -> float:
    return round(100 * counts[f"{name} routed"] / max(counts[name], 1), 1)


def calls(papers: Sequence[Mined]) -> dict[str, object]:
    """Requests and their tokens with routing and with everything, and what each reason opens."""
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for paper in papers:
        routed = open_places(paper.document, paper.extraction)
        by_place: dict[str, list[str]] = {}
        for one in routed:
            by_place.setdefault(one.place, []).append(one.reason.value)
        reasons.update(one.reason.value for one in routed)
        alone.update(names[0] for names in by_place.values() if len(names) == 1)
        for name, places in (("routed", routed), ("all", all_places(paper.document))):
            requests = requests_for(paper.document, places, mentions=paper.extraction.mentions)
            counts.update(f"{name} {request.task.value}" for request in requests)
            counts[f"{name} requests"] += len(requests)
            counts[f"{name} tokens"] += sum(map(prompt_tokens, requests))
        second = second_round(paper.document, paper.extraction, check=True)
        reasons.update(one.routed.reason.value for one in second.unclear)
        for request in second.requests:
            counts[f"second round {request.task.value}"] += 1
            counts[f"second round {request.task.value} tokens"] += prompt_tokens(request)
        counts["papers without a request"] += not routed and not second.unclear
    return {
        "papers": len(papers),
        **counts,
        "requests saved": _saved(counts, "requests"),
        "tokens saved": _saved(counts, "tokens"),
        "reasons": dict(reasons.most_common()),
        "alone": dict(alone.most_common()),
    }


def _saved(counts: Counter[str], what: str) -> float:
    return round(100 * (1 - counts[f"routed {what}"] / max(counts[f"all {what}"], 1)), 1)


def examples(papers: Sequence[Mined], count: int, seed: int) -> Iterator[str]:
    """Passages drawn at random, routed ones first, each with reasons and records."""
    chosen: dict[bool, list[str]] = {True: [], False: []}
    for paper in papers:
        routed = open_places(paper.document, paper.extraction)
        for position in mined(paper.document):
            place = passage_place(position)
            why = [f"{r.reason} ({r.why[:80]})" for r in routed if r.place == place]
            said = [
                f"    {r.raw_material} | {r.raw_tc} | {r.raw_pressure} | {r.confidence} {r.flags}"
                for r in paper.extraction.stated
                if r.places[0].passage == position
            ]
            text = paper.document.passages[position].text
            lines = [f"{paper.stem} {place}: {'; '.join(why)}", f"  {text}", *said]
            chosen[bool(why)].append("\n".join(lines))
    rng = random.Random(seed)
    for is_routed in (True, False):
        yield f"==== {'routed' if is_routed else 'not routed'}"
        yield from rng.sample(chosen[is_routed], min(count, len(chosen[is_routed])))


def _files(named: Sequence[Path]) -> Iterator[Path]:
    for path in named:
        yield from sorted(path.glob("*.pdf")) if path.is_dir() else [path]


def _floats(text: str) -> list[float]:
    return [float(number) for number in text.split(",")]


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("papers", type=Path, nargs="+", help="papers and folders of PDFs")
    parser.add_argument("--gold", type=Path, help="folder of SuperMat TEI files")
    parser.add_argument("--split", choices=["dev", "train", "all"], default="all")
    parser.add_argument("--low", type=_floats, default=[thresholds().low_confidence])
    parser.add_argument("--score", type=_floats, default=[thresholds().mention_score])
    parser.add_argument("--examples", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    gold: dict[str, Paper] = {}
    if options.gold:
        every = load_supermat(options.gold)
        train, dev = split_papers(every)
        chosen = {"dev": dev, "train": train, "all": every}[options.split]
        gold = {paper.stem: paper for paper in chosen}
    files = [f for f in _files(options.papers) if not gold or f.stem in gold]
    papers = list(mine(files))
    print(json.dumps(calls(papers), indent=2))
    if gold:
        links = [gold_links(gold[paper.stem], paper) for paper in papers]
        for low, mention_score in product(options.low, options.score):
            limits = replace(thresholds(), low_confidence=low, mention_score=mention_score)
            found = {"low": low, "score": mention_score, **recall(papers, links, limits)}
            print(json.dumps(found))
    for text in examples(papers, options.examples, options.seed) if options.examples else ():
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
