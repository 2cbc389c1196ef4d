"""Gold claims: whose a claim is and what it rests on, read by eye, and where it stands in a paper.

``data/claims/whose_claim.jsonl`` or a file of the user's, one claim a line. The papers' text stays
with the papers: a line names the file, the passage or table row, and the characters of the value,
and holds hashes of what stands around it, so that a claim is found again after the reading has
changed. ``docs/corpora.md`` says how claims were drawn and judged. Scoring lives in
``benchmarks/whose_claim.py``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scmine.corpora.types import CorpusError
from scmine.extractors.claim import Place
from scmine.extractors.document import Cell, Document
from scmine.extractors.table_sheet import sheets_of

SHIPPED = Path(__file__).parent / "data" / "claims" / "whose_claim.jsonl"
"""The gold claims that come with the package."""

AROUND = 30
"""Letters and digits on a side of a value that a hash covers."""

ENOUGH = 20
"""Characters on a side of a value from which on its hash alone tells the place."""

Natural = Annotated[int, Field(ge=0)]
Hash = Annotated[str, Field(pattern="^[0-9a-f]{16}$")]


class JudgedClaim(BaseModel):
    """One judged claim.

    Attributes
    ----------
    id, file, sha256, split
        The claim's own name, its paper, and the paper's part (papers are never split).
    source
        ``text`` (captions too) or ``table``.
    index
        The passage or table of the document, counted from 0.
    start, end
        Characters of the value in the passage (``text``).
    sheet, row, column
        The table's sheet, the row of its body and the cell of the Tc, all counted from 0
        (``table``).
    value
        What is printed there.
    before, behind
        Hashes of the letters and digits before the value with it, and of it with those behind; of
        a table row's all (``before``). One that still fits is enough to find the claim again.
    material
        The material as printed, as far as it tells whose the claim is.
    fields
        The keys of the claim's values.
    evidence, origin
        What was judged; ``unknown`` where the paper does not tell.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(min_length=1)]
    file: Annotated[str, Field(min_length=1)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    split: Literal["dev", "test"]
    source: Literal["text", "table"]
    index: Natural
    start: Natural = 0
    end: Natural = 0
    sheet: Natural = 0
    row: Natural = 0
    column: Natural | None = None
    value: str
    before: Hash
    behind: Hash = "0" * 16
    material: str = ""
    fields: tuple[str, ...]
    evidence: Literal["measured", "calculated", "unknown"]
    origin: Literal["this_work", "cited"]


def load_gold_claims(path: Path = SHIPPED) -> list[JudgedClaim]:
    """The claims in the file ``path``, in its order.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CorpusError
        If a line is not a gold claim.
    """
    claims = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            claims.append(JudgedClaim.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise CorpusError(path, f"line {number}: {where}: {first['msg']}") from error
    return claims


def find_place(document: Document, claim: JudgedClaim) -> Place | None:
    """Where ``claim`` stands in ``document``; None if the reading no longer holds it."""
    if claim.source == "table":
        return _find_row(document, claim)
    passages = list(enumerate(document.passages))
    half = None
    for _, passage in sorted(passages, key=lambda p: p[0] != claim.index):
        for start, end in _occurrences(passage.text, claim):
            before, behind = hashes_around(passage.text, start, end)
            if (before, behind) == (claim.before, claim.behind):
                return Place(passage, start, end)
            told = before == claim.before and start > ENOUGH
            told = told or (behind == claim.behind and len(passage.text) - end > ENOUGH)
            if told and half is None:
                half = Place(passage, start, end)
    return half


def _occurrences(text: str, claim: JudgedClaim) -> Iterator[tuple[int, int]]:
    """Where the letters and digits of the value stand in ``text``, whatever is between them.

    The place written down comes first, if the value is there as printed.
    """
    value = claim.value
    if text[claim.start : claim.end] == value:
        yield claim.start, claim.end
    at = [i for i, c in enumerate(text) if c.isalnum()]
    letters, wanted = _bare(text), _bare(value)
    start = letters.find(wanted) if len(letters) == len(at) and wanted else -1
    while start >= 0:
        yield at[start], at[start + len(wanted) - 1] + 1
        start = letters.find(wanted, start + 1)


def _find_row(document: Document, claim: JudgedClaim) -> Place | None:
    tables = list(enumerate(document.tables))
    for _, table in sorted(tables, key=lambda t: t[0] != claim.index):
        for sheet in sheets_of(table):
            for row in sheet.table.body:
                if hash_of_row(row) == claim.before:
                    return Place(table=sheet.table, row=row, column=claim.column)
    return None


def hashes_around(text: str, start: int, end: int) -> tuple[str, str]:
    """Hashes of the letters and digits of a value with ``AROUND`` before it, and behind it.

    >>> hashes_around("T c=39 K here", 4, 8) == hashes_around("Tc = 39 K here", 5, 9)
    True
    >>> first, other = hashes_around("Tc = 39 K here", 5, 9), hashes_around("Tc = 39 K in", 5, 9)
    >>> first[0] == other[0], first[1] == other[1]
    (True, False)
    """
    before, value, after = (_bare(t) for t in (text[:start], text[start:end], text[end:]))
    return _hash(before[-AROUND:] + value), _hash(value + after[:AROUND])


def hash_of_row(row: tuple[Cell, ...]) -> str:
    """A hash of the letters and digits of a table row, cell by cell."""
    return _hash("|".join(_bare(cell.text) for cell in row))


def _bare(text: str) -> str:
    return "".join(c.lower()[0] for c in text if c.isalnum())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
