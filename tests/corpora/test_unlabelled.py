"""Of a paper as text, the paragraphs of prose are kept and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.corpora.unlabelled import paragraphs, prose

LONG = "The resistivity of this compound falls to zero at a low temperature. " * 3


def test_paragraphs_come_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text(f"Second. {LONG}", encoding="utf-8")
    (tmp_path / "a.txt").write_text(f"First. {LONG}\n\nThen. {LONG}", encoding="utf-8")
    (tmp_path / "c.pdf").write_bytes(b"%PDF")
    assert [p.partition(".")[0] for p in prose(tmp_path)] == ["First", "Then", "Second"]


def test_bytes_that_are_no_text_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(LONG.encode() + b"\xff and so on")
    [found] = prose(tmp_path)
    assert found.endswith("\ufffd and so on")


@pytest.mark.parametrize("name", ["", "nowhere"])
def test_a_folder_without_papers_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError, match=str(tmp_path / name)):
        list(prose(tmp_path / name))


def test_lines_are_joined_and_markup_is_taken_off() -> None:
    text = f"## Results\n\n**{LONG}**\nIt is [linked](http://x.y/z)<sup>2</sup> ![fig](a.png).\n"
    [found] = paragraphs(text)
    assert "\n" not in found
    assert found.endswith("It is linked2 .")
    assert "*" not in found


def test_what_is_no_prose_is_left_out() -> None:
    table = "| 1.0 | 2.0 | 3.0 | 4.0 |\n" * 12
    numbers = "12.3 45.6 78.9 " * 20
    formula = r"where \alpha \beta \gamma \delta \lambda \mu \nu \omega are the constants " * 3
    short = "Too short to learn from."
    text = "\n\n".join([table, numbers, formula, short, LONG])
    assert list(paragraphs(text)) == [LONG.strip()]


def test_references_are_left_out_unless_they_come_early() -> None:
    body = f"{LONG}\n\n" * 4
    assert len(list(paragraphs(f"{body}# References\n\n{LONG}"))) == 4
    assert len(list(paragraphs(f"References are made to others.\n\n{body}"))) == 4


def test_no_text_has_no_paragraphs() -> None:
    assert list(paragraphs("")) == []
