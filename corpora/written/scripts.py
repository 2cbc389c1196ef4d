"""How formulas, symbols and numbers are set: in LaTeX, in Markdown with mathematics, and in plain.

A template writes a structure once; a script says what its pieces look like in a paper's source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_GREEK = {"alpha": "α", "beta": "β", "gamma": "γ", "lambda": "λ", "omega": "ω"}
_BAR = "\u0304"


@dataclass(frozen=True, slots=True)
class Script:
    """One way to set a paper: ``latex``, ``math`` (Markdown with ``$``), ``html`` or ``plain``."""

    name: str

    @property
    def is_math(self) -> bool:
        """Whether mathematics stands between dollars."""
        return self.name in ("latex", "math")

    def formula(self, text: str) -> str:
        """``LaH10`` with its amounts lowered.

        >>> Script("latex").formula("LaH10"), Script("html").formula("LaH10")
        ('LaH$_{10}$', 'LaH<sub>10</sub>')
        """
        if self.name == "plain":
            return text
        if self.name == "html":
            return re.sub(r"(\d+)", r"<sub>\1</sub>", text)
        if self.name == "math":
            return "$\\mathrm{" + re.sub(r"(\d+)", r"_{\1}", text) + "}$"
        return re.sub(r"(\d+)", r"$_{\1}$", text)

    def group(self, symbol: str) -> str:
        """A space group's symbol.

        >>> Script("latex").group("P6_3/mmc"), Script("plain").group("Fm-3m")
        ('$P6_3/mmc$', 'Fm-3m')
        """
        if self.is_math:
            return "$" + re.sub(r"-(\d)", r"\\bar{\1}", symbol) + "$"
        if self.name == "html":
            marked = re.sub(r"_(\d)", r"<sub>\1</sub>", symbol)
            marked = re.sub(r"-(\d)", rf"\1{_BAR}", marked)
            return re.sub(r"<[^>]*>|([A-Za-z]+)", lambda m: f"*{m[1]}*" if m[1] else m[0], marked)
        return symbol

    def symbol(self, name: str) -> str:
        """A quantity's letter, Greek by its name, set as such.

        >>> Script("latex").symbol("alpha"), Script("plain").symbol("alpha")
        ('$\\\\alpha$', 'α')
        """
        if name in _GREEK:
            return f"$\\{name}$" if self.is_math else _GREEK[name]
        return f"${name}$" if self.is_math else f"*{name}*" if self.name == "html" else name

    def number(self, text: str) -> str:
        """A number with its sign set."""
        if not text.startswith("-"):
            return text
        return f"$-${text[1:]}" if self.name == "latex" else "−" + text[1:]

    def site(self, multiplicity: int, letter: str) -> str:
        """A position's name."""
        return f"{multiplicity}{self.symbol(letter)}"

    @property
    def angstrom(self) -> str:
        """The unit of length."""
        return "\\AA" if self.name == "latex" else "Å"

    @property
    def degree(self) -> str:
        """The unit of angles."""
        return "$^{\\circ}$" if self.is_math else "°"

    def lowered(self, base: str, index: str) -> str:
        """A symbol with an upright index (``ω`` with ``log``)."""
        if self.is_math:
            inner = self.symbol(base).strip("$")
            return f"${inner}_{{\\mathrm{{{index}}}}}$"
        return (
            f"{self.symbol(base)}<sub>{index}</sub>"
            if self.name == "html"
            else (f"{self.symbol(base)}{index}")
        )
