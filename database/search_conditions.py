"""What a filter asks for in SQL, over the narrow table that records are searched by.

Each condition has a name, so that ``scmine.database.search`` can weigh them one by one. What the
filter means in words is told in ``scmine.database.filters``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    Text,
    and_,
    column,
    func,
    not_,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import Boolean

from scmine.database.clean import clean
from scmine.database.composition import OPEN_SITE, read_elements, read_system
from scmine.database.search_models import SEARCH, SEARCH_DOCUMENTS, TERMS, TEXT_TABLE
from scmine.database.search_rows import joined
from scmine.database.search_text import TextQuery, fts5, read_query, tsquery

if TYPE_CHECKING:
    from scmine.database.filters import RecordFilter

S = SEARCH.c
TEXT = table(TEXT_TABLE, column("rowid", Integer))


class _Matches(ColumnElement[bool]):
    """Whether the words of a row of the full-text index are as a query asks."""

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012  SQLAlchemy declares it so
        ("fts5", InternalTraversal.dp_clauseelement),
        ("tsquery", InternalTraversal.dp_clauseelement),
    ]
    _is_implicitly_boolean = True  # else SQLAlchemy compares it with 1
    type = Boolean()

    def __init__(self, query: TextQuery) -> None:
        self.fts5 = BindParameter(None, fts5(query), Text(), unique=True)
        self.tsquery = BindParameter(None, tsquery(query), Text(), unique=True)


@compiles(_Matches, "sqlite")
def _matches_sqlite(element: _Matches, compiler: Any, **options: Any) -> str:
    return f"{TEXT_TABLE} MATCH {compiler.process(element.fts5, **options)}"


@compiles(_Matches, "postgresql")
def _matches_postgresql(element: _Matches, compiler: Any, **options: Any) -> str:
    return f"words @@ CAST({compiler.process(element.tsquery, **options)} AS tsquery)"


def records_with_words(query: TextQuery) -> Select[tuple[int]]:
    """The query for the records with the words; where none is required, with those excluded."""
    return select(TEXT.c.rowid).where(_Matches(query))


def _has_words(query: TextQuery, one_by_one: bool) -> dict[str, ColumnElement[bool]]:
    if not query.required and not query.excluded:
        return {}
    found = records_with_words(query)
    there = found.where(TEXT.c.rowid == S.id).exists() if one_by_one else S.id.in_(found)
    return {"text": there} if query.required else {"not text": not_(there)}


def search_conditions(
    wanted: RecordFilter, *, one_by_one: bool = False
) -> dict[str, ColumnElement[bool]]:
    """What ``wanted`` asks for of a record, but for parts of names, by name.

    ``one_by_one`` looks the words of each record up, which is quicker where few are looked at.
    """
    asked = _of_lists(wanted) | _of_material(wanted) | _of_numbers(wanted)
    if wanted.text is not None:
        asked |= _has_words(read_query(wanted.text), one_by_one)
    if wanted.doc is not None:
        asked["document"] = S.document.in_(documents_named(wanted.doc))
    return asked


def documents_named(doc: str) -> CompoundSelect[Any]:
    """The query for the numbers of the documents that ``doc`` names."""
    c = SEARCH_DOCUMENTS.c
    doc = clean(doc)
    named = select(c.id).where(
        or_(c.doc_id == doc.lower(), c.doi == doc.lower(), c.arxiv_id == doc, c.path == doc)
    )
    # A name may be given with some of the folders before it.
    file_name = c.file_name == doc.rsplit("/", 1)[-1]
    return named.union(select(c.id).where(file_name, c.path.endswith(f"/{doc}", autoescape=True)))


def term_is(kind: str, value: str) -> ColumnElement[bool]:
    """Whether the term in column ``kind`` is ``value``."""
    named = select(TERMS.c.id).where(TERMS.c.kind == kind, TERMS.c.value == clean(value))
    return S[kind] == named.scalar_subquery()


def terms_with(kind: str, all_of: set[str], none_of: frozenset[str] = frozenset()) -> Any:
    """Whether the term in column ``kind`` has some of its parts, and has not others."""
    value = TERMS.c.value
    parts = [value.contains(f"-{clean(p)}-", autoescape=True) for p in sorted(all_of)]
    parts += [not_(value.contains(f"-{clean(p)}-", autoescape=True)) for p in sorted(none_of)]
    return S[kind].in_(select(TERMS.c.id).where(TERMS.c.kind == kind, *parts))


def _of_lists(wanted: RecordFilter) -> dict[str, ColumnElement[bool]]:
    asked: dict[str, ColumnElement[bool]] = {}
    for kind in ("evidence", "origin", "status", "source", "material_class"):
        value = getattr(wanted, kind)
        if value is not None:
            asked[kind] = term_is(kind, str(value))
    if wanted.statuses:
        values = sorted(s.value for s in wanted.statuses)
        named = select(TERMS.c.id).where(TERMS.c.kind == "status", TERMS.c.value.in_(values))
        asked["statuses"] = S.status.in_(named)
    if wanted.classes:
        names = sorted(clean(name) for name in wanted.classes)
        named = select(TERMS.c.id).where(TERMS.c.kind == "material_class", TERMS.c.value.in_(names))
        asked["classes"] = S.material_class.in_(named)
    flags = {*wanted.flags, *(() if wanted.flag is None else (wanted.flag,))}
    if flags:
        asked["flags"] = terms_with("flags", flags)
    if wanted.has_structure is not None:
        asked["has_structure"] = S.has_structure.is_(wanted.has_structure)
    return asked


def _of_material(wanted: RecordFilter) -> dict[str, ColumnElement[bool]]:
    asked: dict[str, ColumnElement[bool]] = {}
    if wanted.elements or wanted.without:
        some, none = read_elements(wanted.elements), read_elements(wanted.without)
        asked["elements"] = terms_with("system", set(some), none)
    if wanted.only is not None:
        value = joined(sorted(read_system(wanted.only)))
        asked["only"] = term_is("system", value or OPEN_SITE)
    if wanted.composition_key is not None:
        asked["composition_key"] = S.composition_key == clean(wanted.composition_key)
    if wanted.space_group is not None:
        plain = func.lower(func.replace(func.replace(TERMS.c.value, " ", ""), "_", ""))
        asked_for = clean(wanted.space_group).replace(" ", "").replace("_", "").lower()
        named = select(TERMS.c.id).where(TERMS.c.kind == "space_group", plain == asked_for)
        asked["space_group"] = S.space_group.in_(named)
    if wanted.space_group_number is not None:
        asked["space_group_number"] = S.space_group_number == wanted.space_group_number
    return asked


def _of_numbers(wanted: RecordFilter) -> dict[str, ColumnElement[bool]]:
    asked = {
        "tc": overlaps("tc", wanted.tc_min_K, wanted.tc_max_K),
        "pressure": overlaps("pressure", wanted.pressure_min_GPa, wanted.pressure_max_GPa),
        "lambda": within("lambda", wanted.lambda_min, wanted.lambda_max),
        "year": within("year", wanted.year_min, wanted.year_max),
    }
    return {name: condition for name, condition in asked.items() if condition is not None}


def within(name: str, low: float | None, high: float | None) -> ColumnElement[bool] | None:
    """Whether a column lies between two ends; None if there are none."""
    ends = [] if low is None else [S[name] >= low]
    ends += [] if high is None else [S[name] <= high]
    return and_(true(), *ends) if ends else None


def overlaps(name: str, low: float | None, high: float | None) -> ColumnElement[bool] | None:
    """Whether a record's range, a single value included, reaches between two ends."""
    ends = [] if low is None else [func.coalesce(S[f"{name}_high"], S[name]) >= low]
    ends += [] if high is None else [func.coalesce(S[f"{name}_low"], S[name]) <= high]
    return and_(true(), *ends) if ends else None
