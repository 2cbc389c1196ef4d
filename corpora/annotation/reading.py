"""Reads the files that annotators gave back, each in its format: versions and problems.

Who made a file that does not say so is told by its name: a brat folder, a file of doccano's. The
formats live in the modules ``from_…``; what is checked of what they give, in ``importing``.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from scmine.corpora.annotation.from_brat import read_brat
from scmine.corpora.annotation.from_doccano import read_doccano
from scmine.corpora.annotation.from_json_lines import read_json_lines
from scmine.corpora.annotation.from_label_studio import read_label_studio
from scmine.corpora.annotation.guess_format import ToolFormat, UnknownFormat, guess_format
from scmine.corpora.annotation.plain import Unpackable, load_json, unpacked
from scmine.corpora.annotation.versions import Fault, Problem, RawVersion, Read
from scmine.corpora.brat import ANNOTATION_SUFFIX

_LARGEST = 256 * 2**20  # bytes of one file


@dataclass(frozen=True, slots=True)
class Given:
    """A file or folder that came back.

    ``maker`` is who made what does not name its maker; ``annotator`` is that name if the user has
    given it, else empty. ``adjudicated`` marks all of it as decided.
    """

    path: Path
    annotator: str = ""
    adjudicated: bool = False
    maker: str = ""

    def __post_init__(self) -> None:
        """Take the maker from the file's name where nobody is named."""
        if not self.maker:
            name = self.annotator or self.path.name.partition(".")[0] or "unknown"
            object.__setattr__(self, "maker", name)

    @classmethod
    def of(cls, word: str, *, adjudicated: bool = False) -> Given:
        """``PATH`` or ``NAME=PATH``.

        >>> Given.of("anna=brat/1").annotator, Given.of("brat/1").path.name
        ('anna', '1')
        """
        name, sign, rest = word.partition("=")
        if sign and rest and not Path(word).exists() and "/" not in name:
            return cls(Path(rest), name, adjudicated)
        return cls(Path(word), "", adjudicated)


def read_all(given: Iterable[Given], format_: ToolFormat | None = None) -> Iterator[Read]:
    """The versions of all files, one file after another; a file that cannot be read is a problem.

    ``format_`` is that of all of them; None to guess each. Files with the same name and no maker
    are told apart by the folders that they are in.
    """
    for one in _told_apart(list(given)):
        try:
            yield from _named(one, _read(one, format_ or guess_format(one.path)))
        except UnknownFormat as error:
            what = str(error).removeprefix(f"{one.path}: ")
            yield Problem(str(one.path), "", Fault.NOT_READ, what, "Nothing of it was taken")
        except OSError as error:
            what = error.strerror or str(error)
            yield Problem(str(one.path), "", Fault.NOT_READ, what, "Name a file that is there")


def _named(given: Given, reads: Iterator[Read]) -> Iterator[Read]:
    """What was read, by the annotator that the user names: ``NAME``, or ``NAME/WHO`` of several.

    Tools on two machines may both call their only user ``1``.
    """
    if not (given.annotator or given.adjudicated):
        yield from reads
        return
    found = list(reads)
    makers = {read.annotator for read in found if isinstance(read, RawVersion)}
    for read in found:
        if isinstance(read, RawVersion):
            name = read.annotator
            if given.annotator:
                name = given.annotator if len(makers) == 1 else f"{given.annotator}/{name}"
            decided = read.adjudicated or given.adjudicated
            read = replace(read, annotator=name, adjudicated=decided)
        yield read


def _told_apart(given: list[Given]) -> list[Given]:
    """The files, each with a maker of its own where two would have the same name."""
    for name_of in (_of_folder, _of_path):
        makers = Counter(one.maker for one in given)
        given = [
            one if one.annotator or makers[one.maker] == 1 else replace(one, maker=name_of(one))
            for one in given
        ]
    return given


def _of_folder(given: Given) -> str:
    return given.path.resolve().parent.name


def _of_path(given: Given) -> str:
    return str(given.path)


def _read(given: Given, format_: ToolFormat) -> Iterator[Read]:
    path, file = given.path, str(given.path)
    if format_ is ToolFormat.BRAT:
        for folder in _brat_folders(path):
            yield from read_brat(folder, given.maker if folder == path else folder.name)
    elif format_ is ToolFormat.INCEPTION:
        from scmine.corpora.annotation.from_inception import read_inception

        yield from read_inception(path, given.maker)
    elif format_ is ToolFormat.DOCCANO and zipfile.is_zipfile(path):
        yield from _doccano_zip(given)
    else:
        text = _text(path.read_bytes(), file)
        if isinstance(text, Problem):
            yield text
        elif format_ is ToolFormat.LABEL_STUDIO:
            yield from _label_studio(text, file)
        elif format_ is ToolFormat.DOCCANO:
            yield from read_doccano(text, file, given.maker)
        else:
            yield from read_json_lines(text, file, given.maker)


def _brat_folders(path: Path) -> list[Path]:
    """The folder itself, or, where it holds no annotation, those in it: one an annotator."""
    if next(path.glob(f"*{ANNOTATION_SUFFIX}"), None) is not None:
        return [path]
    found = sorted(p for p in path.iterdir() if next(p.glob(f"*{ANNOTATION_SUFFIX}"), None))
    if not found:
        raise UnknownFormat(f"{path}: no {ANNOTATION_SUFFIX} files in it")
    return found


def _label_studio(text: str, file: str) -> Iterator[Read]:
    try:
        tasks = load_json(text)
    except ValueError as error:
        yield Problem(file, "", Fault.NOT_READ, f"no JSON: {error}", "Export it again")
        return
    yield from read_label_studio(tasks, file)


def _doccano_zip(given: Given) -> Iterator[Read]:
    with zipfile.ZipFile(given.path) as archive:
        for info in archive.infolist():
            name = PurePosixPath(info.filename)
            if name.suffix != ".jsonl":
                continue
            file = f"{given.path}/{name}"
            try:
                text = _text(unpacked(archive, info.filename, _LARGEST), file)
            except Unpackable as error:
                yield Problem(file, "", Fault.NOT_READ, str(error), "Export it again, in parts")
                continue
            if isinstance(text, Problem):
                yield text
            else:
                yield from read_doccano(text, file, name.stem)


def _text(data: bytes, file: str) -> str | Problem:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"not UTF-8: {error.reason} at byte {error.start}"
        return Problem(file, "", Fault.NOT_READ, what, "Save it as UTF-8")
