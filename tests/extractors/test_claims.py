"""Claims of passages: which mentions make one, and which do not."""

from __future__ import annotations

from dataclasses import replace

from scmine.extractors.claim import Claim, Label, Link, LinkLabel, Mention
from scmine.extractors.claims import claims_of_passage
from scmine.extractors.document import Box, Citation, Passage, PassageKind, PlacedWord
from scmine.extractors.sentences import split_sentences


def passage(text: str, kind: PassageKind = PassageKind.PARAGRAPH) -> Passage:
    words, at = [], 0
    for word in text.split(" "):
        box = Box(3, at * 5.0, 100.0, (at + len(word)) * 5.0, 110.0)
        words.append(PlacedWord(at, at + len(word), box))
        at += len(word) + 1
    return Passage(
        kind, text, section="Results", sentences=split_sentences(text), words=tuple(words)
    )


def mention(text: str, words: str, label: Label, nth: int = 0) -> Mention:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Mention(start, start + len(words), label, words)


def claims(
    text: str, mentions: list[Mention], links: list[Link], main: str | None = None
) -> list[Claim]:
    return claims_of_passage(passage(text), mentions, links, main)


TC = LinkLabel.MATERIAL_TC


def test_a_linked_pair_makes_one_claim_with_its_place() -> None:
    text = "We find that MgB2 has Tc = 39 K at 2 GPa."
    mentions = [
        mention(text, "MgB2", Label.MATERIAL),
        mention(text, "39 K", Label.TC_VALUE),
        mention(text, "2 GPa", Label.PRESSURE),
    ]
    links = [Link(0, 1, TC, 0.9), Link(1, 2, LinkLabel.TC_PRESSURE, 0.9)]
    [claim] = claims(text, mentions, links)
    assert (claim.material, claim.values) == ("MgB2", {"tc": "39 K", "pressure": "2 GPa"})
    assert (claim.sentence, claim.page, claim.source) == (text, 3, "text")
    assert len(claim.boxes) == 3


def test_an_unlikely_link_makes_no_claim() -> None:
    text = "MgB2 was heated, 39 K"
    mentions = [mention(text, "MgB2", Label.MATERIAL), mention(text, "39 K", Label.TC_VALUE)]
    assert claims(text, mentions, [Link(0, 1, TC, 0.3)]) == []


def test_other_transitions_are_no_tc() -> None:
    for text in (
        "SrFe2As2 orders with TN = 198 K below the pressure.",
        "SrFe2As2 has a structural transition at 198 K.",
        "SrFe2As2 was annealed at 198 K.",
        "SrFe2As2 shows no superconductivity down to 198 K.",
    ):
        mentions = [
            mention(text, "SrFe2As2", Label.MATERIAL),
            mention(text, "198 K", Label.TC_VALUE),
        ]
        found = claims(text, mentions, [Link(0, 1, TC, 0.9)])
        assert not any("tc" in c.values for c in found), text


def test_a_non_observation_is_a_claim_of_its_own() -> None:
    text = "No superconductivity was observed in Y2IrSi down to 1.8 K."
    [claim] = claims(text, [mention(text, "Y2IrSi", Label.MATERIAL)], [])
    assert claim.values == {"absent": "No superconductivity", "absent_down_to": "1.8 K"}


def test_a_structure_type_is_no_material() -> None:
    text = "The ThCr2Si2-type structure has Tc = 38 K."
    mentions = [mention(text, "ThCr2Si2", Label.MATERIAL), mention(text, "38 K", Label.TC_VALUE)]
    assert claims(text, mentions, [Link(0, 1, TC, 0.9)]) == []


def test_a_substrate_is_no_superconductor() -> None:
    text = "For films on LaSrAlO4 substrate Tc rises to 50 K."
    mentions = [mention(text, "LaSrAlO4", Label.MATERIAL), mention(text, "50 K", Label.TC_VALUE)]
    assert claims(text, mentions, [Link(0, 1, TC, 0.9)]) == []


def test_properties_join_the_only_tc_of_their_sentence() -> None:
    text = "LaH10 with λ = 2.2 has Tc = 250 K."
    mentions = [
        mention(text, "LaH10", Label.MATERIAL),
        mention(text, "2.2", Label.LAMBDA),
        mention(text, "250 K", Label.TC_VALUE),
    ]
    [claim] = claims(text, mentions, [Link(0, 2, TC, 0.9)])
    assert claim.values == {"tc": "250 K", "lambda": "2.2"}


def test_properties_of_several_materials_are_left_out() -> None:
    text = "For LaH10 and YH6 we find λ = 2.2."
    mentions = [
        mention(text, "LaH10", Label.MATERIAL),
        mention(text, "YH6", Label.MATERIAL),
        mention(text, "2.2", Label.LAMBDA),
    ]
    assert claims(text, mentions, []) == []


def test_a_property_takes_only_the_pressure_beside_it() -> None:
    text = "LaH10 has λ = 2.2 at 150 GPa."
    mentions = [
        mention(text, "LaH10", Label.MATERIAL),
        mention(text, "2.2", Label.LAMBDA),
        mention(text, "150 GPa", Label.PRESSURE),
    ]
    assert claims(text, mentions, [])[0].values["pressure"] == "150 GPa"
    far = "LaH10 has a = 5.1 Å and the cell shrinks until 5.0 is reached at 150 GPa."
    mentions = [
        mention(far, "LaH10", Label.MATERIAL),
        mention(far, "a = 5.1 Å", Label.LATTICE),
        mention(far, "150 GPa", Label.PRESSURE),
    ]
    assert "pressure" not in claims(far, mentions, [])[0].values


def test_values_of_a_listing_mention_know_their_order() -> None:
    text = "For x = 0.1 and 0.2 the Tc are 31.4 and 43.2 K."
    mentions = [
        mention(text, "x = 0.1 and 0.2", Label.MATERIAL),
        mention(text, "31.4", Label.TC_VALUE),
        mention(text, "43.2 K", Label.TC_VALUE),
    ]
    first, second = claims(text, mentions, [Link(0, 1, TC, 0.9), Link(0, 2, TC, 0.9)])
    assert (first.hints["order"], second.hints["order"]) == ("0/2", "1/2")
    assert first.hints["tc_unit"] == "K"


def test_a_tc_without_any_material_is_the_papers_own() -> None:
    text = "The resistivity vanishes and superconductivity sets in at 4.5 K."
    value = [mention(text, "4.5 K", Label.TC_VALUE)]
    [claim] = claims(text, value, [], main="NaxCoO2")
    assert (claim.material, claim.hints["implied"]) == ("NaxCoO2", "yes")
    assert claims(text, value, []) == []


def test_but_not_in_a_sentence_that_cites() -> None:
    text = "There superconductivity sets in at 4.5 K."
    cited = passage(text)
    cited = Passage(
        cited.kind, text, sentences=cited.sentences, citations=(Citation(len(text) - 1, "3"),)
    )
    value = [mention(text, "4.5 K", Label.TC_VALUE)]
    assert claims_of_passage(cited, value, [], "NaxCoO2") == []


def test_symbols_and_planes_are_no_materials() -> None:
    for words, after in (("HC2(0)", ""), ("CuO2", " planes"), ("RuO6", " octahedra")):
        text = f"The {words}{after} and Tc = 4.6 K."
        mentions = [mention(text, words, Label.MATERIAL), mention(text, "4.6 K", Label.TC_VALUE)]
        assert claims(text, mentions, [Link(0, 1, TC, 0.9)]) == [], words


def test_a_curie_temperature_is_no_tc_whatever_its_symbol() -> None:
    text = "RuSr2GdCu2O8 has a ferromagnetic Curie temperature TC = 131 K."
    mentions = [
        mention(text, "RuSr2GdCu2O8", Label.MATERIAL),
        mention(text, "131 K", Label.TC_VALUE),
    ]
    assert claims(text, mentions, [Link(0, 1, TC, 0.9)]) == []


def test_sentences_that_stand_apart_are_quoted_with_a_mark() -> None:
    text = "MgB2 was made. It is grey. Its Tc is 39 K."
    mentions = [mention(text, "MgB2", Label.MATERIAL), mention(text, "39 K", Label.TC_VALUE)]
    [claim] = claims(text, mentions, [Link(0, 1, TC, 0.9)])
    assert claim.sentence == "MgB2 was made. […] Its Tc is 39 K."


def test_a_non_observation_points_to_its_temperature_in_another_sentence() -> None:
    text = "We studied Y2IrSi with care. No superconductivity was observed down to 1.8 K."
    found = claims(text, [mention(text, "Y2IrSi", Label.MATERIAL)], [])
    [claim] = [c for c in found if "absent_down_to" in c.values]
    assert "1.8 K" in claim.sentence
    at = text.index("1.8") * 5.0
    assert any(box.x0 <= at < box.x1 for box in claim.boxes)


def test_a_tc_in_a_bare_sentence_is_the_papers_own() -> None:
    text = "Sr2RuO4 was measured before. Our crystal has Tc = 4.5 K."
    mentions = [mention(text, "Sr2RuO4", Label.MATERIAL), mention(text, "4.5 K", Label.TC_VALUE)]
    [claim] = claims(text, mentions, [], main="NaxCoO2")
    assert (claim.material, claim.hints["implied"]) == ("NaxCoO2", "yes")


def test_a_property_that_sets_in_names_the_papers_own_tc() -> None:
    for text in (
        "A diamagnetic signal is seen below about 4.5 K.",
        "The resistivity drops to zero at 4.5 K because of superconductivity.",
    ):
        value = [mention(text, "4.5 K", Label.TC_VALUE)]
        assert [c.material for c in claims(text, value, [], main="NaxCoO2")] == ["NaxCoO2"], text
    for text in (
        "The onset of superconductivity is typically at 100 K.",
        "The diamagnetic Tc of 39 K persists, but the signal at 100 K is reduced.",
        "Superconductivity was searched for down to 100 K.",
    ):
        value = [mention(text, "100 K", Label.TC_VALUE)]
        assert claims(text, value, [], main="NaxCoO2") == [], text


def test_an_attribute_belongs_to_the_superconductor_right_behind_it() -> None:
    text = "The interest in MBSC was fueled by the 40-K superconductor MgB2."
    mentions = [
        mention(text, "MBSC", Label.MATERIAL),
        mention(text, "40-K", Label.TC_VALUE),
        mention(text, "MgB2", Label.MATERIAL),
    ]
    [claim] = claims(text, mentions, [Link(0, 1, TC, 0.6)])
    assert claim.material == "MgB2"


def test_substrates_media_and_quantities_are_no_materials() -> None:
    for text, word in (
        ("Films grown on SrTiO3 have Tc = 35 K.", "SrTiO3"),
        ("With NaCl around the sample Tc is 35 K.", "NaCl"),
        ("With HP = 8.3 T the sample has Tc = 35 K.", "HP"),
        ("The CuO2 bi-layers have Tc = 35 K.", "CuO2"),
        ("With the A15 arrangement of lanthanum ions43 Tc is 35 K.", "lanthanum ions43"),
        ("With a sublattice of La atoms Tc is 35 K.", "La"),
        ("For the sample on SiC, Tc is 35 K.", "SiC"),
        ("In superfluid HeII the transition temperature is 35 K.", "HeII"),
    ):
        mentions = [mention(text, word, Label.MATERIAL), mention(text, "35 K", Label.TC_VALUE)]
        assert claims(text, mentions, [Link(0, 1, TC, 0.9)]) == [], text


def test_the_words_beside_a_tc_say_that_it_is_at_zero_pressure() -> None:
    for text, words in (
        ("Under pressures up to 10.5 kbar in ZrB12 (Tc = 6.0 K at p = 0) we saw this.", "p = 0"),
        ("For ZrB12 Tc(p = 0) = 6.0 K, and less at 10.5 kbar.", "p = 0"),
        ("Pressed to 10.5 kbar, ZrB12 with an ambient Tc of 6.0 K changes.", "ambient"),
        ("ZrB12 has a zero-pressure Tc of 6.0 K, less at 10.5 kbar.", "zero-pressure"),
    ):
        mentions = [
            mention(text, "ZrB12", Label.MATERIAL),
            mention(text, "6.0 K", Label.TC_VALUE),
            mention(text, "10.5 kbar", Label.PRESSURE),
        ]
        links = [Link(0, 1, TC, 0.9), Link(1, 2, LinkLabel.TC_PRESSURE, 0.9)]
        [claim] = claims(text, mentions, links)
        assert claim.values["pressure"] == words, text


def test_no_more_than_turns_the_relation_round() -> None:
    text = "MgB2 has a Tc of no more than 39 K."
    mentions = [
        mention(text, "MgB2", Label.MATERIAL),
        mention(text, "more than 39 K", Label.TC_VALUE),
    ]
    [claim] = claims(text, mentions, [Link(0, 1, TC, 0.9)])
    assert claim.hints["tc_relation"] == "<"


def test_symbols_of_quantities_are_no_materials() -> None:
    for symbol in ("T2.4", "DT7", "χFC"):
        text = f"It varies as {symbol} above the Tc of 2.5 K."
        mentions = [mention(text, symbol, Label.MATERIAL), mention(text, "2.5 K", Label.TC_VALUE)]
        assert claims(text, mentions, [Link(0, 1, TC, 0.9)]) == []


def test_the_titles_of_references_claim_nothing_of_the_paper() -> None:
    text = "Akimitsu, Superconductivity at 39 K in magnesium diboride, Nature 410 (2001)."
    where = passage(text)
    listed = replace(where, section="References")
    found = [mention(text, "39 K", Label.TC_VALUE)]
    assert claims_of_passage(where, found, [], "MgB2") != []
    assert claims_of_passage(listed, found, [], "MgB2") == []


def test_additives_and_layers_below_a_film_have_no_tc() -> None:
    for text, material in (
        ("The product annealed with 50 mol-% of Ba2O5 has a Tc of 35 K.", "Ba2O5"),
        ("It was annealed with Ag2O2 and has a Tc of 35 K.", "Ag2O2"),
        ("One film was grown on a buffer layer of insulating Pr2CuO4 with Tc = 35 K.", "Pr2CuO4"),
    ):
        found = [mention(text, material, Label.MATERIAL), mention(text, "35 K", Label.TC_VALUE)]
        assert claims(text, found, [Link(0, 1, TC, 0.9)]) == [], text


def test_what_was_removed_has_no_tc() -> None:
    text = "RbOsO4 was removed and the pyrochlore has Tc = 6.3 K."
    found = [mention(text, "RbOsO4", Label.MATERIAL), mention(text, "6.3 K", Label.TC_VALUE)]
    assert claims(text, found, [Link(0, 1, TC, 0.9)]) == []


def test_an_implied_claim_has_its_pressure_too() -> None:
    text = "The superconducting transition temperature is 5.2 K at 0.7 GPa."
    found = [mention(text, "5.2 K", Label.TC_VALUE), mention(text, "0.7 GPa", Label.PRESSURE)]
    [claim] = claims(text, found, [], "EuFBiS2")
    assert claim.values == {"tc": "5.2 K", "pressure": "0.7 GPa"}


def test_a_bound_in_another_clause_is_no_pressure_of_a_tc() -> None:
    text = "MgB2 reaches a Tc of 21 K, and it decreases above 16 GPa."
    found = [
        mention(text, "MgB2", Label.MATERIAL),
        mention(text, "21 K", Label.TC_VALUE),
        mention(text, "16 GPa", Label.PRESSURE),
    ]
    links = [Link(0, 1, TC, 0.9), Link(1, 2, LinkLabel.TC_PRESSURE, 0.9)]
    [claim] = claims(text, found, links)
    assert "pressure" not in claim.values
