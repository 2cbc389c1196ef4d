"""Numbers with units, read from short strings and found in running text.

Values come back in the canonical unit of their kind (K, GPa, T, Å, degrees; phonon frequencies in
K), ranges keep their ends, and what cannot be read for sure stays unknown with a flag that says
why. Which material or property a number belongs to is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

from scmine.extractors.characters import uniform
from scmine.extractors.lexicons import load_toml
from scmine.extractors.printed_number import Number
from scmine.extractors.quantity_items import Item, Units, ambient_words, chains, units_of

Kind = Literal["temperature", "pressure", "field", "frequency", "length", "angle", "number"]
Relation = Literal["=", "<", ">", "~"]


LARGEST_UNCERTAINTY = 0.6
"""Share of a whole value beyond which a whole number of two digits behind it is no uncertainty."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a paper states it, in the canonical unit of its kind.

    ``value`` is None for a range or a list (then ``minimum`` and ``maximum`` are its ends) and
    where the number cannot be read for sure (then ``flags`` says why). ``uncertainty`` is the
    printed ± or last-digit uncertainty. ``relation`` holds between the property and the value.

    Flags: ``unit_missing``, ``unit_odd`` (understood but not converted), ``unit_apart`` (printed
    away from the number), ``split_number`` (blank inside the digits), ``ambiguous_exponent``
    (``10-3``: a range or a power), ``unphysical`` (below the kind's lowest value), ``ambient``,
    ``up_to``, ``down_to``, ``fraction`` (a part of the value is meant), ``bracketed`` (a number in
    brackets behind was left out), ``list`` (several values: see :func:`parse_quantity_list`).
    """

    value: float | None
    minimum: float | None = None
    maximum: float | None = None
    uncertainty: float | None = None
    relation: Relation = "="
    unit_printed: str = ""
    flags: tuple[str, ...] = ()


_NO_QUANTITY_BEFORE = re.compile(
    r"(?:\b[xyzδnmwp]|\b(?:figs?|figures?|refs?|tables?|eqs?|sec|section|samples?|no|run)\.?)"
    r"\s*[=~≈]?\s*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d$")


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
def _fraction() -> re.Pattern[str]:
    """Words before a number that make it the whole of which a part is meant (``1/3 of 39 K``)."""
    return re.compile(load_toml("quantity_words.toml")["fraction"]["before"], re.IGNORECASE)


AMBIENT_PRESSURE_GPA = 0.0
"""What ambient pressure is written as: the true 1.0e-4 GPa is below any printed digit."""


def _relation(text: str, item: Item) -> tuple[Relation, str | None]:
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


def relation_before(words: str) -> Relation:
    """The relation that the words right before a number state; a sign counts as a word.

    >>> relation_before("with a Tc of more than "), relation_before("Tc = ")
    ('>', '=')
    """
    clean = uniform(words).rstrip()
    signs: dict[str, Relation] = load_toml("quantity_words.toml")["signs"]
    if clean[-1:] in signs:
        return signs[clean[-1:]]
    pattern, meaning = _words()
    match = pattern.search(clean + " ")
    return meaning[match[1].lower()][0] if match else "="


def _is_split(text: str, item: Item) -> bool:
    """Whether something seems to have fallen into the digits; subscripts do not count.

    A blank (``1 2 K``), or what a font makes of a decimal point (``9:1 K``).
    """
    before = text[max(0, item.start - 12) : item.start]
    if not item.sign and re.search(r"\d[:·]$", before):
        return True
    if item.sign or not re.search(r"\d\s?\.?\s$", before):
        return False
    return re.search(r"[A-Za-z)\]]\s?\d*\.?\d+\s$", before) is None


def _one(text: str, item: Item, unit: str | None, kind: Units) -> Quantity:
    """The quantity of a single item whose unit, own or shared, is ``unit``."""
    if item.ambient:
        return _ambient_quantity(item.unit or "")
    relation, flag = _relation(text, item)
    if kind.name == "pressure" and _UNDER.search(text, max(0, item.start - 8), item.start):
        relation = "="  # "under 2 GPa" is at 2 GPa
    flags = [flag] if flag else []
    factor = kind.factor(unit)
    if _fraction().search(text, max(0, item.start - 30), item.start):
        flags.append("fraction")
        return Quantity(None, unit_printed=unit or "", flags=tuple(flags))
    if item.bracketed:
        flags.append("bracketed")
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
            if _is_second_value(item.number):
                flags.append("bracketed")
                uncertainty = None
        if kind.lowest is not None and value < kind.lowest:
            flags.append("unphysical")
            value = uncertainty = None
    return Quantity(value, None, None, uncertainty, relation, unit or "", tuple(flags))


def _is_second_value(number: Number) -> bool:
    """Whether what was read as an uncertainty is another value, as in ``250 (220) K``."""
    value, bracket = number.value, number.uncertainty or 0.0
    whole = value.is_integer() and bracket.is_integer()
    return whole and bracket > 9 and bracket > LARGEST_UNCERTAINTY * abs(value)


def _scaled(value: float, factor: float) -> float:
    """``value * factor`` without the binary noise of factors such as 1e-3."""
    return float(f"{value * factor:.12g}")


_CITED = re.compile(r"(?<=\d\s)K(?:\d{2,3}|\d{1,3}(?:,\d{1,3})+)(?![\w.])")
"""A unit that the raised numbers of references run on behind, their size lost."""

_COLON = re.compile(r"(?<=\d):(?=\d{1,3}\s?(?:m?K|GPa|kbar)(?![\w:]))")


def decimals(text: str) -> str:
    """``text`` with points for the colons that TeX's italic font has in their place.

    In its encoding (OML) the decimal point is the colon's character; the length does not change.

    >>> decimals("91:87 K and a ratio of 1:2")
    '91.87 K and a ratio of 1:2'
    """
    return _COLON.sub(".", text)


_UNDER = re.compile(r"\bunder\s+$", re.IGNORECASE)
_BOUNDS = ("up_to", "down_to")


def _join(low: Quantity, high: Quantity, text: str, first: Item, last: Item) -> Quantity:
    """The range from ``low`` to ``high``; its ends are put in order."""
    flags = tuple(f for f in dict.fromkeys((*low.flags, *high.flags)) if f not in _BOUNDS)
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


def _quantities(text: str, chain: list[Item], kind: Units, shared: str | None) -> list[Quantity]:
    """The chain's quantities, a range as one; a number without a unit takes the next one's."""
    units: list[str | None] = []
    following = shared
    for item in reversed(chain):
        following = following if item.ambient else item.unit or following
        units.append(item.unit or following)
    units.reverse()
    between = _is_between(text, chain)
    out: list[Quantity] = []
    ranged = False
    for index, item in enumerate(chain):
        one = _one(text, item, units[index], kind)
        ends = item.separator in ("range", "change") or between
        if out and not ranged and ends:
            out[-1] = _join(out[-1], one, text, chain[index - 1], item)
            ranged = True
        else:
            out.append(one)
            ranged = False
    return out


def _is_between(text: str, chain: list[Item]) -> bool:
    """Whether two items are the ends of a range by the word before them."""
    leading = text[max(0, chain[0].start - 16) : chain[0].start].lower()
    return len(chain) == 2 and re.search(r"\bbetween\s+(?:about\s+)?$", leading) is not None


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
    return _parse(text, kind, default_unit)


def is_change(text: str, kind: Kind) -> bool:
    """Whether ``text`` prints one value as turning into another (``40 → 35 K``)."""
    runs = chains(uniform(text), units_of(kind))
    return any(item.separator == "change" for run in runs for item in run)


def _parse(text: str, kind: Kind, default_unit: str | None) -> list[Quantity]:
    clean = _CITED.sub("K", decimals(uniform(text)))
    known = units_of(kind)
    runs = list(chains(clean, known))
    if kind == "pressure" and not any(i.unit for chain in runs for i in chain):
        within, symbol, alone = ambient_words()
        joined = re.sub(r"(?<=[a-z])-\s(?=[a-z])", "", clean)  # hyphenated at a line's end
        match = re.search(within, joined) or re.fullmatch(f"{alone}|{symbol}", joined)
        if match:
            return [_ambient_quantity(match[0].strip())]
    if not runs:
        return []
    # a number with its unit outranks numbers that belong to something else (x = 0.1, Ref. 3)
    best = next((c for c in runs if any(i.unit for i in c)), runs[0])
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
    return list(_found(text, kind))


@lru_cache(maxsize=1024)  # taggers ask for the passages of a paper one after the other
def _found(text: str, kind: Kind) -> tuple[tuple[int, int, Quantity], ...]:
    clean = decimals(uniform(text))
    known = units_of(kind)
    return tuple(
        (part[0].start, part[-1].end, _combined(_quantities(clean, part, known, None)))
        for chain in chains(clean, known)
        for part in _hits(clean, chain)
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a span that :func:`find_quantities` finds: its offsets, its unit as printed.

    ``change`` says that it is the end of a range or a change that begins with the part before.
    """

    start: int
    end: int
    unit: str
    change: bool


def find_parts(text: str, kind: Kind) -> list[list[Part]]:
    """What :func:`find_quantities` finds, each span as the values that it lists.

    >>> [(p.start, p.end, p.unit) for p in find_parts("Tc of 26 and 35 K", "temperature")[0]]
    [(6, 8, 'K'), (13, 17, 'K')]
    """
    clean = decimals(uniform(text))
    known = units_of(kind)
    return [
        [
            Part(
                item.start,
                item.end,
                "" if item.ambient else item.unit or part[-1].unit or "",
                i > 0 and (item.separator in ("range", "change") or _is_between(clean, part)),
            )
            for i, item in enumerate(part)
        ]
        for chain in chains(clean, known)
        for part in _hits(clean, chain)
    ]


def _hits(text: str, chain: list[Item]) -> Iterator[list[Item]]:
    """The stretches of a chain whose unit is stated: own units and the numbers that share them."""
    part: list[Item] = []
    for index, item in enumerate(chain):
        part.append(item)
        if item.unit is None:
            continue
        more = chain[index + 1 :]
        going_on = bool(more) and more[0].separator in ("range", "change") and bool(more[0].unit)
        if len(part) == 1 and (going_on or (bool(more) and _is_between(text, chain))):
            continue  # `16 K - 21 K`: the range goes on
        part = _sharing(text, part)
        start = part[0].start + (1 if part[0].sign == "=" else 0)
        start += len(text[start:]) - len(text[start:].lstrip())
        yield [replace(part[0], start=start), *part[1:]]
        part = []


def _sharing(text: str, part: list[Item]) -> list[Item]:
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
