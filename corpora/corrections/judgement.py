"""What a person said of a record, and what that teaches: the types of corrections.

How an example is derived lives in ``deriving``, where values stand in the text in ``places``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from scmine.corpora.exchange.annotated import Annotations
from scmine.corpora.types import Span
from scmine.database.record import Record, RecordStatus
from scmine.extractors.document import Passage


class NoExample(StrEnum):
    """Why a judged record, or a part of it, teaches nothing."""

    TABLE = "table"
    NO_TC = "no_tc"
    NO_TEXT = "no_text"
    VALUE_NOT_PRINTED = "value_not_printed"
    AMBIGUOUS = "ambiguous"
    MATERIAL_NOT_PRINTED = "material_not_printed"
    NO_ERROR_TYPE = "no_error_type"
    NOT_IN_THE_WORDS = "not_in_the_words"
    RIGHT_LINK_UNKNOWN = "right_link_unknown"
    IN_DOUBT = "in_doubt"
    WITHDRAWN = "withdrawn"


EXPLANATIONS: Mapping[NoExample, str] = {
    NoExample.TABLE: "The record is from a table; taggers and linkers learn from sentences.",
    NoExample.NO_TC: "The record states no Tc, and only mentions and links of a Tc are learnt.",
    NoExample.NO_TEXT: "The sentence of the record is not in the text that the database holds.",
    NoExample.VALUE_NOT_PRINTED: "The Tc, as it is now, is not printed in the sentence.",
    NoExample.AMBIGUOUS: "The Tc is printed more than once, and nothing says which one is meant.",
    NoExample.MATERIAL_NOT_PRINTED: "The material is not printed in the passage: the value is an "
    "example, its link is not.",
    NoExample.NO_ERROR_TYPE: "The record was rejected without an error type: whether a mention or "
    "a link is wrong is not known.",
    NoExample.NOT_IN_THE_WORDS: "The error lies behind mentions and links (values, compositions, "
    "an anomaly, an amendment): the words were found right or are not judged.",
    NoExample.RIGHT_LINK_UNKNOWN: "The link is taken out, but which one is right is not known; "
    "edit the record, or add the right one, to teach it.",
    NoExample.IN_DOUBT: "The record was looked at, but neither changed nor validated.",
    NoExample.WITHDRAWN: "The record is obsolete or removed, which says nothing of its words.",
}
"""Each reason in a sentence that a curator can act on."""

_STATEMENTS = tuple(n for n in Record.model_fields if n not in {"status", "error_type", "flags"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A record as it was extracted and as it is now.

    ``before`` is None for a record that a person added. ``who``, ``when`` and ``why`` are those of
    the last change.
    """

    before: Record | None
    after: Record
    who: str = ""
    when: datetime | None = None
    why: str = ""

    @property
    def record_id(self) -> str:
        """The id of the record."""
        return self.after.record_id

    @property
    def is_judged(self) -> bool:
        """Whether a person has said anything of it."""
        return self.after.status is not RecordStatus.NEW

    @property
    def is_right(self) -> bool:
        """Whether a person stands by what it states now: validated it, changed it or added it."""
        if self.after.status is RecordStatus.VALIDATED:
            return True
        is_own = self.before is None or any(
            getattr(self.before, name) != getattr(self.after, name) for name in _STATEMENTS
        )
        return self.after.status is RecordStatus.CURATED and is_own


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One passage as the machine annotated it and as people left it, and what of it is known.

    Parameters
    ----------
    doc_id, position
        The document and the place of the passage in it.
    before, after
        The machine's annotations and the corrected ones.
    known
        Indices of ``after.mentions`` that people have confirmed, moved or added.
    wrong
        (start, end, label) that are no mention of this label.
    linked
        (label of links, index of a Tc value in ``after.mentions``): all links of this label that
        the value has are known, and stand in ``after``.
    whole
        Sentences of which every record was judged: what is no mention there is none.
    judgements
        The judged records that the passage carries.
    reasons
        For the id of a judged record why it, or a part of it, teaches nothing.
    """

    doc_id: str
    position: int
    passage: Passage
    before: Annotations
    after: Annotations
    known: frozenset[int] = frozenset()
    wrong: frozenset[tuple[int, int, str]] = frozenset()
    linked: frozenset[tuple[str, int]] = frozenset()
    whole: tuple[Span, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    reasons: Mapping[str, NoExample] = field(default_factory=dict)

    @property
    def teaches(self) -> bool:
        """Whether anything can be learnt from it."""
        return bool(self.known or self.wrong or self.linked)

    @property
    def ident(self) -> str:
        """A name for it among those of an export."""
        return f"{self.doc_id[:16]}-{self.position}"
