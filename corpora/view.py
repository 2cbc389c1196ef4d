"""A page that shows gold above prediction, passage by passage: one HTML file, nothing to load.

What is right, missed or in excess is told by colour and by a symbol. Papers are untrusted: every
text is escaped, and the page forbids itself to run any script but its own (CSP by hash). How it
looks is in ``data/view.css``, what its filters do in ``data/view.js``.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files
from typing import NamedTuple

from scmine.corpora.confusion import best_match
from scmine.corpora.predict import TaggedPaper, TaggedPassage
from scmine.corpora.scored import LabelledSpan, Triple, labelled_spans

SYMBOLS = {"right": "✓", "near": "≈", "missed": "✗", "extra": "+"}
_MEANINGS = {
    "right": "right",
    "near": "something else is there: other bounds or another label",
    "missed": "missed",
    "extra": "found, but not in the gold",
}


class _Marked(NamedTuple):
    """A stretch of text to be marked, and how it fared: one of ``SYMBOLS``."""

    start: int
    end: int
    label: str
    fate: str


def write_view(papers: Iterable[TaggedPaper], title: str) -> Iterator[str]:
    """The page in pieces. Passages without any mention are left out."""
    papers = list(papers)
    labels = sorted({label for paper in papers for p in paper.passages for label in _labels(p)})
    yield _head(title, labels)
    for paper in papers:
        sections = [
            _section(number, passage)
            for number, passage in enumerate(paper.passages, start=1)
            if passage.gold.mentions or passage.found
        ]
        if sections:
            yield f"<h2>{escape(paper.stem)}</h2>\n"
            yield from sections
    yield f"<script>{_data('view.js')}</script>\n</body>\n</html>\n"


def _head(title: str, labels: Sequence[str]) -> str:
    script = b64encode(hashlib.sha256(_data("view.js").encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{script}'"
    boxes = "\n".join(
        f'<label><input type="checkbox" checked data-label="{escape(label)}"> '
        f"{escape(label)}</label>"
        for label in labels
    )
    legend = " ".join(
        f'<span class="{fate}">{symbol} {_MEANINGS[fate]}</span>'
        for fate, symbol in SYMBOLS.items()
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_data('view.css')}</style>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n<p>{legend}</p>\n<nav>\n{boxes}\n"
        '<label><input type="checkbox" id="only-errors"> only passages with errors</label>\n'
        "</nav>\n"
    )


def _section(number: int, passage: TaggedPassage) -> str:
    text = passage.gold.text
    gold = labelled_spans(text, passage.gold.mentions)
    found = labelled_spans(text, passage.found)
    lines = [
        f'<p class="line"><b>{name}</b><span>{_marked(text, row)}</span></p>\n'
        for name, marks in (
            ("gold", _fates(gold, found, "missed")),
            ("found", _fates(found, gold, "extra")),
        )
        for row in _rows(marks)
    ]
    links = "".join(
        f'<li data-label="{escape(label)}" class="{fate}">{SYMBOLS[fate]} {escape(label)}: '
        f"{escape(text[slice(*gold[head][:2])])} → {escape(text[slice(*gold[tail][:2])])}</li>\n"
        for (label, head, tail), fate in _link_fates(passage)
    )
    kind = escape(f"{number}, {passage.gold.passage.kind}")
    return f"<section>\n<h3>{kind}</h3>\n{''.join(lines)}" + (
        f"<ul>\n{links}</ul>\n</section>\n" if links else "</section>\n"
    )


def _fates(
    spans: Sequence[LabelledSpan], others: Sequence[LabelledSpan], alone: str
) -> list[_Marked]:
    """How each span fared against ``others``; ``alone`` if it overlaps none of them."""
    return [
        _Marked(
            *span,
            "right" if span in others else alone if best_match(span, others) is None else "near",
        )
        for span in spans
    ]


def _link_fates(passage: TaggedPassage) -> list[tuple[Triple, str]]:
    """The links between gold mentions, in the order of the text."""
    gold, found = passage.gold.links, passage.links_given
    fates = [
        (link, "right" if link in gold & found else "missed" if link in gold else "extra")
        for link in gold | found
    ]
    return sorted(fates, key=lambda item: (item[0][1:], item[0][0]))


def _rows(marks: Sequence[_Marked]) -> list[list[_Marked]]:
    """The marks in as few rows as overlaps allow, at least one."""
    rows: list[list[_Marked]] = [[]]
    for mark in sorted(marks):
        row = next((r for r in rows if not r or r[-1].end <= mark.start), None)
        if row is None:
            rows.append([mark])
        else:
            row.append(mark)
    return rows


def _marked(text: str, marks: Sequence[_Marked]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end, label, fate in marks:
        pieces.append(escape(text[at:start]))
        pieces.append(
            f'<mark class="{fate}" data-label="{escape(label)}"><i>{SYMBOLS[fate]}</i>'
            f"{escape(text[start:end])}<small>{escape(label)}</small></mark>"
        )
        at = end
    return "".join((*pieces, escape(text[at:])))


def _labels(passage: TaggedPassage) -> set[str]:
    mentions = {str(m.label) for m in (*passage.gold.mentions, *passage.found)}
    return mentions | {link[0] for link in passage.gold.links | passage.links_given}


def _data(name: str) -> str:
    return (files("scmine.corpora") / "data" / name).read_text("utf-8")
