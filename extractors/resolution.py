"""Resolution: the compound that one mention of a paper means, by what the paper says elsewhere.

Takes what ``context`` has collected: formulas with their places, short forms, sample labels. What
the paper leaves open stays open and is flagged; no value is guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from scmine.extractors.characters import uniform
from scmine.extractors.elements import elements
from scmine.extractors.formula import Formula, parse_formula
from scmine.extractors.materials import Material, parse_material
from scmine.extractors.names import formula_of_name
from scmine.extractors.nicknames import key_of, may_mean
from scmine.extractors.open_formulas import (
    Place,
    base_names,
    by_far,
    dopants,
    end_member,
    fits,
    key_of_compound,
    number,
    read,
)
from scmine.extractors.references import (
    Shares,
    at_no_doping,
    listed_variable,
    optimum_of,
    phrase_of,
    shares_in,
)
from scmine.extractors.samples import label_key, labels_in, named_labels

if TYPE_CHECKING:
    from scmine.extractors.context import MaterialContext

_OF_THE_COMPOUND = (
    "formula",
    "composition",
    "amounts",
    "variables",
    "material_class",
    "class_rule",
    "phase",
    "flags",
)
"""Fields of a material that its formula decides; the others belong to the sample."""

BEFORE = 600
"""Characters before a mention that are handed over as ``before`` (see ``claims``)."""

_BARE_NUMBER = re.compile(r"[\s,(]{0,3}\d{0,2}\.\d{1,4}(?:\s?%)?[\s,).]{0,3}")
_NO_ELEMENT = re.compile(
    r"(?:\b(?:contents?|concentrations?|levels?|hydr(?!ogen\b)\w+|oxy(?!gen\b)\w+)|ides?|ates?|ites?"
    r"|fulvalene|[- ](?:free|deficient|deprived|rich|poor|reduced|intercalated))\b"
    r"|\d\s?(?:at\.?\s?)?%",
    re.IGNORECASE,
)
"""Words that make an element's name a part of something else: sodium cobaltate, carbon content."""

_WITH = re.compile(r"(?<![A-Za-z])([A-Z][a-z]?)[\s-]{1,2}(?:co-?)?(?:doped|doping|substitut)")
_WITHOUT = re.compile(r"(?<![A-Za-z])([A-Z][a-z]?)[\s-]{1,2}free\b")
_PAIR_REACH = 30
_PAIR_BEFORE = re.compile(r"(?<![A-Za-z])([xyz]'?)\s?=\s?(\d?\.\d+|\d)\s?(?:,|and|,\sand)\s?$")
_PAIR_AFTER = re.compile(
    r"\s?(?:,|and|,\sand)\s?([xyz]'?)\s?=\s?(\d?\.\d+|\d)(?![\d.%]|\s?(?:,|and|to|-)\s?\d)"
)
_DOPED = re.compile(
    r"^(?:(?:heavily|lightly|slightly|highly|optimally|hole|electron|over|under)[- ]?)+doped$"
)
_DOPANT = re.compile(r"dop|substit|intercal|%")


class Resolver:
    """Resolves the mentions of one paper."""

    def __init__(self, context: MaterialContext) -> None:
        self._context = context
        self._formulas = context.formulas

    def resolve(self, raw: str, before: str) -> list[Material]:
        """The materials of ``raw``; see ``MaterialContext.resolve``."""
        place = self._place(raw, before)
        return [replace(m, raw=raw) for m in self._resolved(raw, place, before)]

    def _place(self, raw: str, before: str) -> Place | None:
        """Where ``raw`` stands: in the passage that holds ``before``, at or before its end."""
        if not before:
            return None
        index = next((i for i, p in enumerate(self._context.passages) if before in p.text), None)
        if index is None:
            return None
        text = self._context.passages[index].text
        low = text.index(before)
        high = low + len(before)
        if text.startswith(raw, low + BEFORE):
            return Place(index, low + BEFORE, low + BEFORE + len(raw))
        start = text.rfind(raw, low, high)
        if start < 0:
            start = text.find(raw, high)
        return Place(index, start, start + len(raw)) if start >= 0 else Place(index, high, high)

    def _resolved(self, raw: str, place: Place | None, before: str) -> list[Material]:
        sampled = self._of_samples(raw)
        return sampled or self._unlabelled(raw, place, before)

    def _unlabelled(self, raw: str, place: Place | None, before: str) -> list[Material]:
        """As ``_resolved``; what looks like a sample's label is none."""
        if _BARE_NUMBER.fullmatch(raw):
            return self._of_number(raw, place, before)
        site = self._context.sites.get(raw.strip(), set())
        if len(site) == 1:  # "3.3 K for Cs" in a paper on AOs2O6 (A = Cs, Rb, K)
            return parse_material(next(iter(site)))
        result: list[Material] = []
        materials = parse_material(raw)
        others = [m for m in materials if not _is_other_than_element(m)]
        listed = self._base_of_list(others, place, before) if len(others) > 1 else None
        for material in others if any(m.formula for m in others) else materials:
            if _is_other_than_element(material):
                material = replace(
                    material, formula=None, composition={}, material_class=None, flags=()
                )
                material = replace(material, name=None) if material.variables else material
            printed = bool(material.formula) and "formula_from_name" not in material.flags
            named = self._defined(None if printed else material.name, raw)
            if named is not None or (material.name and not material.formula):
                result += self._of_name(material, named, place)
            elif material.formula:
                result += self._completed(material)
            elif material.variables:
                result += self._of_values(material, place, before, listed)
            else:
                result += self._of_reference(material, place, before)
        return result

    # --- names

    def _defined(self, name: str | None, raw: str) -> str | None:
        """The formula that the paper defines for a name or for the whole of ``raw``."""
        for text in (raw, name or ""):
            if text and key_of(text) in self._context.abbreviations:
                return self._context.abbreviations[key_of(text)]
        if name is None:
            return None
        for word in re.split(r",\s|\s", name):
            if key_of(word) in self._context.abbreviations:
                return self._context.abbreviations[key_of(word)]
        return None

    def _of_name(
        self, material: Material, printed: str | None, place: Place | None
    ) -> list[Material]:
        """``material`` by its name: as defined, else the one formula of the paper that fits it."""
        if printed is None:
            printed = self._context.only_covered(material.name or "")
        if not printed:
            flags = [f for f in material.flags if f != "formula_from_name"]
            if printed == "":  # defined, for what is no formula
                material = replace(material, formula=None, composition={})
            name = material.name or ""
            fitting, _ = self._formula_with(
                material.variables, place, "", lambda formula: may_mean(name, formula)
            )
            if printed == "" or not material.variables or fitting is None:
                return [replace(material, flags=(*flags, "unresolved_name"))]
            printed = fitting
        return [
            completed
            for found in parse_material(printed, _plain(material.variables))
            for completed in self._completed(_with_compound(material, found))
        ]

    # --- printed formulas

    def _completed(self, material: Material) -> list[Material]:
        """``material`` with what its state of doping says about its formula put in."""
        formula = read(material.formula) if material.formula else None
        if formula is None:
            return [material]
        state = re.sub(r"[\s-]", "", (material.doping or "").lower())
        if not formula.variables:
            filled = self._filled_host(material, formula)
            return [self._doped(material, formula)] if filled is None else filled
        values: Mapping[str, str] | None = None
        if re.match(r"(?:optimal|optimum)", state):
            names = set(dopants(formula))
            values = {k: v for k, v in self._optimum.items() if k in names}
        elif state in ("undoped", "parent"):
            values = at_no_doping(formula)
        values = {k: v for k, v in (values or {}).items() if k not in material.variables}
        if not values or len(values) != 1:
            return [material if dopants(formula) else self._doped(material, formula)]
        return [_with_compound(material, m) for m in parse_material(str(formula), values)]

    def _filled_host(self, material: Material, formula: Formula) -> list[Material] | None:
        """A closed formula for which a variable is stated ("Ce1111 with x = 0.12"); else None.

        The paper's open formula whose end member it is takes the value.
        """
        names = {n for n in material.variables if n not in elements()}
        name = material.name or ""
        host = read(self._context.abbreviations.get(key_of(name)) or formula_of_name(name) or "")
        if not names or host is None or host.variables:
            return None
        ends = Counter(
            text
            for _, text in self._formulas.printed
            if (known := read(text)) is not None
            and names <= known.variables
            and end_member(known) == key_of_compound(formula)
        )
        chosen = by_far(ends)
        if chosen is None:
            flags = dict.fromkeys((*material.flags, "undoped_formula"))
            return [replace(material, composition={}, flags=tuple(flags))]
        found = parse_material(chosen, _plain(material.variables))
        return [_with_compound(material, m) for m in found]

    def _doped(self, material: Material, formula: Formula) -> Material:
        """A host's formula with a dopant beside it, as the paper's formula that holds both."""
        shares = shares_in(material.doping or "")
        symbols = set(re.findall(r"[A-Z][a-z]?", material.doping or "")) & set(elements())
        added = symbols - set(formula.amounts)
        flagged = replace(material, composition={}, flags=(*material.flags, "undoped_formula"))
        if not added or not _DOPANT.search(material.doping or ""):
            named = "formula_from_name" in material.flags and not formula.variables
            return flagged if named and _DOPED.fullmatch(material.doping or "") else material
        wanted = set(formula.amounts) | added
        fitting = Counter(
            text
            for _, text in self._formulas.printed
            if (known := read(text)) is not None and set(known.amounts) == wanted and dopants(known)
        )
        opened = by_far(fitting)
        if opened is None:
            return flagged
        found = self._at_share(material, opened, *shares[0]) if len(shares) == 1 else None
        return found or _with_compound(material, parse_material(opened)[0])

    @cached_property
    def _optimum(self) -> dict[str, str]:
        return optimum_of(p.text for p in self._context.passages)

    @cached_property
    def _shares(self) -> Shares:
        return Shares(p.text for p in self._context.passages)

    def _at_share(
        self, material: Material, text: str, percent: str, element: str
    ) -> Material | None:
        """``material`` with ``percent`` of ``element`` in the open formula ``text``."""
        formula = read(text)
        name = self._shares.variable(formula, element) if formula is not None else None
        value = number(f"{percent} %")
        if name is None or value is None:
            return None
        found = parse_material(text, {name: f"{float(value):g}"})
        return _with_compound(material, found[0]) if len(found) == 1 else None

    # --- values of variables

    def _base_of_list(
        self, materials: list[Material], place: Place | None, before: str
    ) -> str | None:
        """The open formula that most values of one list ("x = 0.1, 0.2 and 0.3") point to."""
        if any(m.formula or m.name or not m.variables for m in materials):
            return None
        pointed = [self._formula_with(m.variables, place, before)[0] for m in materials]
        votes = Counter(text for text in pointed if text is not None).most_common(1)
        most = [t for t, n in votes if len(set(pointed)) > 1 and 2 * n > len(pointed)]
        return most[0] if most else None

    def _of_values(
        self, material: Material, place: Place | None, before: str, listed: str | None = None
    ) -> list[Material]:
        """Materials at stated values, by the formula that these belong to.

        ``listed`` is the one that the other values of the list belong to.
        """
        material = _without_equals(material)
        variables, has = material.variables, _dopant_test(material.raw)
        formula, count = self._formula_with(variables, place, before, has)
        if listed is not None:
            formula = listed
        if formula is None and not count:
            variables = _without_holes(base_names(material.variables))
            formula, count = self._formula_with(variables, place, before, has)
        if formula is None and count and place is not None:
            formula = self._of_named_label(variables, place)
        if formula is None:
            flag = "ambiguous_formula" if count else "unresolved_variable"
            return [replace(material, flags=(*material.flags, flag))]
        stated = {**self._beside(place), **variables}
        return [
            _with_compound(material, found) for found in parse_material(formula, _plain(stated))
        ]

    def _of_named_label(self, variables: Mapping[str, str], place: Place) -> str | None:
        """The open formula of the one series or sample that the sentence names."""
        passage = self._context.passages[place.passage]
        low, high = passage.sentence_at(place.start)
        found = {
            str(formula)
            for label in named_labels(passage.text[low:high])
            for sample in self._context.samples.get(label, [])
            if (formula := read(sample.text)) is not None and fits(formula, variables)
        }
        return found.pop() if len(found) == 1 else None

    def _beside(self, place: Place | None) -> dict[str, str]:
        """The values stated at once with the one at ``place`` ("y = 0.06 and x = 0.20")."""
        if place is None:
            return {}
        text = uniform(self._context.passages[place.passage].text)
        before = _PAIR_BEFORE.search(text[max(0, place.start - _PAIR_REACH) : place.start])
        after = _PAIR_AFTER.match(text, place.end)
        return {m[1]: m[2] for m in (before, after) if m is not None}

    def _formula_with(
        self,
        variables: Mapping[str, str],
        place: Place | None,
        before: str,
        may_be: Callable[[Formula], bool] = lambda formula: True,
    ) -> tuple[str | None, int]:
        if place is None and before:
            among = {p.formula for g in self._formulas.candidates(variables).values() for p in g}
            printed = _last_formula(before, among)
            if printed is not None:
                return printed, 1
        return self._formulas.choose(variables, place, may_be)

    # --- labels and phrases

    def _of_samples(self, raw: str) -> list[Material]:
        """The materials of the sample labels that ``raw`` consists of; empty if any is unknown."""
        if not self._context.samples:
            return []
        labels = labels_in(raw)
        if not labels or (read(raw.strip()) is not None and raw.strip() in elements()):
            return []
        result: list[Material] = []
        for label in labels:
            said = self._context.samples.get(label_key(label), [])
            found = {
                tuple(m.formula for m in materials): materials
                for sample in said
                if (materials := self._unlabelled(sample.text, sample.place, ""))
            }
            if len(found) != 1:
                return []
            [materials] = found.values()
            result += materials
        return result if all(m.formula for m in result) else []

    def _of_reference(self, material: Material, place: Place | None, before: str) -> list[Material]:
        """What a mention without formula, name or value refers to."""
        raw = material.raw
        shares = shares_in(raw)
        found = [self._of_share(material, *share) for share in shares]
        if found and None not in found:
            return [m for m in found if m is not None]
        formula = self._of_phrase(phrase_of(raw), place)
        if formula is not None:
            return [_with_compound(material, m) for m in parse_material(formula)]
        return [replace(material, flags=(*material.flags, "unresolved_sample"))]

    def _of_number(self, raw: str, place: Place | None, before: str) -> list[Material]:
        """A lone number as one more value of the list ("x = 0.1 and 0.2") that it stands in."""
        variable = listed_variable(self._text_before(place, before))
        if variable is None:
            return [Material(raw, flags=("unresolved_variable",))]
        stated = parse_material(f"{variable} = {raw.strip(' ,().')}")
        return [m for s in stated for m in self._of_values(s, place, before)]

    def _of_share(self, material: Material, percent: str, element: str) -> Material | None:
        """``material`` at a share of an element, if one formula of the paper is open to it."""
        fitting = Counter(
            text
            for _, text in self._formulas.printed
            if (known := read(text)) is not None and self._shares.variable(known, element)
        )
        chosen = by_far(fitting)
        return self._at_share(material, chosen, percent, element) if chosen else None

    def _text_before(self, place: Place | None, before: str) -> str:
        if place is None:
            return before
        return self._context.passages[place.passage].text[max(0, place.start - 100) : place.start]

    def _of_phrase(self, phrase: str | None, place: Place | None) -> str | None:
        """The formula that a phrase stands for; None if the paper leaves it open."""
        if phrase == "title":
            return self._context.titles[0] if len(set(self._context.titles)) == 1 else None
        if phrase == "main":
            last = self._formulas.last_before(place) if place is not None else None
            return last or self._context.main_formula()
        if phrase not in ("parent", "optimal"):
            return None
        opened = {
            text
            for _, text in self._formulas.printed
            if (formula := read(text)) is not None and dopants(formula)
        }
        if len(opened) != 1:
            return None
        [text] = opened
        formula = read(text)
        if formula is None:
            return None
        values = at_no_doping(formula) if phrase == "parent" else self._optimum
        names = set(dopants(formula))
        values = {k: v for k, v in (values or {}).items() if k in names}
        found = parse_material(text, values) if len(values) == 1 else []
        return found[0].formula if len(found) == 1 else None


def _is_other_than_element(material: Material) -> bool:
    """Whether an element's name is only a part of a compound's or a content's name."""
    if "formula_from_name" not in material.flags or len(material.composition) != 1:
        return False
    return _NO_ELEMENT.search(material.raw) is not None or "," in (material.name or "")


def _with_compound(material: Material, found: Material) -> Material:
    """``material`` with the formula of ``found``, and the flags of both."""
    flags = dict.fromkeys((*material.flags, *found.flags))
    if found.composition:
        flags = {f: None for f in flags if not f.startswith("unresolved")}
    fields = {key: getattr(found, key) for key in _OF_THE_COMPOUND}
    fields["flags"] = tuple(flags)
    fields["variables"] = found.variables or material.variables
    return replace(material, **fields)


def _dopant_test(raw: str) -> Callable[[Formula], bool]:
    """Whether a formula has the elements that ``raw`` says are doped, and none that it is free of.

    >>> test = _dopant_test("Pb-free series with x = 0.3")
    >>> test(parse_formula("Bi2Sr2-xLaxCuO6")), test(parse_formula("Bi2-yPbySr2-xLaxCuO6"))
    (True, False)
    """
    doped = {e for e in _WITH.findall(raw) if e in elements()}
    free = {e for e in _WITHOUT.findall(raw) if e in elements()}
    return lambda formula: doped <= set(formula.amounts) and not free & set(formula.amounts)


def _without_holes(variables: Mapping[str, str]) -> dict[str, str]:
    """``variables`` without the number of holes, if there are others."""
    rest = {name: text for name, text in variables.items() if name != "p"}
    return rest or dict(variables)


def _without_equals(material: Material) -> Material:
    """``material`` with the variable of "x = p = 0.1" as x = 0.1."""
    raw = uniform(material.raw)
    variables = dict(material.variables)
    same = re.search(r"(?<![A-Za-z])(?:([xyz])\s?=\s?p|p\s?=\s?([xyz]))\s?=", raw)
    if same and "p" in variables:
        variables = {same[1] or same[2]: variables["p"]}
    return replace(material, variables=variables)


def _plain(variables: Mapping[str, str]) -> dict[str, str]:
    """``variables`` with values in per cent as numbers."""
    plain = {}
    for name, text in variables.items():
        value = number(text) if "%" in text else None
        plain[name] = text if value is None else f"{float(value):g}"
    return plain


def _is_open(text: str) -> bool:
    formula = read(text)
    return formula is not None and bool(formula.variables)


def _last_formula(text: str, among: Collection[str]) -> str | None:
    """The last formula of ``text`` that is one of ``among`` (as canonical strings)."""
    for word in reversed(text.split()):
        formula = parse_formula(word.strip(".,;:()[]")) or parse_formula(word.strip(".,;:"))
        if formula is not None and str(formula) in among:
            return str(formula)
    return None
