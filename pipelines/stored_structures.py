"""The structures of a database, one by one, as objects of pymatgen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scmine.database.filters import RecordFilter
from scmine.database.store import open_database
from scmine.database.structure import StoredStructure
from scmine.validator.structures.stored import rebuilt_of

if TYPE_CHECKING:
    from pymatgen.core import Structure


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
