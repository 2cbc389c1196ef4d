"""Finding files: what counts as a paper, in which order, and what cannot be used."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.pipelines.find import UnusableFileError, find_files, hash_file, shown


def _names(*paths: str | Path) -> list[str]:
    return [str(f.path) for f in find_files(paths) if not f.no_paper]


def test_folders_are_searched_for_pdfs_in_stable_order(own_folder: Path) -> None:
    for name in ("b.pdf", "a.PDF", "notes.txt", "sub/c.pdf", "x.pdf/inner.pdf"):
        path = own_folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert _names("in") == ["in/a.PDF", "in/b.pdf", "in/sub/c.pdf", "in/x.pdf/inner.pdf"]


def test_hidden_files_and_folders_are_skipped(own_folder: Path) -> None:
    (own_folder / ".git").mkdir()
    for name in (".hidden.pdf", ".git/a.pdf", "seen.pdf"):
        (own_folder / name).touch()
    assert _names(own_folder) == [str(own_folder / "seen.pdf")]


def test_named_files_are_taken_whatever_they_are_called(own_folder: Path) -> None:
    (own_folder / "paper").touch()
    assert _names("paper") == ["paper"]


def test_files_named_twice_are_found_once(own_folder: Path) -> None:
    (own_folder / "in").mkdir()
    (own_folder / "in" / "a.pdf").touch()
    assert _names("in/a.pdf", "in", "./in") == ["in/a.pdf"]


def test_loops_of_links_end(own_folder: Path) -> None:
    folder = own_folder / "in"
    folder.mkdir()
    (folder / "a.pdf").touch()
    (folder / "loop").symlink_to(folder)
    (folder / "up").symlink_to(own_folder)
    (folder / "self").symlink_to(folder / "self")
    assert _names("in") == ["in/a.pdf"]


def test_links_to_folders_elsewhere_are_followed(own_folder: Path) -> None:
    for name in ("in", "elsewhere"):
        (own_folder / name).mkdir()
    (own_folder / "elsewhere" / "a.pdf").touch()
    (own_folder / "in" / "link").symlink_to(own_folder / "elsewhere")
    assert _names("in") == ["in/link/a.pdf"]


def test_missing_paths_come_back_with_a_problem(own_folder: Path) -> None:
    (missing,) = find_files(["nowhere"])
    assert missing.named
    assert missing.problem == "no such file or directory"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_folders_that_cannot_be_listed_come_back_with_a_problem(own_folder: Path) -> None:
    closed = own_folder / "in" / "closed"
    closed.mkdir(parents=True)
    closed.chmod(0)
    (found,) = find_files(["in"])
    closed.chmod(0o700)
    assert found.problem == "permission denied"
    assert not found.named


@given(content=st.binary(max_size=5000))
def test_hash_is_sha256_of_the_content(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("hash") / "a.pdf"
    path.write_bytes(content)
    assert hash_file(path, 1) == hashlib.sha256(content).hexdigest()


def test_pipes_are_not_waited_for(own_folder: Path) -> None:
    os.mkfifo(own_folder / "a.pdf")
    with pytest.raises(UnusableFileError, match="not a regular file"):
        hash_file(own_folder / "a.pdf", 1)


def test_files_that_are_too_large_are_not_read(own_folder: Path) -> None:
    path = own_folder / "a.pdf"
    with path.open("wb") as file:
        file.truncate(3 << 20)
    with pytest.raises(UnusableFileError, match=r"3\.0 MB, more than max_file_MB = 2 allows"):
        hash_file(path, 2)
    with path.open("r+b") as file:
        file.truncate((2 << 20) + 1)
    with pytest.raises(UnusableFileError, match=r"2\.1 MB, more than max_file_MB = 2 allows"):
        hash_file(path, 2)
    with path.open("r+b") as file:
        file.truncate(3 << 20)
    assert len(hash_file(path, 3)) == 64


@given(st.binary(min_size=1, max_size=30).filter(lambda b: b"\0" not in b))
def test_any_path_can_be_shown(name: bytes) -> None:
    text = shown(os.fsdecode(name))
    assert text.encode("utf-8").decode("utf-8") == text


def test_files_that_are_no_papers_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty.tex").write_text("")
    (tmp_path / "shop.html").write_text("<html><body>shop</body></html>")
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "data.csv").write_text("1,2")
    (tmp_path / "README.md").write_text("MgB2")
    (tmp_path / "section.tex").write_text("MgB2")
    found = {f.path.name: f.no_paper for f in find_files([tmp_path])}
    assert found == {"empty.tex": True, "shop.html": True, "paper.pdf": False}
