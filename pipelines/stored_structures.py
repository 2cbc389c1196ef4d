"""Structures of a database as objects of pymatgen, with all that is known of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scmine.database.filters import RecordFilter
from scmine.database.store import open_database
from scmine.database.structure import StoredStructure
from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.plain import from_plain
from scmine.validator.structures.rebuilt import Rebuilt, Verdict, Way

if TYPE_CHECKING:
    from pymatgen.core import Structure


def rebuilt_of(stored: StoredStructure) -> Rebuilt:
    """A structure of the database as the validator has it, with pymatgen's object of the atoms."""
    structure: Structure | None = None
    if stored.structure is not None:
        from pymatgen.core import Structure

        structure = Structure.from_dict(stored.structure)
    return Rebuilt(
        from_plain(stored.stated),
        Verdict(stored.verdict),
        structure,
        Way(stored.way) if stored.way else None,
        tuple(stored.repairs),
        tuple(stored.estimated),
        stored.origin,
        tuple(_finding(reason) for reason in stored.reasons),
    )


def _finding(plain: dict[str, Any]) -> Finding:
    return Finding(
        plain["name"],
        Severity(plain["severity"]),
        plain["message"],
        tuple(plain.get("fields", ())),
    )


def load_structures(
    db: str | os.PathLike[str],
    wanted: RecordFilter | None = None,
    verdict: str | None = None,
) -> Iterator[tuple[StoredStructure, Structure]]:
    """The crystal structures of a database that have atoms, each with pymatgen's object of them.

    Parameters
    ----------
    db
        A file (SQLite) or a SQLAlchemy URL.
    wanted, verdict
        Which; see `scmine.database.store.Database.structures`. None: all.

    Yields
    ------
    tuple of StoredStructure and pymatgen.core.Structure
        The first says the verdict, the way, what was repaired or estimated, the paper, and the
        records of it.

    Raises
    ------
    scmine.database.errors.DatabaseError
        The database cannot be opened or read.

    Examples
    --------
    >>> from scmine.pipelines import ingest, load_structures
    >>> summary = ingest("examples/hydride_eliashberg.pdf", db="examples.db")
    >>> [(s.formula, s.verdict, atoms.num_sites) for s, atoms in load_structures("examples.db")]
    [('LuZnH8', 'consistent', 40)]
    """
    with open_database(os.fspath(db), create=False) as database:
        for stored in database.structures(wanted, verdict):
            structure = rebuilt_of(stored).structure
            if structure is not None:
                yield stored, structure
