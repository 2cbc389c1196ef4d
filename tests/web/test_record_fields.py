"""The names of columns and flags are those of the code; values go to a form and come back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scmine.web.record_fields
from scmine.database.editing import EDITABLE
from scmine.database.record import COLUMNS, Record
from scmine.database.revision import ErrorType
from scmine.validator.flags import known_flags
from scmine.web.record_checks import flag
from scmine.web.record_conflict import Side, choices_between
from scmine.web.record_fields import error_types, fields, groups
from scmine.web.record_form import filled_with, read_form

ROOT = Path(scmine.web.record_fields.__file__).resolve().parents[1]
RECORD = Record(
    record_id="r",
    doc_id="d",
    raw_material="MgB2",
    formula="MgB2",
    composition={"Mg": 1.0, "B": 2.0},
    raw_tc="39 K",
    tc_K=39.0,
)


def test_every_column_is_in_one_group() -> None:
    named = [field.name for group in groups() for field in group.fields]
    assert sorted(named) == sorted(COLUMNS)


def test_only_what_curation_lets_change_is_editable() -> None:
    assert {name for name, field in fields().items() if field.editable} <= set(EDITABLE)


def test_every_error_type_has_words() -> None:
    assert set(error_types()) == set(ErrorType)


def test_flags_of_the_extractors_are_those_of_the_documentation() -> None:
    statuses = (ROOT / "docs" / "statuses.md").read_text(encoding="utf-8")
    part = statuses.partition("## Flags of a record")[2].partition("### Flags of the validator")[0]
    names = {n for n in re.findall(r"^\| `([a-z_]+)` \|", part, re.M) if n != "flag"}
    own = {name for name in known_flags() if not flag(name).is_rule}
    assert names <= own


@settings(deadline=None)
@given(
    st.builds(
        Record,
        record_id=st.just("r"),
        doc_id=st.just("d"),
        raw_material=st.sampled_from(["MgB2", "a  b"]),
        doping=st.none() | st.sampled_from(["Al", "5 %"]),
        tc_K=st.none() | st.floats(0, 400),
        pressure_GPa=st.none() | st.floats(0, 500),
        space_group_number=st.none() | st.integers(1, 230),
        superconducting=st.none() | st.booleans(),
        variables=st.dictionaries(st.sampled_from("xyz"), st.sampled_from(["0.1", "2"])),
    )
)
def test_a_form_that_nobody_touched_changes_nothing(record: Record) -> None:
    texts = filled_with(record).texts
    sent = {name: text for name, text in texts.items() if name != "raw_material"}
    filled = read_form(sent, record)
    assert filled.changes == {}
    assert filled.errors == {}


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(EDITABLE)), st.text(max_size=30), max_size=6))
def test_whatever_is_typed_is_read_or_refused_beside_its_field(typed: dict[str, str]) -> None:
    filled = read_form(typed, RECORD)
    assert set(filled.errors) <= set(fields())
    assert set(filled.doubts) <= set(fields())


def test_a_choice_is_open_only_where_both_changed_to_different_values() -> None:
    theirs = RECORD.model_copy(update={"tc_K": 40.0, "doping": "Al", "shape": "wire"})
    mine = {"tc_K": 38.0, "doping": "Al", "name": "x"}
    sides = {c.column: c.side for c in choices_between(RECORD, theirs, mine)}
    assert sides == {
        "tc_K": Side.OPEN,
        "doping": Side.MINE,
        "shape": Side.THEIRS,
        "name": Side.MINE,
    }


@pytest.mark.parametrize("typed", ["MgB2 (film)", "MgBx", ""])
def test_a_formula_that_cannot_be_read_leaves_no_composition(typed: str) -> None:
    assert read_form({"formula": typed}, RECORD).changes["composition"] == {}
