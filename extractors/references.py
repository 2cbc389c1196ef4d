"""References: phrases and contents that stand for a compound which a paper names elsewhere.

"The title compound", "optimally doped" with the x that the paper calls optimal, "8% Co-doped" with
a formula whose x is that share. What a phrase refers to is read off the words alone; the compound
itself is looked up in ``context``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from scmine.extractors.characters import uniform
from scmine.extractors.elements import elements
from scmine.extractors.formula import Formula, Group, Site
from scmine.extractors.lexicons import load_toml
from scmine.extractors.open_formulas import dopants, number

_SHARE = re.compile(r"(\d{1,2}(?:\.\d{1,3})?)\s?(?:at\.?\s?)?%\s?[- ]?\s?([A-Z][a-z]?)(?![a-z])")
_SHARE_LIST = re.compile(
    r"((?:\d{1,2}(?:\.\d{1,3})?\s?%\s?(?:,|and|or|,\sand)\s?){1,8})"
    r"\d{1,2}(?:\.\d{1,3})?\s?%\s?([A-Z][a-z]?)(?![a-z])"
)
_CONTENT = re.compile(
    r"(?<![A-Za-z])([A-Z][a-z]?)[\s-]{1,2}(?:doping|substitution|content|concentration)"
    r"(?:\s(?:level|content|concentration))?(?:\s(?:of|to|at|is|near))?\s?[~≈]?\s?"
    r"(\d{1,2}(?:\.\d{1,3})?)\s?(?:at\.?\s?)?%"
)
_STATED = re.compile(r"(?<![A-Za-z])([xyz])\s?[=≈]\s?(\d{0,2}\.?\d{1,4}(?:\s?%)?)(?!\d|\.\d)")
_LISTED = re.compile(
    r"(?<![A-Za-z])([xyz]'?)(?:\s?(?:i\d?|n))?\s?=\s?(?:[\d.]+(?:\s?%)?(?:\s?,\s?|\s(?:and|or)\s|,\s(?:and|or)\s))+$"
)


def phrase_of(raw: str) -> str | None:
    """What a phrase stands for: ``title``, ``main``, ``parent`` or ``optimal``.

    >>> phrase_of("the title compound"), phrase_of("undoped sample"), phrase_of("LaFeAsO")
    ('title', 'parent', None)
    """
    text = " ".join(uniform(raw).split()).strip(" .,;()")
    text = re.sub(r"^(?:the|an?)\s", "", text, flags=re.IGNORECASE)
    return next((k for k, p in _phrases().items() if p.fullmatch(text)), None)


@cache
def _phrases() -> dict[str, re.Pattern[str]]:
    data = load_toml("material_references.toml")["phrases"]
    return {k: re.compile("|".join(v), re.IGNORECASE) for k, v in data.items()}


@cache
def _optimum() -> list[re.Pattern[str]]:
    patterns = load_toml("material_references.toml")["optimum"]["patterns"]
    return [re.compile(p, re.IGNORECASE) for p in patterns]


def optimum_of(texts: Iterable[str]) -> dict[str, str]:
    """Variable to the value that ``texts`` call optimal; left out where they give several.

    >>> optimum_of(["At optimal doping (x = 0.15) Tc is 38 K."])
    {'x': '0.15'}
    """
    found: dict[str, dict[str, str]] = {}
    for text in texts:
        for pattern in _optimum():
            for match in pattern.finditer(uniform(text)):
                value = number(match["value"])
                found.setdefault(match["variable"].lower(), {})[str(value)] = match["value"]
    return {name: next(iter(v.values())) for name, v in found.items() if len(v) == 1}


def shares_in(text: str) -> list[tuple[str, str]]:
    """The shares in per cent that ``text`` gives of elements, each as (number, element).

    >>> shares_in("3%Zn and 6% Zn-substituted samples")
    [('3', 'Zn'), ('6', 'Zn')]
    >>> shares_in("samples with 20% and 30% Pr")
    [('20', 'Pr'), ('30', 'Pr')]
    >>> shares_in("F-substitution of 5 at%")
    [('5', 'F')]
    """
    plain = _SHARE_LIST.sub(_each_with_element, uniform(text))
    found = _SHARE.findall(plain) + [(p, e) for e, p in _CONTENT.findall(plain)]
    return [(p, e) for p, e in found if e in elements()]


def _each_with_element(match: re.Match[str]) -> str:
    """``20% and 30% Pr`` as ``20% Pr and 30% Pr``."""
    return re.sub(r"%", f"% {match[2]}", match[1]) + match[0][len(match[1]) :]


class Shares:
    """Whether a paper's percentages of an element are the values of its formula's variable."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._shares: dict[str, set[str]] = {}
        self._values: dict[str, set[str]] = {}
        for text in texts:
            for percent, element in shares_in(text):
                value = number(f"{percent} %")
                if value:
                    self._shares.setdefault(element, set()).add(str(value))
            for name, printed in _STATED.findall(uniform(text)):
                self._values.setdefault(name, set()).add(str(number(printed)))

    def variable(self, formula: Formula, element: str) -> str | None:
        """The variable that is the share of ``element`` on its site, if the paper shows it.

        It does if the site is filled by ``1-x`` of another element and ``x`` of this one, and at
        least one share is also printed as a value of ``x``.
        """
        for name, species in dopants(formula).items():
            if species == {element} and _fills_site(formula.parts, element, name):
                same = self._shares.get(element, set()) & self._values.get(name, set())
                return name if same else None
        return None


def _fills_site(parts: tuple[Site | Group, ...], element: str, name: str) -> bool:
    """Whether ``x`` of ``element`` stands beside ``1-x`` of another one."""
    amounts = {p.symbol: p.amount for p in parts if isinstance(p, Site)}
    own = amounts.get(element)
    if own is not None and own.coefficients == {name: 1} and not own.constant:
        return any(
            a.constant == 1 and a.coefficients == {name: -1}
            for symbol, a in amounts.items()
            if symbol != element
        )
    return any(_fills_site(p.parts, element, name) for p in parts if isinstance(p, Group))


def listed_variable(before: str) -> str | None:
    """The variable of a list of values that ``before`` breaks off in.

    >>> listed_variable("for x = 0.05, 0.10 and "), listed_variable("at 4 K and ")
    ('x', None)
    """
    match = _LISTED.search(uniform(before)[-80:])
    return match[1] if match else None


def at_no_doping(formula: Formula) -> Mapping[str, str] | None:
    """The values at which ``formula`` is its end member; None unless one variable is a dopant's."""
    names = [name for name in dopants(formula) if name != "δ"]
    return {names[0]: "0"} if len(names) == 1 else None
