"""``scmine evaluate tables``: gold tables and a folder of PDFs in, scores out.

This module finds the PDFs, reads them and runs; what is counted lives in ``scmine.corpora``, how
it is printed in ``evaluate_tables_report``.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import track

from scmine.corpora.claim_scores import PaperClaims, score_claims
from scmine.corpora.gold_tables import SHIPPED, GoldPaper, gold_files, load_gold_tables
from scmine.corpora.table_evaluation import TableEvaluation, TableSetting, table_evaluation
from scmine.corpora.table_scores import PaperTables, continued_pages, score_tables
from scmine.corpora.types import CorpusError
from scmine.extractors import extract, read
from scmine.extractors.document import Document, ReadError

ALL = "all"


def evaluate_tables(folder: Path, split: str = ALL) -> TableEvaluation:
    """Score reader and extractor on the gold tables whose PDFs are in ``folder``, at any depth.

    Gold files in ``folder`` itself are used in place of the packaged ones.

    Parameters
    ----------
    split
        ``dev``, ``test`` or ``all``.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    CorpusError
        If a gold file is not as it should be, none is of the split, or no PDF of theirs is there.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: no such folder")
    source = folder if gold_files(folder) else SHIPPED
    papers = [p for p in load_gold_tables(source) if split in (ALL, p.split)]
    if not papers:
        raise CorpusError(source, f"no gold table here is {split}; see --split")
    files, missing = _files(folder, papers)
    if not files:
        raise CorpusError(folder, f"holds none of the {len(papers)} PDFs of the gold tables")
    unread: dict[str, str] = {}
    tables: list[PaperTables] = []
    claims: list[PaperClaims] = []
    for paper in _shown([paper for paper in papers if paper.file in files]):
        document = _read(files[paper.file], paper.file, unread)
        records = extract(document).stated if document is not None else []
        tables.append(score_tables(paper, document))
        claims.append(score_claims(paper, records, continued_pages(paper, document)))
    setting = TableSetting(
        folder=str(folder),
        gold="packaged" if source is SHIPPED else str(source),
        split=split,
        papers=len(tables),
        missing=missing,
        unread=unread,
    )
    return table_evaluation(setting, tables, claims)


def _files(folder: Path, papers: list[GoldPaper]) -> tuple[dict[str, Path], dict[str, str]]:
    """The PDF of each paper that is there, and why those of the others are not."""
    named: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*.pdf")):
        named.setdefault(path.name, []).append(path)
    files: dict[str, Path] = {}
    missing: dict[str, str] = {}
    for paper in papers:
        there = named.get(paper.file, [])
        same = [path for path in there if _sha256(path) == paper.sha256]
        if same:
            files[paper.file] = same[0]
        else:
            missing[paper.file] = "other contents (SHA-256)" if there else "not there"
    return files, missing


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read(path: Path, name: str, unread: dict[str, str]) -> Document | None:
    try:
        return read(path)
    except ReadError as error:
        unread[name] = f"{error.status}: {error}"
        return None


def _shown(papers: list[GoldPaper]) -> Iterator[GoldPaper]:
    """``papers`` one by one, with a bar on standard error if that is a terminal."""
    yield from track(
        papers,
        description="reading",
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
