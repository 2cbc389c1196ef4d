"""OCR in a run: whether it can work here, and what workers have to know of it.

How a page is read by OCR lives in ``scmine.extractors.pdf.ocr``.
"""

from __future__ import annotations

from typing import Any

from scmine.extractors.document import Status
from scmine.pipelines.settings import Settings, SettingsError

MENDED_BY_OCR = frozenset({Status.NEEDS_OCR, Status.BROKEN_TEXT})
"""How a paper can end that a run with OCR does again."""

TIME_SHARE = 0.75
"""OCR may take this share of a paper's time; pages left over then are named in its warnings."""


def ocr_options(settings: Settings) -> dict[str, Any]:
    """What the processor's factory is called with for OCR; empty if it is not asked for.

    Raises
    ------
    SettingsError
        If OCR is asked for and cannot work here; said before the first paper.
    """
    if not settings.ocr:
        return {}
    from scmine.extractors.pdf.ocr import ocr_problem

    problem = ocr_problem(settings.ocr_language)
    if problem:
        raise SettingsError(problem)
    seconds = TIME_SHARE * settings.timeout_s
    return {"ocr": {"language": settings.ocr_language, "seconds": seconds}}
