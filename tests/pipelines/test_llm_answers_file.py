"""Answers as a file: what is written is read again, and what is broken is named."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.types import CorpusError
from scmine.extractors.llm.answers import LinksAnswer, MentionItem, MentionsAnswer
from scmine.extractors.llm.request import Ending, Message, Reply, Request, Task, Usage
from scmine.pipelines.llm_answers_file import NOT_THE_MODELS, Recorder, Replay, key_of

HEAD = '{"scmine_answers": 1, "model": "m"}\n'


def request(text: str = "MgB2 has 39 K.", place: str = "p0") -> Request:
    messages = (Message("system", "Mark."), Message("user", text))
    return Request(Task.MENTIONS, "mentions@1", messages, MentionsAnswer, "d", place)


class Saying:
    """An asker with one reply to everything."""

    model = "m"

    def __init__(self, **reply: object) -> None:
        self._reply = reply

    def ask(self, requests: Iterable[Request]) -> Iterator[Reply]:
        for one in requests:
            yield Reply(one, **self._reply)  # type: ignore[arg-type]


def through_file(path: Path, asked: Request, **reply: object) -> Reply:
    recorder = Recorder(Saying(**reply), path)
    [given] = recorder.ask([asked])
    recorder.close()
    [again] = Replay.load(path).ask([asked])
    assert again == given or given.ending in NOT_THE_MODELS
    return again


@given(st.text(min_size=1), st.text(), st.integers(0, 10**9), st.none() | st.floats(0, 1e6))
def test_any_answer_survives(
    tmp_path_factory: pytest.TempPathFactory, words: str, text: str, tokens: int, cost: float | None
) -> None:
    answer = MentionsAnswer(mentions=[MentionItem(label="material", text=words, quote=words)])
    through_file(
        tmp_path_factory.mktemp("answers") / "a.jsonl",
        request(text),
        ending=Ending.ANSWERED,
        answer=answer,
        usage=Usage(tokens, 3, cost),
        calls=2,
        cached=True,
        seconds=1.25,
    )


@pytest.mark.parametrize("ending", [e for e in Ending if e is not Ending.ANSWERED])
def test_endings_of_the_model_are_kept_and_others_asked_again(
    tmp_path: Path, ending: Ending
) -> None:
    again = through_file(tmp_path / "a.jsonl", request(), ending=ending, reason="because")
    if ending in NOT_THE_MODELS:
        assert again.ending is Ending.UNAVAILABLE
        assert "has no answer to this request (mentions@1)" in again.reason
    else:
        assert (again.ending, again.reason) == (ending, "because")


def test_the_key_is_of_what_is_sent() -> None:
    one = request()
    assert key_of(one) == key_of(request(place="p7"))
    assert key_of(one) != key_of(request("MgB2 has 40 K."))
    other = Request(one.task, "mentions@2", one.messages, one.answer)
    assert key_of(one) != key_of(other)
    assert key_of(one) != key_of(Request(one.task, one.prompt, one.messages, LinksAnswer))


def test_what_was_written_before_a_kill_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    recorder = Recorder(Saying(ending=Ending.REFUSED), path)
    replies = recorder.ask([request("one"), request("two")])
    next(replies)
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2
    recorder.close()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "empty"),
        ("{}\n", "line 1"),
        ("nonsense\n", "line 1: no JSON"),
        ('{"scmine_answers": 2}\n', "line 1"),
        ('{"scmine_answers": 1, "questions": {"context_tokens": "8192"}}\n', "line 1"),
        ('{"scmine_answers": 1, "questions": []}\n', "line 1"),
        (HEAD + "[]\n", "line 2"),
        (HEAD + '{"key": 3}\n', "line 2"),
        (HEAD + '{"key": "a"}\n{"key"', "line 3: no JSON"),
    ],
)
def test_what_is_no_answers_file_is_named_by_line(tmp_path: Path, text: str, where: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=where):
        Replay.load(path)


@pytest.mark.parametrize(
    "broken",
    [{"answer": {"mentions": 3}}, {"ending": "tired"}, {"tokens_in": "many"}, {"answer": []}],
)
def test_a_broken_answer_is_an_error_and_not_a_refusal(
    tmp_path: Path, broken: dict[str, object]
) -> None:
    path = tmp_path / "a.jsonl"
    through_file(path, request(), ending=Ending.ANSWERED, answer=MentionsAnswer(mentions=[]))
    head, line = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{head}\n{json.dumps(json.loads(line) | broken)}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="bad answer"):
        list(Replay.load(path).ask([request()]))
