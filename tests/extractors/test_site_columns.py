"""Tables of sites in the layouts of supplements."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scmine.extractors.claim import Claim
from scmine.extractors.context import MaterialContext
from scmine.extractors.document import Cell, Table
from scmine.extractors.table_claims import claims_of_table


def claims(head: str, *rows: str, caption: str = "") -> list[Claim]:
    cells = [tuple(Cell(t.strip(), is_header=i == 0) for t in row.split("|")) for i, row in
             enumerate((head, *rows))]  # fmt: skip
    return claims_of_table(Table(tuple(cells), caption), MaterialContext.of([], [], []))


def sites(claim: Claim) -> list[tuple[str, str | None, list[float]]]:
    return [(s["label"], s.get("site"), s["xyz"]) for s in json.loads(claim.values["wyckoff"])]


HYDRIDE = [("La", "4b", [0.5, 0.5, 0.5]), ("H", "8c", [0.25, 0.25, 0.25])]


def test_whole_sites_in_one_cell() -> None:
    [claim] = claims(
        "Phase | P (GPa) | Space group | Lattice parameters (Å, °) | Atomic coordinates",
        "LaH10 | 150 | Fm-3m | a = b = c = 5.10 | La 4b 0.5 0.5 0.5 H 8c 0.25 0.25 0.25",
    )
    assert sites(claim) == HYDRIDE
    assert (claim.material, claim.values["pressure"], claim.values["c"]) == (
        "LaH10",
        "150 GPa",
        "5.10 Å",
    )


def test_three_coordinates_in_one_cell_and_letters_in_labels() -> None:
    [claim] = claims(
        "Phase | Atom | Coordinates",
        "Fm-3m LaH10 | La(4b) | (0.5, 0.5, 0.5)",
        " | H(8c) | (0.25, 0.25, 0.25)",
    )
    assert sites(claim) == HYDRIDE


def test_names_stacked_beside_sites_are_of_one_structure() -> None:
    first, second = claims(
        "Structure | Lattice parameters (Å) | Atom | Site | x | y | z",
        "LaH10 | a = 5.10 | La | 4b | 0.5 | 0.5 | 0.5",
        "Fm-3m | | H | 8c | 0.25 | 0.25 | 0.25",
        "150 GPa | | | | | | ",
        "LaH10 | a = 5.00 | La | 4b | 0.5 | 0.5 | 0.5",
        "Fm-3m | | H | 8c | 0.25 | 0.25 | 0.25",
        "170 GPa | | | | | | ",
    )
    assert sites(first) == sites(second) == HYDRIDE
    assert (first.values["pressure"], first.values["a"]) == ("150 GPa", "5.10 Å")
    assert (second.values["pressure"], second.values["a"]) == ("170 GPa", "5.00 Å")
    assert second.values["space_group"] == "Fm-3m"


def test_rows_that_head_sites_state_the_whole_structure() -> None:
    first, second = claims(
        "Atom | Site | x | y | z",
        "Fm-3m LaH10 at 150 GPa, a = 5.10 Å | | | | ",
        "La | 4b | 0.5 | 0.5 | 0.5",
        "Pm CaBH9 at 250 GPa, a = 2.66 Å, b = 3.69 Å, c = 2.86 Å, β = 91.6° | | | | ",
        "Ca | 1b | 0.85 | 0.5 | 0.04",
    )
    assert (first.material, second.material) == ("LaH10", "CaBH9")
    assert (second.values["space_group"], second.values["beta"]) == ("Pm", "91.6 °")


def test_a_structure_at_another_pressure_keeps_no_cell() -> None:
    first, second = claims(
        "Compound | P (GPa) | a (Å) | Atom | x | y | z",
        "LaH10 | 150 | 5.10 | La | 0.5 | 0.5 | 0.5",
        " | 170 |  | La | 0.5 | 0.5 | 0.5",
    )
    assert first.values["a"] == "5.10 Å"
    assert second.material == "LaH10"
    assert "a" not in second.values


def test_leads_repeated_in_each_row_are_of_one_structure() -> None:
    [claim] = claims(
        "Compound | Space group | Atom | Site | x | y | z",
        "LaH10 | Fm-3m | La | 4b | 0.5 | 0.5 | 0.5",
        "LaH10 | Fm-3m | H | 8c | 0.25 | 0.25 | 0.25",
    )
    assert sites(claim) == HYDRIDE


def test_sites_of_other_elements_are_not_the_materials() -> None:
    assert claims("Compound | Atom | x | y | z", "LaH10 | Y | 0.5 | 0.5 | 0.25") == []


def test_elements_and_short_hydrides_are_known_by_their_sites() -> None:
    [claim] = claims("Phase | Atom | x | y | z", "Im-3m V | V | 0 | 0 | 0.5")
    assert claim.material == "V"
    [claim] = claims(
        "Atom | x | y | z",
        "B | 0 | 0 | 0.5",
        "H | 0 | 0 | 0",
        caption="Sites of BH in the P6/mmm structure",
    )
    assert (claim.material, claim.values["space_group"]) == ("BH", "P6/mmm")


def test_angles_in_one_column() -> None:
    [claim] = claims(
        "Compound | Space group | a (Å) | b (Å) | c (Å) | α, β, γ (°)",
        "LaH10 | C2/m | 5.31 | 5.75 | 3.89 | 90, 101.3, 90",
    )
    assert claim.values["beta"] == "101.3 °"


@given(st.lists(st.text("LaH104b(0.5, )xyz 1/2a=Å", max_size=16), min_size=4, max_size=4))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_table_is_read(texts: list[str]) -> None:
    row = tuple(Cell(text) for text in texts[:4])
    head = tuple(Cell(text, is_header=True) for text in ("Atom", "x", "y", "z"))
    table = Table((head, row), "")
    for claim in claims_of_table(table, MaterialContext.of([], [], [])):
        assert "wyckoff" in claim.values
