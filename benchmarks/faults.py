"""Faults: an ingest over broken and hostile files, and one that is harmed from outside.

    python benchmarks/faults.py PAPERS… [--mutated 1000] [--papers 12] [--only NAME…] [--seed N]

Makes mutated PDFs and bombs out of the given papers, kills workers and the command, fills the disk,
locks the database, takes away its rights, moves the clock. Each run has to come to its end with a
status for every file, an unharmed database and nothing twice. Prints a table in Markdown (the one
of ``docs/faults.md``), and exits with 1 if anything went wrong. What cannot be done on this machine
(mounts, libfaketime) is named as not tried.
"""

from __future__ import annotations

import argparse
import ctypes.util
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import fault_mutations
import fault_runs
from fault_runs import Verdict, check_statuses, ingest_command, run

from scmine.pipelines.find import find_files

_LIMITS = ("--timeout", "20", "--memory", "700")
_FAKETIME = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/faketime/libfaketime.so.1",
)


def mutated_files(papers: list[Path], count: int, folder: Path, seed: int) -> Iterator[Verdict]:
    """Ingest ``count`` mutated papers, a folder for each kind of damage."""
    kinds = list(fault_mutations.MUTATIONS)
    for k, kind in enumerate(kinds):
        place = folder / f"mutated{k}"
        place.mkdir()
        number = count // len(kinds) + (k < count % len(kinds))
        for n in range(number):
            data = papers[n % len(papers)].read_bytes()
            made = fault_mutations.mutated(data, kind, seed + n)
            (place / f"{n:04}.pdf").write_bytes(made)
        verdict = Verdict(kind, number)
        db = folder / f"mutated{k}.db"
        check_statuses(run(ingest_command([place], db, *_LIMITS)), db, verdict)
        yield verdict


def bombs(folder: Path) -> Verdict:
    """Ingest files that cost far more than their size."""
    place = folder / "bombs"
    place.mkdir()
    for name, make in fault_mutations.BOMBS.items():
        (place / f"{name.replace(' ', '_')}.pdf").write_bytes(make())
    verdict = Verdict("bombs: " + ", ".join(fault_mutations.BOMBS), len(fault_mutations.BOMBS))
    db = folder / "bombs.db"
    check_statuses(run(ingest_command([place], db, *_LIMITS)), db, verdict)
    return verdict


def harmed(
    papers: list[Path], folder: Path, seed: int
) -> Iterator[tuple[str, Callable[[], Verdict]]]:
    """The faults from outside, by name; each is run when it is called."""
    expected = folder / "expected.db"
    if not expected.exists():
        run(ingest_command(papers, expected))

    def db(name: str) -> Path:
        place = folder / name
        place.mkdir()
        return place / "faults.db"

    yield "workers", lambda: fault_runs.kill_workers(papers, db("workers"), expected, seed)
    yield "command", lambda: fault_runs.kill_main(papers, db("command"), expected, seed)
    yield "lock", lambda: fault_runs.locked(papers, db("lock"), expected, 4.0)
    yield "deadlock", lambda: fault_runs.locked(papers, db("dead"), expected, float("inf"))
    if fault_runs.has_namespaces():
        yield "readonly", lambda: fault_runs.read_only(papers, db("readonly"))
        yield "disk", lambda: fault_runs.full_disk(papers, db("disk"), expected, 900)
    else:
        yield "disk", lambda: Verdict("full disk, read-only database", note="not tried: no mounts")
    library = next((name for name in _FAKETIME if os.path.exists(name)), None)
    library = library or ctypes.util.find_library("faketime")
    if library is not None:
        yield "clock", lambda: fault_runs.clock_jumps(papers, db("clock"), expected, library)
    else:
        yield "clock", lambda: Verdict("clock jumps", note="not tried: no libfaketime")


def table(verdicts: list[Verdict]) -> str:
    """The verdicts as a table in Markdown."""
    lines = [
        "| fault | files | exit | how the files ended | s | verdict |",
        "|---|--:|---|---|--:|---|",
    ]
    for v in verdicts:
        ends = ", ".join(f"{k} {n}" for k, n in v.statuses.items())
        verdict = "; ".join(v.wrong) or ("as it should be" if v.exit_codes else "not tried")
        told = " / ".join(part for part in (ends, v.note.replace("|", "\\|")) if part)
        codes = ", ".join(map(str, v.exit_codes))
        lines.append(f"| {v.name} | {v.files} | {codes} | {told} | {v.seconds:.0f} | {verdict} |")
    return "\n".join(lines)


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", metavar="PAPERS", type=Path, nargs="+")
    parser.add_argument("--mutated", type=int, default=1000, help="mutated PDFs to make")
    parser.add_argument("--papers", type=int, default=12, help="papers of other runs")
    parser.add_argument("--only", nargs="+", default=[], help="mutated, bombs, workers, command, …")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = [f.path for f in find_files(options.files) if not (f.problem or f.same_as)]
    pdfs = [path for path in found if path.suffix.lower() == ".pdf"]

    def wanted(name: str) -> bool:
        return not options.only or name in options.only

    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory(prefix="faults") as temporary:
        folder = Path(temporary)
        if wanted("mutated"):
            verdicts += mutated_files(pdfs, options.mutated, folder, options.seed)
        if wanted("bombs"):
            verdicts.append(bombs(folder))
        for name, harm in harmed(pdfs[: options.papers], folder, options.seed):
            if wanted(name):
                verdicts.append(harm())
                print(f"{name}: {verdicts[-1].wrong or 'as it should be'}", file=sys.stderr)
    print(table(verdicts))
    return 1 if any(v.wrong for v in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
