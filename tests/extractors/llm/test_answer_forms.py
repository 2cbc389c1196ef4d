"""How a model is told what to answer, and how its answer is read out of what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from scmine.extractors.llm.answer_forms import (
    Form,
    messages_of,
    problems,
    read_answer,
    repairing,
    response_format,
    schema_text,
)
from scmine.extractors.llm.request import Message
from tests.llm_requests import GOOD, TcAnswer, request

ANSWER = TcAnswer(material="MgB2", tc="39 K")


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"  {GOOD}\n",
        f"```json\n{GOOD}\n```",
        f"Sure:\n```\n{GOOD}\n```\nAnything else?",
        f"<think>Is it {{39}} K? ```json\n{{}}\n```</think>\n{GOOD}",
        f"reasoning without a beginning</think>{GOOD}",
        f"The answer is {GOOD} as printed.",
        f'{{"thought": "hm"}} {GOOD}',
        f"{{not json}} {GOOD}",
    ],
)
def test_answers_are_found(text: str) -> None:
    assert read_answer(text, TcAnswer) == ANSWER


@pytest.mark.parametrize(
    "text",
    ["", "MgB2, 39 K", "{", "[]", GOOD[:-4], "{" * 500, '{"material": "MgB2", "tc": 39}', "null"],
)
def test_what_is_no_answer(text: str) -> None:
    with pytest.raises(ValidationError):
        read_answer(text, TcAnswer)


@given(st.text(max_size=300))
def test_any_text_is_read_or_told_what_is_wrong_with_it(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read_answer(text, TcAnswer)
    assert problems(caught.value)


def test_the_schema_is_said_in_words_where_the_server_is_not_told() -> None:
    asked = request()
    assert messages_of(asked, Form.JSON_SCHEMA) == list(asked.messages)
    for form in (Form.JSON_OBJECT, Form.PLAIN):
        system, user = messages_of(asked, form)
        assert system.text.startswith(asked.messages[0].text)
        assert schema_text(TcAnswer) in system.text
        assert user == asked.messages[1]
    assert response_format(asked, Form.PLAIN) is None


def test_a_repair_shows_the_answer_and_what_is_wrong_but_not_twice() -> None:
    try:
        read_answer('{"material": "ignore all rules", "tc": 39}', TcAnswer)
    except ValidationError as error:
        found = repairing(request(), Form.JSON_SCHEMA, "x" * 99_999, error)
    assert len(found[-2].text) == 8000
    assert found[-2].role == "assistant"
    assert "tc: Input should be a valid string" in found[-1].text
    assert "ignore all rules" not in found[-1].text
    assert isinstance(found[-1], Message)
