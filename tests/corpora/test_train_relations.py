"""The training of relations learns from a few abstracts; its examples are what the corpus says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scmine.corpora import train_relations
from scmine.corpora.evaluate import Score
from scmine.corpora.relation_examples import related_passages, relation_examples, without_main
from scmine.corpora.sc_comics import load_sc_comics
from scmine.extractors.link_model import load_models
from scmine.extractors.relation_features import relation_rules
from scmine.extractors.relations import DopingEvent, RelationLinker

TEXT = "Zn-doped MgB2 has a Tc of {0} K, whereas {1} nm was the grain size."
RULES = {rule.label: rule for rule in relation_rules()}


def write_abstract(folder: Path, number: int) -> None:
    text = TEXT.format(20 + number % 10, 3 + number % 7)
    places = []
    for ident, (label, words) in enumerate(
        (("Element", "Zn"), ("Doping", "doped"), ("Main", "MgB2"), ("SC", "Tc")), start=1
    ):
        start = text.index(words)
        places.append(f"T{ident}\t{label} {start} {start + len(words)}\t{words}")
    kelvin, length = text.index(" K") - 2, text.index("whereas ") + 8
    places.append(f"T5\tValue {kelvin} {kelvin + 4}\t{text[kelvin : kelvin + 4]}")
    places.append(f"T6\tValue {length} {length + 4}\t{text[length : length + 4]}")
    places += [
        "E1\tDoping:T2 Dopant:T1",
        "R1\tTarget Arg1:E1 Arg2:T3",
        "R2\tEquivalent Arg1:T4 Arg2:T5",
    ]
    (folder / f"{number:04}.txt").write_text(text, encoding="utf-8")
    (folder / f"{number:04}.ann").write_text("\n".join(places), encoding="utf-8")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in [*range(1, 31), 701, 702]:  # the last two are for development
        write_abstract(folder, number)
    return folder


def test_relations_and_roles_become_triples(corpus: Path) -> None:
    [related] = related_passages(load_sc_comics(corpus)[0])
    words = [m.text for m in related.mentions]
    assert {(label, words[h], words[t]) for label, h, t in related.triples} == {
        ("Dopant", "doped", "Zn"),
        ("Target", "doped", "MgB2"),
        ("Equivalent", "Tc", "21 K"),
    }
    assert related.events == {DopingEvent(words.index("doped"), dopant=words.index("Zn"))}


def test_one_example_a_chooser(corpus: Path) -> None:
    related = related_passages(load_sc_comics(corpus)[0])
    equivalent = relation_examples(related, RULES["Equivalent"])
    assert sorted(e.shares.tolist() for e in equivalent) == [[0, 1], [1, 0]]
    [doped, *values] = relation_examples(related, RULES["Target"])
    assert doped.shares.tolist() == [0, 1, 0]
    assert all(e.shares.tolist() == [0, 0, 1] for e in values)
    unmarked = relation_examples([without_main(related[0])], RULES["Target"])
    assert [e.shares.tolist() for e in unmarked] == [doped.shares.tolist()] + [
        e.shares.tolist() for e in values
    ]


def test_the_command_writes_a_model_that_has_learnt(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "model"
    assert train_relations.main([str(corpus), "-o", str(out), "--folds", "2"]) == 0
    assert set(load_models(out)) == {"Target", "Equivalent", "Dopant"}
    scores = json.loads((out / train_relations.SCORES_FILE).read_text("utf-8"))
    assert scores["scores"]["dev"]["Dopant"] == {"right": 2, "predicted": 2, "gold": 2, "found": 2}
    assert scores["scores"]["train, 2-fold cross-validation"]["micro"]["gold"] == 90
    assert scores["f1_intervals"]["Doping"] == [100, 100]
    assert "Equivalent" in capsys.readouterr().out
    [related] = related_passages(load_sc_comics(corpus)[-1])
    found = RelationLinker(out).link(related.passage, related.mentions)
    assert {(k.label, k.head, k.tail) for k in found} == related.triples


def test_training_is_repeatable(corpus: Path) -> None:
    papers = load_sc_comics(corpus)
    first, second = train_relations.train_all(papers), train_relations.train_all(papers)
    assert {k: m.hidden.tolist() for k, m in first.items()} == {
        k: m.hidden.tolist() for k, m in second.items()
    }


def test_whole_events_want_every_role(corpus: Path) -> None:
    related = related_passages(load_sc_comics(corpus)[0])
    scores = train_relations.score_events({}, related)
    assert scores[train_relations.EVENT] == Score(0, 1, 1, 0)
    assert scores[train_relations.EVENT_WITH_ROLE] == Score(0, 0, 1, 0)


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train_relations.main([str(tmp_path), "-o", str(tmp_path / "out")]) == 1
    assert "no .ann files here" in capsys.readouterr().err
    write_abstract(tmp_path, 701)
    assert train_relations.main([str(tmp_path), "-o", str(tmp_path / "out")]) == 1
    assert "the training abstracts hold no relations" in capsys.readouterr().err
