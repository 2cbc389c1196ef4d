"""Whose claim: accuracy of ``origin`` and ``evidence`` on the judged claims; the fit of weights.

    python benchmarks/whose_claim.py FOLDER... [--split dev|test|all] [--folds 10] [--fit OUT.json]

The folders hold the papers, at any depth; the judged claims come with the package. A claim is
judged at its place in the paper as read, whether or not the extractor would make it. ``--fit``
fits the weights of running text to the development papers and writes them; ``--folds`` gives their
accuracy by cross-validation over papers instead of that of the packaged weights.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scmine.corpora.gold_claims import JudgedClaim, find_place, load_gold_claims
from scmine.corpora.whose_training import Example, fit, folds
from scmine.extractors import read
from scmine.extractors.claim import Claim, Place
from scmine.extractors.lexicons import load_toml
from scmine.extractors.paper_profile import PaperProfile
from scmine.extractors.whose_claim import probability, whose_claim
from scmine.extractors.whose_features import origin_features

RESAMPLES = 2000
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Found:
    """A judged claim found again in its paper."""

    gold: JudgedClaim
    claim: Claim
    place: Place
    profile: PaperProfile


@dataclass(frozen=True)
class Answer:
    """What was judged of a claim of a paper, and what was concluded."""

    paper: str
    gold: str
    got: str


def find(gold: Sequence[JudgedClaim], folders: Sequence[Path]) -> tuple[list[Found], list[str]]:
    """The judged claims of the papers in ``folders``, and the ids of those not found again."""
    files = {p.name: p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file()}
    papers: dict[str, list[JudgedClaim]] = defaultdict(list)
    for claim in gold:
        papers[claim.file].append(claim)
    found, lost = [], []
    for name, claims in papers.items():
        if name not in files:
            lost += [c.id for c in claims]
            continue
        document = read(files[name])
        profile = PaperProfile.of(document)
        for one in claims:
            place = find_place(document, one)
            if place is None:
                lost.append(one.id)
            else:
                found.append(Found(one, _claim(one, place), place, profile))
    return found, lost


def _claim(gold: JudgedClaim, place: Place) -> Claim:
    """A claim with what the judgement needs: its fields, its value and its material."""
    values = dict.fromkeys(gold.fields, gold.value)
    return Claim(gold.material, values, gold.source, "", "", None, (), "", 1.0, place=place)


def answers(found: Sequence[Found]) -> dict[str, list[Answer]]:
    """Judgement and conclusion of each claim, by question."""
    result: dict[str, list[Answer]] = {"origin": [], "evidence": []}
    for one in found:
        whose = whose_claim(one.claim, one.profile)
        origin = whose.origin.value if whose.origin else UNKNOWN
        result["origin"].append(Answer(one.gold.file, one.gold.origin, origin))
        if one.gold.evidence != UNKNOWN:
            evidence = whose.evidence.value
            result["evidence"].append(Answer(one.gold.file, one.gold.evidence, evidence))
    return result


def accuracy(given: Sequence[Answer]) -> float:
    """The share that is right, in percent."""
    return 100 * sum(a.gold == a.got for a in given) / max(1, len(given))


def balanced(given: Sequence[Answer]) -> float:
    """The mean over the judged values of the share that is right, in percent."""
    by_gold: dict[str, list[Answer]] = defaultdict(list)
    for answer in given:
        by_gold[answer.gold].append(answer)
    return sum(map(accuracy, by_gold.values())) / max(1, len(by_gold))


def interval(
    given: Sequence[Answer], score: Callable[[Sequence[Answer]], float]
) -> tuple[float, float]:
    """The 95 % interval of ``score``, papers drawn with replacement."""
    papers: dict[str, list[Answer]] = defaultdict(list)
    for answer in given:
        papers[answer.paper].append(answer)
    groups, draw = list(papers.values()), random.Random(0)
    scores = sorted(
        score([a for group in draw.choices(groups, k=len(groups)) for a in group])
        for _ in range(RESAMPLES)
    )
    return scores[int(0.025 * RESAMPLES)], scores[int(0.975 * RESAMPLES)]


def show(title: str, given: Sequence[Answer]) -> None:
    """Print accuracy with its interval, and how often what was taken for what."""
    for name, score in (("accuracy", accuracy), ("balanced", balanced)):
        low, high = interval(given, score)
        print(f"{title}: {name} {score(given):.1f} ({low:.1f}–{high:.1f}), {len(given)} claims")
    for (gold, got), count in sorted(Counter((a.gold, a.got) for a in given).items()):
        print(f"    {gold} taken for {got}: {count}")


def examples_of(found: Sequence[Found]) -> list[Example]:
    """What weights are fitted to: the claims of running text."""
    return [
        Example(
            one.gold.file,
            origin_features(one.claim, one.place, one.profile),
            one.gold.origin == "this_work",
        )
        for one in found
        if one.place.passage is not None
    ]


def cross_validated(examples: Sequence[Example], count: int) -> list[Answer]:
    """Judgement and conclusion of each example by weights that have not seen its paper."""
    start = load_toml("whose_weights.toml")["origin"]
    result = []
    for learn, held in folds(examples, count):
        weights = fit([examples[i] for i in learn], start)
        for one in (examples[i] for i in held):
            own = probability(one.features, weights) > 0.5
            result.append(Answer(one.paper, str(one.own), str(own)))
    return result


def main() -> None:
    """Read the papers, print the scores, write the weights if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--split", choices=("dev", "test", "all"), default="dev")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--fit", type=Path)
    options = parser.parse_args()
    gold = [c for c in load_gold_claims() if options.split in ("all", c.split)]
    found, lost = find(gold, options.folders)
    print(f"{len(found)} claims of {len({f.gold.file for f in found})} papers; not found: {lost}")
    for question, given in answers(found).items():
        show(question, given)
        for source in ("text", "table"):
            part = [
                g
                for g, f in zip(given, _asked(found, question), strict=True)
                if f.gold.source == source
            ]
            print(f"    {source}: {accuracy(part):.1f} of {len(part)}")
    if options.folds:
        show("origin in text, cross-validated", cross_validated(examples_of(found), options.folds))
    if options.fit:
        seen = [f for f in found if f.gold.split == "dev"]
        weights = fit(examples_of(seen), load_toml("whose_weights.toml")["origin"])
        text = json.dumps(weights, indent=0, sort_keys=True, ensure_ascii=False)
        options.fit.write_text(text + "\n", encoding="utf-8")


def _asked(found: Sequence[Found], question: str) -> list[Found]:
    """The claims of which ``question`` has a judgement."""
    return [f for f in found if question == "origin" or f.gold.evidence != UNKNOWN]


if __name__ == "__main__":
    main()
