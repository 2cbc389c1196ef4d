"""Sample labels: what a paper says S1, "sample A" or #3 are made of, in its text and its tables.

Only labels that a sentence or a table ties to a formula or to the value of a variable are found;
which formula the variable belongs to is the business of ``context``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from scmine.extractors.abbreviations import cue_pattern, formula_before
from scmine.extractors.characters import uniform
from scmine.extractors.document import Table
from scmine.extractors.formula import looks_like_formula
from scmine.extractors.lexicons import load_toml
from scmine.extractors.table_sheet import EMPTY, Sheet, plain_text, sheets_of

_LABEL = r"(?:#\s?\d{1,2}|No\.\s?\d{1,2}|[A-Z]{1,3}[-–]?\d{1,2}[a-z]?|[A-Z]{1,2}|\d{1,2}|[IV]{1,3})"
_LIST = rf"{_LABEL}(?:\s?,\s?{_LABEL}){{0,11}}\s?,?\s(?:and|&)\s{_LABEL}"
_RANGE = rf"{_LABEL}\s?(?:-|to)\s?{_LABEL}"
_NUMBER = r"(?>\d{1,2}\.\d{1,4}|\.\d{1,4}|\d{1,4})(?:\s?/\s?\d)?(?:\(\d{1,3}\))?(?:\s?%)?"
_VALUE = rf"[xyzδ]'?\s?[=≈]\s?{_NUMBER}(?!\d|\.\d|\s?[-/,]\s?\d|\s?(?:and|to)\s?\d)"
_VALUES = re.compile(rf"{_VALUE}(?:\s?(?:,|;|and|,\sand)\s?{_VALUE}){{0,3}}")
_VALUE_LIST = re.compile(
    rf"(?P<variable>[xyzδ]'?)\s?=\s?(?P<values>{_NUMBER}(?:\s?,\s?{_NUMBER}){{0,11}}"
    rf"\s?,?\s(?:and|&)\s{_NUMBER})"
)
_JOINED = re.compile(r"\s?(?::|=|,|\bwith\b|\bhas\b|\bhaving\b|\bof\b|\bis\b|\bhad\b)\s?")
_REACH = 150
"""Characters between the noun ("samples") and a label that it still stands for."""
_CLOSE = 12
"""Characters between the end of one label's bracket and the next label of the same list."""
_PHASES = frozenset({"A15", "B1", "B2"})
"""Structure types by their Strukturbericht symbols, which look like labels."""
_FAR = 90
"""Characters between a list of labels and the list of values that it runs along with."""


class SampleDefinition(NamedTuple):
    """``label`` is what ``text`` says (a formula or ``x = 0.1``), from character ``start`` on."""

    label: str
    text: str
    start: int


def label_key(label: str) -> str:
    """``label`` as it is compared: without blanks, dashes and the words before a number."""
    return re.sub(r"[\s\-#.]|^No", "", uniform(label))


def find_samples(sentence: str) -> Iterator[SampleDefinition]:
    """The labels that a sentence defines.

    >>> [d[:2] for d in find_samples("Samples with x = 0.1 and 0.2, hereafter S1 and S2.")]
    [('S1', 'x = 0.1'), ('S2', 'x = 0.2')]
    >>> [d[:2] for d in find_samples("We measured sample A (x = 0.1) and film B (YBa2Cu3O7).")]
    [('A', 'x = 0.1'), ('B', 'YBa2Cu3O7')]
    """
    text = uniform(sentence)
    yield from _paired_lists(text)
    yield from _label_first(text)
    yield from _label_last(text)


@cache
def _noun() -> str:
    return "(?i:" + "|".join(load_toml("material_references.toml")["samples"]["nouns"]) + ")"


def labels_in(text: str) -> list[str]:
    """The labels that a mention consists of; empty if it says something else.

    >>> labels_in("sample A"), labels_in("films B1 and B2"), labels_in("S2"), labels_in("FeSe")
    (['A'], ['B1', 'B2'], ['S2'], [])
    """
    plain = uniform(text).strip(" ().,;'\"")
    match = re.fullmatch(
        rf"(?:(?:[A-Za-z-]+\s){{0,3}}{_noun()}\s)?(?P<labels>{_LIST}|{_RANGE}|{_LABEL})"
        rf"|(?:[a-z-]+\s)(?P<made>{_LABEL})"
        rf"|(?:[A-Za-z-]+\s)?(?P<before>{_LABEL})[\s-]+{_noun()}",
        plain,
    )
    if match is None:
        return []
    return _expanded(match["labels"] or match["made"] or match["before"])


def named_labels(sentence: str) -> list[str]:
    """The labels that a sentence names after a noun, each once.

    >>> named_labels("The y = 0.5 compound of series I is red, sample A is not.")
    ['I', 'A']
    """
    pattern = rf"\b{_noun()}\s({_LABEL})(?!\w)"
    return list(dict.fromkeys(label_key(m) for m in re.findall(pattern, uniform(sentence))))


def _expanded(labels: str) -> list[str]:
    """The labels of a list or a range one by one."""
    ends = re.fullmatch(rf"({_LABEL})\s?(?:-|to)\s?({_LABEL})", labels)
    if ends and not re.fullmatch(_LABEL, labels):
        first, last = (re.fullmatch(r"(\D*)(\d+)", label_key(e)) for e in ends.groups())
        if first and last and first[1] == last[1] and int(first[2]) < int(last[2]) <= 20:
            return [f"{first[1]}{n}" for n in range(int(first[2]), int(last[2]) + 1)]
        if first is None and last is None and len(ends[1]) == len(ends[2]) == 1:
            return [chr(c) for c in range(ord(ends[1]), ord(ends[2]) + 1)]
        return []
    return [label_key(m) for m in re.findall(_LABEL, re.sub(r"\band\b|&", ",", labels))]


def _after_noun(text: str, start: int) -> bool:
    """Whether a noun such as "samples" stands before ``start`` of a sentence."""
    return re.search(rf"\b{_noun()}\b", text[max(0, start - _REACH) : start]) is not None


def _paired_lists(text: str) -> Iterator[SampleDefinition]:
    """A list of values and a list of as many labels that run side by side."""
    values = list(_VALUE_LIST.finditer(text))
    if len(values) != 1:
        return
    printed = re.findall(_NUMBER, values[0]["values"])
    for match in re.finditer(rf"(?<![\w.=])(?:{_LIST}|{_RANGE})(?!\w|\.\d)", text):
        labels = _expanded(match.group())
        low, high = sorted([values[0].span(), match.span()])
        if len(labels) != len(printed) or not 0 <= high[0] - low[1] <= _FAR:
            continue
        if all(label.isdigit() for label in labels) or not _is_announced(text, match.start()):
            continue
        for label, value in zip(labels, printed, strict=True):
            yield SampleDefinition(label, f"{values[0]['variable']} = {value}", values[0].start())
        return


def _is_announced(text: str, start: int) -> bool:
    """Whether a noun or a word such as "hereafter" stands shortly before ``start``."""
    window = text[max(0, start - 60) : start]
    return bool(re.search(rf"\b{_noun()}\s*$", window) or cue_pattern().search(window))


def _label_first(text: str) -> Iterator[SampleDefinition]:
    """``sample A (x = 0.1)``, ``S1: x = 0.1``, ``sample A with x = 0.1``, and the ones after."""
    last = -_CLOSE
    for match in re.finditer(rf"(?<![\w.=-])({_LABEL})(?=\s?[(:=,\s])", text):
        direct = re.search(rf"\b{_noun()}\s*$", text[max(0, match.start() - 20) : match.start()])
        if not direct and match.start() - last > _CLOSE:
            counted = re.search(r"[A-Z].*\d", match[1]) and match[1] not in _PHASES
            if not counted or not _after_noun(text, match.start()):
                continue
        bracket = re.compile(r"\s?\(([^()]{3,60}(?:\([^()]{1,30}\)[^()]{0,40}){0,3})\)").match(
            text, match.end()
        )
        joined = _JOINED.match(text, match.end())
        said, end = (_description(bracket[1]), bracket.end()) if bracket else (None, 0)
        if not bracket and joined:
            values = _VALUES.match(text, joined.end())
            said, end = (values.group(), values.end()) if values else (None, 0)
        if said:
            last = end
            yield SampleDefinition(label_key(match[1]), said, match.start())


def _label_last(text: str) -> Iterator[SampleDefinition]:
    """``the x = 0.1 film (sample A)``, ``YBa2Cu3O7 crystals (S1)``."""
    for bracket in re.finditer(r"\(([^()]{1,40})\)", text):
        inside = cue_pattern().sub("", f" {bracket[1]}", count=1).strip(" \"'“”")
        named = re.fullmatch(rf"(?:{_noun()}\s)?({_LABEL})", inside)
        before = text[max(0, bracket.start() - _REACH) : bracket.start()].rstrip()
        if named is None or (named[1].isdigit() and inside == named[1]):
            continue
        if inside == named[1] and not re.search(rf"\b{_noun()}\W*$", before):
            continue
        bare = re.sub(rf"(?:\s(?:[a-z-]+\s){{0,2}}{_noun()})?\W*$", "", before)
        value = list(_VALUES.finditer(bare))
        formula = formula_before(bare, len(bare))
        if value and value[-1].end() == len(bare):
            yield SampleDefinition(label_key(named[1]), value[-1].group(), bracket.start())
        elif formula is not None:
            yield SampleDefinition(label_key(named[1]), formula[1], bracket.start())


def _description(inside: str) -> str | None:
    """What a bracket after a label says of it: values of variables, or a formula."""
    values = _VALUES.match(inside)
    if values:
        return values.group()
    for piece in (inside, re.split(r"[,;]\s", inside)[0]):
        if looks_like_formula(piece) and re.search(r"\d", piece):
            return piece
    return None


def samples_of_table(table: Table) -> Iterator[SampleDefinition]:
    """The labels of a table's rows with the formula or the values that stand beside them."""
    if not table.rows or not table.rows[0]:
        return
    for sheet in sheets_of(table):
        column = _label_column(sheet)
        if column is None:
            continue
        variables = {c.index: c.head.variable for c in sheet.columns if c.head.role == "variable"}
        for row in sheet.table.body:
            texts = [plain_text(cell) for cell in row]
            said = _row_description(texts, column, variables)
            if said:
                yield SampleDefinition(label_key(texts[column]), said, 0)


def _label_column(sheet: Sheet) -> int | None:
    """The first column, or one headed "sample", if its cells are different labels."""
    named = [c.index for c in sheet.columns if c.head.role == "material"]
    for index in dict.fromkeys([0, *named]):
        cells = [t for row in sheet.table.body if not EMPTY.match(t := plain_text(row[index]))]
        labels = [t for t in cells if re.fullmatch(rf"(?:{_noun()}\s)?{_LABEL}", uniform(t))]
        numbers = sum(t.isdigit() for t in labels)
        if (
            len(labels) > 1
            and len(labels) == len(cells)
            and len(set(labels)) == len(labels)
            and (not numbers or index in named)
        ):
            return index
    return None


def _row_description(texts: Sequence[str], label: int, variables: dict[int, str]) -> str | None:
    for i, text in enumerate(texts):
        if i != label and looks_like_formula(text) and re.search(r"\d", text):
            return text
    stated = [
        f"{variables[i]} = {text}"
        for i, text in enumerate(texts)
        if i in variables and re.fullmatch(rf"[~≈]?\s?{_NUMBER}", uniform(text))
    ]
    own = [t for i, t in enumerate(texts) if i != label and _VALUES.fullmatch(uniform(t))]
    return ", ".join(stated or own) or None
