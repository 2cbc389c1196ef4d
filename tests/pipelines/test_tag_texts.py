"""Answers to batches of texts are plain data, and one odd text costs no other its answer."""

from __future__ import annotations

import json

import pytest

from scmine.extractors.schemes import ModelMissing
from scmine.pipelines.tag_texts import TextTagger

TEXT = "The Tc of MgB2 is 39 K. That is high."


def test_answers_are_plain_data() -> None:
    [answer] = TextTagger("supermat")([{"text": TEXT, "entities": None}])
    assert json.loads(json.dumps(answer)) == answer
    assert answer["sentences"] == 2


def test_an_odd_text_costs_no_other_its_answer() -> None:
    good = {"text": TEXT, "entities": None}
    odd = {"text": TEXT, "entities": [[0, 3, "no label of the scheme"]]}
    first, second, third = TextTagger("supermat")([good, odd, good])
    assert first == third
    assert first["entities"]
    assert list(second) == ["error"]
    assert "ValueError" in second["error"]


def test_a_model_that_is_not_there_is_known_before_any_text(tmp_path: object) -> None:
    with pytest.raises(ModelMissing, match="no model here"):
        TextTagger("supermat", str(tmp_path))
