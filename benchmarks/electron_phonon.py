"""λ, ω_log, ω₂ and μ* of records against values read by hand from the same papers.

    python benchmarks/electron_phonon.py FOLDER [--split dev|test|all] [--show]

FOLDER holds the papers; they are known by name and SHA-256 from
``corpora/data/electron_phonon/*.json``. A value counts once a paper however often it is said.
``lenient`` asks for value (to 1 %) and material, ``strict`` for the pressure as well, where no
pressure and ambient pressure agree. Ranges are listed but not scored, since a record holds one
number; values marked ``optional`` (one sheet of the Fermi surface, typical values) count neither
way.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from scmine.corpora.evaluate import Score
from scmine.database.record import Record
from scmine.extractors import extract, read
from scmine.extractors.formula import parse_formula

COLUMNS = {
    "lambda": "lambda_",
    "omega_log": "omega_log_K",
    "omega2": "omega2_K",
    "mu_star": "mu_star",
}
KELVIN = {"1": 1.0, "K": 1.0, "meV": 11.6045, "cm-1": 1.43878, "THz": 47.9924}
TOLERANCE = 0.01
NO_MATERIAL = "?"


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a material; ``pressure`` in GPa is 0 where none is stated."""

    quantity: str
    number: float
    material: str
    pressure: float = 0.0

    def agrees(self, other: Value, strict: bool) -> bool:
        """Whether both state the same, with the pressure if ``strict``."""
        return (
            self.quantity == other.quantity
            and self.material == other.material
            and _near(self.number, other.number)
            and (not strict or _near(self.pressure, other.pressure))
        )


@dataclass(slots=True)
class PaperScore:
    """Values of one paper: those that count, those that may be found, and those found."""

    name: str
    truth: list[Value]
    optional: list[Value]
    found: list[Value]

    def counts(self, quantity: str, strict: bool) -> Counter[str]:
        """How many of ``quantity`` are right, found and true."""
        wanted = [v for v in self.truth if v.quantity == quantity]
        free = [v for v in self.optional if v.quantity == quantity]
        found = [
            v
            for v in self.found
            if v.quantity == quantity and (_in(v, wanted, strict) or not _in(v, free, strict=False))
        ]
        return Counter(
            true=len(wanted),
            hit=sum(_in(v, found, strict) for v in wanted),
            found=len(found),
            right=sum(_in(v, wanted, strict) for v in found),
        )


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= TOLERANCE * max(abs(a), abs(b))


def _in(value: Value, others: Sequence[Value], strict: bool) -> bool:
    return any(value.agrees(other, strict) for other in others)


def normal_material(text: str) -> str:
    """A formula as its composition, anything else without blanks.

    >>> normal_material("Nb3Sn") == normal_material("SnNb3")
    True
    """
    formula = parse_formula(text)
    composition = formula.composition() if formula else None
    if composition is None:
        return str(formula) if formula else "".join(text.split())
    return " ".join(f"{symbol}{amount:g}" for symbol, amount in sorted(composition.items()))


def truth_of(entry: dict[str, Any]) -> tuple[list[Value], list[Value]]:
    """The values that count and those that are optional, each once; ranges are left out."""
    lists: tuple[list[Value], list[Value]] = ([], [])
    for stated in entry["values"]:
        if "value" not in stated:
            continue
        value = Value(
            stated["quantity"],
            stated["value"] * KELVIN[stated["unit"]],
            normal_material(stated["material"]),
            stated.get("pressure_GPa", 0.0),
        )
        chosen = lists[bool(stated.get("optional"))]
        if value not in chosen:
            chosen.append(value)
    return lists


def values_of(records: Sequence[Record]) -> list[Value]:
    """The values that records state, each once."""
    found: dict[Value, None] = {}
    for record in records:
        name = record.formula or record.raw_material
        for quantity, column in COLUMNS.items():
            number = getattr(record, column)
            if number is not None:
                material = normal_material(name) if name else NO_MATERIAL
                found[Value(quantity, number, material, record.pressure_GPa or 0.0)] = None
    return list(found)


def score_paper(path: Path, entry: dict[str, Any]) -> PaperScore:
    """The score of the paper at ``path``."""
    truth, optional = truth_of(entry)
    return PaperScore(path.name, truth, optional, values_of(extract(read(path)).records))


def find(folder: Path, entry: dict[str, Any]) -> Path | None:
    """The paper of ``entry`` below ``folder``, if the very same file is there."""
    for path in sorted(folder.rglob(entry["file"])):
        if hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]:
            return path
    return None


def show(score: PaperScore) -> None:
    """Print what was missed and what is wrong."""
    for value in score.truth:
        if not _in(value, score.found, strict=True):
            kind = "no pressure" if _in(value, score.found, strict=False) else "missed"
            print(f"  {score.name:34} {kind:12} {value}")
    for value in score.found:
        if not _in(value, score.truth, strict=False) and not _in(value, score.optional, False):
            print(f"  {score.name:34} {'wrong':12} {value}")


def main() -> None:
    """Print P, R and F1 a quantity, strict and lenient."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="where the papers are, at any depth")
    parser.add_argument("--split", choices=("dev", "test", "all"), default="dev")
    parser.add_argument("--show", action="store_true", help="print misses and wrong values")
    options = parser.parse_args()
    scores: list[PaperScore] = []
    files = resources.files("scmine.corpora") / "data" / "electron_phonon"
    for file in sorted(files.iterdir(), key=lambda f: f.name):
        entry = json.loads(file.read_text("utf-8"))
        if options.split not in ("all", entry["half"]):
            continue
        path = find(options.folder, entry)
        if path is None:
            print(f"  {entry['file']}: not found, left out")
            continue
        scores.append(score_paper(path, entry))
        if options.show:
            show(scores[-1])
    print(f"{len(scores)} papers, {options.split}")
    print(f"{'':10} {'':8} {'P':>6} {'R':>6} {'F1':>6} {'true':>5} {'found':>5}")
    for strict in (True, False):
        totals = {q: Counter[str]() for q in (*COLUMNS, "all")}
        for score in scores:
            for quantity in COLUMNS:
                counts = score.counts(quantity, strict)
                totals[quantity].update(counts)
                totals["all"].update(counts)
        for quantity, n in totals.items():
            total = Score(n["right"], n["found"], n["true"], n["hit"])
            print(
                f"{quantity:10} {'strict' if strict else 'lenient':8} {total.precision:6.1f}"
                f" {total.recall:6.1f} {total.f1:6.1f} {n['true']:5} {n['found']:5}"
            )


if __name__ == "__main__":
    main()
