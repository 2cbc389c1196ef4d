"""The report as Markdown (CommonMark), which is also the text of its mail.

Nothing that a paper says can end a line or begin markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scmine.pipelines.crawl import report_words as words
from scmine.pipelines.crawl.report_values import Report, ReportClaim, ReportPaper

_MARKUP = re.compile(r"([\\`*\[\]<|$~]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w]))")
"""Emphasis, links, tags, math and entities; "_" within a word is no emphasis."""
_FIRST = re.compile(r"^(\d{1,9})([.)])(?=\s|$)|^([-+=>#])")


def as_markdown(report: Report) -> str:
    """The whole report."""
    return "\n".join(_Page(report).lines()) + "\n"


def escaped(text: str) -> str:
    """Text that means itself in Markdown.

    >>> escaped("<b> *T*_c [x](y)"), escaped("1. x"), escaped("- x"), escaped("ω_log > 1")
    ('\\\\<b> \\\\*T\\\\*\\\\_c \\\\[x\\\\](y)', '1\\\\. x', '\\\\- x', 'ω_log > 1')
    """
    line = _MARKUP.sub(r"\\\1", " ".join(text.split()))
    return _FIRST.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", line)


class _Page:
    def __init__(self, report: Report) -> None:
        self._report = report

    def lines(self) -> Iterator[str]:
        report = self._report
        yield f"# {escaped(words.subject(report))}"
        yield ""
        for line in words.head_lines(report):
            yield f"- {escaped(line)}"
        yield from self._claims(words.CLAIMS, report.claims, report.claims_more)
        if not report.claims:
            yield from (f"\n## {words.CLAIMS}", "", "None.")
        yield from self._claims(words.CALCULATED, report.calculated, report.calculated_more)
        if absent := report.not_superconducting:
            told = ", ".join(absent[: words.MOST_ABSENT])
            more = words.left_out(len(absent) - words.MOST_ABSENT)
            yield from ("", " ".join(filter(None, (f"{words.ABSENT} {escaped(told)}.", more))))
        yield from self._materials()
        yield from self._claims(words.DOUBTFUL, report.doubtful, report.doubtful_more)
        yield from self._claims(
            words.IMPLAUSIBLE, report.implausible, report.implausible_more, words.IMPLAUSIBLE_WHY
        )
        yield from self._papers()
        yield from self._failures()
        yield from self._claims(words.CITED, report.cited, report.cited_more, short=True)
        yield from self._near()
        yield from _section(words.NEXT, [_code(step) for step in report.steps])

    def _claims(
        self,
        heading: str,
        claims: Sequence[ReportClaim],
        more: int,
        why: str = "",
        *,
        short: bool = False,
    ) -> Iterator[str]:
        if not claims:
            return
        yield from (f"\n## {heading}", "")
        if why:
            yield from (why, "")
        for number, claim in enumerate(claims, 1):
            yield from self._claim(f"{number}. ", claim, short)
        if more:
            yield from ("", words.left_out(more))

    def _claim(self, mark: str, claim: ReportClaim, short: bool) -> Iterator[str]:
        indent = " " * len(mark)
        tc = claim.tc or "no Tc"
        said = [
            f"**{escaped(tc)}** {escaped(claim.material)}",
            escaped(words.conditions(claim, among_cited=short)),
        ]
        said += [escaped(claim.known), escaped(claim.others)]
        yield mark + "; ".join(filter(None, said)) + "  "
        yield indent + self._paper(claim.paper, claim.page) + self._record(claim)
        for doubt in claim.doubts:
            yield f"{indent}- {escaped(doubt)}"
        if claim.sentence and not short:
            yield from (indent.rstrip(" "), f"{indent}> {escaped(claim.sentence)}")

    def _record(self, claim: ReportClaim) -> str:
        base = self._report.base_url
        return f" ([record]({base}/records/{claim.record_id}))" if base else ""

    @staticmethod
    def _paper(paper: ReportPaper, page: int | None = None) -> str:
        title = escaped(paper.title)
        named = f"[{title}](<{paper.link}>)" if paper.link else title
        who = f"{escaped(paper.authors)}: " if paper.authors else ""
        where = "" if page is None else f", p. {page}"
        return f"{who}{named}, {escaped(paper.name)}{where}"

    def _materials(self) -> Iterator[str]:
        report = self._report
        lines = [
            f"{escaped(', '.join(told))}: {what}; {self._paper(paper)}"
            for paper, what, told in words.materials_by_paper(report)
        ]
        if report.new_materials_more:
            lines.append(words.left_out(report.new_materials_more))
        why = escaped(words.references_words(report))
        if not report.references:
            why += f" `{words.ADD_REFERENCES}`."
        if lines or report.claims or report.calculated:
            yield from _section(words.MATERIALS, lines, why)

    def _papers(self) -> Iterator[str]:
        report = self._report
        yield from _section(
            words.STRUCTURES,
            [
                f"{escaped('; '.join(s.rebuilt))}: {self._paper(s.paper)}"
                for s in report.structures
                if s.rebuilt
            ],
            words.structures_words(report),
        )
        changed = []
        for v in report.versions:
            changed.append(f"{self._paper(v.paper)}: {words.version_words(v)}")
            changed += [f"  - now: {escaped(told)}" for told in v.came]
            changed += [f"  - no longer: {escaped(told)}" for told in v.went]
        yield from _section(words.VERSIONS, changed)
        yield from _section(words.WITHDRAWN, [self._paper(p) for p in report.withdrawn])

    def _failures(self) -> Iterator[str]:
        lines = []
        for group in self._report.failures:
            lines.append(f"{escaped(words.failure_words(group))}; {group.next_try}")
            lines += [f"  - {self._paper(p)}" for p in group.papers[:5]]
            if len(group.papers) > 5:
                lines.append(f"  - {words.left_out(len(group.papers) - 5, 'more')}")
        yield from _section(words.FAILURES, lines)

    def _near(self) -> Iterator[str]:
        near = [f"{s.score:.2f}: {self._paper(s.paper)}" for s in self._report.near]
        yield from _section(words.NEAR, near, words.near_words(self._report))


def _section(heading: str, lines: Sequence[str], why: str = "") -> Iterator[str]:
    """A list under a heading; nothing for nothing."""
    if not lines and not why:
        return
    yield from (f"\n## {heading}", "")
    if why:
        yield from (why, "")
    for line in lines:
        yield line if line.startswith("  - ") else f"- {line}"


def _code(step: str) -> str:
    """A command, with what it shows."""
    command, _, what = step.rpartition(": ")
    fence = "``" if "`" in command else "`"
    return f"{fence}{command}{fence}: {what}"
