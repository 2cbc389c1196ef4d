"""Evidence for tables: each value of an answer about a table, held against the grid.

A value stays if its row and column hold it, the head or the caption says what it is and in which
unit, and the material stands in its row, or in the head or caption where no row names one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from scmine.extractors.characters import uniform
from scmine.extractors.claim import Claim, Place
from scmine.extractors.document import Cell, Document, Table
from scmine.extractors.formula import looks_like_formula
from scmine.extractors.llm.answers import CellValue, RowAnswer, TableAnswer, ValueField
from scmine.extractors.llm.drops import Checked, Drop, Dropped
from scmine.extractors.llm.head_names import names_field
from scmine.extractors.llm.instructions import addresses_model
from scmine.extractors.llm.printed_values import (
    KINDS,
    Agreement,
    PrintedValue,
    compare,
    printed_values,
    unit_of,
)
from scmine.extractors.llm.quotes import find_words
from scmine.extractors.llm.request import Task
from scmine.extractors.quantities import Kind
from scmine.extractors.quantity_items import units_of
from scmine.extractors.table_head import split_unit, understand_heads
from scmine.extractors.table_sheet import EMPTY, head_parts, plain_text

ROW_CONFIDENCE = 0.8
"""Confidence of a claim whose row names its material, as that of the rules for tables."""

CAPTION_CONFIDENCE = 0.6
"""The same where the head or the caption names it."""

_CONDITIONS = frozenset(
    {ValueField.PRESSURE, ValueField.MAGNETIC_FIELD, ValueField.METHOD, ValueField.MU_STAR}
)

_NUMBER = re.compile(r"\d{0,3}\.?\d{1,5}")


def check_table(
    answer: TableAnswer, document: Document, table_index: int, *, extractor: str
) -> Checked:
    """What the table ``table_index`` of ``document`` bears out of ``answer``."""
    check = _Check(document.tables[table_index], f"t{table_index}", extractor)
    for row in answer.rows:
        check.row(row)
    return check.checked


@dataclass(slots=True)
class _Check:
    table: Table
    name: str
    extractor: str
    checked: Checked = field(default_factory=Checked)

    def row(self, answer: RowAnswer) -> None:
        """Add what holds of one row."""
        place = f"{self.name} row {answer.row}"
        if not self._is_data(answer.row):
            self._drop(answer.values, Drop.NO_SUCH_CELL, place)
            return
        row = self.table.rows[answer.row]
        if any(addresses_model(text) for text in (self.table.caption, *(c.text for c in row))):
            self._drop(answer.values, Drop.INSTRUCTION, place)
            return
        material = self._material(answer.material, answer.row)
        if isinstance(material, Drop):
            self._drop(answer.values, material, place)
            return
        found: list[tuple[CellValue, str]] = []
        for value in answer.values:
            printed = self._value(value, row, material)
            if isinstance(printed, Drop):
                self._drop([value], printed, place)
            else:
                found.append((value, printed))
        self._build(answer, row, material, found, place)

    def _drop(self, values: Sequence[CellValue], reason: Drop, place: str) -> None:
        self.checked.dropped += [
            Dropped(reason, Task.TABLE, v.field.value, f"{v.value} {v.unit}".strip(), "", place)
            for v in values
        ]

    def _is_data(self, index: int) -> bool:
        if not 0 <= index < len(self.table.rows):
            return False
        return not any(c.is_header for c in self.table.rows[index])

    def _material(self, printed: str, index: int) -> _Material | Drop:
        """Where a row's material stands: in it, in the row that heads it, in head or caption."""
        row = self.table.rows[index]
        for column, cell in enumerate(row):
            for low, high in find_words(cell.text, printed):
                return _Material(cell.text[low:high], True, column)
        own = [t for c in row if _names(t := plain_text(c))]
        if own:
            return Drop.OTHER_MATERIAL
        above = self._above(index)
        for text in above:
            for low, high in find_words(text, printed):
                return _Material(text[low:high], True, None)
        if any(_names(text) for text in above):
            return Drop.OTHER_MATERIAL
        heads = [part for c in range(len(row)) for part in head_parts(self.table, c)]
        for text in (*heads, self.table.caption):
            for low, high in find_words(text, printed):
                only = self._column_of(text, len(row)) if text in heads else None
                return _Material(text[low:high], False, only)
        return Drop.MATERIAL_NOT_FOUND

    def _column_of(self, text: str, width: int) -> int | None:
        """The only column that ``text`` heads; None if it heads several."""
        columns = [c for c in range(width) if text in head_parts(self.table, c)]
        return columns[0] if len(columns) == 1 else None

    def _above(self, index: int) -> list[str]:
        """What may name the material of a row whose own first cell does not: the last above it.

        That is the first cell of the nearest row above that has one, where this row has none, and
        the only text of the nearest row that heads a group.
        """
        texts: list[str] = []
        empty = not self.table.rows[index][0].text.strip()
        for row in reversed(self.table.rows[:index]):
            filled = [c.text for c in row if c.text.strip()]
            if any(c.is_header for c in row) or not filled:
                continue
            if len(filled) == 1 and len(row) > 2:
                return [*texts, filled[0]]
            if empty and row[0].text.strip():
                texts.append(row[0].text)
                empty = False
        return texts

    def _value(self, value: CellValue, row: Sequence[Cell], material: _Material) -> str | Drop:
        """A cell's value as printed, its unit behind it; or why it does not hold."""
        if not 0 <= value.column < len(row):
            return Drop.NO_SUCH_CELL
        if not material.from_row and material.column not in (None, value.column):
            return Drop.OTHER_MATERIAL
        text = plain_text(row[value.column])
        parts = head_parts(self.table, value.column)
        if EMPTY.match(text):
            return Drop.VALUE_NOT_IN_QUOTE
        if not names_field(value.field, parts, text, self.table.caption):
            return Drop.OTHER_QUANTITY
        kind = KINDS.get(value.field)
        if kind is None:
            places = find_words(text, value.value)
            return text[slice(*places[0])] if places else Drop.VALUE_NOT_IN_QUOTE
        return _quantity(value, kind, text, _unit(kind, parts, self.table.caption))

    def _build(
        self,
        answer: RowAnswer,
        row: Sequence[Cell],
        material: _Material,
        found: Sequence[tuple[CellValue, str]],
        place: str,
    ) -> None:
        """Add the claims of a row: one a Tc, or one if there is none."""
        own = [f for f in found if f[0].field not in _CONDITIONS]
        if not own:
            self._drop([v for v, _ in found], Drop.CONDITION_ALONE, place)
            return
        tcs = [f for f in own if f[0].field is ValueField.TC]
        others: dict[str, tuple[CellValue, str]] = {}
        for value, printed in found:
            if value.field is not ValueField.TC:
                others.setdefault(value.field.value, (value, printed))
        for group in [[tc, *others.values()] for tc in tcs] or [list(others.values())]:
            self._add(answer, row, material, group)

    def _add(
        self,
        answer: RowAnswer,
        row: Sequence[Cell],
        material: _Material,
        group: Sequence[tuple[CellValue, str]],
    ) -> None:
        columns = [v.column for v, _ in group]
        column = columns[0] if group[0][0].field is ValueField.TC else None
        boxes = tuple(b for c in dict.fromkeys(columns) if (b := row[c].box) is not None)
        heads = " | ".join(" ".join(head_parts(self.table, c)) for c in range(len(row)))
        words = " ".join(head_parts(self.table, column)) if column is not None else ""
        head = understand_heads(head_parts(self.table, column)) if column is not None else None
        hints = {
            "caption": self.table.caption,
            "before": self.table.caption,
            "tc_words": words,
            "tc_kind": head.kind if head else "",
            "llm_evidence": answer.evidence.value,
            "llm_origin": answer.origin.value,
            **self._variables(row),
        }
        made = Claim(
            material=material.text,
            values={v.field.value: printed for v, printed in group},
            source="llm",
            section=self.table.section,
            sentence=f"{heads} || {' | '.join(plain_text(c) for c in row)}",
            page=boxes[0].page if boxes else (self.table.box.page if self.table.box else None),
            boxes=boxes,
            extractor=self.extractor,
            confidence=ROW_CONFIDENCE if material.from_row else CAPTION_CONFIDENCE,
            hints={k: v for k, v in hints.items() if v},
            place=Place(table=self.table, row=tuple(row), column=column),
        )
        self.checked.claims.append((made, None))

    def _variables(self, row: Sequence[Cell]) -> dict[str, str]:
        """Hints of what a row states of variables (``x`` over ``0.15``), for an open formula."""
        hints: dict[str, str] = {}
        for column, cell in enumerate(row):
            parts = head_parts(self.table, column)
            head = understand_heads(parts) if parts else None
            value = uniform(plain_text(cell)).strip()
            if head and head.role == "variable" and _NUMBER.fullmatch(value):
                hints.setdefault(f"var:{head.variable}", value)
        return hints


@dataclass(frozen=True, slots=True)
class _Material:
    """A material as printed, and whether its row names it or only the head or caption."""

    text: str
    from_row: bool
    column: int | None


def _names(text: str) -> bool:
    """Whether a cell is the formula of a compound."""
    return looks_like_formula(text) and bool(re.search(r"[A-Z].*[A-Z]|[A-Z][a-z]?\d", text))


def _unit(kind: Kind, heads: Sequence[str], caption: str) -> str:
    """The unit that a column's heads print, lowest first, else the caption's for its quantity."""
    for part in reversed(heads):
        unit = split_unit(part)[1]
        if unit:
            return unit
    units = units_of(kind)
    found = re.search(r"\((?:in )?([^\s()]{1,6})\)|\bin (\S{1,6})\b", uniform(caption))
    unit = (found[1] or found[2]) if found else ""
    return unit if units.factors.get(units.respell(unit)) else ""


def _quantity(value: CellValue, kind: Kind, text: str, head_unit: str) -> str | Drop:
    """A number of a cell with its unit, if the answer gives both as the table prints them."""
    given = unit_of(value.value, kind) or value.unit
    own = [p for p in printed_values(text, kind) if kind != "number"]
    bare = [PrintedValue(p.start, p.end, head_unit, p.text) for p in printed_values(text, "number")]
    reason = Drop.VALUE_NOT_IN_QUOTE
    for printed in own or bare:
        wanted = value.value if unit_of(value.value, kind) else f"{value.value} {value.unit}"
        agreement = compare(wanted.strip(), printed, kind)
        if agreement is Agreement.SAME:
            if kind != "number" and not printed.unit:
                return Drop.UNIT_DIFFERS
            if kind == "number" and (given or head_unit):
                return Drop.UNIT_DIFFERS
            return printed.with_unit()
        if agreement is Agreement.UNIT_DIFFERS:
            reason = Drop.UNIT_DIFFERS
    return reason
