"""Matscholar's sentences are read as passages; faults are named with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.corpora.matscholar import load_matscholar
from scmine.corpora.types import CorpusError, GoldPassage

SENTENCES = """films O
of O
LaFeAsO B-MAT
single B-DSC
crystals I-DSC
grown B-SMT

Tc B-PRO
Zn B-MAT
ZnO B-MAT
bulk I-DSC
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "train.txt"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def mentions(passage: GoldPassage) -> list[tuple[str, str]]:
    return [(passage.surface(m), m.label) for m in passage.mentions]


@pytest.mark.parametrize("end", ["", "\n\n\n"])
def test_sentences_become_passages(tmp_path: Path, end: str) -> None:
    first, second = load_matscholar(write(tmp_path, SENTENCES.rstrip("\n") + end))
    assert first.kind == "sentence"
    assert first.text == "films of LaFeAsO single crystals grown"
    assert mentions(first) == [("LaFeAsO", "MAT"), ("single crystals", "DSC"), ("grown", "SMT")]
    assert second.text == "Tc Zn ZnO bulk"
    assert mentions(second) == [("Tc", "PRO"), ("Zn", "MAT"), ("ZnO", "MAT"), ("bulk", "DSC")]


def test_a_continuation_after_nothing_begins_a_mention(tmp_path: Path) -> None:
    [passage] = load_matscholar(write(tmp_path, "of O\nMgB2 I-MAT\nfilm O\nit I-MAT\n"))
    assert mentions(passage) == [("MgB2", "MAT"), ("it", "MAT")]


def test_tokens_of_odd_blanks_are_left_out(tmp_path: Path) -> None:
    [passage] = load_matscholar(write(tmp_path, "a O\n\xa0 O\n\u2009 B-MAT\nb O\n"))
    assert passage == GoldPassage("sentence", "a b")


def test_lines_may_end_as_they_do_on_windows(tmp_path: Path) -> None:
    [passage] = load_matscholar(write(tmp_path, "MgB2 B-MAT\r\nfilm O\r\n\r\n"))
    assert mentions(passage) == [("MgB2", "MAT")]


@pytest.mark.parametrize("line", ["MgB2", "MgB2 MAT", "MgB2\tB-MAT", "MgB2 B-", "MgB2 I-", "x o"])
def test_a_line_without_a_tag_is_named(tmp_path: Path, line: str) -> None:
    path = write(tmp_path, f"of O\n\n{line}\nfilm O\n")
    with pytest.raises(CorpusError, match=r"train\.txt, line 3: not a token and its tag") as caught:
        load_matscholar(path)
    assert (caught.value.path, caught.value.line) == (path, 3)


def test_an_empty_file_has_no_passages(tmp_path: Path) -> None:
    assert load_matscholar(write(tmp_path, "")) == []
    assert load_matscholar(write(tmp_path, "\n \n")) == []


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.txt"):
        load_matscholar(tmp_path / "nowhere.txt")


@pytest.mark.shared
def test_the_real_training_file_is_read(shared: Path) -> None:
    passages = load_matscholar(shared / "corpora" / "auxiliary" / "matscholar" / "train.txt")
    labels = {m.label for p in passages for m in p.mentions}
    assert labels == {"APL", "CMT", "DSC", "MAT", "PRO", "SMT", "SPL"}
    assert len(passages) > 4000
