"""Reads Matscholar's labelled abstracts, materials science in CoNLL form, for an auxiliary task.

Weston et al., J. Chem. Inf. Model. 59, 3692 (2019), doi:10.1021/acs.jcim.9b00470: one token and its
IOB tag a line, a blank line after each sentence. Its text is tokens; they are joined by blanks.
"""

from __future__ import annotations

import re
from pathlib import Path

from scmine.corpora.types import CorpusError, GoldMention, GoldPassage

_TAG = re.compile(r"O|[BI]-\S+")


def load_matscholar(path: Path) -> list[GoldPassage]:
    """The sentences of one file, each a passage of kind ``sentence``.

    Raises
    ------
    CorpusError
        If a line does not end with a tag of the form ``O``, ``B-…`` or ``I-…``.
    """
    passages = []
    tokens: list[tuple[str, str]] = []
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            token, _, tag = line.rpartition(" ")
            if _TAG.fullmatch(tag) is None:
                raise CorpusError(path, f"not a token and its tag: {line!r}", number)
            if token.strip():  # some tokens of the corpus are blanks of odd kinds
                tokens.append((token, tag))
        elif tokens:
            passages.append(_passage(tokens))
            tokens = []
    return passages


def _passage(tokens: list[tuple[str, str]]) -> GoldPassage:
    mentions: list[GoldMention] = []
    at = 0
    open_label = ""
    for token, tag in tokens:
        end = at + len(token)
        if tag.startswith("I-") and tag[2:] == open_label:
            mentions[-1] = GoldMention(mentions[-1].start, end, open_label)
        elif tag != "O":
            open_label = tag[2:]
            mentions.append(GoldMention(at, end, open_label))
        if tag == "O":
            open_label = ""
        at = end + 1
    text = " ".join(token for token, _ in tokens)
    return GoldPassage("sentence", text, tuple(mentions))
