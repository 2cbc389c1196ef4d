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
    """

    host: str = "127.0.0.1"
    port: int = 8000
    papers: tuple[Path, ...] = ()
