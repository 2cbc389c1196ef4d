"""Words of full text, and what a user's search for words means, for both kinds of database.

Text is cut into words here and not by the database, so that both find the same and a formula is
found however it is printed. What is searched lives in ``scmine.database.search_rows``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

MAX_QUERY_WORDS = 50
"""Words of a search that count; SQLite refuses expressions of a few hundred."""

MAX_WORDS = 10_000
"""Words of one field that are searched; PostgreSQL numbers no more than 16383."""

MAX_WORD = 60
"""Characters of a word that count."""

_WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r'(?P<minus>(?<!\S)[-−–])?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans("“”„«»″", '""""""')


@dataclass(frozen=True, slots=True)
class TextQuery:
    """What a user asks for: runs of words that must all occur, and runs that must not."""

    required: tuple[tuple[str, ...], ...]
    excluded: tuple[tuple[str, ...], ...]


def words(text: str) -> list[str]:
    """The words of ``text`` as they are compared: in lower case, without accents, singular.

    Subscript digits are digits, a dash of any kind parts words.

    >>> words("MgB₂ films"), words("YBa2Cu3O7−δ")
    (['mgb2', 'film'], ['yba2cu3o7', 'δ'])
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    found = _WORD.findall(text.casefold())
    return [_singular(word[:MAX_WORD]) for word in found[:MAX_WORDS]]


@lru_cache(maxsize=65536)
def _singular(word: str) -> str:
    """``word`` without the ending of an English plural, as Harman's S-stemmer takes it off.

    >>> _singular("hydrides"), _singular("studies"), _singular("phys"), _singular("mass")
    ('hydride', 'study', 'phy', 'mass')
    """
    if not word.isascii() or not word.isalpha() or not word.endswith("s"):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y" if len(word) > 4 else word
    if word.endswith(("us", "ss")) or len(word) < 4:
        return word
    return word[:-1]


def read_query(text: str) -> TextQuery:
    """What ``text`` asks for; any text means something, if only nothing.

    Words must all occur; ``"words in quotes"`` must follow each other; ``-word`` and ``-"words"``
    must not occur. A formula with a dash in it is a run of words.

    >>> read_query('MgB2 "critical field" -film')
    TextQuery(required=(('mgb2',), ('critical', 'field')), excluded=(('film',),))
    >>> read_query("YBa2Cu3O7-δ").required
    (('yba2cu3o7', 'δ'),)
    """
    required: list[tuple[str, ...]] = []
    excluded: list[tuple[str, ...]] = []
    left = MAX_QUERY_WORDS
    for term in _TERM.finditer(text.translate(_QUOTES)):
        printed = term["word"] if term["phrase"] is None else term["phrase"]
        run = tuple(words(printed)[:left])
        left -= len(run)
        runs = excluded if term["minus"] else required
        if run and run not in runs:
            runs.append(run)
    return TextQuery(tuple(required), tuple(excluded))


def fts5(query: TextQuery) -> str:
    """The query in the language of SQLite's FTS5; where nothing is required, of what is excluded.

    >>> fts5(read_query('MgB2 "critical field" -film'))
    '("mgb2" AND "critical field") NOT ("film")'
    """
    required = " AND ".join(f'"{" ".join(run)}"' for run in query.required)
    excluded = " OR ".join(f'"{" ".join(run)}"' for run in query.excluded)
    return f"({required}) NOT ({excluded})" if required and excluded else required or excluded


def tsquery(query: TextQuery) -> str:
    """The query as a ``tsquery`` of PostgreSQL; where nothing is required, what is excluded.

    >>> tsquery(read_query('MgB2 "critical field" -film'))
    "('mgb2' & ('critical' <-> 'field')) & !('film')"
    """
    required = " & ".join(_followed(run) for run in query.required)
    excluded = " | ".join(_followed(run) for run in query.excluded)
    return f"({required}) & !({excluded})" if required and excluded else required or excluded


def _followed(run: tuple[str, ...]) -> str:
    words = " <-> ".join(f"'{word}'" for word in run)
    return f"({words})" if len(run) > 1 else words


def tsvector(fields: Iterable[list[str]]) -> str:
    """The words of several fields as a ``tsvector`` of PostgreSQL; no run spans two fields.

    >>> tsvector([["mgb2", "film"], ["mgb2"]])
    "'mgb2':1,4 'film':2"
    """
    places: dict[str, list[int]] = {}
    at = 1
    for field in fields:
        for word in field:
            places.setdefault(word, []).append(at)
            at += 1
        at += 1
    return " ".join(f"'{word}':{','.join(map(str, where))}" for word, where in places.items())
