"""Text that every database can hold.

PostgreSQL refuses the character NUL, and neither database takes half of a surrogate pair, which
file names that are not UTF-8 and broken fonts in papers both produce.
"""

from __future__ import annotations

import re
from typing import Any

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(value: Any) -> Any:
    """``value`` with each character that cannot be stored replaced by U+FFFD, also inside lists.

    >>> clean({"a": ["x\\x00y", 1.5, None]})
    {'a': ['x\ufffdy', 1.5, None]}
    """
    if isinstance(value, str):
        return (
            value
            if value.isascii() and "\x00" not in value
            else _UNSTORABLE.sub(REPLACEMENT, value)
        )
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value
