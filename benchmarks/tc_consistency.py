"""What the check of Tc against λ, ω_log and μ* finds: errors put into points that agree.

    python benchmarks/tc_consistency.py CONDITIONS.json

CONDITIONS.json is as for ``tc_formulas.py``. Every point becomes a record; how many of those as
printed are flagged is counted first. Then each point that is not flagged is spoilt in one way
after another, as a reader of papers would spoil it, and the share that is flagged is counted.
Last, every ω_log is written in each unit without naming it, and the unit is asked for. The method
of Tc is named as the point names it, or left out.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scmine.database.record import Record
from scmine.validator.physics.consistency import consistency
from scmine.validator.physics.units import UNITS, kelvin_per, propose_unit

METHODS = {
    "allen-dynes-basic": "Allen-Dynes",
    "allen-dynes-f1f2": "Allen-Dynes",
    "mcmillan": "McMillan",
    "eliashberg": "Migdal-Eliashberg",
}

Point = Mapping[str, Any]


def record_of(point: Point, *, named: bool) -> Record:
    """The record that a point is; ``named``: its method is told."""
    return Record.model_validate(
        {
            "record_id": "r",
            "doc_id": point["paper_id"],
            "raw_material": point["label"] or "?",
            "tc_K": point["Tc_computed_K"],
            "lambda": point["lambda"],
            "omega_log_K": point["omega_log_K"],
            "omega2_K": point["omega2_K"],
            "mu_star": point["mu_star"],
            "evidence": "calculated",
            "tc_method": METHODS[point["method"]] if named else None,
        }
    )


def is_flagged(point: Point, *, named: bool) -> bool:
    """Whether the check says that the Tc is apart from the rest."""
    found = {f.name for f in consistency(record_of(point, named=named))}
    return bool(found & {"tc_apart_from_lambda", "tc_above_bound"})


def spoilt(point: Point, neighbour: Point | None) -> Iterator[tuple[str, Point]]:
    """``point`` with one error after another, each with its name."""
    tc, omega, coupling = point["Tc_computed_K"], point["omega_log_K"], point["lambda"]
    yield "Tc ten times too high", {**point, "Tc_computed_K": tc * 10}
    yield "Tc ten times too low", {**point, "Tc_computed_K": tc / 10}
    yield "ω_log in meV taken for K", {**point, "omega_log_K": omega / kelvin_per("meV")}
    yield "ω_log in cm-1 taken for K", {**point, "omega_log_K": omega / kelvin_per("cm-1")}
    yield "ω_log in K taken for cm-1", {**point, "omega_log_K": omega * kelvin_per("cm-1")}
    yield "λ larger by 1", {**point, "lambda": coupling + 1}
    if neighbour is not None:
        yield "Tc of the paper's next row", {**point, "Tc_computed_K": neighbour["Tc_computed_K"]}
        yield "λ of the paper's next row", {**point, "lambda": neighbour["lambda"]}


def rates(points: list[Point], *, named: bool) -> dict[str, Any]:
    """Shares flagged: of the points as they are, and of each kind of error."""
    usable = [p for p in points if p["Tc_computed_K"] and p["omega_log_K"]]
    flags = [is_flagged(p, named=named) for p in usable]
    errors: dict[str, Counter[str]] = defaultdict(Counter)
    for i, (point, flagged) in enumerate(zip(usable, flags, strict=True)):
        if flagged:
            continue
        after = usable[(i + 1) % len(usable)]
        same_paper = after["paper_id"] == point["paper_id"]
        for name, wrong in spoilt(point, after if same_paper else None):
            errors[name].update(points=1, flagged=is_flagged(wrong, named=named))
    return {
        "as_printed": {"points": len(usable), "flagged": sum(flags)},
        "errors": {name: dict(c) for name, c in errors.items()},
    }


def units(points: list[Point], *, stated: bool) -> dict[str, dict[str, int]]:
    """How often the unit of a bare ω_log is proposed rightly; ``stated``: μ* is told."""
    result: dict[str, Counter[str]] = defaultdict(Counter)
    for point in points:
        if not point["Tc_computed_K"] or not point["omega_log_K"]:
            continue
        for unit in UNITS:
            value = float(f"{point['omega_log_K'] / kelvin_per(unit):.4g}")
            found = propose_unit(
                value,
                point["Tc_computed_K"],
                point["lambda"],
                point["mu_star"] if stated else None,
            )
            said = "ambiguous" if found.ambiguous else "none"
            if found.unit is not None:
                said = "right" if found.unit == unit else "wrong"
            result[unit].update([said])
    return {unit: dict(c) for unit, c in result.items()}


def main() -> None:
    """Read the arguments, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("conditions", type=Path)
    points = json.loads(parser.parse_args().conditions.read_text(encoding="utf-8"))
    result = {
        "method named": rates(points, named=True),
        "method not named": rates(points, named=False),
        "unit, μ* stated": units(points, stated=True),
        "unit, μ* not stated": units(points, stated=False),
    }
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
