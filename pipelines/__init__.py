"""Runs over many papers, and the command line that starts them.

`ingest`, what it returns and `load_structures` are imported on first use: the command line imports
this package to answer ``--help`` and must not wait for the database libraries.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scmine.pipelines.run import ingest
    from scmine.pipelines.stored_structures import load_structures
    from scmine.pipelines.summary import IngestSummary

__all__ = ["IngestSummary", "ingest", "load_structures"]

_HOME = {
    "ingest": "scmine.pipelines.run",
    "load_structures": "scmine.pipelines.stored_structures",
    "IngestSummary": "scmine.pipelines.summary",
}


def __getattr__(name: str) -> Any:
    """Import a public name where it lives (PEP 562)."""
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
