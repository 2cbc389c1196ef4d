"""What each kind of judgement of a record makes of the machine's mentions and links."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.corpora.corrections.judgement import Judgement, NoExample
from scmine.database.record import RecordStatus, Source
from scmine.database.revision import ErrorType
from tests.corpora.corrections.judged_texts import (
    TEXT,
    corrected,
    judged,
    known_of,
    linked_of,
    links_of,
    machine,
    mentions_of,
    record,
    unjudged,
)

FOUND = machine(
    ["MgB2", "39 K", "NbN", "16 K", "FeSe", "300 K"], [("MgB2", "39 K"), ("FeSe", "300 K")]
)
MGB2, NBN, FESE = record("MgB2", "39 K"), record("NbN", "16 K"), record("FeSe", "300 K", 1)
TC_LINK = "material-tcValue"


def test_a_validated_record_confirms_the_machine() -> None:
    made = corrected(FOUND, judged(MGB2))
    assert made.before == made.after == FOUND
    assert known_of(made) == ["MgB2", "39 K"]
    assert (TC_LINK, "39 K") in linked_of(made)
    assert made.reasons == {}


def test_a_value_moved_to_another_one_takes_mention_and_link_along() -> None:
    wrong = machine(["MgB2", "39 K", "NbN", "16 K"], [("MgB2", "16 K")])
    for changes in ({"raw_tc": "39 K", "tc_K": 39.0}, {"tc_K": 39.0}):
        made = corrected(wrong, judged(record("MgB2", "16 K"), **changes))
        assert links_of(made.after) == {("MgB2", "39 K")}
        assert known_of(made) == ["MgB2", "39 K"]
        # No record rests on the old value any more, and nobody said that it belongs to another.
        assert "16 K" not in [words for words, _ in mentions_of(made.after)]
        assert made.wrong == frozenset()


def test_a_value_left_for_a_link_stays_a_mention() -> None:
    wrong = machine(["MgB2", "39 K", "NbN", "16 K"], [("MgB2", "16 K")])
    change = {"raw_tc": "39 K", "tc_K": 39.0, "error_type": ErrorType.LINKING}
    made = corrected(wrong, judged(record("MgB2", "16 K"), **change))
    assert links_of(made.after) == {("MgB2", "39 K")}
    assert "16 K" in [words for words, _ in mentions_of(made.after)]


def test_a_material_put_right_moves_the_link() -> None:
    wrong = machine(["MgB2", "39 K", "NbN", "16 K"], [("MgB2", "39 K"), ("MgB2", "16 K")])
    change = {"raw_material": "NbN", "formula": "NbN"}
    made = corrected(wrong, judged(MGB2), judged(record("MgB2", "16 K"), **change))
    assert links_of(made.after) == {("MgB2", "39 K"), ("NbN", "16 K")}
    assert known_of(made) == ["MgB2", "39 K", "NbN", "16 K"]


def test_a_material_that_the_machine_missed_is_added_with_exact_offsets() -> None:
    wrong = machine(["MgB2", "39 K", "16 K"], [("MgB2", "16 K")])
    made = corrected(wrong, judged(record("MgB2", "16 K"), raw_material="NbN", formula="NbN"))
    (new,) = [m for m in made.after.mentions if m.extractor == "curator"]
    assert TEXT[new.start : new.end] == new.text == "NbN"
    assert links_of(made.after) == {("NbN", "16 K")}


def test_bounds_drawn_again_replace_the_mention() -> None:
    text = "The MgB2 film has a Tc of 39 K."
    labels = {"MgB2 film": "material"}
    wrong = machine(["MgB2 film", "39 K"], [], text, labels)
    made = corrected(
        wrong, judged(record("MgB2 film", "39 K", text=text), raw_material="MgB2"), text=text
    )
    assert mentions_of(made.after) == [("MgB2", "material"), ("39 K", "tcValue")]


def test_a_rejected_extraction_takes_the_mention_out() -> None:
    change = {"status": RecordStatus.INVALID, "error_type": ErrorType.EXTRACTION}
    made = corrected(FOUND, judged(FESE, **change))
    assert "300 K" not in [words for words, _ in mentions_of(made.after)]
    start = TEXT.index("300 K")
    assert made.wrong == {(start, start + 5, "tcValue")}
    assert ("FeSe", "material") in mentions_of(made.after)


def test_a_rejected_link_takes_only_the_link_out() -> None:
    change = {"status": RecordStatus.INVALID, "error_type": ErrorType.LINKING}
    made = corrected(FOUND, judged(FESE, **change))
    assert mentions_of(made.after) == mentions_of(FOUND)
    assert links_of(made.after) == {("MgB2", "39 K")}
    # What the value belongs to instead is not known.
    assert linked_of(made) == set()
    assert made.reasons == {FESE.record_id: NoExample.RIGHT_LINK_UNKNOWN}


def test_an_added_record_adds_mentions_and_link() -> None:
    added = record("NbN", "16 K").model_copy(update={"status": RecordStatus.CURATED})
    made = corrected(
        machine(["MgB2", "39 K"], [("MgB2", "39 K")]),
        unjudged(MGB2),
        Judgement(before=None, after=added),
    )
    assert links_of(made.after) == {("MgB2", "39 K"), ("NbN", "16 K")}
    assert known_of(made) == ["NbN", "16 K"]


def test_a_pressure_is_linked_and_its_absence_known() -> None:
    text = "MgB2 has 39 K at 2 GPa and 30 K at 9 GPa."
    labels = {"2 GPa": "pressure", "9 GPa": "pressure"}
    words = ["MgB2", "39 K", "2 GPa", "30 K", "9 GPa"]
    found = machine(words, [("MgB2", "39 K"), ("39 K", "9 GPa")], text, labels)
    wrong = record("MgB2", "39 K", text=text, raw_pressure="9 GPa", pressure_GPa=9.0)
    made = corrected(found, judged(wrong, raw_pressure="2 GPa", pressure_GPa=2.0), text=text)
    assert links_of(made.after) == {("MgB2", "39 K"), ("39 K", "2 GPa")}
    gone = corrected(found, judged(wrong, raw_pressure=None, pressure_GPa=None), text=text)
    assert links_of(gone.after) == {("MgB2", "39 K")}
    assert ("tcValue-pressure", "39 K") in linked_of(gone)


def test_an_ambient_pressure_is_a_mention_only_where_it_was_found() -> None:
    text = "MgB2 has 39 K at ambient pressure."
    found = machine(
        ["MgB2", "39 K", "ambient pressure"],
        [("MgB2", "39 K"), ("39 K", "ambient pressure")],
        text,
        {"ambient pressure": "pressure"},
    )
    ambient = record("MgB2", "39 K", text=text, raw_pressure="ambient pressure", pressure_GPa=0.0)
    assert corrected(found, judged(ambient), text=text).after == found
    bare = machine(["MgB2", "39 K"], [("MgB2", "39 K")], text)
    made = corrected(bare, judged(ambient), text=text)
    assert made.after == bare
    assert ("tcValue-pressure", "39 K") in linked_of(made)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"tc_K": 38.2, "raw_tc": "38.2 K"}, NoExample.VALUE_NOT_PRINTED),
        ({"tc_K": 38.2}, NoExample.VALUE_NOT_PRINTED),
        ({"status": RecordStatus.INVALID}, NoExample.NO_ERROR_TYPE),
        (
            {"status": RecordStatus.INVALID, "error_type": ErrorType.COMPOSITION_RESOLUTION},
            NoExample.NOT_IN_THE_WORDS,
        ),
        ({"status": RecordStatus.OBSOLETE}, NoExample.WITHDRAWN),
        ({"status": RecordStatus.CURATED}, NoExample.IN_DOUBT),
    ],
)
def test_what_teaches_nothing_says_why(changes: dict[str, Any], reason: NoExample) -> None:
    made = corrected(FOUND, judged(MGB2, **changes))
    assert made.reasons == {MGB2.record_id: reason}
    assert made.after == FOUND
    assert not made.teaches


def test_a_record_of_a_table_or_without_a_tc_teaches_nothing() -> None:
    table = judged(MGB2.model_copy(update={"source": Source.TABLE}))
    assert corrected(FOUND, table).reasons == {MGB2.record_id: NoExample.TABLE}
    bare = record("MgB2", None)
    assert corrected(FOUND, judged(bare)).reasons == {bare.record_id: NoExample.NO_TC}


def test_a_value_printed_twice_is_not_guessed() -> None:
    text = "MgB2 and NbN: 39 K, 39 K."
    found = machine(["MgB2", "NbN", "39 K", "39 K"], [], text)
    made = corrected(found, judged(record("MgB2", "39 K", text=text)), text=text)
    assert made.reasons == {"MgB2-39 K": NoExample.AMBIGUOUS}


def test_a_value_corrected_in_reading_only_confirms_the_words() -> None:
    change = {"tc_K": 3.9, "error_type": ErrorType.VALUE_RESOLUTION}
    made = corrected(FOUND, judged(MGB2, **change))
    assert known_of(made) == ["MgB2", "39 K"]
    assert made.after == FOUND


def test_a_material_that_is_not_printed_leaves_the_value() -> None:
    made = corrected(FOUND, judged(record("V3Si", "16 K")))
    assert made.reasons == {"V3Si-16 K": NoExample.MATERIAL_NOT_PRINTED}
    assert known_of(made) == ["16 K"]
    assert TC_LINK not in {label for label, _ in linked_of(made)}


def test_only_sentences_whose_every_record_is_judged_are_whole() -> None:
    first, second = (
        (TEXT.index("😀"), TEXT.index(" The film")),
        (TEXT.index("The film"), len(TEXT)),
    )
    assert corrected(FOUND, judged(MGB2), unjudged(NBN)).whole == ()
    assert corrected(FOUND, judged(MGB2), judged(NBN)).whole == (first,)
    assert corrected(FOUND, judged(MGB2), judged(NBN), judged(FESE)).whole == (first, second)


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "raw_tc": st.sampled_from(("39 K", "16 K", "300 K", "7 K")),
        "raw_material": st.sampled_from(("MgB2", "NbN", "FeSe", "film", "H3S")),
        "status": st.sampled_from(list(RecordStatus)),
        "error_type": st.sampled_from([None, *ErrorType]),
    },
)
LINKS = st.lists(
    st.tuples(st.sampled_from(("MgB2", "NbN", "FeSe")), st.sampled_from(("39 K", "16 K", "300 K"))),
    max_size=5,
)


@settings(deadline=None)
@given(LINKS, st.lists(CHANGES, min_size=3, max_size=3))
def test_offsets_hold_and_the_unjudged_stays(
    pairs: list[tuple[str, str]], changes: list[dict[str, Any]]
) -> None:
    found = machine(["MgB2", "39 K", "NbN", "16 K", "FeSe", "300 K"], pairs)
    judgements = [judged(r, **c) for r, c in zip((MGB2, NBN, FESE), changes, strict=True)]
    made = corrected(found, *judgements)
    for mention in made.after.mentions:
        assert TEXT[mention.start : mention.end] == mention.text
    spans = [(m.start, m.end) for m in made.after.mentions]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(0 <= i < len(spans) for i in made.known)
    known = {(made.after.mentions[i].start, made.after.mentions[i].end) for i in made.known}
    assert not known & {(start, end) for start, end, _ in made.wrong}
    for link in made.after.links:
        assert {made.after.mentions[link.head].label, made.after.mentions[link.tail].label} == {
            "material",
            "tcValue",
        }
    if not any(j.is_judged for j in judgements):
        assert made.after == found
        assert not made.teaches
    if not made.known and not made.wrong:
        assert mentions_of(made.after) == mentions_of(found)
