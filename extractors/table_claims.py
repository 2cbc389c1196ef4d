"""Table claims: what the rows of a table say, once its heads are understood.

A row makes a claim if it has a material (its own, or one that the caption gives) and at least one
value of a superconductor's properties. Tables about something else make none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scmine.database.record import Evidence
from scmine.extractors.claim import Claim
from scmine.extractors.context import MaterialContext
from scmine.extractors.cues import evidence_of
from scmine.extractors.document import Box, Cell, Table, Typography
from scmine.extractors.formula import looks_like_formula, parse_formula
from scmine.extractors.materials import parse_material
from scmine.extractors.quantities import find_quantities
from scmine.extractors.table_head import Head, split_unit, understand_head

EMPTY = re.compile(r"^[\s\-–—−…·.]*$|^n\.?/?a\.?$|^none$|^not (?:available|measured)$", re.I)

_CORE = {"tc", "lambda", "omega_log", "mu_star"}
"""A table makes claims if it states at least one of these, or a cell and its space group."""

_VARIABLE_CELL = re.compile(r"^(?:[xyzδ]\s*[=≈]\s*)?([~∼]?\s?\d[\d.]*(?:\(\d+\))?)\s*%?$")

_LONGEST_VALUE = 120
"""Characters; a cell that holds more is prose, not the value of a quantity."""

TABLE_CONFIDENCE = 0.8
"""Confidence of a claim whose row names its material, by judgement, not measured."""

CAPTION_CONFIDENCE = 0.6
"""The same where the material is the caption's or the paper's."""


_CONDITION = re.compile(
    r"\(?\s{0,3}([^\s(),;]{1,40}(?:\s?[*])?)\s{0,3}[=≈]\s{0,3}([\d.]{1,20}\s?(?:GPa|kbar|T|K)?)(?![\d.])\s*\)?"
)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column, what it holds, and what its head states for all its values (``μ* = 0.10``)."""

    head: Head
    index: int
    conditions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table understood: its columns, their heads as printed, and the pressure of its caption."""

    table: Table
    columns: tuple[_Column, ...]
    heads: str
    pressure: str

    @classmethod
    def of(cls, table: Table) -> _Sheet:
        header = table.header
        heads = " | ".join(
            " ".join(dict.fromkeys(text for row in header if (text := _over(row, i))))
            for i in range(len(table.rows[0]) if table.rows else 0)
        )
        hits = find_quantities(table.caption, "pressure")
        pressure = table.caption[hits[0][0] : hits[0][1]] if len(hits) == 1 else ""
        return cls(table, tuple(_columns(table)), heads, pressure)


def claims_of_table(table: Table, context: MaterialContext) -> list[Claim]:
    """The claims of ``table``, one a row and Tc column (columns of onset and zero are two)."""
    claims = _claims(_Sheet.of(table), context)
    if claims:
        return claims
    turned = _transposed(table)
    return _claims(_Sheet.of(turned), context) if turned else []


def _columns(table: Table) -> list[_Column]:
    if not table.rows:
        return []
    found = []
    header = table.header
    for index in range(len(table.rows[0])):
        parts = list(dict.fromkeys(text for row in header if (text := _over(row, index))))
        head = understand_head(" ".join(parts))
        if head is None and len(parts) > 1:
            # A spanning head over it belongs to all its columns; the lowest words are its own.
            head = understand_head(parts[-1]) or understand_head(" ".join(parts[-2:]))
            if head is not None and parts[0]:
                head = replace(head, text=" ".join(parts))
        conditions: tuple[tuple[str, str], ...] = ()
        if head is None:
            bare, conditions = _take_conditions(" ".join(parts))
            head = understand_head(bare) if conditions else None
        if head is not None:
            found.append(_Column(head, index, conditions))
    edges = {"a", "b", "c"} & {column.head.field for column in found}
    # Without cell edges, α, β and γ are coefficients of something else.
    return [c for c in found if edges or c.head.field not in ("alpha", "beta", "gamma")]


def _take_conditions(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A head without the conditions it states, and the conditions by field."""
    conditions = []
    for match in _CONDITION.finditer(text):
        head = understand_head(match.group(1))
        if head is not None and head.field in ("mu_star", "pressure", "lambda"):
            conditions.append((head.field, match.group(2)))
            text = text.replace(match.group(0), " ")
    return re.sub(r"\s+", " ", text).strip(" ,;"), tuple(conditions)


def _over(row: Sequence[Cell], index: int) -> str:
    """The text of a header row that stands over column ``index``, spanning cells included."""
    for k in range(index, -1, -1):
        if row[k].text.strip():
            return plain_text(row[k]) if k + row[k].columns > index else ""
    return ""


def plain_text(cell: Cell) -> str:
    """A cell's text without footnote marks: superscripts of letters or stars at its end."""
    text = cell.text
    for span in sorted(cell.typography, key=lambda s: -s.start):
        mark = text[span.start : span.end].strip()
        if (
            span.kind is Typography.SUPERSCRIPT
            and span.end >= len(text.rstrip())
            and re.fullmatch(r"[a-h*†‡§¶∗]{1,2}|\[?\d{1,2}\]?", mark)
            and not re.search(r"10\s*$", text[: span.start])
        ):
            text = text[: span.start]
    return text.strip()


def _claims(sheet: _Sheet, context: MaterialContext) -> list[Claim]:
    fields = {c.head.field for c in sheet.columns}
    crystal = "space_group" in fields and fields & {"a", "c"}
    if not (fields & _CORE) and not crystal:
        return []
    claims: list[Claim] = []
    caption_material = _caption_material(sheet.table.caption, context)
    group = ""
    for row in sheet.table.body:
        texts = [plain_text(cell) for cell in row]
        filled = [t for t in texts if not EMPTY.match(t)]
        if len(filled) == 1 and _names_material(filled[0]):
            group = filled[0]  # a row that heads the rows under it
            continue
        material, variables, from_row = _material(sheet.columns, texts, group or caption_material)
        if not material and not variables:
            continue
        claims += _row_claims(sheet, row, texts, material, variables, from_row)
    return claims


def _material(
    columns: Sequence[_Column], texts: Sequence[str], default: str
) -> tuple[str, dict[str, str], bool]:
    """The row's material, the variables it states, and whether the row names the material."""
    variables = {
        c.head.variable: match.group(1)
        for c in columns
        if c.head.role == "variable" and (match := _VARIABLE_CELL.match(texts[c.index]))
    }
    named = [c for c in columns if c.head.role == "material"]
    for column in named:
        text = texts[column.index]
        if text and not EMPTY.match(text) and _names_material(text):
            return text, variables, True
    if texts and looks_like_formula(texts[0]) and len(parse_material(texts[0])) == 1:
        return texts[0], variables, True
    if variables and default:
        return default, variables, False
    return ("" if named else default), variables, False


def _names_material(text: str) -> bool:
    """Whether a cell names a material by formula, name, or the value of a variable."""
    if looks_like_formula(text):
        return True
    materials = parse_material(text)
    return any(m.formula or m.variables for m in materials)


def _caption_material(caption: str, context: MaterialContext) -> str:
    """The one formula that the caption names, else the paper's main one if it names it so."""
    words = re.split(r"[\s,;:]+", caption)
    formulas = list(
        dict.fromkeys(
            w.strip("().") for w in words if len(w) > 2 and looks_like_formula(w.strip("()."))
        )
    )
    compound = [f for f in formulas if (p := parse_formula(f)) and len(p.amounts) > 1]
    if len(compound) == 1:
        return compound[0]
    if not compound:
        return context.main_formula() or ""
    return ""


def _row_claims(
    sheet: _Sheet,
    row: Sequence[Cell],
    texts: Sequence[str],
    material: str,
    variables: dict[str, str],
    from_row: bool,
) -> list[Claim]:
    shared: dict[str, str] = {}
    tcs: list[tuple[_Column, str]] = []
    for column in sheet.columns:
        text = texts[column.index]
        if column.head.role in ("material", "variable") or EMPTY.match(text):
            continue
        value = _with_unit(text, column.head.unit)
        bare = column.head.field in ("pressure", "magnetic_field") and not split_unit(value)[1]
        if not value or bare:
            continue  # a bare p may as well be the number of holes
        if column.head.field == "tc":
            tcs.append((column, value))
        else:
            shared.setdefault(column.head.field, value)
    if sheet.pressure:
        shared.setdefault("pressure", sheet.pressure)
    stated = set(shared) - {"pressure"}
    if not tcs and not (stated & _CORE) and not (stated & {"space_group", "a", "c"}):
        return []
    used = [c.index for c in sheet.columns if not EMPTY.match(texts[c.index])]
    boxes = tuple(box for i in used if (box := row[i].box) is not None)
    claims = []
    pairs: list[tuple[_Column | None, str]] = [*tcs] or [(None, "")]
    for tc_column, value in pairs:
        values = {**shared, **({"tc": value} if value else {})}
        values |= dict(tc_column.conditions) if tc_column else {}
        head = tc_column.head if tc_column else None
        claims.append(_claim(sheet, texts, material, values, variables, head, boxes, from_row))
    return claims


def _claim(
    sheet: _Sheet,
    texts: Sequence[str],
    material: str,
    values: dict[str, str],
    variables: dict[str, str],
    head: Head | None,
    boxes: tuple[Box, ...],
    from_row: bool,
) -> Claim:
    table = sheet.table
    hints = {f"var:{name}": value for name, value in variables.items()}
    hints["caption"] = hints["before"] = table.caption
    hints["evidence"] = _evidence(head, values, table.caption)
    if head is not None:
        hints["tc_kind"] = head.kind
        hints["tc_words"] = head.text
    return Claim(
        material=material or ", ".join(f"{k} = {v}" for k, v in variables.items()),
        values=values,
        source="table",
        section=table.section,
        sentence=f"{sheet.heads} || {' | '.join(texts)}",
        page=boxes[0].page if boxes else (table.box.page if table.box else None),
        boxes=boxes,
        extractor="table-rules",
        confidence=TABLE_CONFIDENCE if from_row else CAPTION_CONFIDENCE,
        hints={k: v for k, v in hints.items() if v},
    )


def _evidence(head: Head | None, values: dict[str, str], caption: str) -> str:
    """Measured or calculated, by the column's head, by what the row states, by the caption."""
    text = head.text if head else ""
    if re.search(r"\bexp|\bmeas", text, re.I):
        return Evidence.MEASURED.value
    if re.search(r"\bcal|\btheo|\bAD\b|McM|Eliashberg|\bME\b", text):
        return Evidence.CALCULATED.value
    if "mu_star" in values or {"lambda", "omega_log"} <= set(values):
        return Evidence.CALCULATED.value
    found = evidence_of(caption)
    return "" if found is Evidence.UNKNOWN else found.value


def _with_unit(text: str, unit: str) -> str:
    """A cell's value with its head's unit, unless it has its own; empty if it is no value."""
    if len(text) > _LONGEST_VALUE:
        return ""
    if unit == "symbol":
        return text
    if not re.search(r"\d", text):
        return ""
    if unit in ("", "1") or split_unit(text)[1]:
        return text
    if re.search(r"\d\s*(?:K|GPa|kbar|Å|meV)\b", text):
        return text
    return f"{text} {unit}"


def _transposed(table: Table) -> Table | None:
    """The table with properties along the top, if it has them down its first column."""
    if len(table.rows) < 2 or len(table.rows[0]) < 2:
        return None
    first = [understand_head(plain_text(row[0])) for row in table.rows]
    known = sum(h is not None and h.role not in ("material", "variable") for h in first)
    if known < 2 and not (known == 1 and len(table.body) <= 3):
        return None
    width = len(table.rows)
    rows = []
    for j in range(len(table.rows[0])):
        cells = [replace(table.rows[i][j], is_header=j == 0) for i in range(width)]
        rows.append(tuple(cells))
    head = rows[0]
    top = plain_text(head[0])
    values = [plain_text(r[0]) for r in rows[1:] if r[0].text.strip()]
    listed = {m.group(0)[0] for v in values if (m := re.match(r"[xyzδ](?=\s*=)", v))}
    if len(listed) == 1:
        head = (replace(head[0], text=listed.pop()), *head[1:])
    elif understand_head(top) is None and all(
        _names_material(plain_text(r[0])) for r in rows[1:] if r[0].text.strip()
    ):
        head = (replace(head[0], text="Material"), *head[1:])
    return Table((head, *rows[1:]), table.caption, table.section, table.box)
