"""Answers to try the evidence rule on: right ones, and corruptions of them in four kinds.

Right answers come from the passages of ``data/evidence_passages.toml`` and from the links of
SuperMat; corruptions are made of them by a seeded generator. ``evidence`` counts what is kept.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from scmine.corpora.gold_passage import as_passage
from scmine.corpora.supermat import load_supermat
from scmine.corpora.types import GoldMention, Paper
from scmine.extractors.claim import Label
from scmine.extractors.document import Document, Passage, PassageKind
from scmine.extractors.llm.answers import (
    ClaimAnswer,
    ClaimsAnswer,
    EvidenceKind,
    Origin,
    QuotedValue,
    ValueField,
)
from scmine.extractors.llm.printed_values import KINDS, Agreement, compare, printed_values
from scmine.extractors.llm.quotes import find_words, fold
from scmine.extractors.materials import parse_material
from scmine.extractors.sentences import split_sentences

OWN_PASSAGES = Path(__file__).parent / "data" / "evidence_passages.toml"
Span = tuple[int, int]


class Corruption(StrEnum):
    """The kinds of corrupted answers."""

    NUMBER = "wrong number"
    UNIT = "wrong unit"
    MATERIAL = "swapped material"
    INVENTION = "plausible invention"


@dataclass(frozen=True)
class Said:
    """One value of one material, as an answer gives it and where it quotes it from."""

    field: ValueField
    value: str
    material: str
    quote: str
    material_quote: str
    passage: int
    material_passage: int


@dataclass(frozen=True)
class Case:
    """A value of an answer, with those that it was said together with.

    ``corruption`` is None for a right one; ``recipe`` says how it was corrupted.
    """

    paper: str
    said: Said
    beside: tuple[Said, ...] = ()
    corruption: Corruption | None = None
    recipe: str = ""

    def answer(self) -> ClaimsAnswer:
        """What a model would have sent."""
        own = self.said
        values = [
            QuotedValue(field=s.field, value=s.value, quote=s.quote, passage=f"p{s.passage}")
            for s in (own, *self.beside)
        ]
        claim = ClaimAnswer(
            material=own.material,
            material_quote=own.material_quote,
            material_passage=f"p{own.material_passage}",
            values=values,
            superconducting=None,
            evidence=EvidenceKind.UNKNOWN,
            origin=Origin.UNKNOWN,
        )
        return ClaimsAnswer(claims=[claim])


@dataclass(frozen=True)
class Known:
    """What a paper is known to say: a material, where it stands, and a value of it."""

    passage: int
    material: str
    material_at: Span
    field: ValueField
    value: str
    value_at: Span
    material_passage: int
    group: int


@dataclass(frozen=True)
class Source:
    """A paper with what it says; ``materials`` are the places and texts of all its materials.

    ``unknown`` are places of values of which nobody said whose they are.
    """

    name: str
    document: Document
    known: tuple[Known, ...]
    materials: tuple[tuple[int, Span, str], ...]
    unknown: tuple[tuple[int, Span], ...] = ()


def own_sources() -> list[Source]:
    """Each passage of the data file as a paper of its own."""
    data = tomllib.loads(OWN_PASSAGES.read_text(encoding="utf-8"))["passages"]
    sources = []
    for number, entry in enumerate(data):
        text = entry["text"]
        passage = Passage(PassageKind.PARAGRAPH, text, sentences=split_sentences(text))
        document = Document(f"own{number}", "", "", passages=(passage,))
        known = []
        for group, claim in enumerate(entry["claims"]):
            known += _known_of(text, claim, group)
        materials = {(k.passage, k.material_at, k.material) for k in known}
        unknown = tuple(
            (0, (v.start, v.end))
            for v in printed_values(text, "pressure")
            if not any(k.value_at[0] < v.end and v.start < k.value_at[1] for k in known)
        )
        sources.append(
            Source(f"own{number}", document, tuple(known), tuple(sorted(materials)), unknown)
        )
    return sources


def _known_of(text: str, claim: dict[str, str], group: int) -> Iterator[Known]:
    """What one claim of the data file says; its material is that nearest to its first value."""
    fields = [(ValueField(name), value) for name, value in claim.items() if name != "material"]
    at = _place(text, fields[0][1], text.find(fields[0][1].split()[0]))
    places = find_words(text, claim["material"])
    material = min(places, key=lambda p: abs(p[0] - at[0]))
    for field, value in fields:
        yield Known(
            0, claim["material"], material, field, value, _place(text, value, at[0]), 0, group
        )


def _place(text: str, value: str, near: int) -> Span:
    """Where a value stands: nearest to ``near``; of one whose unit is its list's, the number."""
    places = find_words(text, value) or find_words(text, value.split()[0])
    return min(places, key=lambda p: abs(p[0] - near))


def supermat_sources(folder: Path) -> list[Source]:
    """The papers of SuperMat, with the values that its annotators linked to materials."""
    return [_source(paper) for paper in load_supermat(folder)]


def _source(paper: Paper) -> Source:
    passages = tuple(as_passage(p) for p in paper.passages)
    document = Document(paper.stem, "", "", passages=passages)
    label = {
        (i, j): m.label for i, p in enumerate(paper.passages) for j, m in enumerate(p.mentions)
    }
    at = {(i, j): m for i, p in enumerate(paper.passages) for j, m in enumerate(p.mentions)}
    material_of: dict[tuple[int, int], tuple[int, int]] = {}
    known = []
    for n, link in enumerate(paper.links):
        head, tail = link.head, link.tail
        if label[head] == Label.TC_VALUE and label[tail] == Label.MATERIAL:
            head, tail = tail, head
        if label[head] == Label.MATERIAL and label[tail] == Label.TC_VALUE:
            material_of.setdefault(tail, head)
            known.append(_linked(passages, at, head, tail, ValueField.TC, n))
    for link in paper.links:
        ends = {label[link.head]: link.head, label[link.tail]: link.tail}
        tc, pressure = ends.get(Label.TC_VALUE), ends.get(Label.PRESSURE)
        if tc in material_of and pressure is not None and pressure[0] == tc[0]:
            known += [
                _linked(passages, at, material_of[tc], pressure, ValueField.PRESSURE, k.group)
                for k in known
                if k.field is ValueField.TC
                and k.passage == tc[0]
                and k.value_at == (at[tc].start, at[tc].end)
            ][:1]
    materials = tuple(
        (i, (m.start, m.end), passages[i].text[m.start : m.end])
        for (i, _), m in at.items()
        if m.label == Label.MATERIAL
    )
    known = [k for k in known if _has_unit(passages[k.passage].text, k)]
    linked = {(k.passage, k.value_at) for k in known}
    unknown = tuple(
        (i, (m.start, m.end))
        for (i, _), m in at.items()
        if m.label in (Label.TC_VALUE, Label.PRESSURE) and (i, (m.start, m.end)) not in linked
    )
    return Source(paper.stem, document, tuple(known), materials, unknown)


def _has_unit(text: str, known: Known) -> bool:
    """Whether a value is a number with a unit in print, its own or that of its list.

    Others (``18`` for 18 K, ``92.5 6 0.5 K`` where ± was lost, "vanishes") no rule of evidence can
    bear out; they are set aside.
    """
    low, high = known.value_at
    inside = [v for v in printed_values(text, KINDS[known.field]) if v.start < high and low < v.end]
    return any(compare(known.value, v, KINDS[known.field]) is Agreement.SAME for v in inside)


def _linked(
    passages: Sequence[Passage],
    at: Mapping[tuple[int, int], GoldMention],
    head: tuple[int, int],
    tail: tuple[int, int],
    field: ValueField,
    group: int,
) -> Known:
    material, value = at[head], at[tail]
    return Known(
        tail[0],
        passages[head[0]].text[material.start : material.end],
        (material.start, material.end),
        field,
        passages[tail[0]].text[value.start : value.end],
        (value.start, value.end),
        head[0],
        group,
    )


def right_cases(source: Source) -> list[Case]:
    """The answers that say what ``source`` says, one a value."""
    cases = []
    for known in source.known:
        said = _said(source, known)
        beside = tuple(
            _said(source, other)
            for other in source.known
            if other.group == known.group
            and other is not known
            and other.passage == known.passage
            and other.field is not known.field
        )
        if known.field is ValueField.TC:
            beside = ()
        cases.append(Case(source.name, said, beside))
    return cases


def _said(source: Source, known: Known) -> Said:
    return Said(
        known.field,
        known.value,
        known.material,
        _sentence(source, known.passage, known.value_at),
        _sentence(source, known.material_passage, known.material_at),
        known.passage,
        known.material_passage,
    )


def _sentence(source: Source, passage: int, at: Span) -> str:
    text = source.document.passages[passage]
    start, end = text.sentence_at(at[0])
    return text.text[start : max(end, at[1])]


def corrupted(source: Source, rng: random.Random, others: Sequence[Source]) -> list[Case]:
    """Corruptions of the right answers of ``source``, in all ways; ``others`` lend numbers."""
    cases: list[Case] = []
    rights = right_cases(source)
    for known, case in zip(source.known, rights, strict=True):
        cases += _wrong_numbers(source, known, case, rng)
        cases += _wrong_units(case, rng)
        cases += _swapped(source, known, case, rng)
        cases += _inventions(source, known, case, rng, others)
    return cases


def _with(case: Case, corruption: Corruption, recipe: str, **changes: object) -> Case:
    said = replace(case.said, **changes)  # type: ignore[arg-type]
    return replace(case, said=said, corruption=corruption, recipe=recipe)


def _number(text: str) -> re.Match[str] | None:
    return re.search(r"\d+(?:\.\d+)?", text)


def _wrong_numbers(source: Source, known: Known, case: Case, rng: random.Random) -> Iterator[Case]:
    """Another number of the passage, a digit changed, the decimal point shifted."""
    number = _number(known.value)
    if number is None:
        return
    text = source.document.passages[known.passage].text
    kind = KINDS.get(known.field)
    if kind is not None:
        others = [v for v in printed_values(text, kind) if _is_other(source, known, v.start, v.end)]
        if others:
            other = rng.choice(others)
            quote = _sentence(source, known.passage, (other.start, other.end))
            value = other.with_unit()
            yield _with(
                case, Corruption.NUMBER, "other of passage, its quote", value=value, quote=quote
            )
            if quote != case.said.quote:
                yield _with(case, Corruption.NUMBER, "other of passage, old quote", value=value)
    digits = number[0]
    printed = {float(m[0]) for m in re.finditer(r"\d+(?:\.\d+)?", text)}
    place = rng.randrange(len(digits.replace(".", "")))
    changed = _digit_changed(digits, place, rng)
    for recipe, new in (("digit", changed), ("decimal point", _shifted(digits, rng))):
        value = known.value[: number.start()] + new + known.value[number.end() :]
        if float(new) not in {float(digits), *printed}:  # what is printed may be true
            yield _with(case, Corruption.NUMBER, recipe, value=value)


def _is_other(source: Source, known: Known, start: int, end: int) -> bool:
    """Whether a printed value is none of the material's: another's, or no value at all."""
    passage = known.passage
    if any(p == passage and s < end and start < e for p, (s, e) in source.unknown):
        return False
    text = source.document.passages[passage].text
    own = _number(known.value)
    new = _number(text[start:end])
    if own is None or new is None or float(own[0]) == float(new[0]):
        return False
    for k in source.known:
        overlaps = k.passage == passage and k.value_at[0] < end and start < k.value_at[1]
        if overlaps and (_same(k.material, known.material) or k.field is not known.field):
            return False
    return True


def _same(one: str, other: str) -> bool:
    """Whether two printed materials may be the same: they are unless their formulas differ."""
    first, second = _formulas(one), _formulas(other)
    return fold(one).text == fold(other).text or not first or not second or bool(first & second)


def _formulas(text: str) -> set[str]:
    found = set()
    for material in parse_material(text):
        if not material.formula or not material.composition:
            return set()
        found.add(str(sorted(material.composition.items())))
    return found


def _digit_changed(digits: str, place: int, rng: random.Random) -> str:
    at = [i for i, c in enumerate(digits) if c != "."][place]
    new = rng.choice([d for d in "123456789" if d != digits[at]])
    return digits[:at] + new + digits[at + 1 :]


def _shifted(digits: str, rng: random.Random) -> str:
    whole, _, part = digits.partition(".")
    if part and rng.random() < 0.5:
        return (whole + part[0] + ("." + part[1:] if part[1:] else "")).lstrip("0") or "1"
    return f"{whole[:-1] or '0'}.{whole[-1]}{part}"


_UNITS = {
    "temperature": ("mK", "°C", "GPa", "meV"),
    "pressure": ("kbar", "MPa", "K", "Mbar"),
    "length": ("nm", "pm", "K"),
    "frequency": ("cm-1", "THz", "GPa"),
    "number": ("K", "GPa", "meV"),
}


def _wrong_units(case: Case, rng: random.Random) -> Iterator[Case]:
    kind = KINDS.get(case.said.field)
    number = _number(case.said.value)
    if kind is None or number is None:
        return
    end = max(m.end() for m in re.finditer(r"[\d)]", case.said.value))
    unit = case.said.value[end:].strip()
    for new in rng.sample(_UNITS[kind], 2):
        if new != unit and new not in ("K" if kind == "frequency" else ""):
            yield _with(case, Corruption.UNIT, new, value=f"{case.said.value[:end]} {new}")


def _swapped(source: Source, known: Known, case: Case, rng: random.Random) -> Iterator[Case]:
    """Another material of the same passage, of another formula, that does not have the value."""
    if known.material_passage != known.passage:
        return
    names: dict[str, Span] = {}
    having = [
        k.material
        for k in source.known
        if k.field is known.field and fold(k.value).text == fold(known.value).text
    ]
    for passage, at, text in source.materials:
        if passage != known.passage or any(_same(text, h) for h in (*having, known.material)):
            continue
        names.setdefault(fold(text).text, at)
    for at in rng.sample(sorted(names.values()), min(2, len(names))):
        passage_text = source.document.passages[known.passage].text
        yield _with(
            case,
            Corruption.MATERIAL,
            "same sentence"
            if _sentence(source, known.passage, at) == case.said.quote
            else "other sentence",
            material=passage_text[slice(*at)],
            material_quote=_sentence(source, known.passage, at),
        )


def _inventions(
    source: Source, known: Known, case: Case, rng: random.Random, others: Sequence[Source]
) -> Iterator[Case]:
    """A made-up quote, a true quote without the value, a number of another passage or paper."""
    unit = known.value[max((m.end() for m in re.finditer(r"[\d)]", known.value)), default=0) :]
    value = f"{rng.uniform(1, 200):.{rng.choice((0, 1))}f}{unit}"
    if fold(value).text not in fold(case.said.quote).text:
        made = f"{known.material} has {known.field.value} = {value}, as measured here."
        yield _with(case, Corruption.INVENTION, "made-up quote", value=value, quote=made)
        yield _with(case, Corruption.INVENTION, "value not in quote", value=value)
        number = _number(case.said.quote.partition(known.value)[2] or "") or _number(known.value)
        if number is not None and number[0] in case.said.quote:
            quote = case.said.quote.replace(known.value, value, 1)
            if quote != case.said.quote:
                yield _with(case, Corruption.INVENTION, "quote doctored", value=value, quote=quote)
    elsewhere = [
        k
        for k in source.known
        if k.passage != known.passage
        and k.field is known.field
        and not _same(k.material, known.material)
        and k.material_passage == k.passage
    ]
    if elsewhere:
        other = rng.choice(elsewhere)
        yield _with(
            case,
            Corruption.INVENTION,
            "number of another passage",
            value=other.value,
            quote=_sentence(source, other.passage, other.value_at),
            passage=other.passage,
        )
    lent = [k for o in others for k in o.known if o is not source and k.field is known.field]
    if lent:
        other = rng.choice(lent)
        if fold(other.value).text not in fold(case.said.quote).text:
            yield _with(case, Corruption.INVENTION, "number of another paper", value=other.value)
