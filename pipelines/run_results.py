"""What a run makes of a paper that gave nothing to save, and whether a result is the one asked for.

Small pure functions of ``run``.
"""

from __future__ import annotations

from scmine.database.llm_use import LlmState, LlmUse
from scmine.database.results import DocumentResult
from scmine.extractors import PIPELINE_VERSION
from scmine.extractors.document import Status
from scmine.extractors.llm.request import Ending
from scmine.pipelines.find import shown
from scmine.pipelines.workers import Outcome, Task, tidy_reason

KEPT = (
    "papers that were read again to be asked about and came out with less than is saved of them: "
    "{}; what is saved is kept"
)


def says_less(result: DocumentResult, before: LlmUse | None) -> bool:
    """Whether a paper read again only to be asked about came out with less than is saved of it.

    So it is if it could not be read again, or if a language model has answered less than it, or
    another one, did before.
    """
    if result.status not in (Status.DONE, Status.PARTIAL):
        return True
    if result.llm is None or before is None or result.llm.state is LlmState.DONE:
        return False
    return _answered(result.llm) < _answered(before)


def _answered(use: LlmUse) -> int:
    return use.endings.get(Ending.ANSWERED.value, 0)


def mismatch(result: DocumentResult, task: Task) -> str | None:
    """Why ``result`` cannot be the answer to ``task``; None if it can."""
    if result.status not in set(Status):
        return f"the result is invalid: {result.status!r} is no status"
    if result.path != shown(task.called):
        return f"the result is invalid: it is about another file, {result.path!r}"
    if result.pipeline_version != PIPELINE_VERSION:
        return (
            f"the worker runs version {result.pipeline_version!r} of the pipeline and not "
            f"{PIPELINE_VERSION!r}; run again"
        )
    if result.doc_id != task.doc_id:
        return "the file changed while it was read; run again"
    return None


def not_saved(result: DocumentResult, reason: str) -> DocumentResult:
    """What is known of a paper whose result the database does not take."""
    return DocumentResult(
        doc_id=result.doc_id,
        path=result.path,
        reader="",
        status=Status.FAILED.value,
        reason=tidy_reason(reason),
        pipeline_version=PIPELINE_VERSION,
        seconds=result.seconds,
        steps={"given up": result.seconds},
        peak_memory_MB=result.peak_memory_MB,
    )


def without_result(outcome: Outcome, status: Status, reason: str) -> DocumentResult:
    """What is known of a paper that gave nothing to save."""
    return DocumentResult(
        doc_id=outcome.task.doc_id,
        path=shown(outcome.task.called),
        reader="",
        status=status.value,
        reason=tidy_reason(reason),
        pipeline_version=PIPELINE_VERSION,
        seconds=outcome.seconds,
        steps={"given up": outcome.seconds},
        peak_memory_MB=outcome.peak_memory_MB,
    )
