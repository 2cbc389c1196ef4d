"""What code raised, in the words of a report: the error and the line of code it came from.

Used at the two borders where one paper must not end a run: in a worker, and where a language
model's answers are put together with a paper.
"""

from __future__ import annotations

from pathlib import Path


def told(error: Exception) -> str:
    """``error`` with the innermost line of code, which is what a bug report needs.

    >>> try:
    ...     int("x")
    ... except ValueError as error:
    ...     told(error).startswith("ValueError: invalid literal for int() with base 10: 'x' (")
    True
    """
    said = f"{type(error).__name__}: {error}"
    trace = error.__traceback__
    if trace is None:
        return said
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{said} ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})"
