"""Crystal claims of running text: what is stated, of which material, at which pressure."""

from __future__ import annotations

import json

import pytest

from scmine.extractors.claim import Claim
from scmine.extractors.claims import claims_of_passage
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.rule_tagger import RuleTagger
from scmine.extractors.sentences import split_sentences


def claims(text: str, main: str | None = None) -> list[Claim]:
    passage = Passage(PassageKind.PARAGRAPH, text, sentences=split_sentences(text))
    [mentions] = RuleTagger().tag([passage])
    return claims_of_passage(passage, mentions, [], main)


def stated(text: str, main: str | None = None) -> list[tuple[str, dict[str, str]]]:
    return [(c.material, c.values) for c in claims(text, main)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The Fm-3m phase of LaH10 at 150 GPa has a = 5.1 Å.",
            [("LaH10", {"space_group": "Fm-3m", "a": "5.1 Å", "pressure": "150 GPa"})],
        ),
        (
            "At 150 GPa, LaH10 adopts the cubic Fm-3m structure with a = 5.10 Å.",
            [
                (
                    "LaH10",
                    {
                        "space_group": "Fm-3m",
                        "a": "5.10 Å",
                        "crystal_structure": "cubic",
                        "pressure": "150 GPa",
                    },
                )
            ],
        ),
        (
            "H3S transforms from R3m to Im-3m at 180 GPa.",
            [
                ("H3S", {"space_group": "R3m"}),
                ("H3S", {"space_group": "Im-3m", "pressure": "180 GPa"}),
            ],
        ),
        (
            "Lines were computed for I4/mmm LaH4 with edges reported at 108 GPa: a = 2.91 Å and "
            "c = 5.84 Å.",
            [
                (
                    "LaH4",
                    {
                        "space_group": "I4/mmm",
                        "a": "2.91 Å",
                        "c": "5.84 Å",
                        "pressure": "108 GPa",
                    },
                )
            ],
        ),
        (
            "We found AgAu2 (Cmmm), AgAu3 (Pm-3m) and AgAu4 (C2/m).",
            [
                ("AgAu2", {"space_group": "Cmmm"}),
                ("AgAu3", {"space_group": "Pm-3m"}),
                ("AgAu4", {"space_group": "C2/m"}),
            ],
        ),
        (
            "The lattice constants of Nb3Ge, Nb3Sn and Nb3Sb are 5.17, 5.32 and 5.30 Å, "
            "respectively.",
            [
                ("Nb3Ge", {"a": "5.17 Å"}),
                ("Nb3Sn", {"a": "5.32 Å"}),
                ("Nb3Sb", {"a": "5.30 Å"}),
            ],
        ),
        (
            "We obtain a = 4.018(6) Å, c = 13.57(2) Å for CeOBiS2, and a = 4.032(6) Å for LaOBiS2.",
            [
                ("CeOBiS2", {"a": "4.018(6) Å", "c": "13.57(2) Å"}),
                ("LaOBiS2", {"a": "4.032(6) Å"}),
            ],
        ),
        (
            "Cells of LiFeP are a = 3.692 Å, c = 6.031 Å compared to a = 3.670 Å, c = 6.108 Å for "
            "LiFeAs at 6.5 GPa.",
            [
                ("LiFeP", {"a": "3.692 Å", "c": "6.031 Å"}),
                ("LiFeAs", {"a": "3.670 Å", "c": "6.108 Å", "pressure": "6.5 GPa"}),
            ],
        ),
        (
            "LaFeAsO crystallizes in the tetragonal ZrCuSiAs-type structure.",
            [("LaFeAsO", {"prototype": "ZrCuSiAs", "crystal_structure": "tetragonal"})],
        ),
        (
            "SrFe2As2 and BaFe2As2 crystallize in the ThCr2Si2-type structure (I4/mmm).",
            [
                ("SrFe2As2", {"prototype": "ThCr2Si2", "space_group": "I4/mmm"}),
                ("BaFe2As2", {"prototype": "ThCr2Si2", "space_group": "I4/mmm"}),
            ],
        ),
        (
            "Both compounds have space group P4/nmm, namely CeOBiS2 and LaOBiS2.",
            [
                ("CeOBiS2", {"space_group": "P4/nmm"}),
                ("LaOBiS2", {"space_group": "P4/nmm"}),
            ],
        ),
        (
            "In Cr3Ru the bcc phase (Im-3m) and the A15 phase (Pm-3n) have lattice parameters of "
            "2.937 Å and 4.637 Å, respectively.",
            [
                ("Cr3Ru", {"space_group": "Im-3m", "a": "2.937 Å", "crystal_structure": "bcc"}),
                ("Cr3Ru", {"space_group": "Pm-3n", "a": "4.637 Å", "prototype": "A15"}),
            ],
        ),
        (
            "The unit cell of RbOs2O6 has a = 10.11 Å, more than in KOs2O6 (a = 10.10 Å).",
            [("RbOs2O6", {"a": "10.11 Å"}), ("KOs2O6", {"a": "10.10 Å"})],
        ),
        (
            "P63/mmc-CeH9 and the C2/m phase of RbH12 were found.",
            [("CeH9", {"space_group": "P63/mmc"}), ("RbH12", {"space_group": "C2/m"})],
        ),
        (
            "We found C4K (in P4/mmm symmetry), B24 (in Pm-3 symmetry) and Mg2IrH6 (in its cubic "
            "Fm-3m phase).",
            [
                ("C4K", {"space_group": "P4/mmm"}),
                ("B24", {"space_group": "Pm-3"}),
                ("Mg2IrH6", {"space_group": "Fm-3m", "crystal_structure": "cubic"}),
            ],
        ),
    ],
)
def test_a_sentence_says(text: str, expected: list[tuple[str, dict[str, str]]]) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Traces of the impurity SrO2 have space group I4/mmm.",
        "The SDW-type order of LaFeAsO is of G-type.",
        "BaFe2As2 differs from the related ThCr2Si2-type structure.",
        "V3Si was found in 1954, the NaCl structure having had no rival.",
        "There is no clear evidence of the A15 structure in Nb3Si.",
        "For YBa2Cu3O7 we find ξ with a = 3 nm and c = 0.4 nm.",
        "LaH10 was pressed in a diamond anvil cell of 0.15 mm at 150 GPa.",
        "The unit cell volume of LaFeAsO is 142.3 Å3.",
        "The lattice parameter of LaFeAsO is smaller by 0.05 Å than 4.1 Å.",
    ],
)
def test_a_sentence_says_nothing(text: str) -> None:
    assert stated(text) == []


def test_the_material_may_stand_in_the_sentence_before() -> None:
    text = "Samples of FeSe were made. The space group is P4/nmm and a = 3.77 Å, c = 5.52 Å."
    [claim] = claims(text)
    assert (claim.material, claim.values["c"]) == ("FeSe", "5.52 Å")
    assert claim.sentence == text


def test_a_member_of_a_family_is_not_the_family() -> None:
    text = "Tc falls with the edge in Nb3Sn. For example, with B = In one has a = 5.303 Å."
    assert stated(text) == []


def test_what_was_made_is_the_paper_s_own() -> None:
    text = "We heated NaCoO2. The final product is one phase with a = 2.82 Å, c = 19.65 Å."
    assert [m for m, _ in stated(text, "Na0.3CoO2")] == ["Na0.3CoO2"]


def test_lists_for_values_of_a_variable() -> None:
    text = (
        "In BaFe2As2 with x = 0, 0.1 and 0.2 the cells are a = 3.96 Å, a = 3.95 Å and a = 3.94 Å, "
        "respectively."
    )
    assert "3.95 Å" in {v for _, values in stated(text) for v in values.values()}


def test_the_prototype_is_not_the_material() -> None:
    text = "D0 (space group Fm-3m, prototype BiF3) and A15 (Pm-3n) structures of V3Ga."
    assert {(m, v["space_group"]) for m, v in stated(text)} == {
        ("V3Ga", "Fm-3m"),
        ("V3Ga", "Pm-3n"),
    }


def test_the_paper_s_own_material_is_taken_if_none_is_named() -> None:
    text = "All lines are indexed in space group P4/nmm."
    assert stated(text, "LaFeAsO") == [("LaFeAsO", {"space_group": "P4/nmm"})]
    assert stated(text) == []


def test_pressures_of_synthesis_and_limits_are_not_that_of_the_structure() -> None:
    for text in (
        "LaH10 was synthesized at 150 GPa in space group Fm-3m.",
        "Up to 150 GPa LaH10 keeps the space group Fm-3m.",
    ):
        [claim] = claims(text)
        assert "pressure" not in claim.values, text


def test_sites_belong_to_the_material_that_holds_the_element() -> None:
    text = "In LaH10 the La atoms occupy 4b sites and H sits at 32f (0.12, 0.12, 0.12) and 8c."
    [claim] = claims(text)
    assert claim.material == "LaH10"
    assert json.loads(claim.values["wyckoff"]) == [
        {"label": "La", "element": "La", "site": "4b"},
        {"label": "H", "element": "H", "site": "32f", "xyz": [0.12, 0.12, 0.12]},
        {"label": "H", "element": "H", "site": "8c"},
    ]
    other = "In YBa2Cu3O7 unlike the Rb cation at the 8b site of others, O sits at 4e sites."
    assert [s["element"] for c in claims(other) for s in json.loads(c.values["wyckoff"])] == ["O"]


def test_a_crystal_system_must_fit_the_space_group() -> None:
    text = "On cooling BaFe2As2 turns from tetragonal to orthorhombic with space group Fmmm."
    [claim] = claims(text)
    assert claim.values == {"space_group": "Fmmm", "crystal_structure": "orthorhombic"}
