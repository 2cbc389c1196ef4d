"""Telling PostgreSQL in which order to go about a search, which takes no hints.

Its planner does not look into a query that has a limit or an offset: what is in it is found first,
by its own index, and the rest is asked of what was found. Left to itself it goes along the order's
index in the hope of meeting few records soon, or reads a second, wide index for each of many
terms, since it takes conditions that hang together (class, elements, Tc) to be independent.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.sql.util import ClauseAdapter

from scmine.database.search_models import SEARCH


def over(rows: Select[Any], statement: Select[Any]) -> Select[Any]:
    """``statement``, which reads the table of the search, over ``rows`` of it alone.

    ``rows`` has all columns of the table, and a limit or an offset.
    """
    return ClauseAdapter(rows.subquery(SEARCH.name)).traverse(statement)


def among(condition: ColumnElement[bool], statement: Select[Any]) -> Select[Any]:
    """``statement`` over the rows that fulfil ``condition``, which are found first."""
    return over(select(*SEARCH.c).where(condition).offset(0), statement)
