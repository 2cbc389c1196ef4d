"""Surroundings: the text around a value in a passage, sentence, clause and citations.

Lengths are bounded, so that a passage without full stops costs no more than others. What the words
and marks say of the value lives in ``whose_features``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from scmine.extractors.document import Passage
from scmine.extractors.paper_profile import PaperProfile

SENTENCE_REACH = 1000
"""Characters of a sentence that are looked at on each side of the value."""

PASSAGE_REACH = 4000
"""The same of the passage."""

SAME_CLAUSE = 90
"""Characters on each side of a value that are taken to speak of it, within its clause."""

_VALUE = re.compile(r"\d\s?-?m?K\b")  # a pressure between may be the condition of the value itself
_BREAK = re.compile(
    r"[;:]\s|,\s(?:and|but|while|whereas|although|which|where|however|whilst|in contrast)\b"
    r"|\s(?:whereas|while|although|but|than|compared (?:to|with)|in contrast to|similar to|close to"
    r"|in (?:good |excellent |fair )?agreement with|consistent with)\s"
)


@dataclass(frozen=True)
class Surroundings:
    """The text around a claim's value, and the citations in it.

    ``start`` and ``end`` are the value's characters in ``passage``.
    """

    passage: Passage
    start: int
    end: int
    profile: PaperProfile

    @cached_property
    def bounds(self) -> tuple[int, int]:
        """The (start, end) of the value's sentence, at most ``SENTENCE_REACH`` on each side."""
        low, high = self.passage.sentence_at(self.start)
        return max(low, self.start - SENTENCE_REACH), min(high, self.end + SENTENCE_REACH)

    @cached_property
    def sentence(self) -> str:
        """The value's sentence."""
        return self.passage.text[slice(*self.bounds)]

    @cached_property
    def clause(self) -> str:
        """The part of the sentence that speaks of the value."""
        low, high = self.bounds
        text = self.passage.text
        before = text[max(low, self.start - SAME_CLAUSE) : self.start]
        after = text[self.end : min(high, self.end + SAME_CLAUSE)]
        starts = [m.end() for m in _BREAK.finditer(before)]
        stop = _BREAK.search(after)
        before = before[starts[-1] :] if starts else before
        return before + text[self.start : self.end] + (after[: stop.start()] if stop else after)

    @cached_property
    def previous(self) -> str:
        """The sentence before, its end if it is long."""
        sentences = self.passage.sentences
        n = bisect_right(sentences, self.bounds[0], key=lambda s: s[1])
        if n == 0:
            return ""
        start, end = sentences[n - 1]
        return self.passage.text[max(start, end - SENTENCE_REACH) : end]

    @cached_property
    def wider(self) -> str:
        """The passage around the value."""
        return self.passage.text[max(0, self.start - PASSAGE_REACH) : self.end + PASSAGE_REACH]

    @cached_property
    def citations(self) -> tuple[int, ...]:
        """All citations of the passage, by the character before which they stand."""
        return self.profile.citations_of(self.passage)

    @cached_property
    def cited(self) -> list[int]:
        """Those in the value's sentence; a raised mark may stand behind the full stop."""
        low, high = self.bounds
        return list(self.citations[self._first(low) : self._first(high + 2)])

    def cited_before_sentence(self, reach: int) -> bool:
        """Whether a citation stands in the ``reach`` characters before the sentence."""
        low = self.bounds[0]
        return self._first(low - reach) < self._first(low)

    def _first(self, offset: int) -> int:
        return bisect_left(self.citations, offset)

    def behind(self) -> int | None:
        """Characters to the first mark behind the value, none if another value is between."""
        offset = next((c for c in self.cited if c >= self.end), None)
        if offset is None or _VALUE.search(self.passage.text[self.end : offset]):
            return None
        return offset - self.end

    def before(self) -> int | None:
        """Characters to the last mark before the value, none if another value is between."""
        offset = next((c for c in reversed(self.cited) if c <= self.start), None)
        if offset is None or _VALUE.search(self.passage.text[offset : self.start]):
            return None
        return self.start - offset

    @cached_property
    def after_turn(self) -> bool | None:
        """Whether the paper has turned to its own work; None if nothing says where it does."""
        place, turn = self.profile.place_of(self.passage), self.profile.turn
        if turn is None or place is None:
            return None
        return (place, self.start) >= turn
