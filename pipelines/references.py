"""Reference sets of the command line: adding a file, listing, looking up a formula, exporting with.

Reading files is in ``scmine.validator.references.loaders``, storing in ``scmine.database``. What
the user sees is printed here.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from scmine.database.export import MoreColumns
from scmine.database.record import Record
from scmine.database.reference import ReferenceEntry, ReferenceSetInfo, UnreadRow
from scmine.database.store import Database
from scmine.extractors.materials import parse_material
from scmine.extractors.names import formula_of_name
from scmine.pipelines.report import print_table, wide_console
from scmine.pipelines.tables import Column, Kind, evidence_cell, shorten_end, value_or_range
from scmine.validator.finding import Finding
from scmine.validator.references.columns import REFERENCE_COLUMNS, reference_columns
from scmine.validator.references.compare import is_doping_of
from scmine.validator.references.composition import Material, read_material
from scmine.validator.references.distance import distance
from scmine.validator.references.findings import findings
from scmine.validator.references.index import ReferenceIndex
from scmine.validator.references.loaders.kinds import read_file

UNREAD_LINES_SHOWN, DETAIL_CHARS = 5, 40
"""Lines of a reason that are named, with what stood there; --json names all."""

DOPINGS_SHOWN = 20
"""Entries of other dopings, or of other materials, that are shown; --json has all."""

_CHUNK = 2**20

_ENTRY_COLUMNS = (
    Column("material", Kind.MATERIAL),
    Column("Tc (K)", Kind.NUMBER),
    Column("P (GPa)", Kind.NUMBER),
    Column("λ", Kind.NUMBER),
    Column("ω_log (K)", Kind.NUMBER),
    Column("space group"),
    Column("evidence"),
    Column("set"),
    Column("entry", Kind.FILE),
)


@dataclass(frozen=True, slots=True)
class Added:
    """What came of a file: the set's name and kind, how many entries, and the rows not read.

    ``already`` is true where the database had the file, under this name.
    """

    name: str
    kind: str
    entries: int
    unread: tuple[UnreadRow, ...]
    already: bool = False

    def reasons(self) -> dict[str, list[UnreadRow]]:
        """The rows that gave no entry, by reason."""
        rows: dict[str, list[UnreadRow]] = {}
        for row in self.unread:
            rows.setdefault(row.reason, []).append(row)
        return rows


def add_file(
    database: Database,
    path: Path,
    *,
    kind: str | None = None,
    name: str | None = None,
    progress: Callable[[str, int, int | None], None] | None = None,
) -> Added:
    """Read a file and save it as a reference set; what is there already is left as it is.

    Parameters
    ----------
    kind
        The kind of set; recognised by the file's columns if None.
    name
        The set's name; the kind's if None.
    progress
        Is called with what is done (``reading``, ``saving``), how much of it is done, and how much
        there is (None: not known).

    Raises
    ------
    scmine.validator.references.entry.ReferenceFileError
        The file is no reference set that can be read, or gives no entry at all.
    OSError, ValueError, scmine.database.errors.DatabaseError
        The file cannot be read, no kind has the name, or the database refuses.
    """
    sha256 = _sha256(path)
    for stored in database.reference_sets():
        if stored.sha256 == sha256:
            unread = tuple(stored.unread)
            return Added(stored.name, stored.kind, stored.entry_count, unread, already=True)
    told = progress or (lambda _what, _done, _total: None)
    reading = read_file(
        path, kind=kind, name=name or "", progress=lambda done: told("reading", done, None)
    )
    info = ReferenceSetInfo(
        name=name or reading.kind,
        kind=reading.kind,
        path=str(path.absolute()),
        sha256=sha256,
        unread=reading.unread,
    )
    total = len(reading.entries)
    added = database.add_reference_set(
        info, reading.entries, lambda done: told("saving", done, total)
    )
    return Added(info.name, info.kind, total, tuple(reading.unread), already=not added)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def shown_progress(*, quiet: bool) -> Iterator[Callable[[str, int, int | None], None] | None]:
    """A bar on standard error that shows how far a file is; None where nothing is to be shown."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed}"),
    )
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda what, done, total: bar.update(
            task, description=what, completed=done, total=total
        )


def print_added(added: Added, where: str, *, as_json: bool) -> None:
    """Say what came of a file: how many entries, and which lines gave none, by reason."""
    if as_json:
        summary: dict[str, Any] = {
            "name": added.name,
            "kind": added.kind,
            "already": added.already,
            "entries": added.entries,
            "unread": [
                {"line": row.line, "reason": row.reason, "detail": row.detail}
                for row in added.unread
            ],
        }
        print(json.dumps(summary, indent=2, ensure_ascii=False))
        return
    with wide_console() as console:
        if added.already:
            text = f"{where} has this file already, as {added.name} ({added.entries} entries)"
        else:
            text = f"{added.name}: {added.entries} entries of the kind {added.kind}, in {where}"
        console.print(text, markup=False)
        for reason, unread in added.reasons().items():
            shown = ", ".join(map(_unread_text, unread[:UNREAD_LINES_SHOWN]))
            more = ", …" if len(unread) > UNREAD_LINES_SHOWN else ""
            rows = "row" if len(unread) == 1 else "rows"
            console.print(
                f"  {len(unread)} {rows} not read, {reason}: line {shown}{more}", markup=False
            )


def _unread_text(row: UnreadRow) -> str:
    """The line of a row that gave no entry, with what stood there."""
    return f"{row.line} ({shorten_end(row.detail, DETAIL_CHARS)})" if row.detail else str(row.line)


def print_sets(database: Database, *, as_json: bool) -> None:
    """List the reference sets of a database."""
    sets = database.reference_sets()
    if as_json:
        rows = [
            {
                "name": s.name,
                "kind": s.kind,
                "entries": s.entry_count,
                "unread": len(s.unread),
                "added": s.added.isoformat(timespec="seconds"),
                "path": s.path,
                "sha256": s.sha256,
            }
            for s in sets
        ]
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    columns = (
        Column("set"),
        Column("kind"),
        Column("entries", Kind.NUMBER),
        Column("rows not read", Kind.NUMBER),
        Column("added"),
        Column("file", Kind.FILE),
    )
    with wide_console() as console:
        if sets:
            cells = [
                [
                    s.name,
                    s.kind,
                    str(s.entry_count),
                    str(len(s.unread)),
                    f"{s.added:%Y-%m-%d}",
                    s.path,
                ]
                for s in sets
            ]
            print_table(console, columns, cells)
        plural = "" if len(sets) == 1 else "s"
        console.print(f"{len(sets)} reference set{plural} in {database.where}", markup=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What the reference sets have on a material.

    ``entries`` are those of its composition, else of other dopings of it, else of its chemical
    system: ``how`` says which. ``dopings`` are the other dopings where its composition is known.
    The nearest come first; of equally near ones, and of a series, those with the highest Tc.
    """

    material: Material
    how: str
    entries: tuple[ReferenceEntry, ...]
    dopings: tuple[ReferenceEntry, ...] = ()


def formula_asked(asked: str) -> str:
    """The formula that a user's formula, nickname or name denotes.

    Raises
    ------
    ValueError
        It is a name of several compounds.
    """
    if (formula := formula_of_name(asked)) is not None:
        return formula
    names = parse_material(asked)
    if len(names) == 1 and names[0].name and names[0].formula is None:
        raise ValueError(f"{asked!r} names several compounds or none; give a formula")
    return asked


def find_formula(database: Database, asked: str) -> Found:
    """What the reference sets of a database have on a formula, or on what a nickname denotes.

    Raises
    ------
    ValueError
        The formula cannot be read, or leaves an element open.
    """
    formula = formula_asked(asked)
    material = read_material(formula)
    if material is None:
        raise ValueError(f"{asked!r} is no formula of elements")
    same = sorted(database.reference_entries(key=material.key), key=lambda e: e.tc_K is None)
    system = [
        entry
        for entry in database.reference_entries(system=material.system)
        if entry.key != material.key
    ]
    system.sort(key=lambda entry: _rank(material, entry))
    doped = tuple(entry for entry in system if is_doping_of(material, entry))
    if same:
        return Found(material, "known", tuple(same), doped)
    if doped:
        return Found(material, "known_at_another_doping", doped)
    return Found(material, "system_known", tuple(system))


def _rank(material: Material, entry: ReferenceEntry) -> tuple[float, float]:
    """Where an entry comes among others; a series (La2-xSrxCuO4) is equally near to all."""
    tc = math.inf if entry.tc_K is None else -entry.tc_K
    return (0.0 if material.is_series else _distance(material, entry), tc)


def _distance(material: Material, entry: ReferenceEntry) -> float:
    """How far an entry is from a material; infinite where either names no atoms of the scale."""
    try:
        return round(distance(material.composition, entry.composition), 6)
    except ValueError:
        return math.inf


def print_formula(database: Database, asked: str, *, as_json: bool) -> bool:
    """Show what the reference sets have on a formula; False if they have nothing.

    Raises ``ValueError`` as `find_formula` does.
    """
    found = find_formula(database, asked)
    if as_json:
        told = {
            "formula": asked,
            "normal_form": found.material.key,
            "found": found.how if found.entries else None,
            "entries": [_entry_json(entry) for entry in found.entries],
            "other_dopings": [_entry_json(entry) for entry in found.dopings],
        }
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return bool(found.entries)
    key, system = found.material.key, found.material.system
    said = {
        "known": f"of {key}",
        "known_at_another_doping": f"of other dopings of {key}, none of itself",
        "system_known": f"of other materials of {system}, none of {key}",
    }
    if found.material.open_amounts:
        said["known_at_another_doping"] = f"with stated amounts for {key}"
    order = "first by Tc" if found.material.is_series else "nearest"
    with wide_console() as console:
        if (formula := formula_asked(asked)) != asked:
            console.print(f"{asked} is {formula}", markup=False)
        if not found.entries:
            console.print(f"no entry with the elements of {key} in {database.where}", markup=False)
            return False
        shown = found.entries if found.how == "known" else found.entries[:DOPINGS_SHOWN]
        _print_entries(
            console, shown, found.entries, f"{said[found.how]} in {database.where}", order
        )
        if found.dopings:
            _print_entries(
                console,
                found.dopings[:DOPINGS_SHOWN],
                found.dopings,
                f"of other dopings of {key}",
                order,
            )
    return True


def _print_entries(
    console: Console,
    shown: Sequence[ReferenceEntry],
    entries: Sequence[ReferenceEntry],
    of_what: str,
    order: str,
) -> None:
    """Say how many entries there are of what, and print the first."""
    number = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
    first = f"; the {len(shown)} {order}, --json has all" if len(shown) < len(entries) else ""
    console.print(f"{number} {of_what}{first}", markup=False)
    print_table(console, _ENTRY_COLUMNS, [_entry_cells(entry) for entry in shown])


def _entry_cells(entry: ReferenceEntry) -> list[str]:
    tc = value_or_range(entry.tc_K)
    if entry.superconducting is False:
        lowest = entry.lowest_temperature_K
        tc = "none" if lowest is None else f"none to {lowest:g}"
    return [
        entry.formula,
        tc,
        value_or_range(entry.pressure_GPa),
        value_or_range(entry.lambda_),
        value_or_range(entry.omega_log_K),
        entry.space_group or "",
        evidence_cell(entry.evidence.value),
        entry.set_name,
        entry.entry_id or f"line {entry.line}",
    ]


def _entry_json(entry: ReferenceEntry) -> dict[str, Any]:
    return {
        "set": entry.set_name,
        "line": entry.line,
        "entry_id": entry.entry_id,
        "formula": entry.formula,
        "tc_K": entry.tc_K,
        "superconducting": entry.superconducting,
        "lowest_temperature_K": entry.lowest_temperature_K,
        "lambda": entry.lambda_,
        "omega_log_K": entry.omega_log_K,
        "pressure_GPa": entry.pressure_GPa,
        "evidence": entry.evidence.value,
        "space_group": entry.space_group,
        "source": entry.source,
    }


def load_index(database: Database) -> ReferenceIndex:
    """The index of all reference sets of a database; of no entries if it has none."""
    return ReferenceIndex(database.reference_entries())


def reference_check(database: Database) -> Callable[[Record], list[Finding]] | None:
    """A check of records against the reference sets of a database; None if it has none."""
    index = load_index(database)
    return partial(findings, index=index) if len(index) else None


def export_columns(database: Database) -> MoreColumns:
    """The columns that the reference sets of a database add to an export."""
    return MoreColumns(REFERENCE_COLUMNS, partial(reference_columns, index=load_index(database)))
