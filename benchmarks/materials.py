"""Scores the segmentation of material strings against a folder of gold files.

Gold files are ``*.material.xml``: one ``<material>`` a string, its parts tagged. A predicted part
counts as right if label and text agree after blanks and surrounding punctuation are removed. Files
are split by the parity of the CRC-32 of their name: even ones are for tuning, odd ones are held
out. Run ``python benchmarks/materials.py FOLDER [--split held-out|tuning|all] [--misses N]``.
"""

from __future__ import annotations

import argparse
import random
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from scmine.corpora.evaluate import Score
from scmine.extractors.segments import segment_material

LABELS = ("formula", "name", "doping", "variable", "value", "shape", "substrate", "fabrication")
Part = tuple[str, str]


def split_of(path: Path) -> str:
    """``tuning`` or ``held-out``, by the parity of the CRC-32 of the file's name."""
    return "held-out" if zlib.crc32(path.name.encode()) % 2 else "tuning"


def read_gold(path: Path) -> Iterator[tuple[str, Counter[Part]]]:
    """Each material string of a file with its gold parts."""
    for material in ElementTree.parse(path).getroot().iter("material"):
        raw = "".join(material.itertext())
        parts = ((part.tag, normal("".join(part.itertext()))) for part in material)
        yield raw, Counter((tag, text) for tag, text in parts if tag in LABELS and text)


def normal(text: str) -> str:
    """``text`` without blanks and without punctuation at its ends."""
    return "".join(text.split()).strip("()[],;:.")


def predicted(raw: str) -> Counter[Part]:
    """The parts that the package finds."""
    return Counter((s.label, normal(raw[s.start : s.end])) for s in segment_material(raw))


def main() -> None:
    """Print P, R, F1 per label and over all, and on request some strings that went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--split", choices=("held-out", "tuning", "all"), default="held-out")
    parser.add_argument("--misses", type=int, default=0)
    options = parser.parse_args()
    right, found, gold = Counter[str](), Counter[str](), Counter[str]()
    wrong: list[tuple[str, list[Part], list[Part]]] = []
    strings = 0
    for path in sorted(options.folder.glob("*.material.xml")):
        if options.split not in ("all", split_of(path)):
            continue
        for raw, truth in read_gold(path):
            strings += 1
            guess = predicted(raw)
            for tally, parts in ((right, guess & truth), (found, guess), (gold, truth)):
                for (label, _), count in parts.items():
                    tally[label] += count
            if guess != truth:
                wrong.append((raw, sorted(truth - guess), sorted(guess - truth)))
    print(f"{options.split}: {strings} strings, {len(wrong)} not entirely right")
    print(f"{'label':12} {'P':>6} {'R':>6} {'F1':>6} {'gold':>6}")
    scores = {k: Score(right[k], found[k], gold[k], right[k]) for k in LABELS}
    scores["micro"] = Score(right.total(), found.total(), gold.total(), right.total())
    for label, s in scores.items():
        print(f"{label:12} {s.precision:6.1f} {s.recall:6.1f} {s.f1:6.1f} {s.gold:6}")
    random.Random(0).shuffle(wrong)
    for raw, missing, extra in wrong[: options.misses]:
        print(f"{raw!r}\n    missing {missing}\n    extra   {extra}")


if __name__ == "__main__":
    main()
