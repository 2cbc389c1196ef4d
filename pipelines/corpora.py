"""``scmine corpora stats``: what an annotated corpus holds, as tables or JSON."""

from __future__ import annotations

import json
from pathlib import Path

from scmine.corpora.loading import detect_corpus, load_corpus
from scmine.corpora.statistics import Row, Statistics, corpus_statistics
from scmine.pipelines.report import print_table, wide_console
from scmine.pipelines.tables import Column, Kind

_COLUMNS = (
    Column("what"),
    Column("label"),
    Column("count", Kind.NUMBER),
    Column("different", Kind.NUMBER),
    Column("passages with one", Kind.NUMBER),
    Column("across passages", Kind.NUMBER),
)


def print_statistics(folder: Path, *, as_json: bool) -> None:
    """Count the corpus in ``folder`` and print a table for each part, or one JSON object.

    Raises
    ------
    FileNotFoundError, CorpusError
        If there is no corpus, or a file of it is not as it should be.
    """
    statistics = corpus_statistics(load_corpus(detect_corpus(folder), folder))
    if as_json:
        print(json.dumps(_to_json(statistics), indent=2, ensure_ascii=False))
        return
    with wide_console() as console:
        for part in statistics.parts:
            rows = [row for row in statistics.rows() if row.part == part]
            console.print(f"{statistics.corpus}, {part}", markup=False)
            print_table(console, _COLUMNS, map(_cells, rows))
            console.print()


def _cells(row: Row) -> list[str]:
    return [
        row.what,
        row.label,
        str(row.total),
        "" if row.distinct is None else str(row.distinct),
        "" if row.passage_share is None else f"{100 * row.passage_share:.1f} %",
        "" if row.across is None else str(row.across),
    ]


def _to_json(statistics: Statistics) -> dict[str, object]:
    parts = {
        part: [
            {name: value for name, value in row._asdict().items() if name != "part"}
            for row in statistics.rows()
            if row.part == part
        ]
        for part in statistics.parts
    }
    return {"corpus": statistics.corpus, "parts": parts}
