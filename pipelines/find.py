"""Which files a run is about: from the paths named to a sorted list of files, and their hashes.

Lists folders and streams bytes through SHA-256. Which files of a folder are papers lives in
``candidates``, which are the same paper in ``same_paper``.
"""

from __future__ import annotations

import hashlib
import math
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from scmine.extractors.latex.reader import TEX_ENDINGS
from scmine.extractors.lexicons import load_words
from scmine.pipelines.candidates import Candidate, by_name, candidate, form_by_name
from scmine.pipelines.same_paper import Choice, choose

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """A path to work on, or one that cannot be used and why.

    ``named`` says that the user named it, rather than a folder above it. ``pdf`` is the PDF of the
    same paper, if this is its source; ``same_as`` the file that is read instead of this one, the
    same paper in a format that says more. ``no_paper`` says that a folder holds it among its papers
    and it is none, as far as its name and beginning tell.
    """

    path: Path
    named: bool = False
    problem: str | None = None
    pdf: Path | None = None
    same_as: Path | None = None
    no_paper: bool = False


class UnusableFileError(Exception):
    """A file that cannot be opened as a paper; the message says why."""


def find_files(paths: Iterable[str | os.PathLike[str]]) -> list[Found]:
    """The files that ``paths`` stand for, each once.

    A file that is named is taken whatever its suffix. Folders are searched to the bottom for papers
    in all formats, in the order of their names; hidden files and folders are skipped, links are
    followed and never twice into the same folder. Of a paper in several formats one file is to be
    read, the others say ``same_as``; files that have a paper's ending and are none say
    ``no_paper``. Paths that are missing or cannot be listed come back with a ``problem``.
    """
    found: list[Found] = []
    seen_files: set[str] = set()
    seen_folders: set[tuple[int, int]] = set()
    for given in paths:
        path = Path(given)
        for item in _expand(path, seen_folders):
            key = os.path.realpath(item.path)
            if key not in seen_files:
                seen_files.add(key)
                found.append(item)
    return _chosen(found)


def _chosen(found: list[Found]) -> list[Found]:
    """The files with those that are the same paper told, and parts of other files left out."""
    choices: dict[Path, Choice] = {}
    parts: set[Path] = set()
    for named in (True, False):
        files = [f.path for f in found if f.named is named and f.problem is None]
        known = [c for path in files if (c := _candidate(path, named)) is not None]
        parts.update(c.path for c in known)
        choices |= {choice.path: choice for choice in choose(known, named=named)}
    result: list[Found] = []
    for item in found:
        choice = choices.get(item.path)
        if item.problem is not None or (choice is None and item.named):
            result.append(item)
        elif choice is not None:
            result.append(replace(item, pdf=choice.pdf, same_as=choice.instead))
        elif item.path not in parts and not _belongs_to_others(item.path):
            result.append(replace(item, no_paper=True))
    return result


def _belongs_to_others(path: Path) -> bool:
    """Whether nobody takes the file for a paper: a section of a LaTeX paper, a README."""
    try:
        section = path.suffix.lower() in TEX_ENDINGS and path.stat().st_size > 0
    except OSError:
        return False
    return section or path.stem.lower() in load_words("not_papers.txt")


def _candidate(path: Path, named: bool) -> Candidate | None:
    return by_name(path) if named else candidate(path)


def _expand(path: Path, seen_folders: set[tuple[int, int]]) -> Iterator[Found]:
    """What one named path stands for."""
    try:
        info = path.stat()
    except OSError as error:
        yield Found(path, named=True, problem=_words(error))
        return
    if stat.S_ISDIR(info.st_mode):
        yield from _walk(path, seen_folders, named=True)
    else:
        yield Found(path, named=True)


def _walk(folder: Path, seen: set[tuple[int, int]], *, named: bool = False) -> Iterator[Found]:
    """The papers under ``folder``; a folder reached a second time, by a link, is passed over."""
    try:
        info = folder.stat()
        if (info.st_dev, info.st_ino) in seen:
            return
        seen.add((info.st_dev, info.st_ino))
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda e: e.name)
    except OSError as error:
        yield Found(folder, named=named, problem=_words(error))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = folder / entry.name
        if _is_folder(entry):
            yield from _walk(path, seen)
        elif form_by_name(path) is not None:
            yield Found(path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself; as a file it will be reported if it is called a paper
        return False


def hash_file(path: Path, max_MB: int) -> str:
    """The SHA-256 of a file, in hex, read in blocks.

    Raises
    ------
    UnusableFileError
        If it is gone, may not be read, is no regular file (reading a pipe or a device could wait
        for ever) or is larger than ``max_MB`` (2^20 bytes each).
    """
    check_file(path, max_MB)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
    except OSError as error:
        raise UnusableFileError(_words(error)) from error
    return digest.hexdigest()


def check_file(path: Path, max_MB: int) -> None:
    """Look at a file's kind and size.

    Raises
    ------
    UnusableFileError
        As `hash_file`.
    """
    try:
        info = path.stat()
        if not stat.S_ISREG(info.st_mode):
            raise UnusableFileError("not a regular file")
        if info.st_size > max_MB << 20:
            # Rounded up, so that the size named is always above the limit named.
            size_MB = math.ceil(info.st_size * 10 / (1 << 20)) / 10
            raise UnusableFileError(f"{size_MB:.1f} MB, more than max_file_MB = {max_MB} allows")
    except OSError as error:
        raise UnusableFileError(_words(error)) from error


def shown(path: str | os.PathLike[str]) -> str:
    r"""A path as text that any terminal, file or database takes: bytes that are not UTF-8 escaped.

    >>> shown("a\udcff.pdf")
    'a\\xff.pdf'
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _words(error: OSError) -> str:
    """What went wrong, in lower-case words, without the number and the path."""
    return (error.strerror or str(error)).lower()
