"""Makes new training text out of annotated text: other elements, other amounts, other values.

A tagger that has seen ``LaFeAsO`` only should know ``SmFeAsO`` and ``LaFePO`` too. Swaps are drawn
once a passage, so that a formula and its repetition stay alike. Dashes and tildes are varied too,
since printers set ``2-x`` with any of them. Spacing is ``respace``'s affair.
"""

from __future__ import annotations

import random
import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from scmine.corpora.edits import Edit, edit_passage
from scmine.corpora.types import GoldMention, GoldPassage
from scmine.extractors.claim import Label
from scmine.extractors.tokenizer import ELEMENTS

_ELEMENT = re.compile("(?:" + "|".join(sorted(ELEMENTS, key=len, reverse=True)) + ")(?![a-wz])")
_FORMULA_WORD = re.compile(r"(?<![A-Za-z])[A-Z(][A-Za-z0-9()\[\].]*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DASHES = ("-", "−", "–")
_TILDES = ("~", "∼", "≈")
_FORMULA_LABELS = frozenset((Label.MATERIAL, "Element", "Main"))
_VALUE_LABELS = frozenset((Label.TC_VALUE, Label.PRESSURE, "Value"))
_SWAP_SHARE = 0.6  # of the elements of a passage
_VALUE_FACTORS = (0.3, 3.0)  # a value is scaled by a factor drawn between these, log-uniformly


@lru_cache(maxsize=1)
def element_groups() -> dict[str, tuple[str, ...]]:
    """For each element that may be swapped, the elements of its group."""
    text = (files("scmine.corpora") / "data" / "element_groups.toml").read_text("utf-8")
    return {el: tuple(group) for group in tomllib.loads(text).values() for el in group}


def swap_passage(passage: GoldPassage, rng: random.Random) -> GoldPassage:
    """A variant of ``passage``: its formulas, values and dashes exchanged for like ones."""
    groups = element_groups()
    swaps = {el: rng.choice(group) for el, group in groups.items() if rng.random() < _SWAP_SHARE}
    edits: list[Edit] = []
    for mention in passage.mentions:
        if mention.label in _FORMULA_LABELS:
            edits += _formula_edits(passage, mention, swaps)
        elif mention.label in _VALUE_LABELS:
            edits += _value_edits(passage, mention, rng)
    dash, tilde = rng.choice(_DASHES), rng.choice(_TILDES)
    edits += [Edit(m.start(), m.end(), dash) for m in re.finditer("[-−–]", passage.text)]
    edits += [Edit(m.start(), m.end(), tilde) for m in re.finditer("[~∼≈]", passage.text)]
    return edit_passage(passage, edits)


def _formula_edits(passage: GoldPassage, mention: GoldMention, swaps: dict[str, str]) -> list[Edit]:
    """Swap elements in the words of a mention that consist of element symbols."""
    edits = []
    for word in _FORMULA_WORD.finditer(passage.surface(mention)):
        rest = re.sub(r"[\d.()\[\]xyzwnδ]", "", _ELEMENT.sub("", word.group()))
        if rest:
            continue
        for el in _ELEMENT.finditer(word.group()):
            at = mention.start + word.start() + el.start()
            if el.group() in swaps:
                edits.append(Edit(at, at + len(el.group()), swaps[el.group()]))
    return edits


def _value_edits(passage: GoldPassage, mention: GoldMention, rng: random.Random) -> list[Edit]:
    """Scale the numbers of a value, all by one factor, and keep their decimals."""
    low, high = _VALUE_FACTORS
    factor = low * (high / low) ** rng.random()
    edits = []
    for number in _NUMBER.finditer(passage.surface(mention)):
        decimals = len(number.group().partition(".")[2])
        new = f"{float(number.group()) * factor:.{decimals}f}"
        edits.append(Edit(mention.start + number.start(), mention.start + number.end(), new))
    return edits
