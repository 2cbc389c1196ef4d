"""What the order of annotation is worth: an annotator is simulated on SuperMat, round by round.

The first sentences of a pool of training papers are annotated from nothing. A small model learns
them, an order chooses the next sentences, the model proposes annotations, the simulated annotator
corrects them to the gold, his edits are counted, and the model learns again and is scored on
papers that are not in the pool. The model is not the shipped tagger (see ``annotation_model``).

    python benchmarks/annotation.py SUPERMAT --state FILE [--seeds 0 1 2 3 4] [--plot FILE.svg]

Orders are those of ``annotation_orders``. ``--tune`` scores on training papers that are then in no
pool, and is what choices were made with; without it the development papers score. A run that was
cut off goes on if it is started again with the same ``--state``. Needs the extra ``dev``.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from annotation_model import Sentence, sentences_of
from annotation_orders import ORDERS
from annotation_results import Runs, draw, help_of_proposals, mean_f1, summary, table
from annotation_runs import Setting, Size, State, run, whole_pool

from scmine.corpora.evaluate import MICRO
from scmine.corpora.loading import SUPERMAT, load_corpus
from scmine.corpora.respace import vocabulary
from scmine.corpora.splits import split_corpus, split_stems
from scmine.corpora.types import CorpusError, Paper

_AT: dict[str, Sequence[float]] = {  # what was spent when mean F1 is printed
    "sentences": (100, 200, 300, 500, 700, 1000, 1500, 2000),
    "corrections": (100, 200, 300, 500, 700, 1000, 1500),
    "hours": (0.5, 1, 1.5, 2, 3, 4, 5),
}
_UNTIL = "end a run when it reaches this share of the whole pool's F1 (for instance 0.99)"


@dataclass(frozen=True)
class Papers:
    """Papers to draw pools from, and those that score."""

    pool: list[Paper]
    held_out: list[Paper]


def main() -> int:
    """Run what is not in the state yet and print its tables; 1 if a file is not as it should be."""
    options = _parser().parse_args()
    size = Size(options.start, options.batch, options.most)
    study = {"tune": options.tune, "papers": options.papers, "size": asdict(size)}
    try:
        papers = divide(load_corpus(SUPERMAT, options.supermat).papers, options.tune)
        state = State(study, options.state)
    except (CorpusError, FileNotFoundError, ValueError) as error:
        print(f"annotation: {error}", file=sys.stderr)
        return 1
    settings = [
        Setting(order, seed, options.miss) for order in options.orders for seed in options.seeds
    ]
    run_all(settings, size, papers, state, options.until)
    report(settings, state, options.json, options.plot)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("supermat", type=Path, help="folder with SuperMat's *.tei.xml files")
    parser.add_argument("--orders", nargs="+", choices=ORDERS, default=list(ORDERS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--miss", type=float, default=0.0, help="share of edits overlooked")
    parser.add_argument("--papers", type=int, default=40, help="papers of a pool (default: 40)")
    parser.add_argument("--start", type=int, default=Size.start, help="sentences of the start")
    parser.add_argument("--batch", type=int, default=Size.batch, help="sentences a round, at least")
    parser.add_argument("--most", type=int, default=Size.most, help="sentences shown in the end")
    parser.add_argument("--until", type=float, metavar="SHARE", help=_UNTIL)
    parser.add_argument("--tune", action="store_true", help="score on training papers")
    parser.add_argument("--state", type=Path, help="file the rounds are kept in")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--plot", type=Path, help="draw the curves there (.svg or .png)")
    return parser


def divide(papers: Sequence[Paper], tune: bool) -> Papers:
    """Training papers for pools, and the papers that score; with ``tune`` only training papers."""
    split = split_corpus(SUPERMAT, papers)
    if not tune:
        return Papers(split.train, split.dev)
    kept = set(split_stems([f"tuning {p.stem}" for p in split.train])[1])
    scoring = [p for p in split.train if f"tuning {p.stem}" in kept]
    return Papers([p for p in split.train if p not in scoring], scoring)


def drawn(papers: Sequence[Paper], count: int, seed: int) -> list[Paper]:
    """The papers of a seed's pool, in the order in which a person would read them."""
    return random.Random(seed).sample(list(papers), min(count, len(papers)))


def run_all(
    settings: Sequence[Setting], size: Size, papers: Papers, state: State, until: float | None
) -> None:
    """Make the rounds that are missing, seed by seed, and say how they went."""
    words = vocabulary(papers.pool)
    held_out = [s for p in papers.held_out for s in sentences_of(p, words)]
    for seed in dict.fromkeys(s.seed for s in settings):
        pool: list[Sentence] = [
            s
            for p in drawn(papers.pool, state.study["papers"], seed)
            for s in sentences_of(p, words)
        ]
        whole = whole_pool(seed, pool, held_out, state)
        print(
            f"seed {seed}: a pool of {len(pool)} sentences, {whole.gold} mentions and links; all "
            f"of it teaches {whole.f1[MICRO]:.1f}, links {whole.link_f1[MICRO]:.1f}",
            flush=True,
        )
        wanted = float("inf") if until is None else until * whole.f1[MICRO]
        for setting in settings:
            before = state.rounds.get(setting.name, [])
            if setting.seed == seed and all(m.f1[MICRO] < wanted for m in before):
                for made in run(setting, size, pool, held_out, state):
                    print(
                        f"{setting.name}: {len(made.shown)} sentences, {made.edits.total} edits "
                        f"of {made.gold}, F1 {made.f1[MICRO]:.1f}, links {made.link_f1[MICRO]:.1f}",
                        flush=True,
                    )
                    if made.f1[MICRO] >= wanted:
                        break


def report(
    settings: Sequence[Setting], state: State, figures: Path | None, plot: Path | None
) -> None:
    """Print the tables; write figures and picture where wanted."""
    seeds = list(dict.fromkeys(s.seed for s in settings))
    whole = {s: state.rounds[Setting("all", s).name][0] for s in seeds}
    runs: Runs = {
        order: {s.seed: state.rounds[s.name] for s in settings if s.order == order}
        for order in dict.fromkeys(s.order for s in settings)
    }
    rows = summary(runs, whole)
    means = {cost: mean_f1(runs, cost, at) for cost, at in _AT.items()}
    proposals = help_of_proposals(runs)
    print(table(rows))
    for cost, by_order in means.items():
        print(f"\nmean F1 after {', '.join(map(str, _AT[cost]))} {cost}:")
        for order, values in by_order.items():
            print(f"{order}: {', '.join(f'{v:.1f}' for v in values)}")
    print("\nedits of proposals, percent of annotating from nothing (all rounds; last):")
    for order, shares in proposals.items():
        print(f"{order}: {shares['all rounds']:.0f}; {shares['last round']:.0f}")
    if figures is not None:
        whole_f1 = {s: {"mentions": r.f1, "links": r.link_f1} for s, r in whole.items()}
        found = {"study": state.study, "whole pool": whole_f1, "costs": rows}
        found |= {"spent": _AT, "mean F1": means, "proposals": proposals}
        figures.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if plot is not None:
        draw(runs, whole, plot)


if __name__ == "__main__":
    sys.exit(main())
