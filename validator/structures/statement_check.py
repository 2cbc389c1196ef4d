"""What cannot be in a statement by itself, before any atom is placed.

Impossible numbers, a symbol and a number of different groups, a crystal system that is not the
group's, a cell whose lengths and angles no setting of the group has, a Wyckoff position that the
group does not have, and a cell that cannot hold its atoms (see ``contents_check``). A cell
with its axes in another order, or a primitive cell, is no contradiction: the ways see to those.
"""

from __future__ import annotations

from scmine.extractors.spacegroup_table import crystal_system, lookup_space_group
from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.contents_check import check_contents
from scmine.validator.structures.limits import limits
from scmine.validator.structures.positions import positions_told, unknown_positions
from scmine.validator.structures.settings import group_named
from scmine.validator.structures.stated import StatedStructure
from scmine.validator.structures.symmetry import (
    claimed_number,
    is_system,
    systems_of,
)

_GROUPS = 230
_LENGTHS = ("a_A", "b_A", "c_A")
_ANGLES = ("alpha_deg", "beta_deg", "gamma_deg")
_PRIMITIVE_OF_CUBIC = (60.0, 109.4712)
"""Angles of the primitive cells of F and I lattices."""


def check_statement(stated: StatedStructure) -> list[Finding]:
    """The contradictions that a statement holds in itself; empty if it may be true.

    >>> [f.name for f in check_statement(StatedStructure(space_group="Fm-3m", a_A=5, c_A=6))]
    ['cell_not_of_group']
    """
    numbers = _check_numbers(stated)
    if numbers:
        return numbers
    found = [*_check_group_number(stated), *_check_system(stated), *_check_metric(stated)]
    found += _check_letters(stated)
    return found or check_contents(stated, claimed_number(stated))


def _check_numbers(stated: StatedStructure) -> list[Finding]:
    table = limits()["cell"]
    low, high = table["shortest_A"], table["longest_A"]
    found = []
    bounds = {
        **dict.fromkeys(_LENGTHS, (low, high)),
        **dict.fromkeys(_ANGLES, (0.0, 180.0)),
        **dict.fromkeys(("volume_A3", "formula_units", "density_g_cm3"), (0.0, 1e6)),
        "pressure_GPa": (table["lowest_GPa"], table["highest_GPa"]),
    }
    for name, (least, most) in bounds.items():
        value = getattr(stated, name)
        if value is not None and not least < value < most:
            message = f"{name} = {value:g} is not between {least:g} and {most:g}"
            found.append(Finding("value_impossible", Severity.ERROR, message, (name,)))
    number = stated.space_group_number
    if number is not None and not 1 <= number <= _GROUPS:
        message = f"there is no space group {number}"
        found.append(Finding("value_impossible", Severity.ERROR, message, ("space_group_number",)))
    return found


def _check_group_number(stated: StatedStructure) -> list[Finding]:
    """Symbol and number that are not of one group."""
    if not stated.space_group or stated.space_group_number is None:
        return []
    group = group_named(stated.space_group)
    if group is None or group.number == stated.space_group_number:
        return []
    message = f"{group.symbol} is space group {group.number}, not {stated.space_group_number}"
    fields = ("space_group", "space_group_number")
    return [Finding("space_group_number_differs", Severity.ERROR, message, fields)]


def _check_letters(stated: StatedStructure) -> list[Finding]:
    """Sites on positions whose letter the stated group does not have."""
    number = claimed_number(stated)
    if number is None or not 1 <= number <= _GROUPS:
        return []
    unknown = unknown_positions(number, [site.site for site in stated.sites])
    if not unknown:
        return []
    message = f"{', '.join(unknown)}: {positions_told(number)}"
    return [Finding("position_unknown", Severity.ERROR, message, ("sites",))]


def _check_system(stated: StatedStructure) -> list[Finding]:
    """The stated crystal system against the stated group."""
    number = claimed_number(stated)
    if number is None or is_system(stated.crystal_system, {number}):
        return []
    message = f"{stated.crystal_system} is stated with a {crystal_system(number)} space group"
    fields = ("crystal_system", "space_group")
    return [Finding("crystal_system_differs", Severity.ERROR, message, fields)]


def _check_metric(stated: StatedStructure) -> list[Finding]:
    """Lengths and angles that no cell of the stated group, or crystal system, has."""
    number = claimed_number(stated)
    group = lookup_space_group(number) if number else None
    systems = {crystal_system(number)} if number else systems_of(stated.crystal_system)
    primitive_lattice = group is not None and group.symbol.startswith("P")
    lengths = [v for n in _LENGTHS if (v := getattr(stated, n)) is not None]
    angles = [v for n in _ANGLES if (v := getattr(stated, n)) is not None]
    wrong = {
        system: _lengths_wrong(system, lengths) or _angles_wrong(system, angles, primitive_lattice)
        for system in systems
    }
    if not wrong or not all(wrong.values()):
        return []
    system, what = max(wrong.items())
    fields = ("space_group", "crystal_system", *_LENGTHS, *_ANGLES)
    message = f"{what} in a {system} crystal"
    return [Finding("cell_not_of_group", Severity.ERROR, message, fields)]


def _lengths_wrong(system: str, lengths: list[float]) -> str:
    """What is wrong with the lengths, or nothing."""
    shown = ", ".join(f"{v:g}" for v in lengths)
    kinds = _kinds(lengths)
    if system == "cubic" and kinds > 1:
        return f"edges of {shown} Å"
    if system in ("tetragonal", "trigonal", "hexagonal") and kinds > 2:
        return f"three different edges ({shown} Å)"
    return ""


def _angles_wrong(system: str, angles: list[float], primitive_lattice: bool) -> str:
    """What is wrong with the angles, or nothing; centred lattices may be given primitively."""
    tolerance = limits()["cell"]["angle_deg"]
    shown = ", ".join(f"{v:g}" for v in angles)
    oblique = [v for v in angles if abs(v - 90) > tolerance]
    if system in ("cubic", "tetragonal", "orthorhombic") and oblique:
        if primitive_lattice:
            return f"angles of {shown}°"
        known = all(min(abs(v - p) for p in _PRIMITIVE_OF_CUBIC) <= tolerance for v in oblique)
        if system == "cubic" and not known:
            return f"angles of {shown}°"
    if system == "monoclinic" and primitive_lattice and len(oblique) > 1:
        return f"angles of {shown}°"
    if system == "hexagonal" and len(angles) == 3 and not oblique:
        return "three right angles"
    return ""


def _kinds(lengths: list[float]) -> int:
    """How many different lengths there are."""
    tolerance = limits()["cell"]["length"]
    kinds: list[float] = []
    for value in sorted(lengths):
        if not kinds or value - kinds[-1] > tolerance * value:
            kinds.append(value)
    return len(kinds)
