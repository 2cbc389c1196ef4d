"""Table claims: what the rows of a table say, once its heads are understood.

A row makes a claim if it has a material (its own, or one that the caption or the paper gives) and
at least one value of a superconductor's properties. Tables about something else make none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scmine.extractors.absence_claims import cell_denies
from scmine.extractors.cell_pressures import says_ambient, split_pressure
from scmine.extractors.cells import find_cells
from scmine.extractors.claim import Claim, Place
from scmine.extractors.context import MaterialContext
from scmine.extractors.document import Box, Cell, Table
from scmine.extractors.spacegroups import find_space_groups
from scmine.extractors.table_captions import stated_for_all
from scmine.extractors.table_cells import (
    EDGES,
    angles_of_row,
    fields_of,
    joined_digits,
    states_cells,
)
from scmine.extractors.table_head import split_unit
from scmine.extractors.table_materials import RowMaterial, RowMaterials
from scmine.extractors.table_pairs import paired_values, two_stars
from scmine.extractors.table_sheet import EMPTY, Column, Sheet, plain_text, sheets_of
from scmine.extractors.table_sites import site_claims

_CORE = {"tc", "lambda", "omega_log", "mu_star"}
"""A table makes claims if it states at least one of these, or a cell and its space group."""

_LABELS = ("material", "variable", "placeholder", "share", "oxygen")
"""Roles of columns that say what a row is about."""

_LONGEST_VALUE = 120
"""Characters; a cell that holds more is prose, not the value of a quantity."""

TABLE_CONFIDENCE = 0.8
"""Confidence of a claim whose row names its material, by judgement, not measured."""

CAPTION_CONFIDENCE = 0.6
"""The same where the material is the caption's or the paper's."""

_MU_STAR = re.compile(
    r"μ\s?c?\s?[*∗⋆]\s?[=≈]\s?(\d?\.\d+)(?!\d|\s?(?:[-–−,/(]|and|or|to)\s?\d?\.\d)"
)
_CAPTION_UNIT = re.compile(r"T\s?[cC]\b[^.;]{0,20}\(in (m?K)\)")
_OWN_LABEL = re.compile(r"^T\s?c\s?[=≈]\s?", re.I)
_UNEVEN = re.compile(
    r"^([~∼≈]?\s?\d{1,9}(?:\.\d{1,9})?)\s?(?:\+\s?[\d.]{1,9}\s?[-−–]\s?[\d.]{1,9}"
    r"|[-−–]\s?[\d.]{1,9}\s?\+\s?[\d.]{1,9})(?=\s|$)"
)
"""A number with an uncertainty upwards and one downwards, which are no ends of a range."""

_UNSURE = re.compile(r"^[~∼≈<>]?\s?(?:\d[\d.]{0,9}[eE][-−–+]?\d|10[⁰¹²³⁴-⁹]{1,2}(?!\S))")
"""What may be misread: 9.2e-3 as 9.2, and 10² is a power or a ten with the mark of a note."""

_COUPLING = re.compile(r"electron\s?[-–−‐]?\s?phonon|\bEPC?\b|λ\s?e[-–−]?ph", re.I)
"""What tells that a lone λ is a coupling."""

_LETTERED = re.compile(r"(?<![\w])[abc]\s?=")

_OF_A_PHASE = re.compile(r"\s(?:crystal\s)?(?:structure|phase|symmetry)\b")
_MAGNETIC = re.compile(r"\bCurie|\bferromagn|\bN[ée]el", re.I)


@dataclass(frozen=True, slots=True)
class _Caption:
    """What a caption states for all rows: values by field, and the unit of Tc if it gives it."""

    values: dict[str, str]
    tc_unit: str

    @classmethod
    def of(cls, caption: str) -> _Caption:
        values = stated_for_all(caption)
        stars = set(_MU_STAR.findall(caption))
        if len(stars) == 1:
            values["mu_star"] = stars.pop()
        unit = _CAPTION_UNIT.search(caption)
        return cls(values, unit.group(1) if unit else "")


def claims_of_table(table: Table, context: MaterialContext) -> list[Claim]:
    """The claims of ``table``, one a row and Tc column (columns of onset and zero are two)."""
    if not table.rows or not table.rows[0]:
        return []
    claims = site_claims(table, context)
    if claims:
        return claims
    for sheet in sheets_of(table):
        claims += _claims(sheet, context)
    return claims


def _claims(sheet: Sheet, context: MaterialContext) -> list[Claim]:
    caption = _Caption.of(sheet.caption)
    if not _makes_claims(sheet, caption):
        return []
    claims: list[Claim] = []
    materials = RowMaterials(sheet, context)
    above: list[str] = []
    for row in sheet.table.body:
        texts = [plain_text(cell) for cell in row]
        filled = [t for t in texts if not EMPTY.match(t)]
        if len(filled) == 1 and len(texts) > 2 and not re.match(r"[\d~<>.]", filled[0]):
            materials.group(filled[0])  # a row that heads the rows under it
            above = []
            continue
        texts = _carried(texts, above, sheet.columns)
        above = texts
        material = materials.of_row(texts)
        claims += _row_claims(sheet, caption, row, texts, material)
    return claims


def _makes_claims(sheet: Sheet, caption: _Caption) -> bool:
    """Whether a table is about superconductors: it states one of their own properties."""
    fields = sheet.fields
    tc = any(c.head.field == "tc" for c in sheet.columns)
    if tc and _MAGNETIC.search(sheet.caption + sheet.heads) and "TC" in sheet.heads:
        return False
    symmetry = "space_group" in fields | set(caption.values)
    if fields & EDGES and (symmetry or states_cells(sheet)):
        return True
    core = fields & _CORE
    # A lone λ may be a wavelength or a length whose unit stands elsewhere.
    if core != {"lambda"}:
        return bool(core)
    return "mu_star" in caption.values or _COUPLING.search(sheet.caption + sheet.heads) is not None


def _carried(texts: list[str], above: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """``texts`` with the names that stand once for several rows put into those under the first."""
    if not above:
        return texts
    result = list(texts)
    roles = {c.index: c.head.role for c in columns}
    first = next((i for i, t in enumerate(texts) if t.strip()), len(texts))
    for i in range(first):
        role = roles.get(i, "")
        if role in ("material", "space_group", "pressure") or (i == 0 and role not in _CORE):
            result[i] = above[i]
    return result


def _row_claims(
    sheet: Sheet, caption: _Caption, row: Sequence[Cell], texts: Sequence[str], own: RowMaterial
) -> list[Claim]:
    """The claims of one row: one for each Tc, material and condition that stand over columns."""
    keys = dict.fromkeys(
        (c.material, c.conditions) for c in sheet.columns if c.material or c.conditions
    )
    claims: list[Claim] = []
    for material, conditions in keys or {("", ()): None}:
        columns = [
            c
            for c in sheet.columns
            if c.material in ("", material) and c.conditions in ((), conditions)
        ]
        if keys and not any(
            c.material == material
            and c.conditions == conditions
            and not EMPTY.match(texts[c.index])
            for c in columns
        ):
            continue
        about = RowMaterial(material, {}, True) if material else own
        if about.text or about.variables:
            part = _Part(sheet, caption, tuple(columns), dict(conditions), about)
            claims += part.claims(row, texts)
    return claims


def _remarked(sheet: Sheet, texts: Sequence[str]) -> dict[str, str]:
    """The one space group that a row's remarks name ("Fm-3m structure resolved")."""
    known = {c.index for c in sheet.columns}
    named = set()
    for text in (t for i, t in enumerate(texts) if i not in known):
        hits = find_space_groups(text)
        if len(hits) > 1:
            return {}
        if hits and _OF_A_PHASE.match(text, hits[0].end):
            named.add(text[hits[0].start : hits[0].end])
    return {"space_group": named.pop()} if len(named) == 1 else {}


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns of a sheet that speak of one material under one condition."""

    sheet: Sheet
    caption: _Caption
    columns: tuple[Column, ...]
    conditions: dict[str, str]
    material: RowMaterial

    def claims(self, row: Sequence[Cell], texts: Sequence[str]) -> list[Claim]:
        """The claims of a row's cells under these columns."""
        shared: dict[str, str] = {}
        tcs: list[tuple[Column | None, dict[str, str]]] = []
        denied: Column | None = None
        for column in self.columns:
            text = texts[column.index]
            if column.head.role in _LABELS or EMPTY.match(text):
                continue
            if column.head.field == "tc" and cell_denies(text):
                denied = denied or column
                continue
            pressure = ""
            if column.head.field == "tc":
                text, pressure = split_pressure(text)
            if column.head.field in EDGES and (cell := _whole_cell(self.sheet, text, column)):
                shared = {**cell, **shared}
                continue
            value = _value(text, column)
            if not value:
                continue
            if column.head.field == "tc":
                tcs.append((column, {"tc": value, **({"pressure": pressure} if pressure else {})}))
            else:
                for field in fields_of(column):
                    shared.setdefault(field, value)
        if set(shared) & EDGES:
            shared = {**angles_of_row(self.sheet.table, texts), **shared}
        if not tcs and denied is None and not set(shared) & (_CORE | EDGES):
            return []
        shared = {
            **_remarked(self.sheet, texts),
            **self._stated_by_material(),
            **shared,
            **self.conditions,
        }
        if not tcs and not set(shared) & {"lambda", "omega_log"}:
            shared.pop("mu_star", None)
        used = [c.index for c in self.columns if not EMPTY.match(texts[c.index])]
        boxes = tuple(box for i in used if (box := row[i].box) is not None)
        if denied is not None and not tcs:
            absent = {**shared, "absent": texts[denied.index]}
            return [self._claim(row, texts, absent, None, boxes)]
        return [
            self._claim(row, texts, own, column, boxes)
            for column, stated in tcs or [(None, {})]
            for own in paired_values({**shared, **stated}, self._stars())
        ]

    def _stated_by_material(self) -> dict[str, str]:
        """What the caption states for all rows, or the row's own cell: ``H3S (155 GPa)``."""
        own = stated_for_all(self.material.text) if self.material.from_row else {}
        return {**self.caption.values, **own}

    def _stars(self) -> tuple[str, str] | None:
        """The two μ* of cells with two values of Tc, if the row does not say it otherwise."""
        if "mu_star" in self.conditions:
            return None
        return two_stars(self.sheet.caption, self.sheet.heads)

    def _claim(
        self,
        row: Sequence[Cell],
        texts: Sequence[str],
        values: dict[str, str],
        column: Column | None,
        boxes: tuple[Box, ...],
    ) -> Claim:
        table, own = self.sheet.table, self.material
        hints = {f"var:{name}": value for name, value in own.variables.items()}
        hints["caption"] = hints["before"] = self.sheet.caption
        if own.from_row:
            hints["formula"] = own.text
        if column is not None:
            hints["tc_kind"] = column.head.kind
            hints["tc_words"] = column.head.text
            if not column.head.unit and not split_unit(values["tc"])[1]:
                hints["tc_unit"] = self.caption.tc_unit
        return Claim(
            material=own.text or ", ".join(f"{k} = {v}" for k, v in own.variables.items()),
            values=values,
            source="table",
            section=table.section,
            sentence=f"{self.sheet.heads} || {' | '.join(texts)}",
            page=boxes[0].page if boxes else (table.box.page if table.box else None),
            boxes=boxes,
            extractor="table-rules",
            confidence=TABLE_CONFIDENCE if own.from_row else CAPTION_CONFIDENCE,
            hints={k: v for k, v in hints.items() if v},
            place=Place(table=table, row=tuple(row), column=column.index if column else None),
        )


def _whole_cell(sheet: Sheet, text: str, column: Column) -> dict[str, str]:
    """The edges and angles that one cell states by their letters (``a = 3.5, c = 5.1 Å``)."""
    if not _LETTERED.search(text):
        return {}
    told = "Å" in column.head.text + sheet.caption + text
    cells = find_cells(text, column.head.unit or ("Å" if told else ""))
    return dict(cells[0].values) if len(cells) == 1 else {}


def _value(text: str, column: Column) -> str:
    """A cell's value with its head's unit, unless it has its own; empty if it is no value."""
    field, unit = column.head.field, column.head.unit
    if len(text) > _LONGEST_VALUE:
        return ""
    if unit == "symbol":
        return text
    if field == "tc":
        labelled = _OWN_LABEL.sub("", text)
        if column.head.role == "tc_labelled" and labelled == text:
            return ""
        text = labelled
    text = _UNEVEN.sub(r"\1", text)
    if field in EDGES:
        text = joined_digits(text)
    if _UNSURE.match(text):
        return ""
    if not re.search(r"\d", text) or not re.match(
        r"^[~∼≈≃<>≤≥+−–-]?\s?(?:[a-z]{1,7}\.?\s)?[(\d.]", text
    ):
        return text if field == "pressure" and says_ambient(text) else ""
    if re.match(r"^[~∼]?\s?0(?:\.0*)?(?:\s?K)?$", text) and field in ("tc", "lambda", "omega_log"):
        return ""  # a zero says that there is none
    own = split_unit(text)[1] or re.search(r"\d\s*(?:K|GPa|kbar|atm|Å|meV)\b", text)
    if unit in ("", "1") or own:
        needed = field in ("pressure", "magnetic_field") and not own
        return "" if needed else text  # a bare p may as well be the number of holes
    return f"{text} {unit}"
