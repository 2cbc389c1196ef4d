"""A writer of PDFs from content streams, byte by byte, so that tests hold all that a file says.

The structure is the least that ISO 32000-1 asks for (7.5.2 to 7.5.5).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

FONTS = ("Times-Roman", "Helvetica-Bold", "Times-Italic")
"""What ``/F1``, ``/F2`` and ``/F3`` are in the content streams."""

US_LETTER = "/MediaBox [0 0 612 792]"

_CATALOG, _TREE, _IMAGE, _FIRST_FONT = 1, 2, 3, 4
_FIRST_PAGE = _FIRST_FONT + len(FONTS)
# The padding of passwords, ISO 32000-1, algorithm 2.
_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_FILE_ID = b"0123456789abcdef"
_OWNER = bytes(range(32))
"""The owner's entry; any 32 bytes do, since nobody opens these files as their owner."""
_PERMISSIONS = -4


def make_pdf(
    *contents: str,
    page: str = "",
    tree: str = US_LETTER,
    password: str | None = None,
    catalog: str = "",
    objects: Sequence[tuple[str, str | None]] = (),
) -> bytes:
    """A PDF with one page for each content stream.

    Parameters
    ----------
    contents
        The content streams, in characters of WinAnsi. ``/Im`` is an image of one grey pixel.
    page
        Entries of every page's dictionary.
    tree
        Entries of the page tree's root, which pages inherit.
    password
        Encrypts the streams with RC4 of 40 bits; an empty password opens for everybody.
    catalog
        Entries of the catalog.
    objects
        More objects: the entries of a dictionary, and its stream or None. `extra_number` tells
        their numbers.
    """
    kids = " ".join(f"{_FIRST_PAGE + 2 * k} 0 R" for k in range(len(contents)))
    fonts = " ".join(f"/F{k + 1} {_FIRST_FONT + k} 0 R" for k in range(len(FONTS)))
    resources = f"/Resources << /Font << {fonts} >> /XObject << /Im {_IMAGE} 0 R >> >>"
    image = (
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray"
        " /BitsPerComponent 8"
    )
    key = _key(password) if password is not None else None
    bodies = [
        f"<< /Type /Catalog /Pages {_TREE} 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} {resources} {tree} >>".encode(),
        _stream(b"\x80", image, _IMAGE, key),
    ]
    bodies += [
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>".encode()
        for font in FONTS
    ]
    for k, content in enumerate(contents):
        stream = _FIRST_PAGE + 2 * k + 1
        bodies.append(
            f"<< /Type /Page /Parent {_TREE} 0 R /Contents {stream} 0 R {page} >>".encode()
        )
        bodies.append(_stream(content.encode("cp1252"), "", stream, key))
    for entries, text in objects:
        plain = f"<< {entries} >>".encode()
        number = len(bodies) + 1
        bodies.append(
            plain if text is None else _stream(text.encode("cp1252"), entries, number, key)
        )
    return _file(bodies, _encryption(key) if key is not None else "")


def extra_number(k: int, pages: int = 1) -> int:
    """The number of the ``k``-th of the further objects (from 0) in a file of ``pages`` pages."""
    return _FIRST_PAGE + 2 * pages + k


def set_lines(lines: Sequence[str], x: float = 72, y: float = 720, size: float = 11) -> str:
    """A content stream that sets ``lines`` in Times below each other, from (x, y) in points."""
    shown = "".join(f"({escape(line)}) Tj T*\n" for line in lines)
    return f"BT /F1 {size} Tf {1.25 * size} TL {x} {y} Td\n{shown}ET\n"


def escape(text: str) -> str:
    """``text`` as it stands between the parentheses of a PDF string."""
    for character in "\\()":
        text = text.replace(character, "\\" + character)
    return text


def _file(bodies: Sequence[bytes], trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    root = f"/Size {len(bodies) + 1} /Root {_CATALOG} 0 R {trailer}"
    out += b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (root.encode(), start)
    return bytes(out)


def _stream(data: bytes, entries: str, number: int, key: bytes | None) -> bytes:
    if key is not None:
        # Algorithm 1: each object has its own key, made with its number and generation (0).
        data = _rc4(hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10], data)
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries.encode(), len(data), data)


def _key(password: str) -> bytes:
    """The file's key for a user's password, revision 2 (algorithm 2)."""
    permissions = (_PERMISSIONS & 0xFFFFFFFF).to_bytes(4, "little")
    padded = (password.encode() + _PADDING)[:32]
    return hashlib.md5(padded + _OWNER + permissions + _FILE_ID).digest()[:5]


def _encryption(key: bytes) -> str:
    user = _rc4(key, _PADDING)  # algorithm 4
    return (
        f"/ID [<{_FILE_ID.hex()}> <{_FILE_ID.hex()}>] /Encrypt << /Filter /Standard /V 1 /R 2"
        f" /O <{_OWNER.hex()}> /U <{user.hex()}> /P {_PERMISSIONS} >>"
    )


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
