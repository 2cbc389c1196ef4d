"""What the API gives and takes, as typed values; FastAPI describes and checks them by these.

A record has the fields of every export (``scmine.database.record``). How values are found or
changed is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from scmine.database.proposals import Proposal
from scmine.database.record import Evidence, Origin, Record, RecordStatus
from scmine.database.revision import ChangeKind, ErrorType, ProposalState, Revision

DEEPEST = 20
"""How deep lists and maps of a value may lie in each other; those of records have four levels."""


def _shallow(value: dict[str, Any]) -> dict[str, Any]:
    """The value, if its lists and maps do not lie in each other too deep to be walked through."""
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return value
    raise ValueError(f"lists and maps lie more than {DEEPEST} deep in each other")


Values = Annotated[dict[str, Any], AfterValidator(_shallow)]
Why = Annotated[str, Field(max_length=5000)]
Expected = Annotated[int, Field(ge=0, le=2**31 - 1)]


class ErrorBody(BaseModel):
    """What went wrong: a name for programs, words for people, and what is wrong with a field."""

    code: str
    message: str
    fields: dict[str, str] | None = None


class ErrorOut(BaseModel):
    """The answer to every request that fails."""

    error: ErrorBody


class Change(BaseModel):
    """The value of a column before and after."""

    before: Any = None
    after: Any = None

    @classmethod
    def by_column(cls, changes: Mapping[str, tuple[Any, Any]]) -> dict[str, Change]:
        """Changes as revisions and proposals have them."""
        return {name: cls(before=old, after=new) for name, (old, new) in changes.items()}


class RevisionOut(BaseModel):
    """One state of a record and how it came to be."""

    record_id: str
    number: int
    parent: int | None
    kind: ChangeKind
    who: str
    when: datetime
    why: str
    error_type: ErrorType | None
    changes: dict[str, Change]
    record: Record
    of: int | None

    @classmethod
    def from_revision(cls, revision: Revision) -> RevisionOut:
        """The same as the API gives it."""
        return cls(
            record_id=revision.record_id,
            number=revision.number,
            parent=revision.parent,
            kind=revision.kind,
            who=revision.who,
            when=revision.when,
            why=revision.why,
            error_type=revision.error_type,
            changes=Change.by_column(revision.changes),
            record=revision.record,
            of=revision.of,
        )


class RecordOut(BaseModel):
    """A record and the number of the revision in force, to be sent back with a change."""

    revision: int
    record: Record


class CountOut(BaseModel):
    """How many records there are: ``number``, or more than that if it is not ``exact``."""

    number: int
    exact: bool


class RecordPage(BaseModel):
    """Some records in order; ``next`` and ``previous`` are values for ``after``."""

    records: list[Record]
    next: str | None
    previous: str | None
    count: CountOut | None = Field(None, description="Given if `count=yes` was asked for.")


class FacetValue(BaseModel):
    """A value of a facet and how many records have it."""

    value: str
    count: int


class PaperOut(BaseModel):
    """A paper, how reading it ended, and how many records it has of each status."""

    doc_id: str
    path: str
    reader: str
    status: str
    reason: str
    title: str | None
    authors: list[str]
    doi: str | None
    arxiv_id: str | None
    journal: str | None
    year: int | None
    page_count: int
    records: dict[str, int]


class PaperPage(BaseModel):
    """Some papers, from ``offset`` on; ``more`` says whether others follow."""

    papers: list[PaperOut]
    more: bool


class MaterialOut(BaseModel):
    """A composition: its records and papers, and the ends of Tc in K by evidence.

    ``key`` is the normal form of the formula, a value for ``key`` of the filter. Of
    records that only bound a Tc, which are not among the ends, ``…_below_K`` is the lowest upper
    bound, ``…_above_K`` the highest lower one.
    """

    key: str
    formula: str
    records: int
    papers: int
    measured_min_K: float | None
    measured_max_K: float | None
    calculated_min_K: float | None
    calculated_max_K: float | None
    measured_below_K: float | None
    measured_above_K: float | None
    calculated_below_K: float | None
    calculated_above_K: float | None


class MaterialPageOut(BaseModel):
    """Some compositions, from ``offset`` on; ``more`` says whether others follow."""

    materials: list[MaterialOut]
    more: bool


class ClaimOut(BaseModel):
    """A claim of a Tc; ``outlier`` says why it lies far from the others, null if it does not."""

    record_id: str
    doc_id: str
    tc_K: float
    pressure_GPa: float | None
    evidence: Evidence
    origin: Origin | None
    outlier: str | None


class SpreadOut(BaseModel):
    """How the Tc of some claims spread, in K."""

    name: str
    claims: int
    papers: int
    lowest: float
    first_quartile: float
    median: float
    third_quartile: float
    highest: float


class OneMaterialOut(BaseModel):
    """One composition across papers."""

    key: str
    formula: str
    papers: int
    claims: list[ClaimOut]
    spreads: list[SpreadOut]


class StructureOut(BaseModel):
    """A crystal structure that a paper states, the verdict on it, and the records that name it.

    ``structure`` is pymatgen's dict of the atoms, null where there are none.
    """

    structure_id: str
    doc_id: str
    formula: str | None
    space_group: str | None
    space_group_number: int | None
    pressure_GPa: float | None
    verdict: str
    way: str | None
    repairs: list[str]
    estimated: list[str]
    origin: str
    reasons: list[dict[str, Any]]
    stated: dict[str, Any]
    structure: dict[str, Any] | None
    source: str
    page: int | None
    sentence: str
    record_ids: list[str]


class ProposalOut(BaseModel):
    """What a later reading found for a record that a person had judged."""

    id: int
    record_id: str
    doc_id: str
    made: datetime
    state: ProposalState
    decided_by: str | None
    decided: datetime | None
    proposed: Record | None
    changes: dict[str, Change]

    @classmethod
    def from_proposal(cls, proposal: Proposal) -> ProposalOut:
        """The same as the API gives it."""
        return cls(
            id=proposal.id,
            record_id=proposal.record_id,
            doc_id=proposal.doc_id,
            made=proposal.made,
            state=proposal.state,
            decided_by=proposal.decided_by,
            decided=proposal.decided,
            proposed=proposal.proposed,
            changes=Change.by_column(proposal.changes),
        )


class Strict(BaseModel):
    """A body; names that are none are an error, since a slip must not pass for a change."""

    model_config = ConfigDict(extra="forbid")


class EditIn(Strict):
    """A change of a record. ``changes`` has new values by column; null makes one unknown."""

    changes: Values = Field(default_factory=dict)
    status: RecordStatus | None = None
    why: Why = ""
    error_type: ErrorType | None = None
    expected: Expected = Field(description="The revision that was seen; another one is a conflict.")


class TurnIn(Strict):
    """Taking the last change back, or putting it in force again."""

    expected: Expected = Field(description="The revision that was seen; another one is a conflict.")


class AddIn(Strict):
    """A record that reading the paper missed. ``values`` needs ``raw_material``."""

    doc_id: Annotated[str, Field(max_length=64)]
    values: Values
    why: Why = ""
