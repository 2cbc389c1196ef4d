"""Lists that run side by side and changes: which Tc, material and pressure belong together."""

from __future__ import annotations

from scmine.database.record import Record
from scmine.extractors.claim import Claim, Label, Link, LinkLabel, Mention
from scmine.extractors.claims import claims_of_passage
from scmine.extractors.context import MaterialContext
from scmine.extractors.document import Document, Passage, PassageKind
from scmine.extractors.paper_profile import PaperProfile
from scmine.extractors.records import records_of
from scmine.extractors.sentences import split_sentences

MATERIAL, TC, PRESSURE = Label.MATERIAL, Label.TC_VALUE, Label.PRESSURE


def mined(
    text: str, words: list[tuple[str, Label]], links: list[tuple[int, int, LinkLabel]] = ()
) -> list[Claim]:
    """The claims of ``text`` with mentions of ``words``, each at its next place in the text."""
    mentions, at = [], 0
    for word, label in words:
        start = text.index(word, at)
        at = start + len(word)
        mentions.append(Mention(start, at, label, word))
    passage = Passage(PassageKind.PARAGRAPH, text, sentences=split_sentences(text))
    linked = [Link(head, tail, label, 0.9) for head, tail, label in links]
    return claims_of_passage(passage, mentions, linked)


def records(claims: list[Claim]) -> list[Record]:
    document = Document(doc_id="d", path="", reader="test")
    context = MaterialContext.of([], [])
    return [r for r, _ in records_of(claims, document, context, PaperProfile.of(document), "test")]


def rows(claims: list[Claim]) -> list[tuple[str | None, float | None, float | None]]:
    return [(r.formula, r.tc_K, r.pressure_GPa) for r in records(claims)]


def test_materials_values_and_pressures_are_paired_one_to_one() -> None:
    text = "LaH10 and YH6 have Tc of 250 and 220 K at 150 and 166 GPa, respectively."
    words = [
        ("LaH10", MATERIAL),
        ("YH6", MATERIAL),
        ("250 and 220 K", TC),
        ("150 and 166 GPa", PRESSURE),
    ]
    wrong = [(1, 2, LinkLabel.MATERIAL_TC), (2, 3, LinkLabel.TC_PRESSURE)]
    assert rows(mined(text, words, wrong)) == [("LaH10", 250, 150), ("YH6", 220, 166)]


def test_it_does_not_matter_which_values_were_tagged() -> None:
    text = "The Tc of MgB2, NbN and Nb3Sn are 39, 16 and 18 K, respectively."
    materials = [("MgB2", MATERIAL), ("NbN", MATERIAL), ("Nb3Sn", MATERIAL)]
    expected = [("MgB2", 39, None), ("NbN", 16, None), ("Nb3Sn", 18, None)]
    assert rows(mined(text, [*materials, ("39", TC)])) == expected
    assert rows(mined(text, [*materials, ("16 and 18 K", TC)])) == expected


def test_the_values_of_one_mention_are_paired_with_those_of_another() -> None:
    text = "LaFeAsO1-xFx has Tc of 26, 35 and 40 K for x = 0.05, 0.10 and 0.15, respectively."
    words = [
        ("LaFeAsO1-xFx", MATERIAL),
        ("26, 35 and 40 K", TC),
        ("x = 0.05, 0.10 and 0.15", MATERIAL),
    ]
    claims = mined(text, words, [(0, 1, LinkLabel.MATERIAL_TC)])
    assert [(r.variables, r.tc_K) for r in records(claims)] == [
        ({"x": "0.05"}, 26),
        ({"x": "0.10"}, 35),
        ({"x": "0.15"}, 40),
    ]


def test_pressures_first_and_one_material_for_all() -> None:
    text = "At 10 and 20 GPa, FeSe has a Tc of 27 and 37 K, respectively."
    words = [("10 and 20 GPa", PRESSURE), ("FeSe", MATERIAL), ("27 and 37 K", TC)]
    claims = mined(text, words, [(1, 2, LinkLabel.MATERIAL_TC)])
    assert rows(claims) == [("FeSe", 27, 10), ("FeSe", 37, 20)]


def test_uneven_lists_are_kept_as_printed_and_flagged() -> None:
    text = "The Tc of MgB2, NbN and Nb3Sn are 39 K and 16 K, respectively."
    words = [
        ("MgB2", MATERIAL),
        ("NbN", MATERIAL),
        ("Nb3Sn", MATERIAL),
        ("39 K", TC),
        ("16 K", TC),
    ]
    found = records(mined(text, words, [(2, 3, LinkLabel.MATERIAL_TC)]))
    assert {r.raw_material for r in found} == {"MgB2, NbN and Nb3Sn"}
    assert {r.raw_tc for r in found} == {"39 K and 16 K"}
    assert all(r.formula is None and "list_unpaired" in r.flags for r in found)


def test_the_family_named_first_is_no_part_of_the_list() -> None:
    text = "Among CeMIn5, CeIrIn5 and CeCoIn5 have Tc of 0.4 K and 2.3 K, respectively."
    words = [
        ("CeMIn5", MATERIAL),
        ("CeIrIn5", MATERIAL),
        ("CeCoIn5", MATERIAL),
        ("0.4 K", TC),
        ("2.3 K", TC),
    ]
    assert rows(mined(text, words)) == [("CeIrIn5", 0.4, None), ("CeCoIn5", 2.3, None)]


def test_long_lists_need_no_respectively_but_short_ones_do() -> None:
    materials = [("LiFeAs", MATERIAL), ("NaFeAs", MATERIAL), ("FeSe", MATERIAL)]
    text = "The Tc of LiFeAs, NaFeAs and FeSe are 18 K, 9 K and 8 K."
    found = rows(mined(text, [*materials, ("18 K", TC)]))
    assert found == [("LiFeAs", 18, None), ("NaFeAs", 9, None), ("FeSe", 8, None)]
    two = "For LiFeAs and NaFeAs onset and zero Tc are 18 and 9 K."
    words = [("LiFeAs", MATERIAL), ("NaFeAs", MATERIAL), ("18 and 9 K", TC)]
    assert mined(two, words) == []


def test_kinds_run_beside_values() -> None:
    text = "The onset and zero-resistance temperatures of FeSe are 9 and 8 K, respectively."
    claims = mined(text, [("FeSe", MATERIAL), ("9 and 8 K", TC)], [(0, 1, LinkLabel.MATERIAL_TC)])
    assert [(r.tc_K, r.tc_kind) for r in records(claims)] == [(9, "onset"), (8, "zero")]


def test_a_change_is_two_values_and_the_pressure_that_of_the_second() -> None:
    text = "The Tc of FeSe increases from 8.5 K to 36.7 K under 8.9 GPa."
    words = [("FeSe", MATERIAL), ("8.5 K to 36.7 K", TC), ("8.9 GPa", PRESSURE)]
    links = [(0, 1, LinkLabel.MATERIAL_TC), (1, 2, LinkLabel.TC_PRESSURE)]
    assert rows(mined(text, words, links)) == [("FeSe", 8.5, None), ("FeSe", 36.7, 8.9)]


def test_a_change_over_a_range_of_pressures_is_paired_at_its_ends() -> None:
    text = "The Tc of LaH10 falls from 250 to 240 K as pressure rises from 170 to 200 GPa."
    words = [("LaH10", MATERIAL), ("250 to 240 K", TC), ("170 to 200 GPa", PRESSURE)]
    claims = mined(text, words, [(0, 1, LinkLabel.MATERIAL_TC)])
    assert rows(claims) == [("LaH10", 250, 170), ("LaH10", 240, 200)]


def test_a_change_without_a_pressure_stays_a_range() -> None:
    text = "The Tc of MgB2 drops from 39 to 35 K by doping."
    [record] = records(
        mined(text, [("MgB2", MATERIAL), ("39 to 35 K", TC)], [(0, 1, LinkLabel.MATERIAL_TC)])
    )
    assert (record.tc_min_K, record.tc_max_K, record.tc_K) == (35, 39, None)


def test_lists_of_other_temperatures_make_no_claim() -> None:
    text = "The Néel temperatures of EuFe2As2 and SrFe2As2 are 190 and 205 K, respectively."
    words = [("EuFe2As2", MATERIAL), ("SrFe2As2", MATERIAL), ("190 and 205 K", TC)]
    assert mined(text, words, [(0, 2, LinkLabel.MATERIAL_TC)]) == []


def test_materials_with_words_between_are_paired_if_there_are_as_many() -> None:
    text = "A phase of CrH and another of CrH2 have Tc of 15.7 and 10.7 K, respectively."
    words = [("CrH", MATERIAL), ("CrH2", MATERIAL), ("15.7 and 10.7 K", TC)]
    assert rows(mined(text, words)) == [("CrH", 15.7, None), ("CrH2", 10.7, None)]


def test_values_of_unknown_samples_are_flagged() -> None:
    text = "Films of NbN, as grown and annealed, have Tc of 15 and 16 K, respectively."
    claims = mined(text, [("NbN", MATERIAL), ("15 and 16 K", TC)], [(0, 1, LinkLabel.MATERIAL_TC)])
    found = records(claims)
    assert [r.tc_K for r in found] == [15, 16]
    assert all("list_unpaired" in r.flags for r in found)


def test_a_range_of_pressures_that_opens_the_clause_is_that_of_the_change() -> None:
    text = (
        "Between 65 and 90 GPa, Tc of SiH4 rises from 7 to 17 K before it falls again at 120 GPa."
    )
    words = [("SiH4", MATERIAL), ("7 to 17 K", TC), ("120 GPa", PRESSURE)]
    links = [(0, 1, LinkLabel.MATERIAL_TC), (1, 2, LinkLabel.TC_PRESSURE)]
    assert rows(mined(text, words, links)) == [("SiH4", 7, 65), ("SiH4", 17, 90)]
