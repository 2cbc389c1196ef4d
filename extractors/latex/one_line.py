"""One line of LaTeX as plain text: names and titles as catalogues write them, accents in TeX.

Whole papers are read by ``reader``.
"""

from __future__ import annotations

import re

from scmine.extractors.formats.runs import Runs
from scmine.extractors.latex.cursor import Cursor, Source
from scmine.extractors.latex.inline import Cited, Inline
from scmine.extractors.latex.numbering import Numbers
from scmine.extractors.latex.tokens import tokenize

MAX_LINE = 100_000
"""Characters of a line that are read; lists of 3000 authors have fewer."""

_IS_TEX = re.compile(r"[\\{}$~]")


def plain_line(line: str) -> str:
    r"""The text that a line of LaTeX prints; what is no LaTeX stays as it is.

    >>> plain_line(r"Erwin Schr\"odinger, {\O}. M\o{}ller & J. O'Brien")
    "Erwin Schrödinger, Ø. Møller & J. O'Brien"
    >>> plain_line("J. O'Brien")
    "J. O'Brien"
    """
    line = line[:MAX_LINE]
    if not _IS_TEX.search(line):
        return line
    inline = Inline(Numbers(revtex=False), Cited(), lambda _: None, lambda _name, _inner: False)
    # Catalogues mean these signs, which begin comments and part columns in a paper.
    tokens = tokenize(re.sub(r"(?<!\\)([%&#])", r"\\\1", line))
    runs = Runs()
    inline.read(Cursor(Source(tokens), 0, len(tokens)), runs)
    return runs.cell()[0]
