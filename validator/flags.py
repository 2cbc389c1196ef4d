"""What the flags of a record mean, and how much doubt each puts on it.

Flags of the validator take their meaning from its rules; those of the extractors are data
(``validator/data/flags.toml``). What is done about a doubt lives with the pages and reports.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scmine.validator.plausibility.rules import data, rules

FLAGS_FILE = "flags.toml"


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag with its meaning; ``weight`` is the doubt that it puts on a record.

    ``is_rule`` tells the validator's from the extractors'.
    """

    name: str
    meaning: str
    weight: float
    is_rule: bool


def flag(name: str, column_label: Callable[[str], str] = str) -> Flag:
    """What a flag means; ``column_label`` names the column that its beginning stands for.

    >>> flag("contradicted").weight, flag("tc_out_of_range").is_rule
    (3.0, True)
    >>> flag("tc_unit_missing").meaning
    'tc: no unit is printed'
    """
    if (rule := rules().get(name)) is not None:
        weight = data(FLAGS_FILE)["severities"].get(rule.severity.value, 0.3)
        return Flag(name, rule.reason, weight, True)
    if (known := data(FLAGS_FILE)["flags"].get(name)) is not None:
        return Flag(name, known["meaning"], known["weight"], False)
    for ending, known in data(FLAGS_FILE)["endings"].items():
        if name.endswith(f"_{ending}"):
            column = name.removesuffix(f"_{ending}")
            meaning = f"{column_label(column)}: {known['meaning']}"
            return Flag(name, meaning, known["weight"], False)
    return Flag(name, name.replace("_", " "), 1.0, False)


def known_flags() -> dict[str, float]:
    """All flags with a name of their own, and the doubt that each puts on a record."""
    named = {name: entry["weight"] for name, entry in data(FLAGS_FILE)["flags"].items()}
    return {**named, **{name: flag(name).weight for name in rules()}}
