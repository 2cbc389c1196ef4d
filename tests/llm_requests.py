"""A small answer and requests for it, for tests of what sends them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from scmine.extractors.llm.request import Message, Request, Task


class TcAnswer(BaseModel):
    """A material and its Tc, as printed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    material: str
    tc: str


GOOD = '{"material": "MgB2", "tc": "39 K"}'


def request(text: str = "MgB2 has Tc = 39 K.", place: str = "p0") -> Request:
    """A request that asks about ``text``."""
    messages = (Message("system", "Give the material and its Tc."), Message("user", text))
    return Request(Task.CLAIMS, "claims@1", messages, TcAnswer, "paper", place)


def requests(number: int) -> list[Request]:
    """Requests that differ."""
    return [request(f"Sample {n} has Tc = {n} K.", f"p{n}") for n in range(number)]
