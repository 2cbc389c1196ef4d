"""What reading a reference set's file gives: its entries, and the rows that gave none.

The entry itself is ``scmine.database.reference``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scmine.database.reference import ReferenceEntry, UnreadRow


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave: entries, and the rows that gave none."""

    kind: str
    entries: list[ReferenceEntry] = field(default_factory=list)
    unread: list[UnreadRow] = field(default_factory=list)

    @property
    def reasons(self) -> dict[str, list[int]]:
        """The lines that gave no entry, by reason."""
        lines: dict[str, list[int]] = {}
        for row in self.unread:
            lines.setdefault(row.reason, []).append(row.line)
        return lines


class ReferenceFileError(Exception):
    """A file cannot be read as a reference set; the message says why and what to do."""
