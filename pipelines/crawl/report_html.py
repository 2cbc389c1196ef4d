"""The report as one HTML file without scripts and without anything from elsewhere.

`page` is the file, which mails carry too; `body` the part that the web application shows within
its own pages, by classes alone. All that papers say is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from scmine.pipelines.crawl import report_words as words
from scmine.pipelines.crawl.report_plot import pressure_plot
from scmine.pipelines.crawl.report_values import Report, ReportClaim, ReportPaper

STYLE = """
body { font: 15px/1.45 system-ui, -apple-system, "Segoe UI", sans-serif; max-width: 60rem;
  margin: 0 auto; padding: 1rem; color: #1b1b1f; background: #ffffff; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.1rem; margin-top: 1.8rem; }
a { color: #0b57a4; }
table.claims { border-collapse: collapse; width: 100%; }
table.claims th, table.claims td { text-align: left; vertical-align: top;
  padding: .45rem .6rem .45rem 0; border-top: 1px solid #d5d5dc; }
td.tc { white-space: nowrap; font-weight: 600; width: 8rem; }
div.bar { height: 5px; margin-top: 4px; background: #b4532a; }
.quiet, blockquote { color: #55555f; }
blockquote { margin: .3rem 0 0; padding-left: .7rem; border-left: 3px solid #d5d5dc; }
ul.doubts { margin: .2rem 0 0; padding-left: 1.1rem; color: #8a3400; }
code { font-size: .92em; overflow-wrap: anywhere; }
svg { max-width: 100%; height: auto; }
@media (prefers-color-scheme: dark) {
  body { color: #e6e6ea; background: #17171a; } a { color: #8ab8ee; }
  .quiet, blockquote { color: #a9a9b4; } ul.doubts { color: #f0a878; }
  table.claims th, table.claims td, blockquote { border-color: #3a3a42; }
}
@media print {
  body { color: #000000; background: #ffffff; max-width: none; padding: 0; font-size: 10pt; }
  tr, li, blockquote { break-inside: avoid; } h2 { break-after: avoid; }
  a { color: inherit; }
}
"""

_AMOUNTS = re.compile(
    r"((?:(?<=[A-Z])|(?<=[A-Z][a-z])|(?<=[)\]]))x(?![a-z])"
    r"|(?<=[A-Za-z)\]])\d+(?:\.\d+)?(?:[-+−±](?:\d+(?:\.\d+)?)?[a-zδε](?![a-z]))?)"
)
"""An amount behind a symbol or a bracket: a number, one with a variable, or x."""

_NAME = re.compile(r"[^\s,]+")
_BACKTICKS = re.compile(r"`([^`]+)`")


def page(report: Report, *, plot: bool = True) -> str:
    """The report as a whole file; without ``plot`` for readers of mail, which show no SVG."""
    title = escape(words.subject(report))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        f"{body(report, plot=plot, bars_by_style=True)}\n</body>\n</html>\n"
    )


def body(report: Report, *, plot: bool = True, bars_by_style: bool = False) -> str:
    """The report below its first heading.

    ``bars_by_style`` draws the bars of Tc by style attributes, which pages of the web application
    do not allow.
    """
    return "\n".join(_Body(report, plot, bars_by_style).parts())


def formula(text: str) -> str:
    """A material as HTML, amounts as subscripts where it is a formula.

    >>> formula("YBa2Cu3O7-δ"), formula("KxC60"), formula("a 2<b>")
    ('YBa<sub>2</sub>Cu<sub>3</sub>O<sub>7-δ</sub>', 'K<sub>x</sub>C<sub>60</sub>', 'a 2&lt;b&gt;')
    """
    if " " in text:
        return escape(text)
    parts = _AMOUNTS.split(text)
    return "".join(f"<sub>{p}</sub>" if n % 2 else escape(p) for n, p in enumerate(parts))


def formulas(text: str) -> str:
    """A line that begins with a material, as HTML.

    >>> formulas("LaOFeAs, P4/nmm"), formulas("MgB2 (39 K)")
    ('LaOFeAs, P4/nmm', 'MgB<sub>2</sub> (39 K)')
    """
    match = _NAME.match(text)
    name = match[0] if match is not None else ""
    return formula(name) + escape(text[len(name) :])


class _Body:
    def __init__(self, report: Report, plot: bool, bars_by_style: bool) -> None:
        self._report = report
        self._plot = plot
        self._bars = bars_by_style
        found = (*report.claims, *report.calculated)
        self._highest = max((c.tc_K for c in found), default=0.0)

    def parts(self) -> Iterator[str]:
        """The parts, each a block."""
        report = self._report
        yield from _list([escape(line) for line in words.head_lines(report)])
        yield from self._claims(words.CLAIMS, report.claims, report.claims_more)
        if not report.claims:
            yield from (f"<h2>{words.CLAIMS}</h2>", "<p>None.</p>")
        yield from self._claims(words.CALCULATED, report.calculated, report.calculated_more)
        if self._plot:
            yield pressure_plot([*report.claims, *report.calculated])
        if absent := report.not_superconducting:
            told = ", ".join(map(formulas, absent[: words.MOST_ABSENT]))
            more = words.left_out(len(absent) - words.MOST_ABSENT)
            yield f"<p>{' '.join(filter(None, (f'{words.ABSENT} {told}.', more)))}</p>"
        yield from self._materials()
        yield from self._claims(words.DOUBTFUL, report.doubtful, report.doubtful_more)
        yield from self._claims(
            words.IMPLAUSIBLE, report.implausible, report.implausible_more, words.IMPLAUSIBLE_WHY
        )
        yield from self._papers()
        yield from self._failures()
        yield from self._claims(words.CITED, report.cited, report.cited_more, short=True)
        yield from self._near()
        yield f"<h2>{words.NEXT}</h2>"
        yield from _list([_code(step) for step in report.steps])

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
        yield f"<h2>{heading}</h2>"
        if why:
            yield f"<p>{escape(why)}</p>"
        yield '<table class="claims"><thead><tr><th scope="col">T<sub>c</sub></th>'
        yield '<th scope="col">Material and paper</th></tr></thead><tbody>'
        for claim in claims:
            bar = self._bar(claim) if heading in (words.CLAIMS, words.CALCULATED) else ""
            yield f'<tr><td class="tc">{escape(claim.tc or "no Tc")}{bar}</td>'
            yield f"<td>{''.join(self._claim(claim, short))}</td></tr>"
        yield "</tbody></table>"
        if more:
            yield f'<p class="quiet">{words.left_out(more)}</p>'

    def _bar(self, claim: ReportClaim) -> str:
        """How high a Tc is, against the highest of the list."""
        share = round(100 * claim.tc_K / self._highest) if self._highest else 0
        if self._bars:
            return f'<div class="bar" style="width:{share}%"></div>'
        return (
            f'<svg class="bar" width="120" height="5" aria-hidden="true">'
            f'<rect width="{share}%" height="5" fill="currentColor"/></svg>'
        )

    def _claim(self, claim: ReportClaim, short: bool) -> Iterator[str]:
        said = [words.conditions(claim, among_cited=short), claim.known, claim.others]
        told = "; ".join(escape(part) for part in said if part)
        name = f"<strong>{formula(claim.material)}</strong>"
        yield name + (f"; {told}" if told else "")
        yield f"<br>{self._paper(claim.paper, claim.page)}"
        if self._report.base_url or not self._bars:
            address = f"{self._report.base_url}/records/{claim.record_id}"
            yield f' (<a href="{escape(address)}">record</a>)'
        if claim.doubts:
            yield f'<ul class="doubts">{_items([escape(d) for d in claim.doubts])}</ul>'
        if claim.sentence and not short:
            yield f"<blockquote>{escape(claim.sentence)}</blockquote>"

    @staticmethod
    def _paper(paper: ReportPaper, number: int | None = None) -> str:
        title = escape(paper.title)
        link = f'<a href="{escape(paper.link)}" rel="noreferrer">' if paper.link else ""
        named = f"{link}{title}</a>" if link else title
        who = f"{escape(paper.authors)}: " if paper.authors else ""
        where = "" if number is None else f", p. {number}"
        return f'{who}{named}, <span class="quiet">{escape(paper.name)}{where}</span>'

    def _materials(self) -> Iterator[str]:
        report = self._report
        if not (report.new_materials or report.claims or report.calculated):
            return
        why = escape(words.references_words(report))
        if not report.references:
            why += f" <code>{words.ADD_REFERENCES}</code>."
        lines = [
            f"{', '.join(map(formulas, told))}: {escape(what)}; {self._paper(paper)}"
            for paper, what, told in words.materials_by_paper(report)
        ]
        if report.new_materials_more:
            lines.append(words.left_out(report.new_materials_more))
        yield from _section(words.MATERIALS, lines, why)

    def _papers(self) -> Iterator[str]:
        report = self._report
        rebuilt = [
            f"{'; '.join(map(formulas, s.rebuilt))}: {self._paper(s.paper)}"
            for s in report.structures
            if s.rebuilt
        ]
        yield from _section(words.STRUCTURES, rebuilt, escape(words.structures_words(report)))
        changed = []
        for v in report.versions:
            told = [f"now: {formulas(t)}" for t in v.came] + [
                f"no longer: {formulas(t)}" for t in v.went
            ]
            inner = f"<ul>{_items(told)}</ul>" if told else ""
            changed.append(f"{self._paper(v.paper)}: {words.version_words(v)}{inner}")
        yield from _section(words.VERSIONS, changed)
        yield from _section(words.WITHDRAWN, [self._paper(p) for p in report.withdrawn])

    def _failures(self) -> Iterator[str]:
        lines = []
        for group in self._report.failures:
            papers = [self._paper(p) for p in group.papers[:5]]
            if len(group.papers) > 5:
                papers.append(words.left_out(len(group.papers) - 5, "more"))
            following = _BACKTICKS.sub(r"<code>\1</code>", escape(group.next_try))
            failed = escape(words.failure_words(group))
            lines.append(f"{failed}; {following}<ul>{_items(papers)}</ul>")
        yield from _section(words.FAILURES, lines)

    def _near(self) -> Iterator[str]:
        near = [f"{s.score:.2f}: {self._paper(s.paper)}" for s in self._report.near]
        yield from _section(words.NEAR, near, escape(words.near_words(self._report)))


def _section(heading: str, lines: Sequence[str], why: str = "") -> Iterator[str]:
    if not lines and not why:
        return
    yield f"<h2>{heading}</h2>"
    if why:
        yield f"<p>{why}</p>"
    yield from _list(lines)


def _list(lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"<ul>{_items(lines)}</ul>"


def _items(lines: Sequence[str]) -> str:
    return "".join(f"<li>{line}</li>" for line in lines)


def _code(step: str) -> str:
    command, _, what = step.rpartition(": ")
    return f"<code>{escape(command)}</code>: {escape(what)}"
