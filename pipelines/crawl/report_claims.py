"""The claims of a report: which are new, which are doubtful, and which say the same.

A paper with a table of forty samples is not forty lines: of each material of a paper the claim
with the highest Tc stands for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scmine.database.bounds import is_bound, upper_bound
from scmine.database.record import Evidence, Origin, Record, TcKind
from scmine.pipelines.crawl import report_text
from scmine.pipelines.crawl.report_values import ReportClaim, ReportPaper
from scmine.validator.finding import Severity
from scmine.validator.flags import flag
from scmine.validator.plausibility.check import check_record
from scmine.validator.plausibility.rules import rules

DOUBT_WEIGHT = 2.0
"""Flags of this weight (``validator/data/flags.toml``) say that value or material may be wrong."""

NO_PRESSURE = "pressure_not_stated"
"""The rule that knows which Tc a class has under pressure only."""

UNTOLD = "not told whether measured"

IMPOSSIBLE = ("_implausible", "_unphysical")
"""Endings of the extractors' flags for numbers that cannot be."""


BEYOND = frozenset(
    ["range", "ceiling", "salt", "retracted_paper", "doubted_paper", "retracted_value"]
)
"""Kinds of rules that hold a value against what is possible or was ever measured, and those that
know papers that were retracted or are doubted."""


@dataclass(frozen=True, slots=True)
class Group:
    """Records of one paper that claim a Tc of one material; the first has the highest."""

    records: Sequence[Record]

    @property
    def top(self) -> Record:
        """The record that stands for all."""
        return self.records[0]


@dataclass(slots=True)
class Sorted:
    """The groups of a report, by how much is to be thought of them."""

    own: list[Group] = field(default_factory=list)
    doubtful: list[Group] = field(default_factory=list)
    cited: list[Group] = field(default_factory=list)
    implausible: list[Group] = field(default_factory=list)


def highest(record: Record) -> float | None:
    """What a Tc is sorted by, in K; None where none is claimed or only an upper bound.

    >>> highest(Record(record_id="", doc_id="", raw_material="Nb", tc_K=9.2))
    9.2
    >>> highest(Record(record_id="", doc_id="", raw_material="Au", tc_K=0.01, tc_relation="<"))
    """
    ends = (record.tc_K, record.tc_min_K, record.tc_max_K)
    if record.superconducting is False or upper_bound(*ends, record.tc_relation) is not None:
        return None
    known = [v for v in ends if v is not None]
    return max(known) if known else None


def kind_of(record: Record) -> str:
    """The list of `Sorted` that a record belongs to."""
    if any(map(_is_beyond, record.flags)):
        return "implausible"
    if record.origin is Origin.CITED:
        return "cited"
    return "doubtful" if any(flag(n).weight >= DOUBT_WEIGHT for n in record.flags) else "own"


def _is_beyond(name: str) -> bool:
    """Whether a flag says that a claim cannot be, or that its paper is not to be believed.

    Other rules doubt how it was read: whether it was measured, how much oxygen there is.
    """
    rule = rules().get(name)
    if rule is None:
        return name.endswith(IMPOSSIBLE)
    return rule.severity is Severity.ERROR or rule.kind in BEYOND


def by_evidence(groups: Iterable[Group]) -> tuple[list[Group], list[Group]]:
    """What was measured, or of which it is not told; and what was calculated."""
    found: tuple[list[Group], list[Group]] = [], []
    for group in groups:
        found[group.top.evidence is Evidence.CALCULATED].append(group)
    return found


def sort_claims(records: Iterable[Record], keys: Mapping[str, str]) -> Sorted:
    """The claims of a Tc among ``records``, grouped, each list with the highest Tc first.

    ``keys`` are the composition keys of records.
    """
    groups: dict[tuple[str, str, str, str], list[Record]] = {}
    for record in records:
        kind = kind_of(record)
        if highest(record) is None and kind != "implausible":
            continue
        named = keys.get(record.record_id) or (record.formula or record.raw_material).casefold()
        name = (kind, record.doc_id, named, record.evidence.value)
        groups.setdefault(name, []).append(record)
    found = Sorted()
    for (kind, *_), members in groups.items():
        members.sort(key=_rank)
        getattr(found, kind).append(Group(members))
    for of_kind in (found.own, found.doubtful, found.cited, found.implausible):
        of_kind.sort(key=lambda group: _rank(group.top))
    return found


def _rank(record: Record) -> tuple[float, bool, bool, float, str]:
    """The highest Tc first; of equal ones the value before the bound, and who says more of it."""
    tc = highest(record)
    bound = is_bound(record.tc_K, record.tc_min_K, record.tc_max_K, record.tc_relation)
    vague = record.tc_kind is TcKind.UNSPECIFIED and record.pressure_GPa is None
    return (
        -(tc if tc is not None else -1.0),
        bound,
        vague,
        -(record.confidence or 0.0),
        record.record_id,
    )


def claim_of(group: Group, paper: ReportPaper, known: str = "") -> ReportClaim:
    """A group as the report says it."""
    top = group.top
    found = {finding.name: finding.message for finding in check_record(top)}
    doubts = [
        found.get(f.name, f.meaning) for f in map(flag, top.flags) if f.weight >= DOUBT_WEIGHT
    ]
    pressure = report_text.pressure(top)
    if not pressure and NO_PRESSURE in found:
        pressure = "pressure not found"
    tc = highest(top)
    has_tc = any(v is not None for v in (top.tc_K, top.tc_min_K, top.tc_max_K))
    return ReportClaim(
        record_id=top.record_id,
        material=report_text.material(top),
        tc=report_text.tc(top) if has_tc else "",
        tc_K=0.0 if tc is None else tc,
        tc_kind=report_text.tc_kind(top),
        pressure=pressure,
        pressure_GPa=top.pressure_GPa,
        evidence=UNTOLD if top.evidence is Evidence.UNKNOWN else top.evidence.value,
        cited=top.origin is Origin.CITED,
        coupling=report_text.coupling(top),
        others=_others(group),
        known=known,
        doubts=[report_text.plain(doubt) for doubt in doubts],
        sentence=report_text.sentence(top),
        page=top.page,
        paper=paper,
    )


def said(record: Record) -> tuple[str, str, str]:
    """What a claim says, so that two that say the same are equal."""
    has_tc = any(v is not None for v in (record.tc_K, record.tc_min_K, record.tc_max_K))
    tc = report_text.tc(record) if has_tc else ""
    return tc, report_text.tc_kind(record), report_text.pressure(record)


def _others(group: Group) -> str:
    """How many other claims there are, each counted once, and between which ends."""
    of_top = said(group.top)
    rest = {said(r): r for r in group.records if said(r) != of_top}
    values = [tc for tc in map(highest, rest.values()) if tc is not None]
    if not values:
        return ""
    span = f"{min(values):g}" if min(values) == max(values) else f"{min(values):g}–{max(values):g}"
    pressures = [r.pressure_GPa for r in rest.values() if r.pressure_GPa is not None]
    where = ""
    if pressures:
        ends = f"{min(pressures):g}", f"{max(pressures):g}"
        where = f" at {ends[0] if ends[0] == ends[1] else '–'.join(ends)} GPa"
    return f"{len(values)} more: {span} K{where}"


def limited(
    groups: Sequence[Group], make: Callable[[Group], ReportClaim], most: int, most_of_paper: int
) -> tuple[list[ReportClaim], int]:
    """The first groups as claims, few of each paper, and how many were left out."""
    shown: list[ReportClaim] = []
    of_paper: dict[str, int] = {}
    for group in groups:
        doc_id = group.top.doc_id
        if len(shown) < most and of_paper.get(doc_id, 0) < most_of_paper:
            of_paper[doc_id] = of_paper.get(doc_id, 0) + 1
            shown.append(make(group))
    return shown, len(groups) - len(shown)
