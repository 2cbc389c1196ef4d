"""The kinds of reference sets: how each is recognised by its columns, and what reads its rows.

Names of files tell nothing: only what stands in them does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from scmine.database.reference import ReferenceEntry, UnreadRow
from scmine.validator.references.entry import Reading, ReferenceFileError
from scmine.validator.references.loaders import calculated, measured, tables
from scmine.validator.references.loaders.reading import RowError
from scmine.validator.references.loaders.source import (
    BrokenRow,
    Row,
    Shape,
    json_items,
    shape_of,
    table_rows,
)

Progress = Callable[[int], None]
"""Is called with the number of rows read so far."""

_PROGRESS_EVERY = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of set.

    ``columns`` are alternatives: a table is of the kind if it has all columns of one of them, and
    no others where ``exactly``. ``json_keys`` are the same for the items of JSON.
    """

    name: str
    title: str
    read: Callable[[Row], Iterator[ReferenceEntry]]
    columns: tuple[frozenset[str], ...] = ()
    json_keys: tuple[frozenset[str], ...] = ()
    exactly: bool = False

    def fits(self, names: Iterable[str], *, is_json: bool) -> bool:
        """Whether a table with columns, or an item with keys, of these names is of the kind."""
        there = {name for name in names if name}
        for wanted in self.json_keys if is_json else self.columns:
            if there == wanted if self.exactly else wanted <= there:
                return True
        return False


def _any(*names: str) -> frozenset[str]:
    return frozenset(names)


KINDS: tuple[Kind, ...] = (
    Kind(
        "supercon-mdr",
        "NIMS SuperCon (MDR), oxides and metals",
        measured.read_mdr,
        (_any("element", "tc", "tcn"),),
    ),
    Kind(
        "supercon2",
        "SuperCon²",
        measured.read_supercon2,
        (_any("rawmaterial", "criticaltemperature", "appliedpressure"),),
    ),
    Kind("3dsc", "3DSC (MP or ICSD)", measured.read_3dsc, (_any("formula_sc", "tc"),)),
    Kind(
        "compsc",
        "CompSC",
        calculated.read_compsc,
        (_any("composition", "pressure", "lambda", "omlog"),),
    ),
    Kind(
        "review-fig3",
        "Tc against pressure, figure 3 of Tran et al. 2024",
        calculated.read_review,
        (_any("formula", "pressure", "tc_list", "method"),),
    ),
    Kind(
        "jarvis-epc",
        "JARVIS-EPC",
        calculated.read_jarvis,
        json_keys=(_any("jid", "atoms", "lamb", "wlog", "tc"),),
    ),
    Kind(
        "cerqueira",
        "Cerqueira et al. (Alexandria)",
        calculated.read_cerqueira,
        (_any("formula", "la", "wlog", "tc"),),
        (
            _any("atoms", "la", "wlog", "tc"),
            _any("formula", "la", "wlog", "tc"),
            _any("composition", "la", "wlog", "tc"),
        ),
    ),
    Kind("htsc-2025", "HTSC-2025", calculated.read_htsc, json_keys=(_any("cif", "tc"),)),
    Kind(
        "supercon-uci",
        "SuperCon as cleaned by Hamidieh (UCI)",
        measured.read_uci,
        (_any("critical_temp", "material", "h", "he", "li"),),
    ),
    Kind(
        "supercon-stanev",
        "SuperCon as cleaned by Stanev et al.",
        measured.read_stanev,
        (_any("name", "tc"),),
        exactly=True,
    ),
    Kind(
        "scmine",
        "a table with the columns of scmine's exports",
        tables.read_own,
        (_any("formula", "tc_k"),),
        (_any("formula", "tc_k"),),
    ),
    Kind(
        "table",
        "any table with a formula and a Tc in K",
        tables.read_plain,
        tuple(_any(f, t) for f in tables.FORMULA_COLUMNS for t in tables.TC_COLUMNS),
        tuple(_any(f, t) for f in tables.FORMULA_COLUMNS for t in tables.TC_COLUMNS),
    ),
)
"""All kinds, the most telling first: a file is of the first kind that fits."""


def kind_named(name: str) -> Kind:
    """The kind of that name; raises ``ValueError`` with the names there are."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise ValueError(f"no kind is called {name!r}: use one of {', '.join(k.name for k in KINDS)}")


def read_file(
    path: Path, *, kind: str | None = None, name: str = "", progress: Progress | None = None
) -> Reading:
    """All entries of a reference set's file, and the rows that gave none.

    Parameters
    ----------
    path
        The file: a table (comma, tab or semicolon between its cells) or JSON, packed or not.
    kind
        The kind by name; recognised by the columns if None.
    name
        The set's name, noted in each entry; the kind's name if empty.
    progress
        Is called now and then with the number of rows read.

    Raises
    ------
    ReferenceFileError
        The file is of no known kind or not of ``kind``, is empty, damaged or too large.
    OSError
        The file cannot be read.
    ValueError
        No kind has the name ``kind``.
    """
    shape = shape_of(path)
    wanted = None if kind is None else kind_named(kind)
    rows: Iterable[Row | BrokenRow]
    if shape.is_json:
        items = json_items(path)
        rows = items
        found = wanted or _recognised_json(path, items)
    else:
        found, header = _recognised_table(path, shape, wanted)
        rows = _short_names(table_rows(path, shape.delimiter, header), header)
    return _read(found, rows, name or found.name, progress)


def _recognised_json(path: Path, items: list[Row]) -> Kind:
    keys = next(set(item.values) for item in items if item.values)
    for kind in KINDS:
        if kind.fits(keys, is_json=True):
            return kind
    raise _unknown(path, sorted(keys))


def _recognised_table(
    path: Path, shape: Shape, wanted: Kind | None
) -> tuple[Kind, tuple[str, ...]]:
    """The kind of a table and its header: the first row, of the first few, that fits."""
    for kind in KINDS if wanted is None else (wanted,):
        for header in shape.headers:
            if kind.fits((_short(n) for n in header), is_json=False):
                return kind, header
    widest = max(shape.headers, key=lambda row: sum(map(bool, row)))
    if wanted is not None:
        needed = " or ".join(", ".join(sorted(c)) for c in wanted.columns) or "none: it is JSON"
        raise ReferenceFileError(
            f"{path}: this is no table of the kind {wanted.name}; its columns are {needed}"
        )
    raise _unknown(path, [name for name in widest if name])


def _unknown(path: Path, names: list[str]) -> ReferenceFileError:
    shown = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
    return ReferenceFileError(
        f"{path}: its columns ({shown}) are those of no known reference set; name one with --kind "
        f"({', '.join(k.name for k in KINDS)}), or give it the columns formula and tc_K"
    )


def _short(name: str) -> str:
    return measured.MDR_LABELS.get(name, name)


def _short_names(
    rows: Iterable[Row | BrokenRow], header: tuple[str, ...]
) -> Iterator[Row | BrokenRow]:
    """Rows of NIMS's table under the second header's names, wherever the first was found."""
    renamed = any(name in measured.MDR_LABELS for name in header)
    for row in rows:
        if renamed and isinstance(row, Row):
            values = {_short(name): value for name, value in row.values.items()}
            if all(_short(str(v).strip().lower()) == n for n, v in values.items() if n in _SHORT):
                continue  # the second header
            row = replace(row, values=values)
        yield row


_SHORT = frozenset(measured.MDR_LABELS.values())


def _read(
    kind: Kind, rows: Iterable[Row | BrokenRow], name: str, progress: Progress | None
) -> Reading:
    reading = Reading(kind.name)
    for count, row in enumerate(rows, start=1):
        if progress is not None and count % _PROGRESS_EVERY == 0:
            progress(count)
        if isinstance(row, BrokenRow):
            reading.unread.append(UnreadRow(row.line, "row_broken", row.detail))
            continue
        try:
            entries = list(kind.read(row))
        except RowError as error:
            reading.unread.append(UnreadRow(row.line, error.reason, error.detail))
            continue
        reading.entries.extend(replace(entry, set_name=name) for entry in entries)
    return reading
