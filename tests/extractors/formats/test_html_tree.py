"""HTML trees: encodings, what is left out, and limits that keep hostile pages from doing harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.extractors.document import ReadError, Status
from scmine.extractors.formats import html_tree
from scmine.extractors.formats.html_tree import read_html


def _text(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "page.html"
    path.write_bytes(data)
    return "".join(read_html(path).root.itertext())


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<p>Åß</p>".encode(), "Åß"),
        (b"\xef\xbb\xbf" + "<p>Åß</p>".encode(), "Åß"),
        ("<p>Åß</p>".encode("utf-16"), "Åß"),
        (b"<meta charset='iso-8859-1'>" + "<p>Åß</p>".encode("latin-1"), "Åß"),
        (b"<meta charset='no-such'>" + "<p>Åß</p>".encode(), "Åß"),
        (b"<meta charset='utf-8'>" + "<p>Å–ß</p>".encode("cp1252"), "Å–ß"),
        (b"<html><p>a</p></html><script>x</script> b", "a b"),
        (b"<p>a\x00b&alpha;&b;</p>", "a bα&b;"),
    ],
)
def test_encodings_and_characters(tmp_path: Path, data: bytes, expected: str) -> None:
    assert _text(tmp_path, data) == expected


def test_scripts_styles_and_drawings_are_left_out(tmp_path: Path) -> None:
    page = b"<style>p{}</style><p>a<script>x('<p>')</script>b<svg><text>c</text></svg>d</p>"
    assert _text(tmp_path, page) == "abd"


def test_entities_of_the_page_are_not_expanded(tmp_path: Path) -> None:
    page = b"<!DOCTYPE html [<!ENTITY a 'aaaa'>]><p>&a;</p>"
    assert "aaaa" not in _text(tmp_path, page)


@pytest.mark.parametrize("data", [b"", b"<!-- -->"])
def test_a_page_without_elements_is_empty(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        _text(tmp_path, data)
    assert caught.value.status is Status.EMPTY


def test_depth_size_and_number_of_elements_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ReadError, match="nested deeper"):
        _text(tmp_path, b"<div>" * 100_000)
    monkeypatch.setattr(html_tree, "MAX_ELEMENTS", 100)
    with pytest.raises(ReadError, match="elements"):
        _text(tmp_path, b"<p>" * 200)
    monkeypatch.setattr(html_tree, "MAX_BYTES", 100)
    with pytest.raises(ReadError, match="larger"):
        _text(tmp_path, b"x" * 101)
