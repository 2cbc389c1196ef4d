"""Counts what annotators made of the same units, in tables that add up over units.

Words are those that the tagger knows; a word belongs to a mention that covers any character of it.
A word's tag is ``B-`` or ``I-`` with the label, or ``O``; where an annotator's mentions overlap,
the one that begins first counts, of two the longer. What follows from the tables lives in
``coefficients``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import combinations, permutations

import numpy as np

from scmine.corpora.annotation.coefficients import Table
from scmine.corpora.annotation.versions import Unit, Version
from scmine.corpora.types import Span
from scmine.extractors.words import split_words

OUTSIDE = "O"
_Marked = tuple[tuple[Span, ...], str]


def tags(text: str, version: Version) -> list[str]:
    """The tag of each word.

    >>> from scmine.corpora.types import GoldMention
    >>> tags("Tc = 39 K.", Version("a", (GoldMention(5, 9, "tcValue"),)))
    ['O', 'O', 'B-tcValue', 'I-tcValue', 'O']
    """
    words = split_words(text)
    found = [OUTSIDE] * len(words)
    for mention in sorted(version.mentions, key=lambda m: (m.start, -m.end)):
        inside = [
            i
            for i, w in enumerate(words)
            if any(w.start < end and start < w.end for start, end in mention.spans)
        ]
        if any(found[i] != OUTSIDE for i in inside):
            continue
        for number, i in enumerate(inside):
            found[i] = f"{'I' if number else 'B'}-{mention.label}"
    return found


def bare(tag: str) -> str:
    """A tag without the sign for the first word.

    >>> bare("B-tc"), bare("O")
    ('tc', 'O')
    """
    return tag.partition("-")[2] or tag


def pair_table(first: Sequence[str], second: Sequence[str], categories: Sequence[str]) -> Table:
    """How often the first said each category where the second said each."""
    place = {name: i for i, name in enumerate(categories)}
    table = np.zeros((len(categories), len(categories)))
    for a, b in zip(first, second, strict=True):
        table[place[a], place[b]] += 1
    return table


def fleiss_sums(answers: Sequence[Sequence[str]], categories: Sequence[str]) -> Table:
    """(items, agreeing pairs, count of each category) of items; ``answers`` has a row a rater."""
    place = {name: i for i, name in enumerate(categories)}
    items = len(answers[0])
    counts = np.zeros((items, len(categories)))
    for row in answers:
        for i, value in enumerate(row):
            counts[i, place[value]] += 1
    return np.concatenate(([items, float((counts * (counts - 1)).sum())], counts.sum(axis=0)))


def coincidences(answers: Sequence[Sequence[str]], categories: Sequence[str]) -> Table:
    """Krippendorff's coincidences of items that all these annotators have judged."""
    table = np.zeros((len(categories), len(categories)))
    if len(answers) < 2:
        return table
    for first, second in combinations(answers, 2):
        pairs = pair_table(first, second, categories)
        table += pairs + pairs.T
    return table / (len(answers) - 1)


def continuum(unit: Unit, versions: Sequence[Version], label: str | None) -> Table:
    """The coincidences of stretches of a unit's text, and below them Σ L² (gaps: Σ L).

    The categories are what is marked with ``label`` (None: with any label, each stretch as long
    as its mention) and the gaps. Rows 0 and 1 are the table, row 2 the sums.
    """
    size = len(unit.text)
    table = np.zeros((3, 2))
    if len(versions) < 2:
        return table
    stretches = [_stretches(version, label) for version in versions]
    for mine, other in permutations(stretches, 2):
        both = sum(max(0, min(b, d) - max(a, c)) for a, b in mine for c, d in other)
        first, second = (sum(b - a for a, b in side) for side in (mine, other))
        table[:2] += [[both, first - both], [second - both, size - first - second + both]]
    table[:2] /= len(versions) - 1
    for spans in stretches:
        covered = sum(b - a for a, b in spans)
        table[2] += [sum((b - a) ** 2 for a, b in spans), size - covered]
    return table


def matches(
    first: Version, second: Version, label: str | None, *, exact: bool
) -> tuple[int, int, int]:
    """(what both have, what the first has, what the second has) of the mentions of a label.

    Not ``exact``: a mention is shared if one of the other with the same label shares a character;
    each counts once, so that of two that overlap one mention one is shared.
    """
    mine, other = (_of_label(v.marks(), label) for v in (first, second))
    if exact:
        return len(mine & other), len(mine), len(other)
    return _paired(mine, other), len(mine), len(other)


def link_matches(
    first: Version, second: Version, label: str | None, *, exact: bool
) -> tuple[int, int, int]:
    """As `matches`, of links: both ends are the same mentions, or share a character."""
    mine, other = (
        sorted(k for k in v.link_marks() if label in (None, k[2])) for v in (first, second)
    )
    if exact:
        return len(set(mine) & set(other)), len(mine), len(other)
    free = list(other)
    shared = 0
    for head, tail, name in mine:
        for k in free:
            if name == k[2] and _touch(head, k[0]) and _touch(tail, k[1]):
                free.remove(k)
                shared += 1
                break
    return shared, len(mine), len(other)


def labels_of(versions: Iterable[Version]) -> list[str]:
    """All labels of mentions, sorted."""
    return sorted({str(m.label) for v in versions for m in v.mentions})


def _stretches(version: Version, label: str | None) -> list[Span]:
    """What a version marks, without overlaps: of two that overlap the later one is cut."""
    spans = sorted(
        span for m in version.mentions if label in (None, str(m.label)) for span in m.spans
    )
    kept: list[Span] = []
    last = 0
    for start, end in spans:
        if max(start, last) < end:
            kept.append((max(start, last), end))
            last = end
    return kept


def _of_label(marks: Collection[_Marked], label: str | None) -> set[_Marked]:
    return {mark for mark in marks if label in (None, mark[1])}


def _paired(mine: Collection[_Marked], other: Collection[_Marked]) -> int:
    """How many can be paired one to one with one that overlaps and has the same label."""
    free = sorted(other)
    shared = 0
    for spans, label in sorted(mine):
        for mark in free:
            if mark[1] == label and any(_touch(a, b) for a in spans for b in mark[0]):
                free.remove(mark)
                shared += 1
                break
    return shared


def _touch(first: Span, second: Span) -> bool:
    return first[0] < second[1] and second[0] < first[1]
