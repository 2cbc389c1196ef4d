"""Errors in their context, one a line, for people who want to know what goes wrong."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scmine.corpora.confusion import best_match
from scmine.corpora.predict import TaggedPaper, TaggedPassage
from scmine.corpora.scored import LabelledSpan, labelled_spans

CONTEXT_CHARS = 60
_SEED = 0


@dataclass(frozen=True, slots=True)
class ErrorCase:
    """One error: its ``kind``, what the gold has and what was found, empty where there is nothing.

    ``kind`` is ``missed``, ``extra``, ``label`` or ``bounds`` for mentions, ``missed link`` or
    ``extra link`` for links between gold mentions. ``passage`` counts from 1.
    """

    kind: str
    paper: str
    passage: int
    gold: str
    found: str
    context: str

    def line(self) -> str:
        """The error as one line."""
        what = " | ".join(filter(None, (self.gold and f"gold {self.gold}", self.found_words())))
        return f"{self.kind:<11} {self.paper} §{self.passage}: {what}\n    {self.context}"

    def found_words(self) -> str:
        """What was found, in words; empty if nothing was."""
        return self.found and f"found {self.found}"


def sample_errors(papers: Iterable[TaggedPaper], count: int) -> list[ErrorCase]:
    """``count`` errors drawn from all, always the same ones, in the order of the papers."""
    cases = list(error_cases(papers))
    if count >= len(cases):
        return cases
    chosen = random.Random(_SEED).sample(range(len(cases)), count)
    return [cases[i] for i in sorted(chosen)]


def error_cases(papers: Iterable[TaggedPaper]) -> Iterator[ErrorCase]:
    """All errors, paper by paper and passage by passage."""
    for paper in papers:
        for number, passage in enumerate(paper.passages, start=1):
            yield from _mention_errors(paper.stem, number, passage)
            yield from _link_errors(paper.stem, number, passage)


def _mention_errors(stem: str, number: int, passage: TaggedPassage) -> Iterator[ErrorCase]:
    text = passage.gold.text
    gold = labelled_spans(text, passage.gold.mentions)
    found = labelled_spans(text, passage.found)
    for span in gold:
        if span in found:
            continue
        match = best_match(span, found)
        kind = "missed" if match is None else "bounds" if match[2] == span[2] else "label"
        shown = _words(text, match) if match else ""
        yield ErrorCase(kind, stem, number, _words(text, span), shown, _context(text, [span]))
    for span in found:
        if best_match(span, gold) is None:
            words = _words(text, span)
            yield ErrorCase("extra", stem, number, "", words, _context(text, [span]))


def _link_errors(stem: str, number: int, passage: TaggedPassage) -> Iterator[ErrorCase]:
    text = passage.gold.text
    spans = labelled_spans(text, passage.gold.mentions)
    gold, found = passage.gold.links, passage.links_given
    for label, head, tail in sorted(gold ^ found):
        words = f"{label}: {_words(text, spans[head])} → {_words(text, spans[tail])}"
        context = _context(text, [spans[head], spans[tail]])
        if (label, head, tail) in gold:
            yield ErrorCase("missed link", stem, number, words, "", context)
        else:
            yield ErrorCase("extra link", stem, number, "", words, context)


def _words(text: str, span: LabelledSpan) -> str:
    return f"{span[2]} “{text[span[0] : span[1]]}”"


def _context(text: str, spans: Sequence[LabelledSpan]) -> str:
    """The text around ``spans``, which stand in ⟦brackets⟧."""
    first, last = min(s[0] for s in spans), max(s[1] for s in spans)
    start, end = max(0, first - CONTEXT_CHARS), min(len(text), last + CONTEXT_CHARS)
    pieces, at = ["…" if start else ""], start
    for span in sorted(set(spans)):
        if span[0] >= at:
            pieces += (text[at : span[0]], "⟦", text[span[0] : span[1]], "⟧")
            at = span[1]
    shown = "".join((*pieces, text[at:end], "…" if end < len(text) else ""))
    return "".join(c if c.isprintable() else " " for c in shown)
