"""Inline mark-up of LaTeXML's pages as reading text: scripts, formulas, citations, notes.

What an element is stands in its classes, whatever its tag. How a page falls into passages lives in
``latexml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from scmine.extractors.formats.mathml import add_math
from scmine.extractors.formats.runs import Runs
from scmine.extractors.pdf.lines import Shift

FLOATS = frozenset({"ltx_figure", "ltx_table", "ltx_float", "ltx_tabular"})
"""What may stand inside a paragraph and is read after it, so that it parts no sentence."""

_UNREAD = frozenset(
    {
        "ltx_phantom",
        "ltx_rule",
        "ltx_note_mark",
        "ltx_note_type",
        "ltx_tag_note",
        "ltx_tag_equation",
        "ltx_eqn_eqno",
        "ltx_missing_citation",
        "ltx_missing_label",
        "ltx_bib_cited",
        "ltx_TOC",
        "ltx_listing",
        "ltx_picture",
        "ltx_rdf",
    }
)
"""What stands in running text and is none, or what the page shows of its own."""

_LINES = frozenset(
    {"ltx_p", "ltx_para", "ltx_item", "ltx_tr", "ltx_td", "ltx_th", "ltx_eqn_cell", "ltx_break"}
    | {"ltx_equation", "ltx_equationgroup", "ltx_caption", "ltx_bibblock", "ltx_tabular"}
)
"""What begins a line of its own."""

_BULLET = re.compile(r"\W*")
_ERROR = "ltx_ERROR"
_HIDDEN = re.compile(
    r"visibility:\s*hidden|display:\s*none|font-size:\s*(?:\d|1[0-4])(?:\.\d+)?%"
    r"|font-size:\s*[0-2]?(?:\.\d+)?(?:px|pt)?\s*(?:;|$)|opacity:\s*0?(?:\.0\d*)?\s*(?:;|$)"
    r"|(?:left|top|right|bottom|text-indent|margin-left|margin-top):\s*-\d{3}"
    r"|clip:\s*rect\(\s*0|clip-path:\s*(?:inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0)",
    re.I,
)
_WHITE = re.compile(
    r"(?:^|;)\s*color:\s*(?:#fff(?:fff)?\b|white\b|transparent|rgba?\(\s*255,\s*255,\s*255)", re.I
)
_LENGTHS = re.compile(
    r"\\(?:h|v|m)?(?:space|skip|kern|raise|rule|box)\w*\*?\s*(?:\{[^{}]*\}|-?[\d.]+)"
)
_SAID = re.compile(r"\d+|(?<!\\)(?<![A-Za-z])[A-Za-z]{5,}")
_WRAPPED = re.compile(r"%\n\s*")
_BARE_SCRIPT = re.compile(r"\s*(?:\{\s*\})?\s*\^")
_BETWEEN = re.compile(r"[\s,;–—−-]*")


@dataclass(slots=True)
class Aside:
    """What stands in text and is read elsewhere: ``later``, in order; the rest is counted."""

    later: list[Element] = field(default_factory=list)
    unknown: int = 0
    hidden: int = 0


def classes(element: Element) -> frozenset[str]:
    """The classes of ``element``."""
    return frozenset(element.get("class", "").split())


def add_inline(
    runs: Runs, element: Element, aside: Aside, shift: Shift = "", in_cell: bool = False
) -> None:
    """Append the running text of ``element`` to ``runs``; notes and floats go to ``aside``.

    In a cell of a table (``in_cell``) marks of notes stay, as superscripts, and tables in it are
    lines of it.
    """
    runs.add(element.text, shift)
    for child in element:
        add_element(runs, child, aside, shift, in_cell)
        runs.add(child.tail, shift)


def add_element(
    runs: Runs, child: Element, aside: Aside, shift: Shift = "", in_cell: bool = False
) -> None:
    """Append ``child`` itself, as ``add_inline`` does with what an element holds."""
    tag, kinds = str(child.tag), classes(child)
    if is_hidden(child, in_cell):
        aside.hidden += 1
    elif tag == "math":
        _add_formula(runs, child, shift)
    elif "ltx_note" in kinds:
        _add_note(runs, child, aside, in_cell)
    elif _ERROR in kinds:
        aside.unknown += 1
    elif kinds & _UNREAD or tag == "img":
        pass
    elif kinds & FLOATS and not in_cell:
        aside.later.append(child)
    elif tag == "cite" or "ltx_cite" in kinds:
        _add_citation(runs, child, aside, shift, in_cell)
    elif "ltx_tag_item" in kinds and _BULLET.fullmatch("".join(child.itertext())):
        pass
    else:
        if tag == "br" or kinds & _LINES:
            runs.add(" ")
        own: Shift = "sup" if tag == "sup" else "sub" if tag == "sub" else ""
        add_inline(runs, child, aside, shift or own, in_cell)


def plain_text(element: Element | None) -> str:
    """The running text of ``element`` without notes and floats; empty if there is none."""
    if element is None:
        return ""
    runs = Runs()
    add_inline(runs, element, Aside())
    return runs.cell()[0]


def _add_formula(runs: Runs, math: Element, shift: Shift) -> None:
    """A formula: from its LaTeX, which has blanks as they are set, else from its MathML."""
    source = _WRAPPED.sub("", math.get("alttext", ""))
    start = len(runs)
    if source.strip() and _is_shown(source, math):
        runs.add_maths(source, shift)
    else:
        add_math(runs, math, shift)
    if not _BARE_SCRIPT.match(source):  # which may be a citation that was raised by hand
        runs.end_formula(start)


def _is_shown(source: str, math: Element) -> bool:
    """Whether the page shows the numbers and words of a formula's LaTeX, which it does not show.

    A formula without MathML has nothing to be held against.
    """
    shown = "".join(
        "".join(
            e.text or "" for e in math.iter() if e.tag in ("mi", "mn", "mo", "mtext", "ms")
        ).split()
    )
    said = _SAID.findall(_LENGTHS.sub("", source))
    return not shown or all(part in shown for part in said)


def _add_note(runs: Runs, note: Element, aside: Aside, in_cell: bool) -> None:
    mark = next((e for e in note.iter() if "ltx_note_mark" in classes(e)), None)
    if in_cell and mark is not None:
        runs.add("".join(mark.itertext()).strip(), "sup")
    aside.later.append(note)


def is_hidden(element: Element, in_cell: bool = False) -> bool:
    """Whether the page does not show ``element``; white text may stand in a coloured cell."""
    if "hidden" in element.attrib:
        return True
    style = element.get("style", "")
    if not style:
        return False
    white = not in_cell and "background" not in style and _WHITE.search(style) is not None
    return white or _HIDDEN.search(style) is not None


def _add_citation(runs: Runs, cite: Element, aside: Aside, shift: Shift, in_cell: bool) -> None:
    """A citation; one set as a superscript, or whose work is missing, leaves no text."""
    missing = any("ltx_missing_citation" in classes(e) for e in cite.iter())
    found = any(e.tag == "a" for e in cite.iter())
    if missing and not found:
        return
    raised = "".join("".join(e.itertext()) for e in cite.iter("sup"))
    text = "".join(cite.itertext())
    if raised.strip() and not in_cell and _BETWEEN.fullmatch(text.replace(raised, "", 1)):
        runs.cite(text)
    else:
        add_inline(runs, cite, aside, shift, in_cell)
