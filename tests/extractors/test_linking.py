"""The packaged linker joins what belongs together, in whatever order mentions are given."""

from __future__ import annotations

import json
import shutil
import time
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.extractors.claim import Label, Link, LinkLabel, Mention
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.link_features import Candidates, PassageView
from scmine.extractors.link_model import LinkModel, load_models, save_models
from scmine.extractors.linking import TrainedLinker

LINKER = TrainedLinker()
Pieces = list[tuple[str, Label | None]]
M, V, P, T = Label.MATERIAL, Label.TC_VALUE, Label.PRESSURE, Label.ME_METHOD


def build(pieces: Pieces) -> tuple[Passage, list[Mention]]:
    text, mentions = "", []
    for words, label in pieces:
        if label is not None:
            mentions.append(Mention(len(text), len(text) + len(words), label, words))
        text += words
    return Passage(PassageKind.PARAGRAPH, text), mentions


def linked(pieces: Pieces) -> set[tuple[str, str]]:
    passage, mentions = build(pieces)
    return {
        (mentions[link.head].text, mentions[link.tail].text)
        for link in LINKER.link(passage, mentions)
    }


def test_values_go_to_the_material_of_their_clause() -> None:
    assert linked(
        [
            ("The Tc of ", None), ("MgB2", M), (" is ", None), ("39 K", V),
            (", while the Tc of ", None), ("FeSe", M), (" is ", None), ("8 K", V), (".", None),
        ]
    ) == {("MgB2", "39 K"), ("FeSe", "8 K")}  # fmt: skip


def test_lists_are_linked_in_order() -> None:
    assert linked(
        [
            ("The critical temperatures of ", None), ("LaFeAsO", M), (" and ", None),
            ("SmFeAsO", M), (" are ", None), ("26 K", V), (" and ", None), ("55 K", V),
            (", respectively.", None),
        ]
    ) == {("LaFeAsO", "26 K"), ("SmFeAsO", "55 K")}  # fmt: skip


def test_pressure_runs_from_the_value() -> None:
    pieces: Pieces = [
        ("In ", None), ("LaFeAsO", M), (", Tc increases to ", None), ("43 K", V),
        (" at a pressure of ", None), ("4 GPa", P), (".", None),
    ]  # fmt: skip
    passage, mentions = build(pieces)
    links = {link.label: (link.head, link.tail) for link in LINKER.link(passage, mentions)}
    assert links == {LinkLabel.MATERIAL_TC: (0, 1), LinkLabel.TC_PRESSURE: (1, 2)}


def test_the_spacing_of_formulas_does_not_matter() -> None:
    def pieces(first: str, second: str) -> Pieces:
        return [
            (first, M), (" shows superconductivity at ", None), ("38 K", V),
            (" and ", None), (second, M), (" at ", None), ("20 K", V), (".", None),
        ]  # fmt: skip

    closed = build(pieces("La1.85Sr0.15CuO4", "Ba(Fe0.9Co0.1)2As2"))
    spaced = build(pieces("La 1.85 Sr 0.15 CuO 4", "Ba(Fe 0.9 Co 0.1 ) 2 As 2"))
    assert LINKER.link(*closed) == LINKER.link(*spaced) != []


def test_nothing_to_link() -> None:
    assert LINKER.link(*build([("MgB2", M), (" is a metal.", None)])) == []
    assert LINKER.link(*build([("Tc is ", None), ("39 K", V)])) == []
    assert LINKER.link(Passage(PassageKind.PARAGRAPH, ""), []) == []


WORDS = st.sampled_from([" of ", ", ", " and ", ". The sample ", " at ", " = ", " (", "; "])
MENTIONS = st.sampled_from(
    [("MgB2", M), ("x = 0.1", M), ("39 K", V), ("~ 8 K", V), ("2 GPa", P), ("resistivity", T)]
)


@given(st.lists(st.tuples(MENTIONS, WORDS), max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_mentions_does_not_matter(
    parts: list[tuple[tuple[str, Label], str]], rng: object
) -> None:
    pieces: Pieces = [piece for mention, word in parts for piece in (mention, (word, None))]
    passage, mentions = build(pieces)
    order = list(range(len(mentions)))
    rng.shuffle(order)  # type: ignore[attr-defined]
    plain = LINKER.link(passage, mentions)
    shuffled = LINKER.link(passage, [mentions[i] for i in order])
    assert [Link(order[x.head], order[x.tail], x.label, x.score) for x in shuffled] == plain
    ends = {
        LinkLabel.MATERIAL_TC: (M, V),
        LinkLabel.TC_PRESSURE: (V, P),
        LinkLabel.TC_METHOD: (V, T),
    }
    for link in plain:
        assert (mentions[link.head].label, mentions[link.tail].label) == ends[link.label]
        assert 0 < link.score <= 1


@given(st.text(max_size=80), st.data())
def test_any_text_and_any_spans_are_survived(text: str, data: st.DataObject) -> None:
    bounds = st.integers(0, len(text))
    spans = data.draw(
        st.lists(st.tuples(bounds, bounds, st.sampled_from([M, V, P, T])), max_size=6)
    )
    mentions = [Mention(min(a, b), max(a, b), k, text[min(a, b) : max(a, b)]) for a, b, k in spans]
    for link in LINKER.link(Passage(PassageKind.ABSTRACT, text), mentions):
        assert V in (mentions[link.head].label, mentions[link.tail].label)


def test_in_a_long_text_the_targets_around_a_value_are_looked_at() -> None:
    pieces: Pieces = []
    for k in range(200):
        pieces += [
            ("The Tc of ", None),
            (f"MgB{k}", M),
            (" is ", None),
            (f"{k} K", V),
            (". ", None),
        ]
    passage, mentions = build(pieces)
    candidates = Candidates(PassageView(passage, mentions), M)
    for value in candidates.values:
        near = candidates.of(value)
        assert len(near) == len(candidates.rows(value)) - 1 < 100
        assert value.index - 1 in {target.index for target in near}
    found = LINKER.link(passage, mentions)
    assert {(link.head, link.tail) for link in found} == {(2 * k, 2 * k + 1) for k in range(200)}


def test_features_tell_lists_that_run_in_step() -> None:
    passage, mentions = build(
        [("A1", M), (", ", None), ("B2", M), (": ", None), ("1 K", V), (", ", None), ("2 K", V)]
    )
    candidates = Candidates(PassageView(passage, mentions), M)
    first, second, nothing = candidates.rows(candidates.values[0])
    assert "run:equal:aligned:True" in first
    assert "run:equal:crossed:True" in second
    assert "nothing" in nothing
    assert "candidate" not in nothing


def model(**changes: object) -> LinkModel:
    values: dict[str, object] = {
        "names": ("candidate", "nothing"),
        "linear": np.array([1, 0], dtype=np.float32),
        "hidden": np.zeros((2, 3), dtype=np.float32),
        "output": np.zeros(3, dtype=np.float32),
        "threshold": 0.4,
        "second_threshold": 0.3,
    }
    return LinkModel(**{**values, **changes})  # type: ignore[arg-type]


def test_the_softmax_is_what_one_computes_by_hand() -> None:
    found = model().probabilities([{"candidate": 1.0}, {"nothing": 1.0, "unknown": 5.0}])
    assert found == pytest.approx([np.e / (np.e + 1), 1 / (np.e + 1)])


def test_thresholds_decide() -> None:
    assert model().decide(np.array([0.35, 0.3, 0.35], dtype=np.float32)) == []
    assert model().decide(np.array([0.31, 0.5, 0.19], dtype=np.float32)) == [0, 1]
    assert model().decide(np.array([0.2, 0.5, 0.3], dtype=np.float32)) == [1]
    assert model().decide(np.array([1.0], dtype=np.float32)) == []


def test_weights_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        model(names=("candidate",))


def test_saving_and_loading(tmp_path: Path) -> None:
    save_models({"material-tcValue": model()}, tmp_path)
    again = load_models(tmp_path)["material-tcValue"]
    assert again.names == ("candidate", "nothing")
    assert again.linear == pytest.approx([1, 0])
    settings = json.loads((tmp_path / "settings.json").read_text("utf-8"))
    settings["other"] = settings["material-tcValue"]
    (tmp_path / "settings.json").write_text(json.dumps(settings), "utf-8")
    with pytest.raises(ValueError, match="no weights for other"):
        load_models(tmp_path)


def test_a_folder_of_ones_own_is_used(tmp_path: Path) -> None:
    shutil.copytree(str(files("scmine.extractors") / "models" / "linker"), tmp_path / "copy")
    passage, mentions = build([("MgB2", M), (" has a Tc of ", None), ("39 K", V), (".", None)])
    assert TrainedLinker(tmp_path / "copy").link(passage, mentions) == LINKER.link(
        passage, mentions
    )
    with pytest.raises(FileNotFoundError):
        TrainedLinker(tmp_path / "none").link(passage, mentions)


def test_a_page_of_values_is_linked_in_reasonable_time() -> None:
    pieces: Pieces = []
    for i in range(60):
        pieces += [(f"Fe{i}Se", M), (" has a Tc of ", None), (f"{i} K", V), (". ", None)]
    passage, mentions = build(pieces)
    start = time.perf_counter()
    LINKER.link(passage, mentions)
    assert time.perf_counter() - start < 10
