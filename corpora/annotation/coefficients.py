"""Coefficients of agreement from tables of counts: Cohen's and Fleiss' κ, Krippendorff's α, F1.

Pure formulas; each says by ``NoFigure`` why it is not defined where it is not. How annotations
become tables lives in ``agreement_tables``. Own code: `krippendorff` is under the GPL, and
statsmodels and scikit-learn would be large dependencies for a few lines.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]


class NoFigure(StrEnum):
    """Why a coefficient has no value."""

    ONE_ANNOTATOR = "one_annotator"
    NO_OVERLAP = "no_overlap"
    ONE_CATEGORY = "one_category"
    NOTHING_MARKED = "nothing_marked"


EXPLANATIONS = {
    NoFigure.ONE_ANNOTATOR: "there is one annotator only",
    NoFigure.NO_OVERLAP: "no unit has versions of all the annotators compared",
    NoFigure.ONE_CATEGORY: "everybody used one and the same category throughout, so that chance "
    "alone would agree",
    NoFigure.NOTHING_MARKED: "nobody marked anything of this kind",
}
"""Each reason in words."""


def cohen(table: Table) -> float | NoFigure:
    """Cohen's κ of a table: what the first annotator said in rows, the second in columns.

    κ = (p_o − p_e)/(1 − p_e) with p_o = Σ n_cc/n and p_e = Σ n_c. n_.c/n²
    (Cohen, Educ. Psychol. Meas. 20, 37 (1960), doi:10.1177/001316446002000104).

    >>> float(round(cohen(np.array([[20.0, 5.0], [10.0, 15.0]])), 3))
    0.4
    """
    total = table.sum()
    if not total:
        return NoFigure.NO_OVERLAP
    observed = np.trace(table) / total
    expected = float(table.sum(axis=1) @ table.sum(axis=0)) / total**2
    return _beyond_chance(observed, expected)


def fleiss(counts: Table, pairs: float, items: float, raters: int) -> float | NoFigure:
    """Fleiss' κ from sums over items that equally many annotators have put into categories.

    κ = (P − P_e)/(1 − P_e) with P = Σ_i Σ_c n_ic (n_ic − 1)/(N n (n − 1)) and P_e = Σ p_c²
    (Fleiss, Psychol. Bull. 76, 378 (1971), doi:10.1037/h0031619).

    Parameters
    ----------
    counts
        How often each category was used, Σ_i n_ic.
    pairs
        Σ_i Σ_c n_ic (n_ic − 1): ordered pairs of annotators who agree.
    items, raters
        N, and n of each item.
    """
    if raters < 2:
        return NoFigure.ONE_ANNOTATOR
    if not items:
        return NoFigure.NO_OVERLAP
    observed = pairs / (items * raters * (raters - 1))
    shares = counts / counts.sum()
    return _beyond_chance(observed, float(shares @ shares))


def krippendorff(coincidences: Table, own: Table | None = None) -> float | NoFigure:
    """Krippendorff's α for categories, from a symmetric table of coincidences.

    α = 1 − D_o/D_e with D_o = o_.. − Σ o_cc and D_e = o_.. − Σ e_cc, where
    e_cc = o_.. (o_c.² − s_c)/(o_..² − Σ s_c). For single items s_c = o_c., which gives
    α = 1 − (n − 1)(n − Σ o_cc)/(n² − Σ n_c²) (Krippendorff, Content Analysis, 2004, ch. 11). For
    stretches of a continuum s_c = Σ L² over the stretches of category c, Σ L for what nobody
    marked: eqs. 4 and 5 of Krippendorff, Mathet, Bouvry, Widlöcher, Qual. Quant. 50, 2347
    (2016), doi:10.1007/s11135-015-0266-1.

    Parameters
    ----------
    coincidences
        o_ck: ordered pairs of values of different annotators for the same item, each weighted by
        1/(m − 1) of the m annotators that the item has.
    own
        s_c; None for single items.
    """
    margins = coincidences.sum(axis=1)
    total = margins.sum()
    if not total:
        return NoFigure.NO_OVERLAP
    inside = margins if own is None else own
    denominator = total**2 - inside.sum()
    if np.count_nonzero(margins) < 2 or denominator <= 0:
        return NoFigure.ONE_CATEGORY
    expected = total - total * float((margins**2 - inside).sum()) / denominator
    if expected <= 0:
        return NoFigure.ONE_CATEGORY
    return float(1 - (total - np.trace(coincidences)) / expected)


def f1(right: float, first: float, second: float) -> float | NoFigure:
    """F1 of two annotators: twice what both have, over what each has. It needs no gold side.

    >>> round(f1(2, 3, 4), 3)
    0.571
    """
    if not first + second:
        return NoFigure.NOTHING_MARKED
    return float(2 * right / (first + second))


def _beyond_chance(observed: float, expected: float) -> float | NoFigure:
    if np.isclose(expected, 1.0):
        return NoFigure.ONE_CATEGORY
    return float((observed - expected) / (1 - expected))
