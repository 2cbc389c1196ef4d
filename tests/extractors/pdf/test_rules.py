"""Rules: the straight lines of a page, in the coordinates of its glyphs."""

from __future__ import annotations

import random

import pypdfium2 as pdfium
import pytest

from scmine.extractors.pdf.rules import PageRules, Rule, Upright
from tests.extractors.pdf.drawn import page_rules
from tests.raw_pdf import US_LETTER, make_pdf, set_lines

LINE = "72 500 m 372 500 l S\n"


def _rules(content: str, page: str = "", tree: str = US_LETTER) -> list[Rule]:
    return page_rules(make_pdf(content, page=page, tree=tree), [1])[1].across


def test_lines_and_thin_boxes_are_rules() -> None:
    found = _rules(LINE + "72 400 300 0.4 re f\n")
    assert {(r.x0, r.x1) for r in found} == {(72, 372)}
    assert [r.y for r in found] == pytest.approx([292, 392], abs=0.5)


def test_short_and_upright_lines_are_none() -> None:
    assert _rules("72 500 m 90 500 l S 72 300 m 72 500 l S") == []


def test_upright_lines() -> None:
    found = page_rules(make_pdf("72 300 m 72 500 l S 100 300 0.5 90 re f 9 9 m 9 12 l S"), [1])[1]
    assert found.upright == [Upright(72, 292, 492), Upright(100.25, 402, 492)]


def test_boxes_and_paths_of_several_lines() -> None:
    box = page_rules(make_pdf("72 400 300 100 re S"), [1])[1]
    assert {(r.x0, r.x1, r.y) for r in box.across} == {(72, 372, 292), (72, 372, 392)}
    assert {(u.x, u.y0, u.y1) for u in box.upright} == {(72, 292, 392), (372, 292, 392)}
    filled = page_rules(make_pdf("72 400 300 100 re f"), [1])[1]
    assert filled == PageRules()  # a shaded area is no frame
    path = page_rules(make_pdf("72 500 m 372 500 l 372 400 l 72 400 l s"), [1])[1]
    assert path.across == [Rule(72, 372, 292), Rule(72, 372, 392)]


def test_what_is_not_painted_is_no_rule() -> None:
    assert _rules("72 500 m 372 500 l n 72 400 300 0.4 re W n") == []


def test_thin_images_are_rules() -> None:
    assert _rules("q 300 0 0 0.5 72 500 cm /Im Do Q") == [Rule(72, 372, pytest.approx(291.75))]
    assert _rules("q 300 0 0 50 72 500 cm /Im Do Q") == []


def test_a_page_is_turned_as_it_is_read() -> None:
    data = make_pdf("100 72 m 100 372 l S")
    assert page_rules(data, [1])[1].upright == [Upright(100, 420, 720)]
    assert page_rules(data, [1], {1: 1})[1].across == [Rule(72, 372, 100)]


def test_pieces_of_one_rule_are_joined() -> None:
    pieces = "".join(f"{x} 500 m {x + 47} 500 l S\n" for x in range(72, 372, 50))
    assert _rules(pieces) == [Rule(72, 369, 292)]
    assert len(_rules(pieces + "480 500 m 520 500 l S")) == 2


@pytest.mark.parametrize(
    ("boxes", "content", "rule"),
    [
        ({"tree": "/MediaBox [100 200 712 992]"}, "172 700 m 472 700 l S", Rule(72, 372, 292)),
        ({"page": "/CropBox [50 60 550 760]"}, "122 500 m 422 500 l S", Rule(72, 372, 260)),
        (
            {"tree": US_LETTER + "/CropBox [50 60 550 760]"},
            "122 500 m 422 500 l S",
            Rule(72, 372, 260),
        ),
        ({"page": "/CropBox [-50 -50 900 900]"}, LINE, Rule(72, 372, 292)),
        ({"page": "/Rotate 90"}, "100 72 m 100 372 l S", Rule(72, 372, 100)),
        ({"page": "/Rotate 180"}, LINE, Rule(240, 540, 500)),
        (
            {"page": "/Rotate 90 /CropBox [50 60 550 760]"},
            "150 132 m 150 432 l S",
            Rule(72, 372, 100),
        ),
        (
            {"page": "/Rotate 270 /CropBox [50 60 550 760]"},
            "150 132 m 150 432 l S",
            Rule(328, 628, 400),
        ),
    ],
)
def test_rules_are_placed_on_the_page_as_shown(
    boxes: dict[str, str], content: str, rule: Rule
) -> None:
    (found,) = _rules(content, **boxes)
    assert (found.x0, found.x1, found.y) == pytest.approx((rule.x0, rule.x1, rule.y))


@pytest.mark.parametrize(
    "boxes",
    [
        "/MediaBox [0 0]",
        "/MediaBox [0 0 /a 792]",
        "/MediaBox 7",
        "/MediaBox [0 0 612 792] /CropBox [1 2 3 (x)]",
        "/MediaBox [0 0 612 792] /Rotate (x)",
    ],
)
def test_broken_boxes_give_no_rules(boxes: str) -> None:
    found = page_rules(make_pdf(LINE, tree=boxes), [1])
    assert list(found) == [1]


def test_damaged_files_never_raise() -> None:
    data = make_pdf(LINE + set_lines(["TABLE I. Values.", "NbN 16 1"]), page="/CropBox [0 0 9 9]")
    rng = random.Random(5)
    tokens = [b"(", b"<<", b">>", b"[", b"]", b"/", b"-1", b"9" * 12, b"null", b"BT", b"re", b"Do"]
    for _ in range(250):
        broken = bytearray(data)
        for _ in range(rng.choice((1, 3, 10))):
            at = rng.randrange(len(broken))
            broken[at : at + rng.randrange(6)] = rng.choice(tokens)
        try:
            found = page_rules(bytes(broken), [1])
        except pdfium.PdfiumError:
            continue  # it is no PDF any more, or has no page
        assert list(found) == [1]
