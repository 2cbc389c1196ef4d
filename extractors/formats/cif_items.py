"""Items of a CIF: what single tags and loops say, as text; for what identifies the paper.

Reads the syntax of CIF 1.1 only. What the tags of a crystal structure mean is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

MAX_ITEMS = 50_000
"""Values that are read of one CIF."""

MAX_WIDTH = 2048
"""Characters of a line that CIF 1.1 allows; the rest is not read."""

_WORD = re.compile(r"'(?:[^']|'(?=\S))*'(?=\s|$)|\"(?:[^\"]|\"(?=\S))*\"(?=\s|$)|\S+")


def cif_items(lines: Sequence[str]) -> dict[str, list[str]]:
    """The values of each tag, in small letters, of the first data block; ``?`` and ``.`` left out.

    >>> lines = ["data_x", "_journal_year 2001", "loop_", "_publ_author_name", "'One, A.'"]
    >>> items = cif_items(lines)
    >>> items["_journal_year"], items["_publ_author_name"]
    (['2001'], ['One, A.'])
    """
    found: dict[str, list[str]] = {}
    names: list[str] = []
    loop = in_head = False
    place = begun = 0
    for number, (word, bare) in enumerate(_words(lines)):
        if number > MAX_ITEMS or (bare and word.lower().startswith("data_") and begun):
            break
        begun += bare and word.lower().startswith("data_")
        if bare and word.lower() == "loop_":
            loop, in_head, names, place = True, True, [], 0
        elif bare and word.startswith("_"):
            if loop and not in_head:
                loop, names = False, []
            names = [*names, word.lower()] if loop else [word.lower()]
        elif names:
            in_head = False
            if not (bare and word in "?."):
                found.setdefault(names[place % len(names)], []).append(word)
            place += 1
            if not loop:
                names, place = [], 0
    return found


def _words(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The words of a CIF with whether each stands without quotes."""
    text: list[str] | None = None
    for line in lines:
        if text is not None:
            if line.startswith(";"):
                yield " ".join(" ".join(text).split()), False
                text = None
            else:
                text.append(line)
        elif line.startswith(";"):
            text = [line[1:]]
        else:
            for match in _WORD.finditer(line[:MAX_WIDTH]):
                word = match.group()
                if word.startswith("#"):
                    break
                quoted = len(word) > 1 and word[0] in "'\"" and word[-1] == word[0]
                yield (word[1:-1], False) if quoted else (word, True)
