"""MathML: presentation mark-up of formulas as reading text, subscripts and superscripts kept apart.

Works on a tree whose names have lost their namespace. LaTeX's maths lives in ``latex_math``.
"""

from __future__ import annotations

from itertools import islice
from xml.etree.ElementTree import Element

from scmine.extractors.formats.runs import Runs, with_overbar
from scmine.extractors.pdf.lines import Shift

_SPACED = frozenset("=<>≈∼≃≅≤≥≲≳≡≪≫→∝≠×±⩽⩾")
"""Operators that stand between blanks when they are on the line, as TeX and MathML viewers set."""

_BARS = frozenset("¯‾ˉ̅_̄―")
_SILENT = frozenset({"annotation", "annotation-xml", "none", "mprescripts", "mphantom"})
_SCRIPTS: dict[str, tuple[Shift, ...]] = {
    "msub": ("sub",),
    "msup": ("sup",),
    "msubsup": ("sub", "sup"),
    "munder": ("sub",),
    "mover": ("sup",),
    "munderover": ("sub", "sup"),
}


def add_math(runs: Runs, element: Element, shift: Shift = "") -> None:
    """Append the formula ``element`` (a ``math`` or any part of one) to ``runs``."""
    tag = element.tag
    if tag in _SILENT:
        return
    if tag in ("mi", "mn", "mo", "mtext", "ms"):
        _add_token(runs, element, shift)
    elif tag == "mspace":
        runs.add(" ")
    elif tag == "semantics":
        for child in element[:1]:
            add_math(runs, child, shift)
    elif tag == "mmultiscripts":
        _add_multiscripts(runs, element, shift)
    elif tag in _SCRIPTS and len(element) > 1:
        _add_scripts(runs, element, shift)
    elif tag == "mfrac" and len(element) == 2:
        over = "".join(element[0].itertext()).strip()
        if runs.tail(1).isdigit() and over[:1].isdigit():
            runs.add(" ")  # 1 1/2 is not 11/2
        _add_group(runs, element[0], shift)
        runs.add("/", shift)
        _add_group(runs, element[1], shift)
    elif tag == "msqrt":
        runs.add("√(", shift)
        _add_children(runs, element, shift)
        runs.add(")", shift)
    elif tag == "mfenced":
        _add_fenced(runs, element, shift)
    else:
        _add_children(runs, element, shift)
        if tag in ("mtd", "mtr"):
            runs.add(" ")


def _add_children(runs: Runs, element: Element, shift: Shift) -> None:
    for child in element:
        add_math(runs, child, shift)


def _add_token(runs: Runs, element: Element, shift: Shift) -> None:
    text = "".join(element.itertext())
    if element.tag != "mtext":
        text = text.strip()
    if element.tag == "mo" and not shift and text in _SPACED:
        text = f" {text} "
    elif element.tag == "mo" and text == "-":
        text = "−"
    runs.add(text, shift)


def _add_scripts(runs: Runs, element: Element, shift: Shift) -> None:
    base, *scripts = element
    accent = "".join(scripts[0].itertext()).strip()
    if element.tag == "mover" and accent in _BARS:
        runs.add(with_overbar("".join(base.itertext()).strip()), shift)
        return
    add_math(runs, base, shift)
    if element.tag == "mover" and scripts[0].tag == "mo":
        return  # a hat or an arrow says nothing that text could keep
    # What stands on a script stays part of it: text has only one level.
    for child, own in zip(scripts, _SCRIPTS[str(element.tag)], strict=False):
        add_math(runs, child, shift or own)


def _add_multiscripts(runs: Runs, element: Element, shift: Shift) -> None:
    """Scripts in pairs, lower and upper: those after ``mprescripts`` stand before the base."""
    children = list(element)
    split = next((i for i, c in enumerate(children) if c.tag == "mprescripts"), len(children))
    for i, child in enumerate(children[split + 1 :]):
        add_math(runs, child, shift or ("sup" if i % 2 else "sub"))
    for child in children[:1]:
        add_math(runs, child, shift)
    for i, child in enumerate(children[1:split]):
        add_math(runs, child, shift or ("sup" if i % 2 else "sub"))


def _add_group(runs: Runs, element: Element, shift: Shift) -> None:
    """Part of a fraction: in brackets if it is more than one token."""
    leaves = (part for part in element.iter() if not len(part))
    many = len(list(islice(leaves, 2))) > 1
    runs.add("(" if many else "", shift)
    add_math(runs, element, shift)
    runs.add(")" if many else "", shift)


def _add_fenced(runs: Runs, element: Element, shift: Shift) -> None:
    marks = "".join(element.get("separators", ",").split())
    runs.add(element.get("open", "("), shift)
    for i, child in enumerate(element):
        if i and marks:
            runs.add(marks[min(i, len(marks)) - 1] + " ", shift)
        add_math(runs, child, shift)
    runs.add(element.get("close", ")"), shift)
