"""What all tests share: isolation from the user's settings, and where the shared papers are.

Tests marked ``shared`` need real papers that are not part of the project; they are skipped where
there are none. ``SCMINE_SHARED`` names their folder, by default ``shared`` beside the project.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.real_llm import RealLlm, why_missing

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SCMINE_SHARED", ROOT.parent / "shared"))

# Read now: tests run without the user's SCMINE_ variables.
POSTGRESQL_SERVER = os.environ.get("SCMINE_TEST_POSTGRESQL_URL")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the shared papers where they are not."""
    if SHARED.is_dir():
        return
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(pytest.mark.skip(reason=f"no shared papers at {SHARED}"))


@pytest.fixture(autouse=True)
def _no_user_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Take the user's ``SCMINE_…`` variables and key away; answers go into no cache of the user."""
    for name in list(os.environ):
        if name.startswith("SCMINE_") or name in ("GROBID_URL", "OPENAI_API_KEY"):
            monkeypatch.delenv(name)
    cache = tmp_path_factory.getbasetemp() / f"llm-{secrets.token_hex(8)}.db"
    monkeypatch.setenv("SCMINE_LLM_CACHE", str(cache))


@pytest.fixture
def shared() -> Path:
    """The folder of the shared papers."""
    if not SHARED.is_dir():
        pytest.skip(f"no shared papers at {SHARED}")
    return SHARED


@pytest.fixture
def root() -> Path:
    """The root of the project."""
    return ROOT


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one and the home, so that no settings file is found."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """The URL of an empty schema on the server that SCMINE_TEST_POSTGRESQL_URL names."""
    if not POSTGRESQL_SERVER:
        pytest.skip("SCMINE_TEST_POSTGRESQL_URL names no PostgreSQL server")
    url = make_url(POSTGRESQL_SERVER).set(drivername="postgresql+psycopg")
    schema = f"scmine_{secrets.token_hex(6)}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    own = url.update_query_dict({"options": f"-csearch_path={schema}"})
    yield own.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture(scope="session")
def real_llm() -> Iterator[RealLlm]:
    """A small real model behind a real server, started once where a test asks for it."""
    if missing := why_missing():
        pytest.skip(missing)
    server = RealLlm()
    yield server
    server.kill()
