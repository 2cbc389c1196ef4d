"""Exports that other programs open as they are: a data set for Hugging Face, a file for Datasette.

What they hold is decided in ``scmine.database.dataset`` and ``scmine.database.datasette``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from scmine.database.dataset import write_dataset
from scmine.database.datasette import write_datasette
from scmine.database.filters import RecordFilter
from scmine.database.record import Record

HUGGINGFACE, DATASETTE = "huggingface", "datasette"


def export_copy(
    records: Iterable[Record],
    format: str,
    out: Path | None,
    wanted: RecordFilter,
    *,
    license: str | None = None,
    split: bool = False,
) -> str:
    """Write records in one of the two formats; return what to tell the user.

    Parameters
    ----------
    format
        ``huggingface``, for which ``out`` is a new folder, or ``datasette``, for which it is a
        file.
    wanted
        What chose the records, which the card of a data set says.
    license
        The licence that the copy names.
    split
        Part a data set by paper.

    Raises
    ------
    ValueError
        ``out`` is None, ``license`` is no name of a licence, or a file is to be split.
    OSError
        ``out`` cannot be written.
    """
    if out is None:
        what = "a folder" if format == HUGGINGFACE else "a file such as sc.db"
        raise ValueError(f"{format} cannot go to standard output: name {what} with --output")
    if format == HUGGINGFACE:
        chosen = ((f.name, getattr(wanted, f.name)) for f in fields(wanted) if f.name != "order")
        known = ((name, value) for name, value in chosen if value not in (None, (), frozenset()))
        filters = ", ".join(f"{name} {value}" for name, value in known)
        written = write_dataset(records, out, split=split, license=license, filters=filters)
        rows = ", ".join(f"{name} {count}" for name, count in written.splits.items())
        told = f"{written.records} records ({rows}) in {out}: datasets.load_dataset({str(out)!r})"
        if license is None:
            told += "\nno licence is stated: --license NAME writes one into README.md"
        return told
    if split:
        raise ValueError("--split is for --format huggingface")
    done = write_datasette(records, out, license=license)
    return (
        f"{done.records} records of {done.documents} papers in {out}: "
        f"datasette {out} -m {done.metadata}"
    )
