"""Sources: the files of a paper in LaTeX, from a folder or from an archive, and which is the main.

A paper's files may include others from its own folder only. Tokens and macros are not known here.
"""

from __future__ import annotations

import codecs
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from scmine.extractors.archives import safe_name

MAX_FILE = 16 * 2**20
"""Bytes of one source file; the longest reviews have 2 MB."""

MAX_TOTAL = 48 * 2**20
"""The same of all files that a paper includes."""

_DECLARED = re.compile(
    rb"\\(?:usepackage\s*\[([^\]]{1,40})\]\s*\{inputenc\}|inputencoding\s*\{([^}]{1,40})\})"
)
_ENCODINGS = {
    "ansinew": "cp1252",
    "latin1": "cp1252",
    "latin9": "iso8859-15",
    "latin2": "iso8859-2",
    "latin5": "iso8859-9",
    "applemac": "mac_roman",
    "macce": "mac_latin2",
    "koi8-r": "koi8-r",
    "decmulti": "cp1252",
}
_CLASS = re.compile(r"^[^%\n]{0,200}?\\document(?:class|style)\b[^{%]{0,400}\{([^}]{0,80})\}", re.M)
_BEGINS = re.compile(r"^[^%\n]{0,500}?\\begin\s*\{document\}", re.M)
_INCLUDED = re.compile(
    r"\\(?:input|include|subfile|import\s*\{[^}]{0,200}\})(?![A-Za-z])\s*\{?\s*([^\s{}%]{1,200})"
)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_PART_CLASSES = frozenset({"standalone", "subfiles", "letter", "beamer", "scrlttr2", "minimal"})
_MAIN_STEMS = ("main", "ms", "paper", "manuscript", "article", "arxiv", "draft")
_SUPPLEMENT = re.compile(r"supp|(?:^|[-_. ])(?:s[im]|som|esm|esi)(?:$|[-_. \d])|appendi", re.I)
_OTHER = re.compile(
    r"respon|reply|rebut|cover|letter[-_]?to|referee|highlight|diff|template|readme", re.I
)
_TITLED_SUPPLEMENT = re.compile(r"\\title[^{]{0,40}\{[^}]{0,60}(?:suppl|support)", re.I)


class SourceFiles(ABC):
    """The source files of one paper by their path, read as text when they are asked for.

    ``included`` are the texts that were asked for so far.
    """

    def __init__(self, main: str = "") -> None:
        self.main = main
        self._left = MAX_TOTAL
        self.included: list[str] = []
        self._encoding = "cp1252"

    @abstractmethod
    def data(self, path: str) -> bytes | None:
        """The bytes of the file ``path``; None if there is none."""

    def text(self, name: str, endings: Sequence[str] = ()) -> str | None:
        """The text of the file that TeX finds under ``name``; see `expansion.Files`."""
        path = safe_name(name.strip().strip('"'))
        if path is None:
            return None
        folder = PurePosixPath(self.main).parent
        for place in dict.fromkeys((str(folder / path), path)):
            for ending in (*endings, ""):
                known = ending and place.endswith(ending)
                data = self.data(place if known else place + ending)
                if data is not None and len(data) <= min(MAX_FILE, self._left):
                    self._left -= len(data)
                    self.included.append(self.decoded(data))
                    return self.included[-1]
        return None

    def bibliography(self) -> str | None:
        """The text of the bibliography that BibTeX made for the main file."""
        stem = PurePosixPath(self.main).stem
        return self.text(stem, (".bbl",)) if stem else None

    def decoded(self, data: bytes) -> str:
        """``data`` as text: UTF-8, or else the encoding that it or the main file declares."""
        declared = _DECLARED.search(data)
        if declared:
            name = (declared[1] or declared[2]).decode("ascii", "replace").strip()
            self._encoding = _python_name(name) or self._encoding
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode(self._encoding, "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


class FolderFiles(SourceFiles):
    """The files beside a main file on the disk, and in folders below."""

    def __init__(self, main: Path) -> None:
        super().__init__(main.name)
        self._folder = main.parent.resolve()

    def data(self, path: str) -> bytes | None:
        file = self._folder / path
        try:
            # A link may lead out of the folder.
            real = file.resolve()
            if not real.is_relative_to(self._folder) or not real.is_file():
                return None
            if real.stat().st_size > MAX_FILE:
                return None
            return real.read_bytes()
        except (OSError, ValueError, RuntimeError):
            return None


class ArchiveFiles(SourceFiles):
    """The files of an archive."""

    def __init__(self, files: Mapping[str, bytes], main: str) -> None:
        super().__init__(main)
        self._files = files

    def data(self, path: str) -> bytes | None:
        return self._files.get(path)

    def bibliography(self) -> str | None:
        """That of the main file, or the only one there is."""
        found = super().bibliography()
        others = [p for p in self._files if p.endswith(".bbl")]
        if found is None and len(others) == 1:
            found = self.text(others[0])
        return found


def _python_name(declared: str) -> str | None:
    """Python's name of an encoding of the package inputenc, UTF-8 left out."""
    name = _ENCODINGS.get(declared, declared)
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Codecs that are no encodings of text ("zip", "rot13") would fail or unpack something.
    is_text = getattr(codec, "_is_text_encoding", False)
    return codec.name if is_text and codec.name not in ("utf-8", "idna", "punycode") else None


def is_main(text: str) -> bool:
    """Whether ``text`` is a LaTeX file of its own, not one that another includes.

    >>> is_main("\\\\documentclass{article}"), is_main("% \\\\documentclass{article}")
    (True, False)
    """
    found = _CLASS.search(text)
    return found is not None and found[1].strip() not in _PART_CLASSES


def included_names(text: str) -> set[str]:
    """The stems of the files that ``text`` includes, without their folders."""
    plain = _COMMENT.sub("", text)
    paths = (PurePosixPath(match[1].strip('"')) for match in _INCLUDED.finditer(plain))
    return {path.name.removesuffix(".tex") for path in paths}


def choose_main(texts: Mapping[str, str]) -> tuple[str | None, list[str]]:
    """Which of the TeX files ``texts`` (by path) is the paper, and which its supplements.

    Files of their own come before fragments, the paper before supplements and letters, usual
    names before others, longer ones before shorter ones.
    """
    tex = [p for p in texts if not p.startswith("anc/") and "/anc/" not in p]
    included = {stem for p in tex for stem in included_names(texts[p])}
    mains = [p for p in tex if is_main(texts[p]) and PurePosixPath(p).stem not in included]
    mains = mains or [p for p in tex if is_main(texts[p])]
    if not mains:
        plain = [p for p in tex if PurePosixPath(p).stem not in included] or tex
        return max(plain, key=lambda p: len(texts[p]), default=None), []
    best = max(mains, key=lambda p: _rank(p, texts[p]))
    supplements = [p for p in mains if p != best and _is_supplement(p, texts[p])]
    return best, supplements


def is_beside_main(path: str, text: str) -> bool:
    """Whether a file of its own goes with a paper: a supplement, a letter, a reply to referees."""
    return bool(_OTHER.search(PurePosixPath(path).stem)) or _is_supplement(path, text)


def _is_supplement(path: str, text: str) -> bool:
    stem = PurePosixPath(path).stem
    named = _SUPPLEMENT.search(stem) or _TITLED_SUPPLEMENT.search(text)
    return bool(named) and not _OTHER.search(stem)


def _rank(path: str, text: str) -> tuple[bool, bool, bool, bool, int, int]:
    stem = PurePosixPath(path).stem.lower()
    return (
        not _OTHER.search(stem),
        not _is_supplement(path, text),
        _BEGINS.search(text) is not None,
        stem in _MAIN_STEMS,
        -path.count("/"),
        len(text),
    )
