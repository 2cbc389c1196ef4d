"""Reading: how much of what SuperMat's annotators saw arrives in the text our PDF reader gives.

    python benchmarks/reading.py PDFS SUPERMAT [--workers N] [--misses N] [--json FILE]

PDFS is a folder of papers, SUPERMAT one of TEI files with the same stems. For each label: the share
of gold mention strings found in the read text (passages, captions and table cells) after blanks and
dashes are taken out, characters brought to NFKC, and quotes and raised dots written in one way (the
converter that made the TEI wrote ``"`` and ``•`` for most of them). For paragraphs: the share whose
text stands in the read text with a normalised edit distance of at most 5 %; marks of citations and
pointers to figures, which the TEI has lost, are taken out of both. Also milliseconds of
processor time a page, by file, and the peak memory of the process that read the worst file.
"""

from __future__ import annotations

import argparse
import gc
import json
import re
import resource
import statistics
import sys
import time
import unicodedata
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from scmine.corpora.supermat import load_paper
from scmine.extractors.document import Document, ReadError
from scmine.extractors.reading import read

MAX_DISTANCE = 0.05
MIN_PARAGRAPH = 40
"""Normalised characters; shorter paragraphs are formulas and labels that a converter set apart."""

_DASHES = re.compile(r"[\s\-‐-―−⁃∼~˜\u00ad]")
_ONE_WAY = str.maketrans(dict.fromkeys("“”„‟’‘‚′″", "'") | {'"': "'"} | dict.fromkeys("•⋅∙", "·"))
_POINTERS = re.compile(
    r"\[\s*\d{1,3}(?:\s*[,;–—-]\s*\d{1,3})*\s*\]|"
    r"\b(?:Figs?\.?|Figures?|Tables?|Refs?\.?)\s*\(?\d{1,3}(?:\s?\(?[a-f]\))?|\bet al\b"
)


@dataclass(slots=True)
class PaperScore:
    """What reading one paper gave; ``failure`` is empty if it gave a document."""

    stem: str
    failure: str = ""
    found: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, str]] = field(default_factory=list)
    paragraphs: int = 0
    agreeing: int = 0
    parted: list[tuple[float, str]] = field(default_factory=list)
    ms_a_page: float = 0.0
    peak_MB: float = 0.0


def normal(text: str) -> str:
    """``text`` in NFKC and lower case without blanks and dashes, quotes and dots in one way.

    >>> normal("Tc ∼ 39 K")
    'tc39k'
    """
    text = unicodedata.normalize("NFKC", text.translate(_ONE_WAY))
    return _DASHES.sub("", text).translate(_ONE_WAY).lower().replace("''", "'")


def without_pointers(text: str) -> str:
    """``text`` without the marks of citations and the numbers of figures and tables.

    >>> without_pointers("as seen in Fig. 2(a) [3, 4]")
    'as seen in  '
    """
    return _POINTERS.sub("", text)


def read_text(document: Document) -> str:
    """All text of a document in the order of passages, then that of its tables."""
    cells = [c.text for t in document.tables for row in t.rows for c in row]
    return normal("".join([p.text for p in document.passages] + cells))


def score(pdf: Path, tei: Path) -> PaperScore:
    """Read ``pdf`` and compare it with the paper annotated in ``tei``."""
    result = PaperScore(pdf.stem)
    try:
        document = read(pdf)
    except ReadError as error:
        result.failure = f"{error.status.value}: {error.reason}"
        return result
    # Once more, as a worker of an ingest reads (see scmine.pipelines.process): with lexicons loaded
    # and few looks for cycles. Processor time, since other processes read at the same time.
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    started = time.process_time()
    read(pdf)
    result.ms_a_page = 1000 * (time.process_time() - started) / document.page_count
    result.peak_MB = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    text = read_text(document)
    plain = normal(without_pointers(" ".join(p.text for p in document.passages)))
    for passage in load_paper(tei).passages:
        for mention in passage.mentions:
            words = passage.surface(mention)
            result.total[mention.label] += 1
            if normal(words) in text:
                result.found[mention.label] += 1
            else:
                result.missed.append((mention.label, words))
        if passage.kind == "paragraph" and len(normal(passage.text)) >= MIN_PARAGRAPH:
            distance = paragraph_distance(normal(without_pointers(passage.text)), plain)
            result.paragraphs += 1
            result.agreeing += distance <= MAX_DISTANCE
            if distance > MAX_DISTANCE:
                result.parted.append((round(distance, 3), passage.text))
    return result


def paragraph_distance(paragraph: str, text: str) -> float:
    """The least normalised edit distance of ``paragraph`` to a stretch of ``text``, roughly.

    The stretch is the one that the paragraph aligns with best; both are normalised.
    """
    if paragraph in text:
        return 0.0
    aligned = fuzz.partial_ratio_alignment(paragraph, text)
    if aligned is None:
        return 1.0
    best = 1.0
    # The best window has the paragraph's length; what was left out or put in shifts its end.
    for slack in (0, -20, -5, 5, 20):
        window = text[aligned.dest_start : max(aligned.dest_end + slack, aligned.dest_start)]
        best = min(best, Levenshtein.normalized_distance(paragraph, window))
    return best


def report(scores: list[PaperScore]) -> dict[str, object]:
    """The figures over all papers, as plain data."""
    total: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for item in scores:
        total += item.total
        found += item.found
    times = sorted(s.ms_a_page for s in scores if not s.failure)
    paragraphs = sum(s.paragraphs for s in scores)
    return {
        "papers": len(scores),
        "failed": {s.stem: s.failure for s in scores if s.failure},
        "labels": {
            label: {
                "found": found[label],
                "of": count,
                "percent": round(100 * found[label] / count, 2),
            }
            for label, count in total.most_common()
        },
        "paragraphs": {
            "agree": sum(s.agreeing for s in scores),
            "of": paragraphs,
            "percent": round(100 * sum(s.agreeing for s in scores) / max(paragraphs, 1), 2),
        },
        "ms_a_page": {
            "median": round(statistics.median(times), 1),
            "p90": round(times[int(0.9 * (len(times) - 1))], 1),
            "max": round(times[-1], 1),
        },
        "peak_MB": round(max(s.peak_MB for s in scores)),
    }


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("supermat", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--misses", type=int, default=0, help="print so many misses of each kind")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    pairs = [
        (options.pdfs / tei.name.replace(".tei.xml", ".pdf"), tei)
        for tei in sorted(options.supermat.glob("*.tei.xml"))
    ]
    pairs = [(pdf, tei) for pdf, tei in pairs if pdf.exists()]
    if not pairs:
        parser.error("no PDF has a TEI file of the same stem")
    # A process a paper, so that the peak memory is that of one paper.
    with ProcessPoolExecutor(options.workers, max_tasks_per_child=1) as pool:
        scores = list(pool.map(score, *zip(*pairs, strict=True)))
    for item in scores:
        for label, words in item.missed[: options.misses]:
            print(f"{item.stem}: {label}: {words}", file=sys.stderr)
        for distance, text in item.parted[: options.misses]:
            print(f"{item.stem}: paragraph {distance}: {text[:150]}", file=sys.stderr)
    figures = json.dumps(report(scores), indent=2)
    if options.json:
        options.json.write_text(figures + "\n", encoding="utf-8")
    print(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
