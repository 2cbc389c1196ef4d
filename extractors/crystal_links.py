"""Crystal links: which material, and which pressure, a statement about a structure belongs to.

Rules over one sentence and what stands before it: what is joined to a formula, what brackets and
"for" attach, lists in the same order, the only material; else nothing is linked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from scmine.extractors.claim import Label
from scmine.extractors.crystal_facts import CrystalFact
from scmine.extractors.cues import cues
from scmine.extractors.elements import elements
from scmine.extractors.formula import looks_like_formula, parse_formula
from scmine.extractors.found_mentions import FoundMentions
from scmine.extractors.listed import runs_of
from scmine.extractors.rule_tagger import formula_mentions

_JOINED = re.compile(
    r"[\s$*)]*(?:\(?\s?(?:No\.?|#)?\s?\d{1,3}\)\s?)?-?\s?(?:(?:[a-z]+(?:-[a-z]+)?\s){0,3}(?:(?:phases?"
    r"|structures?|symmetry|polymorphs?|compounds?|modifications?|lattices?)\s(?:of|in|for)\s(?:the\s)?)"
    r"|(?:structured|type|structure|phase)\s)?"
)
_FOR = re.compile(
    r"\s*\)?,?\s*(?:for|of|in)\s(?:both\s)?(?:the\s)?(?:[a-z][a-z-]*\s(?!and\s)){0,4}"
)
_LISTED = re.compile(r"\s*(?:,|;|/|&|and|or|,\s?and)\s*(?:for\s|of\s)?(?:the\s)?")
_ATOM = re.compile(
    r"\s?(?:[²³]?[+-]|\d[+-])?\s?(?:atoms?|ions?|cations?|anions?|sites?|chains?|layers?"
    r"|at \d(?![\d.]*\s?(?:GPa|kbar|K\b|Å)))\b"
)
_ELEMENT_BEFORE = re.compile(r"(?<![\w-])([A-Z][a-z]?)\s?(?:,|and|or)\s(?:the\s)?$")
_BEFORE_BRACKET = re.compile(
    r"(?<![\w(-])([A-Z][A-Za-z0-9]{0,20})\s?\((?:(?:in|with|of)\s(?:(?:an?|the|its)\s)?(?:[a-z]+\s)?)?$"
)
_ALLOTROPE = re.compile("(?:" + "|".join(elements()) + r")\d{2,3}")
_WORDS = frozenset(("As", "At", "He", "I", "In", "No"))
_SHORT = (
    "(?:[BCFIKNPSVWY]H|" + "|".join(sorted(set(elements()) - _WORDS, key=len, reverse=True)) + ")"
)
"""Elements and hydrides of two capitals, meant beside a group or where they crystallize."""

_SHORT_BESIDE = re.compile(
    rf"[\s$*)]*(?:-|\s)(?:(?:phases?|structures?|symmetry)\s(?:of|in|for)\s)?({_SHORT})(?![\w.=)])"
)
_SHORT_SUBJECT = re.compile(
    rf"(?:(?<=structure of )|(?<=phase of )|(?<=parameters of )|(?<=cell of ))({_SHORT})"
    rf"(?=\s(?:at|under|is|with|\())"
    rf"|(?<![\w-])({_SHORT})(?=\s(?:crystalli[sz]es?|adopts?|becomes|to be stable|is (?:found"
    r"|stable|predicted|calculated|known|obtained|expected|dynamically)))"
)

_JOINED_FORMULA = re.compile(r"(?:-|\s)([A-Z](?:[A-Za-z0-9.]|[-−–](?=[\dxyzδ])){1,24})(?![\w])")
_IMPURITY = re.compile(
    r"\b(?:impurit\w+|secondary phases?|traces? of|precursors?|starting|buffer|substrates?|grown on"
    r"|deposited on|pressure medium|calibrant|standard)\b[^.;]*$",
    re.I,
)
_MATRIX = re.compile(r"[\s-](?:matrix|substrates?|buffer|seeds?|host|gasket|anvils?|wires?)\b")
_SAMPLE = re.compile(r"\b(?:samples?|specimens?)\b")
_TYPE_AFTER = re.compile(r"[\s-]{0,2}(?:type|structure|prototype)\b")
_ELSEWHERE = re.compile(
    r"\b(?:from|than|unlike|compar\w+|similar|deriv\w+|evolv\w+|replac\w+|as in|as is|case for"
    r"|instead|whereas|respect|those of|that of|analog\w+|(?<!-)like)\b"
    r"|\)\.|\s\(?[b-f]\)\s"
)
_HAS = re.compile(
    r"\b(?:crystalli[sz]\w+|adopt\w*|forms?|has|have|having|possess\w*|with|shows?|exhibit\w*|assum\w+"
    r"|belong\w*|takes?|in (?:the|an?|its|their)|indexed|isostructural|isotypic|called|known)\b"
)
_BOTH = re.compile(r"(?:Both|These|The (?:two|three|four)|All)\b")
_NEAR = 110
"""Characters between a material and a statement after it, where several materials stand."""

_LIMIT = re.compile(
    r"(?:\b(?:up to|above|below|over|beyond|to|from|until|exceeding|than|between)|[<>≤≥≳≲])\s?$"
)
_AT = re.compile(
    r"[\s,()]*(?:[^.;\d]{0,48}\s)?(?:at|under|for|and|near|around|about)\b[^\d.;]*|\s*\(\s*|\s*,\s*"
)
_BECOMES = re.compile(
    r"\b(?:transform|transition|decompos|turn|chang|evolv|emerg|disappear|vanish|synthesi|until"
    r"|unstable|instead|while|whereas|but|which|superconduct|T\s?c\b)",
    re.I,
)
_PRESSURE_NEAR = 72
_PRESSURE_FAR = 130


class Named(NamedTuple):
    """A material that a sentence names: where and how."""

    start: int
    end: int
    text: str

    @property
    def name(self) -> str:
        """The text without blanks."""
        return re.sub(r"\s", "", self.text)


class SentenceMaterials:
    """The materials of one sentence, without atoms of a site, structure types and impurities."""

    def __init__(
        self, found: FoundMentions, sentence: tuple[int, int], facts: Sequence[CrystalFact]
    ) -> None:
        self._text = found.passage.text
        self._sentence = sentence
        self._types = [f for f in facts if f.kind == "type"]
        taken = [(f.start, f.end) for f in facts if f.kind not in ("site", "system")]
        sites = [(f.start, f.end) for f in facts if f.kind == "site"]
        self._labels = {str(f.site["label"]) for f in facts if f.site is not None}
        named = [
            Named(m.start, m.end, m.text)
            for i in found.of(Label.MATERIAL)
            for m in (found.mentions[i],)
            if sentence[0] <= m.start < sentence[1]
        ]
        named += self._formulas(named)
        named += self._elements_beside(named)
        named += self._beside_symbols(facts)
        self.materials = sorted(
            m
            for m in set(named)
            if not any(o != m and o.start <= m.start and m.end <= o.end for o in named)
            and not any(start <= m.start and m.end <= end for start, end in taken)
            and not self._is_atom(m, sites)
            and not self._is_other(m)
        )

    def _formulas(self, named: Sequence[Named]) -> list[Named]:
        """Formulas of the sentence that no tagger took for a material."""
        start, end = self._sentence
        part_of_structure = cues()["not_material"]["after"]
        return [
            Named(start + m.start, start + m.end, m.text)
            for m in formula_mentions(self._text[start:end])
            if not any(n.start < start + m.end and start + m.start < n.end for n in named)
            and not part_of_structure.search(self._text[start + m.end : start + m.end + 20])
        ]

    def _elements_beside(self, named: Sequence[Named]) -> list[Named]:
        """Elements listed with a compound ("of Nb and Nb3Sn"), which are not always mentions."""
        found = []
        for material in named:
            before = _ELEMENT_BEFORE.search(self._text, self._sentence[0], material.start)
            if before and before[1] in elements():
                found.append(Named(before.start(1), before.end(1), before[1]))
        return found

    def _beside_symbols(self, facts: Sequence[CrystalFact]) -> list[Named]:
        """Formulas joined to a space group or before its bracket, mentions or not."""
        found = []
        for fact in (f for f in facts if f.kind == "group"):
            for match in (
                _BEFORE_BRACKET.search(self._text, self._sentence[0], fact.start),
                _JOINED_FORMULA.match(self._text, fact.end, self._sentence[1]),
            ):
                if match and (_is_compound(match[1]) or _ALLOTROPE.fullmatch(match[1])):
                    found.append(Named(match.start(1), match.end(1), match[1]))
            short = _SHORT_BESIDE.match(self._text, fact.end, self._sentence[1])
            if short:
                found.append(Named(short.start(1), short.end(1), short[1]))
        if facts:
            subjects = _SHORT_SUBJECT.finditer(self._text, *self._sentence)
            found += [Named(m.start(), m.end(), m.group()) for m in subjects]
        return found

    def _is_atom(self, material: Named, sites: Sequence[tuple[int, int]]) -> bool:
        inside = any(start < material.end and material.start < end for start, end in sites)
        if inside and not _is_compound(re.split(r"\s", material.text)[0]):
            return True  # `B3 2d`, and `x = 0.12` of a site is no content
        if inside and material.name in self._labels:
            return True  # `H2 8c` is the second hydrogen
        if material.name not in elements():
            return False
        return inside or _ATOM.match(self._text, material.end) is not None

    def _is_other(self, material: Named) -> bool:
        """Whether a mention is an impurity, a substrate, or a type listed before another."""
        before = self._text[max(self._sentence[0], material.start - 44) : material.start]
        listed = any(
            t.start > material.end
            and re.fullmatch(r"\s?(?:,|or|and)\s", self._text[material.end : t.start])
            and not self._text[t.start : t.end].isalpha()
            for t in self._types
        )
        after = _MATRIX.match(self._text, material.end)
        return listed or after is not None or _IMPURITY.search(before) is not None

    def of(self, fact: CrystalFact) -> tuple[Named, ...]:
        """The materials that ``fact`` speaks of, one or, for a structure of several, more."""
        materials = self._fitting(fact)
        for attached in (
            self._joined(fact, materials),
            self._bracketed(fact, materials),
            self._for(fact, materials),
        ):
            if attached is not None:
                return self._with_list(attached, fact)
        before = [m for m in materials if m.end <= fact.start]
        if fact.kind == "type" and not self._has_type(fact, before):
            return ()
        opening = self._text[self._sentence[0] : fact.start]
        if len(materials) > 1 and not before and fact.kind == "group" and _BOTH.match(opening):
            return tuple({m.name: m for m in materials}.values())
        if len({m.name for m in materials}) == 1:
            first = materials[0]
            between = self._text[fact.end : first.start]
            return () if not before and _ELSEWHERE.search(between) else (first,)
        if before and fact.start - before[-1].end <= _NEAR:
            between = self._text[before[-1].end : fact.start]
            if ";" not in between:
                return self._with_list(before[-1], fact)
        return ()

    def _has_type(self, fact: CrystalFact, before: Sequence[Named]) -> bool:
        """Whether the words between the last material and a structure type say that it has it."""
        if not before or fact.start - before[-1].end > _NEAR:
            return False
        return _HAS.search(self._text[before[-1].end : fact.start]) is not None

    def undecided(self, fact: CrystalFact) -> bool:
        """Whether several materials stand in the sentence, none of which ``fact`` is linked to."""
        return len({m.name for m in self._fitting(fact)}) > 1

    def _fitting(self, fact: CrystalFact) -> list[Named]:
        """The materials that may be meant: for a site, those that hold the element."""
        if fact.site is None:
            return self.materials
        element = str(fact.site["element"])
        holds = re.compile(rf"{element}(?![a-z])")
        return [m for m in self.materials if holds.search(m.text)]

    def in_order(self, facts: Sequence[CrystalFact]) -> tuple[Named, ...]:
        """The materials listed beside ``facts``, one for each, if "respectively" says so."""
        start, end = self._sentence
        if len(facts) < 2 or "respectively" not in self._text[start:end]:
            return ()
        runs = [run for run in self._runs() if len(run) == len(facts)]
        return runs[0] if len(runs) == 1 else ()

    def _runs(self) -> list[tuple[Named, ...]]:
        """Materials that stand in a row with commas and "and" between them."""

        def go_on(one: Named, other: Named) -> bool:
            return _LISTED.fullmatch(self._text, one.end, other.start) is not None

        return [tuple(run) for run in runs_of(self.materials, go_on)]

    def _with_list(self, material: Named, fact: CrystalFact) -> tuple[Named, ...]:
        """``material``, and those listed with it if a whole structure is stated of them all."""
        if fact.kind not in ("group", "type"):
            return (material,)
        run = next(run for run in self._runs() if material in run)
        outside = fact.end <= run[0].start or run[-1].end <= fact.start
        bracket = self._text[run[-1].end : fact.start].lstrip().startswith("(")
        return run if outside and not bracket else (material,)

    def _joined(self, fact: CrystalFact, materials: Sequence[Named]) -> Named | None:
        """The material right behind a space group or type ("Fm-3m LaH10", "C2/m phase of X")."""
        if fact.kind not in ("group", "type"):
            return None
        for material in materials:
            if material.start <= fact.start and fact.end <= material.end:
                return material  # the mention holds the symbol: "Im-3m-H3S"
            if material.start >= fact.end:
                return material if _JOINED.fullmatch(self._text, fact.end, material.start) else None
        return None

    def _bracketed(self, fact: CrystalFact, materials: Sequence[Named]) -> Named | None:
        """The material in whose bracket a fact stands ("AgAu2 (Cmmm)")."""
        for material in reversed(materials):
            if material.end <= fact.start:
                between = self._text[material.end : fact.start]
                opened = re.match(r"\s?(?:[a-z-]+\s){0,2}[(\[]", between)
                return material if opened and not re.search(r"[)\]]", between) else None
        return None

    def _for(self, fact: CrystalFact, materials: Sequence[Named]) -> Named | None:
        """The material that "for" puts behind a fact ("a = 4.02 Å for CeOBiS2")."""
        for material in materials:
            if material.start >= fact.end:
                return material if _FOR.fullmatch(self._text, fact.end, material.start) else None
        return None


def _is_compound(text: str) -> bool:
    """Whether a word is an element or the formula of a compound, open amounts included."""
    if text in elements() or looks_like_formula(text):
        return True
    formula = parse_formula(text) if re.search(r"\d|[xyδ]$", text) else None
    return formula is not None and len(formula.amounts) > 1


def material_before(found: FoundMentions, start: int, main: str | None = None) -> Named | None:
    """The one compound that the last sentence before ``start`` that names any speaks of.

    Where that is not the sentence right before, or where a sample is spoken of, ``main``, the
    paper's own material, goes first if the passage names it too.
    """
    text = found.passage.text
    groups = [found.mentions[i] for i in found.of(Label.SPACE_GROUP)]
    before = [
        i
        for i in found.of(Label.MATERIAL)
        for m in (found.mentions[i],)
        if m.start < start
        and m.text.strip() not in elements()
        and not _TYPE_AFTER.match(text, m.end)
        and not any(g.start < m.end and m.start < g.end for g in groups)
    ]
    if not before:
        return None
    last = max(before, key=lambda i: found.mentions[i].start)
    sentence = found.sentence(last)
    names = {found.mentions[i].text for i in before if found.sentence(i) == sentence}
    mention = found.mentions[last]
    own = [found.mentions[i] for i in before if main and found.mentions[i].text == main]
    of_sample = _SAMPLE.search(text, start, found.passage.sentence_at(start)[1])
    if own and (of_sample or sentence[1] < start - 2):
        return Named(own[-1].start, own[-1].end, own[-1].text)
    return Named(mention.start, mention.end, mention.text) if len(names) == 1 else None


def pressure_of(
    found: FoundMentions,
    sentence: tuple[int, int],
    facts: Sequence[CrystalFact],
    others: Sequence[CrystalFact],
) -> int | None:
    """The pressure at which ``facts`` hold; None where that is not told.

    The one that follows with "at" counts first, unless one of ``others`` stands between; then, if
    there are no others, the sentence's only pressure, where it stands before or among the facts.
    Limits and pressures of synthesis do not count.
    """
    text = found.passage.text
    usable = [
        i
        for i in found.of(Label.PRESSURE)
        if found.sentence(i) == sentence and not _is_limit(text, found.mentions[i].start)
    ]
    for i in usable:
        start = found.mentions[i].start
        for fact in facts:
            between = _without_materials(found, fact.end, start)
            parted = any(fact.end <= other.start < start for other in others)
            if not 0 < len(between) < _PRESSURE_NEAR or parted or _BECOMES.search(between):
                continue
            if _AT.fullmatch(between):
                return i
    if others or len({found.mentions[i].text for i in usable}) != 1:
        return None
    only = usable[0]
    gaps = [f.start - found.mentions[only].end for f in facts]
    near = min((gap for gap in gaps if gap >= 0), default=None)
    return only if near is not None and near <= _PRESSURE_FAR else None


def _without_materials(found: FoundMentions, start: int, end: int) -> str:
    """The text from ``start`` to ``end``, formulas (whose digits are no values) taken out."""
    text = found.passage.text[start:end]
    for i in found.of(Label.MATERIAL):
        mention = found.mentions[i]
        begin, stop = max(start, mention.start), min(end, mention.end)
        if begin < stop:
            length, at = stop - begin, begin - start
            text = text[:at] + "M" * length + text[at + length :]
    return text


def _is_limit(text: str, start: int) -> bool:
    before = re.split(r"[.;]\s", text[max(0, start - 90) : start])[-1]
    synthesis = cues()["pressure_kind"]["synthesis"].search(before)
    return bool(_LIMIT.search(before) or synthesis)
