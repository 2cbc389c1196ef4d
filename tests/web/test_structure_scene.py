"""Structures as scenes: atoms of the border on all sides, shared sites, no atoms at all."""

from __future__ import annotations

from dataclasses import asdict, replace

from pymatgen.core import Lattice, Structure

from scmine.database.structure import StoredStructure
from scmine.web.structure_scene import scene_of
from tests.web.record_cases import PAPER, structure


def stored(atoms: Structure | None) -> StoredStructure:
    found = StoredStructure(**asdict(structure()), doc_id=PAPER, path="p")
    return replace(found, structure=None if atoms is None else atoms.as_dict())


def test_an_atom_at_the_corner_is_drawn_at_all_corners() -> None:
    scene = scene_of(stored(Structure(Lattice.cubic(4.0), ["Cs", "Cl"], [[0, 0, 0], [0.5] * 3])))
    assert scene.drawn is not None
    drawn = [atom["elem"] for atom in scene.drawn["atoms"]]
    assert (drawn.count("Cs"), drawn.count("Cl")) == (8, 1)
    assert len(scene.sites) == 2


def test_an_atom_just_below_the_far_face_is_on_the_near_one() -> None:
    scene = scene_of(stored(Structure(Lattice.cubic(4.0), ["Cs"], [[0.99999, 0.5, 0.5]])))
    assert scene.sites[0].xyz[0] == 0.0
    assert scene.drawn is not None
    assert {atom["x"] for atom in scene.drawn["atoms"]} == {0.0, 4.0}


def test_a_shared_site_is_said_in_words() -> None:
    atoms = Structure(Lattice.cubic(4.0), [{"Ba": 0.6, "K": 0.4}], [[0.5, 0.5, 0.5]])
    scene = scene_of(stored(atoms))
    assert scene.is_mixed
    assert scene.sites[0].what == "Ba 0.6, K 0.4"
    assert scene.elements == ("Ba", "K")


def test_without_atoms_there_are_words_alone() -> None:
    scene = scene_of(replace(stored(None), verdict="contradictory", way=None))
    assert scene.drawn is None
    assert scene.verdict_words == "What is stated cannot be so at once."
    assert scene.estimated == ["sites", "c"]


def test_the_net_of_the_small_atoms_is_drawn_and_not_the_contacts_of_ions() -> None:
    scene = scene_of(stored(Structure.from_dict(structure().structure or {})))
    assert scene.drawn is not None
    atoms, bonds = scene.drawn["atoms"], scene.drawn["bonds"]
    assert bonds
    assert {atoms[n]["elem"] for bond in bonds for n in bond} == {"B"}


def test_hydrogen_is_more_than_a_dot_and_bonded() -> None:
    sites = [[0, 0, 0], [0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]]
    scene = scene_of(stored(Structure(Lattice.cubic(3.0), ["S", "H", "H", "H"], sites)))
    assert scene.drawn is not None
    atoms = scene.drawn["atoms"]
    assert min(atom["radius"] for atom in atoms) > 0.25
    joined = {frozenset(atoms[n]["elem"] for n in bond) for bond in scene.drawn["bonds"]}
    assert joined == {frozenset("SH")}
