"""The plain-text reader: paragraphs, headings and hyphens of hard-wrapped text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scmine.extractors import extract
from scmine.extractors.document import Document, PassageKind, ReadError, Status
from scmine.extractors.formats.plain import looks_like_plain, read_plain

PAPER = """\
Superconductivity of an invented compound

Ada Example and Ben Sample

Abstract

We report that the resis-
tivity of MgB₂ vanishes at 39 K.

1 Introduction

The first paragraph of this text is wrapped at its
width, and it ends here.
   The second one is set in; its superconduc-
tivity is that of LaH10 at 170 GPa.

Figure 1: The resistance of MgB2.
\f
3

References

[1] A. Author, Phys. Rev. B 12, 345 (2001).
[2] B. Author, Phys. Rev. Lett. 13, 678 (2002).
"""


@pytest.fixture
def read_text(tmp_path: Path) -> Callable[[str], Document]:
    """Reads a text as the file of a paper."""

    def run(text: str) -> Document:
        path = tmp_path / "paper.txt"
        path.write_text(text, "utf-8")
        return read_plain(path)

    return run


def _texts(document: Document, kind: PassageKind) -> list[str]:
    return [p.text for p in document.passages if p.kind is kind]


def test_a_paper_falls_into_its_parts(read_text: Callable[[str], Document]) -> None:
    document = read_text(PAPER)
    assert document.metadata.title == "Superconductivity of an invented compound"
    assert document.metadata.authors == ("Ada Example", "Ben Sample")
    assert _texts(document, PassageKind.ABSTRACT) == [
        "We report that the resistivity of MgB2 vanishes at 39 K."
    ]
    assert _texts(document, PassageKind.HEADING) == ["1 Introduction"]
    assert _texts(document, PassageKind.PARAGRAPH) == [
        "The first paragraph of this text is wrapped at its width, and it ends here.",
        "The second one is set in; its superconductivity is that of LaH10 at 170 GPa.",
    ]
    assert _texts(document, PassageKind.CAPTION) == ["Figure 1: The resistance of MgB2."]
    assert [r[:3] for r in document.references] == ["[1]", "[2]"]


def test_text_gives_records(read_text: Callable[[str], Document]) -> None:
    assert 39.0 in {r.tc_K for r in extract(read_text(PAPER)).records}


def test_lines_that_were_never_wrapped_are_paragraphs(
    read_text: Callable[[str], Document],
) -> None:
    first, second = "The sample is old. " * 12, "Its field is high. " * 12
    document = read_text(f"{first}\n{second}\n")
    assert [p.text for p in document.passages] == [first.strip(), second.strip()]


def test_a_short_text_is_one_paragraph(read_text: Callable[[str], Document]) -> None:
    document = read_text("MgB2 has Tc = 39 K.")
    assert [(p.kind, p.text) for p in document.passages] == [
        (PassageKind.PARAGRAPH, "MgB2 has Tc = 39 K.")
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("The T_c of H_3S is 203 K.", "The Tc of H3S is 203 K."),
        ("It is 10^{-3} or 10^-3.", "It is 10-3 or 10-3."),
        ("Others^{73–92} found it.", "Others found it."),
        ("A name_of_it stays.", "A name_of_it stays."),
    ],
)
def test_signs_of_scripts(read_text: Callable[[str], Document], source: str, text: str) -> None:
    assert [p.text for p in read_text(source).passages] == [text]


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"", Status.EMPTY), (b"\n \n", Status.EMPTY), (bytes(range(32)) * 9, Status.FAILED)],
)
def test_files_without_text_say_why(tmp_path: Path, data: bytes, status: Status) -> None:
    path = tmp_path / "paper.txt"
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read_plain(path)
    assert caught.value.status is status


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "paper.txt"
    path.write_bytes(data)
    looks_like_plain(data)
    try:
        document = read_plain(path)
    except ReadError:
        return
    assert document.passages


@pytest.mark.parametrize(
    ("head", "is_plain"),
    [
        (PAPER.encode(), True),
        ("Über MgB2".encode("cp1252"), True),
        (b"", False),
        (b"%PDF-1.4", False),
        (b"<?xml version='1.0'?><TEI/>", False),
        (b"PK\x03\x04\x00\x00\x00\x00", False),
    ],
)
def test_plain_text_is_told_by_what_it_is_not(head: bytes, is_plain: bool) -> None:
    assert looks_like_plain(head) is is_plain
