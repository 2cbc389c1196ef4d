"""Worked examples: each is what its prompt asks for, by the schema and by the evidence rule."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from scmine.extractors.context import MaterialContext
from scmine.extractors.llm import evidence
from scmine.extractors.llm.answers import (
    CheckAnswer,
    ClaimsAnswer,
    CrystalAnswer,
    LinksAnswer,
    MentionsAnswer,
    TableAnswer,
    ValueField,
    WhoseAnswer,
)
from scmine.extractors.llm.questions import user_text
from scmine.extractors.llm.request import Task
from scmine.extractors.llm.worked import LABELS_LATER, Worked, worked_examples
from scmine.extractors.paper_profile import PaperProfile
from scmine.extractors.records import records_of
from scmine.prompts.loading import load

EXAMPLES = [
    pytest.param(one, id=f"{task}-{one.name}")
    for task in Task
    for one in worked_examples(task, load(task).version)
]
LEAST = {Task.CLAIMS: 8, Task.TABLE: 8, Task.LINKS: 8}


def _kept_and_dropped(one: Worked) -> tuple[int, list[evidence.Dropped]]:
    """How many parts of the answer the example's own text bears out, and what it does not."""
    document, shown, answer = one.document, one.question.shown, one.answer
    kept: Any
    match answer:
        case ClaimsAnswer():
            checked = evidence.check_claims(answer, document, shown=shown, extractor="llm")
            kept, dropped = checked.claims, checked.dropped
        case TableAnswer():
            checked = evidence.check_table(answer, document, 0, extractor="llm")
            kept, dropped = checked.claims, checked.dropped
        case CrystalAnswer():
            checked = evidence.check_crystal(answer, document, shown=shown, extractor="llm")
            kept, dropped = checked.claims, checked.dropped
        case LinksAnswer():
            kept, dropped = evidence.check_links(answer, document.passages[0], one.mentions)
        case MentionsAnswer():
            labels = load(one.task).labels[one.group]
            kept, dropped = evidence.check_mentions(answer, document.passages[0], list(labels))
        case WhoseAnswer():
            kept, dropped = evidence.check_whose(answer, one.claims, document, shown=shown)
        case CheckAnswer():
            count = len(answer.records)
            kept, dropped = evidence.check_records(answer, count, document, shown=shown)
        case _:
            raise AssertionError(type(answer))
    return len(kept), dropped


@pytest.mark.parametrize("one", EXAMPLES)
def test_the_evidence_rule_keeps_all_of_the_answer(one: Worked) -> None:
    kept, dropped = _kept_and_dropped(one)
    [parts] = one.answer.model_dump().values()
    assert dropped == []
    assert kept == len(parts)


def test_a_table_of_a_variable_gives_each_row_its_formula() -> None:
    [one] = [w for w in worked_examples(Task.TABLE, 1) if w.name == "variable"]
    assert isinstance(one.answer, TableAnswer)
    claims = evidence.check_table(one.answer, one.document, 0, extractor="llm").claims
    context = MaterialContext.of([], [], one.document.tables)
    profile = PaperProfile.of(one.document)
    records = records_of([c for c, _ in claims], one.document, context, profile, "")
    assert [(r.formula, r.tc_K) for r, _ in records] == [
        ("Nd0.98Ca0.02FeAsO0.9", 31.4),
        ("Nd0.94Ca0.06FeAsO0.9", 36.0),
    ]


@pytest.mark.parametrize("one", EXAMPLES)
def test_the_answer_is_valid_by_the_schema_that_is_sent(one: Worked) -> None:
    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    schema = json.loads(json.dumps(load(one.task).json_schema))
    jsonschema_rs.validate(schema, json.loads(one.answer_text))


@pytest.mark.parametrize("one", EXAMPLES)
def test_it_says_what_it_shows_and_is_asked_as_papers_are(one: Worked) -> None:
    assert one.why
    text = user_text(one.question, load(one.task))
    for passage in one.document.passages:
        assert passage.text in text
    assert text.count("-----BEGIN ") == text.count("-----END ") >= 1
    if one.task is Task.MENTIONS:
        assert LABELS_LATER in text


@pytest.mark.parametrize("task", list(Task))
def test_each_task_has_empty_answers_and_an_attack(task: Task) -> None:
    examples = worked_examples(task, load(task).version)
    groups = {one.group for one in examples}
    for group in groups:
        own = [one for one in examples if one.group == group]
        assert len(own) >= LEAST.get(task, 4)
        assert len({one.name for one in own}) == len(own)
        assert any(one.name.startswith("instructions") for one in own)
        if task not in (Task.WHOSE, Task.CHECK):
            assert any(one.is_empty for one in own)
    assert groups == (set(load(task).labels) or {""})


def test_the_examples_of_claims_show_every_kind_of_claim() -> None:
    answers = [one.answer for one in worked_examples(Task.CLAIMS, 1)]
    claims = [c for a in answers if isinstance(a, ClaimsAnswer) for c in a.claims]
    assert {c.superconducting for c in claims} == {True, False, None}
    assert {c.origin.value for c in claims} >= {"this_work", "cited"}
    assert {c.evidence.value for c in claims} >= {"measured", "calculated"}
    fields = {v.field for c in claims for v in c.values}
    assert fields >= {ValueField.TC, ValueField.PRESSURE, ValueField.LAMBDA, ValueField.METHOD}


@pytest.mark.shared
def test_no_example_is_copied_from_the_shared_papers(shared: Path) -> None:
    """No run of 40 letters and digits of an example stands in a paper in Markdown."""
    papers = [f.read_text("utf-8") for f in sorted((shared / "papers" / "markdown").glob("*.md"))]
    whole = "".join(re.sub(r"[\W_]", "", paper).lower() for paper in papers)
    for parameters in EXAMPLES:
        one = parameters.values[0]
        assert isinstance(one, Worked)
        for passage in one.document.passages:
            plain = re.sub(r"[\W_]", "", passage.text).lower()
            runs = [plain[i : i + 40] for i in range(0, len(plain) - 40, 20)]
            assert not [run for run in runs if run in whole]
