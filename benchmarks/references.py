"""How well a wrong Tc or a wrong formula is seen by its neighbours in a reference set.

    python benchmarks/references.py SUPERCON_STANEV.csv [OTHER_SET …]

Each composition of the first file is held against all the others of all files, its own left out:
as it is (an outlier is a false alarm), with its Tc ten times too high, ten times too low, with the
formula of another row, with one element replaced, and with one amount lost. The limits of
``scmine.validator.references.compare`` were chosen on 3,000 compositions of Stanev's SuperCon;
what is reported is on 3,000 others.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterable
from pathlib import Path

from scmine.database.record import Evidence, Record
from scmine.database.reference import ReferenceEntry
from scmine.extractors.elements import elements
from scmine.validator.references.compare import Novelty, compare
from scmine.validator.references.index import ReferenceIndex
from scmine.validator.references.loaders.kinds import read_file

CHOSEN_ON = 3000
REPORTED_ON = 3000
SEED = 0


def main() -> None:
    """Read the sets, alter rows, count what is found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    files = parser.parse_args().files
    read = [read_file(path, name=path.stem) for path in files]
    index = ReferenceIndex(entry for reading in read for entry in reading.entries)
    cases = _cases(read[0].entries)
    started = time.perf_counter()
    print(f"{len(index)} entries of {len(files)} sets; {len(cases)} compositions, each left out")
    with_neighbours = _with_neighbours(index, cases)
    print(f"{_share(with_neighbours)} have neighbours enough to judge by")
    print(f"{'altered':24}{'tc_outlier':>12}{'of judged':>12}{'known':>9}{'new':>9}")
    for name, records in _altered(cases).items():
        found = [compare(record, index) for record in records]
        outliers = [c is not None and c.outlier is not None for c in found]
        judged = [o for o, seen in zip(outliers, with_neighbours, strict=True) if seen]
        known, new = (
            _share([c is not None and c.novelty is novelty for c in found])
            for novelty in (Novelty.KNOWN, Novelty.NEW)
        )
        print(f"{name:24}{_share(outliers):>12}{_share(judged):>12}{known:>9}{new:>9}")
    print(f"{(time.perf_counter() - started) / (7 * len(cases)) * 1000:.1f} ms a comparison")


def _cases(entries: Iterable[ReferenceEntry]) -> list[ReferenceEntry]:
    """One row of each composition with a Tc that the limits were not chosen on."""
    first: dict[str, ReferenceEntry] = {}
    for entry in entries:
        whole = len(entry.composition) == len(entry.system.split("-"))
        if entry.tc_K and whole:
            first.setdefault(entry.key, entry)
    rows = list(first.values())
    chooser = random.Random(SEED)
    chosen = set(chooser.sample(range(len(rows)), min(CHOSEN_ON, len(rows) // 2)))
    others = [row for number, row in enumerate(rows) if number not in chosen]
    return chooser.sample(others, min(REPORTED_ON, len(others)))


def _with_neighbours(index: ReferenceIndex, cases: list[ReferenceEntry]) -> list[bool]:
    """Which would be outliers with a Tc that no material has."""
    found = [compare(_record(case.formula, 1e6), index) for case in cases]
    return [c is not None and c.outlier is not None for c in found]


def _altered(cases: list[ReferenceEntry]) -> dict[str, list[Record]]:
    chooser = random.Random(SEED)
    shuffled = [case.formula for case in cases]
    chooser.shuffle(shuffled)
    pairs = [(case.formula, case.tc_K or 0.0) for case in cases]
    return {
        "nothing": [_record(f, t) for f, t in pairs],
        "Tc times 10": [_record(f, 10 * t) for f, t in pairs],
        "Tc by 10": [_record(f, t / 10) for f, t in pairs],
        "formula of another row": [
            _record(f, t) for f, (_, t) in zip(shuffled, pairs, strict=True)
        ],
        "one element replaced": [
            _record(_replaced(case, chooser), case.tc_K or 0.0) for case in cases
        ],
        "one amount lost": [_record(_lost(case, chooser), case.tc_K or 0.0) for case in cases],
    }


def _record(formula: str, tc_K: float) -> Record:
    return Record(
        record_id="r",
        doc_id="d",
        raw_material=formula,
        formula=formula,
        tc_K=tc_K,
        pressure_GPa=0.0,
        evidence=Evidence.MEASURED,
    )


def _replaced(case: ReferenceEntry, chooser: random.Random) -> str:
    """The formula with one element taken for another."""
    symbols = [s for s in elements() if s not in case.composition and s not in {"D"}]
    wrong = chooser.choice(sorted(case.composition))
    amounts = dict(case.composition)
    amounts[chooser.choice(symbols)] = amounts.pop(wrong)
    return _formula(amounts)


def _lost(case: ReferenceEntry, chooser: random.Random) -> str:
    """The formula with one amount that is not 1 taken for 1."""
    amounts = dict(case.composition)
    other = sorted(s for s, a in amounts.items() if a != 1)
    if other:
        amounts[chooser.choice(other)] = 1.0
    return _formula(amounts)


def _formula(amounts: dict[str, float]) -> str:
    return "".join(f"{s}{a:.6f}".rstrip("0").rstrip(".") for s, a in amounts.items())


def _share(found: list[bool]) -> str:
    return f"{100 * sum(found) / max(len(found), 1):.1f} %"


if __name__ == "__main__":
    main()
