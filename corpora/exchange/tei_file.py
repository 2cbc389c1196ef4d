"""Annotated texts of one paper as a TEI file of SuperMat's form, which ``corpora`` loads.

A new file; how an existing one is changed lives in ``scmine.corpora.supermat``. The form knows six
labels, no overlaps and no scores: what it cannot hold is left out, and the caller is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from scmine.corpora.exchange.annotated import AnnotatedText, Annotations
from scmine.corpora.supermat import LABELS, normalise_blanks

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>
<title>{title}</title></titleStmt><publicationStmt><p>{source}</p></publicationStmt></fileDesc>
<profileDesc><abstract>
{abstract}
</abstract></profileDesc></teiHeader>
<text xml:lang="en"><body>
{body}
</body></text></TEI>
"""
_ELEMENTS = {"caption": ('<ab type="figureCaption">', "</ab>")}
_PARAGRAPH = ("<p>", "</p>")


@dataclass(frozen=True, slots=True)
class TeiFile:
    """A file's text, and how many mentions it could not hold."""

    xml: str
    lost: int


def to_tei(texts: Sequence[AnnotatedText], source: str) -> TeiFile:
    """The texts of one paper, with their annotations after or else before correction.

    ``about["kind"]`` of a text is that of its passage (``title``, ``abstract``, ``caption`` …).
    Titles and abstracts come first, as they do in a paper. ``source`` says what was annotated.
    """
    lost = 0
    parts: dict[str, list[str]] = {"title": [], "abstract": [], "body": []}
    for number, text in enumerate(texts):
        kind = text.about.get("kind", "")
        inside, missing = _marked(text, f"t{number}")
        lost += missing
        if kind == "title" and not parts["title"]:
            parts["title"].append(inside)
            continue
        opening, closing = _ELEMENTS.get(kind, _PARAGRAPH)
        parts["abstract" if kind == "abstract" else "body"].append(f"{opening}{inside}{closing}")
    xml = _FRAME.format(
        title="".join(parts["title"]),
        source=escape(_NOT_IN_XML.sub("\ufffd", source)),
        abstract="\n".join(parts["abstract"]),
        body="\n".join(parts["body"]),
    )
    return TeiFile(xml, lost)


def _marked(text: AnnotatedText, name: str) -> tuple[str, int]:
    """The text with its mentions as elements, and how many it cannot hold."""
    annotations = text.after or text.before or Annotations()
    clean = _NOT_IN_XML.sub("\ufffd", text.text)
    plain, spans = normalise_blanks(clean, [(m.start, m.end) for m in annotations.mentions])
    kept: list[int] = []
    last = 0
    for i, (start, end) in enumerate(spans):
        if annotations.mentions[i].label in LABELS and start < end and start >= last:
            kept.append(i)
            last = end
    targets: dict[int, list[int]] = {}
    for link in annotations.links:
        if link.head in kept and link.tail in kept:
            targets.setdefault(link.tail, []).append(link.head)
    named = {head for heads in targets.values() for head in heads}
    pieces: list[str] = []
    at = 0
    for i in kept:
        start, end = spans[i]
        attributes = f" type={quoteattr(str(annotations.mentions[i].label))}"
        if i in named:
            attributes += f' xml:id="{name}m{i}"'
        if i in targets:
            corresp = ",".join(f"#{name}m{head}" for head in sorted(targets[i]))
            attributes += f' corresp="{corresp}"'
        pieces += (escape(plain[at:start]), f"<rs{attributes}>", escape(plain[start:end]), "</rs>")
        at = end
    pieces.append(escape(plain[at:]))
    return "".join(pieces), len(annotations.mentions) - len(kept)
