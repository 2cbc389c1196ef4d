"""Formulas of the critical temperature from λ, μ* and the averages of the phonon spectrum.

Each takes floats, arrays or pandas Series, in the units of the names, and gives Tc in K. Where a
formula holds is data (``validity``); none is applied to anything here. For all of them:

- Where λ - μ*(1 + 0.62 λ) ≤ 0 the repulsion outweighs the attraction, and Tc is 0, the limit
  that the exponential goes to (the formula of Xie 2019 has no such point and needs none).
- A negative or missing λ, μ* or frequency gives NaN.
"""

from __future__ import annotations

import numpy as np

from scmine.validator.physics.arrays import Array, Values, elementwise

REFIT_A, REFIT_B = 1.0061, 0.0663
"""Coefficients of :func:`refit_2021`."""


def mcmillan(lambda_: Values, theta_D_K: Values, mu_star: Values) -> Values:
    """Tc in K by McMillan's formula of 1968, from the Debye temperature ``theta_D_K``.

    Tc = Θ_D/1.45 · exp[-1.04 (1+λ) / (λ - μ*(1+0.62 λ))]

    W. L. McMillan, Phys. Rev. 167, 331 (1968), doi:10.1103/PhysRev.167.331, eq. 18. The review
    (Tran et al., Chem. Mater. 2024) cites it and prints only the later form.

    >>> round(mcmillan(0.82, 277.0, 0.13), 1)  # niobium: McMillan's λ from the measured 9.22 K
    9.2
    """
    return _exponential(lambda_, theta_D_K, mu_star, 1.45)


def allen_dynes(lambda_: Values, omega_log_K: Values, mu_star: Values) -> Values:
    """Tc in K by McMillan's formula with ω_log/1.2 before it, as Allen and Dynes wrote it.

    Tc = ω_log/1.2 · exp[-1.04 (1+λ) / (λ - μ*(1+0.62 λ))]

    P. B. Allen, R. C. Dynes, Phys. Rev. B 12, 905 (1975), doi:10.1103/PhysRevB.12.905; 1/1.2 from
    R. C. Dynes, Solid State Commun. 10, 615 (1972). Eq. 8 of the review, where it is printed so.
    Papers call it the McMillan, the Allen–Dynes or the Allen–Dynes modified McMillan formula.

    >>> round(allen_dynes(2.07, 1125.1, 0.10), 1)  # H3S, R3m
    165.6
    """
    return _exponential(lambda_, omega_log_K, mu_star, 1.2)


@elementwise
def allen_dynes_f1f2(
    lambda_: Values, omega_log_K: Values, mu_star: Values, omega2_K: Values = None
) -> Values:
    """Tc in K by Allen and Dynes with their factors f1 (strong coupling) and f2 (shape).

    f1 = [1 + (λ/Λ1)^(3/2)]^(1/3), Λ1 = 2.46 (1 + 3.8 μ*);
    f2 = 1 + (ω2/ω_log - 1) λ² / (λ² + Λ2²), Λ2 = 1.82 (1 + 6.3 μ*) (ω2/ω_log)

    before the formula of :func:`allen_dynes`. Without ``omega2_K`` f2 is taken as 1, which is its
    value for a spectrum of one frequency and its lowest.

    P. B. Allen, R. C. Dynes, Phys. Rev. B 12, 905 (1975), eqs. 34 to 38. The review mentions the
    factors (below its eq. 9) and does not print them.

    >>> round(allen_dynes_f1f2(2.07, 1125.1, 0.10), 1)
    188.6
    """
    tc = allen_dynes(lambda_, omega_log_K, mu_star)
    return (
        tc
        * strong_coupling_factor(lambda_, mu_star)
        * shape_factor(lambda_, omega_log_K, mu_star, omega_log_K if omega2_K is None else omega2_K)
    )


@elementwise
def strong_coupling_factor(lambda_: Values, mu_star: Values) -> Values:
    """The factor f1 of :func:`allen_dynes_f1f2`."""
    return np.cbrt(1 + (_known(lambda_) / (2.46 * (1 + 3.8 * _known(mu_star)))) ** 1.5)


@elementwise
def shape_factor(lambda_: Values, omega_log_K: Values, mu_star: Values, omega2_K: Values) -> Values:
    """The factor f2 of :func:`allen_dynes_f1f2`."""
    ratio = _known(omega2_K) / _above_zero(omega_log_K)
    turn = 1.82 * (1 + 6.3 * mu_star) * ratio
    return 1 + (ratio - 1) * lambda_**2 / (lambda_**2 + turn**2)


@elementwise
def xie_2019(lambda_: Values, omega_log_K: Values, mu_star: Values) -> Values:
    """Tc in K by the formula that symbolic regression found in the data of Allen and Dynes.

    Tc = 0.0953 λ⁴ ω_log / (λ³ + √μ*)

    S. R. Xie et al., Phys. Rev. B 100, 174513 (2019), doi:10.1103/PhysRevB.100.174513. Eq. 10 of
    the review, whose 0.0953 is 0.09525 in the paper: the same to four digits.

    >>> round(xie_2019(2.07, 1125.1, 0.10), 1)
    214.3
    """
    known, repulsion = _known(lambda_), np.sqrt(_known(mu_star))
    below = known**3 + repulsion
    # λ = 0 and μ* = 0: the formula goes as λ there.
    shape = np.where(below > 0, known**4 / below, np.where(np.isnan(below), np.nan, 0.0))
    return 0.0953 * shape * _known(omega_log_K)


@elementwise
def xie_2022(lambda_: Values, omega_log_K: Values, mu_star: Values, omega2_K: Values) -> Values:
    """Tc in K by Allen and Dynes's formula with the learned factors f_ω and f_μ.

    f_ω = 1.92 (λ + ω_log/ω2 - ∛μ*) / (√λ exp(ω_log/ω2)) - 0.08;
    f_μ = 6.86 exp(-λ/μ*) / (1/λ - μ* - ω_log/ω2) + 1

    before the formula of :func:`allen_dynes`.

    S. R. Xie et al., npj Comput. Mater. 8, 14 (2022), doi:10.1038/s41524-021-00666-7. Eqs. 11 to
    14 of the review; ``sqrt{[3]μ^*}`` in the text made from its eq. 12 is the cube root. f_μ has a
    pole where 1/λ - μ* = ω_log/ω2, near λ = 1; where it is felt, ``validity`` says so, and where
    it would make Tc negative the result is NaN.

    >>> round(xie_2022(2.07, 1125.1, 0.10, 1400.0), 1)
    225.2
    """
    tc = allen_dynes(lambda_, omega_log_K, mu_star)
    return tc * xie_factors(lambda_, omega_log_K, mu_star, omega2_K)


@elementwise
def xie_factors(lambda_: Values, omega_log_K: Values, mu_star: Values, omega2_K: Values) -> Values:
    """The product f_ω·f_μ of :func:`xie_2022`; NaN where it is negative."""
    return _known(
        _xie_omega(lambda_, omega_log_K, mu_star, omega2_K)
        * xie_mu_factor(lambda_, omega_log_K, mu_star, omega2_K)
    )


@elementwise
def _xie_omega(lambda_: Values, omega_log_K: Values, mu_star: Values, omega2_K: Values) -> Values:
    ratio = _known(omega_log_K) / _above_zero(omega2_K)
    coupling = _above_zero(lambda_)
    rise = coupling + ratio - np.cbrt(_known(mu_star))
    factor = 1.92 * rise / (np.sqrt(coupling) * np.exp(ratio)) - 0.08
    return np.where(np.equal(lambda_, 0), 1.0, factor)  # Tc is 0 there whatever stands before it


@elementwise
def xie_mu_factor(
    lambda_: Values, omega_log_K: Values, mu_star: Values, omega2_K: Values
) -> Values:
    """The factor f_μ of :func:`xie_2022`, which has a pole near λ = 1."""
    coupling, repulsion = _above_zero(lambda_), _known(mu_star)
    below = 1 / coupling - repulsion - _known(omega_log_K) / _above_zero(omega2_K)
    factor = 6.86 * np.exp(-coupling / repulsion) / below + 1
    return np.where(np.equal(lambda_, 0), 1.0, factor)


@elementwise
def refit_2021(lambda_: Values, omega_log_K: Values, mu_star: Values) -> Values:
    """Tc in K by Allen and Dynes's formula times (a + b λ), a = 1.0061 and b = 0.0663.

    A. M. Shipley et al., Phys. Rev. B 104, 054501 (2021), doi:10.1103/PhysRevB.104.054501, fitted
    to solutions of the Eliashberg equations for hydrides. Eq. 15 of the review.

    >>> round(refit_2021(2.07, 1125.1, 0.10), 1)
    189.4
    """
    return allen_dynes(lambda_, omega_log_K, mu_star) * _refit_factor(lambda_)


@elementwise
def _refit_factor(lambda_: Values) -> Values:
    return REFIT_A + REFIT_B * _known(lambda_)


@elementwise
def allen_dynes_bound(lambda_: Values, omega2_K: Values) -> Values:
    """The highest Tc in K that Eliashberg's theory allows: 0.1827 ω2 √λ, reached as λ grows.

    P. B. Allen, R. C. Dynes, Phys. Rev. B 12, 905 (1975), section on the limit of strong coupling.

    >>> round(allen_dynes_bound(4.0, 1000.0), 1)
    365.4
    """
    return 0.1827 * _known(omega2_K) * np.sqrt(_known(lambda_))


@elementwise
def _exponential(lambda_: Values, frequency_K: Values, mu_star: Values, divisor: Values) -> Array:
    """McMillan's exponential after ``frequency_K`` over ``divisor``."""
    coupling, repulsion = _known(lambda_), _known(mu_star)
    below = coupling - repulsion * (1 + 0.62 * coupling)
    exponential = np.exp(-1.04 * (1 + coupling) / below)
    value: Array = np.where(np.isnan(below), np.nan, np.where(below > 0, exponential, 0.0))
    return _known(frequency_K) / divisor * value


def _known(values: Values) -> Array:
    """``values`` with NaN for what is negative, which no λ, μ* or frequency is."""
    return np.where(np.asarray(values) >= 0, values, np.nan)


def _above_zero(values: Values) -> Array:
    return np.where(np.asarray(values) > 0, values, np.nan)
