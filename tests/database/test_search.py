"""Search: the same records in the same order as plain Python finds, page by page, on any text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scmine.database.cursors import CursorError
from scmine.database.filters import RecordFilter
from scmine.database.record import Record, RecordStatus, Source
from scmine.database.results import DocumentResult
from scmine.database.search import SORTS, Count, Search
from scmine.database.store import Database

MakeResult = Callable[..., DocumentResult]

CLAIMS: dict[str, dict[str, Any]] = {
    "hydride": {
        "raw_material": "LaH₁₀",
        "formula": "LaH10",
        "composition": {"La": 1.0, "H": 10.0},
        "tc_K": 250.0,
        "space_group": "Fm-3m",
        "space_group_number": 225,
        "sentence": "Superconductivity at 250 K in lanthanum hydrides.",
        "lambda_": 2.1,
    },
    "oxide": {
        "raw_material": "YBa2Cu3O7−δ",
        "formula": "YBa2Cu3O7-δ",
        "tc_K": 92.0,
        "material_class": "cuprate",
        "flags": ["unresolved_variable", "contradicted"],
        "sentence": "Thin films of YBa₂Cu₃O₇₋δ were grown.",
    },
    "open": {"raw_material": "AFe2As2", "formula": "AFe2As2", "tc_K": 38.0, "source": "table"},
    "hydroxide": {
        "raw_material": "it",
        "formula": "La(OH)3",
        "composition": {"La": 1.0, "O": 3.0, "H": 3.0},
        "tc_K": None,
        "space_group": "P6_3/m",
    },
    "unknown": {"raw_material": "the film", "tc_K": None, "confidence": 0.9},
}


@pytest.fixture
def search(database: Database, make_result: MakeResult) -> Search:
    """A search of one document for each claim."""
    run = database.start_run("p1")
    for year, (name, values) in enumerate(CLAIMS.items(), 2000):
        values = {"lambda" if k == "lambda_" else k: v for k, v in values.items()}
        result = make_result(name, claims=1, record=values, year=year, title=f"On {name}")
        database.save_document(run, result)
    return Search(database)


def names(records: list[Record]) -> list[str]:
    return [record.record_id.removesuffix("-0") for record in records]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, {*CLAIMS}),
        ({"elements": ("La", "H")}, {"hydride", "hydroxide"}),
        ({"elements": ("la", "D")}, {"hydride", "hydroxide"}),
        ({"elements": ("La", "H"), "without": ("O",)}, {"hydride"}),
        ({"without": ("O",)}, {"hydride", "open"}),
        ({"elements": ("As",)}, {"open"}),
        ({"only": "H-La"}, {"hydride"}),
        ({"only": "LaH"}, {"hydride"}),
        ({"only": "As-Fe"}, set()),
        ({"only": "Ba, Cu, O, Y"}, {"oxide"}),
        ({"composition_key": "LaH10"}, {"hydride"}),
        ({"composition_key": "x"}, set()),
        ({"text": "LaH10"}, {"hydride"}),
        ({"text": "yba2cu3o7-δ film"}, {"oxide"}),
        ({"text": "YBa₂Cu₃O₇"}, {"oxide"}),
        ({"text": '"films of"'}, {"oxide"}),
        ({"text": '"of films"'}, set()),
        ({"text": "film -thin"}, {"unknown"}),
        ({"text": '-"film"'}, {"hydride", "open", "hydroxide"}),
        ({"text": "hydride"}, {"hydride"}),
        ({"text": "on hydroxide"}, {"hydroxide"}),
        ({"text": "  "}, {*CLAIMS}),
        ({"lambda_min": 2.0}, {"hydride"}),
        ({"lambda_max": 2.0}, set()),
        ({"year_min": 2001, "year_max": 2002}, {"oxide", "open"}),
        ({"material_class": "cuprate"}, {"oxide"}),
        ({"space_group": "fm-3m"}, {"hydride"}),
        ({"space_group": "P63/m"}, {"hydroxide"}),
        ({"space_group_number": 225}, {"hydride"}),
        ({"flags": ("contradicted",)}, {"oxide"}),
        ({"flags": ("contradicted", "unresolved_variable")}, {"oxide"}),
        ({"flags": ("contradicted", "isotope")}, set()),
        ({"flags": ("unresolved",)}, set()),
        ({"flag": "unresolvedXvariable"}, set()),
        ({"has_structure": False}, {*CLAIMS}),
        ({"has_structure": True}, set()),
        ({"source": Source.TABLE}, {"open"}),
        ({"statuses": frozenset({RecordStatus.NEW, RecordStatus.CURATED})}, {*CLAIMS}),
        ({"statuses": frozenset({RecordStatus.CURATED})}, set()),
        ({"doc": "open.pdf"}, {"open"}),
        ({"material": "film", "tc_max_K": 10}, set()),
        ({"material": "FILM"}, {"unknown"}),
    ],
)
def test_what_is_found(search: Search, wanted: dict[str, Any], expected: set[str]):
    asked = RecordFilter(**wanted)
    page = search.page(asked)
    assert set(names(page.records)) == expected
    assert (page.next, page.previous) == (None, None)
    assert search.count(asked) == Count(len(expected), exact=True)


def test_order(search: Search):
    down = search.page(RecordFilter(), sort="tc_K").records
    assert names(down) == ["hydride", "oxide", "open", "unknown", "hydroxide"]
    up = search.page(RecordFilter(), sort="tc_K", descending=False).records
    assert names(up) == ["open", "oxide", "hydride", "hydroxide", "unknown"]
    doubtful = search.page(RecordFilter(), sort="doubt").records
    assert names(doubtful)[0] == "oxide"
    assert names(doubtful)[-1] == "unknown"
    paths = search.page(RecordFilter(), sort="document", descending=False).records
    assert names(paths) == sorted(CLAIMS)


def test_a_count_may_stop(search: Search):
    assert search.count(RecordFilter(), at_most=3) == Count(3, exact=False)
    assert search.count(RecordFilter(), at_most=5) == Count(5, exact=True)
    assert search.count(RecordFilter(), at_most=None) == Count(5, exact=True)


def test_facets(search: Search):
    counts = search.facets(RecordFilter())
    assert counts["material_class"] == [("cuprate", 1)]
    assert counts["flags"] == [("contradicted", 1), ("unresolved_variable", 1)]
    assert dict(counts["elements"])["La"] == 2
    assert "?" not in dict(counts["elements"])
    assert counts["has_structure"] == [("false", 5)]
    assert search.facets(RecordFilter(elements=("La",)), ["year"]) == {
        "year": [("2000", 1), ("2003", 1)]
    }


def test_what_changes_is_found_as_it_is_now(
    database: Database,
    search: Search,
    make_result: MakeResult,
    set_status: Callable[[str, str], None],
):
    run = database.start_run("p1")
    set_status("open-0", "curated")  # by another program, so it shows after the next writing
    database.set_flags({"hydride-0": ["contradicted"]})
    again = make_result("oxide", claims=2, record={"raw_material": "new"}, title="Renewed title")
    database.save_document(run, again)

    def found(**wanted: Any) -> set[str]:
        return {r.record_id for r in search.page(RecordFilter(**wanted)).records}

    assert found(statuses=frozenset({RecordStatus.CURATED})) == {"open-0"}
    assert found(flag="contradicted") == {"hydride-0"}
    assert found(text="renewed") == {"oxide-0", "oxide-1"}
    assert found(text="thin films") == set()
    assert found(elements=("Cu",)) == set()


@pytest.mark.parametrize(
    "asked",
    [{"sort": "no such"}, {"limit": 0}, {"limit": 1001}],
)
def test_a_page_that_cannot_be(search: Search, asked: dict[str, Any]):
    with pytest.raises(ValueError, match=r"sorted by|page has"):
        search.page(RecordFilter(), **asked)


@pytest.mark.parametrize("cursor", ["", "x", "é", "bm9uZQ", "W10", "e30", "\ud800", "A" * 500])
def test_what_is_no_cursor(search: Search, cursor: str):
    with pytest.raises(CursorError):
        search.page(RecordFilter(), after=cursor)


def test_a_cursor_of_another_order(search: Search):
    for sort in SORTS:
        cursor = search.page(RecordFilter(), sort=sort, limit=1).next
        for other in SORTS:
            if other != sort:
                with pytest.raises(CursorError):
                    search.page(RecordFilter(), sort=other, after=cursor)
        with pytest.raises(CursorError):
            search.page(RecordFilter(), sort=sort, descending=False, after=cursor)


def test_facets_that_are_not(search: Search):
    with pytest.raises(ValueError, match="counted by"):
        search.facets(RecordFilter(), ["sentence"])


@pytest.mark.parametrize(
    "slip",
    [
        {"elements": ("Xyz",)},
        {"without": ("",)},
        {"only": ""},
        {"only": "H-"},
        {"year_min": 10**30},
        {"lambda_min": float("nan")},
        {"space_group_number": 10**30},
        {"year_min": 2001, "year_max": 2000},
    ],
)
def test_slips_are_refused(slip: dict[str, Any]):
    with pytest.raises(ValueError, match=r"symbol|system|compare|space group|above"):
        RecordFilter(**slip)
