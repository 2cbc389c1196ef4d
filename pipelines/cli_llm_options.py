"""Options of the commands that ask a language model; what they do is said in the settings."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class LlmModeName(StrEnum):
    """The forms by name; what they are is said in ``scmine.pipelines.settings``."""

    AUTO = "auto"
    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    PLAIN = "plain"


Llm = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="MODEL",
        help="The language model, by its server's name for it. The key is taken from the "
        "environment: SCMINE_LLM_KEY, else OPENAI_API_KEY.",
    ),
]
LlmUrl = Annotated[
    str | None,
    typer.Option(
        "--llm-url",
        metavar="URL",
        help="An OpenAI-compatible server (http://localhost:8080/v1). Default: OpenAI's own.",
    ),
]
LlmAll = Annotated[
    bool | None,
    typer.Option(
        "--llm-all",
        help="Ask about everything, not only about what rules and models leave open.",
    ),
]
LlmCheck = Annotated[
    bool | None,
    typer.Option(
        "--llm-check",
        help="Have the records of each paper checked against the paper; what is doubted is "
        "flagged. Costs a request for every dozen records or fewer.",
    ),
]
LlmBudget = Annotated[
    float | None,
    typer.Option(
        "--llm-budget",
        min=0,
        metavar="AMOUNT",
        help="What this run may spend on the language model: money if prices are given, else "
        "tokens.",
    ),
]
LlmPriceIn = Annotated[
    float | None,
    typer.Option("--llm-price-in", min=0, metavar="PRICE", help="What a million tokens sent cost."),
]
LlmPriceOut = Annotated[
    float | None,
    typer.Option(
        "--llm-price-out", min=0, metavar="PRICE", help="What a million tokens answered cost."
    ),
]
LlmMode = Annotated[
    LlmModeName | None,
    typer.Option(
        "--llm-mode",
        metavar="auto|json_schema|json_object|plain",
        help="How the model is told the form of its answers. Default: the strictest that the "
        "server takes.",
    ),
]
LlmBatch = Annotated[
    bool | None,
    typer.Option(
        "--llm-batch",
        help="Send requests as batches: cheaper, answered within a day; where the server has them.",
    ),
]
