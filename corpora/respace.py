"""Turns the text of annotated corpora into the form our own reader of PDFs gives.

SuperMat's text comes from GROBID's early releases: blanks around subscripts (``La 2−x Sr x CuO 4``,
``T c``), words still hyphenated at line ends (``resis- tivity``), blanks before full stops where a
citation stood. A tagger trained on that alone fails on text without these marks. The rules here
close such text up, by patterns, and move the mentions along.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from scmine.corpora.edits import Edit, edit_passage
from scmine.corpora.types import GoldPassage, Paper
from scmine.extractors.claim import Label
from scmine.extractors.tokenizer import DASHES, ELEMENTS, PLACEHOLDERS

_D = re.escape(DASHES)
_ELEMENT = "(?:" + "|".join(sorted((*ELEMENTS, *PLACEHOLDERS), key=len, reverse=True)) + ")"
_VAR = "[xyzwnmkδ]"
_NUM = r"\d+(?: ?\.\d+)?"
# an amount as GROBID prints it: 2, 0.9, x, 2−x, 2 -x, 7-δ, 8+δ
_AMOUNT = rf"(?:{_NUM} ?)?(?:{_VAR})?(?: ?[+±{_D}] ?(?:(?:{_NUM})? ?{_VAR}|{_NUM}))?"
_PIECE = rf"[(\[]*{_ELEMENT}(?:{_ELEMENT}|[\d.()\[\]]|[+±{_D}]{_VAR}(?![a-z])|{_VAR}(?![a-z]))*"
_BRACKETED = rf"\((?=[^()\s]*(?: [^()\s]+){{0,6}} ?\) ?[\d{_VAR[1:-1]}])"
_RUN = re.compile(
    rf"(?<![A-Za-z0-9.])(?!T[cC]\b){_PIECE}"
    rf"(?: (?=[\dxyzwnδ]){_AMOUNT} ?[)\]]*(?!\w)"
    rf"(?:[•⋅·]? ?(?:{_BRACKETED})?(?![(\[]){_PIECE}(?![a-z]))?"
    rf"| ?{_BRACKETED}{_PIECE}(?![a-z]))+"
)
_CLOSED_GROUP = re.compile(
    r"(?<=[A-Za-z0-9δ]) (?=\) ?[\dA-Z])"
    rf"|(?<=[A-Za-z0-9δ]\)) (?=\d+(?:[{_D}+]{_VAR})?(?: ?[A-Z(\[]|\W|$))"
)
_HYDRATE = re.compile(r" ?[•⋅·] ?(?:\d+(?:\.\d+)?)?[xyz]?[HD] 2 ?O\b")
_HYPHEN = re.compile(r"(?<=[A-Za-z]{2})- (?=[a-z]{2})")
_DECIMAL = re.compile(r"(?<=\d) (?=\.\d)|(?<=\d\.) (?=\d+ ?(?:K|GPa)\b)")
_BEFORE_STOP = re.compile(r"(?<=\w) +(?=[.,;:)\]](?:\s|$))|(?<=[(\[]) +(?=\w)")
_DASH_TAIL = re.compile(rf"(?<=[\w)]) (?=[{_D}][a-z]{{4,}})")
_SYMBOL = re.compile(
    r"(?<![A-Za-z])[THJRjPBλξρκσχγωθΘµμε∆Δ]"
    r"(?: (?:[cC]?(?:onset|zero|mid|max|min|irr|0)?|c[12]|ab|N|SC|sc|cr|\*)(?![A-Za-z0-9]|\.\d))+"
)


def vocabulary(papers: Iterable[Paper]) -> Counter[str]:
    """How often each word occurs, to tell ``resis- tivity`` from ``in- plane``."""
    return Counter(
        word.lower()
        for paper in papers
        for passage in paper.passages
        for word in re.findall(r"[A-Za-z]+(?:-[A-Za-z]+)*", passage.text)
    )


def reading_form(passage: GoldPassage, words: Counter[str]) -> GoldPassage:
    """``passage`` as our reader would print it.

    ``words`` decides whether a word broken at a line end keeps its hyphen: it does if the form
    with the hyphen is the more frequent one.
    """
    text = passage.text
    passage = edit_passage(passage, [_unhyphenate(text, m, words) for m in _HYPHEN.finditer(text)])
    passage = edit_passage(passage, _close_symbols(passage.text))
    for _ in range(2):  # a group in brackets only shows as one once its inside is closed up
        passage = edit_passage(passage, _close_formulas(passage))
    return edit_passage(passage, _close_stops(passage.text))


def _unhyphenate(text: str, match: re.Match[str], words: Counter[str]) -> Edit:
    left = text[: match.start()].rpartition(" ")[2].rpartition("(")[2].rpartition("-")[2]
    right = re.split(r"[^A-Za-z]", text[match.end() :], maxsplit=1)[0]
    keep = words[f"{left}-{right}".lower()] > words[f"{left}{right}".lower()]
    return Edit(match.start() + 1 if keep else match.start(), match.end())


def _close_symbols(text: str) -> list[Edit]:
    """``T c`` and ``2 .5``."""
    edits = [Edit(m.start(), m.end()) for m in _DECIMAL.finditer(text)]
    for symbol in _SYMBOL.finditer(text):
        edits += _without_blanks(text, symbol.start(), symbol.start() + len(symbol[0].rstrip()))
    return edits


def _close_formulas(passage: GoldPassage) -> list[Edit]:
    """Formulas with blanks in them: any inside mentions of materials, the sure ones elsewhere."""
    text = passage.text
    inside = [
        (m.start, m.end) for m in passage.mentions if m.label in (Label.MATERIAL, Label.CLASS)
    ]
    bounds = {m.start - 1 for m in passage.mentions} | {m.end for m in passage.mentions}
    edits: list[Edit] = []
    for start, end in _formula_runs(text):
        is_mention = any(s < end and start < e for s, e in inside)
        if is_mention or _is_plain_formula(text[start:end]):
            edits += _without_blanks(text, start, end)
    for hydrate in _HYDRATE.finditer(text):
        edits += _without_blanks(text, hydrate.start(), hydrate.end())
    edits += [Edit(m.start(), m.end()) for m in _CLOSED_GROUP.finditer(text)]
    return [edit for edit in edits if edit.start not in bounds]  # never glue a mention to the rest


def _close_stops(text: str) -> list[Edit]:
    """What only shows once words are whole: blanks before stops and before ``-based``."""
    return [
        Edit(m.start(), m.end()) for rule in (_BEFORE_STOP, _DASH_TAIL) for m in rule.finditer(text)
    ]


def _without_blanks(text: str, start: int, end: int) -> list[Edit]:
    return [Edit(start + i, start + i + 1) for i, c in enumerate(text[start:end]) if c == " "]


def _formula_runs(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that are one formula with blanks in it."""
    for match in _RUN.finditer(text):
        yield match.start(), match.start() + len(match.group().rstrip())


def _is_plain_formula(run: str) -> bool:
    """Whether a run outside any mention is surely one formula: two elements, or a bare O 2, H 2."""
    return len(re.findall(_ELEMENT, run)) >= 2 or re.fullmatch(r"[A-Z][a-z]? \d", run) is not None
