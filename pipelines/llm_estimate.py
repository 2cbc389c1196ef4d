"""What asking a language model about papers would take: requests made, counted and thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scmine.database.results import DocumentResult
from scmine.database.store import Database
from scmine.extractors.llm.cost import prompt_tokens
from scmine.pipelines.llm_asker import prices_of
from scmine.pipelines.llm_paper import unpacked
from scmine.pipelines.llm_run import unasked_documents
from scmine.pipelines.llm_stage import paper_requests, routed_places, second_requests
from scmine.pipelines.llm_summary import LlmEstimate, LlmSummary
from scmine.pipelines.settings import Settings


class LlmEstimating:
    """Stands in a run where the asking would be; nothing is sent and nothing is saved.

    Raises
    ------
    SettingsError
        Only one of the two prices is set.
    """

    wants_papers = True
    saves = False
    summary: LlmSummary | None = None
    full = False

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.estimate: LlmEstimate | None = LlmEstimate(
            settings.llm or "", prices_of(settings), settings.llm_answer_tokens
        )

    def unasked(self, database: Database) -> frozenset[str]:
        """The documents that a run would ask about again."""
        return unasked_documents(database, self._settings)

    def add(self, result: DocumentResult, paper: Any) -> None:
        """Count what would be asked about a paper."""
        assert self.estimate is not None
        try:
            read = unpacked(paper)
        except ValueError:  # pydantic's is one, too
            self.estimate.unread += 1
            return
        routed = routed_places(read, everything=self._settings.llm_all)
        requests = paper_requests(read, routed, self._settings)
        # Of the records that the rules make: what a model adds to them is not known before.
        requests += second_requests(read, read.extraction, self._settings).requests
        self.estimate.add([(request.task.value, prompt_tokens(request)) for request in requests])

    def finished(self, *, wait: bool = False) -> Iterator[DocumentResult]:
        """Nothing is asked, so nothing ends."""
        return iter(())

    def cancel(self) -> None:
        """Nothing to stop."""

    def close(self) -> None:
        """Nothing to let go of."""
