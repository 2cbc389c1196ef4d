"""``scmine corrections``: lists what people corrected, and writes it for tools that take it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scmine.corpora.corrections.choosing import chosen, corrections_in
from scmine.corpora.corrections.exporting import ExportFormat, files_of
from scmine.corpora.corrections.listing import Entry, as_plain
from scmine.database.judged import Judged, JudgedFilter
from scmine.database.store import Database
from scmine.pipelines.output import open_output

_FOLDERS = frozenset((ExportFormat.LABEL_STUDIO, ExportFormat.CORPUS))
_SHORT = 12  # characters of an id in a list


def summary(database: Database, wanted: JudgedFilter, found: Sequence[Entry]) -> dict[str, Any]:
    """What the corrections tell in sum, as what JSON can hold."""
    reasons: dict[str, int] = {}
    for entry in found:
        if entry.reason is not None:
            reasons[str(entry.reason)] = reasons.get(str(entry.reason), 0) + 1
    return {
        "judged": len(found),
        "examples": sum(entry.teaches for entry in found),
        "passages": len(corrections_in(found)),
        "by_error_type_and_extractor": [
            {"status": status, "error_type": kind or None, "extractor": extractor, "records": n}
            for status, kind, extractor, n in Judged(database).sums(wanted)
        ],
        "reasons": dict(sorted(reasons.items())),
    }


def list_corrections(database: Database, wanted: JudgedFilter, *, as_json: bool) -> None:
    """Print the judged records, what each teaches, and the sums."""
    found = chosen(database, wanted)
    sums = summary(database, wanted, found)
    if as_json:
        print(json.dumps(sums | {"records": [as_plain(e) for e in found]}, ensure_ascii=False))
        return
    if not found:
        print("nothing was corrected yet: judge records with scmine serve")
        return
    for entry in found:
        print(_line(entry))
    print()
    _print_sums(sums)


def export_corrections(
    database: Database, wanted: JudgedFilter, format_: ExportFormat, out: Path | None
) -> None:
    """Write the passages that teach anything; several files go into the folder ``out``."""
    found = chosen(database, wanted)
    files = files_of(format_, corrections_in(found))
    if format_ in _FOLDERS:
        assert out is not None
        out.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            with open_output(out / name) as stream:
                stream.write(data)
    else:
        (data,) = files.values()
        with open_output(out) as stream:
            stream.write(data)
    teaching = sum(e.teaches for e in found)
    print(
        f"{len(corrections_in(found))} passages from {teaching} of {len(found)} judged records"
        + (f" to {out}" if out else ""),
        file=sys.stderr,
    )


def _line(entry: Entry) -> str:
    judgement = entry.judgement
    record = judgement.after
    what = "example" if entry.teaches else "no example"
    if entry.reason is not None:
        what += f" ({entry.reason})"
    when = "" if judgement.when is None else f"{judgement.when:%Y-%m-%d}"
    words = (
        record.record_id[:_SHORT],
        str(record.status),
        str(record.error_type or "-"),
        judgement.who or "-",
        when or "-",
        f"{record.raw_material}, {record.raw_tc or 'no Tc'}",
        what,
    )
    return "  ".join(words)


def _print_sums(sums: Mapping[str, Any]) -> None:
    print(
        f"{sums['judged']} judged records, {sums['examples']} give examples, in "
        f"{sums['passages']} passages"
    )
    for row in sums["by_error_type_and_extractor"]:
        kind = row["error_type"] or "no error type"
        print(f"  {row['records']:5}  {row['status']}, {kind}, {row['extractor']}")
    for reason, number in sums["reasons"].items():
        print(f"  {number:5}  {reason}")
