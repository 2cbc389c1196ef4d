"""Who sits at this machine, as revisions and the audit log name a person without a log-in."""

from __future__ import annotations

import getpass

NAMELESS = "local"
"""Who it is where the operating system knows no name, as in some containers."""


def login_name() -> str:
    """The name by which the operating system knows the person; ``local`` where it knows none."""
    try:
        return getpass.getuser().strip() or NAMELESS
    except (OSError, KeyError, ImportError):  # the process runs under a number without a name
        return NAMELESS
