"""Lists of one sentence that run side by side, and changes from one value to another.

"LaH10 and YH6 have Tc of 250 and 220 K at 150 and 166 GPa, respectively" and "Tc rises from 26 K to
43 K at 4 GPa": which of the values belong together follows from their order, whatever a linker
makes of them. Sentences without such an order are left to the linker.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from scmine.extractors.claim import Label, LinkLabel
from scmine.extractors.cues import cues
from scmine.extractors.found_mentions import FoundMentions
from scmine.extractors.lexicons import load_toml
from scmine.extractors.materials import parse_material
from scmine.extractors.other_pressures import other_pressure
from scmine.extractors.other_temperatures import is_other_temperature, other_kind
from scmine.extractors.quantities import Kind, Part, find_parts, is_change, parse_quantity
from scmine.extractors.tc_conditions import pressure_of

IMPLIED_LENGTH = 3
"""Lists at least this long are read in order even where no "respectively" says so."""

CHANGE_REACH = 90
"""Characters before a range in which a word may say that something changes over it."""

LONGEST_SENTENCE = 2000
"""Characters; what is longer is no prose, and is left to the linker."""

_BETWEEN_MATERIALS = re.compile(
    r"\s*(?:[,;/&]|,?\s*\b(?:and|or|as well as)\b)\s*(?:(?:and|or)\s+)?(?:(?:the|for|in|of)\s+)?"
)
_BETWEEN_VALUES = re.compile(
    r"\s*(?:[,;/&]|,?\s*\b(?:and|or)\b)\s*(?:and\s+|or\s+)?(?:(?:of|at|to|about|around|a)\s+)*"
)


@dataclass(frozen=True, slots=True)
class Value:
    """A printed value: where it stands in the passage, and the unit it shares with its list."""

    start: int
    end: int
    unit: str


@dataclass(frozen=True, slots=True)
class Row:
    """One Tc of a sentence with what belongs to it; ``mention`` is a Tc mention of its list.

    ``material`` is the index of a mention, ``order`` (``i/n``) which of the n materials of that
    mention is meant. ``unpaired`` marks a row that holds all values of a list that nothing pairs
    off; ``through`` is then the last mention of its list of materials.
    """

    mention: int
    tc: Value
    material: int
    order: str = ""
    pressure: Value | None = None
    kind: str = ""
    through: int | None = None
    unpaired: bool = False


@cache
def _words() -> dict[str, re.Pattern[str]]:
    data = load_toml("quantity_words.toml")["side_by_side"]
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in data.items()}


@dataclass(frozen=True, slots=True)
class _Run:
    """A list of values in one sentence; ``change`` marks the two ends of a change."""

    values: tuple[Value, ...]
    change: bool


def rows(found: FoundMentions) -> list[Row]:
    """The rows of all sentences whose order says what belongs together."""
    result: list[Row] = []
    sentences = sorted({found.sentence(i) for i in found.of(Label.TC_VALUE)})
    for sentence in sentences:
        if sentence[1] - sentence[0] > LONGEST_SENTENCE:
            continue
        text = found.passage.text[sentence[0] : sentence[1]]
        explicit = _words()["explicit"].search(text) is not None
        for run in _runs(found, sentence, "temperature"):
            mentions = _mentions_in(found, run)
            if len(run.values) < len(mentions) == 2:
                result += _torn(found, run, mentions)
            elif len(run.values) > 1 and mentions and not _is_other(found, sentence, run):
                result += _rows_of(_Sentence(found, sentence, explicit), run, mentions)
    return result


def _torn(found: FoundMentions, run: _Run, mentions: Sequence[int]) -> list[Row]:
    """The row of a range whose ends are two mentions ("between 28 K and 40 K")."""
    material = _linked_material(found, mentions)
    if material is None or any(is_other_temperature(found, i) for i in mentions):
        return []
    return [Row(mentions[0], run.values[0], material, pressure=_linked_pressure(found, mentions))]


def _mentions_in(found: FoundMentions, run: _Run) -> list[int]:
    """The Tc mentions that overlap a run."""
    return _mentions_of(found, Value(run.values[0].start, run.values[-1].end, ""))


def _mentions_of(found: FoundMentions, value: Value) -> list[int]:
    start, end = value.start, value.end
    tcs = found.of(Label.TC_VALUE)
    return [i for i in tcs if found.mentions[i].start < end and start < found.mentions[i].end]


def _is_other(found: FoundMentions, sentence: tuple[int, int], run: _Run) -> bool:
    """Whether the words around a run make it something else than Tc values."""
    text, first, last = found.passage.text, run.values[0], run.values[-1]
    printed = text[first.start : first.end]
    return (
        other_kind(text[sentence[0] : first.start], printed, text[last.end : sentence[1]])
        is not None
    )


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence in which rows are looked for; ``explicit`` says that it has a "respectively"."""

    found: FoundMentions
    bounds: tuple[int, int]
    explicit: bool


def _rows_of(sentence: _Sentence, run: _Run, mentions: Sequence[int]) -> list[Row]:
    """The rows of one run of Tc values; none where its order says nothing."""
    found, n = sentence.found, len(run.values)
    if run.change:
        return _change(sentence, run, mentions)
    if not sentence.explicit and n < IMPLIED_LENGTH:
        return []
    lists = _material_lists(found, sentence.bounds)
    fitting = [one for one in map(partial(_of_length, found, n), lists) if len(one) == n]
    materials = min(fitting, key=lambda one: _distance(found, one, run), default=None)
    if materials is None and sentence.explicit:
        materials = _spread(found, lists, run)
    pressures = _pressures(sentence, n)
    kinds = _kinds(sentence, run) if sentence.explicit else []
    if materials is None and sentence.explicit and not pressures and not kinds:
        return _uneven(found, lists, run, mentions)
    linked = _linked_material(found, mentions)
    if materials is None and linked is not None and not pressures and not kinds:
        return _uneven(found, [], run, mentions)
    if materials is None and linked is None:
        return []
    result = []
    for i, value in enumerate(run.values):
        material, order = materials[i] if materials is not None else (linked, "")
        if material is None:
            return []
        result.append(
            Row(
                mentions[0],
                value,
                material,
                order,
                pressures[i] if pressures else _linked_pressure(found, _mentions_of(found, value)),
                kinds[i] if kinds else "",
            )
        )
    return result


def _of_length(
    found: FoundMentions, n: int, materials: list[tuple[int, str]]
) -> list[tuple[int, str]]:
    """``materials`` without the family that it is said to belong to: "Among CeMIn5, CeIrIn5 …"."""
    first = found.mentions[materials[0][0]]
    lead = found.passage.text[max(0, first.start - 12) : first.start]
    if len(materials) == n + 1 and _words()["among"].search(lead):
        return materials[1:]
    return materials


def _spread(
    found: FoundMentions, lists: Sequence[Sequence[tuple[int, str]]], run: _Run
) -> list[tuple[int, str]] | None:
    """As many materials before a run as it has values, words between them; None if not so many.

    "A cubic phase of CrH and another one of CrH2 have Tc of 15.7 and 10.7 K, respectively."
    """
    start = run.values[0].start
    named = [entry for one in lists for entry in one if found.mentions[entry[0]].end <= start]
    texts = {found.mentions[i].text + order for i, order in named}
    return named if len(named) == len(texts) == len(run.values) else None


def _uneven(
    found: FoundMentions,
    lists: Sequence[Sequence[tuple[int, str]]],
    run: _Run,
    mentions: Sequence[int],
) -> list[Row]:
    """The one row of lists that do not match, as printed; the record is flagged later."""
    several = [one for one in lists if len(one) > 1]
    whole = Value(run.values[0].start, run.values[-1].end, run.values[-1].unit)
    pressure = _linked_pressure(found, mentions)
    if len(several) == 1:
        first, last = several[0][0][0], several[0][-1][0]
        return [Row(mentions[0], whole, first, pressure=pressure, through=last, unpaired=True)]
    linked = _linked_material(found, mentions)
    if several or linked is None:
        return []
    if len(entries := _entries(found, linked)) == len(run.values):
        return [
            Row(mentions[0], value, i, order, _linked_pressure(found, _mentions_of(found, value)))
            for value, (i, order) in zip(run.values, entries, strict=True)
        ]
    # Of one material, but for samples or conditions that are not known here.
    return [Row(mentions[0], whole, linked, pressure=pressure, unpaired=True)]


def _change(sentence: _Sentence, run: _Run, mentions: Sequence[int]) -> list[Row]:
    """The value before and the value after; a single pressure is that of the second.

    Without a pressure nothing tells the two states apart: the change stays one range.
    """
    found = sentence.found
    material = _linked_material(found, mentions)
    if material is None:
        return []
    before, after = run.values
    pressures = _pressures(sentence, 2, _span_before(sentence, run))
    if not pressures:
        pressures = [None, _pressure_of_end(found, after, mentions)]
    if pressures[1] is None:
        return []
    return [
        Row(mentions[0], before, material, pressure=pressures[0]),
        Row(mentions[-1], after, material, pressure=pressures[1]),
    ]


def _span_before(sentence: _Sentence, run: _Run) -> Value | None:
    """The range of pressures that opens the clause of a change ("Between 65 and 90 GPa, Tc …")."""
    found, text = sentence.found, sentence.found.passage.text
    spans = []
    for one in _runs(found, sentence.bounds, "pressure"):
        first, last = one.values[0], one.values[-1]
        lead = text[sentence.bounds[0] : first.start]
        clause = text[last.end : run.values[0].start]
        inside = text[first.start : first.end].lower().startswith("between")
        opens = (inside or _words()["span"].search(lead)) and not re.search(
            r"[.;:]|\d\s?m?K\b", clause
        )
        if opens and last.end <= run.values[0].start:
            spans.append(Value(first.start, last.end, last.unit))
    return spans[-1] if spans else None


def _pressure_of_end(found: FoundMentions, end: Value, mentions: Sequence[int]) -> Value | None:
    """The pressure linked to the value after a change, unless another change stands between."""
    pressure = _linked_pressure(found, mentions)
    if pressure is None or pressure.start < end.end:
        return pressure
    between = found.passage.text[end.end : pressure.start]
    return None if _words()["then"].search(between) else pressure


def _linked_material(found: FoundMentions, mentions: Sequence[int]) -> int | None:
    """The material that the linker gives the mentions of a list; None if they have several."""
    links = [k for k in found.links if k.label is LinkLabel.MATERIAL_TC and k.tail in mentions]
    heads = {k.head for k in links}
    return heads.pop() if len(heads) == 1 else None


def _linked_pressure(found: FoundMentions, mentions: Sequence[int]) -> Value | None:
    """The pressure of the last mention of a list that has one."""
    for i in reversed(mentions):
        pressure = pressure_of(found, i)
        if pressure is not None:
            mention = found.mentions[pressure]
            return Value(mention.start, mention.end, "")
    return None


def _runs(found: FoundMentions, bounds: tuple[int, int], kind: Kind) -> list[_Run]:
    """The lists of values of one kind in a sentence, singles included, in order of print."""
    text = found.passage.text[bounds[0] : bounds[1]]
    runs: list[_Run] = []
    for parts in find_parts(text, kind):
        values = tuple(
            replace(v, start=v.start + bounds[0], end=v.end + bounds[0])
            for v in _values(text, parts)
        )
        first, last = parts[0].start, parts[-1].end
        changed = len(parts) == 2 and parts[1].change and _changes(text, first, last, kind)
        if changed:
            ends = tuple(Value(p.start + bounds[0], p.end + bounds[0], p.unit) for p in parts)
            runs.append(_Run(ends, True))
        elif runs and not runs[-1].change and _follows(found, runs[-1].values[-1], values[0]):
            runs[-1] = _Run(runs[-1].values + values, False)
        else:
            runs.append(_Run(values, False))
    return runs


def _values(text: str, parts: Sequence[Part]) -> list[Value]:
    """The values of a span; the ends of a range are one, and a "between" before them its part."""
    values: list[Value] = []
    for part in parts:
        if part.change:
            start = values[-1].start
            lead = re.search(r"\bbetween\s+$", text[max(0, start - 12) : start], re.IGNORECASE)
            values[-1] = Value(start - len(lead[0]) if lead else start, part.end, part.unit)
        else:
            values.append(Value(part.start, part.end, part.unit))
    return values


def _changes(text: str, start: int, end: int, kind: Kind) -> bool:
    """Whether a range is a change: an arrow, or a word of change and "from" before."""
    if is_change(text[start:end], kind):
        return True
    match = _words()["change"].search(text[max(0, start - CHANGE_REACH) : start])
    return match is not None


def _follows(found: FoundMentions, before: Value, after: Value) -> bool:
    return _BETWEEN_VALUES.fullmatch(found.passage.text[before.end : after.start]) is not None


def _material_lists(found: FoundMentions, bounds: tuple[int, int]) -> list[list[tuple[int, str]]]:
    """The lists of materials in a sentence: mention and order within it, one entry a material."""
    lists: list[list[tuple[int, str]]] = []
    previous: int | None = None
    for i in found.of(Label.MATERIAL):
        mention = found.mentions[i]
        if not bounds[0] <= mention.start < bounds[1]:
            continue
        entries = _entries(found, i)
        gap = (
            ""
            if previous is None
            else found.passage.text[found.mentions[previous].end : mention.start]
        )
        if previous is not None and _BETWEEN_MATERIALS.fullmatch(gap):
            lists[-1] += entries
        else:
            lists.append(entries)
        previous = i
    return lists


def _entries(found: FoundMentions, i: int) -> list[tuple[int, str]]:
    """The materials that mention ``i`` names: the mention with the place of each in it."""
    count = len(parse_material(found.mentions[i].text))
    return [(i, f"{k}/{count}" if count > 1 else "") for k in range(max(count, 1))]


def _distance(found: FoundMentions, materials: Sequence[tuple[int, str]], run: _Run) -> int:
    first, last = found.mentions[materials[0][0]], found.mentions[materials[-1][0]]
    return max(run.values[0].start - last.end, first.start - run.values[-1].end)


def _pressures(sentence: _Sentence, n: int, span: Value | None = None) -> list[Value | None]:
    """The n pressures of a sentence that run beside n Tc values; empty if there is no such list.

    ``span`` is the range of pressures over which a change runs, if the sentence says it first.
    """
    if span is not None:
        return _ends(sentence.found, span)
    found, text = sentence.found, sentence.found.passage.text
    runs = [
        run
        for run in _runs(found, sentence.bounds, "pressure")
        if other_pressure(
            text[sentence.bounds[0] : run.values[0].start],
            text[run.values[0].start : run.values[-1].end],
            text[run.values[-1].end : sentence.bounds[1]],
        )
        is None
    ]
    fitting = [run for run in runs if len(run.values) == n]
    if len(fitting) == 1 and len(runs) == 1:
        return list(fitting[0].values)
    if not sentence.explicit and n == 2 and len(runs) == 1 and len(runs[0].values) == 1:
        return _ends(found, runs[0].values[0])
    singles = [run.values[0] for run in runs if len(run.values) == 1]
    # "at p = 0 and p = 10 GPa", "at ambient pressure and under 2 GPa"
    if len(singles) == n == len(runs) and (sentence.explicit or _is_ambient(found, singles[0])):
        return list(singles)
    return []


def _ends(found: FoundMentions, value: Value) -> list[Value | None]:
    """The two ends of a range of pressures; empty for a single pressure."""
    text = found.passage.text[value.start : value.end]
    parts = [p for span in find_parts(text, "pressure") for p in span]
    if len(parts) != 2:
        return []
    return [Value(p.start + value.start, p.end + value.start, p.unit) for p in parts]


def _is_ambient(found: FoundMentions, value: Value) -> bool:
    quantity = parse_quantity(found.passage.text[value.start : value.end], "pressure", value.unit)
    return quantity is not None and quantity.value == 0


def _kinds(sentence: _Sentence, run: _Run) -> list[str]:
    """The kinds of Tc that a sentence names in order before a list; empty if not one a value."""
    text = sentence.found.passage.text[sentence.bounds[0] : run.values[0].start]
    named = sorted(
        (match.start(), kind)
        for kind, pattern in cues()["tc_kind"].items()
        for match in pattern.finditer(text)
    )
    kinds = [kind for i, (_, kind) in enumerate(named) if i == 0 or named[i - 1][1] != kind]
    return kinds if len(kinds) == len(run.values) == len(set(kinds)) else []
