"""A structure as the database keeps it, back as the validator has it, and as a CIF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scmine.database.structure import StoredStructure
from scmine.validator.finding import Finding, Severity
from scmine.validator.structures.output import cif_of
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


def stored_cif(stored: StoredStructure) -> str:
    """The CIF of a structure of the database, which says from where it is and how it was come by.

    Raises
    ------
    scmine.validator.structures.output.OutputError
        The structure has no atoms.
    """
    more = {
        "structure_id": stored.structure_id,
        "document": stored.doc_id,
        "arxiv_id": stored.arxiv_id,
        "title": stored.title,
        "source": stored.source,
        "page": stored.page,
    }
    return cif_of(rebuilt_of(stored), doi=stored.doi, more=more)


def _finding(plain: dict[str, Any]) -> Finding:
    return Finding(
        plain["name"],
        Severity(plain["severity"]),
        plain["message"],
        tuple(plain.get("fields", ())),
    )
