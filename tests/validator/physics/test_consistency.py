"""Records whose Tc agrees with λ, ω_log and μ*, and records whose does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.database.record import Record
from scmine.validator.finding import Finding, Severity
from scmine.validator.physics.consistency import Tolerances, consistency
from scmine.validator.physics.formulas import allen_dynes, allen_dynes_f1f2, refit_2021, xie_2022
from scmine.validator.physics.registry import formula


def _record(**fields: Any) -> Record:
    return Record.model_validate(
        {"record_id": "r", "doc_id": "d", "raw_material": "x", "evidence": "calculated", **fields}
    )


def _found(**fields: Any) -> dict[str, Finding]:
    fields["lambda"] = fields.pop("coupling", None)
    return {f.name: f for f in consistency(_record(**fields))}


@given(
    st.floats(0.35, 3.5),
    st.floats(50.0, 2000.0),
    st.floats(0.08, 0.2),
    st.floats(1.0, 1.9),
    st.sampled_from(["Allen-Dynes", "McMillan", None]),
)
def test_what_a_formula_gives_agrees(
    coupling: float, omega: float, mu_star: float, shape: float, method: str | None
) -> None:
    values = [
        allen_dynes(coupling, omega, mu_star),
        allen_dynes_f1f2(coupling, omega, mu_star, shape * omega),
    ]
    if method is None:
        values.append(refit_2021(coupling, omega, mu_star))
    for tc in values:
        found = _found(
            tc_K=tc, coupling=coupling, omega_log_K=omega, mu_star=mu_star, tc_method=method
        )
        assert not {"tc_apart_from_lambda", "omega_log_unit_proposed"} & set(found)


@given(
    st.floats(0.65, 3.0),
    st.floats(100.0, 1500.0),
    st.sampled_from([0.10, 0.13, 0.16, None]),
    st.sampled_from([0.1, 10.0]),
)
def test_a_slip_of_ten_is_found(
    coupling: float, omega: float, mu_star: float | None, factor: float
) -> None:
    coupling, omega = round(coupling, 2), round(omega, 1)
    tc = round(allen_dynes(coupling, omega, mu_star or 0.13) * factor, 2)
    found = _found(tc_K=tc, coupling=coupling, omega_log_K=omega, mu_star=mu_star)
    assert found["tc_apart_from_lambda"].severity is Severity.WARNING


def test_review_values_are_silent_but_for_the_range() -> None:
    for coupling, omega, mu_star, tc in ((2.07, 1125.1, 0.13, 155.0), (2.3, 740.0, 0.10, 117.0)):
        found = _found(
            tc_K=tc,
            coupling=coupling,
            omega_log_K=omega,
            mu_star=mu_star,
            tc_method="McMillan",
        )
        assert set(found) == {"lambda_above_range"}
        assert found["lambda_above_range"].severity is Severity.NOTE


def test_eliashberg_may_lie_higher() -> None:
    # YH6 at 165 GPa, as the review's figure gives it
    known = {"coupling": 1.71, "omega_log_K": 1333.0, "mu_star": 0.10, "tc_K": 247.0}
    assert not _found(**known, tc_method="Migdal-Eliashberg")
    assert not _found(**known)
    assert "tc_apart_from_lambda" in _found(**known, tc_method="McMillan")


def test_xie_2022_counts_where_omega2_is_known() -> None:
    tc = xie_2022(2.2, 1000.0, 0.1, 1400.0)
    known = {"coupling": 2.2, "omega_log_K": 1000.0, "omega2_K": 1400.0, "mu_star": 0.1}
    assert not _found(tc_K=tc, **known)


def test_measured_is_a_note_and_says_why() -> None:
    known = {"coupling": 0.73, "omega_log_K": 707.7, "mu_star": 0.1, "tc_K": 60.0}
    finding = _found(**known, evidence="measured")["tc_apart_from_lambda"]
    assert finding.severity is Severity.NOTE
    assert "measured" in finding.message


def test_mu_star_of_the_equations_is_a_note() -> None:
    known = {"coupling": 2.55, "omega_log_K": 1190.6, "mu_star": 0.38, "tc_K": 190.0}
    finding = _found(**known)["tc_apart_from_lambda"]
    assert finding.severity is Severity.NOTE
    assert "cut-off" in finding.message


def test_confused_unit_is_proposed_and_nothing_changed() -> None:
    record = _record(
        **{"lambda": 0.84, "omega_log_K": 687.7, "mu_star": 0.1, "tc_K": 24.6},
        tc_method="Allen-Dynes",
        sentence="We find λ = 0.84, ωlog = 478 cm-1 and Tc = 24.6 K.",
    )
    before = record.model_copy(deep=True)
    found = {f.name: f for f in consistency(record)}
    assert "K, not cm-1" in found["omega_log_unit_proposed"].message
    assert record == before


def test_a_number_that_stands_in_kelvin_was_not_converted_to_it() -> None:
    known = {"coupling": 0.43, "omega_log_K": 296.0, "mu_star": 0.1, "tc_K": 1.18}
    found = _found(**known)  # aluminium: μ* is what differs
    assert set(found) == {"tc_apart_from_lambda"}
    in_meV = _found(coupling=2.07, omega_log_K=97.0, mu_star=0.1, tc_K=166.0)
    assert "meV, not K" in in_meV["omega_log_unit_proposed"].message


def test_unit_missing_in_print_is_proposed() -> None:
    found = _found(
        tc_K=166.0,
        coupling=2.07,
        mu_star=0.1,
        sentence="With λ = 2.07 and ωlog = 97 the Tc is 166 K.",
    )
    assert set(found) == {"omega_log_unit_proposed"}
    assert "meV" in found["omega_log_unit_proposed"].message


@pytest.mark.parametrize(
    ("coupling", "tc", "side"), [(0.3, 39.0, "high"), (0.08, 0.05, "high"), (2.0, 0.5, "low")]
)
def test_lambda_and_tc_without_omega_log(coupling: float, tc: float, side: str) -> None:
    finding = _found(tc_K=tc, coupling=coupling)["tc_lambda_implausible"]
    assert f"too {side}" in finding.message


@pytest.mark.parametrize(("coupling", "tc"), [(1.0, 90.0), (0.4, 1.2), (2.5, 250.0), (0.5, 9.0)])
def test_plausible_without_omega_log(coupling: float, tc: float) -> None:
    assert not _found(tc_K=tc, coupling=coupling)


def test_ranges_of_tc() -> None:
    known = {"coupling": 2.19, "omega_log_K": 1334.6, "tc_method": "McMillan"}
    inside = _found(tc_min_K=191.0, tc_max_K=204.0, **known)
    assert "tc_apart_from_lambda" not in inside
    assert "tc_apart_from_lambda" in _found(tc_min_K=20.0, tc_max_K=30.0, **known)
    assert "tc_apart_from_lambda" not in _found(tc_max_K=20.0, **known)


def test_bound_of_the_theory() -> None:
    # 0.1827 · 500 · √2 = 129 K
    known = {"coupling": 2.0, "omega_log_K": 400.0, "omega2_K": 500.0, "mu_star": 0.1}
    assert "tc_above_bound" in _found(tc_K=140.0, **known)
    assert "tc_above_bound" not in _found(tc_K=120.0, **known)


def test_nothing_to_say_without_numbers() -> None:
    assert consistency(_record()) == []
    assert not _found(tc_K=39.0)
    assert not _found(coupling=0.8, omega_log_K=300.0, mu_star=0.1)
    assert not _found(coupling=0.8, superconducting=False, lowest_temperature_K=2.0)


def test_tolerance_is_a_setting() -> None:
    tc = allen_dynes(0.83, 301.0, 0.11) * 0.8
    record = _record(
        **{"lambda": 0.83, "omega_log_K": 301.0, "mu_star": 0.11, "tc_K": tc},
        tc_method="Allen-Dynes",
    )
    assert consistency(record)
    assert not consistency(record, Tolerances(tc=0.25))


@pytest.mark.shared
def test_papers_own_values(shared: Path) -> None:
    """268 of the 333 points that state what their formula needs are known to agree."""
    points = json.loads((shared / "data" / "allen_dynes_per_condition.json").read_text("utf-8"))
    names = {
        "allen-dynes-basic": "allen_dynes",
        "allen-dynes-f1f2": "allen_dynes_f1f2",
        "mcmillan": "allen_dynes",
    }
    testable = agree = 0
    for point in points:
        name = names.get(point["method"])
        if point["method"] == "mcmillan" and point["omega_log_K"] is None:
            name = "mcmillan"
        if name is None or not point["Tc_computed_K"] or not formula(name).takes(point):
            continue
        testable += 1
        agree += abs(formula(name).tc_K(point) / point["Tc_computed_K"] - 1) <= 0.15
    assert testable == 333
    assert agree >= 268
