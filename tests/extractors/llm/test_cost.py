"""Tokens, prices and the budget that nothing passes."""

from __future__ import annotations

import threading

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from scmine.extractors.llm.cost import (
    TYPICAL_ANSWER_TOKENS,
    Budget,
    Prices,
    Reservation,
    estimate,
    prompt_tokens,
    tokens_of,
)
from tests.llm_requests import request, requests


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("the cat", 2), ("Tc = 39 K", 5), ("La1-xFxFeAsO", 5), ("superconductivity", 3)],
)
def test_tokens_of_words_digits_and_signs(text: str, tokens: int) -> None:
    assert tokens_of(text) == tokens


def test_an_estimate_adds_up() -> None:
    asked = requests(3)
    usage = estimate(asked, Prices(1_000_000, 0))
    assert usage.tokens_in == sum(map(prompt_tokens, asked)) == usage.cost
    assert usage.tokens_out == 3 * TYPICAL_ANSWER_TOKENS
    assert estimate(asked).cost is None
    assert prompt_tokens(request("a " * 100)) > prompt_tokens(request("a " * 50)) > 50


TOKENS = st.integers(0, 5000)


class Spending(RuleBasedStateMachine):
    """Requests are sent and answered in any order."""

    open = Bundle("open")

    def __init__(self) -> None:
        super().__init__()
        self.budget = Budget(20_000.0)
        self.booked = 0

    @rule(target=open, tokens_in=TOKENS, most_out=TOKENS)
    def send(self, tokens_in: int, most_out: int) -> Reservation | None:
        before = self.budget.spent + self.budget.reserved
        held = self.budget.reserve(tokens_in, most_out)
        if held is None:
            assert before + tokens_in + most_out > 20_000
        return held

    @rule(held=consumes(open), share=st.floats(0, 1))
    def answer(self, held: Reservation | None, share: float) -> None:
        if held is not None:
            out = int(share * (held.amount - held.tokens_in))
            self.budget.settle(held, held.tokens_in, out)
            self.booked += held.tokens_in + out

    @rule(held=consumes(open))
    def fail(self, held: Reservation | None) -> None:
        if held is not None:
            self.budget.settle(held, 0, 0)

    @invariant()
    def is_not_passed(self) -> None:
        assert self.budget.spent + self.budget.reserved <= 20_000
        assert self.budget.spent == self.booked


TestSpending = Spending.TestCase


def test_a_server_that_counts_more_makes_later_reservations_larger() -> None:
    budget = Budget(1000)
    held = budget.reserve(100, 0)
    assert held is not None
    budget.settle(held, 200, 0)
    held = budget.reserve(100, 0)
    assert held is not None
    assert held.amount == 200


def test_money_where_prices_are_known() -> None:
    budget = Budget(0.01, Prices(10, 20))
    assert budget.reserve(0, 501) is None
    held = budget.reserve(0, 500)
    assert held is not None
    budget.settle(held, 0, 250)
    assert str(budget) == "0.0050 of 0.01 spent"


def test_many_threads_do_not_pass_it_either() -> None:
    budget = Budget(1000)
    sent = []

    def spend() -> None:
        for _ in range(100):
            held = budget.reserve(7, 13)
            if held is not None:
                sent.append(held)
                budget.settle(held, 7, 13)

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert budget.spent == 1000 == 20 * len(sent)


def test_nothing_is_sent_on_a_budget_of_nothing() -> None:
    assert Budget(0).reserve(1, 0) is None
    assert Budget().reserve(10**9, 10**9) is not None
