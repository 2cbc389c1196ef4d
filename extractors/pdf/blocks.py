"""Blocks: the lines of one passage, and what is common to the running text of a paper.

How lines become blocks lives in ``passages``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from scmine.extractors.document import PassageKind
from scmine.extractors.lexicons import load_words
from scmine.extractors.pdf.lines import Line

NUMBERED_HEADING = re.compile(
    r"^(?:[IVX]{1,5}\.|[A-Z]\.|§?\d{1,2}(?:\.\d{1,2}){0,3}\.?)\s+[A-ZÄÖÜ][^.?!]{2,90}$"
)
WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{3,}")


@dataclass(slots=True)
class Block:
    """Lines of one passage, in order, and what the passage is."""

    kind: PassageKind
    lines: list[Line] = field(default_factory=list)
    section: str = ""

    @property
    def text(self) -> str:
        """The lines' text, as they stand."""
        return " ".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Body:
    """What the running text of the paper is set in: its size (points), fonts and line distance."""

    size: float
    fonts: frozenset[str]
    leading: float

    @classmethod
    def of(cls, pages: Sequence[Sequence[Line]]) -> Body:
        """Measured by number of characters; lines of few words do not count."""
        sizes: Counter[float] = Counter()
        fonts: Counter[str] = Counter()
        steps: Counter[float] = Counter()
        for lines in pages:
            last: Line | None = None
            for line in lines:
                if len(WORD.findall(line.text)) >= 4:
                    sizes[round(line.size, 1)] += len(line.text)
                    fonts[line.font] += len(line.text)
                    if last is not None and last.column == line.column:
                        steps[round((line.y - last.y) * 2) / 2] += 1
                last = line
        if not sizes:
            return cls(10.0, frozenset(), 12.0)
        size = sizes.most_common(1)[0][0]
        total = sum(fonts.values())
        common = frozenset(f for f, n in fonts.items() if n > 0.02 * total)
        positive = [(n, s) for s, n in steps.items() if 0.8 * size < s < 3.2 * size]
        leading = max(positive)[1] if positive else 1.2 * size
        return cls(size, common, leading)


def heading_names() -> frozenset[str]:
    """Headings that need no number, in lower case."""
    return load_words("headings.txt")


def plain_heading(text: str) -> str:
    """A heading in lower case without its number and marks.

    >>> plain_heading("IV. RESULTS AND DISCUSSION:")
    'results and discussion'
    """
    text = re.sub(r"^(?:[IVX]{1,5}\.|[A-Z]\.|§?\d{1,2}(?:\.\d{1,2})*\.?)\s+", "", text.strip())
    return re.sub(r"[\s:.—–-]+$", "", text).strip().lower()
