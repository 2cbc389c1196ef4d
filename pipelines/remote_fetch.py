"""Fetching one file of a store: bounded bytes, bounded time, into a file that is soon gone.

fsspec knows the stores; their keys are its own affair (environment, configuration files). What
there is in a store is listed in ``remote``.
"""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from scmine.pipelines.find import UnusableFileError
from scmine.pipelines.remote_names import public
from scmine.pipelines.settings import SettingsError
from scmine.pipelines.workers import tidy_reason

FETCH_S = 300.0
"""The longest time that a file may take to come."""
_BLOCK_BYTES = 1 << 20
_MAX_NAME_BYTES = 200
_UNFIT = re.compile(r"[^\w.+()-]+", re.A)
_T = TypeVar("_T")


@contextmanager
def fetched(url: str, max_MB: int) -> Iterator[Path]:
    """The file at ``url``, in a folder of this machine while it is needed.

    It keeps its name, which may say what it is; letters that are unfit for names become ``_``.

    Raises
    ------
    UnusableFileError
        It cannot be had, takes more than `FETCH_S`, or is larger than ``max_MB`` (2^20 bytes each).
    """
    with tempfile.TemporaryDirectory(prefix="scmine-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / fit_name(url)
        within(FETCH_S, lambda: _fetch(url, path, max_MB))
        yield path


def fit_name(url: str) -> str:
    """A file's name, from the last part of its URL.

    >>> fit_name("s3://bucket/a/2001.01234v2.tar.gz"), fit_name("zip://x y.pdf::/data/a.zip")
    ('2001.01234v2.tar.gz', 'x_y.pdf')
    >>> fit_name("https://host/.."), fit_name("https://host/p.pdf?version=2")
    ('paper', 'p.pdf')
    """
    name = url.partition("::")[0].rstrip("/").rpartition("/")[2]
    if re.match(r"https?:", url):
        name = re.split(r"[?#]", name)[0]
    name = _UNFIT.sub("_", name)[-_MAX_NAME_BYTES:].lstrip(".")
    return name or "paper"


def store_of(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it; nothing about it is remembered.

    Raises
    ------
    SettingsError
        fsspec is missing, or what it needs for this kind of store.
    UnusableFileError
        The store cannot be reached.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise SettingsError(
            f"{error.name} is missing, which reads stores; install the extra: "
            "pip install 'scmine[cluster]'"
        ) from error
    try:
        return url_to_fs(url, use_listings_cache=False)
    except (ImportError, ValueError) as error:
        raise SettingsError(f"{public(url)}: {tidy_reason(str(error))}") from error
    except Exception as error:
        raise UnusableFileError(f"cannot be reached: {why(error)}") from error


def within(limit_s: float, work: Callable[[], _T]) -> _T:
    """What ``work`` gives, if it does within ``limit_s``.

    Raises
    ------
    UnusableFileError
        If it does not; it is left to itself then.
    """
    given: list[_T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            given.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            raised.append(error)

    thread = threading.Thread(target=run, name="scmine-fetch", daemon=True)
    thread.start()
    thread.join(limit_s)
    if raised:
        raise raised[0]
    if not given:
        raise UnusableFileError(f"not fetched within {limit_s:g} s")
    return given[0]


def _fetch(url: str, path: Path, max_MB: int) -> None:
    system, place = store_of(url)
    limit = max_MB << 20
    size = 0
    try:
        with system.open(place, "rb") as source, path.open("wb") as copy:
            while block := source.read(_BLOCK_BYTES):
                size += len(block)
                if size > limit:
                    raise UnusableFileError(f"more than max_file_MB = {max_MB} allows")
                copy.write(block)
    except UnusableFileError:
        raise
    except Exception as error:
        raise UnusableFileError(f"cannot be fetched: {why(error)}") from error


def why(error: BaseException) -> str:
    """What a store's library raised, as one line; addresses in it may hold what is secret."""
    said = re.sub(r"//[^/\s@]{1,200}@", "//", str(error))
    said = re.sub(r"\?[^\s'\"]{1,2000}", "", said)
    return tidy_reason(f"{type(error).__name__}: {said}" if said else type(error).__name__)
