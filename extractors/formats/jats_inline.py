"""Inline mark-up of JATS as reading text: scripts, formulas, citation and note marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from scmine.extractors.formats.mathml import add_math
from scmine.extractors.formats.runs import Runs, with_overbar
from scmine.extractors.pdf.lines import Shift

FLOATS = frozenset(
    {
        "fig",
        "table-wrap",
        "fig-group",
        "table-wrap-group",
        "list",
        "def-list",
        "boxed-text",
        "disp-quote",
        "statement",
        "fn",
        "fn-group",
        "verse-group",
    }
)
"""What may stand inside a paragraph and is read after it, so that it parts no sentence."""

_UNREAD = frozenset(
    {
        "graphic",
        "inline-graphic",
        "media",
        "supplementary-material",
        "object-id",
        "alt-text",
        "long-desc",
        "comment",
        "index-term",
    }
)
"""What stands in running text and is none."""

_LINES = frozenset({"p", "title", "list-item", "break", "def", "term"})
"""What begins a line of its own in a cell or caption."""


_SHIFTS: dict[str, Shift] = {"sub": "sub", "sup": "sup"}
_NOTE_REFS = frozenset({"fn", "table-fn", "aff", "corresp", "author-notes"})
_BETWEEN = re.compile(r"[\s,;–—−\[\]()-]*")
_TEX_BODY = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)


def add_inline(
    runs: Runs,
    element: Element,
    shift: Shift = "",
    skip: Sequence[str] = (),
    in_cell: bool = False,
) -> None:
    """Append the running text of ``element`` to ``runs``.

    Parameters
    ----------
    shift
        How all of it is set.
    skip
        Further names of elements to leave out.
    in_cell
        Whether it is a cell of a table: marks of notes stay there as superscripts, and numbers are
        never taken for citations.
    """
    runs.add(element.text, shift)
    for child in element:
        if child.tag not in skip:
            add_element(runs, child, shift, in_cell)
        runs.add(child.tail, shift)


def _has_text(element: Element) -> bool:
    """Whether any character of ``element`` is more than a blank."""
    return any(piece.strip() for piece in element.itertext())


def add_element(runs: Runs, child: Element, shift: Shift = "", in_cell: bool = False) -> None:
    """Append ``child`` itself, as ``add_inline`` does with what an element holds."""
    tag = str(child.tag)
    if tag in _UNREAD or (tag in FLOATS and not in_cell):
        return
    if tag == "xref":
        _add_reference(runs, child, shift, in_cell)
    elif tag == "sup" and not shift and _cites(child):
        runs.cite("".join(child.itertext()))
    elif tag in ("inline-formula", "disp-formula", "math", "tex-math", "alternatives"):
        _add_formula(runs, child, shift, in_cell)
    elif tag == "overline" and len(text := "".join(child.itertext()).strip()) == 1:
        runs.add(with_overbar(text), shift)
    else:
        if tag in _LINES:
            runs.add(" ")
        add_inline(runs, child, shift or _SHIFTS.get(tag, ""), (), in_cell)


def _add_reference(runs: Runs, xref: Element, shift: Shift, in_cell: bool) -> None:
    kind = xref.get("ref-type", "")
    text = "".join(xref.itertext())
    if kind in _NOTE_REFS and in_cell:
        runs.add(text, "sup")
    elif kind in _NOTE_REFS:
        return  # the note itself is a passage
    elif kind == "bibr" and in_cell and not shift and runs.tail(1).isalnum():
        runs.add(text, "sup")  # it must not read as digits of the cell's number
    elif kind == "bibr" and not in_cell and not shift:
        if _all_superscript(xref):
            runs.cite(text)
        else:
            runs.add_citation(text)
    else:
        add_inline(runs, xref, shift, (), in_cell)


def _cites(sup: Element) -> bool:
    """Whether a superscript is made of references to the bibliography or to notes only."""
    marks = [x for x in sup.iter("xref") if _is_mark(x)]
    return bool(marks) and _BETWEEN.fullmatch("".join(_beside_marks(sup))) is not None


def _is_mark(element: Element) -> bool:
    return element.tag == "xref" and element.get("ref-type") in ("bibr", *_NOTE_REFS)


def _beside_marks(element: Element) -> Iterator[str]:
    """The text of ``element`` outside references to the bibliography and to notes."""
    yield element.text or ""
    for child in element:
        if not _is_mark(child):
            yield from _beside_marks(child)
        yield child.tail or ""


def _all_superscript(xref: Element) -> bool:
    """Whether all text of a reference is set as a superscript."""
    raised = "".join("".join(e.itertext()) for e in xref.iter("sup"))
    return bool(raised.strip()) and raised.split() == "".join(xref.itertext()).split()


def _add_formula(runs: Runs, element: Element, shift: Shift, in_cell: bool) -> None:
    """A formula once, however many forms of it there are: MathML before LaTeX before text."""
    display = element.tag == "disp-formula"
    if display:
        runs.add(" ")
    math = next(element.iter("math"), None)
    tex = next(element.iter("tex-math"), None)
    start = len(runs)
    if math is not None and _has_text(math):
        add_math(runs, math, shift)
        runs.end_formula(start)
    elif tex is not None and _has_text(tex):
        _add_tex(runs, "".join(tex.itertext()), shift)
        runs.end_formula(start)
    else:
        add_inline(runs, element, shift, ("label", "math", "tex-math"), in_cell)
    if display:
        runs.add(" ")


def _add_tex(runs: Runs, source: str, shift: Shift) -> None:
    """LaTeX's maths; PMC wraps it into a whole document with its packages."""
    body = _TEX_BODY.search(source)
    formula = (body[1] if body else source).strip()
    formula = re.sub(r"^(?:\$+|\\[(\[])|(?:\$+|\\[)\]])$", "", formula)
    runs.add_maths(formula, shift)
