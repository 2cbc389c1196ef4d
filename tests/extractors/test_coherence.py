"""One document, one story: what merges, what stays apart, and that nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.database.record import Evidence, Origin, Place, Record, Source, TcKind, make_record_id
from scmine.extractors.coherence import CONTRADICTED, LARGEST_GROUP, one_story
from scmine.extractors.merging import place_of

MGB2: dict[str, Any] = {"raw_material": "MgB2", "formula": "MgB2", "composition": {"Mg": 1, "B": 2}}


def stated(n: int, **fields: Any) -> Record:
    """What the n-th place of a paper states, of MgB2 unless told otherwise."""
    said: dict[str, Any] = {**MGB2, "sentence": f"Sentence {n}.", "page": n, **fields}
    if "tc_K" in said:
        said = {"raw_tc": f"{said['tc_K']:g} K", "tc_relation": "=", "superconducting": True} | said
    if "pressure_GPa" in said:
        said = {"raw_pressure": f"{said['pressure_GPa']} GPa"} | said
    record = Record(record_id=make_record_id("place", n), doc_id="d", **said)
    return record.model_copy(update={"places": [place_of(record, n)]})


def story(*fields: dict[str, Any]) -> list[Record]:
    return one_story([stated(n, **said) for n, said in enumerate(fields, start=1)])


def test_one_claim_in_three_places_is_one_record() -> None:
    [record] = story(
        {"tc_K": 39.0, "section": "abstract"},
        {"tc_K": 39.0, "raw_tc": "39.0 K", "raw_material": "Mg B2", "measurement_method": "NMR"},
        {"tc_K": 39.0, "source": Source.TABLE, "sentence": "Tc | λ || 39 | 0.9", "lambda": 0.9},
    )
    assert [p.page for p in record.places] == [2, 1, 3]
    assert record.lambda_ == 0.9
    assert record.measurement_method == "NMR"


def test_each_number_stands_in_the_sentence() -> None:
    [record] = story(
        {"tc_K": 39.0, "sentence": "Tc is 39 K."},
        {"tc_K": 39.0, "pressure_GPa": 2.0, "sentence": "It is 39 K at 2 GPa."},
        {"tc_K": 39.0, "sentence": "It was 39 K."},
    )
    assert record.pressure_GPa == 2.0
    assert "39 K" in record.sentence
    assert "2 GPa" in record.sentence
    assert record.places[0].sentence in record.sentence


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"tc_K": 39.0}, {"tc_K": 39.5}),
        ({"tc_K": 39.0}, {"tc_K": 39.0, "tc_relation": ">"}),
        ({"tc_K": 39.0, "tc_kind": TcKind.ONSET}, {"tc_K": 39.0, "tc_kind": TcKind.ZERO}),
        ({"tc_K": 39.0, "pressure_GPa": 1.0}, {"tc_K": 39.0, "pressure_GPa": 2.0}),
        ({"tc_K": 39.0, "origin": Origin.CITED}, {"tc_K": 39.0, "origin": Origin.THIS_WORK}),
        (
            {"tc_K": 39.0, "evidence": Evidence.MEASURED},
            {"tc_K": 39.0, "evidence": Evidence.CALCULATED},
        ),
        ({"tc_K": 39.0, "lambda": 0.9}, {"tc_K": 39.0, "lambda": 1.0}),
        ({"tc_K": 39.0, "mu_star": 0.1}, {"tc_K": 39.0, "mu_star": 0.13}),
        ({"tc_K": 39.0, "space_group": "P6/mmm"}, {"tc_K": 39.0, "space_group": "Cmcm"}),
        ({"tc_K": 39.0, "shape": "thin film"}, {"tc_K": 39.0, "shape": "single crystal"}),
        ({"tc_K": 39.0, "magnetic_field_T": 5.0}, {"tc_K": 39.0}),
        ({"tc_K": 39.0, "doping": "C-doped"}, {"tc_K": 39.0}),
        (
            {"tc_K": 39.0, "raw_material": "MgB2 (sample A)"},
            {"tc_K": 39.0, "raw_material": "MgB2 (sample B)"},
        ),
        (
            {"tc_K": 39.0, "raw_material": "α-MgB2"},
            {"tc_K": 39.0, "raw_material": "β-MgB2"},
        ),
        (
            {"tc_K": 39.0, "formula": "H3S", "composition": {"H": 3, "S": 1}},
            {"tc_K": 39.0, "formula": "D3S", "composition": {"D": 3, "S": 1}},
        ),
        ({"tc_min_K": 30.0, "tc_max_K": 39.0, "raw_tc": "30-39 K"}, {"tc_K": 39.0}),
        (
            {"tc_K": 39.0, "source": Source.TABLE, "sentence": "No. | Tc || 1 | 39"},
            {"tc_K": 39.0, "source": Source.TABLE, "sentence": "No. | Tc || 2 | 39"},
        ),
        ({"tc_K": 39.0}, {"superconducting": False, "lowest_temperature_K": 1.8}),
        ({"a_A": 3.08, "space_group": "P6/mmm"}, {"space_group": "P6/mmm", "pressure_GPa": 9.0}),
    ],
)
def test_what_differs_stays_apart(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert len(story(first, second)) == 2


def test_about_is_the_same_as_the_value_it_is_rounded_from() -> None:
    [record] = story({"tc_K": 39.0, "tc_relation": "~"}, {"tc_K": 39.2})
    assert (record.tc_K, record.tc_relation) == (39.2, "=")
    assert {p.raw_tc for p in record.places} == {"39 K", "39.2 K"}
    two = ({"tc_K": 6.0, "raw_tc": "6.0 K", "tc_relation": "~"}, {"tc_K": 6.078})
    assert len(story(*two)) == 2
    # The value at a pressure is not the ambient one rounded.
    two = ({"tc_K": 30.0, "tc_relation": "~"}, {"tc_K": 29.8, "pressure_GPa": 1.6})
    assert len(story(*two)) == 2


def test_a_tc_without_pressure_stays_alone_beside_two_pressures() -> None:
    found = story(
        {"tc_K": 39.0}, {"tc_K": 39.0, "pressure_GPa": 1.0}, {"tc_K": 39.0, "pressure_GPa": 2.0}
    )
    assert [r.pressure_GPa for r in found] == [None, 1.0, 2.0]
    assert len(story({"tc_K": 39.0}, {"tc_K": 39.0, "pressure_GPa": 1.0})) == 1


def test_spellings_of_one_material_are_one() -> None:
    lah = {"tc_K": 250.0, "formula": "LaH10", "composition": {"La": 1, "H": 10}}
    two = {"tc_K": 250.0, "formula": "H20La2", "composition": {"H": 20, "La": 2}}
    assert len(story(lah, two)) == 1
    unread = {"tc_K": 9.0, "formula": None, "composition": {}}
    assert (
        len(story(unread | {"raw_material": "Bi–2212"}, unread | {"raw_material": "Bi-2212"})) == 1
    )
    assert len(story(unread | {"raw_material": "A"}, unread | {"raw_material": "B"})) == 2


def test_denials_of_superconductivity_are_one() -> None:
    [record] = story(
        {"superconducting": False}, {"superconducting": False, "lowest_temperature_K": 1.8}
    )
    assert record.lowest_temperature_K == 1.8
    assert len(record.places) == 2


OWN: dict[str, Any] = {"origin": Origin.THIS_WORK}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"tc_K": 39.0}, {"tc_K": 25.0}),
        ({"tc_K": 39.0}, {"tc_K": 36.0, "pressure_GPa": 0.0}),
        ({"tc_K": 39.0}, {"superconducting": False, "lowest_temperature_K": 4.2}),
        ({"tc_K": 39.0}, {"superconducting": False}),
    ],
)
def test_contradictions_are_flagged_and_both_kept(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    found = story(OWN | first, OWN | second)
    assert [CONTRADICTED in r.flags for r in found] == [True, True]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"tc_K": 39.0}, {"tc_K": 38.6}),  # rounded
        ({"tc_K": 39.0, "tc_relation": "~"}, {"tc_K": 37.0}),
        ({"tc_K": 39.0, "tc_uncertainty_K": 1.0}, {"tc_K": 37.5, "tc_uncertainty_K": 1.0}),
        ({"tc_K": 39.0}, {"tc_K": 25.0, "pressure_GPa": 20.0}),
        ({"tc_K": 39.0, "tc_kind": TcKind.ONSET}, {"tc_K": 36.0, "tc_kind": TcKind.ZERO}),
        ({"tc_K": 39.0}, {"tc_K": 36.0, "origin": Origin.CITED}),
        ({"tc_K": 39.0}, {"tc_K": 36.0, "magnetic_field_T": 3.0}),
        ({"tc_K": 39.0}, {"tc_K": 36.0, "shape": "thin film"}),
        ({"tc_K": 39.0}, {"tc_K": 36.0, "raw_material": "MgB2 (sample B)"}),
        ({"tc_K": 39.0}, {"tc_K": 36.0, "flags": ["unresolved_variable"]}),
        ({"tc_K": 1.0}, {"superconducting": False, "lowest_temperature_K": 4.2}),
        ({"tc_K": 39.0}, {"superconducting": False, "fabrication": "as-grown"}),
        (
            {"tc_K": 39.0, "sentence": "39 K is higher than 25 K."},
            {"tc_K": 25.0, "sentence": "39 K is higher than 25 K."},
        ),
        (
            {"tc_K": 39.0, "source": Source.TABLE, "sentence": "No. | Tc || 1 | 39"},
            {"tc_K": 25.0, "source": Source.TABLE, "sentence": "No. | Tc || 2 | 25"},
        ),
    ],
)
def test_what_may_both_hold_is_no_contradiction(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert not any(CONTRADICTED in r.flags for r in story(OWN | first, OWN | second))


def test_a_kind_of_tc_that_one_place_names_hides_no_contradiction() -> None:
    found = story(
        OWN | {"tc_K": 39.0},
        OWN | {"tc_K": 39.0, "tc_kind": TcKind.ONSET},
        OWN | {"tc_K": 25.0},
    )
    assert [CONTRADICTED in r.flags for r in found] == [True, True]


def test_a_series_is_no_contradiction() -> None:
    found = story(*({**OWN, "tc_K": 20.0 + 5 * n} for n in range(5)))
    assert len(found) == 5
    assert not any(r.flags for r in found)


def test_ids_follow_from_the_claim_and_not_from_its_place() -> None:
    [before] = story({"tc_K": 39.0})
    [after] = one_story([stated(7, tc_K=39.0, tc_relation="~"), stated(8, tc_K=39.0)])
    assert before.record_id == after.record_id
    own, cited = ({"tc_K": 39.0, "origin": origin} for origin in Origin)
    first, second = story(own, cited)
    assert first.record_id != second.record_id


def test_many_records_of_one_material_are_still_fast_and_whole() -> None:
    fields = [{"tc_K": 39.0, "lambda": n / 1000} for n in range(LARGEST_GROUP + 1)]
    assert len(story(*fields, *fields)) == LARGEST_GROUP + 1


MAYBE = {
    "tc_K": st.sampled_from([None, 39.0, 39.2, 40.0]),
    "tc_relation": st.sampled_from(["=", "~", ">"]),
    "tc_kind": st.sampled_from(TcKind),
    "pressure_GPa": st.sampled_from([None, None, 0.0, 2.0]),
    "lambda": st.sampled_from([None, None, 0.9, 1.0]),
    "space_group": st.sampled_from([None, "P6/mmm", "Cmcm"]),
    "origin": st.sampled_from([None, *Origin]),
    "evidence": st.sampled_from(Evidence),
    "source": st.sampled_from(Source),
    "shape": st.sampled_from([None, "thin film", "single crystal"]),
    "raw_material": st.sampled_from(["MgB2", "MgB2 (sample A)", "MgB2 (sample B)", "Mg B2"]),
    "superconducting": st.sampled_from([None, False]),
    "page": st.integers(1, 3),
    "sentence": st.sampled_from(["Tc || 39", "Tc || 40", "It says so."]),
}


@st.composite
def papers(draw: st.DrawFn) -> list[Record]:
    records = []
    for n in range(draw(st.integers(0, 9))):
        said = {name: draw(values) for name, values in MAYBE.items()}
        for name in ("tc_K", "pressure_GPa"):
            if said[name] is None:
                del said[name]
        if "tc_K" in said:
            said["superconducting"] = True
        records.append(stated(n, **said))
    return records


def content(records: list[Record]) -> list[str]:
    return sorted(record.model_dump_json() for record in records)


@given(papers(), st.randoms(use_true_random=False))
def test_merging_does_not_depend_on_the_order(records: list[Record], random: Any) -> None:
    shuffled = list(records)
    random.shuffle(shuffled)
    assert content(one_story(shuffled)) == content(one_story(records))


@given(papers())
def test_merging_again_changes_nothing(records: list[Record]) -> None:
    once = one_story(records)
    assert one_story(once) == once


@given(papers())
def test_no_place_and_no_value_is_lost(records: list[Record]) -> None:
    found = one_story(records)
    assert sorted(p.id for r in found for p in r.places) == sorted(r.record_id for r in records)
    assert len({r.record_id for r in found}) == len(found)
    by_id = {r.record_id: r for r in records}
    for record in found:
        assert _is_first(record.places, record)
        for place in record.places:
            one = by_id[place.id]
            assert place.raw_tc == one.raw_tc
            for name in ("lambda_", "pressure_GPa", "space_group"):
                assert getattr(one, name) in (None, getattr(record, name))


def _is_first(places: list[Place], record: Record) -> bool:
    return (places[0].page, places[0].raw_material) == (record.page, record.raw_material)
