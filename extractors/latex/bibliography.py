"""The bibliography of a LaTeX source: its entries, their order and the authors that labels name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scmine.extractors.formats.runs import Runs
from scmine.extractors.latex.cursor import Cursor, Source
from scmine.extractors.latex.inline import Cited, Inline
from scmine.extractors.latex.tokens import PAR

MAX_ENTRY = 5_000
"""Characters of one cited work that are kept."""

_LABEL = re.compile(r"^(?P<authors>[^()]{2,200})\((?P<year>[^()]{0,20})\)")


def entries(body: Cursor) -> Iterator[tuple[str, Cursor | None, Cursor]]:
    """The key, the label in square brackets and the text of each ``\\bibitem`` in ``body``."""
    tokens = body.source.tokens
    starts = [i for i in range(body.place, body.end) if tokens[i] == "\\bibitem"]
    for start, end in zip(starts, [*starts[1:], body.end], strict=False):
        item = Cursor(body.source, start + 1, end)
        label = item.optional()
        yield item.argument().text(), label, item


def cited_works(source: Source) -> Cited:
    """The works that the bibliography of ``source`` lists, numbered in their order."""
    cited = Cited()
    for begin in bibliographies(source):
        body = Cursor(source, begin + 1, len(source.tokens)).environment()
        for key, label, _ in entries(body):
            if key and key not in cited.numbers:
                cited.number(key)
                text = _plain(label) if label is not None else ""
                match = _LABEL.match(text)
                if match:
                    cited.authors[key] = match["authors"].strip()
    return cited


def bibliographies(source: Source) -> list[int]:
    """Where in ``source`` bibliographies begin."""
    return [
        i for i in source.environment_ends if source.name_at(i) in ("thebibliography", "references")
    ]


def read_entries(body: Cursor, inline: Inline) -> Iterator[str]:
    """The text of each entry in ``body``."""
    for _, _, item in entries(body):
        runs = Runs()
        inline.read(Cursor(item.source, item.place, min(item.end, item.place + MAX_ENTRY)), runs)
        text = re.sub(r"(?:\s*[.,])+$", ".", runs.cell()[0])
        if text:
            yield text


def _plain(label: Cursor) -> str:
    """A label's letters, commands and braces left out."""
    kept = (t for t in label.tokens() if len(t) == 1 and t not in "{}")
    return re.sub(r"\s+", " ", "".join(" " if t in ("~", PAR) else t for t in kept)).strip()
