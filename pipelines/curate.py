"""Curation as commands and web pages use it: joined with the reader of formulas and the user.

What curation does lives in ``scmine.database.curation``, how it is shown in ``curate_report``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scmine.database.columns import column_types
from scmine.database.curation import Curation
from scmine.database.editing import ChangeError
from scmine.database.revision import NotFoundError, Revision
from scmine.database.store import Database
from scmine.pipelines.person import login_name

MOST_IDS = 5
"""Ids that are listed where an abbreviated one is unclear."""


class UnclearId(ValueError):
    """A start of an id that several records have."""


def curation_of(database: Database) -> Curation:
    """The curation of a database; a formula that is changed alone brings its composition along."""
    return Curation(database, compose=composition_of)


def composition_of(formula: str) -> dict[str, float] | None:
    """The amounts of the elements in a formula; None if it is none or leaves an amount open.

    >>> composition_of("MgB2"), composition_of("YBa2Cu3O7-x"), composition_of("the sample")
    ({'Mg': 1.0, 'B': 2.0}, None, None)
    """
    from scmine.extractors.formula import parse_formula

    parsed = parse_formula(formula)
    return None if parsed is None else parsed.composition()


def full_id(curation: Curation, start: str) -> str:
    """The only record id that begins with ``start``; one that is whole may begin others.

    Raises
    ------
    NotFoundError
        No record has such an id.
    UnclearId
        Several have.
    """
    found = curation.ids_starting(start, MOST_IDS + 1)
    if start in found:
        return start
    if not found:
        raise NotFoundError(
            f"no record has an id that begins with {start!r}; scmine show and scmine export list "
            "the ids"
        )
    if len(found) > 1:
        more = ", …" if len(found) > MOST_IDS else ""
        raise UnclearId(
            f"several records have an id that begins with {start}: "
            f"{', '.join(found[:MOST_IDS])}{more}; give more of it"
        )
    return found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a user asks for in one call of ``scmine curate``."""

    values: Sequence[str] = ()
    status: str | None = None
    why: str = ""
    error_type: str | None = None
    undo: bool = False
    redo: bool = False
    expected: int | None = None

    def problem(self) -> str:
        """What is wrong with the combination; empty if nothing is."""
        changes = bool(self.values or self.status or self.error_type)
        if self.undo + self.redo + changes > 1:
            return "--undo, --redo and a change exclude one another"
        if not (self.undo or self.redo or changes):
            return "say what to change: --set COLUMN=VALUE, --status, --undo or --redo"
        if self.why and not changes:
            return "--why goes with --set or --status"
        return ""


def carry_out(curation: Curation, record_id: str, wish: Wish) -> Revision:
    """Make the change, as the user of the operating system.

    Raises
    ------
    ChangeError
        A value that a record cannot hold, or one that cannot be read.
    DatabaseError
        The change is refused, see `Curation`.
    """
    who = login_name()
    if wish.undo:
        return curation.undo(record_id, who=who, expected=wish.expected)
    if wish.redo:
        return curation.redo(record_id, who=who, expected=wish.expected)
    if wish.status is not None and not wish.values:
        return curation.judge(
            record_id,
            wish.status,
            who=who,
            why=wish.why,
            error_type=wish.error_type,
            expected=wish.expected,
        )
    return curation.edit(
        record_id,
        parse_values(wish.values),
        who=who,
        why=wish.why,
        error_type=wish.error_type,
        status=wish.status,
        expected=wish.expected,
    )


def parse_values(texts: Sequence[str]) -> dict[str, Any]:
    """Values by column from ``COLUMN=VALUE``; an empty value is None, lists and maps are JSON.

    Raises
    ------
    ChangeError
        No ``=``, or a list or map that is no JSON.

    >>> parse_values(["tc_K=39", "lambda=", 'composition={"Mg": 1}'])
    {'tc_K': '39', 'lambda': None, 'composition': {'Mg': 1}}
    """
    found: dict[str, Any] = {}
    for text in texts:
        column, sign, value = text.partition("=")
        column = column.strip()
        if not sign:
            raise ChangeError({text: "write COLUMN=VALUE, such as tc_K=39"})
        if value and column_types().get(column) in {"list", "map"}:
            try:
                found[column] = json.loads(value)
            except ValueError as error:
                raise ChangeError({column: f"this is no JSON: {error}"}) from error
        else:
            found[column] = value or None
    return found
