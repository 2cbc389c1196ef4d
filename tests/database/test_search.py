"""Search: the same records in the same order as plain Python finds, page by page, on any text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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


TEXTS = st.text(max_size=60) | st.text(alphabet="\"-−–'*():^+&|!<>~ aMgB2₃δ\x00\\%_{}", max_size=60)


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=TEXTS, other=TEXTS)
def test_any_text_is_allowed(search: Search, text: str, other: str):
    asked = RecordFilter(
        text=text, material=text, material_class=other, flags=(other,), doc=text, space_group=other
    )
    search.page(asked)
    assert search.count(RecordFilter(text=text)).number <= len(CLAIMS)


NUMBERS = st.none() | st.sampled_from([0.0, 1.5, 2.0, 40.0, 250.0])
FORMULAS = st.none() | st.sampled_from(["LaH10", "MgB2", "La2CuO4", "YBa2Cu3O7-δ", "AFe2As2"])
RECORD = st.fixed_dictionaries(
    {
        "raw_material": st.sampled_from(["MgB₂", "x = 0.1", "La hydride"]),
        "formula": FORMULAS,
        "tc_K": NUMBERS,
        "tc_min_K": NUMBERS,
        "tc_max_K": NUMBERS,
        "pressure_GPa": NUMBERS,
        "lambda": NUMBERS,
        "confidence": st.none() | st.sampled_from([0.2, 0.5, 0.9]),
        "material_class": st.none() | st.sampled_from(["cuprate", "hydride"]),
        "flags": st.lists(st.sampled_from(["contradicted", "isotope"]), unique=True, max_size=2),
        "sentence": st.sampled_from(["", "thin films", "a film of MgB2", "critical field"]),
    }
)
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "tc_min_K": st.sampled_from([0.0, 2.0, 100.0]),
        "tc_max_K": st.sampled_from([100.0, 250.0]),
        "pressure_max_GPa": st.sampled_from([1.5, 40.0]),
        "lambda_min": st.sampled_from([0.0, 2.0]),
        "material_class": st.sampled_from(["cuprate", "hydride", "alloy"]),
        "flags": st.sampled_from([("isotope",), ("isotope", "contradicted")]),
        "elements": st.sampled_from([("La",), ("La", "H"), ("Cu", "O")]),
        "without": st.sampled_from([("O",), ("H", "Fe")]),
        "text": st.sampled_from(["film", "film -thin", "MgB2", '"critical field"', "-film"]),
    },
)
ELEMENTS = {
    "LaH10": {"La", "H"},
    "MgB2": {"Mg", "B"},
    "La2CuO4": {"La", "Cu", "O"},
    "YBa2Cu3O7-δ": {"Y", "Ba", "Cu", "O"},
    "AFe2As2": {"Fe", "As"},
}
KEYS: dict[str, Callable[[Record], Any]] = {
    "tc_K": lambda r: next((v for v in (r.tc_K, r.tc_max_K, r.tc_min_K) if v is not None), None),
    "pressure_GPa": lambda r: r.pressure_GPa,
    "lambda": lambda r: r.lambda_,
    "confidence": lambda r: r.confidence,
    "formula": lambda r: r.formula,
    "doubt": lambda r: 1 - (0.5 if r.confidence is None else r.confidence) / 2 ** len(r.flags),
}


def is_wanted(record: Record, wanted: RecordFilter) -> bool:
    """What a filter asks for, in plain Python."""
    tc = [v for v in (record.tc_min_K, record.tc_K, record.tc_max_K) if v is not None]
    elements = ELEMENTS.get(record.formula or "")
    said = f"{record.sentence} {record.raw_material} {record.formula}".replace("₂", "2")
    text = {
        None: True,
        "film": "film" in said,
        "film -thin": "film" in said and "thin" not in said,
        "MgB2": "MgB2" in said,
        '"critical field"': "critical field" in said,
        "-film": "film" not in said,
    }[wanted.text]
    low, high = wanted.tc_min_K, wanted.tc_max_K
    return (
        text
        and (low is None or (bool(tc) and tc[-1] >= low))
        and (high is None or (bool(tc) and tc[0] <= high))
        and within(record.pressure_GPa, None, wanted.pressure_max_GPa)
        and within(record.lambda_, wanted.lambda_min, None)
        and wanted.material_class in (None, record.material_class)
        and set(wanted.flags) <= set(record.flags)
        and (
            not (wanted.elements or wanted.without)
            or (
                elements is not None
                and set(wanted.elements) <= elements
                and not set(wanted.without) & elements
            )
        )
    )


def within(value: float | None, low: float | None, high: float | None) -> bool:
    if low is None and high is None:
        return True
    return value is not None and (low is None or value >= low) and (high is None or value <= high)


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    records=st.lists(RECORD, max_size=14),
    asked=ASKED,
    sort=st.sampled_from(sorted(KEYS)),
    down=st.booleans(),
    limit=st.integers(1, 5),
    walk=st.sampled_from([(0, 0, 3), (3, 2, 2), (10, 0, 1), (100_000, 10_000, 15_000)]),
)
def test_pages_are_what_plain_python_finds(
    database: Database,
    make_result: MakeResult,
    records: list[dict[str, Any]],
    asked: dict[str, Any],
    sort: str,
    down: bool,
    limit: int,
    walk: tuple[int, int, int],
):
    doc_id = b"all".hex().rjust(64, "0")
    shared = {"doc_id": doc_id, "path": "/papers/all.pdf", "doi": "10.1/x"}
    made = [
        Record(record_id=f"r{i}", authors=["A. One", "B. Two"], **shared, **values)
        for i, values in enumerate(records)
    ]
    result = make_result("all", claims=0, title=None, year=None, records=made)
    database.save_document(database.start_run("p1"), result)
    wanted = RecordFilter(**asked)
    expected = [record for record in made if is_wanted(record, wanted)]
    search = Search(database)
    with pytest.MonkeyPatch.context() as patch:
        # Few records are too few for the ways of many, unless what is few is less.
        patch.setattr("scmine.database.search_plan.MANY", walk[0])
        patch.setattr("scmine.database.search_places.FEW", walk[1])
        patch.setattr("scmine.database.search_places.WALK", walk[2])
        patch.setattr("scmine.database.search_places.LONG_WALK", walk[2])
        forward = walked(search, wanted, sort, down, limit)
    assert sorted(forward) == sorted(record.record_id for record in expected)
    keys = [KEYS[sort](record) for record in expected]
    there = sorted((key for key in keys if key is not None), reverse=down)
    by_id = {record.record_id: KEYS[sort](record) for record in expected}
    assert [by_id[name] for name in forward] == there + [None] * (len(keys) - len(there))
    assert search.count(wanted) == Count(len(expected), exact=True)
    assert sorted(r.record_id for r in database.records(wanted)) == sorted(forward)


def walked(search: Search, wanted: RecordFilter, sort: str, down: bool, limit: int) -> list[str]:
    """The ids of all pages, gone through to the end and back."""
    pages = [search.page(wanted, sort=sort, descending=down, limit=limit)]
    while cursor := pages[-1].next:
        pages.append(search.page(wanted, sort=sort, descending=down, limit=limit, after=cursor))
    back = [pages[-1]]
    while cursor := back[-1].previous:
        back.append(search.page(wanted, sort=sort, descending=down, limit=limit, after=cursor))
    forward = [record.record_id for page in pages for record in page.records]
    assert [r.record_id for page in back[::-1] for r in page.records] == forward
    return forward
