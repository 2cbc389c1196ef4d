"""What scmine makes of material strings, for people and as JSON: the command ``formula``.

Strings are read in ``scmine.extractors.materials``; here their parts are put side by side.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from scmine.extractors.materials import Material, parse_material
from scmine.extractors.normal_form import normal_form

_LINES_FROM_STDIN = "-"
_LABELS = {
    "formula": "formula",
    "normal_form": "normal form",
    "amounts": "composition",
    "name": "name",
    "material_class": "class",
    "class_rule": "by rule",
    "doping": "doping",
    "variables": "variables",
    "phase": "phase",
    "shape": "shape",
    "substrate": "substrate",
    "fabrication": "fabrication",
    "flags": "flags",
}


def describe(text: str) -> list[dict[str, Any]]:
    """The materials that ``text`` names, each with its normal form; values that are empty stay.

    >>> [m["normal_form"] for m in describe("AFe2As2 (A = Ca, Sr)")]
    ['CaFe2As2', 'SrFe2As2']
    """
    return [{**asdict(m), "normal_form": _form(m)} for m in parse_material(text)]


def _form(material: Material) -> str | None:
    return normal_form(material.formula) if material.formula else None


def print_formulas(texts: Sequence[str], *, as_json: bool) -> bool:
    """Print what each text says; False if one of them says nothing that is understood.

    As JSON, one object a text: ``text`` and ``materials``. ``-`` stands for the lines of standard
    input.
    """
    understood = True
    for text in _all(texts):
        materials = describe(text)
        known = [m for m in materials if any(m[key] for key in _LABELS)]
        understood = understood and bool(known)
        if as_json:
            print(json.dumps({"text": text, "materials": known}, ensure_ascii=False))
        else:
            print("\n".join([_printable(text), *_lines(known)]))
    return understood


def _all(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        if text == _LINES_FROM_STDIN:
            yield from filter(None, (line.strip() for line in sys.stdin))
        else:
            yield text


def _lines(materials: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Lines for people: only what is known, materials apart from each other by a blank line."""
    if not materials:
        yield "  nothing understood"
    width = max(map(len, _LABELS.values()))
    for i, material in enumerate(materials):
        if i:
            yield ""
        for key, label in _LABELS.items():
            if material[key]:
                yield f"  {label:{width}}  {_printable(_shown(material[key]))}"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} = {v}" for k, v in value.items())
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _printable(text: str) -> str:
    """``text`` without what would steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
