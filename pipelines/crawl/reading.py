"""Reading beside fetching: files that have come are ingested in batches by a thread of its own.

The network's pace leaves the processor free for seconds. What became of the papers is saved by
``ingest`` itself; here it is only awaited.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence

from scmine.pipelines.run import PROCESSOR, ingest_with
from scmine.pipelines.settings import Settings
from scmine.pipelines.summary import IngestSummary


class Reading:
    """Ingests batches of files, one batch at a time, beside whoever started it.

    What a language model may cost is for all batches together.
    """

    def __init__(self, settings: Settings, *, processor: str = PROCESSOR) -> None:
        self._settings = settings
        self._processor = processor
        self._thread: threading.Thread | None = None
        self._result: IngestSummary | None = None
        self._error: BaseException | None = None
        self._stops: list[Callable[[], None]] = []
        self._stopped = False

    @property
    def busy(self) -> bool:
        """Whether a batch is being read."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, paths: Sequence[str]) -> None:
        """Begin with a batch; the one before must have been taken."""
        self._result = self._error = None
        self._thread = threading.Thread(
            target=self._read, args=(list(paths),), daemon=True, name="reading"
        )
        self._thread.start()

    def take(self) -> IngestSummary | None:
        """Wait for the batch; what it came to, None if there is none. Raises what it raised."""
        if self._thread is None:
            return None
        self._thread.join()
        self._thread = None
        if self._error is not None:
            raise self._error
        if self._result is not None:
            self._reckon(self._result)
        return self._result

    def stop(self) -> None:
        """Begin no further paper; those in work are finished."""
        self._stopped = True
        for stop in list(self._stops):
            stop()

    def _read(self, paths: list[str]) -> None:
        try:
            self._result = ingest_with(
                self._settings, paths, processor=self._processor, stopping=self._stopping
            )
        except BaseException as error:  # noqa: BLE001 - handed over to the thread that takes
            self._error = error

    @contextlib.contextmanager
    def _stopping(self, stop: Callable[[], None]) -> Iterator[None]:
        """Within this, `stop` calls ``stop``."""
        self._stops.append(stop)
        try:
            if self._stopped:
                stop()
            yield
        finally:
            self._stops.remove(stop)

    def _reckon(self, summary: IngestSummary) -> None:
        """Leave for later batches what this one has not spent."""
        budget, llm = self._settings.llm_budget, summary.llm
        if budget is None or llm is None:
            return
        priced = self._settings.llm_price_in is not None
        spent = (llm.spent_cost or 0.0) if priced else float(llm.spent_tokens)
        left = max(0.0, budget - spent)
        self._settings = self._settings.model_copy(update={"llm_budget": left})
