"""``scmine annotate import``: reads what annotators gave back, and writes a corpus."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scmine.corpora.annotation.deciding import Decision, decide
from scmine.corpora.annotation.exporting import UNITS_FILE
from scmine.corpora.annotation.from_json_lines import read_originals
from scmine.corpora.annotation.gold import Written, write_corpus
from scmine.corpora.annotation.guess_format import ToolFormat
from scmine.corpora.annotation.importing import Imported, collect
from scmine.corpora.annotation.reading import Given, read_all
from scmine.corpora.annotation.versions import (
    EXPLANATIONS,
    Counting,
    Fault,
    Note,
    printable,
)
from scmine.corpora.exchange.annotated import AnnotatedText
from scmine.corpora.types import CorpusError

_MOST_SHOWN = 20
_NO_FAILURE = frozenset((Fault.NOT_DONE,))


@dataclass(frozen=True, slots=True)
class Question:
    """Which files came back, and how they are to be read.

    ``units`` is the file with the units as they were given to annotators; None to look for
    ``units.jsonl`` beside the files and a folder above. ``counting`` is what offsets count; None:
    as each format does.
    """

    files: tuple[str, ...]
    adjudicated: tuple[str, ...] = ()
    format: ToolFormat | None = None
    units: Path | None = None
    scheme: str = "supermat"
    counting: Counting | None = None


def read_question(question: Question) -> Imported:
    """All units that the files are about.

    Raises
    ------
    CorpusError
        If the file of units is missing or faulty.
    """
    given = [Given.of(word) for word in question.files]
    given += [Given.of(word, adjudicated=True) for word in question.adjudicated]
    originals = _originals(question.units, given)
    return collect(read_all(given, question.format), question.scheme, originals, question.counting)


def import_annotations(
    question: Question, out: Path, follow: str | None, *, majority: bool, as_json: bool
) -> bool:
    """Do it, and say what was done; whether every version could be read.

    Raises
    ------
    CorpusError
        If a file of units or the folder is not as it should be, or nothing could be read.
    """
    imported = read_question(question)
    tell_problems(imported)
    if not imported.units:
        raise CorpusError(Path(question.files[0]), "nothing could be taken from the files")
    if follow is not None and follow not in imported.annotators:
        known = ", ".join(imported.annotators) or "none"
        raise CorpusError(
            Path(question.files[0]), f"no annotator {follow!r} to follow; there are: {known}"
        )
    found = [decide(unit, follow, majority=majority) for unit in imported.units]
    decisions = [d for d in found if d is not None]
    written = write_corpus(out, question.scheme, imported, decisions)
    if as_json:
        print(json.dumps(_as_plain(imported, written, decisions), ensure_ascii=False))
    else:
        _print(imported, written, out)
    return is_clean(imported)


def is_clean(imported: Imported) -> bool:
    """Whether everything that was annotated could be read."""
    return all(p.fault in _NO_FAILURE for p in imported.problems)


def tell_problems(imported: Imported) -> None:
    """Problems and notes on standard error: the first problems, and how often each note."""
    serious = [p for p in imported.problems if p.fault not in _NO_FAILURE]
    for problem in serious[:_MOST_SHOWN]:
        print(f"scmine: {problem}", file=sys.stderr)
    if len(serious) > _MOST_SHOWN:
        print(f"scmine: {len(serious) - _MOST_SHOWN} problems more", file=sys.stderr)
    for note, number in imported.notes().items():
        print(f"scmine: note, {number} versions: {EXPLANATIONS[Note(note)]}", file=sys.stderr)


def _originals(units: Path | None, given: Sequence[Given]) -> list[AnnotatedText]:
    if units is None:
        folders = [f for one in given for f in (one.path, one.path.parent, one.path.parent.parent)]
        units = next((f / UNITS_FILE for f in folders if (f / UNITS_FILE).is_file()), None)
        if units is None:
            return []
        print(f"scmine: texts as they were exported: {units}", file=sys.stderr)
    try:
        return read_originals(units.read_bytes().decode("utf-8-sig"))
    except ValueError as error:  # not UTF-8 among them
        raise CorpusError(units, str(error)) from error


def _as_plain(
    imported: Imported, written: Written, decisions: Sequence[Decision]
) -> dict[str, object]:
    return {
        "units": len(imported.units),
        "annotators": list(imported.annotators),
        "versions": sum(len(u.versions) for u in imported.units),
        "refused": imported.faults(),
        "notes": imported.notes(),
        "not_done": len(imported.not_done),
        "decided": dict(written.units),
        "undecided": written.undecided,
        "papers": written.papers,
        "mentions": written.mentions,
        "links": written.links,
        "lost_in_this_form": dict(written.lost),
        "labels": dict(Counter(str(m.label) for d in decisions for m in d.version.mentions)),
    }


def _print(imported: Imported, written: Written, out: Path) -> None:
    versions = sum(len(u.versions) for u in imported.units)
    who = printable(", ".join(imported.annotators)) or "adjudicators only"
    print(f"{len(imported.units)} units, {versions} versions by {who}")
    refused = sum(n for name, n in imported.faults().items() if name not in _NO_FAILURE)
    if refused:
        what = "version or file" if refused == 1 else "versions or files"
        print(f"  {refused} {what} refused, see problems.jsonl")
    if imported.not_done:
        number = len(imported.not_done)
        print(f"  {number} unit{'' if number == 1 else 's'} skipped, or annotated by nobody")
    for how, number in sorted(written.units.items()):
        print(f"  {number:5}  {how}")
    if written.undecided:
        print(
            f"  {written.undecided:5}  undecided, not in the corpus: annotators differ. List them "
            "with scmine annotate adjudicate, or say --majority or --follow NAME"
        )
    print(f"{written.papers} papers, {written.mentions} mentions, {written.links} links in {out}")
    for label, number in sorted(written.lost.items()):
        print(f"  {number:5}  {label}: no place for it in this form; kept in annotations.jsonl")
