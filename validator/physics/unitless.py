"""Numbers of ω_log in a record's sentence: those without a unit, and in which unit one was read.

Names of ω_log and heads of columns are the extractors' own (``property_patterns.toml``,
``table_columns.toml``). What unit it may be is proposed in ``units``.
"""

from __future__ import annotations

import re

from scmine.extractors.characters import uniform
from scmine.extractors.property_values import FREQUENCY_UNIT, patterns
from scmine.extractors.table_head import understand_head
from scmine.validator.physics.units import UNITS, kelvin_per

_HEADS_END = " || "
"""What stands between the heads and the row in the sentence of a record from a table."""

LOWEST = 2.0
"""Smaller numbers are ratios or powers: 2 meV is 23 K, below the softest lattice known."""

ROUNDING = 0.002
"""Relative difference up to which a printed number is the one that was read."""

MAX_SENTENCE = 4000
"""Characters of a sentence that are looked at."""

_PRINTED = re.compile(r"\d{1,5}(?:\.\d{1,4})?")
_NUMBER = re.compile(r"[~≈]?\s?(\d{1,5}(?:\.\d{1,4})?)(?:\s?\(\d{1,3}\))?")
_STATED = re.compile(
    r"\s*(?:[=≈~≃:]|\b(?:is|of|was)\b(?:\s(?:about|around|equal to))?)\s*"
    r"(?P<number>\d{1,5}(?:\.\d{1,4})?)(?P<after>.{0,12})"
)
_UNIT = re.compile(
    rf"(?:\s?\(\d{{1,3}}\))?\s?-?\s?(?:{FREQUENCY_UNIT}|eV|GHz|Ry|[^\W\d_]*Hz)(?!\w)|\.?\d|\s?[,;/&–-]\s?\d|\s(?:and|or|to)\s\d|\s?[×·^%]|\s?times\b"
)


def unitless_omega_log(sentence: str) -> float | None:
    """The only number of ω_log in ``sentence`` that has no unit; None if there is none or several.

    >>> unitless_omega_log("We find λ = 1.71 and ωlog = 1333 with Tc = 170 K.")
    1333.0
    >>> unitless_omega_log("We find ωlog = 1333 K.") is None
    True
    >>> unitless_omega_log("Compound | λ | ωlog | Tc (K) || CeH9 | 2.30 | 740 | 117")
    740.0
    """
    text = uniform(sentence)
    heads, found, row = text.rpartition(_HEADS_END)
    numbers = [n for n in (_of_row(heads, row) if found else _of_text(text)) if n >= LOWEST]
    return numbers[0] if len(set(numbers)) == 1 else None


def units_read(sentence: str, omega_log_K: float) -> tuple[str, ...]:
    """In which of the usual units ``sentence`` prints a frequency that was read as so many K.

    K without a sentence: then the number itself was taken over. All where it prints no such number,
    so that nothing is known.

    >>> units_read("with ωlog = 478 cm-1", 687.7)
    ('cm-1',)
    >>> units_read("", 687.7)
    ('K',)
    """
    if not sentence:
        return ("K",)
    numbers = [float(n) for n in _PRINTED.findall(uniform(sentence)[:MAX_SENTENCE])]
    printed = tuple(
        unit
        for unit in UNITS
        if any(abs(n * kelvin_per(unit) - omega_log_K) <= ROUNDING * omega_log_K for n in numbers)
    )
    return printed or UNITS


def _of_row(heads: str, row: str) -> list[float]:
    names, cells = heads.split(" | "), row.split(" | ")
    if len(names) != len(cells):
        return []
    numbers = []
    for name, cell in zip(names, cells, strict=True):
        head = understand_head(name.replace("_", " ").replace("{", "").replace("}", ""))
        match = _NUMBER.fullmatch(cell.strip())
        if head and head.field == "omega_log" and not head.unit and match:
            numbers.append(float(match[1]))
    return numbers


def _of_text(text: str) -> list[float]:
    numbers = []
    for name in patterns()["omega_log"]["symbol"].finditer(text):
        stated = _STATED.match(text, name.end())
        if stated and not _UNIT.match(stated["after"]):
            numbers.append(float(stated["number"]))
    return numbers
