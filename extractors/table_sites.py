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
from scmine.extractors.formula import looks_like_formula
from scmine.extractors.site_coordinates import site_coordinate
from scmine.extractors.spacegroups import find_space_groups
from scmine.extractors.table_captions import stated_for_all
from scmine.extractors.table_head import head_words, split_unit
from scmine.extractors.table_materials import caption_material, names_material
from scmine.extractors.table_sheet import EMPTY, plain_text

SITES_CONFIDENCE = 0.7
"""Confidence of a structure read from a table of sites, by judgement, not measured."""

_SITE = re.compile(r"^\(?(\d{1,3}\s?[a-zα])\)?(?:\s?\(.{1,24}\))?$")
_COORDINATE = re.compile(
    r"^[-−–]?(?:\d?\.\d+|\d)(?:\s?\(\d+\))?$|^[-−–]?\d\s?[/⁄]\s?\d$|^[½¼¾⅓⅔⅛]$|^[-−–]?\d?[xyz](?:[+−–-]\d/\d)?$"
)
_ELEMENT = re.compile(r"^([A-Z][a-z]?)")
_PRESSURE = re.compile(r"^[~≈]?\s?\d{1,4}(?:\.\d+)?$")
_FORMULA = re.compile(r"(?<![\w-])[A-Z][A-Za-z0-9()]{2,24}(?![\w])")


@dataclass(slots=True)
class _Structure:
    """One structure as its rows are read: what is stated of it, its sites and their places."""

    values: dict[str, str] = field(default_factory=dict)
    material: str = ""
    sites: list[dict[str, Any]] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    rows: list[Sequence[Cell]] = field(default_factory=list)


def site_claims(table: Table, context: MaterialContext) -> list[Claim]:
    """The structures that a table of sites states, in order; none if it is no such table."""
    columns = _columns(table)
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
        material = structure.material or main
        if material:
            claims.append(_claim(table, structure, {**caption, **structure.values}, material))
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
        hints={"before": table.caption, "caption": table.caption},
        place=Place(table=table, row=tuple(structure.rows[0]) if structure.rows else ()),
    )


def _line(row: Sequence[Cell]) -> str:
    return " | ".join(plain_text(cell) for cell in row)


def _structures(table: Table, columns: dict[str, int]) -> list[_Structure]:
    """The rows' sites, parted where a row states another material, group, pressure or cell."""
    heads = _heads(table)
    used = set(columns.values())
    rest = [i for i in range(len(heads)) if i not in used]
    found = [_Structure()]
    for row in table.body:
        texts = [plain_text(cell) for cell in row]
        filled = [t for t in texts if not EMPTY.match(t)]
        site = _site(texts, columns)
        if site is None and len(filled) == 1:
            stated = _stated(filled[0], "")
            if names_material(filled[0]):
                stated["material"] = filled[0]
        else:
            stated = {}
            for i in rest:
                stated |= _stated(texts[i], heads[i])
        if stated and (found[-1].sites or set(stated) & set(found[-1].values)):
            carried = {} if "space_group" in stated else dict(found[-1].values)
            found.append(_Structure(carried, found[-1].material))
        found[-1].material = stated.pop("material", found[-1].material)
        found[-1].values.update(stated)
        if stated or site is not None:
            found[-1].rows.append(row)
        if site is not None:
            found[-1].sites.append(site)
            found[-1].boxes += [cell.box for cell in row if cell.box is not None]
    return found


def _stated(text: str, head: str) -> dict[str, str]:
    """What a cell beside the sites says of the structure: material, group, pressure, cell."""
    if EMPTY.match(text) or not text:
        return {}
    _, unit = split_unit(head)
    found: dict[str, str] = {}
    hits = find_space_groups(text, "symbol" if len(text) < 24 else None)
    if len(hits) == 1:
        found["space_group"] = text[hits[0].start : hits[0].end]
    pressures = stated_for_all(text).get("pressure")
    if pressures:
        found["pressure"] = pressures
    elif unit in ("GPa", "kbar") and _PRESSURE.match(text):
        found["pressure"] = f"{text} {unit}"
    cells = find_cells(text if unit not in ("Å", "nm", "pm") else f"{text} {unit}")
    if len(cells) == 1:
        found.update(cells[0].values)
    names = [
        m.group()
        for m in _FORMULA.finditer(text)
        if looks_like_formula(m.group()) and len(set(re.findall("[A-Z][a-z]?", m.group()))) > 1
    ]
    if len(names) == 1 and not any(names[0] in value for value in found.values()):
        found["material"] = names[0]
    return found


def _heads(table: Table) -> list[str]:
    """The heads of all columns, each as one string."""
    return [
        " ".join(t for row in table.header if (t := plain_text(row[i])))
        for i in range(len(table.rows[0]))
    ]


def _columns(table: Table) -> dict[str, int] | None:
    """Where atom, site, coordinates and occupancy stand; None if there are no three coordinates."""
    if not table.header:
        return None
    patterns = head_words("sites")
    found: dict[str, int] = {}
    heads = _heads(table)
    for name in ("x", "y", "z", "occupancy"):
        index = next((i for i, h in enumerate(heads) if patterns[name].match(h)), None)
        if index is not None:
            found[name] = index
    if not {"x", "y", "z"} <= set(found):
        return None
    rest = [i for i in range(len(heads)) if i not in found.values()]
    rows = [[plain_text(cell) for cell in row] for row in table.body]
    body = [row for row in rows if _COORDINATE.match(row[found["z"]])]
    for i in rest:
        texts = [row[i] for row in body if row[i]]
        named = patterns["wyckoff"].match(heads[i]) and texts
        if "wyckoff" not in found and named and all(_SITE.match(t) for t in texts):
            found["wyckoff"] = i
        elif "atom" not in found and texts and _atoms(texts) and patterns["atom"].match(heads[i]):
            found["atom"] = i
    return found if "atom" in found else None


def _atoms(texts: Sequence[str]) -> bool:
    """Whether cells name atoms: an element's symbol, then a number or a mark at most."""
    named = [m.group(1) in elements() and len(t) < 24 for t in texts if (m := _ELEMENT.match(t))]
    return len(named) >= 0.8 * len(texts) and all(named)


def _site(texts: Sequence[str], columns: dict[str, int]) -> dict[str, Any] | None:
    """One site as the record keeps it; None if the row states no coordinates."""
    xyz = [texts[columns[axis]] for axis in "xyz"]
    atom = texts[columns["atom"]]
    if not atom or not all(_COORDINATE.match(t) for t in xyz):
        return None
    element = _ELEMENT.match(atom)
    site: dict[str, Any] = {"label": atom, "element": element.group(1) if element else atom}
    wyckoff = _SITE.match(texts[columns["wyckoff"]]) if "wyckoff" in columns else None
    if wyckoff is not None:
        site["site"] = re.sub(r"\s", "", wyckoff.group(1))
    site["xyz"] = [site_coordinate(t) for t in xyz]
    if "occupancy" in columns:
        number = re.match(r"\d*\.?\d+", texts[columns["occupancy"]])
        if number:
            site["occupancy"] = float(number.group())
    return site
