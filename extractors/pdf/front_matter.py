"""Front matter: which lines are title, authors and abstract of a paper.

Works on the lines of the first page and on blocks; the text of passages is made elsewhere. Names
live in ``authors``, identifiers in ``identity``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scmine.extractors.document import PassageKind
from scmine.extractors.lexicons import load_words
from scmine.extractors.pdf.authors import authors_in, is_name_line
from scmine.extractors.pdf.blocks import Block, Body, heading_names, plain_heading
from scmine.extractors.pdf.identity import ARXIV_ID, DOI, metadata_of, names_journal
from scmine.extractors.pdf.lines import Line

__all__ = [
    "ARXIV_ID",
    "DOI",
    "authors_below",
    "authors_of",
    "mark_abstract",
    "metadata_of",
    "split_title",
]

MAX_TITLE_LINES = 6

_PLACE = re.compile(
    r"Universit|Institut|Department|Laborator|Center|Centre|School|College|Academy|Division|"
    r"Street|Japan|Germany|China|USA|France|Italy|India|Russia|Korea|@|Faculty|Corporation|JST|"
    r"received|dated|Received|Dated|Physics|National|Council|Research",
)


_JOURNAL_LINE = re.compile(
    r"^(?:arxiv|preprint|submitted|typeset|draft|\(?dated|accepted|published|\(?received|to appear|"
    r"lawrence berkeley|uc irvine|university of|journal of|new journal|physical review|available)|"
    r"\bJ\. Phys\. Soc|\(\d{4}\)\s*$|journal of [A-Z]\w+$|doi|https?:|"
    r"vol\. ?\d|permalink|peer review",
    re.I,
)


def split_title(lines: Sequence[Line], height: float, body: Body) -> tuple[list[Line], list[Line]]:
    """The title's lines on the first page, and the page's other lines in their order."""
    title = _labelled_title(lines) or _set_apart_title(lines, height, body)
    ids = {id(line) for line in title}
    return title, [line for line in lines if id(line) not in ids]


def _labelled_title(lines: Sequence[Line]) -> list[Line]:
    """The lines under the label "Title" on the cover page of a repository."""
    labels = {line.text.strip(" :").lower() for line in lines}
    if not {"title", "permalink"} <= labels and not {"title", "publication date"} <= labels:
        return []
    start = next(i for i, x in enumerate(lines) if x.text.strip(" :").lower() == "title")
    label, title = lines[start], list[Line]()
    for line in lines[start + 1 :]:
        if line.bold == label.bold or len(title) == MAX_TITLE_LINES:
            break
        title.append(line)
    return title


def _set_apart_title(lines: Sequence[Line], height: float, body: Body) -> list[Line]:
    """The lines that are larger or bolder than the text, or stand alone above the authors."""
    candidates = [line for line in lines if line.top < 0.5 * height and _may_be_title(line)]
    if not candidates:
        return []
    largest = max(line.size for line in candidates)
    if largest > 1.1 * body.size:
        first = next(line for line in candidates if line.size > 0.93 * largest)
    else:
        bold = [x for x in candidates if x.bold and x.size >= 0.95 * body.size]
        first = (bold or candidates)[0]
    title = _whole_title(first, lines)
    plain = largest <= 1.1 * body.size and not first.bold
    return [] if plain and not _stands_alone(title, lines, body) else title


def _may_be_title(line: Line) -> bool:
    text = line.text.strip()
    return (
        len(re.findall(r"[^\W\d_]{2,}", text)) >= 2
        and not _JOURNAL_LINE.search(text)
        and not re.match(r"\d+(?:\.\d+)+\.?\s", text)
        and plain_heading(text) not in heading_names()
        and not names_journal(text)
    )


def _whole_title(first: Line, lines: Sequence[Line]) -> list[Line]:
    """``first`` with the lines above and below it that go on in its type."""
    title = [first]
    below = [x for x in lines if x is not first and x.y >= first.y - 0.3 * first.size]
    for line in sorted(below, key=lambda x: (round(x.y), x.x0)):
        if line.y - title[-1].y > 2.6 * first.size or len(title) == MAX_TITLE_LINES:
            break
        if not _goes_on(title, first, line):
            break
        title.append(line)
    above = [x for x in lines if x.y < first.y - 0.3 * first.size]
    for line in sorted(above, key=lambda x: -x.y):
        near = title[0].y - line.y < 2.0 * max(line.size, first.size)
        if not (near and _goes_on(title, first, line) and _may_be_title(line)):
            break
        title.insert(0, line)
    return title


def _goes_on(title: Sequence[Line], first: Line, line: Line) -> bool:
    """Whether ``line``, next to ``title``, is set like the title's line ``first`` and no names."""
    left, right = min(x.x0 for x in title), max(x.x1 for x in title)
    beside = any(abs(line.y - x.y) < 0.3 * line.size for x in title)
    return (
        abs(line.size - first.size) < 0.13 * first.size
        and line.bold == first.bold
        and (beside or min(line.x1, right) > max(line.x0, left))
        and not _JOURNAL_LINE.search(line.text)
        and not is_name_line(line)
        and plain_heading(line.text) not in heading_names()
    )


def _stands_alone(title: Sequence[Line], lines: Sequence[Line], body: Body) -> bool:
    """Whether a title set like the text has a gap or names below it and begins like one."""
    text = title[0].text.lstrip()
    below = [x for x in lines if x.y > title[-1].y + 0.3 * title[-1].size]
    following = min(below, key=lambda x: x.y, default=None)
    if not text or text[0].islower() or title[-1].text.rstrip().endswith((",", "-", ";")):
        return False
    return following is not None and (
        is_name_line(following) or following.y - title[-1].y > 1.35 * body.leading
    )


def mark_abstract(blocks: Sequence[Block], body: Body) -> tuple[list[Block], list[Block]]:
    """The blocks with the abstract marked, and the blocks of names and addresses before it."""
    named = _named_abstract(blocks)
    index = named if named is not None else _first_prose(blocks, body)
    if index is None:
        return list(blocks), []
    front = [b for b in blocks[:index] if plain_heading(b.text) != "abstract"]
    # Headings and captions above an abstract are journal names or pictures, not sections.
    kept = [b for b in front if b.kind is PassageKind.CAPTION]
    front = [b for b in front if b.kind is not PassageKind.CAPTION]
    abstract = blocks[index]
    abstract.kind = PassageKind.ABSTRACT
    abstract.section = "abstract"
    return kept + list(blocks[index:]), front


def _named_abstract(blocks: Sequence[Block]) -> int | None:
    for i, block in enumerate(blocks[:25]):
        name = plain_heading(block.text)
        if block.lines[0].page > 2 or name == "introduction":
            return None  # a summary that comes after is a conclusion
        if block.kind is PassageKind.HEADING and name in ("abstract", "summary", "zusammenfassung"):
            following = blocks[i + 1 : i + 2]
            if following and following[0].kind is PassageKind.PARAGRAPH:
                return i + 1
        if block.kind is PassageKind.PARAGRAPH and re.match(
            r"(?:abstract|a b s t r a c t)\b", block.text, re.I
        ):
            return i
    return None


def _first_prose(blocks: Sequence[Block], body: Body) -> int | None:
    """The first paragraph of prose on the first page, if it is set like an abstract."""
    for i, block in enumerate(blocks[:20]):
        if block.lines[0].page > 2:
            return None
        if block.kind is PassageKind.HEADING and re.fullmatch(
            r"introduction|results.*|methods.*", plain_heading(block.text)
        ):
            return None
        words = re.findall(r"[a-z]+", block.text.lower())
        least = 30 if abs(block.lines[0].size - body.size) < 0.05 * body.size else 12
        prose = len(words) >= least and sum(
            w in load_words("function_words.txt") for w in words
        ) > 0.18 * len(words)
        address = len(words) < 40 and _PLACE.search(block.lines[0].text)
        if block.kind is not PassageKind.PARAGRAPH or not prose or address:
            continue
        rest = [b for b in blocks[i + 1 :] if b.kind is PassageKind.PARAGRAPH][:6]
        later = [line for b in rest for line in b.lines if len(line.text) > 30]
        first = block.lines[0]
        apart = (
            abs(first.size - body.size) > 0.04 * body.size
            or first.bold
            or (later and first.column != later[-1].column)
            or (later and max(x.width for x in block.lines) < 0.93 * max(x.width for x in later))
            or any(
                re.match(r"PACS|KEYWORDS|Keywords|Key words", b.text) for b in blocks[i + 1 : i + 3]
            )
            or (i + 1 < len(blocks) and blocks[i + 1].kind is PassageKind.HEADING)
        )
        return i if apart else None
    return None


def authors_of(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The authors' names in the blocks between title and abstract, as printed."""
    return authors_in([line for block in blocks for line in block.lines])


def authors_below(title: Sequence[Line], lines: Sequence[Line]) -> tuple[str, ...]:
    """The authors' names in ``lines``, those of the first page, below its title."""
    if not title or title[0].page != 1 or _labelled_title([*title, *lines]):
        return ()
    edge = title[-1].y + 0.3 * title[-1].size
    below = [line for line in lines if line.y > edge]
    return authors_in(sorted(below, key=lambda line: (round(line.y), line.x0)))


def without_byline(blocks: Sequence[Block], authors: Sequence[str]) -> list[Block]:
    """The blocks without a heading that only names the authors, which papers without abstract have.

    >>> without_byline([], ["A. Writer"])
    []
    """
    kept: list[Block] = []
    bylines: set[str] = set()
    for block in blocks:
        if block.kind is PassageKind.HEADING and block.lines[0].page == 1:
            rest = block.text
            for name in authors:
                rest = rest.replace(name, "")
            if rest != block.text and not re.sub(r"[\d\W]|\band\b", "", rest):
                bylines.add(block.text)
                continue
        if block.section in bylines:
            block.section = ""
        kept.append(block)
    return kept
