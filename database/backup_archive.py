"""Reading a backup's archive, which may come from anywhere: bounded, and checked to the last byte.

What a backup looks like is told in ``scmine.database.backup_format``.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scmine.database.backup_format import (
    MANIFEST,
    MAX_MANIFEST_BYTES,
    MAX_RATIO,
    MAX_ROW_BYTES,
    RATIO_FREE_BYTES,
    BackupError,
    Manifest,
    Part,
)
from scmine.database.migrations import REVISIONS

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError)
"""What ``zipfile`` raises on content that is not as it should be (NotImplementedError, for a way of
packing that it does not know, is a RuntimeError)."""


@contextmanager
def open_backup(path: Path) -> Iterator[Backup]:
    """A backup whose archive and manifest are sound.

    Raises
    ------
    BackupError
        The file is none, or damaged, or of a newer scmine.
    OSError
        The file cannot be read.
    """
    if path.is_dir():
        raise IsADirectoryError(f"{path}: this is a folder; name a backup")
    with path.open("rb") as stream:
        try:
            archive = zipfile.ZipFile(stream)
        # A wrong number in the archive's list can send it to any place, which raises an OSError.
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise BackupError(
                f"{path}: this is no backup of scmine, or only a part of one: {error}"
            ) from error
        with archive:
            yield Backup(path, archive)


class Backup:
    """An open backup; its manifest has been read, its rows are read as they are taken."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self._archive = archive
        self.manifest = self._manifest()
        self._check_members()

    def _manifest(self) -> Manifest:
        try:
            info = self._archive.getinfo(MANIFEST)
        except KeyError as error:
            raise BackupError(f"{self.path}: this archive is no backup of scmine") from error
        if info.file_size > MAX_MANIFEST_BYTES:
            raise BackupError(f"{self.path}: the backup's manifest is too large to be one")
        try:
            with self._archive.open(info) as stream:
                text = stream.read(MAX_MANIFEST_BYTES + 1)
        except _DAMAGED as error:
            raise BackupError(f"{self.path}: the backup is damaged: {error}") from error
        manifest = Manifest.from_json(text, str(self.path))
        if manifest.schema not in REVISIONS:
            raise BackupError(
                f"{self.path}: this backup is of a newer scmine (its schema is "
                f"{manifest.schema}, this scmine knows up to {REVISIONS[-1]}); update scmine "
                "with: pip install -U scmine"
            )
        return manifest

    def _check_members(self) -> None:
        """The archive holds what the manifest names, once each, nothing else, and no bomb."""
        parts = {part.file: part for part in self.manifest.parts}
        named = sorted([MANIFEST, *(part.file for part in self.manifest.parts)])
        found = sorted(info.filename for info in self._archive.infolist())
        if named != found or len(parts) < len(self.manifest.parts):
            odd = sorted(set(named) ^ set(found)) or ["a file twice"]
            raise BackupError(
                f"{self.path}: what the archive holds is not what its manifest names: "
                f"{', '.join(odd[:5])}"
            )
        for info in self._archive.infolist():
            if info.filename == MANIFEST:
                continue
            if info.file_size != parts[info.filename].bytes:
                raise BackupError(
                    f"{self.path}: {info.filename} has {info.file_size} bytes, the manifest says "
                    f"{parts[info.filename].bytes}"
                )
            if info.file_size > max(RATIO_FREE_BYTES, MAX_RATIO * info.compress_size):
                raise BackupError(
                    f"{self.path}: {info.filename} would grow from {info.compress_size} to "
                    f"{info.file_size} bytes, as no backup does; it is not unpacked"
                )

    def rows(self, part: Part) -> Iterator[dict[str, Any]]:
        """The rows of a table.

        Raises
        ------
        BackupError
            At a row that cannot be read or, at the end, if the part is not what was written.
        """
        where = f"{self.path}: {part.file}"
        digest = hashlib.sha256()
        number = size = 0
        try:
            with self._archive.open(part.file) as stream:
                while line := stream.readline(MAX_ROW_BYTES + 1):
                    number += 1
                    size += len(line)
                    if len(line) > MAX_ROW_BYTES or size > part.bytes:
                        raise BackupError(f"{where}: row {number} is longer than a row can be")
                    digest.update(line)
                    yield _row(line, part, f"{where}, row {number}")
        except _DAMAGED as error:
            raise BackupError(f"{where}: the backup is damaged: {error}") from error
        if (number, size, digest.hexdigest()) != (part.rows, part.bytes, part.sha256):
            raise BackupError(
                f"{where}: the rows are not those that were written (their SHA-256 differs); "
                "take another backup"
            )


def _row(line: bytes, part: Part, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BackupError(f"{where}: no JSON: {error}") from error
    if not isinstance(row, dict) or row.keys() != set(part.columns):
        raise BackupError(f"{where}: the row has other columns than the manifest names")
    return row
