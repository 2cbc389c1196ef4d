"""Finds where a record's Tc, material and pressure are printed in its passage.

A place is an interval of characters of the passage; whether a mention stands there, and what a
change of the record means for it, is decided in ``deriving``. Nothing is guessed: a value that is
printed twice with nothing to tell which is meant has no place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scmine.corpora.corrections.judgement import NoExample
from scmine.corpora.exchange.annotated import Annotations
from scmine.corpora.types import Span
from scmine.database.record import Record
from scmine.extractors.characters import uniform
from scmine.extractors.claim import Label, LinkLabel
from scmine.extractors.document import Passage
from scmine.extractors.quantities import Kind, find_quantities

BETWEEN_SENTENCES = " […] "
"""What a record's ``sentence`` has between sentences that do not follow each other."""

_SAME_NUMBER = 1e-6  # relative; numbers went through one conversion of units
_NUMBER_EDGES = r"(?<![0-9])(?<![0-9]\.){}(?![0-9])(?!\.[0-9])"
_WORD_EDGES = r"(?<![A-Za-z0-9]){}(?![A-Za-z0-9])"


@dataclass(frozen=True, slots=True)
class Printed:
    """Where a record's values stand; ``pressure_known`` says that it has no other pressure."""

    value: Span
    material: Span | None = None
    pressure: Span | None = None
    pressure_known: bool = True


def sentences_of(passage: Passage, record: Record) -> list[Span]:
    """Where the record's sentences stand in the passage; none where they do not."""
    if not record.sentence:
        return []
    spans = []
    for part in record.sentence.split(BETWEEN_SENTENCES):
        at = passage.text.find(part)
        if at < 0:
            return []
        spans.append((at, at + len(part)))
    return spans


def locate(passage: Passage, found: Annotations, record: Record) -> Printed | NoExample:
    """Where ``record`` is printed in ``passage``; ``found`` helps to choose between equal words.

    A field of raw text that is None is looked for by its number.
    """
    spans = sentences_of(passage, record)
    if not spans:
        return NoExample.NO_TEXT
    if record.raw_tc is None and record.tc_K is None and record.tc_min_K is None:
        return NoExample.NO_TC
    value = _value(passage.text, spans, found, record)
    if isinstance(value, NoExample):
        return value
    material = _material(passage, found, record, value)
    pressure, is_known = _pressure(passage.text, spans, found, record, value)
    return Printed(value, material, pressure, is_known)


def occurrences(text: str, words: str, within: Sequence[Span], edges: str) -> list[Span]:
    """Where ``words`` stand in ``within``, dashes and blanks of any kind taken for the same.

    >>> occurrences("at 39 K, not 139 K", "39 K", [(0, 18)], _NUMBER_EDGES)
    [(3, 7)]
    """
    if not words.strip():
        return []
    pattern = re.compile(edges.format(re.escape(uniform(words.strip()))))
    clean = uniform(text)
    return [m.span() for start, end in within for m in pattern.finditer(clean, start, end)]


def _value(
    text: str, spans: Sequence[Span], found: Annotations, record: Record
) -> Span | NoExample:
    """The interval of the Tc."""
    if record.raw_tc is not None:
        places = occurrences(text, record.raw_tc, spans, _NUMBER_EDGES)
    else:
        ends = (record.tc_K, record.tc_min_K, record.tc_max_K)
        places = _by_number(text, spans, "temperature", ends)
    if not places:
        return NoExample.VALUE_NOT_PRINTED
    ranks = [_value_rank(place, found, record) for place in places]
    best = [place for place, rank in zip(places, ranks, strict=True) if rank == max(ranks)]
    return best[0] if len(best) == 1 else NoExample.AMBIGUOUS


def _value_rank(place: Span, found: Annotations, record: Record) -> tuple[int, int]:
    """How much speaks for a place: a mention there, and that it is linked with the material."""
    at = {
        i: m
        for i, m in enumerate(found.mentions)
        if m.label == Label.TC_VALUE and m.start <= place[0] and place[1] <= m.end
    }
    is_linked = any(
        link.label == LinkLabel.MATERIAL_TC
        and link.tail in at
        and uniform(found.mentions[link.head].text) == uniform(record.raw_material)
        for link in found.links
    )
    is_exact = any((m.start, m.end) == place for m in at.values())
    return int(is_linked), int(bool(at)) + int(is_exact)


def _material(passage: Passage, found: Annotations, record: Record, value: Span) -> Span | None:
    """The interval of the material: linked with the value, in its sentence, or else nearest."""
    sentence = passage.sentence_at(value[0])
    for words in dict.fromkeys(w for w in (record.raw_material, record.formula, record.name) if w):
        places = set(occurrences(passage.text, words, [(0, len(passage.text))], _WORD_EDGES))
        places |= {
            (m.start, m.end)
            for m in found.mentions
            if m.label == Label.MATERIAL and uniform(m.text) == uniform(words)
        }
        if places:
            return min(places, key=lambda p: _far(p, value, sentence, found, Label.MATERIAL))
    return None


def _pressure(
    text: str, spans: Sequence[Span], found: Annotations, record: Record, value: Span
) -> tuple[Span | None, bool]:
    """The interval of the pressure, and whether the value is known to have no other."""
    ends = (record.pressure_GPa, record.pressure_min_GPa, record.pressure_max_GPa)
    if record.raw_pressure is None and all(end is None for end in ends):
        return None, True
    if record.raw_pressure is not None:
        whole = [*spans, (0, len(text))]
        places = occurrences(text, record.raw_pressure, whole, _NUMBER_EDGES)
        if not any(c.isdigit() for c in record.raw_pressure):
            # "ambient pressure" is read by rules too; only where it was found is it a mention.
            places = [p for p in places if _is_mention(found, p, Label.PRESSURE)]
            if not places:
                return None, True
    else:
        places = _by_number(text, spans, "pressure", ends)
    if not places:
        return None, False
    near = min(places, key=lambda p: _far(p, value, (value[0], value[1]), found, Label.PRESSURE))
    return near, True


def _is_mention(found: Annotations, place: Span, label: Label) -> bool:
    return any(
        m.label == label and m.start <= place[0] and place[1] <= m.end for m in found.mentions
    )


def _far(
    place: Span, value: Span, sentence: Span, found: Annotations, label: Label
) -> tuple[bool, bool, bool, int]:
    """What sorts places by how likely they are meant, the likeliest first."""

    def covers(i: int, span: Span, wanted: Label) -> bool:
        mention = found.mentions[i]
        is_there = mention.start <= span[0] and span[1] <= mention.end
        return mention.label == wanted and is_there

    is_linked = any(
        (covers(k.head, place, label) and covers(k.tail, value, Label.TC_VALUE))
        or (covers(k.tail, place, label) and covers(k.head, value, Label.TC_VALUE))
        for k in found.links
    )
    is_mention = _is_mention(found, place, label)
    is_near = sentence[0] <= place[0] and place[1] <= sentence[1]
    distance = max(value[0] - place[1], place[0] - value[1], 0)
    return not is_linked, not is_near, not is_mention, distance


def _by_number(
    text: str, spans: Sequence[Span], kind: Kind, wanted: tuple[float | None, ...]
) -> list[Span]:
    """Where quantities stand whose value, or both ends, are ``wanted`` (value, lowest, highest)."""
    places = []
    for start, end in spans:
        for first, last, quantity in find_quantities(text[start:end], kind):
            is_it = _same((quantity.value, quantity.minimum, quantity.maximum), wanted)
            if is_it or (wanted[0] is not None and _equal(quantity.value, wanted[0])):
                places.append((start + first, start + last))
    return places


def _same(a: Iterable[float | None], b: Iterable[float | None]) -> bool:
    return all(_equal(x, y) for x, y in zip(a, b, strict=True))


def _equal(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=_SAME_NUMBER)
