"""What the page of a record shows, gathered: fields, evidence, checks, structure, history, others.

Reads only. Templates set it in HTML; changing a record lives in the routes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scmine.database.composition import material_of
from scmine.database.curation import Curation
from scmine.database.filters import RecordFilter
from scmine.database.lookup import structure
from scmine.database.papers import Papers
from scmine.database.record import Evidence, Origin, Place, PressureKind, Record, RecordStatus
from scmine.database.revision import NotFoundError, Proposal, Revision
from scmine.database.revisions import undoable
from scmine.database.search import Search
from scmine.database.status import allowed, standings
from scmine.database.store import Database
from scmine.validator.finding import Finding
from scmine.web import highlight, printing
from scmine.web.known_values import Known, KnownValues
from scmine.web.record_checks import Flag, Said, findings, flag, said
from scmine.web.record_fields import Field, Group, groups, shown
from scmine.web.structure_scene import Scene, scene_of

MOST_OTHERS = 60
"""Other records of the paper, or of the material, that a page lists."""

PRINTED = {"tc_K": "raw_tc", "pressure_GPa": "raw_pressure", "formula": "raw_material"}
"""Which column holds what was printed for a normalised one."""

PRINTED_FOR_RANGE = {"tc_min_K": "raw_tc", "pressure_min_GPa": "raw_pressure"}
"""The same where the record has a range instead of a value."""

UNTOLD = ("unspecified", "unknown")
"""Values that say that the paper does not tell."""

ELSEWHERE = frozenset({"sentence", "places", "boxes", "flags", "wyckoff"})
"""Columns that have a part of the page to themselves."""


@dataclass(frozen=True, slots=True)
class Row:
    """A field with its value in words; ``printed`` is what the paper has for it."""

    field: Field
    value: str
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A group of fields: those that are known, and the labels of those that are not."""

    group: Group
    rows: tuple[Row, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the paper that makes the claim, with its sentence cut up and marked."""

    place: Place
    parts: Sequence[highlight.Part]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """All that the page of a record shows."""

    record: Record
    number: int
    claim: tuple[str, ...]
    sections: tuple[Section, ...]
    parts: Sequence[highlight.Part]
    marked: frozenset[str]
    missing: tuple[str, ...]
    spots: Sequence[Spot]
    found: Sequence[Finding]
    findings: Sequence[Said]
    flags: Sequence[Flag]
    stale: frozenset[str]
    known: Known | None
    scene: Scene | None
    same_paper: Sequence[Record]
    same_material: Sequence[Record]
    proposals: Sequence[Proposal]
    history: Sequence[Revision]
    steps: Sequence[RecordStatus]
    can_edit: bool
    can_undo: bool
    can_redo: bool
    pages: tuple[int, ...] = field(default=())


def record_page(database: Database, known: KnownValues, record_id: str) -> RecordPage:
    """Gather what the page of a record shows.

    Raises
    ------
    NotFoundError
        There is no such record.
    """
    curation = Curation(database)
    # The history first: a change in between then is a conflict, and not overwritten unseen.
    history = curation.history(record_id)
    record = curation.record(record_id)
    if record is None:
        raise NotFoundError(f"there is no record {record_id}")
    siblings = Papers(database).records(record.doc_id)
    others = [r for r in siblings if r.record_id != record_id]
    found = findings(record, siblings)
    of_sets = known.of(record)
    if of_sets is not None:
        found += [f for f in of_sets.findings if f not in found]
    names = {finding.name for finding in found}
    flags = [flag(name) for name in record.flags]
    cut = highlight.parts(record.sentence, highlight.sought(record), highlight.numbers_of(record))
    turned = undoable(history)
    stored = structure(database, record.structure_id) if record.structure_id else None
    return RecordPage(
        record=record,
        number=history[-1].number,
        claim=claim(record),
        sections=tuple(_section(group, record) for group in groups()),
        parts=cut,
        marked=frozenset(highlight.marked(cut)),
        missing=_missing(record),
        spots=[_spot(place) for place in record.places],
        found=found,
        findings=said(found),
        flags=flags,
        stale=frozenset(f.name for f in flags if f.is_rule and f.name not in names),
        known=of_sets,
        scene=None if stored is None else scene_of(stored),
        same_paper=sorted(others, key=lambda r: r.formula != record.formula)[:MOST_OTHERS],
        same_material=same_material(database, record),
        proposals=[p for p in curation.proposals(doc_id=record.doc_id) if p.record_id == record_id],
        history=history,
        steps=[status for status in RecordStatus if status in allowed(record.status)],
        can_edit=standings()[record.status].after_edit is not None,
        can_undo=bool(turned.done),
        can_redo=bool(turned.undone),
        pages=tuple(sorted({p for p in (record.page, *(q.page for q in record.places)) if p})),
    )


def claim(record: Record) -> tuple[str, ...]:
    """What a record says, in phrases, the most telling first.

    >>> claim(Record(record_id="r", doc_id="d", raw_material="MgB2", tc_K=39.0, lambda_=0.87))
    ('Tc = 39 K', 'λ = 0.87', 'measured or calculated: not told')
    """
    tc = _tc(record)
    phrases = [tc]
    if record.tc_kind.value != "unspecified":
        phrases.append(shown("tc_kind", record.tc_kind))
    if pressure := printing.pressure(record):
        made = record.pressure_kind is PressureKind.SYNTHESIS
        phrases.append(f"{'made at' if made else 'at'} {pressure} GPa")
    for name, sign, unit in (
        ("lambda_", "λ", ""),
        ("omega_log_K", "ω_log", " K"),
        ("omega2_K", "ω₂", " K"),
        ("mu_star", "μ*", ""),
    ):
        if (value := getattr(record, name)) is not None:
            phrases.append(f"{sign} = {printing.number(value)}{unit}")
    if record.space_group:
        phrases.append(record.space_group)
    has_value = any(phrases)
    if record.evidence is Evidence.UNKNOWN:
        phrases.append("measured or calculated: not told")
    else:
        phrases.append(record.evidence.value)
    if record.origin is not None:
        phrases.append("cited" if record.origin is Origin.CITED else "this work")
    phrases = [phrase for phrase in phrases if phrase]
    if not tc:
        # The first phrase stands out: a value if there is one, else that there is none.
        words = "superconducting, no Tc stated" if record.superconducting else "no Tc stated"
        phrases.insert(len(phrases) if has_value else 0, words)
    return tuple(phrases)


def _tc(record: Record) -> str:
    text = printing.tc(record)
    if not text and record.superconducting is not False:
        return ""
    if record.superconducting is False and record.tc_K is None:
        down = record.lowest_temperature_K
        reach = "" if down is None else f" down to {printing.number(down)} K"
        return f"not superconducting{reach}"
    return f"Tc {text} K" if text[0] in "~<>≤≥" else f"Tc = {text} K"


def same_material(database: Database, record: Record) -> list[Record]:
    """Records of other papers on the same composition, highest Tc first."""
    key = material_of(record.composition, record.formula).key
    if key is None:
        return []
    page = Search(database).page(RecordFilter(composition_key=key), limit=5 * MOST_OTHERS)
    return [other for other in page.records if other.doc_id != record.doc_id][:MOST_OTHERS]


def _section(group: Group, record: Record) -> Section:
    row: dict[str, Any] = record.to_row()
    rows: list[Row] = []
    unknown: list[str] = []
    taken = {printed for name, printed in PRINTED.items() if row[name] is not None}
    taken |= {printed for name, printed in PRINTED_FOR_RANGE.items() if row[name] is not None}
    for column in group.fields:
        if column.name in ELSEWHERE or column.name in taken:
            continue
        value = shown(column.name, row[column.name])
        if not value or row[column.name] in UNTOLD:
            unknown.append(column.label)
            continue
        rows.append(Row(column, value, _printed_for(column.name, row)))
    return Section(group, tuple(rows), tuple(unknown))


def _printed_for(name: str, row: dict[str, Any]) -> str:
    if name in PRINTED:
        return str(row[PRINTED[name]] or "")
    ranged = PRINTED_FOR_RANGE.get(name)
    value = name.replace("_min", "")
    return str(row[ranged] or "") if ranged is not None and row[value] is None else ""


def _missing(record: Record) -> tuple[str, ...]:
    """What was read for the record but does not stand in its sentence: labels of columns."""
    labels = {"raw_material": "material", "raw_tc": "Tc", "raw_pressure": "pressure"}
    asked = highlight.sought(record)
    return tuple(
        word
        for name, word in labels.items()
        if name in asked and not highlight.stands_in(record.sentence, asked[name])
    )


def _spot(place: Place) -> Spot:
    return Spot(place, highlight.parts(place.sentence, highlight.sought_at(place)))
