"""What is on superconductors is told from what is not, whatever the markup."""

from __future__ import annotations

import json
import math
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.relevance_training import judged_weights
from scmine.extractors.lexicons import load_toml
from scmine.extractors.relevance import THRESHOLD, deciding_words, explain, score
from scmine.extractors.relevance_features import LONGEST, WORDS_FILE, features, plain

RELEVANT = [
    "Superconductivity at 12 K in a layered boride",
    "Absence of bulk superconductivity down to 50 mK in a kagome metal",
    "Phase diagram of LaH$_{10}$ under pressure",
    "Electron-phonon coupling and lattice dynamics of compressed yttrium hydrides",
    "Neutron scattering from Ba(Fe$_{1-x}$Co$_x$)$_2$As$_2$",
    "Charge order in La$_{2-x}$Sr$_x$CuO$_4$",
    "Upper critical field of a quasi-one-dimensional chromium arsenide",
    "Enhancement of $T_c$ by strain in FeSe films",
    "Crystal structure of NdNiO$_2$ infinite-layer films",
]
OTHER = [
    "Bose-Einstein condensation of exciton polaritons in a microcavity",
    "Surface states of the topological insulator Bi$_2$Te$_3$",
    "Domain walls in the ferroelectric PbTiO$_3$",
    "Spin waves in yttrium iron garnet films",
    "Aging of colloidal gels",
    "Machine-learned potentials for liquid water",
    "Superfluid helium in aerogel",
]


@pytest.mark.parametrize("title", RELEVANT)
def test_superconductors_are_fetched(title: str) -> None:
    assert score(title, "We study it at low temperature.") >= THRESHOLD
    assert score("", title) >= THRESHOLD


@pytest.mark.parametrize("title", OTHER)
def test_others_are_left_out(title: str) -> None:
    assert score(title, "We study it at low temperature.") < THRESHOLD
    assert score("", title) < THRESHOLD


@pytest.mark.parametrize(
    "written",
    [
        r"$T_c$ of MgB$_2$",
        r"$T_{\rm c}$ of MgB$_{2}$",
        r"$T_\mathrm{c}$ of $\mathrm{MgB_2}$",
        r"T$_{\text{c}}$ of \ce{MgB2}",
        "T<sub>c</sub> of MgB<sub>2</sub>",
        "T c of MgB₂",
    ],
)
def test_markup_changes_nothing(written: str) -> None:
    assert plain(written) == "Tc of MgB2"
    assert score(written, "") == score("Tc of MgB2", "")


@pytest.mark.parametrize("text", ["", " ", "…", "超伝導体の転移温度", "1 2 3"])
def test_what_cannot_be_read_is_not_left_out(text: str) -> None:
    assert score(text, text) >= THRESHOLD


@pytest.mark.parametrize("title", OTHER)
def test_a_title_alone_leaves_nothing_out(title: str) -> None:
    assert score(title, "") == THRESHOLD


def test_only_the_beginning_of_a_very_long_text_is_read() -> None:
    assert score("", "word " * LONGEST + "superconductor") == score("", "word " * 10)


@pytest.mark.parametrize("text", ["$" * 9000, "{" * 9000, "\\mathrm" * 3000, "Cu2O" * 3000])
def test_hostile_texts_end(text: str) -> None:
    assert 0 <= score(text, text) <= 1


@given(st.text(), st.text())
def test_scores_are_shares_and_the_same_each_time(title: str, abstract: str) -> None:
    value = score(title, abstract)
    assert math.isfinite(value)
    assert 0 <= value <= 1
    assert value == score(title, abstract)


@given(st.text(), st.text())
def test_reasons_are_features_of_the_paper(title: str, abstract: str) -> None:
    assert {name for name, _ in explain(title, abstract)} <= features(title, abstract)


def test_the_heaviest_reason_comes_first() -> None:
    reasons = explain("Superconductivity in MgB$_2$", "Its energy gap is measured.")
    assert [abs(w) for _, w in reasons] == sorted((abs(w) for _, w in reasons), reverse=True)
    assert reasons[0][0] == "superconductor"


def test_the_model_weighs_each_list_and_nothing_else() -> None:
    folder = resources.files("scmine.extractors").joinpath("models", "relevance")
    weights = json.loads(folder.joinpath("weights.json").read_text("utf-8"))["weights"]
    lists = set(load_toml(WORDS_FILE))
    assert set(weights) == {"bias"} | lists | {f"title {name}" for name in lists}
    assert set(judged_weights()) == set(weights)
    assert weights["bias"] < 0 < min(w for name, w in weights.items() if name != "bias")


def test_the_words_that_decided_stand_in_the_paper() -> None:
    title, abstract = "Gaps of BaFe$_2$As$_2$", "We measure its upper critical field."
    words = deciding_words(title, abstract)
    assert words == ["BaFe2As2", "upper critical"]
    assert deciding_words(title, abstract, 1) == words[:1]
    assert deciding_words("Magnons in garnets", "They live long.") == []
    assert deciding_words("", "") == []
