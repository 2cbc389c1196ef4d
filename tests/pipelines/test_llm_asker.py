"""From settings and environment to what asks: keys, addresses, prices, cache."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scmine.extractors.llm.batch import BatchAsker
from scmine.extractors.llm.client import Client
from scmine.extractors.llm.request import Ending
from scmine.pipelines.llm_asker import asker_of, cache_path, clean_url, endpoint_of, prices_of
from scmine.pipelines.settings import Settings, SettingsError, load_settings
from tests.llm_requests import GOOD, request
from tests.llm_server import serving

LOCAL = "http://localhost:8080/v1"


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch, own_folder: Path) -> None:
    monkeypatch.delenv("SCMINE_LLM_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)


def settings(**given: Any) -> Settings:
    return load_settings(**{"llm": "a-model", "llm_url": LOCAL, **given})


def test_the_asker_asks(tmp_path: Path) -> None:
    with serving(lambda body: GOOD) as server:
        asker = asker_of(settings(llm_url=server.url, llm_budget=5000))
        assert isinstance(asker, Client)
        with asker:
            reply = next(asker.ask([request()]))
        assert reply.ending is Ending.ANSWERED
        assert asker.budget.spent > 0
    assert str(cache_path(settings())).startswith(str(tmp_path))
    assert cache_path(settings()).is_file()


def test_batches_where_they_are_wanted() -> None:
    with serving(lambda body: GOOD) as server:
        asker = asker_of(settings(llm_url=server.url, llm_batch=True))
        assert isinstance(asker, BatchAsker)
        assert asker.model == "a-model"
        asker.close()


def test_the_first_key_of_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert endpoint_of(settings()).key == "none"
    monkeypatch.setenv("OPENAI_API_KEY", "sk-two")
    assert endpoint_of(settings()).key == "sk-two"
    monkeypatch.setenv("SCMINE_LLM_KEY", " sk-one\n")
    assert endpoint_of(settings()).key == "sk-one"


def test_the_key_of_openai_does_not_travel_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-two")
    assert endpoint_of(settings(llm_url="http://gpu.example:8000/v1")).key == "none"
    assert endpoint_of(settings(llm_url="https://gpu.example/v1")).key == "sk-two"


def test_openai_itself_needs_a_key() -> None:
    with pytest.raises(SettingsError, match="SCMINE_LLM_KEY"):
        asker_of(load_settings(llm="gpt-4o-mini"))


def test_a_key_with_a_line_in_it_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCMINE_LLM_KEY", "sk-one\nsk-two")
    with pytest.raises(SettingsError, match="SCMINE_LLM_KEY") as caught:
        endpoint_of(settings())
    assert "sk-" not in str(caught.value)


def test_a_model_has_to_be_named() -> None:
    with pytest.raises(SettingsError, match="--llm MODEL"):
        asker_of(load_settings())


@pytest.mark.parametrize(
    "url", ["localhost:8080", "ftp://host/v1", "https://key@host/v1", "https://host/v1?key=secret"]
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(SettingsError, match="llm_url") as caught:
        clean_url(url)
    assert "secret" not in str(caught.value)


def test_one_price_is_no_price() -> None:
    assert prices_of(settings(llm_price_in=0.0, llm_price_out=2.0)).cost(9, 1_000_000) == 2
    assert not prices_of(settings()).known
    with pytest.raises(SettingsError, match="only one is set"):
        prices_of(settings(llm_price_in=1.0))


def test_an_answer_has_to_leave_room_for_a_question() -> None:
    with pytest.raises(SettingsError, match="llm_answer_tokens"):
        endpoint_of(settings(llm_context_tokens=2048, llm_answer_tokens=2048))


def test_a_file_that_is_no_cache_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "paper.txt"
    path.write_text("MgB2 has a Tc of 39 K")
    with pytest.raises(SettingsError, match="is no cache of scmine"):
        asker_of(settings(llm_cache=path))
    assert path.read_text() == "MgB2 has a Tc of 39 K"


def test_the_user_is_told_of_a_broken_cache(capsys: pytest.CaptureFixture[str]) -> None:
    asker_of(settings()).close()
    path = cache_path(settings())
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xaa" * (len(data) - 4096))
    asker_of(settings()).close()
    assert "was broken" in capsys.readouterr().err
    assert [file.suffix[:8] for file in path.parent.glob("*broken*")] == [".broken-"]
