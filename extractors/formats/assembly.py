"""Assembly: blocks of text without a page made into a document.

Title, front matter, abstract, references, sections and halves of paragraphs are told here for
formats that do not say them. How a format falls into blocks is for its reader.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from scmine.extractors.cells import find_cells
from scmine.extractors.document import Document, Passage, PassageKind, ReadError, Status, Table
from scmine.extractors.formats.table_captions import captioned, join_labels
from scmine.extractors.formats.text_files import TextFile
from scmine.extractors.lexicons import load_words
from scmine.extractors.pdf.blocks import NUMBERED_HEADING, Block, heading_names, plain_heading
from scmine.extractors.pdf.front_matter import authors_of, metadata_of
from scmine.extractors.pdf.lines import Line
from scmine.extractors.pdf.passages import CAPTION
from scmine.extractors.pdf.reading_text import Words, make_passage
from scmine.extractors.pdf.references import PROSE_DENSITY, cut_references, density

FRONT_BLOCKS = 25
"""Title, names, addresses and abstract stand within so many blocks from the start."""

MAX_TITLE = 300
"""A title has fewer characters; the longest of the shared papers has 187."""

MAX_BLOCK = 10_000
"""A longer block is no paragraph; it is cut, so that time grows with the size of the file only."""

_STAMP = re.compile(r"^\s*arXiv\s*:\s*\S+\s*(?:\[[\w.-]+\])?.{0,40}$", re.I)
_PAGE_NUMBER = re.compile(r"^\W*(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*$", re.I)
_PAGE_MARK = re.compile(r"^\{\d+\}-{5,}$")
_KEYWORDS = re.compile(r"^\W*(?:PACS|key\s?words|subject areas)\b", re.I)
_ABSTRACT = re.compile(r"^\s*(?:abstract|a b s t r a c t|zusammenfassung)\b", re.I)
_ABSTRACT_NAMES = ("abstract", "summary", "zusammenfassung")
_ENDED = re.compile(r"[.!?:;]['\"”’)\]]*\s*$")
_NOTE_MARK = re.compile(r"\d{1,2}|[a-z]|[*†‡§¶∗]+")


@dataclass(slots=True)
class Draft:
    """What a reader found in a file, in reading order.

    ``margin`` holds what names the paper outside its text: arXiv's stamp, a converter's heading.
    """

    blocks: list[Block | Table] = field(default_factory=list)
    margin: str = ""


def is_caption(text: str) -> bool:
    """Whether ``text`` is a caption, not a sentence that begins with "Figure 2 shows"."""
    match = CAPTION.match(text)
    if match is None:
        return False
    rest = text[match.end() :].lstrip()
    if match.group("mark").strip():
        return not (match.group("mark") == "(" and re.match(r"[a-z]\)?(?:,| and| shows)", rest))
    return not rest or not rest[0].islower()


def is_heading(text: str, alone: bool) -> bool:
    """Whether ``text``, set as a paragraph, is a heading; ``alone`` says that it is set apart."""
    if not 2 < len(text) < 110 or is_caption(text):
        return False
    if plain_heading(text) in heading_names():
        return True
    return alone and bool(NUMBERED_HEADING.match(text)) and text[-1] not in ".,;"


def assemble(file: TextFile, reader: str, draft: Draft) -> Document:
    """The document of ``draft``.

    Raises
    ------
    ReadError
        ``empty``, if there is no passage and no table.
    """
    margin, items = _drop_furniture(_cut_long(draft.blocks))
    items = join_labels(items)
    words = Words.of([line for item in items if isinstance(item, Block) for line in item.lines])
    tables = captioned(items, words)
    blocks = [item for item in items if isinstance(item, Block)]
    title, blocks = _split_title(blocks)
    front, blocks = _split_front(blocks)
    body, references = cut_references(blocks)
    body = _rejoin(_mark_footnotes(_set_sections(body)))
    passages = [make_passage(PassageKind.TITLE, title, "title", words)] if title else []
    passages += [make_passage(b.kind, b.lines, b.section, words) for b in body]
    passages = [p for p in passages if p.text]
    if not passages and not tables:
        raise ReadError(Status.EMPTY, "the file holds no text")
    name = passages[0].text if title and passages else ""
    first = " ".join([name, *(b.text for b in front), *_abstract_of(passages)])
    metadata = metadata_of(
        file.path, name, authors_of(front), first, f"{draft.margin} {margin}".strip()
    )
    return Document(
        doc_id=file.digest,
        path=str(file.path),
        reader=reader,
        metadata=metadata,
        passages=tuple(passages),
        tables=tuple(tables),
        references=tuple(block.text for block in references),
    )


def _abstract_of(passages: Sequence[Passage]) -> list[str]:
    return [p.text for p in passages if p.kind is PassageKind.ABSTRACT]


def _cut_long(items: Iterable[Block | Table]) -> list[Block | Table]:
    """The items with blocks over ``MAX_BLOCK`` characters cut into several."""
    result: list[Block | Table] = []
    for item in items:
        if isinstance(item, Table) or sum(len(line.text) for line in item.lines) <= MAX_BLOCK:
            result.append(item)
            continue
        for line in item.lines:
            for start in range(0, len(line.text), MAX_BLOCK):
                end = start + MAX_BLOCK
                piece = replace(
                    line,
                    text=line.text[start:end],
                    shifts=line.shifts[start:end],
                    places=line.places[start:end],
                )
                result.append(Block(item.kind, [piece], item.section))
    return result


def _drop_furniture(items: Sequence[Block | Table]) -> tuple[str, list[Block | Table]]:
    """arXiv's stamp, and the items without it, page numbers and running heads."""
    shapes: Counter[str] = Counter(_shape(x.text) for x in items if isinstance(x, Block))
    margin: list[str] = []
    kept: list[Block | Table] = []
    seen: set[str] = set()
    for item in items:
        if isinstance(item, Table):
            kept.append(item)
            continue
        text = item.text.strip()
        shape = _shape(text)
        if _STAMP.match(text):
            margin.append(text)
            continue
        if not text or _PAGE_NUMBER.match(text) or _PAGE_MARK.match(text):
            continue
        repeated = shapes[shape] > 2 and 3 < len(text) < 120 and not is_caption(text)
        if repeated and plain_heading(text) not in heading_names() and not find_cells(text):
            if shape in seen or item.kind is not PassageKind.HEADING:
                continue
            seen.add(shape)  # a running head that repeats the title
        kept.append(item)
    return " ".join(margin), kept


def _shape(text: str) -> str:
    """``text`` without the number at its ends, as running heads differ by the page's only."""
    return re.sub(r"^\W{0,5}\d{1,4}\b|\b\d{1,4}\W{0,5}$", "", text.strip()).strip()


def _split_title(blocks: Sequence[Block]) -> tuple[list[Line], list[Block]]:
    """The title's lines, and the blocks without them."""
    index = next((i for i, b in enumerate(blocks[:6]) if b.kind is PassageKind.HEADING), None)
    if index is not None and plain_heading(blocks[index].text) == "title":
        index = index + 1 if index + 1 < len(blocks) else None
    elif index is None or _names_section(blocks[index]):
        plain = blocks[0] if blocks else None
        short = plain is not None and len(plain.text) < MAX_TITLE and not _ENDED.search(plain.text)
        index = 0 if short and plain and plain.kind is PassageKind.PARAGRAPH else None
    if index is None or not blocks[index].text:
        return [], list(blocks)
    end = index + 1
    while (
        end < len(blocks)
        and blocks[end].kind is blocks[index].kind is PassageKind.HEADING
        and (blocks[end - 1].text[-1:] in "-,:–" or blocks[end].text[:1].islower())
    ):
        end += 1
    title = [line for b in blocks[index:end] for line in b.lines]
    kept = [b for b in blocks[:index] if b.kind is PassageKind.CAPTION]
    name = " ".join(line.text for line in title)
    # Some papers print their title again over the text.
    return title, kept + [b for b in blocks[end:] if b.text != name]


def _names_section(block: Block) -> bool:
    return plain_heading(block.text) in heading_names() or bool(NUMBERED_HEADING.match(block.text))


def _split_front(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The blocks of names and addresses, and the others with the abstract marked."""
    index, count = _find_abstract(blocks)
    if index is None:
        return [], list(blocks)
    front = [b for b in blocks[:index] if b.kind is not PassageKind.CAPTION]
    kept = [b for b in blocks[:index] if b.kind is PassageKind.CAPTION]
    for block in blocks[index : index + count]:
        block.kind, block.section = PassageKind.ABSTRACT, "abstract"
    front = [b for b in front if plain_heading(b.text) not in _ABSTRACT_NAMES]
    return front, kept + list(blocks[index:])


def _find_abstract(blocks: Sequence[Block]) -> tuple[int | None, int]:
    """Where the text begins, and how many of its first paragraphs are the abstract."""
    for i, block in enumerate(blocks[:FRONT_BLOCKS]):
        named = block.kind is PassageKind.HEADING and plain_heading(block.text) in _ABSTRACT_NAMES
        if named:
            count = _paragraphs_from(blocks, i + 1)
            if count:
                return i + 1, count if i + 1 + count < len(blocks) and count <= 6 else 1
        if block.kind is PassageKind.PARAGRAPH and _ABSTRACT.match(block.text):
            return i, 1
    for i, block in enumerate(blocks[:FRONT_BLOCKS]):
        if block.kind is PassageKind.HEADING and _names_section(block):
            return i, 0
        if block.kind is PassageKind.PARAGRAPH and _is_prose(block.text):
            after = blocks[i + 1 : i + 3]
            apart = any(_KEYWORDS.match(b.text) for b in after) or (
                bool(after) and after[0].kind is PassageKind.HEADING
            )
            return i, int(apart)
    return None, 0


def _paragraphs_from(blocks: Sequence[Block], start: int) -> int:
    count = 0
    for block in blocks[start:]:
        if block.kind is not PassageKind.PARAGRAPH or _KEYWORDS.match(block.text):
            break
        count += 1
    return count


def _is_prose(text: str) -> bool:
    """Whether ``text`` is a paragraph of sentences, not names and addresses."""
    found = re.findall(r"[a-z]+", text.lower())
    known = sum(w in load_words("function_words.txt") for w in found)
    return len(found) >= 30 and known > 0.18 * len(found)


def _set_sections(blocks: Sequence[Block]) -> list[Block]:
    section = ""
    for block in blocks:
        if block.kind is PassageKind.HEADING:
            section = block.text
        if block.kind is not PassageKind.ABSTRACT:
            block.section = section
    return list(blocks)


def _mark_footnotes(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with those that begin with a raised mark as footnotes, their marks taken off."""
    for block in blocks:
        line = block.lines[0]
        count = next((i for i, s in enumerate(line.shifts) if s != "sup"), len(line.shifts))
        mark = line.text[:count]
        if block.kind is not PassageKind.PARAGRAPH or not _NOTE_MARK.fullmatch(mark):
            continue
        isotope = mark.isdigit() and re.match(r"[A-Z][a-z]?(?:\W|$)", line.text[count:])
        if isotope or density(line.text) > PROSE_DENSITY:
            continue
        text = line.text[count:]
        count += len(text) - len(text.lstrip())
        block.kind = PassageKind.FOOTNOTE
        block.lines[0] = replace(
            line, text=line.text[count:], shifts=line.shifts[count:], places=line.places[count:]
        )
    return list(blocks)


def _rejoin(blocks: Sequence[Block]) -> list[Block]:
    """Join the halves of paragraphs that a page's end, a float or a formula parted."""
    result: list[Block] = []
    host: Block | None = None
    length = 0
    for block in blocks:
        if block.kind is PassageKind.PARAGRAPH:
            head = block.text.lstrip("([")[:1]
            if host is not None and head.islower() and not _ENDED.search(host.lines[-1].text[-9:]):
                length += len(block.text)
                if length < MAX_BLOCK:
                    host.lines += block.lines
                    continue
            host, length = block, len(block.text)
        elif block.kind in (PassageKind.HEADING, PassageKind.ABSTRACT):
            host = None
        result.append(block)
    return result
