"""Findings: the mentions of a document's passages, found when they are first asked for.

Where an extraction is at hand, its mentions are used, and nothing is tagged again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from scmine.extractors.claim import Label, Mention
from scmine.extractors.context import MaterialContext
from scmine.extractors.document import Document
from scmine.extractors.link_model import LinkModel
from scmine.extractors.tagging import default_tagger


class Findings:
    """What rules and models found in a document.

    Parameters
    ----------
    document
        A paper as read.
    mentions
        Its mentions, passage by passage, as an extraction has them; None to find them here.
    linkers
        Networks that tell whose a value is; the packaged ones unless others are given.
    """

    def __init__(
        self,
        document: Document,
        mentions: Sequence[Sequence[Mention]] | None = None,
        linkers: Mapping[str, LinkModel] | None = None,
    ) -> None:
        self.document = document
        self.linkers = linkers
        self._given = mentions
        self._found: dict[int, list[Mention]] = {}

    def mentions(self, passage: int) -> list[Mention]:
        """The mentions of a passage, by its position in the document."""
        if self._given is not None:
            return list(self._given[passage])
        if passage not in self._found:
            [self._found[passage]] = default_tagger().tag([self.document.passages[passage]])
        return self._found[passage]

    @cached_property
    def context(self) -> MaterialContext:
        """What the paper as a whole says about its materials."""
        passages = self.document.passages
        found = [self.mentions(i) for i in range(len(passages))]
        return MaterialContext.of(passages, found, self.document.tables)

    @cached_property
    def main_material(self) -> str | None:
        """The material that the paper is about, as printed; None if it is about several."""
        return self.context.main_printed()

    def materials(self, passage: int) -> list[Mention]:
        """The materials that a passage names."""
        return [m for m in self.mentions(passage) if m.label is Label.MATERIAL]
