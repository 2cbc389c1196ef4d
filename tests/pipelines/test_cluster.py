"""A Dask cluster of real processes: whatever happens to its parts, every paper ends once."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("distributed")

from scmine.database.store import open_database
from scmine.extractors.document import Status
from scmine.pipelines import cluster_link
from scmine.pipelines.cluster import MAX_LOSSES, ClusterError, ClusterPool
from scmine.pipelines.run import ingest
from scmine.pipelines.summary import IngestSummary
from scmine.pipelines.workers import Outcome, Task, WorkerStartError
from tests.dask_cluster import DaskCluster, Relay, dask_cluster, kill

Papers = Callable[..., Path]


def pool(cluster: DaskCluster, processor: str, **changed: object) -> ClusterPool:
    """A pool of papers that do what they say."""
    given: dict[str, object] = {
        "address": cluster.address,
        "workers": None,
        "timeout_s": 60.0,
        "memory_MB": 300,
        "max_file_MB": 1,
        "wait_s": 60.0,
    }
    return ClusterPool(processor, {}, **(given | changed))  # type: ignore[arg-type]


def tasks(folder: Path) -> list[Task]:
    return [Task(str(path), path.stem.zfill(64)) for path in sorted(folder.iterdir())]


def run(
    folder: Path | str,
    db: Path,
    cluster: DaskCluster,
    processor: str,
    wait_s: float = 60,
    **given: Any,
) -> IngestSummary:
    """An ingest on the cluster."""
    config = db.with_suffix(".toml")
    config.write_text(f"scheduler_wait_s = {wait_s}\nmax_file_MB = 1\n", encoding="utf-8")
    scheduler = cluster.address
    return ingest(folder, db, scheduler=scheduler, processor=processor, config=config, **given)


def by_deed(outcomes: list[Outcome]) -> dict[str, Outcome]:
    """The outcomes by the first word of the paper; no paper may have two."""
    paths = [outcome.task.path for outcome in outcomes]
    assert len(set(paths)) == len(paths)
    return {Path(o.task.path).read_text().split()[0]: o for o in outcomes}


def test_papers_have_the_limits_that_they_have_on_one_machine(
    papers: Papers, faulty: str, tmp_path: Path
) -> None:
    folder = papers("one", "hang", "eat", "segfault", "fail", "garble", "two")
    with dask_cluster(tmp_path, workers=1, threads=2) as cluster:
        outcomes = by_deed(list(pool(cluster, faulty, timeout_s=5.0).run(tasks(folder))))
    assert {deed: o.status for deed, o in outcomes.items()} == {
        "one": None,
        "two": None,
        "hang": Status.TIMEOUT,
        "eat": Status.OUT_OF_MEMORY,
        "segfault": Status.CRASHED,
        "garble": Status.CRASHED,
        "fail": Status.FAILED,
    }
    result = outcomes["two"].result
    assert result is not None
    assert result["records"][0]["raw_material"] == "two"


def test_a_paper_that_workers_die_of_is_given_up_and_takes_no_other_with_it(
    papers: Papers, faulty: str, tmp_path: Path
) -> None:
    """The paper kills the Dask worker itself, as a system does that has no memory left."""
    folder = papers("one", "orphan", "two", "three", "four", "five", "six", "seven")
    with dask_cluster(tmp_path, workers=MAX_LOSSES + 1, threads=2) as cluster:
        ends = by_deed(list(pool(cluster, faulty).run(tasks(folder))))
        dead = sum(worker.poll() is not None for worker in cluster.workers)
    orphan = ends.pop("orphan")
    assert orphan.status is Status.CRASHED
    assert f"{MAX_LOSSES} Dask workers" in orphan.reason
    assert dead == MAX_LOSSES
    assert [outcome.status for outcome in ends.values()] == [None] * 7


def test_the_papers_of_a_killed_worker_are_read_elsewhere(
    papers: Papers, faulty: str, tmp_path: Path
) -> None:
    """One worker is killed at work; another joins when none is left."""
    folder = papers(*(f"paper{number}" for number in range(8)))
    outcomes = []
    with dask_cluster(tmp_path, workers=1) as cluster:
        for outcome in pool(cluster, faulty).run(tasks(folder)):
            outcomes.append(outcome)
            if len(outcomes) == 3:
                kill(cluster.workers[0])
                cluster.start_worker(threads=2)
    ends = by_deed(outcomes)
    assert len(ends) == 8
    assert {outcome.status for outcome in outcomes} == {None}


def test_a_scheduler_that_comes_back_is_given_what_was_under_way(
    papers: Papers, faulty: str, tmp_path: Path
) -> None:
    folder = papers(*(f"paper{number}" for number in range(8)))
    notes: list[str] = []
    outcomes = []
    with dask_cluster(tmp_path, workers=1) as cluster:
        for outcome in pool(cluster, faulty, note=notes.append).run(tasks(folder)):
            outcomes.append(outcome)
            if len(outcomes) == 3:
                cluster.kill_scheduler()
                cluster.start_scheduler()
                cluster.start_worker()  # Dask's workers end with their scheduler
    assert len(by_deed(outcomes)) == 8
    assert {outcome.status for outcome in outcomes} == {None}
    assert any("is gone" in note for note in notes)
    assert any("is back" in note for note in notes)


def test_a_run_whose_scheduler_does_not_come_back_fails_and_can_be_gone_on_with(
    papers: Papers, faulty: str, tmp_path: Path
) -> None:
    folder = papers(*(f"paper{number}" for number in range(6)))
    db = tmp_path / "sc.db"
    with dask_cluster(tmp_path, workers=1) as cluster:

        def cut(summary: IngestSummary) -> None:
            if summary.processed == 2:
                cluster.kill_scheduler()

        with pytest.raises(ClusterError, match="same command goes on"):
            run(folder, db, cluster, faulty, progress=cut, wait_s=1)
    with open_database(db) as database:
        [first] = database.runs()
        assert (first.state, first.counts["done"]) == ("failed", 2)
    summary = ingest(folder, db, processor=faulty, workers=1)
    assert (summary.already_done, summary.statuses["done"]) == (2, 4)


def test_there_must_be_a_scheduler(papers: Papers, faulty: str, tmp_path: Path) -> None:
    cluster = DaskCluster(tmp_path)
    with pytest.raises(ClusterError, match="there is no Dask scheduler at tcp://127"):
        list(pool(cluster, faulty, wait_s=0.0).run(tasks(papers("one"))))


def test_papers_of_a_store_are_fetched_by_the_machines_that_read_them(
    faulty: str, tmp_path: Path
) -> None:
    """Same content twice, one broken off, one too large; a second run fetches what is unknown."""
    archive = tmp_path / "papers.zip"
    texts = {"a.pdf": "one", "b.pdf": "one", "c.pdf": "two", "d.pdf": "fail", "e.pdf": "x" * 2**21}
    with zipfile.ZipFile(archive, "w") as file:
        for name, text in texts.items():
            file.writestr(name, text)
    url = f"zip://::file://{archive}"
    db = tmp_path / "sc.db"
    with dask_cluster(tmp_path, workers=1, threads=2) as cluster:
        first = run(url, db, cluster, faulty)
        with open_database(db) as database:
            saved = {document.path[:11]: document.status for document in database.documents()}
        again = run(url, db, cluster, faulty)
    assert (first.statuses["done"], first.statuses["failed"], len(first.duplicates)) == (2, 2, 1)
    assert sorted(saved.values()) == ["done", "done", "failed"]
    assert saved.keys() >= {"zip://c.pdf", "zip://d.pdf"}
    assert (again.already_done, len(again.duplicates), again.processed) == (3, 1, 1)
    assert "max_file_MB = 1" in again.problems[0].reason


def test_a_worker_that_does_not_see_the_papers_or_has_another_version_gets_none(
    papers: Papers, faulty: str, tmp_path: Path
) -> None:
    folder = papers("one", "two")
    other = tmp_path / "other" / "scmine-9.9.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: scmine\nVersion: 9.9\n")
    path = os.pathsep.join([str(other.parent), os.environ["PYTHONPATH"]])
    with dask_cluster(tmp_path) as cluster:
        cluster.start_worker(PYTHONPATH=path)
        with pytest.raises(WorkerStartError, match=r"scmine 9\.9 and not .*install the same"):
            list(pool(cluster, faulty).run(tasks(folder)))
        cluster.start_worker()
        cluster.wait_for_workers(2)
        notes: list[str] = []
        assert len(list(pool(cluster, faulty, note=notes.append).run(tasks(folder)))) == 2
        assert any("gets no papers: it has scmine 9.9" in note for note in notes)
        with pytest.raises(WorkerStartError, match="no Dask worker can be used"):
            list(pool(cluster, faulty, folders=["/no/such/folder"]).run(tasks(folder)))


def test_a_cut_line_is_noticed_and_mended(
    papers: Papers, faulty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client reaches the scheduler through a relay that stops passing anything on."""
    monkeypatch.setattr(cluster_link, "CONNECT_S", 2.0)
    folder = papers(*(f"paper{number}" for number in range(6)))
    notes: list[str] = []
    outcomes = []
    with dask_cluster(tmp_path, workers=1) as cluster, Relay(cluster.port) as relay:
        cluster.wait_for_workers(1)

        def mend(note: str) -> None:
            notes.append(note)
            if "is gone" in note:
                relay.mend()

        for outcome in pool(cluster, faulty, address=relay.address, note=mend).run(tasks(folder)):
            outcomes.append(outcome)
            if len(outcomes) == 2:
                relay.cut()
    assert len(by_deed(outcomes)) == 6
    assert any("is back" in note for note in notes)


def test_records_are_those_of_one_machine(root: Path, tmp_path: Path) -> None:
    """Real papers, read by the real processor."""
    alone = ingest(root / "examples", tmp_path / "one.db", workers=1)
    with dask_cluster(tmp_path, workers=1, threads=2) as cluster:
        shared = ingest(root / "examples", tmp_path / "two.db", scheduler=cluster.address)
    assert shared.records == alone.records > 0
    assert shared.workers == 2
    with open_database(tmp_path / "one.db") as one, open_database(tmp_path / "two.db") as two:
        assert list(one.records()) == list(two.records())
