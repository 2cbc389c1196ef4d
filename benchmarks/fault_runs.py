"""Runs of ``scmine ingest`` that are harmed, and what is asked of each when it is over.

What is done to the files lives in ``fault_mutations``, the list of faults and their table in
``faults``. Everything here starts the real command in a process of its own.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from scmine.database.store import open_database

INGEST = (sys.executable, "-m", "scmine.pipelines.cli", "ingest")


@dataclass(slots=True)
class Verdict:
    """What a fault came to: how the command ended, how the papers did, and what went wrong."""

    name: str
    files: int = 0
    exit_codes: list[int] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended: exit code, what it printed, seconds."""

    code: int
    out: str
    err: str
    seconds: float


def ingest_command(paths: list[Path], db: Path, *options: str) -> list[str]:
    """The command that reads ``paths`` into ``db`` and prints its summary as JSON."""
    return [*INGEST, *map(str, paths), "--db", str(db), "--json", *options]


def run(command: list[str], *, env: dict[str, str] | None = None) -> Ended:
    """Run a command to its end."""
    started = time.monotonic()
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | (env or {})
    )
    return Ended(done.returncode, done.stdout, done.stderr, time.monotonic() - started)


def rows(db: Path, query: str) -> list[tuple[object, ...]]:
    """What a query finds in a database that no run has open any more."""
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def check_database(db: Path, verdict: Verdict) -> None:
    """Integrity, references between tables, nothing twice; troubles go to ``verdict``."""
    if rows(db, "PRAGMA integrity_check") != [("ok",)]:
        verdict.wrong.append("PRAGMA integrity_check is not ok")
    if rows(db, "PRAGMA foreign_key_check"):
        verdict.wrong.append("a row refers to what is not there")
    twice = "SELECT doc_id, position FROM records GROUP BY 1, 2 HAVING count(*) > 1"
    if rows(db, twice):
        verdict.wrong.append("records stand twice")


def check_statuses(ended: Ended, db: Path, verdict: Verdict) -> None:
    """Each file has come to a status, told by the summary and kept by the database."""
    verdict.exit_codes.append(ended.code)
    verdict.seconds += ended.seconds
    if ended.code != 0:
        verdict.wrong.append(f"exit code {ended.code}: {ended.err.strip()[-200:]}")
        return
    if "Traceback" in ended.err:
        verdict.wrong.append("a traceback was printed")
    summary = json.loads(ended.out)
    statuses = Counter({k: int(v) for k, v in summary["statuses"].items()})
    verdict.statuses = dict(statuses.most_common())
    known = statuses.total() + summary["already_done"] + len(summary["duplicates"])
    if known != summary["found"]:
        verdict.wrong.append(f"{summary['found']} files were found, {known} have a status")
    kept = Counter(str(row[0]) for row in rows(db, "SELECT status FROM documents"))
    if not summary["already_done"] and kept != statuses:
        verdict.wrong.append(f"the database has {dict(kept)}, the summary {dict(statuses)}")
    check_database(db, verdict)


def contents(db: Path) -> list[tuple[object, ...]]:
    """What a run found, without what differs from run to run."""
    return rows(
        db,
        "SELECT d.doc_id, d.status, r.position, r.record_id, r.raw_material, r.raw_tc, r.tc_K "
        "FROM documents d LEFT JOIN records r ON r.doc_id = d.doc_id ORDER BY 1, 3, 4",
    )


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(child) for child in text.split()]


def kill_workers(papers: list[Path], db: Path, expected: Path, seed: int) -> Verdict:
    """Workers get SIGKILL at random; papers in work end as crashed, and a retry mends all."""
    rng = random.Random(seed)
    verdict = Verdict("workers killed (SIGKILL) at random", len(papers))
    started = time.monotonic()
    process = subprocess.Popen(
        ingest_command(papers, db), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    killed = 0
    while process.poll() is None:
        time.sleep(rng.uniform(0.5, 3.0))
        for victim in rng.sample(found := children(process.pid), min(1, len(found))):
            os.kill(victim, signal.SIGKILL)
            killed += 1
    out, err = process.communicate()
    code = process.returncode
    check_statuses(Ended(code, out, err, time.monotonic() - started), db, verdict)
    again = run(ingest_command(papers, db, "--retry"))
    verdict.exit_codes.append(again.code)
    if contents(db) != contents(expected):
        verdict.wrong.append("after --retry the records differ from an undisturbed run")
    verdict.note = f"{killed} kills; then --retry gives the same records"
    return verdict


def kill_main(papers: list[Path], db: Path, expected: Path, seed: int) -> Verdict:
    """The whole command gets SIGKILL again and again, until one run comes to its end."""
    rng = random.Random(seed)
    verdict = Verdict("command killed (SIGKILL) at random", len(papers))
    kills = 0
    while True:
        process = subprocess.Popen(
            ingest_command(papers, db), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            code = process.wait(timeout=rng.uniform(0.2, 6.0) + kills / 4)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
            if db.exists() and db.stat().st_size:
                check_database(db, verdict)
            continue
        verdict.exit_codes.append(code)
        break
    check_database(db, verdict)
    verdict.statuses = {str(k): int(str(n)) for k, n in _by_status(db)}
    if contents(db) != contents(expected):
        verdict.wrong.append("the records differ from an undisturbed run")
    verdict.note = f"{kills} kills; then the same records"
    return verdict


def _by_status(db: Path) -> list[tuple[object, ...]]:
    return rows(db, "SELECT status, count(*) FROM documents GROUP BY 1 ORDER BY 2 DESC")


def locked(papers: list[Path], db: Path, expected: Path, hold_s: float) -> Verdict:
    """Another program holds the write lock, for a moment or for good."""
    for_good = hold_s == float("inf")
    verdict = Verdict("database locked for good" if for_good else f"locked for {hold_s:g} s")
    verdict.files = len(papers)
    with open_database(db):
        pass  # what is locked later has its tables
    holder = sqlite3.connect(db, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    process = subprocess.Popen(
        ingest_command(papers, db), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    if not for_good:
        time.sleep(hold_s)
        holder.rollback()
    out, err = process.communicate()
    holder.close()
    ended = Ended(process.returncode, out, err, time.monotonic() - started)
    if for_good:
        clear_refusal(ended, verdict, "lock")
        ended = run(ingest_command(papers, db))
    check_statuses(ended, db, verdict)
    if contents(db) != contents(expected):
        verdict.wrong.append("the records differ from an undisturbed run")
    return verdict


def clear_refusal(ended: Ended, verdict: Verdict, *words: str) -> None:
    """The command has ended with 1 and one clear message that has one of ``words``."""
    verdict.exit_codes.append(ended.code)
    verdict.seconds += ended.seconds
    message = ended.err.strip()
    verdict.note = message[-160:]
    if ended.code != 1:
        verdict.wrong.append(f"exit code {ended.code}, not 1")
    if "Traceback" in message or not any(word in message.lower() for word in words):
        verdict.wrong.append("no clear message")


NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-euc")
"""Lets a user without rights mount file systems that only this command sees (Linux)."""


def has_namespaces() -> bool:
    """Whether this machine lets us mount file systems of our own."""
    try:
        return run([*NAMESPACE, "mount -t tmpfs -o size=1m none /mnt"]).code == 0
    except FileNotFoundError:
        return False


def read_only(papers: list[Path], db: Path) -> Verdict:
    """The database lies on a file system that cannot be written."""
    verdict = Verdict("read-only database", len(papers))
    with open_database(db):
        pass
    before = db.read_bytes()
    script = 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; shift; exec "$@"'
    command = ingest_command(papers, db)
    ended = run([*NAMESPACE, script, "sh", str(db.parent), *command])
    clear_refusal(ended, verdict, "read-only", "readonly", "written")
    if db.read_bytes() != before:
        verdict.wrong.append("the database was changed")
    return verdict


def full_disk(papers: list[Path], db: Path, expected: Path, size_kB: int) -> Verdict:
    """The disk is full in the middle of the run; with more room the same command goes on."""
    verdict = Verdict(f"disk full after {size_kB} kB", len(papers))
    script = (
        'folder=$1; out=$2; shift 2; mkdir -p "$folder"; '
        f'mount -t tmpfs -o size={size_kB}k none "$folder"; '
        'set +e; "$@" > "$out/full.json" 2> "$out/full.err"; echo $? > "$out/full.code"; '
        'mount -o remount,size=1g "$folder"; '
        '"$@" > "$out/again.json" 2> "$out/again.err"; echo $? > "$out/again.code"; '
        'cp "$folder"/*.db* "$out/"'
    )
    out = db.parent / "full"
    out.mkdir()
    place = db.parent / "small" / db.name
    command = ingest_command(papers, place)
    started = time.monotonic()
    whole = run([*NAMESPACE, script, "sh", str(place.parent), str(out), *command])
    if whole.code != 0:
        verdict.wrong.append(f"the script failed: {whole.err[-200:]}")
        return verdict
    first, again = (_kept(out, name) for name in ("full", "again"))
    clear_refusal(first, verdict, "full", "space")
    note = verdict.note
    copy = out / db.name
    verdict.exit_codes.append(again.code)
    if again.code != 0:
        verdict.wrong.append(f"with room: exit code {again.code}: {again.err[-200:]}")
    check_database(copy, verdict)
    if contents(copy) != contents(expected):
        verdict.wrong.append("the records differ from an undisturbed run")
    verdict.statuses = {str(k): int(str(n)) for k, n in _by_status(copy)}
    verdict.seconds = time.monotonic() - started
    verdict.note = note
    return verdict


def _kept(folder: Path, name: str) -> Ended:
    """What a command left in files."""
    texts = [(folder / f"{name}.{kind}").read_text("utf-8") for kind in ("code", "json", "err")]
    return Ended(int(texts[0]), texts[1], texts[2], 0.0)


def clock_jumps(papers: list[Path], db: Path, expected: Path, library: str) -> Verdict:
    """The time of day jumps by days, back and forth, while papers are read (libfaketime)."""
    verdict = Verdict("clock jumps", len(papers))
    clock = db.parent / "clock"
    clock.write_text("+0", encoding="ascii")
    environment = os.environ | {
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    started = time.monotonic()
    process = subprocess.Popen(
        ingest_command(papers, db),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    jumps = 0
    while process.poll() is None:
        time.sleep(1)
        clock.write_text(("+30d", "-30d", "-3650d", "+1h")[jumps % 4], encoding="ascii")
        jumps += 1
    out, err = process.communicate()
    check_statuses(Ended(process.returncode, out, err, time.monotonic() - started), db, verdict)
    if contents(db) != contents(expected):
        verdict.wrong.append("the records differ from an undisturbed run")
    verdict.note = f"{jumps} jumps of up to ten years"
    return verdict
