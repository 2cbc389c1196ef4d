"""Splits a material string into formula, name, doping, variable, value, shape, substrate and
fabrication.

Finds where each part stands; what the parts mean together is worked out in ``materials``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from scmine.extractors.characters import uniform
from scmine.extractors.elements import elements, symbols
from scmine.extractors.formula import LOST_BRACKET, looks_like_formula, parse_formula
from scmine.extractors.lexicons import load_toml
from scmine.extractors.names import find_acronyms, find_names, is_part_only
from scmine.extractors.spacegroups import find_space_groups

_MAX_LENGTH = 400
_MAX_FORMULA_LENGTH = 100
_MAX_ATTEMPTS = 400  # at reading a formula, a string: what needs more is no material
_NUM = r"(?:\d+\s?/\s?\d+|\d*[.:]\d+|\d+)"
_EXPRESSION = rf"(?:{_NUM}\s?%?|\d*[nxyz](?![A-Za-z]|\s*[=<>~≈≤≥]))"
_REMARK = r"(?:\s?\([a-z][a-z -]{2,24}\)|\s?\[\d{1,3}\])"  # `0 (squares), 0.2 (circles)`, `0 [15]`
_JOIN = r"(?:\s*(?:,?\s*(?:and|n?or|to)\b|,|;|-|&|/|~)\s*)"
_NUMBERS = (
    rf"[<>≤≥]?\s?{_EXPRESSION}(?:{_REMARK}?{_JOIN}[~≈≃<>≤≥]?\s?{_EXPRESSION})*(?![A-Za-z\d]|\.\d)"
)
_VARIABLE = r"(?:x\s?(?:i\d?|n|[A-Z][a-z]?|opt|c)(?=\s*[=<>≤≥~≈≃])|[xyzδnmpdw])\s?'?"
_PAIR = re.compile(
    rf"(?<![A-Za-z\d])(?P<variable>{_VARIABLE})"
    rf"(?:\s*(?:=|\$|:)\s*|\s*(?=[<>≤≥~≈≃])|\s+(?:of|near|is)?\s*(?=[\d.])|\s+(?:values\s)?(?=from\s\d))"
    rf"[~≈≃\s]{{0,8}}(?P<value>(?:from\s)?{_NUMBERS})"
)
# a variable with an element as its index, which is no material: `x Pr = 0.25`
_INDEXED = re.compile(
    rf"(?<![A-Za-z\d])(?P<variable>x\s?[A-Z][a-z]?)\s*[=≈]\s*(?P<value>{_NUMBERS})"
)
_BARE_NUMBER = re.compile(r"\s*(\d?\.\d{1,3}|\d\.\d{1,3})\s*")
_CHAINED = re.compile(
    r"(?<![A-Za-z\d])(?P<variable>[xyzδnmpw])\s?=\s?(?=[xyzδnmpw]\s?(?:c|n|opt)?\s?[=<>≤≥~])"
)
_BETWEEN = re.compile(
    rf"(?P<low>-?{_NUM}\s*[<≤])\s*(?P<variable>{_VARIABLE})\s*(?P<high>[<≤]\s*{_NUM})"
)
_NOTHING = ""
_LINE_BREAK_HYPHEN = r"(?:-\s)?"
# elements that are not listed one by one: `R = rare-earth elements`
_ELEMENT_FAMILY = (
    r"(?:an?\s|the\s)?(?:rare[\s-]{1,2}earth|lanthanides?|lanthanoids?|actinides?|alkali(?:ne)?"
    r"(?:[\s-]{1,2}earth)?|transition)(?:[\s-](?:metals?|elements?|ions?))?"
)
# a type of structure is no material: `ThCr2Si2-type`
_TYPE = re.compile(r"\s?-\s?(?:type|like|structured?)\b|\s(?:type\s)?struc(?:-\s)?ture\b")


# `In LaFeAsO`, `PC NdFeAsO`, `O3 NaCoO2`: a word, an acronym or a stacking before a formula
_WORD_BEFORE = re.compile(
    r"(?:[OPT][1-3]'?\s[A-Z]|(?:In|As|At|No|He|Be|I|[A-Z]{2,})\s[A-Z(]|\(Q?\dD\)|\(Q1D\))"
)
# `La0.67Sr0.33MnO3 (LSMO)`, `WB4.2(1)`: a name or an uncertainty behind it
_ASIDE = re.compile(r"(?<=[\w)])(?:\s?\((?:[A-Z]{3,}|\d{1,2})\)|\s[A-Z]{2,}|(?<=\d)\s\d{1,3})$")
# what may stand in brackets behind a whole formula: a name, a thickness, a face, a word
_BEHIND = re.compile(r"[(\[](?:[A-Z]{2,}|\d|[a-z]|[A-Z][a-z]?[-\s]?\d{3})")
_AFTER_BRACKET = re.compile(r"\)(?:[A-Z][a-z]?\s?[\d.]{0,5}\s?)?$")
_UNREAD_AMOUNT = re.compile(r"\s?\d+[xyzδ](?![A-Za-z])")
_WITHIN = re.compile(r"(\S*[\w)\]])[(\[][^()\[\]\s]*$")
_WORD_BESIDE = re.compile(
    r"\(?(?:[A-Za-z]?[a-z]{3,}|[A-Z][A-Z\d-]+)"
)  # `hydride(LaH10)`, `YBCO(…)`
_NAMED_SUBSTRATE = re.compile(
    r"(?<![\w-])([A-Z][A-Za-z\d]{0,12}(?:\s?\d|\s[A-Z][a-z]?){0,6}(?:\s?\(\d{3,4}\))?)\s+substrates?\b"
)
_DOPED_WITH_IT = re.compile(r"\s?-\s?(?:do(?:-\s)?ped|substituted|intercalated|added|coated)\b")
_SURROUNDINGS = re.compile(
    r"\b(?:grown|annealed|sintered|heated|sealed|fired|quenched)\s(?:in|under)\s"
    r"(?:an?\s|flowing\s|pure\s){0,2}([A-Z][A-Za-z]{0,6}(?:\s?\d(?:\s?[A-Z][a-z]?\s?\d?)?)?)(?![A-Za-z])"
)
_CHARGE = re.compile(r"[+-](?![\w(])")
_COUNTED = re.compile(
    r"(?:one|two|three|four|double|triple|infinite|multi|n)[\s-]{1,2}$", re.IGNORECASE
)
_NO_SHAPE = re.compile(r"[\s-]{1,2}(?:hydrate|deuterate|cuprate|nickelate)")


class Segment(NamedTuple):
    """Characters ``start`` to ``end`` (exclusive) of a material string that are a ``label``."""

    start: int
    end: int
    label: str


def segment_material(raw: str) -> list[Segment]:
    """The labelled parts of a material string, in order, without overlap.

    Labels are ``formula``, ``name``, ``doping``, ``variable``, ``value``, ``shape``, ``substrate``
    and ``fabrication``. Strings beyond 400 characters are no material strings and give nothing.

    >>> raw = "single crystals of LaFeAsO 1-x F x (x = 0.11)"
    >>> [(raw[s:e], label) for s, e, label in segment_material(raw)]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('single crystals', 'shape'), ('LaFeAsO 1-x F x', 'formula'), ('x', 'variable'),
     ('0.11', 'value')]
    """
    return list(_segmented(raw)) if len(raw) <= _MAX_LENGTH else []


@lru_cache(maxsize=2048)  # a paper names its materials again and again
def _segmented(raw: str) -> tuple[Segment, ...]:
    text = uniform(raw)
    taken: list[Segment] = []
    for finder in _FINDERS:
        for segment in finder(text, taken):
            if segment.start < segment.end and _is_free(taken, segment.start, segment.end):
                taken.append(segment)
    return tuple(sorted(s for s in taken if s.label != _NOTHING))


def _is_free(taken: list[Segment], start: int, end: int) -> bool:
    return all(end <= s.start or start >= s.end for s in taken)


def _pairs(text: str, taken: list[Segment]) -> Iterator[Segment]:
    """Variables and the values stated for them."""
    for match in _BETWEEN.finditer(text):
        yield Segment(*match.span("low"), "value")
        yield _trimmed(text, *match.span("variable"), "variable")
        yield Segment(*match.span("high"), "value")
    if bare := _BARE_NUMBER.fullmatch(text):
        yield Segment(*bare.span(1), "value")
    for match in _CHAINED.finditer(text):
        yield _trimmed(text, *match.span("variable"), "variable")
    for match in _PAIR.finditer(text):
        between = text[match.end("variable") : match.start("value")]
        before = text[: match.start()].rstrip()[-1:]
        if between.strip() or not before.isdigit():  # `0.6 y 1.2` has lost its signs
            yield from _pair(text, match)


def _placeholder_pairs(text: str, taken: list[Segment]) -> Iterator[Segment]:
    """Open sites and the elements stated for them; variables with an element as index."""
    for match in _INDEXED.finditer(text):
        yield from _pair(text, match)
    for match in _placeholder_pair().finditer(text):
        yield from _pair(text, match)


def _pair(text: str, match: re.Match[str]) -> Iterator[Segment]:
    yield _trimmed(text, *match.span("variable"), "variable")
    yield _trimmed(text, *match.span("value"), "value")


def _trimmed(text: str, start: int, end: int, label: str) -> Segment:
    while start < end and text[start] in " ,;":
        start += 1
    while start < end and text[end - 1] in " ,;":
        end -= 1
    return Segment(start, end, label)


@cache
def _placeholder_pair() -> re.Pattern[str]:
    """``A = Ca, Sr and Ba``: an open site and the elements that stand on it."""
    names = "|".join(sorted(symbols("placeholders"), key=lambda s: (-len(s), s)))
    element = "(?:" + "|".join(sorted(elements(), key=len, reverse=True)) + ")(?![a-z])"
    join = rf"(?:{_JOIN}|\s*±\s*|,?\s?(?:\.\s?){{2,3}},?\s?)"
    elements_listed = rf"(?:{element}(?:{join}{element})*|{_ELEMENT_FAMILY})"
    lost = r"(?:(?<=[(,]..)|(?<=[(,].)|(?<=[(,]\s..)|(?<=[(,]\s.)|(?<=where\s..)|(?<=where\s.))\s"
    return re.compile(
        rf"(?<![A-Za-z\d])(?P<variable>{names}|Re(?=\s*=\s*rare))"
        rf"(?:\s*[=:]\s*|\s+(?:is|are|stands?\sfor)\s+|{lost})"
        rf"(?:{_ELEMENT_FAMILY}\s?\((?={element}))?(?P<value>{elements_listed})(?![A-Za-z]|\s?\d)"
    )


@cache
def _word_pattern(label: str, key: str) -> re.Pattern[str]:
    words = load_toml("material_words.toml")[label][key]
    ordered = sorted(words, key=len, reverse=True)
    if label == "doping":
        choice = "|".join(w.replace("doped", rf"do{_LINE_BREAK_HYPHEN}ped") for w in ordered)
        choice = choice.replace("under", f"un{_LINE_BREAK_HYPHEN}der")
        return re.compile(rf"(?<![A-Za-z])(?:{choice})(?![A-Za-z])", re.IGNORECASE)
    choice = "|".join(
        w.replace(" ", r"[\s-]{1,2}")
        .replace("crys", "crys(?:-\\s?)?")
        .replace("un", "un(?:-\\s?)?")
        for w in ordered
    )
    choice = choice.replace("single", "sin(?:-\\s?)?gle")
    return re.compile(rf"(?<![A-Za-z])(?:{choice})(?![A-Za-z])", re.IGNORECASE)


def _words(text: str, taken: list[Segment]) -> Iterator[Segment]:
    """Shapes, words of fabrication and thicknesses."""
    for label in ("shape", "fabrication"):
        for match in _word_pattern(label, "words").finditer(text):
            counted = match[0].startswith("layer") and _COUNTED.search(text[: match.start()])
            if not counted and not _NO_SHAPE.match(text, match.end()):
                yield Segment(match.start(), match.end(), label)
    for match in re.finditer(r"\(?\b\d+(?:\.\d+)?\s?nm\b\)?", text):
        yield Segment(match.start(), match.end(), "fabrication")


def _ways(text: str, taken: list[Segment]) -> Iterator[Segment]:
    """Ways of fabrication, with what they were done in."""
    for match in _word_pattern("fabrication", "ways").finditer(text):
        yield Segment(match.start(), match.end(), "fabrication")


def _states(text: str, taken: list[Segment]) -> Iterator[Segment]:
    """States of doping, contents, and what something is doped with."""
    # "x = 0.05 (underdoped) and 0.14 (overdoped)": each value has a state of its own
    remarks = [m.span() for m in re.finditer(rf"(?<=\d){_REMARK}", text)]
    for match in _word_pattern("doping", "states").finditer(text):
        if len(remarks) < 2 or not any(s < match.start() < e for s, e in remarks):
            yield Segment(match.start(), match.end(), "doping")
    for match in _content_pattern().finditer(text):
        yield Segment(match.start(), match.end(), "doping")


@cache
def _element_choice() -> str:
    """A pattern of the symbols of the elements and of the words for dopants."""
    words = "|".join(load_toml("material_words.toml")["doping"]["dopant_words"])
    symbol = "|".join(sorted(elements(), key=len, reverse=True))
    return rf"(?:(?:{symbol})(?![a-z])|(?i:{words})(?![a-z]))"


@cache
def _content_pattern() -> re.Pattern[str]:
    """``Na concentration``, ``doped with Ca and Sr``, ``substitution of Zn for Cu``."""
    species = rf"(?:\d*\.?\d+\s?(?:at\.?\s?)?%\s?)?{_element_choice()}"
    listed = rf"{species}(?:\s?(?:,|\band\b|&)\s?{species}){{0,4}}"
    return re.compile(
        rf"(?<![A-Za-z\d]){_element_choice()}\s?-?\s?(?:concentration|content|level)s?\b"
        rf"|(?<=\bdoped\swith\s){listed}|(?<=\bsubstituted\swith\s){listed}"
        rf"|(?<=\bintercalated\swith\s){listed}|(?<=\bdoping\swith\s){listed}"
    )


@cache
def _dopant_pattern() -> re.Pattern[str]:
    data = load_toml("material_words.toml")["doping"]
    species = rf"(?:\d*\.?\d+\s?%\s?)?(?:{_element_choice()}|RE)"
    suffixes = "|".join(s.replace("doped", "do(?:- ?)?ped") for s in data["suffixes"])
    return re.compile(
        rf"(?<![A-Za-z\d])(?P<dopant>{species}"
        rf"(?:\s?(?:,|(?:-\s?)?\b(?:and|or)\b|&|/|\+)\s?{species}){{0,9}})"
        rf"(?:[\s-]{{1,3}}(?P<how>{suffixes}))(?![A-Za-z])"
    )


def _dopants(text: str, taken: list[Segment]) -> Iterator[Segment]:
    """``F`` of ``F-doped``, ``1% Zn`` of ``1% Zn-SLCO``; hole- and electron-doped are states."""
    for match in _dopant_pattern().finditer(text):
        dopant, start = match["dopant"], match.start("dopant")
        carriers = dopant.lower() in ("hole", "electron", "chemically")
        if carriers or (match["how"] == "substituted" and "%" not in dopant):
            yield Segment(match.start(), match.end(), "doping")
        elif re.search(r"-\s?and\b|%.*%", dopant):  # `Sr- and Zn-doped` has two
            for part in re.finditer(r"(?:[^\s,&/+-]|(?<=\d)\s(?=%)|(?<=%)\s)+", dopant):
                if part[0] not in ("and", "or"):
                    yield Segment(start + part.start(), start + part.end(), "doping")
        else:
            yield Segment(start, match.end("dopant") if match["dopant"] else match.end(), "doping")
    for match in _prefixed_pattern().finditer(text):
        yield Segment(
            match.start(), match.end("dopant") if match["dopant"] else match.end(), "doping"
        )
    for match in re.finditer(
        r"\d*\.?\d+\s?%\s?(?:of\s)?[A-Z][a-z]?(?![a-z]|\s?\d|\s[A-Z]\s?\d)", text
    ):
        yield Segment(match.start(), match.end(), "doping")


@cache
def _prefixed_pattern() -> re.Pattern[str]:
    """``Cu-`` of ``Cu-PdTe2`` and ``Cu 6%`` of ``Cu 6% doped``."""
    symbol = "|".join(s for s in elements() if len(s) == 2)
    return re.compile(
        rf"(?<![\w/-])(?P<dopant>{symbol})-(?=[A-Z][A-Za-z]*\s?\d(?!\d\d))"
        rf"|(?<=[\w)]:)(?:{symbol}|[A-Z])(?!\w)"
        rf"|(?<![\w/-])(?:{symbol})\s\d*\.?\d+\s?%(?=[\s-]doped)"
    )


@cache
def _film_pattern() -> re.Pattern[str]:
    """What a film lies on, after a slash: one of the substrates in use, perhaps with its face."""
    names = "|".join(re.sub(r"(\d)", r"\\s?\1\\s?", n) for n in _substrate_names())
    return re.compile(
        rf"/\s?(?P<substrate>(?:[A-Z][a-z]?(?::|-doped\s))?(?:{names})(?![A-Za-z\d])(?:\s?\(\d{{3,4}}\))?)\s?(?![/\w])"
    )


@cache
def _substrate_names() -> tuple[str, ...]:
    """Substrates in use, the longest first."""
    return tuple(
        sorted(load_toml("material_words.toml")["substrate"]["names"], key=lambda n: (-len(n), n))
    )


def _substrates(text: str, taken: list[Segment]) -> Iterator[Segment]:
    """What stands between ``on`` and ``substrate``, as a formula after ``on``, or after a slash."""
    pattern = re.compile(
        r"\bon(?:to)?\s+(?:an?\s+|the\s+)?(?:substrates?\s+of\s+|single[\s-]crystals?\s+of\s+)?"
        r"(?P<substrate>[^,;]{1,40}?)"
        r"(?=[\s-]+substrates?\b|\s*$|\s*[,;]|\s*\)\s*$|\s+(?:with|at|by|for)\b)"
    )
    for match in pattern.finditer(text):
        start, end = match.span("substrate")
        while not _balanced(text[start:end]) and end < len(text) and text[end] in ")]":
            end += 1
        yield Segment(start, end, "substrate")
    for match in _NAMED_SUBSTRATE.finditer(text):
        bare = re.sub(r"\s?\(\d+\)$", "", match[1])
        if bare in _substrate_names() or looks_like_formula(bare):
            yield Segment(*match.span(1), "substrate")
    for match in _film_pattern().finditer(text):
        yield Segment(*match.span("substrate"), "substrate")


def _boundaries(text: str) -> tuple[list[int], list[int]]:
    """Where a formula may begin and end: at blanks, brackets and punctuation."""
    starts = [i for i in range(len(text)) if text[i].isalnum() or text[i] in "(["]
    starts = [i for i in starts if i == 0 or text[i - 1] in " ([,:;-/" or text[i] in "(["]
    ends = [i for i in range(1, len(text) + 1) if i == len(text) or text[i] in " )],:;-/(["]
    return starts, ends


def _formulas(text: str, taken: list[Segment]) -> Iterator[Segment]:
    """The longest stretches that read as one formula."""
    starts, ends = _boundaries(text)
    lone = text.strip(" .,;()")
    position = attempts = 0
    for start in starts:
        if attempts > _MAX_ATTEMPTS:
            return
        if start < position or not _is_free(taken, start, start + 1):
            continue
        limit = min((s.start for s in taken if s.start > start), default=len(text))
        limit = min(limit, start + _MAX_FORMULA_LENGTH)
        for end in reversed([e for e in ends if start < e <= limit]):
            piece = text[start:end]
            if piece != piece.strip() or not _balanced(piece) or not _may_be_formula(piece):
                continue
            attempts += 1
            if looks_like_formula(piece) or (piece == lone and _is_lone_element(piece)):
                yield Segment(start, end, _role(text, piece, start, end))
                position = end
                break


def _role(text: str, piece: str, start: int, end: int) -> str:
    """The label of a formula: also what something is doped with is none of its own."""
    if _DOPED_WITH_IT.match(text, end):
        return "doping"
    return _NOTHING if _is_named_only(text, piece, start, end) else "formula"


def _is_named_only(text: str, piece: str, start: int, end: int) -> bool:
    """Whether a formula only names a type of structure, or an element that something holds."""
    if _TYPE.match(text, end) or _is_cut(text, start, end):
        return True
    unit = _unit_pattern().match(text, end)
    if unit and (not unit["layer"] or "".join(piece.split()) in _units()["layers"]):
        return True
    if _CHARGE.match(text, end) and re.fullmatch(r"[A-Z][a-z]?\d?", piece):
        return True
    return piece.isalpha() and piece in elements() and is_part_only(text, end)


def _units() -> dict[str, list[str]]:
    units: dict[str, list[str]] = load_toml("material_words.toml")["units"]
    return units


@cache
def _unit_pattern() -> re.Pattern[str]:
    """A word behind a formula that makes it a part of a structure (``CuO2 planes``)."""
    words = "|".join(_units()["words"])
    return re.compile(rf"\s?-?\s?(?:(?:{words})|(?P<layer>layers?))(?![A-Za-z])")


def _is_cut(text: str, start: int, end: int) -> bool:
    """Whether a piece of a longer formula that could not be read was found, which misleads."""
    if text[end : end + 1] in ("(", "[") and not _BEHIND.match(text, end):
        return True
    before, after = text[:start], text[end:]
    if _UNREAD_AMOUNT.match(after):
        return True
    is_open = before.count("(") > before.count(")")
    if not is_open and re.match(r"\s?\)\s?[\dA-Z]", after):
        return True
    if _AFTER_BRACKET.search(before) and before.count(")") > before.count("("):
        return True
    within = _WITHIN.search(text[max(0, start - 40) : start])
    return within is not None and not _WORD_BESIDE.fullmatch(within[1])


def _may_be_formula(piece: str) -> bool:
    if _WORD_BEFORE.match(piece) or _ASIDE.search(piece):
        return False
    return piece[0] in "([" or piece[0].isupper() or "-" in piece[:6]


def _balanced(piece: str) -> bool:
    if piece.count(")") == piece.count("(") + 1 and piece[0] not in "([":
        piece = LOST_BRACKET.sub("", piece, count=1)
    return all(piece.count(a) == piece.count(b) for a, b in ("()", "[]"))


def _is_lone_element(piece: str) -> bool:
    return piece in elements() and piece not in symbols("not_lone") and bool(parse_formula(piece))


def _symbols(text: str, taken: list[Segment]) -> Iterator[Segment]:
    """Space groups and Tc, which look like formulas; their segments are left out again."""
    for match in re.finditer(r"(?<![A-Za-z-])T\s?_?[cC](?!\w)", text):
        yield Segment(match.start(), match.end(), _NOTHING)
    for hit in find_space_groups(text):
        yield Segment(hit.start, hit.end, _NOTHING)


def _surroundings(text: str, taken: list[Segment]) -> Iterator[Segment]:
    """What a sample was grown or annealed in, which is not the sample; left out again."""
    for match in _SURROUNDINGS.finditer(text):
        yield Segment(*match.span(1), _NOTHING)


def _sure_names(text: str, taken: list[Segment]) -> Iterator[Segment]:
    """Names of the lexicon, and strings that only nicknames look like."""
    for start, end in find_names(text):
        yield Segment(start, end, "name")


def _layers(text: str, taken: list[Segment]) -> Iterator[Segment]:
    """Elements on top of each other (``Bi/Ni``): one thing, and no compound."""
    for match in re.finditer(
        r"(?<![\w/-])[A-Z][a-z]?(?:\s?/\s?[A-Z][a-z]?){1,3}(?![\w/(-]|\s?=|\sratio)", text
    ):
        if all(part.strip() in elements() for part in match[0].split("/")):
            yield Segment(match.start(), match.end(), "formula")


def _acronyms(text: str, taken: list[Segment]) -> Iterator[Segment]:
    """What is left of capitals once the formulas are known."""
    for start, end in find_acronyms(text):
        yield Segment(start, end, "name")


def _loose_formulas(text: str, taken: list[Segment]) -> Iterator[Segment]:
    """Strings with the look of a formula that do not read as one (damaged, or with ligands)."""
    pattern = re.compile(
        r"(?<![A-Za-z\d])[(\[]?[A-Z][A-Za-z()\[\]\-+·,.δ/]*"
        r"(?:\s?(?:\d|[-+]?[xyzδn]\b|[(\[]?[A-Z][a-z]?(?![a-z])|[-+(.)\]·,])[\dA-Za-zδ()\[\].+\-·]{0,12})*"
    )
    for match in pattern.finditer(text):
        end = match.end()
        while end > match.start() and text[end - 1] in " ,(-":
            end -= 1
        piece = text[match.start() : end]
        symbols_inside = [s for s in re.findall(r"[A-Z][a-z]?", piece) if s in elements()]
        whole = not text[end : end + 1].strip(" )],.;:/-") or end < match.end()
        read = whole and any(c.isdigit() for c in piece) and len(symbols_inside) > 1
        if read and _balanced(piece):
            yield Segment(match.start(), end, "formula")


_FINDERS = (
    _symbols,
    _substrates,
    _placeholder_pairs,
    _dopants,
    _states,
    _ways,
    _surroundings,
    _sure_names,
    _layers,
    _formulas,
    _pairs,
    _words,
    _acronyms,
    _loose_formulas,
)
