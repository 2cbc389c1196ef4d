"""Table rows: whose their values are, and whether they were measured or calculated.

Rules over the heads, the row and the caption; the words are ``data/whose_claim.toml``. Claims of
running text are judged in ``whose_claim`` from ``whose_features``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scmine.database.record import Evidence, Origin
from scmine.extractors.citations import whose_words
from scmine.extractors.claim import Claim, Place
from scmine.extractors.document import Cell, Table, Typography
from scmine.extractors.paper_profile import PaperProfile, bare
from scmine.extractors.table_head import head_words
from scmine.extractors.table_sheet import EMPTY
from scmine.extractors.whose_features import is_structure_alone, name_of

THEORY = 0.6
"""From this share of words of theory on, a paper's own values are calculated."""

NAME_REACH = 300
"""Characters before a source in a caption in which the name of a material is looked for."""

_COUPLING = frozenset(("lambda", "mu_star", "omega_log", "omega2"))
_RAISED_NUMBERS = re.compile(r"[\[(]?\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,8}[\])]?")
_SOURCE = re.compile(r"\(?\bthis work\)?|\[\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,5}\]|Refs?\.")
_NOTE_NUMBERS = re.compile(r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,8}\s?\)?[a-z]?")


def row_origin(claim: Claim, place: Place, profile: PaperProfile) -> Origin:
    """Whose the values of a table row are.

    A row is another's if its column of sources or its own cells cite, if the caption cites right
    behind its material, or if the whole table is said to be compiled.
    """
    words = whose_words()["table"]
    table, row = place.table, place.row
    if table is None:
        raise ValueError("the claim stands in no table")
    texts = [cell.text.strip() for cell in row]
    if any(words["own_cell"].search(t) for t in texts):
        return Origin.THIS_WORK
    source = _source_of(table, row)
    if source is not None and not (source == "" and profile.is_review):
        return Origin.CITED if source else Origin.THIS_WORK
    if any(words["cited_cell"].search(t) for t in texts) or _raised_numbers(row, place.column):
        return Origin.CITED
    by_caption = _by_caption(claim.material, table.caption)
    if by_caption is not None:
        return by_caption
    if profile.is_review or (profile.theory > THEORY and _reads_experiment(claim, place)):
        return Origin.CITED  # a theorist measures nothing
    compiled = bool(words["cited_caption"].search(table.caption))
    if not compiled or words["own_caption"].search(table.caption):
        return Origin.THIS_WORK
    name = bare(name_of(claim.material))
    return Origin.THIS_WORK if len(name) > 2 and name in profile.title else Origin.CITED


def row_evidence(claim: Claim, place: Place, profile: PaperProfile, origin: Origin) -> Evidence:
    """Whether the values of a table row were measured or calculated.

    A structure alone is neither where no word tells and the paper is none of experiments.
    """
    words = whose_words()["table"]
    if place.table is None:
        raise ValueError("the claim stands in no table")
    head = _head_over(claim, place)
    if head_words("words")["measured"].search(head):
        return Evidence.MEASURED
    if head_words("words")["calculated"].search(head):
        return Evidence.CALCULATED
    caption, stated = place.table.caption, set(claim.values)
    calculated = len(words["calculated_caption"].findall(caption))
    measured = len(words["measured_caption"].findall(caption))
    calculated += 2 * ("omega_log" in stated)
    if origin is Origin.THIS_WORK:
        calculated += 3 * (profile.theory > THEORY)
        calculated += 2 * ("mu_star" in stated and profile.theory > 1 - THEORY)
        measured += 3 * (profile.theory < 1 - THEORY)
    elif calculated == measured and "tc" not in stated and stated & _COUPLING:
        return Evidence.UNKNOWN
    if calculated == measured and is_structure_alone(stated) and profile.theory >= 1 - THEORY:
        return Evidence.UNKNOWN
    return Evidence.CALCULATED if calculated > measured else Evidence.MEASURED


def _heads(table: Table) -> list[str]:
    """The text over each column, from the top."""
    if not table.rows:
        return []
    return [
        " ".join(row[i].text for row in table.header if row[i].text.strip())
        for i in range(len(table.rows[0]))
    ]


def _head_over(claim: Claim, place: Place) -> str:
    """The words over the claim's Tc; what spans its column is in the claim's hints."""
    heads = _heads(place.table) if place.table is not None else []
    here = heads[place.column] if place.column is not None and place.column < len(heads) else ""
    return claim.hints.get("tc_words") or here


def _source_of(table: Table, row: Sequence[Cell]) -> str | None:
    """What the column of sources holds in ``row``; None if there is no such column.

    An empty cell says that the row is the paper's own only if other rows have a source. A row
    without a name goes on with the one above it and has its source.
    """
    heads = _heads(table)
    pattern = whose_words()["table"]["reference_head"]
    columns = [
        i
        for i, head in enumerate(heads)
        if pattern.search(head.strip()) or pattern.search(re.sub(r"\s", "", head))  # "R eference"
    ]
    columns = [i for i in columns if i < len(row)] or _unnamed_sources(table, heads)
    if not columns:
        return None
    row = _named_row(table, row, columns)
    found = next((row[i].text.strip() for i in columns if not EMPTY.match(row[i].text)), "")
    others = [r[i].text for r in table.body for i in columns if not EMPTY.match(r[i].text)]
    return found if found or others else None


def _named_row(table: Table, row: Sequence[Cell], columns: Sequence[int]) -> Sequence[Cell]:
    """``row``, or the one above it that it goes on with if it has neither name nor source."""
    body = table.body
    at = next((n for n, r in enumerate(body) if r == tuple(row)), 0)
    while at > 0 and all(EMPTY.match(body[at][i].text) for i in (0, *columns)):
        at -= 1
    return body[at] if body else row


def _unnamed_sources(table: Table, heads: Sequence[str]) -> list[int]:
    """The last column if it has no head and holds nothing but numbers of references."""
    if not heads or heads[-1].strip() or len(table.body) < 3:
        return []
    texts = [r[-1].text.strip() for r in table.body if r[-1].text.strip()]
    if len(texts) < 3 or not all(_NOTE_NUMBERS.fullmatch(t.strip("[]() ")) for t in texts):
        return []
    return [len(heads) - 1]


def _raised_numbers(row: Sequence[Cell], column: int | None) -> bool:
    """Whether a raised number that cites stands behind a value or a name of ``row``."""
    for i, cell in enumerate(row):
        if column is not None and i not in (0, column):
            continue
        for span in cell.typography:
            mark = cell.text[span.start : span.end].strip()
            before = cell.text[: span.start].rstrip()
            if (
                span.kind is Typography.SUPERSCRIPT
                and span.end >= len(cell.text.rstrip())
                and _RAISED_NUMBERS.fullmatch(mark)
                and not before.endswith("10")
                and before
            ):
                return True
    return False


def _by_caption(material: str, caption: str) -> Origin | None:
    """What stands behind the row's material in the caption: a citation, or "this work"."""
    words = whose_words()["table"]
    name = bare(name_of(material))
    if len(name) < 2:
        return None
    for match in _SOURCE.finditer(caption):
        before = bare(caption[max(0, match.start() - NAME_REACH) : match.start()])
        if before.endswith(name):
            own = words["own_cell"].search(match.group(0).strip("()"))
            return Origin.THIS_WORK if own else Origin.CITED
    return None


def _reads_experiment(claim: Claim, place: Place) -> bool:
    """Whether the Tc's own head, or else the caption, says that it was measured."""
    words = head_words("words")
    head = _head_over(claim, place)
    if words["measured"].search(head) or words["calculated"].search(head):
        return bool(words["measured"].search(head))
    caption = place.table.caption if place.table is not None else ""
    return "tc" in claim.values and bool(whose_words()["table"]["measured_tc"].search(caption))
