"""Numbers of which something invisible or unusual hides the beginning."""

from __future__ import annotations

import pytest

from scmine.extractors.llm.printed_values import printed_values


@pytest.mark.parametrize("between", ["\u0338", " ", "\u00b7", "\u066b", "'", "_"])
def test_the_end_of_a_number_is_no_value(between: str) -> None:
    assert [v.text for v in printed_values(f"Tc = 3{between}9 K.", "temperature")] == []


@pytest.mark.parametrize("text", ["MgB2 9 K", "3, 9 K", "YBa2Cu3O7 (9 K)", "in films 9 K"])
def test_other_digits_before_a_value_are_no_part_of_it(text: str) -> None:
    assert [v.with_unit() for v in printed_values(text, "temperature")][-1] == "9 K"
