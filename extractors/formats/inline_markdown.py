"""Inline Markdown: the marks within a paragraph taken off, maths and HTML tags understood.

Emphasis follows CommonMark's rule of flanking, so that the star of ``μ* = 0.1`` stays. How a file
falls into blocks lives in ``markdown_blocks``.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

from scmine.extractors.formats.latex_math import parts_fraction, read_maths
from scmine.extractors.formats.marked_text import MarkedText
from scmine.extractors.pdf.lines import Shift

_INLINE = re.compile(
    r"(?P<comment><!--.*?-->)"
    r"|\$\$(?P<display>[^$]+)\$\$"
    r"|(?<!\\)\$(?P<maths>(?:\\.|[^$\\])+)\$"
    r"|\\\((?P<round>[^\n]{1,500}?)\\\)"
    r"|\\\[(?P<square>[^\n]{1,500}?)\\\]"
    r"|(?P<image>!\[(?:\\.|[^\[\]\\])*\](?:\([^()]*\))?)"
    r"|(?P<note>\[\^[^\]\s]{1,40}\])"
    r"|\[(?P<link>(?:\\.|[^\[\]\\])*)\]"
    r"\(\s?(?P<target>(?:[^()\s]|\([^()\s]*\)){0,500}|(?:https?://|mailto:)[^()\n]{0,500})\)"
    r"|\\?(?P<entity>&(?:lt|gt|amp|quot|nbsp);)"
    r"|\\(?P<escape>[!-/:-@\[-`{-~])"
    r"|<(?P<url>(?:https?://|mailto:)[^<>\s]{1,500})>"
    r"|<(?P<close>/?)(?P<tag>[A-Za-z][A-Za-z0-9]{0,10})(?:\s[^<>]{0,500})?/?>"
    r"|(?<=[A-Za-z)\]])(?<!~)~(?P<lowered>\d{1,3}(?:\.\d{1,3})?|[xyzδ]|\d?[-−–+]?[xyzδ])~(?!~)"
    r"|(?<=[\w)])\^(?P<raised>[-−+]?\d{0,2}[-−+]?)\^"
    r"|(?P<code>`+)"
    r"|(?P<stars>\*+|_+)"
    r"|(?P<plain>[^\\$<\[!*_`~^]+|.)",
    re.S,
)
_SHIFTS: dict[str, Shift] = {"sub": "sub", "sup": "sup"}
_BLANK_TAGS = frozenset({"br", "p", "div", "td", "th", "tr", "li"})
_MATHS_SIGN = re.compile(r"[\\^_{=<>~]")
_MARK = re.compile(
    r"[\s\[(]*S?\d{1,3}[a-z]?(?:\s*[,;–−-]\s*\d{0,3})*[\s\])]*[.,;]?|[,;–−-]\s*\d{1,3}"
)
_CROSS_REFERENCE = re.compile(
    r"(?:Figs?|Figures?|Tables?|Tabs?|Eqs?|Eqn|Equations?|Refs?|References?|Sec|Secs|Sections?|"
    r"Appendix|App|Part|Chapters?|Ch|Step|Ext|Data|Movie|Note|Scheme)s?\.?[\s(]*"
    r"(?:S?\d{1,3}[a-z]?(?:\([a-z]\))?\s?(?:,|and|to|&|–|-)\s?){0,4}$",
    re.I,
)


@dataclass(slots=True)
class _Run:
    """A run of stars or underscores at ``place`` in the text, and how many of them are left."""

    place: int
    sign: str
    left: int
    opens: bool
    closes: bool
    inside: bool


def read_inline(source: str) -> MarkedText:
    """The reading text of one block of Markdown.

    >>> read_inline("**MgB<sub>2</sub>** has *T*$_c$ = 39 K, μ* = 0.1").text
    'MgB2 has Tc = 39 K, μ* = 0.1'
    >>> read_inline("LaH~10~ at ~150 GPa").text
    'LaH10 at ~150 GPa'
    """
    out = MarkedText()
    runs: list[_Run] = []
    shifts: list[Shift] = []
    for match in _INLINE.finditer(source):
        shift = shifts[-1] if shifts else ""
        kind = match.lastgroup
        maths = match["display"] or match["maths"] or match["round"] or match["square"]
        if maths is not None:
            _maths(out, match, maths, shift)
        elif match["link"] is not None:
            _link(out, match["link"], match["target"], shift)
        elif match["entity"] is not None:
            out.add(html.unescape(match["entity"]), shift)
        elif match["escape"] is not None:
            out.add(match["escape"], shift)
        elif match["url"] is not None:
            out.add(match["url"], shift)
        elif match["tag"] is not None:
            _tag(out, match["tag"].lower(), bool(match["close"]), shifts)
        elif match["lowered"] is not None or match["raised"] is not None:
            out.add(match["lowered"] or match["raised"], "sub" if match["lowered"] else "sup")
        elif match["stars"] is not None:
            runs.append(_run(source, match, len(out.chars)))
            out.add(match["stars"], shift)
        elif kind == "plain":
            out.add(html.unescape(match["plain"]), shift)
    _take_emphasis(out, runs)
    return out


def _maths(out: MarkedText, match: re.Match[str], maths: str, shift: Shift) -> None:
    """Add a formula, or what only looks like one as it stands."""
    by_dollar = match["maths"] is not None
    blank_inside = maths[0].isspace() or maths[-1].isspace()
    is_maths = bool(_MATHS_SIGN.search(maths)) or (
        match["display"] is not None or (by_dollar and not blank_inside)
    )
    if is_maths and len(maths) > 1 and maths[-1] == "\\":
        maths += " "
    if is_maths:
        # Converters escape what Markdown would take as a mark.
        source = html.unescape(re.sub(r"\\([_*])", r"\1", maths))
        if parts_fraction("".join(out.chars[-1:]), source):
            out.add(" ")
        out.extend(read_maths(source), shift)
    elif by_dollar:
        out.add(match.group(), shift)
    else:
        out.add(re.sub(r"^\\|\\(?=.$)", "", match.group()), shift)


def _link(out: MarkedText, label: str, target: str, shift: Shift) -> None:
    """Add what a link shows; a citation mark that hangs on a word is set above the line."""
    inner = read_inline(label)
    before = "".join(out.chars[-40:])
    mark = inner.text
    hangs = (
        target.startswith("#")
        and shift == ""
        and _MARK.fullmatch(mark) is not None
        and not mark.lstrip().startswith(("[", "("))
        and before.count("[") == before.count("]")
        and not _CROSS_REFERENCE.search(before)
        and before[-1:] not in ("(", "[", "")
    )
    out.extend(inner, "sup" if hangs else shift)


def _tag(out: MarkedText, name: str, closes: bool, shifts: list[Shift]) -> None:
    if name in _SHIFTS:
        if not closes:
            shifts.append(_SHIFTS[name])
        elif shifts:
            shifts.pop()
    elif name in _BLANK_TAGS:
        out.add(" ")


def _run(source: str, match: re.Match[str], place: int) -> _Run:
    """A run of emphasis marks with what CommonMark says of its sides."""
    before, after = source[match.start() - 1 : match.start()], source[match.end() : match.end() + 1]
    left = _flanks(after, before)
    right = _flanks(before, after)
    sign = match["stars"][0]
    if sign == "_":
        left, right = (
            left and not (right and before.isalnum()),
            right and not (left and after.isalnum()),
        )
    inside = bool(before and after) and not (before.isspace() or after.isspace())
    return _Run(place, sign, len(match["stars"]), left, right, inside)


def _flanks(inner: str, outer: str) -> bool:
    """Whether a run stands against ``inner``, given what is on its other side."""
    if not inner or inner.isspace():
        return False
    return not _is_punctuation(inner) or not outer or outer.isspace() or _is_punctuation(outer)


def _is_punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"


def _take_emphasis(out: MarkedText, runs: list[_Run]) -> None:
    """Take the marks that pair up out of ``out``, in place."""
    open_runs: dict[str, list[_Run]] = {"*": [], "_": []}
    counts = [run.left for run in runs]
    for run in runs:
        stack = open_runs[run.sign]
        while run.closes and run.left and stack:
            pair = min(run.left, stack[-1].left)
            run.left -= pair
            stack[-1].left -= pair
            if not stack[-1].left:
                stack.pop()
        if run.left == 2 and run.inside and stack and stack[-1].left == 1:
            stack.pop().left = 0  # "*2.1.**Samples*": one emphasis ends, the next begins
            run.left = 1
        if run.opens and run.left:
            stack.append(run)
    _take_unpaired(out, runs, counts)
    drop = {
        run.place + k
        for run, count in zip(runs, counts, strict=True)
        for k in range(count - run.left)
    }
    if drop:
        out.chars[:] = [c for i, c in enumerate(out.chars) if i not in drop]
        out.shifts[:] = [s for i, s in enumerate(out.shifts) if i not in drop]


def _take_unpaired(out: MarkedText, runs: list[_Run], counts: list[int]) -> None:
    """Count double stars that CommonMark leaves as taken, but for marks of notes: ``80**``."""
    left = [(r, n) for r, n in zip(runs, counts, strict=True) if r.sign == "*" and r.left > 1]
    for run, count in left:
        before = "".join(out.chars[max(0, run.place - 1) : run.place])
        after = "".join(out.chars[run.place + count : run.place + count + 1])
        marks = len(left) == 1 and before.isalnum() and not after.strip()
        if not marks:
            run.left = 0
