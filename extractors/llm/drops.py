"""Drops: what of an answer is not believed, and why; the types that all checks of evidence share.

Each reason has a description, which ``docs/llm.md`` repeats. What leads to a reason lives in the
checks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from scmine.extractors.claim import Claim
from scmine.extractors.llm.request import Task


class Drop(StrEnum):
    """Why a value, or another part of an answer, was dropped."""

    NOT_SHOWN = "not_shown"
    QUOTE_NOT_FOUND = "quote_not_found"
    INSTRUCTION = "instruction"
    VALUE_NOT_IN_QUOTE = "value_not_in_quote"
    UNIT_DIFFERS = "unit_differs"
    OTHER_QUANTITY = "other_quantity"
    MATERIAL_NOT_FOUND = "material_not_found"
    OTHER_MATERIAL = "other_material"
    NOT_DENIED = "not_denied"
    DENIED = "denied"
    CONDITION_ALONE = "condition_alone"
    SEVERAL = "several"
    NO_SUCH_CELL = "no_such_cell"
    UNKNOWN_NAME = "unknown_name"
    NOT_SAID = "not_said"

    @property
    def description(self) -> str:
        """What the reason means, in one sentence."""
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    Drop.NOT_SHOWN: "The answer quotes a passage that was not shown to the model.",
    Drop.QUOTE_NOT_FOUND: "The quoted words do not stand in the passage.",
    Drop.INSTRUCTION: "The quoted words stand in a text that speaks to a language model.",
    Drop.VALUE_NOT_IN_QUOTE: "The quoted words do not hold the value as a whole: not as a part of "
    "another number, a range, a formula or a citation.",
    Drop.UNIT_DIFFERS: "The paper prints another unit beside the number, none where one is needed, "
    "or one where there is none.",
    Drop.OTHER_QUANTITY: "The words around the number say that it is something else, or do not say "
    "that it is what the answer says.",
    Drop.MATERIAL_NOT_FOUND: "The material is not named where the answer says, or nowhere near the "
    "value.",
    Drop.OTHER_MATERIAL: "The sentence, list or row says the value of another material.",
    Drop.NOT_DENIED: "Nothing near the material says that it does not superconduct.",
    Drop.DENIED: "The paper says that there is no superconductivity at this temperature.",
    Drop.CONDITION_ALONE: "Only a condition is left, such as a pressure, without what it is of.",
    Drop.SEVERAL: "One claim gives several values of a field that has one.",
    Drop.NO_SUCH_CELL: "The table has no such row or column, or it is no row of data.",
    Drop.UNKNOWN_NAME: "The answer names a claim, record, mention or label that was not given.",
    Drop.NOT_SAID: "The quoted words do not say what the answer takes from them.",
}


@dataclass(frozen=True, slots=True)
class Dropped:
    """A part of an answer that was not believed, and where the answer says it stands."""

    reason: Drop
    task: Task
    field: str
    value: str
    quote: str = ""
    place: str = ""


@dataclass(slots=True)
class Checked:
    """What is left of an answer, and what is not.

    ``claims`` have the position of their passage in the document, None for those of tables.
    """

    claims: list[tuple[Claim, int | None]] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
