"""Behaviour of the SC-CoMIcs loader and writer, on abstracts written here."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.corpora.brat_lines import EventLine, MentionLine, RelationLine, parse_line
from scmine.corpora.sc_comics import load_sc_comics, scoring_label, write_sc_comics
from scmine.corpora.types import (
    CorpusError,
    GoldEvent,
    GoldLink,
    GoldMention,
    GoldPassage,
    Paper,
)

ANNOTATIONS = (
    "T1\tElement 0 2\tSr\nT2\tDoping 3 8\tdoped\nT3\tMain 9 16\tLa2CuO4\nT4\tElement 9 11\tLa\n"
    "T5\tSC 20 22\tTc\nT6\tValue 23 27\t38 K\n"
    "E1\tDoping:T2 Dopant:T1 Site:T4\nR1\tTarget Arg1:E1 Arg2:T3\nR2\tEquivalent Arg1:T5 Arg2:T6"
)


def write(folder: Path, stem: str, text: str = "Sr doped La2CuO4 at Tc 38 K") -> None:
    (folder / f"{stem}.txt").write_text(text, encoding="utf-8")
    (folder / f"{stem}.ann").write_text(ANNOTATIONS, encoding="utf-8")


def test_an_abstract_is_one_passage_whose_mentions_may_overlap(tmp_path: Path) -> None:
    write(tmp_path, "0002")
    write(tmp_path, "0001")
    papers = load_sc_comics(tmp_path)
    assert [paper.stem for paper in papers] == ["0001", "0002"]
    mentions = (
        GoldMention(0, 2, "Element", "T1"),
        GoldMention(3, 8, "Doping", "T2"),
        GoldMention(9, 11, "Element", "T4"),
        GoldMention(9, 16, "Main", "T3"),
        GoldMention(20, 22, "SC", "T5"),
        GoldMention(23, 27, "Value", "T6"),
    )
    assert papers[0] == Paper(
        "0001",
        (GoldPassage("abstract", "Sr doped La2CuO4 at Tc 38 K", mentions),),
        (
            GoldLink((0, 1), (0, 3), "Target", "R1", head_event=0),
            GoldLink((0, 4), (0, 5), "Equivalent", "R2"),
        ),
        (GoldEvent("Doping", (0, 1), (("Dopant", (0, 0)), ("Site", (0, 2))), "E1"),),
    )


def test_a_main_material_scores_as_an_element() -> None:
    assert [scoring_label(label) for label in ("Main", "Element", "Value")] == [
        "Element",
        "Element",
        "Value",
    ]


@pytest.mark.parametrize(("ending", "other"), [(".txt", ".ann"), (".ann", ".txt")])
def test_a_lone_half_is_an_error(tmp_path: Path, ending: str, other: str) -> None:
    write(tmp_path, "0001")
    write(tmp_path, "0002")
    (tmp_path / f"0002{ending}").unlink()
    reason = rf"0002\{ending}: is missing, though there is 0002\{other}"
    with pytest.raises(CorpusError, match=reason):
        load_sc_comics(tmp_path)


def test_a_folder_without_annotations_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no \.ann files"):
        load_sc_comics(tmp_path)


def test_only_single_abstracts_are_written(tmp_path: Path) -> None:
    write(tmp_path, "0001")
    [paper] = load_sc_comics(tmp_path)
    assert write_sc_comics(paper, tmp_path) == paper
    assert (tmp_path / "0001.ann").read_text(encoding="utf-8") == ANNOTATIONS
    with pytest.raises(ValueError, match="papers of one abstract"):
        write_sc_comics(Paper("0003", (GoldPassage("title", "Tc"),)), tmp_path)


def as_annotated(paper: Paper) -> set[str]:
    """What the objects of a paper say, in brat's words, built without the writer."""
    [passage] = paper.passages
    said: list[object] = [
        MentionLine(m.ident, m.label, ((m.start, m.end),), passage.surface(m))
        for m in passage.mentions
    ]
    for event in paper.events:
        arguments = tuple((role, paper.mention(at).ident) for role, at in event.arguments)
        trigger = paper.mention(event.trigger).ident
        said.append(EventLine(event.ident, event.label, trigger, arguments))
    for link in paper.links:
        head, tail = (
            paper.mention(at).ident if event is None else paper.events[event].ident
            for at, event in ((link.head, link.head_event), (link.tail, link.tail_event))
        )
        said.append(RelationLine(link.ident, link.label, head, tail))
    return {str(line) for line in said}


@pytest.mark.shared
def test_all_of_sc_comics(shared: Path) -> None:
    folder = shared / "corpora" / "sc-comics"
    papers = load_sc_comics(folder)
    assert len(papers) == 800
    assert sum(len(p.passages[0].mentions) for p in papers) == 34_185
    assert sum(len(p.links) for p in papers) == 2035
    assert sum(len(p.events) for p in papers) == 2244
    for paper in papers:
        lines = (folder / f"{paper.stem}.ann").read_text(encoding="utf-8").split("\n")
        assert as_annotated(paper) == {str(parse_line(line)) for line in lines if line}


@pytest.mark.shared
def test_every_file_of_sc_comics_comes_back_byte_by_byte(shared: Path, tmp_path: Path) -> None:
    folder = shared / "corpora" / "sc-comics"
    for paper in load_sc_comics(folder):
        assert write_sc_comics(paper, tmp_path) == paper
        for name in (f"{paper.stem}.txt", f"{paper.stem}.ann"):
            assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
