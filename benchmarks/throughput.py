"""How fast `scmine ingest` is: against pdfplumber's bare text of the same files, in one run.

    python benchmarks/throughput.py PAPERS… [--rounds N] [--cores N] [--check FILE] [--save FILE]

In each round, in turn and pinned to the first core: the whole command `scmine ingest`, its database
included, and pdfplumber's `extract_text()` in one process; then the ingest with two workers on two
cores. Prints a table, and with `--json` the figures. `--check` compares the ratios with those of an
earlier run and ends with 1 if one is worse by more than it may
be.

What the ratios are and when they are worse is in ``throughput_figures``. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from throughput_figures import Figures, Ingest, Round, baseline_of, figures, table, worse

SCMINE = str(Path(sys.executable).with_name("scmine"))
LOOK_INTERVAL_S = 0.05
HELP_TIMES = 5


def bare_text(path: str) -> int:
    """The number of characters that pdfplumber finds in a file; 0 if it cannot be read."""
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(path) as pdf:
            total = 0
            for page in pdf.pages:
                total += len(page.extract_text())
                page.close()
            return total
    except (PDFException, PdfminerException, ValueError, TypeError, KeyError):
        return 0


def start(command: Sequence[str], cores: Sequence[int]) -> subprocess.Popen[bytes]:
    """A command that may use ``cores`` only; so may what it starts."""
    return subprocess.Popen(
        ["taskset", "-c", ",".join(map(str, cores)), *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def cpu_seconds() -> float:
    """Processor time of all children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def time_pdfplumber(files: Sequence[str], core: int) -> tuple[float, float]:
    """Seconds and processor seconds of pdfplumber over ``files``, one process on one core."""
    before, started = cpu_seconds(), time.perf_counter()
    command = [sys.executable, __file__, "--bare-text", *files]
    with start(command, [core]) as process:
        if process.wait():
            raise SystemExit("pdfplumber's part failed; run it by hand: " + " ".join(command[:3]))
    return time.perf_counter() - started, cpu_seconds() - before


def time_ingest(paths: Sequence[Path], cores: Sequence[int]) -> Ingest:
    """A whole ingest as a user starts it, as many workers as ``cores``."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "throughput.db"
        command = [SCMINE, "ingest", *map(str, paths), "--db", str(database), "--json", "--quiet"]
        before, started = cpu_seconds(), time.perf_counter()
        with start([*command, "--workers", str(len(cores))], cores) as process:
            first = _until_first_record(database, process, started)
            assert process.stdout is not None
            summary = json.loads(process.stdout.read() or "{}")
        wall, cpu = time.perf_counter() - started, cpu_seconds() - before
        if process.returncode not in (0, 1) or first is None:
            raise SystemExit(f"scmine ingest gave no record (exit code {process.returncode})")
        read_ms = _read_ms_a_page(database)
    return Ingest(
        wall,
        cpu,
        first,
        sum(summary["statuses"].values()),
        summary["records"],
        summary["peak_memory_MB"],
        summary["step_seconds"],
        read_ms,
    )


def _until_first_record(
    database: Path, process: subprocess.Popen[bytes], started: float
) -> float | None:
    """Seconds until a record can be read from the database; None if there never is one."""
    while True:
        ended = process.poll() is not None
        if database.exists() and _has_record(database):
            return time.perf_counter() - started
        if ended:
            return None
        time.sleep(LOOK_INTERVAL_S)


def _has_record(database: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT 1 FROM records LIMIT 1").fetchone() is not None
    except sqlite3.OperationalError:  # its tables are being made
        return False


def _read_ms_a_page(database: Path) -> list[float]:
    """Milliseconds a page that reading took, of each paper with pages."""
    from scmine.database.store import open_database

    with open_database(str(database), create=False) as opened:
        return [
            1000 * d.steps["read"] / d.page_count
            for d in opened.documents()
            if d.page_count and d.steps
        ]


def time_help(core: int) -> float:
    """Seconds of `scmine --help`, the fastest of some."""
    times = []
    for _ in range(HELP_TIMES):
        started = time.perf_counter()
        with start([SCMINE, "--help"], [core]) as process:
            process.communicate()
        times.append(time.perf_counter() - started)
    return min(times)


def measured(paths: Sequence[Path], rounds: int, cores: Sequence[int]) -> Figures:
    """All rounds; the second core, if there is one, is used for the ingest with two workers."""
    from scmine.pipelines.find import find_files

    files = [str(f.path) for f in find_files(paths) if not (f.problem or f.same_as or f.no_paper)]
    pdfs = [path for path in files if path.lower().endswith(".pdf")]
    if len(pdfs) != len(files):
        raise SystemExit("pdfplumber reads PDFs only: name papers that are there as PDF")
    done = []
    for number in range(rounds):
        one = time_ingest(paths, cores[:1])
        wall, cpu = time_pdfplumber(pdfs, cores[0])
        two = time_ingest(paths, cores[:2]) if len(cores) > 1 else None
        done.append(Round(one, wall, cpu, two))
        print(f"round {number + 1}: {one.wall_s:.1f} s against {wall:.1f} s", file=sys.stderr)
    return figures(done, time_help(cores[0]))


def main() -> int:
    """Run the benchmark from the command line."""
    if sys.argv[1:2] == ["--bare-text"]:
        for path in sys.argv[2:]:
            bare_text(path)
        return 0
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("papers", type=Path, nargs="+", help="PDFs and folders of them")
    parser.add_argument("--rounds", type=int, default=1, metavar="N")
    parser.add_argument("--cores", type=int, default=2, choices=(1, 2), help="1: no scaling")
    parser.add_argument("--check", type=Path, metavar="FILE", help="fail if worse than this")
    parser.add_argument("--save", type=Path, metavar="FILE", help="keep the ratios for --check")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    # Read before the hours of measuring, so that a wrong name is told at once.
    known: dict[str, Any] = json.loads(options.check.read_text()) if options.check else {}
    cores = sorted(os.sched_getaffinity(0))[: options.cores]
    found = measured(options.papers, options.rounds, cores)
    print(json.dumps(asdict(found), indent=2) if options.json else table(found))
    if options.save:
        options.save.write_text(json.dumps(baseline_of(found), indent=2) + "\n", encoding="utf-8")
    complaints = worse(found, known)
    for complaint in complaints:
        print(f"WORSE: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
