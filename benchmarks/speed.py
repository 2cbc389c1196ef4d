"""Speed: a whole ingest against pdfplumber's bare text of the same files, in one run.

    python benchmarks/speed.py PAPERS… [--workers N] [--rounds N]

Prints as JSON the seconds of each, round by round in turn, the median ratio, the share of each step
of the ingest, seconds a paper, milliseconds a page for reading, and the peak memory of a worker.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfplumber.utils.exceptions import PdfminerException

from scmine.database.store import open_database
from scmine.pipelines import ingest
from scmine.pipelines.find import find_files


def bare_text(path: str) -> int:
    """The number of characters that pdfplumber finds in a file; 0 if it cannot be read."""
    try:
        with pdfplumber.open(path) as pdf:
            total = 0
            for page in pdf.pages:
                total += len(page.extract_text())
                page.close()
            return total
    except (PDFException, PdfminerException, ValueError, TypeError, KeyError):
        return 0


def time_pdfplumber(files: list[str], workers: int) -> float:
    """Seconds that ``workers`` processes need for the bare text of ``files``."""
    started = time.perf_counter()
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(bare_text, files))
    return time.perf_counter() - started


def time_ingest(paths: list[Path], workers: int) -> tuple[float, dict[str, object]]:
    """Seconds that a whole ingest needs, database included, and what it measured itself."""
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "speed.db")
        started = time.perf_counter()
        summary = ingest(paths, db=database, workers=workers)
        seconds = time.perf_counter() - started
        with open_database(database, create=False) as opened:
            documents = list(opened.documents())
    steps = sum(summary.step_seconds.values())
    pages = sorted(
        1000 * d.steps["read"] / d.page_count for d in documents if d.page_count and d.steps
    )
    return seconds, {
        "documents": len(documents),
        "records": summary.records,
        "step_share": {k: round(v / steps, 3) for k, v in summary.step_seconds.items()},
        "seconds_a_paper_median": round(statistics.median(d.seconds for d in documents), 3),
        "read_ms_a_page": {
            "median": round(statistics.median(pages), 1),
            "p90": round(pages[int(0.9 * (len(pages) - 1))], 1),
            "max": round(pages[-1], 1),
        },
        "peak_memory_MB": summary.peak_memory_MB,
    }


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("papers", type=Path, nargs="+")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    files = [str(f.path) for f in find_files(options.papers) if not (f.problem or f.same_as)]
    rounds = []
    details: dict[str, object] = {}
    for _ in range(options.rounds):
        ours, details = time_ingest(options.papers, options.workers)
        theirs = time_pdfplumber(files, options.workers)
        rounds.append({"ingest_s": round(ours, 1), "pdfplumber_s": round(theirs, 1)})
    ratio = statistics.median(r["pdfplumber_s"] / r["ingest_s"] for r in rounds)
    print(json.dumps({"rounds": rounds, "median_ratio": round(ratio, 2), **details}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
