"""Death and company: processes killed while writing, and several that write at once."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scmine.database.results import DocumentResult, RunState
from scmine.database.store import Database, open_database

# Saves the same five documents over and over, each time with other values; a document says in
# its reason which round it is of, and so does each of its records, passages and structures.
WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from conftest import result_of
from scmine.database.store import open_database
from scmine.database.structure import StructureRow

target, first, rounds = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
with open_database(target) as database:
    run = database.start_run("p1")
    print("open", flush=True)
    for number in range(first, first + rounds):
        for document in range(5):
            database.save_document(
                run,
                result_of(
                    f"d{document}",
                    claims=200,
                    reason=str(number),
                    record={"raw_material": f"round {number}", "structure_id": f"s{document}"},
                    structures=[
                        StructureRow(
                            structure_id=f"s{document}",
                            verdict="consistent",
                            formula=f"round {number}",
                            structure={"sites": [{"abc": [0.0, 0.0, 0.0]}] * 50},
                        )
                    ],
                ),
            )
        print(number, flush=True)
"""


def start_writer(target: str, first: int, rounds: int) -> subprocess.Popen[str]:
    """A process that saves documents."""
    here = str(Path(__file__).parent)
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, here, target, str(first), str(rounds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def assert_whole(database: Database) -> int:
    """Each document has the records, passages and structure of one round; return their number."""
    documents = list(database.documents())
    rounds: dict[str, set[str]] = {}
    for record in database.records():
        rounds.setdefault(record.doc_id, set()).add(record.raw_material)
    formulas = {s.doc_id: (s.formula, len(s.record_ids)) for s in database.structures()}
    for document in documents:
        assert document.record_count == 200
        assert formulas[document.doc_id] == (f"round {document.reason}", 200)
        assert rounds[document.doc_id] == {f"round {document.reason}"}
        assert len(database.passages(document.doc_id)) == 200
    return len(documents)


def test_a_killed_writer_leaves_whole_documents(target: str):
    open_database(target).close()
    # How long after the first round each writer lives: the kill hits another place each time.
    for attempt, delay_s in enumerate((0.0, 0.013, 0.05, 0.11)):
        writer = start_writer(target, 1000 * attempt, 1000)
        assert writer.stdout
        assert writer.stdout.readline() == "open\n"
        assert writer.stdout.readline() == f"{1000 * attempt}\n"
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(delay_s)
        writer.kill()
        writer.communicate()
        assert writer.returncode == -signal.SIGKILL
        with open_database(target) as database:
            assert assert_whole(database) == 5
            assert database.runs()[-1].state is RunState.RUNNING


def test_a_killed_writer_does_not_block_the_next(target: str, make_result: type[DocumentResult]):
    writer = start_writer(target, 0, 1000)
    assert writer.stdout
    writer.stdout.readline()
    writer.stdout.readline()
    writer.kill()
    writer.communicate()
    with open_database(target) as database:
        run = database.start_run("p1")
        database.save_document(run, make_result(doc_id="f" * 64, records=[], record_passages=[]))
        assert database.document_states("p1")["f" * 64] == "done"


def test_several_processes_open_a_new_database_and_write_at_once(target: str):
    writers = [start_writer(target, 1000 * i, 4) for i in range(4)]
    for writer in writers:
        _, errors = writer.communicate()
        assert (writer.returncode, errors) == (0, "")
    with open_database(target) as database:
        assert assert_whole(database) == 5
        assert database.counts().runs == 4


def test_the_file_is_sound_after_a_kill(tmp_path: Path):
    target = str(tmp_path / "a.db")
    writer = start_writer(target, 0, 1000)
    assert writer.stdout
    writer.stdout.readline()
    writer.stdout.readline()
    writer.kill()
    writer.communicate()
    with open_database(target) as database, database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
