"""Whom servers can reach: the contact that each request of a crawl names, asked for once."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from platformdirs import user_config_path

from scmine.pipelines.settings import Settings, SettingsError

CONTACT_FILE = "contact.txt"
_CONTACT = re.compile(r"(?=[!-~]{1,200}\Z)(?:[^@()<>]+@[^@()<>]+\.[^@()<>]+|https?://[^()<>]+)")
"""Printable ASCII: more cannot be sent in a header, and some of it must not."""


def contact_of(settings: Settings, folder: Path | None = None) -> str:
    """The contact of the settings, or the one kept in the user's folder, or one asked for now.

    ``folder`` is where it is kept; None is the user's folder of settings.

    Raises
    ------
    SettingsError
        There is none, and nobody at a terminal to ask; or what is set is no address.
    """
    if settings.crawl_contact is not None:
        return _checked(settings.crawl_contact)
    path = (folder or user_config_path("scmine")) / CONTACT_FILE
    kept = _kept(path)
    if kept is not None:
        return kept
    if sys.stdin is None or not sys.stdin.isatty():
        raise SettingsError(
            "crawl_contact: servers have to be told whom they can reach; set an e-mail address or "
            "a web page in scmine.toml or as SCMINE_CRAWL_CONTACT"
        )
    print(
        "arXiv and others ask crawlers for a contact. It is sent with each request.\n"
        "Your e-mail address or web page: ",
        end="",
        file=sys.stderr,
        flush=True,
    )
    contact = _checked(sys.stdin.readline().strip())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text(contact + "\n", "ascii")
        os.replace(new, path)
    except OSError as error:
        print(
            f"scmine: {path}: cannot be written: {error.strerror or error}. The contact serves "
            "this time and will be asked for again; or set crawl_contact.",
            file=sys.stderr,
        )
    return contact


def _kept(path: Path) -> str | None:
    """The contact that was given before; None if there is none."""
    try:
        contact = path.read_text("ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not a contact in ASCII; delete the file") from error
    return _checked(contact, f"{path}, to be deleted")


def _checked(contact: str, where: str = "crawl_contact") -> str:
    if not _CONTACT.fullmatch(contact):
        raise SettingsError(
            f"{where}: {contact[:200]!r} is no e-mail address and no web page in ASCII, of 200 "
            "characters at most"
        )
    return contact
