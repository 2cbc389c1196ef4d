"""What is said about the columns matches the record and the tables."""

from __future__ import annotations

import tomllib

import pytest
from sqlalchemy import JSON, Boolean, Double, Integer, String, Text
from sqlalchemy.types import TypeEngine

from scmine.database.columns import COLUMNS_FILE, column_types, describe_columns
from scmine.database.models import Base
from scmine.database.record import COLUMNS
from scmine.database.results import DOCUMENT_COLUMNS


def test_every_column_and_no_other_is_described():
    entries = tomllib.loads(COLUMNS_FILE.read_text(encoding="utf-8"))["columns"]
    assert set(entries) == set(COLUMNS)
    assert tuple(c.name for c in describe_columns()) == COLUMNS
    assert all(c.meaning.endswith(".") for c in describe_columns())


def test_a_unit_in_a_name_is_the_unit():
    ends = {"_K": "K", "_GPa": "GPa", "_T": "T", "_A": "Å", "_deg": "°"}
    for column in describe_columns():
        for end, unit in ends.items():
            assert (column.unit == unit) == column.name.endswith(end)


def test_every_column_is_stored_in_one_table_with_its_type():
    stored = {name: Base.metadata.tables["documents"].c[name] for name in DOCUMENT_COLUMNS}
    records = Base.metadata.tables["records"]
    own = [c for c in records.c if c.name not in {"passage_id", "position", "revision"}]
    assert not set(stored) & {c.name for c in own}
    stored |= {c.name: c for c in own}
    assert set(stored) == set(COLUMNS)
    expected: dict[str, tuple[type[TypeEngine[object]], ...]] = {
        "text": (Text, String),
        "number": (Double,),
        "integer": (Integer,),
        "boolean": (Boolean,),
        "list": (JSON,),
        "map": (JSON,),
    }
    for name, kind in column_types().items():
        assert isinstance(stored[name].type, expected[kind]), name


@pytest.mark.parametrize(
    ("name", "kind"),
    [("year", "integer"), ("superconducting", "boolean"), ("tc_kind", "text"), ("wyckoff", "list")],
)
def test_types(name: str, kind: str):
    assert column_types()[name] == kind
