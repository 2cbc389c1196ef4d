"""Whose features: what around a claim speaks for the paper's own result or for another's.

Each feature is a name and a number, mostly 0 or 1. What is concluded from them lives in
``whose_claim``; the words are ``data/whose_claim.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace
from functools import cache

from scmine.extractors.citations import whose_words
from scmine.extractors.claim import Claim, Place
from scmine.extractors.document import PassageKind
from scmine.extractors.lexicons import load_rows
from scmine.extractors.paper_profile import PaperProfile, bare
from scmine.extractors.surroundings import Surroundings

CITED_RIGHT_BEHIND = 12
"""Characters between a value and a mark that is its own."""

CITED_NEAR = 70
"""Characters between a value and a mark that is likely its own if no other value is between."""

CITED_BEFORE = 250
"""Characters before a sentence in which a citation may still speak of what it goes on with."""

_VARIABLE = re.compile(r"(?:[xyzpnδ]|R)\s?[=≈~]|samples?\b|films?\b|crystals?\b|[xyzpδ]$", re.I)
_COUPLING = frozenset(("lambda", "omega_log", "omega2", "mu_star"))
_OURS = re.compile(r"\b(?:our|present)\s(?!knowledge|interest)(?:[^\s.;,]+\s){0,9}$", re.I)
_FORMULA = re.compile(r"[A-Z][a-z]?\d|[A-Z][a-z]?[A-Z]|\d[A-Z]")
_NUMBER = re.compile(r"\d{1,4}(?:\.\d{1,4})?")


def origin_features(claim: Claim, place: Place, profile: PaperProfile) -> dict[str, float]:
    """What speaks for or against this work, by name; absent means 0.

    ``place`` must have a passage.

    Raises
    ------
    ValueError
        If it has none.
    """
    if place.passage is None:
        raise ValueError("the claim stands in no passage")
    around = Surroundings(place.passage, place.start, place.end, profile)
    features = {
        "bias": 1.0,
        **_position(around),
        **_marks(around),
        **_words(around),
        **_paper(claim, around),
    }
    for one, other in _PAIRS:
        features[f"{one}&{other}"] = features.get(one, 0.0) * features.get(other, 0.0)
    for name in ("theory", "experiment"):
        del features[name]  # by itself the kind of paper says nothing of whose a value is
    return {name: value for name, value in features.items() if value}


_PAIRS = (
    ("section:introduction", "we"),
    ("section:abstract", "background"),
    ("section:methods", "cites"),
    ("cites", "we"),
    ("cites", "own words"),
    ("sample near", "cites"),
    ("made", "cites"),
    ("theory", "calculated near"),
    ("theory", "measured near"),
    ("theory", "measured last"),
    ("theory", "coupling"),
    ("experiment", "calculated last"),
    ("textbook", "material in title"),
)
"""Features that mean more together than apart: a theorist's own values are calculated, and what an
experimenter says was calculated is another's."""


def _position(around: Surroundings) -> dict[str, float]:
    passage, profile = around.passage, around.profile
    section = profile.section_of(passage)
    if not section and around.after_turn is not None and not profile.headed:
        section = "results" if around.after_turn else "introduction"
    return {
        f"section:{section or 'none'}": 1.0,
        "caption": float(passage.kind is PassageKind.CAPTION),
        "before turn": float(around.after_turn is False),
    }


def _marks(around: Surroundings) -> dict[str, float]:
    behind, before = around.behind(), around.before()
    return {
        "cites": float(bool(around.cited)),
        "cites often": float(len(around.cited) > 2),
        "cited right behind": float(behind is not None and behind <= CITED_RIGHT_BEHIND),
        "cited behind": float(behind is not None and CITED_RIGHT_BEHIND < behind <= CITED_NEAR),
        "cited far behind": float(behind is not None and behind > CITED_NEAR),
        "cited before": float(before is not None and before <= CITED_NEAR),
        "cited far before": float(before is not None and before > CITED_NEAR),
        "passage cites": min(3.0, 300 * len(around.citations) / (len(around.passage.text) + 100)),
        "cited in sentence before": float(around.cited_before_sentence(CITED_BEFORE)),
    }


def _words(around: Surroundings) -> dict[str, float]:
    own, cited = whose_words()["own"], whose_words()["cited"]
    features: dict[str, float] = {}
    for group in (own, cited):
        for name, pattern in group.items():
            features[name] = float(bool(pattern.search(around.sentence)))
            features[f"{name} near"] = float(bool(pattern.search(around.clause)))
    features["own words"] = float(any(features[n] for n in ("we", "this_work", "figure", "found")))
    features["background"] = float(
        any(features[n] for n in ("et_al", "reported", "previous", "recent", "discovery"))
    )
    opened = around.passage.text[around.bounds[0] : around.start]
    features["ours"] = float(bool(_OURS.search(opened)))
    features["we before"] = float(bool(own["we"].search(around.previous)))
    features["figure before"] = float(bool(own["figure"].search(around.previous)))
    features["passage we"] = float(bool(own["we"].search(around.wider)))
    features["passage figure"] = float(bool(own["figure"].search(around.wider)))
    features["others before"] = float(
        bool(cited["et_al"].search(around.previous) or cited["reported"].search(around.previous))
    )
    rests = whose_words()["evidence"]
    for name in ("calculated", "measured"):
        features[f"{name} near"] = float(bool(rests[name].search(around.clause)))
    features[f"{_last_word(around)} last"] = 1.0
    return features


def _paper(claim: Claim, around: Surroundings) -> dict[str, float]:
    profile = around.profile
    material = bare(name_of(claim.material))
    numbers = _numbers(around)
    in_front = around.passage.kind in (PassageKind.ABSTRACT, PassageKind.TITLE)
    mentions = profile.body.count(material) if len(material) > 1 else 0
    return {
        "textbook": float("tc" in claim.values and _in_textbooks(material, numbers)),
        "seldom named": float(0 < mentions <= 3),
        "little work": max(0.0, 1 - profile.words_of_work),
        "review": float(profile.is_review),
        "theory": profile.theory,
        "experiment": 1 - profile.theory,
        "material in title": float(len(material) > 1 and material in profile.title),
        "variable material": float(bool(_VARIABLE.match(claim.material))),
        "coupling": float(bool(_COUPLING & set(claim.values))),
        "structure": float(is_structure_alone(set(claim.values))),
        "value in abstract": float(not in_front and any(n in profile.own_values for n in numbers)),
    }


@cache
def _textbook() -> dict[str, tuple[float, float]]:
    """The lowest and highest Tc in use of the materials that everyone knows."""
    rows = load_rows("textbook_tc.csv")
    return {bare(row["material"]): (float(row["low"]), float(row["high"])) for row in rows}


def _in_textbooks(material: str, numbers: Sequence[str]) -> bool:
    """Whether the first of ``numbers`` is the Tc that everyone knows ``material`` by."""
    low, high = _textbook().get(material, (0.0, -1.0))
    return bool(numbers) and low <= float(numbers[0]) <= high


def evidence_features(
    claim: Claim, place: Place, profile: PaperProfile, own: float
) -> dict[str, float]:
    """What speaks for a calculated value, by name; absent means 0.

    ``own`` is the probability that the value is this work's: a theorist's own values are
    calculated, and the values that a theorist cites are as often as not an experiment's.

    Raises
    ------
    ValueError
        If ``place`` has no passage.
    """
    if place.passage is None:
        raise ValueError("the claim stands in no passage")
    around = _borne_out(Surroundings(place.passage, place.start, place.end, profile))
    words = whose_words()["evidence"]
    behind = around.passage.text[place.end : around.bounds[1]]
    features = {"bias": 1.0, f"{_last_word(around)} last": 1.0}
    features["could"] = float(bool(words["could"].search(around.clause)))
    first = _first_behind(behind)
    if first:
        features[f"{first} behind"] = 1.0
    for name in ("calculated", "measured"):
        features[f"{name} near"] = float(bool(words[name].search(around.clause)))
        features[f"{name} in sentence"] = float(bool(words[name].search(around.sentence)))
        features[f"{name} before"] = float(bool(words[name].search(around.previous)))
    stated = set(claim.values)
    features["coupling"] = float(bool(_COUPLING & stated))
    features["coupling alone"] = float(bool(_COUPLING & stated) and "tc" not in stated)
    features["frequency"] = float("omega_log" in stated or "omega2" in stated)
    features["method"] = float("method" in stated)
    features["structure"] = float(is_structure_alone(stated))
    features["textbook"] = float(
        "tc" in stated and _in_textbooks(bare(name_of(claim.material)), _numbers(around))
    )
    features["own theory"] = own * profile.theory
    features["own experiment"] = own * (1 - profile.theory)
    features["cited by theory"] = (1 - own) * profile.theory
    features["cited by experiment"] = (1 - own) * (1 - profile.theory)
    return {name: value for name, value in features.items() if value}


def is_structure_alone(stated: Set[str]) -> bool:
    """Whether a claim that states these fields is one of a crystal structure alone."""
    return not stated & (_COUPLING | {"tc", "absent_down_to"})


def _first_behind(behind: str) -> str:
    """Whether a value is first said to be calculated or measured behind it; empty for neither.

    "Between the 141 K that were measured in A and the 187 K that were calculated for B" says both.
    """
    words = whose_words()["evidence"]
    found = {name: words[f"{name}_behind"].search(behind) for name in ("calculated", "measured")}
    ends = {name: match.end() for name, match in found.items() if match is not None}
    return min(ends, key=lambda name: ends[name], default="")


def _borne_out(around: Surroundings) -> Surroundings:
    """The same without "predicted" where a sentence tells that the predicted phase was found.

    "Synthesized in the predicted Fm-3m phase" speaks of an experiment.
    """
    words = whose_words()["evidence"]
    if not words["borne_out"].search(around.sentence):
        return around
    low, high = around.bounds
    text = around.passage.text
    told = words["foretold"].sub(lambda m: " " * len(m[0]), text[low:high])
    passage = replace(around.passage, text=text[:low] + told + text[high:])
    return replace(around, passage=passage)


def name_of(material: str) -> str:
    """The formula or abbreviation in a printed material, without the words around it.

    >>> name_of("single crystals of Na0.35CoO2·1.3H2O"), name_of("lead"), name_of("x = 0.1")
    ('Na0.35CoO2·1.3H2O', 'lead', 'x = 0.1')
    """
    names = [word.strip("()[],;") for word in material.split() if _FORMULA.search(word)]
    return max(names, key=len, default=material)


def _numbers(around: Surroundings) -> list[str]:
    return _NUMBER.findall(around.passage.text[around.start : around.end])


def _last_word(around: Surroundings) -> str:
    """Which of "calculated" and "measured" is the last to be spoken of before the value."""
    words = whose_words()["evidence"]
    before = around.passage.text[around.bounds[0] : around.start]
    ends = {
        name: max((m.end() for m in words[f"{name}_last"].finditer(before)), default=0)
        for name in ("calculated", "measured")
    }
    if not any(ends.values()):
        return "neither"
    return max(ends, key=lambda name: ends[name])
