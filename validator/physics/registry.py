"""The formulas of Tc by name: what each needs, its source and its limits.

Facts are data (``validator/data/tc_formulas.toml``), functions are in ``formulas``. Whether inputs
lie inside the limits is told in ``validity``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from scmine.validator.data_files import load_toml
from scmine.validator.finding import Severity
from scmine.validator.physics import formulas
from scmine.validator.physics.arrays import Values

FUNCTIONS: Mapping[str, Callable[..., Values]] = {
    "mcmillan": formulas.mcmillan,
    "allen_dynes": formulas.allen_dynes,
    "allen_dynes_f1f2": formulas.allen_dynes_f1f2,
    "xie_2019": formulas.xie_2019,
    "xie_2022": formulas.xie_2022,
    "refit_2021": formulas.refit_2021,
}

INPUTS = ("lambda", "omega_log_K", "omega2_K", "theta_D_K", "mu_star")
"""Names of all inputs, as columns of records have them; ``lambda`` is ``lambda_`` in Python."""


@dataclass(frozen=True, slots=True)
class Limit:
    """An end of a range: what is above ``above`` or below ``below`` is outside."""

    name: str
    quantity: str
    severity: Severity
    reason: str
    source: str
    above: float | None = None
    below: float | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of Tc. ``needs`` and ``uses`` (if known) name its inputs, as in `INPUTS`.

    ``scale`` is the frequency or temperature that stands before the exponential.
    """

    name: str
    title: str
    equation: str
    needs: tuple[str, ...]
    uses: tuple[str, ...]
    scale: str
    citation: str
    doi: str
    fitted_to: str
    limits: tuple[Limit, ...]

    def takes(self, known: Mapping[str, Values]) -> bool:
        """Whether all that it needs is in ``known`` and not None."""
        return all(known.get(name) is not None for name in self.needs)

    def tc_K(self, known: Mapping[str, Values]) -> Values:
        """Tc in K from ``known``, keyed as `INPUTS`; what it has no use for is passed over.

        Raises
        ------
        ValueError
            If an input that it needs is missing.

        >>> round(formula("allen_dynes").tc_K(
        ...     {"lambda": 2.19, "omega_log_K": 1334.6, "mu_star": 0.1}), 1)
        203.7
        """
        missing = [name for name in self.needs if known.get(name) is None]
        if missing:
            raise ValueError(f"{self.name} needs {', '.join(missing)}")
        arguments = {
            "lambda_" if name == "lambda" else name: known[name]
            for name in (*self.needs, *self.uses)
            if known.get(name) is not None
        }
        return FUNCTIONS[self.name](**arguments)


@cache
def all_formulas() -> tuple[Formula, ...]:
    """All formulas, in the order of the data file."""
    return tuple(
        Formula(
            name=name,
            needs=tuple(entry.pop("needs")),
            uses=tuple(entry.pop("uses", ())),
            limits=_limits(entry.pop("limits")),
            **entry,
        )
        for name, entry in _data().items()
        if name != "theory"
    )


def formula(name: str) -> Formula:
    """The formula called ``name``; a KeyError that lists the names if there is none."""
    by_name = {f.name: f for f in all_formulas()}
    if name not in by_name:
        raise KeyError(f"no formula {name!r}; there are {', '.join(by_name)}")
    return by_name[name]


@cache
def theory_limits() -> tuple[Limit, ...]:
    """Limits of the theory behind all formulas."""
    return _limits(_data()["theory"]["limits"])


def _data() -> dict[str, Any]:
    return load_toml("tc_formulas.toml")


def _limits(entries: list[dict[str, Any]]) -> tuple[Limit, ...]:
    return tuple(Limit(**{**e, "severity": Severity(e["severity"])}) for e in entries)
