"""Finding the file of a paper: only the one with its content, wherever it is now."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scmine.web import paper_files
from scmine.web.paper_files import PaperFiles
from tests.web.papers import sha256, write_paper


def test_the_file_is_where_it_was_read(tmp_path: Path):
    path = write_paper(tmp_path)
    assert PaperFiles().pdf(sha256(path), str(path)) == path


def test_a_file_that_changed_is_not_the_paper(tmp_path: Path):
    path = write_paper(tmp_path)
    doc_id, files = sha256(path), PaperFiles()
    assert files.pdf(doc_id, str(path)) == path
    path.write_bytes(path.read_bytes() + b"\n")
    assert files.pdf(doc_id, str(path)) is None


def test_a_file_that_was_replaced_by_one_of_the_same_size_is_read_again(tmp_path: Path):
    path = write_paper(tmp_path)
    doc_id, files = sha256(path), PaperFiles()
    assert files.pdf(doc_id, str(path)) == path
    other = tmp_path / "other"
    other.write_bytes(path.read_bytes().replace(b"MgB2", b"MgB3"))
    os.replace(other, path)
    assert files.pdf(doc_id, str(path)) is None


@pytest.mark.parametrize("kind", ["missing", "folder", "fifo", "device", "nul"])
def test_what_is_no_regular_file_is_not_opened(tmp_path: Path, kind: str):
    path = str(tmp_path / "x.pdf")
    if kind == "folder":
        os.mkdir(path)
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path = "/dev/zero"
    elif kind == "nul":
        path += "\0"
    assert PaperFiles().pdf("0" * 64, path) is None


def test_what_is_no_pdf_is_not_given_out(tmp_path: Path):
    path = tmp_path / "paper.pdf"
    path.write_text("<html>not a paper</html>")
    assert PaperFiles().pdf(sha256(path), str(path)) is None


def test_a_file_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = write_paper(tmp_path)
    monkeypatch.setattr(paper_files, "MAX_FILE_BYTES", 100)
    assert PaperFiles().pdf(sha256(path), str(path)) is None


def test_a_file_that_moved_is_found_in_the_folders(tmp_path: Path):
    now = tmp_path / "now" / "deep"
    now.mkdir(parents=True)
    path = write_paper(now, "paper.pdf")
    write_paper(tmp_path, "other.pdf", page="/Rotate 90")
    assert PaperFiles([tmp_path]).pdf(sha256(path), "/gone/paper.pdf") == path


def test_a_file_that_has_another_name_is_found_by_its_content(tmp_path: Path):
    path = write_paper(tmp_path, "renamed.PDF")
    write_paper(tmp_path, "paper.pdf", page="/Rotate 90")
    files = PaperFiles([tmp_path])
    assert files.pdf(sha256(path), "/gone/paper.pdf") == path
    assert files.unread == 0
    assert files.pdf("0" * 64, "/gone/paper.pdf") is None


def test_a_file_that_came_later_is_found(tmp_path: Path):
    files = PaperFiles([tmp_path])
    first = write_paper(tmp_path, "first.pdf")
    assert files.pdf("0" * 64, "/gone.pdf") is None
    second = write_paper(tmp_path, "second.pdf", page="/Rotate 90")
    assert files.pdf(sha256(second), "/gone.pdf") == second
    assert files.pdf(sha256(first), "/gone.pdf") == first
