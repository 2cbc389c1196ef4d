"""The server that other tests ask: it speaks as `openai` expects, and fails as it is told."""

from __future__ import annotations

import json
import time

import openai
import pytest

from tests.llm_server import MODEL, Answered, LlmServer, answers_in_turn, error, question, serving


def client_of(server: LlmServer) -> openai.OpenAI:
    return openai.OpenAI(base_url=server.url, api_key="secret", max_retries=0, timeout=5)


def said(server: LlmServer, text: str = "hello") -> str | None:
    with client_of(server) as client:
        whole = client.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": text}]
        )
    return whole.choices[0].message.content


def streamed(server: LlmServer) -> tuple[str, str | None, int]:
    text, reason, tokens = "", None, 0
    with client_of(server) as client:
        for chunk in client.chat.completions.create(
            model=MODEL,
            messages=[{"role": "user", "content": "hello"}],
            stream=True,
            stream_options={"include_usage": True},
        ):
            for choice in chunk.choices:
                text += choice.delta.content or ""
                reason = choice.finish_reason or reason
            tokens = chunk.usage.total_tokens if chunk.usage else tokens
    return text, reason, tokens


def test_answers_are_those_of_the_script() -> None:
    with serving(lambda body: question(body).upper()) as server:
        assert said(server, "lead") == "LEAD"
        assert server.asked[0]["model"] == MODEL
        assert server.headers[0]["authorization"] == "Bearer secret"


def test_streams() -> None:
    with serving(lambda body: Answered("a longer answer", usage=(7, 3))) as server:
        assert streamed(server) == ("a longer answer", "stop", 10)


def test_errors_have_status_and_headers() -> None:
    with serving(lambda body: error(429, "slow down", Retry_After="7")) as server:
        with pytest.raises(openai.RateLimitError) as caught:
            said(server)
        assert caught.value.response.headers["retry-after"] == "7"


def test_answers_in_turn_and_cut_connections() -> None:
    with serving(answers_in_turn(Answered("lost", cut=0), "kept")) as server:
        with pytest.raises(openai.APIConnectionError):
            said(server)
        assert said(server) == said(server) == "kept"


def test_a_client_that_goes_is_noticed() -> None:
    with serving(lambda body: Answered("x" * 100, drip_s=0.02)) as server:
        with client_of(server) as client:
            stream = client.chat.completions.create(
                model=MODEL, messages=[{"role": "user", "content": "hello"}], stream=True
            )
            next(iter(stream))
            stream.close()
        until = time.monotonic() + 10
        while not server.left and time.monotonic() < until:
            time.sleep(0.01)
        assert server.left == 1


def test_a_dead_server_refuses() -> None:
    with serving(lambda body: "x") as server:
        server.die()
        with pytest.raises(openai.APIConnectionError):
            said(server)


def test_models_are_listed() -> None:
    with serving(lambda body: "x", models=("a", "b")) as server, client_of(server) as client:
        assert [model.id for model in client.models.list()] == ["a", "b"]


def test_batches_run_through_the_same_script() -> None:
    with serving(lambda body: question(body).upper()) as server, client_of(server) as client:
        lines = [
            {
                "custom_id": name,
                "method": "POST",
                "url": "/v1/chat/completions",
                "body": {"model": MODEL, "messages": [{"role": "user", "content": name}]},
            }
            for name in ("a", "b")
        ]
        text = "\n".join(map(json.dumps, lines)).encode()
        file = client.files.create(file=("in.jsonl", text), purpose="batch")
        job = client.batches.create(
            input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
        )
        assert client.batches.retrieve(job.id).status == "in_progress"
        ended = client.batches.retrieve(job.id)
        assert ended.status == "completed"
        assert ended.output_file_id is not None
        found = [
            json.loads(line) for line in client.files.content(ended.output_file_id).iter_lines()
        ]
        answers = {
            line["custom_id"]: line["response"]["body"]["choices"][0]["message"]["content"]
            for line in found
        }
        assert answers == {"a": "A", "b": "B"}


def test_a_server_without_batches() -> None:
    with (
        serving(lambda body: "x", batches=False) as server,
        client_of(server) as client,
        pytest.raises(openai.NotFoundError),
    ):
        client.files.create(file=("in.jsonl", b"{}"), purpose="batch")
