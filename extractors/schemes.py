"""The annotation schemes that ``scmine tag`` speaks, and which tagger and linker serve each.

What the models are lives in their own modules; this one only chooses.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from scmine.extractors.claim import Linker, Tagger


class Scheme(StrEnum):
    """An annotation scheme: which labels mentions and links have."""

    SUPERMAT = "supermat"
    SC_COMICS = "sc-comics"


class ModelMissing(RuntimeError):
    """There is no model for what was asked; the message says what to do."""


def tagger(scheme: Scheme, model: Path | None = None) -> Tagger:
    """The trained tagger of ``scheme``; ``model`` is another model's folder than the packaged one.

    Raises
    ------
    ModelMissing
        If ``model`` holds no model of the scheme.
    """
    from scmine.extractors.sequence_model import SETTINGS_FILE, load
    from scmine.extractors.trained_tagger import TrainedTagger

    if model is not None:
        if not (model / SETTINGS_FILE).exists():
            raise ModelMissing(f"{model}: no model here; `scmine train tagger` writes one")
        if scheme not in load(model).settings.schemes:
            raise ModelMissing(f"{model}: the model knows no scheme {scheme}")
    return TrainedTagger(scheme, model)


def linker(scheme: Scheme) -> Linker:
    """The linker of ``scheme``."""
    if scheme is Scheme.SUPERMAT:
        from scmine.extractors.linking import TrainedLinker

        return TrainedLinker()
    from scmine.extractors.relations import RelationLinker

    return RelationLinker()
