"""Table heads: what the head of a column, or the first cell of a row, says its values are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from scmine.extractors.lexicons import load_toml

_UNIT = re.compile(
    r"[\[(]\s*(K|mK|GPa|kbar|Mbar|MPa|meV|cm\s?[-–−]\s?1|cm\^?-1|THz|Å|A|nm|pm|°|deg|degrees?|T|"
    r"in K|"
    r"in GPa|in Å|in meV)\s*[\])]\s*$|,\s*(K|mK|GPa|kbar|MPa|meV|Å|nm|°)$|"
    r"\s(K|mK|GPa|kbar|meV|Å)$|/\s?(K|GPa|kbar|meV|Å)$"
)
_UNIT_ONLY = {"K", "mK", "GPa", "kbar", "Mbar", "MPa", "meV", "Å", "nm", "°", "THz"}


@dataclass(frozen=True, slots=True)
class Head:
    """A head's meaning: ``role`` is a section of ``data/table_columns.toml``.

    ``field`` is the key of a claim's values, ``unit`` what is written behind each value, empty if
    the cells must state it; ``kind`` is the kind of Tc; ``variable`` the symbol of a variable.
    """

    role: str
    field: str
    unit: str
    kind: str = ""
    variable: str = ""
    text: str = ""


@cache
def _entries() -> dict[str, dict[str, Any]]:
    entries = {role: dict(entry) for role, entry in load_toml("table_columns.toml").items()}
    for entry in entries.values():
        flags = re.I if "coupling" in entry["pattern"] else 0
        entry["pattern"] = re.compile(entry["pattern"], flags)
    return entries


def understand_head(text: str) -> Head | None:
    """What ``text``, the head of a column, announces; None if nothing that makes a claim.

    >>> head = understand_head("Tc (K)"); head.field, head.unit
    ('tc', 'K')
    >>> understand_head("ρ(290K) (mΩ-cm)") is None
    True
    """
    plain, unit = split_unit(text)
    plain = re.sub(r"\s*[=≈:]\s*$", "", plain).strip(" ,;")
    for role, entry in _entries().items():
        for form in (plain, plain.lower() if len(plain) > 3 else plain):
            if entry["pattern"].match(form):
                variable = ""
                if role == "variable":
                    variable = re.findall(r"[xyzδ]", plain)[-1]
                return Head(
                    role,
                    entry.get("field", role),
                    unit or entry.get("unit", ""),
                    entry.get("kind", ""),
                    variable,
                    text,
                )
    return None


def split_unit(text: str) -> tuple[str, str]:
    """A head without its unit, and the unit.

    >>> split_unit("ωlog [cm−1]"), split_unit("P GPa"), split_unit("λ")
    (('ωlog', 'cm-1'), ('P', 'GPa'), ('λ', ''))
    """
    text = re.sub(r"\s+", " ", text).strip()
    if text in _UNIT_ONLY:
        return "", text
    match = _UNIT.search(text)
    if not match:
        return text, ""
    unit = next(g for g in match.groups() if g)
    unit = re.sub(r"^in\s+", "", unit)
    unit = re.sub(r"cm\s?\^?[-–−]\s?1", "cm-1", unit)
    return text[: match.start()].strip(), {"A": "Å", "deg": "°"}.get(unit, unit)
