"""Context: what a paper as a whole says about its materials, for mentions that lean on it.

"x = 0.1", "sample S2" or "LSCO" mean something only beside a formula that stands elsewhere in the
paper. Which formula a value belongs to is settled in ``open_formulas``; how short forms, labels
and phrases are introduced, in ``abbreviations``, ``samples`` and ``references``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from scmine.extractors.abbreviations import find_abbreviations
from scmine.extractors.claim import Label, Mention
from scmine.extractors.document import Passage, PassageKind, Table
from scmine.extractors.elements import elements
from scmine.extractors.formula import Formula, parse_formula
from scmine.extractors.materials import Material, parse_material, segment_material
from scmine.extractors.names import formula_of_name
from scmine.extractors.nicknames import covers, key_of
from scmine.extractors.open_formulas import (
    OpenFormulas,
    Place,
    base_names,
    dopants,
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
from scmine.extractors.samples import find_samples, label_key, labels_in, samples_of_table

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

_BEFORE = 600
"""Characters before a mention that are handed over as ``before`` (see ``claims``)."""

_BARE_NUMBER = re.compile(r"[\s,(]{0,3}\d{0,2}\.\d{1,4}(?:\s?%)?[\s,).]{0,3}")
_HYDRIDE = re.compile(r"\b([a-z]{3,12})(?:\s|-)(?:super)?hydrides?\s?\(([A-Z][a-z]?H)\)")


@dataclass(slots=True)
class Sample:
    """What a label stands for, and where that is said (None: in a table)."""

    text: str
    place: Place | None


def _last_formula(text: str, among: Collection[str]) -> str | None:
    """The last formula of ``text`` that is one of ``among`` (as canonical strings)."""
    for word in reversed(text.split()):
        formula = parse_formula(word.strip(".,;:()[]")) or parse_formula(word.strip(".,;:"))
        if formula is not None and str(formula) in among:
            return str(formula)
    return None


@dataclass
class MaterialContext:
    """Formulas with open variables, abbreviations defined, and the paper's main material."""

    passages: Sequence[Passage] = ()
    by_variable: dict[str, Counter[str]] = field(default_factory=dict)
    abbreviations: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    titles: list[str] = field(default_factory=list)
    printed: dict[str, Counter[str]] = field(default_factory=dict)
    sites: dict[str, set[str]] = field(default_factory=dict)
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    formulas: OpenFormulas = field(default_factory=OpenFormulas)
    mentions: Sequence[Sequence[Mention]] = ()

    @classmethod
    def of(
        cls,
        passages: Sequence[Passage],
        mentions: Sequence[Sequence[Mention]],
        tables: Iterable[Table] = (),
    ) -> MaterialContext:
        """Collected from the text, all material mentions and the tables of a paper."""
        context = cls(passages=passages, mentions=mentions, formulas=OpenFormulas(passages))
        for index, passage in enumerate(passages):
            context._define(index, passage)
        for table in tables:
            for label, text, _ in samples_of_table(table):
                context.samples.setdefault(label, []).append(Sample(text, None))
        for index, (passage, found) in enumerate(zip(passages, mentions, strict=True)):
            for mention in found:
                if mention.label == Label.MATERIAL:
                    context._add(index, passage, mention)
        return context

    def _define(self, index: int, passage: Passage) -> None:
        """The short forms and sample labels that a passage defines.

        A short form that is defined for an open formula and for one at a value of it means the
        open one: which value is meant later on, nobody says.
        """
        for short, printed, start in find_abbreviations(passage.text):
            formula, known = read(printed), self.abbreviations.get(key_of(short))
            if formula is None:
                continue
            self.formulas.add(Place(index, start, start + len(printed)), formula)
            older = read(known) if known else None
            opens = older is not None and not older.variables and bool(formula.variables)
            if known is None or opens:
                self.abbreviations[key_of(short)] = printed
        for _, short in _HYDRIDE.findall(passage.text):
            self.abbreviations.setdefault(key_of(short), "")
        for low, high in passage.sentences or ((0, len(passage.text)),):
            for label, text, start in find_samples(passage.text[low:high]):
                place = Place(index, low + start, low + start + len(text))
                self.samples.setdefault(label, []).append(Sample(text, place))

    def _add(self, index: int, passage: Passage, mention: Mention) -> None:
        place = Place(index, mention.start, mention.end)
        for formula in self._formulas_in(mention.text):
            self.formulas.add(place, formula)
        materials = parse_material(mention.text)
        for material in materials:
            if not material.formula:
                continue
            if len(materials) > 1 and len(material.variables) == 1:
                [value] = material.variables.values()
                if value in elements():
                    self.sites.setdefault(value, set()).add(material.formula)
            read_formula = read(material.formula)
            if read_formula is None:
                continue
            if material.composition or material.variables:
                self.formulas.add_closed(read_formula)
            self.counts[material.formula] += 1
            self.printed.setdefault(material.formula, Counter())[mention.text] += 1
            if passage.kind is PassageKind.TITLE:
                self.titles.append(material.formula)
            for name in read_formula.variables:
                self.by_variable.setdefault(name, Counter())[material.formula] += 1

    def _formulas_in(self, raw: str) -> list[Formula]:
        """The formulas that a mention prints or names, their variables open."""
        found = []
        for start, end, label in segment_material(raw):
            text = raw[start:end]
            if label == "formula":
                found.append(read(text))
            elif label == "name":
                known = self.abbreviations.get(key_of(text), formula_of_name(text))
                found.append(read(known) if known else None)
        return [formula for formula in found if formula is not None]

    def resolve(self, raw: str, before: str = "") -> list[Material]:
        """The materials that ``raw`` names, with what the paper says elsewhere put in.

        Parameters
        ----------
        raw
            A mention or a table cell.
        before
            The text before it, which may go on beyond it; it tells where in the paper the mention
            stands, and a formula in it is preferred to others of the paper.

        Returns
        -------
        list of Material
            What stays open keeps its variables, or has no formula, and says so in ``flags``.
        """
        place = self._place(raw, before)
        return [replace(m, raw=raw) for m in self._resolved(raw, place, before)]

    def _place(self, raw: str, before: str) -> Place | None:
        """Where ``raw`` stands: in the passage that holds ``before``, at or before its end."""
        if not before:
            return None
        index = next((i for i, p in enumerate(self.passages) if before in p.text), None)
        if index is None:
            return None
        text = self.passages[index].text
        low = text.index(before)
        high = low + len(before)
        if text.startswith(raw, low + _BEFORE):
            return Place(index, low + _BEFORE, low + _BEFORE + len(raw))
        start = text.rfind(raw, low, high)
        if start < 0:
            start = text.find(raw, high)
        return Place(index, start, start + len(raw)) if start >= 0 else Place(index, high, high)

    def _resolved(self, raw: str, place: Place | None, before: str) -> list[Material]:
        if _BARE_NUMBER.fullmatch(raw):
            return self._of_number(raw, place, before)
        site = self.sites.get(raw.strip(), set())
        if len(site) == 1:  # "3.3 K for Cs" in a paper on AOs2O6 (A = Cs, Rb, K)
            return parse_material(next(iter(site)))
        sampled = self._of_samples(raw, place)
        if sampled:
            return sampled
        result: list[Material] = []
        for material in parse_material(raw):
            named = self._defined(material.name, raw)
            if named is not None or (material.name and not material.formula):
                result += self._of_name(material, named, place)
            elif material.formula:
                result.append(self._completed(material, place))
            elif material.variables:
                result += self._of_values(material, place, before)
            else:
                result += self._of_reference(material, place, before)
        return result

    # --- names

    def _defined(self, name: str | None, raw: str) -> str | None:
        """The formula that the paper defines for a name or for the whole of ``raw``."""
        for text in (raw, name or ""):
            if text and key_of(text) in self.abbreviations:
                return self.abbreviations[key_of(text)]
        if name is None:
            return None
        for word in re.split(r",\s|\s", name):
            if key_of(word) in self.abbreviations:
                return self.abbreviations[key_of(word)]
        return None

    def _of_name(
        self, material: Material, printed: str | None, place: Place | None
    ) -> list[Material]:
        """``material`` by its name: as defined, else the one formula of the paper that fits it."""
        if printed is None:
            printed = self._only_covered(material.name or "")
        if not printed:
            flags = [f for f in material.flags if f != "formula_from_name"]
            bare = {"formula": None, "composition": {}} if printed == "" else {}
            named = replace(material, **bare, flags=(*flags, "unresolved_name"))  # type: ignore[arg-type]
            return [named]
        return [
            self._completed(_with_compound(material, found), place)
            for found in parse_material(printed, _plain(material.variables))
        ]

    def _only_covered(self, name: str) -> str | None:
        """The only formula of the paper all of whose elements ``name`` stands for."""
        fitting: dict[frozenset[str], Counter[str]] = {}
        for _, text in self.formulas.printed:
            formula = read(text)
            if formula is not None and covers(name, formula):
                fitting.setdefault(frozenset(formula.amounts), Counter())[text] += 1
        if len(fitting) != 1:
            return None
        [spellings] = fitting.values()
        opened = Counter({t: n for t, n in spellings.items() if _is_open(t)})
        if not opened and len(spellings) > 1:
            return None
        return (opened or spellings).most_common(1)[0][0]

    # --- printed formulas

    def _completed(self, material: Material, place: Place | None) -> Material:
        """``material`` with what its state of doping says about its formula put in."""
        formula = read(material.formula) if material.formula else None
        if formula is None:
            return material
        state = (material.doping or "").lower()
        if not formula.variables:
            return self._doped(material, formula)
        values: Mapping[str, str] | None = None
        if re.match(r"(?:optimal|optimum)", state):
            names = set(dopants(formula))
            values = {k: v for k, v in self._optimum.items() if k in names}
        elif state in ("undoped", "parent"):
            values = at_no_doping(formula)
        values = {k: v for k, v in (values or {}).items() if k not in material.variables}
        if not values or len(values) != 1:
            return material
        found = parse_material(str(formula), values)
        return _with_compound(material, found[0]) if len(found) == 1 else material

    def _doped(self, material: Material, formula: Formula) -> Material:
        """A host's formula with a dopant beside it, as the paper's formula that holds both."""
        shares = shares_in(material.doping or "")
        symbols = set(re.findall(r"[A-Z][a-z]?", material.doping or "")) & set(elements())
        added = symbols - set(formula.amounts)
        if not added or not re.search(r"dop|substit|%", material.doping or ""):
            return material
        wanted = set(formula.amounts) | added
        fitting = {
            text
            for _, text in self.formulas.printed
            if (known := read(text)) is not None
            and set(known.amounts) == wanted
            and known.variables
        }
        flagged = replace(material, composition={}, flags=(*material.flags, "undoped_formula"))
        if len(shares) == 1 and len(fitting) == 1:
            [text] = fitting
            return self._at_share(material, text, *shares[0]) or flagged
        return flagged

    @cached_property
    def _optimum(self) -> dict[str, str]:
        return optimum_of(p.text for p in self.passages)

    @cached_property
    def _shares(self) -> Shares:
        return Shares(p.text for p in self.passages)

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

    def _of_values(self, material: Material, place: Place | None, before: str) -> list[Material]:
        """Materials at stated values, by the formula that these belong to."""
        formula, count = self._formula_with(material.variables, place, before)
        variables = material.variables
        if formula is None and not count:
            variables = base_names(material.variables)
            formula, count = self._formula_with(variables, place, before)
        if formula is None:
            flag = "ambiguous_formula" if count else "unresolved_variable"
            return [replace(material, flags=(*material.flags, flag))]
        return [
            _with_compound(material, found) for found in parse_material(formula, _plain(variables))
        ]

    def _formula_with(
        self, variables: Mapping[str, str], place: Place | None, before: str
    ) -> tuple[str | None, int]:
        if place is None and before:
            among = {p.formula for g in self.formulas.candidates(variables).values() for p in g}
            printed = _last_formula(before, among)
            if printed is not None:
                return printed, 1
        return self.formulas.choose(variables, place)

    # --- labels and phrases

    def _of_samples(self, raw: str, place: Place | None) -> list[Material]:
        """The materials of the sample labels that ``raw`` consists of; empty if any is unknown."""
        if not self.samples:
            return []
        labels = labels_in(raw)
        if not labels or (read(raw.strip()) is not None and raw.strip() in elements()):
            return []
        result: list[Material] = []
        for label in labels:
            said = self.samples.get(label_key(label), [])
            found = {
                tuple(m.formula for m in materials): materials
                for sample in said
                if (materials := self._resolved(sample.text, sample.place, ""))
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
            for _, text in self.formulas.printed
            if (known := read(text)) is not None and self._shares.variable(known, element)
        )
        if len({frozenset(f.amounts) for t in fitting if (f := read(t)) is not None}) != 1:
            return None
        return self._at_share(material, fitting.most_common(1)[0][0], percent, element)

    def _text_before(self, place: Place | None, before: str) -> str:
        if place is None:
            return before
        return self.passages[place.passage].text[max(0, place.start - 100) : place.start]

    def _of_phrase(self, phrase: str | None, place: Place | None) -> str | None:
        """The formula that a phrase stands for; None if the paper leaves it open."""
        if phrase == "title":
            return self.titles[0] if len(set(self.titles)) == 1 else None
        if phrase == "main":
            last = self.formulas.last_before(place) if place is not None else None
            return last or self.main_formula()
        if phrase not in ("parent", "optimal"):
            return None
        opened = {
            text
            for _, text in self.formulas.printed
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

    # --- the paper's own material

    def main_printed(self) -> str | None:
        """The main material as the paper prints it most often."""
        formula = self.main_formula()
        if formula is None or formula not in self.printed:
            return None
        return self.printed[formula].most_common(1)[0][0]

    def main_formula(self) -> str | None:
        """The formula that the paper is about: of the title, or by far the most named."""
        if len(set(self.titles)) == 1:
            return self.titles[0]
        ranked = self.counts.most_common(2)
        if not ranked:
            return None
        if len(ranked) == 1 or ranked[0][1] >= 3 * ranked[1][1]:
            return ranked[0][0]
        return None


def _with_compound(material: Material, found: Material) -> Material:
    """``material`` with the formula of ``found``, and the flags of both."""
    flags = dict.fromkeys((*material.flags, *found.flags))
    if found.composition:
        flags = {f: None for f in flags if not f.startswith("unresolved")}
    fields = {key: getattr(found, key) for key in _OF_THE_COMPOUND}
    fields["flags"] = tuple(flags)
    fields["variables"] = found.variables or material.variables
    return replace(material, **fields)


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
