"""The table of what language models were asked about documents; what it holds, see ``llm_use``."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from scmine.database.models import Base


class LlmUseModel(Base):
    """One document that a language model was asked about, in the run that saved it."""

    __tablename__ = "document_llm"

    doc_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("documents.doc_id"), primary_key=True
    )
    model: Mapped[str]
    prompts: Mapped[list[str]] = mapped_column(JSON)
    everything: Mapped[bool]
    state: Mapped[str]
    reason: Mapped[str]
    requests: Mapped[int]
    calls: Mapped[int]
    cached: Mapped[int]
    tokens_in: Mapped[int]
    tokens_out: Mapped[int]
    cost: Mapped[float | None]
    reasons: Mapped[dict[str, int]] = mapped_column(JSON)
    endings: Mapped[dict[str, int]] = mapped_column(JSON)
    kept: Mapped[int]
    drops: Mapped[dict[str, int]] = mapped_column(JSON)
    meetings: Mapped[dict[str, int]] = mapped_column(JSON)
