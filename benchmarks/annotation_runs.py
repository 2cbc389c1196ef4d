"""Runs of the study of annotation: rounds of choosing, proposing, correcting and learning.

Each round is a line of JSON in the file of the study's state, so that a run that was cut off goes
on after its last round, with the same outcome. What is made of the rounds lives in
``annotation_results``.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from annotation_edits import Annotation, Edits, corrected, edits
from annotation_model import Model, Sentence
from annotation_orders import ORDERS

from scmine.corpora.evaluate import MICRO, Score

GROWTH = 5  # a round shows at least a fifth of what was shown before: models are fitted less often


@dataclass(frozen=True)
class Setting:
    """One run.

    Attributes
    ----------
    order
        A key of ``ORDERS``.
    seed
        Of the choice of papers, of what is random, and of the annotator's oversights.
    miss
        The probability that the annotator overlooks an edit.
    """

    order: str
    seed: int
    miss: float = 0.0

    @property
    def name(self) -> str:
        """How the run is called in the state."""
        return f"{self.order}, seed {self.seed}, miss {self.miss:g}"


@dataclass(frozen=True)
class Size:
    """Sentences annotated from nothing at the start, shown a round, and shown in the end."""

    start: int = 100
    batch: int = 100
    most: int = 2000


@dataclass(frozen=True)
class Round:
    """What a round showed, what it cost, and how good the model was afterwards.

    Attributes
    ----------
    shown
        Places of the sentences in the pool, in the order shown.
    left
        The annotation that the annotator left of each.
    edits
        Of this round.
    gold
        Mentions and links of the sentences: the edits that annotating them from nothing takes.
    words, characters
        Of the sentences.
    f1
        Of mentions on the held-out papers, exact bounds, in percent: by label and micro.
    link_f1
        Of links between the gold's mentions, by label and micro.
    """

    shown: list[int]
    left: list[Annotation]
    edits: Edits
    gold: int
    words: int
    characters: int
    f1: dict[str, float]
    link_f1: dict[str, float]


@dataclass
class State:
    """The rounds of all runs so far, kept in a file if there is one.

    Raises
    ------
    ValueError
        If the file holds another study.
    """

    study: dict[str, Any]
    path: Path | None = None
    rounds: dict[str, list[Round]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.path is None:
            return
        text = self.path.read_text("utf-8") if self.path.exists() else ""
        whole = text[: text.rfind("\n") + 1]  # what follows was cut off while it was written
        if whole != text:
            self.path.write_text(whole, "utf-8")
        lines = [json.loads(line) for line in whole.splitlines()]
        if not lines:
            self._write({"study": self.study})
        elif lines[0] != json.loads(json.dumps({"study": self.study})):
            raise ValueError(f"{self.path} holds another study: {lines[0]}; name another file")
        for line in lines[1:]:
            self.rounds.setdefault(line["run"], []).append(_round(line))

    def add(self, name: str, made: Round) -> None:
        """Keep a round."""
        self.rounds.setdefault(name, []).append(made)
        left = [[list(a.mentions), sorted(a.links)] for a in made.left]
        self._write({"run": name, **asdict(made), "left": left})

    def _write(self, line: dict[str, Any]) -> None:
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(line) + "\n")


def read_state(path: Path) -> State:
    """The rounds in a file, to look at.

    Raises
    ------
    ValueError
        If the file does not begin with a study.
    """
    with path.open(encoding="utf-8") as stream:
        first = json.loads(stream.readline())
    if "study" not in first:
        raise ValueError(f"{path} is no state of the study of annotation")
    return State(first["study"], path)


def _round(line: dict[str, Any]) -> Round:
    values = {key: value for key, value in line.items() if key != "run"}
    values["edits"] = Edits(**values["edits"])
    values["left"] = [
        Annotation(
            tuple((start, end, label) for start, end, label in mentions),
            frozenset((label, value, target) for label, value, target in links),
        )
        for mentions, links in values["left"]
    ]
    return Round(**values)


def run(
    setting: Setting,
    size: Size,
    pool: Sequence[Sentence],
    held_out: Sequence[Sentence],
    state: State,
) -> Iterator[Round]:
    """The rounds of a run that ``state`` does not hold yet, each put there as it is made.

    The first round annotates the first sentences of the pool from nothing.
    """
    done = state.rounds.get(setting.name, [])
    shown = [i for made in done for i in made.shown]
    learnt = [(pool[i], a) for made in done for i, a in zip(made.shown, made.left, strict=True)]
    model = Model(learnt, setting.seed) if learnt else None
    most = min(size.most, len(pool))
    while len(shown) < most:
        rng = random.Random(f"{setting.seed} {len(shown)}")
        if model is None:
            chosen = list(range(min(size.start, most)))
            before = [Annotation()] * len(chosen)
        else:
            seen = set(shown)
            rest = [i for i in range(len(pool)) if i not in seen]
            order = ORDERS[setting.order](
                [pool[i] for i in rest], [pool[i] for i in shown], model, rng
            )
            count = min(max(size.batch, len(shown) // GROWTH), most - len(shown))
            chosen = [rest[i] for i in order[:count]]
            before = [model.annotate(pool[i]) for i in chosen]
        after = [
            corrected(annotation, pool[i].gold, setting.miss, rng)
            for i, annotation in zip(chosen, before, strict=True)
        ]
        shown += chosen
        learnt += [(pool[i], annotation) for i, annotation in zip(chosen, after, strict=True)]
        model = Model(learnt, setting.seed)
        made = _made(pool, chosen, before, after, model.scores(held_out))
        state.add(setting.name, made)
        yield made


def whole_pool(
    seed: int, pool: Sequence[Sentence], held_out: Sequence[Sentence], state: State
) -> Round:
    """What the whole pool's gold teaches: one round, kept as the run ``all``."""
    name = Setting("all", seed).name
    if name not in state.rounds:
        gold = [s.gold for s in pool]
        model = Model(list(zip(pool, gold, strict=True)), seed)
        everything = list(range(len(pool)))
        nothing = [Annotation()] * len(pool)
        state.add(name, _made(pool, everything, nothing, gold, model.scores(held_out)))
    return state.rounds[name][0]


def _made(
    pool: Sequence[Sentence],
    chosen: list[int],
    before: Sequence[Annotation],
    after: list[Annotation],
    scores: tuple[dict[str, Score], dict[str, Score]],
) -> Round:
    mentions, links = ({k: round(s.f1, 3) for k, s in part.items()} for part in scores)
    return Round(
        shown=chosen,
        left=after,
        edits=sum((edits(a, b) for a, b in zip(before, after, strict=True)), Edits()),
        gold=sum(len(pool[i].gold) for i in chosen),
        words=sum(pool[i].words for i in chosen),
        characters=sum(len(pool[i].text) for i in chosen),
        f1={MICRO: 0.0, **mentions},
        link_f1={MICRO: 0.0, **links},
    )
