"""How errors of commands reach the user: one line on standard error, and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn

import typer

EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130

Debug = Annotated[bool, typer.Option("--debug", help="Show the full trace of an error.")]


@contextmanager
def clear_errors(*, debug: bool) -> Iterator[None]:
    """Turn errors into one line on standard error and an exit code; with ``debug`` leave them."""
    try:
        yield
    except (typer.Exit, typer.BadParameter, BrokenPipeError):
        raise
    except KeyboardInterrupt:
        print("scmine: interrupted; run the same command again to go on", file=sys.stderr)
        raise typer.Exit(EXIT_INTERRUPTED) from None
    except Exception as error:
        if debug:
            raise
        raise typer.Exit(_explain(error)) from None


def usage_error(message: str) -> NoReturn:
    """End with a usage error."""
    print(f"scmine: {message}", file=sys.stderr)
    raise typer.Exit(EXIT_USAGE)


def _explain(error: Exception) -> int:
    """Print what went wrong; the exit code that goes with it."""
    from scmine.corpora.types import CorpusError
    from scmine.database.errors import DatabaseError
    from scmine.extractors.schemes import ModelMissing
    from scmine.pipelines.crawl.errors import CrawlError
    from scmine.pipelines.settings import SettingsError
    from scmine.pipelines.workers import WorkerStartError
    from scmine.validator.references.entry import ReferenceFileError

    expected = (
        CorpusError,
        CrawlError,
        DatabaseError,
        ModelMissing,
        OSError,
        ReferenceFileError,
        SettingsError,
        WorkerStartError,
    )
    if isinstance(error, expected):
        print(f"scmine: {error}", file=sys.stderr)
    else:
        print(
            f"scmine: unexpected {type(error).__name__}: {error}. This is a fault of scmine; "
            "the same command with --debug shows where it is.",
            file=sys.stderr,
        )
    return EXIT_USAGE if isinstance(error, SettingsError) else EXIT_FAILED
