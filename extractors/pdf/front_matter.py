"""Front matter: title, abstract and authors of a paper, and what identifies it.

Works on the lines of the first page and on blocks; the text of passages is made elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from scmine.extractors.document import Metadata, PassageKind
from scmine.extractors.lexicons import load_words
from scmine.extractors.pdf.blocks import Block, Body, plain_heading
from scmine.extractors.pdf.lines import Line

ARXIV_ID = re.compile(
    r"(?:arXiv\s*[:_]\s*)?(?P<old>(?:cond-mat|physics|hep-th|quant-ph|supr-con|mtrl-th)[/_]\d{7})|"
    r"(?:arXiv\s*[:_]?\s*)(?P<new>\d{4}\.\d{4,5})|^(?P<bare>\d{4}\.\d{4,5})(?:v\d+)?(?=\b|_|-)",
    re.I,
)
DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>|]+[^\s\"<>|.,;:)\]]")
_NAME = re.compile(
    r"^(?:[A-ZÀ-Ž][\w’'.-]*\.?\s*-?){1,3}(?:(?:van|von|de|der|den|da|di|del|la|le|ten)\s+){0,2}"
    r"[A-ZÀ-Ž][\w’'-]+(?:\s(?:Jr|Sr|II|III)\.?)?$"
)
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
    candidates = [
        line
        for line in lines
        if line.top < 0.5 * height
        and len(re.findall(r"[^\W\d_]{2,}", line.text)) >= 2
        and not _JOURNAL_LINE.search(line.text)
    ]
    if not candidates:
        return [], list(lines)
    largest = max(line.size for line in candidates)
    if largest > 1.1 * body.size:
        chosen = [line for line in candidates if line.size > 0.93 * largest]
    else:
        chosen = [line for line in candidates if line.bold and line.size >= 0.95 * body.size]
        chosen = chosen or candidates[:1]
    title = [chosen[0]]
    for line in chosen[1:]:
        if 0 < line.y - title[-1].y < 2.6 * line.size and len(title) < 6:
            title.append(line)
        else:
            break
    ids = {id(line) for line in title}
    return title, [line for line in lines if id(line) not in ids]


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
    names: list[str] = []
    for line in (line for block in blocks for line in block.lines):
        plain = "".join(
            c for c, shift in zip(line.text, line.shifts, strict=True) if shift != "sup"
        )
        if _PLACE.search(plain):
            if names:
                break
            continue
        parts = re.split(r"\s*(?:,|;|\band\b|&)\s*", re.sub(r"[*†‡§¶∗\d]", " ", plain))
        found = [re.sub(r"\s+", " ", p).strip(" .") for p in parts]
        found = [p for p in found if _NAME.match(p) and 4 < len(p) < 45]
        if not found and names:
            break
        names += found
    return tuple(dict.fromkeys(names))


def metadata_of(
    path: Path, title: str, authors: tuple[str, ...], first_pages: str, margin: str
) -> Metadata:
    """What identifies the paper, from its first page, its margin and its file name.

    ``margin`` is text that is turned on the first page: arXiv's stamp, if there is one.
    """
    arxiv_id = None
    for text in (margin, path.stem.replace("_", "/", 1), path.stem, first_pages[:600]):
        match = ARXIV_ID.search(text)
        if match:
            arxiv_id = next(g for g in match.groups() if g).replace("_", "/")
            break
    doi = DOI.search(first_pages)
    return Metadata(
        title=title,
        authors=authors,
        doi=doi.group() if doi else None,
        arxiv_id=arxiv_id,
        year=_year(margin, arxiv_id),
    )


def _year(margin: str, arxiv_id: str | None) -> int | None:
    """The year of the arXiv stamp, or else that of the arXiv identifier."""
    stamped = re.search(r"\b\d{1,2} [A-Z][a-z]{2} ((?:19|20)\d{2})\b", margin)
    if stamped:
        return int(stamped.group(1))
    if arxiv_id:
        digits = re.sub(r"^.*/", "", arxiv_id)[:2]
        return (1900 if int(digits) > 90 else 2000) + int(digits)
    return None
