"""Visibility: text that something on the page hides is dropped and counted, other text is read."""

from __future__ import annotations

import pypdfium2 as pdfium
import pytest

from scmine.extractors.pdf.glyphs import GlyphPage, read_glyphs
from tests.raw_pdf import extra_number, make_pdf

FONTS = "/Font << /F1 4 0 R /F2 5 0 R >>"
BOX = "60 390 120 30 re f "
SHOWN = "0 g BT /F1 10 Tf 72 600 Td (shown) Tj ET\n"


def _text(text: str, before: str = "", size: float = 10, x: float = 72, y: float = 400) -> str:
    return f"BT {before} /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n"


def _read(content: str, **keywords: object) -> GlyphPage:
    pdf = pdfium.PdfDocument(make_pdf(content, **keywords))  # type: ignore[arg-type]
    try:
        return read_glyphs(pdf, 0)
    finally:
        pdf.close()


def _chars(page: GlyphPage) -> str:
    return "".join(g.char for g in page.glyphs)


@pytest.mark.parametrize(
    ("reason", "content"),
    [
        ("covered", _text("hidden") + "1 g " + BOX),
        ("covered", _text("hidden") + "0 g " + BOX),
        ("covered", _text("hidden") + "q 200 0 0 60 60 380 cm /Im Do Q "),
        ("in the colour of its ground", "0 g " + BOX + _text("hidden")),
        ("in the colour of its ground", "1 0 0 rg " + BOX + _text("hidden", ".95 0 .05 rg")),
        ("white", "1 g " + BOX + _text("hidden")),
        ("white", "0 g 300 390 9 9 re f " + _text("hidden", "1 g")),
        ("clipped", "q 0 0 10 10 re W n " + _text("hidden") + "Q "),
    ],
)
def test_what_is_painted_but_not_seen_is_dropped_and_counted(reason: str, content: str) -> None:
    page = _read(content + SHOWN)
    assert _chars(page) == "shown"
    assert page.hidden == {reason: 6}


@pytest.mark.parametrize(
    "content",
    [
        "0 g " + BOX + _text("visible", "1 g"),  # white on a dark box
        "0 0 .5 rg " + BOX + _text("visible", "1 1 1 rg"),
        "1 g " + BOX + _text("visible", "0 g"),
        "1 g " + BOX + "0 g " + _text("visible"),
        _text("visible") + "q 0 0 10 10 re W n 1 g " + BOX + "Q ",  # the box is clipped away
        "q 0 0 300 700 re W n " + _text("visible") + "Q ",
        "q 200 0 0 60 60 380 cm /Im Do Q " + _text("visible"),
        _text("visible") + "1 g 60 380 200 12 re f ",  # below its baseline
        "1 g " + _text("visible", "2 Tr 0 G"),  # white letters with black outlines
    ],
)
def test_what_is_seen_is_read(content: str) -> None:
    page = _read(content + SHOWN)
    assert _chars(page) == "visibleshown"
    assert not page.hidden


def test_half_a_number_is_not_read() -> None:
    page = _read(_text("at 123456789 K", size=20) + "1 g 130 390 60 40 re f " + SHOWN)
    assert _chars(page) == "atKshown"
    assert page.hidden == {"covered": 9}


@pytest.mark.parametrize(("state", "shown"), [("OFF", "shown"), ("ON", "layershown")])
def test_optional_content_that_is_off_is_not_read(state: str, shown: str) -> None:
    group = f"{extra_number(0)} 0 R"
    page = _read(
        "/OC /O BDC " + _text("layer") + "EMC\n" + SHOWN,
        page=f"/Resources << {FONTS} /Properties << /O {group} >> >>",
        catalog=f"/OCProperties << /OCGs [{group}] /D << /{state} [{group}] >> >>",
        objects=[("/Type /OCG /Name (a)", None)],
    )
    assert _chars(page) == shown
    assert page.hidden == ({"switched off": 5} if state == "OFF" else {})


def test_text_without_opacity_is_not_read() -> None:
    page = _read(
        "q /G gs " + _text("hidden") + "Q " + SHOWN,
        page=f"/Resources << {FONTS} /ExtGState << /G << /ca 0 >> >> >>",
    )
    assert _chars(page) == "shown"
    assert page.hidden == {"transparent": 6}


@pytest.mark.parametrize(
    ("matrix", "size", "x", "y", "found"),
    [
        (".02 0 0 .02 0 0", 20, 3600, 25000, ""),
        ("40 0 0 40 0 0", 0.25, 2, 10, "form"),
    ],
)
def test_the_size_of_text_in_a_form_counts_its_scale(
    matrix: str, size: float, x: float, y: float, found: str
) -> None:
    page = _read(
        "/X Do\n" + SHOWN,
        page=f"/Resources << {FONTS} /XObject << /X {extra_number(0)} 0 R >> >>",
        objects=[
            (
                f"/Type /XObject /Subtype /Form /BBox [0 0 99999 99999] /Matrix [{matrix}]"
                f" /Resources << {FONTS} >>",
                _text("form", size=size, x=x, y=y),
            )
        ],
    )
    assert _chars(page) == found + "shown"
    assert page.hidden == ({} if found else {"tiny": 4})


def test_areas_in_a_form_are_where_the_form_puts_them() -> None:
    page = _read(
        _text("covered") + _text("visible", y=100) + "q .5 0 0 .5 30 195 cm /X Do Q " + SHOWN,
        page=f"/Resources << {FONTS} /XObject << /X {extra_number(0)} 0 R >> >>",
        objects=[
            (
                "/Type /XObject /Subtype /Form /BBox [0 0 9999 9999] /Matrix [2 0 0 2 0 0]"
                f" /Resources << {FONTS} >>",
                "1 g 30 195 120 30 re f ",
            )
        ],
    )
    assert _chars(page) == "visibleshown"
    assert page.hidden == {"covered": 7}


def test_type_3_fonts_may_state_any_size() -> None:
    font = (
        "/Type /Font /Subtype /Type3 /FontBBox [0 0 2 2] /FontMatrix [10 0 0 10 0 0]"
        f" /CharProcs << /a {extra_number(1)} 0 R >> /Encoding << /Type /Encoding"
        " /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [1]"
        f" /ToUnicode {extra_number(2)} 0 R"
    )
    unicode = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff>"
        " endcodespacerange 1 beginbfchar <61> <0061> endbfchar endcmap end"
    )
    page = _read(
        "BT /T 0.9 Tf 72 400 Td (aaa) Tj ET " + SHOWN,
        page=f"/Resources << /Font << /F1 4 0 R /T {extra_number(0)} 0 R >> >>",
        objects=[(font, None), ("", "1 0 0 0 1 1 d1 0 0 1 1 re f"), ("", unicode)],
    )
    assert _chars(page) == "aaashown"
    assert page.glyphs[0].size > 5


def test_a_scan_in_strips_is_a_scan() -> None:
    strips = "".join(f"q 612 0 0 {792 / 4} 0 {k * 792 / 4} cm /Im Do Q\n" for k in range(4))
    page = _read(strips + _text("recognised", before="3 Tr"))
    assert _chars(page) == "recognised"
    assert page.image_cover == pytest.approx(1.0)


def test_text_under_a_scan_is_its_ocr_layer() -> None:
    page = _read(_text("recognised") + "q 612 0 0 792 0 0 cm /Im Do Q\n")
    assert _chars(page) == "recognised"
    assert not page.hidden
