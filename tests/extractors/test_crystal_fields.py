"""Crystal fields: what a claim's printed structure becomes in a record."""

from __future__ import annotations

import pytest

from scmine.extractors.claim import Claim
from scmine.extractors.crystal_fields import crystal_fields


def stated(printed: str) -> tuple[str | None, int | None]:
    claim = Claim("NbN", {"space_group": printed}, "text", "", "", None, (), "test", 1.0)
    fields = crystal_fields(claim)
    return fields.get("space_group"), fields.get("space_group_number")


@pytest.mark.parametrize("printed", ["225", "No. 225", "#225", " 225 "])
def test_a_space_group_by_its_number_alone(printed: str) -> None:
    assert stated(printed) == ("Fm-3m", 225)


def test_there_are_230_space_groups() -> None:
    assert stated("230")[1] == 230
    assert stated("231") == (None, None)


def test_the_printed_setting_stays() -> None:
    assert stated("Pbnm") == ("Pbnm", 62)
