"""Broken and hostile PDFs made from sound ones: what ``faults`` feeds to an ingest.

Each kind of damage is a function of the bytes of a paper and a random generator, so that a seed
names a file for good. Bombs are made from nothing. Nothing here runs scmine.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from random import Random

Mutation = Callable[[bytes, Random], bytes]

_OBJECT = re.compile(rb"\b(\d+) 0 obj\b(.*?)\bendobj\b", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_NUMBER = re.compile(rb"(?<=[ /\[])\d{1,6}(?=[ /\]>\r\n])")
_FONT_HEADS = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"%!PS", b"\x01\x00\x04")
"""How TrueType, OpenType, Type 1 and bare CFF fonts begin."""
_BOMB_BYTES = 4 << 30
_BOMB_CHUNK = 1 << 20
_PAGES = 2_000_000
_TREE_DEPTH = 30


def bit_flips(data: bytes, rng: Random) -> bytes:
    """One to 200 bits turned over anywhere."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 5, 20, 200))):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def truncation(data: bytes, rng: Random) -> bytes:
    """The end is missing, as after a download that was cut off."""
    return data[: rng.randrange(1, len(data))]


def lost_head(data: bytes, rng: Random) -> bytes:
    """The beginning is missing."""
    return data[rng.randrange(1, max(2, len(data) // 4)) :]


def overwritten_run(data: bytes, rng: Random) -> bytes:
    """A stretch of the file holds zeros or noise, as from a bad disk."""
    start = rng.randrange(len(data))
    length = min(rng.choice((16, 512, 4096, 65536)), len(data) - start)
    noise = bytes(length) if rng.random() < 0.5 else rng.randbytes(length)
    return data[:start] + noise + data[start + length :]


def swapped_objects(data: bytes, rng: Random) -> bytes:
    """Two objects have each other's bodies: a font is a page, a page an image."""
    found = list(_OBJECT.finditer(data))
    if len(found) < 2:
        return overwritten_run(data, rng)
    first, second = sorted(rng.sample(found, 2), key=lambda m: m.start())
    return (
        data[: first.start(2)]
        + second[2]
        + data[first.end(2) : second.start(2)]
        + first[2]
        + data[second.end(2) :]
    )


def odd_numbers(data: bytes, rng: Random) -> bytes:
    """Lengths, counts, references and coordinates that are something else."""
    found = list(_NUMBER.finditer(data))
    out = bytearray(data)
    for match in rng.sample(found, min(len(found), rng.choice((1, 3, 10, 50)))):
        width = match.end() - match.start()
        out[match.start() : match.end()] = b"".join(b"%d" % rng.randrange(10) for _ in range(width))
    return bytes(out)


def damaged_streams(data: bytes, rng: Random) -> bytes:
    """Bits turned over inside compressed streams, which unpack to nonsense without an error."""
    return _in_streams(data, rng, lambda content: True)


def hostile_fonts(data: bytes, rng: Random) -> bytes:
    """Tables of embedded fonts with other offsets, lengths and instructions."""
    return _in_streams(data, rng, lambda content: content.startswith(_FONT_HEADS))


def _in_streams(data: bytes, rng: Random, wanted: Callable[[bytes], bool]) -> bytes:
    """Flip bits of what some streams unpack to; streams keep their packed length."""
    places = []
    for match in _STREAM.finditer(data):
        try:
            content = zlib.decompressobj().decompress(match[1], 1 << 24)
        except zlib.error:
            continue
        if content and wanted(content):
            places.append((match.start(1), match.end(1), content))
    out = data
    for start, end, content in rng.sample(places, min(3, len(places))):
        # The head of a stream is where fonts have their directories.
        damaged = content
        for _ in range(20):
            at = rng.randrange(min(len(content), rng.choice((64, 512, len(content)))))
            damaged = damaged[:at] + bytes([rng.randrange(256)]) + damaged[at + 1 :]
        packed = zlib.compress(damaged, 9)
        if len(packed) <= end - start:
            out = out[:start] + packed.ljust(end - start, b"\0") + out[end:]
    return out if out != data else bit_flips(data, rng)


MUTATIONS: dict[str, Mutation] = {
    "bit flips": bit_flips,
    "truncated": truncation,
    "head lost": lost_head,
    "overwritten run": overwritten_run,
    "swapped objects": swapped_objects,
    "odd numbers": odd_numbers,
    "damaged streams": damaged_streams,
    "hostile fonts": hostile_fonts,
}
"""The kinds of damage by their names in the table."""


def _file(objects: dict[int, bytes]) -> bytes:
    """A PDF of the given objects, whose number 1 is the catalog."""
    out = b"%PDF-1.7\n"
    offsets = {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, offset in offsets.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, offset)
    size = max(objects) + 1
    return out + b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)


def _one_page(content: bytes, filters: bytes) -> bytes:
    entries = b"<< /Length %d /Filter %b >>" % (len(content), filters)
    return _file(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 612 792] >>",
            3: b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << >> >>",
            4: entries + b"\nstream\n" + content + b"\nendstream",
        }
    )


def zip_bomb(layers: int) -> bytes:
    """A page whose content unpacks to 4 GB of drawing, packed ``layers`` times."""
    packer = zlib.compressobj(9)
    chunk = b"0 0 m 9 9 l S\n" * (_BOMB_CHUNK // 14)
    packed = b"".join(packer.compress(chunk) for _ in range(_BOMB_BYTES // len(chunk)))
    packed += packer.flush()
    for _ in range(layers - 1):
        packed = zlib.compress(packed, 9)
    return _one_page(packed, b"[" + b"/FlateDecode " * layers + b"]")


def page_count_bomb() -> bytes:
    """A tree that has one page two million times."""
    kids = b"3 0 R " * _PAGES
    return _file(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [%b] /Count %d /MediaBox [0 0 9 9] >>" % (kids, _PAGES),
            3: b"<< /Type /Page /Parent 2 0 R /Resources << >> >>",
        }
    )


def page_tree_bomb() -> bytes:
    """A tree of thirty levels, each with the next one ten times: 10^30 pages."""
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    for level in range(_TREE_DEPTH):
        kids = b"%d 0 R " % (level + 3) * 10
        objects[level + 2] = b"<< /Type /Pages /Kids [%b] /Count 2147483647 >>" % kids
    objects[_TREE_DEPTH + 2] = b"<< /Type /Page /MediaBox [0 0 9 9] /Resources << >> >>"
    return _file(objects)


def page_tree_loop() -> bytes:
    """A tree whose only branch is the tree itself."""
    return _file(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [2 0 R] /Parent 2 0 R /Count 1 >>",
        }
    )


def deep_nesting() -> bytes:
    """An array in an array, a hundred thousand times."""
    depth = 100_000
    return _file({1: b"<< /Type /Catalog /Pages " + b"[" * depth + b"]" * depth + b" >>"})


BOMBS: dict[str, Callable[[], bytes]] = {
    "zip bomb": lambda: zip_bomb(1),
    "zip bomb, packed twice": lambda: zip_bomb(2),
    "page-count bomb": page_count_bomb,
    "page-tree bomb": page_tree_bomb,
    "page-tree loop": page_tree_loop,
    "deep nesting": deep_nesting,
}
"""Files that cost far more than their size."""


def mutated(data: bytes, kind: str, seed: int) -> bytes:
    """``data`` with the damage ``kind``; the same for the same seed.

    Examples
    --------
    >>> paper = b"%PDF-1.7 and so on"
    >>> mutated(paper, "truncated", 1) == mutated(paper, "truncated", 1) != paper
    True
    """
    return MUTATIONS[kind](data, Random(f"{kind} {seed}"))
