"""Completeness: the share of a file's words that its reader puts into passages, tables, references.

    python benchmarks/completeness.py FILE_OR_FOLDER... [--missing 20]

Words have three letters or more, all but the first in lower case, and are counted as often as they
stand in the file. What is no text of the paper does not count: formulas, addresses, comments,
pictures, and in XML and HTML everything outside title, abstract, body and notes.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path
from statistics import median
from xml.etree.ElementTree import Element

from scmine.extractors import read
from scmine.extractors.document import Document, ReadError
from scmine.extractors.formats.html_tree import read_html
from scmine.extractors.formats.latexml_inline import classes
from scmine.extractors.formats.text_files import read_text_file
from scmine.extractors.formats.xml_tree import read_xml

_WORD = re.compile(r"(?<![^\W_])[^\W\d_][a-zà-ÿß]{2,}(?![^\W_])")
_MARKDOWN_CODE = re.compile(
    r"<!--.*?-->|!\[[^\]]*\](?:\([^()]*\))?|\]\([^()]*(?:\([^()]*\)[^()]*)*\)|</?[a-z][^<>]*>"
    r"|\$\$.*?\$\$|(?<!\\)\$(?:\\.|[^$\\])+\$|https?://\S+|&[a-z]+;",
    re.S | re.I,
)
_BACK = ("back/app-group", "back/fn-group", "floats-group")
_PARTS = {
    "TEI": ("teiHeader/fileDesc/titleStmt/title", "teiHeader/profileDesc/abstract", "text"),
    "article": ("front/article-meta/title-group", "front/article-meta/abstract", "body", *_BACK),
}
_FORMULAS = {"math", "tex-math", "formula", "inline-formula", "disp-formula"}
_OTHERS = {"ref-list", "listBibl", "graphic", "inline-graphic", "supplementary-material", "img"}
_INLINE = {"sub", "sup", "italic", "bold", "i", "b", "em", "a", "span", "hi", "xref", "ref", "rs"}
_FURNITURE = {"ltx_authors", "ltx_ERROR", "ltx_dates", "ltx_missing_citation", "ltx_note_type"} | {
    "ltx_bibliography",
    "ltx_missing_label",
    "ltx_title_abstract",
    "ltx_title_classification",
}


def words(text: str) -> Counter[str]:
    """How often each word stands in ``text``; words parted at line ends are counted as one."""
    joined = re.sub(r"(?<=[^\W\d_])-\s+(?=[a-z])", "", text.replace("\u00ad", ""))
    return Counter(w.lower() for w in _WORD.findall(joined))


def words_of_file(path: Path) -> Counter[str]:
    """The words of the paper in the file ``path``."""
    suffix = path.suffix.lower()
    if suffix in (".md", ".markdown", ".txt"):
        return words(_MARKDOWN_CODE.sub(" ", read_text_file(path, "text").text))
    if suffix in (".html", ".htm"):
        root = read_html(path).root
        articles = [e for e in root.iter("article") if "ltx_document" in classes(e)]
        return words(" ".join(map(_text, articles)))
    root = read_xml(path).root
    kind = "TEI" if str(root.tag).lower().startswith("tei") else "article"
    paper = root if kind == "TEI" or root.tag == kind else next(root.iter(kind))
    parts = (e for name in _PARTS[kind] for e in paper.findall(name))
    return words(" ".join(map(_text, parts)))


def _text(element: Element) -> str:
    """The text of ``element``; formulas and what begins a line part words."""
    text = [element.text or ""]
    for child in element:
        if child.tag in _FORMULAS:
            text.append(" ")
        elif child.tag not in _OTHERS and not classes(child) & _FURNITURE:
            gap = "" if child.tag in _INLINE else " "
            text += (gap, _text(child), gap)
        text.append(child.tail or "")
    return "".join(text)


def words_of_document(document: Document) -> Counter[str]:
    """The words of all that was read."""
    parts = [document.metadata.title, *(p.text for p in document.passages), *document.references]
    parts += [cell.text for t in document.tables for row in t.rows for cell in row]
    return words(" ".join(parts))


def main() -> None:
    """Print the completeness of each file and of all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--missing", type=int, default=0, help="words to list of each file")
    arguments = parser.parse_args()
    shares: list[tuple[float, Path]] = []
    for path in _files(arguments.paths):
        try:
            document = read(path)
        except ReadError as error:
            print(f"{path.name}: {error.status}: {error.reason}")
            continue
        there = words_of_file(path)
        lost = there - words_of_document(document)
        shares.append((1 - lost.total() / max(there.total(), 1), path))
        if arguments.missing:
            print(f"{shares[-1][0]:.4f} {path.name} {lost.most_common(arguments.missing)}")
    for share, path in sorted(shares)[:15]:
        print(f"{share:.4f} {path.name}")
    values = [share for share, _ in shares]
    below = sum(value < 0.98 for value in values)
    print(f"{len(values)} files, median {median(values):.4f}, {below} under 0.98")


def _files(paths: list[Path]) -> list[Path]:
    """The files among ``paths`` and in the folders among them."""
    return sorted(f for p in paths for f in (p.iterdir() if p.is_dir() else [p]) if f.is_file())


if __name__ == "__main__":
    main()
