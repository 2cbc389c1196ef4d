"""What users state of a structure, as texts, read into a statement: options, rows, files.

Spellings are those of papers: ``5.102(3)``, ``0.51 nm``, ``Fm3̄m``, ``H 32f (0.12, 0.12, 0.12)``.
What is not understood is an error that says where. Nothing is completed or checked here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from scmine.database.record import PressureKind, Record
from scmine.extractors.characters import uniform
from scmine.extractors.document import Listing, ListingFormat
from scmine.extractors.elements import elements
from scmine.extractors.materials import parse_material
from scmine.extractors.printed_number import NUMBER, read_number
from scmine.extractors.sites import site_coordinate
from scmine.extractors.spacegroups import lookup_space_group
from scmine.validator.structures.from_listing import listing_statement
from scmine.validator.structures.from_record import all_stated
from scmine.validator.structures.stated import StatedStructure

MAX_FILE_BYTES = 5_000_000
"""A CIF or POSCAR that is larger is no crystal structure of a paper."""

_LENGTH = {"": 1.0, "å": 1.0, "a": 1.0, "angstrom": 1.0, "nm": 10.0, "pm": 0.01}
_ANGLE = {"": 1.0, "°": 1.0, "deg": 1.0}
_PRESSURE = {"": 1.0, "gpa": 1.0, "mpa": 1e-3, "kbar": 0.1, "mbar": 100.0}
_VOLUME = {"": 1.0, "å3": 1.0, "å^3": 1.0, "å³": 1.0, "a3": 1.0, "a^3": 1.0, "nm3": 1000.0}
_DENSITY = {"": 1.0, "g/cm3": 1.0, "g/cm^3": 1.0, "g/cm³": 1.0, "gcm-3": 1.0, "kg/m3": 1e-3}
_PLAIN = {"": 1.0}

_IN_RECORD: Mapping[str, Mapping[str, float]] = {
    "a_A": _LENGTH, "b_A": _LENGTH, "c_A": _LENGTH,
    "alpha_deg": _ANGLE, "beta_deg": _ANGLE, "gamma_deg": _ANGLE,
    "pressure_GPa": _PRESSURE, "pressure_min_GPa": _PRESSURE, "pressure_max_GPa": _PRESSURE,
}  # fmt: skip
_BESIDE: Mapping[str, Mapping[str, float]] = {
    "volume_A3": _VOLUME,
    "formula_units": _PLAIN,
    "density_g_cm3": _DENSITY,
}

_ALIASES = {
    "a": "a_A", "b": "b_A", "c": "c_A", "alpha": "alpha_deg", "beta": "beta_deg",
    "gamma": "gamma_deg", "pressure": "pressure_GPa", "volume": "volume_A3", "z": "formula_units",
    "density": "density_g_cm3", "sites": "wyckoff", "spacegroup": "space_group",
    "space_group_symbol": "space_group", "material": "formula", "raw_material": "formula",
    "crystal_system": "crystal_structure",
}  # fmt: skip
"""Names of columns that people use, by the record's."""

_SITE = re.compile(
    r"(?P<label>[A-Z][a-z]?[A-Za-z0-9'*]*)"
    r"(?:[\s:,@]+(?P<site>\d{1,3}\s?[a-zA-Zα]|[a-z]))?"
    r"(?:[\s:,;(\[]+(?P<xyz>(?!\s*occ)[^()\[\]=]+?))?[)\]]?"
    r"(?:[\s,;]+(?:occ(?:upancy)?\.?\s?=?\s?)(?P<occupancy>[\d.()]+))?\s*"
)

_AS_IN = "'H 32f 0.12 0.12 0.12'"

_OPEN = re.compile(r"[-+\dxyzuvw/.*]{1,20}(?<=[xyzuvw])[-+\dxyzuvw/.*]{0,20}")
"""A coordinate that names a variable: ``x``, ``1/2-2x``."""


class StatementError(ValueError):
    """What is stated cannot be understood; the message names the field."""


def read_statement(values: Mapping[str, Any], *, alone: bool = True) -> StatedStructure:
    """The statement that named values make.

    Parameters
    ----------
    values
        By the record's columns (``formula``, ``space_group``, ``a_A``, ``wyckoff`` …) or short
        names (``a``, ``z``, ``density``); texts as people write them, or numbers. ``wyckoff`` is a
        list of sites, each a text or the record's dictionary, or JSON of these, or texts with
        semicolons between. With a column ``composition`` the values are a record's, and a formula
        that it left open stays so. Other columns are passed over, as are empty values.
    alone
        Whether the values have to be enough to speak of a structure.

    Raises
    ------
    StatementError
        If a value is not understood, or neither a formula nor a site nor a cell is stated.

    >>> read_statement({"formula": "LaH10", "space_group": "Fm-3m", "a": "5.10(2)"}).a_A
    5.1
    """
    given = _named(values)
    columns: dict[str, Any] = _numbers(given, _IN_RECORD)
    columns |= _group(given)
    columns["wyckoff"] = _sites(given.get("wyckoff"))
    if given.get("pressure_kind") in list(PressureKind):
        columns["pressure_kind"] = given["pressure_kind"]
    formula = str(given.get("formula") or "").strip()
    if "composition" in values:  # a record: what it could not resolve is left open
        columns |= {"formula": formula or None, "composition": _composition(given)}
    elif formula:
        columns |= _formula(formula)
    for name in ("prototype", "crystal_structure", "shape"):
        if given.get(name):
            columns[name] = str(given[name]).strip()
    if alone and not (formula or columns["wyckoff"] or columns.get("a_A")):
        raise StatementError("neither a formula nor sites nor a cell is stated")
    record = Record(record_id="", doc_id="", raw_material=formula, **columns)
    return replace(all_stated(record), **_numbers(given, _BESIDE))


def read_file(path: Path) -> StatedStructure:
    """What a file with a CIF or POSCAR states: its atoms, and what a CIF says of them.

    Raises
    ------
    StatementError
        If it is too large, no text, or neither.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise StatementError(f"{path}: more than {MAX_FILE_BYTES // 10**6} MB")
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StatementError(f"{path}: this is no text file") from error
    if re.search(r"^\s*_cell[_.]length_a\b", text, re.M | re.I):
        return listing_statement(Listing(ListingFormat.CIF, text))
    lines = text.splitlines()
    vectors = [line.split()[:3] for line in lines[2:5]]
    if len(lines) > 7 and all(len(v) == 3 and all(map(_is_number, v)) for v in vectors):
        return listing_statement(Listing(ListingFormat.POSCAR, text))
    raise StatementError(f"{path}: this is neither a CIF nor a POSCAR")


def read_given(values: Mapping[str, Any], file: Path | None, sites: Path | None) -> StatedStructure:
    """The statement of options and files; options win over what a file says of itself.

    Raises
    ------
    StatementError
        As ``read_statement`` and ``read_file``.
    """
    given = dict(values)
    if sites is not None:
        given["wyckoff"] = [*given.get("wyckoff", []), *read_sites(sites)]
    if file is None:
        stated = read_statement(given)
        _check_letters(stated)
        return stated
    if given.get("wyckoff"):
        raise StatementError(f"{file} has all its atoms; leave --site and --sites out")
    said = read_file(file)
    if not given:
        return said
    own = read_statement(given, alone=False)
    return replace(said, **{f.name: v for f in fields(own) if (v := getattr(own, f.name))})


def _check_letters(stated: StatedStructure) -> None:
    """Refuse a Wyckoff position that the group does not have."""
    number = stated.space_group_number
    if number is None:
        return
    from scmine.validator.structures.positions import positions_told, unknown_positions

    for site in stated.sites:
        if unknown_positions(number, [site.site]):
            name = f"{site.label or site.element} {site.site}"
            raise StatementError(f"site {name!r}: {positions_told(number)}")


def read_sites(path: Path) -> list[str]:
    """The sites of a file, one a line as ``--site`` takes them; lines with ``#`` are notes."""
    lines = (line.strip() for line in path.read_text("utf-8-sig").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def read_site(text: str) -> dict[str, Any]:
    """One site: element or label, and as far as known position, coordinates and occupancy.

    >>> read_site("La 4b 1/2 1/2 1/2")
    {'label': 'La', 'element': 'La', 'site': '4b', 'xyz': [0.5, 0.5, 0.5], 'occupancy': None}
    >>> read_site("H1 (0.12, 0.12, z) occ 0.5")["xyz"]
    [0.12, 0.12, 'z']
    """
    plain = re.sub(r"(?<=\d)\(\d{1,3}\)", "", uniform(text))  # uncertainties
    match = _SITE.fullmatch(plain.strip())
    if match is None:
        mixed = "/" in plain.split()[0] if plain.split() else False
        how = "'Ba 2a occ 0.6' and 'K 2a occ 0.4' for a mixed site" if mixed else _AS_IN
        raise StatementError(f"site {text!r}: write it as in {how}")
    label = match["label"]
    known = elements()
    element = next((s for s in (label[:2], label[:1]) if s in known), None)
    if element is None:
        raise StatementError(f"site {text!r}: {label} is no element")
    xyz = None
    if match["xyz"]:
        parts = [p for p in re.split(r"[\s,;]+", match["xyz"].strip()) if p]
        if len(parts) != 3:
            raise StatementError(f"site {text!r}: three coordinates are needed")
        xyz = [_coordinate(part, text) for part in parts]
    occupancy = _number(match["occupancy"], _PLAIN, "occupancy") if match["occupancy"] else None
    site = re.sub(r"\s", "", match["site"]) if match["site"] else None
    return {
        "label": label, "element": element, "site": site, "xyz": xyz, "occupancy": occupancy,
    }  # fmt: skip


def _coordinate(part: str, text: str) -> float | str:
    value = site_coordinate(part)
    if isinstance(value, str) and not re.fullmatch(
        r"[-+\dxyzuvw/.]*[xyzuvw][-+\dxyzuvw/.]*", value
    ):
        raise StatementError(f"site {text!r}: {part} is no coordinate")
    return value


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values by the record's names; the record's own column wins over another name of it."""
    given: dict[str, Any] = {}
    for name, value in values.items():
        key = str(name).strip()
        own = _ALIASES.get(key.lower(), key)
        empty = value is None or value == "" or value != value
        if empty or (own != key and values.get(own) not in (None, "")):
            continue
        given.setdefault(own, value)
    return given


def _numbers(given: Mapping[str, Any], units: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    return {
        name: _number(given[name], table, name)
        for name, table in units.items()
        if given.get(name) is not None
    }


def _number(value: Any, units: Mapping[str, float], name: str) -> float:
    """A number with its uncertainty and unit, if any, in the unit of the field."""
    if isinstance(value, int | float):
        return float(value)
    text = uniform(str(value)).strip().lstrip("~≈≃ ")
    match = re.match(NUMBER, text)
    unit = re.sub(r"\s", "", text[match.end() :]).lower() if match else ""
    if match is None or unit not in units:
        known = ", ".join(u for u in units if u) or "none"
        raise StatementError(f"{name} {str(value)!r} is no number (units: {known})")
    return read_number(match[0]).value * units[unit]


def _group(given: Mapping[str, Any]) -> dict[str, Any]:
    """Symbol and number of the space group, as far as stated."""
    found: dict[str, Any] = {}
    if given.get("space_group") is not None:
        printed = given["space_group"]
        group = lookup_space_group(printed if isinstance(printed, int) else str(printed))
        if group is None:
            raise StatementError(f"space_group {printed!r} is not known")
        found = {"space_group": group.stated, "space_group_number": group.number}
    if given.get("space_group_number") is not None:
        number = _number(given["space_group_number"], _PLAIN, "space_group_number")
        group = lookup_space_group(int(number)) if number == int(number) else None
        if group is None:
            raise StatementError(f"space_group_number {number:g} is not between 1 and 230")
        found.setdefault("space_group", group.symbol)
        found["space_group_number"] = group.number
    return found


def _formula(text: str) -> dict[str, Any]:
    if text in elements():  # `I` alone is read as a numeral
        return {"formula": text, "composition": {text: 1.0}}
    materials = [m for m in parse_material(text) if m.composition]
    if len(materials) != 1:
        why = "several materials" if materials else "no formula with known amounts"
        raise StatementError(f"formula {text!r}: {why}")
    material = materials[0]
    return {
        "formula": material.formula, "composition": material.composition, "shape": material.shape,
    }  # fmt: skip


def _composition(given: Mapping[str, Any]) -> dict[str, float]:
    """A record's composition, which a CSV has as JSON."""
    value = given.get("composition") or {}
    try:
        value = json.loads(value) if isinstance(value, str) else value
        return {str(symbol): float(amount) for symbol, amount in value.items()}
    except (AttributeError, TypeError, ValueError) as error:
        raise StatementError(f"composition {value!r} is no map of amounts") from error


def _sites(value: Any) -> list[dict[str, Any]]:
    """Sites as the record keeps them."""
    if not value:
        return []
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("["):
            try:
                value = json.loads(text)
            except ValueError as error:
                raise StatementError(f"wyckoff: this is no JSON ({error})") from error
        else:
            value = [part for part in re.split(r"\s*;\s*|\n", text) if part]
    if not isinstance(value, Sequence):
        raise StatementError("wyckoff: a list of sites is needed")
    sites = [dict(s) if isinstance(s, Mapping) else read_site(str(s)) for s in value]
    for site in sites:
        if not isinstance(site.get("element") or site.get("label"), str):
            raise StatementError(f"wyckoff: {site} names no element")
    return sites


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?", text) is not None
