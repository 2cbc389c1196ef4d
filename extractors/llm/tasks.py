"""Tasks: from a document to the requests that are asked about it.

One function a task. Each returns several requests where what is asked about is too long for one.
The same document gives the same requests, byte for byte, so that answers can be kept. What of the
paper is shown lives in ``task_questions`` and ``listed_questions``, the wording in
``scmine.prompts``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scmine.database.record import Record
from scmine.extractors.claim import Claim, Mention
from scmine.extractors.document import Document, Passage
from scmine.extractors.llm import listed_questions, task_questions
from scmine.extractors.llm.cost import messages_tokens, schema_tokens
from scmine.extractors.llm.paper_facts import PaperFacts
from scmine.extractors.llm.questions import ANSWERS as ANSWERS
from scmine.extractors.llm.questions import Question, Window, user_text
from scmine.extractors.llm.request import Message, Request
from scmine.extractors.llm.similar import examples_for
from scmine.prompts.loading import load


def claims_request(
    document: Document,
    passage_index: int,
    *,
    facts: PaperFacts | None = None,
    context_tokens: int = 8192,
    answer_tokens: int = 2048,
) -> list[Request]:
    """What a passage claims.

    Parameters
    ----------
    document
        The paper as read.
    passage_index
        The passage's position in it.
    facts
        What the paper says of its materials, if known already: `PaperFacts.of`, once a paper.
    context_tokens, answer_tokens
        Tokens that the model takes, question and answer together, and those that the answer may
        take of them.

    Examples
    --------
    >>> from scmine.extractors.document import PassageKind
    >>> passage = Passage(PassageKind.ABSTRACT, "MgB2 superconducts at 39 K.")
    >>> [request] = claims_request(Document("d1", "", "", passages=(passage,)), 0)
    >>> request.prompt, request.place, request.shown
    ('claims@1', 'p0', ('p0',))
    """
    window = Window(context_tokens, answer_tokens)
    questions = task_questions.claims_questions(document, passage_index, facts=facts, window=window)
    return _requests(questions, document.doc_id, window)


def table_request(
    document: Document,
    table_index: int,
    *,
    facts: PaperFacts | None = None,
    context_tokens: int = 8192,
    answer_tokens: int = 2048,
) -> list[Request]:
    """What the rows of a table claim; a table without body rows is not asked.

    Long tables are asked in groups of rows, each with the head. Parameters as in `claims_request`.
    """
    window = Window(context_tokens, answer_tokens)
    questions = task_questions.table_questions(document, table_index, facts=facts, window=window)
    return _requests(questions, document.doc_id, window)


def links_request(
    passage: Passage,
    mentions: Sequence[Mention],
    *,
    place: str = "p0",
    doc_id: str = "",
    context_tokens: int = 8192,
    answer_tokens: int = 2048,
) -> list[Request]:
    """Which mentions of a passage belong together; ``m3`` is the fourth of ``mentions``.

    Long passages are asked in parts; mentions in different parts are not linked. Where there are
    no two mentions, nothing is asked.
    """
    window = Window(context_tokens, answer_tokens)
    questions = task_questions.links_questions(passage, mentions, place=place, window=window)
    return _requests(questions, doc_id, window)


def mentions_request(
    passage: Passage,
    scheme: str,
    *,
    place: str = "p0",
    doc_id: str = "",
    context_tokens: int = 8192,
    answer_tokens: int = 2048,
) -> list[Request]:
    """The mentions of a passage under ``scheme`` (``supermat``, ``sc-comics``), for annotation.

    Raises
    ------
    PromptError
        If the prompt knows no such scheme.
    """
    window = Window(context_tokens, answer_tokens)
    questions = task_questions.mentions_questions(passage, scheme, place=place, window=window)
    return _requests(questions, doc_id, window)


def crystal_request(
    document: Document,
    passage_indexes: Sequence[int],
    *,
    table_indexes: Sequence[int] = (),
    facts: PaperFacts | None = None,
    context_tokens: int = 8192,
    answer_tokens: int = 2048,
) -> list[Request]:
    """Which crystal structures passages and tables state, as many places a request as it holds.

    Parameters as in `claims_request`.
    """
    window = Window(context_tokens, answer_tokens)
    questions = task_questions.crystal_questions(
        document, passage_indexes, table_indexes=table_indexes, facts=facts, window=window
    )
    return _requests(questions, document.doc_id, window)


def whose_request(
    document: Document,
    claims: Sequence[Claim],
    *,
    facts: PaperFacts | None = None,
    context_tokens: int = 8192,
    answer_tokens: int = 2048,
) -> list[Request]:
    """Whose claims are; ``c4`` is the fifth of ``claims``. A few of them a request.

    Parameters as in `claims_request`.
    """
    window = Window(context_tokens, answer_tokens)
    questions = listed_questions.whose_questions(document, claims, facts=facts, window=window)
    return _requests(questions, document.doc_id, window)


def check_request(
    document: Document,
    records: Sequence[Record],
    *,
    facts: PaperFacts | None = None,
    context_tokens: int = 8192,
    answer_tokens: int = 2048,
) -> list[Request]:
    """Whether the paper supports records; ``r2`` is the third of ``records``. A few a request.

    Parameters as in `claims_request`.
    """
    window = Window(context_tokens, answer_tokens)
    questions = listed_questions.check_questions(document, records, facts=facts, window=window)
    return _requests(questions, document.doc_id, window)


def _requests(questions: Iterable[Question], doc_id: str, window: Window) -> list[Request]:
    return [_request(question, doc_id, window) for question in questions]


def _request(question: Question, doc_id: str, window: Window) -> Request:
    """The request that asks ``question``, with as many examples as there is room for."""
    prompt = load(question.task)
    answer = ANSWERS[question.task]
    first, last = Message("system", prompt.system), Message("user", user_text(question, prompt))
    room = window.question - schema_tokens(answer) - messages_tokens([first, last])
    worked = examples_for(question, prompt, room)
    turns = [
        turn
        for example in worked
        for turn in (Message("user", example.user), Message("assistant", example.answer))
    ]
    return Request(
        task=question.task,
        prompt=prompt.name,
        messages=(first, *turns, last),
        answer=answer,
        doc_id=doc_id,
        place=question.place,
        shown=question.shown,
    )
