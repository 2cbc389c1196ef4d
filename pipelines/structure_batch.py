"""Many statements rebuilt: a CSV or JSON lines in, a file for each structure and a table out."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from scmine.database.replacing import replacing
from scmine.pipelines.structure import OutputFormat, text_of
from scmine.pipelines.structure_input import StatementError, read_statement
from scmine.validator.structures.hosts import Hosts
from scmine.validator.structures.output import OutputError
from scmine.validator.structures.rebuild import rebuild
from scmine.validator.structures.rebuilt import Rebuilt, Verdict

TABLE = "structures.csv"
_COLUMNS = (
    "line", "id", "formula", "verdict", "way", "origin", "space_group", "pressure_GPa", "repairs",
    "estimated", "findings", "file",
)  # fmt: skip
_SUFFIX = {OutputFormat.CIF: ".cif", OutputFormat.POSCAR: ".vasp", OutputFormat.JSON: ".json"}
_NOT_READ = "not_read"
_MOST_FIELD = 10_000_000
"""Characters of a field of CSV; records hold JSON in theirs."""


class _Line(NamedTuple):
    """One statement as its file has it; ``problem`` says why it cannot be read."""

    number: int
    values: dict[str, Any]
    problem: str = ""


def run_batch(batch: Path, folder: Path, form: OutputFormat, *, hosts: Hosts | None) -> bool:
    """Rebuild every statement of a file into a folder; whether every line was read.

    A line that cannot be read is told on standard error, and the rest goes on. The folder gets
    one file for each structure and ``structures.csv`` with a row for each line.

    Raises
    ------
    OSError
        If the file cannot be read or the folder not be written.
    StatementError
        If the file's name ends neither in .csv nor in .jsonl.
    """
    lines = _lines(batch)
    folder.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    taken: set[str] = set()
    rows = []
    for line in lines:
        row = _rebuilt_row(line, folder, form, hosts, taken)
        counts[row["verdict"]] += 1
        rows.append(row)
        if row["verdict"] == _NOT_READ:
            print(f"scmine: {batch}, line {line.number}: {row['findings']}", file=sys.stderr)
    with replacing(folder / TABLE) as stream:
        stream.write(_table(rows).encode())
    for verdict in [*(v.value for v in Verdict), _NOT_READ]:
        print(f"{verdict:16} {counts[verdict]}")
    print(f"{len(rows)} statements; see {folder / TABLE}")
    return not counts[_NOT_READ]


def _lines(batch: Path) -> Iterator[_Line]:
    """The statements of a file, by what its name ends with."""
    kind = batch.suffix.lower()
    if kind not in (".csv", ".jsonl"):
        raise StatementError(f"{batch}: name a file that ends in .csv or .jsonl")
    text = batch.read_text("utf-8-sig")
    return _csv_lines(text) if kind == ".csv" else _json_lines(text)


def _csv_lines(text: str) -> Iterator[_Line]:
    csv.field_size_limit(_MOST_FIELD)
    reader = csv.DictReader(text.splitlines(keepends=True))
    try:
        for row in reader:
            values = {k: v for k, v in row.items() if k is not None}
            problem = "more fields than columns" if None in row else ""
            yield _Line(reader.line_num, values, problem)
    except csv.Error as error:
        yield _Line(reader.line_num, {}, f"this is no CSV ({error})")


def _json_lines(text: str) -> Iterator[_Line]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except ValueError as error:
            yield _Line(number, {}, f"this is no JSON ({error})")
            continue
        problem = "" if isinstance(values, dict) else "this is no JSON object"
        yield _Line(number, {} if problem else values, problem)


def _rebuilt_row(
    line: _Line, folder: Path, form: OutputFormat, hosts: Hosts | None, taken: set[str]
) -> dict[str, Any]:
    """One line's row of the table; its structure is written."""
    name = str(line.values.get("structure_id") or line.values.get("record_id") or line.number)
    row: dict[str, Any] = {"line": line.number, "id": name, "verdict": _NOT_READ}
    row["formula"] = line.values.get("formula") or line.values.get("raw_material")
    if line.problem:
        return {**row, "findings": line.problem}
    try:
        stated = read_statement(line.values)
    except StatementError as error:
        return {**row, "findings": str(error)}
    rebuilt = rebuild(stated, hosts=hosts)
    row |= {
        "formula": stated.formula,
        "verdict": rebuilt.verdict.value,
        "way": rebuilt.way.value if rebuilt.way else "",
        "origin": rebuilt.origin,
        "space_group": stated.space_group,
        "pressure_GPa": stated.pressure_GPa,
        "repairs": " ".join(rebuilt.repairs),
        "estimated": " ".join(rebuilt.estimated),
        "findings": "; ".join(f"{f.name}: {f.message}" for f in rebuilt.reasons),
    }
    if rebuilt.structure is not None:
        row |= _write(rebuilt, folder, form, _file_name(_told(name, line, rebuilt), taken))
    return row


def _write(rebuilt: Rebuilt, folder: Path, form: OutputFormat, name: str) -> dict[str, Any]:
    """Write a structure; the columns that this changes."""
    try:
        text = text_of(rebuilt, form)
    except OutputError as error:
        return {"findings": str(error)}
    file = folder / f"{name}{_SUFFIX[form]}"
    with replacing(file) as stream:
        stream.write(text.encode())
    return {"file": file.name}


def _told(name: str, line: _Line, rebuilt: Rebuilt) -> str:
    """What a file is called: its id; without one, line, formula and pressure."""
    if name != str(line.number) or rebuilt.structure is None:
        return name
    stated = rebuilt.stated
    formula = stated.formula or rebuilt.structure.composition.reduced_formula
    pressure = "" if stated.pressure_GPa is None else f"{stated.pressure_GPa:g}GPa"
    return "_".join(part for part in (name, formula, pressure) if part)


def _file_name(name: str, taken: set[str]) -> str:
    """A name that leads out of no folder and was not used before."""
    plain = re.sub(r"[^A-Za-z0-9_.+-]", "_", name)[:80].lstrip(".-").strip("_") or "structure"
    free = plain
    count = 1
    while free.lower() in taken:
        count += 1
        free = f"{plain}_{count}"
    taken.add(free.lower())
    return free


def _table(rows: list[dict[str, Any]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()
