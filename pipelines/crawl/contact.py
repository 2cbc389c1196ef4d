"""Whom servers can reach: the contact that each request of a crawl names, asked for once."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from platformdirs import user_config_path

from scmine.pipelines.settings import Settings, SettingsError

CONTACT_FILE = "contact.txt"
_CONTACT = re.compile(r"[^@\s()<>]+@[^@\s()<>]+\.[^@\s()<>]+|https?://[^\s()<>]+", re.ASCII)


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
    try:
        return _checked(path.read_text("utf-8").strip())
    except OSError:
        pass  # none is kept: ask
    if not sys.stdin.isatty():
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
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(contact + "\n", "utf-8")
    return contact


def _checked(contact: str) -> str:
    if not _CONTACT.fullmatch(contact) or len(contact) > 200:
        raise SettingsError(f"crawl_contact: {contact!r} is no e-mail address and no web page")
    return contact
