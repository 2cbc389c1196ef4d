"""Measuring a language model: replayed answers, made up by hand, score what one counts by hand.

Gold of the two made papers: 15 mentions, 6 links in the passages that have any, 4 pairs of material
and Tc. The answers are in ``llm_corpus/answers.json``.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from scmine.corpora.evaluate import MICRO, Score
from scmine.corpora.llm_scores import Measure
from scmine.corpora.loading import SUPERMAT
from scmine.corpora.types import CorpusError
from scmine.extractors.llm.client import Client
from scmine.extractors.llm.request import Ending, Reply, Request, Usage
from scmine.extractors.llm.server import Endpoint
from scmine.pipelines.evaluate import Request as EvaluateRequest
from scmine.pipelines.evaluate import evaluate
from scmine.pipelines.evaluate_llm import LlmEvaluation, Plan, estimate_llm, evaluate_llm
from scmine.pipelines.evaluate_llm_compare import compare_files
from scmine.pipelines.evaluate_llm_cost import total
from scmine.pipelines.evaluate_llm_papers import Measured
from scmine.pipelines.evaluate_llm_questions import Kind, Questions
from scmine.pipelines.llm_answers_file import Recorder, Replay
from tests.pipelines.llm_made_answers import CORPUS, MODELS, write_answers
from tests.pipelines.tiny_corpora import write_sc_comics
from tests.real_llm import CONTEXT_TOKENS, RealLlm

QUESTIONS = Questions(8192, 2048)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LlmEvaluation]:
    folder = tmp_path_factory.mktemp("answers")
    found = {}
    for model in MODELS:
        path = write_answers(model, folder / f"{model}.jsonl", QUESTIONS)
        found[model] = evaluate_llm(Plan(CORPUS), Replay.load(path), QUESTIONS)
    return found


def micro(evaluation: LlmEvaluation, measure: str) -> Score:
    return evaluation.llm.figures(measure).scores[MICRO]


def right_found_gold(evaluation: LlmEvaluation, measure: str) -> tuple[int, int, int]:
    score = micro(evaluation, measure)
    return score.right, score.predicted, score.gold


# (right, found, gold) of each measure, as counted by hand.
EXPECTED = {
    "perfect": {
        Measure.MENTIONS_EXACT: (15, 15, 15),
        Measure.MENTIONS_OVERLAP: (15, 15, 15),
        Measure.LINKS_PRINTED: (6, 6, 6),
        Measure.LINKS_SHUFFLED: (18, 18, 18),
        Measure.LINKS_FOUND_EXACT: (6, 6, 6),
        Measure.LINKS_FOUND_OVERLAP: (6, 6, 6),
        Measure.PAIRS_STRICT: (4, 4, 4),
        Measure.PAIRS_LENIENT: (4, 4, 4),
    },
    # Mentions: three missed, "21" for "21 K", KCo2P3 a class. Links: 21 K missed, a wrong one in
    # its place, the method and a material missed. Claims: 8.6 K stands nowhere and is dropped.
    "noisy": {
        Measure.MENTIONS_EXACT: (10, 12, 15),
        Measure.MENTIONS_OVERLAP: (11, 12, 15),
        Measure.LINKS_PRINTED: (3, 4, 6),
        Measure.LINKS_SHUFFLED: (9, 12, 18),
        Measure.LINKS_FOUND_EXACT: (2, 4, 6),
        Measure.LINKS_FOUND_OVERLAP: (3, 4, 6),
        Measure.PAIRS_STRICT: (3, 3, 4),
        Measure.PAIRS_LENIENT: (3, 3, 4),
    },
    "refusing": {
        Measure.MENTIONS_EXACT: (0, 0, 15),
        Measure.LINKS_PRINTED: (0, 0, 6),
        Measure.LINKS_SHUFFLED: (0, 0, 18),
        Measure.LINKS_FOUND_EXACT: (0, 0, 6),
        Measure.PAIRS_LENIENT: (0, 0, 4),
    },
    # The passage with 6 mentions, 3 links and 2 pairs is lost, the others are as in `perfect`.
    "truncated": {
        Measure.MENTIONS_EXACT: (9, 9, 15),
        Measure.LINKS_PRINTED: (3, 3, 6),
        Measure.LINKS_SHUFFLED: (9, 9, 18),
        Measure.LINKS_FOUND_EXACT: (3, 3, 6),
        Measure.PAIRS_STRICT: (2, 2, 4),
    },
    # What is invented is dropped, the rest is right.
    "invented": {
        Measure.MENTIONS_EXACT: (15, 15, 15),
        Measure.LINKS_PRINTED: (6, 6, 6),
        Measure.LINKS_SHUFFLED: (18, 18, 18),
        Measure.LINKS_FOUND_EXACT: (6, 6, 6),
        Measure.PAIRS_STRICT: (4, 4, 4),
    },
    # It names mentions by their numbers in the printed order. In shuffle 1 the six mentions of
    # the first paper come as 0 5 1 2 3 4: "m0 m2" joins 0 and 1, which no link may join; "m3 m4"
    # 2 and 3, the wrong material; "m4 m5" 3 and 4, by luck the right one. And so on.
    "counting": {
        Measure.MENTIONS_EXACT: (15, 15, 15),
        Measure.LINKS_PRINTED: (6, 6, 6),
        "links_shuffled_1": (2, 3, 6),
        "links_shuffled_2": (2, 3, 6),
        "links_shuffled_3": (2, 2, 6),
        Measure.LINKS_SHUFFLED: (6, 8, 18),
        Measure.LINKS_FOUND_EXACT: (6, 6, 6),
        Measure.PAIRS_STRICT: (4, 4, 4),
    },
}


@pytest.mark.parametrize("model", MODELS)
def test_scores_are_what_one_counts_by_hand(measured: dict[str, LlmEvaluation], model: str) -> None:
    found = {m: right_found_gold(measured[model], m) for m in EXPECTED[model]}
    assert found == EXPECTED[model]
    assert measured[model].is_whole


def test_who_counts_instead_of_reading_is_found_out(measured: dict[str, LlmEvaluation]) -> None:
    counting, noisy = (measured[m] for m in ("counting", "noisy"))
    effect = counting.order_effect(counting.llm)
    assert effect is not None
    assert effect.by_order == (pytest.approx(400 / 9), pytest.approx(400 / 9), pytest.approx(50))
    assert effect.change.first == 100
    assert effect.change.second == pytest.approx(600 / 13)  # P 6/8, R 6/18
    assert effect.change.difference == pytest.approx(600 / 13 - 100)
    unmoved = noisy.order_effect(noisy.llm)
    assert unmoved is not None
    assert unmoved.change.difference == 0


def test_our_linker_does_not_mind_the_order(measured: dict[str, LlmEvaluation]) -> None:
    evaluation = measured["perfect"]
    effect = evaluation.order_effect(evaluation.ours)
    assert effect is not None
    assert effect.change.difference == 0
    assert len(set(effect.by_order)) == 1


def test_both_are_scored_on_the_same_papers_and_measures(
    measured: dict[str, LlmEvaluation],
) -> None:
    for evaluation in measured.values():
        assert evaluation.llm.papers.keys() == evaluation.ours.papers.keys() == {"made-a", "made-b"}
        assert evaluation.llm.measured() == evaluation.ours.measured()
        for measure in evaluation.llm.measured():
            assert micro(evaluation, measure).gold == (
                evaluation.ours.figures(measure).scores[MICRO].gold
            )


def test_our_side_is_what_evaluate_supermat_says(measured: dict[str, LlmEvaluation]) -> None:
    usual = evaluate(EvaluateRequest(SUPERMAT, CORPUS))
    ours = measured["perfect"].ours
    assert {
        Measure.MENTIONS_EXACT: usual.mentions["exact"],
        Measure.MENTIONS_OVERLAP: usual.mentions["overlap"],
        Measure.LINKS_PRINTED: usual.links_given,
        Measure.LINKS_FOUND_EXACT: usual.links_found["exact"],
        Measure.LINKS_FOUND_OVERLAP: usual.links_found["overlap"],
    } == {
        measure: ours.figures(measure)
        for measure in Measure
        if not measure.startswith("pairs") and measure is not Measure.LINKS_SHUFFLED
    }


def test_endings_and_what_was_dropped_are_counted(measured: dict[str, LlmEvaluation]) -> None:
    refusing = total(measured["refusing"].tallies.values())
    assert refusing.endings.keys() == {"refused"}
    truncated = measured["truncated"].tallies[Kind.MENTIONS].endings
    assert truncated == {"answered": 4, "truncated": 1}
    perfect = measured["perfect"].tallies
    assert total(perfect.values()).dropped == {}
    assert perfect[Kind.MENTIONS].kept == 15
    assert perfect[Kind.CLAIMS].kept == 5
    invented = measured["invented"].tallies
    assert invented[Kind.MENTIONS].dropped == {"quote_not_found": 2}
    assert invented[Kind.LINKS].dropped == {"unknown_name": 1}
    assert invented[Kind.CLAIMS].dropped.total() >= 2
    assert invented[Kind.CLAIMS].kept == 5


def test_equal_questions_are_asked_and_paid_once(measured: dict[str, LlmEvaluation]) -> None:
    # Three passages have links. Two shuffles of the one in made-b are its printed order, and who
    # finds all mentions is asked about them what was asked about the gold.
    tallies = measured["perfect"].tallies
    requests = {kind: tally.requests for kind, tally in tallies.items()}
    assert requests == {
        Kind.MENTIONS: 5,
        Kind.LINKS: 3,
        Kind.SHUFFLED: 7,
        Kind.LINKS_FOUND: 0,
        Kind.CLAIMS: 4,
    }
    all_ = total(tallies.values())
    assert (all_.tokens_in, all_.tokens_out, all_.calls) == (1900, 190, 19)
    assert all_.cost == pytest.approx(0.19)
    assert all_.seconds == pytest.approx(9.5)
    assert all_.cached == 0


def test_a_title_of_no_digits_is_not_asked_for_claims(measured: dict[str, LlmEvaluation]) -> None:
    assert measured["perfect"].tallies[Kind.CLAIMS].requests == 4  # 5 passages, one "A new carbide"


@pytest.mark.parametrize("task", list(Measured))
def test_one_task_alone_asks_for_no_more(tmp_path: Path, task: Measured) -> None:
    path = write_answers("perfect", tmp_path / "a.jsonl", QUESTIONS)
    found = evaluate_llm(Plan(CORPUS, tasks=(task,)), Replay.load(path), QUESTIONS)
    asked = {kind for kind, tally in found.tallies.items() if tally.requests}
    measures = {m.partition("_")[0] for m in found.llm.measured()}
    assert (
        measures
        == {
            Measured.MENTIONS: {"mentions"},
            Measured.LINKS: {"links"},
            Measured.LINKS_FOUND: {"links"},
            Measured.CLAIMS: {"pairs"},
        }[task]
    )
    assert (
        asked
        == {
            Measured.MENTIONS: {Kind.MENTIONS},
            Measured.LINKS: {Kind.LINKS, Kind.SHUFFLED},
            Measured.LINKS_FOUND: {Kind.MENTIONS, Kind.LINKS_FOUND},
            Measured.CLAIMS: {Kind.CLAIMS},
        }[task]
    )


def test_without_shuffles_no_effect_is_told(tmp_path: Path) -> None:
    path = write_answers("perfect", tmp_path / "a.jsonl", QUESTIONS)
    plan = Plan(CORPUS, tasks=(Measured.LINKS,), shuffles=0)
    found = evaluate_llm(plan, Replay.load(path), QUESTIONS)
    assert found.order_effect(found.llm) is None
    assert found.llm.measured() == ["links_printed"]


def test_papers_are_always_the_same_ones(tmp_path: Path) -> None:
    path = write_answers("perfect", tmp_path / "a.jsonl", QUESTIONS)
    plan = Plan(CORPUS, papers=1, tasks=(Measured.CLAIMS,))
    found = evaluate_llm(plan, Replay.load(path), QUESTIONS)
    assert list(found.llm.papers) == ["made-a"]
    assert found.count == 1
    assert found.papers_left_out["other"] == 1


class Stingy:
    """An asker whose budget ends after so many answers, as a client's does."""

    def __init__(self, asker: Replay, answers: int) -> None:
        self.model = asker.model
        self._asker = asker
        self._left = answers

    def ask(self, requests: Iterable[Request]) -> Iterator[Reply]:
        for request in requests:
            if self._left > 0:
                yield from self._asker.ask([request])
            else:
                yield Reply(request, Ending.OVER_BUDGET, reason="1 of 1 spent")
            self._left -= 1


def test_a_paper_that_was_not_asked_about_in_full_is_not_scored(tmp_path: Path) -> None:
    replay = Replay.load(write_answers("perfect", tmp_path / "a.jsonl", QUESTIONS))
    # made-a is the first paper: 3 requests for mentions, 8 for links, 3 for claims.
    found = evaluate_llm(Plan(CORPUS), Stingy(replay, 14), QUESTIONS)
    assert found.llm.papers.keys() == {"made-a"}
    assert found.ours.papers.keys() == {"made-a"}
    assert not found.is_whole
    assert set(found.not_scored) == set(Measured)
    assert found.not_scored[Measured.CLAIMS] == {"made-b": "over_budget: 1 of 1 spent"}
    assert right_found_gold(found, Measure.PAIRS_STRICT) == (3, 3, 3)


class Cancelled(Stingy):
    """An asker that is cancelled after so many answers: for the rest there is no reply at all."""

    def ask(self, requests: Iterable[Request]) -> Iterator[Reply]:
        for reply in super().ask(requests):
            if reply.ending is Ending.OVER_BUDGET:
                return
            yield reply


def test_what_was_never_replied_to_counts_as_cancelled(tmp_path: Path) -> None:
    replay = Replay.load(write_answers("perfect", tmp_path / "a.jsonl", QUESTIONS))
    found = evaluate_llm(Plan(CORPUS), Cancelled(replay, 14), QUESTIONS)
    assert found.llm.papers.keys() == {"made-a"}
    assert found.not_scored[Measured.MENTIONS] == {"made-b": "cancelled"}
    assert total(found.tallies.values()).endings == {"answered": 14, "cancelled": 5}


def test_a_real_model_behind_a_real_server_ends_in_figures(
    real_llm: RealLlm, tmp_path: Path
) -> None:
    shutil.copy(CORPUS / "made-b.tei.xml", tmp_path)
    endpoint = Endpoint("smollm2", real_llm.url, context_tokens=CONTEXT_TOKENS, answer_tokens=64)
    plan = Plan(tmp_path, tasks=(Measured.LINKS,), shuffles=1)
    with Client(endpoint) as client:
        found = evaluate_llm(plan, client, Questions(CONTEXT_TOKENS, 64, similar=False))
    assert found.is_whole, found.not_scored
    assert found.llm.measured() == ["links_printed", "links_shuffled", "links_shuffled_1"]
    assert micro(found, Measure.LINKS_PRINTED).gold == 1
    tally = total(found.tallies.values())
    assert tally.calls >= tally.requests == 2
    assert tally.tokens_in > 1000
    assert tally.endings.keys() <= {"answered", "truncated", "invalid"}


def test_the_estimate_counts_what_would_be_asked() -> None:
    def estimate(requests: Iterable[Request]) -> Usage:
        return Usage(sum(1 for _ in requests), 0, None)

    estimates, papers = estimate_llm(Plan(CORPUS), QUESTIONS, estimate)
    assert papers == 2
    assert {kind: count for kind, (count, _) in estimates.items() if kind != Kind.LINKS_FOUND} == {
        Kind.MENTIONS: 5,
        Kind.LINKS: 3,
        Kind.SHUFFLED: 7,
        Kind.CLAIMS: 4,
    }
    assert all(count == usage.tokens_in for count, usage in estimates.values())


def test_examples_can_be_left_out() -> None:
    def messages(requests: Iterable[Request]) -> Usage:
        roles = [tuple(m.role for m in r.messages) for r in requests]
        assert set(roles) <= {("system", "user")}
        return Usage(len(roles), 0, None)

    estimates, _ = estimate_llm(Plan(CORPUS), Questions(8192, 2048, similar=False), messages)
    assert estimates[Kind.MENTIONS][0] == 5


def test_another_corpus_and_an_empty_part_are_named(tmp_path: Path) -> None:
    replay = Replay.load(write_answers("perfect", tmp_path / "a.jsonl", QUESTIONS))
    folder = write_sc_comics(tmp_path / "sc")
    with pytest.raises(CorpusError, match="holds sc-comics"):
        evaluate_llm(Plan(folder), replay, QUESTIONS)
    with pytest.raises(CorpusError, match="no paper here is dev"):
        evaluate_llm(Plan(CORPUS, split="dev"), replay, QUESTIONS)


def test_a_recorded_run_scores_the_same_again(tmp_path: Path) -> None:
    made = Replay.load(write_answers("noisy", tmp_path / "made.jsonl", QUESTIONS))
    recorder = Recorder(made, tmp_path / "saved.jsonl", "for the test")
    first = evaluate_llm(Plan(CORPUS), recorder, QUESTIONS)
    recorder.close()
    saved = Replay.load(tmp_path / "saved.jsonl")
    assert saved.note == "for the test"
    again = evaluate_llm(Plan(CORPUS), saved, QUESTIONS)
    assert again.llm == first.llm
    assert again.tallies == first.tallies


def test_runs_are_compared_paper_by_paper(
    measured: dict[str, LlmEvaluation], tmp_path: Path
) -> None:
    paths = []
    for model in ("noisy", "perfect"):
        path = tmp_path / f"{model}.json"
        path.write_text(json.dumps(measured[model].to_json()), encoding="utf-8")
        paths.append(path)
    found = compare_files(*paths)
    assert (found.first, found.second) == ("made-noisy", "made-perfect")
    links = found.differences[Measure.LINKS_PRINTED][MICRO]
    assert (links.first, links.second) == (pytest.approx(60), 100)
    assert links.difference == pytest.approx(40)
    assert links.papers == 2
    assert not found.notes
    assert list(found.differences[Measure.PAIRS_STRICT]) == [MICRO]
    assert {"material", "class", MICRO} <= set(found.differences[Measure.MENTIONS_EXACT])


@pytest.mark.parametrize(
    "text", ["", "no JSON", "[]", "{}", '{"scmine_evaluate_llm": 2}', '{"scmine_evaluate_llm": 1}']
)
def test_what_is_no_run_cannot_be_compared(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match="not what `scmine evaluate llm --json` writes"):
        compare_files(path, path)


def test_progress_tells_papers_then_requests(tmp_path: Path) -> None:
    replay = Replay.load(write_answers("truncated", tmp_path / "a.jsonl", QUESTIONS))
    told: list[tuple[int, int, str]] = []
    evaluate_llm(Plan(CORPUS), replay, QUESTIONS, lambda *what: told.append(what))
    assert told[:2] == [(n, 2, "papers by our own models") for n in (1, 2)]
    assert told[2][:2] == (1, 19)
    assert told[-1][0] == told[-1][1]
    assert "without an answer" in told[-1][2]
    assert "spent" in told[-1][2]
