"""The linker's training learns from a few passages, and its examples are what the corpus says."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from scmine.corpora import train_linker
from scmine.corpora.link_examples import LinkedPassage, examples, linked_passages, lost_links, noisy
from scmine.corpora.link_training import LinkRecipe, fit
from scmine.corpora.types import GoldLink, GoldMention, GoldPassage, Paper
from scmine.extractors.claim import Label, LinkLabel
from scmine.extractors.link_model import load_models

PIECES = (
    ("MgB2", Label.MATERIAL),
    (" superconducts at ", None),
    ("39 K", Label.TC_VALUE),
    (" under ", None),
    ("2 GPa", Label.PRESSURE),
    (", unlike ", None),
    ("FeSe", Label.MATERIAL),
    (", measured at 300 K.", None),
)


def gold_passage(pieces: tuple[tuple[str, Label | None], ...] = PIECES) -> GoldPassage:
    text, mentions = "", []
    for words, label in pieces:
        if label is not None:
            mentions.append(GoldMention(len(text), len(text) + len(words), label))
        text += words
    return GoldPassage("paragraph", text, tuple(mentions))


def paper(stem: str = "p", copies: int = 1) -> Paper:
    links = [
        link for i in range(copies) for link in (GoldLink((i, 0), (i, 1)), GoldLink((i, 1), (i, 2)))
    ]
    return Paper(stem, tuple(gold_passage() for _ in range(copies)), tuple(links))


def test_links_become_pairs_of_value_and_target() -> None:
    [linked] = linked_passages(paper(), None)
    assert linked.pairs == {(LinkLabel.MATERIAL_TC, 1, 0), (LinkLabel.TC_PRESSURE, 1, 2)}
    [example] = examples(linked, LinkLabel.MATERIAL_TC)
    assert example.shares.tolist() == [1, 0, 0]
    assert len(example.choices) == 3
    assert examples(linked, LinkLabel.TC_METHOD) == []


def test_links_across_passages_are_counted_as_lost() -> None:
    two = Paper("p", (gold_passage(), gold_passage()), (GoldLink((0, 0), (1, 1)),))
    assert lost_links([two]) == Counter({LinkLabel.MATERIAL_TC: 1})
    assert all(not p.pairs for p in linked_passages(two, None))
    [example] = examples(linked_passages(two, None)[1], LinkLabel.MATERIAL_TC)
    assert example.shares.tolist() == [0, 0, 1]


def test_noise_keeps_links_on_their_mentions() -> None:
    [linked] = linked_passages(paper(), None)
    rng = random.Random(0)
    seen = [noisy(linked, rng) for _ in range(200)]
    taken = [m.text for p in seen for m in p.mentions if m.label is Label.TC_VALUE]
    assert set(taken) == {"39 K", "300 K"}
    assert 20 < taken.count("300 K") < 100
    assert any(len(p.pairs) < 2 for p in seen)
    for p in seen:
        for _, value, target in p.pairs:
            assert p.mentions[value].text == "39 K"
            assert p.mentions[target].text in {"MgB2", "2 GPa"}


def test_fitting_prefers_the_right_choice_and_is_repeatable() -> None:
    training = [
        e
        for p in linked_passages(paper(copies=20), None)
        for e in examples(p, LinkLabel.MATERIAL_TC)
    ]
    recipe = LinkRecipe(members=2, epochs=40, batch=4, learn_rate=0.03, decay=0.01)
    model, again = fit(training, recipe), fit(training, recipe)
    found = model.probabilities(training[0].choices)
    assert found[0] > 0.8
    assert found.sum() == pytest.approx(1)
    assert np.array_equal(model.hidden, again.hidden)


def test_too_few_examples_are_refused() -> None:
    with pytest.raises(ValueError, match="too few examples"):
        fit([], LinkRecipe())


def test_scores_do_not_depend_on_the_order_of_mentions() -> None:
    passages = linked_passages(paper(), None)
    scores = train_linker.score_links(train_linker.nearest_target, passages)
    assert scores[LinkLabel.MATERIAL_TC].f1 == 100
    assert scores[LinkLabel.TC_PRESSURE].f1 == 100
    wrong = [LinkedPassage(p.passage, p.mentions, frozenset()) for p in passages]
    assert train_linker.score_links(train_linker.nearest_target, wrong)["micro"].f1 == 0


def test_linked_only_passes_over_values_without_a_link() -> None:
    passages = linked_passages(paper(), None)
    wrong = [LinkedPassage(p.passage, p.mentions, frozenset()) for p in passages]
    scores = train_linker.score_links(train_linker.nearest_target, wrong, linked_only=True)
    assert scores["micro"].predicted == 0
    scores = train_linker.score_links(train_linker.nearest_target, passages, linked_only=True)
    assert scores["micro"].right == scores["micro"].predicted == 2


TEI = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body>{}</body></text></TEI>"""
P = """<p>The <rs type="material" xml:id="m{0}">MgB 2</rs> sample has Tc of
<rs type="tcValue" corresp="#m{0}">{0} K</rs> here.</p>"""


def test_the_command_writes_a_model_and_its_scores(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for stem in ("JP01103169-CC", "EPL0330153-CC", "EPL0410207-CC"):  # the first is for development
        body = "".join(P.format(i) for i in range(1, 15))
        (tmp_path / f"{stem}.tei.xml").write_text(TEI.format(body), encoding="utf-8")
    out = tmp_path / "out"
    assert train_linker.main([str(tmp_path), "-o", str(out), "--folds", "2"]) == 0
    assert set(load_models(out)) == {LinkLabel.MATERIAL_TC}
    scores = json.loads((out / train_linker.SCORES_FILE).read_text("utf-8"))
    assert scores["dev, reading form"]["micro"]["gold"] == 14
    assert scores["train, 2-fold cross-validation"]["micro"]["gold"] == 28
    assert "material-tcValue" in capsys.readouterr().out


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train_linker.main([str(tmp_path), "-o", str(tmp_path / "out")]) == 1
    assert "no .tei.xml files here" in capsys.readouterr().err
    (tmp_path / "unknown.tei.xml").write_text(TEI.format(P.format(1)), encoding="utf-8")
    assert train_linker.main([str(tmp_path), "-o", str(tmp_path / "out")]) == 1
    assert "the training papers hold no links" in capsys.readouterr().err
