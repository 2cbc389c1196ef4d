"""Quantities of siunitx: the numbers and units that its commands write, as reading text."""

from __future__ import annotations

import re

from scmine.extractors.formats.marked_text import MarkedText
from scmine.extractors.lexicons import load_toml

_PART = re.compile(r"\\[A-Za-z]+|\^\{?(-?\d+)\}?|.", re.S)
_COMPARATORS = {
    "approx": "≈",
    "sim": "∼",
    "simeq": "≃",
    "le": "≤",
    "leq": "≤",
    "ge": "≥",
    "geq": "≥",
    "ll": "≪",
    "gg": "≫",
    "lesssim": "≲",
    "gtrsim": "≳",
}
_COMPARED = re.compile(rf"\\({'|'.join(_COMPARATORS)})(?![A-Za-z])\s*")
_POWERS = {"squared": "2", "cubed": "3"}


def read_number(source: str) -> MarkedText:
    """A number as siunitx takes it; its ``e`` becomes a power of ten.

    >>> read_number("1.2e-3").text, read_number("-5+-1").text
    ('1.2 × 10−3', '−5 ± 1')
    """
    result = MarkedText()
    plain = _COMPARED.sub(lambda m: _COMPARATORS[m[1]], source.replace("{", "").replace("}", ""))
    plain = re.sub(r"\s*(?:\\pm(?![A-Za-z])|\+-|±)\s*", " ± ", plain.strip()).replace("-", "−")
    match = re.fullmatch(r"([^eEdD]*)[eEdD]([+−]?\d+)", plain)
    if match is None:
        result.add(plain)
        return result
    mantissa, exponent = match.groups()
    result.add(f"{mantissa} × 10" if mantissa.strip(" −+") else f"{mantissa}10")
    result.add(exponent.lstrip("+"), "sup")
    return result


def read_units(source: str) -> MarkedText:
    """A unit as siunitx takes it, of commands or of letters.

    >>> read_units(r"\\giga\\pascal").text, read_units("K").text
    ('GPa', 'K')
    """
    tables = load_toml("latex_symbols.toml")
    result = MarkedText()
    joins = True
    for part in _PART.finditer(source):
        token = part.group()
        name = token[1:]
        if part.group(1) is not None:
            result.add(part.group(1).replace("-", "−"), "sup")
        elif token[0] != "\\" or not name:
            result.add({"~": " ", ".": " ", "{": "", "}": "", "^": ""}.get(token, token))
        elif name in tables["prefixes"] or name in tables["units"]:
            if not joins and name != "per":
                result.add(" ")
            result.add(tables["prefixes"].get(name) or tables["units"][name])
            joins = name in tables["prefixes"]
        elif name in _POWERS:
            result.add(_POWERS[name], "sup")
    return result
