"""What the rounds of the study of annotation say: costs up to an F1, tables and a picture.

The time of an annotator is reckoned from what he reads and edits. Nobody was timed: the seconds of
``PACES`` are assumptions but for the speed of reading, so the table gives several.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from annotation_runs import Round

from scmine.corpora.evaluate import MICRO

LEVELS = (0.8, 0.9, 0.95, 0.99)
"""Shares of the F1 that the whole pool teaches."""


@dataclass(frozen=True)
class Pace:
    """Seconds that an annotator takes for a word, for turning to a sentence, and for an edit."""

    word: float
    sentence: float
    edit: float

    def hours(self, made: Round) -> float:
        """The time of a round."""
        seconds = self.word * made.words + self.sentence * len(made.shown)
        return (seconds + self.edit * made.edits.total) / 3600


_READING = 60 / 238  # seconds a word, silent, English non-fiction: Brysbaert, J. Mem. Lang. 2019
PACES = {
    "hours": Pace(_READING, 2.0, 5.0),
    "hours, slow edits": Pace(_READING, 2.0, 15.0),
    "hours, quick edits": Pace(_READING, 2.0, 2.0),
    "hours, slow reading": Pace(3 * _READING, 2.0, 5.0),
}

COSTS: dict[str, Callable[[Round], float]] = {
    "sentences": lambda made: len(made.shown),
    "words": lambda made: made.words,
    "corrections": lambda made: made.edits.total,
    **{name: pace.hours for name, pace in PACES.items()},
}


def micro(made: Round) -> float:
    """F1 of mentions."""
    return made.f1[MICRO]


def spent(rounds: Sequence[Round], cost: str) -> list[float]:
    """What was spent up to the end of each round, what the start cost included."""
    return list(accumulate(map(COSTS[cost], rounds)))


def cost_to(rounds: Sequence[Round], cost: str, level: float) -> float | None:
    """What was spent when F1 first reached ``level``, between rounds by a line; None if never.

    >>> from annotation_edits import Edits
    >>> def shown(f1: float) -> Round:
    ...     return Round([0] * 10, [], Edits(), 0, 0, 0, {MICRO: f1}, {MICRO: 0.0})
    >>> cost_to([shown(50.0), shown(60.0)], "sentences", 55.0)
    15.0
    """
    before, low = 0.0, 0.0
    for made, after in zip(rounds, spent(rounds, cost), strict=True):
        high = micro(made)
        if high >= level:
            return before + (after - before) * (level - low) / (high - low) if high > low else after
        before, low = after, high
    return None


def median(values: Sequence[float | None]) -> float | None:
    """The median where None is more than any number; None if that is it.

    >>> median([1.0, None, 3.0]), median([1.0, None, None])
    (3.0, None)
    """
    ranked = statistics.median_high(float("inf") if v is None else v for v in values)
    return None if ranked == float("inf") else ranked


Runs = Mapping[str, Mapping[int, Sequence[Round]]]  # by order and seed


def summary(runs: Runs, whole: Mapping[int, Round]) -> list[dict[str, object]]:
    """One row for each order, share of the whole pool's F1, and cost.

    ``saved`` compares with ``random`` of the same seed: the percent of its cost that the order
    needs less, median, lowest and highest over the seeds in which both arrive.
    """
    rows: list[dict[str, object]] = []
    for order, by_seed in runs.items():
        for level in LEVELS:
            for cost in COSTS:
                values = {s: cost_to(r, cost, level * micro(whole[s])) for s, r in by_seed.items()}
                base = {
                    s: cost_to(r, cost, level * micro(whole[s]))
                    for s, r in runs.get("random", {}).items()
                }
                saved = [
                    100 * (1 - value / other)
                    for s, value in values.items()
                    if value is not None and (other := base.get(s)) is not None
                ]
                known = [v for v in values.values() if v is not None]
                rows.append(
                    {
                        "order": order,
                        "level": level,
                        "cost": cost,
                        "median": median(list(values.values())),
                        "lowest": min(known, default=None),
                        "highest": max(known) if len(known) == len(values) else None,
                        "arrived": len(known),
                        "seeds": len(values),
                        "saved": statistics.median(saved) if saved else None,
                        "saved_lowest": min(saved, default=None),
                        "saved_highest": max(saved, default=None),
                    }
                )
    return rows


def table(rows: Sequence[Mapping[str, object]], levels: Sequence[float] = LEVELS[1:]) -> str:
    """Rows of ``summary`` as Markdown: a line for each order and level.

    For each of the main costs the median (lowest to highest) over the seeds, a dash where not all
    arrive, and in percent how much less than random, likewise.
    """
    costs = ("sentences", "corrections", "hours")
    head = [f"{cost} | less than random, %" for cost in costs]
    lines = [f"| order | of the pool's F1 | {' | '.join(head)} |", "|---|--:|" + "--:|" * 6]
    found = {(row["order"], row["level"], row["cost"]): row for row in rows}
    for order in dict.fromkeys(row["order"] for row in rows):
        for level in levels:
            cells = [str(order), f"{level:.0%}"]
            for cost in costs:
                row = found[order, level, cost]
                digits = 1 if cost == "hours" else 0
                cells.append(_range(row, ("median", "lowest", "highest"), digits))
                cells.append(_range(row, ("saved", "saved_lowest", "saved_highest"), 0))
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _range(row: Mapping[str, object], keys: tuple[str, str, str], digits: int) -> str:
    """Three figures of a row as ``median (lowest to highest)``.

    >>> _range({"a": 2.0, "b": 1.0, "c": None}, ("a", "b", "c"), 0)
    '2 (1 to –)'
    """
    middle, low, high = (
        f"{value:.{digits}f}" if isinstance(value := row[key], float | int) else "–" for key in keys
    )
    return f"{middle} ({low} to {high})"


def help_of_proposals(runs: Runs) -> dict[str, dict[str, float]]:
    """Edits of proposals in percent of those that annotating from nothing takes, by order.

    Over the rounds after the start, and over the last of them alone; medians over seeds.
    """
    found = {}
    for order, by_seed in runs.items():
        shares = [
            [100 * sum(m.edits.total for m in part) / max(1, sum(m.gold for m in part))]
            for rounds in by_seed.values()
            for part in (rounds[1:], rounds[-1:])
        ]
        over_all, last = shares[0::2], shares[1::2]
        found[order] = {
            "all rounds": statistics.median(v for part in over_all for v in part),
            "last round": statistics.median(v for part in last for v in part),
        }
    return found


def mean_f1(runs: Runs, cost: str, at: Sequence[float]) -> dict[str, list[float]]:
    """Mean F1 over the seeds after each spending of ``at``, between rounds by a line."""
    found = {}
    for order, by_seed in runs.items():
        curves = [
            [_between(list(zip(spent(r, cost), map(micro, r), strict=True)), x) for x in at]
            for r in by_seed.values()
        ]
        found[order] = [statistics.fmean(values) for values in zip(*curves, strict=True)]
    return found


def _between(curve: Sequence[tuple[float, float]], x: float) -> float:
    """The height of a curve at ``x``; beyond its ends, that of the end."""
    before = curve[0]
    for point in curve:
        if point[0] >= x:
            width = point[0] - before[0]
            share = (x - before[0]) / width if width and x > before[0] else 1.0
            return before[1] + share * (point[1] - before[1])
        before = point
    return before[1]


def draw(runs: Runs, whole: Mapping[int, Round], path: Path) -> None:
    """A picture of F1 by sentences, corrections and hours; the band is the range over the seeds."""
    import matplotlib

    matplotlib.use("agg")
    matplotlib.rcParams["svg.hashsalt"] = "scmine"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(2, 3, figsize=(12, 7), sharey="row", layout="constrained")
    pool = statistics.fmean(micro(r) for r in whole.values())
    pool_links = statistics.fmean(r.link_f1[MICRO] for r in whole.values())
    costs = ("sentences", "corrections", "hours")
    for row, (name, top) in enumerate((("mentions", pool), ("links", pool_links))):
        for axis, cost in zip(axes[row], costs, strict=True):
            for order, by_seed in runs.items():
                curves = [
                    (spent(r, cost), [m.link_f1[MICRO] if row else micro(m) for m in r])
                    for r in by_seed.values()
                ]
                steps = list(zip(*(xs for xs, _ in curves), strict=False))
                heights = list(zip(*(ys for _, ys in curves), strict=False))
                middle = [statistics.fmean(x) for x in steps]
                [line] = axis.plot(middle, [statistics.fmean(y) for y in heights], label=order)
                if order in ("teaching", "random"):
                    low, high = [min(y) for y in heights], [max(y) for y in heights]
                    axis.fill_between(middle, low, high, color=line.get_color(), alpha=0.15, lw=0)
            axis.axhline(top, color="gray", lw=0.8, ls="--")
            axis.set_xlabel(cost if cost != "hours" else "hours (assumed pace)")
            axis.grid(alpha=0.3)
        axes[row][0].set_ylabel(f"F1 of {name} on held-out papers, %")
    axes[0][0].legend(fontsize=8)
    metadata = {"Date": None} if path.suffix == ".svg" else None
    figure.savefig(path, metadata=metadata)
    pyplot.close(figure)
