"""Reads what an annotator made in brat: a folder of ``.txt`` and ``.ann`` files, a pair a unit.

brat counts code points. It writes a mention over a line end as two pieces, which are joined again.
Doping events (SC-CoMIcs) become links from the trigger to what takes part. Notes, attributes and
normalisations say nothing of mentions and are passed over. The grammar of lines lives in
``scmine.corpora.brat_lines``.
"""

from __future__ import annotations

from collections.abc import Iterator
from errno import ENOENT
from pathlib import Path

from scmine.corpora.annotation.versions import Fault, Problem, RawVersion, Read
from scmine.corpora.brat import ANNOTATION_SUFFIX, TEXT_SUFFIX
from scmine.corpora.brat_lines import EventLine, Line, MentionLine, RelationLine, parse_line
from scmine.corpora.types import GoldMention
from scmine.extractors.claim import Link

_REMEDY_LINE = "Mend the line, or draw it again in brat"


class _BadLine(ValueError):
    pass


def read_brat(folder: Path, annotator: str) -> Iterator[Read]:
    """The versions of a folder, or what is wrong with each pair of files."""
    stems = {p.stem for p in folder.iterdir() if p.suffix in (TEXT_SUFFIX, ANNOTATION_SUFFIX)}
    for stem in sorted(stems):
        path = folder / f"{stem}{ANNOTATION_SUFFIX}"
        if not path.is_file():
            what = f"there is no {path.name}"
            todo = "Put it beside the .txt file, if the unit was annotated"
            yield Problem(str(path), stem, Fault.NOT_DONE, what, todo)
            continue
        try:
            text = _decoded(folder / f"{stem}{TEXT_SUFFIX}")
            lines = _lines(_decoded(path))
            yield _version(str(path), stem, text, annotator, lines)
        except _BadLine as error:
            yield Problem(str(path), stem, Fault.NOT_READ, str(error), _REMEDY_LINE)
        except UnicodeDecodeError as error:
            what = f"not UTF-8: {error.reason} at byte {error.start}"
            yield Problem(str(path), stem, Fault.NOT_READ, what, "Save both files as UTF-8")
        except FileNotFoundError as error:
            what = f"there is no {Path(error.filename).name}"
            todo = "Put the .txt and the .ann file into one folder"
            yield Problem(str(path), stem, Fault.NO_TEXT, what, todo)
        except OSError as error:
            what = error.strerror or str(error)
            yield Problem(str(path), stem, Fault.NOT_READ, what, "Make both files readable")


def _decoded(path: Path) -> str:
    if not path.is_file():  # a pipe would be waited for
        raise FileNotFoundError(ENOENT, "no file", str(path))
    return path.read_bytes().decode("utf-8")  # line ends as they are


def _lines(text: str) -> list[tuple[int, Line]]:
    found = []
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        try:
            line = parse_line(raw.rstrip("\r"))
        except ValueError as error:
            raise _BadLine(f"line {number}: {error}") from error
        if line is not None:
            found.append((number, line))
    return found


def _version(
    file: str, stem: str, text: str, annotator: str, lines: list[tuple[int, Line]]
) -> RawVersion:
    mentions = [line for _, line in lines if isinstance(line, MentionLine)]
    places = {line.ident: i for i, line in enumerate(mentions)}
    if len(places) < len(mentions):
        raise _BadLine("an identifier T… is used twice")
    triggers = {line.ident: line.trigger for _, line in lines if isinstance(line, EventLine)}

    def place(number: int, ident: str) -> int:
        ident = triggers.get(ident, ident)
        if ident not in places:
            raise _BadLine(f"line {number}: it refers to {ident!r}, which is not there")
        return places[ident]

    links = []
    for number, line in lines:
        if isinstance(line, RelationLine):
            links.append(Link(place(number, line.first), place(number, line.second), line.label))
        elif isinstance(line, EventLine):
            trigger = place(number, line.trigger)
            for role, ident in line.arguments:
                links.append(Link(trigger, place(number, ident), role.rstrip("0123456789")))
    return RawVersion(
        file,
        stem,
        text,
        annotator,
        tuple(
            GoldMention(
                line.spans[0][0],
                line.spans[-1][1],
                line.label,
                fragments=line.spans if len(line.spans) > 1 else (),
            )
            for line in mentions
        ),
        tuple(links),
        tuple(line.text for line in mentions),
    )
