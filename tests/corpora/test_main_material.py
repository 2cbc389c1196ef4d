"""SC-CoMIcs' abstracts become choices among names, and the fit learns from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scmine.corpora.link_training import LinkRecipe
from scmine.corpora.main_material import examples, train_main
from scmine.corpora.types import GoldMention, GoldPassage, Paper
from scmine.extractors.link_model import load_models
from scmine.extractors.main_material import MODEL


def abstract(text: str, *mentions: tuple[str, str]) -> GoldPassage:
    found, at = [], 0
    for words, label in mentions:
        start = text.index(words, at)
        at = start + len(words)
        found.append(GoldMention(start, at, label))
    return GoldPassage("abstract", text, tuple(found))


PLAIN = abstract(
    "Zn doping of MgB2 lowers Tc of MgB2.",
    ("Zn", "Element"),
    ("doping", "Doping"),
    ("MgB2", "Main"),
    ("MgB2", "Element"),
)


def papers(*passages: GoldPassage) -> list[Paper]:
    return [Paper(f"{i:04}", (passage,)) for i, passage in enumerate(passages)]


def test_each_name_is_one_choice_and_the_main_one_is_right() -> None:
    [example] = examples(papers(PLAIN))
    assert example.shares.tolist() == [0, 1, 0]
    assert len(example.choices) == 3
    assert "looks=element" in example.choices[0]
    assert "none" in example.choices[2]


def test_two_main_materials_share_the_weight_and_none_is_a_choice_too() -> None:
    two = abstract("MgB2 or NbN", ("MgB2", "Main"), ("NbN", "Main"))
    none = abstract("Here Zn is", ("Zn", "Element"))
    first, second = examples(papers(two, none))
    assert first.shares.tolist() == [0.5, 0.5, 0]
    assert second.shares.tolist() == [0, 1]


def test_an_abstract_without_materials_is_no_example() -> None:
    assert list(examples(papers(abstract("Tc is high", ("Tc", "SC")), abstract("Nothing")))) == []


def test_training_writes_a_model_that_prefers_the_right_name(tmp_path: Path) -> None:
    recipe = LinkRecipe(members=2, epochs=40, batch=4, learn_rate=0.03, decay=0.01, least_count=2)
    train_main(papers(*[PLAIN] * 20), tmp_path, recipe)
    model = load_models(tmp_path)[MODEL]
    [example] = examples(papers(PLAIN))
    shares = model.probabilities(example.choices)
    assert model.decide(shares) == [1]
    assert float(np.sum(shares)) == pytest.approx(1, abs=1e-5)


def test_too_few_abstracts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too few examples"):
        train_main([], tmp_path)
