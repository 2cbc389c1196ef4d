"""The training loop learns from a few sentences, and its parts do what they say."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from scmine.corpora import train_spacy
from scmine.corpora.evaluate import MICRO
from scmine.corpora.training import (
    Recipe,
    epoch_set,
    make_batches,
    make_examples,
    predict,
    train,
    with_labels,
)
from scmine.corpora.types import GoldMention, GoldPassage, Paper
from scmine.extractors.claim import Label
from scmine.extractors.ner_model import Settings, build, load

SMALL = Settings({}, width=32, depth=1, rows=(200, 100, 100, 100), hidden_width=16)


def passage(material: str, value: str) -> GoldPassage:
    text = f"The compound {material} superconducts below {value} in zero field"
    spans = ((material, Label.MATERIAL), (value, Label.TC_VALUE))
    mentions = tuple(
        GoldMention(text.index(words), text.index(words) + len(words), label)
        for words, label in spans
    )
    return GoldPassage("paragraph", text, mentions)


def papers() -> Iterator[Paper]:
    for i, material in enumerate(("MgB 2", "LaFeAsO", "YBa 2 Cu 3 O 7", "FeSe", "CeCoIn 5")):
        yield Paper(f"p{i}", tuple(passage(material, f"{i}{j} K") for j in range(1, 9)))


def test_a_small_network_learns_and_survives_saving(tmp_path: Path) -> None:
    from scmine.extractors.ner_model import save

    recipe = Recipe(epochs=8, learn_rate=0.01, batch_words=100)
    losses: list[float] = []
    nlp, settings = train(list(papers()), SMALL, recipe, lambda _, loss, __: losses.append(loss))
    unseen = [passage("NdFeAsO", "51 K")]
    expected = [(13, 20, "material"), (41, 45, "tcValue")]
    assert losses[-1] < losses[0] / 4
    assert predict(nlp, unseen) == [expected]
    save(nlp, settings, tmp_path / "model")
    again, read = load(tmp_path / "model")
    assert predict(again, unseen) == [expected]
    assert read == settings


def test_one_seed_gives_one_model() -> None:
    recipe = Recipe(epochs=1, learn_rate=0.01)
    losses: list[float] = []
    for _ in range(2):
        train(list(papers()), SMALL, recipe, lambda _, loss, __: losses.append(loss))
    assert losses[0] == losses[1]


def test_epoch_set_shows_both_forms() -> None:
    spaced = [passage("MgB 2", "39 K")]
    closed = [passage("MgB2", "39 K")]
    recipe = Recipe(swap_share=0, spaced_share=1)
    texts = {p.text for p in epoch_set(spaced, closed, recipe, random.Random(0))}
    assert texts == {spaced[0].text, closed[0].text}


def test_mentions_inside_a_token_take_all_of_it() -> None:
    gold = GoldPassage("title", "the Hc2 line", (GoldMention(4, 6, Label.TC),))
    settings = with_labels(SMALL, [gold])
    [example] = make_examples(build(settings), [gold])
    assert [(e.text, e.label_) for e in example.reference.ents] == [("Hc2", "tc")]


def test_batches_hold_everything_once() -> None:
    passages = [passage("MgB2", f"{i} K") for i in range(1, 20)]
    examples = make_examples(build(with_labels(SMALL, passages)), passages)
    batches = make_batches(examples, 30)
    assert [e for batch in batches for e in batch] == examples
    assert len(batches) > 4


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train_spacy.main([str(tmp_path), "-o", str(tmp_path / "out")]) == 1
    assert "no .tei.xml files here" in capsys.readouterr().err


def test_dev_scores_give_the_precision_of_each_label() -> None:
    gold = list(papers())
    nlp, _ = train(gold, SMALL, Recipe(epochs=8, learn_rate=0.01, batch_words=100))
    results = train_spacy.evaluate_model(nlp, train_spacy.dev_forms(gold, gold))
    assert [(r.form, r.way) for r in results] == [
        ("reading", "exact"),
        ("reading", "overlap"),
        ("printed", "exact"),
        ("printed", "overlap"),
    ]
    assert results[0].scores[MICRO].f1 > 80
    assert set(train_spacy.label_precision(results)) == {"material", "tcValue"}
