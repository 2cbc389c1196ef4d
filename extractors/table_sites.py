"""Table sites: tables of atomic positions, which state one crystal structure.

The sites become one claim's ``wyckoff`` value; space group and cell edges come from the caption.
Whether the sites make a possible structure is not asked here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from scmine.extractors.claim import Claim, Place
from scmine.extractors.context import MaterialContext
from scmine.extractors.document import Cell, Table
from scmine.extractors.elements import elements
from scmine.extractors.table_captions import stated_for_all
from scmine.extractors.table_head import head_words
from scmine.extractors.table_materials import caption_material, names_material
from scmine.extractors.table_sheet import EMPTY, plain_text

SITES_CONFIDENCE = 0.7
"""Confidence of a structure read from a table of sites, by judgement, not measured."""

_SITE = re.compile(r"^\d{1,3}\s?[a-zα](?:\s?\(.{1,24}\))?$")
_COORDINATE = re.compile(
    r"^[-−–]?(?:\d?\.\d+|\d)(?:\s?\(\d+\))?$|^[-−–]?\d\s?[/⁄]\s?\d$|^[½¼¾⅓⅔⅛]$|^[-−–]?\d?[xyz](?:[+−–-]\d/\d)?$"
)
_ELEMENT = re.compile(r"^([A-Z][a-z]?)")
_CELL = re.compile(
    r"(?<![A-Za-zα-ω])(a(?:\s?=\s?b)?(?:\s?=\s?c)?|[bc]|[αβγ])\s?[=≈]\s?"
    r"(\d{1,3}(?:\.\d+)?(?:\s?\(\d+\))?)\s?(Å|A\b|nm|°)?"
)


def site_claim(table: Table, context: MaterialContext) -> Claim | None:
    """The structure that a table of sites states; None if it is no such table."""
    columns = _columns(table)
    if columns is None:
        return None
    sites, boxes = [], []
    structures: set[str] = set()
    for row in table.body:
        texts = [plain_text(cell) for cell in row]
        filled = [t for t in texts if not EMPTY.match(t)]
        if len(filled) == 1 and names_material(filled[0]):
            structures.add(filled[0])
            continue
        site = _site(texts, columns)
        if site is not None:
            sites.append(site)
            boxes += [cell.box for cell in row if cell.box is not None]
    if len(sites) < 1 or len(structures) > 1:
        return None
    values = {**stated_for_all(table.caption), **cell_of(table.caption)}
    values["wyckoff"] = json.dumps(sites, ensure_ascii=False)
    material = next(iter(structures), "") or caption_material(table.caption)
    material = material or context.main_printed() or ""
    if not material:
        return None
    return Claim(
        material=material,
        values=values,
        source="table",
        section=table.section,
        sentence=table.caption + " || " + " / ".join(_line(row) for row in table.rows),
        page=boxes[0].page if boxes else None,
        boxes=tuple(boxes),
        extractor="table-rules",
        confidence=SITES_CONFIDENCE,
        hints={"before": table.caption, "caption": table.caption},
        place=Place(table=table),
    )


def _line(row: Sequence[Cell]) -> str:
    return " | ".join(plain_text(cell) for cell in row)


def _columns(table: Table) -> dict[str, int] | None:
    """Where atom, site, coordinates and occupancy stand; None if there are no three coordinates."""
    if not table.header:
        return None
    patterns = head_words("sites")
    found: dict[str, int] = {}
    heads = [
        " ".join(t for row in table.header if (t := plain_text(row[i])))
        for i in range(len(table.rows[0]))
    ]
    for name in ("x", "y", "z", "occupancy"):
        index = next((i for i, h in enumerate(heads) if patterns[name].match(h)), None)
        if index is not None:
            found[name] = index
    if not {"x", "y", "z"} <= set(found):
        return None
    rest = [i for i in range(len(heads)) if i not in found.values()]
    body = [[plain_text(cell) for cell in row] for row in table.body]
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


def _site(texts: Sequence[str], columns: dict[str, int]) -> dict[str, object] | None:
    """One site as the record keeps it; None if the row states no coordinates."""
    xyz = [texts[columns[axis]] for axis in "xyz"]
    atom = texts[columns["atom"]]
    if not atom or not all(_COORDINATE.match(t) for t in xyz):
        return None
    element = _ELEMENT.match(atom)
    site: dict[str, object] = {"label": atom, "element": element.group(1) if element else atom}
    if "wyckoff" in columns and _SITE.match(texts[columns["wyckoff"]]):
        site["site"] = re.sub(r"\s|\(.*", "", texts[columns["wyckoff"]])
    site["xyz"] = [coordinate(t) for t in xyz]
    if "occupancy" in columns:
        number = re.match(r"\d*\.?\d+", texts[columns["occupancy"]])
        if number:
            site["occupancy"] = float(number.group())
    return site


_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125}


def coordinate(text: str) -> float | str:
    """A fractional coordinate as a number; as printed if it names a variable.

    >>> coordinate("0.2652(2)"), coordinate("−3/4"), coordinate("x")
    (0.2652, -0.75, 'x')
    """
    plain = re.sub(r"\s|\(\d+\)", "", text).replace("−", "-").replace("–", "-").replace("⁄", "/")
    if plain in _FRACTIONS:
        return _FRACTIONS[plain]
    parts = re.fullmatch(r"(-?)(\d)/(\d)", plain)
    if parts and int(parts.group(3)):
        value = int(parts.group(2)) / int(parts.group(3))
        return -value if parts.group(1) else value
    try:
        return float(plain)
    except ValueError:
        return plain


def cell_of(text: str) -> dict[str, str]:
    """Edges and angles of a cell that ``text`` states, with units; empty if one is stated twice.

    >>> cell_of("with a = 3.612 Å and c = 20.47 Å")
    {'a': '3.612 Å', 'c': '20.47 Å'}
    """
    names = {"α": "alpha", "β": "beta", "γ": "gamma"}
    found: dict[str, str] = {}
    matches = list(_CELL.finditer(text))
    units = [m.group(3) for m in matches if m.group(3) and m.group(3) != "°"]
    for match in matches:
        symbols, number, unit = match.groups()
        if symbols in names:
            unit = "°"
        elif not unit:
            unit = units[-1] if units else ""
        if not unit or (symbols not in names and unit == "°"):
            continue
        unit = "Å" if unit == "A" else unit
        for symbol in re.findall(r"[abcαβγ]", symbols):
            key = names.get(symbol, symbol)
            if key in found:
                return {}
            found[key] = f"{number} {unit}"
    return found
