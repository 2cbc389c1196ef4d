"""Reference sets as the database keeps them: a published collection's file, and its entries.

Plain values. Reading files lives in ``scmine.validator.references.loaders``, comparing records
with entries in ``scmine.validator.references.compare``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceSetInfo:
    """A set: its name, which is its own among those of a database, and the file that it is from.

    ``sha256`` is the file's; ``unread`` are the file's rows that gave no entry.
    """

    name: str
    kind: str
    path: str
    sha256: str
    unread: Sequence[UnreadRow] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReferenceSet(ReferenceSetInfo):
    """A set as the database has it: how many entries it has and when it was added (UTC)."""

    entry_count: int
    added: datetime
