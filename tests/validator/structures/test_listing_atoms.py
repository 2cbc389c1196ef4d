"""A CIF without a formula: its composition from how often its atoms stand in the cell."""

from __future__ import annotations

from scmine.extractors.document import Listing, ListingFormat
from scmine.validator.structures.from_listing import listing_statement

CIF = """data_
_symmetry_Int_Tables_number 225
_cell_length_a 5.1
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_symmetry_multiplicity
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
La1 La 4 0 0 0 1.0
H1 H 8 0.25 0.25 0.25 SHARE
H2 H 32 0.12 0.12 0.12 1.0
"""


def test_composition_of_the_atoms() -> None:
    stated = listing_statement(Listing(ListingFormat.CIF, CIF.replace("SHARE", "1.0")))
    assert (stated.formula, stated.composition) == ("LaH10", {"La": 1.0, "H": 10.0})


def test_part_occupied_sites_tell_none() -> None:
    stated = listing_statement(Listing(ListingFormat.CIF, CIF.replace("SHARE", "0.5")))
    assert stated.formula is None
