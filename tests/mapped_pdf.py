"""PDFs whose text layer lies: the page shows one thing, the font's ToUnicode says another."""

from __future__ import annotations

import random
import string
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from scmine.extractors import read
from tests.raw_pdf import extra_number, make_pdf, set_lines


def example_prose(root: Path) -> list[str]:
    """Lines of prose of one of the examples, in plain ASCII."""
    document = read(root / "examples/alloy_onecolumn.pdf")
    text = " ".join(p.text for p in document.passages if p.kind == "paragraph")
    return textwrap.wrap(text.encode("ascii", "ignore").decode(), 85)


def permuted(letters: str, seed: int = 7) -> dict[str, str]:
    """A mapping of ``letters`` onto each other, none onto itself."""
    rng = random.Random(seed)
    order = list(letters)
    rng.shuffle(order)
    return {order[k]: order[(k + 1) % len(order)] for k in range(len(order))}


def shifted(by: int) -> dict[str, str]:
    """Caesar's mapping of the letters."""
    found = {}
    for letters in (string.ascii_lowercase, string.ascii_uppercase):
        found |= {c: letters[(k + by) % 26] for k, c in enumerate(letters)}
    return found


def make_mapped_pdf(pages: Sequence[Sequence[str]], lies: Sequence[Mapping[str, str]]) -> bytes:
    """A PDF of ``pages`` of lines, each with a font that says ``lies`` of its page.

    Characters that are not among a page's lies are said to be what they are.
    """
    fonts, objects = [], []
    count = len(pages)
    for k, mapping in enumerate(lies):
        font, unicode = extra_number(2 * k, count), extra_number(2 * k + 1, count)
        fonts.append(f"/F{k + 10} {font} 0 R")
        objects += [
            (
                f"/Type /Font /Subtype /Type1 /BaseFont /Times-Roman /FirstChar 32 /LastChar 126"
                f" /Encoding /WinAnsiEncoding /ToUnicode {unicode} 0 R",
                None,
            ),
            ("", _cmap(mapping)),
        ]
    contents = [set_lines(lines).replace("/F1 ", f"/F{k + 10} ") for k, lines in enumerate(pages)]
    return make_pdf(
        *contents,
        page=f"/Resources << /Font << {' '.join(fonts)} >> >>",
        objects=objects,
    )


def _cmap(mapping: Mapping[str, str]) -> str:
    pairs = [f"<{c:02x}> <{ord(mapping.get(chr(c), chr(c))):04x}>" for c in range(32, 127)]
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(pairs)} beginbfchar\n" + "\n".join(pairs) + "\nendbfchar\n"
        "endcmap end end"
    )
