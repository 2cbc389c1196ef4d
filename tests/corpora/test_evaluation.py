"""The whole of the scores: what is in it, and that JSON can say it."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from scmine.corpora.evaluation import Evaluation, Setting, evaluation
from scmine.corpora.predict import predict
from scmine.corpora.scored import scored_paper
from scmine.corpora.types import Paper
from tests.corpora.gold_tagger import SC_COMICS_PAPER, SUPERMAT_PAPER, NoLinker, WordTagger


def _evaluated(corpus: str, paper: Paper, words: dict[str, str]) -> Evaluation:
    gold = scored_paper(corpus, paper)
    papers = list(predict([gold], WordTagger(words), NoLinker()))
    setting = Setting(corpus, "DIR", "all", "printed", "packaged", {"other": 1}, {})
    return evaluation(setting, papers, Counter(gold.unscored), errors=2)


def test_main_materials_are_scored_as_elements_and_on_their_own() -> None:
    words = {"Zn": "Main", "YBa2Cu3O7": "Element", "Tc": "SC"}
    result = _evaluated("sc-comics", SC_COMICS_PAPER, words)
    assert result.mentions["exact"].scores["Element"].f1 == 100
    assert "Main" not in result.mentions["exact"].scores
    assert result.main is not None
    assert (result.main["exact"].scores["Main"].gold, result.main["exact"].scores["micro"].f1) == (
        1,
        0,
    )
    assert result.confusion.counts["Main", "Element"] == 1
    assert result.events is not None
    assert result.events.scores["micro"].gold == 1


def test_json_has_all_numbers() -> None:
    result = _evaluated("supermat", SUPERMAT_PAPER, {"MgB2": "material", "K": "tc"})
    found = json.loads(json.dumps(result.to_json()))
    exact = found["mentions"]["exact"]["material"]
    assert (exact["precision"], exact["recall"], exact["f1"]) == (100, 100, 100)
    assert exact["f1_interval"] == [100, 100]
    assert (exact["right"], exact["predicted"], exact["gold"]) == (2, 2, 2)
    assert found["links_not_scored"] == {"material-tcValue": 1}
    assert found["links_between_gold_mentions"]["micro"]["gold"] == 4
    assert found["confusion"]["tcValue"]["tc"] == 3
    assert found["main_material"] is None
    assert len(found["errors"]) == 2
    assert found["papers"] == {"other": 1}


def test_without_a_link_in_the_gold_there_are_still_figures() -> None:
    bare = Paper("p", SUPERMAT_PAPER.passages[:1])
    result = _evaluated("supermat", bare, {})
    assert result.links_given.scores["micro"].gold == 0
    assert result.mentions["exact"].intervals["micro"].f1 == pytest.approx((0, 0))
