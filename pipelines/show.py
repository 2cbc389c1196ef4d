"""Records as a table for people. Which records, and in which order, the caller says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from scmine.database.filters import RecordFilter
from scmine.database.llm_reading import llm_uses
from scmine.database.record import Origin, PressureKind, Record, RecordStatus
from scmine.database.store import READ_BATCH, Database
from scmine.database.structure import StructureOutcome
from scmine.pipelines.llm_report import use_lines
from scmine.pipelines.report import print_table, wide_console
from scmine.pipelines.tables import Column, Kind, evidence_cell, file_cell, value_or_range

MOST_PAGES = 4
"""Pages of one claim that are listed."""

ID_CHARS = 8
"""Characters of an id that are shown; more where records would look alike."""

PASSED = frozenset({RecordStatus.OBSOLETE, RecordStatus.REMOVED})
"""The statuses of records that are not shown unless they are asked for."""

PAPER_FLAGS = {
    "newer_version": "newer version",
    "withdrawn": "withdrawn",
    "retracted_paper": "retracted",
}
"""Flags of which everybody who sees the record has to know, in words."""

_COLUMNS = (
    Column("id"),
    Column("material", Kind.MATERIAL),
    Column("Tc (K)", Kind.NUMBER),
    Column("P (GPa)", Kind.NUMBER),
    Column("λ", Kind.NUMBER),
    Column("ω_log (K)", Kind.NUMBER),
    Column("μ*", Kind.NUMBER),
    Column("space group"),
    Column("structure"),
    Column("evidence"),
    Column("status"),
    Column("paper", Kind.FILE),
    Column("pages", Kind.NUMBER),
)


def print_records(database: Database, wanted: RecordFilter, *, asked: bool = False) -> None:
    """Print the records that ``wanted`` asks for, one a line, and how many they are.

    Those that something else has taken the place of, or that a person has taken out of sight, are
    only counted, unless a status or a paper is asked for. With ``asked`` also what a language model
    was asked about their papers is told.
    """
    chosen = bool(wanted.statuses or wanted.status or wanted.doc)
    in_force = wanted if chosen else replace(wanted, statuses=frozenset(RecordStatus) - PASSED)
    records = list(database.records(in_force))
    named = sorted({r.structure_id for r in records if r.structure_id is not None})
    outcomes = database.structure_outcomes(named)
    length = id_length([record.record_id for record in records])
    rows = [[r.record_id[:length], *record_cells(r, outcomes)] for r in records]
    with wide_console() as console:
        if rows:
            print_table(console, _COLUMNS, rows)
        console.print(
            f"{len(rows)} record{'' if len(rows) == 1 else 's'} in {database.where}", markup=False
        )
        if not chosen:
            hidden = replace(wanted, statuses=PASSED, limit=None)
            number = sum(1 for _ in database.records(hidden))
            if number:
                console.print(
                    f"{number} more that are obsolete or removed; --status obsolete shows them",
                    markup=False,
                )
        for line in _asked_lines(database, records) if asked else ():
            console.print(line, markup=False)


def _asked_lines(database: Database, records: Sequence[Record]) -> Iterator[str]:
    """What a language model was asked about the papers of records, paper by paper."""
    paths = {record.doc_id: file_cell(record.path) for record in records}
    named = sorted(paths)
    for start in range(0, len(named), READ_BATCH):
        for use in llm_uses(database, *named[start : start + READ_BATCH]):
            first, *rest = use_lines(use)
            yield f"{paths.pop(use.doc_id)}: {first}"
            yield from rest
    if paths:
        yield f"No language model was asked about {len(paths)} of the papers."


def id_length(ids: Sequence[str]) -> int:
    """How many characters tell these ids apart, at least ``ID_CHARS``.

    >>> id_length(["a" * 24, "b" * 24]), id_length(["a" * 9 + "x", "a" * 9 + "y"])
    (8, 10)
    """
    longest = max(map(len, ids), default=ID_CHARS)
    number = len(set(ids))
    lengths = range(ID_CHARS, longest + 1)
    return next((n for n in lengths if len({name[:n] for name in ids}) == number), longest)


def record_cells(
    record: Record, outcomes: Mapping[str, StructureOutcome] | None = None
) -> list[str]:
    """The cells of one record behind its id, in the order of the columns; empty where unknown.

    ``outcomes`` says what came of structures by their id; None: it is not shown.
    """
    return [
        record.formula or record.raw_material,
        _absence(record)
        or value_or_range(
            record.tc_K,
            record.tc_min_K,
            record.tc_max_K,
            record.tc_uncertainty_K,
            record.tc_relation,
        ),
        _pressure(record),
        value_or_range(record.lambda_),
        value_or_range(record.omega_log_K),
        value_or_range(record.mu_star),
        record.space_group or "",
        _structure((outcomes or {}).get(record.structure_id or "")),
        _evidence(record),
        _standing(record),
        file_cell(record.path),
        _pages(record),
    ]


def _standing(record: Record) -> str:
    """Where a record stands in curation, and what came of its paper."""
    status = [] if record.status is RecordStatus.NEW else [record.status.value]
    flags = [words for flag, words in PAPER_FLAGS.items() if flag in record.flags]
    return ", ".join(status + flags)


def _structure(outcome: StructureOutcome | None) -> str:
    """Space group of the atoms, verdict and way, as far as there are any."""
    if outcome is None:
        return ""
    return ", ".join(filter(None, (outcome.space_group, outcome.verdict, outcome.way)))


def _pressure(record: Record) -> str:
    """The pressure, marked where the sample was only made under it."""
    text = value_or_range(record.pressure_GPa, record.pressure_min_GPa, record.pressure_max_GPa)
    return f"made at {text}" if text and record.pressure_kind is PressureKind.SYNTHESIS else text


def _evidence(record: Record) -> str:
    """Measured or calculated, and that it was others who did so."""
    text = evidence_cell(record.evidence.value)
    return f"{text} (cited)".strip() if record.origin is Origin.CITED else text


def _pages(record: Record) -> str:
    """The pages of all places, or of the first ones where there are many."""
    pages = sorted({p for p in (record.page, *(q.page for q in record.places)) if p is not None})
    shown = [str(page) for page in pages[:MOST_PAGES]]
    return ", ".join([*shown, "…"] if len(pages) > MOST_PAGES else shown)


def _absence(record: Record) -> str:
    """What there is to say where a material was found not to superconduct."""
    if record.superconducting is not False:
        return ""
    if record.lowest_temperature_K is None:
        return "none"
    return f"none to {record.lowest_temperature_K:g}"
