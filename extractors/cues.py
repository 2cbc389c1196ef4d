"""Cues: the words of a sentence that tell how a claim is meant (onset, midpoint, …)."""

from __future__ import annotations

import re
from functools import cache

from scmine.database.record import TcKind
from scmine.extractors.lexicons import load_toml


@cache
def cues() -> dict[str, dict[str, re.Pattern[str]]]:
    """The patterns of ``data/cues.toml``, compiled, by group and name."""
    return {
        group: {
            name: re.compile(pattern, 0 if group == "method" else re.I)
            for name, pattern in entries.items()
        }
        for group, entries in load_toml("cues.toml").items()
    }


_NAMED_TOGETHER = re.compile(r"[^.;]{0,12}(?:\band\b|\bor\b|/|,)\s?\(?")


def tc_kind_of(text: str) -> TcKind:
    """Which point of the transition the words before a Tc name: of several the last.

    Where two are named together ("onset and zero-resistance temperatures"), neither is meant.

    >>> tc_kind_of("the onset Tc of 34 K").value, tc_kind_of("Tc = 34 K").value
    ('onset', 'unspecified')
    >>> tc_kind_of("zero resistance after an onset at").value
    'onset'
    """
    found = sorted(
        (match.start(), match.end(), kind)
        for kind, pattern in cues()["tc_kind"].items()
        for match in pattern.finditer(text)
    )
    if not found:
        return TcKind.UNSPECIFIED
    last = found[-1][2]
    others = [n for n, (_, _, kind) in enumerate(found) if kind != last]
    if others:
        between = text[found[others[-1]][1] : found[others[-1] + 1][0]]
        if _NAMED_TOGETHER.fullmatch(between):
            return TcKind.UNSPECIFIED
    return TcKind(last)


def measurement_method_of(text: str) -> str | None:
    """The standard name of a printed method; the printed words if none fits.

    >>> measurement_method_of("in-plane resistivity"), measurement_method_of("")
    ('resistivity', None)
    """
    for name, pattern in cues()["method"].items():
        if pattern.search(text):
            return name
    return text.strip() or None
