"""The words of a report that all its forms share: headings, counts, lines of a claim."""

from __future__ import annotations

from collections.abc import Iterator

from scmine.pipelines.crawl.report_values import (
    FailureGroup,
    NewVersion,
    Report,
    ReportClaim,
    ReportPaper,
)

CLAIMS = "New claims of a Tc: measured"
CALCULATED = "New claims of a Tc: calculated"
DOUBTFUL = "To be looked at before it is believed"
CITED = "Repeated from other papers"
IMPLAUSIBLE = "Beyond plausibility"
MATERIALS = "New materials"
STRUCTURES = "Crystal structures"
VERSIONS = "Newer versions"
WITHDRAWN = "Withdrawn"
FAILURES = "Failed"
NEAR = "Not fetched, but nearly"
NEXT = "More"
ABSENT = "No superconductivity was found in"

MOST_ABSENT = 10
"""Materials without superconductivity that are named."""

IMPLAUSIBLE_WHY = (
    "Above what was ever measured in its class, outside what is possible, or of a paper that was "
    "retracted or is doubted: a slip of reading, a misprint, or a claim that needs strong evidence."
)
NO_REFERENCES = (
    "No reference set is in the database, so that it is not known whether the world knows these: "
    "they are new to this database only. To hold them against known materials, add a set with"
)
ADD_REFERENCES = "scmine references add FILE"


def subject(report: Report) -> str:
    """The report in a line: the day, the highest new Tc, how many claims and papers.

    The line has only words of ours and a material, which `report_text.plain` has made one line.
    """
    papers = _number(report.counts["read"], "paper")
    day = f"{report.when:%Y-%m-%d}"
    shown = [*report.claims[:1], *report.calculated[:1]]
    if not shown:
        return f"scmine {day}: no new claim of a Tc; {papers} read"
    number = len(report.claims) + report.claims_more
    number += len(report.calculated) + report.calculated_more
    told = ", ".join(map(in_short, shown))
    return f"scmine {day}: {told}; {_number(number, 'new claim')}, {papers} read"


def in_short(claim: ReportClaim) -> str:
    """Tc and material, at which pressure, and whether it was calculated."""
    calculated = claim.evidence if claim.evidence == "calculated" else ""
    said = ", ".join(filter(None, (claim.pressure, calculated)))
    return f"{claim.tc} in {claim.material}{f' ({said})' if said else ''}"


def head_lines(report: Report) -> Iterator[str]:
    """What was asked, when, and what it came to."""
    for run in report.runs:
        ended = "not finished" if run.finished is None else f"to {run.finished:%H:%M}"
        state = "" if run.state == "finished" else f", {run.state}"
        reason = f" ({run.reason})" if run.reason else ""
        yield (
            f"Crawl {run.id} of {run.source}, {run.query}: "
            f"{run.started:%Y-%m-%d %H:%M} {ended} UTC{state}{reason}"
        )
    counts = report.counts
    skipped = f", {report.skipped} of them not relevant" if report.skipped else ""
    yield (
        f"{_number(counts['listed'], 'paper')} listed{skipped}, {counts['fetched']} fetched, "
        f"{counts['read']} read, {counts['failed']} failed; "
        f"{_number(report.records, 'record')}"
    )


def conditions(claim: ReportClaim, *, among_cited: bool = False) -> str:
    """Kind of Tc, pressure, evidence and coupling, and whose it is where the list does not say."""
    cited = "repeated from another paper" if claim.cited and not among_cited else ""
    said = (claim.tc_kind, claim.pressure, claim.evidence, cited, claim.coupling)
    return ", ".join(part for part in said if part)


def left_out(number: int, what: str = "more in the database") -> str:
    """A line for what a list leaves out; empty for nothing."""
    return f"… and {number} {what}" if number > 0 else ""


def references_words(report: Report) -> str:
    """Which reference sets materials were held against; without any, `ADD_REFERENCES` follows."""
    if not report.references:
        return NO_REFERENCES
    return f"Held against {', '.join(report.references)}."


def materials_by_paper(report: Report) -> list[tuple[ReportPaper, str, list[str]]]:
    """New materials: the paper, how new they are, and each with its Tc."""
    found: dict[tuple[ReportPaper, str], list[str]] = {}
    for m in report.new_materials:
        how = material_words(m.to_references, m.to_database)
        found.setdefault((m.paper, how), []).append(f"{m.material} ({m.tc})")
    return [(paper, how, told) for (paper, how), told in found.items()]


def structures_words(report: Report) -> str:
    """How many structures were stated and rebuilt; empty if none was stated."""
    stated = sum(s.stated for s in report.structures)
    rebuilt = sum(s.rebuilt_number for s in report.structures)
    papers = _number(len(report.structures), "paper")
    return f"{rebuilt} of the {stated} stated in {papers} could be rebuilt." if stated else ""


def near_words(report: Report) -> str:
    """How many papers were not fetched; empty if all were."""
    if not report.near:
        return ""
    number = _number(report.skipped, "paper")
    return (
        f"{number} looked by title and abstract as if about something else. The nearest, with "
        "their relevance:"
    )


def version_words(version: NewVersion) -> str:
    """What a newer version changed, in a line."""
    came = _number(version.came_number, "claim")
    return (
        f"against v{version.before} {came} came, {version.went_number} went, "
        f"{version.stayed} stayed"
    )


def material_words(to_references: str, to_database: bool) -> str:
    """How new a material is."""
    new = "new to this database" if to_database else ""
    return "; ".join(filter(None, (to_references, new)))


def failure_words(group: FailureGroup) -> str:
    """How many papers failed, and why."""
    return f"{_number(len(group.papers), 'paper')}: {group.reason}"


def _number(value: int, name: str) -> str:
    return f"{value:,} {name}{'' if value == 1 else 's'}"
