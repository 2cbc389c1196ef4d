"""What GROBID would answer for a paper: its TEI, with GROBID's habits.

Made from what our reader sees, which knows where each line stands; then what GROBID loses is taken
away: scripts are set apart by blanks, overbars are gone, citation superscripts are ``<ref>``, boxes
are one a line and cut close, and the rows of tables run together.
"""

from __future__ import annotations

import unicodedata
from xml.sax.saxutils import escape

from scmine.extractors.document import Document, Passage, PassageKind, Table

_SHRINK_PT = 0.8
_TAGS = {PassageKind.PARAGRAPH: "p", PassageKind.FOOTNOTE: "note"}


def tei_of(document: Document, coords: bool = True, extra: str = "") -> str:
    """The TEI of ``document``, with coordinates or without; ``extra`` is put into its body."""
    title = abstract = ""
    divisions = [""]
    for passage in document.passages:
        place = _coords(passage) if coords else ""
        text = grobid_text(passage)
        if passage.kind is PassageKind.TITLE:
            title = f'<title level="a" type="main"{place}>{text}</title>'
        elif passage.kind is PassageKind.ABSTRACT:
            abstract += f"<p{place}>{text}</p>"
        elif passage.kind is PassageKind.HEADING:
            divisions.append(f"<head{place}>{text}</head>")
        elif passage.kind is PassageKind.CAPTION:
            divisions[-1] += f"<figure{place}><figDesc>{text}</figDesc></figure>"
        else:
            tag = _TAGS[passage.kind]
            divisions[-1] += f"<{tag}{place}>{text}</{tag}>"
    divisions += [_as_paragraph(table) for table in document.tables]
    body = "".join(f"<div>{division}</div>" for division in [*divisions, extra])
    references = "".join(
        f'<biblStruct><note type="raw_reference">{escape(line)}</note></biblStruct>'
        for line in document.references
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><TEI xmlns="http://www.tei-c.org/ns/1.0">'
        f"<teiHeader><fileDesc><titleStmt>{title}</titleStmt></fileDesc>"
        f"<profileDesc><abstract>{abstract}</abstract></profileDesc></teiHeader>"
        f"<text><body>{body}</body><back><listBibl>{references}</listBibl></back></text></TEI>"
    )


def grobid_text(passage: Passage) -> str:
    """The text of ``passage`` as GROBID prints it, as XML."""
    edges = {edge for span in passage.typography for edge in (span.start, span.end)}
    marks = {citation.offset: citation.mark for citation in passage.citations}
    parts = []
    for i, char in enumerate(passage.text + " "):
        if i in marks:
            parts.append(f'<ref type="bibr">{escape(marks[i])}</ref>')
        if i in edges:
            parts.append(" ")
        if not unicodedata.combining(char):
            parts.append(escape(char))
    return "".join(parts)


def _coords(passage: Passage) -> str:
    boxes = [
        f"{b.page},{b.x0:.2f},{b.y0 + _SHRINK_PT:.2f},"
        f"{b.x1 - b.x0:.2f},{b.y1 - b.y0 - 2 * _SHRINK_PT:.2f}"
        for b in passage.boxes(0, len(passage.text))
    ]
    return f' coords="{";".join(boxes)}"'


def _as_paragraph(table: Table) -> str:
    """A table that was taken for text."""
    box = table.box
    assert box is not None
    text = " ".join(cell.text for row in table.rows for cell in row)
    height = (box.y1 - box.y0) / 4
    lines = [
        f"{box.page},{box.x0 + 2},{box.y0 + 2 + k * height},{box.x1 - box.x0 - 4},{height - 3}"
        for k in range(4)
    ]
    return f'<p coords="{";".join(lines)}">{escape(text)}</p>'
