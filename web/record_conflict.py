"""Two persons changed one record: what each made of every field, and what is to be chosen.

Pure: three states of a record in, choices out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scmine.database.record import Record
from scmine.web.record_fields import fields, text_of
from scmine.web.record_words import in_words


class Side(StrEnum):
    """Whose value a choice begins with."""

    THEIRS = "theirs"
    MINE = "mine"
    OPEN = ""
    """Both changed the field, and not to the same: the person has to choose."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that either person changed: the value both saw, theirs, and mine.

    ``…_text`` is a value as it stands in an input, the others are in words.
    """

    column: str
    label: str
    base: str
    theirs: str
    mine: str
    theirs_text: str
    mine_text: str
    side: Side
    editable: bool


def choices_between(base: Record, theirs: Record, mine: Mapping[str, Any]) -> list[Choice]:
    """The fields to choose for, in the order of the page, and the composition that follows.

    Parameters
    ----------
    base
        The record as I saw it.
    theirs
        The record as it is now.
    mine
        My changes by column.

    >>> base = Record(record_id="r", doc_id="d", raw_material="MgB2", tc_K=3.9)
    >>> theirs = base.model_copy(update={"tc_K": 40.0, "formula": "MgB2"})
    >>> [(c.column, c.side.value) for c in choices_between(base, theirs, {"tc_K": 39.0})]
    [('formula', 'theirs'), ('tc_K', '')]
    """
    before, now = base.to_row(), theirs.to_row()
    found = []
    for name, column in fields().items():
        if not column.editable and name != "composition":
            continue
        is_theirs = before[name] != now[name]
        is_mine = name in mine and mine[name] != before[name]
        if not is_theirs and not is_mine:
            continue
        own = mine[name] if is_mine else before[name]
        found.append(
            Choice(
                column=name,
                label=column.label,
                base=in_words(name, before[name]),
                theirs=in_words(name, now[name]),
                mine=in_words(name, own),
                theirs_text=text_of(name, now[name]),
                mine_text=text_of(name, own),
                side=_side(is_theirs, is_mine, own == now[name]),
                editable=column.editable,
            )
        )
    return found


def _side(is_theirs: bool, is_mine: bool, same: bool) -> Side:
    if is_theirs and is_mine and not same:
        return Side.OPEN
    return Side.MINE if is_mine else Side.THEIRS
