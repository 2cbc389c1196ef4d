"""What an address asks for, and the addresses that a view leads to."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from scmine.database.record import Evidence, RecordStatus
from scmine.web.record_query import FIELDS, LABELS, read_page_query, read_query


def test_values_become_a_filter() -> None:
    query = read_query(
        QueryParams(
            "contains=La+H&without=O&tc_min=77&evidence=calculated&status=new&status=curated"
        )
    )
    assert query.problems == {}
    assert query.wanted.elements == ("La", "H")
    assert query.wanted.without == ("O",)
    assert query.wanted.tc_min_K == 77.0
    assert query.wanted.evidence is Evidence.CALCULATED
    assert query.wanted.statuses == {RecordStatus.NEW, RecordStatus.CURATED}


def test_empty_fields_ask_for_nothing() -> None:
    query = read_query(QueryParams("tc_min=&text=++&class="))
    assert query.values == {}
    assert query.problems == {}


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("tc_min=warm", "tc_min"),
        ("tc_min=nan", "tc_min"),
        ("contains=Xx", "contains"),
        ("year_min=20.5", "year_min"),
        ("evidence=seen", "evidence"),
        ("structure=maybe", "structure"),
        (f"text={'a' * 501}", "text"),
        ("tc_min=5&tc_max=3", ""),
    ],
)
def test_what_makes_no_sense_is_told_by_its_field(address: str, name: str) -> None:
    assert name in read_query(QueryParams(address)).problems


@given(
    st.dictionaries(
        st.sampled_from(sorted(FIELDS)), st.lists(st.text(max_size=20), max_size=3), max_size=6
    )
)
def test_any_address_is_read_and_written_again(asked: dict[str, list[str]]) -> None:
    query = read_query(QueryParams([(n, v) for n, values in asked.items() for v in values]))
    again = read_query(QueryParams(urlsplit(query.address("/records")).query))
    assert again.values == query.values
    assert again.wanted == query.wanted


def test_a_chip_leads_to_the_view_without_its_value() -> None:
    query = read_query(QueryParams("status=new&status=invalid&tc_min=5"))
    chips = query.chips("/records", [("sort", "year")])
    assert [(label, value) for label, value, _ in chips] == [
        ("Tc from (K)", "5"),
        ("Status", "new"),
        ("Status", "invalid"),
    ]
    assert parse_qs(urlsplit(chips[1][2]).query) == {
        "status": ["invalid"],
        "tc_min": ["5"],
        "sort": ["year"],
    }


def test_each_field_has_a_label() -> None:
    assert set(FIELDS) <= set(LABELS)


def test_a_page_tells_what_it_passes_over() -> None:
    query = read_page_query(
        QueryParams("tcmin=5&sort=colour&order=up&tc_max=9&utm_x=1"), ("sort", "order"), ("tc_K",)
    )
    assert query.problems == {}
    assert query.wanted.tc_max_K == 9
    unknown, other, sort, order = query.notices
    assert "tcmin" in unknown
    assert "tc_min?" in unknown
    assert "utm_x" in other
    assert "colour" in sort
    assert "up" in order
    assert (
        read_page_query(QueryParams("sort=tc_K&order=asc"), ("sort", "order"), ("tc_K",)).notices
        == ()
    )
