"""Structures of a database as files: a CIF or POSCAR each, and a table of all of them.

What stands in a CIF is decided in ``scmine.validator.structures``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scmine.database.export import write_rows
from scmine.database.replacing import replacing
from scmine.database.structure import StoredStructure

INDEX = "structures.csv"
"""The table of all structures that were asked for, with those that have no atoms."""

INDEX_COLUMNS = (
    "structure_id",
    "file",
    "verdict",
    "way",
    "formula",
    "space_group",
    "space_group_number",
    "space_group_stated",
    "pressure_GPa",
    "repairs",
    "estimated",
    "origin",
    "reasons",
    "doc_id",
    "path",
    "doi",
    "arxiv_id",
    "title",
    "source",
    "page",
    "sentence",
    "record_ids",
)


@dataclass(slots=True)
class ExportedStructures:
    """How many structures an export wrote, and how many are in its table only.

    ``without_atoms`` could not be rebuilt, ``in_part`` have sites that are occupied in part, which
    POSCAR cannot say.
    """

    folder: Path
    files: int = 0
    without_atoms: int = 0
    in_part: int = 0

    def __str__(self) -> str:
        """What was written, and where, for people."""
        files = f"{self.files} file{'' if self.files == 1 else 's'}"
        lines = [
            f"{files} and {INDEX} in {self.folder}: {INDEX} gives formula, pressure, verdict "
            "and paper of each"
        ]
        if self.without_atoms:
            lines.append(f"{self.without_atoms} without atoms, in {INDEX} only, with the reasons")
        if self.in_part:
            lines.append(f"{self.in_part} occupied in part, in {INDEX} only: use --format cif")
        return "\n".join(lines)


def export_structures(
    structures: Iterable[StoredStructure], format: str, folder: Path | None
) -> ExportedStructures:
    """Write each structure that has atoms to a file of ``folder``; return what was written.

    Parameters
    ----------
    structures
        What to write.
    format
        ``cif``, or ``poscar``, which cannot hold sites that are occupied in part: those are left
        out. Files are called by the ``structure_id``.
    folder
        Is made if it is not there, in a folder that is. ``structures.csv`` in it lists all
        structures, with ``file`` empty for those that have none.

    Raises
    ------
    ValueError
        ``folder`` is None: structures are files, which standard output cannot take.
    OSError
        ``folder`` is a file or cannot be written.
    """
    if folder is None:
        raise ValueError(f"{format} writes a file for each structure: name a folder with --output")
    write = {"cif": _cif, "poscar": _poscar}[format]
    folder.mkdir(exist_ok=True)
    done = ExportedStructures(folder)

    def rows() -> Iterator[list[Any]]:
        for structure in structures:
            text = write(structure) if structure.structure is not None else None
            name = "" if text is None else f"{structure.structure_id}.{_SUFFIXES[format]}"
            if text is not None:
                with replacing(folder / name) as stream:
                    stream.write(text.encode())
                done.files += 1
            elif structure.structure is None:
                done.without_atoms += 1
            else:
                done.in_part += 1
            yield _index_row(structure, name)

    with replacing(folder / INDEX) as stream:
        write_rows(INDEX_COLUMNS, rows(), stream)
    return done


_SUFFIXES = {"cif": "cif", "poscar": "vasp"}


def _cif(structure: StoredStructure) -> str | None:
    from scmine.validator.structures.stored import stored_cif

    return stored_cif(structure)


def _poscar(structure: StoredStructure) -> str | None:
    from scmine.validator.structures.output import OutputError, poscar_of
    from scmine.validator.structures.stored import rebuilt_of

    try:
        return poscar_of(rebuilt_of(structure))
    except OutputError:  # sites that are occupied in part
        return None


def _index_row(structure: StoredStructure, file: str) -> list[Any]:
    values: dict[str, Any] = {
        "file": file,
        "space_group_stated": structure.stated.get("space_group"),
        "repairs": "; ".join(structure.repairs),
        "estimated": "; ".join(structure.estimated),
        "reasons": "; ".join(f"{r['name']}: {r['message']}" for r in structure.reasons),
        "record_ids": " ".join(structure.record_ids),
    }
    return [values[name] if name in values else getattr(structure, name) for name in INDEX_COLUMNS]
