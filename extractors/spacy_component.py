"""The trained tagger as a spaCy component: ``nlp.add_pipe("scmine_ner")``.

Works on any pipeline and any tokens: mentions become the document's entities, and their
probabilities stand in ``span._.scmine_score``. Entities are whole tokens, so a token that a mention
begins or ends in is split (spaCy reads the end of "at 43 K." as one token "K."). The tagger itself
is ``trained_tagger``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Span
from spacy.util import filter_spans

from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.schemes import Scheme
from scmine.extractors.trained_tagger import TrainedTagger

if TYPE_CHECKING:
    from spacy.tokens import Doc

FACTORY = "scmine_ner"
SCORE = "scmine_score"


class ScmineNer:
    """Writes the trained tagger's mentions into ``doc.ents``.

    Parameters
    ----------
    scheme
        ``supermat`` or ``sc-comics``.
    model
        Folder of another model than the packaged one.
    keep
        Whether entities that are there already stay; a mention that overlaps one is then left out.

    Raises
    ------
    ValueError
        If there is no such scheme.
    """

    def __init__(self, scheme: str = "supermat", model: str | None = None, keep: bool = False):
        if scheme not in tuple(Scheme):
            raise ValueError(f"no scheme {scheme!r}; there are {', '.join(Scheme)}")
        if not Span.has_extension(SCORE):
            Span.set_extension(SCORE, default=None)
        self._tagger = TrainedTagger(Scheme(scheme), Path(model) if model else None)
        self._keep = keep

    def __call__(self, doc: Doc) -> Doc:
        """Tag one document."""
        [tagged] = self._tag([doc])
        return tagged

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Tag documents, ``batch_size`` at a time."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            yield from self._tag(batch)

    def _tag(self, docs: list[Doc]) -> list[Doc]:
        passages = [Passage(PassageKind.PARAGRAPH, doc.text) for doc in docs]
        for doc, mentions in zip(docs, self._tagger.tag(passages), strict=True):
            _split_tokens(doc, {at for m in mentions for at in (m.start, m.end)})
            spans = list(doc.ents) if self._keep else []
            taken = {token.i for span in spans for token in span}
            for mention in mentions:
                span = doc.char_span(
                    mention.start, mention.end, label=str(mention.label), alignment_mode="expand"
                )
                if span is not None and taken.isdisjoint(range(span.start, span.end)):
                    span._.set(SCORE, mention.score)
                    spans.append(span)
            doc.ents = filter_spans(spans)
        return docs


def _split_tokens(doc: Doc, bounds: set[int]) -> None:
    """Split the tokens that have one of ``bounds`` (characters of the text) inside."""
    cuts = sorted(bounds)
    with doc.retokenize() as retokenizer:
        for token in doc:
            end = token.idx + len(token)
            inner = cuts[bisect_right(cuts, token.idx) : bisect_left(cuts, end)]
            if inner:
                edges = [token.idx, *inner, end]
                parts = [doc.text[a:b] for a, b in pairwise(edges)]
                retokenizer.split(token, parts, heads=[(token, 0)] * len(parts))


@Language.factory(
    FACTORY,
    assigns=["doc.ents"],
    default_config={"scheme": "supermat", "model": None, "keep": False},
)
def make_scmine_ner(
    nlp: Language, name: str, scheme: str, model: str | None, keep: bool
) -> ScmineNer:
    """spaCy's way of making the component."""
    return ScmineNer(scheme, model, keep)
