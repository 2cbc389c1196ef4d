"""What servers say when they do not answer, in their own words, and what it means."""

from __future__ import annotations

from typing import Any

import httpx2
import openai
import pytest

from scmine.extractors.llm.faults import Trouble, Where, fault_of

KEY = "sk-proj-1234567890abcdef"
WHERE = Where("a-model", "http://localhost:8080/v1", KEY)


def fault(status: int, body: Any, **headers: str) -> Any:
    """The fault that an answer with this status and body makes, by the client's own way."""
    transport = httpx2.MockTransport(
        lambda request: httpx2.Response(status, json=body, headers=headers)
    )
    client = openai.OpenAI(
        api_key=KEY,
        base_url=WHERE.url,
        max_retries=0,
        http_client=httpx2.Client(transport=transport),
    )
    with pytest.raises(openai.APIError) as caught:
        client.models.list()
    return fault_of(caught.value, WHERE)


def worded(message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, **more}}


TOO_LONG = [
    # OpenAI, vLLM, llama.cpp (three versions), Ollama, Anthropic, Google, Groq
    (400, worded("Please reduce the length.", code="context_length_exceeded")),
    (
        400,
        worded(
            "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens"
            " (2952 in the messages, 2048 in the completion)."
        ),
    ),
    (
        400,
        worded(
            "'max_tokens' or 'max_completion_tokens' is too large: 2048. This model's maximum "
            "context length is 2048 tokens and your request has 900 input tokens"
        ),
    ),
    (400, {"object": "error", "message": "max_tokens must be at least 1, got -186.", "code": 400}),
    (
        400,
        worded(
            "request (4390 tokens) exceeds the available context size (4096 tokens), try "
            "increasing it",
            type="exceed_context_size_error",
        ),
    ),
    (500, worded("Context size has been exceeded.", type="server_error")),
    (500, worded("the request exceeds the available context size. try increasing it")),
    (400, worded("the input length exceeds the context length")),
    (400, worded("prompt is too long: 210000 tokens > 200000 maximum")),
    (400, worded("The input token count (40000) exceeds the maximum number of tokens allowed")),
    (413, worded("Request too large for model `x` on tokens per minute (TPM)")),
]


@pytest.mark.parametrize(("status", "body"), TOO_LONG)
def test_overflows_of_the_context(status: int, body: Any) -> None:
    assert fault(status, body).trouble is Trouble.TOO_LONG


@pytest.mark.parametrize(
    ("status", "body", "part"),
    [
        (
            400,
            worded("'response_format' 'json_schema' is not supported"),
            "response_format",
        ),
        (400, worded("Invalid schema for response_format 'TcAnswer'"), "response_format"),
        (422, {"detail": "json_schema: extra fields not permitted"}, "response_format"),
        (
            400,
            worded("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
            "max_tokens",
        ),
        (400, worded("Unsupported value", param="temperature"), "temperature"),
        (400, worded("Unrecognized request argument supplied: seed"), "seed"),
        (422, worded("stream_options: unexpected field"), "stream_options"),
        (400, worded("Your organization must be verified to stream this model."), "stream"),
    ],
)
def test_parts_that_are_not_taken(status: int, body: Any, part: str) -> None:
    found = fault(status, body)
    assert (found.trouble, found.part) == (Trouble.PART, part)


@pytest.mark.parametrize(
    ("status", "body", "trouble"),
    [
        (429, worded("Rate limit reached for requests", code="rate_limit_exceeded"), Trouble.BUSY),
        (503, worded("Loading model", type="unavailable_error"), Trouble.BUSY),
        (
            429,
            worded("Check your plan", code="insufficient_quota"),
            Trouble.HOPELESS,
        ),
        (402, worded("Insufficient Balance"), Trouble.HOPELESS),
        (401, worded(f"Incorrect API key provided: {KEY}"), Trouble.HOPELESS),
        (404, worded("The model `x` does not exist", code="model_not_found"), Trouble.HOPELESS),
        (404, worded('model "x" not found, try pulling it first'), Trouble.HOPELESS),
        (404, {"detail": "Not Found"}, Trouble.HOPELESS),
        (
            400,
            worded(
                "max_tokens is too large: 9999. This model supports at most 4096 completion tokens"
            ),
            Trouble.HOPELESS,
        ),
        (400, worded("filtered", code="content_filter"), Trouble.FILTERED),
        (500, worded("CUDA error"), Trouble.BROKEN),
        (502, "<html>Bad gateway</html>", Trouble.BROKEN),
        (400, worded("messages: roles must alternate"), Trouble.REFUSED),
    ],
)
def test_other_faults(status: int, body: Any, trouble: Trouble) -> None:
    found = fault(status, body)
    assert found.trouble is trouble
    assert found.reason
    assert KEY not in found.reason


def test_keys_and_control_signs_of_others_are_not_shown() -> None:
    found = fault(500, worded("key sk-live-abcdefgh12 \x1b[31m is\nbad " + "x" * 999))
    assert "sk-live" not in found.reason
    assert found.reason.isprintable()
    assert len(found.reason) < 400


def test_a_busy_server_says_how_long() -> None:
    found = fault(429, worded("slow down"), **{"Retry-After": "12"})
    assert found.wait_s == 12
