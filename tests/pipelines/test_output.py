"""A file appears once it is whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scmine.pipelines.output import open_output


def test_a_file_appears_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("before")
    with open_output(out) as stream:
        stream.write(b"after")
        assert out.read_text() == "before"
    assert out.read_text() == "after"
    assert os.listdir(tmp_path) == ["out"]


def test_after_an_error_nothing_is_left(tmp_path: Path) -> None:
    def write_half() -> None:
        with open_output(tmp_path / "out") as stream:
            stream.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(("name", "message"), [(".", "folder"), ("none/out", "none")])
def test_what_cannot_be_written_is_named(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(OSError, match=message), open_output(tmp_path / name):
        pass


def test_devices_are_written_to() -> None:
    with open_output(Path(os.devnull)) as stream:
        stream.write(b"x")
    assert not Path(os.devnull).is_file()


def test_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with open_output(None) as stream:
        stream.write(b"x\n")
    assert capfdbinary.readouterr().out == b"x\n"
