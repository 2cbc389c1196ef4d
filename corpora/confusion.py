"""Which labels are taken for which: gold labels against those found in the same place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scmine.corpora.scored import LabelledSpan

MISSED, EXTRA = "(missed)", "(extra)"


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts by (gold label, found label).

    A gold mention counts once: for the mention found that shares most characters with it, or as
    ``MISSED`` if none does. A mention found where there is no gold counts as ``EXTRA``.
    """

    counts: Counter[tuple[str, str]]

    def labels(self) -> tuple[list[str], list[str]]:
        """Gold labels and found labels in order, ``EXTRA`` and ``MISSED`` last if they occur."""
        return _last({g for g, _ in self.counts}, EXTRA), _last({f for _, f in self.counts}, MISSED)

    def rows(self) -> dict[str, dict[str, int]]:
        """Counts by gold label, then by found label, zeros included."""
        gold, found = self.labels()
        return {g: {f: self.counts[g, f] for f in found} for g in gold}


def confusion(
    passages: Iterable[tuple[Sequence[LabelledSpan], Sequence[LabelledSpan]]],
) -> Confusion:
    """The confusion over passages, each given as its gold spans and its found ones.

    >>> confusion([([(0, 4, "material")], [(0, 4, "class"), (9, 12, "tc")])]).rows()
    {'material': {'class': 1, 'tc': 0}, '(extra)': {'class': 0, 'tc': 1}}
    """
    counts: Counter[tuple[str, str]] = Counter()
    for gold, found in passages:
        for span in gold:
            match = best_match(span, found)
            counts[span[2], MISSED if match is None else match[2]] += 1
        for span in found:
            if best_match(span, gold) is None:
                counts[EXTRA, span[2]] += 1
    return Confusion(counts)


def best_match(span: LabelledSpan, others: Sequence[LabelledSpan]) -> LabelledSpan | None:
    """The span that shares most characters with ``span``, at a tie one of the same label."""
    near = [o for o in others if o[0] < span[1] and span[0] < o[1]]
    return max(
        near,
        key=lambda o: (min(o[1], span[1]) - max(o[0], span[0]), o[2] == span[2]),
        default=None,
    )


def _last(labels: set[str], last: str) -> list[str]:
    return sorted(labels, key=lambda label: (label == last, label))
