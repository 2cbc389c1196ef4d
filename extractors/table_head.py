"""Table heads: what the head of a column, or the first cell of a row, says its values are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from scmine.extractors.lexicons import load_toml

_SPELLINGS = (
    r"mK|K|GPa|kbars?|Mbar|MPa|meV|cm\s?\^?[-–−]\s?1|THz|Å|Angstroms?|A(?=[\])])|nm|pm|°|deg(?:rees?)?\.?"
    r"|T|tesla|%|at\.?\s?%"
)
_UNIT = re.compile(
    rf"[\[(]\s*(?:in\s+|units? of\s+)?({_SPELLINGS})\s*[\])]|(?:,|\bin|/)\s*({_SPELLINGS})$"
    rf"|\s(mK|K|GPa|kbar|meV|Å)$"
)
_BRACKETED = re.compile(rf"[\[(]\s*(?:{_SPELLINGS})\s*[\])]")
_UNIT_ONLY = re.compile(rf"^(?:in\s+)?(?:{_SPELLINGS})$")
_OTHER_UNIT = re.compile(
    r"[\[(]\s*(?:10\s?[-–−]?\d+\s*)?(?:μm|nm|Å|m|cm|eV|s|mJ|J|Oe|Ω|W|V|states)[^\[\]]{0,20}[\])]"
)
_SPELLED = {"A": "Å", "Angstrom": "Å", "Angstroms": "Å", "kbars": "kbar", "tesla": "T", "at.%": "%"}


@dataclass(frozen=True, slots=True)
class Head:
    """A head's meaning: ``role`` is a section of ``roles`` in ``data/table_columns.toml``.

    ``field`` is the key of a claim's values, ``unit`` what is written behind each value, empty if
    the cells must state it; ``kind`` is the kind of Tc; ``variable`` the symbol of a variable;
    ``text`` all the words of the head.
    """

    role: str
    field: str
    unit: str
    kind: str = ""
    variable: str = ""
    text: str = ""


@cache
def _roles() -> dict[str, dict[str, Any]]:
    roles = {role: dict(entry) for role, entry in load_toml("table_columns.toml")["roles"].items()}
    for entry in roles.values():
        entry["pattern"] = re.compile(entry["pattern"], 0 if entry.get("case") else re.I)
    return roles


@cache
def head_words(group: str) -> dict[str, re.Pattern[str]]:
    """The patterns of a group of ``data/table_columns.toml``: ``kinds``, ``words`` or ``sites``."""
    return {k: re.compile(v, re.I) for k, v in load_toml("table_columns.toml")[group].items()}


def understand_head(text: str) -> Head | None:
    """What ``text``, the head of a column, announces; None if nothing that makes a claim.

    >>> head = understand_head("Tc (K)"); head.field, head.unit
    ('tc', 'K')
    >>> understand_head("ρ(290K) (mΩ-cm)") is None
    True
    """
    return understand_heads([text])


def understand_heads(parts: Sequence[str]) -> Head | None:
    """The same for a head of several rows, the topmost first.

    What stands lowest is the column's own; what spans it gives the unit or the quantity.

    >>> head = understand_heads(["Tc (K)", "onset"]); head.field, head.unit, head.kind
    ('tc', 'K', 'onset')
    """
    parts = [p for p in (re.sub(r"\s+", " ", part).strip() for part in parts) if p]
    if not parts or any(len(_BRACKETED.findall(part)) > 1 for part in parts):
        return None  # the heads of two columns that were not told apart
    split = [split_unit(part) for part in parts]
    bare = [name for name, _ in split if name]
    unit = next((u for _, u in reversed(split) if u), "")
    whole = " ".join(parts)
    tries = [(" ".join(bare), "")]
    tries += [(" ".join(bare[k:]), "") for k in range(1, len(bare))]
    tries += [(bare[k], " ".join(bare[k + 1 :])) for k in range(len(bare) - 2, -1, -1)]
    for text, under in tries:
        head = _one(text, unit, whole)
        if head is None:
            continue
        if head.role == "not_tc" or (head.field == "tc" and _unlike_tc(under)):
            return None
        if under and head.field != "tc":
            continue  # "a" over two columns may have become two quantities
        if head.unit == "1" and (unit or _OTHER_UNIT.search(whole)):
            return None  # λ in nm is a length
        return head
    return None


def _unlike_tc(under: str) -> bool:
    return bool(under and head_words("words")["not_tc"].search(under))


def _one(text: str, unit: str, whole: str) -> Head | None:
    plain = re.sub(r"\s*[=≈:]\s*$", "", text).strip(" ,;")
    for role, entry in _roles().items():
        if not entry["pattern"].match(plain):
            continue
        variable = ""
        if role == "variable":
            variable = re.findall(r"[xyzδ]", plain)[-1]
        elif role == "placeholder":
            variable = plain if len(plain) < 4 else "R"
        field = entry.get("field", role)
        own = entry.get("unit", "")
        return Head(
            role,
            field,
            own if own in ("1", "symbol") else unit or own,
            _kind(whole) if field == "tc" else "",
            variable,
            whole,
        )
    return None


def _kind(text: str) -> str:
    found = [kind for kind, pattern in head_words("kinds").items() if pattern.search(text)]
    return found[0] if len(found) == 1 else ""


def split_unit(text: str) -> tuple[str, str]:
    """A head without its unit, and the unit.

    >>> split_unit("ωlog [cm−1]"), split_unit("P GPa"), split_unit("λ")
    (('ωlog', 'cm-1'), ('P', 'GPa'), ('λ', ''))
    """
    text = re.sub(r"\s+", " ", text).strip()
    if _UNIT_ONLY.match(text.strip("[]() ")) and text.strip("[]() ") not in ("T", "A", "K%"):
        return "", _spelled(re.sub(r"^in\s+", "", text.strip("[]() ")))
    matches = list(_UNIT.finditer(text))
    if not matches:
        return text, ""
    match = matches[-1]
    unit = next(g for g in match.groups() if g)
    rest = (text[: match.start()] + " " + text[match.end() :]).strip()
    return re.sub(r"\s+", " ", rest), _spelled(unit)


def _spelled(unit: str) -> str:
    unit = re.sub(r"cm\s?\^?[-–−]\s?1", "cm-1", unit)
    if unit.startswith("deg"):
        return "°"
    return _SPELLED.get(unit, unit)
