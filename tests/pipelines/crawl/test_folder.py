"""A folder as a source: what comes, changes, moves and goes, and files that are not whole yet."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from scmine.database.crawl import crawled
from scmine.database.crawl_values import CrawlPaper, CrawlVersion, VersionState
from scmine.database.store import open_database
from scmine.pipelines.crawl.errors import CrawlError
from scmine.pipelines.crawl.folder import GONE, FolderSource, path_of
from scmine.pipelines.crawl.folder_watch import Watch
from scmine.pipelines.crawl.paper import ListedPaper
from scmine.pipelines.crawl.run import crawl
from scmine.pipelines.crawl.summary import EXIT_INTERRUPTED, CrawlSummary
from scmine.pipelines.crawl.web import NoWeb
from tests.crawl_clock import CrawlClock
from tests.pipelines.crawl.shelf import PROCESSOR, made_paper, shelf_settings


class Place:
    """A folder that is watched, and a database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "in"
        self.folder.mkdir()
        self.settings = shelf_settings(folder)
        self.clock = CrawlClock()
        self.told: list[str] = []
        self.source = FolderSource(self.settings, self.folder, self.clock, self.told.append)

    def write(self, name: str, tc_K: float, material: str = "Nb3Sn") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made_paper(material, tc_K))
        return path

    def crawl(self) -> Counter[str]:
        return self.summary().counts

    def summary(self) -> CrawlSummary:
        return crawl(self.source, self.settings, NoWeb(), processor=PROCESSOR)

    def rows(self) -> dict[tuple[str, int], tuple[CrawlPaper, CrawlVersion]]:
        with open_database(self.settings.db) as database:
            found = [(p, v) for p, v in crawled(database)]
        return {(p.key.partition(" (")[0], v.version): (p, v) for p, v in found}

    def states(self) -> dict[tuple[str, int], VersionState]:
        return {name: version.state for name, (_, version) in self.rows().items()}

    def claims(self) -> set[tuple[float | None, str]]:
        with open_database(self.settings.db) as database:
            return {(record.tc_K, record.status.value) for record in database.records()}


@pytest.fixture
def place(own_folder: Path) -> Place:
    return Place(own_folder)


def test_new_files_are_read_where_they_lie_and_once(place: Place) -> None:
    place.write("a.html", 18.0)
    place.write("deep/er/b ü.html", 9.2)
    place.write(".hidden.html", 1.0)
    (place.folder / "picture.png").write_bytes(b"\x89PNG")
    counts = place.crawl()
    assert (counts["new"], counts["read"]) == (2, 2)
    assert place.states() == {
        ("a.html", 1): VersionState.READ,
        ("deep/er/b ü.html", 1): VersionState.READ,
    }
    paths = {version.path for _, version in place.rows().values()}
    assert paths == {str(p.resolve()) for p in place.folder.rglob("[ab]*.html")}
    assert not place.settings.crawl_folder.exists()
    assert not place.source.changes()
    assert place.crawl()["read"] == 0


def test_new_content_is_a_new_version_that_overtakes_the_old(place: Place) -> None:
    path = place.write("a.html", 18.0)
    place.crawl()
    place.write("a.html", 18.3)
    counts = place.crawl()
    assert (counts["changed"], counts["read"]) == (1, 1)
    assert place.claims() == {(18.0, "obsolete"), (18.3, "new")}
    os.utime(path, ns=(1, 1))  # another time, the same content
    assert place.source.changes()
    assert place.crawl()["changed"] == 0
    assert not place.source.changes()
    assert sorted(place.states()) == [("a.html", 1), ("a.html", 2)]


def test_a_file_that_is_still_written_is_left_for_the_next_time(place: Place) -> None:
    whole = made_paper("Nb3Sn", 18.0)
    path = place.folder / "a.html"
    path.write_bytes(whole[:100])
    place.write("b.html", 9.2)

    def go_on(seconds: float) -> None:
        path.write_bytes(whole)

    place.clock.on_sleep = go_on
    assert place.crawl()["read"] == 1
    assert place.clock.slept == [place.settings.crawl_settle_s]
    assert [words for words in place.told if "still being written" in words]
    place.clock.on_sleep = None
    assert place.crawl()["read"] == 1
    assert set(place.states()) == {("a.html", 1), ("b.html", 1)}


def test_a_half_file_that_stood_still_is_a_version_of_its_own(place: Place) -> None:
    path = place.folder / "a.html"
    path.write_bytes(b"")
    assert place.crawl()["listed"] == 0
    path.write_bytes(b"<html><body>half")
    place.crawl()
    path.write_bytes(made_paper("Nb3Sn", 18.0))
    place.crawl()
    assert place.states()["a.html", max(v for _, v in place.states())] is VersionState.READ


def test_what_goes_and_moves_is_noted_and_its_claims_stay(place: Place) -> None:
    gone, moved = place.write("gone.html", 9.2), place.write("old.html", 18.0)
    place.crawl()
    gone.unlink()
    (place.folder / "sub").mkdir()
    there = shutil.move(moved, place.folder / "sub" / "new.html")
    place.crawl()
    marks = {key: paper.mark for (key, _), (paper, _) in place.rows().items()}
    assert marks["gone.html"] == GONE
    assert marks["old.html"] == f"moved to {there}"
    assert place.claims() == {(9.2, "new"), (18.0, "new")}
    assert not place.source.changes()
    place.write("gone.html", 9.2)  # it is back, as it was
    assert place.crawl()["changed"] == 0
    assert place.states()["gone.html", 1] is VersionState.READ


def test_a_share_that_is_not_there_takes_nothing_away(place: Place) -> None:
    place.write("a.html", 18.0)
    place.crawl()
    place.folder.rename(place.folder.with_name("away"))
    with pytest.raises(CrawlError, match="No such file"):
        place.source.changes()
    summary = place.summary()
    assert "No such file" in summary.reason
    assert place.rows()["a.html", 1][0].mark != GONE


def test_a_folder_that_cannot_be_listed_loses_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write("a.html", 18.0)
    place.write("deep/b.html", 9.2)
    place.crawl()
    deep = place.folder / "deep"
    scandir = os.scandir

    def shut(path: object) -> object:
        if os.fspath(path) == str(deep.resolve()):  # type: ignore[call-overload]
            raise PermissionError(13, "Permission denied", str(deep.resolve()))
        return scandir(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", shut)
    assert not place.source.changes()
    assert list(place.source.unreadable) == [deep.resolve()]


def test_one_paper_in_two_formats_is_read_once(place: Place) -> None:
    place.write("a.html", 18.0)
    (place.folder / "a.pdf").write_bytes(b"%PDF-1.4 the same paper")
    assert place.crawl()["new"] == 1


def test_links_in_circles_end(place: Place) -> None:
    place.write("sub/a.html", 18.0)
    (place.folder / "sub" / "again").symlink_to(place.folder)
    assert place.crawl()["new"] == 1


def test_the_same_folder_by_another_way_is_the_same(place: Place, own_folder: Path) -> None:
    place.write("a.html", 18.0)
    place.crawl()
    (own_folder / "link").symlink_to(place.folder)
    assert not FolderSource(place.settings, own_folder / "link", place.clock).changes()


@pytest.mark.parametrize("link", [None, "https://example.org/a", "file://host/etc", "file:"])
def test_only_files_of_a_folder_have_a_path(link: str | None) -> None:
    with pytest.raises(CrawlError, match="not known where"):
        path_of(ListedPaper("folder", "k", 1, "", link=link))


def test_names_that_are_no_unicode_are_found_again(place: Place) -> None:
    path = Path(os.fsdecode(os.fsencode(place.folder) + b"/\xff\xe9.html"))
    path.write_bytes(made_paper("Nb3Sn", 18.0))
    (page,) = place.source.pages(None)
    (paper,) = page.papers
    assert path_of(paper) == path.resolve()
    paper.key.encode()


def test_many_files_come_page_by_page(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scmine.pipelines.crawl.folder.PAGE_SIZE", 2)
    for number in range(5):
        place.write(f"{number}.html", 1.0 + number)
    pages = list(place.source.pages(None))
    assert [(len(page.papers), page.cursor is None) for page in pages] == [
        (2, False),
        (2, False),
        (1, True),
    ]
    assert place.crawl()["read"] == 5


def test_watching_crawls_when_something_changes(place: Place) -> None:
    """Each round of waiting lets the next thing happen."""
    deeds = [
        lambda: None,
        lambda: place.write("a.html", 18.0),
        lambda: None,
        lambda: (place.folder / "no paper.txt").write_text("x"),
        lambda: None,
        lambda: place.write("a.html", 18.3),
    ]
    crawls: list[int] = []

    def wait(seconds: float) -> None:
        if seconds == place.settings.crawl_poll_s and deeds:
            deeds.pop(0)()

    def go() -> int:
        crawls.append(len(deeds))
        place.crawl()
        return EXIT_INTERRUPTED if not deeds else 0

    place.clock.on_sleep = wait
    watch = Watch(place.source, go, place.settings.crawl_poll_s, place.clock)
    assert watch.run() == EXIT_INTERRUPTED
    assert crawls == [4, 2, 0]
    assert place.claims() == {(18.0, "obsolete"), (18.3, "new")}


def test_the_command_wants_no_contact(place: Place, root: Path) -> None:
    shutil.copy(root / "examples" / "alloy_onecolumn.tex", place.folder)
    command = [sys.executable, "-m", "scmine.pipelines.cli", "crawl", "folder"]
    settle = {"SCMINE_CRAWL_SETTLE_S": "0", "SCMINE_WORKERS": "1"}
    done = subprocess.run(
        [*command, str(place.folder), "--db", place.settings.db],
        capture_output=True,
        text=True,
        env=os.environ | settle,
        stdin=subprocess.DEVNULL,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "1 read" in done.stdout
    wrong = subprocess.run([*command, "nowhere"], capture_output=True, text=True, timeout=300)
    assert wrong.returncode == 2
    assert "nowhere is no folder" in wrong.stderr
