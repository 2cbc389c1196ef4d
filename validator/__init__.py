"""Whether what a paper states holds together: physics, plausibility, reference sets, structures.

Takes records and statements from anywhere, gives findings and rebuilt structures, and writes
nothing. Importing this package imports neither pymatgen nor SciPy; its subpackages do when used.
"""
