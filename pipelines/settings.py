"""The settings: one typed object for all commands, and where its values come from.

A value is taken from the first of: the flag or argument given, the environment
(``SCMINE_TIMEOUT_S`` for ``timeout_s``), the settings file (``--config``, else ``scmine.toml`` in
the current folder), the default below. What a setting does lives with the code that uses it.
``docs/settings.md`` is written from this file.
"""

from __future__ import annotations

import os
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from scmine.pipelines.settings_crawl import CrawlSettings

SETTINGS_FILE = "scmine.toml"

GROBID_URL = "GROBID_URL"
"""The variable by which GROBID's own tools know where the server is; ours is SCMINE_GROBID_URL."""


class SettingsError(ValueError):
    """Settings that cannot be used; the message says which one, where it came from and why."""


class Reader(StrEnum):
    """What turns a file into a document."""

    AUTO = "auto"
    PDF = "pdf"
    GROBID = "grobid"


class LlmMode(StrEnum):
    """How a language model is told the form of its answers."""

    AUTO = "auto"
    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    PLAIN = "plain"


class Settings(CrawlSettings, BaseSettings):
    """What a run can be told. Use `load_settings`, which adds the settings file.

    >>> load_settings(timeout_s=30).timeout_s
    30.0
    """

    model_config = SettingsConfigDict(env_prefix="SCMINE_", extra="forbid")

    db: str = Field(
        default="scmine.db",
        min_length=1,
        description="The database: a SQLite file, made when it is missing, or a SQLAlchemy URL.",
    )
    workers: int | None = Field(
        default=None,
        ge=1,
        le=1024,
        description="Papers read at the same time, each in a process of its own. "
        "Not set: one for each CPU that this process may use.",
    )
    timeout_s: float = Field(
        default=120.0,
        gt=0,
        description="Seconds that one paper may take before it is given up as `timeout`.",
    )
    memory_MB: int = Field(
        default=2048,
        ge=256,
        description="Memory in MB (2^20 bytes) that a worker may hold before its paper is given "
        "up as `out_of_memory`. At least 256; a worker holds more than 100 before its first paper.",
    )
    max_file_MB: int = Field(
        default=1024,
        ge=1,
        description="Files larger than this many MB (2^20 bytes) are not opened and end as "
        "`failed`.",
    )
    reader: Reader = Field(
        default=Reader.AUTO,
        description="What reads the files: `auto` (the best reader there is for each file), "
        "`pdf` (the built-in PDF reader) or `grobid` (PDFs through a GROBID server). `auto` "
        "takes a GROBID server for PDFs if `grobid_url` names one and it is there.",
    )
    grobid_url: str | None = Field(
        default=None,
        min_length=1,
        description="Where the GROBID server is; also taken from `GROBID_URL`. "
        "Not set: `http://localhost:8070` for the reader `grobid`, none for `auto`.",
    )
    grobid_wait_s: float = Field(
        default=5.0,
        ge=0,
        le=600,
        description="Seconds to wait, at least, before a GROBID server that was busy is asked "
        "again; at most twice as many.",
    )
    ocr: bool = Field(
        default=False,
        description="Read pages that are images, and files whose text layer is broken, by OCR. "
        "Needs the extra `[ocr]` and the program tesseract.",
    )
    ocr_language: str = Field(
        default="eng",
        description="The language of what OCR reads, by tesseract's names: `eng`, `deu+eng`.",
    )
    retractions: Path | None = Field(
        default=None,
        description="A list of retracted papers besides the packaged one, of the form of "
        "`validator/data/retractions.toml` ([validator.md](validator.md)): records of them, and "
        "values cited from them, get flags.",
    )
    store_layers: bool = Field(
        default=True,
        description="Keep each paper's text, mentions, links and tables with their places in the "
        "database, some 20 kB a paper. `scmine serve` shows them on the page.",
    )
    progress_every: int = Field(
        default=25,
        ge=1,
        description="When the output is not a terminal: files between two lines of progress.",
    )

    scheduler: str | None = Field(
        default=None,
        min_length=1,
        description="A Dask scheduler (`tcp://host:8786`) whose workers read the papers. "
        "Needs the extra `[cluster]`. Not set: processes of this machine.",
    )
    scheduler_wait_s: float = Field(
        default=120.0,
        ge=0,
        description="Seconds that a Dask scheduler is waited for that is not there, or not any "
        "more.",
    )

    llm: str | None = Field(
        default=None,
        min_length=1,
        description="The language model, by the name that its server knows it by. Not set: none "
        "is asked. Its key is taken from the environment: `SCMINE_LLM_KEY`, else "
        "`OPENAI_API_KEY`; servers of your own often need none.",
    )
    llm_url: str | None = Field(
        default=None,
        min_length=1,
        description="Where an OpenAI-compatible server is, with the version in the path: "
        "`http://localhost:8080/v1` (llama.cpp, vLLM, Ollama). Not set: OpenAI's own.",
    )
    llm_all: bool = Field(
        default=False,
        description="Ask the language model about everything, and not only about what rules and "
        "models leave open.",
    )
    llm_check: bool = Field(
        default=False,
        description="Have the language model check the list of each paper's records against the "
        "paper in the end: a request for every dozen records or fewer. What it doubts is flagged.",
    )
    llm_budget: float | None = Field(
        default=None,
        ge=0,
        description="What one run may spend on the language model: money where prices are set, "
        "in their currency, else tokens. Nothing is asked that could pass it.",
    )
    llm_price_in: float | None = Field(
        default=None,
        ge=0,
        description="What a million tokens sent cost. Not set: costs are told in tokens.",
    )
    llm_price_out: float | None = Field(
        default=None,
        ge=0,
        description="What a million tokens answered cost.",
    )
    llm_mode: LlmMode = Field(
        default=LlmMode.AUTO,
        description="How the model is told the form of its answers: `json_schema` (strict "
        "structured output), `json_object`, `plain` (in words), or `auto`: the strictest that "
        "the server takes.",
    )
    llm_concurrency: int = Field(
        default=4,
        ge=1,
        le=256,
        description="Requests at the language model's server at the same time.",
    )
    llm_timeout_s: float = Field(
        default=120.0,
        gt=0,
        description="Seconds that one answer of the language model may take.",
    )
    llm_context_tokens: int = Field(
        default=8192,
        ge=1024,
        description="Tokens that the model takes, question and answer together. What does not "
        "fit is asked in parts, or not at all.",
    )
    llm_answer_tokens: int = Field(
        default=2048,
        ge=64,
        description="Tokens that one answer may have.",
    )
    llm_batch: bool = Field(
        default=False,
        description="Send requests as batches, which OpenAI answers within a day at half the "
        "price (set the prices of batches then). Not all servers have them.",
    )
    llm_cache: Path | None = Field(
        default=None,
        description="The file that answers are kept in, so that nothing is paid twice. Not set: "
        "`llm-cache.db` in the user's cache folder for scmine.",
    )

    web_host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="The address that `scmine serve` listens on. Any but a loopback address "
        "needs users.",
    )
    web_port: int = Field(
        default=8000,
        ge=0,
        le=65535,
        description="The port that `scmine serve` listens on; 0 takes a free one.",
    )
    web_names: list[str] = Field(
        default=[],
        description="Names of hosts by which the web pages may be called, besides `localhost`, "
        "addresses and this machine's own name. In the environment as JSON: "
        '`["sc.example.org"]`.',
    )
    web_session_idle_h: float = Field(
        default=12.0,
        gt=0,
        description="Hours after which a log-in ends that is not used.",
    )
    web_session_h: float = Field(
        default=168.0,
        gt=0,
        description="Hours after which a log-in ends in any case.",
    )
    web_login_attempts: int = Field(
        default=10,
        ge=1,
        description="How many attempts to log in may fail for one name within 15 minutes; from "
        "one address, five times as many.",
    )
    web_max_body_MB: int = Field(
        default=16,
        ge=1,
        le=1024,
        description="Requests that send more than this many MB (2^20 bytes) are refused.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then the settings file; no ``.env``, no secrets folder."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))


def load_settings(config: str | os.PathLike[str] | None = None, **given: Any) -> Settings:
    """The settings in force.

    Parameters
    ----------
    config
        The settings file. None: ``scmine.toml`` in the current folder if there is one.
    **given
        Values that override all others; those that are None count as not given.

    Raises
    ------
    SettingsError
        If ``config`` is missing, is no TOML, or a value or name in it, in the environment or in
        ``given`` is not allowed.
    """
    if given.get("grobid_url") is None and "SCMINE_GROBID_URL" not in os.environ:
        given["grobid_url"] = os.environ.get(GROBID_URL) or None
    file = Path(config) if config is not None else Path(SETTINGS_FILE)
    if config is not None and not file.is_file():
        raise SettingsError(f"settings file {file} not found")

    class SettingsFromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file if file.is_file() else None)

    try:
        found = SettingsFromFile(**{k: v for k, v in given.items() if v is not None})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"settings file {file}: {error}") from error
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']} (got {e['input']!r})"
            for e in error.errors()
        ).replace("Value error, ", "")  # pydantic's words before ours
        places = f"flags, environment SCMINE_* or {file}" if file.is_file() else "flags or SCMINE_*"
        raise SettingsError(f"bad setting ({places}): {problems}") from error
    return Settings.model_construct(**found.model_dump())
