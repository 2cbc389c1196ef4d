"""How numbers are printed: powers of ten, uncertainties, decimal and thousands commas.

Reads the number alone; units, ranges and relations are the business of ``quantities``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_DIGITS = (
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,12})?(?!\d)|\d{1,12}\.\d{1,12}"
    r"|\d{1,12},\d{1,2}(?![\d,])|\d{1,12}|\.\d{1,12})"
)
_POWER = (
    r"(?:\s?[×x*·]\s?10\s?(?:\^\s?\{?\s?[-+]?\d{1,2}\}?|[⁺⁻]?[⁰¹²³⁴-⁹]{1,2}|[-+]?\d{1,2}(?!\d)))"
)
_BARE_POWER = r"10(?:\s?\^\s?\{?\s?[-+]?\d{1,2}\}?|[⁺⁻]?[⁰¹²³⁴-⁹]{1,2})"
_PART = r"(?:\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})"
_UNEQUAL = rf"(?:\s?\+{_PART}\s?-\s?{_PART}(?![-+\d])|\s?-{_PART}\s?\+\s?{_PART}(?![-+\d]))"
"""The limits above and below a value, as they are set above each other behind it: ``18-2+1``."""

_SIGNED = rf"\s?\+\s?{_PART}\s?[/,;]?\s?-\s?{_PART}|\s?-\s?{_PART}\s?[/,;]?\s?\+\s?{_PART}"
"""The same behind a bracket or with a stroke: ``(+1/-2)``."""

_EQUAL = rf"\s?(?:±|\+/-|\+-)\s?{_PART}"
LIMITS = rf"\(?(?:±|\+/-|\+-)\s?{_PART}"
"""Pattern of the uncertainty that a unit of its own follows (``7.5 K ± 0.3 K``); no groups."""

_UNCERTAINTY = (
    rf"(?:\(\d{{1,3}}(?:\.\d{{1,3}})?\)|\s?\((?:{_EQUAL}|{_SIGNED})\s?\)"
    rf"|\s?\^\s?\{{\+{_PART}\}}\s?_\s?\{{-{_PART}\}}|\s?\+{_PART}\s?/\s?-\s?{_PART}"
    rf"|{_UNEQUAL}|{_EQUAL})"
)

NUMBER = rf"(?:(?<![\d)\]] )-\s?)?(?:{_BARE_POWER}|{_DIGITS}{_UNCERTAINTY}?{_POWER}?)(?!\d)"
"""Pattern of one printed number, in text whose dashes and blanks are uniform; has no groups."""

_PARTS = re.compile(
    rf"(?P<minus>-\s?)?(?:(?P<bare>{_BARE_POWER})|(?P<digits>{_DIGITS})"
    rf"(?P<uncertainty>{_UNCERTAINTY})?(?P<power>{_POWER})?)"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number and its printed uncertainty, in the unit that follows it in print.

    Of limits that are not equal ``uncertainty`` is the larger.
    """

    value: float
    uncertainty: float | None = None


def read_number(text: str) -> Number:
    """The value of ``text``, which must match :data:`NUMBER`; raises ValueError otherwise.

    A comma before groups of three digits separates thousands; a single comma before one or two
    digits is a decimal comma. A bracketed integer counts in the last printed digit.

    >>> read_number("1.234(5)"), read_number("4,2").value, read_number("1,200").value
    (Number(value=1.234, uncertainty=0.005), 4.2, 1200.0)
    >>> read_number("1.5×10^-3").value, read_number("10⁻³").value
    (0.0015, 0.001)
    >>> read_number("18-2+1"), read_number("18 (+1/-2)").uncertainty
    (Number(value=18.0, uncertainty=2.0), 2.0)
    """
    match = _PARTS.fullmatch(text)
    if match is None:
        raise ValueError(f"not a number: {text!r}")
    sign = -1.0 if match["minus"] else 1.0
    if match["bare"]:
        return Number(sign * float(f"1e{_exponent(match['bare'][2:])}"))
    digits = _plain(match["digits"])
    exponent = _exponent(_after_ten(match["power"])) if match["power"] else 0
    uncertainty = None
    if match["uncertainty"]:
        printed = max(re.findall(_PART, match["uncertainty"]), key=float)
        uncertainty = float(f"{printed}e{exponent}")
        if re.fullmatch(r"\(\d+\)", match["uncertainty"]):
            decimals = len(digits.partition(".")[2])
            uncertainty = float(f"{printed}e{exponent - decimals}")
    return Number(sign * float(f"{digits}e{exponent}"), uncertainty)


def read_limits(text: str) -> float:
    """The size of a printed uncertainty; of limits that are not equal the larger.

    >>> read_limits("± 0.3"), read_limits("(+1/-2)")
    (0.3, 2.0)
    """
    return max(float(part) for part in re.findall(_PART, text))


def _plain(digits: str) -> str:
    """``digits`` with thousands commas gone and a decimal comma as a point."""
    head, comma, tail = digits.rpartition(",")
    if not comma:
        return digits
    if len(tail) < 3 and "," not in head:
        return f"{head}.{tail}"
    return digits.replace(",", "")


def _after_ten(power: str) -> str:
    return power.split("10", 1)[1]


def _exponent(text: str) -> int:
    """The exponent of a power of ten as printed: ``^-3``, ``^{-3}``, ``⁻³``, ``-3``."""
    plain = text.translate(_SUPERSCRIPTS).replace(" ", "").strip("^{}")
    return int(plain)
