"""Which papers a store holds: from the URLs named to a list of files with their versions.

fsspec knows the stores. Fetching lives in ``remote_fetch``; what of it a run needs to read, in
``run_remote``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from scmine.pipelines.candidates import by_name, form_by_name
from scmine.pipelines.find import UnusableFileError
from scmine.pipelines.remote_fetch import fit_name, store_of, why, within
from scmine.pipelines.remote_names import public
from scmine.pipelines.same_paper import choose

LIST_S = 3600.0
"""The longest time that listing one URL may take; a million names take minutes."""
LOOK_S = 60.0
"""The longest time that one question about one file may take."""
MAX_FILES = 20_000_000
_HASHES = ("ETag", "etag", "e_tag", "md5Hash", "content_md5", "Content-MD5", "Digest", "CRC")
_TIMES = ("LastModified", "last_modified", "Last-Modified", "mtime", "updated", "created")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a store, or a URL that cannot be used and why.

    ``url`` is what it is fetched by, ``name`` the same without what is secret. ``version`` is what
    the store says to tell its versions apart, empty if it says nothing. ``same_as`` is the name of
    the file that is read instead of this one, the same paper in a format that says more.
    """

    url: str
    name: str
    version: str = ""
    problem: str | None = None
    same_as: str | None = None
    named: bool = False


def list_remote(urls: Iterable[str]) -> list[RemoteFile]:
    """The papers that ``urls`` stand for, each once, in the order of their names.

    A file that is named is taken whatever it is called. Of a folder (of a bucket, of an archive,
    of a web page that lists its files) those are taken whose names promise a paper; hidden ones are
    passed over. Which of several files are one paper is told by their names only.

    Raises
    ------
    SettingsError
        fsspec is missing, or what it needs for a kind of store.
    """
    found: dict[str, RemoteFile] = {}
    for url in urls:
        try:
            listed = within(LIST_S, partial(_listed, url))
        except UnusableFileError as error:
            listed = [RemoteFile(url, public(url), problem=str(error), named=True)]
        for file in sorted(listed, key=lambda f: f.name):
            found.setdefault(file.name, file)
    return _chosen(list(found.values()))


def version_of(file: RemoteFile) -> str:
    """The version of a file, asked of the store where its listing did not tell it.

    Raises
    ------
    UnusableFileError
        The store does not answer.
    """
    if file.version:
        return file.version
    system, place = store_of(file.url)
    try:
        return within(LOOK_S, lambda: _version(system.info(place)))
    except UnusableFileError:
        raise
    except Exception as error:
        raise UnusableFileError(f"cannot be looked at: {why(error)}") from error


def _listed(url: str) -> list[RemoteFile]:
    return list(islice(_expand(url), MAX_FILES))


def _expand(url: str) -> Iterator[RemoteFile]:
    """What one URL stands for."""
    system, root = store_of(url)
    try:
        if "*" in root:
            listed = system.glob(root, detail=True)
        elif not url.endswith("/") and system.isfile(root):  # all is a file to a web server
            yield RemoteFile(url, public(url), _version(system.info(root)), named=True)
            return
        else:
            listed = system.find(root, detail=True)
    except Exception as error:
        raise UnusableFileError(f"cannot be listed: {why(error)}") from error
    if not listed and not system.exists(root):
        raise UnusableFileError("no such file or folder")
    head, rest = _around(url, system, root)
    for place, info in listed.items():
        if info.get("type") == "file" and _is_below(place, root) and _promises(place, root):
            full = f"{head}{place}{rest}"
            yield RemoteFile(full, public(full), _version(info))


def _around(url: str, system: Any, root: str) -> tuple[str, str]:
    """What stands before and after a path of a store in its URL."""
    first, joint, rest = url.partition("::")
    plain = root.rstrip("/")
    if first.rstrip("/").endswith(plain):
        head = first.rstrip("/").removesuffix(plain) if plain else first
    else:
        head = str(system.unstrip_protocol(root)).removesuffix(root)
    return head, joint + rest


def _is_below(place: str, root: str) -> bool:
    """Whether a path that a store lists is one of what was named: a web page may say anything."""
    base = root.partition("*")[0]
    return place.startswith(base) and ".." not in place.split("/") and "::" not in place


def _promises(place: str, root: str) -> bool:
    """Whether a path is a paper's, by its name, and not hidden."""
    below = place[len(root.partition("*")[0]) :]
    hidden = any(part.startswith(".") for part in below.split("/"))
    return not hidden and form_by_name(Path(fit_name(place))) is not None


def _version(info: Mapping[str, Any]) -> str:
    """What tells versions apart: a hash of the store's, else size and time of change."""
    for field in _HASHES:
        if info.get(field):
            return f"{field.lower()}:{info[field]} {info.get('size')}"
    for field in _TIMES:
        if info.get(field):
            return f"{info.get('size')} {info[field]}"
    return ""


def _chosen(files: list[RemoteFile]) -> list[RemoteFile]:
    """The files with those that are the same paper told."""
    names: dict[Path, str] = {}
    for file in files:
        if not file.named:
            names[_as_path(file.name)] = file.name
    candidates = [c for path in names if (c := by_name(path)) is not None]
    instead = {names[c.path]: names[c.instead] for c in choose(candidates) if c.instead is not None}
    return [replace(file, same_as=instead.get(file.name)) for file in files]


def _as_path(name: str) -> Path:
    """A path of its own for each name, with the name's last part as its last part."""
    return Path(re.sub(r"[?#]", "/", name).partition("::")[0]).parent / fit_name(name)
