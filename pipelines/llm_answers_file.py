"""Answers of a language model as a file: a run paid for once, shared, and scored again for nothing.

JSON lines. The first says what the file is and which model answered, each other holds the answer
to one request under its key. A key is a hash of all that is sent, so that a file answers exactly
the requests that it was made of: another prompt, another text or another order of mentions is
another request. The client's own cache is another thing and lives with the client.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from pydantic import ValidationError

from scmine.corpora.types import CorpusError
from scmine.extractors.llm.request import Asker, Ending, Reply, Request, Usage

FORM = "scmine_answers"
VERSION = 1

NOT_THE_MODELS = frozenset({Ending.UNAVAILABLE, Ending.OVER_BUDGET, Ending.CANCELLED})
"""Endings that say nothing of the model: the request was not put to it, or not heard."""


def key_of(request: Request) -> str:
    """The key of a request: equal for all requests that send the same."""
    sent = [
        request.task,
        request.prompt,
        [[message.role, message.text] for message in request.messages],
        request.answer.model_json_schema(),
    ]
    text = json.dumps(sent, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class Recorder:
    """An asker that writes what another one answers to a file, line by line as it comes.

    Requests that were never put to the model, or not heard, are not written. ``questions`` says how
    requests were made, for who wants to make the same ones again. The file is ended with the
    ``with`` block, or by `close`.
    """

    def __init__(
        self,
        asker: Asker,
        path: Path,
        note: str = "",
        questions: Mapping[str, Any] | None = None,
    ) -> None:
        self.model = asker.model
        self._asker = asker
        self._stream = path.open("w", encoding="utf-8")
        head = {"model": asker.model, "note": note, "questions": dict(questions or {})}
        self._write({FORM: VERSION, **head})

    def ask(self, requests: Iterable[Request]) -> Iterator[Reply]:
        """Replies of the other asker, each written before it is given on."""
        for reply in self._asker.ask(requests):
            if reply.ending not in NOT_THE_MODELS:
                self._write(_line(reply))
            yield reply

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the file."""
        self._stream.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._stream.flush()


@dataclass(slots=True)
class Replay:
    """An asker that knows its answers from a file and asks nobody.

    Replies have the tokens, money and seconds that they once took. A request that the file has no
    answer to ends as ``unavailable``.
    """

    path: Path
    model: str
    note: str
    questions: dict[str, Any]
    lines: dict[str, dict[str, Any]]

    @classmethod
    def load(cls, path: Path) -> Replay:
        """The answers in a file.

        Raises
        ------
        OSError
            If it cannot be read.
        CorpusError
            If it is no such file; the error names the line.
        """
        lines: dict[str, dict[str, Any]] = {}
        head: dict[str, Any] | None = None
        with path.open(encoding="utf-8") as stream:
            for number, text in enumerate(stream, 1):
                line = _parsed(path, number, text)
                if head is None:
                    if line.get(FORM) != VERSION:
                        raise CorpusError(
                            path, f"no answers: the line lacks {FORM!r}: {VERSION}", 1
                        )
                    head = line
                else:
                    lines[line["key"]] = line
        if head is None:
            raise CorpusError(path, "no answers: the file is empty")
        questions = head.get("questions", {})
        if not isinstance(questions, dict) or not all(
            isinstance(value, int) for value in questions.values()
        ):
            raise CorpusError(path, "no answers: its questions are numbers and yes or no", 1)
        return cls(path, str(head.get("model", "")), str(head.get("note", "")), questions, lines)

    def ask(self, requests: Iterable[Request]) -> Iterator[Reply]:
        """A reply to each request, in their order."""
        for request in requests:
            line = self.lines.get(key_of(request))
            if line is None:
                reason = f"{self.path} has no answer to this request ({request.prompt})"
                yield Reply(request, Ending.UNAVAILABLE, reason=reason)
            else:
                yield self._reply(request, line)

    def _reply(self, request: Request, line: dict[str, Any]) -> Reply:
        given = line.get("answer")
        try:
            answer = None
            if given is not None:
                answer = request.answer.model_validate_json(json.dumps(given))
            return Reply(
                request,
                Ending(line["ending"]),
                answer,
                Usage(int(line["tokens_in"]), int(line["tokens_out"]), line["cost"]),
                str(line["reason"]),
                bool(line["cached"]),
                int(line["calls"]),
                float(line["seconds"]),
            )
        except (KeyError, TypeError, ValueError, ValidationError) as error:
            raise CorpusError(self.path, f"bad answer {line['key'][:12]}: {error}") from error


def _line(reply: Reply) -> dict[str, Any]:
    request = reply.request
    return {
        "key": key_of(request),
        "task": request.task.value,
        "prompt": request.prompt,
        "doc_id": request.doc_id,
        "place": request.place,
        "ending": reply.ending.value,
        "answer": None if reply.answer is None else reply.answer.model_dump(mode="json"),
        "reason": reply.reason,
        "tokens_in": reply.usage.tokens_in,
        "tokens_out": reply.usage.tokens_out,
        "cost": reply.usage.cost,
        "cached": reply.cached,
        "calls": reply.calls,
        "seconds": reply.seconds,
    }


def _parsed(path: Path, number: int, text: str) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except json.JSONDecodeError as error:
        raise CorpusError(path, f"no JSON: {error.msg}", number) from error
    if not isinstance(line, dict) or (number > 1 and not isinstance(line.get("key"), str)):
        raise CorpusError(path, "no answer: a line is an object with a key", number)
    return line
