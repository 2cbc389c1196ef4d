"""The pieces of a described structure as a paper prints them: what templates are made of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scmine.corpora.written.described import Described, DescribedSite
from scmine.corpora.written.scripts import Script

AXES = ("a", "b", "c")
ANGLES = ("alpha", "beta", "gamma")


@dataclass(frozen=True, slots=True)
class Printed:
    """A structure, the script it is set in, and the decimals of coordinates and of edges."""

    of: Described
    script: Script
    decimals: int = 4
    edge_decimals: int = 4

    @property
    def formula(self) -> str:
        """The formula as set."""
        return self.script.formula(self.of.formula)

    @property
    def group(self) -> str:
        """The symbol of the space group as set."""
        return self.script.group(self.of.symbol)

    @property
    def pressure(self) -> str:
        """The pressure with its unit."""
        return f"{self.of.pressure} GPa"

    @property
    def sites(self) -> tuple[DescribedSite, ...]:
        """The sites."""
        return self.of.sites

    def position(self, site: DescribedSite) -> str:
        """Multiplicity and Wyckoff letter as set."""
        return self.script.site(site.multiplicity, site.letter)

    def edges(self) -> list[tuple[str, str]]:
        """The edges that have to be told, by axis: one of a cube, two of a prism, else all."""
        numbers = [f"{x:.{self.edge_decimals}f}" for x in self.of.cell[:3]]
        system = self.of.system
        if system == "cubic" or self.of.rhombohedral_axes:
            return [("a", numbers[0])]
        if system in ("tetragonal", "hexagonal", "trigonal"):
            return [("a", numbers[0]), ("c", numbers[2])]
        return list(zip(AXES, numbers, strict=True))

    def angles(self) -> list[tuple[str, str]]:
        """The angles that have to be told: those that the crystal system leaves open."""
        numbers = [f"{x:.{min(self.edge_decimals, 3)}f}" for x in self.of.cell[3:]]
        if self.of.rhombohedral_axes:
            return [("alpha", numbers[0])]
        if self.of.system == "monoclinic":
            return [("beta", numbers[1])]
        if self.of.system == "triclinic":
            return list(zip(ANGLES, numbers, strict=True))
        return []

    def all_edges(self) -> list[str]:
        """a, b and c as printed."""
        return [f"{x:.{self.edge_decimals}f}" for x in self.of.cell[:3]]

    def all_angles(self) -> list[str]:
        """α, β and γ as printed; right and hexagonal angles without decimals."""
        found = []
        for x in self.of.cell[3:]:
            plain = f"{x:.{min(self.edge_decimals, 3)}f}"
            found.append(str(round(x)) if abs(x - round(x)) < 1e-3 else plain)
        return found

    def equal(self, *, angles: bool = True) -> list[tuple[str, str]]:
        """Edges and angles by name, equal ones together (``a = b``), implied angles left out."""
        s = self.script.symbol
        a, b, c = self.all_edges()
        system = self.of.system
        if system == "cubic" or self.of.rhombohedral_axes:
            told = [(f"{s('a')} = {s('b')} = {s('c')}", a)]
        elif system in ("tetragonal", "hexagonal", "trigonal"):
            told = [(f"{s('a')} = {s('b')}", a), (s("c"), c)]
        else:
            told = [(s("a"), a), (s("b"), b), (s("c"), c)]
        if angles:
            if system in ("hexagonal", "trigonal") and not self.of.rhombohedral_axes:
                told.append((s("gamma"), "120"))
            told += [(s(name), number) for name, number in self.angles()]
        return told

    def coordinates(self, site: DescribedSite) -> tuple[str, str, str]:
        """The three coordinates, special ones too as decimals."""
        x, y, z = (self.script.number(self.decimal(v)) for v in site.xyz)
        return x, y, z

    def mixed(self, site: DescribedSite) -> tuple[str, str, str]:
        """The three coordinates, fixed ones as fractions or whole numbers (``1/2``, ``0``)."""
        pairs = zip(site.form, site.xyz, strict=True)
        x, y, z = (f if re.fullmatch(r"\d(?:/\d)?", f) else self.decimal(v) for f, v in pairs)
        return x, y, z

    def decimal(self, value: float) -> str:
        """A coordinate rounded; one that rounds to a whole cell is 0."""
        text = f"{value:.{self.decimals}f}"
        return f"{0:.{self.decimals}f}" if float(text) == 1.0 else text

    def free(self, site: DescribedSite) -> list[tuple[str, str]]:
        """The values of a position's free coordinates by letter."""
        return [
            (letter, self.decimal(value))
            for letter, form, value in zip("xyz", site.form, site.xyz, strict=True)
            if form == letter
        ]

    def expression(self, site: DescribedSite) -> str:
        """``(x, −x, 1/4)`` as set."""
        parts = (f"${f}$" if self.script.is_math and not f[0].isdigit() else f for f in site.form)
        return "(" + ", ".join(parts) + ")"
