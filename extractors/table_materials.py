"""Table materials: which material a row of a table is about.

A row names its material, or states a variable, an element or a content that completes the formula
of the caption or the paper, or only labels a sample of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from scmine.extractors.context import MaterialContext
from scmine.extractors.elements import elements
from scmine.extractors.formula import Formula, looks_like_formula, parse_formula
from scmine.extractors.materials import parse_material
from scmine.extractors.table_head import Head
from scmine.extractors.table_sheet import EMPTY, Column, Sheet, plain_text

_VARIABLE_CELL = re.compile(r"^(?:[xyzδ]\s*[=≈]\s*)?([~∼]?\s?[-−]?\d[\d.]*(?:\(\d+\))?)\s*(%)?$")
_COMPOUND_NAME = re.compile(
    r"^(?:[A-Z][a-z]?[-–]){1,2}\d{3,4}(?![.\d])|\)\s?\d|^[A-Z][a-z]?\d.*[A-Z][a-z]?\d"
)
"""What is no formula that can be read but names a compound: Tl-2223, κ-(ET)2Cu(NCS)2."""

_LABEL = re.compile(r"([A-Z][a-z]?)(\d{1,2})")
_LETTERED = re.compile(r"([A-Z][a-z]?\d{0,2})([A-H])")
_NO_ELEMENTS = frozenset("ADEG")

MAX_LABEL = 20
"""Samples are counted up to about so many; C60 and C70 are compounds."""

_SHARE_OF_FORMULAS = 0.5
"""A column under an unknown head names materials if so many of its cells are formulas."""

LARGEST_DELTA = 1.5
"""A deviation δ of a formula is smaller; the mismatch of atoms' sizes, in per cent, is not."""

_NOT_THE_MATERIAL = re.compile(
    r"substrate|buffer|impurit|second|target|precursor|flux|starting|dopant|reference|^add(?:\.|iti)",
    re.I,
)
"""Heads of columns that name other compounds than the row's own."""

_NAMES_COMPOUNDS = re.compile(
    r"compound|material|formula|composition|system|element|metal|hydride", re.I
)
"""Heads under which a lone symbol is an element and no label of a sample."""

_SHORT_HYDRIDE = re.compile("[BCFIKNPSVWY]H")

_OXYGEN = re.compile(r"O\s?(?:[\d.]+)?(?:\s?[+−–-]\s?[a-zδ]\d?|[xyzδ])?$")


@dataclass(frozen=True, slots=True)
class RowMaterial:
    """What a row is about: the printed material, its variables, and whether the row names it."""

    text: str
    variables: dict[str, str] = field(default_factory=dict)
    from_row: bool = False


class RowMaterials:
    """Finds the material of one row after the other; a group's name holds for the rows under it."""

    def __init__(self, sheet: Sheet, context: MaterialContext) -> None:
        self._columns = (*sheet.columns, *_formula_columns(sheet))
        self._named = [c for c in self._columns if c.head.role == "material"]
        printed = context.main_printed() or ""
        self._main = printed if parse_formula(printed) else context.main_formula() or ""
        first = re.split(r"(?<=[a-z0-9)])\.\s", sheet.caption.partition(". ")[2] or sheet.caption)[
            0
        ]
        self._default = caption_material(first, sheet.caption, sheet.table.caption) or self._main
        self._variables_known = set(context.by_variable)
        self._open = [f for c in context.by_variable.values() for f, _ in c.most_common(1)]
        self._group = ""
        self._labels = _sample_labels(sheet)

    def group(self, text: str) -> bool:
        """Take a row's only text as the name of those under it, if it names a material."""
        if names_material(text):
            self._group = text
            return True
        return False

    def of_row(self, texts: Sequence[str]) -> RowMaterial:
        """The material of a row whose cells hold ``texts``."""
        variables = self._variables(texts)
        for column in self._named:
            text = texts[column.index]
            if text in self._labels:
                continue
            if (text in elements() or _SHORT_HYDRIDE.fullmatch(text)) and _NAMES_COMPOUNDS.search(
                column.head.text
            ):
                return RowMaterial(text, variables, True)
            text = _unwrapped(text)
            if text and not EMPTY.match(text) and names_material(text):
                return RowMaterial(text, variables, True)
        sites = {c.head.variable for c in self._columns if c.head.role == "placeholder"}
        for column in self._named:
            if _COMPOUND_NAME.search(texts[column.index]):
                return RowMaterial(texts[column.index], variables, True)
        headless = texts and not self._named and texts[0] not in self._labels
        if headless and not sites & set(variables) and _is_formula(_unwrapped(texts[0])):
            return RowMaterial(_unwrapped(texts[0]), variables, True)
        default = self._group or self._default
        for column in self._columns:
            text = texts[column.index]
            if column.head.role == "oxygen" and text:
                return RowMaterial(_with_oxygen(default, text), variables)
        formula = parse_formula(default)
        known = self._variables_known & set(variables)
        if formula is not None and known and not _open_names(formula) & set(variables):
            default = ""  # the paper's formula that leaves them open is looked up
        return RowMaterial(default, variables)

    def _variables(self, texts: Sequence[str]) -> dict[str, str]:
        """What the row states of the variables and open sites of the formula."""
        found: dict[str, str] = {}
        formula = parse_formula(self._group or self._default)
        if formula is not None and not _open_names(formula) and len(self._open) == 1:
            formula = parse_formula(self._open[0])
        for column in self._columns:
            text, role = texts[column.index], column.head.role
            match = _VARIABLE_CELL.match(text)
            own = re.match(r"([xyzδ])\s*[=≈]", text)
            if own and match and role in ("variable", "share", "material"):
                found[own.group(1)] = match.group(1)
            elif role == "variable" and match and _may_be(column.head.variable, match[1], formula):
                found[column.head.variable] = match.group(1)
            elif role == "share" and match and formula is not None:
                found |= _share(formula, match, column)
            elif role == "placeholder" and formula is not None and text in elements():
                open_sites = formula.placeholders & {column.head.variable}
                found |= dict.fromkeys(open_sites, text)
        return found


def _unwrapped(text: str) -> str:
    """A formula whose cell cut one of its amounts (``La1.84Sr0.1 6CuO4``), else the text as it is.

    >>> _unwrapped("La1.84Sr0.1 6CuO4"), _unwrapped("MgB2 2")
    ('La1.84Sr0.16CuO4', 'MgB2 2')
    """
    joined = re.sub(r"(?<=\.\d)\s(?=\d{1,2}[A-Z])", "", text)
    return joined if joined != text and _is_formula(joined) else text


def _may_be(variable: str, value: str, formula: Formula | None) -> bool:
    """Whether a column's variable is the formula's: δ also names other quantities."""
    if variable != "δ":
        return True
    size = re.search(r"\d[\d.]*", value)
    small = size is not None and float(size.group().rstrip(".")) <= LARGEST_DELTA
    return small and formula is not None and variable in formula.variables


def _formula_columns(sheet: Sheet) -> list[Column]:
    """Columns not understood, beyond the first, whose cells are formulas ("HEA", "Phase")."""
    if any(c.head.role == "material" for c in sheet.columns):
        return []
    known = {0, *(c.index for c in sheet.columns)}
    found = []
    for index in range(len(sheet.table.rows[0]) if sheet.table.rows else 0):
        texts = [t for row in sheet.table.body if not EMPTY.match(t := plain_text(row[index]))]
        formulas = sum(_is_formula(t) for t in texts)
        if index in known or _NOT_THE_MATERIAL.search(_head(sheet, index)):
            continue
        if formulas >= _SHARE_OF_FORMULAS * len(texts) > 0:
            found.append(Column(Head("material", "material", ""), index))
    return found


def _head(sheet: Sheet, index: int) -> str:
    return " ".join(plain_text(row[index]) for row in sheet.table.header)


def _sample_labels(sheet: Sheet) -> frozenset[str]:
    """The cells of first columns that count samples: P1, P2 and P3 are no phosphorus.

    Nor are B2A, B2B and B2C borides, where a letter that is no element's ends one of them.
    """
    indices = {0, *(c.index for c in sheet.columns if c.head.role == "material")}
    counted: dict[str, set[str]] = {}
    lettered: dict[str, set[str]] = {}
    for row in sheet.table.body:
        for index in indices:
            text = plain_text(row[index])
            match = _LABEL.fullmatch(text)
            if match and int(match.group(2)) <= MAX_LABEL:
                counted.setdefault(match.group(1), set()).add(text)
            match = _LETTERED.fullmatch(text)
            if match:
                lettered.setdefault(match.group(1), set()).add(text)
    groups = [found for found in counted.values() if len(found) > 1]
    groups += [
        found
        for found in lettered.values()
        if len(found) > 1 and not _NO_ELEMENTS.isdisjoint(text[-1] for text in found)
    ]
    return frozenset[str]().union(*groups)


def _open_names(formula: Formula) -> frozenset[str]:
    return formula.variables | formula.placeholders


def _share(formula: Formula, match: re.Match[str], column: Column) -> dict[str, str]:
    """A content in per cent as the value of the only variable of ``formula``."""
    if len(formula.variables) != 1 or not (match.group(2) or column.head.unit == "%"):
        return {}
    number = re.sub(r"\(.*", "", match.group(1)).strip("~∼ ")
    return {next(iter(formula.variables)): f"{float(number) / 100:g}"}


def _with_oxygen(material: str, amount: str) -> str:
    """``material`` with the stated oxygen content for the one that it leaves open."""
    number = re.match(r"\d\.\d+", amount)
    return _OXYGEN.sub(f"O{number.group()}", re.sub(r"\s", "", material)) if number else material


def _is_formula(text: str) -> bool:
    return looks_like_formula(text) and len(parse_material(text)) == 1


def names_material(text: str) -> bool:
    """Whether a cell names a material by formula, name, or the value of a variable."""
    if looks_like_formula(text):
        return True
    if re.fullmatch(r"[A-Z]{1,4}[-–]?\d{0,3}[a-z']?|[A-Z][-–][IVX]+'?", text):
        # A1, SC-II and their like label samples and phases; names in the lexicon are known.
        return any("formula_from_name" in m.flags for m in parse_material(text))
    return any(m.formula or m.variables for m in parse_material(text))


def caption_material(*captions: str) -> str:
    """The one compound that a caption names; the first of ``captions`` that names one decides."""
    for caption in captions:
        caption = caption.replace("•", "·")
        words = [w.strip("().,;:") for w in re.split(r"[\s,;:]+", caption)]
        words += [w for w in re.split(r"[\s,;:]+", caption) if w.startswith("(")]
        compounds: dict[str, str] = {}
        for word in dict.fromkeys(words):
            if len(word) < 3 or not looks_like_formula(word):
                continue
            formula = parse_formula(word)
            if formula is not None and len(formula.amounts) > 1:
                compounds.setdefault(str(formula), word)
        if len(compounds) == 1:
            return next(iter(compounds.values()))
        if compounds:
            return ""
    return ""
