"""The README's output is what the program prints."""

from __future__ import annotations

from pathlib import Path

from scmine.database.filters import RecordFilter
from scmine.database.store import open_database
from scmine.pipelines import ingest
from scmine.pipelines.show import record_cells


def test_the_records_of_the_readme_are_those_of_the_examples(root: Path, tmp_path: Path) -> None:
    readme = (root / "README.md").read_text("utf-8")
    printed = readme.split("```text\n")[1].split("```")[0].splitlines()[1:]
    ingest([root / "examples"], db=str(tmp_path / "demo.db"))
    with open_database(tmp_path / "demo.db") as database:
        records = list(database.records(RecordFilter()))
    shown = {" ".join(" ".join(record_cells(record)).split()) for record in records}
    assert printed
    for line in printed:
        assert " ".join(line.split()) in shown
