"""References: which blocks list cited works, told by their heading and by what they are made of.

Nothing here takes a reference apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scmine.extractors.document import PassageKind
from scmine.extractors.pdf.blocks import Block, plain_heading

HEADING = re.compile(
    r"references(?: and notes| and links)?|bibliography|literatur(?:verzeichnis)?|references cited"
)
_AFTER = re.compile(
    r"(?:appendi|supplement|supporting|method|figure captions?|list of figures|extended data|"
    r"figures?$|tables?$|captions?$)"
)
_MARKS = re.compile(
    r"\b(?:19|20)\d\d[a-z]?\b|"
    r"\b(?:Phys|Rev|Lett|Nature|Science|Appl|Physica|arXiv|cond-mat|preprint|Mater|Chem|Europhys|"
    r"Supercond|Proc|Adv|Jpn|Soc|ibid|Commun|Sol|Acta|Trans|Publ|Press|Springer|Elsevier|Nat)\b|"
    r"\b[A-Z]\.(?:\s?-?[A-Z]\.){0,4}\s?[A-Z][a-z]+|\bet al\b|\b\d{1,3}, \d{3,6}\b"
)
_STOPWORDS = re.compile(r"\b(?:the|of|is|are|was|were|with|that|this|we|in|which|by|for|and)\b")

LIST_DENSITY = 0.17
"""Marks of a citation (year, journal, initials) a word, above which a block lists references.
Measured on the shared papers: prose has under 0.06, lists of references over 0.25."""

PROSE_DENSITY = 0.06


def density(text: str) -> float:
    """How many marks of a citation there are a word."""
    words = len(text.split())
    return len(_MARKS.findall(text)) / words if words else 0.0


def cut_references(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The blocks of the paper's text, and those of its references, both in order."""
    body: list[Block] = []
    references: list[Block] = []
    inside = False
    for i, block in enumerate(blocks):
        if block.kind is PassageKind.CAPTION:
            body.append(block)
            continue
        if block.kind is PassageKind.HEADING:
            name = plain_heading(block.text)
            if HEADING.fullmatch(name) and i > 0.2 * len(blocks):
                inside = True
                continue
            if inside and _AFTER.match(name):
                inside = False
            (references if inside else body).append(block)
            continue
        note = block.lines[0].shifts[:1] == ["sup"] and density(block.text) < PROSE_DENSITY
        listed = _lists(block.text, inside) and i > 0.15 * len(blocks) and not note
        (references if listed else body).append(block)
    return body, references


def _lists(text: str, inside: bool) -> bool:
    words = len(text.split())
    value = density(text)
    if inside:
        prose = len(_STOPWORDS.findall(text)) > 0.2 * words
        return not (words >= 30 and value < PROSE_DENSITY and prose)
    return words >= 6 and value > LIST_DENSITY
