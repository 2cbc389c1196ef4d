"""An entry of a reference set: what one row of a file says of one material.

The shape that every loader gives and that comparisons take. Reading files lives in ``loaders``,
storage in ``scmine.database.references``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scmine.database.record import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceEntry:
    """One row of a reference set; what it does not say is None or empty.

    Parameters
    ----------
    formula
        The formula as the file prints it.
    key
        The normal form of the composition: two spellings of one material have one key.
    system
        The chemical system: the element symbols by alphabet, with dashes (``B-Mg``).
    composition
        Element symbol to amount. Where the formula leaves an amount open (``O7-x``), without what
        is open, and ``open_amounts`` is true.
    tc_K
        The critical temperature; never 0: a set's 0 says that none was observed or reported.
    superconducting
        True with a Tc, False where superconductivity was looked for and not found, None where the
        set does not tell.
    lowest_temperature_K
        Down to where superconductivity was looked for and not found.
    ambient_unless_stated
        Whether the set's values without a pressure are at ambient pressure.
    evidence
        Whether the value was measured or calculated.
    cif
        The structure: a CIF's text; ``structure_file`` is a file that the row names instead.
    entry_id, line
        The row's own name, and the line of the file (the place in its list, for JSON) from 1.
    source
        Where the row has its value from: a DOI, an id of another database.
    """

    formula: str
    key: str
    system: str
    composition: Mapping[str, float]
    open_amounts: bool = False
    tc_K: float | None = None
    superconducting: bool | None = None
    lowest_temperature_K: float | None = None
    lambda_: float | None = None
    omega_log_K: float | None = None
    pressure_GPa: float | None = None
    ambient_unless_stated: bool = False
    evidence: Evidence = Evidence.UNKNOWN
    space_group: str | None = None
    cif: str | None = None
    structure_file: str | None = None
    set_name: str = ""
    entry_id: str = ""
    line: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row that gave no entry, and why: ``reason`` is a short name, ``detail`` what was there."""

    line: int
    reason: str
    detail: str


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
