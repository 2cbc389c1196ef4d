"""XML from strangers: what is refused, and what damaged files still give."""

from pathlib import Path

import pytest

from scmine.extractors.document import ReadError, Status
from scmine.extractors.formats import xml_tree
from scmine.extractors.formats.xml_tree import read_xml, root_name, text_of


def write(folder: Path, data: bytes) -> Path:
    path = folder / "paper.xml"
    path.write_bytes(data)
    return path


def refusal(folder: Path, data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read_xml(write(folder, data))
    assert caught.value.status is Status.FAILED
    return caught.value.reason


def test_names_lose_their_namespace(tmp_path: Path) -> None:
    source = read_xml(write(tmp_path, b'<t:a xmlns:t="urn:t" t:k="1"><t:b/></t:a>'))
    assert (source.root.tag, source.root[0].tag, source.root.get("k")) == ("a", "b", "1")


def test_entity_bomb_is_refused_with_its_line(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE a [\n<!ENTITY b "bbbb">\n<!ENTITY c "&b;&b;&b;">]>\n<a>&c;</a>'
    reason = refusal(tmp_path, bomb)
    assert "'b'" in reason
    assert "line 2" in reason


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "%s">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY %% x SYSTEM "%s"> %%x;]><a/>',
    ],
)
def test_nothing_is_read_through_an_entity(tmp_path: Path, declaration: bytes) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    reason = refusal(tmp_path, declaration % secret.as_uri().encode())
    assert "entity" in reason


def test_an_outside_dtd_is_not_fetched(tmp_path: Path) -> None:
    dtd = tmp_path / "outside.dtd"
    dtd.write_text('<!ENTITY own "from outside">')
    data = f'<!DOCTYPE a SYSTEM "{dtd.as_uri()}"><a>x&own;y</a>'.encode()
    source = read_xml(write(tmp_path, data))
    assert text_of(source.root) == "x\N{REPLACEMENT CHARACTER}y"
    assert source.warnings == ("entities without a known character: own",)


@pytest.mark.parametrize("doctype", [b"", b'<!DOCTYPE a SYSTEM "a.dtd">'])
def test_named_characters_are_known_without_a_dtd(tmp_path: Path, doctype: bytes) -> None:
    source = read_xml(write(tmp_path, doctype + b"<a>&alpha;&nbsp;&minus;&lt;</a>"))
    assert "".join(source.root.itertext()) == "α\u00a0−<"


def test_broken_xml_names_the_line(tmp_path: Path) -> None:
    reason = refusal(tmp_path, b"<a>\n<b>\n</a>")
    assert "mismatched tag: line 3" in reason


@pytest.mark.parametrize("data", [b"", b"   ", b"plain text", b"<a", b"%PDF-1.5\n", b"\x00" * 9])
def test_what_is_no_xml_fails(tmp_path: Path, data: bytes) -> None:
    assert "not well-formed" in refusal(tmp_path, data)


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    assert "nested deeper" in refusal(tmp_path, b"<a>" * 100_000)


def test_too_many_elements_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_tree, "MAX_ELEMENTS", 10)
    assert "more than 10 elements" in refusal(tmp_path, b"<a>" + b"<b/>" * 10 + b"</a>")


def test_too_large_a_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_tree, "MAX_BYTES", 2**20)
    assert "larger than 1 MB" in refusal(tmp_path, b"<a>" + b" " * 2**20 + b"</a>")


@pytest.mark.parametrize(
    "data",
    [
        "<a>λ = 0.5</a>".encode(),
        "\ufeff<a>λ = 0.5</a>".encode(),
        "\ufeff<a>λ = 0.5</a>".encode("utf-16-le"),
        '<?xml version="1.0" encoding="UTF-16"?><a>λ = 0.5</a>'.encode("utf-16-be"),
        '<?xml version="1.0" encoding="iso-8859-7"?><a>λ = 0.5</a>'.encode("iso-8859-7"),
        '<?xml version="1.0" encoding="us-ascii"?><a>λ = 0.5</a>'.encode(),
        '<?xml version="1.0" encoding="no-such-code"?><a>λ = 0.5</a>'.encode(),
        '<?xml version="1.0" encoding="hex"?><a>λ = 0.5</a>'.encode(),
    ],
)
def test_encodings(tmp_path: Path, data: bytes) -> None:
    assert text_of(read_xml(write(tmp_path, data)).root) == "λ = 0.5"


def test_a_wrong_encoding_survives_with_a_warning(tmp_path: Path) -> None:
    data = b'<?xml version="1.0" encoding="UTF-8"?><a>3 \xc5\x02</a>'
    source = read_xml(write(tmp_path, data))
    assert text_of(source.root) == "3 Å"
    assert source.warnings == (
        "the file is not UTF-8 as it says; read as cp1252",
        "1 control characters not read",
    )


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"<a/>", "a"),
        (
            b"\xef\xbb\xbf <?xml version='1.0'?>\n<!-- <b> -->\n"
            b"<!DOCTYPE x:a [<!ELEMENT a ANY>]>\n<x:a>",
            "a",
        ),
        ("\ufeff<a>".encode("utf-16-le"), "a"),
        (b"text <a>", ""),
        (b"", ""),
        (b"\xff\xfe\x00", ""),
    ],
)
def test_root_name(head: bytes, name: str) -> None:
    assert root_name(head) == name


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "part", [b"<?a?>", b"<!--a-->", b"<!DOCTYPE a [ ] ", b"<!DOCTYPE a>", b" "]
)
def test_no_head_takes_long(part: bytes) -> None:
    assert root_name((part * 4096)[:4096]) == ""
