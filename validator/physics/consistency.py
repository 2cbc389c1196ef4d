"""Whether a record's Tc agrees with its λ, ω_log and μ*: one record in, findings out.

A finding says that one of the numbers was misread, that the paper's Tc comes from elsewhere (a
measurement, the Eliashberg equations, another spectrum), or that a formula was used beyond its
range; which of these, a person decides. Nothing is changed. Ranges of single columns are rules of
``plausibility``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scmine.database.record import Evidence, Record
from scmine.validator.finding import Finding, Severity
from scmine.validator.physics.formulas import allen_dynes_bound
from scmine.validator.physics.inverse import mu_star_from_tc, scale_from_tc
from scmine.validator.physics.registry import formula
from scmine.validator.physics.spread import BY_METHOD, GENERAL, USUAL_MU_STAR, Spread, tc_spread
from scmine.validator.physics.unitless import unitless_omega_log, units_read
from scmine.validator.physics.units import UNITS, kelvin_per, propose_unit
from scmine.validator.physics.validity import theory_validity, validity


@dataclass(frozen=True, slots=True)
class Tolerances:
    """What still counts as agreement.

    Attributes
    ----------
    tc : share by which a Tc may lie outside what the formulas give. 0.15 is what 305 of 333 values
        of theory papers keep (docs/physics.md).
    beyond : the same for a Tc from the Eliashberg equations or SCDFT, which no formula has to
        give: those of ten hydrides, at the stated μ*, lie up to 34 % above f1·f2. Where no method
        is named it holds above, since the equations may be meant, and ``tc`` below.
    mu_star : lowest and highest μ* where none is stated.
    omega_log_K : lowest and highest ω_log that a crystal may need to have: amorphous bismuth has
        28 K, metallic hydrogen calculated at 500 GPa some 2000 K.
    """

    tc: float = 0.15
    beyond: float = 0.35
    mu_star: tuple[float, float] = USUAL_MU_STAR
    omega_log_K: tuple[float, float] = (15.0, 3000.0)


DEFAULT = Tolerances()

QUESTIONED = ("migdal_eliashberg_questioned", "mu_star_unusual")
"""Notes on a formula that say nothing of one record, since half of all calculated λ are above 1."""


LARGEST_MU_STAR = 0.25
"""Largest μ* of a formula: McMillan's was fitted up to it. The review's range ends at 0.20."""

SHARP = 2.0
"""Ratio of the highest to the lowest Tc up to which it can tell one unit from another: at weak
coupling the last digit of λ changes Tc by more than that."""

BEYOND_FORMULAS = ("Migdal-Eliashberg", "SCDFT")
"""Methods whose Tc may differ from any formula by as much as K and cm⁻¹ do: no unit is proposed."""


def consistency(record: Record, tolerances: Tolerances = DEFAULT) -> list[Finding]:
    """What in ``record`` does not hold together, as far as it states λ, ω_log, ω2, μ* and Tc.

    Names of findings:

    - ``tc_apart_from_lambda``: the formulas do not give this Tc. A warning; a note for a measured
      Tc, where it may be physics, and for a μ* that is not one of the formulas.
    - ``omega_log_unit_proposed``: the Tc agrees if ω_log has another unit than was read, or has
      the unit named where none was printed. A note; nothing is applied.
    - ``tc_lambda_implausible``: no ω_log is stated, and none that a lattice has gives this Tc.
    - ``tc_above_bound``: Tc above 0.1827 ω2 √λ, the bound of Eliashberg's theory.
    - ``omega2_below_omega_log``: no spectrum has such averages.
    - ``lambda_above_range``, ``mu_star_above_range``: a formula named by the record is used beyond
      its range. ``migdal_eliashberg_doubted``: λ above 3.7.

    >>> record = Record.model_validate({"record_id": "r", "doc_id": "d", "raw_material": "H3S",
    ...     "tc_K": 75.0, "lambda": 2.19, "omega_log_K": 1334.6, "mu_star": 0.1})
    >>> [f.name for f in consistency(record)]
    ['tc_apart_from_lambda']
    """
    known = {
        "lambda": record.lambda_,
        "omega_log_K": record.omega_log_K,
        "omega2_K": record.omega2_K,
        "mu_star": record.mu_star,
    }
    found = [f for f in theory_validity(known) if f.name not in QUESTIONED]
    found += _named_formula(record, known)
    tc = _tc(record)
    if tc is None or record.lambda_ is None or record.superconducting is False:
        return found
    if record.omega_log_K is not None:
        found += _against_formulas(record, tc, known, tolerances)
        found += _bound(record, tc)
    else:
        found += _without_omega_log(record, tc, record.lambda_, tolerances)
    return found


def _tc(record: Record) -> tuple[float, float] | None:
    """The lowest and highest Tc that is stated; None where there is none, or only a bound."""
    if record.tc_K is not None:
        return (record.tc_K, record.tc_K) if record.tc_K > 0 else None
    low, high = record.tc_min_K, record.tc_max_K
    return (low, high) if low is not None and high is not None and low > 0 else None


def _named_formula(record: Record, known: Mapping[str, float | None]) -> Iterator[Finding]:
    """Notes where the record names a formula of McMillan's form beyond its range.

    "McMillan" is taken for the form with ω_log if that is stated: with it goes its range.
    """
    if record.tc_method not in BY_METHOD:
        return
    for finding in validity(formula("allen_dynes"), known):
        if finding.name in ("lambda_above_range", "mu_star_above_range"):
            yield finding


def _against_formulas(
    record: Record,
    tc: tuple[float, float],
    known: Mapping[str, float | None],
    tolerances: Tolerances,
) -> Iterator[Finding]:
    formulas = BY_METHOD.get(record.tc_method or "", GENERAL)
    spread = tc_spread(known, formulas=formulas, mu_star_range=tolerances.mu_star)
    if spread is None or _overlap(tc, spread, _shares(record, tolerances)):
        return
    measured = record.evidence is Evidence.MEASURED
    of_equations = (record.mu_star or 0.0) > LARGEST_MU_STAR
    message = f"{_stated(tc)}, but {_inputs(known, tolerances)} give {_range(spread)}"
    if measured:
        message += "; the Tc is called measured, which need not agree with a calculation"
    elif of_equations:
        message += (
            f"; μ* above {LARGEST_MU_STAR:g} is rather one of the Eliashberg equations with their "
            "own cut-off, not one of the formulas"
        )
    else:
        message += _what_would(tc, known)
    fields = tuple(
        name
        for name, value in (("tc_K", record.tc_K), *known.items())
        if value is not None and name != "omega2_K"
    )
    severity = Severity.NOTE if measured or of_equations else Severity.WARNING
    yield Finding("tc_apart_from_lambda", severity, message, fields)
    sharp = spread.high_K <= SHARP * spread.low_K
    if sharp and not measured and record.tc_method not in BEYOND_FORMULAS:
        read = units_read(record.sentence, record.omega_log_K or 0.0)
        yield from _other_unit(tc, known, tolerances, read)


def _shares(record: Record, tolerances: Tolerances) -> tuple[float, float]:
    """How far below and above what the formulas give a Tc may lie."""
    below = above = tolerances.tc
    if record.tc_method in BEYOND_FORMULAS:
        below = above = tolerances.beyond
    elif record.tc_method is None:
        above = tolerances.beyond
    return below, above


def _overlap(tc: tuple[float, float], spread: Spread, shares: tuple[float, float]) -> bool:
    below = tc[1] < spread.low_K and not spread.holds(tc[1], shares[0])
    above = tc[0] > spread.high_K and not spread.holds(tc[0], shares[1])
    return not below and not above


def _what_would(tc: tuple[float, float], known: Mapping[str, float | None]) -> str:
    """Which μ* would give the Tc, if one could."""
    needed = mu_star_from_tc(tc[0], known["lambda"], known["omega_log_K"])
    if needed != needed or not 0 <= needed <= 0.5:
        return "; no μ* gives this Tc by the Allen–Dynes formula"
    return f"; the Allen–Dynes formula would need μ* of {needed:.3f}"


def _other_unit(
    tc: tuple[float, float],
    known: Mapping[str, float | None],
    tolerances: Tolerances,
    units: Iterable[str],
) -> Iterator[Finding]:
    """The unit that was confused with one of ``units``, if exactly one factor makes Tc agree."""
    agreeing: dict[float, list[str]] = {}
    for read in units:
        for meant in UNITS:
            factor = kelvin_per(meant) / kelvin_per(read)
            omega_log_K = (known["omega_log_K"] or 0.0) * factor
            low, high = tolerances.omega_log_K
            if factor == 1 or not low <= omega_log_K <= high:
                continue  # out of any range it may be infinite too
            other = {**known, "omega_log_K": omega_log_K}
            spread = tc_spread(other, mu_star_range=tolerances.mu_star)
            shares = (tolerances.tc, tolerances.tc)
            if spread and _overlap(tc, spread, shares):
                agreeing.setdefault(round(factor, 6), []).append(f"{meant}, not {read}")
    if len(agreeing) == 1:
        (factor, pairs), *_ = agreeing.items()
        message = (
            f"Tc agrees if ω_log is {(known['omega_log_K'] or 0.0) * factor:.4g} K, as it is if "
            f"its unit was {' or '.join(pairs)}; a proposal, not applied"
        )
        yield Finding("omega_log_unit_proposed", Severity.NOTE, message, ("omega_log_K",))


def _bound(record: Record, tc: tuple[float, float]) -> Iterator[Finding]:
    if record.omega2_K is None or record.lambda_ is None:
        return
    bound = float(allen_dynes_bound(record.lambda_, record.omega2_K))
    if tc[0] > bound * 1.02:  # printed digits
        message = (
            f"{_stated(tc)} is above {bound:.4g} K, the highest that Eliashberg's theory allows "
            f"for λ of {record.lambda_:g} and ω2 of {record.omega2_K:g} K (0.1827 ω2 √λ)"
        )
        yield Finding("tc_above_bound", Severity.WARNING, message, ("tc_K", "lambda", "omega2_K"))


def _without_omega_log(
    record: Record, tc: tuple[float, float], coupling: float, tolerances: Tolerances
) -> Iterator[Finding]:
    bare = unitless_omega_log(record.sentence)
    if bare is not None and record.evidence is not Evidence.MEASURED:
        proposal = propose_unit(
            bare,
            tc[0],
            coupling,
            record.mu_star,
            tolerance=tolerances.tc,
            mu_star_range=tolerances.mu_star,
        )
        yield Finding(
            "omega_log_unit_proposed",
            Severity.NOTE,
            f"ω_log of {proposal}; a proposal, not applied",
            ("omega_log_K",),
        )
    stars = (record.mu_star, record.mu_star) if record.mu_star is not None else tolerances.mu_star
    # The strongest form needs the lowest ω_log, the weakest the highest.
    low = float(scale_from_tc("refit_2021", tc[0], lambda_=coupling, mu_star=stars[0]))
    high = float(scale_from_tc("allen_dynes", tc[1], lambda_=coupling, mu_star=stars[1]))
    lowest, highest = tolerances.omega_log_K
    if low != low or low > highest:
        need = (
            "no ω_log gives it" if low != low else f"ω_log of {low:.0f} K or more would be needed"
        )
        side = "high"
    elif high < lowest:
        need, side = f"ω_log of {high:.1f} K or less would be needed", "low"
    else:
        return
    message = f"{_stated(tc)} is too {side} for λ of {coupling:g}: {need}"
    severity = Severity.NOTE if record.evidence is Evidence.MEASURED else Severity.WARNING
    yield Finding("tc_lambda_implausible", severity, message, ("tc_K", "lambda"))


def _stated(tc: tuple[float, float]) -> str:
    return f"Tc of {tc[0]:g} K" if tc[0] == tc[1] else f"Tc of {tc[0]:g} to {tc[1]:g} K"


def _inputs(known: Mapping[str, float | None], tolerances: Tolerances) -> str:
    star = known["mu_star"]
    repulsion = f"{star:g}" if star is not None else "{:g} to {:g}".format(*tolerances.mu_star)
    return f"λ of {known['lambda']:g}, ω_log of {known['omega_log_K']:g} K and μ* of {repulsion}"


def _range(spread: Spread) -> str:
    names = "; ".join(title for title, _, _ in spread.by_formula)
    return f"{spread.low_K:.3g} to {spread.high_K:.3g} K ({names})"
