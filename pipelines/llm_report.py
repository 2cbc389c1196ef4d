"""What people are shown of the asking of a language model: so far, at the end, of one paper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from scmine.database.llm_use import LlmUse
from scmine.extractors.llm.cost import TYPICAL_ANSWER_TOKENS
from scmine.pipelines.llm_summary import LlmEstimate, LlmSummary

TROUBLES_SHOWN = 3

_WITHOUT_ANSWER = re.compile(
    r"requests without an answer: \d+ (?P<endings>.*?) \((?P<why>.*)\)", re.DOTALL
)


def llm_so_far(summary: LlmSummary) -> str:
    """Requests, tokens and money so far in a few words, for progress.

    >>> llm_so_far(LlmSummary("m", spent_requests=3, spent_tokens=1200, spent_cost=0.0123))
    '3 requests, 1,200 tokens, 0.0123'
    """
    told = f"{summary.spent_requests} requests, {summary.spent_tokens:,} tokens"
    return told if summary.spent_cost is None else f"{told}, {_money(summary.spent_cost)}"


def llm_lines(summary: LlmSummary) -> Iterator[str]:
    """The lines about the language model at the end of a run."""
    if not summary.papers and not summary.unasked:
        yield f"There was nothing left to ask {summary.model}."
        return
    yield (
        f"Asked {summary.model} about {_papers(summary.papers)}"
        f"{f' ({summary.unasked} more had nothing open)' if summary.unasked else ''}: "
        f"{_count(summary.requests, 'request')}, {summary.cached} from the cache, "
        f"{_count(summary.calls, 'call')}, {_tokens(summary.tokens_in, summary.tokens_out)}"
        f"{'' if summary.cost is None else f', cost {_money(summary.cost)}'}."
    )
    middle = summary.median_and_most()
    if middle is not None:
        unit = " tokens" if summary.cost is None else ""
        words = [f"{n:,.0f}" if summary.cost is None else _money(n) for n in middle]
        yield f"A paper took {words[0]}{unit} in the middle, {words[1]}{unit} at most."
    for name, counts in (
        ("Why", summary.reasons),
        ("Requests ended", summary.endings),
        ("Records", summary.meetings),
    ):
        if counts:
            yield f"{name}: {_counts(counts)}."
    if summary.kept or summary.drops:
        dropped = summary.drops.total()
        told = f" ({_counts(summary.drops)})" if dropped else ""
        yield f"Values: {summary.kept} kept, {dropped} dropped{told}."
    if summary.open:
        yield (
            f"{_papers(summary.open)} could not be asked about in full; the records of the rules "
            "are saved, and the same command asks again for what is left."
        )
    for reason, number in _told_once(summary.troubles).most_common(TROUBLES_SHOWN):
        yield f"  {_papers(number)}: {reason}"


def estimate_lines(estimate: LlmEstimate) -> Iterator[str]:
    """The lines about what asking would take."""
    requests = estimate.requests.total()
    yield (
        f"Asking {estimate.model} about {_papers(estimate.papers)} "
        f"({estimate.unasked} more have nothing open) would take "
        f"{_count(requests, 'request')} and about {estimate.tokens_in.total():,} tokens in."
    )
    if estimate.unread:
        yield f"  {_papers(estimate.unread)} could not be read and are not in these figures."
    for task, number in estimate.requests.most_common():
        likely, _ = estimate.costs(task)
        yield (
            f"  {task}: {_count(number, 'request')}, {estimate.tokens_in[task]:,} tokens in"
            f"{'' if likely is None else f', cost {_money(likely)}'}"
        )
    out = f"with answers of {TYPICAL_ANSWER_TOKENS} tokens"
    likely, highest = estimate.costs()
    if likely is None or highest is None:
        yield f"{out}: {requests * TYPICAL_ANSWER_TOKENS:,} tokens out. Name prices to see money."
    else:
        yield (
            f"Cost {_money(likely)} {out}; at most {_money(highest)}, if each answer is as long as "
            f"it may be ({estimate.most_answer_tokens:,} tokens) and has to be repaired."
        )
    yield "What the cache holds costs nothing and is counted here all the same. Nothing was saved."


def use_lines(use: LlmUse) -> Iterator[str]:
    """The lines about what was asked about one paper."""
    what = "everything" if use.everything else "what was open"
    yield (
        f"{use.model} ({', '.join(use.prompts)}) was asked about {what}: "
        f"{_count(use.requests, 'request')}, {use.cached} from the cache, "
        f"{_tokens(use.tokens_in, use.tokens_out)}"
        f"{'' if use.cost is None else f', cost {_money(use.cost)}'}; {use.state.value}"
    )
    if use.reason:
        yield f"  {use.reason}"
    for name, counts in (
        ("why", use.reasons),
        ("requests ended", use.endings),
        ("records", use.meetings),
    ):
        if counts:
            yield f"  {name}: {_counts(counts)}"
    if use.kept or use.drops:
        yield f"  values: {use.kept} kept, dropped: {_counts(use.drops) or 'none'}"


def _told_once(troubles: Mapping[str, int]) -> Counter[str]:
    """Papers by why they could not be asked about, however many requests that left open.

    >>> told = "requests without an answer: {} (no model 'x')"
    >>> _told_once({told.format("4 unavailable"): 2, told.format("11 unavailable"): 1})
    Counter({"no model 'x'": 3})
    """
    first: dict[str, str] = {}
    papers: Counter[str] = Counter()
    for reason, number in troubles.items():
        parts = _WITHOUT_ANSWER.fullmatch(reason)
        words = parts["why"] if parts else reason
        # What a request could take differs from paper to paper; one of them tells enough.
        alike = "over_budget" if parts and parts["endings"] == "over_budget" else words
        papers[first.setdefault(alike, words)] += number
    return papers


def _counts(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{number} {name}" for name, number in ordered)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _papers(number: int) -> str:
    return _count(number, "paper")


def _tokens(tokens_in: int, tokens_out: int) -> str:
    return f"{tokens_in:,} tokens in and {tokens_out:,} out"


def _money(cost: float) -> str:
    """Money with as many digits as tell something.

    >>> _money(12.3456), _money(0.00123456), _money(0.0)
    ('12.35', '0.00123', '0.00')
    """
    return f"{cost:.2f}" if cost >= 1 or cost == 0 else f"{cost:.3g}"
