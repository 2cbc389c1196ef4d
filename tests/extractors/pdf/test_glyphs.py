"""Glyphs: what a page shows, where, and what it hides."""

from __future__ import annotations

import pypdfium2 as pdfium
import pytest

from scmine.extractors.pdf.glyphs import GlyphPage, read_glyphs
from tests.raw_pdf import US_LETTER, make_pdf

SCAN = "q 612 0 0 792 0 0 cm /Im Do Q\n"
STAMP = "q 60 0 0 60 500 700 cm /Im Do Q\n"


def _read(content: str, page: str = "", tree: str = US_LETTER) -> GlyphPage:
    pdf = pdfium.PdfDocument(make_pdf(content, page=page, tree=tree))
    try:
        return read_glyphs(pdf, 0)
    finally:
        pdf.close()


def _show(text: str, x: float = 72, y: float = 500, before: str = "", size: float = 10) -> str:
    return f"BT {before} /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n"


def _chars(page: GlyphPage) -> str:
    return "".join(g.char for g in page.glyphs)


def test_place_is_counted_from_the_top_left_corner() -> None:
    page = _read(_show("ab", x=72, y=500))
    a, b = page.glyphs
    assert (page.width, page.height) == (612, 792)
    assert (a.x0, a.y, a.size) == (pytest.approx(72), pytest.approx(292), 10)
    assert b.x0 == pytest.approx(a.x1)
    assert a.x1 == pytest.approx(72 + 0.444 * 10, abs=0.05)  # Times' "a" is 444/1000 em wide
    assert a.top < a.y < a.bottom


def test_font_says_bold_and_italic() -> None:
    content = "BT /F1 9 Tf 72 500 Td (a) Tj /F2 9 Tf (b) Tj /F3 9 Tf (c) Tj ET"
    styles = [g.style for g in _read(content).glyphs]
    assert [s.bold for s in styles] == [False, True, False]
    assert [s.italic for s in styles] == [False, False, True]


def test_blank_of_the_file_is_noted_with_the_next_glyph() -> None:
    assert [g.spaced for g in _read(_show("a bc")).glyphs] == [False, True, False]


def test_size_counts_the_scale_of_the_text() -> None:
    (glyph,) = _read("q 2 0 0 2 0 0 cm " + _show("a", x=36, y=250, size=5) + "Q").glyphs
    assert (glyph.size, glyph.x0, glyph.y) == (10, pytest.approx(72), pytest.approx(292))


@pytest.mark.parametrize(
    ("reason", "hidden"),
    [
        ("invisible", _show("hidden", before="3 Tr")),
        ("invisible", _show("hidden", before="7 Tr")),
        ("white", _show("hidden", before="1 1 1 rg")),
        ("white", _show("hidden", before="1 g")),
        ("white", _show("hidden", before="0 0 0 0 k")),
        ("tiny", _show("hidden", size=0.5)),
        ("tiny", "q .05 0 0 .05 0 0 cm " + _show("hidden", x=2000, y=9000) + "Q\n"),
        ("off page", _show("hidden", x=-300)),
        ("off page", _show("hidden", x=700)),
        ("off page", _show("hidden", y=900)),
        ("off page", _show("hidden", y=-50)),
    ],
)
def test_hidden_text_is_dropped_and_counted(reason: str, hidden: str) -> None:
    page = _read(_show("shown", y=600) + hidden + "0 g 0 Tr " + _show("again", y=400))
    assert _chars(page) == "shownagain"
    assert page.hidden == {reason: 6}


def test_grey_text_and_small_text_are_read() -> None:
    page = _read(_show("grey", before=".9 g") + _show("small", y=400, size=1.5))
    assert _chars(page) == "greysmall"
    assert not page.hidden


def test_invisible_text_over_a_scan_is_its_ocr_layer() -> None:
    page = _read(SCAN + _show("recognised", before="3 Tr"))
    assert _chars(page) == "recognised"
    assert page.image_cover == pytest.approx(1.0)


def test_invisible_text_beside_a_small_image_stays_hidden() -> None:
    page = _read(STAMP + _show("hidden", before="3 Tr"))
    assert page.hidden == {"invisible": 6}
    assert 0 < page.image_cover < 0.01


@pytest.mark.parametrize(
    ("x", "kept", "dropped"),
    [
        (596, "", 7),  # the right edge cuts off the last digit
        (608, "", 7),  # ... and here all but the first
        (-12, "kg", 5),  # the left edge cuts off some
        (-25, "kg", 5),  # ... and here all
    ],
)
def test_a_word_that_runs_off_the_page_is_dropped_whole(x: float, kept: str, dropped: int) -> None:
    page = _read(_show("12345 kg", x=x))
    assert _chars(page) == kept
    assert page.hidden == {"off page": dropped}


def test_words_before_one_that_runs_off_the_page_stay() -> None:
    page = _read(_show("at 12345", x=585))
    assert _chars(page) == "at"
    assert page.hidden == {"off page": 5}


def test_a_word_running_off_the_page_may_be_painted_twice() -> None:
    # One character of the word is on the page.
    page = _read(_show("12345", x=608) * 2 + _show("next", x=72))
    assert _chars(page) == "next"


@pytest.mark.parametrize("shift", [0, 0.2])
def test_text_painted_twice_is_read_once(shift: float) -> None:
    page = _read(_show("bold") + _show("bold", x=72 + shift))
    assert _chars(page) == "bold"


def test_letters_painted_twice_one_by_one_are_read_once() -> None:
    content = "".join(_show(c, x=72 + 5 * k) * 2 for k, c in enumerate("Tll"))
    assert _chars(_read(content)) == "Tll"


@pytest.mark.parametrize(
    ("boxes", "place", "size", "shown"),
    [
        ({"tree": "/MediaBox [100 200 712 992]"}, (172, 700), (612, 792), (72, 292)),
        ({"tree": "/MediaBox [712 992 100 200]"}, (172, 700), (612, 792), (72, 292)),
        ({"page": "/CropBox [50 60 550 760]"}, (122, 500), (500, 700), (72, 260)),
        ({"tree": US_LETTER + "/CropBox [50 60 550 760]"}, (122, 500), (500, 700), (72, 260)),
        ({"page": "/CropBox [-50 -50 900 900]"}, (72, 500), (612, 792), (72, 292)),
    ],
)
def test_the_page_is_what_its_boxes_leave(
    boxes: dict[str, str],
    place: tuple[float, float],
    size: tuple[float, float],
    shown: tuple[float, float],
) -> None:
    page = _read(_show("a", *place), **boxes)
    (glyph,) = page.glyphs
    assert (page.width, page.height) == size
    assert (glyph.x0, glyph.y) == pytest.approx(shown)


@pytest.mark.parametrize(
    ("turn", "matrix", "size"),
    [
        (90, "0 1 -1 0 100 72", (792, 612)),
        (180, "-1 0 0 -1 540 100", (612, 792)),
        (270, "0 -1 1 0 512 720", (792, 612)),
    ],
)
def test_text_that_is_upright_once_its_page_is_turned(
    turn: int, matrix: str, size: tuple[float, float]
) -> None:
    page = _read(f"BT /F1 10 Tf {matrix} Tm (ab) Tj ET", page=f"/Rotate {turn}")
    a, b = page.glyphs
    assert (page.width, page.height) == size
    assert (a.char, b.char) == ("a", "b")
    assert (a.x0, a.y) == pytest.approx((72, 100))
    assert a.x0 < a.x1 == pytest.approx(b.x0, abs=0.05)
    assert b.y == pytest.approx(100)


def test_turned_text_is_kept_apart() -> None:
    page = _read(_show("text") + "BT /F1 20 Tf 0 1 -1 0 30 300 Tm (arXiv:2001.00001 [x]) Tj ET")
    assert _chars(page) == "text"
    assert page.margin == "arXiv:2001.00001 [x]"


@pytest.mark.parametrize(
    ("matrix", "turn"), [("0 1 -1 0 {} 72", 1), ("-1 0 0 -1 540 {}", 2), ("0 -1 1 0 {} 720", 3)]
)
def test_a_page_whose_text_lies_on_its_side_is_turned(matrix: str, turn: int) -> None:
    rows = "".join(
        f"BT /F1 10 Tf {matrix.format(100 + 20 * k)} Tm (MgB2 has a Tc of 39 K here) Tj ET\n"
        for k in range(15)
    )
    page = _read(rows + _show("7", x=300, y=20))
    assert page.turn == turn
    assert (page.width, page.height) == ((612, 792) if turn == 2 else (792, 612))
    assert _chars(page).startswith("MgB2hasaTcof39Khere")
    assert page.margin == "7"
    first = page.glyphs[:19]
    assert len({round(g.y, 3) for g in first}) == 1
    assert [g.x0 for g in first] == sorted(g.x0 for g in first)


def test_a_figure_with_turned_labels_alone_is_not_turned() -> None:
    page = _read("BT /F1 10 Tf 0 1 -1 0 30 300 Tm (Resistivity) Tj ET")
    assert page.turn == 0
    assert page.glyphs == []


def test_empty_page() -> None:
    page = _read("")
    assert page.glyphs == []
    assert page.image_cover == 0.0


def test_ligatures_are_read_as_letters() -> None:
    tree = US_LETTER + (
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman"
        " /Encoding << /Type /Encoding /Differences [65 /fi /fl /mu /Omega] >> >> >> >>"
    )
    pdf = make_pdf(_show("xABy"), page=tree)
    document = pdfium.PdfDocument(pdf)
    glyphs = read_glyphs(document, 0).glyphs
    document.close()
    assert "".join(g.char for g in glyphs) == "xfifly"
    assert all(g.x0 < g.x1 for g in glyphs)
    assert [g.x0 for g in glyphs] == sorted(g.x0 for g in glyphs)


def _in_font(name: str, text: str) -> str:
    tree = US_LETTER + (
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /" + name + ""
        " /Encoding /WinAnsiEncoding >> >> >>"
    )
    document = pdfium.PdfDocument(make_pdf(_show(text), page=tree))
    try:
        return _chars(read_glyphs(document, 0))
    finally:
        document.close()


@pytest.mark.parametrize(
    ("font", "text", "shown"),
    [
        ("MathematicalPi-One", "6", "±"),
        ("ABCDEF+MathematicalPi-One", "2D5", "−Δ="),
        ("AdvP4C4E74", "\\360\\336\\274", "()="),
        ("AdvTT824b8cb1.I", "5=2;", "5/2,"),
        ("txsy", "hi", "⟨⟩"),
        ("Times-Roman", "5=2;6", "5=2;6"),
    ],
)
def test_symbol_fonts_are_read_by_their_own_encoding(font: str, text: str, shown: str) -> None:
    assert _in_font(font, text) == shown
