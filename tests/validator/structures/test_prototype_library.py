"""The library of known structures: its lookup, leaving papers out, and how it is made."""

from __future__ import annotations

import tomllib
from importlib import resources

from pymatgen.core import Lattice, Structure

from scmine.validator.structures import library_building as building
from scmine.validator.structures.prototype_library import anonymous, expand, load_library

# words for structures that are no single type
_NO_TYPE = {
    "layered perovskite", "Aurivillius", "tungsten bronze", "hollandite", "honeycomb", "cage",
    "clathrate cage", "hydrogen clathrate", "clathrate hydride", "Sc5Co4Si10",
}  # fmt: skip


def test_every_example_gives_the_atoms_of_its_formula() -> None:
    for prototype in load_library().prototypes:
        for example in prototype.examples:
            elements, positions = expand(example)
            assert positions.shape == (len(elements), 3)
            counts = [elements.count(el) for el in example.composition]
            assert anonymous(counts) == anonymous(example.composition.values())
            assert set(elements) == set(example.composition)


def test_every_example_names_its_source() -> None:
    for prototype in load_library().prototypes:
        assert all(example.sources for example in prototype.examples)


def test_papers_can_be_left_out() -> None:
    library = load_library()
    paper = "https://doi.org/10.1073/PNAS.1118168109"
    less = library.without([paper])
    sources = {s.lower() for p in less.prototypes for e in p.examples for s in e.sources}
    assert "10.1073/pnas.1118168109" not in sources
    assert less.named("sodalite")
    assert library.without([]).prototypes == library.prototypes


def test_structure_types_of_the_extractor_are_known() -> None:
    path = resources.files("scmine.extractors").joinpath("data", "structure_types.toml")
    words = tomllib.loads(path.read_text("utf-8"))
    names = [n for key in ("named", "shaped", "typed", "strong", "alone") for n in words[key]]
    library = load_library()
    assert {n for n in names if not library.named(n)} == _NO_TYPE


def test_a_structure_described_is_the_structure() -> None:
    lattice = Lattice.tetragonal(3.96, 13.02)
    sites = [[0, 0, 0], [0, 0.5, 0.25], [0, 0, 0.3545]]
    structure = Structure.from_spacegroup("I4/mmm", lattice, ["Ba", "Fe", "As"], sites)
    described = building.describe(structure, ("10.1/x",), 0.0)
    assert described is not None
    assert described.example.number == 139
    assert described.example.composition == {"Ba": 1, "Fe": 2, "As": 2}
    assert described.structure.matches(structure)


def test_alike_structures_become_one_prototype() -> None:
    rock_salt = [
        Structure.from_spacegroup("Fm-3m", Lattice.cubic(a), elements, [[0, 0, 0], [0.5, 0.5, 0.5]])
        for a, elements in ((4.39, ["Nb", "N"]), (5.64, ["Na", "Cl"]))
    ]
    zinc_blende = Structure.from_spacegroup(
        "F-43m", Lattice.cubic(5.4), ["Zn", "S"], [[0, 0, 0], [0.25, 0.25, 0.25]]
    )
    described = [building.describe(s, ("x",), None) for s in (*rock_salt, zinc_blende)]
    assert sorted(len(group) for group in building.grouped(described)) == [1, 2]
