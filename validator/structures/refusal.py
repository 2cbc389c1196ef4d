"""Why a way gives no structure: an exception with a named reason."""

from __future__ import annotations

from scmine.validator.finding import Finding, Severity


class RefusalError(Exception):
    """A way cannot give a structure; ``name`` is the reason's, the message says it in a sentence.

    ``contradiction`` tells what cannot be from what is not enough.
    """

    def __init__(self, name: str, message: str, *, contradiction: bool = False) -> None:
        super().__init__(message)
        self.name = name
        self.contradiction = contradiction

    def finding(self) -> Finding:
        """The refusal as a finding."""
        severity = Severity.ERROR if self.contradiction else Severity.NOTE
        return Finding(self.name, severity, str(self))
