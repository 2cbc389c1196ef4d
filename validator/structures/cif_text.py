"""The CIF grammar: data blocks, items and loops of a text, as strings.

What the items mean is read in ``cif_block``. Reads in time linear in the text, opens nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"(?P<text>^;(?P<body>[^\n]*(?:\n(?!;)[^\n]*)*)\n;)"
    r"|#[^\n]*"
    r"|(?P<quote>['\"])(?P<quoted>(?:(?!(?P=quote)(?=\s|\Z))[^\n])*)(?P=quote)(?=\s|\Z)"
    r"|(?P<bare>[^\s#'\"][^\s]*|['\"][^\s]*)",
    re.MULTILINE,
)
_MOST_TOKENS = 500_000


@dataclass(slots=True)
class CifBlock:
    """One data block: values by item name, lower case with dots as underscores."""

    name: str
    values: dict[str, list[str]] = field(default_factory=dict)

    def one(self, *names: str) -> str | None:
        """The first value of the first of these items that has one; None for ``?`` and ``.``."""
        for name in names:
            for value in self.values.get(name, [])[:1]:
                if value not in ("?", ".", ""):
                    return value
        return None

    def column(self, *names: str) -> list[str]:
        """The values of the first of these items that is there."""
        return next((self.values[name] for name in names if name in self.values), [])


def read_blocks(text: str) -> list[CifBlock]:
    """The data blocks of a CIF; a text before the first ``data_`` is a block of no name.

    >>> block, = read_blocks("data_x\\n_cell_length_a 4.0(2)\\nloop_\\n_a _b\\n1 'p q'\\n2 r\\n")
    >>> block.name, block.one("_cell_length_a"), block.column("_b")
    ('x', '4.0(2)', ['p q', 'r'])
    """
    blocks = [CifBlock("")]
    tokens = list(_tokens(text))
    position = 0
    while position < len(tokens):
        bare, value = tokens[position]
        lowered = value.lower() if bare else ""
        position += 1
        if lowered.startswith("data_"):
            blocks.append(CifBlock(value[5:]))
        elif lowered == "loop_":
            position = _read_loop(tokens, position, blocks[-1])
        elif lowered.startswith("_") and position < len(tokens) and _is_value(tokens[position]):
            blocks[-1].values.setdefault(_plain(value), [tokens[position][1]])
            position += 1
    return [block for block in blocks if block.values]


def _tokens(text: str) -> Iterator[tuple[bool, str]]:
    """Whether each token stands bare, and its text."""
    matches = _TOKEN.finditer(text.replace("\r\n", "\n").replace("\r", "\n"))
    for match in itertools.islice(matches, _MOST_TOKENS):
        if match["text"] is not None:
            yield False, match["body"].strip()
        elif match["quote"] is not None:
            yield False, match["quoted"]
        elif match["bare"] is not None:
            yield True, match["bare"]


def _is_value(token: tuple[bool, str]) -> bool:
    bare, value = token
    lowered = value.lower()
    return not bare or not (lowered.startswith(("_", "data_")) or lowered == "loop_")


def _read_loop(tokens: list[tuple[bool, str]], position: int, block: CifBlock) -> int:
    """Read the names and rows of a loop; gives the position behind it."""
    names: list[str] = []
    while position < len(tokens) and tokens[position][0] and tokens[position][1].startswith("_"):
        names.append(_plain(tokens[position][1]))
        position += 1
    values: list[str] = []
    while position < len(tokens) and _is_value(tokens[position]):
        values.append(tokens[position][1])
        position += 1
    rows = len(values) // len(names) if names else 0
    for i, name in enumerate(names):
        block.values.setdefault(name, values[i : rows * len(names) : len(names)])
    return position


def _plain(name: str) -> str:
    return name.lower().replace(".", "_")
