"""Table sheets: a table with its columns understood, turned so that properties run along the top.

What rows then say about which material lives in ``table_claims``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from scmine.extractors.document import Cell, Table, Typography
from scmine.extractors.formula import looks_like_formula, parse_formula
from scmine.extractors.spacegroups import find_space_groups
from scmine.extractors.table_head import Head, split_unit, understand_head, understand_heads

EMPTY = re.compile(
    r"^[\s\-–—−…·.]*$|^n\.?\s?/?\s?[ad]\.?$|^none$|^not (?:available|measured|observed)$", re.I
)

_CONDITION = re.compile(
    r"[\[(]?\s{0,3}([^\s(),;\[\]]{1,40}(?:\s?[*])?)\s{0,3}[=≈]\s{0,3}"
    r"([\d.]{1,20}\s?(?:GPa|kbar|T|K)?)(?![\d.])\s*[\])]?"
)
_BARE_CONDITION = re.compile(r"^[\[(]?\s*([\d.]{1,12})\s?(GPa|kbar)\s*[\])]?$")
_AT_PRESSURE = re.compile(
    r"[\[(]?\s?(?:\bat|@|(?<=[(\[]))\s?(\d[\d.]{0,11})\s?(GPa|kbar)\b\s?[\])]?"
)
_CONDITIONS = ("mu_star", "pressure", "lambda", "magnetic_field")
_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_LABELLED = re.compile(r"^\(?([a-d])\)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column, what it holds, and what its heads state for all its values.

    ``conditions`` are such as ``μ* = 0.10``; ``material`` is a formula that stands over it.
    """

    head: Head
    index: int
    conditions: tuple[tuple[str, str], ...] = ()
    material: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table understood: its columns, and their heads as printed, column by column."""

    table: Table
    columns: tuple[Column, ...]
    heads: str
    caption: str

    @property
    def fields(self) -> set[str]:
        """The fields that its columns hold."""
        return {c.head.field for c in self.columns}


def sheets_of(table: Table) -> list[Sheet]:
    """The sheets that ``table`` holds: one, or one for each panel with heads of its own."""
    result = []
    for panel, caption in _panels(table):
        result.append(_sheet(panel, caption))
    return result


def _sheet(table: Table, caption: str) -> Sheet:
    upright = _read(table, caption)
    turned = transposed(table)
    if turned is None:
        return upright
    other = _read(turned, caption)
    return other if _weight(other) > _weight(upright) else upright


def _read(table: Table, caption: str) -> Sheet:
    heads = [head_parts(table, i) for i in range(len(table.rows[0]) if table.rows else 0)]
    text = " | ".join(" ".join(parts) for parts in heads)
    columns = _columns(heads)
    if not any(c.head.role == "space_group" for c in columns):
        columns += _of_space_groups(table, columns, heads)
    return Sheet(table, tuple(columns), text, caption)


def _of_space_groups(
    table: Table, known: Sequence[Column], heads: Sequence[Sequence[str]]
) -> list[Column]:
    """The first column not understood whose cells are all symbols of space groups ("Phase")."""
    taken = {c.index for c in known}
    for index in (i for i in range(len(heads)) if i not in taken):
        texts = [t for row in table.body if not EMPTY.match(t := plain_text(row[index]))]
        if texts and all(_is_space_group(t) for t in texts):
            head = Head("space_group", "space_group", "symbol", text=" ".join(heads[index]))
            return [Column(head, index)]
    return []


def _is_space_group(text: str) -> bool:
    hits = find_space_groups(text, "symbol") if len(text) < 20 else []
    return len(hits) == 1 and hits[0].start == 0 and hits[0].end == len(text) and len(text) > 2


def _weight(sheet: Sheet) -> int:
    """How many columns state properties."""
    return sum(c.head.role not in ("material", "variable", "placeholder") for c in sheet.columns)


def head_parts(table: Table, index: int) -> list[str]:
    """The heads over a column from the top, each once."""
    return list(dict.fromkeys(text for row in table.header if (text := _over(row, index))))


def _over(row: Sequence[Cell], index: int) -> str:
    """The text of a header row that stands over column ``index``, spanning cells included."""
    for k in range(index, -1, -1):
        if row[k].text.strip():
            return plain_text(row[k]) if k + row[k].columns > index else ""
    return ""


def _columns(heads: Sequence[Sequence[str]]) -> list[Column]:
    found = []
    for index, parts in enumerate(heads):
        named = [p for p in parts if _is_compound(p) and understand_head(p) is None]
        rest, conditions = _take_conditions([p for p in parts if p not in named])
        head = understand_heads(rest)
        if head is None and not conditions:
            head = understand_heads(parts)
            named = []
        if head is not None:
            material = named[-1] if named and head.role not in ("material", "variable") else ""
            found.append(Column(head, index, conditions, material))
    edges = {"a", "b", "c"} & {column.head.field for column in found}
    printed = [p for parts in heads for p in parts]
    sites = any(_EQUAL_COORDINATES.fullmatch(p) or _SITE.search(p) for p in printed)
    times = Counter(c.head.variable for c in found if c.head.role == "variable")
    if edges and (sites or max(times.values(), default=0) > 1):
        # Beside "y = z" or "Cu (0, 0, z)" a lone x is the coordinate of an atom, not a content.
        found = [c for c in found if c.head.role != "variable"]
    # Without cell edges, α, β and γ are coefficients of something else.
    return [c for c in found if edges or c.head.field not in ("alpha", "beta", "gamma")]


def _is_compound(text: str) -> bool:
    formula = parse_formula(text) if looks_like_formula(text) else None
    return formula is not None and len(formula.amounts) > 1


def _take_conditions(parts: Sequence[str]) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """Heads without the conditions they state, and the conditions by field."""
    conditions = []
    rest = []
    for part in parts:
        text = part
        for match in _CONDITION.finditer(part):
            head = understand_head(match.group(1))
            if head is not None and head.field in _CONDITIONS:
                conditions.append((head.field, match.group(2)))
                text = text.replace(match.group(0), " ")
        bare = _BARE_CONDITION.match(text.strip())
        if bare:
            conditions.append(("pressure", f"{bare.group(1)} {bare.group(2)}"))
            text = ""
        at = _AT_PRESSURE.search(text)
        if at:
            conditions.append(("pressure", f"{at.group(1)} {at.group(2)}"))
            text = text.replace(at.group(0), " ")
        text = re.sub(r"\s+", " ", text).strip(" ,;")
        # "Tc (K, μ* = 0.10)" leaves its bracket open.
        rest.append(text + ")" * (text.count("(") > text.count(")")))
    return [r for r in rest if r], tuple(conditions)


_SITE = re.compile(r"\(\s*[\w½¼¾⅓⅔./-]{1,6}(?:\s*,\s*[\w½¼¾⅓⅔./-]{1,6}){2}\s*\)")
_EQUAL_COORDINATES = re.compile(r"x\s?=\s?[yz](?:\s?=\s?z)?|y\s?=\s?z")
_POWER = re.compile(r"[-−–+]?\s?\d{1,2}")
_REFERENCE = re.compile(r"(?<=\S)\s?\[\d{1,3}(?:\s?[,–—−-]\s?\d{1,3}){0,9}\]$")
_NOTE_MARK = re.compile(r"[([]?(?:[a-h*†‡§¶∗]{1,2}|\d{1,3}(?:\s?[,–—−-]\s?\d{1,3}){0,9})[)\]]?")


def plain_text(cell: Cell) -> str:
    """A cell's text without footnote marks at its end.

    Powers of ten in a body keep their exponents raised, since 10³ without is 103.
    """
    text = cell.text
    for span in sorted(cell.typography, key=lambda s: -s.start):
        mark = text[span.start : span.end].strip()
        if span.kind is not Typography.SUPERSCRIPT:
            continue
        before = text[: span.start]
        if (
            not cell.is_header
            and re.search(r"(?<![\d.,])10\s?$", before)
            and _POWER.fullmatch(mark)
        ):
            text = before.rstrip() + mark.replace(" ", "").translate(_RAISED) + text[span.end :]
        elif (
            span.end >= len(text.rstrip())
            and _NOTE_MARK.fullmatch(mark)
            and not re.search(r"(?<![\d.,])10\s*$|[A-Za-zμ]$", before)
        ):
            text = before
    return text.strip() if cell.is_header else _REFERENCE.sub("", text.strip())


def _panels(table: Table) -> Iterator[tuple[Table, str]]:
    """The parts of a table that have heads of their own, and what the caption says of each."""
    starts = [i for i, row in enumerate(table.rows) if _heads_panel(table, i, row)]
    first = len(table.header)
    bounds = [0, *(i for i in starts if i > first), len(table.rows)]
    for start, stop in pairwise(bounds):
        rows = table.rows[start:stop]
        if start:
            rows = (tuple(replace(c, is_header=True) for c in rows[0]), *rows[1:])
        label = _LABELLED.match(rows[0][0].text.strip()) if rows else None
        yield replace(table, rows=rows), _caption_of(table.caption, label)


def _heads_panel(table: Table, index: int, row: Sequence[Cell]) -> bool:
    texts = [plain_text(c) for c in row if c.text.strip()]
    if any(c.is_header for c in row) or index + 1 >= len(table.rows) or len(texts) < 3:
        return False
    if len(texts) < 0.5 * len(row) or any(re.match(r"^[~<>]?\d", t) for t in texts):
        return False
    understood = sum(understand_head(t) is not None for t in texts)
    return understood >= 2 and understood >= 0.3 * len(texts)


def _caption_of(caption: str, label: re.Match[str] | None) -> str:
    """What a caption says of the panel with ``label``; all of it if it does not name the panel."""
    if label is None:
        return caption
    parts = re.split(r"\(([a-d])\)", caption)
    said = {parts[i]: parts[i + 1] for i in range(1, len(parts) - 1, 2)}
    return said.get(label.group(1), caption)


def transposed(table: Table) -> Table | None:
    """The table with rows for columns, if its first column may be heads."""
    if len(table.rows) < 2 or len(table.rows[0]) < 2:
        return None
    units = _units_column(table)
    heads = 2 if units else 1
    grid = [_spread(row) if any(c.is_header for c in row) else list(row) for row in table.rows]
    rows = []
    for j in range(len(grid[0])):
        if j == 1 and units:
            continue
        rows.append(tuple(replace(row[j], is_header=j == 0) for row in grid))
    if heads == 2:
        first = [
            replace(row[0], text=f"{row[0].text} ({unit})" if unit else row[0].text)
            for row, unit in zip(grid, units, strict=True)
        ]
        rows[0] = tuple(replace(c, is_header=True) for c in first)
    rows[0] = _named_heads(rows)
    return Table(tuple(rows), table.caption, table.section, table.box)


def _units_column(table: Table) -> list[str]:
    """The units of a second column that holds nothing but units, row by row; empty if none does."""
    texts = [plain_text(row[1]) for row in table.rows]
    units = [split_unit(f"({t})")[1] if t else "" for t in texts]
    body = [(t, u) for t, u, row in zip(texts, units, table.rows, strict=True) if row in table.body]
    known = sum(bool(u) for t, u in body if t)
    return units if known > 1 and known >= 0.6 * sum(bool(t) for t, _ in body) else []


def _spread(row: Sequence[Cell]) -> list[Cell]:
    """A header row with the text of each spanning cell in all the columns that it spans."""
    result = [replace(cell, columns=1) for cell in row]
    for i, cell in enumerate(row):
        for k in range(i + 1, min(i + cell.columns, len(row))):
            if not row[k].text.strip():
                result[k] = replace(cell, columns=1)
    return result


def _named_heads(rows: Sequence[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """The heads of a turned table, the columns that held its old heads named by what they hold."""
    head = list(rows[0])
    for i, cell in enumerate(head):
        values = [plain_text(r[i]) for r in rows[1:] if r[i].text.strip()]
        listed = {m.group(0)[0] for v in values if (m := re.match(r"[xyzδ](?=\s*=\s*[^xyz\s])", v))}
        if len(listed) == 1 and values:
            head[i] = replace(cell, text=listed.pop(), columns=1)
        elif understand_head(plain_text(cell)) is not None:
            continue
        elif values and all(_is_compound(v) for v in values):
            head[i] = replace(cell, text="Material", columns=1)
        elif values and all(_BARE_CONDITION.match(v) for v in values):
            head[i] = replace(cell, text="Pressure", columns=1)
    return tuple(head)
