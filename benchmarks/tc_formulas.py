"""Formulas of Tc against the Tc that papers calculated: how many agree, and why the rest do not.

    python benchmarks/tc_formulas.py CONDITIONS.json [--figure FIG15.csv] [--show] [--json FILE]

CONDITIONS.json is a list of points, each with ``lambda``, ``omega_log_K``, ``theta_D_K``,
``omega2_K``, ``mu_star``, ``Tc_computed_K``, ``method`` and ``label`` (the shared folder's
``allen_dynes_per_condition.json``, read from papers by a language model: noisy). A point is
testable if its Tc is above 0, its method is a formula, and it states what that needs: ω_log, or
Θ_D for McMillan's form. The formula is chosen by ``method`` before its Tc is looked at; a point
agrees if that is within 15 % of the stated Tc. The rest is sorted by the first reason that holds,
in the order of `REASONS`. FIG15.csv is the review's table of computed against measured Tc.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from scmine.validator.physics.inverse import mu_star_from_tc, scale_from_tc
from scmine.validator.physics.registry import formula
from scmine.validator.physics.spread import tc_spread
from scmine.validator.physics.units import UNITS, kelvin_per

AGREES = 0.15
EXPLAINS = 0.03
"""How close another formula or unit has to come to be given as the reason."""

WEAK = 0.3
"""λ up to which Tc depends on the second digit of λ and μ* exponentially."""

OTHER_FORMULAS = ("allen_dynes", "allen_dynes_f1f2", "xie_2019", "refit_2021")

Point = Mapping[str, Any]


def known_of(point: Point) -> dict[str, float]:
    """The inputs of the formulas that a point states."""
    names = ("lambda", "omega_log_K", "omega2_K", "theta_D_K", "mu_star")
    return {name: float(point[name]) for name in names if point[name] is not None}


def formula_of(point: Point) -> str | None:
    """The formula that a point's method names; None for the Eliashberg equations.

    Where no ω_log is stated, "McMillan" is his own form with Θ_D; else that with ω_log.
    """
    if point["method"] == "mcmillan":
        return "mcmillan" if point["omega_log_K"] is None else "allen_dynes"
    return {"allen-dynes-basic": "allen_dynes", "allen-dynes-f1f2": "allen_dynes_f1f2"}.get(
        point["method"]
    )


def is_testable(point: Point) -> bool:
    """Whether a point states a Tc above 0 and what its formula needs."""
    name = formula_of(point)
    return bool(name and point["Tc_computed_K"] and formula(name).takes(known_of(point)))


def near(value: float, tc: float, share: float = AGREES) -> bool:
    """Whether a value is within ``share`` of a stated Tc."""
    return abs(value / tc - 1) <= share


def by_digits(point: Point) -> str | None:
    """Agrees once each printed number is moved by half a unit of its last digit."""
    known = known_of(point)
    if formula_of(point) == "allen_dynes_f1f2":
        known.setdefault("omega2_K", known["omega_log_K"])  # f2 is left alone here
    spread = tc_spread(known, formulas=[formula_of(point) or ""])
    return "" if spread and spread.holds(point["Tc_computed_K"], AGREES) else None


def by_other_formula(point: Point) -> str | None:
    """Another formula agrees on the same numbers."""
    known, tc = known_of(point), point["Tc_computed_K"]
    for name in OTHER_FORMULAS:
        if formula(name).takes(known) and near(formula(name).tc_K(known), tc, EXPLAINS):
            return formula(name).title
    if "omega_log_K" in known:
        debye = {**known, "theta_D_K": known["omega_log_K"]}
        if near(formula("mcmillan").tc_K(debye), tc, EXPLAINS):
            return "McMillan's 1/1.45 before ω_log"
    return None


def by_unit(point: Point) -> str | None:
    """The ω_log that is needed differs from the stated one by the factor of two units."""
    known = known_of(point)
    if "omega_log_K" not in known:
        return None
    needed = scale_from_tc(
        formula_of(point) or "",
        point["Tc_computed_K"],
        lambda_=known["lambda"],
        mu_star=known["mu_star"],
    )
    for meant in UNITS:
        for read in UNITS:
            factor = kelvin_per(meant) / kelvin_per(read)
            if factor != 1 and abs(needed / known["omega_log_K"] / factor - 1) <= EXPLAINS:
                return f"{meant} taken for {read}"
    return None


def by_shape(point: Point) -> str | None:
    """Strong coupling, no ω2 stated, and f1·f2 agrees for one that a spectrum can have."""
    if point["lambda"] <= 1.5 or point["omega2_K"] is not None:
        return None
    spread = tc_spread(known_of(point), formulas=["allen_dynes_f1f2"])
    return "" if spread and spread.holds(point["Tc_computed_K"], 0.0) else None


def by_weak_coupling(point: Point) -> str | None:
    """λ of at most 0.3: what the formula gives hangs on the second digit of λ and μ*."""
    return "" if point["lambda"] <= WEAK else None


def by_mu_star(point: Point) -> str | None:
    """Another usual μ*, 0.05 to 0.20, gives the Tc."""
    if point["omega_log_K"] is None:
        return None
    needed = mu_star_from_tc(point["Tc_computed_K"], point["lambda"], point["omega_log_K"])
    return f"{needed:.3f} for {point['mu_star']:g}" if 0.05 <= needed <= 0.20 else None


REASONS: dict[str, Callable[[Point], str | None]] = {
    "another formula": by_other_formula,
    "ω_log in another unit": by_unit,
    "f1·f2 with an ω2 not stated": by_shape,
    "printed digits": by_digits,
    "weak coupling (λ ≤ 0.3)": by_weak_coupling,
    "another μ*": by_mu_star,
}


def reason_of(point: Point) -> tuple[str, str]:
    """The class of a point that does not agree, and what is particular of it."""
    for name, says in REASONS.items():
        detail = says(point)
        if detail is not None:
            return name, detail
    return "not explained", ""


def score(points: list[Point], show: bool) -> dict[str, Any]:
    """Counts over all points; with ``show`` every one that does not agree is printed."""
    testable = [p for p in points if is_testable(p)]
    by_method: dict[str, Counter[str]] = defaultdict(Counter)
    classes: Counter[str] = Counter()
    for point in testable:
        name = formula_of(point) or ""
        value = float(formula(name).tc_K(known_of(point)))
        agrees = near(value, point["Tc_computed_K"])
        by_method[point["method"]].update(points=1, agree=agrees)
        if agrees:
            continue
        reason, detail = reason_of(point)
        classes[reason] += 1
        if show:
            print(
                f"{reason}{f' ({detail})' if detail else ''}: {point['label']}: {known_of(point)}, "
                f"stated {point['Tc_computed_K']:g} K, {name} {value:.3g} K"
            )
    return {
        "points": len(points),
        "testable": len(testable),
        "agree": sum(c["agree"] for c in by_method.values()),
        "by_method": {name: dict(c) for name, c in by_method.items()},
        "rest": dict(classes.most_common()),
        "not_testable": dict(Counter(_why_not(p) for p in points if not is_testable(p))),
        "each_formula": _each_formula(testable),
    }


def _why_not(point: Point) -> str:
    if formula_of(point) is None:
        return "Eliashberg equations"
    return "Tc is 0" if not point["Tc_computed_K"] else "no ω_log"


def _each_formula(points: list[Point]) -> dict[str, dict[str, int]]:
    """How many points each formula would agree with if it alone were used."""
    result = {}
    for name in ("mcmillan", *OTHER_FORMULAS, "xie_2022"):
        usable = [p for p in points if formula(name).takes(known_of(p))]
        agree = sum(near(formula(name).tc_K(known_of(p)), p["Tc_computed_K"]) for p in usable)
        result[name] = {"points": len(usable), "agree": agree}
    return result


def figure(path: Path, show: bool) -> dict[str, Any]:
    """The review's figure: its Tc by McMillan's formula against eq. 8 from its λ, ω_log and μ*.

    Also how much its Tc from the Eliashberg equations differs from f1·f2 with ω2 open.
    """
    frame = pd.read_csv(path)
    columns = ["composition", "Lambda_comp", "omlog_comp", "mu", "Tc_mml", "Tc_elsb"]
    frame = frame[columns].dropna(subset=["Lambda_comp", "omlog_comp", "mu"]).drop_duplicates()
    frame["allen_dynes"] = formula("allen_dynes").tc_K(
        {"lambda": frame["Lambda_comp"], "omega_log_K": frame["omlog_comp"], "mu_star": frame["mu"]}
    )
    frame["f1"] = formula("allen_dynes_f1f2").tc_K(
        {"lambda": frame["Lambda_comp"], "omega_log_K": frame["omlog_comp"], "mu_star": frame["mu"]}
    )
    frame["ratio"] = frame["allen_dynes"] / frame["Tc_mml"]
    if show:
        print(frame.round(3).to_string(index=False))
    stated = frame.dropna(subset=["Tc_mml"])
    return {
        "points": len(stated),
        "agree": int(((stated["ratio"] - 1).abs() <= AGREES).sum()),
        "largest": {
            f"{row.composition} {row.Tc_mml:.4g} K": round(row.ratio, 3)
            for row in stated[(stated["ratio"] - 1).abs() > AGREES].itertuples()
        },
        "eliashberg_over_f1": [
            round(e / f, 2) for e, f in zip(frame["Tc_elsb"], frame["f1"], strict=True) if e == e
        ],
    }


def main() -> None:
    """Read the arguments, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("conditions", type=Path)
    parser.add_argument("--figure", type=Path)
    parser.add_argument("--show", action="store_true", help="print each point that does not agree")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args()
    points = json.loads(arguments.conditions.read_text(encoding="utf-8"))
    result = score(points, arguments.show)
    if arguments.figure:
        result["figure"] = figure(arguments.figure, arguments.show)
    text = json.dumps(result, ensure_ascii=False, indent=2)
    print(text)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
