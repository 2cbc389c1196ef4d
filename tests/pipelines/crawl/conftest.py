"""A server on loopback for crawls, and the processor of its papers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scmine.pipelines.settings import Settings
from tests.pipelines.crawl.loopback import Loopback

Answers = dict[str, bytes | int | list[bytes]]
Serve = Callable[..., tuple[Loopback, Settings]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server with answers by path; it, and the settings that lead there."""
    started: list[Loopback] = []

    def start(answers: Answers, **given: str) -> tuple[Loopback, Settings]:
        server = Loopback(answers)
        started.append(server)
        urls = {
            "arxiv_oai_url": f"{server.url}/oai",
            "arxiv_query_url": f"{server.url}/api/query",
            "arxiv_files_url": server.url,
        }
        return server, Settings(**(urls | given))

    yield start
    for server in started:
        server.close()


@pytest.fixture(autouse=True)
def _processor_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let worker processes import the processor of the shelf."""
    folders = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, folders)))
