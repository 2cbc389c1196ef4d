"""Structures of the literature, from the facts that papers print of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from scmine.validator.structures.stated import StatedSite, StatedStructure
from scmine.validator.structures.wyckoff import from_wyckoff

Triplet = tuple[float | str | None, float | str | None, float | str | None]


@dataclass(frozen=True)
class Known:
    """A statement, the atoms that its cell holds, and one distance (Å) that is known."""

    name: str
    group: str
    cell: dict[str, float]
    composition: dict[str, float]
    sites: list[tuple[str, str | None, Triplet | None]]
    number: int
    bond: tuple[str, str, float]
    repaired: bool = False
    occupancies: dict[int, float] = field(default_factory=dict)

    def stated(self) -> StatedStructure:
        sites = tuple(
            StatedSite(e, site=s, xyz=x, occupancy=self.occupancies.get(i, 1.0))
            for i, (e, s, x) in enumerate(self.sites)
        )
        return StatedStructure(
            formula=self.name,
            composition=self.composition,
            space_group=self.group,
            sites=sites,
            **self.cell,  # type: ignore[arg-type]
        )


def _tetragonal(a: float, c: float) -> dict[str, float]:
    return {"a_A": a, "c_A": c}


KNOWN = [
    Known(
        "LaFeAsO", "P4/nmm", _tetragonal(4.035, 8.741), {"La": 1, "Fe": 1, "As": 1, "O": 1},
        [("La", "2c", (0.25, 0.25, 0.1415)), ("Fe", "2b", (0.75, 0.25, 0.5)),
         ("As", "2c", (0.25, 0.25, 0.6512)), ("O", "2a", (0.75, 0.25, 0.0))],
        129, ("Fe", "As", 2.411),
    ),
    Known(
        "LaFeAsO, coordinates only", "P4/nmm", _tetragonal(4.035, 8.741),
        {"La": 1, "Fe": 1, "As": 1, "O": 1},
        [("La", None, (0.25, 0.25, 0.1415)), ("Fe", None, (0.75, 0.25, 0.5)),
         ("As", None, (0.25, 0.25, 0.6512)), ("O", None, (0.75, 0.25, 0.0))],
        129, ("Fe", "As", 2.411),
    ),
    Known(
        "LaFeAsO0.9F0.1", "P4/nmm", _tetragonal(4.035, 8.741),
        {"La": 1, "Fe": 1, "As": 1, "O": 0.9, "F": 0.1},
        [("La", None, (0.25, 0.25, 0.1415)), ("Fe", "2b", None),
         ("As", None, (0.25, 0.25, 0.6512)), ("O", "2a", None)],
        129, ("Fe", "As", 2.411), repaired=True,
    ),
    Known(
        "LiFeAs", "P4/nmm", _tetragonal(3.7914, 6.3639), {"Li": 1, "Fe": 1, "As": 1},
        [("Fe", None, (0.75, 0.25, 0.5)), ("Li", None, (0.25, 0.25, 0.8459)),
         ("As", None, (0.25, 0.25, 0.2635))],
        129, ("Fe", "As", 2.4162),
    ),
    Known(
        "FeSe", "P4/nmm", _tetragonal(3.7724, 5.5217), {"Fe": 1, "Se": 1},
        [("Fe", "2a", (0.0, 0.0, 0.0)), ("Se", "2c", (0.0, 0.5, 0.2673))],
        129, ("Fe", "Se", 2.393),
    ),
    Known(
        "BaFe2As2", "I4/mmm", _tetragonal(3.9625, 13.0168), {"Ba": 1, "Fe": 2, "As": 2},
        [("Ba", "2a", None), ("Fe", "4d", (0.5, 0.0, 0.25)), ("As", "4e", (None, None, 0.3545))],
        139, ("Fe", "As", 2.403),
    ),
    Known(
        "Ba0.6K0.4Fe2As2", "I4/mmm", _tetragonal(3.917, 13.297),
        {"Ba": 0.6, "K": 0.4, "Fe": 2, "As": 2},
        [("Ba", "2a", None), ("K", "2a", None), ("Fe", "4d", (0.5, 0.0, 0.25)),
         ("As", "4e", (0.0, 0.0, 0.3538))],
        139, ("Fe", "As", 2.396), repaired=True,
    ),
    Known(
        "Sr2RuO4", "I4/mmm", _tetragonal(3.8603, 12.729), {"Sr": 2, "Ru": 1, "O": 4},
        [("Ru", "2a", None), ("Sr", None, (0.0, 0.0, 0.3538)), ("O", "4c", None),
         ("O", None, (0.0, 0.0, 0.1619))],
        139, ("Ru", "O", 1.930),
    ),
    Known(
        "Bi2Sr2CaCu2O8", "I4/mmm", _tetragonal(3.814, 30.52),
        {"Bi": 2, "Sr": 2, "Ca": 1, "Cu": 2, "O": 8},
        [("Bi", "4e", (0.0, 0.0, 0.3022)), ("Sr", "4e", (0.0, 0.0, 0.1097)),
         ("Ca", "2a", (0.0, 0.0, 0.0)), ("Cu", "4e", (0.0, 0.0, 0.4456)),
         ("O", "8g", (0.0, 0.5, 0.446)), ("O", "4e", (0.0, 0.0, 0.375)),
         ("O", "4e", (0.0, 0.0, 0.205))],
        139, ("Cu", "O", 1.907),
    ),
    Known(
        "YBa2Cu3O7", "Pmmm", {"a_A": 3.8227, "b_A": 3.8872, "c_A": 11.6802},
        {"Y": 1, "Ba": 2, "Cu": 3, "O": 7},
        [("Y", "1h", None), ("Ba", "2t", (0.5, 0.5, 0.1843)), ("Cu", "1a", None),
         ("Cu", "2q", (0.0, 0.0, 0.3556)), ("O", "1e", None), ("O", "2s", (0.5, 0.0, 0.3773)),
         ("O", "2r", (0.0, 0.5, 0.3789)), ("O", "2q", (0.0, 0.0, 0.1584))],
        47, ("Cu", "O", 1.850),
    ),
    Known(
        "YBa2Cu3O6.9", "Pmmm", {"a_A": 3.8227, "b_A": 3.8872, "c_A": 11.6802},
        {"Y": 1, "Ba": 2, "Cu": 3, "O": 6.9},
        [("Y", None, (0.5, 0.5, 0.5)), ("Ba", None, (0.5, 0.5, 0.1843)),
         ("Cu", None, (0.0, 0.0, 0.0)), ("Cu", None, (0.0, 0.0, 0.3556)),
         ("O", None, (0.0, 0.5, 0.0)), ("O", None, (0.5, 0.0, 0.3773)),
         ("O", None, (0.0, 0.5, 0.3789)), ("O", None, (0.0, 0.0, 0.1584))],
        47, ("Cu", "O", 1.850),
    ),
    Known(
        "MgB2", "P6/mmm", {"a_A": 3.086, "c_A": 3.524}, {"Mg": 1, "B": 2},
        [("Mg", "1a", None), ("B", None, (0.333, 0.667, 0.5))],
        191, ("B", "B", 1.7817), repaired=True,
    ),
    Known(
        "CeCoIn5", "P4/mmm", _tetragonal(4.612, 7.549), {"Ce": 1, "Co": 1, "In": 5},
        [("Ce", "1a", (0.0, 0.0, 0.0)), ("Co", "1b", (0.0, 0.0, 0.5)),
         ("In", "1c", (0.5, 0.5, 0.0)), ("In", "4i", (0.0, 0.5, 0.3094))],
        123, ("Co", "In", 2.7181),
    ),
    Known(
        "Nb3Sn", "Pm3n", {"a_A": 5.29}, {"Nb": 3, "Sn": 1},
        [("Sn", "2a", None), ("Nb", "6c", (0.25, 0.0, 0.5))],
        223, ("Nb", "Nb", 2.645),
    ),
    Known(
        "H3S", "Im-3m", {"a_A": 3.089}, {"H": 3, "S": 1}, [("S", "2a", None), ("H", "6b", None)],
        229, ("H", "S", 1.5445),
    ),
    Known(
        "LaH10", "Fm-3m", {"a_A": 5.1}, {"La": 1, "H": 10},
        [("La", "4b", None), ("H", "8c", None), ("H", "32f", (0.12, 0.12, 0.12))],
        225, ("La", "H", 2.112),
    ),
    Known(
        "CeH9", "P6_3/mmc", {"a_A": 3.711, "c_A": 5.543}, {"Ce": 1, "H": 9},
        [("Ce", "2d", (0.6667, 0.3333, 0.25)), ("H", "12k", (0.1565, 0.8435, 0.4404)),
         ("H", "4f", (0.3333, 0.6667, 0.1499)), ("H", "2b", (0.0, 0.0, 0.25))],
        194, ("Ce", "H", 2.056),
    ),
    Known(
        "K3C60", "Fm-3", {"a_A": 14.24}, {"K": 3, "C": 60},
        [("K", "4b", None), ("K", "8c", None), ("C", "48h", (0.0, 0.0503, 0.2443)),
         ("C", "96i", (0.0503, 0.1821, 0.1628)), ("C", "96i", (0.0814, 0.1006, 0.2132))],
        202, ("C", "C", 1.429),
    ),
    Known(
        "Na0.7CoO2", "P63/mmc", {"a_A": 2.84, "c_A": 10.81}, {"Na": 0.7, "Co": 1, "O": 2},
        [("Na", "2b", (0.0, 0.0, 0.25)), ("Na", "2d", (0.667, 0.333, 0.25)), ("Co", "2a", None),
         ("O", "4f", (0.333, 0.667, 0.0913))],
        194, ("Co", "O", 1.914), repaired=True, occupancies={0: 0.25, 1: 0.45},
    ),
    Known(
        "CaC6", "R-3m", {"a_A": 4.333, "c_A": 13.572}, {"Ca": 1, "C": 6},
        [("Ca", "3a", None), ("C", "18g", (0.3333, 0.0, 0.5))],
        166, ("C", "C", 1.4443),
    ),
    Known(
        "PbMo6S8", "R-3", {"a_A": 6.544, "alpha_deg": 89.33}, {"Pb": 1, "Mo": 6, "S": 8},
        [("Pb", None, (0.0, 0.0, 0.0)), ("Mo", None, (0.2253, 0.4149, 0.5618)),
         ("S", None, (0.1279, 0.3834, 0.7429)), ("S", None, (0.2436, 0.2436, 0.2436))],
        148, ("Mo", "Mo", 2.67),
    ),
    Known(
        "Bi2Te3 without its bar", "R3m", {"a_A": 4.386, "c_A": 30.497}, {"Bi": 2, "Te": 3},
        [("Bi", None, (0.0, 0.0, 0.4)), ("Te", None, (0.0, 0.0, 0.0)),
         ("Te", None, (0.0, 0.0, 0.2097))],
        166, ("Bi", "Te", 3.07), repaired=True,
    ),
    Known(
        "La2CuO4", "Bmab", {"a_A": 5.3562, "b_A": 5.399, "c_A": 13.1669},
        {"La": 2, "Cu": 1, "O": 4},
        [("La", "8f", (0.0, 0.9917, 0.3616)), ("Cu", "4a", None),
         ("O", "8e", (0.25, 0.25, 0.9923)), ("O", "8f", (0.0, 0.0343, 0.1831))],
        64, ("Cu", "O", 1.904),
    ),
]  # fmt: skip


@pytest.mark.parametrize("known", KNOWN, ids=lambda k: k.name)
def test_a_known_structure_is_rebuilt(known: Known) -> None:
    (candidate,) = from_wyckoff(known.stated())
    structure = candidate.structure
    have = {str(e): n for e, n in structure.composition.get_el_amt_dict().items()}
    units = have[max(known.composition, key=lambda e: known.composition[e])] / max(
        known.composition.values()
    )
    for element, amount in known.composition.items():
        assert have[element] / units == pytest.approx(amount, rel=0.02)
    assert structure.get_space_group_info(symprec=0.01)[1] == known.number
    assert _nearest(structure, *known.bond[:2]) == pytest.approx(known.bond[2], abs=0.02)
    assert bool(candidate.repairs) == known.repaired, candidate.repairs


def _nearest(structure, one: str, other: str) -> float:
    first, second, _, distances = structure.get_neighbor_list(4.0)
    return min(
        d
        for i, j, d in zip(first, second, distances, strict=True)
        if one in structure[i].species_string and other in structure[j].species_string
    )
