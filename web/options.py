"""What the web application can be told, as a plain value; where it comes from is not its matter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOptions:
    """How the application serves one database.

    Parameters
    ----------
    host, port
        The address it is bound to, as links and the check of the Host header need it.
    papers
        Folders in which files are looked for, by content, that are not where they were read.
    names
        Names of hosts, besides ``localhost`` and this machine's own, by which it may be called.
    session_idle_h, session_h
        Hours after which a session ends that is not used, and after which any ends.
    login_attempts
        How many attempts to log in may fail for one name within 15 minutes.
    max_body_MB
        The size that a request may have.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    papers: tuple[Path, ...] = ()
    names: tuple[str, ...] = ()
    session_idle_h: float = 12.0
    session_h: float = 168.0
    login_attempts: int = 10
    max_body_MB: int = 16
