"""From a paper's claims and listings to rebuilt structures: what a worker adds to its records.

Joins the statements of ``scmine.validator.structures`` to what the database takes. pymatgen is
imported only where a paper states a structure; how many are rebuilt, and how long that may take,
is bounded here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from scmine.database.record import Record, make_record_id
from scmine.database.structure import StructureRow, StructureSource
from scmine.extractors.document import Document, Listing
from scmine.extractors.extract import Extraction
from scmine.extractors.specimens import formula_key, material_key
from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.from_listing import listing_statement, same_ratios
from scmine.validator.structures.from_record import CELL
from scmine.validator.structures.naming import Known, named_structures
from scmine.validator.structures.plain import to_plain
from scmine.validator.structures.rebuilt import Rebuilt, Verdict
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.statements import Statement, statements

if TYPE_CHECKING:
    from scmine.validator.structures.prototype_library import Library

MOST_REBUILT = 80
"""Structures of one paper that are rebuilt; more are kept as they are stated."""

MOST_SECONDS = 30.0
"""Time after which no further structure of a paper is begun."""

CONTRADICTORY = "structure_contradictory"
"""The flag of a record whose structure cannot be as stated."""

FAILED = "structure_failed"
TOO_MANY = "too_many_structures"

_TROUBLE = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What pymatgen and spglib raise for structures that they cannot work with."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A statement with where it stands and the records that are of it."""

    stated: StatedStructure
    source: str
    record_ids: tuple[str, ...] = ()
    stated_in: dict[str, str] | None = None
    page: int | None = None
    boxes: Sequence[Sequence[float]] = ()
    sentence: str = ""


def add_structures(
    document: Document, extraction: Extraction, library: Library | None = None
) -> tuple[list[StructureRow], list[Record]]:
    """The structures that a paper states, rebuilt, and its records with their ``structure_id``.

    Where the paper prints the CIF or POSCAR of a structure, records that state no cell and no sites
    are of that one. Records that state no structure name that of their material where no other can
    be meant. Records that state one which is contradictory get the flag
    ``structure_contradictory``. A structure that cannot be worked with is underdetermined and says
    why; nothing is raised for it. ``library`` are the prototypes that may serve; None: all.
    """
    found = [_of_listing(listing, document) for listing in document.listings]
    found += [_of_records(s) for s in statements(extraction.records, extraction.stated)]
    if not found:
        return [], list(extraction.records)
    rows: dict[str, StructureRow] = {}
    known: dict[str, Known] = {}
    structure_of: dict[str, str] = {}
    by_id = {record.record_id: record for record in extraction.records}
    for one, rebuilt in zip(found, _rebuilt(found, library), strict=True):
        listing = None if one.stated.block else _listing_of(one.stated, list(rows.values()))
        if listing is not None:
            structure_of |= dict.fromkeys(one.record_ids, listing)
            continue
        plain = to_plain(one.stated)
        structure_id = make_record_id("structure", document.doc_id, plain)
        rows.setdefault(structure_id, _row(structure_id, one, plain, rebuilt))
        known.setdefault(structure_id, _known(structure_id, one, rebuilt, by_id))
        structure_of |= dict.fromkeys(one.record_ids, structure_id)
    records = [_with_structure(r, structure_of, rows) for r in extraction.records]
    others = named_structures(records, list(known.values()), structure_of)
    records = [
        r.model_copy(update={"structure_id": others[r.record_id]}) if r.record_id in others else r
        for r in records
    ]
    return list(rows.values()), records


def _known(
    structure_id: str, found: _Found, rebuilt: Rebuilt, records: Mapping[str, Record]
) -> Known:
    """The structure as that of which other records may be."""
    record = next((records[name] for name in found.record_ids), None)
    stated = found.stated
    if record is None:
        material = formula_key(stated.formula or "")
        if stated.space_group_number is None:
            symbol, number = _symmetry(rebuilt)
            stated = replace(stated, space_group=symbol, space_group_number=number)
    else:
        material = material_key(record)
    return Known(structure_id, material, stated, record, rebuilt.structure is not None)


def _listing_of(stated: StatedStructure, rows: Sequence[StructureRow]) -> str | None:
    """The one structure of a listing that a statement can only be of, by its id."""
    if stated.sites or any(getattr(stated, name) is not None for name in CELL):
        return None
    printed = [
        row
        for row in rows
        if "block" in row.stated
        and row.structure is not None
        and same_ratios(stated.composition, row.stated.get("composition") or {})
    ]
    fitting = [
        row
        for row in printed
        if stated.space_group_number in (None, row.space_group_number)
        and (
            stated.pressure_GPa == row.pressure_GPa
            or (len(printed) == 1 and None in (stated.pressure_GPa, row.pressure_GPa))
        )
    ]
    return fitting[0].structure_id if len(fitting) == 1 else None


def _of_listing(listing: Listing, document: Document) -> _Found:
    printed = document.passages or document.tables
    return _Found(
        listing_statement(listing),
        (StructureSource.LISTING if printed else StructureSource.FILE).value,
        page=listing.page,
        boxes=[[b.page, b.x0, b.y0, b.x1, b.y1] for b in listing.boxes],
        sentence=listing.before,
    )


def _of_records(statement: Statement) -> _Found:
    record = statement.record
    return _Found(
        statement.stated,
        record.source.value,
        statement.record_ids,
        dict(statement.stated_in),
        record.page,
        record.boxes,
        record.sentence,
    )


def _rebuilt(found: Sequence[_Found], library: Library | None) -> list[Rebuilt]:
    """What came of each statement; those that state most are rebuilt first."""
    from scmine.validator.structures.rebuild import rebuild

    result: dict[int, Rebuilt] = {}
    began = time.monotonic()
    order = sorted(range(len(found)), key=lambda n: -_weight(found[n].stated))
    for count, n in enumerate(order):
        if count >= MOST_REBUILT or time.monotonic() - began > MOST_SECONDS:
            reason = f"the paper states {len(found)} structures; the {count} that state most were"
            result[n] = _none(found[n].stated, TOO_MANY, f"{reason} rebuilt")
        else:
            result[n] = _tried(found[n].stated, partial(rebuild, library=library))
    return [result[n] for n in range(len(found))]


def _weight(stated: StatedStructure) -> int:
    return 3 * bool(stated.block) + 2 * bool(stated.sites) + (stated.a_A is not None)


def _tried(stated: StatedStructure, rebuild: Callable[[StatedStructure], Rebuilt]) -> Rebuilt:
    try:
        return rebuild(stated)
    except RefusalError as refusal:
        return _none(stated, refusal.name, str(refusal))
    except _TROUBLE as error:
        return _none(stated, FAILED, f"{type(error).__name__}: {error}"[:300])


def _none(stated: StatedStructure, name: str, message: str) -> Rebuilt:
    reason = Finding(name, Severity.NOTE, message)
    return Rebuilt(stated, Verdict.UNDERDETERMINED, reasons=(reason,))


def _row(structure_id: str, found: _Found, plain: dict[str, Any], rebuilt: Rebuilt) -> StructureRow:
    symbol, number = _symmetry(rebuilt)
    return StructureRow(
        structure_id=structure_id,
        formula=found.stated.formula,
        space_group=symbol,
        space_group_number=number,
        pressure_GPa=found.stated.pressure_GPa,
        verdict=rebuilt.verdict.value,
        way=rebuilt.way.value if rebuilt.way else None,
        repairs=list(rebuilt.repairs),
        estimated=list(rebuilt.estimated),
        origin=rebuilt.origin,
        reasons=[asdict(reason) for reason in rebuilt.reasons],
        stated=plain,
        stated_in=found.stated_in or {},
        structure=None if rebuilt.structure is None else rebuilt.structure.as_dict(verbosity=0),
        source=found.source,
        page=found.page,
        boxes=found.boxes,
        sentence=found.sentence,
    )


def _symmetry(rebuilt: Rebuilt) -> tuple[str | None, int | None]:
    """The space group of the atoms: that which is stated if they have it, else the exact one."""
    if rebuilt.structure is None:
        return None, None
    from scmine.validator.structures.symmetry import claimed_number, found_symmetry

    found = found_symmetry(rebuilt.structure)
    claimed = rebuilt.space_group_number or claimed_number(rebuilt.stated)
    best = next((f for f in found if f.number == claimed), found[0] if found else None)
    return (best.symbol, best.number) if best else (None, None)


def _with_structure(
    record: Record, structure_of: dict[str, str], rows: dict[str, StructureRow]
) -> Record:
    structure_id = structure_of.get(record.record_id)
    if structure_id is None:
        return record
    flags = record.flags
    if rows[structure_id].verdict == Verdict.CONTRADICTORY and CONTRADICTORY not in flags:
        flags = [*flags, CONTRADICTORY]
    return record.model_copy(update={"structure_id": structure_id, "flags": flags})
