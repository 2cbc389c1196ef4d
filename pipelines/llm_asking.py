"""What a run needs of its language model, and what it has where there is none.

`scmine.pipelines.llm_run` asks one, `scmine.pipelines.llm_estimate` counts what asking would take.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from scmine.database.results import DocumentResult
from scmine.database.store import Database
from scmine.pipelines.llm_summary import LlmEstimate, LlmSummary


class Asking(Protocol):
    """What stands between the workers of a run and its database.

    Attributes
    ----------
    wants_papers
        Whether workers hand over the paper itself.
    saves
        Whether anything is written.
    summary, estimate
        What was asked, and what asking would take; None where that is not what is done.
    full
        Whether no more papers should be read before some have been asked about.
    """

    wants_papers: bool
    saves: bool
    summary: LlmSummary | None
    estimate: LlmEstimate | None

    @property
    def full(self) -> bool: ...

    def unasked(self, database: Database) -> frozenset[str]:
        """The documents that were read before and have to be read again to be asked about."""
        ...

    def add(self, result: DocumentResult, paper: Any) -> None:
        """Take a paper; ``result`` is what the rules made of it."""
        ...

    def finished(self, *, wait: bool = False) -> Iterator[DocumentResult]:
        """The papers that are done by now; with ``wait`` all, as they end."""
        ...

    def cancel(self) -> None:
        """Ask no more. For signal handlers."""
        ...

    def close(self) -> None:
        """Let go of connections and files."""
        ...


class NoAsking:
    """No language model: papers go from the workers into the database."""

    wants_papers = False
    saves = True
    summary: LlmSummary | None = None
    estimate: LlmEstimate | None = None
    full = False

    def unasked(self, database: Database) -> frozenset[str]:
        """None has to be read again."""
        return frozenset()

    def add(self, result: DocumentResult, paper: Any) -> None:
        """Never called: no papers are wanted."""
        raise ValueError("no language model is asked in this run")

    def finished(self, *, wait: bool = False) -> Iterator[DocumentResult]:
        """Nothing is asked, so nothing ends."""
        return iter(())

    def cancel(self) -> None:
        """Nothing to stop."""

    def close(self) -> None:
        """Nothing to let go of."""
