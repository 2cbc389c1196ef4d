"""A database of many made-up records to search, of which the shares are those of real papers.

Materials come from families with their elements, dopants, Tc, pressures and years; a few are in
many papers and most in one. The shares of what is not stated were counted over the records of 114
papers. Words follow Zipf's law. Nothing here is measured; that is done in ``search.py``.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import insert

from scmine.database.models import DocumentModel, RecordModel
from scmine.database.store import Database

RECORDS_PER_DOCUMENT = 10
MATERIALS = 60_000
WORDS = 20_000
SENTENCES = 50_000
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Family:
    """A class of materials: how frequent, of what, and which Tc, pressures and years it has."""

    name: str | None
    weight: int
    hosts: tuple[str, ...]
    dopants: str
    tc: tuple[float, float]
    pressed: float = 0.05
    pressures: tuple[float, float] = (0.1, 20.0)
    since: int = 1987
    calculated: float = 0.03


FAMILIES = (
    Family(
        "cuprate",
        36,
        (
            *("Y1 Ba2 Cu3 O7", "La2 Sr1 Cu1 O4", "Bi2 Sr2 Ca1 Cu2 O8", "Tl2 Ba2 Ca2 Cu3 O10"),
            *("Hg1 Ba2 Ca2 Cu3 O8", "Nd2 Ce1 Cu1 O4", "Pr2 Ce1 Cu1 O4", "La2 Ba1 Cu1 O4"),
        ),
        "Zn Ni Pr Ca Pb F Fe Co Gd Eu Sm Dy Ho Er Yb Li Mg Al Ga K Na Ru Nb Ti Mo Re S C B H",
        (5.0, 135.0),
    ),
    Family(
        "iron-based pnictide",
        12,
        ("Ba1 Fe2 As2", "Sr1 Fe2 As2", "La1 Fe1 As1 O1", "Sm1 Fe1 As1 O1", "Li1 Fe1 As1"),
        "K Co Ni P F Na Rh Ru La Ca Cu Mn H Pt Pd Nd Eu",
        (2.0, 56.0),
        since=2008,
        pressed=0.2,
    ),
    Family(
        "iron-based chalcogenide",
        9,
        ("Fe1 Se1", "K1 Fe2 Se2", "Fe1 Te1 Se1", "Li1 Fe1 Se1 O1 H1"),
        "S Te Tl Rb Cs Na Co Cu N",
        (2.0, 48.0),
        since=2008,
        pressed=0.25,
    ),
    Family(
        "hydride",
        6,
        *(("La1 H10", "H3 S1", "Y1 H6", "Ca1 H6", "Th1 H10", "Ce1 H9", "Pd1 H1"),),
        "B Be Mg Al C N Y La Ce Li Na K Sc Lu",
        (10.0, 290.0),
        pressed=0.95,
        pressures=(50.0, 400.0),
        since=2004,
        calculated=0.6,
    ),
    Family("MgB2-like", 5, ("Mg1 B2",), "C Al Si Ti Li Zr Sc O", (5.0, 41.0), since=2001),
    Family("A15", 4, ("Nb3 Sn1", "Nb3 Ge1", "V3 Si1"), "Ta Ti Al Ga Cu", (3.0, 24.0), since=1960),
    Family(
        "heavy fermion",
        4,
        ("Ce1 Co1 In5", "U1 Pt3", "Ce1 Cu2 Si2", "U1 Te2"),
        "Rh Ir La Cd Sn Th Ge",
        (0.1, 2.5),
        pressed=0.4,
    ),
    Family("fulleride", 2, ("K3 C60", "Rb3 C60", "Cs3 C60"), "Na Li Ba", (5.0, 40.0), since=1991),
    Family("element", 3, ("Nb1", "Pb1", "Al1", "In1", "Sn1", "Ta1"), "", (0.1, 25.0), since=1950),
    Family(
        "other",
        15,
        (),
        "O Cu Fe Se As S Te Bi Sb P Si Ge B C N H Nb Ta Ti Zr Mo W Re Ru Rh Ir Pd Pt Ni Co Mn V Cr "
        "La Ce Pr Nd Sm Eu Gd Y Lu Sc Ca Sr Ba K Na Li Rb Cs Mg Al Ga In Tl Sn Pb Cd Hg Zn Ag Au "
        "F Cl Br I Th U Os Hf",
        (0.1, 30.0),
        since=1950,
    ),
    Family(None, 4, (), "O Cu Fe Se As La Sr", (0.5, 60.0)),
)

FLAG_NAMES = (
    "unresolved_variable formula_from_name unresolved_name material_implied list_unpaired "
    "unresolved_site unresolved_sample tc_unit_missing ambiguous_formula variable_range "
    "approximate_variable pressure_bound contradicted undoped_formula above_class_record "
    "charge_implausible pressure_list tc_up_to calculated_called_measured tc_outlier"
)
FLAGS = FLAG_NAMES.split()
SPACE_GROUPS = (
    *(("P63/mmc", 194), ("I4/mmm", 139), ("P4/mmm", 123), ("P4/nmm", 129), ("Fm-3m", 225)),
    *(("Fd-3m", 227), ("Pm-3n", 223), ("Pmmm", 47), ("I-43d", 220), ("C2/m", 12), ("R-3m", 166)),
    *(("Im-3m", 229), ("Cmce", 64), ("Pnma", 62), ("P6/mmm", 191)),
)
SUBJECT = (
    "superconductivity transition temperature sample measured pressure critical field resistivity "
    "magnetization single crystal film thin doping structure phase hydride coupling phonon "
    "calculated electron gap anisotropic annealed polycrystalline susceptibility vortex pinning "
    "wire tape isotope nematic pseudogap topological monolayer intercalated"
)
SUBJECT_WORDS = SUBJECT.split()


PLACE = {"id": "p" * 24, "source": "text", "raw_material": "m", "boxes": [[1, 72.0, 80.5, 300.1]]}


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up material."""

    family: Family
    formula: str
    composition: dict[str, float]
    space_group: tuple[str, int]
    tc: float


def _zipf(n: int, power: float = 1.0) -> list[float]:
    return list(accumulate(1 / (rank + 1) ** power for rank in range(n)))


def _material(rng: random.Random) -> Made:
    family = rng.choices(FAMILIES, [f.weight for f in FAMILIES])[0]
    amounts: dict[str, float] = {}
    pool = family.dopants.split()
    if family.hosts:
        for part in rng.choice(family.hosts).split():
            symbol = part.rstrip("0123456789")
            amounts[symbol] = float(part[len(symbol) :])
        for _ in range(rng.choices((0, 1, 2), (30, 50, 20))[0] if pool else 0):
            symbol = pool[min(int(rng.expovariate(4 / len(pool))), len(pool) - 1)]
            amounts[symbol] = amounts.get(symbol, 0.0) + round(rng.uniform(0.01, 0.5), 2)
    else:
        for _ in range(rng.choices((2, 3, 4), (30, 50, 20))[0]):
            symbol = pool[min(int(rng.expovariate(3 / len(pool))), len(pool) - 1)]
            amounts[symbol] = float(rng.randint(1, 8))
    formula = "".join(f"{s}{'' if a == 1 else f'{a:g}'}" for s, a in amounts.items())
    return Made(family, formula, amounts, rng.choice(SPACE_GROUPS), rng.betavariate(1.6, 2.5))


def rows(records: int, seed: int) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The rows of documents, each with those of its records."""
    rng = random.Random(seed)
    materials = [_material(rng) for _ in range(MATERIALS)]
    popularity = _zipf(MATERIALS, 0.7)
    vocabulary = [f"{rng.choice(SUBJECT_WORDS)[:3]}{n:x}" for n in range(WORDS)]
    frequency = _zipf(WORDS)
    subjects = _zipf(len(SUBJECT_WORDS), 0.9)

    def text(length: int) -> str:
        common = rng.choices(SUBJECT_WORDS, cum_weights=subjects, k=length // 3)
        rare = rng.choices(vocabulary, cum_weights=frequency, k=length - length // 3)
        return " ".join([*common, *rare])

    sentences = [text(26) for _ in range(SENTENCES)]

    for number in range(records // RECORDS_PER_DOCUMENT):
        chosen = rng.choices(materials, cum_weights=popularity, k=rng.choice((1, 1, 2, 3)))
        doc_id = hashlib.sha256(str(number).encode()).hexdigest()
        since = chosen[0].family.since
        document = {
            "doc_id": doc_id,
            "path": f"/papers/{number % 997:03}/{doc_id[:10]}.pdf",
            "title": f"{text(9)} {chosen[0].formula}",
            "year": None if rng.random() < 0.06 else int(rng.triangular(since, 2026, 2016)),
            "doi": f"10.1000/{number}",
            "arxiv_id": None,
        }
        claims = [
            _record(rng, rng.choice(chosen), rng.choice(sentences))
            | {"record_id": f"{doc_id[:16]}{n:08}", "doc_id": doc_id, "position": n}
            for n in range(RECORDS_PER_DOCUMENT)
        ]
        yield document, claims


def _record(rng: random.Random, made: Made, sentence: str) -> dict[str, Any]:
    """The columns of one claim on a material."""
    family = made.family
    low, high = family.tc
    tc = round(low + (high - low) * min(max(rng.gauss(made.tc, 0.05), 0.0), 1.0), 1)
    stated = rng.random()
    pressed = rng.random() < family.pressed
    open_amounts = rng.random() < 0.3
    formula = f"{made.formula}+δ" if open_amounts else made.formula
    calculated = rng.random() < family.calculated
    has_lambda = rng.random() < (0.6 if calculated else 0.03)
    group = made.space_group if rng.random() < 0.09 else (None, None)
    usual = FLAGS[: rng.choice((3, 6, 20))]
    flags = [] if rng.random() < 0.58 else rng.sample(usual, rng.choice((1, 1, 2)))
    evidence = "calculated" if calculated else "unknown" if rng.random() < 0.01 else "measured"
    return {
        "raw_material": formula,
        "formula": None if rng.random() < 0.085 else formula,
        "composition": {} if open_amounts else made.composition,
        "material_class": family.name,
        "tc_K": tc if stated < 0.69 else None,
        "tc_min_K": tc - 2 if 0.69 <= stated < 0.72 else None,
        "tc_max_K": tc if 0.69 <= stated < 0.72 else None,
        "pressure_GPa": round(rng.uniform(*family.pressures), 1) if pressed else None,
        "lambda": round(rng.uniform(0.3, 2.5), 2) if has_lambda else None,
        "omega_log_K": round(rng.uniform(80, 1500)) if has_lambda and rng.random() < 0.3 else None,
        "space_group": group[0],
        "space_group_number": group[1],
        "structure_id": "s" * 24 if rng.random() < 0.27 else None,
        "evidence": evidence,
        "origin": rng.choices(("this_work", "cited"), (55, 45))[0],
        "source": rng.choices(("text", "table", "caption"), (68, 29, 3))[0],
        "confidence": round(rng.uniform(0.25, 0.99), 3),
        "status": rng.choices(("new", "curated", "validated", "invalid"), (90, 5, 4, 1))[0],
        "flags": flags,
        "sentence": f"{sentence} {made.formula}",
        "places": [PLACE | {"sentence": sentence * 2}],
    }


EMPTY_RECORD: dict[str, Any] = {"variables": {}, "wyckoff": [], "tc_kind": "unspecified"} | {
    "boxes": [[1, 72.0, 80.5, 300.1, 92.4]],
    "extractor": "tagger@1",
}
EMPTY_DOCUMENT: dict[str, Any] = {"authors": ["A. One", "B. Two"], "reader": "pdf"} | {
    **{"page_count": 8, "status": "done", "reason": "", "warnings": [], "seconds": 1.0},
    **{"pipeline_version": "benchmark", "steps": {}},
}


def fill(database: Database, records: int, seed: int = 1) -> None:
    """Write so many made-up records into an empty database."""
    run = database.start_run("benchmark")
    documents: list[dict[str, Any]] = []
    claims: list[dict[str, Any]] = []
    for number, (document, own) in enumerate(rows(records, seed), 1):
        documents.append(document | EMPTY_DOCUMENT | {"run_id": run})
        claims += [row | EMPTY_RECORD for row in own]
        if number % BATCH == 0 or number * RECORDS_PER_DOCUMENT >= records:
            with database.writing() as connection:
                connection.execute(insert(DocumentModel), documents)
                connection.execute(insert(RecordModel.__table__), claims)
            print(f"{datetime.now(UTC):%H:%M:%S} {number * RECORDS_PER_DOCUMENT}", flush=True)
            documents, claims = [], []
