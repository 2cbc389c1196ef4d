"""Texts are tagged and linked line by line, in order, whoever does it."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from scmine.extractors.schemes import Scheme
from scmine.pipelines.tag import TEXTS_A_BATCH, TagSummary, tag

TEXT = "The Tc of MgB2 is 39 K and that of FeSe is 8 K under 2 GPa."
GIVEN = [
    {"start": 10, "end": 14, "label": "material"},
    {"start": 18, "end": 22, "label": "tcValue"},
    {"start": 35, "end": 39, "label": "material"},
    {"start": 43, "end": 46, "label": "tcValue"},
    {"start": 53, "end": 58, "label": "pressure"},
]
SIX = {"material", "class", "tc", "tcValue", "pressure", "me_method"}


def _tagged(
    folder: Path, lines: list[Any], workers: int = 1, problems: list[int] | None = None
) -> tuple[list[dict[str, Any]], TagSummary]:
    source, out = folder / "in.jsonl", folder / "out.jsonl"
    raw = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    source.write_text("".join(f"{line}\n" for line in raw), encoding="utf-8")
    summary = tag(
        source,
        out,
        Scheme.SUPERMAT,
        workers=workers,
        problem=None if problems is None else lambda number, _: problems.append(number),
    )
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()], summary


def _links(line: dict[str, Any]) -> set[tuple[str, int, int]]:
    """Links by the places of their ends in the text."""
    starts = [entity["start"] for entity in line["entities"]]
    return {(k["label"], starts[k["head"]], starts[k["tail"]]) for k in line["links"]}


def test_mentions_and_links_are_found(own_folder: Path) -> None:
    [line], summary = _tagged(own_folder, [{"id": "a", "text": TEXT, "more": [1]}])
    assert (line["id"], line["text"], line["more"]) == ("a", TEXT, [1])
    for entity in line["entities"]:
        assert set(entity) == {"start", "end", "label", "text", "score"}
        assert entity["text"] == TEXT[entity["start"] : entity["end"]]
        assert entity["label"] in SIX
        assert 0 < entity["score"] <= 1
    assert ("material-tcValue", 10, 18) in _links(line)
    assert (summary.texts, summary.sentences, summary.errors) == (1, 1, 0)


def test_what_only_rules_find_does_not_come_out(own_folder: Path) -> None:
    text = "LaH10 (Fm-3m) has λ = 2.3, ω_log = 1200 K and μ* = 0.1, so Tc = 250 K at 170 GPa."
    [line], _ = _tagged(own_folder, [{"text": text}])
    assert {e["label"] for e in line["entities"]} <= SIX


def test_the_order_of_given_mentions_changes_nothing_but_indices(own_folder: Path) -> None:
    rng = random.Random(0)
    orders = [rng.sample(GIVEN, len(GIVEN)) for _ in range(10)]
    lines, _ = _tagged(own_folder, [{"text": TEXT, "entities": order} for order in orders])
    found = [_links(line) for line in lines]
    assert all(links == found[0] for links in found)
    assert {("material-tcValue", 10, 18), ("material-tcValue", 35, 43)} <= found[0]
    for line, order in zip(lines, orders, strict=True):
        assert [e["start"] for e in line["entities"]] == [e["start"] for e in order]


def test_directions_of_links(own_folder: Path) -> None:
    [line], _ = _tagged(own_folder, [{"text": TEXT, "entities": GIVEN}])
    ends = {
        (k["label"], GIVEN[k["head"]]["label"], GIVEN[k["tail"]]["label"]) for k in line["links"]
    }
    assert ends == {
        ("material-tcValue", "material", "tcValue"),
        ("tcValue-pressure", "tcValue", "pressure"),
    }


def test_no_given_mentions_is_not_the_same_as_none_wanted(own_folder: Path) -> None:
    lines, _ = _tagged(own_folder, [{"text": TEXT, "entities": e} for e in ([], None)])
    assert lines[0]["entities"] == lines[0]["links"] == []
    assert lines[1]["entities"]


def test_bad_lines_are_told_and_kept_and_the_rest_goes_on(own_folder: Path) -> None:
    problems: list[int] = []
    entity = {"start": 0, "end": 99, "label": "tc"}
    given: list[Any] = [
        {"text": "MgB2"},
        "no json",
        "",
        {"id": 4},
        {"text": "a", "entities": [entity]},
    ]
    lines, summary = _tagged(own_folder, [*given, {"text": TEXT}], problems=problems)
    assert problems == [2, 4, 5]
    assert [("error" in line) for line in lines] == [False, True, True, True, False]
    assert lines[1]["input"] == "no json"
    assert lines[2]["id"] == 4
    assert lines[3]["entities"] == [entity]
    assert (summary.texts, summary.errors) == (5, 3)


def test_any_number_of_workers_writes_the_same(own_folder: Path) -> None:
    texts = [
        {"id": i, "text": TEXT if i % 3 else f"No. {i}: LaH{i} has a Tc of {i} K."}
        for i in range(3 * TEXTS_A_BATCH + 5)
    ]
    one, _ = _tagged(own_folder, texts, workers=1)
    two, summary = _tagged(own_folder, texts, workers=2)
    assert one == two
    assert [line["id"] for line in one] == list(range(len(texts)))
    assert summary.texts == len(texts)


def test_a_file_can_be_written_over_itself(own_folder: Path) -> None:
    path = own_folder / "t.jsonl"
    path.write_text(json.dumps({"text": TEXT}) + "\n")
    tag(path, path, Scheme.SUPERMAT, workers=1)
    assert json.loads(path.read_text())["entities"]


def test_an_empty_file_gives_an_empty_file(own_folder: Path) -> None:
    assert _tagged(own_folder, []) == ([], TagSummary(seconds=pytest.approx(0, abs=60)))


def test_empty_texts_have_no_mentions(own_folder: Path) -> None:
    lines, summary = _tagged(own_folder, [{"text": ""}, {"text": " \n\t"}])
    assert [line["entities"] for line in lines] == [[], []]
    assert summary.errors == 0


def test_a_model_that_is_not_there_is_an_error_before_anything_is_written(
    own_folder: Path,
) -> None:
    source = own_folder / "in.jsonl"
    source.write_text("{}\n")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        tag(source, own_folder / "out", Scheme.SUPERMAT, model=Path("nowhere"))
    assert not (own_folder / "out").exists()
