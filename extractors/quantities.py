"""Numbers with units, read from short strings and found in running text.

Values come back in the canonical unit of their kind (K, GPa, T, Å, degrees; phonon frequencies in
K), ranges keep their ends, and what cannot be read for sure stays unknown with a flag that says
why. Which material or property a number belongs to is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from scmine.extractors.characters import uniform
from scmine.extractors.lexicons import load_toml
from scmine.extractors.printed_number import NUMBER, Number, read_number

Kind = Literal["temperature", "pressure", "field", "frequency", "length", "angle", "number"]
Relation = Literal["=", "<", ">", "~"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a paper states it, in the canonical unit of its kind.

    ``value`` is None for a range or a list (then ``minimum`` and ``maximum`` are its ends) and
    where the number cannot be read for sure (then ``flags`` says why). ``uncertainty`` is the
    printed ± or last-digit uncertainty. ``relation`` holds between the property and the value.

    Flags: ``unit_missing``, ``unit_odd`` (understood but not converted), ``unit_apart`` (printed
    away from the number), ``split_number`` (blank inside the digits), ``ambiguous_exponent``
    (``10-3``: a range or a power), ``unphysical`` (below the kind's lowest value), ``ambient``,
    ``up_to``, ``down_to``, ``list`` (several values: see :func:`parse_quantity_list`).
    """

    value: float | None
    minimum: float | None = None
    maximum: float | None = None
    uncertainty: float | None = None
    relation: Relation = "="
    unit_printed: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Item:
    """One number of a chain, with the offsets it covers and the unit printed after it, if any."""

    start: int
    end: int
    number: Number
    sign: str
    unit: str | None
    separator: str  # what stands between the item before and this one: "", "list" or "range"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind's units and compiled pattern of one item."""

    name: str
    factors: dict[str, float]
    odd: frozenset[str]
    lowest: float | None
    item: re.Pattern[str]
    unit_at_end: re.Pattern[str] | None


_SIGN = r"(?P<sign>[~≈≃≅≲≳<>≤≥⩽⩾≦≧≪≫=](?:\s*[~<>=])?)"
_RANGE = re.compile(r"\s*(?:-{1,3}|~|\.\.\.?|…|÷|\bto\b|\bup to\b|\bthrough\b)\s*(?=[\d.~<>≈≤≥(])")
_LIST = re.compile(r"\s*(?:[,;]\s*(?:and|or)?\b|,|;|/|&|\band\b|\bor\b)\s*(?=[\d.~<>≈≤≥(=])")
_AFTER_UNIT = r"(?![\w/^*′'°])(?!\s?[-^]\s?\{?[-]?[12]\}?(?![\d.]))"
# `Ba 0.6 K 0.4 Fe 2 As 2`: potassium with its subscript, not kelvin
_NOT_ELEMENT = (
    r"(?!\s?(?:\d+(?:\.\d+)?|[xyz]\b)\s?[)\]]?\s?(?:[A-Z][a-z](?![a-z])|[BCFHINOPSVWYU](?![a-z])))"
)
_NOT_TC = r"(?!\s?[cN]\b|\s?_)"
_BEFORE_NUMBER = r"(?<![\w.^])"
_NO_QUANTITY_BEFORE = re.compile(
    r"(?:\b[xyzδnmwp]|\b(?:figs?|figures?|refs?|tables?|eqs?|sec|section|samples?|no|run)\.?)"
    r"\s*[=~≈]?\s*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d$")


@cache
def _kind(kind: str) -> _Kind:
    """The compiled units of ``kind``; raises KeyError for a kind that does not exist."""
    data = load_toml("units.toml")[kind]
    factors = {uniform(s): u["factor"] for u in data["units"] for s in u["spellings"]}
    odd = frozenset(uniform(s) for s in data["odd"])
    unit, at_end = "(?P<unit>(?!))", None
    if factors:
        spellings = sorted((*factors, *odd), key=len, reverse=True)
        choice = "|".join(re.escape(s).replace(r"\ ", r"\s?") for s in spellings)
        not_element = _NOT_ELEMENT if kind in ("temperature", "frequency") else ""
        not_tc = _NOT_TC if kind == "field" else ""
        unit = rf"(?P<unit>{choice}){_AFTER_UNIT}{not_element}{not_tc}"
        at_end = re.compile(rf"(?<![\w])(?:{choice})\s*[).,;]*\s*$")
    item = re.compile(
        rf"(?:{_SIGN}\s*)?(?:(?P<open>\()\s*)?(?P<number>{_BEFORE_NUMBER}{NUMBER})"
        rf"(?P<close>\s*\))?(?:\s?-?\s?{unit})?"
    )
    return _Kind(kind, factors, odd, data.get("lowest"), item, at_end)


@cache
def _words() -> tuple[re.Pattern[str], dict[str, tuple[Relation, str | None]]]:
    """The pattern of relation words before a number, and what each of them says."""
    data = load_toml("quantity_words.toml")
    meaning: dict[str, tuple[Relation, str | None]] = {
        word: (relation, data["flags"].get(word))
        for relation, words in data["words"].items()
        for word in words
    }
    choice = "|".join(re.escape(w) for w in sorted(meaning, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])({choice})\s+(?:the\s+|a\s+)?$", re.IGNORECASE), meaning


@cache
def _ambient() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of phrases that state ambient pressure: within a text, and as the whole text."""
    data = load_toml("quantity_words.toml")["ambient_pressure"]
    phrases = "|".join(re.escape(p).replace(r"\ ", r"\s+") for p in data["phrases"])
    whole = "|".join(re.escape(p) for p in data["whole"])
    return (
        re.compile(rf"(?<![\w-])(?:{phrases})(?!\w)", re.IGNORECASE),
        re.compile(rf"\s*(?:at\s+)?(?:{whole})\s*", re.IGNORECASE),
    )


AMBIENT_PRESSURE_GPA = 0.0
"""What ambient pressure is written as: the true 1.0e-4 GPa is below any printed digit."""


def _chains(text: str, kind: _Kind) -> Iterator[list[_Item]]:
    """Runs of numbers in ``text`` (already uniform) that only list or range separators divide."""
    position, chain, separator = 0, list[_Item](), ""
    while True:
        match = kind.item.match(text, position) if chain else _first(text, position, kind)
        if match is None:
            if not chain:
                return
            yield chain
            position, chain, separator = chain[-1].end, [], ""
            continue
        item = _item(match, separator)
        chain.append(item)
        position = item.end
        gap, separator = _RANGE.match(text, position), "range"
        if gap is None:
            gap, separator = _LIST.match(text, position), "list"
        if gap is None:
            yield chain
            chain, separator = [], ""
        else:
            position = gap.end()


def _first(text: str, position: int, kind: _Kind) -> re.Match[str] | None:
    """The next number that is no part of a name or an exponent (``Bi-2212``, ``K-1``)."""
    for match in kind.item.finditer(text, position):
        start = match.start("number")
        hyphenated = re.match(r"[^\W\d_]-", text[max(0, start - 2) : start])
        glued = match["number"].startswith("-") and text[:start][-1:].isalpha()
        if match["sign"] or not (hyphenated or glued):
            return match
    return None


def _item(match: re.Match[str], separator: str) -> _Item:
    unit = match["unit"]
    end = match.end()
    if match["close"] and not match["open"] and unit is None:
        end = match.start("close")  # the bracket closes something that was opened earlier
    number = read_number(match["number"])
    start, sign = match.start(), (match["sign"] or "").replace(" ", "")
    if match["open"] and not match["close"]:
        start, sign = match.start("number"), ""  # the bracket holds more than the number
    return _Item(start, end, number, sign, unit, separator)


def _relation(text: str, item: _Item) -> tuple[Relation, str | None]:
    """The relation stated by the item's sign or by the words before it, and a flag or None."""
    signs: dict[str, Relation] = load_toml("quantity_words.toml")["signs"]
    stated = [signs[c] for c in item.sign if c in signs]
    strong = [s for s in stated if s in "<>"]
    if strong or "~" in stated:
        return (strong[0] if strong else "~"), None
    pattern, meaning = _words()
    match = pattern.search(text, max(0, item.start - 40), item.start)
    if match:
        return meaning[match[1].lower()]
    return "=", None


def _is_split(text: str, item: _Item) -> bool:
    """Whether a blank seems to have fallen into the digits (``1 2 K``); subscripts do not count."""
    before = text[max(0, item.start - 12) : item.start]
    if item.sign or not re.search(r"\d\s?\.?\s$", before):
        return False
    return re.search(r"[A-Za-z)\]]\s?\d*\.?\d+\s$", before) is None


def _one(text: str, item: _Item, unit: str | None, kind: _Kind) -> Quantity:
    """The quantity of a single item whose unit, own or shared, is ``unit``."""
    relation, flag = _relation(text, item)
    flags = [flag] if flag else []
    factor = 1.0 if kind.name == "number" else kind.factors.get(_respell(unit or "", kind))
    if factor is None:
        flags.append("unit_missing" if unit is None else "unit_odd")
    if _is_split(text, item):
        flags.append("split_number")
        factor = None
    value = uncertainty = None
    if factor is not None:
        value = _scaled(item.number.value, factor)
        if item.number.uncertainty is not None:
            uncertainty = _scaled(item.number.uncertainty, factor)
        if kind.lowest is not None and value < kind.lowest:
            flags.append("unphysical")
            value = uncertainty = None
    return Quantity(value, None, None, uncertainty, relation, unit or "", tuple(flags))


def _respell(unit: str, kind: _Kind) -> str:
    """``unit`` as its spelling in the data file, whose blanks may be missing in print."""
    if unit in kind.factors or unit in kind.odd:
        return unit
    return next((s for s in kind.factors if s.replace(" ", "") == unit.replace(" ", "")), unit)


def _scaled(value: float, factor: float) -> float:
    """``value * factor`` without the binary noise of factors such as 1e-3."""
    return float(f"{value * factor:.12g}")


def _join(low: Quantity, high: Quantity, text: str, first: _Item, last: _Item) -> Quantity:
    """The range from ``low`` to ``high``; its ends are put in order."""
    flags = tuple(dict.fromkeys((*low.flags, *high.flags)))
    joined = Quantity(None, None, None, None, "=", high.unit_printed, flags)
    if low.value is None or high.value is None:
        return joined
    raw = text[first.start : first.end]
    power = raw == "10" and last.number.value < 10 and last.number.value == int(last.number.value)
    if power and text[first.end : last.start].strip() == "-" and first.unit is None:
        return replace(joined, flags=(*flags, "ambiguous_exponent"))
    ends = sorted((low.value, high.value))
    relation: Relation = "~" if "~" in (low.relation, high.relation) else "="
    return replace(joined, minimum=ends[0], maximum=ends[1], relation=relation)


def _quantities(text: str, chain: list[_Item], kind: _Kind, shared: str | None) -> list[Quantity]:
    """The chain's quantities; a number without a unit takes that of the next number with one."""
    units: list[str | None] = []
    following = shared
    for item in reversed(chain):
        following = item.unit or following
        units.append(following)
    units.reverse()
    leading = text[max(0, chain[0].start - 12) : chain[0].start].lower()
    between = len(chain) == 2 and re.search(r"\bbetween\s+(?:about\s+)?$", leading) is not None
    out: list[Quantity] = []
    ranged = False
    for index, item in enumerate(chain):
        one = _one(text, item, units[index], kind)
        if out and not ranged and (item.separator == "range" or between):
            out[-1] = _join(out[-1], one, text, chain[index - 1], item)
            ranged = True
        else:
            out.append(one)
            ranged = False
    return out


def _combined(items: list[Quantity]) -> Quantity:
    """One quantity that stands for a list: its ends, and the flag ``list``."""
    if len(items) == 1:
        return items[0]
    numbers = [v for q in items for v in (q.value, q.minimum, q.maximum) if v is not None]
    known = all(q.value is not None or q.minimum is not None for q in items)
    flags = tuple(dict.fromkeys((*(f for q in items for f in q.flags), "list")))
    return Quantity(
        None,
        min(numbers) if known else None,
        max(numbers) if known else None,
        unit_printed=items[-1].unit_printed,
        flags=flags,
    )


def parse_quantity_list(text: str, kind: Kind, default_unit: str | None = None) -> list[Quantity]:
    """Every quantity of a short string that names quantities of one kind.

    Parameters
    ----------
    text
        The printed text, such as a mention or a table cell.
    kind
        What is expected; it decides which units are known and which is canonical.
    default_unit
        The unit of numbers that carry none, as a table's header states it.

    Returns
    -------
    list of Quantity
        In order of print; a range is one quantity. Empty when there is no number.

    >>> [q.value for q in parse_quantity_list("0, 1.0, 1.58 and 2.1 GPa", "pressure")]
    [0.0, 1.0, 1.58, 2.1]
    """
    clean = uniform(text)
    known = _kind(kind)
    chains = list(_chains(clean, known))
    if kind == "pressure" and not any(i.unit for chain in chains for i in chain):
        within, whole = _ambient()
        joined = re.sub(r"(?<=[a-z])-\s(?=[a-z])", "", clean)  # hyphenated at a line's end
        match = within.search(joined) or whole.fullmatch(joined)
        if match:
            return [_ambient_quantity(match[0].strip())]
    if not chains:
        return []
    # a number with its unit outranks numbers that belong to something else (x = 0.1, Ref. 3)
    best = next((c for c in chains if any(i.unit for i in c)), chains[0])
    if any(i.unit for i in best):
        if best[-1].unit is None and default_unit is None:
            last = max(n for n, item in enumerate(best) if item.unit)
            best = best[: last + 1]
        return _quantities(clean, best, known, default_unit)
    if default_unit is not None:
        return _quantities(clean, best, known, uniform(default_unit))
    apart = known.unit_at_end.search(clean, best[-1].end) if known.unit_at_end else None
    if apart:
        found = _quantities(clean, best, known, apart[0].strip(" ).,;"))
        return [replace(q, flags=(*q.flags, "unit_apart")) for q in found]
    return _quantities(clean, best, known, None)


def parse_quantity(text: str, kind: Kind, default_unit: str | None = None) -> Quantity | None:
    """The one quantity that ``text`` names, or None when it holds no number.

    Several values come back as one quantity with the flag ``list`` and the list's ends. Parameters
    are those of :func:`parse_quantity_list`. Ambient pressure is 0 GPa by convention.

    >>> parse_quantity("from 16 K to 21 K", "temperature").maximum
    21.0
    >>> q = parse_quantity("1.234(5) K", "temperature"); q.value, q.uncertainty
    (1.234, 0.005)
    >>> parse_quantity("12 kbar", "pressure").value, parse_quantity("34", "temperature").flags
    (1.2, ('unit_missing',))
    """
    found = parse_quantity_list(text, kind, default_unit)
    return _combined(found) if found else None


def _ambient_quantity(printed: str) -> Quantity:
    return Quantity(AMBIENT_PRESSURE_GPA, unit_printed=printed, flags=("ambient",))


def find_quantities(text: str, kind: Kind) -> list[tuple[int, int, Quantity]]:
    """Every quantity of ``kind`` that stands in running text with an explicit unit.

    A range or a list that shares its unit is one span; :func:`parse_quantity_list` on the span
    gives the list's parts. The span includes a leading sign (``~ 39 K``), not a leading word.
    The kind ``number`` has no unit and finds nothing.

    >>> [(s, e, q.value) for s, e, q in find_quantities("Tc is about 39 K at 2 GPa", "temperature")]
    [(12, 16, 39.0)]
    """
    clean = uniform(text)
    known = _kind(kind)
    found = [hit for chain in _chains(clean, known) for hit in _hits(clean, chain, known)]
    if kind == "pressure":
        found += [
            (m.start(), m.end(), _ambient_quantity(m[0])) for m in _ambient()[0].finditer(clean)
        ]
        found.sort(key=lambda hit: hit[0])
    return found


def _hits(text: str, chain: list[_Item], kind: _Kind) -> Iterator[tuple[int, int, Quantity]]:
    """The stretches of a chain whose unit is stated: own units and the numbers that share them."""
    part: list[_Item] = []
    for index, item in enumerate(chain):
        part.append(item)
        if item.unit is None:
            continue
        more = chain[index + 1 :]
        if more and more[0].separator == "range" and more[0].unit and len(part) == 1:
            continue  # `16 K - 21 K`: the range goes on
        part = _sharing(text, part)
        start = part[0].start + (1 if part[0].sign == "=" else 0)
        start += len(text[start:]) - len(text[start:].lstrip())
        yield start, part[-1].end, _combined(_quantities(text, part, kind, None))
        part = []


def _sharing(text: str, part: list[_Item]) -> list[_Item]:
    """The tail of ``part`` that truly shares the last item's unit.

    A lone ``3, 10 K`` does not share; ``27 and 35 K``, ``1, 2, 3 K`` and ranges do, unless what
    stands before shows that the numbers are something else (``x = 0.1 and 10 K``, ``Fig. 3``).
    """
    if len(part) == 1:
        return part
    before = text[max(0, part[0].start - 12) : part[0].start + len(part[0].sign)]
    if _NO_QUANTITY_BEFORE.search(before) and not all(i.unit for i in part):
        kept = [i for i in part if i.unit]
        return kept[-1:]
    while len(part) > 1 and part[0].unit is None:
        gap = text[part[0].end : part[1].start].strip()
        year = _YEAR.match(text[part[0].start : part[0].end])
        if year or (len(part) == 2 and gap in (",", ";", "/")):
            part = part[1:]
        else:
            break
    return part
