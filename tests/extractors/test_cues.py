"""Cues: how a sentence means its claim."""

from __future__ import annotations

import pytest

from scmine.database.record import Evidence, Origin, TcKind
from scmine.extractors.cues import (
    evidence_of,
    evidence_of_paper,
    measurement_method_of,
    origin_of,
    tc_kind_of,
    tc_method_of,
)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("First-principles calculations give λ = 2.1.", Evidence.CALCULATED),
        ("The resistivity drops to zero at 34 K.", Evidence.MEASURED),
        ("The calculated value agrees with the measured one.", Evidence.UNKNOWN),
        ("MgB2 has a Tc of 39 K.", Evidence.UNKNOWN),
    ],
)
def test_evidence_of_a_sentence(sentence: str, expected: Evidence) -> None:
    assert evidence_of(sentence) is expected


def test_a_sentence_that_does_not_tell_follows_its_paper() -> None:
    assert evidence_of("MgB2 has a Tc of 39 K.", Evidence.CALCULATED) is Evidence.CALCULATED


def test_evidence_of_a_paper_needs_a_clear_majority() -> None:
    assert evidence_of_paper(["We calculate with DFT."]) is Evidence.CALCULATED
    assert evidence_of_paper(["Resistivity of single crystals."]) is Evidence.MEASURED
    assert evidence_of_paper(["DFT and resistivity."]) is Evidence.UNKNOWN
    assert evidence_of_paper([]) is Evidence.UNKNOWN


@pytest.mark.parametrize(
    ("sentence", "section", "cites", "expected"),
    [
        ("We observe zero resistance at 34 K.", "Results", True, Origin.THIS_WORK),
        ("Kumar et al. have reported 26 K.", "Results", False, Origin.CITED),
        ("A Tc of 26 K is known [3].", "Results", False, Origin.CITED),
        ("The transition is sharp.", "I. INTRODUCTION", False, Origin.CITED),
        ("The transition is sharp.", "Results", False, Origin.THIS_WORK),
        ("The transition is sharp.", "", False, None),
        ("The discovery of a new oxide is reported.", "abstract", False, Origin.THIS_WORK),
    ],
)
def test_origin(sentence: str, section: str, cites: bool, expected: Origin | None) -> None:
    assert origin_of(sentence, section, cites) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tconset =", TcKind.ONSET),
        ("zero resistance at", TcKind.ZERO),
        ("the midpoint of the transition", TcKind.MIDPOINT),
        ("from the onset at 5 K to zero resistance at", TcKind.ZERO),
        ("Tc =", TcKind.UNSPECIFIED),
    ],
)
def test_tc_kind(text: str, expected: TcKind) -> None:
    assert tc_kind_of(text) is expected


def test_methods_have_standard_names() -> None:
    assert measurement_method_of("ac susceptibility") == "magnetic susceptibility"
    assert measurement_method_of("heat capacity") == "specific heat"
    assert measurement_method_of("some new probe") == "some new probe"
    assert tc_method_of("with the Allen–Dynes formula") == "Allen-Dynes"
    assert tc_method_of("the Allen-Dynes formula and the McMillan formula") is None
