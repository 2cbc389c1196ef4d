"""A language model's annotations of units, held against the text and merged with the tagger's.

Mentions are asked first; links then, between the merged mentions, so that both can be compared. A
unit that the language model does not answer keeps the tagger's annotations. How a question is
worded lives in ``scmine.extractors.llm.tasks``, what of an answer is believed in ``evidence``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from scmine.corpora.annotation.merging import Merged, merge_links, merge_mentions
from scmine.corpora.annotation.proposing import Proposal
from scmine.corpora.annotation.schema import schema_of
from scmine.corpora.exchange.annotated import AnnotatedText, Annotations
from scmine.extractors.claim import Label, Link, Linker, Mention
from scmine.extractors.document import Passage, PassageKind
from scmine.extractors.llm.answers import LinksAnswer, MentionsAnswer
from scmine.extractors.llm.evidence import Dropped, check_links, check_mentions
from scmine.extractors.llm.request import Asker, Reply, Request
from scmine.extractors.llm.tasks import links_request, mentions_request
from scmine.extractors.schemes import Scheme

_LINKED_WITH = frozenset({Label.MATERIAL, Label.PRESSURE, Label.ME_METHOD})

ReplyHook = Callable[[Reply], None]


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens that the model takes, question and answer together, and those of an answer."""

    context_tokens: int = 8192
    answer_tokens: int = 2048


@dataclass(slots=True)
class Asked:
    """What came of asking: the merged units in the order given, and what was dropped, by reason.

    ``agreement`` counts the mentions of units that were answered by how they came about.
    """

    proposals: list[Proposal]
    agreement: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)


def ask(
    proposals: Sequence[Proposal],
    scheme: Scheme,
    asker: Asker,
    linker: Linker,
    window: Window = Window(),
    on_reply: ReplyHook | None = None,
) -> Asked:
    """The units with the annotations of tagger and language model merged.

    ``before`` of each becomes the merged annotations, with reasons where they differ, and ``doubt``
    grows by the corrections that differences let expect.

    Parameters
    ----------
    linker
        Joins mentions that the tagger alone did not find.
    on_reply
        Called with each reply as it comes.
    """
    texts = [p.text for p in proposals]
    passages = [_passage(text) for text in texts]
    talk = _Talk(asker, on_reply or (lambda reply: None))
    labels = schema_of(scheme).labels
    found: dict[int, list[Mention]] = {}
    for i, replies in talk.ask([_about_mentions(text, scheme, window) for text in texts]):
        found[i] = talk.mentions(replies, passages[i], labels)
    merged: dict[int, Merged] = {}
    links: dict[int, Sequence[Link]] = {}
    for i, theirs in found.items():
        mine = texts[i].before or Annotations()
        merged[i] = merge_mentions(mine.mentions, theirs)
        links[i] = linker.link(passages[i], merged[i].annotations.mentions)
    answered = {} if scheme is not Scheme.SUPERMAT else _links(texts, merged, talk, window)
    result = Asked([], dropped=talk.dropped)
    for i, proposal in enumerate(proposals):
        if i not in merged:
            result.proposals.append(proposal)
            continue
        whole = merge_links(merged[i], links[i], answered.get(i))
        result.agreement.update(str(a) for a in whole.agreement)
        text = replace(proposal.text, before=whole.annotations)
        result.proposals.append(Proposal(text, proposal.doubt + whole.corrections))
    return result


def foreseen(
    proposals: Sequence[Proposal], scheme: Scheme, window: Window = Window()
) -> list[Request]:
    """The questions that `ask` will send, as far as they are known beforehand, each once.

    Links are asked between merged mentions; here the tagger's stand for them.
    """
    requests: dict[Request, None] = {}
    for proposal in proposals:
        text = proposal.text
        requests |= dict.fromkeys(_about_mentions(text, scheme, window))
        mentions = (text.before or Annotations()).mentions
        if scheme is Scheme.SUPERMAT:
            requests |= dict.fromkeys(_about_links(text, mentions, window))
    return list(requests)


def _passage(text: AnnotatedText) -> Passage:
    kind = PassageKind(text.about.get("kind", PassageKind.PARAGRAPH))
    return Passage(kind, text.text, text.about.get("section", ""), sentences=text.sentences)


def _about_mentions(text: AnnotatedText, scheme: Scheme, window: Window) -> list[Request]:
    return mentions_request(
        _passage(text),
        scheme.value,
        doc_id=text.about.get("doc_id", ""),
        context_tokens=window.context_tokens,
        answer_tokens=window.answer_tokens,
    )


def _about_links(text: AnnotatedText, mentions: Sequence[Mention], window: Window) -> list[Request]:
    """The questions about links between mentions; none where there are none to be made."""
    labels = {m.label for m in mentions}
    if Label.TC_VALUE not in labels or not labels & _LINKED_WITH:
        return []
    return links_request(
        _passage(text),
        mentions,
        doc_id=text.about.get("doc_id", ""),
        context_tokens=window.context_tokens,
        answer_tokens=window.answer_tokens,
    )


def _links(
    texts: Sequence[AnnotatedText], merged: dict[int, Merged], talk: _Talk, window: Window
) -> dict[int, list[Link]]:
    """The links of the language model between merged mentions."""
    questions: list[list[Request]] = [[] for _ in texts]
    for i, one in merged.items():
        questions[i] = _about_links(texts[i], one.annotations.mentions, window)
    return {
        i: talk.links(replies, _passage(texts[i]), merged[i].annotations.mentions)
        for i, replies in talk.ask(questions)
    }


class _Talk:
    """Asks questions, and keeps count of what is dropped of the answers."""

    def __init__(self, asker: Asker, on_reply: ReplyHook) -> None:
        self._asker = asker
        self._on_reply = on_reply
        self.dropped: Counter[str] = Counter()

    def ask(self, questions: Sequence[Sequence[Request]]) -> Iterable[tuple[int, list[Reply]]]:
        """The replies to each question of which all parts were answered, in order."""
        wanted = list(dict.fromkeys(part for parts in questions for part in parts))
        replies: dict[Request, Reply] = {}
        for reply in self._asker.ask(wanted):
            self._on_reply(reply)
            if reply.answer is not None:
                replies[reply.request] = reply
        return [
            (i, [replies[part] for part in parts])
            for i, parts in enumerate(questions)
            if parts and all(part in replies for part in parts)
        ]

    def mentions(
        self, replies: Sequence[Reply], passage: Passage, labels: Sequence[str]
    ) -> list[Mention]:
        """The mentions of the answers that stand in the passage, each place once."""
        found: dict[tuple[int, int, str], Mention] = {}
        for reply in replies:
            assert isinstance(reply.answer, MentionsAnswer)
            extractor = f"llm:{self._asker.model}@{reply.request.prompt}"
            mentions, dropped = check_mentions(reply.answer, passage, labels, extractor)
            self._count(dropped)
            found |= {(m.start, m.end, str(m.label)): m for m in mentions}
        return [found[key] for key in sorted(found)]

    def links(
        self, replies: Sequence[Reply], passage: Passage, mentions: Sequence[Mention]
    ) -> list[Link]:
        """The links of the answers whose quotes hold them."""
        found: dict[tuple[int, int, str], Link] = {}
        for reply in replies:
            assert isinstance(reply.answer, LinksAnswer)
            links, dropped = check_links(reply.answer, passage, mentions)
            self._count(dropped)
            found |= {(k.head, k.tail, str(k.label)): k for k in links}
        return [found[key] for key in sorted(found)]

    def _count(self, dropped: Iterable[Dropped]) -> None:
        self.dropped.update(str(d.reason) for d in dropped)
