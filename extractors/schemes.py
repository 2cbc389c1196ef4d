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
        If no model for the scheme is packaged.
    """
    from scmine.extractors.spacy_tagger import SpacyTagger

    if scheme is Scheme.SUPERMAT:
        return SpacyTagger(model)
    raise ModelMissing(f"no tagger for the scheme {scheme} is packaged")


def linker(scheme: Scheme) -> Linker:
    """The linker of ``scheme``.

    Raises
    ------
    ModelMissing
        If no model for the scheme is packaged.
    """
    from scmine.extractors.linking import TrainedLinker

    if scheme is Scheme.SUPERMAT:
        return TrainedLinker()
    raise ModelMissing(f"no linker for the scheme {scheme} is packaged")
