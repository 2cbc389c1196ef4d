"""Training with the corrections of a database, from files to models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scmine.corpora import train_linker
from scmine.corpora.loading import SUPERMAT
from scmine.database.errors import DatabaseError
from scmine.database.store import open_database
from scmine.extractors.link_model import load_models
from scmine.extractors.sequence_model import SequenceModel
from tests.corpora.corrections.corrected_database import curate, save
from tests.corpora.test_train_linker import TEI, P


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The address of a database with three corrections of one paper, closed."""
    target = str(tmp_path / "corrections.db")
    with open_database(target) as opened:
        save(opened)
        curate(opened)
    return target


def write_supermat(folder: Path) -> Path:
    """Two training papers and one for development."""
    folder.mkdir()
    for stem in ("JP01103169-CC", "EPL0330153-CC", "EPL0410207-CC"):
        body = "".join(P.format(i) for i in range(1, 15))
        (folder / f"{stem}.tei.xml").write_text(TEI.format(body), encoding="utf-8")
    return folder


def test_the_linker_learns_corrections(
    tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    supermat, out = str(write_supermat(tmp_path / "supermat")), tmp_path / "out"
    more = ["--with-corrections", database, "--upsample", "6"]
    assert train_linker.main([supermat, "-o", str(out), *more]) == 0
    printed = capsys.readouterr().out
    assert "1 passages with 3 judged records" in printed
    scores = json.loads((out / train_linker.SCORES_FILE).read_text("utf-8"))
    assert scores["dev, reading form, before: the packaged model"]["micro"]["gold"] == 14
    # No paper of the corpus has a pressure; the features of the corrections are new, too.
    (with_them,) = load_models(out).values()
    assert train_linker.main([supermat, "-o", str(tmp_path / "without")]) == 0
    (without,) = load_models(tmp_path / "without").values()
    assert set(with_them.names) > set(without.names)


def test_a_missing_database_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    supermat = str(write_supermat(tmp_path / "supermat"))
    words = [supermat, "-o", str(tmp_path / "out"), "--with-corrections", str(tmp_path / "no.db")]
    assert train_linker.main(words) == 1
    assert "no.db" in capsys.readouterr().err


def test_the_tagger_learns_corrections(
    tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("torch", "scipy", "onnx"):
        pytest.importorskip(name)
    from scmine.corpora.train_tagger import Job, train_tagger
    from tests.corpora.test_train_tagger import write_corpora

    corpora, out = write_corpora(tmp_path), tmp_path / "out"
    job = Job(*corpora, out, seeds=(0,), epochs=1, with_corrections=database, upsample=2)
    train_tagger(job)
    printed = capsys.readouterr().out
    assert "corrections: 1 passages with 3 judged records" in printed
    assert "before: the packaged model" in printed
    assert SUPERMAT in SequenceModel(out).settings.schemes
    with pytest.raises(FileExistsError, match="checkpoints of other texts"):
        train_tagger(Job(*corpora, out, seeds=(0,), epochs=1))
    with pytest.raises(DatabaseError, match="nowhere"):
        train_tagger(
            Job(*corpora, tmp_path / "other", with_corrections=str(tmp_path / "nowhere.db"))
        )
