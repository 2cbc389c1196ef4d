"""The PDF reader: every file gives a document or a named status; warnings say what is missing."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from scmine.extractors import read
from scmine.extractors.document import Document, ReadError, Status
from tests.raw_pdf import US_LETTER, make_pdf, set_lines

LINES = (
    "The transition of niobium nitride was seen at 16 K in all of the films.",
    "Samples of vanadium silicide were cooled in a bath of liquid helium.",
)
TEXT = set_lines(LINES)
SCAN = "q 612 0 0 792 0 0 cm /Im Do Q\n"


def _status(path: Path, data: bytes) -> tuple[Status, str]:
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read(path)
    return caught.value.status, caught.value.reason


def _text(document: Document) -> str:
    return " ".join(p.text for p in document.passages)


def test_text_is_read(read_streams: Callable[..., Document]) -> None:
    document = read_streams(TEXT)
    assert _text(document) == " ".join(LINES)
    assert (document.status, document.page_count, document.warnings) == (Status.DONE, 1, ())
    assert len(document.doc_id) == 64


def test_hidden_text_is_named_in_the_warnings(read_streams: Callable[..., Document]) -> None:
    hidden = "BT 3 Tr /F1 11 Tf 72 500 Td (Tc = 300 K) Tj ET BT 0 Tr 1 g 72 480 Td (white) Tj ET"
    document = read_streams(TEXT + hidden)
    assert _text(document) == " ".join(LINES)
    assert document.warnings == (
        "7 characters not read: invisible",
        "5 characters not read: white",
    )


def test_an_ocr_layer_is_read(read_streams: Callable[..., Document]) -> None:
    document = read_streams(SCAN + "3 Tr " + TEXT)
    assert _text(document) == " ".join(LINES)
    assert document.warnings == ()


def test_a_page_of_images_among_text_makes_it_partial(
    read_streams: Callable[..., Document],
) -> None:
    document = read_streams(SCAN, TEXT, SCAN)
    assert document.status is Status.PARTIAL
    assert document.warnings == ("pages that are images without text: 1, 3 of 3",)
    assert {p.page for p in document.passages} == {2}


def test_boxes_of_a_cropped_page_are_counted_from_its_corner(
    read_streams: Callable[..., Document],
) -> None:
    document = read_streams(TEXT, tree=US_LETTER + "/CropBox [50 60 612 792]")
    first = document.passages[0].words[0].box
    assert (first.x0, first.y1) == (22, pytest.approx(792 - 720 + 11 / 4, abs=0.01))


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", Status.NOT_A_PDF),
        (b"<html>no paper</html>" * 99, Status.NOT_A_PDF),
        (b" " * 1020 + make_pdf(TEXT), Status.NOT_A_PDF),
        (b"%PDF-1.7\n" + bytes(2000), Status.FAILED),
        (make_pdf(TEXT)[:400], Status.FAILED),
        (make_pdf(""), Status.EMPTY),
        (make_pdf("", "", ""), Status.EMPTY),
        (make_pdf("3 Tr " + TEXT), Status.EMPTY),
        (make_pdf(SCAN), Status.NEEDS_OCR),
        (make_pdf(SCAN, ""), Status.NEEDS_OCR),
        (make_pdf("q 60 0 0 60 9 9 cm /Im Do Q"), Status.EMPTY),
        (make_pdf(TEXT, password="secret"), Status.ENCRYPTED),
    ],
)
def test_files_without_a_document(tmp_path: Path, data: bytes, status: Status) -> None:
    found, reason = _status(tmp_path / "paper.pdf", data)
    assert found is status
    assert reason


def test_an_empty_password_is_no_hindrance(read_streams: Callable[..., Document]) -> None:
    assert _text(read_streams(TEXT, password="")) == " ".join(LINES)


def test_text_before_the_header_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "mail.pdf"
    path.write_bytes(b"From: a server\r\n\r\n" + make_pdf(TEXT))
    assert _text(read(path)) == " ".join(LINES)


def test_a_file_without_its_end_is_read_or_failed(tmp_path: Path) -> None:
    data = make_pdf(TEXT)
    path = tmp_path / "paper.pdf"
    path.write_bytes(data[: data.index(b"xref")] + b"trailer << /Root 1 0 R >>")
    assert _text(read(path)) == " ".join(LINES)


def test_a_text_layer_of_garbage_is_broken(tmp_path: Path) -> None:
    rng = random.Random(3)
    lines = ["".join(rng.choices("#$%&!?{}<>=+*/;:0123456789 ", k=70)) for _ in range(30)]
    found, reason = _status(tmp_path / "paper.pdf", make_pdf(set_lines(lines)))
    assert found is Status.BROKEN_TEXT
    assert "letters" in reason


def test_a_missing_file_is_failed(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        read(tmp_path / "gone.pdf")
    assert caught.value.status is Status.FAILED


TABLE = set_lines(["TABLE I. Values of the transition of the films."], y=620) + "".join(
    set_lines([row.split()[k] for row in ("Film Tc P", "NbN 16 1", "Nb 9.2 2", "V 5.4 3")], x, 590)
    for k, x in enumerate((80, 200, 320))
)
RULES = "".join(f"72 {y} m 400 {y} l S\n" for y in (602, 586, 540))


@pytest.mark.parametrize("page", ["", "/CropBox [60 300 600 780]"])
def test_a_ruled_table_on_a_cropped_page(read_streams: Callable[..., Document], page: str) -> None:
    document = read_streams(TEXT + TABLE + RULES, page=page)
    (table,) = document.tables
    assert [[c.text for c in row] for row in table.rows] == [
        ["Film", "Tc", "P"],
        ["NbN", "16", "1"],
        ["Nb", "9.2", "2"],
        ["V", "5.4", "3"],
    ]
    assert len(table.header) == 1
    assert "Values of the transition" in table.caption


def _damaged(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    kind = rng.choice(("flip", "flip", "token", "cut", "truncate"))
    if kind == "truncate":
        return bytes(out[: rng.randrange(len(out))])
    for _ in range(rng.choice((1, 5, 50))):
        at = rng.randrange(len(out) - 50)
        if kind == "flip":
            out[at] = rng.randrange(256)
        elif kind == "cut":
            del out[at : at + rng.randrange(30)]
            if len(out) < 200:
                break
        else:
            out[at : at + 3] = rng.choice((b"<<", b">>", b"[", b"-1", b"null", b"(", b"1e9"))
    return bytes(out)


@pytest.mark.parametrize("source", ["tables", "example"])
def test_damaged_files_give_a_document_or_a_status(tmp_path: Path, root: Path, source: str) -> None:
    if source == "example":
        files = [p.read_bytes() for p in sorted((root / "examples").glob("*.pdf"))]
    else:
        files = [make_pdf(TEXT + TABLE + RULES, TEXT, page="/CropBox [60 300 600 780]")]
    assert files
    path = tmp_path / "paper.pdf"
    rng = random.Random(11)
    statuses = set()
    for number in range(45):
        path.write_bytes(_damaged(files[number % len(files)], rng))
        try:
            statuses.add(read(path).status)
        except ReadError as error:
            statuses.add(error.status)
    assert {Status.DONE, Status.FAILED} <= statuses
