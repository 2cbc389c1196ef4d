"""From statements to verdicts: what is handed out, what is not, and why."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymatgen.analysis.structure_matcher import StructureMatcher
from pymatgen.core import Lattice, Structure
from pymatgen.io.cif import CifWriter

from scmine.validator.finding import Severity
from scmine.validator.structures.prototype_library import Library
from scmine.validator.structures.rebuild import rebuild
from scmine.validator.structures.rebuilt import Rebuilt, Verdict, Way
from scmine.validator.structures.stated import StatedSite, StatedStructure

from .known import LAFEASO, LAH10, bct, changed, lah10

NO_TYPES = Library([])


def names(rebuilt: Rebuilt) -> set[str]:
    return {f.name for f in rebuilt.reasons}


def test_sites_that_agree_are_consistent() -> None:
    rebuilt = rebuild(LAH10)
    assert (rebuilt.verdict, rebuilt.way) == (Verdict.CONSISTENT, Way.WYCKOFF)
    assert StructureMatcher(scale=False).fit(rebuilt.structure, lah10())
    assert not rebuilt.reasons
    assert rebuilt.stated.pressure_GPa == 150.0


def test_the_origin_that_the_sites_need_is_found() -> None:
    rebuilt = rebuild(LAFEASO)
    assert rebuilt.structure is not None
    assert rebuilt.structure.composition.reduced_formula == "LaFeAsO"
    assert len(rebuilt.structure) == 8


def test_what_was_changed_is_said() -> None:
    printed = StatedStructure(
        formula="MgB2",
        composition={"Mg": 1.0, "B": 2.0},
        space_group="P6/mmm",
        a_A=3.086,
        c_A=3.524,
        sites=(
            StatedSite("Mg", site="1a", xyz=(0.0, 0.0, 0.0)),
            StatedSite("B", site="2d", xyz=(0.33, 0.67, 0.5)),
        ),
    )
    rebuilt = rebuild(printed)
    assert rebuilt.verdict is Verdict.REPAIRED
    assert "1/3" in rebuilt.repairs[0]


@pytest.mark.parametrize(
    "stated",
    [
        changed(LAH10, composition={"La": 1.0, "H": 9.0}, formula="LaH9"),
        changed(LAH10, c_A=6.0),
        StatedStructure(formula="LaH10", crystal_system="cubic", a_A=5.1, c_A=6.0),
        changed(LAH10, a_A=2.0),
        changed(LAH10, a_A=51.0),
        changed(LAH10, a_A=-5.1),
        changed(LAH10, crystal_system="tetragonal"),
        changed(LAH10, space_group="Fm-3m", space_group_number=221),
        changed(LAH10, space_group=None, space_group_number=231),
        changed(LAH10, density_g_cm3=20.0),
        changed(LAH10, volume_A3=200.0),
        changed(LAH10, formula_units=3.0),
    ],
)
def test_what_cannot_be_at_once_gives_no_structure(stated: StatedStructure) -> None:
    rebuilt = rebuild(stated)
    assert rebuilt.verdict is Verdict.CONTRADICTORY
    assert rebuilt.structure is None
    assert rebuilt.way is None
    assert all(f.severity is Severity.ERROR for f in rebuilt.reasons)
    assert rebuilt.reasons


def test_no_prototype_papers_over_sites_that_contradict() -> None:
    wrong = changed(
        LAH10, sites=(*LAH10.sites[:2], StatedSite("H", site="4a", xyz=(0.0, 0.0, 0.0)))
    )
    assert rebuild(replace(wrong, sites=())).way is Way.PROTOTYPE
    assert rebuild(wrong).verdict is Verdict.CONTRADICTORY


def test_sites_that_are_not_complete_leave_room_for_a_prototype() -> None:
    rebuilt = rebuild(changed(LAH10, sites=LAH10.sites[:1]))
    assert rebuilt.way is Way.PROTOTYPE
    assert "sites" in rebuilt.estimated
    assert rebuilt.origin


def test_a_prototype_must_have_the_sites_that_are_stated() -> None:
    rebuilt = rebuild(changed(LAH10, sites=(StatedSite("H", site="24e"),)))
    assert rebuilt.structure is None
    assert "does_not_fit" in names(rebuilt)


def test_too_little_is_underdetermined() -> None:
    for stated in (
        StatedStructure(),
        StatedStructure(formula="LaH10", composition={"La": 1.0, "H": 10.0}),
        changed(LAH10, sites=(), composition={"La": 3.0, "H": 17.0}),
    ):
        rebuilt = rebuild(stated)
        assert (rebuilt.verdict, rebuilt.structure) == (Verdict.UNDERDETERMINED, None)
        assert rebuilt.reasons


def test_structure_types_can_be_left_out() -> None:
    assert rebuild(replace(LAH10, sites=()), library=NO_TYPES).verdict is Verdict.UNDERDETERMINED


def test_a_missing_group_symbol_is_no_loss() -> None:
    numbered = rebuild(changed(LAH10, space_group=None))
    spelt = rebuild(changed(LAH10, space_group="F m -3 m", space_group_number=None))
    assert numbered.verdict is spelt.verdict is Verdict.CONSISTENT


def test_a_file_is_checked_against_what_is_said_of_it() -> None:
    text = str(CifWriter(bct(), symprec=0.01))
    stated = StatedStructure(
        formula="BaFe2As2",
        composition={"Ba": 1.0, "Fe": 2.0, "As": 2.0},
        block=text,
        block_format="cif",
        space_group="I4/mmm",
    )
    right = rebuild(stated)
    assert (right.verdict, right.way) == (Verdict.CONSISTENT, Way.COORDINATES)
    other = rebuild(replace(stated, composition={"Ba": 1.0, "Fe": 1.0, "As": 1.0}))
    assert other.verdict is Verdict.CONTRADICTORY
    cubic = rebuild(replace(stated, space_group="Fm-3m"))
    assert cubic.verdict is Verdict.CONTRADICTORY


def test_a_file_with_clashing_atoms_is_not_handed_out() -> None:
    clash = Structure(Lattice.cubic(4.0), ["Na", "Cl"], [[0, 0, 0], [0.15, 0.1, 0]])
    stated = StatedStructure(
        composition={"Na": 1.0, "Cl": 1.0}, block=str(CifWriter(clash)), block_format="cif"
    )
    assert rebuild(stated).verdict is Verdict.CONTRADICTORY


_LENGTH = st.none() | st.floats(allow_nan=True, allow_infinity=True) | st.floats(0.5, 20)
_COORDINATE = st.none() | st.floats(-2, 2) | st.sampled_from(["x", "-x", "2x", "1/2+x", "", "?"])
_SITE = st.builds(
    StatedSite,
    st.sampled_from(["H", "La", "D", "Xx", ""]),
    label=st.text(max_size=3),
    site=st.none() | st.sampled_from(["4b", "32f", "8c", "f", "1a", "99z", "", "4"]),
    xyz=st.none() | st.tuples(_COORDINATE, _COORDINATE, _COORDINATE),
    occupancy=st.floats(-1, 2),
)
_STATED = st.builds(
    StatedStructure,
    formula=st.none() | st.just("LaH10"),
    composition=st.dictionaries(
        st.sampled_from(["La", "H", "D", "Xx"]), st.floats(0, 30), max_size=3
    ),
    space_group=st.none() | st.sampled_from(["Fm-3m", "P4/nmm:2", "R-3m:R", "nonsense", "P1"]),
    space_group_number=st.none() | st.integers(-1, 240),
    a_A=_LENGTH,
    c_A=_LENGTH,
    gamma_deg=_LENGTH | st.sampled_from([90.0, 120.0]),
    sites=st.lists(_SITE, max_size=4).map(tuple),
    prototype=st.none() | st.text(max_size=5),
    crystal_system=st.none() | st.sampled_from(["cubic", "odd", ""]),
    pressure_GPa=st.none() | st.floats(allow_nan=True),
    volume_A3=_LENGTH,
    formula_units=_LENGTH,
    block=st.none() | st.text(max_size=40),
    block_format=st.none() | st.sampled_from(["cif", "poscar"]),
)


@settings(max_examples=60, deadline=None)
@given(_STATED)
def test_whatever_is_stated_ends_in_a_verdict(stated: StatedStructure) -> None:
    rebuilt = rebuild(stated, library=NO_TYPES)
    handed_out = rebuilt.verdict in (Verdict.CONSISTENT, Verdict.REPAIRED)
    assert (rebuilt.structure is not None) is handed_out
    if rebuilt.structure is not None:
        assert all(f.severity is not Severity.ERROR for f in rebuilt.reasons)
        assert all(math.isfinite(v) for v in rebuilt.structure.lattice.parameters)
    else:
        assert rebuilt.reasons


def test_a_prototype_in_too_small_a_cell_is_not_handed_out() -> None:
    """A disordered bcc alloy's cell: no H3S type with twice the atoms in it."""
    found = rebuild(
        StatedStructure(
            formula="Cr3Ru", composition={"Cr": 3, "Ru": 1}, space_group="Im-3m", a_A=2.937
        )
    )
    assert (found.verdict, found.structure) == (Verdict.UNDERDETERMINED, None)
    assert {"does_not_fit", "no_prototype"} & {reason.name for reason in found.reasons}
