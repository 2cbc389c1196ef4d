"""Table sites: tables of atomic positions, each group of rows one crystal structure.

The sites become a claim's ``wyckoff`` value; material, space group, pressure and cell come from the
cells beside the sites, from rows that head others, or from the caption. Whether the sites make a
possible structure is not asked here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scmine.extractors.cells import find_cells
from scmine.extractors.claim import Claim, Place
from scmine.extractors.context import MaterialContext
from scmine.extractors.document import Box, Cell, Table
from scmine.extractors.elements import elements
from scmine.extractors.formula import looks_like_formula, parse_formula
from scmine.extractors.site_columns import SiteColumns, site_columns, sites_of_row
from scmine.extractors.site_coordinates import assigned, filled
from scmine.extractors.spacegroups import find_space_groups
from scmine.extractors.table_captions import stated_for_all
from scmine.extractors.table_cells import fields_of_head
from scmine.extractors.table_head import split_unit, understand_heads
from scmine.extractors.table_materials import caption_material, names_material
from scmine.extractors.table_sheet import EMPTY, head_parts, plain_text
from scmine.extractors.turned_sites import side_by_side, turned

_EDGES = frozenset(("a", "b", "c", "alpha", "beta", "gamma"))

SITES_CONFIDENCE = 0.7
"""Confidence of a structure read from a table of sites, by judgement, not measured."""

_PRESSURE = re.compile(r"^[~≈]?\s?\d{1,4}(?:\.\d+)?$")
_FORMULA = re.compile(r"(?<![\w),])[A-Z][A-Za-z0-9()]{1,24}(?![\w])")
_SHORT = re.compile(r"(?:[A-Z][a-z]?\d{0,2}){1,4}")
_LATTICE = re.compile(r"\b(?:lattice|cell|crystal)\b.{0,20}\b(?:param|const|length|edge)", re.I)
_LISTED_NAMES = re.compile(
    r"(?<!\w)a\s?[,;/]\s?(?:b\s?[,;/]\s?)?c(?!\w)|(?<!\w)α\s?[,;/]\s?β\s?[,;/]\s?γ(?!\w)"
)
_FIELDS = {"α": "alpha", "β": "beta", "γ": "gamma"}
_EDGE_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,6})?(?:\(\d{1,3}\))?")
_IDENTITY = ("material", "space_group", "pressure")
"""What tells structures apart; cells and angles may go on over the rows of one."""


@dataclass(slots=True)
class _Structure:
    """One structure as its rows are read: what is stated of it, its sites and their places.

    ``columns`` says in which column each value stands; a row of its own counts as left of all.
    ``beside`` are the texts of the cells beside its sites.
    """

    values: dict[str, str] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    sites: list[dict[str, Any]] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    rows: list[Sequence[Cell]] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)

    def state(self, stated: dict[str, tuple[str, int]]) -> None:
        """Take what a row says."""
        for name, (text, column) in stated.items():
            self.values[name], self.columns[name] = text, column

    def is_other(self, stated: dict[str, tuple[str, int]], above: frozenset[str]) -> bool:
        """Whether a row speaks of another structure: it says otherwise, or says it anew.

        ``above`` is what the row above states, by name; in tables that say everything once, what is
        said again is of the next structure.
        """
        known = {name: text for name, (text, _) in stated.items() if name in self.values}
        if any(self.values[name] != text for name, text in known.items()):
            return True
        anew = any(name in _IDENTITY and name not in above for name in known)
        begins = "a" in stated and bool({"c", "gamma"} & set(self.values)) and "a" not in above
        return (anew or begins) and bool(self.sites)

    def has_column(self, column: int, lead: Sequence[int]) -> bool:
        """Whether what is stated of it stands in ``column``, one of those beside the sites."""
        return column in lead and column in self.columns.values()

    def next(self, stated: dict[str, tuple[str, int]]) -> _Structure:
        """The structure after this: what stands left of what changes still holds."""
        first = min(column for _, column in stated.values())
        kept = {
            name: (text, self.columns[name])
            for name, text in self.values.items()
            if name in _IDENTITY and self.columns[name] < first
        }
        after = _Structure()
        after.state(kept)
        return after


def site_claims(table: Table, context: MaterialContext) -> list[Claim]:
    """The structures that a table of sites states, in order; none if it is no such table."""
    halves = side_by_side(table)
    return [claim for half in halves for claim in _claims_of(half, context)]


def _claims_of(table: Table, context: MaterialContext) -> list[Claim]:
    columns = site_columns(table)
    if columns is None:
        other = turned(table)
        columns = site_columns(other) if other is not None else None
        table = other or table
    if columns is None:
        return []
    structures = [s for s in _structures(table, columns) if s.sites]
    caption = stated_for_all(table.caption)
    cells = find_cells(table.caption)
    if len(cells) == 1 and len(structures) == 1:
        caption.update(cells[0].values)
    main = caption_material(table.caption) or context.main_printed() or ""
    claims = []
    for structure in structures:
        values = {**caption, **structure.values}
        held = {str(site["element"]) for site in structure.sites}
        own = values.pop("material", "") or _of_elements(" ".join(structure.beside), held)
        material = own or _of_elements(table.caption, held) or main
        if material and _may_hold(material, held):
            claims.append(_claim(table, structure, values, material))
    return claims


def _claim(table: Table, structure: _Structure, values: dict[str, str], material: str) -> Claim:
    values = {**values, "wyckoff": json.dumps(structure.sites, ensure_ascii=False)}
    rows = [*table.header, *structure.rows]
    boxes = structure.boxes
    return Claim(
        material=material,
        values=values,
        source="table",
        section=table.section,
        sentence=table.caption + " || " + " / ".join(_line(row) for row in rows),
        page=boxes[0].page if boxes else (table.box.page if table.box else None),
        boxes=tuple(boxes),
        extractor="table-rules",
        confidence=SITES_CONFIDENCE,
        hints={"before": table.caption, "caption": table.caption, "formula": material},
        place=Place(table=table, row=tuple(structure.rows[0]) if structure.rows else ()),
    )


def _line(row: Sequence[Cell]) -> str:
    return " | ".join(plain_text(cell) for cell in row)


def _structures(table: Table, columns: SiteColumns) -> list[_Structure]:
    """The rows' sites, parted where a row states another material, group, pressure or cell."""
    parts = [head_parts(table, i) for i in range(len(table.rows[0]))]
    rest = [i for i in range(len(parts)) if i not in columns.used]
    found = [_Structure()]
    above: frozenset[str] = frozenset()
    for row in table.body:
        texts = [plain_text(cell) for cell in row]
        told = [i for i, t in enumerate(texts) if not EMPTY.match(t)]
        sites = sites_of_row(texts, columns)
        _fill(sites, " ".join(texts[i] for i in rest))
        stated: dict[str, tuple[str, int]] = {}
        heads = not sites and len(told) == 1 and not found[-1].has_column(told[0], rest)
        if heads:
            said = _stated(texts[told[0]], ())
            whole = texts[told[0]]
            if names_material(whole) and ("material" not in said or " " not in whole):
                said["material"] = whole
            stated = {name: (text, -1) for name, text in said.items()}
            if found[-1].sites:
                found.append(_Structure())
        else:
            for i in rest if sites else told:
                said = _stated(texts[i], parts[i] if i in rest else (), table.caption)
                if not said and _is_short(texts[i], sites):
                    said = {"material": texts[i]}
                stated |= {name: (text, i) for name, text in said.items()}
        if stated and found[-1].is_other(stated, above):
            found.append(found[-1].next(stated))
        found[-1].state(stated)
        above = frozenset(stated)
        if stated or sites:
            found[-1].rows.append(row)
            found[-1].beside += [texts[i] for i in rest if texts[i]]
        if sites:
            found[-1].sites += sites
            found[-1].boxes += [cell.box for cell in row if cell.box is not None]
    return found


def _fill(sites: Sequence[dict[str, Any]], text: str) -> None:
    """Put the values that ``text`` gives x, y and z into the coordinates of a row's one site."""
    if len(sites) == 1 and any(isinstance(c, str) for c in sites[0].get("xyz", ())):
        sites[0]["xyz"] = filled(sites[0]["xyz"], assigned(text))


def _of_elements(text: str, held: set[str]) -> str:
    """The one formula in ``text`` of just the elements that sit on the sites (``BH``, ``Al``)."""
    symbols = "|".join(sorted(held, key=len, reverse=True))
    if not held:
        return ""
    shape = re.compile(rf"(?<![\w])(?:(?:{symbols})\d{{0,3}})+(?![\w.])")
    named = {m.group() for m in shape.finditer(text)}
    whole = {n for n in named if set(re.findall(r"[A-Z][a-z]?", n)) == held}
    return whole.pop() if len(whole) == 1 else ""


def _may_hold(material: str, held: set[str]) -> bool:
    """Whether a material may have the elements of the sites: a formula names them all."""
    formula = parse_formula(material)
    if formula is None or not formula.amounts or formula.placeholders:
        return True
    return held <= set(re.findall(r"[A-Z][a-z]?", material))


def _is_short(text: str, sites: Sequence[dict[str, Any]]) -> bool:
    """Whether a cell is an element or a short formula (``V``, ``BH``) of the row's own atom."""
    symbols = re.findall(r"[A-Z][a-z]?", text) if _SHORT.fullmatch(text) else []
    return any(site["element"] in symbols for site in sites) and all(
        s in elements() for s in symbols
    )


def _stated(text: str, heads: Sequence[str], caption: str = "") -> dict[str, str]:
    """What a cell beside the sites says of the structure: material, group, pressure, cell."""
    if EMPTY.match(text) or not text:
        return {}
    head = understand_heads(heads)
    unit = next((u for part in reversed(heads) if (u := split_unit(part)[1])), "")
    found: dict[str, str] = {}
    if head is not None and head.role in _EDGES and re.match(r"[~≈]?\s?\d{1,3}(?:\.\d|$)", text):
        length = unit or ("Å" if "Å" in " ".join((*heads, caption)) else "")
        named = "°" if head.role in ("alpha", "beta", "gamma") else length
        return dict.fromkeys(fields_of_head(head), f"{text} {named}") if named else {}
    listed = _LISTED_NAMES.search(" ".join(heads))
    if listed:
        names = [_FIELDS.get(n, n) for n in re.findall(r"[abcαβγ]", listed.group())]
        numbers = [n for n in re.split(r"\s?[,;/]\s?|\s", text) if n]
        if len(names) == len(numbers) and all(_EDGE_NUMBER.fullmatch(n) for n in numbers):
            unit_of = "°" if names[0] in _FIELDS.values() else unit or "Å"
            return {k: f"{v} {unit_of}" for k, v in zip(names, numbers, strict=True)}
    hits = find_space_groups(text, "symbol" if len(text) < 24 else None)
    if not hits:  # a row that heads others: "Pm CaBH9 at 250 GPa, …"
        first = text.split()[0]
        hits = [h for h in find_space_groups(first, "symbol") if h.end == len(first)]
    if len(hits) == 1:
        found["space_group"] = text[hits[0].start : hits[0].end]
    pressures = stated_for_all(text).get("pressure")
    if pressures:
        found["pressure"] = pressures
    elif unit in ("GPa", "kbar") and _PRESSURE.match(text):
        found["pressure"] = f"{text} {unit}"
    found |= _cell(text, heads, unit, caption)
    rest = text if len(hits) != 1 else text[: hits[0].start] + " " + text[hits[0].end :]
    names = [
        m.group()
        for m in _FORMULA.finditer(rest)
        if looks_like_formula(m.group()) and len(set(re.findall("[A-Z][a-z]?", m.group()))) > 1
    ]
    if len(names) == 1 and not any(names[0] in value for value in found.values()):
        found["material"] = names[0]
    return found


def _cell(text: str, heads: Sequence[str], unit: str, caption: str) -> dict[str, str]:
    """The cell that a table's cell states, its unit that of the head or the caption."""
    whole = " ".join((*heads, caption))
    about = any(_LATTICE.search(part) for part in heads)
    default = unit if unit in ("Å", "nm", "pm") else "Å" if about and "Å" in whole else ""
    cells = find_cells(text, default)
    return dict(cells[0].values) if len(cells) == 1 else {}
