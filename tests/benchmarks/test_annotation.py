"""The study of the order of annotation: counts of edits, the annotator, rounds that go on."""

from __future__ import annotations

import doctest
import random
import sys
import tomllib
from collections import Counter, deque
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.corpora.types import GoldLink, GoldMention, GoldPassage, Paper

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import annotation
import annotation_edits
import annotation_model
import annotation_results
import annotation_runs
from annotation_edits import Annotation, Edits, corrected, edits
from annotation_model import Model, Sentence, sentences_of
from annotation_orders import ORDERS
from annotation_runs import Setting, Size, State, run, whole_pool

_LONG = 3  # characters of the texts whose annotations are compared by trying all edits
_LABELS = ("material", "tcValue")
_ALL = tuple(
    (start, end, label)
    for start in range(_LONG)
    for end in range(start + 1, _LONG + 1)
    for label in _LABELS
)
_MENTIONS = st.sets(st.sampled_from(_ALL), max_size=3).map(lambda found: tuple(sorted(found)))
_MATERIALS = ("MgB2", "LaH10", "Nb3Sn", "FeSe", "YBa2Cu3O7", "H3S", "La2CuO4", "NbN", "KFe2As2")
_PLAIN = (
    "The samples were kept in a dry box for some days.",
    "We thank our colleagues for many discussions.",
    "A small hump is seen near the middle of the curve.",
)
_SETTING = Setting("teaching", 0)
_SIZE = Size(start=12, batch=10, most=60)


def _neighbours(
    state: frozenset[tuple[int, int, str]],
) -> Iterator[frozenset[tuple[int, int, str]]]:
    """All that one edit makes of some mentions."""
    for new in _ALL:
        if new in state:
            continue
        yield state | {new}
        for old in state:
            overlap = old[0] < new[1] and new[0] < old[1]
            if old[:2] == new[:2] or (old[2] == new[2] and overlap):
                yield (state - {old}) | {new}
    for old in state:
        yield state - {old}


def _fewest(before: frozenset[tuple[int, int, str]], after: frozenset[tuple[int, int, str]]) -> int:
    """The fewest edits, by trying all of them."""
    queue, seen = deque([(before, 0)]), {before}
    while queue:
        state, steps = queue.popleft()
        if state == after:
            return steps
        for following in _neighbours(state):
            if following not in seen:
                seen.add(following)
                queue.append((following, steps + 1))
    raise AssertionError("mentions can always be removed and added")


@settings(max_examples=25, deadline=None)
@given(_MENTIONS, _MENTIONS)
def test_no_fewer_edits_turn_one_annotation_into_another(before, after):
    counted = edits(Annotation(before), Annotation(after))
    assert counted.total == _fewest(frozenset(before), frozenset(after))
    assert counted.added - counted.removed == len(after) - len(before)


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ((), ((0, 4, "material"),), Edits(added=1)),
        (((0, 4, "material"),), (), Edits(removed=1)),
        (((0, 4, "material"),), ((0, 4, "class"),), Edits(relabelled=1)),
        (((0, 4, "material"),), ((1, 6, "material"),), Edits(moved=1)),
        (((0, 4, "material"),), ((5, 9, "material"),), Edits(added=1, removed=1)),
        (((0, 4, "material"),), ((1, 6, "class"),), Edits(added=1, removed=1)),
        # One long proposal for two mentions: moved to one of them, the other added.
        (
            ((0, 9, "material"),),
            ((0, 4, "material"), (5, 9, "material")),
            Edits(added=1, moved=1),
        ),
    ],
)
def test_an_edit_is_counted_as_what_it_is(before, after, wanted):
    assert edits(Annotation(before), Annotation(after)) == wanted


def test_links_go_with_their_mentions():
    ends = ((0, 4, "material"), (8, 12, "tcValue"), (20, 24, "material"))
    right, wrong = ("material-tcValue", 1, 0), ("material-tcValue", 1, 2)
    gold = Annotation(ends, frozenset({right}))
    assert edits(Annotation(ends), gold) == Edits(linked=1)
    assert edits(Annotation(ends, frozenset({right, wrong})), gold) == Edits(unlinked=1)
    without = Annotation(ends[:2], frozenset({right}))
    assert edits(Annotation(ends, frozenset({right, wrong})), without) == Edits(removed=1)
    moved = Annotation(((0, 4, "material"), (8, 10, "tcValue"), ends[2]), frozenset({right}))
    assert edits(moved, gold) == Edits(moved=1)


@given(_MENTIONS, _MENTIONS, st.floats(0.01, 1), st.integers(0, 99))
def test_who_overlooks_edits_makes_no_other_ones(before, gold, miss, seed):
    proposed, wanted = Annotation(before), Annotation(gold)
    assert corrected(proposed, wanted) == wanted
    left = corrected(proposed, wanted, miss, random.Random(seed))
    assert set(left.mentions) <= {*before, *gold}
    assert edits(proposed, left).total <= edits(proposed, wanted).total
    untouched = corrected(proposed, wanted, 1.0, random.Random(seed)).mentions
    assert set(untouched) <= set(before)
    if not any(a[0] < b[1] and b[0] < a[1] for a in before for b in before if a != b):
        assert untouched == before


def test_a_share_of_the_links_is_overlooked():
    ends = ((0, 4, "material"), (8, 12, "tcValue"), (20, 24, "material"))
    gold = Annotation(ends, frozenset({("material-tcValue", 1, 0)}))
    proposed = Annotation(ends, frozenset({("material-tcValue", 1, 2)}))
    rng = random.Random(0)
    counts = Counter(len(corrected(proposed, gold, 0.5, rng).links) for _ in range(400))
    assert set(counts) == {0, 1, 2}
    assert 60 < counts[0] < 140  # the right one overlooked, the wrong one not: a quarter


def test_overlooking_needs_chance():
    with pytest.raises(ValueError, match="random numbers"):
        corrected(Annotation(), Annotation(), 0.1)


def _paper(stem: str, rng: random.Random) -> Paper:
    """An invented paper, a paragraph of about 30 sentences."""
    text, mentions, links = "", [], []
    for _ in range(30):
        start = len(text)
        if rng.random() < 0.4:
            text += rng.choice(_PLAIN) + " "
            continue
        material, value = rng.choice(_MATERIALS), f"{rng.randint(2, 250)} K"
        text += f"The Tc of {material} is {value} in our measurement. "
        for words, label in (("Tc", "tc"), (material, "material"), (value, "tcValue")):
            at = text.index(words, start)
            mentions.append(GoldMention(at, at + len(words), label))
        last = len(mentions) - 1
        links.append(GoldLink((0, last), (0, last - 1)))
    return Paper(stem, (GoldPassage("paragraph", text.strip(), tuple(mentions)),), tuple(links))


@pytest.fixture(scope="module")
def sentences() -> tuple[list[Sentence], list[Sentence]]:
    rng = random.Random(7)
    papers = [_paper(f"invented-{i}", rng) for i in range(5)]
    found = [list(sentences_of(paper, Counter())) for paper in papers]
    return [s for part in found[:4] for s in part], found[4]


def _rounds(sentences, state, setting=_SETTING, count=None):
    made = run(setting, _SIZE, *sentences, state)
    return [m for _, m in zip(range(count), made, strict=False)] if count else list(made)


def test_sentences_keep_their_mentions_and_links(sentences):
    pool, _ = sentences
    linked = [s for s in pool if s.gold.mentions]
    assert len(pool) == 120
    for sentence in linked:
        [(label, value, target)] = sentence.gold.links
        start, end, kind = sentence.gold.mentions[value]
        assert label == "material-tcValue"
        assert kind == "tcValue"
        assert sentence.text[start:end].endswith(" K")
        start, end, _ = sentence.gold.mentions[target]
        assert sentence.text[start:end] in _MATERIALS


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_reaches_the_gold(sentences, order):
    pool, held_out = sentences
    rounds = _rounds(sentences, State({}), Setting(order, 0))
    shown = [i for made in rounds for i in made.shown]
    assert len(shown) == len(set(shown)) == _SIZE.most
    assert [a for m in rounds for a in m.left] == [pool[i].gold for i in shown]
    start = rounds[0]
    assert start.shown == list(range(_SIZE.start))
    assert start.edits.total == start.gold == sum(len(pool[i].gold) for i in start.shown)
    assert start.words == sum(len(pool[i].text.split()) for i in start.shown)
    assert rounds[-1].f1["micro"] > 90
    assert rounds[-1].edits.total < rounds[-1].gold
    assert rounds[-1].f1["micro"] == pytest.approx(
        Model([(pool[i], pool[i].gold) for i in shown], 0).scores(held_out)[0]["micro"].f1, abs=1e-3
    )


def test_edits_are_those_from_the_proposals(sentences):
    pool, _ = sentences
    first, second = _rounds(sentences, State({}), count=2)
    model = Model([(pool[i], pool[i].gold) for i in first.shown], 0)
    needed = (edits(model.annotate(pool[i]), pool[i].gold) for i in second.shown)
    assert second.edits == sum(needed, Edits())


@pytest.mark.parametrize("miss", [0.0, 0.2])
def test_a_run_that_was_cut_off_goes_on_to_the_same_end(sentences, tmp_path, miss):
    setting = Setting("teaching", 1, miss)
    whole = _rounds(sentences, State({}), setting)
    path = tmp_path / "state.jsonl"
    _rounds(sentences, State({"size": 1}, path), setting, count=2)
    with path.open("a", encoding="utf-8") as stream:
        stream.write('{"run": "cut off while it was wri')
    _rounds(sentences, State({"size": 1}, path), setting)
    assert State({"size": 1}, path).rounds[setting.name] == whole
    assert not _rounds(sentences, State({"size": 1}, path), setting)
    if miss:
        golds = {s.gold for s in sentences[0]}
        assert any(a not in golds for m in whole for a in m.left)


def test_the_state_of_another_study_is_not_gone_on_with(tmp_path):
    State({"papers": 40}, tmp_path / "state.jsonl")
    with pytest.raises(ValueError, match="another study"):
        State({"papers": 41}, tmp_path / "state.jsonl")


def test_figures_tables_and_picture_come_from_the_state(sentences, tmp_path, capsys):
    state = State({})
    every = [Setting(order, seed) for order in ("teaching", "random") for seed in (0, 1)]
    for setting in every:
        _rounds(sentences, state, setting)
        whole_pool(setting.seed, *sentences, state)
    annotation.report(every, state, tmp_path / "figures.json", tmp_path / "curve.svg")
    printed = capsys.readouterr().out
    assert "| random | 90% |" in printed
    assert "0 (0 to 0)" in printed  # random saves nothing over random
    svg = (tmp_path / "curve.svg").read_text("utf-8")
    assert "<dc:date>" not in svg
    first = svg
    annotation.report(every, state, None, tmp_path / "curve.svg")
    assert (tmp_path / "curve.svg").read_text("utf-8") == first


def test_runs_end_at_the_share_that_is_asked_for_and_are_not_made_twice(tmp_path, capsys):
    rng = random.Random(3)
    invented = [_paper(f"invented-{i}", rng) for i in range(5)]
    papers = annotation.Papers(invented[:4], invented[4:])
    every = [Setting("random", 0), Setting("paper", 0)]
    state = State({"papers": 4}, tmp_path / "state.jsonl")
    annotation.run_all(every, _SIZE, papers, state, until=0.9)
    best = 0.9 * state.rounds[Setting("all", 0).name][0].f1["micro"]
    for setting in every:
        *before, last = [m.f1["micro"] for m in state.rounds[setting.name]]
        assert last >= best > max(before, default=0.0)
    capsys.readouterr()
    again = State({"papers": 4}, tmp_path / "state.jsonl")
    annotation.run_all(every, _SIZE, papers, again, until=0.9)
    assert again.rounds == state.rounds
    assert "sentences, " not in capsys.readouterr().out.split("\n", 1)[1]


def test_tuning_papers_are_training_papers_in_no_pool():
    split = tomllib.loads((files("scmine.corpora") / "data" / "supermat_split.toml").read_text())
    papers = [Paper(stem, ()) for stem in (*split["train"], *split["dev"])]
    real, tuning = annotation.divide(papers, False), annotation.divide(papers, True)
    assert not {p.stem for p in real.pool} & {p.stem for p in real.held_out}
    assert {p.stem for p in tuning.pool + tuning.held_out} == {p.stem for p in real.pool}
    assert not {p.stem for p in tuning.pool} & {p.stem for p in tuning.held_out}


@pytest.mark.parametrize(
    "module", [annotation_edits, annotation_model, annotation_results, annotation_runs]
)
def test_doctests(module):
    assert doctest.testmod(module).failed == 0
