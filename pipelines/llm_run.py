"""What a run does about its language model: which papers are asked about, and what that comes to.

The asking itself lives in ``llm_stage``, saving in ``run``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from scmine.database.llm_reading import llm_uses
from scmine.database.llm_use import LlmState
from scmine.database.results import DocumentResult
from scmine.database.store import Database
from scmine.extractors.document import Status
from scmine.extractors.llm.asking import prompts_in_force
from scmine.pipelines.llm_asker import asker_of
from scmine.pipelines.llm_stage import LlmStage
from scmine.pipelines.llm_summary import LlmEstimate, LlmSummary
from scmine.pipelines.process import finished
from scmine.pipelines.settings import Settings
from scmine.validator.plausibility.papers import papers_with

BATCH_PAPERS = 50
"""Papers whose requests make one job where the endpoint takes whole batches."""


def unasked_documents(database: Database, settings: Settings) -> frozenset[str]:
    """The documents that were read and not asked about with this model, these prompts, as much."""
    prompts = set(prompts_in_force(check=settings.llm_check))
    done = {
        use.doc_id
        for use in llm_uses(database)
        if use.state is LlmState.DONE
        and use.model == settings.llm
        and prompts <= set(use.prompts)
        and use.everything >= settings.llm_all
    }
    return frozenset(
        document.doc_id
        for document in database.documents()
        if document.status in (Status.DONE, Status.PARTIAL) and document.doc_id not in done
    )


class LlmRun:
    """The language model of one run.

    Raises
    ------
    SettingsError
        It cannot be asked with these settings; said before the first paper.
    """

    wants_papers = True
    saves = True
    estimate: LlmEstimate | None = None

    def __init__(self, settings: Settings, *, debug: bool = False) -> None:
        self._settings = settings
        self._asker = asker_of(settings)
        finish = partial(
            finished,
            doubted=papers_with(settings.retractions),
            store_layers=settings.store_layers,
        )
        together = BATCH_PAPERS if settings.llm_batch else 1
        self._stage = LlmStage(self._asker, settings, finish, together, debug=debug)
        self._counted = LlmSummary(self._asker.model)
        self.summary: LlmSummary | None = self._counted

    @property
    def full(self) -> bool:
        """Whether no more papers should be read before some have been asked about."""
        return self._stage.full

    def unasked(self, database: Database) -> frozenset[str]:
        """The documents that were read and not asked about as this run would."""
        return unasked_documents(database, self._settings)

    def add(self, result: DocumentResult, paper: Any) -> None:
        """Take a paper that a worker has read; see `LlmStage.add`."""
        self._stage.add(result, paper)

    def finished(self, *, wait: bool = False) -> Iterator[DocumentResult]:
        """The papers that are done by now; with ``wait`` all, as they end."""
        for asked in self._stage.rest() if wait else self._stage.finished():
            if asked.result.llm is not None:
                self._counted.add(asked.result.llm)
            yield asked.result
        spent = self._stage.spent
        self._counted.spent_requests = spent.requests
        self._counted.spent_tokens = spent.tokens
        self._counted.spent_cost = spent.cost

    def cancel(self) -> None:
        """Ask no more. Papers in the asking come back with what is there. For signal handlers."""
        self._stage.cancel()

    def close(self) -> None:
        """Let go of connections and of the cache."""
        self._asker.close()
