"""Names in heads: whether the head of a column, or a cell, says that it holds a field's values.

Heads that the rules for tables understand decide; others must at least name the quantity. The
patterns are those of ``data/table_columns.toml`` and ``data/evidence_words.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from scmine.extractors.lexicons import load_toml
from scmine.extractors.llm.answers import ValueField
from scmine.extractors.table_head import understand_heads


@cache
def _not_tc() -> re.Pattern[str]:
    entry = load_toml("table_columns.toml")["roles"]["not_tc"]
    return re.compile(entry["pattern"], re.IGNORECASE)


def names_field(field: ValueField, heads: Sequence[str], cell: str, caption: str) -> bool:
    """Whether a column with these ``heads``, or the ``cell`` itself, holds values of ``field``.

    >>> [names_field(ValueField.TC, [head], "39", "") for head in ("Tc (K)", "TN (K)")]
    [True, False]
    """
    head = understand_heads(heads)
    if head is not None and head.role not in ("material", "variable", "placeholder"):
        return head.field == field.value or (field.value in "abc" and head.field in "abc")
    text = " ".join(heads)
    if field is ValueField.TC and any(_not_tc().match(part) for part in (text, *heads)):
        return False
    symbol = load_toml("evidence_words.toml")["heads"][field.value]
    if re.search(symbol, f"{text} {cell}"):
        return True
    return not text.strip() and re.search(symbol, caption) is not None
