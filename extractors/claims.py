"""Text claims: what the linked mentions of one passage say, sentence by sentence.

Numbers stay as printed here; ``records`` reads them. Claims of tables live in ``table_claims``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from scmine.extractors.claim import Claim, Label, Link, LinkLabel, Mention, Place
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

OTHER_WORDS_REACH = 110
"""Characters before a temperature in which another transition may be named."""

TC_WORDS_REACH = 45
"""Characters before a Tc value in which words such as "onset" are taken to speak of it."""


_APPROXIMATELY = re.compile(
    r"(?:[∼~≈≃]|\b(?:about|around|approximately|nearly|almost|close to))\s*$"
)


class _Found:
    """Mentions and links of one passage, indexed; what is no material and unlikely links left out.

    ``of`` gives the indices of the mentions with a label; ``links`` are those that make claims.
    """

    def __init__(
        self, passage: Passage, mentions: Sequence[Mention], links: Sequence[Link]
    ) -> None:
        self.passage = passage
        self.mentions = mentions
        self._of: dict[str, list[int]] = {}
        for i, mention in enumerate(mentions):
            if mention.label is not Label.MATERIAL or not _is_no_material(passage, mention):
                self._of.setdefault(mention.label, []).append(i)
        materials = set(self.of(Label.MATERIAL))
        self.links = [
            link
            for link in links
            if link.score >= MIN_LINK_SCORE
            and (link.label is not LinkLabel.MATERIAL_TC or link.head in materials)
        ]

    def of(self, label: Label) -> list[int]:
        """The indices of the mentions with ``label``."""
        return self._of.get(label, [])

    def tails(self, head: int, label: LinkLabel) -> list[int]:
        """What mention ``head`` is linked to, the likeliest first."""
        found = [k for k in self.links if k.head == head and k.label is label]
        return [k.tail for k in sorted(found, key=lambda k: -k.score)]

    def sentence(self, i: int) -> tuple[int, int]:
        """The (start, end) of the sentence in which mention ``i`` begins."""
        return self.passage.sentence_at(self.mentions[i].start)

    def before(self, i: int, reach: int) -> str:
        """At most ``reach`` characters before mention ``i``, from its own sentence."""
        start = self.mentions[i].start
        return self.passage.text[max(self.sentence(i)[0], start - reach) : start]

    def boxes(self, i: int) -> tuple[Box, ...]:
        """Where mention ``i`` stands."""
        return self.passage.boxes(self.mentions[i].start, self.mentions[i].end)

    def cites(self, sentences: Iterable[tuple[int, int]]) -> bool:
        """Whether a citation mark stands in one of ``sentences``."""
        return any(s <= c.offset <= e for c in self.passage.citations for s, e in sentences)


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
        if _is_other_temperature(found, tc):
            continue
        values = {"tc": value.text}
        conditions = []
        for key, label in (("pressure", LinkLabel.TC_PRESSURE), ("method", LinkLabel.TC_METHOD)):
            for i in found.tails(tc, label)[:1]:
                values[key] = found.mentions[i].text
                conditions.append(i)
        after = found.passage.text[value.end : value.end + 12]
        hints = {
            "tc_unit": _shared_unit(found.passage, value),
            "tc_words": f"{found.before(tc, TC_WORDS_REACH)} "
            f"{after if after.lstrip().startswith('(') else ''}",
        }
        if _APPROXIMATELY.search(found.passage.text[: value.start][-16:]):
            hints["tc_relation"] = "~"
        for link in found.links:
            if link.tail == tc and link.label is LinkLabel.MATERIAL_TC:
                used = (link.head, tc, *conditions)
                ordered = {**hints, "order": _order(found, link.head, tc)}
                claim = _claim(found, used, values, link.score * value.score, ordered)
                result.append((claim, used))
    return result


def _is_other_temperature(found: _Found, tc: int) -> bool:
    """Whether the words before a temperature make it something else than a Tc."""
    patterns = cues()["not_tc"]
    before = found.before(tc, OTHER_WORDS_REACH)
    if patterns["before"].search(before[-40:]):
        return True
    sentence = found.before(tc, len(found.passage.text))
    absent = cues()["absence"]["pattern"].search(sentence)
    if absent is not None and absent.end() > len(sentence) - 3:
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
    sentence = found.sentence(tc)
    values = sorted(
        {
            link.tail
            for link in found.links
            if link.head == material
            and link.label is LinkLabel.MATERIAL_TC
            and found.sentence(link.tail) == sentence
        },
        key=lambda i: found.mentions[i].start,
    )
    return f"{values.index(tc)}/{len(values)}" if len(values) > 1 else ""


def _implied_claims(found: _Found, material: str) -> list[tuple[Claim, tuple[int, ...]]]:
    """Claims of the Tc values of a passage without materials, as those of the paper's own."""
    result: list[tuple[Claim, tuple[int, ...]]] = []
    for tc in found.of(Label.TC_VALUE):
        value = found.mentions[tc]
        start, end = found.sentence(tc)
        if (
            found.cites([(start, end)])
            or _is_other_temperature(found, tc)
            or cues()["origin"]["cited"].search(found.passage.text[start:end])
            or not cues()["tc_value"]["before"].search(found.before(tc, TC_NAMED_REACH))
        ):
            continue
        hints = {"tc_words": found.before(tc, TC_WORDS_REACH), "implied": "yes"}
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
    material = found.mentions[used[0]]
    at = used[1] if len(used) > 1 else used[0]
    anchor, anchor_boxes = found.mentions[at], found.boxes(at)
    sentences = sorted({found.sentence(i) for i in used})
    return Claim(
        material=material.text,
        values=values,
        source="caption" if passage.kind is PassageKind.CAPTION else "text",
        section=passage.section,
        sentence=_quoted(passage.text, sentences),
        page=anchor_boxes[0].page if anchor_boxes else passage.page,
        boxes=tuple(box for i in used for box in found.boxes(i)),
        extractor=anchor.extractor,
        confidence=round(min(1.0, score), 3),
        hints={
            **{key: text for key, text in (hints or {}).items() if text},
            "cites": "yes" if found.cites(sentences) else "",
            "before": passage.text[max(0, material.start - 600) : anchor.end],
        },
        place=Place(passage, anchor.start, anchor.end),
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
    by_sentence: dict[tuple[int, int], list[int]] = {}
    for label in _PROPERTIES:
        for i in found.of(label):
            by_sentence.setdefault(found.sentence(i), []).append(i)
    for sentence, indices in by_sentence.items():
        values: dict[str, str] = {}
        clash = False
        for i in indices:
            key = str(found.mentions[i].label)
            clash = clash or key in values
            values.setdefault(key, found.mentions[i].text)
        inside = [n for n, (_, used) in enumerate(claims) if found.sentence(used[1]) == sentence]
        if clash:
            continue
        if len(inside) == 1:
            claim, used = claims[inside[0]]
            boxes = (*claim.boxes, *(b for i in indices for b in found.boxes(i)))
            joined = replace(claim, values={**claim.values, **values}, boxes=boxes)
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
        # What was measured down to stands in this sentence, whichever names the material.
        sentences = sorted({found.sentence(material), (start, end)})
        boxes = (*claim.boxes, *found.passage.boxes(low, high))
        place = Place(found.passage, low, high)
        quoted = _quoted(text, sentences)
        claims.append(replace(claim, sentence=quoted, boxes=boxes, place=place))
    return claims
