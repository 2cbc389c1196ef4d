"""Where a run's papers are read: child processes of this machine, or a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable
from typing import Any, Protocol

from scmine.pipelines.cpus import usable_cpus
from scmine.pipelines.remote_names import is_remote
from scmine.pipelines.settings import Settings, SettingsError
from scmine.pipelines.workers import Outcome, Task, WorkerPool


class Pool(Protocol):
    """What hands papers out and takes answers in; see `scmine.pipelines.workers.WorkerPool`."""

    @property
    def size(self) -> int:
        """Papers that can be read at a time."""
        ...

    def stop(self) -> None:
        """Hand nothing more out."""
        ...

    def run(
        self, tasks: Iterable[Task], has_room: Callable[[], bool] = ...
    ) -> Generator[Outcome, None, None]:
        """One outcome a task."""
        ...


def make_pool(
    settings: Settings,
    processor: str,
    options: dict[str, Any],
    *,
    parallel: int | None,
    named: Iterable[str | os.PathLike[str]],
    note: Callable[[str], None],
    debug: bool,
) -> Pool:
    """The pool that the settings ask for; ``parallel`` is what a server takes at a time, if any.

    ``named`` is what the run was asked to read, ``note`` takes what there is to say of a cluster.

    Raises
    ------
    SettingsError
        A scheduler is named and the extra for it is not installed.
    """
    if settings.scheduler is not None:
        return _cluster(
            settings, processor, options, parallel=parallel, named=named, note=note, debug=debug
        )
    size = settings.workers or usable_cpus()
    return WorkerPool(
        processor,
        options,
        # A worker has one paper at the server at a time: with more of them it would only be busy.
        workers=min(size, parallel or size),
        timeout_s=settings.timeout_s,
        memory_MB=settings.memory_MB,
        debug=debug,
    )


def _cluster(
    settings: Settings,
    processor: str,
    options: dict[str, Any],
    *,
    parallel: int | None,
    named: Iterable[str | os.PathLike[str]],
    note: Callable[[str], None],
    debug: bool,
) -> Pool:
    assert settings.scheduler is not None
    try:
        from scmine.pipelines.cluster import ClusterPool
    except ImportError as error:
        raise SettingsError(
            f"scheduler: {error.name} is missing; install the extra: pip install 'scmine[cluster]'"
        ) from error
    limits = [n for n in (settings.workers, parallel) if n is not None]
    folders = [os.path.abspath(p) for p in named if not is_remote(p)]
    if "retractions" in options:
        folders.append(options["retractions"])
    return ClusterPool(
        processor,
        options,
        address=settings.scheduler,
        workers=min(limits, default=None),
        timeout_s=settings.timeout_s,
        memory_MB=settings.memory_MB,
        max_file_MB=settings.max_file_MB,
        wait_s=settings.scheduler_wait_s,
        folders=[folder for folder in folders if os.path.exists(folder)],
        note=note,
        debug=debug,
    )
