"""Whose a claim is and what it rests on: this work's or another's, measured or calculated.

``whose_claim`` is the one call. Rows of tables are judged by the rules of ``table_whose``; claims
of running text by the features of ``whose_features`` and two linear models: fitted weights for the
origin (``models/whose_claim``), judged ones for the evidence (``data/whose_weights.toml``).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from scmine.database.record import Evidence, Origin
from scmine.extractors.claim import Claim
from scmine.extractors.lexicons import load_toml
from scmine.extractors.paper_profile import PaperProfile
from scmine.extractors.table_whose import THEORY, row_evidence, row_origin
from scmine.extractors.whose_features import evidence_features, origin_features

MODEL = "whose_claim"
WEIGHTS_FILE = "weights.json"


_OWN_WORDS = ("we", "this_work", "ours")
"""Without these the values in a review are those of the papers that it reviews."""


@dataclass(frozen=True, slots=True)
class Whose:
    """What was concluded of a claim; ``origin`` is None where nothing tells.

    ``own`` and ``calculated`` are the probabilities behind it, of claims in running text alone.
    """

    evidence: Evidence
    origin: Origin | None
    own: float | None = field(default=None, compare=False)
    calculated: float | None = field(default=None, compare=False)


def whose_claim(claim: Claim, profile: PaperProfile) -> Whose:
    """Whether ``claim`` is this work's and whether its value was measured.

    A structure alone is neither measured nor calculated where no word tells and the paper is none
    of experiments.

    Parameters
    ----------
    claim
        Its ``place`` says where it stands; without one nothing is concluded.
    profile
        The paper that it stands in.

    Examples
    --------
    >>> from scmine.extractors.claim import Place
    >>> from scmine.extractors.document import Document, Passage, PassageKind
    >>> text = "Kumar et al. have reported a resistive onset at 26 K."
    >>> passage = Passage(PassageKind.PARAGRAPH, text, "Introduction")
    >>> profile = PaperProfile.of(Document("", "", "", passages=(passage,)))
    >>> place = Place(passage, text.index("26"), text.index("26") + 4)
    >>> claim = Claim("LaFeAsO", {"tc": "26 K"}, "text", "", text, 1, (), "", 1.0, place=place)
    >>> whose = whose_claim(claim, profile); whose.origin.value, whose.evidence.value
    ('cited', 'measured')
    """
    place = claim.place
    if place is not None and place.table is not None:
        origin = row_origin(claim, place, profile)
        return Whose(row_evidence(claim, place, profile, origin), origin)
    if place is None or place.passage is None:
        return Whose(Evidence.UNKNOWN, None)
    features = origin_features(claim, place, profile)
    own = probability(features, origin_weights())
    if profile.is_review and not any(name in features for name in _OWN_WORDS):
        own = 0.0  # a review reports the work of others but where it says so
    origin = Origin.THIS_WORK if own > 0.5 else Origin.CITED
    features = evidence_features(claim, place, profile, own)
    calculated = probability(features, load_toml("whose_weights.toml")["evidence"])
    if calculated > 0.5:
        return Whose(Evidence.CALCULATED, origin, own, calculated)
    is_told = any(name.startswith(("calculated", "measured")) for name in features)
    if "structure" in features and not is_told and profile.theory >= 1 - THEORY:
        return Whose(Evidence.UNKNOWN, origin, own, calculated)
    return Whose(Evidence.MEASURED, origin, own, calculated)


def probability(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The logistic of the weighted sum; a feature without a weight counts nothing.

    >>> probability({"we": 1.0, "new": 1.0}, {"we": 0.0})
    0.5
    """
    total = sum(value * weights.get(name, 0.0) for name, value in features.items())
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


@cache
def origin_weights() -> dict[str, float]:
    """The fitted weights of the packaged model, by feature."""
    file = resources.files("scmine.extractors").joinpath("models", MODEL, WEIGHTS_FILE)
    weights: dict[str, float] = json.loads(file.read_text("utf-8"))
    return weights
