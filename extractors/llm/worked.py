"""Worked examples: the lines beside the prompts as small documents, questions and answers.

They go through the same functions as papers, so an example looks like what is asked. Which of them
are sent lives in ``similar``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import BaseModel

from scmine.database.record import Place as RecordPlace
from scmine.database.record import Record, Source
from scmine.extractors.claim import Claim, Mention, Place
from scmine.extractors.document import Cell, Document, Metadata, Passage, PassageKind, Table
from scmine.extractors.llm import task_questions
from scmine.extractors.llm.listed_questions import check_questions, whose_questions
from scmine.extractors.llm.paper_facts import PaperFacts
from scmine.extractors.llm.questions import ANSWERS, Question, Window
from scmine.extractors.llm.request import Task
from scmine.extractors.sentences import split_sentences
from scmine.prompts.loading import load

LABELS_LATER = "- as in the last message"
"""What stands in an example for the labels, which are long and the same every time."""

_WIDE = Window(1_000_000, 100_000)


@dataclass(frozen=True, slots=True)
class Worked:
    """One worked example. ``why`` says which difficulty it shows, ``group`` is its annotation
    scheme if its task has such."""

    task: Task
    name: str
    why: str
    group: str
    document: Document
    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...]
    question: Question
    answer: BaseModel

    @property
    def answer_text(self) -> str:
        """The answer as a model would write it."""
        return json.dumps(self.answer.model_dump(mode="json"), ensure_ascii=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was to be found."""
        return not any(self.answer.model_dump().values())


@cache
def worked_examples(task: Task, version: int) -> tuple[Worked, ...]:
    """The examples of one version of a task's prompt, in the order of their file."""
    return tuple(_worked(task, line) for line in load(task, version).examples)


def _worked(task: Task, line: Mapping[str, Any]) -> Worked:
    document = _document(line)
    mentions = _mentions(line, document)
    claims = tuple(_claim(said, document) for said in line.get("claims", ()))
    return Worked(
        task=task,
        name=line["name"],
        why=line["why"],
        group=line.get("scheme", ""),
        document=document,
        mentions=mentions,
        claims=claims,
        question=_question(task, line, document, mentions, claims),
        answer=ANSWERS[task].model_validate_json(json.dumps(line["answer"])),
    )


def _document(line: Mapping[str, Any]) -> Document:
    """The small paper of an example: passages as kind, section and text, and tables."""
    passages = tuple(
        Passage(PassageKind(kind), text, section, sentences=split_sentences(text))
        for kind, section, text in line.get("passages", ())
    )
    tables = tuple(
        Table(
            tuple(
                tuple(Cell(text, is_header=n < table.get("heads", 1)) for text in row)
                for n, row in enumerate(table["rows"])
            ),
            table["caption"],
        )
        for table in line.get("tables", ())
    )
    about = Metadata(title=line.get("title", ""))
    return Document(line["name"], "", "", about, passages, tables)


def _mentions(line: Mapping[str, Any], document: Document) -> tuple[Mention, ...]:
    """The mentions of an example, each looked for behind the one before."""
    mentions: list[Mention] = []
    for label, text in line.get("mentions", ()):
        start = document.passages[0].text.index(text, mentions[-1].end if mentions else 0)
        mentions.append(Mention(start, start + len(text), label, text))
    return tuple(mentions)


def _question(
    task: Task,
    line: Mapping[str, Any],
    document: Document,
    mentions: tuple[Mention, ...],
    claims: tuple[Claim, ...],
) -> Question:
    """The question of an example, by the functions that ask about papers."""
    ask = task_questions
    facts = PaperFacts.of(document)
    facts = PaperFacts(facts.title, line.get("main", ""), facts.names)
    every = range(len(document.passages))
    questions: list[Question]
    match task:
        case Task.CLAIMS:
            questions = ask.claims_questions(document, line["asked"], facts=facts, window=_WIDE)
        case Task.TABLE:
            questions = ask.table_questions(document, 0, facts=facts, window=_WIDE)
        case Task.LINKS:
            questions = ask.links_questions(document.passages[0], mentions, window=_WIDE)
        case Task.MENTIONS:
            passage = document.passages[0]
            questions = [
                replace(q, words={**q.words, "labels": LABELS_LATER})
                for q in ask.mentions_questions(passage, line["scheme"], window=_WIDE)
            ]
        case Task.CRYSTAL:
            questions = ask.crystal_questions(document, every, facts=facts, window=_WIDE)
        case Task.WHOSE:
            questions = whose_questions(document, claims, facts=facts, window=_WIDE)
        case Task.CHECK:
            records = [_record(said, document) for said in line["records"]]
            questions = check_questions(document, records, facts=facts, window=_WIDE)
    [question] = questions
    return question


def _claim(said: Mapping[str, Any], document: Document) -> Claim:
    passage = document.passages[said["passage"]]
    start = passage.text.index(next(iter(said["values"].values())))
    low, high = passage.sentence_at(start)
    place = Place(passage, start, start)
    words = passage.text[low:high]
    values = dict(said["values"])
    section = passage.section
    return Claim(said["material"], values, "text", section, words, None, (), "", 1.0, {}, place)


def _record(said: Mapping[str, Any], document: Document) -> Record:
    fields = dict(said)
    index = fields.pop("passage")
    passage = document.passages[index]
    low, high = passage.sentence_at(passage.text.index(fields.pop("at")))
    words = passage.text[low:high]
    place = RecordPlace(
        id="0", source=Source.TEXT, passage=index, sentence=words, raw_material=said["raw_material"]
    )
    return Record(record_id="", doc_id="", sentence=words, places=[place], **fields)
