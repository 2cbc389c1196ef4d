"""What the commands that train linkers share: arguments, and scores printed and as plain data.

What is trained, and how it is scored, is the affair of ``train_linker`` and ``train_relations``.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scmine.corpora.evaluate import Score, table


def linker_parser(module: str, description: str, folder: str) -> argparse.ArgumentParser:
    """The arguments of ``module``, which trains a linker; ``folder`` says what the corpus holds."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=description)
    parser.add_argument("folder", type=Path, help=folder)
    parser.add_argument("-o", "--out", type=Path, required=True, help="where the model is written")
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    parser.add_argument(
        "--folds", type=int, default=0, help="cross-validate in as many folds (default: do not)"
    )
    return parser


def print_scores(results: Mapping[str, Mapping[str, Score]]) -> None:
    """A table for each set of scores."""
    for name, scores in results.items():
        print(f"\n{name}\n{table(dict(scores))}")


def as_plain(results: Mapping[str, Mapping[str, Score]]) -> dict[str, dict[str, Any]]:
    """The scores as data that JSON can hold."""
    return {
        name: {label: asdict(score) for label, score in scores.items()}
        for name, scores in results.items()
    }
