"""Each scheme has its tagger and linker; a folder without a model is refused with a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.extractors.claim import Tagger
from scmine.extractors.linking import TrainedLinker
from scmine.extractors.relations import RelationLinker
from scmine.extractors.schemes import ModelMissing, Scheme, linker, tagger
from scmine.extractors.tagging import CombinedTagger
from scmine.extractors.trained_tagger import TrainedTagger


def trained_part(found: Tagger) -> TrainedTagger:
    """The trained tagger, by itself or as the first of several."""
    first = found.taggers[0] if isinstance(found, CombinedTagger) else found
    assert isinstance(first, TrainedTagger)
    return first


@pytest.mark.parametrize("scheme", list(Scheme))
def test_each_scheme_has_a_tagger(scheme: Scheme) -> None:
    trained = trained_part(tagger(scheme))
    assert trained.scheme is scheme
    assert trained.name == "tagger"


def test_each_scheme_has_a_linker() -> None:
    assert isinstance(linker(Scheme.SUPERMAT), TrainedLinker)
    assert isinstance(linker(Scheme.SC_COMICS), RelationLinker)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ModelMissing, match=r"no model here; `scmine train tagger` writes one"):
            tagger(Scheme.SUPERMAT, folder)


@pytest.mark.parametrize("settings", ["", "{}", "[]", '{"schemes": {"supermat": {}}}'])
def test_a_broken_model_is_refused(tmp_path: Path, settings: str) -> None:
    (tmp_path / "settings.json").write_text(settings, encoding="utf-8")
    with pytest.raises(ModelMissing, match="no usable model"):
        tagger(Scheme.SUPERMAT, tmp_path)


def test_a_model_of_another_scheme_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from tests.corpora.tiny_tagger import write_tiny

    folder = write_tiny(tmp_path / "both")
    assert isinstance(tagger(Scheme.SC_COMICS, folder), TrainedTagger)
    one = write_tiny(tmp_path / "one", [Scheme.SUPERMAT])
    assert trained_part(tagger(Scheme.SUPERMAT, one)).scheme is Scheme.SUPERMAT
    with pytest.raises(ModelMissing, match="the model knows no scheme sc-comics"):
        tagger(Scheme.SC_COMICS, one)
