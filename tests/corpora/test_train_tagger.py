"""Training the packaged tagger, from files to a model that runs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("scipy")
pytest.importorskip("onnx")


from scmine.corpora.evaluate import micro_f1
from scmine.corpora.loading import SC_COMICS, SUPERMAT
from scmine.corpora.train_tagger import (
    DevSets,
    Job,
    dev_sets,
    score_model,
    train_tagger,
)
from scmine.corpora.types import CorpusError, GoldMention, GoldPassage, Paper
from scmine.extractors.claim import Label
from scmine.extractors.schemes import Scheme
from scmine.extractors.sequence_model import SequenceModel
from tests.corpora.tiny_tagger import (
    ABSTRACT,
    ABSTRACT_SPANS,
    SEEN,
    SEEN_SPANS,
    gold,
    write_tiny,
)

TEI = '<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><p>{}</p></body></text></TEI>'
WORDS = [a + b + c for a in "bdfgk" for b in "aeiou" for c in ("lem", "rost", "ntic", "vid")]
WORDS += [word + "s" for word in WORDS]  # 200, more than a vector is wide


def filler(rng: random.Random) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(100))


def write_corpora(folder: Path) -> tuple[Path, Path]:
    """Papers of nonsense with a material and a value each; the last of both are to score on."""
    rng = random.Random(0)
    supermat, sc_comics = folder / "supermat", folder / "sc"
    supermat.mkdir()
    sc_comics.mkdir()
    for stem in ("a", "b", "c", "JP01103169-CC"):
        said = '<rs type="material">MgB2</rs> has Tc of <rs type="tcValue">39 K</rs>'
        text = f"{filler(rng)} {said} {filler(rng)}."
        (supermat / f"{stem}.tei.xml").write_text(TEI.format(text), encoding="utf-8")
    for stem in [*(f"{i:04}" for i in range(1, 20)), "0701"]:
        words = filler(rng)
        (sc_comics / f"{stem}.txt").write_text(f"Zn {words}", encoding="utf-8")
        (sc_comics / f"{stem}.ann").write_text("T1\tElement 0 2\tZn\n", encoding="utf-8")
    return supermat, sc_comics


def files(folder: Path) -> Iterator[str]:
    return (str(p.relative_to(folder)) for p in sorted(folder.rglob("*")) if p.is_file())


def test_a_job_gives_a_model_and_is_not_done_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    matscholar = tmp_path / "train.txt"
    matscholar.write_text("MgB2 B-MAT\nfilm B-DSC\n\n" * 5, encoding="utf-8")
    out = tmp_path / "out"
    job = Job(*write_corpora(tmp_path), out, matscholar, seeds=(0, 1), epochs=1)
    train_tagger(job)
    printed = capsys.readouterr().out
    for words in ("seed 0, epoch 1", "seed 1, epoch 1", "2 members together", "matscholar"):
        assert words in printed
    for name in ("SuperMat, reading form", "SuperMat, printed form", "SC-CoMIcs"):
        assert printed.count(f"{name}: exact micro F1") == 3
    model = SequenceModel(out)
    assert set(model.settings.schemes) == {SUPERMAT, SC_COMICS}
    assert model.settings.members == 2
    assert {"0.onnx", "1.onnx", "checkpoints/seed-0.pt", "checkpoints/vectors.npz"} <= set(
        files(out)
    )

    before = [(out / f"{i}.onnx").read_bytes() for i in range(2)]
    train_tagger(job)
    printed = capsys.readouterr().out
    assert "epoch" not in printed
    assert "2 members together" in printed
    assert [(out / f"{i}.onnx").read_bytes() for i in range(2)] == before

    for other in (replace(job, epochs=2), replace(job, matscholar=None)):
        with pytest.raises(FileExistsError, match="checkpoints of other texts"):
            train_tagger(other)
    assert [(out / f"{i}.onnx").read_bytes() for i in range(2)] == before


def test_a_missing_or_faulty_corpus_is_named(tmp_path: Path) -> None:
    supermat, sc_comics = write_corpora(tmp_path)
    for job in (
        Job(tmp_path / "nowhere", sc_comics, tmp_path / "out"),
        Job(supermat, tmp_path / "nowhere", tmp_path / "out"),
        Job(supermat, sc_comics, tmp_path / "out", matscholar=tmp_path / "nowhere"),
        Job(supermat, sc_comics, tmp_path / "out", unlabelled=tmp_path / "nowhere"),
    ):
        with pytest.raises(FileNotFoundError, match="nowhere"):
            train_tagger(job)
    faulty = tmp_path / "train.txt"
    faulty.write_text("MgB2", encoding="utf-8")
    with pytest.raises(CorpusError, match="line 1"):
        train_tagger(Job(supermat, sc_comics, tmp_path / "out", faulty))
    assert not (tmp_path / "out" / "0.onnx").exists()


def test_development_papers_come_in_both_forms() -> None:
    printed = GoldPassage("paragraph", "The MgB 2 one .", (GoldMention(4, 9, Label.MATERIAL),))
    empty = GoldPassage("title", "")
    abstract = GoldPassage("abstract", "Zn in MgB 2")
    sets = dev_sets([], [Paper("p", (printed, empty))], [Paper("0701", (abstract,))]).passages
    assert [scheme for scheme, _ in sets.values()] == [SUPERMAT, SUPERMAT, SC_COMICS]
    assert [[p.text for p in passages] for _, passages in sets.values()] == [
        ["The MgB2 one."],
        ["The MgB 2 one ."],
        ["Zn in MgB 2"],
    ]


def test_scores_count_exact_mentions(tmp_path: Path) -> None:
    model = SequenceModel(write_tiny(tmp_path))
    wrong = [("a pressure of 2 GPa", "pressure"), *SEEN_SPANS[1:]]
    dev = DevSets(
        {
            "right": (Scheme.SUPERMAT, [gold(SEEN, SEEN_SPANS)]),
            "wrong": (Scheme.SUPERMAT, [gold(SEEN, wrong)]),
            "abstract": (Scheme.SC_COMICS, [gold(ABSTRACT, ABSTRACT_SPANS)]),
            "none": (Scheme.SUPERMAT, []),
        }
    )
    scores = score_model(model, dev)
    assert micro_f1(scores["right"]) == 100
    assert micro_f1(scores["wrong"]) == pytest.approx(200 / 3)
    assert scores["wrong"]["pressure"].f1 == 0
    assert set(scores["abstract"]) == {"Element", "Main", "Value", "micro"}
    assert micro_f1(scores["abstract"]) == 100
    assert micro_f1(scores["none"]) == 0
