"""Two measurements of language models beside each other: differences in F1, with intervals.

Taken from the files that ``scmine evaluate llm --json`` writes, paper by paper, on the papers that
both have.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scmine.corpora.evaluate import MICRO, add_scores
from scmine.corpora.llm_scores import SystemScores
from scmine.corpora.paired_difference import Difference, paired_difference
from scmine.corpora.types import CorpusError

FORM = "scmine_evaluate_llm"
VERSION = 1
LLM = "llm"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models by name, and by measure and label how they differ.

    ``notes`` say what makes the two runs hard to compare.
    """

    first: str
    second: str
    differences: Mapping[str, Mapping[str, Difference]]
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "first": self.first,
            "second": self.second,
            "differences": {
                measure: {label: found.to_json() for label, found in labels.items()}
                for measure, labels in self.differences.items()
            },
            "notes": list(self.notes),
        }


def compare_files(first: Path, second: Path) -> Comparison:
    """The measurements in two files compared.

    Raises
    ------
    OSError
        If a file cannot be read.
    CorpusError
        If a file is no such measurement, or the two have no measure of a paper in common.
    """
    one, other = _load(first), _load(second)
    scores = [SystemScores.from_json(data["systems"][LLM]) for data in (one, other)]
    differences = differences_of(*scores)
    if not differences:
        raise CorpusError(second, f"has no measure of a paper in common with {first}")
    names = [score.name for score in scores]
    if names[0] == names[1]:  # two runs of one model are told apart by their files
        names = [f"{name} ({file.name})" for name, file in zip(names, (first, second), strict=True)]
    return Comparison(names[0], names[1], differences, tuple(_notes(one, other, *scores)))


def differences_of(first: SystemScores, second: SystemScores) -> dict[str, dict[str, Difference]]:
    """By measure and label, for the papers that both systems have: the second less the first."""
    result: dict[str, dict[str, Difference]] = {}
    for measure in first.measured():
        stems = first.of(measure).keys() & second.of(measure).keys()
        if not stems:
            continue
        sides = first.of(measure, stems), second.of(measure, stems)
        total = add_scores([*sides[0].values(), *sides[1].values()])
        labels = [label for label in total if label != MICRO]
        # The only label of a measure says the same as the sum.
        shown = [MICRO] if len(labels) == 1 else [*labels, MICRO]
        result[measure] = {label: paired_difference(*sides, label) for label in shown}
    return result


def _load(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data[FORM] != VERSION:
            raise ValueError(f"version {data[FORM]}")
        SystemScores.from_json(data["systems"][LLM])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        reason = "not what `scmine evaluate llm --json` writes"
        raise CorpusError(path, f"{reason} ({error!r})") from error
    return dict(data)


def _notes(
    one: Mapping[str, Any], other: Mapping[str, Any], first: SystemScores, second: SystemScores
) -> list[str]:
    notes = []
    only = [len(a.papers.keys() - b.papers.keys()) for a, b in ((first, second), (second, first))]
    if any(only):
        notes.append(f"Papers in the first alone: {only[0]}, in the second alone: {only[1]}.")
    prompts = [data.get("setting", {}).get("prompts") for data in (one, other)]
    if prompts[0] != prompts[1]:
        notes.append(f"The prompts differ: {_listed(prompts[0])}; {_listed(prompts[1])}.")
    return notes


def _listed(prompts: Any) -> str:
    return ", ".join(map(str, prompts)) if prompts else "none named"
