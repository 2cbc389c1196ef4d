"""Where a record may stand in curation, and which steps lead from there.

The one place that knows. The table is data (``data/statuses.toml``). Undo and redo are no steps:
they put an earlier state in force as a whole. Who takes a step, and how it is written down, lives
in ``scmine.database.curation``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from scmine.database.errors import DatabaseError
from scmine.database.record import RecordStatus

STATUSES_FILE = Path(__file__).parent / "data" / "statuses.toml"


class StatusError(DatabaseError):
    """A step from one status to another that is not allowed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A status: what it means, and what may happen to a record that stands there.

    ``after_edit`` is the status of the record once its values were changed, None where they
    cannot be. ``stays`` says whether a change may leave the status as it is. ``takes_changed`` and
    ``takes_gone`` say whether a later reading may propose other values, or that the claim is not
    there any more.
    """

    status: RecordStatus
    meaning: str
    after_edit: RecordStatus | None
    stays: bool
    takes_changed: bool
    takes_gone: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A step between two different statuses, whether it is allowed, and why or why not."""

    old: RecordStatus
    new: RecordStatus
    allowed: bool
    reason: str


@cache
def standings() -> Mapping[RecordStatus, Standing]:
    """All statuses, in the order of the table."""
    entries = tomllib.loads(STATUSES_FILE.read_text(encoding="utf-8"))["status"]
    found: dict[RecordStatus, Standing] = {}
    for entry in entries:
        after = entry.get("after_edit")
        status = RecordStatus(entry["name"])
        found[status] = Standing(
            status=status,
            meaning=entry["meaning"],
            after_edit=None if after is None else RecordStatus(after),
            stays=entry["stays"],
            takes_changed="changed" in entry["proposals"],
            takes_gone="gone" in entry["proposals"],
        )
    return MappingProxyType(found)


@cache
def steps() -> Mapping[tuple[RecordStatus, RecordStatus], Step]:
    """All pairs of different statuses, old and new, in the order of the table."""
    entries = tomllib.loads(STATUSES_FILE.read_text(encoding="utf-8"))["step"]
    found = (
        Step(RecordStatus(e["from"]), RecordStatus(e["to"]), e["allowed"], e["reason"])
        for e in entries
    )
    return MappingProxyType({(step.old, step.new): step for step in found})


def allowed(status: RecordStatus) -> frozenset[RecordStatus]:
    """The other statuses that a person may give to a record that stands at ``status``.

    >>> sorted(allowed(RecordStatus.REMOVED))
    [<RecordStatus.CURATED: 'curated'>]
    """
    return frozenset(new for (old, new), step in steps().items() if old == status and step.allowed)


def check_step(old: RecordStatus, new: RecordStatus) -> None:
    """Raise unless a change may lead from ``old`` to ``new``, or leave the record at both.

    Raises
    ------
    StatusError
        The step is not allowed; the message says why and what can be done.

    >>> check_step(RecordStatus.REMOVED, RecordStatus.CURATED)
    >>> check_step(RecordStatus.CURATED, RecordStatus.NEW)
    Traceback (most recent call last):
    ...
    scmine.database.status.StatusError: a record that is curated cannot become new: ...
    """
    if old == new:
        if not standings()[old].stays:
            raise StatusError(f"a change cannot leave a record {old}; {_choices(old)}")
        return
    step = steps()[old, new]
    if not step.allowed:
        raise StatusError(f"a record that is {old} cannot become {new}: {step.reason}")


def status_after_edit(old: RecordStatus) -> RecordStatus:
    """Where a record stands once its values were changed, unless the editor says otherwise.

    Raises
    ------
    StatusError
        Its values cannot be changed where it stands.

    >>> status_after_edit(RecordStatus.VALIDATED)
    <RecordStatus.CURATED: 'curated'>
    """
    after = standings()[old].after_edit
    if after is None:
        raise StatusError(
            f"the values of a record that is {old} cannot be changed; {_choices(old)}"
        )
    return after


def _choices(old: RecordStatus) -> str:
    return f"give it another status first ({', '.join(sorted(allowed(old)))})"
