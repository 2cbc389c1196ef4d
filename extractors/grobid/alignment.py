"""Alignment: where a text that somebody else read stands among the characters of our lines.

Both sides are compared by their letters and digits alone, since readers differ in blanks, dashes,
accents and what is set high or low. Equal runs of a few characters that are met once only are
grown and chained in order; time is linear in the text but for the chain of its few pieces. What is
made of the characters found lives in ``overlay``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise

from scmine.extractors.pdf.lines import Line

SEED = 10
"""Runs of so many equal characters begin a piece; shorter ones recur by chance in a paper."""

MAX_PIECES = 400
"""A text in more pieces is another text; papers' paragraphs come in fewer than 60."""

MAX_INTRUSION = 40
"""So many characters more than the text has may stand between two of its pieces. What is longer
does not belong to it: a float, a footnote, a running head."""

MAX_ADDED = 4
"""So many characters may stand where the text has none: letters that the other reader dropped."""

MAX_OPEN_END = 60
"""At the ends of a text so many characters before the first and after the last piece are compared
one by one, since what is not found there has no piece behind it to be between."""

JUMP = 1500
JUMP_COST = 40
"""A step back among our characters, or one of more than ``JUMP`` forward, must bring so many equal
ones: columns and floats may be read in another order, but phrases also recur."""

MAX_LOST_SHARE = 0.04
"""We may lack this share of the text; with more missing it is not the same text."""

MIN_LIKENESS = 0.75
"""Share of characters that are equal, of the longer of both. Formulas that a reader mangled bring
paragraphs down to 0.8; texts that only share phrases stay under 0.5."""


_SAME = {"\N{INCREMENT}": "Δ", "\N{N-ARY SUMMATION}": "Σ", "\N{N-ARY PRODUCT}": "Π"}
"""Signs that are letters in another reader's text."""


@dataclass(frozen=True, slots=True)
class Characters:
    """Letters and digits of lines, and where each stands: the line's and the character's index."""

    text: str
    places: Sequence[tuple[int, int]]
    seeds: dict[str, int]
    size: int

    @classmethod
    def of(cls, lines: Sequence[Line], kept: Iterable[tuple[int, int]] | None = None) -> Characters:
        """Those of ``lines``, or of them those ``kept`` (line's and character's index, in order).

        Seeds are shorter where there are few characters.
        """
        text: list[str] = []
        places: list[tuple[int, int]] = []
        if kept is None:
            kept = ((i, k) for i, line in enumerate(lines) for k in range(len(line.text)))
        for i, k in kept:
            for char in plain(lines[i].text[k]):
                text.append(char)
                places.append((i, k))
        joined = "".join(text)
        size = SEED if len(joined) > 20 * SEED**2 else SEED // 2
        return cls(joined, places, _seeds(joined, size), size)


@dataclass(frozen=True, slots=True)
class Match:
    """Which characters are the text: (start, end) stretches of `Characters`, in order.

    ``likeness`` is the share of characters that are equal, of the longer of both; ``lost`` the
    share of the text's that we lack. ``added`` are our characters where the text has none: how many
    of the text's characters come before them, their start and their end; the last follow the text.
    """

    stretches: tuple[tuple[int, int], ...]
    likeness: float
    lost: float
    added: tuple[tuple[int, int, int], ...] = ()


def align(text: str, among: Characters) -> Match:
    """Where ``text`` stands among ``among``; without a stretch if it is not there."""
    wanted = plain_text(text)
    pieces = _chain(_pieces(wanted, among))
    if not pieces:
        at = among.text.find(wanted) if wanted else -1  # more than once: the first will do
        return Match((), 0.0, 1.0) if at < 0 else Match(((at, at + len(wanted)),), 1.0, 0.0)
    stretches: list[tuple[int, int]] = []
    added: list[tuple[int, int, int]] = []
    t_first, first, _ = pieces[0]
    left = among.text[max(0, first - MAX_OPEN_END) : first]
    before, start = wanted[:t_first], first - _shared(wanted[:t_first][::-1], left[::-1])
    lost = _lost(before, first - start)
    for (t, s, length), (t_next, s_next, _) in pairwise(pieces):
        between, ours = wanted[t + length : t_next], s_next - s - length
        if not between and ours > 0:
            added.append((t_next, s + length, s_next))
        if ours < 0 or ours > (len(between) + MAX_INTRUSION if between else MAX_ADDED):
            stretches.append((start, s + length))
            start, ours = s_next, 0
        lost += _lost(between, ours)
    t, s, length = pieces[-1]
    after, end = wanted[t + length :], s + length
    end += _shared(after, among.text[end : end + MAX_OPEN_END])
    stretches.append((start, end))
    lost += _lost(after, end - s - length)
    equal = sum(length for _, _, length in pieces)
    longer = max(len(wanted), sum(b - a for a, b in stretches))
    added.append((len(wanted), end, min(end + MAX_OPEN_END, len(among.text))))
    return Match(tuple(stretches), equal / longer, lost / len(wanted), tuple(added))


def _lost(theirs: str, ours: int) -> int:
    """How many characters of ``theirs`` we lack, where we have ``ours`` in their place.

    Digits alone are no loss: GROBID writes "[1][2][3]" where "[1-3]" is printed.
    """
    return 0 if theirs.isdigit() else max(0, len(theirs) - ours)


def _shared(theirs: str, ours: str) -> int:
    """Up to where ``ours`` has something of ``theirs``, both read from the end of what is equal."""
    if sorted(theirs) == sorted(ours[: len(theirs)]):
        return len(theirs)  # sub- and superscripts in another order
    matcher = SequenceMatcher(None, theirs[:MAX_OPEN_END], ours, autojunk=False)
    end = equal = 0
    for block in matcher.get_matching_blocks():
        equal += block.size
        if block.size and equal > 0.6 * (block.b + block.size):
            end = block.b + block.size
    return end


def plain_text(text: str) -> str:
    """What of ``text`` is compared.

    >>> plain_text("La₀.₉ – “x”")
    'la09x'
    """
    return "".join(map(plain, text))


@cache
def plain(char: str) -> str:
    """The letters and digits in ``char``, without accents and in lower case; may be none.

    >>> plain("É"), plain("ﬁ"), plain("₃"), plain("-")
    ('e', 'fi', '3', '')
    """
    char = _SAME.get(char, char)
    return "".join(c for c in unicodedata.normalize("NFKD", char).casefold() if c.isalnum())


def _seeds(text: str, size: int) -> dict[str, int]:
    """Where each run of ``size`` characters stands that is there once only; the others have -1."""
    found: dict[str, int] = {}
    for i in range(len(text) - size + 1):
        run = text[i : i + size]
        found[run] = -1 if run in found else i
    return found


def _pieces(wanted: str, among: Characters) -> list[tuple[int, int, int]]:
    """Equal pieces (start in ``wanted``, start in ``among``, length), in the order of the first."""
    size, text = among.size, among.text
    if len(wanted) < 2 * size:
        at = text.find(wanted) if wanted else -1
        alone = at >= 0 and text.find(wanted, at + 1) < 0
        return [(0, at, len(wanted))] if alone else []
    pieces: list[tuple[int, int, int]] = []
    done = done_there = t = 0
    while t <= len(wanted) - size and len(pieces) <= MAX_PIECES:
        s = among.seeds.get(wanted[t : t + size], -1)
        if s < 0:
            t += 1
            continue
        a, b = t, s
        least = done_there if s >= done_there else 0  # no character of ours is used twice
        while a > done and b > least and wanted[a - 1] == text[b - 1]:
            a, b = a - 1, b - 1
        end = t + size
        s += size
        while end < len(wanted) and s < len(text) and wanted[end] == text[s]:
            end, s = end + 1, s + 1
        pieces.append((a, b, end - a))
        done, done_there = end, s
        t = end
    return pieces if len(pieces) <= MAX_PIECES else []


def _chain(pieces: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The heaviest chain of pieces that goes forward in the text; a jump in ours costs."""
    best: list[tuple[int, int]] = []  # weight of the best chain that ends here, and what is before
    for i, (_, s, length) in enumerate(pieces):
        weight, before = 0, -1
        for j, (_, s_before, length_before) in enumerate(pieces[:i]):
            shared = s_before + length_before - s  # characters of ours that both pieces have
            cost = max(shared, 0)
            if shared >= SEED // 2:
                if s + length > s_before:
                    continue
                cost = JUMP_COST
            elif -shared > JUMP:
                cost = JUMP_COST
            if best[j][0] - cost > weight:
                weight, before = best[j][0] - cost, j
        best.append((weight + length, before))
    chain: list[tuple[int, int, int]] = []
    at = max(range(len(best)), key=lambda k: best[k][0], default=-1)
    while at >= 0:
        t, s, length = pieces[at]
        if chain and s < chain[-1][1] < s + length:
            length = chain[-1][1] - s
        chain.append((t, s, length))
        at = best[at][1]
    return chain[::-1]
