"""Derives the training example of a passage: from the machine's annotations to the corrected ones.

A judged record says where a Tc value is, which material and which pressure it belongs to. What no
record says stays unjudged: it is carried along in ``after``, but is neither right nor wrong for a
trainer. Only in a sentence of which every record was judged is a word without a mention known to
have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from scmine.corpora.corrections.judgement import Correction, Judgement, NoExample
from scmine.corpora.corrections.places import Printed, locate, sentences_of
from scmine.corpora.exchange.annotated import Annotations, ordered
from scmine.corpora.types import Span
from scmine.database.record import Record, RecordStatus, Source
from scmine.database.revision import ErrorType
from scmine.extractors.claim import Label, Link, LinkLabel, Mention
from scmine.extractors.document import Passage

CURATOR = "curator"
"""The extractor of a mention that a person added or moved."""

_GONE = frozenset((RecordStatus.INVALID, RecordStatus.OBSOLETE, RecordStatus.REMOVED))
_NO_TC_VALUE = frozenset((ErrorType.EXTRACTION, ErrorType.TC_CLASSIFICATION))
_NUMBERS = {
    "raw_tc": ("tc_K", "tc_min_K", "tc_max_K"),
    "raw_pressure": ("pressure_GPa", "pressure_min_GPa", "pressure_max_GPa"),
}


@dataclass(slots=True)
class _Work:
    """Annotations while they are being changed; a mention that is taken out becomes None."""

    passage: Passage
    mentions: list[Mention | None]
    links: list[Link]
    known: set[int] = field(default_factory=set)
    wrong: set[tuple[int, int, str]] = field(default_factory=set)
    linked: set[tuple[str, int]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Stated:
    """One statement of a record in this passage, located before and after."""

    judgement: Judgement
    before: Printed | NoExample | None
    after: Printed | NoExample | None


def derive(
    doc_id: str,
    position: int,
    passage: Passage,
    machine: Annotations,
    judgements: Sequence[Judgement],
) -> Correction:
    """The example of one passage; ``judgements`` are all its records, those not judged too."""
    stated = [
        _stated(passage, machine, j, b, a) for j in judgements for b, a in _sides(j, position)
    ]
    work = _Work(passage, list(machine.mentions), list(machine.links))
    reasons: dict[str, NoExample] = {}
    for one in stated:
        reason = _reason(one)
        if reason is not None:
            reasons[one.judgement.record_id] = reason
    for one in stated:
        if one.judgement.after.status is RecordStatus.INVALID:
            _reject(work, one, stated)
    rights = [s for s in stated if s.judgement.is_right]
    for one in rights:
        _leave_old_value(work, one, stated)
    for one in rights:
        _put(work, one)
    _settle_links(work, stated)
    for one in stated:
        if one.judgement.record_id not in reasons and _is_link_only_out(work, one):
            reasons[one.judgement.record_id] = NoExample.RIGHT_LINK_UNKNOWN
    return _finished(doc_id, position, work, machine, stated, reasons)


def _sides(judgement: Judgement, position: int) -> list[tuple[Record | None, Record]]:
    """The record before and after as each of its places in this passage states it.

    A column that was changed holds for every place; the others are as printed there.
    """
    after = _current(judgement)
    if judgement.before is None:
        return [(None, after)]
    before = judgement.before
    changed = {
        name: getattr(after, name)
        for name in Record.model_fields
        if name != "places" and getattr(after, name) != getattr(before, name)
    }
    sides: list[tuple[Record | None, Record]] = []
    for place in before.places:
        if place.passage != position:
            continue
        columns = ("sentence", "raw_material", "raw_tc", "raw_pressure")
        here = before.model_copy(update={name: getattr(place, name) for name in columns})
        sides.append((here, here.model_copy(update=changed)))
    return sides or [(before, after)]


def _current(judgement: Judgement) -> Record:
    """The record now, its raw text left out where its number was changed and the text was not."""
    before, after = judgement.before, judgement.after
    if before is None or after.error_type == ErrorType.VALUE_RESOLUTION:
        return after
    stale = {
        raw: None
        for raw, numbers in _NUMBERS.items()
        if getattr(before, raw) == getattr(after, raw)
        and any(getattr(before, n) != getattr(after, n) for n in numbers)
    }
    return after.model_copy(update=stale)


def _stated(
    passage: Passage,
    machine: Annotations,
    judgement: Judgement,
    before: Record | None,
    after: Record,
) -> _Stated:
    at_first = locate(passage, machine, before) if before is not None else None
    if judgement.after.source is Source.TABLE:
        return _Stated(judgement, None, NoExample.TABLE)
    if not judgement.is_right:
        return _Stated(judgement, at_first, None)
    return _Stated(judgement, at_first, locate(passage, machine, after))


def _reason(one: _Stated) -> NoExample | None:
    """Why a judged record teaches nothing, or not all, if so."""
    judgement = one.judgement
    if not judgement.is_judged:
        return None
    if judgement.after.source is Source.TABLE:
        return NoExample.TABLE
    if judgement.after.status in (RecordStatus.OBSOLETE, RecordStatus.REMOVED):
        return NoExample.WITHDRAWN
    place = one.after if judgement.is_right else one.before
    if isinstance(place, NoExample):
        return place
    if judgement.after.status is RecordStatus.CURATED and not judgement.is_right:
        return NoExample.IN_DOUBT
    if judgement.is_right:
        is_open = isinstance(place, Printed) and place.material is None
        return NoExample.MATERIAL_NOT_PRINTED if is_open else None
    if judgement.after.error_type is None:
        return NoExample.NO_ERROR_TYPE
    rejects = {*_NO_TC_VALUE, ErrorType.LINKING}
    return None if judgement.after.error_type in rejects else NoExample.NOT_IN_THE_WORDS


def _mention_at(work: _Work, span: Span, label: Label) -> int | None:
    """The mention of ``label`` that is, or else holds, the interval."""
    holding = [
        i
        for i, m in enumerate(work.mentions)
        if m is not None and m.label == label and m.start <= span[0] and span[1] <= m.end
    ]
    return min(holding, key=lambda i: _length(work.mentions[i]), default=None)


def _length(mention: Mention | None) -> int:
    return mention.end - mention.start if mention is not None else 0


def _others_rest_on(work: _Work, value: int, one: _Stated, stated: Sequence[_Stated]) -> bool:
    """Whether another record, not rejected, has its Tc at a mention."""
    for other in stated:
        is_out = other.judgement.after.status in _GONE
        place = other.after if other.judgement.is_right else other.before
        if other is one or is_out or not isinstance(place, Printed):
            continue
        if _mention_at(work, place.value, Label.TC_VALUE) == value:
            return True
    return False


def _take_out(work: _Work, index: int) -> None:
    work.mentions[index] = None
    work.links = [k for k in work.links if index not in (k.head, k.tail)]


def _reject(work: _Work, one: _Stated, stated: Sequence[_Stated]) -> None:
    """Take out what a rejected record rests on: its mention or its link, as the error type says."""
    if not isinstance(one.before, Printed):
        return
    value = _mention_at(work, one.before.value, Label.TC_VALUE)
    if value is None:
        return
    error_type = one.judgement.after.error_type
    if error_type in _NO_TC_VALUE and not _others_rest_on(work, value, one, stated):
        mention = work.mentions[value]
        assert mention is not None
        work.wrong.add((mention.start, mention.end, str(Label.TC_VALUE)))
        _take_out(work, value)
    elif error_type == ErrorType.LINKING and one.before.material is not None:
        material = _mention_at(work, one.before.material, Label.MATERIAL)
        _unlink(work, material, value)


def _is_link_only_out(work: _Work, one: _Stated) -> bool:
    """Whether a link was rejected and no other record says which link is right."""
    record = one.judgement.after
    if record.status is not RecordStatus.INVALID or record.error_type != ErrorType.LINKING:
        return False
    if not isinstance(one.before, Printed):
        return False
    value = _mention_at(work, one.before.value, Label.TC_VALUE)
    return (str(LinkLabel.MATERIAL_TC), value) not in work.linked


def _unlink(work: _Work, material: int | None, value: int) -> None:
    work.links = [
        k
        for k in work.links
        if (k.head, k.tail, k.label) != (material, value, LinkLabel.MATERIAL_TC)
    ]


def _leave_old_value(work: _Work, one: _Stated, stated: Sequence[_Stated]) -> None:
    """Take the record off the mentions it has been moved away from."""
    if not isinstance(one.before, Printed) or not isinstance(one.after, Printed):
        return
    old = _mention_at(work, one.before.value, Label.TC_VALUE)
    if old is None:
        return
    if one.before.material is not None and one.before.material != one.after.material:
        _unlink(work, _mention_at(work, one.before.material, Label.MATERIAL), old)
        _shrink(work, one.before.material, one.after.material, Label.MATERIAL)
    if one.before.value == one.after.value:
        return
    mention = work.mentions[old]
    assert mention is not None
    overlaps = mention.start < one.after.value[1] and one.after.value[0] < mention.end
    is_free = not _others_rest_on(work, old, one, stated)
    if overlaps:
        _shrink(work, one.before.value, one.after.value, Label.TC_VALUE)
    elif is_free and one.judgement.after.error_type != ErrorType.LINKING:
        if one.judgement.after.error_type in _NO_TC_VALUE:
            work.wrong.add((mention.start, mention.end, str(Label.TC_VALUE)))
        _take_out(work, old)
    else:
        _unlink(
            work,
            _mention_at(work, one.before.material, Label.MATERIAL) if one.before.material else None,
            old,
        )


def _shrink(work: _Work, old: Span, new: Span | None, label: Label) -> None:
    """Give up a mention whose bounds a person has drawn again, so that the new ones take over."""
    index = _mention_at(work, old, label)
    mention = work.mentions[index] if index is not None else None
    if index is None or mention is None or new is None or (mention.start, mention.end) != old:
        return
    if new[0] < old[1] and old[0] < new[1]:
        start, end = new
        text = work.passage.text[start:end]
        work.mentions[index] = Mention(start, end, label, text, 1.0, CURATOR)


def _put(work: _Work, one: _Stated) -> None:
    """See to it that a right record's mentions are there, known and linked."""
    place = one.after
    if not isinstance(place, Printed):
        return
    value = _placed(work, place.value, Label.TC_VALUE)
    if place.material is not None:
        material = _placed(work, place.material, Label.MATERIAL)
        _link(work, material, value, LinkLabel.MATERIAL_TC)
    if place.pressure is not None:
        pressure = _placed(work, place.pressure, Label.PRESSURE)
        _link(work, value, pressure, LinkLabel.TC_PRESSURE)


def _placed(work: _Work, span: Span, label: Label) -> int:
    """The mention at an interval, known now; one is put there if there is none.

    What overlaps a new mention gives way to it, links and all.
    """
    index = _mention_at(work, span, label)
    if index is None:
        for i, other in enumerate(work.mentions):
            if other is not None and other.start < span[1] and span[0] < other.end:
                _take_out(work, i)
                work.known.discard(i)
        text = work.passage.text[span[0] : span[1]]
        work.mentions.append(Mention(*span, label, text, 1.0, CURATOR))
        index = len(work.mentions) - 1
    work.known.add(index)
    return index


def _link(work: _Work, head: int, tail: int, label: LinkLabel) -> None:
    if not any((k.head, k.tail, k.label) == (head, tail, label) for k in work.links):
        work.links.append(Link(head, tail, label))


def _settle_links(work: _Work, stated: Sequence[_Stated]) -> None:
    """Where every record of a value was judged right, its links are those of the records.

    A value of which a record is not judged, or was rejected for its link, keeps the rest of the
    machine's links, and they stay unjudged.
    """
    by_value: dict[int, list[_Stated]] = {}
    for one in stated:
        place = one.after if one.judgement.is_right else one.before
        if isinstance(place, Printed):
            value = _mention_at(work, place.value, Label.TC_VALUE)
            if value is not None:
                by_value.setdefault(value, []).append(one)
    for value, ones in by_value.items():
        places = [one.after for one in ones if isinstance(one.after, Printed)]
        if len(places) < len(ones) or not places:
            continue
        if all(place.material is not None for place in places):
            spans = [place.material for place in places]
            _only(work, value, LinkLabel.MATERIAL_TC, Label.MATERIAL, spans)
        if all(place.pressure_known for place in places):
            spans = [place.pressure for place in places]
            _only(work, value, LinkLabel.TC_PRESSURE, Label.PRESSURE, spans)


def _only(
    work: _Work, value: int, label: LinkLabel, target: Label, spans: Sequence[Span | None]
) -> None:
    """Leave a value the links of ``label`` to the mentions at ``spans`` and no others."""
    right = {_mention_at(work, span, target) for span in spans if span is not None}
    work.links = [
        k
        for k in work.links
        if k.label != label
        or value not in (k.head, k.tail)
        or (k.tail if k.head == value else k.head) in right
    ]
    work.linked.add((str(label), value))


def _finished(
    doc_id: str,
    position: int,
    work: _Work,
    machine: Annotations,
    stated: Sequence[_Stated],
    reasons: dict[str, NoExample],
) -> Correction:
    """The correction, its mentions in the order of the text."""
    there = [i for i, m in enumerate(work.mentions) if m is not None]
    place = {old: new for new, old in enumerate(there)}
    kept = [m for m in work.mentions if m is not None]
    links = [Link(place[k.head], place[k.tail], k.label, k.score) for k in work.links]
    after = ordered(kept, links)
    index = {id(m): i for i, m in enumerate(after.mentions)}
    final = {old: index[id(work.mentions[old])] for old in there}
    judged = {one.judgement.record_id: one.judgement for one in stated if one.judgement.is_judged}
    return Correction(
        doc_id=doc_id,
        position=position,
        passage=work.passage,
        before=machine,
        after=after,
        known=frozenset(final[i] for i in work.known if i in final),
        wrong=frozenset(work.wrong),
        linked=frozenset((label, final[i]) for label, i in work.linked if i in final),
        whole=_whole(work.passage, stated, reasons),
        judgements=tuple(judged.values()),
        reasons=reasons,
    )


def _whole(
    passage: Passage, stated: Sequence[_Stated], reasons: dict[str, NoExample]
) -> tuple[Span, ...]:
    """The sentences with a judged record and none that is not judged or teaches nothing."""
    lost = set(reasons) - {
        name for name, why in reasons.items() if why is NoExample.MATERIAL_NOT_PRINTED
    }
    judged: set[Span] = set()
    spoilt: set[Span] = set()
    for one in stated:
        record = one.judgement.before or one.judgement.after
        is_whole = one.judgement.is_judged and one.judgement.record_id not in lost
        for start, end in sentences_of(passage, record):
            covered = {s for s in passage.sentences if s[0] < end and start < s[1]}
            (judged if is_whole else spoilt).update(covered)
    return tuple(sorted(judged - spoilt))
