"""Bounded responses: of what a server sends, no more is read than an answer can need.

`openai` reads a body whole where the status is an error or where no line ends, and unpacks what is
compressed. A server that sends without end would fill the memory long before its time is over.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx2

PLAIN = {"Accept-Encoding": "identity"}
"""Sent along: answers are small, and what is compressed cannot be bounded before it is unpacked."""


class _Counted:
    """How much of a body has come, and that it may not be more than ``most`` bytes."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._most = most

    def count(self, piece: bytes) -> bytes:
        """``piece``, if there is room for it."""
        self._left -= len(piece)
        if self._left < 0:
            raise httpx2.RemoteProtocolError(f"more than {self._most / 1e6:.1f} MB were sent")
        return piece


class _Stream(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, most: int) -> None:
        self._stream = stream
        self._counted = _Counted(most)

    def __iter__(self) -> Iterator[bytes]:
        return map(self._counted.count, self._stream)

    def close(self) -> None:
        self._stream.close()


class _AsyncStream(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, most: int) -> None:
        self._stream = stream
        self._counted = _Counted(most)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            yield self._counted.count(piece)

    async def aclose(self) -> None:
        await self._stream.aclose()


class Bound:
    """A hook for responses: bodies are UTF-8, not compressed, and ``most`` bytes long at most.

    Reading on raises `httpx2.RemoteProtocolError`, a compressed body does at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most

    def __call__(self, response: httpx2.Response) -> None:
        """Bound ``response`` before its body is read."""
        packed = response.headers.get("content-encoding", "identity").strip().lower()
        if packed not in ("", "identity"):
            raise httpx2.RemoteProtocolError("a compressed answer was sent, unasked")
        response.encoding = "utf-8"  # a server may name any codec that Python knows
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = _AsyncStream(response.stream, self._most)
        else:
            response.stream = _Stream(response.stream, self._most)

    async def later(self, response: httpx2.Response) -> None:
        """The same, for clients that await their hooks."""
        self(response)
