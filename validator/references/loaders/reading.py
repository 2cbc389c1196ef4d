"""What all loaders share: numbers, formulas and structures of one row, and how a row is refused."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from scmine.database.reference import ReferenceEntry
from scmine.validator.references.composition import Material, material_of_amounts, read_material
from scmine.validator.references.loaders.source import Row

HIGHEST_TC_K = 1000.0
"""A Tc above is a slip of the file; calculations have found up to 473 K."""

_EMPTY = {"", "nan", "na", "none", "null", "-", "n/a"}
_NUMBER = re.compile(r"[+-]?(?:\d{1,12}\.?\d{0,30}|\.\d{1,30})(?:[eE][+-]?\d{1,3})?")


class RowError(Exception):
    """A row gives no entry; ``reason`` is a short name for reports, ``detail`` what was there."""

    def __init__(self, reason: str, detail: object) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = str(detail)[:120]


def number(value: Any, what: str) -> float | None:
    """A finite number; None if nothing is there.

    Raises
    ------
    RowError
        ``<what>_not_read``: something else is there.
    """
    if isinstance(value, bool):
        raise RowError(f"{what}_not_read", value)
    if value is None or str(value).strip().lower() in _EMPTY:
        return None
    text = str(value).strip()
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise RowError(f"{what}_not_read", value)
    return float(text)


def tc_of(value: Any) -> float | None:
    """A critical temperature in K, 0 included; None if nothing is there.

    Raises
    ------
    RowError
        ``tc_not_read``, or ``tc_not_possible``: negative or above `HIGHEST_TC_K`.
    """
    tc = number(value, "tc")
    if tc is not None and not 0 <= tc <= HIGHEST_TC_K:
        raise RowError("tc_not_possible", value)
    return tc


def material_of_text(formula: str) -> Material:
    """What a formula says; raises a ``RowError`` (``no_formula``, ``formula_not_read``)."""
    if not formula:
        raise RowError("no_formula", "")
    material = read_material(formula)
    if material is None:
        raise RowError("formula_not_read", formula)
    return material


def material_of_atoms(symbols: Sequence[str]) -> Material:
    """What the atoms of a cell say; raises a ``RowError`` (``structure_not_read``)."""
    amounts: dict[str, float] = {}
    for symbol in symbols:
        amounts[symbol] = amounts.get(symbol, 0.0) + 1.0
    material = material_of_amounts(amounts)
    if material is None:
        raise RowError("structure_not_read", " ".join(symbols[:20]))
    return material


def entry_of(material: Material, formula: str, row: Row, **values: Any) -> ReferenceEntry:
    """The entry of a row: what ``formula`` says of the material, the row's line, and ``values``."""
    return ReferenceEntry(
        formula=formula,
        key=material.key,
        system=material.system,
        composition=dict(material.composition),
        open_amounts=material.open_amounts,
        line=row.line,
        **values,
    )


def listed(text: str) -> list[Any]:
    """A list printed as JSON; raises a ``RowError`` (``structure_not_read``) if it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RowError("structure_not_read", text) from error
    if not isinstance(value, list):
        raise RowError("structure_not_read", text)
    return value


def cif_of(
    name: str,
    lengths_A: Sequence[float],
    angles_deg: Sequence[float],
    symbols: Sequence[str],
    fractions: Sequence[Sequence[float]],
) -> str:
    """A CIF of a cell whose atoms are all listed (space group P 1).

    Raises
    ------
    RowError
        ``structure_not_read``: numbers are missing or no numbers.
    """
    cell = [*lengths_A, *angles_deg]
    rows = [list(row) for row in fractions]
    flat = [*cell, *(x for row in rows for x in row)]
    if (
        len(cell) != 6
        or len(rows) != len(symbols)
        or any(len(row) != 3 for row in rows)
        or not all(isinstance(x, int | float) and math.isfinite(x) for x in flat)
    ):
        raise RowError("structure_not_read", name)
    tags = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
    lines = [f"data_{name}", "_space_group_name_H-M_alt 'P 1'", "_space_group_IT_number 1"]
    lines += [f"_cell_{tag} {value:.8f}" for tag, value in zip(tags, cell, strict=True)]
    lines += ["loop_", "_space_group_symop_operation_xyz", "'x, y, z'"]
    lines += ["loop_", "_atom_site_label", "_atom_site_type_symbol"]
    lines += [f"_atom_site_fract_{axis}" for axis in "xyz"]
    for count, (symbol, (x, y, z)) in enumerate(zip(symbols, rows, strict=True), start=1):
        lines.append(f"{symbol}{count} {symbol} {x:.8f} {y:.8f} {z:.8f}")
    return "\n".join(lines) + "\n"


def cell_of(matrix: Sequence[Sequence[float]]) -> tuple[list[float], list[float]]:
    """Lengths and angles of a cell from its three edges as vectors.

    Raises
    ------
    RowError
        ``structure_not_read``: no three vectors with a length.
    """
    try:
        edges = [[float(x) for x in row] for row in matrix]
        lengths = [math.sqrt(sum(x * x for x in edge)) for edge in edges]
        (a, b, c), (la, lb, lc) = edges, lengths
        cosines = [_dot(b, c) / (lb * lc), _dot(a, c) / (la * lc), _dot(a, b) / (la * lb)]
    except (TypeError, ValueError, ZeroDivisionError) as error:
        raise RowError("structure_not_read", matrix) from error
    return lengths, [math.degrees(math.acos(max(-1.0, min(1.0, x)))) for x in cosines]


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def dois(text: str) -> str:
    """The references of a row without the brackets and quotes of its printing.

    >>> dois("['[10.1/x]', '[10.1/x,10.2/y]']")
    '10.1/x, 10.2/y'
    """
    parts = (part.strip() for part in re.split(r"[\[\]'\",\s]+", text))
    return ", ".join(dict.fromkeys(part for part in parts if part))


def given(row: Mapping[str, Any], *names: str) -> Any:
    """The first of the named values that is there."""
    return next((row[n] for n in names if row.get(n) not in (None, "")), None)
