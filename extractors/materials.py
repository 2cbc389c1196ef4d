"""Material strings of papers as materials: formula, composition, name, sample, class.

Joins what ``segments`` finds: puts stated values into formulas, makes one material of each value
or element listed, and looks nicknames up. What is not stated stays open; nothing is guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from scmine.extractors.characters import uniform
from scmine.extractors.elements import elements, symbols
from scmine.extractors.formula import Formula, canonical_variable, parse_formula
from scmine.extractors.lexicons import load_toml
from scmine.extractors.material_class import OTHER, ClassDecision, class_of_words, classify
from scmine.extractors.names import formula_of_name
from scmine.extractors.segments import Segment, segment_material

__all__ = ["Material", "parse_material", "segment_material"]

_SINGLE_VALUE = re.compile(r"[~≈≃=\s]*(-?(?:\d*\.\d+|\d+)(?:\s?/\s?\d+)?|\d*[a-z])\s*")
_SEPARATORS = re.compile(r"\s*(?:,?\s*\b(?:and|or)\b|,|;|&)\s*")
_ELEMENT_SEPARATORS = re.compile(r"\s*(?:,?\s*\b(?:and|or)\b|,|;|&|/|±)\s*")
_HYPHEN = re.compile(r"\s?[-–‐]\s?")
_ANIONS = frozenset(("H", "B", "C", "N", "O", "F", "Si", "P", "S", "Cl", "Ge", "As", "Se", "Br"))
_ANIONS |= {"Sb", "Te", "I", "Bi"}
_SHARE_OF = re.compile(r"\b(?:mole?|wt|vol|weight)\.?\s?[-–]?\s?%\s+(?:of\s+)?$")
_FROM_ONE = re.compile(r"(?<![\d.])1\s?-\s?$")
_PLAIN_NUMBER = re.compile(r"[01](?:\.\d+)?|\.\d+")
_REMARK = re.compile(r"\s?(?:\([a-z][a-z -]*\)|\[\d{1,3}\])")
_APPROXIMATELY = ("~", "≈", "≃")
_BY_ELEMENTS = {"alloy", "hydride"}  # classes that amounts do not decide
_MAX_MATERIALS = 40


@dataclass(frozen=True, slots=True)
class Material:
    """One material of a printed string.

    ``formula`` keeps the variables whose value is not stated, and then ``composition`` is empty;
    ``amounts`` has an expression (``2-x``) for each element and each open site all the same.
    ``variables`` are those stated, as printed. Flags: ``unresolved_variable``,
    ``unresolved_site`` (an open or mixed site), ``variable_range`` (a range or a bound is stated),
    ``approximate_variable``, ``ambiguous_variables`` (lists that cannot be paired),
    ``variable_out_of_range``, ``formula_unparsed``, ``formula_from_name``, ``isotope`` (a mass
    number is stated, which the formula does not show). ``class_rule`` says why
    ``material_class`` was given; ``phase`` is a label before the formula (``2H`` of 2H-NbSe2,
    ``A15``, ``Im-3m``).
    """

    raw: str
    formula: str | None = None
    composition: dict[str, float] = field(default_factory=dict)
    amounts: dict[str, str] = field(default_factory=dict)
    name: str | None = None
    doping: str | None = None
    shape: str | None = None
    substrate: str | None = None
    fabrication: str | None = None
    variables: dict[str, str] = field(default_factory=dict)
    material_class: str | None = None
    class_rule: str | None = None
    phase: str | None = None
    flags: tuple[str, ...] = ()


def parse_material(raw: str, context_variables: Mapping[str, str] | None = None) -> list[Material]:
    """The materials that a printed string names, one for each value or element it lists.

    Parameters
    ----------
    raw
        The string, such as a mention in a sentence or a table cell.
    context_variables
        What the text around it states about variables and open sites (``{"x": "0.05, 0.11"}``);
        used for those that the string itself leaves open.

    Returns
    -------
    list of Material
        Empty for a blank string; otherwise at least one.

    >>> [m.formula for m in parse_material("AFe 2 As 2 (A = Ca, Sr, and Ba)")]
    ['CaFe2As2', 'SrFe2As2', 'BaFe2As2']
    >>> m = parse_material("F-doped LaFeAsO thin films on MgO substrate")[0]
    >>> m.formula, m.doping, m.shape, m.substrate, m.material_class
    ('LaFeAsO', 'F-doped', 'thin films', 'MgO', 'iron-based pnictide')
    """
    known = tuple((context_variables or {}).items())
    return [
        replace(
            material,
            composition=dict(material.composition),
            amounts=dict(material.amounts),
            variables=dict(material.variables),
        )
        for material in _parsed(raw, known)
    ]


@lru_cache(maxsize=1024)  # a paper names its materials again and again
def _parsed(raw: str, context: tuple[tuple[str, str], ...]) -> tuple[Material, ...]:
    """What `parse_material` gives; ``context`` has the items of its variables."""
    if not raw.strip():
        return ()
    segments = segment_material(raw)
    by_words = class_of_words(raw)
    base = Material(
        raw=raw,
        material_class=by_words.name if by_words else None,
        class_rule=by_words.rule if by_words else None,
        name=_joined(raw, segments, "name"),
        doping=_doping(raw, segments),
        shape=_joined(raw, segments, "shape"),
        substrate=_joined(raw, segments, "substrate"),
        fabrication=_joined(raw, segments, "fabrication"),
    )
    stated = _stated(raw, segments)
    printed = _unbroken(raw, segments)
    if not printed:
        return tuple(_from_names(raw, segments, base, stated, dict(context)))
    if (
        len(printed) > 1
    ):  # "A1-xB (x = 0.1) and C1-xD (x = 0.2)": each formula has a value of its own
        times = Counter(
            canonical_variable(raw[s.start : s.end]) for s in segments if s.label == "variable"
        )
        stated = {name: values for name, values in stated.items() if times[name] == 1}
    materials: list[Material] = []
    for text in printed:
        formula = parse_formula(text)
        if formula is None:
            layers = text if "/" in text else None
            unread = replace(base, name=base.name or layers, variables=_flat(stated))
            materials.append(replace(unread, flags=("formula_unparsed",)))
        else:
            known = _relevant(formula, stated, dict(context))
            materials += _expanded(base, formula, known)
    return tuple(materials[:_MAX_MATERIALS])


def material_of_formula(text: str) -> Material | None:
    """The material of a formula without variables that is known to be one (``BH``, ``V``).

    >>> material = material_of_formula("BH")
    >>> material.formula, material.composition
    ('BH', {'B': 1.0, 'H': 1.0})
    """
    formula = parse_formula(text)
    if formula is None or formula.variables or formula.placeholders:
        return None
    found = _expanded(Material(raw=text), formula, {})
    return found[0] if len(found) == 1 else None


def _unbroken(raw: str, segments: Sequence[Segment]) -> list[str]:
    """The printed formulas; one that a hyphen cuts behind its cations is put together again.

    Metals in broken amounts are no compound, so that ``La1.9Sr0.1-CuO4`` is one that a line broke.
    What a string with a formula or values of its own holds in "10 wt% of" is an additive, the O3
    before another formula the stacking of its layers.
    """
    formulas = [s for s in segments if s.label == "formula"]
    added = [
        s
        for s in formulas
        if _SHARE_OF.search(raw[: s.start]) or raw[s.start : s.end].strip() in ("O2", "O3")
    ]
    if len(added) < len(formulas) or any(s.label == "value" for s in segments):
        segments = [s for s in segments if s not in added]
    printed: list[str] = []
    last: Segment | None = None
    for segment in segments:
        if segment.label != "formula":
            continue
        text = raw[segment.start : segment.end]
        cut = last is not None and _HYPHEN.fullmatch(raw[last.end : segment.start])
        whole = parse_formula(printed[-1] + text) if cut and _is_metals(printed[-1]) else None
        if whole is not None and _ANIONS & set(whole.amounts):
            printed[-1] += text
        else:
            printed.append(text)
        last = segment
    return printed


def _is_metals(text: str) -> bool:
    """Whether a formula has broken amounts and nothing that an oxide or a pnictide ends with."""
    formula = parse_formula(text)
    if formula is None or not re.search(r"\d\.\d", text) or len(formula.amounts) < 2:
        return False
    return not _ANIONS & set(formula.amounts)


def _from_names(
    raw: str,
    segments: Sequence[Segment],
    base: Material,
    stated: Mapping[str, list[str]],
    context: Mapping[str, str],
) -> list[Material]:
    """Materials of a string without a formula: its names, looked up, or its bare variables."""
    names = [raw[s.start : s.end] for s in segments if s.label == "name"]
    materials: list[Material] = []
    for name in names:
        looked_up = parse_formula(formula_of_name(name) or "")
        named = replace(base, name=name)
        if looked_up is None or _says_more(stated, looked_up):
            materials.append(replace(_with_system_class(named, name), variables=_flat(stated)))
        else:
            known = _relevant(looked_up, stated, context)
            materials += _expanded(named, looked_up, known, ("formula_from_name",))
    if materials:
        return materials[:_MAX_MATERIALS]
    lists = [(name, values) for name, values in stated.items() if len(values) > 1]
    if len(lists) != 1:
        return [replace(base, variables=_flat(stated))]
    (listed, values), rest = lists[0], _flat(stated)
    return [replace(base, variables={**rest, listed: value}) for value in values][:_MAX_MATERIALS]


def _says_more(stated: Mapping[str, list[str]], formula: Formula) -> bool:
    """Whether values are stated for which the formula of a name has no place (La1111, x = 0.1)."""
    numbers = stated.keys() - symbols("placeholders")
    return bool(numbers) and not formula.variables


def _with_system_class(material: Material, name: str) -> Material:
    """``material`` with the class of a system such as Nb-Ti, where its elements alone decide."""
    dashed = uniform(name)
    system = parse_formula(dashed.replace("-", "")) if "-" in dashed else None
    if material.material_class or system is None or any(c.isdigit() for c in name):
        return material
    decision = classify(system)
    if decision is None or decision.name not in _BY_ELEMENTS:
        return material
    return replace(material, material_class=decision.name, class_rule=decision.rule)


def _joined(raw: str, segments: Sequence[Segment], label: str) -> str | None:
    """The texts of all segments of ``label``, or None."""
    texts = [" ".join(raw[s.start : s.end].split()) for s in segments if s.label == label]
    return ", ".join(dict.fromkeys(texts)) or None


def _doping(raw: str, segments: Sequence[Segment]) -> str | None:
    """The doping as printed, with the word that makes it one (``F-doped``)."""
    suffixes = "|".join(load_toml("material_words.toml")["doping"]["suffixes"])
    texts = []
    for segment in segments:
        if segment.label == "doping":
            tail = re.match(rf"[\s-]{{1,3}}(?:{suffixes})(?![a-z])", uniform(raw[segment.end :]))
            end = segment.end + (tail.end() if tail else 0)
            texts.append(" ".join(raw[segment.start : end].split()))
    return ", ".join(dict.fromkeys(texts)) or None


def _stated(raw: str, segments: Sequence[Segment]) -> dict[str, list[str]]:
    """Each variable of the string with the values stated for it; ranges stay one value."""
    stated: dict[str, list[str]] = {}
    pending = ""
    variable = ""
    from_one = False  # "1-y = 0.85" states y = 0.15
    for segment in segments:
        text = raw[segment.start : segment.end].strip()
        if segment.label == "variable":
            variable = canonical_variable(text)
            from_one = _FROM_ONE.search(uniform(raw[: segment.start])) is not None
            if pending:
                stated[variable] = [f"{pending} {text}"]
                pending = ""
        elif segment.label == "value" and uniform(text).endswith(("<", "≤")):
            pending = text
        elif segment.label == "value" and variable in stated and text[:1] in "<≤":
            stated[variable][0] += f" {text}"
        elif segment.label == "value" and variable:
            if uniform(raw[: segment.start]).rstrip().endswith(_APPROXIMATELY):
                text = f"~{text}"
            # "x = 0.11 and 12 K for x = 0.05" states both values
            values = _values(variable, text)
            if from_one:
                values = [_complement(v) for v in values]
            listed = [*stated.get(variable, []), *values]
            stated[variable] = list(dict.fromkeys(listed))
            variable = ""
    return stated


def _complement(text: str) -> str:
    """What is left to one; what is no number of that size stays.

    >>> _complement("0.85"), _complement("y")
    ('0.15', 'y')
    """
    plain = _PLAIN_NUMBER.fullmatch(text.strip())
    return f"{Decimal(1) - Decimal(plain[0]):f}" if plain else text


def _values(variable: str, text: str) -> list[str]:
    """A printed list as its values."""
    if variable in symbols("placeholders"):
        return [v for v in _ELEMENT_SEPARATORS.split(text) if v]
    text = re.sub(r"(?<=\d):(?=\d)", ".", _REMARK.sub("", text))
    if re.fullmatch(r"0,\d{2,3}", text):
        return [text.replace(",", ".")]
    if re.fullmatch(r"0,\d", text):
        return [text]  # a decimal comma or a list: left open
    return [v for v in _SEPARATORS.split(text) if v]


def _flat(stated: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: ", ".join(values) for name, values in stated.items()}


def _relevant(
    formula: Formula, stated: Mapping[str, list[str]], context: Mapping[str, str]
) -> dict[str, list[str]]:
    """What is stated about the formula's own variables and sites; the string before its context."""
    open_names = formula.variables | formula.placeholders
    known = {
        canonical_variable(name): _values(canonical_variable(name), text)
        for name, text in context.items()
        if canonical_variable(name) in open_names
    }
    return {**{k: v for k, v in known.items() if v}, **stated}


def _expanded(
    base: Material,
    formula: Formula,
    known: Mapping[str, list[str]],
    flags: tuple[str, ...] = (),
) -> list[Material]:
    """One material for each of the listed values; lists that cannot be paired stay open."""
    open_names = formula.variables | formula.placeholders
    lists = {n: v for n, v in known.items() if n in open_names and len(v) > 1}
    lengths = {len(values) for values in lists.values()}
    paired = len(lists) <= 1 or (len(lengths) == 1 and "respectively" in base.raw)
    if not paired:
        single = {n: v for n, v in known.items() if n not in lists}
        return [
            _resolved(base, formula, _flat(single), _flat(known), (*flags, "ambiguous_variables"))
        ]
    count = max(lengths, default=1)
    rows = [
        {n: v[i] if n in lists else ", ".join(v) for n, v in known.items()} for i in range(count)
    ]
    return [_resolved(base, formula, row, row, flags) for row in rows]


def _resolved(
    base: Material,
    formula: Formula,
    values: Mapping[str, str],
    stated: dict[str, str],
    flags: tuple[str, ...],
) -> Material:
    """The material at one set of values."""
    notes = list(flags)
    usable: dict[str, str] = {}
    for name, text in values.items():
        if name in formula.placeholders:
            if text in elements():
                usable[name] = text
        elif name in formula.variables:
            single = _SINGLE_VALUE.fullmatch(uniform(text))
            if single is None:
                notes.append("variable_range")
                continue
            usable[name] = single[1]
            if text.strip().startswith(_APPROXIMATELY):
                notes.append("approximate_variable")
    try:
        result = formula.substitute(usable)
    except ValueError:
        notes.append("variable_out_of_range")
        result = formula
    if result.variables:
        notes.append("unresolved_variable")
    if result.placeholders:
        notes.append("unresolved_site")
    if result.isotopes:
        notes.append("isotope")
    composition = result.composition() or {}
    decision = _class_of(result, base)
    return replace(
        base,
        formula=str(result),
        composition=composition,
        amounts={symbol: str(amount) for symbol, amount in result.amounts.items()},
        variables=stated,
        material_class=decision.name if decision else None,
        class_rule=decision.rule if decision else None,
        phase=result.prefix or None,
        flags=tuple(dict.fromkeys(notes)),
    )


def _class_of(formula: Formula, base: Material) -> ClassDecision | None:
    """The class by elements and amounts; the words of the string where they leave it open."""
    decision = classify(formula, _dopants(base.doping or ""))
    if decision is None or decision.name == OTHER:
        return class_of_words(base.raw) or decision
    return decision


def _dopants(doping: str) -> Iterator[str]:
    """The elements that a doping names by symbol or by name."""
    by_name = {e.name: symbol for symbol, e in elements().items()}
    for word in re.findall(r"[A-Za-z]+", doping):
        if word in elements():
            yield word
        elif word.lower() in by_name:
            yield by_name[word.lower()]
