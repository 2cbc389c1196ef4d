"""Artificial doping: what 3DSC's criteria let through, and each named refusal, both ways."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymatgen.core import Lattice, Structure

from scmine.validator.structures.doping import from_host
from scmine.validator.structures.formula_difference import Grade, formula_difference
from scmine.validator.structures.hosts import Host, Hosts, formula_sum, read_hosts
from scmine.validator.structures.parents import parents
from scmine.validator.structures.rebuilt import Way
from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.substitution import Orbit, plan_substitution


def la2cuo4() -> Structure:
    """Tetragonal La2CuO4, in the cell of K2NiF4."""
    return Structure.from_spacegroup(
        "I4/mmm",
        Lattice.tetragonal(3.78, 13.23),
        ["La", "Cu", "O", "O"],
        [[0, 0, 0.361], [0, 0, 0], [0, 0.5, 0], [0, 0, 0.182]],
    )


def bafe2as2() -> Structure:
    return Structure.from_spacegroup(
        "I4/mmm",
        Lattice.tetragonal(3.9625, 13.0168),
        ["Ba", "Fe", "As"],
        [[0, 0, 0], [0, 0.5, 0.25], [0, 0, 0.3545]],
    )


def lafeaso() -> Structure:
    return Structure.from_spacegroup(
        "P4/nmm:2",
        Lattice.tetragonal(4.0353, 8.7409),
        ["La", "Fe", "As", "O"],
        [[0.25, 0.25, 0.1415], [0.75, 0.25, 0.5], [0.25, 0.25, 0.6512], [0.75, 0.25, 0]],
    )


def lead() -> Structure:
    return Structure.from_spacegroup("Fm-3m", Lattice.cubic(4.95), ["Pb"], [[0, 0, 0]])


def hosts(*structures: Structure) -> Hosts:
    return Hosts(
        Host(s.formula, dict(s.composition.get_el_amt_dict()), s.as_dict()) for s in structures
    )


def stated(composition: dict[str, float], **more: object) -> StatedStructure:
    return StatedStructure(composition=composition, **more)  # type: ignore[arg-type]


LSCO = {"La": 1.85, "Sr": 0.15, "Cu": 1.0, "O": 4.0}


def test_a_dopant_takes_the_place_of_the_one_element_that_is_less() -> None:
    (candidate,) = from_host(stated(LSCO), hosts(la2cuo4(), bafe2as2()))
    assert candidate.way is Way.DOPING
    wanted = {"La": 3.7, "Sr": 0.3, "Cu": 2, "O": 8}
    assert candidate.structure.composition.get_el_amt_dict() == pytest.approx(wanted)
    for site in candidate.structure:
        if "La" in site.species:
            assert site.species.get_el_amt_dict() == pytest.approx({"La": 0.925, "Sr": 0.075})
    assert "La replaced by Sr" in candidate.origin
    assert set(candidate.estimated) == {"a_A", "c_A", "sites"}


def test_stated_edges_are_taken() -> None:
    (candidate,) = from_host(stated(LSCO, a_A=3.7793, c_A=13.2260), hosts(la2cuo4()))
    assert candidate.structure.lattice.abc == pytest.approx((3.7793, 3.7793, 13.2260))
    assert candidate.estimated == ("sites",)


def test_fluorine_takes_oxygen_of_the_1111_type() -> None:
    wanted = {"La": 1.0, "Fe": 1.0, "As": 1.0, "O": 0.9, "F": 0.1}
    (candidate,) = from_host(stated(wanted), hosts(lafeaso()))
    assert {str(s.species) for s in candidate.structure if "O" in s.species} == {"O0.9 F0.1"}


def test_a_loss_alone_leaves_vacancies() -> None:
    wanted = {"La": 1.0, "Fe": 1.0, "As": 1.0, "O": 0.85}
    (candidate,) = from_host(stated(wanted), hosts(lafeaso()))
    assert {round(s.species["O"], 3) for s in candidate.structure if "O" in s.species} == {0.85}


def test_the_same_composition_is_the_host_itself() -> None:
    (candidate,) = from_host(stated({"Ba": 1, "Fe": 2, "As": 2}), hosts(bafe2as2()))
    assert candidate.structure.is_ordered
    assert candidate.origin.startswith("host")


@pytest.mark.parametrize(
    ("composition", "structures", "reason"),
    [
        ({"Mg": 1, "B": 2}, [bafe2as2()], "no_host"),
        ({"Pb": 0.97, "Bi": 0.03}, [lead()], "element_host"),
        ({"La": 1.8, "Sr": 0.1, "Ba": 0.1, "Cu": 1, "O": 4}, [la2cuo4()], "too_many_dopants"),
        ({"Ba": 0.6, "K": 0.4, "Fe": 2, "As": 2}, [bafe2as2()], "formula_too_different"),
        ({"La": 2, "Cu": 1, "O": 3.9}, [la2cuo4()], "site_not_unique"),
        ({"La": 2, "Cu": 1, "O": 4.1}, [la2cuo4()], "site_not_unique"),
        ({"La": 2, "Cu": 1, "O": 4, "F": 0.1}, [la2cuo4()], "no_site_for_excess"),
        ({}, [la2cuo4()], "no_composition"),
        ({"La": 0.0, "H": 0.0}, [la2cuo4()], "no_composition"),
    ],
)
def test_refusals_have_names(
    composition: dict[str, float], structures: list[Structure], reason: str
) -> None:
    with pytest.raises(RefusalError) as refused:
        from_host(stated(composition), hosts(*structures))
    assert refused.value.name == reason


def test_another_phase_is_refused() -> None:
    with pytest.raises(RefusalError) as refused:
        from_host(stated(LSCO, space_group_number=64), hosts(la2cuo4()))
    assert refused.value.name == "space_group_differs"
    with pytest.raises(RefusalError) as refused:
        from_host(stated(LSCO, a_A=5.36, c_A=13.2), hosts(la2cuo4()))
    assert refused.value.name == "lattice_differs"
    assert from_host(stated(LSCO, space_group_number=139), hosts(la2cuo4()))


def test_hosts_that_differ_are_all_given() -> None:
    """The T and the T' structure have one formula and one space group."""
    other = Structure.from_spacegroup(
        "I4/mmm",
        Lattice.tetragonal(3.95, 12.2),
        ["La", "Cu", "O", "O"],
        [[0, 0, 0.351], [0, 0, 0], [0, 0.5, 0], [0, 0.5, 0.25]],
    )
    both = hosts(la2cuo4(), other, la2cuo4())
    assert len(from_host(stated({"La": 2, "Cu": 1, "O": 4}), both)) == 2


class TestSubstitution:
    orbits = (Orbit(2, {"Ba": 0.8, "K": 0.2}), Orbit(4, {"Fe": 1.0}), Orbit(4, {"As": 1.0}))

    def test_a_shared_site_shifts(self) -> None:
        plan = plan_substitution({"Ba": 0.9, "K": 0.1, "Fe": 2, "As": 2}, self.orbits)
        assert plan.species == {0: {"Ba": 0.9, "K": 0.1}}

    def test_a_third_element_on_the_site_refuses(self) -> None:
        orbits = (Orbit(2, {"Ba": 0.8, "K": 0.2}), *self.orbits[1:])
        with pytest.raises(RefusalError) as refused:
            plan_substitution({"Ba": 0.7, "K": 0.2, "Na": 0.1, "Fe": 2, "As": 2}, orbits)
        assert refused.value.name == "host_site_shared"

    def test_a_dopant_for_two_elements_refuses(self) -> None:
        with pytest.raises(RefusalError) as refused:
            plan_substitution(
                {"La": 0.95, "Y": 0.95, "Sr": 0.1, "O": 3},
                (Orbit(1, {"La": 1.0}), Orbit(1, {"Y": 1.0}), Orbit(3, {"O": 1.0})),
            )
        assert refused.value.name == "dopant_site_ambiguous"

    def test_an_empty_place_is_filled_up_to_one(self) -> None:
        orbits = (Orbit(1, {"Y": 1.0}), Orbit(2, {"O": 0.5}))
        assert plan_substitution({"Y": 1, "O": 1.5}, orbits).species == {1: {"O": 0.75}}
        with pytest.raises(RefusalError) as refused:
            plan_substitution({"Y": 1, "O": 2.5}, orbits)
        assert refused.value.name == "occupancy_exceeded"


@pytest.mark.parametrize(
    ("fluorine", "grade"), [(0.0, Grade.SAME), (0.1, Grade.CLOSE), (0.2, Grade.DOPED)]
)
def test_grades(fluorine: float, grade: Grade) -> None:
    wanted = {"La": 1, "Fe": 1, "As": 1, "O": 1 - fluorine, "F": fluorine}
    assert formula_difference(wanted, {"La": 1, "Fe": 1, "As": 1, "O": 1}).grade is grade


def test_far_by_the_total_and_by_one_element() -> None:
    many = {"Y": 1, "Ba": 2, "Cu": 3, "O": 7}
    assert formula_difference({**many, "O": 5.0}, many).grade is Grade.FAR
    one = {"La": 10.0, "Ni": 20.0}
    assert formula_difference({"La": 10.0, "Ni": 19.0, "Co": 1.0}, one).grade is Grade.FAR


amounts = st.dictionaries(
    st.sampled_from(["La", "Sr", "Cu", "O", "F", "Y"]), st.floats(0.01, 10), min_size=1
)


@given(amounts, amounts, st.floats(0.1, 10))
def test_the_difference_knows_no_scale(
    one: dict[str, float], two: dict[str, float], factor: float
) -> None:
    plain = formula_difference(one, two)
    scaled = formula_difference(one, {e: n * factor for e, n in two.items()})
    assert scaled.total == pytest.approx(plain.total, abs=1e-5)
    assert 0 <= plain.total <= 2


@given(amounts)
def test_nothing_differs_from_itself(one: dict[str, float]) -> None:
    assert formula_difference(one, one).grade is Grade.SAME


class TestFiles:
    def test_cif_and_json_are_found_at_any_depth(self, tmp_path: Path) -> None:
        (tmp_path / "cod" / "1").mkdir(parents=True)
        bafe2as2().to(filename=str(tmp_path / "cod" / "1" / "7000001.cif"))
        documents = [{"material_id": "own-1", "structure": la2cuo4().as_dict()}]
        (tmp_path / "mp.json").write_text(json.dumps(documents))
        (tmp_path / "broken.cif").write_text("data_x\nnothing here\n")
        (tmp_path / "other.json").write_text("[1, 2]")
        found = read_hosts(tmp_path)
        assert len(found) == 2
        assert {Path(name).name for name, _ in found.left_out} == {"broken.cif", "other.json"}
        (candidate,) = from_host(stated(LSCO), found)
        assert "own-1" in candidate.origin

    def test_a_host_without_atoms_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "a.cif").write_text("data_a\n_chemical_formula_sum 'La2 Cu O4'\n")
        with pytest.raises(RefusalError) as refused:
            from_host(stated(LSCO), read_hosts(tmp_path))
        assert refused.value.name == "host_unreadable"

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match="no such file"):
            read_hosts(tmp_path / "none")

    def test_deuterium_counts_as_hydrogen(self) -> None:
        assert formula_sum('_chemical_formula_sum\n "La D3 H0.5"') == {"La": 1.0, "H": 3.5}


class TestParents:
    """Where the user gave no host, the undoped parent in a known structure type is one."""

    def test_a_doped_infinite_layer(self) -> None:
        wanted = stated(
            {"Sr": 0.9, "La": 0.1, "Cu": 1, "O": 2}, space_group_number=123, a_A=3.950, c_A=3.410
        )
        (candidate,) = from_host(wanted)
        assert candidate.way is Way.DOPING
        assert candidate.structure.lattice.abc == pytest.approx((3.950, 3.950, 3.410))
        assert {str(s.species) for s in candidate.structure if "La" in s.species} == {"Sr0.9 La0.1"}

    def test_substitution_and_vacancies_at_once(self) -> None:
        found = parents({"La": 1.85, "Sr": 0.15, "Cu": 1, "O": 3.96})
        assert [p.composition for p in found] == [{"La": 2, "Cu": 1, "O": 4}]

    @pytest.mark.parametrize(
        ("composition", "reason"),
        [
            ({"Ba": 0.6, "K": 0.4, "Fe": 2, "As": 2}, "no_space_group"),
            ({"Nd": 0.5, "Ce": 0.2, "Sr": 0.2, "Cu": 1.1, "O": 3.9}, "no_shared_site"),
            ({"La": 2, "Cu": 1, "O": 4}, "no_host"),
            ({"Na": 0.3, "Co": 1, "O": 2}, "no_shared_site"),
        ],
    )
    def test_no_parent(self, composition: dict[str, float], reason: str) -> None:
        assert parents(composition) == []
        with pytest.raises(RefusalError) as refused:
            from_host(stated(composition))
        assert refused.value.name == reason

    def test_the_reason_of_the_users_host_is_told(self) -> None:
        with pytest.raises(RefusalError) as refused:
            from_host(stated({"Ba": 0.6, "K": 0.4, "Fe": 2, "As": 2}), hosts(bafe2as2()))
        assert refused.value.name == "formula_too_different"


def test_a_small_orthorhombic_distortion_of_the_host_is_kept() -> None:
    host = Structure.from_spacegroup(
        "Fmmm",
        Lattice.orthorhombic(5.33, 5.38, 13.15),
        ["La", "Cu", "O", "O"],
        [[0, 0, 0.361], [0, 0, 0], [0.25, 0.25, 0], [0, 0, 0.182]],
    )
    composition = {"La": 1.9, "Sr": 0.1, "Cu": 1.0, "O": 4.0}
    stated = StatedStructure(
        formula="La1.9Sr0.1CuO4", composition=composition, space_group_number=69
    )
    (found,) = from_host(stated, hosts(host))
    assert sorted(found.structure.lattice.abc) == pytest.approx([5.33, 5.38, 13.15], abs=1e-3)
