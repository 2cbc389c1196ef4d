"""A CIF and a POSCAR of an invented compound, as supplements print them."""

CIF = """\
data_LuZnH8
_symmetry_space_group_name_H-M   'F m -3 m'
_symmetry_Int_Tables_number   225
_cell_length_a   5.420(2)
_cell_length_b   5.420(2)
_cell_length_c   5.420(2)
_cell_angle_alpha   90
_cell_angle_beta   90
_cell_angle_gamma   90
_chemical_formula_sum   'Lu4 Zn4 H32'
loop_
 _atom_site_label
 _atom_site_type_symbol
 _atom_site_fract_x
 _atom_site_fract_y
 _atom_site_fract_z
 _atom_site_occupancy
  Lu1  Lu  0.0  0.0  0.0  1
  Zn1  Zn  0.5  0.5  0.5  1
  H1  H  0.364  0.364  0.364  1"""

POSCAR = """\
LuZn at 120 GPa
1.0
   3.10   0.00   0.00
   0.00   3.10   0.00
   0.00   0.00   3.10
Lu Zn
1 1
Direct
0.0000 0.0000 0.0000 Lu
0.5000 0.5000 0.5000 Zn"""
