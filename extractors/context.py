"""Context: what a paper as a whole says about its materials, for mentions that lean on it.

"x = 0.1", "the x = 0.1 sample" or "LSCO" mean something only beside a formula that stands
elsewhere in the paper.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from scmine.extractors.claim import Label, Mention
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.elements import elements
from scmine.extractors.formula import canonical_variable, parse_formula
from scmine.extractors.materials import Material, parse_material

_ABBREVIATION = r"\s*\(\s{0,3}([A-Z][A-Za-z]{0,20}[A-Z][\w-]{0,20})\s{0,3}\)"


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


def _last_formula(text: str, among: Collection[str]) -> str | None:
    """The last formula of ``text`` that is one of ``among`` (as canonical strings)."""
    for word in reversed(text.split()):
        formula = parse_formula(word.strip(".,;:()[]")) or parse_formula(word.strip(".,;:"))
        if formula is not None and str(formula) in among:
            return str(formula)
    return None


@dataclass(slots=True)
class MaterialContext:
    """Formulas with open variables, abbreviations defined, and the paper's main material."""

    by_variable: dict[str, Counter[str]] = field(default_factory=dict)
    abbreviations: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    titles: list[str] = field(default_factory=list)
    printed: dict[str, Counter[str]] = field(default_factory=dict)
    sites: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, passages: Sequence[Passage], mentions: Sequence[Sequence[Mention]]
    ) -> MaterialContext:
        """Collected from all material mentions of a paper."""
        context = cls()
        for passage, found in zip(passages, mentions, strict=True):
            for mention in found:
                if mention.label is Label.MATERIAL:
                    context._add(passage, mention)
        return context

    def _add(self, passage: Passage, mention: Mention) -> None:
        materials = parse_material(mention.text)
        for material in materials:
            if not material.formula:
                continue
            if len(materials) > 1 and len(material.variables) == 1:
                [value] = material.variables.values()
                if value in elements():
                    self.sites.setdefault(value, set()).add(material.formula)
            formula = parse_formula(material.formula)
            if formula is None:
                continue
            self.counts[material.formula] += 1
            self.printed.setdefault(material.formula, Counter())[mention.text] += 1
            if passage.kind is PassageKind.TITLE:
                self.titles.append(material.formula)
            for name in formula.variables:
                self.by_variable.setdefault(name, Counter())[material.formula] += 1
        definition = re.match(_ABBREVIATION, passage.text[mention.end :])
        inner = re.match(rf"(.*\S){_ABBREVIATION}$", mention.text)
        if definition and parse_formula(mention.text):
            self.abbreviations.setdefault(definition.group(1), mention.text)
        elif inner and parse_formula(inner.group(1)):
            self.abbreviations.setdefault(inner.group(2), inner.group(1))

    def resolve(self, raw: str, before: str = "") -> list[Material]:
        """The materials that ``raw`` names, with what the paper says elsewhere put in.

        ``before`` is the text just before; a formula there is preferred to others of the paper.
        """
        site = self.sites.get(raw.strip(), set())
        if len(site) == 1:  # "3.3 K for Cs" in a paper on AOs2O6 (A = Cs, Rb, K)
            return [replace(m, raw=raw) for m in parse_material(next(iter(site)))]
        materials = parse_material(raw)
        result: list[Material] = []
        for material in materials:
            if material.formula or not material.variables:
                result += self._from_abbreviation(raw, material)
                continue
            formula = self._formula_with(material.variables, before)
            if formula is None:
                result.append(material)
                continue
            result += [
                replace(filled, raw=raw, variables=material.variables, shape=material.shape)
                for filled in parse_material(formula, material.variables)
            ]
        return result

    def _from_abbreviation(self, raw: str, material: Material) -> list[Material]:
        """``material``, its formula looked up if the paper defines its name.

        The paper's own definition of a nickname counts before the field's.
        """
        if material.formula and "formula_from_name" not in material.flags:
            return [material]
        for name, formula in self.abbreviations.items():
            if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w])", raw):
                found = parse_material(formula, material.variables)
                if len(found) == 1:
                    filled = replace(
                        material,
                        name=name,
                        **{key: getattr(found[0], key) for key in _OF_THE_COMPOUND},
                    )
                    return [filled]
        return [material]

    def _formula_with(self, variables: dict[str, str], before: str) -> str | None:
        """The formula that leaves ``variables`` open: the last before, or the paper's only one."""
        names = {canonical_variable(name) for name in variables}
        candidates: Counter[str] = Counter()
        for name in names:
            candidates.update(self.by_variable.get(name, Counter()))
        fitting = {}
        for formula, count in candidates.items():
            parsed = parse_formula(formula)
            if parsed is not None and names <= set(parsed.variables):
                fitting[formula] = count
        if not fitting:
            return None
        printed = _last_formula(before, fitting)
        if printed is not None:
            return printed
        titled = [f for f in self.titles if f in fitting]
        if titled:
            return titled[0]
        if len(fitting) == 1:
            return next(iter(fitting))
        ranked = Counter(fitting).most_common(2)
        return ranked[0][0] if ranked[0][1] >= 3 * ranked[1][1] else None

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
