"""What the linker of relations and doping events sees of a mention and of those it may choose.

Built on the token view of ``link_features``, in which each mention is one token. Which classes
choose among which is data (``data/relations.toml``); choices stand in the chooser's sentence, since
hardly any relation of SC-CoMIcs leaves its sentence. The network and its use live in ``relations``,
fitting in ``scmine.corpora``.
"""

from __future__ import annotations

import math
import re
import tomllib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from scmine.extractors.link_features import (
    Features,
    PassageView,
    Slot,
    around,
    target_kind,
    token_name,
)

_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_SYMBOL = re.compile(r"[A-Z][a-z]?")
_UNIT = re.compile(r"[^\W\d_]+$|%$")
_MOST_BETWEEN = 4
_LONGEST_PATH = 4  # words between two mentions that count as one pattern
_LONGEST_REACH = 14  # words between two mentions that are looked at one by one


@dataclass(frozen=True, slots=True)
class Rule:
    """Which mentions choose which for one label of links, and which of the two is the head.

    A chooser of the class ``needs[0]`` has the relation only if it has one of the label
    ``needs[1]`` too. Nor does it have one of the label ``outranks[0]`` besides: of the two this is
    kept if its probability is at least ``outranks[1]`` times the other's.
    """

    label: str
    choosers: frozenset[str]
    choices: frozenset[str]
    chooser_is_head: bool
    needs: tuple[str, str] | None = None
    outranks: tuple[str, float] | None = None


@cache
def relation_rules() -> tuple[Rule, ...]:
    """The rules of ``data/relations.toml``, in the order of the file."""
    text = (files("scmine.extractors") / "data" / "relations.toml").read_text("utf-8")
    tables: dict[str, dict[str, Any]] = tomllib.loads(text)
    return tuple(
        Rule(
            label,
            frozenset(table["choosers"]),
            frozenset(table["choices"]),
            table["head"] == "chooser",
            (table["needs"]["class"], table["needs"]["label"]) if "needs" in table else None,
            (table["outranks"]["label"], table["outranks"]["share"])
            if "outranks" in table
            else None,
        )
        for label, table in tables.items()
    )


@lru_cache(maxsize=20_000)
def looks(label: str, text: str) -> str:
    """What a mention looks like: an element, a formula, a word of doping, a unit.

    >>> looks("Element", "Zn"), looks("Main", "MgB2"), looks("Value", "39 K"), looks("Doping", "doped")
    ('symbol', 'formula', 'K', 'doped')
    """  # noqa: E501
    if label in ("Element", "Main", "Material"):
        return "symbol" if _SYMBOL.fullmatch(text) else target_kind(text)
    if label == "Value":
        unit = _UNIT.search(text)
        return unit.group() if unit else "=" if "=" in text else "number"
    return text.lower()


class Choices:
    """The mentions of one sentence that each chooser may pick, and the features of each pick."""

    def __init__(self, view: PassageView, rule: Rule) -> None:
        self.view = view
        self._choices: dict[int, list[Slot]] = {}
        for slot in view.of(*rule.choices):
            self._choices.setdefault(slot.sentence, []).append(slot)
        self._choosers: dict[int, list[Slot]] = {}
        for slot in view.of(*rule.choosers):
            if slot.sentence in self._choices:
                self._choosers.setdefault(slot.sentence, []).append(slot)
        self.choosers = [slot for slots in self._choosers.values() for slot in slots]
        self._chooser_at = {k: [s.at for s in slots] for k, slots in self._choosers.items()}
        self._runs = view.runs_of(view.of(*(rule.choosers | rule.choices)))
        self._chooser_runs = view.runs_of(self.choosers)
        self._all = view.of(*view.slots)
        self._all_at = [s.at for s in self._all]
        self._counts = Counter(s.key for s in self._all)
        self._named: dict[int, tuple[str, ...]] = {}

    def of(self, chooser: Slot) -> list[Slot]:
        """What ``chooser`` may pick, in the order of the text; of very many, those around it."""
        return [s for s in around(self._choices[chooser.sentence], chooser.at) if s is not chooser]

    def rows(self, chooser: Slot) -> list[Features]:
        """Features of each choice, and last those of picking none."""
        choices = self.of(chooser)
        rows = [
            dict.fromkeys(self._pair(chooser, c, choices), 1.0) | self._distance(chooser, c)
            for c in choices
        ]
        return [*rows, dict.fromkeys(self._nothing(chooser, choices), 1.0)]

    def _between(self, low: int, high: int) -> list[Slot]:
        """The mentions between two token positions."""
        return self._all[bisect_right(self._all_at, low) : bisect_left(self._all_at, high)]

    def _rivals(self, sentence: int, low: int, high: int) -> int:
        """How many choosers of a sentence stand between two token positions."""
        at = self._chooser_at[sentence]
        return max(0, bisect_left(at, high) - bisect_right(at, low))

    def _around(self, slot: Slot) -> Iterator[str]:
        """The classes of the nearest mentions to either side in the sentence."""
        here = bisect_left(self._all_at, slot.at)
        for step in (-2, -1, 1, 2):
            i = here + step
            near = self._all[i] if 0 <= i < len(self._all) else None
            if near is not None and near.sentence == slot.sentence:
                yield f"|{step:+d}={near.mention.label}"

    def _distance(self, chooser: Slot, choice: Slot) -> Features:
        side = "before" if choice.at < chooser.at else "after"
        return {f"{side}:distance": math.log1p(abs(choice.at - chooser.at) - 1) / 2}

    def _pair(self, chooser: Slot, choice: Slot, choices: Sequence[Slot]) -> Iterator[str]:
        before = choice.at < chooser.at
        side = "before" if before else "after"
        low, high = sorted((choice.at, chooser.at))
        own, other = chooser.mention, choice.mention
        mine, its = looks(own.label, own.text), looks(other.label, other.text)
        yield "candidate"
        yield f"{side}:{own.label}:{other.label}"
        yield f"{side}:its={its}"
        yield f"{side}:mine={mine}"
        yield f"{side}:{mine}>{its}"
        path = " ".join(self.view.tokens[low + 1 : high]) if high - low <= _LONGEST_PATH else "long"
        yield f"{side}:path={path}"
        yield f"{side}:{mine}:path={path}"
        yield f"{side}:{its}:path={path}"
        between = [c for c in choices if low < c.at < high]
        rivals = self._rivals(chooser.sentence, low, high)
        yield f"{side}:choices={min(len(between), _MOST_BETWEEN)}"
        yield f"{side}:rivals={min(rivals, _MOST_BETWEEN)}"
        yield f"{side}:rivals:{mine}={min(rivals, _MOST_BETWEEN)}"
        labels = [s.mention.label for s in self._between(low, high)]
        yield f"{side}:labels={' '.join(labels) if len(labels) <= _LONGEST_PATH else 'many'}"
        yield from (f"{side}:has={label}" for label in dict.fromkeys(labels))
        yield f"said={min(self._counts[choice.key], 3)}"
        yield from (f"choice{name}" for name in self._around(choice))
        yield from self._place(chooser, choice, choices, side)
        yield from self._words(chooser, choice, low, high, side)

    def _place(
        self, chooser: Slot, choice: Slot, choices: Sequence[Slot], side: str
    ) -> Iterator[str]:
        """Where both stand among their like, and in enumerations."""
        by_distance = sorted(choices, key=lambda c: abs(c.at - chooser.at))
        yield f"{side}:near={min(by_distance.index(choice), _MOST_BETWEEN)}"
        if len(choices) == 1:
            yield "only_choice"
        rivals = self._chooser_at[chooser.sentence]
        distance = abs(chooser.at - choice.at)
        nearer = self._rivals(chooser.sentence, choice.at - distance, choice.at + distance)
        yield f"{side}:nearer_rivals={min(nearer, _MOST_BETWEEN)}"
        if len(choices) > 1 and len(rivals) > 1:
            equal = "equal" if len(choices) == len(rivals) else "unequal"
            aligned = choices.index(choice) == bisect_left(rivals, chooser.at)
            yield f"order:{equal}:{aligned}"
        run, its = self._chooser_runs[chooser.at], self._runs[choice.at]
        if run.length > 1:
            yield f"{side}:my_run={min(run.rank, 2)}:{min(run.length - 1 - run.rank, 2)}"
        if its.length > 1:
            yield f"{side}:its_run={min(its.rank, 2)}:{min(its.length - 1 - its.rank, 2)}"

    def _words(self, chooser: Slot, choice: Slot, low: int, high: int, side: str) -> Iterator[str]:
        view = self.view
        between = view.tokens[low + 1 : high]
        if len(between) <= _LONGEST_REACH:
            yield from (f"{side}:{word}" for word in dict.fromkeys(between))
        for step in (-2, -1, 1, 2):
            yield f"choice{step:+d}={view.token(choice.at + step)}"
            yield f"{side}:chooser{step:+d}={view.token(chooser.at + step)}"

    def _nothing(self, chooser: Slot, choices: Sequence[Slot]) -> Iterator[str]:
        """Features of the chooser that speak for or against its picking any."""
        view, own = self.view, chooser.mention
        mine = looks(own.label, own.text)
        nearest = min(choices, key=lambda c: abs(c.at - chooser.at), default=None)
        yield "nothing"
        yield f"nothing:{own.label}"
        yield f"nothing:mine={mine}"
        yield f"nothing:choices={min(len(choices), 3)}"
        yield f"nothing:rivals={min(len(self._choosers[chooser.sentence]), 5)}"
        yield f"nothing:{view.kind}"
        if nearest is not None:
            reach = min(abs(nearest.at - chooser.at), 8)
            side = "before" if nearest.at < chooser.at else "after"
            yield f"nothing:{side}:nearest={reach}"
            yield f"nothing:{side}:{mine}:nearest={min(reach, 3)}"
        yield from (f"nothing{name}" for name in self._around(chooser))
        for step in (-3, -2, -1, 1, 2, 3):
            yield f"nothing{step:+d}={view.token(chooser.at + step)}"
            if abs(step) == 1:
                yield f"nothing{step:+d}:{mine}={view.token(chooser.at + step)}"
        for word in dict.fromkeys(_WORD.findall(own.text)):
            yield f"nothing:word={token_name(word)}"
        yield from self._sentence_names(chooser.sentence)

    def _sentence_names(self, sentence: int) -> tuple[str, ...]:
        """A name for each word of a sentence, made once for all its choosers."""
        if sentence not in self._named:
            words = dict.fromkeys(self.view.sentence_tokens(sentence))
            self._named[sentence] = tuple(f"nothing:{word}" for word in words)
        return self._named[sentence]
