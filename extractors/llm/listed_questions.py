"""What is shown and asked about claims and records that were found: whose they are, and a check.

They are listed a few at a time, with the places of the paper that they come from. Questions about
the places themselves live in ``task_questions``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scmine.database.record import Record
from scmine.extractors.claim import Claim
from scmine.extractors.document import Document
from scmine.extractors.llm.cost import tokens_of
from scmine.extractors.llm.grids import grid_text
from scmine.extractors.llm.item_lines import claim_line, marks_lines, record_line
from scmine.extractors.llm.paper_facts import PaperFacts
from scmine.extractors.llm.parts import sentences_around
from scmine.extractors.llm.questions import Question, Shown, Window, fixed_tokens
from scmine.extractors.llm.request import Task
from scmine.extractors.merging import GAP

AROUND_TOKENS = 400
"""Tokens of a long passage that are shown around one claim or record."""

WHOLE_TOKENS = 600
"""Tokens of a passage that is shown whole."""

MOST_ITEMS = 12
"""Claims or records that one question asks about; models lose count of more."""


@dataclass(frozen=True, slots=True)
class _Item:
    """A claim or record: its name, its line, and where it stands: a place of the paper, and the
    character or row of it."""

    name: str
    line: str
    place: str
    at: int
    section: str


def whose_questions(
    document: Document,
    claims: Sequence[Claim],
    *,
    facts: PaperFacts | None = None,
    window: Window,
) -> list[Question]:
    """Whose claims are, a few of them a question."""
    items = []
    for n, claim in enumerate(claims):
        place, at = _place_of(document, claim)
        items.append(_Item(f"c{n}", claim_line(f"c{n}", claim, place), place, at, claim.section))
    return _questions(Task.WHOSE, "claims", document, items, facts, window)


def check_questions(
    document: Document,
    records: Sequence[Record],
    *,
    facts: PaperFacts | None = None,
    window: Window,
) -> list[Question]:
    """Whether the paper supports records, a few of them a question."""
    items = []
    for n, record in enumerate(records):
        place, at = place_of_record(document, record)
        line = record_line(f"r{n}", record, place)
        items.append(_Item(f"r{n}", line, place, at, record.section or ""))
    return _questions(Task.CHECK, "records", document, items, facts, window)


def _questions(
    task: Task,
    what: str,
    document: Document,
    items: Sequence[_Item],
    facts: PaperFacts | None,
    window: Window,
) -> list[Question]:
    facts = facts or PaperFacts.of(document)
    room = int(0.8 * (window.question - fixed_tokens(task)))
    questions = []
    for group in _groups(document, items, room):
        places, marks = _shown(document, group)
        lines = "\n".join(item.line for item in group)
        names = {p.name for p in places}
        known = facts.lines(group[0].section, lines)
        questions.append(
            Question(
                task,
                place=places[0].name if len(names) == 1 else "document",
                asked=", ".join(item.name for item in group),
                places=(*places, Shown(what, "to judge", lines, quotable=False)),
                about="\n".join(filter(None, [known, *marks])),
            )
        )
    return questions


def _groups(document: Document, items: Sequence[_Item], room: int) -> Iterator[list[_Item]]:
    """Items in their order, as many together as have room with what is shown of them."""
    group: list[_Item] = []
    for item in items:
        if group and (len(group) >= MOST_ITEMS or _size(document, [*group, item]) > room):
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _size(document: Document, group: Sequence[_Item]) -> int:
    places, marks = _shown(document, group)
    return sum(map(tokens_of, [*(p.text for p in places), *marks, *(i.line for i in group)]))


def _shown(document: Document, group: Sequence[_Item]) -> tuple[list[Shown], list[str]]:
    """The places that a group stands in, and the citations that were taken out of them."""
    shown: list[Shown] = []
    marks: list[str] = []
    for place in dict.fromkeys(item.place for item in group if item.place):
        at = sorted({item.at for item in group if item.place == place})
        index = int(place[1:])
        if place.startswith("t"):
            shown.append(Shown(place, "table", grid_text(document.tables[index], at)))
            continue
        passage = document.passages[index]
        spans = [(0, len(passage.text))]
        if tokens_of(passage.text) > WHOLE_TOKENS:
            spans = list(dict.fromkeys(sentences_around(passage, a, AROUND_TOKENS) for a in at))
        for start, end in spans:
            shown.append(Shown(place, passage.kind.value, passage.text[start:end]))
            marks += marks_lines(place, passage, start, end)
    return shown, list(dict.fromkeys(marks))


def _place_of(document: Document, claim: Claim) -> tuple[str, int]:
    """The name of the place that a claim stands in, and where; empty if the document has it not."""
    where = claim.place
    if where is None:
        return "", 0
    if where.table is not None and where.table in document.tables:
        rows = where.table.rows
        row = rows.index(where.row) if where.row in rows else 0
        return f"t{document.tables.index(where.table)}", row
    if where.passage is not None and where.passage in document.passages:
        return f"p{document.passages.index(where.passage)}", where.start
    return "", 0


def place_of_record(document: Document, record: Record) -> tuple[str, int]:
    """The name of the place that says a record best, and where in it; empty if nowhere."""
    index = record.places[0].passage if record.places else None
    if index is not None and index < len(document.passages):
        sentence = record.places[0].sentence.split(GAP)[0]
        return f"p{index}", max(document.passages[index].text.find(sentence), 0)
    for number, table in enumerate(document.tables):
        for at, row in enumerate(table.rows):
            cells = " | ".join(cell.text for cell in row)
            said = record.places[0].sentence if record.places else record.sentence
            if cells.strip(" |") and said.endswith(f" || {cells}"):
                return f"t{number}", at
    return "", 0
