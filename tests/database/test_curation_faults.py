"""Two persons, and a person and a new reading, at once: the second is told, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from scmine.database.curation import Curation
from scmine.database.results import DocumentResult
from scmine.database.revision import ConflictError, NoChangeError, Revision
from scmine.database.store import Database, open_database

MakeResult = Callable[..., DocumentResult]

# Raises the Tc of one record by 1 K again and again, each time by what it has seen: a conflict is
# looked at and tried again, as a person would. The Tc at the end tells whether one got lost.
CURATOR = """
import sys
from scmine.database.curation import Curation
from scmine.database.revision import ConflictError
from scmine.database.store import open_database

target, who, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open_database(target) as database:
    curation = Curation(database)
    print("open", flush=True)
    sys.stdin.readline()
    conflicts = done = 0
    while done < times:
        last = curation.history("a-0")[-1]
        try:
            tc = last.record.tc_K + 1
            curation.edit("a-0", {"tc_K": tc}, who=who, expected=last.number)
        except ConflictError as conflict:
            assert conflict.current.number > last.number, (conflict.current, last)
            conflicts += 1
        else:
            done += 1
    print(conflicts)
"""

READER = """
import sys
sys.path.insert(0, sys.argv[1])
from conftest import result_of
from scmine.database.store import open_database

with open_database(sys.argv[2]) as database:
    run = database.start_run("p")
    print("open", flush=True)
    sys.stdin.readline()
    for number in range(int(sys.argv[3])):
        database.save_document(run, result_of("a", claims=3, record={"tc_K": 100.0 + number}))
"""


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    """A process that has opened the database and waits for a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "open\n"
    return process


def run_together(*processes: subprocess.Popen[str]) -> list[str]:
    """Let all go at once; what they print."""
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    printed = []
    for process in processes:
        output, errors = process.communicate()
        assert (process.returncode, errors) == (0, "")
        printed.append(output)
    return printed


def test_two_processes_that_edit_one_record_lose_nothing(target: str, make_result: MakeResult):
    times = 20
    with open_database(target) as database:
        database.save_document(database.start_run("p"), make_result("a", record={"tc_K": 0.0}))
        run_together(*(start(CURATOR, target, who, str(times)) for who in ("anna", "ben")))
        history = Curation(database).history("a-0")
    assert [r.number for r in history] == list(range(2 * times + 1))
    assert [r.record.tc_K for r in history] == [float(n) for n in range(2 * times + 1)]
    assert [r.who for r in history].count("anna") == times


def test_a_paper_read_while_a_person_edits(target: str, make_result: MakeResult):
    times = 20
    with open_database(target) as database:
        database.save_document(database.start_run("p"), make_result("a", record={"tc_K": 0.0}))
        here = str(Path(__file__).parent)
        run_together(
            start(CURATOR, target, "anna", str(times)), start(READER, here, target, str(times))
        )
        curation = Curation(database)
        history = curation.history("a-0")
        first = history[0].number
        assert [r.number for r in history] == list(range(first, first + times + 1))
        # The first revision is as the paper was read last before the first change, which saw it.
        steps = [r.record.tc_K or 0.0 for r in history]
        assert [after - before for before, after in pairwise(steps)] == [1.0] * times
        record = curation.record("a-0")
        assert record is not None
        assert record == history[-1].record
        # What nobody touched is as it was read last, and at most one proposal waits.
        assert {r.tc_K for r in database.records() if r.record_id != "a-0"} == {100.0 + times - 1}
        assert len(curation.proposals()) <= 1


def at_once(*calls: Callable[[], Revision]) -> tuple[list[Revision], list[Exception]]:
    """What each call gave or raised, all started at the same moment in threads of their own."""
    barrier = threading.Barrier(len(calls))
    done: list[Revision] = []
    refused: list[Exception] = []

    def run(call: Callable[[], Revision]) -> None:
        barrier.wait()
        try:
            done.append(call())
        except (ConflictError, NoChangeError) as error:
            refused.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done, refused


@pytest.fixture
def curation(database: Database, make_result: MakeResult) -> Curation:
    """The curation of a database with records a-0 and a-1."""
    database.save_document(database.start_run("p"), make_result("a"))
    return Curation(database)


def test_of_many_who_saw_the_same_one_is_first(curation: Curation):
    for number in range(5):
        done, refused = at_once(
            *(
                partial(curation.edit, "a-0", {"tc_K": 10 * number + n}, who="w", expected=number)
                for n in range(4)
            )
        )
        (first,) = done
        assert first.number == number + 1
        assert len(refused) == 3
        for error in refused:
            assert isinstance(error, ConflictError)
            assert error.current == first


def test_one_of_two_decides_on_a_proposal(
    curation: Curation, database: Database, make_result: MakeResult
):
    curation.judge("a-0", "validated", who="anna", expected=0)
    for number in range(1, 4):
        result = make_result("a", record={"tc_K": 100.0 + number})
        database.save_document(database.start_run("p"), result)
        (proposal,) = curation.proposals()
        done, refused = at_once(
            *(partial(curation.accept, proposal.id, who=who) for who in ("anna", "ben"))
        )
        assert (len(done), len(refused)) == (1, 1)
        assert curation.history("a-0")[-1] == done[0]


def test_one_of_two_adds_the_same(curation: Curation, database: Database):
    doc_id = next(database.records()).doc_id
    done, refused = at_once(
        *(partial(curation.add, doc_id, {"raw_material": "NbN"}, who=w) for w in ("anna", "ben"))
    )
    assert (len(done), len(refused)) == (1, 1)
