"""Cells: the lattice parameters that a crystal system implies, from those that are stated.

Fills in what the system gives (b = a, 120°), evens out what was rounded, and turns the primitive
or rhombohedral cell of a centred lattice into the conventional one. A number that has to be changed
by more than rounding is a repair and named; what cannot be filled in is said in a refusal.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from scmine.validator.structures.refusal import RefusalError
from scmine.validator.structures.stated import StatedStructure

_EDGES = ("a_A", "b_A", "c_A")
_ANGLES = ("alpha_deg", "beta_deg", "gamma_deg")
_SAME_EDGE = 0.002
"""Edges this near each other (relative) differ by rounding only."""
_NEAR_EDGE = 0.02
"""Edges of a system that wants them equal may differ so much by a misprint or a distortion."""
_SAME_ANGLE_DEG = 0.15
_NEAR_ANGLE_DEG = 1.0
_SHORTEST_A, _LONGEST_A = 0.7, 200.0
_EQUAL_EDGES = {
    "cubic": "aaa", "tetragonal": "aac", "hexagonal": "aac", "rhombohedral": "aaa",
}  # fmt: skip
_FIXED_ANGLES: dict[str, tuple[float | None, ...]] = {
    "cubic": (90.0, 90.0, 90.0),
    "tetragonal": (90.0, 90.0, 90.0),
    "orthorhombic": (90.0, 90.0, 90.0),
    "hexagonal": (90.0, 90.0, 120.0),
    "monoclinic a": (None, 90.0, 90.0),
    "monoclinic b": (90.0, None, 90.0),
    "monoclinic c": (90.0, 90.0, None),
}
_PRIMITIVE_ANGLES = {("cubic", "F"): 60.0, ("cubic", "I"): math.degrees(math.acos(-1 / 3))}
_LARGEST_EDGE_OF_PRIMITIVE = {("cubic", "F"): math.sqrt(2), ("cubic", "I"): 2 / math.sqrt(3)}


@dataclass(frozen=True, slots=True)
class Cell:
    """A full cell: edges (Å), angles (degrees), what was changed, which fields are estimates."""

    a: float
    b: float
    c: float
    alpha: float
    beta: float
    gamma: float
    repairs: tuple[str, ...] = ()
    estimated: tuple[str, ...] = ()

    @property
    def volume(self) -> float:
        """Volume in Å³."""
        cosines = [math.cos(math.radians(t)) for t in (self.alpha, self.beta, self.gamma)]
        square = 1 - sum(x * x for x in cosines) + 2 * cosines[0] * cosines[1] * cosines[2]
        return self.a * self.b * self.c * math.sqrt(max(square, 0.0))


def cell_for(
    stated: StatedStructure, axes: str, lattice: str, volume_A3: float | None = None
) -> Cell:
    """The cell of a setting whose axes are of the kind ``axes`` and whose lattice letter is given.

    Parameters
    ----------
    stated
        The statement; its edges and angles are taken where the system leaves them free.
    axes
        As ``Setting.axes``: ``cubic``, ``rhombohedral``, ``monoclinic b`` …
    lattice
        ``P``, ``F``, ``I`` …, for a cell stated as the primitive one.
    volume_A3
        An estimated volume of the cell: the one length that is missing then follows from it.

    Raises
    ------
    RefusalError
        ``cell_missing`` with what is missing, or ``cell_against_system`` if the stated numbers
        cannot be a cell of this system.
    """
    _check_sizes(stated)
    edges = [getattr(stated, name) for name in _EDGES]
    angles = [getattr(stated, name) for name in _ANGLES]
    converted = _conventional(edges, angles, axes, lattice)
    repairs: list[str] = []
    if converted is not None:
        edges, angles, sentence = converted
        repairs.append(sentence)
    alpha, beta, gamma = _angles(angles, axes, repairs)
    shape = Cell(1.0, 1.0, 1.0, alpha, beta, gamma)
    (a, b, c), estimated = _edges(edges, shape, axes, repairs, stated, volume_A3)
    cell = replace(shape, a=a, b=b, c=c, repairs=tuple(repairs), estimated=estimated)
    if cell.volume < _SHORTEST_A**3:
        message = "the angles stated do not close a cell"
        raise RefusalError("cell_against_system", message, contradiction=True)
    return cell


def _check_sizes(stated: StatedStructure) -> None:
    for name in _EDGES:
        edge = getattr(stated, name)
        if edge is not None and not _SHORTEST_A <= edge <= _LONGEST_A:
            message = f"{name[0]} = {edge:g} Å is no cell edge"
            raise RefusalError("cell_out_of_range", message, contradiction=True)
    for name in _ANGLES:
        angle = getattr(stated, name)
        if angle is not None and not 10 <= angle <= 170:
            message = f"{name[:-4]} = {angle:g}° is no cell angle"
            raise RefusalError("cell_out_of_range", message, contradiction=True)


def _angles(angles: list[float | None], axes: str, repairs: list[str]) -> Iterator[float]:
    """The three angles, those that the system fixes put right."""
    if axes == "rhombohedral":
        angles = _one_angle(angles)
    names = [name[:-4] for name in _ANGLES]
    wanted = _FIXED_ANGLES.get(axes, (None, None, None))
    for name, angle, fixed in zip(names, angles, wanted, strict=True):
        if fixed is None:
            if angle is None:
                raise RefusalError("cell_missing", f"the cell's {name} is not stated")
            yield angle
            continue
        off = 0.0 if angle is None else abs(angle - fixed)
        turned = fixed == 120.0 and angle is not None and abs(angle - 60.0) < _SAME_ANGLE_DEG
        unread = fixed == 120.0 and angle is not None and abs(angle - 90.0) < _SAME_ANGLE_DEG
        if off > _NEAR_ANGLE_DEG and not turned and not unread:
            message = f"{name} = {angle:g}° cannot be in a {axes} cell"
            raise RefusalError("cell_against_system", message, contradiction=True)
        if off > _SAME_ANGLE_DEG:
            repairs.append(f"{name} is {fixed:g}°, not {angle:g}°, in a {axes} cell.")
        yield fixed


def _one_angle(angles: list[float | None]) -> list[float | None]:
    """The angle of a rhombohedral cell three times."""
    known = [angle for angle in angles if angle is not None]
    if not known:
        raise RefusalError("cell_missing", "the rhombohedral cell's alpha is not stated")
    if max(known) - min(known) > _NEAR_ANGLE_DEG:
        message = "the angles of a rhombohedral cell are equal, those stated are not"
        raise RefusalError("cell_against_system", message, contradiction=True)
    mean = sum(known) / len(known)
    if abs(mean - 90.0) < _SAME_ANGLE_DEG or mean >= 120.0 - _SAME_ANGLE_DEG:
        message = f"alpha = {mean:g}° is not of a rhombohedral cell"
        raise RefusalError("cell_against_system", message, contradiction=True)
    return [mean, mean, mean]


def _edges(
    edges: list[float | None],
    shape: Cell,
    axes: str,
    repairs: list[str],
    stated: StatedStructure,
    volume_A3: float | None,
) -> tuple[list[float], tuple[str, ...]]:
    """The three edges, and which field was estimated from a volume."""
    classes = _EQUAL_EDGES.get(axes, "abc")
    found: dict[str, float | None] = {}
    for kind in dict.fromkeys(classes):
        alike = [e for e, k in zip(edges, classes, strict=True) if k == kind and e is not None]
        found[kind] = _even(alike, kind, axes, repairs) if alike else None
    missing = [kind for kind, edge in found.items() if edge is None]
    estimated: tuple[str, ...] = ()
    if missing:
        volume = stated.volume_A3 or volume_A3
        if len(missing) > 1 or volume is None:
            names = " and ".join(missing)
            raise RefusalError("cell_missing", f"the cell's {names} is not stated")
        found[missing[0]] = _from_volume(volume, found, classes, shape)
        if stated.volume_A3 is None:
            estimated = (f"{missing[0]}_A",)
    return [found[kind] or 0.0 for kind in classes], estimated


def _even(alike: list[float], kind: str, axes: str, repairs: list[str]) -> float:
    """One length for edges that are equal in this system."""
    spread = (max(alike) - min(alike)) / max(alike)
    if spread <= _SAME_EDGE:
        return sum(alike) / len(alike)
    if spread <= _NEAR_EDGE:
        repairs.append(
            f"Edges of {' and '.join(f'{e:g}' for e in alike)} Å are equal in a {axes} cell; "
            f"{kind} = {alike[0]:g} Å is kept."
        )
        return alike[0]
    message = f"edges of {' and '.join(f'{e:g}' for e in alike)} Å are not those of a {axes} cell"
    raise RefusalError("cell_against_system", message, contradiction=True)


def _from_volume(volume: float, found: dict[str, float | None], classes: str, shape: Cell) -> float:
    """The length of the one kind of edge that is missing, from the cell's volume (Å³)."""
    base = shape.volume
    power = 0
    for kind in classes:
        edge = found[kind]
        if edge is None:
            power += 1
        else:
            base *= edge
    if base <= 0:
        message = "the angles stated do not close a cell"
        raise RefusalError("cell_against_system", message, contradiction=True)
    return float((volume / base) ** (1 / power))


def _conventional(
    edges: list[float | None], angles: list[float | None], axes: str, lattice: str
) -> tuple[list[float | None], list[float | None], str] | None:
    """Edges and angles of the conventional cell where the stated ones are of a primitive cell.

    A cubic F or I lattice may be stated by its rhombohedral primitive cell (60°, 109.47°), and one
    on hexagonal axes by its rhombohedral cell; None where the cell is what it should be.
    """
    known = [edge for edge in edges if edge is not None]
    given = [angle for angle in angles if angle is not None]
    if not known or not given or max(given) - min(given) > _NEAR_ANGLE_DEG:
        return None
    if max(known) - min(known) > _SAME_EDGE * max(known):
        return None
    edge, angle = known[0], given[0]
    primitive = _PRIMITIVE_ANGLES.get((axes, lattice))
    if primitive is not None and abs(angle - primitive) < _SAME_ANGLE_DEG:
        edge *= _LARGEST_EDGE_OF_PRIMITIVE[axes, lattice]
        text = f"The primitive cell was taken as the conventional one of a = {edge:.4f} Å."
        return [edge, edge, edge], [90.0, 90.0, 90.0], text
    rhombohedral = not 89.9 < angle < 90.1 and angle < 119.9 and len(given) in (1, 3)
    if axes == "hexagonal" and lattice == "R" and rhombohedral and angles[0] is not None:
        half = math.radians(angle) / 2
        a = 2 * edge * math.sin(half)
        c = edge * math.sqrt(3 + 6 * math.cos(2 * half))
        text = f"The rhombohedral cell was taken on hexagonal axes, a = {a:.4f} and c = {c:.4f} Å."
        return [a, a, c], [90.0, 90.0, 120.0], text
    return None
