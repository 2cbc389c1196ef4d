"""Text claims: what the linked mentions of one passage say, sentence by sentence.

Numbers stay as printed here; ``records`` reads them. Claims of tables live in ``table_claims``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scmine.extractors.claim import Claim, Label, Link, LinkLabel, Mention
from scmine.extractors.cues import cues
from scmine.extractors.document import Box, Passage, PassageKind
from scmine.extractors.quantities import find_quantities

_PROPERTIES = (
    Label.LAMBDA,
    Label.OMEGA_LOG,
    Label.OMEGA2,
    Label.MU_STAR,
    Label.SPACE_GROUP,
    Label.LATTICE,
)
MIN_LINK_SCORE = 0.5
"""Links less likely than this make no claim."""

IMPLIED_SCORE = 0.6
"""Confidence that a Tc of a passage without materials is that of the paper's own material."""

TC_NAMED_REACH = 90
"""Characters before a temperature in which a Tc must be named for it to count without a link."""

PRESSURE_REACH = 40
"""Characters between a property and the pressure it is stated at."""

TC_WORDS_REACH = 45
"""Characters before a Tc value in which words such as "onset" are taken to speak of it."""


_APPROXIMATELY = re.compile(
    r"(?:[∼~≈≃]|\b(?:about|around|approximately|nearly|almost|close to))\s*$"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """Mentions and links of one passage, indexed."""

    passage: Passage
    mentions: Sequence[Mention]
    links: Sequence[Link]

    def of(self, label: Label) -> list[int]:
        """The indices of the mentions with ``label``; materials must name one."""
        return [
            i
            for i, m in enumerate(self.mentions)
            if m.label is label
            and not (label is Label.MATERIAL and _is_no_material(self.passage, m))
        ]

    def heads(self, tail: int, label: LinkLabel) -> list[tuple[int, float]]:
        """What is linked to mention ``tail``, each with the link's score."""
        return [
            (k.head, k.score)
            for k in self.links
            if k.tail == tail and k.label is label and k.score >= MIN_LINK_SCORE
        ]

    def tails(self, head: int, label: LinkLabel) -> list[int]:
        """What mention ``head`` is linked to, the likeliest first."""
        found = [
            k
            for k in self.links
            if k.head == head and k.label is label and k.score >= MIN_LINK_SCORE
        ]
        return [k.tail for k in sorted(found, key=lambda k: -k.score)]


def claims_of_passage(
    passage: Passage,
    mentions: Sequence[Mention],
    links: Sequence[Link],
    main_material: str | None = None,
) -> list[Claim]:
    """The claims that ``passage`` makes: one a material and value linked, or property stated.

    ``main_material`` is what the paper is about, if it is about one: a Tc in a passage that names
    no material at all is taken to be its.
    """
    found = _Found(passage, mentions, links)
    claims = _tc_claims(found)
    if main_material and not found.of(Label.MATERIAL):
        return [c for c, _ in _add_properties(found, _implied_claims(found, main_material))]
    claims = _add_properties(found, claims)
    return [c for c, _ in claims] + _absences(found)


def _tc_claims(found: _Found) -> list[tuple[Claim, tuple[int, ...]]]:
    """Claims of a Tc, each with the mentions it rests on."""
    result = []
    for tc in found.of(Label.TC_VALUE):
        value = found.mentions[tc]
        if _is_other_temperature(found.passage, value):
            continue
        pressures = found.tails(tc, LinkLabel.TC_PRESSURE)
        methods = found.tails(tc, LinkLabel.TC_METHOD)
        for material, score in found.heads(tc, LinkLabel.MATERIAL_TC):
            if _is_no_material(found.passage, found.mentions[material]):
                continue
            values = {"tc": value.text}
            used = [material, tc]
            if pressures:
                values["pressure"] = found.mentions[pressures[0]].text
                used.append(pressures[0])
            if methods:
                values["method"] = found.mentions[methods[0]].text
                used.append(methods[0])
            before = found.passage.text[max(0, value.start - TC_WORDS_REACH) : value.start]
            start, _ = found.passage.sentence_at(value.start)
            before = before[max(0, len(before) - (value.start - start)) :]
            after = found.passage.text[value.end : value.end + 12]
            order = _order(found, material, tc)
            hints = {"order": order, "tc_unit": _shared_unit(found.passage, value)}
            if _APPROXIMATELY.search(found.passage.text[: value.start][-16:]):
                hints["tc_relation"] = "~"
            hints |= {"tc_words": f"{before} {after if after.lstrip().startswith('(') else ''}"}
            claim = _claim(found, used, values, score * value.score, hints)
            result.append((claim, tuple(used)))
    return result


def _is_other_temperature(passage: Passage, value: Mention) -> bool:
    """Whether the words before a temperature make it something else than a Tc."""
    patterns = cues()["not_tc"]
    start, _ = passage.sentence_at(value.start)
    before = passage.text[max(start, value.start - 110) : value.start]
    if patterns["before"].search(before[-40:]):
        return True
    absent = cues()["absence"]["pattern"].search(passage.text[start : value.start])
    if absent is not None and start + absent.end() > value.start - 3:
        return True  # "no superconductivity down to 1.8 K" is a claim of its own
    strong = patterns["strong"].search(before)
    if strong is not None and "supercond" not in before[strong.start() :]:
        return True
    topic = patterns["topic"].search(before)
    return topic is not None and not patterns["superconducting"].search(before[topic.start() :])


def _shared_unit(passage: Passage, value: Mention) -> str:
    """The unit of a value that has none of its own but stands in a list that ends with one."""
    if re.search(r"[A-Za-z]", value.text):
        return ""
    window = passage.text[value.start : value.end + 60]
    for start, end, quantity in find_quantities(window, "temperature"):
        if start <= 1 and end > len(value.text):
            return quantity.unit_printed
    return ""


def _is_no_material(passage: Passage, mention: Mention) -> bool:
    """Whether a mention names a structure type, a substrate, a plane or another quantity."""
    patterns = cues()["not_material"]
    after = passage.text[mention.end : mention.end + 20]
    return bool(patterns["text"].search(mention.text) or patterns["after"].search(after))


def _order(found: _Found, material: int, tc: int) -> str:
    """``i/n``: which of the n Tc values of one sentence this is that belong to one mention.

    A mention may list materials ("x = 0.1 and 0.2"), and its values come in the same order.
    """
    sentence = found.passage.sentence_at(found.mentions[tc].start)
    values = sorted(
        {
            link.tail
            for link in found.links
            if link.head == material
            and link.label is LinkLabel.MATERIAL_TC
            and link.score >= MIN_LINK_SCORE
            and found.passage.sentence_at(found.mentions[link.tail].start) == sentence
        },
        key=lambda i: found.mentions[i].start,
    )
    return f"{values.index(tc)}/{len(values)}" if len(values) > 1 else ""


def _implied_claims(found: _Found, material: str) -> list[tuple[Claim, tuple[int, ...]]]:
    """Claims of the Tc values of a passage without materials, as those of the paper's own."""
    result: list[tuple[Claim, tuple[int, ...]]] = []
    for tc in found.of(Label.TC_VALUE):
        value = found.mentions[tc]
        start, end = found.passage.sentence_at(value.start)
        sentence = found.passage.text[start:end]
        cites = any(start <= c.offset <= end for c in found.passage.citations)
        before = found.passage.text[start : value.start]
        if (
            cites
            or _is_other_temperature(found.passage, value)
            or cues()["origin"]["cited"].search(sentence)
            or not cues()["tc_value"]["before"].search(before[-TC_NAMED_REACH:])
        ):
            continue
        hints = {"tc_words": before[-TC_WORDS_REACH:], "implied": "yes"}
        claim = _claim(found, [tc], {"tc": value.text}, IMPLIED_SCORE * value.score, hints)
        result.append((replace(claim, material=material), (tc, tc)))
    return result


def _claim(
    found: _Found,
    used: Sequence[int],
    values: dict[str, str],
    score: float,
    hints: dict[str, str] | None = None,
) -> Claim:
    passage = found.passage
    anchor = found.mentions[used[1] if len(used) > 1 else used[0]]
    sentences = sorted({passage.sentence_at(found.mentions[i].start) for i in used})
    boxes: list[Box] = []
    for i in used:
        boxes += passage.boxes(found.mentions[i].start, found.mentions[i].end)
    anchor_box = passage.boxes(anchor.start, anchor.end)
    cites = any(s <= c.offset <= e for c in passage.citations for s, e in sentences)
    return Claim(
        material=found.mentions[used[0]].text,
        values=values,
        source="caption" if passage.kind is PassageKind.CAPTION else "text",
        section=passage.section,
        sentence=_quoted(passage.text, sentences),
        page=anchor_box[0].page if anchor_box else passage.page,
        boxes=tuple(boxes),
        extractor=anchor.extractor,
        confidence=round(min(1.0, score), 3),
        hints={
            **{key: text for key, text in (hints or {}).items() if text},
            "cites": "yes" if cites else "",
            "before": passage.text[max(0, found.mentions[used[0]].start - 600) : anchor.end],
        },
    )


def _quoted(text: str, sentences: Sequence[tuple[int, int]]) -> str:
    """The sentences as one string; where others stand between them, a mark says so."""
    quoted = ""
    last = 0
    for start, end in sentences:
        if quoted:
            quoted += " " if not text[last:start].strip() else " […] "
        quoted += text[start:end]
        last = end
    return quoted


def _add_properties(
    found: _Found, claims: list[tuple[Claim, tuple[int, ...]]]
) -> list[tuple[Claim, tuple[int, ...]]]:
    """λ, ω_log, μ*, space group and lattice of a sentence: put into its claim, or one of their own.

    They join a Tc claim only where the sentence makes exactly one; where several materials stand in
    the sentence and nothing tells whose they are, they are left out.
    """
    text = found.passage
    by_sentence: dict[tuple[int, int], list[int]] = {}
    for label in _PROPERTIES:
        for i in found.of(label):
            by_sentence.setdefault(text.sentence_at(found.mentions[i].start), []).append(i)
    for sentence, indices in by_sentence.items():
        values: dict[str, str] = {}
        clash = False
        for i in indices:
            key = found.mentions[i].label.value
            clash = clash or key in values
            values.setdefault(key, found.mentions[i].text)
        inside = [
            n
            for n, (_, used) in enumerate(claims)
            if text.sentence_at(found.mentions[used[1]].start) == sentence
        ]
        if clash:
            continue
        if len(inside) == 1:
            claim, used = claims[inside[0]]
            boxes = [b for i in indices for b in _boxes(found, i)]
            joined = replace(
                claim, values={**claim.values, **values}, boxes=claim.boxes + tuple(boxes)
            )
            claims[inside[0]] = (joined, used)
        elif not inside:
            material = _only_material(found, sentence)
            if material is not None:
                used_now = [material, *indices]
                pressure = _pressure_beside(found, indices)
                if pressure is not None:
                    values["pressure"] = found.mentions[pressure].text
                    used_now.append(pressure)
                claims.append((_claim(found, used_now, values, 0.6), tuple(used_now)))
    return claims


def _pressure_beside(found: _Found, properties: Sequence[int]) -> int | None:
    """The pressure stated right after a property ("a = 5.4 Å at 120 GPa"), if there is one."""
    for pressure in found.of(Label.PRESSURE):
        start = found.mentions[pressure].start
        for i in properties:
            between = found.passage.text[found.mentions[i].end : start]
            if 0 < len(between) < PRESSURE_REACH and re.fullmatch(
                r"[\s,(]*(?:at|under|for|and)\b[^\d.;]*", between
            ):
                return pressure
    return None


def _boxes(found: _Found, i: int) -> tuple[Box, ...]:
    return found.passage.boxes(found.mentions[i].start, found.mentions[i].end)


def _only_material(found: _Found, sentence: tuple[int, int]) -> int | None:
    """The one material named in ``sentence``; else the last one named before it in the passage."""
    inside = [
        i for i in found.of(Label.MATERIAL) if sentence[0] <= found.mentions[i].start < sentence[1]
    ]
    names = {found.mentions[i].text for i in inside}
    if len(names) == 1:
        return inside[0]
    if names:
        return None
    before = [i for i in found.of(Label.MATERIAL) if found.mentions[i].start < sentence[0]]
    if len({found.mentions[i].text for i in before}) == 1:
        return before[-1]
    return None


def _absences(found: _Found) -> list[Claim]:
    """Claims that a material does not superconduct down to a temperature."""
    claims = []
    text = found.passage.text
    for start, end in found.passage.sentences or ((0, len(text)),):
        match = cues()["absence"]["pattern"].search(text[start:end])
        if match is None:
            continue
        at = start + match.end()
        hits = [h for h in find_quantities(text[at : at + 25], "temperature") if h[0] <= 3]
        material = _only_material(found, (start, end))
        if not hits or material is None:
            continue
        low, high = at + hits[0][0], at + hits[0][1]
        claim = _claim(
            found,
            [material],
            {"absent_down_to": text[low:high]},
            0.6,
        )
        claims.append(claim)
    return claims
