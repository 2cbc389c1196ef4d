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
    """The tagger of ``scheme``: the trained one, for SuperMat's with hydrides' formulas beside it.

    ``model`` is another model's folder than the packaged one.

    Raises
    ------
    ModelMissing
        If ``model`` holds no model of the scheme, or files that do not belong together.
    """
    from scmine.extractors.hydride_tagger import HydrideTagger
    from scmine.extractors.sequence_model import SETTINGS_FILE, load
    from scmine.extractors.tagging import CombinedTagger
    from scmine.extractors.trained_tagger import TrainedTagger

    if model is not None:
        if not (model / SETTINGS_FILE).exists():
            raise ModelMissing(f"{model}: no model here; `scmine train tagger` writes one")
        try:
            schemes = load(model).settings.schemes
        except (KeyError, TypeError, ValueError) as error:  # as json, settings and arrays tell it
            raise ModelMissing(f"{model}: no usable model: {error!r}") from error
        if scheme not in schemes:
            raise ModelMissing(f"{model}: the model knows no scheme {scheme}")
    trained = TrainedTagger(scheme, model)
    if scheme is not Scheme.SUPERMAT:
        return trained
    return CombinedTagger([trained, HydrideTagger()], whole=False)


def linker(scheme: Scheme) -> Linker:
    """The linker of ``scheme``."""
    if scheme is Scheme.SUPERMAT:
        from scmine.extractors.linking import TrainedLinker

        return TrainedLinker()
    from scmine.extractors.relations import RelationLinker

    return RelationLinker()
