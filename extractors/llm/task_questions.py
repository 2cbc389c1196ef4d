"""What is shown and asked about passages and tables: from a document to questions.

Each function says what of the paper is shown with the part that is asked about, and cuts what is
too long. The same document gives the same questions. Questions about claims and records that were
found live in ``listed_questions``; how all become requests in ``tasks``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scmine.extractors.claim import Mention
from scmine.extractors.document import Document, Passage, PassageKind
from scmine.extractors.llm.cost import tokens_of
from scmine.extractors.llm.grids import grid_text, row_parts
from scmine.extractors.llm.item_lines import marks_lines, mention_line
from scmine.extractors.llm.paper_facts import PaperFacts
from scmine.extractors.llm.parts import last_sentences, parts_of
from scmine.extractors.llm.questions import Question, Shown, Window, fixed_tokens
from scmine.extractors.llm.request import Task
from scmine.prompts.loading import PromptError, load

BEFORE_TOKENS = 250
"""Tokens of the passage before that are shown at most."""

_ASKED_SHARE = 0.6
_PROSE = (PassageKind.ABSTRACT, PassageKind.PARAGRAPH)


def claims_questions(
    document: Document,
    passage_index: int,
    *,
    facts: PaperFacts | None = None,
    window: Window,
) -> list[Question]:
    """What a passage claims; a long one in parts, each with what stands before it."""
    passage = document.passages[passage_index]
    facts = facts or PaperFacts.of(document)
    room = window.question - fixed_tokens(Task.CLAIMS)
    most = max(int(_ASKED_SHARE * min(room, window.answer_tokens)), 64)
    before_most = min(BEFORE_TOKENS, room // 5)
    title = [] if passage.kind is PassageKind.TITLE else _title(document)
    questions = []
    for start, end in parts_of(passage, most):
        text = passage.text[start:end]
        name = f"p{passage_index}"
        before = _before(document, passage_index, start, before_most)
        asked = Shown(name, passage.kind.value, text)
        known = facts.lines(passage.section, text, with_title=not title)
        about = "\n".join(filter(None, [known, *marks_lines(name, passage, start, end)]))
        questions.append(Question(Task.CLAIMS, name, name, (*title, *before, asked), about))
    return questions


def table_questions(
    document: Document,
    table_index: int,
    *,
    facts: PaperFacts | None = None,
    window: Window,
) -> list[Question]:
    """What the rows of a table claim; a long one in groups of rows, each with the head."""
    table = document.tables[table_index]
    facts = facts or PaperFacts.of(document)
    room = window.question - fixed_tokens(Task.TABLE)
    questions = []
    for rows in row_parts(table, int(0.8 * room), int(0.8 * window.answer_tokens)):
        name = f"t{table_index}"
        shown = Shown(name, "table", grid_text(table, rows))
        about = facts.lines(table.section, shown.text)
        questions.append(Question(Task.TABLE, name, name, (shown,), about))
    return questions


def links_questions(
    passage: Passage,
    mentions: Sequence[Mention],
    *,
    place: str = "p0",
    window: Window,
) -> list[Question]:
    """Which mentions of a passage belong together, those of a part at a time."""
    room = window.question - fixed_tokens(Task.LINKS)
    questions = []
    for start, end in parts_of(passage, max(int(0.4 * room), 64)):
        inside = [i for i, m in enumerate(mentions) if start <= m.start and m.end <= end]
        if len(inside) < 2:
            continue
        lines = "\n".join(mention_line(f"m{i}", mentions[i], passage.text) for i in inside)
        places = (
            Shown(place, passage.kind.value, passage.text[start:end]),
            Shown("mentions", f"of {place}", lines, quotable=False),
        )
        questions.append(Question(Task.LINKS, place, place, places))
    return questions


def mentions_questions(
    passage: Passage,
    scheme: str,
    *,
    place: str = "p0",
    window: Window,
) -> list[Question]:
    """The mentions of a passage under ``scheme``; `PromptError` if the prompt knows it not."""
    prompt = load(Task.MENTIONS)
    if scheme not in prompt.labels:
        known = ", ".join(sorted(prompt.labels))
        raise PromptError(f"{prompt.name}: no labels of the scheme {scheme!r}, only of {known}")
    labels = "\n".join(f"- {label}: {what}" for label, what in prompt.labels[scheme].items())
    words = {"scheme": str(scheme), "labels": labels}
    room = window.question - fixed_tokens(Task.MENTIONS) - tokens_of(labels)
    questions = []
    for start, end in parts_of(passage, max(min(int(0.7 * room), window.answer_tokens // 4), 64)):
        shown = Shown(place, passage.kind.value, passage.text[start:end])
        questions.append(Question(Task.MENTIONS, place, place, (shown,), words=words))
    return questions


def crystal_questions(
    document: Document,
    passage_indexes: Sequence[int],
    *,
    table_indexes: Sequence[int] = (),
    facts: PaperFacts | None = None,
    window: Window,
) -> list[Question]:
    """Which crystal structures passages and tables state; as many together as there is room for."""
    facts = facts or PaperFacts.of(document)
    room = int(0.8 * (window.question - fixed_tokens(Task.CRYSTAL)))
    most = max(min(room, 2 * window.answer_tokens), 64)
    places = []
    for index in passage_indexes:
        passage = document.passages[index]
        for start, end in parts_of(passage, most):
            places.append(Shown(f"p{index}", passage.kind.value, passage.text[start:end]))
    for index in table_indexes:
        table = document.tables[index]
        for rows in row_parts(table, most, window.answer_tokens):
            places.append(Shown(f"t{index}", "table", grid_text(table, rows)))
    questions = []
    for group in _grouped(places, most):
        names = ", ".join(dict.fromkeys(p.name for p in group))
        about = facts.lines("", " ".join(p.text for p in group))
        questions.append(Question(Task.CRYSTAL, group[0].name, names, tuple(group), about))
    return questions


def _grouped(places: Sequence[Shown], most: int) -> Iterator[list[Shown]]:
    """Places in their order, as many together as have room."""
    group: list[Shown] = []
    taken = 0
    for place in places:
        needs = tokens_of(place.text) + 30
        if group and taken + needs > most:
            yield group
            group, taken = [], 0
        group.append(place)
        taken += needs
    if group:
        yield group


def _title(document: Document) -> list[Shown]:
    """The title as a place that may be quoted, if the reader found it as a passage."""
    for index, passage in enumerate(document.passages[:5]):
        if passage.kind is PassageKind.TITLE:
            return [Shown(f"p{index}", "title", passage.text[:600])]
    return []


def _before(document: Document, index: int, start: int, most: int) -> list[Shown]:
    """What stands before a passage, or before a part of it, as a place that may be quoted."""
    passage = document.passages[index]
    if start:
        text = last_sentences(passage, start, most)
        return [Shown(f"p{index}", "what comes before", text)] if text else []
    if passage.kind not in _PROSE:
        return []
    for other in range(index - 1, max(index - 6, -1), -1):
        earlier = document.passages[other]
        if earlier.kind in _PROSE:
            text = last_sentences(earlier, len(earlier.text), most)
            return [Shown(f"p{other}", earlier.kind.value, text)] if text else []
    return []
