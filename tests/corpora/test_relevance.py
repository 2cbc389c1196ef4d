"""Labelled texts are loaded, weights are fitted and written, and shares are counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scmine.corpora.relevance_texts import LabelledText, judged, load_texts
from scmine.corpora.relevance_training import (
    Share,
    cross_validate,
    shares,
    train,
    views,
    write_model,
)
from scmine.corpora.train_relevance import evaluate_relevance, train_relevance
from scmine.corpora.types import CorpusError
from scmine.extractors.relevance import WEIGHTS_FILE

ROWS = [
    {
        "id": f"r{i}",
        "title": "Superconductivity of a boride",
        "abstract": f"Tc is {i} K.",
        "label": "relevant",
    }
    for i in range(10)
] + [
    {
        "id": f"n{i}",
        "title": "Sintering of alumina",
        "abstract": f"Grains grow at {900 + i} C.",
        "label": "not",
    }
    for i in range(10)
]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    return path


def test_own_texts_are_loaded_with_their_labels(own: Path) -> None:
    texts = load_texts(own)
    assert [t.label for t in texts] == ["relevant"] * 10 + ["not"] * 10
    assert texts == load_texts(own.parent)


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "1"}', "1"])
def test_a_broken_line_is_told_with_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps(ROWS[0]) + "\n" + line, encoding="utf-8")
    with pytest.raises(CorpusError, match="line 2"):
        load_texts(path)


def test_an_unknown_label_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps(ROWS[0] | {"label": "perhaps"}), encoding="utf-8")
    with pytest.raises(CorpusError, match="perhaps"):
        load_texts(path)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="jsonl"):
        load_texts(tmp_path)


def test_papers_as_markdown_give_title_and_abstract(tmp_path: Path) -> None:
    text = "# A title of some length\n\nA. Person\n\n" + "The abstract is here. " * 20
    (tmp_path / "new.md").write_text(text, encoding="utf-8")
    (paper,) = load_texts(tmp_path)
    assert paper.title == "A title of some length"
    assert paper.abstract.startswith("The abstract")


def test_abstracts_of_sc_comics_have_the_judged_labels(tmp_path: Path) -> None:
    for stem in ("0001", "0204"):
        (tmp_path / f"{stem}.txt").write_text("A text.", encoding="utf-8")
        (tmp_path / f"{stem}.ann").write_text("", encoding="utf-8")
    assert [t.label for t in load_texts(tmp_path)] == ["relevant", "not"]
    assert set(judged().values()) <= {"relevant", "not", "open", "broken"}


def test_a_paper_is_shown_whole_and_in_parts() -> None:
    whole = LabelledText("s", "p", "T", "A", "not")
    assert [(v.title, v.abstract) for v in views(whole)] == [("T", "A"), ("T", ""), ("", "A")]
    assert len(views(LabelledText("s", "p", "", "A", "not"))) == 1


def test_training_twice_gives_the_same_file(own: Path, tmp_path: Path) -> None:
    texts = load_texts(own)
    for name in ("a", "b"):
        write_model(train(texts), tmp_path / name)
    first, second = ((tmp_path / n / WEIGHTS_FILE).read_bytes() for n in ("a", "b"))
    assert first == second


def test_cross_validation_scores_every_text_once(own: Path) -> None:
    texts = load_texts(own)
    scored = cross_validate(texts)
    assert sorted(s.text.paper for s in scored) == sorted(t.paper for t in texts)
    found = shares(scored)["mine"]
    assert (found["relevant"].hits, found["not"].hits) == (10, 0)


def test_one_kind_alone_is_nothing_to_learn_from(own: Path, tmp_path: Path) -> None:
    only = tmp_path / "only.jsonl"
    only.write_text(json.dumps(ROWS[0]), encoding="utf-8")
    with pytest.raises(CorpusError, match="both"):
        train_relevance([only], tmp_path / "out")


def test_a_model_is_trained_and_the_packaged_one_scored(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train_relevance([own], tmp_path / "out")
    assert "relevant" in capsys.readouterr().out
    assert (tmp_path / "out" / WEIGHTS_FILE).is_file()
    found = evaluate_relevance(own)
    assert found.to_json()["sources"]["mine"]["relevant"] == {"fetched": 10, "of": 10}
    assert "mine" in found.table()


def test_the_share_of_none_is_open() -> None:
    assert Share(0, 0).interval == (0.0, 1.0)
