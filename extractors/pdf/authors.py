"""Authors: people's names in the lines under a title.

A line of names is told from an address by its words, its marks and its type. Which lines stand
under the title lives in ``front_matter``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from scmine.extractors.lexicons import load_words
from scmine.extractors.pdf.lines import Line

MAX_LINES_TO_NAMES = 12
"""So many lines may stand between a title and the first name: logos, dates, a second language."""

MAX_NAMES = 400
"""Collaborations of more people than this are not in this field."""

_SEPARATOR = re.compile(r"\s*(?:[,;&]|\b(?:and|und|et)\b)\s*")
_MARKS = re.compile(r"[\d*†‡§¶#∗+⋆]+(?:\s*\))?|\(\s*\)")
_INITIALS = r"(?:[A-ZÀ-ŽΑ-Ω][a-z]{0,1}\.(?:\s?-\s?)?|[A-ZÀ-Ž](?:-[A-ZÀ-Ž])?(?=\s)|[A-Z]{2}(?=\s))"
_PARTICLE = r"(?:van|von|der|den|de|del|della|da|di|dos|du|la|le|ten|ter|v\.|el|al|zu)"
_WORD = r"(?:(?:d|O|D|L|Mc|Mac|de)?[’'`]?[A-ZÀ-Ž][\w’'`´ˆ˜¨]*(?:\s?[-‐]\s?[A-Za-zÀ-ž][\w’'`]+)*)"
_PERSON = re.compile(
    rf"(?P<given>(?:{_INITIALS}\s*|{_WORD}\s+){{1,4}})(?:{_PARTICLE}\s+){{0,3}}"
    rf"(?P<last>{_WORD})(?:,?\s(?:Jr|Sr|II|III)\.?)?"
)
_FRONT_END = re.compile(
    r"\W*(?:corresponding author|address for|abstract|a b s t r a c t|zusammenfassung|summary|"
    r"pacs\b|key\s?words|contents|inhalt|(?:\d\.|I\.)?\s*introduction)",
    re.I,
)
_POSTCODE = re.compile(r"\d{4}|@|:|https?|www\.")


def authors_in(lines: Sequence[Line]) -> tuple[str, ...]:
    """The names in ``lines``, which follow a title, as printed; empty where it is not sure.

    Names go on over the ends of lines. Groups of names with addresses between them all count, if
    they are set like the first.
    """
    groups: list[list[str]] = []
    style: Line | None = None
    open_group = unfinished = False
    for number, line in enumerate(lines):
        text = _plain(line)
        if not re.search(r"[^\W\d_]", text):
            continue
        if _ends_front(text):
            break
        parts = _parts(text)
        same = style is None or (open_group and unfinished) or _set_alike(style, line)
        unfinished = text.rstrip(" \0").endswith((",", " and", "&"))
        if not same or _is_address(line, text) or not _are_names(parts, bool(groups), open_group):
            open_group = False
            if not groups and number >= MAX_LINES_TO_NAMES:
                break
            continue
        if open_group and groups and not (_is_person(groups[-1][-1]) and _is_person(parts[0])):
            groups[-1][-1] += " " + parts[0]  # the end of the line parts a name
            groups[-1] += parts[1:]
        else:
            groups.append(parts)
        style = style or line
        open_group = True
    names = [name for group in groups for name in group if _is_person(name)]
    return tuple(dict.fromkeys(names[:MAX_NAMES]))


def is_name_line(line: Line) -> bool:
    """Whether ``line`` is a line of two or more names, or of one with initials."""
    text = _plain(line)
    if _is_address(line, text) or _ends_front(text):
        return False
    people = [p for p in _parts(text) if _is_person(p)]
    return (
        bool(people)
        and _are_names(_parts(text), False, False)
        and (len(people) > 1 or "." in people[0])
    )


def _plain(line: Line) -> str:
    """The text with a comma for each superscript: marks of addresses part names."""
    text: list[str] = []
    for char, shift in zip(line.text, line.shifts, strict=True):
        if shift != "sup":
            text.append(char)
        elif not text or text[-1] != "\0":
            text.append("\0")
    # Marks that are not set as superscripts do the same.
    return _MARKS.sub("\0", "".join(text))


def _parts(text: str) -> list[str]:
    found = (re.sub(r"\s+", " ", p) for p in _SEPARATOR.split(text.replace("\0", ",")))
    return [p for p in (p.strip(" :_–—~·•|") for p in found) if p and p != "."]


@cache
def _place_words() -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole words, and the beginnings of words."""
    words = load_words("place_words.txt")
    return (
        frozenset(w for w in words if not w.endswith("-")),
        tuple(w[:-1] for w in words if w.endswith("-")),
    )


def _has_place_word(text: str) -> bool:
    whole, beginnings = _place_words()
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.lower())
    return any(
        w in whole or w.startswith(beginnings) or w.removeprefix("of") in whole for w in words
    )


def _is_address(line: Line, text: str) -> bool:
    """Whether the line begins with an address's mark or holds what only addresses do."""
    head = line.text.lstrip()[:1]
    marked = bool(line.shifts) and line.shifts[0] == "sup"
    return marked or head in "*†‡§¶(" or bool(_POSTCODE.search(line.text)) or _has_place_word(text)


def _is_person(text: str) -> bool:
    return 4 <= len(text) < 45 and _PERSON.fullmatch(text) is not None


def _are_names(parts: Sequence[str], later: bool, goes_on: bool) -> bool:
    """Whether ``parts`` are names; the first and the last may be cut by the line's ends."""
    if not parts:
        return False
    people = sum(_is_person(p) for p in parts)
    if goes_on and all(_name_piece(p) for p in parts):
        return True
    whole = people + (len(parts) > 1 and not _is_person(parts[-1]) and _name_piece(parts[-1]))
    # Far from the title only lines of nothing but names count.
    return people > 0 and (whole == len(parts) if later else whole >= 0.6 * len(parts))


def _name_piece(text: str) -> bool:
    """Whether ``text`` may be a part of a name: initials, a given name, a surname."""
    return len(text) < 45 and all(
        re.fullmatch(rf"{_WORD}|{_PARTICLE}|(?:[A-ZÀ-Ž]\.?-?)+", w) for w in text.split()
    )


def _set_alike(a: Line, b: Line) -> bool:
    return abs(a.size - b.size) < 0.05 * a.size and a.bold == b.bold and a.italic == b.italic


def _ends_front(text: str) -> bool:
    """Whether the line is of the abstract or later: its name, or prose."""
    if _FRONT_END.match(text):
        return True
    words = re.findall(r"[^\W\d_]+", text.lower())
    known = sum(w in load_words("function_words.txt") for w in words)
    small = sum(w[:1].islower() for w in re.findall(r"[^\W\d_]+", text))
    return len(words) >= 8 and known >= 0.2 * len(words) and small > 0.6 * len(words)
