"""Plausibility: which share of errors put into good records the validator's rules catch.

    python benchmarks/plausibility.py SOURCE... [--seed 0] [--most 400] [--json OUT.json]

A source is a file or a database as ``scmine check`` takes it. Errors go into records that no rule
speaks against; one is caught if a flag appears that was not there. Each is put in twice: with what
the paper printed beside the number (as records of scmine have it), and without (as tables of others
are). What share of the untouched records has a flag is given first.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from scmine.database.record import Evidence, Record
from scmine.database.store import open_database
from scmine.extractors.quantities import find_quantities
from scmine.pipelines.record_files import database_items, is_database, open_table
from scmine.validator.plausibility.ceilings import known_classes
from scmine.validator.plausibility.check import check_record
from scmine.validator.plausibility.flagging import flags_of

Error = Callable[[Record, random.Random], dict[str, Any] | None]
"""What an error changes in a record; None if it cannot be made in it."""

PRINTED = ("raw_tc", "raw_pressure", "sentence")


def scaled(column: str, factor: float) -> Error:
    """A number in another unit."""

    def error(record: Record, _: random.Random) -> dict[str, Any] | None:
        value = getattr(record, column)
        return {column: value * factor} if value else None

    return error


def swapped(first: str, second: str) -> Error:
    """Two columns in each other's place."""

    def error(record: Record, _: random.Random) -> dict[str, Any] | None:
        one, other = getattr(record, first), getattr(record, second)
        return {first: other, second: one} if one and other and one != other else None

    return error


def other_class(record: Record, chance: random.Random) -> dict[str, Any] | None:
    """A class drawn from the others."""
    if record.material_class is None or not record.composition:
        return None
    names = sorted(known_classes() - {record.material_class})
    return {"material_class": chance.choice(names)}


def pressure_lost(record: Record, _: random.Random) -> dict[str, Any] | None:
    """A pressure of 10 GPa or more that becomes ambient."""
    return {"pressure_GPa": 0.0} if (record.pressure_GPa or 0) >= 10 else None


def evidence_turned(record: Record, _: random.Random) -> dict[str, Any] | None:
    """Measured for calculated, and the other way."""
    if record.tc_K is None or record.evidence is Evidence.UNKNOWN:
        return None
    measured = record.evidence is Evidence.MEASURED
    return {"evidence": Evidence.CALCULATED if measured else Evidence.MEASURED}


def other_temperature(record: Record, chance: random.Random) -> dict[str, Any] | None:
    """Another temperature of the sentence in the place of Tc."""
    if record.tc_K is None or not record.sentence:
        return None
    found = find_quantities(record.sentence[:2000], "temperature")
    others = [
        (record.sentence[start:end], quantity.value)
        for start, end, quantity in found
        if quantity.value and abs(quantity.value - record.tc_K) > 0.5
    ]
    if not others:
        return None
    raw, value = chance.choice(others)
    return {"raw_tc": raw, "tc_K": value}


def oxygen_misread(record: Record, chance: random.Random) -> dict[str, Any] | None:
    """Another digit in the amount of oxygen, in composition and formula."""
    amount = record.composition.get("O")
    if amount is None or amount < 2 or not record.formula:
        return None
    wrong = float(chance.choice([n for n in range(1, 13) if abs(n - amount) >= 2]))
    composition = {**record.composition, "O": wrong}
    formula = "".join(f"{symbol}{number:g}" for symbol, number in composition.items())
    return {"composition": composition, "formula": formula}


def amount_misread(record: Record, chance: random.Random) -> dict[str, Any] | None:
    """The composition of another amount than the formula's."""
    if not record.composition or not record.formula:
        return None
    symbol = chance.choice(sorted(record.composition))
    return {"composition": {**record.composition, symbol: record.composition[symbol] * 10}}


ERRORS: dict[str, Error] = {
    "Tc in mK": scaled("tc_K", 1000.0),
    "Tc, decimal point lost": scaled("tc_K", 10.0),
    "Tc divided by 1000": scaled("tc_K", 0.001),
    "pressure in MPa": scaled("pressure_GPa", 1000.0),
    "pressure in kbar": scaled("pressure_GPa", 10.0),
    "pressure divided by 1000": scaled("pressure_GPa", 0.001),
    "high pressure as ambient": pressure_lost,
    "Tc and pressure swapped": swapped("tc_K", "pressure_GPa"),
    "λ and μ* swapped": swapped("lambda_", "mu_star"),
    "λ and Tc swapped": swapped("lambda_", "tc_K"),
    "ω_log in meV": scaled("omega_log_K", 1 / 11.6045),
    "ω_log in cm⁻¹": scaled("omega_log_K", 1 / 1.43878),
    "lattice in nm": scaled("a_A", 0.1),
    "lattice in pm": scaled("a_A", 100.0),
    "another class": other_class,
    "another temperature of the sentence": other_temperature,
    "measured and calculated turned": evidence_turned,
    "oxygen misread": oxygen_misread,
    "an amount tenfold": amount_misread,
}


def records_of(source: str) -> list[Record]:
    """The records of a file or of a database."""
    if is_database(source):
        with open_database(source, create=False) as database:
            items = list(database_items(database))
    else:
        items = list(open_table(Path(source)).items)
    return [item.record for item in items if item.record is not None]


def measure(records: Sequence[Record], seed: int, most: int) -> dict[str, Any]:
    """Flags of the untouched records, and the share of each error that is caught."""
    before = [set(flags_of(check_record(record))) for record in records]
    good = [record for record, flags in zip(records, before, strict=True) if not flags]
    result: dict[str, Any] = {
        "records": len(records),
        "flagged": len(records) - len(good),
        "by_rule": dict(Counter(flag for flags in before for flag in flags).most_common()),
        "errors": {},
    }
    for name, error in ERRORS.items():
        chance = random.Random(f"{seed} {name}")
        made = [(r, c) for r in good if (c := error(r, chance)) is not None]
        chance.shuffle(made)
        made = made[:most]
        rules: Counter[str] = Counter()
        caught = Counter[str]()
        for record, change in made:
            for how, blank in (("printed", {}), ("bare", dict.fromkeys(PRINTED, None))):
                changed = record.model_copy(update={**blank, **change})
                if changed.sentence is None:
                    changed = changed.model_copy(update={"sentence": "", "places": []})
                flags = flags_of(check_record(changed))
                caught[how] += bool(flags)
                rules.update(flags if how == "printed" else ())
        result["errors"][name] = {"made": len(made), **caught, "rules": dict(rules.most_common(4))}
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--most", type=int, default=400, help="records with one kind of error")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    records = [record for source in arguments.sources for record in records_of(source)]
    result = measure(records, arguments.seed, arguments.most)
    print(f"{result['records']} records, {result['flagged']} flagged: {result['by_rule']}")
    print(f"{'error':38}{'made':>6}{'printed':>9}{'bare':>7}  rules")
    for name, row in result["errors"].items():
        if row["made"]:
            shares = [f"{100 * row.get(how, 0) / row['made']:.0f} %" for how in ("printed", "bare")]
            told = ", ".join(row["rules"])
            print(f"{name:38}{row['made']:>6}{shares[0]:>9}{shares[1]:>7}  {told}")
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(result, indent=2, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
