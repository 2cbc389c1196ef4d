"""grobid-client-python, imported without what importing it does to a program's logging.

One of its modules calls ``logging.basicConfig``, which would send every library's notes to the
user's terminal. That call does nothing where the root logger has a handler.
"""

from __future__ import annotations

import logging

_held = logging.NullHandler()
logging.getLogger().addHandler(_held)
try:
    from grobid_client.grobid_client import GrobidClient, ServerUnavailableException
finally:
    logging.getLogger().removeHandler(_held)

__all__ = ["GrobidClient", "ServerUnavailableException"]
