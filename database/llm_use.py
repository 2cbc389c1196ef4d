"""What a language model was asked about a document, what that took, and what came of it.

A plain value, written with the document and replaced when the document is saved again. Nothing here
knows SQL; the table is in ``llm_models``, reading in ``llm_reading``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class LlmState(StrEnum):
    """Whether a document need not be asked about again."""

    DONE = "done"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmUse:
    """The asking about one document.

    Parameters
    ----------
    model
        The model's name.
    prompts
        Names and versions of the prompts in force, in order (``claims@1``).
    everything
        Whether all was asked about, and not only what was open.
    state
        ``done`` if each request ended for good; ``open`` if some did not for a reason that may not
        hold another time (server gone, budget reached, interrupted), told by ``reason``.
    requests, calls, cached
        Requests made, calls sent to the server (a repair is a second one), answers from the cache.
    tokens_in, tokens_out
        Tokens of all answers, those from the cache aside.
    cost
        What they cost in the currency of the prices; None where no prices are known.
    reasons, endings, drops, meetings
        Counts by name: why places and records were asked about, how requests ended, why values and
        verdicts were dropped, how records met (``agreed``, ``llm_only``, ``not_found``,
        ``disagreed``, ``not_asked``).
    kept
        Values that the evidence bore out, and verdicts on records that were quoted.
    """

    model: str
    prompts: list[str]
    everything: bool = False
    state: LlmState = LlmState.DONE
    reason: str = ""
    requests: int = 0
    calls: int = 0
    cached: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    reasons: dict[str, int] = field(default_factory=dict)
    endings: dict[str, int] = field(default_factory=dict)
    kept: int = 0
    drops: dict[str, int] = field(default_factory=dict)
    meetings: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLlmUse(LlmUse):
    """The asking about one document as the database has it."""

    doc_id: str
