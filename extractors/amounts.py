"""How much of an element a formula holds: exact polynomials in the formula's variables.

``2-x`` is linear, ``(1-x)(1-y)`` of nested brackets is not, so amounts are polynomials with exact
rational coefficients. Reading them from print is the business of ``formula``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

Monomial = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """A polynomial: ``terms`` pairs each product of variables with its coefficient, as printed.

    >>> x = Amount.variable("x")
    >>> str(Amount.number(2) - x), (Amount.number(2) - x).constant
    ('2-x', Fraction(2, 1))
    """

    terms: tuple[tuple[Monomial, Fraction], ...]

    @classmethod
    def number(cls, value: Fraction | int | str) -> Amount:
        """A constant; strings are read as exact decimals."""
        return cls((((), Fraction(value)),))

    @classmethod
    def variable(cls, name: str) -> Amount:
        """The bare variable ``name``."""
        return cls((((name,), Fraction(1)),))

    def __add__(self, other: Amount) -> Amount:
        return _collect((*self.terms, *other.terms))

    def __sub__(self, other: Amount) -> Amount:
        return _collect((*self.terms, *((m, -c) for m, c in other.terms)))

    def __mul__(self, other: Amount) -> Amount:
        return _collect(
            tuple((tuple(sorted(m + n)), c * d) for m, c in self.terms for n, d in other.terms)
        )

    @property
    def constant(self) -> Fraction:
        """The part without variables."""
        return dict(self.terms).get((), Fraction(0))

    @property
    def coefficients(self) -> dict[str, Fraction]:
        """The coefficient of each variable that stands alone in a term (the linear part)."""
        return {m[0]: c for m, c in self.terms if len(m) == 1}

    @property
    def variables(self) -> frozenset[str]:
        """The variables that occur."""
        return frozenset(v for m, _ in self.terms for v in m)

    def substitute(self, values: Mapping[str, Amount]) -> Amount:
        """The amount with each variable of ``values`` replaced."""
        total = Amount(())
        for monomial, coefficient in self.terms:
            product = Amount.number(coefficient)
            for variable in monomial:
                product = product * values.get(variable, Amount.variable(variable))
            total = total + product
        return total

    def __str__(self) -> str:
        text = ""
        for monomial, coefficient in self.terms:
            size = abs(coefficient)
            body = "".join(monomial)
            printed = format_number(size) + body if size != 1 or not body else body
            text += ("-" if coefficient < 0 else "+" if text else "") + printed
        return text or "0"


def _collect(terms: tuple[tuple[Monomial, Fraction], ...]) -> Amount:
    """Like terms added up in order of first print; terms that cancel vanish."""
    sums: dict[Monomial, Fraction] = {}
    for monomial, coefficient in terms:
        sums[monomial] = sums.get(monomial, Fraction(0)) + coefficient
    return Amount(tuple((m, c) for m, c in sums.items() if c))


def format_number(value: Fraction) -> str:
    """``value`` as a decimal without trailing zeros, to six digits after the point.

    >>> format_number(Fraction("1.850")), format_number(Fraction(1, 3))
    ('1.85', '0.333333')
    """
    return f"{float(value):.6f}".rstrip("0").rstrip(".")
