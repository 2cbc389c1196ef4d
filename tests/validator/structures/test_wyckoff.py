"""Way 2: settings, names of positions, repairs and refusals."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymatgen.analysis.structure_matcher import StructureMatcher
from pymatgen.core import Lattice, Structure

from scmine.validator.structures.assembling import closeness
from scmine.validator.structures.positions import positions
from scmine.validator.structures.rebuilt import Way
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.settings import SETTINGS, operations, setting
from scmine.validator.structures.stated import Coordinate, StatedSite, StatedStructure
from scmine.validator.structures.wyckoff import from_wyckoff

MATCHER = StructureMatcher()


def site(
    element: str,
    name: str | None = None,
    xyz: tuple[Coordinate, Coordinate, Coordinate] | None = None,
    occupancy: float = 1.0,
) -> StatedSite:
    return StatedSite(element, site=name, xyz=xyz, occupancy=occupancy)


LAFEASO = StatedStructure(
    formula="LaFeAsO",
    composition={"La": 1, "Fe": 1, "As": 1, "O": 1},
    space_group="P4/nmm",
    a_A=4.035,
    c_A=8.741,
    sites=(
        site("La", "2c", (0.25, 0.25, 0.1415)),
        site("Fe", "2b", (0.75, 0.25, 0.5)),
        site("As", "2c", (0.25, 0.25, 0.6512)),
        site("O", "2a", (0.75, 0.25, 0.0)),
    ),
)
PEROVSKITE = StatedStructure(
    formula="LaMnO3",
    composition={"La": 1, "Mn": 1, "O": 3},
    space_group="Pbnm",
    a_A=5.5367,
    b_A=5.7473,
    c_A=7.6929,
    sites=(
        site("La", "4c", (0.9937, 0.0436, 0.25)),
        site("Mn", "4b", (0.5, 0.0, 0.0)),
        site("O", "4c", (0.0733, 0.4893, 0.25)),
        site("O", "8d", (0.7257, 0.3014, 0.0385)),
    ),
)
H3S = StatedStructure(
    formula="H3S",
    composition={"H": 3, "S": 1},
    space_group="Im-3m",
    a_A=3.089,
    sites=(site("S", "2a"), site("H", "6b")),
)


def only(stated: StatedStructure):
    (candidate,) = from_wyckoff(stated)
    return candidate


def refusal(stated: StatedStructure) -> RefusalError:
    with pytest.raises(RefusalError) as caught:
        from_wyckoff(stated)
    return caught.value


def test_the_origin_is_the_one_that_makes_the_formula() -> None:
    candidate = only(LAFEASO)
    assert candidate.origin == "P4/nmm:2"
    assert candidate.way is Way.WYCKOFF
    assert candidate.repairs == ()
    assert candidate.structure.composition.formula == "La2 Fe2 As2 O2"


def test_a_wrong_origin_in_print_is_a_repair() -> None:
    candidate = only(replace(LAFEASO, space_group="P4/nmm:1"))
    assert candidate.origin == "P4/nmm:2"
    assert "P4/nmm:1 is printed" in candidate.repairs[0]


def test_any_point_of_the_orbit_names_the_site() -> None:
    turned = replace(LAFEASO.sites[0], xyz=(0.75, 0.75, 0.8585))
    other = only(replace(LAFEASO, sites=(turned, *LAFEASO.sites[1:])))
    assert MATCHER.fit(other.structure, only(LAFEASO).structure)


def test_axes_of_another_setting_than_printed_are_a_repair() -> None:
    right = only(PEROVSKITE)
    assert right.repairs == ()
    wrong = only(replace(PEROVSKITE, space_group="Pnma"))
    assert wrong.repairs == ("The sites are those of Pbnm; Pnma is printed.",)
    assert MATCHER.fit(right.structure, wrong.structure)


def test_permuted_edges_are_put_right() -> None:
    permuted = replace(PEROVSKITE, a_A=5.7473, b_A=7.6929, c_A=5.5367)
    candidate = only(permuted)
    assert "permuted" in candidate.repairs[0]
    assert MATCHER.fit(candidate.structure, only(PEROVSKITE).structure)


def test_letters_alone_are_enough_where_nothing_is_free() -> None:
    assert only(H3S).structure.composition.formula == "H6 S2"


def test_an_open_coordinate_is_refused_by_name() -> None:
    sites = (site("Fe", "2a"), site("Se", "2c", (0.0, 0.5, "z")))
    stated = StatedStructure("FeSe", {"Fe": 1, "Se": 1}, "P4/nmm", a_A=3.77, c_A=5.52, sites=sites)
    caught = refusal(stated)
    assert (caught.name, caught.contradiction) == ("sites_open", False)
    assert "Se" in str(caught)
    assert refusal(replace(stated, sites=(sites[0], site("Se", "2c")))).name == "sites_open"


def test_one_free_coordinate_alone_is_enough() -> None:
    sites = (site("Ba", "2a"), site("Fe", "4d"), site("As", "4e", (None, None, 0.3545)))
    stated = StatedStructure(
        "BaFe2As2", {"Ba": 1, "Fe": 2, "As": 2}, "I4/mmm", a_A=3.9625, c_A=13.0168, sites=sites
    )
    assert only(stated).structure.composition.formula == "Ba2 Fe4 As4"


def test_an_expression_follows_from_the_other_coordinate() -> None:
    sites = (site("Nb", "2c", ("1/3", "2/3", "1/4")), site("S", "4f", ("1/3", "2/3", 0.621)))
    stated = StatedStructure(
        "NbS2", {"Nb": 1, "S": 2}, "P63/mmc", a_A=3.324, c_A=11.95, sites=sites
    )
    assert only(stated).repairs == ()
    laves = StatedStructure(
        "MgZn2", {"Mg": 1, "Zn": 2}, "P63/mmc", a_A=5.22, c_A=8.57,
        sites=(site("Mg", "4f", ("1/3", "2/3", 0.062)), site("Zn", "2a"),
               site("Zn", "6h", (0.8305, "2x", "1/4"))),
    )  # fmt: skip
    assert only(laves).structure.composition.formula == "Mg4 Zn8"


@pytest.mark.parametrize(
    ("xyz", "repaired"),
    [((0.333, 0.667, 0.5), True), ((0.3333, 0.6667, 0.5), False), ((0.33, 0.67, 0.5), True),
     (("1/3", "2/3", 0.5), False), ((0.333, 0.666, 0.5), True)],
)  # fmt: skip
def test_thirds_are_completed(
    xyz: tuple[Coordinate, Coordinate, Coordinate], repaired: bool
) -> None:
    stated = StatedStructure(
        "MgB2", {"Mg": 1, "B": 2}, "P6/mmm", a_A=3.086, c_A=3.524,
        sites=(site("Mg", "1a"), site("B", None, xyz)),
    )  # fmt: skip
    candidate = only(stated)
    assert candidate.structure.composition.formula == "Mg1 B2"
    assert candidate.structure.get_space_group_info(1e-5)[1] == 191
    assert bool(candidate.repairs) == repaired


def test_a_lost_bar_is_found_by_the_formula() -> None:
    stated = StatedStructure(
        "Bi2Te3", {"Bi": 2, "Te": 3}, "R3m", a_A=4.386, c_A=30.497,
        sites=(site("Bi", None, (0.0, 0.0, 0.4)), site("Te", None, (0.0, 0.0, 0.0)),
               site("Te", None, (0.0, 0.0, 0.2097))),
    )  # fmt: skip
    candidate = only(stated)
    assert candidate.repairs == ("The bar of R-3m was lost: R3m is printed.",)
    assert candidate.space_group_number == 166
    numbered = only(replace(stated, space_group_number=166))
    assert MATCHER.fit(candidate.structure, numbered.structure)


def test_symbol_and_number_that_disagree_are_decided_by_the_formula() -> None:
    candidate = only(replace(H3S, space_group="Pm-3m", space_group_number=229))
    assert candidate.repairs == ("No. 229 (Im-3m) is taken, not Pm-3m.",)


def test_wrong_letters_are_set_aside_where_coordinates_make_the_formula() -> None:
    sites = (replace(LAFEASO.sites[0], site="2f"), *LAFEASO.sites[1:])
    candidate = only(replace(LAFEASO, sites=sites))
    assert "2f" in candidate.repairs[0]


def test_a_missing_length_is_estimated_from_a_volume_or_refused() -> None:
    stated = replace(H3S, a_A=None)
    assert refusal(stated).name == "cell_missing"
    (candidate,) = from_wyckoff(stated, formula_volume_A3=14.74)
    assert candidate.estimated == ("a_A",)
    assert candidate.structure.volume == pytest.approx(2 * 14.74)


def test_sites_that_do_not_make_the_formula_are_a_contradiction() -> None:
    caught = refusal(replace(H3S, formula="H2S", composition={"H": 2, "S": 1}))
    assert (caught.name, caught.contradiction) == ("sites_against_formula", True)


def test_an_element_without_a_site_is_not_enough() -> None:
    caught = refusal(replace(H3S, sites=H3S.sites[:1]))
    assert (caught.name, caught.contradiction) == ("sites_incomplete", False)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"space_group": None}, "space_group_missing"),
        ({"space_group": "Q9"}, "space_group_missing"),
        ({"sites": ()}, "sites_missing"),
        ({"sites": (StatedSite("Xx"),)}, "sites_unreadable"),
        ({"sites": (StatedSite("H", xyz=(0.0, 0.0, "q")),)}, "sites_unreadable"),
        ({"sites": (StatedSite("H", xyz=(0.0, 0.0, 38.0)),)}, "coordinates_out_of_range"),
        ({"sites": tuple(StatedSite("H") for _ in range(500))}, "sites_too_many"),
        ({"a_A": 0.2}, "cell_out_of_range"),
    ],
)
def test_refusals_have_their_names(change: dict[str, object], name: str) -> None:
    assert refusal(replace(H3S, **change)).name == name  # type: ignore[arg-type]


def test_sites_in_one_place_share_it_as_the_formula_says() -> None:
    sites = (site("Ba", "2a"), site("K", "2a"), site("Fe", "4d"),
             site("As", "4e", (0.0, 0.0, 0.3538)))  # fmt: skip
    stated = StatedStructure(
        "Ba0.6K0.4Fe2As2", {"Ba": 0.6, "K": 0.4, "Fe": 2, "As": 2}, "I4/mmm",
        a_A=3.917, c_A=13.297, sites=sites,
    )  # fmt: skip
    candidate = only(stated)
    assert "share one site" in candidate.repairs[0]
    shares = candidate.structure[0].species.get_el_amt_dict()
    assert shares == {"Ba": pytest.approx(0.6), "K": pytest.approx(0.4)}
    written = (site("Ba", "2a", None, 0.6), site("K", "2a", None, 0.4), *sites[2:])
    assert only(replace(stated, sites=written)).repairs == ()


def test_a_dopant_without_a_site_goes_where_its_amount_is_missing() -> None:
    doped = replace(LAFEASO, composition={"La": 1, "Fe": 1, "As": 1, "O": 0.9, "F": 0.1})
    candidate = only(doped)
    assert candidate.structure.composition["F"] == pytest.approx(0.2)
    assert candidate.repairs == ("F is put onto the site of O, in the shares of the formula.",)


def test_deuterium_is_hydrogen() -> None:
    stated = replace(H3S, sites=(site("S", "2a"), site("D", "6b")))
    assert only(stated).structure.composition.formula == "H6 S2"


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, SETTINGS), st.integers(0, 2**32 - 1), st.sampled_from(["name", "many", "none"])
)
def test_structures_of_any_setting_come_back(hall: int, seed: int, printed: str) -> None:
    made = _random_structure(hall, np.random.default_rng(seed))
    if made is None:
        return
    structure, stated_sites = made
    names = {"name": lambda s: s, "many": lambda s: s.rstrip("abcdefghijklmnopqrstuvwxyzA")}
    sites = tuple(
        StatedSite(e, site=names[printed](name) if printed in names else None, xyz=xyz)
        for e, name, xyz in stated_sites
    )
    lattice = structure.lattice
    amounts = structure.composition.reduced_composition.get_el_amt_dict()
    chosen = setting(hall)
    stated = StatedStructure(
        composition={str(e): float(n) for e, n in amounts.items()},
        space_group=str(chosen) if chosen.origin or chosen.choice == "R" else chosen.name,
        sites=sites,
        a_A=lattice.a, b_A=lattice.b, c_A=lattice.c,
        alpha_deg=lattice.alpha, beta_deg=lattice.beta, gamma_deg=lattice.gamma,
    )  # fmt: skip
    candidates = from_wyckoff(stated)
    assert any(MATCHER.fit(c.structure, structure) for c in candidates)


def _random_structure(
    hall: int, generator: np.random.Generator
) -> tuple[Structure, list[tuple[str, str, tuple[float, float, float]]]] | None:
    """A structure of a setting whose atoms keep well apart, and its sites to four decimals."""
    every = positions(hall)
    for _ in range(20):
        chosen = [every[i] for i in generator.integers(0, len(every), 3)]
        edge = (sum(p.multiplicity for p in chosen) * 18) ** (1 / 3)
        if sum(p.multiplicity for p in chosen) > 200:
            continue
        frees = np.round(generator.random((len(chosen), 3)), 4)
        points = [
            np.round(p.matrices[0] @ free + p.shifts[0], 6) % 1.0
            for p, free in zip(chosen, frees, strict=True)
        ]
        rotations, translations = operations(hall)
        species, coordinates = [], []
        names = ("La", "Fe", "As")
        for name, point in zip(names, points, strict=True):
            images = (rotations @ point + translations) % 1.0
            _, first = np.unique(np.round(images, 5) % 1.0, axis=0, return_index=True)
            species += [name] * len(first)
            coordinates.append(images[first])
        structure = Structure(_lattice(hall, edge), species, np.concatenate(coordinates))
        if closeness(structure) > 0.8:
            sites = [
                (name, p.name, tuple(round(float(x), 4) for x in point))
                for name, p, point in zip(names, chosen, points, strict=True)
            ]
            return structure, sites  # type: ignore[return-value]
    return None


def _lattice(hall: int, edge: float) -> Lattice:
    axes = setting(hall).axes
    a, b, c = edge * 0.9, edge, edge * 1.2
    if axes == "cubic":
        return Lattice.cubic(edge)
    if axes == "tetragonal":
        return Lattice.tetragonal(a, c)
    if axes == "hexagonal":
        return Lattice.hexagonal(a, c)
    if axes == "rhombohedral":
        return Lattice.rhombohedral(edge, 72.0)
    angles = [90.0, 90.0, 90.0]
    if axes.startswith("monoclinic"):
        angles["abc".index(axes[-1])] = 103.0
    if axes == "triclinic":
        angles = [81.0, 97.0, 104.0]
    return Lattice.from_parameters(a, b, c, *angles)


def test_nothing_is_warned_of() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        from_wyckoff(LAFEASO)


LAVES = StatedStructure(
    formula="CaRh2",
    composition={"Ca": 1, "Rh": 2},
    space_group="Fd-3m",
    a_A=7.525,
    sites=(
        site("Ca", None, (0.0, 0.0, 0.0)),
        site("Ca", None, (0.25, 0.25, 0.25)),
        site("Rh", None, (0.625, 0.625, 0.625)),
        site("Rh", None, (0.625, 0.875, 0.875)),
        site("Rh", None, (0.875, 0.625, 0.875)),
        site("Rh", None, (0.875, 0.875, 0.625)),
    ),
)
LANIBN = StatedStructure(
    formula="LaNiBN",
    composition={"La": 1, "Ni": 1, "B": 1, "N": 1},
    space_group="P4/nmm",
    a_A=3.73,
    c_A=7.64,
    sites=(
        site("Ni", "2b", (0.75, 0.25, 0.5)),
        site("La", "2c", (None, None, 0.177)),
        site("B", "2c", (None, None, 0.3545)),
        site("N", "2c", (None, None, 0.1636)),
    ),
)


def test_atoms_of_one_orbit_count_once() -> None:
    candidate = only(LAVES)
    alone = only(replace(LAVES, sites=(LAVES.sites[0], LAVES.sites[2])))
    assert MATCHER.fit(candidate.structure, alone.structure)
    assert candidate.structure.composition.as_dict() == {"Ca": 8, "Rh": 16}
    assert [r.split()[0] for r in candidate.repairs] == ["2", "4"]
    assert refusal(replace(LAVES, composition={})).name == "sites_against_formula"


def test_halves_of_a_split_site_count_once() -> None:
    split = replace(
        PEROVSKITE,
        composition={"La": 0.5, "Mn": 1, "O": 3},
        formula="La0.5MnO3",
        sites=(
            site("La", None, (0.9937, 0.0436, 0.25), 0.5),
            site("La", None, (0.0063, 0.9564, 0.75), 0.5),
            *PEROVSKITE.sites[1:],
        ),
    )
    candidate = only(split)
    assert candidate.structure.composition["La"] == pytest.approx(2)
    assert candidate.repairs


def test_open_coordinates_are_on_another_point_where_the_first_clashes() -> None:
    candidate = only(LANIBN)
    (repair,) = candidate.repairs
    assert repair.startswith("La (2c) is taken at"), "moving B and N comes to the same"
    distances = {
        frozenset({one.specie.symbol, other.specie.symbol}): 99.0
        for one in candidate.structure
        for other in candidate.structure
    }
    for one in range(len(candidate.structure)):
        for other in range(one):
            names = frozenset({candidate.structure[k].specie.symbol for k in (one, other)})
            near = candidate.structure.get_distance(one, other)
            distances[names] = min(distances[names], near)
    assert distances[frozenset({"B", "N"})] == pytest.approx(1.459, abs=0.01)
    assert distances[frozenset({"Ni", "B"})] == pytest.approx(2.17, abs=0.01)


def test_a_name_that_fits_nowhere_is_left_out_for_its_site_alone() -> None:
    wrong = StatedStructure(
        formula="Ca3Ir4Ge4",
        composition={"Ca": 3, "Ir": 4, "Ge": 4},
        space_group="I-43m",
        a_A=7.651,
        sites=(
            site("Ca", "6a", (0.0, 0.5, 0.5)),
            site("Ir", "8c", (0.634, None, None)),
            site("Ge", "8c", (0.813, None, None)),
        ),
    )
    candidate = only(wrong)
    assert candidate.structure.composition.as_dict() == {"Ca": 6, "Ir": 8, "Ge": 8}
    assert "6a" in candidate.repairs[0]
    (right,) = from_wyckoff(replace(wrong, sites=(site("Ca", "6b"), *wrong.sites[1:])))
    assert MATCHER.fit(candidate.structure, right.structure)


def test_a_position_left_out_is_no_contradiction() -> None:
    caught = refusal(replace(PEROVSKITE, sites=PEROVSKITE.sites[:3]))
    assert (caught.name, caught.contradiction) == ("sites_incomplete", False)
