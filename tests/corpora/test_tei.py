"""Where passages, mentions and characters stand in a TEI file."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from scmine.corpora.supermat import normalise_blanks
from scmine.corpora.tei import TeiDocument, scan
from scmine.corpora.types import CorpusError

PATH = Path("a.tei.xml")
START = '<tei xmlns="http://www.tei-c.org/ns/1.0"><text><body>'
END = "</body></text></tei>"
PIECES = ["<p>", "</p>", '<rs type="tc">', "</rs>", "<rs type='tc' xml:id='a'/>", "<hi>", "</hi>"]
PIECES += ["a", "δ𝑇", " ", "\r\n", "\r", "&amp;", "&#13;", "&x;", "<!-- > -->", "<?p?>", "]]>"]
PIECES += ["<![CDATA[&<]]>", "<", ">", "&", '"', "\x00", "<ab type='keywords' n='>'>", "</ab>"]


def read(body: str) -> TeiDocument:
    return scan(PATH, f"{START}{body}{END}".encode(), {"tc"})


def read_or_refused(data: bytes) -> TeiDocument | CorpusError:
    try:
        return scan(PATH, data, {"tc"})
    except CorpusError as error:
        return error


def test_characters_are_found_in_the_bytes_that_spell_them() -> None:
    body = '<p>δ&lt;\r\n<rs type="tc" corresp="#a #b,c" xml:id="t">T</rs></p>'
    data = f"{START}{body}{END}".encode()
    document = scan(PATH, data, {"tc"})
    [passage] = document.passages
    assert passage.text == "δ<\nT"
    assert [(run.text, data[run.first : run.last].decode()) for run in passage.runs] == [
        ("δ", "δ"),
        ("<", "&lt;"),
        ("\n", "\r\n"),
        ("T", "T"),
    ]
    [mention] = passage.mentions
    assert (mention.start, mention.end, mention.ident) == (3, 4, "t")
    assert mention.targets == ("a", "b", "c")
    assert data[slice(*mention.open_tag)].endswith(b'xml:id="t">')
    assert data[slice(*mention.close_tag)] == b"</rs>"
    assert mention.line == 2
    assert document.idents == {"t"}


def test_only_elements_of_tei_make_passages() -> None:
    document = read("<p>a</p><q:p xmlns:q='urn:q'>b</q:p><ab>c</ab>")
    assert [passage.text for passage in document.passages] == ["a", "c"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_is_read_stands_where_it_is_said_to(body: str) -> None:
    data = f"{START}<p>{body}</p>{END}".encode()
    document = read_or_refused(data)
    if isinstance(document, CorpusError):
        assert document.line is not None
        return
    for passage in document.passages:
        assert passage.text == "".join(run.text for run in passage.runs)
        for run in passage.runs:
            spelt = data[run.first : run.last].decode()
            assert spelt.replace("\r", "\n") == run.text or spelt[0] in "&\r"
        for mention in passage.mentions:
            assert data[slice(*mention.open_tag)].startswith(b"<rs")
            if mention.end > mention.start:
                assert data[slice(*mention.close_tag)] == b"</rs>"
        assert normalise_blanks(passage.text, [])[0] == " ".join(passage.text.split())


@given(st.binary(max_size=60), st.integers(0, len(START) + 20))
def test_no_bytes_break_the_scanner(noise: bytes, at: int) -> None:
    data = f"{START}<p>a</p>{END}".encode()
    found = read_or_refused(data[:at] + noise + data[at:])
    assert isinstance(found, TeiDocument) or found.line is not None
