"""What the trained linker sees of a value and of the mentions that it may belong to.

A passage is laid out as tokens in which each mention is one token, so that distances and the words
between two mentions do not depend on how a formula is spaced. Features have names; a model keeps
the names it knows and ignores the others. Weights and the choice among candidates live in
``linking``, fitting in ``scmine.corpora``.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from scmine.extractors.claim import Label, Mention
from scmine.extractors.document import Passage
from scmine.extractors.lexicons import load_lists
from scmine.extractors.sentences import split_sentences
from scmine.extractors.tokenizer import DASHES, is_formula

Features = dict[str, float]

_LEXICON = load_lists("link_words.toml")
_WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[^\w\s]")
_VARIABLE_VALUE = re.compile(r"[a-zδε]\s*[=~≈∼<>≤≥]", re.IGNORECASE)
_OPEN_VARIABLE = re.compile(rf"[xyzδ](?![a-z])|[{re.escape(DASHES)}+][xyznδ]")
_TWO_NUMBERS = re.compile(r"\d[^.\d]+\d")
_FAR_SENTENCES = 4  # sentences to either side beyond which all distances count the same
_MOST_BETWEEN = 4
_MOST_CHOICES = 64  # beyond what any passage of the corpora has; bounds the time a long text takes
_LONGEST_REACH = 12  # words looked at between two mentions; beyond, only those next to them


@dataclass(frozen=True, slots=True)
class Slot:
    """A mention in its passage: ``index`` in the list given, token position and sentence."""

    index: int
    mention: Mention
    at: int
    sentence: int
    key: str


@dataclass(frozen=True, slots=True)
class Run:
    """The place of a mention in an enumeration: number ``rank`` (from 0) of ``length``."""

    rank: int
    length: int


class PassageView:
    """A passage as tokens and mentions; the order in which mentions are given has no effect."""

    def __init__(self, passage: Passage, mentions: Sequence[Mention]) -> None:
        sentences = passage.sentences or split_sentences(passage.text)
        self.kind = str(passage.kind)
        self._starts = [start for start, _ in sentences]
        self.tokens: list[str] = []
        self.token_sentences: list[int] = []
        self.slots: dict[str, list[Slot]] = {}
        text, done = passage.text, 0
        order = sorted(
            range(len(mentions)),
            key=lambda i: (mentions[i].start, mentions[i].end, mentions[i].label),
        )
        for i in order:
            mention = mentions[i]
            self._add_words(text, done, mention.start)
            sentence = self._sentence(mention.start)
            key = re.sub(r"\s+", "", mention.text).lower()
            slot = Slot(i, mention, len(self.tokens), sentence, key)
            self.slots.setdefault(mention.label, []).append(slot)
            self.tokens.append(f"<{mention.label}>")
            self.token_sentences.append(sentence)
            done = max(done, mention.end)
        self._add_words(text, done, len(text))
        self.runs = {label: self.runs_of(slots) for label, slots in self.slots.items()}

    def of(self, *labels: str) -> list[Slot]:
        """The mentions with any of ``labels``, in the order of the text."""
        if len(labels) == 1:
            return self.slots.get(labels[0], [])
        return sorted((s for k in labels for s in self.slots.get(k, ())), key=lambda s: s.at)

    def sentence_tokens(self, sentence: int) -> list[str]:
        """The tokens of a sentence."""
        first = bisect_left(self.token_sentences, sentence)
        return self.tokens[first : bisect_right(self.token_sentences, sentence)]

    def token(self, at: int) -> str:
        """The token at a position, empty beyond the ends."""
        return self.tokens[at] if 0 <= at < len(self.tokens) else ""

    def _sentence(self, offset: int) -> int:
        return max(0, bisect_right(self._starts, offset) - 1)

    def _add_words(self, text: str, start: int, end: int) -> None:
        for word in _WORD.finditer(text, start, max(start, end)):
            self.tokens.append(token_name(word.group()))
            self.token_sentences.append(self._sentence(word.start()))

    def runs_of(self, slots: Sequence[Slot]) -> dict[int, Run]:
        """For each token position of ``slots``, its place among those that a comma joins."""
        groups: list[list[Slot]] = []
        for slot in slots:
            last = groups[-1][-1] if groups else None
            if last and all(t in _LEXICON["joiners"] for t in self.tokens[last.at + 1 : slot.at]):
                groups[-1].append(slot)
            else:
                groups.append([slot])
        return {s.at: Run(i, len(group)) for group in groups for i, s in enumerate(group)}


@lru_cache(maxsize=20_000)
def token_name(word: str) -> str:
    """A word in lower case; numbers, dashes and tildes each under one name.

    >>> [token_name(w) for w in ("The", "3.5", "∼", "−")]
    ['the', '<number>', '~', '-']
    """
    if word[0].isdigit():
        return "<number>"
    if word in "∼~≈≃≅":
        return "~"
    return "-" if word in DASHES else word.lower()


@lru_cache(maxsize=20_000)
def target_kind(text: str) -> str:
    """What a linked mention looks like: a variable's value, a formula, a name.

    >>> [target_kind(t) for t in ("x = 0.1", "MgB2", "La 2-x Sr x CuO 4", "undoped sample")]
    ['variable', 'formula', 'open_formula', 'name']
    """
    if _VARIABLE_VALUE.search(text[:4]):
        return "variable"
    words = text.split()
    closed = "".join(words)
    if is_formula(closed) or any(is_formula(w) for w in words):
        return "open_formula" if _OPEN_VARIABLE.search(closed) else "formula"
    if len(closed) <= 2:
        return "short"
    return "abbreviation" if closed[:2].isupper() else "name"


def around(slots: Sequence[Slot], at: int) -> Sequence[Slot]:
    """All of ``slots``, which are in the order of the text; of very many, those around a token."""
    if len(slots) <= _MOST_CHOICES:
        return slots
    here = bisect_left(slots, at, key=lambda slot: slot.at)
    first = max(0, min(here - _MOST_CHOICES // 2, len(slots) - _MOST_CHOICES))
    return slots[first : first + _MOST_CHOICES]


class Candidates:
    """The mentions that a value may belong to, and the features of each choice."""

    def __init__(self, view: PassageView, label: Label) -> None:
        self.view = view
        self.targets = view.of(label)
        self.values = view.of(Label.TC_VALUE)
        self._at = [t.at for t in self.targets]
        self._value_at = [v.at for v in self.values]
        self._in_sentence: dict[int, list[Slot]] = {}
        for target in self.targets:
            self._in_sentence.setdefault(target.sentence, []).append(target)
        self._values_in_sentence: dict[int, list[Slot]] = {}
        for value in self.values:
            self._values_in_sentence.setdefault(value.sentence, []).append(value)
        self._ranks = _ranks(self._in_sentence)
        self._value_ranks = _ranks(self._values_in_sentence)
        self._kinds = {k: len({t.key for t in mates}) for k, mates in self._in_sentence.items()}
        self._same_at: dict[str, list[int]] = {}
        for target in self.targets:
            self._same_at.setdefault(target.key, []).append(target.at)
        self._same_in_sentence = Counter((t.key, t.sentence) for t in self.targets)
        self._counts = Counter(t.key for t in self.targets)
        self._said_before = _said_before(self.values)
        self._most = max(self._counts.values(), default=0)
        self._runs = view.runs.get(label, {})
        self._value_runs = view.runs.get(Label.TC_VALUE, {})

    def of(self, value: Slot) -> Sequence[Slot]:
        """The targets that ``value`` may belong to; of very many, those around it."""
        return around(self.targets, value.at)

    def rows(self, value: Slot) -> list[Features]:
        """Features of each of these targets, and last those of leaving the value without one."""
        return [*(self._pair(value, t) for t in self.of(value)), self._nothing(value)]

    def _pair(self, value: Slot, target: Slot) -> Features:
        before = target.at < value.at
        side = "before" if before else "after"
        gap = value.sentence - target.sentence
        same = gap == 0
        low, high = sorted((target.at, value.at))
        kind = target_kind(target.mention.text)
        names = [
            "candidate",
            f"gap={max(-2, min(_FAR_SENTENCES, gap))}",
            f"kind={kind}",
            f"{side}:{same}:kind={kind}",
        ]
        where = f"{side}:{same}"
        targets_between = bisect_left(self._at, high) - bisect_right(self._at, low)
        values_between = bisect_left(self._value_at, high) - bisect_right(self._value_at, low)
        names.append(f"{where}:targets={min(targets_between, _MOST_BETWEEN)}")
        names.append(f"{where}:values={min(values_between, _MOST_BETWEEN)}")
        names += self._place(value, target, before, same)
        names += self._repeats(value, target, targets_between)
        names += self._lists(value, target, same)
        names += self._words(value, target, low, high, where)
        features = dict.fromkeys(names, 1.0)
        features[f"{where}:distance"] = math.log1p(high - low - 1) / 2
        return features

    def _place(self, value: Slot, target: Slot, before: bool, same: bool) -> Iterator[str]:
        """Where the target stands among the others of its sentence and of the passage."""
        mates = self._in_sentence[target.sentence]
        i = bisect_left(self._at, value.at)
        nearest_before = self.targets[i - 1] if i else None
        nearest_after = self.targets[i] if i < len(self.targets) else None
        if target is nearest_before:
            yield f"nearest_before:{same}"
        if target is nearest_after:
            yield f"nearest_after:{same}"
        own = self._in_sentence.get(value.sentence, [])
        if target is nearest_after and same and own[0].at > value.at:
            yield "only_after"
        rank = self._ranks[target.index]
        position = "only" if len(mates) == 1 else "first" if rank == 0 else "inner"
        if position == "inner" and rank == len(mates) - 1:
            position = "last"
        yield f"{position}:{same}"
        if same and self._kinds[target.sentence] == 1:
            yield "all_alike"
        if not own and before and nearest_before and target.sentence == nearest_before.sentence:
            yield f"fallback:{position}"
        if own and not same:
            yield "passes_own_sentence"
        if target is self.targets[0]:
            yield "first_of_passage"
        if len(self._counts) == 1:
            yield "only_kind_of_passage"

    def _repeats(self, value: Slot, target: Slot, targets_between: int) -> Iterator[str]:
        """How often the passage names the same thing, and whether nearer to the value."""
        count = self._counts[target.key]
        if count > 1:
            yield "repeated"
            distance = abs(target.at - value.at)
            at = self._same_at[target.key]
            if bisect_left(at, value.at + distance) > bisect_right(at, value.at - distance):
                yield "named_nearer"
            is_same = target.sentence == value.sentence
            if self._same_in_sentence[target.key, value.sentence] > is_same:
                yield f"named_in_sentence:{is_same}"
        if count == self._most:
            yield "most_frequent"
        if targets_between == 0:
            i = bisect_left(self._value_at, target.at)
            rivals = self.values[max(0, i - 1) : i + 1]
            if value is min(rivals, key=lambda v: abs(v.at - target.at), default=None):
                yield "mutual"

    def _lists(self, value: Slot, target: Slot, same: bool) -> Iterator[str]:
        """Whether the k-th of several values meets the k-th of several targets."""
        run, other = self._value_runs[value.at], self._runs[target.at]
        if run.length > 1 or other.length > 1:
            equal = "equal" if run.length == other.length else "unequal"
            aligned = "aligned" if run.rank == other.rank else "crossed"
            yield f"run:{equal}:{aligned}:{same}"
            if run.length == 1:
                yield f"run:one_value:{'last' if other.rank == other.length - 1 else 'not_last'}"
            if other.length == 1:
                yield "run:one_target"
        if same:
            values = self._values_in_sentence[value.sentence]
            targets = self._in_sentence[target.sentence]
            if len(values) > 1 and len(targets) > 1:
                equal = "equal" if len(values) == len(targets) else "unequal"
                aligned = (
                    "aligned"
                    if self._value_ranks[value.index] == self._ranks[target.index]
                    else "crossed"
                )
                yield f"order:{equal}:{aligned}"
                if "respectively" in self.view.sentence_tokens(value.sentence):
                    yield f"respectively:{equal}:{aligned}"

    def _words(self, value: Slot, target: Slot, low: int, high: int, where: str) -> Iterator[str]:
        view = self.view
        if value.sentence == target.sentence:
            between = view.tokens[low + 1 : high]
            if len(between) <= _LONGEST_REACH:
                yield f"{where}:path={' '.join(between[:3])}" if len(between) <= 3 else "path:long"
            for word in dict.fromkeys(between):
                yield f"{where}:{word}"
            for mark in (",", ";"):
                yield f"{where}:{mark}{min(between.count(mark), 3)}"
        for step in (-2, -1, 1, 2):
            yield f"target{step:+d}={view.token(target.at + step)}"

    def _nothing(self, value: Slot) -> Features:
        """Features of the value that speak for or against its having any target."""
        view = self.view
        own = len(self._in_sentence.get(value.sentence, []))
        text = value.mention.text
        names = [
            "nothing",
            f"nothing:own={min(own, 3)}",
            f"nothing:all={min(len(self.targets), 6)}",
            f"nothing:kinds={min(len(self._counts), 4)}",
            f"nothing:values={min(len(self._values_in_sentence[value.sentence]), 4)}",
            f"nothing:{view.kind}",
            f"nothing:run={min(self._value_runs[value.at].length, 3)}",
        ]
        if _TWO_NUMBERS.search(text):
            names.append("nothing:two_numbers")
        names += (f"nothing:{m}" for m in _LEXICON["marks"] if m in text.lower())
        names += (f"value{s:+d}={view.token(value.at + s)}" for s in (-3, -2, -1, 1, 2))
        words = dict.fromkeys(view.sentence_tokens(value.sentence))
        names += (f"nothing:{word}" for word in words)
        for label in (Label.TC, Label.CLASS):
            slots = view.of(label)
            here = bisect_left(slots, value.at - 4, key=lambda s: s.at)
            near = here < len(slots) and slots[here].at <= value.at + 4
            names.append(f"nothing:{label}:near={near}")
        names.append(f"nothing:nearest={self._nearest_sentence(value)}")
        earlier = self._said_before.get(value.index)
        if earlier is not None:
            names.append(f"nothing:said_before:{earlier.sentence == value.sentence}")
        return dict.fromkeys(names, 1.0)

    def _nearest_sentence(self, value: Slot) -> str:
        """How many sentences back the last target before the value stands."""
        i = bisect_left(self._at, value.at)
        if i == 0:
            return "after"
        return str(min(value.sentence - self.targets[i - 1].sentence, _FAR_SENTENCES))


def _ranks(sentences: Mapping[int, Sequence[Slot]]) -> dict[int, int]:
    """The rank of each mention, by its index, among those of its sentence."""
    return {slot.index: rank for slots in sentences.values() for rank, slot in enumerate(slots)}


def _said_before(values: Sequence[Slot]) -> dict[int, Slot]:
    """For each value that repeats one, by its index, the last before it of the same words."""
    last: dict[str, Slot] = {}
    found = {}
    for value in values:
        if value.key in last:
            found[value.index] = last[value.key]
        last[value.key] = value
    return found
