"""Context: what a paper as a whole says about its materials, for mentions that lean on it.

"x = 0.1", "sample S2" or "LSCO" mean something only beside a formula that stands elsewhere in the
paper. What is collected here is put to use in ``resolution``; how short forms and labels are
introduced is the business of ``abbreviations`` and ``samples``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from scmine.extractors.abbreviations import find_abbreviations
from scmine.extractors.claim import Label, Mention
from scmine.extractors.document import Passage, PassageKind, Table
from scmine.extractors.elements import elements
from scmine.extractors.formula import Formula
from scmine.extractors.materials import Material, parse_material, segment_material
from scmine.extractors.names import formula_of_name
from scmine.extractors.nicknames import covers, key_of
from scmine.extractors.open_formulas import (
    OpenFormulas,
    Place,
    read,
)
from scmine.extractors.resolution import Resolver
from scmine.extractors.samples import find_samples, samples_of_table

_SMALL = re.compile(r"[a-z]{3}")
_HYDRIDE = re.compile(r"\b([a-z]{3,12})(?:\s|-)(?:super)?hydrides?\s?\(([A-Z][a-z]?H)\)")


@dataclass(slots=True)
class Sample:
    """What a label stands for, and where that is said (None: in a table)."""

    text: str
    place: Place | None


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
        context._add_names()
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
        text = (
            self._in_mixed_case(mention.text) if not _SMALL.search(passage.text) else mention.text
        )
        for formula in self._formulas_in(text):
            self.formulas.add(place, formula)
        materials = parse_material(text)
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
            self.printed.setdefault(material.formula, Counter())[text] += 1
            if passage.kind is PassageKind.TITLE:
                self.titles.append(material.formula)
            for name in read_formula.variables:
                self.by_variable.setdefault(name, Counter())[material.formula] += 1

    def _in_mixed_case(self, text: str) -> str:
        """A formula of a title in capitals as the paper prints it elsewhere."""
        wanted = "".join(text.split()).casefold()
        return next(
            (
                m.text
                for found in self.mentions
                for m in found
                if m.text != text and "".join(m.text.split()).casefold() == wanted
            ),
            text,
        )

    def _add_names(self) -> None:
        """Names that nobody defines but that fit one formula of the paper stand for it."""
        for index, found in enumerate(self.mentions):
            for mention in found:
                if mention.label != Label.MATERIAL:
                    continue
                for start, end, label in segment_material(mention.text):
                    name = mention.text[start:end]
                    if (
                        label != "name"
                        or formula_of_name(name)
                        or key_of(name) in self.abbreviations
                    ):
                        continue
                    formula = read(self.only_covered(name) or "")
                    if formula is not None:
                        self.formulas.add(Place(index, mention.start, mention.end), formula)

    def only_covered(self, name: str) -> str | None:
        """The only formula of the paper all of whose elements ``name`` stands for."""
        fitting: dict[frozenset[str], Counter[str]] = {}
        for text, count in Counter(p.formula for p in self.formulas.printed).items():
            formula = read(text)
            if formula is not None and covers(name, formula):
                fitting.setdefault(frozenset(formula.amounts), Counter())[text] += count
        if len(fitting) != 1:
            return None
        [spellings] = fitting.values()
        opened = Counter({t: n for t, n in spellings.items() if _is_open(t)})
        if not opened and len(spellings) > 1:
            return None
        return (opened or spellings).most_common(1)[0][0]

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
        return self._resolver.resolve(raw, before)

    @cached_property
    def _resolver(self) -> Resolver:
        return Resolver(self)

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


def _is_open(text: str) -> bool:
    formula = read(text)
    return formula is not None and bool(formula.variables)
