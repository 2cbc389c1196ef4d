"""Curation as commands and web pages use it: joined with the reader of formulas.

What curation does lives in ``scmine.database.curation``, how it is shown in ``scmine.pipelines``.
"""

from __future__ import annotations

from scmine.database.curation import Curation
from scmine.database.store import Database


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
