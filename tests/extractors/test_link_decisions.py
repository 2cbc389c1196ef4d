"""Link decisions: which links a sentence bears out, which it refuses, which it adds."""

from __future__ import annotations

from collections.abc import Sequence

from scmine.extractors.claim import Label, Link, LinkLabel, Mention
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.link_decisions import Decisions
from scmine.extractors.sentences import split_sentences

Named = tuple[str, str]


def decided(
    text: str,
    materials: Sequence[str],
    values: Sequence[str],
    links: Sequence[tuple[str, str, float]] = (),
    own: str | None = None,
) -> set[Named]:
    """(material, value) of the links decided on; words are looked up in order of print."""
    mentions: list[Mention] = []
    for label, words in ((Label.MATERIAL, materials), (Label.TC_VALUE, values)):
        at = 0
        for word in words:
            at = text.index(word, at)
            mentions.append(Mention(at, at + len(word), label, word))
            at += len(word)
    place = {m.text: i for i, m in enumerate(mentions)}
    known = [Link(place[m], place[v], LinkLabel.MATERIAL_TC, p) for m, v, p in links]
    passage = Passage(PassageKind.PARAGRAPH, text, sentences=split_sentences(text))
    found = Decisions(passage, mentions, known, range(len(materials)), own).links()
    return {(mentions[k.head].text, mentions[k.tail].text) for k in found}


def test_a_likely_link_stays_and_an_unlikely_one_goes() -> None:
    text = "We heated FeSe and MgB2 for a day, 39 K."
    assert decided(text, ["FeSe", "MgB2"], ["39 K"], [("MgB2", "39 K", 0.9)]) == {("MgB2", "39 K")}
    assert decided(text, ["FeSe", "MgB2"], ["39 K"], [("MgB2", "39 K", 0.3)]) == set()


def test_an_unlikely_link_without_rival_stays() -> None:
    text = "We made MgB2. The sample has a Tc of 39 K."
    assert decided(text, ["MgB2"], ["39 K"], [("MgB2", "39 K", 0.3)]) == {("MgB2", "39 K")}


def test_but_not_in_a_sentence_that_cites() -> None:
    text = "We made MgB2. Others have reported a Tc of 39 K."
    assert decided(text, ["MgB2"], ["39 K"], [("MgB2", "39 K", 0.3)]) == set()


def test_lists_of_one_length_run_side_by_side() -> None:
    text = "The Tc of FeSe, LiFeAs and MgB2 are 8 K, 18 K and 39 K, respectively."
    materials, values = ["FeSe", "LiFeAs", "MgB2"], ["8 K", "18 K", "39 K"]
    links = [("MgB2", v, 0.9) for v in values]
    assert decided(text, materials, values, links) == set(zip(materials, values, strict=True))


def test_a_list_may_stand_in_the_sentence_before() -> None:
    text = "We made FeSe and MgB2. Their Tc are 8 K and 39 K, respectively."
    found = decided(text, ["FeSe", "MgB2"], ["8 K", "39 K"], [("FeSe", "39 K", 0.9)])
    assert found == {("FeSe", "8 K"), ("MgB2", "39 K")}


def test_the_material_right_behind_a_value_is_its_own() -> None:
    text = "For NbN a maximum is seen, and Tc is 9 K for Nb3Ge."
    found = decided(text, ["NbN", "Nb3Ge"], ["9 K"], [("NbN", "9 K", 0.8)])
    assert found == {("Nb3Ge", "9 K")}


def test_a_series_and_its_member_are_both_meant() -> None:
    text = "They found that LaFeAsO1-xFx has a Tc of 26 K at x = 0.11."
    found = decided(text, ["LaFeAsO1-xFx", "x = 0.11"], ["26 K"], [("LaFeAsO1-xFx", "26 K", 0.8)])
    assert found == {("LaFeAsO1-xFx", "26 K"), ("x = 0.11", "26 K")}


def test_what_is_only_compared_with_has_another_tc() -> None:
    text = "Our films have a Tc of 43 K, higher than that of La2CuO4."
    assert decided(text, ["La2CuO4"], ["43 K"], [("La2CuO4", "43 K", 0.8)]) == set()
    text = "FeSe has the same structure as LiFeAs but a Tc of 8 K."
    found = decided(
        text, ["FeSe", "LiFeAs"], ["8 K"], [("LiFeAs", "8 K", 0.8), ("FeSe", "8 K", 0.3)]
    )
    assert found == set() or found == set()


def test_but_its_own_tc_counts() -> None:
    text = "The gap of FeSe is close to that of LiFeAs (Tc = 18 K)."
    found = decided(text, ["FeSe", "LiFeAs"], ["18 K"], [("LiFeAs", "18 K", 0.8)])
    assert found == {("LiFeAs", "18 K")}


def test_the_material_named_last_if_it_can_be_the_papers_own() -> None:
    text = "We cooled Na0.3CoO2. A transition is seen with Tc = 4.5 K."
    assert decided(text, ["Na0.3CoO2"], ["4.5 K"]) == {("Na0.3CoO2", "4.5 K")}
    assert decided(text, ["Na0.3CoO2"], ["4.5 K"], own="NaxCoO2") == {("Na0.3CoO2", "4.5 K")}
    assert decided(text, ["Na0.3CoO2"], ["4.5 K"], own="Sr2RuO4") == set()


def test_a_tip_is_not_what_was_cooled() -> None:
    text = "The tip was made of tungsten. A transition is seen with Tc = 2.6 K."
    assert decided(text, ["tungsten"], ["2.6 K"]) == set()


def test_a_link_to_another_compound_from_a_bare_sentence_gives_way() -> None:
    text = "RbOs2O6 has the structure of KOs2O6. Resistivity shows superconductivity at Tc = 6.3 K."
    links = [("KOs2O6", "6.3 K", 0.9)]
    assert decided(text, ["RbOs2O6", "KOs2O6"], ["6.3 K"], links, own="RbOs2O6") == set()
    assert decided(text, ["RbOs2O6", "KOs2O6"], ["6.3 K"], links) == {("KOs2O6", "6.3 K")}


def test_a_value_that_goes_on_is_of_the_same_material() -> None:
    text = "We made LaH10. Its Tc is raised to 5.0 K at 2 GPa and increased to 7.6 K at 6 GPa."
    links = [("LaH10", "5.0 K", 0.9)]
    both = {("LaH10", "5.0 K"), ("LaH10", "7.6 K")}
    assert decided(text, ["LaH10"], ["5.0 K", "7.6 K"], links) == both


def test_a_value_of_another_sample_does_not_go_on() -> None:
    text = "A sample of MgB2 with Tc = 39 K lies above the mean of the Tc = 35 K sample."
    links = [("MgB2", "39 K", 0.9)]
    assert decided(text, ["MgB2"], ["39 K", "35 K"], links) == {("MgB2", "39 K")}
