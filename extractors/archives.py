"""Archives from strangers: the files in a tar, a gzip or a zip as bytes in memory, within limits.

Nothing is ever written to a disk. Links, devices and files that would lie outside the archive are
left out. What the files mean is not known here.
"""

from __future__ import annotations

import gzip
import io
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from scmine.extractors.document import ReadError, Status

MAX_ARCHIVE = 512 * 2**20
"""Bytes of an archive as it stands on the disk; arXiv takes up to 50 MB."""

MAX_UNPACKED = 1024 * 2**20
"""Bytes that an archive may unpack to, whether they are kept or not."""

MAX_KEPT = 128 * 2**20
"""Bytes of the files that are kept in memory."""

MAX_MEMBER = 64 * 2**20
"""Bytes of one file that is kept."""

MAX_MEMBERS = 10_000
"""Files and folders in an archive."""

MAX_RATIO = 300
"""Unpacked bytes for one packed; pages of equal characters reach 1000, figures as text 30."""

RATIO_COUNTS_FROM = 32 * 2**20
"""Unpacked bytes above which the ratio counts."""

_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
_DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RecursionError,
)
_TAR_BLOCK = 512

Wanted = Callable[[str], bool]


@dataclass(slots=True)
class Archive:
    """What was taken out of an archive.

    ``files`` are the wanted ones by their path; ``names`` the paths of all files that could be
    read, in their order. ``single`` says that there was one file without a name.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    single: bool = False


def is_archive(head: bytes) -> bool:
    """Whether a file whose first 512 bytes are ``head`` is a gzip, a zip or a tar.

    >>> is_archive(b"PK\\x03\\x04"), is_archive(b"%PDF-1.4")
    (True, False)
    """
    return head.startswith((_GZIP, *_ZIP)) or _is_tar(head)


def unpack(data: bytes, wanted: Wanted) -> Archive:
    """The files in the archive ``data`` whose path ``wanted`` takes.

    A gzip that holds no tar is one file, whose path is empty. Archives within are not opened.

    Raises
    ------
    ReadError
        With status ``failed`` if the archive is damaged, cut off, no archive, or larger than the
        limits of this module; ``encrypted`` if its files need a password.
    """
    if len(data) > MAX_ARCHIVE:
        raise ReadError(
            Status.FAILED, f"the archive has {len(data) >> 20} MB; {MAX_ARCHIVE >> 20} are read"
        )
    try:
        if data.startswith(_ZIP):
            return _unzip(data, wanted)
        if data.startswith(_GZIP):
            return _gunzip(data, wanted)
        if _is_tar(data):
            return _untar(_Counted(io.BytesIO(data), len(data)), wanted)
    except _DAMAGED as error:
        text = str(error).rstrip(".") or type(error).__name__
        reason = f"the archive is damaged or cut off: {text[:200]}"
        raise ReadError(Status.FAILED, reason) from error
    raise ReadError(Status.FAILED, "the file is no tar, gzip or zip archive")


def holds(data: bytes, wanted: Wanted, wanted_single: Callable[[bytes], bool]) -> bool:
    """Whether the archive ``data`` has a file whose path ``wanted`` takes; looks no further.

    Of a gzip of one file, which has no path, ``wanted_single`` is asked for the content.

    Raises
    ------
    ReadError
        As `unpack`.
    """

    def stop_at_first(name: str) -> bool:
        if wanted(name):
            raise _FoundError
        return False

    try:
        archive = unpack(data, stop_at_first)
    except _FoundError:
        return True
    return archive.single and wanted_single(archive.files[""])


class _FoundError(Exception):
    """Ends a search."""


def safe_name(name: str) -> str | None:
    """The path of a file within its archive; None if it would lie outside it.

    >>> safe_name("./a//b.tex"), safe_name("../x"), safe_name("/etc/passwd"), safe_name("C:\\\\x")
    ('a/b.tex', None, None, None)
    """
    plain = name.replace("\\", "/")
    parts = PurePosixPath(plain).parts
    outside = plain.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", plain)
    if outside or "\0" in plain or not parts or len(plain) > 1000:
        return None
    return "/".join(parts)


class _Counted(io.RawIOBase):
    """A stream of unpacked bytes that ends with an error where a bomb is taken to begin."""

    def __init__(self, stream: io.BufferedIOBase, packed: int) -> None:
        self._stream = stream
        self._limit = min(MAX_UNPACKED, max(RATIO_COUNTS_FROM, MAX_RATIO * packed))
        self._done = 0

    def read(self, size: int = -1) -> bytes:
        left = self._limit - self._done + 1
        wanted = left if size < 0 else min(size, left)
        if wanted > MAX_KEPT:
            wanted = MAX_KEPT
        data = self._stream.read(wanted)
        self._done += len(data)
        if self._done > self._limit:
            raise ReadError(
                Status.FAILED,
                f"the archive unpacks to more than {self._limit >> 20} MB; it is not opened",
            )
        return data

    def readable(self) -> bool:
        return True

    def whole(self) -> bytes:
        """All that is left, as long as it is no longer than a file may be."""
        parts: list[bytes] = []
        size = 0
        while data := self.read(1 << 20):
            size += len(data)
            if size > MAX_MEMBER:
                raise ReadError(
                    Status.FAILED, f"the archive's file has more than {MAX_MEMBER >> 20} MB"
                )
            parts.append(data)
        return b"".join(parts)


class _Collector:
    """Files that are taken one by one."""

    def __init__(self, wanted: Wanted) -> None:
        self.archive = Archive()
        self._wanted = wanted
        self._kept = 0
        self._members = 0
        self._outside = 0
        self._links = 0

    def admit(self, name: str, is_file: bool, size: int) -> str | None:
        """The path under which a member is to be read; None if it is to be passed over."""
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise ReadError(Status.FAILED, f"the archive holds more than {MAX_MEMBERS} files")
        path = safe_name(name)
        if path is None:
            self._outside += 1
            return None
        if not is_file:
            self._links += 1
            return None
        self.archive.names.append(path)
        if not self._wanted(path):
            return None
        if size > MAX_MEMBER:
            self._warn(f"{path[:80]} has more than {MAX_MEMBER >> 20} MB and is not read")
            return None
        return path

    def add(self, path: str, data: bytes) -> None:
        self._kept += len(data)
        if self._kept > MAX_KEPT:
            raise ReadError(
                Status.FAILED, f"the archive's texts have more than {MAX_KEPT >> 20} MB"
            )
        self.archive.files[path] = data

    def done(self) -> Archive:
        if self._outside:
            self._warn(f"{self._outside} files of the archive lie outside it and are not read")
        if self._links:
            self._warn(f"{self._links} links or devices in the archive are not followed")
        return self.archive

    def _warn(self, message: str) -> None:
        self.archive.warnings.append(message)


def _is_tar(head: bytes) -> bool:
    """Whether ``head`` begins with a tar's header: its sum of bytes must be the one it states."""
    block = head[:_TAR_BLOCK]
    if len(block) < _TAR_BLOCK or not block[0]:
        return False
    stated = re.match(rb"[ \0]*([0-7]{1,7})", block[148:156])
    total = sum(block[:148]) + 8 * 0x20 + sum(block[156:])
    return stated is not None and int(stated[1], 8) == total


def _gunzip(data: bytes, wanted: Wanted) -> Archive:
    stream = _Counted(gzip.GzipFile(fileobj=io.BytesIO(data)), len(data))
    head = b""
    while len(head) < _TAR_BLOCK and (more := stream.read(_TAR_BLOCK - len(head))):
        head += more
    if _is_tar(head):
        return _untar(_Counted(gzip.GzipFile(fileobj=io.BytesIO(data)), len(data)), wanted)
    return Archive({"": head + stream.whole()}, [""], single=True)


def _untar(stream: _Counted, wanted: Wanted) -> Archive:
    collector = _Collector(wanted)
    # "r|" never seeks, so that each byte is unpacked once; errors in later headers are raised.
    with tarfile.open(fileobj=stream, mode="r|", errorlevel=2) as tar:
        for member in _members(tar):
            if member.isdir():
                continue
            plain = member.isreg() and member.sparse is None
            path = collector.admit(member.name, plain, member.size)
            source = tar.extractfile(member) if path is not None else None
            if path is not None and source is not None:
                content = source.read(MAX_MEMBER)
                if len(content) < member.size:
                    raise EOFError("its last file is not complete")
                collector.add(path, content)
    return collector.done()


def _members(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """The members one by one, forgotten again, as headers of bombs would fill the memory."""
    count = 0
    while (member := tar.next()) is not None:
        count += 1
        if count > MAX_MEMBERS:
            raise ReadError(Status.FAILED, f"the archive holds more than {MAX_MEMBERS} files")
        yield member


def _unzip(data: bytes, wanted: Wanted) -> Archive:
    collector = _Collector(wanted)
    left = min(MAX_UNPACKED, max(RATIO_COUNTS_FROM, MAX_RATIO * len(data)))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for info in file.infolist():
            if not info.filename or info.filename.endswith("/"):
                continue
            mode = info.external_attr >> 16
            plain = not mode or stat.S_ISREG(mode) or not stat.S_IFMT(mode)
            path = collector.admit(info.filename, plain, info.file_size)
            if path is None:
                continue
            if info.flag_bits & 1:
                raise ReadError(Status.ENCRYPTED, "the archive's files need a password")
            with file.open(info) as member:
                content = member.read(min(MAX_MEMBER, left) + 1)
            left -= len(content)
            if left < 0 or len(content) > MAX_MEMBER:
                raise ReadError(
                    Status.FAILED,
                    f"the archive unpacks to {MAX_RATIO} times its size (MB) or over the limit",
                )
            collector.add(path, content)
    return collector.done()
