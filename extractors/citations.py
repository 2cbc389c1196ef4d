"""Citations in running text: where a passage points to the work of others.

Marks that the reader took out of the text, and those that stand in it: ``[12]``, ``Ref. 12``,
``Kumar et al.``, ``(Kumar 2008)``, and round brackets where a paper cites with them. What a
citation says about a claim lives in ``whose_features``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from scmine.extractors.document import Passage
from scmine.extractors.lexicons import load_toml

MIN_ROUND = 5
"""Numbers in round brackets cite where no other marks do and at least so many of them stand."""


@cache
def whose_words() -> dict[str, dict[str, re.Pattern[str]]]:
    """The patterns of ``data/whose_claim.toml``, compiled, by group and name."""
    return {
        group: {name: re.compile(pattern, re.I) for name, pattern in entries.items()}
        for group, entries in load_toml("whose_claim.toml").items()
    }


def cites_in_round_brackets(passages: Sequence[Passage]) -> bool:
    """Whether the paper cites as in "it superconducts (2; 3)"."""
    patterns = whose_words()["citations"]
    if any(p.citations or patterns["bracket"].search(p.text) for p in passages):
        return False
    return sum(len(patterns["round"].findall(p.text)) for p in passages) >= MIN_ROUND


def citation_offsets(passage: Passage, *, round_brackets: bool = False) -> list[int]:
    """The characters of ``passage`` before which a citation stands, in their order.

    >>> from scmine.extractors.document import PassageKind
    >>> citation_offsets(Passage(PassageKind.PARAGRAPH, "Lead [3] and tin, see Ref. 4."))
    [5, 22]
    """
    patterns = whose_words()["citations"]
    names = ["bracket", "named", "author_year", *(["round"] if round_brackets else [])]
    found = {c.offset for c in passage.citations}
    for name in names:
        found.update(m.start() for m in patterns[name].finditer(passage.text))
    return sorted(found)
