"""Who sits at this machine, as revisions and the audit log name a person without a log-in."""

from __future__ import annotations

import getpass


def login_name() -> str:
    """The name by which the operating system knows the person; ``local`` where it knows none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # the process runs under a number without a name
        return "local"
