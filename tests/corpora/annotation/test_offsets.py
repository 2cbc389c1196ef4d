"""Texts that tools changed are matched by named changes only, and offsets with them."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from scmine.corpora.annotation.offsets import align, utf16_to_code_points, without_controls
from scmine.corpora.annotation.versions import Note

PIECES = (
    "MgB2",
    "😀",
    "𝑇",
    "e\u0301",
    "Å",
    "a\u0300\u0323",
    "\r\n",
    "\r",
    "\n",
    " ",
    "가",
    "각",
    "\x0c",
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
LINE_ENDS = {
    "same": lambda t: t,
    "feeds": lambda t: t.replace("\r\n", "\n").replace("\r", "\n"),
    "pairs": lambda t: t.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n"),
    "blank": lambda t: t.replace("\r", " "),
    "none": lambda t: t.replace("\r", ""),
}
FORMS = {
    "same": lambda t: t,
    "nfc": lambda t: unicodedata.normalize("NFC", t),
    "nfd": lambda t: unicodedata.normalize("NFD", t),
}
ENDS = {
    "same": lambda t: t,
    "feed": lambda t: t + "\n",
    "bom": lambda t: "\ufeff" + t,
    "stripped": str.strip,
}


def words(text: str) -> str:
    """What a text says but for what tools change."""
    plain = unicodedata.normalize("NFD", without_controls(text))
    return "".join(c for c in plain if not c.isspace() and c not in "\ufeff\ufffd")


@given(
    TEXTS.filter(str.strip),
    st.sampled_from(sorted(LINE_ENDS)),
    st.sampled_from(sorted(FORMS)),
    st.sampled_from(sorted(ENDS)),
    st.booleans(),
)
@example("x\r\n", "blank", "same", "feed", False)
def test_every_change_is_undone(
    text: str, line_ends: str, form: str, ends: str, for_xml: bool
) -> None:
    clean = without_controls(text) if for_xml else text
    given_back = ENDS[ends](FORMS[form](LINE_ENDS[line_ends](clean)))
    found = align(text, given_back)
    assert found is not None
    assert (given_back == text) == (not found.notes)
    for start in range(len(given_back)):
        for end in range(start + 1, len(given_back) + 1):
            first, last = found.span(start, end)
            assert 0 <= first <= len(text)
            if words(given_back[start:end]):
                assert first < last
            if not found.widens(start, end):
                assert words(text[first:last]) == words(given_back[start:end])
            else:
                assert words(given_back[start:end]) in words(text[first:last])


@given(TEXTS, st.data())
def test_another_letter_is_another_text(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    assert align(text, f"{text[:at]}Q{text[at:]}") is None
    assert align(f"{text[:at]}Q{text[at:]}", text) is None


def test_blanks_inside_are_not_matched() -> None:
    assert align("Tc  of 39 K", "Tc of 39 K") is None
    assert align("Tc of\u00a039 K", "Tc of 39 K") is None
    assert align("x", "") is None


def test_notes_name_the_changes() -> None:
    found = align("Å\r\nb", "\ufeffA\u030a\nb\n")
    assert found is not None
    assert found.notes == (
        Note.LINE_ENDS,
        Note.UNICODE_FORM,
        Note.BYTE_ORDER_MARK,
        Note.BLANKS_AT_ENDS,
    )
    assert found.span(1, 2) == (0, 1)
    assert found.widens(1, 2)
    assert not found.widens(1, 3)


@given(TEXTS)
def test_utf16_offsets(text: str) -> None:
    points = utf16_to_code_points(text)
    assert len(points) == len(text.encode("utf-16-le")) // 2 + 1
    for unit, point in enumerate(points):
        if point is not None:
            assert len(text[:point].encode("utf-16-le")) // 2 == unit
