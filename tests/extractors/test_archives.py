"""Archives: what is taken out of them, what never is, and which end with a reason."""

from __future__ import annotations

import contextlib
import gzip
import io
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.extractors import archives
from scmine.extractors.archives import holds, is_archive, safe_name, unpack
from scmine.extractors.document import ReadError, Status


def _is_tex(name: str) -> bool:
    return name.endswith(".tex")


def make_tar(files: dict[str, bytes], *extra: tarfile.TarInfo, mode: str = "w") -> bytes:
    """A tar of ``files`` and of members without content."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as tar:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        for info in extra:
            tar.addfile(info)
    return stream.getvalue()


def make_zip(files: dict[str, bytes]) -> bytes:
    """A zip of ``files``."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return stream.getvalue()


def _link(name: str, target: str, kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


FILES = {"main.tex": b"text", "sub/part.tex": b"more", "figure.eps": b"x" * 5000}


@pytest.mark.parametrize(
    "data",
    [
        make_tar(FILES),
        make_tar(FILES, mode="w:gz"),
        gzip.compress(make_tar(FILES)),
        make_zip(FILES),
    ],
    ids=["tar", "tar.gz", "gz of tar", "zip"],
)
def test_wanted_files_are_taken(data: bytes) -> None:
    assert is_archive(data)
    archive = unpack(data, _is_tex)
    assert archive.files == {"main.tex": b"text", "sub/part.tex": b"more"}
    assert archive.names == list(FILES)
    assert holds(data, _is_tex, bool)
    assert not holds(data, lambda name: name.endswith(".pdf"), bool)


def test_a_gzip_of_one_file_has_no_name() -> None:
    data = gzip.compress(b"\\documentclass{article}")
    archive = unpack(data, _is_tex)
    assert archive.single
    assert archive.files == {"": b"\\documentclass{article}"}
    assert holds(data, _is_tex, lambda content: content.startswith(b"\\doc"))


@pytest.mark.parametrize("make", [make_tar, make_zip])
@pytest.mark.parametrize(
    "name", ["../out.tex", "/etc/out.tex", "a/../../out.tex", "..\\out.tex", "C:\\out.tex"]
)
def test_nothing_lies_outside(make: object, name: str) -> None:
    archive = unpack((make_tar if make is make_tar else make_zip)({name: b"x"}), _is_tex)
    assert archive.files == {}
    assert archive.warnings == ["1 files of the archive lie outside it and are not read"]


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_are_not_followed(kind: bytes) -> None:
    archive = unpack(make_tar({"a.tex": b"a"}, _link("b.tex", "/etc/passwd", kind)), _is_tex)
    assert archive.files == {"a.tex": b"a"}
    assert "1 links or devices" in archive.warnings[0]


def test_links_in_a_zip_are_not_followed() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        info = zipfile.ZipInfo("link.tex")
        info.external_attr = 0o120777 << 16
        file.writestr(info, "/etc/passwd")
    assert unpack(stream.getvalue(), _is_tex).files == {}


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(bytes(80 << 20)),
        gzip.compress(make_tar({"a.eps": bytes(80 << 20)})),
        make_zip({f"{i}.tex": bytes(20 << 20) for i in range(8)}),
    ],
    ids=["gz", "tar.gz", "zip"],
)
def test_bombs_are_not_unpacked(data: bytes) -> None:
    assert len(data) < 200_000
    with pytest.raises(ReadError, match=r"MB") as error:
        unpack(data, _is_tex)
    assert error.value.status is Status.FAILED


def test_files_that_say_they_are_too_large_are_left_out() -> None:
    archive = unpack(make_zip({"a.tex": bytes(80 << 20), "b.tex": b"b"}), _is_tex)
    assert archive.files == {"b.tex": b"b"}
    assert "more than 64 MB" in archive.warnings[0]


def test_a_zip_that_lies_about_sizes_is_not_unpacked() -> None:
    data = bytearray(make_zip({"a.tex": bytes(80 << 20)}))
    for place in (data.find(b"PK\x03\x04") + 22, data.find(b"PK\x01\x02") + 24):
        data[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(ReadError):
        unpack(bytes(data), _is_tex)


def test_too_many_files_are_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 100)
    files = {f"{i}.tex": b"" for i in range(101)}
    for data in (make_tar(files), make_zip(files)):
        with pytest.raises(ReadError, match="more than 100 files"):
            unpack(data, _is_tex)


def test_archives_within_are_not_opened() -> None:
    inner = make_tar({"a.tex": b"a"}, mode="w:gz")
    assert unpack(make_zip({"inner.tar.gz": inner}), _is_tex).files == {}


def test_files_with_a_password_say_so() -> None:
    data = bytearray(make_zip({"a.tex": b"secret"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    with pytest.raises(ReadError) as error:
        unpack(bytes(data), _is_tex)
    assert error.value.status is Status.ENCRYPTED


@pytest.mark.parametrize("make", [make_tar, make_zip, lambda f: gzip.compress(make_tar(f))])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_archives_that_are_cut_off_say_so(make: object, share: float) -> None:
    data = make({"a.tex": bytes(range(256)) * 400, "b.tex": b"b" * 9000})  # type: ignore[operator]
    cut = data[: int(share * len(data))]
    with pytest.raises(ReadError, match=r"cut off|no tar") as error:
        unpack(cut, _is_tex)
    assert error.value.status is Status.FAILED


@pytest.mark.parametrize(
    "data", [b"", b"text", b"\x1f\x8b", b"PK\x03\x04", b"\x1f\x8b" + bytes(99)]
)
def test_what_is_no_archive_says_so(data: bytes) -> None:
    with pytest.raises(ReadError):
        unpack(data, _is_tex)


@settings(deadline=None)
@given(
    st.binary(max_size=2000),
    st.sampled_from([b"", b"\x1f\x8b\x08\x00", b"PK\x03\x04", b"PK\x05\x06"]),
)
def test_any_bytes_give_an_archive_or_a_reason(data: bytes, magic: bytes) -> None:
    with contextlib.suppress(ReadError):  # and nothing else
        unpack(magic + data, _is_tex)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_damaged_archives_give_files_or_a_reason(data: st.DataObject) -> None:
    whole = data.draw(
        st.sampled_from([make_tar(FILES), make_tar(FILES, mode="w:gz"), make_zip(FILES)])
    )
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ReadError):  # and nothing else
        archive = unpack(bytes(broken), _is_tex)
        assert all(safe_name(name) == name for name in archive.files)


def test_a_member_without_a_name_is_passed_over() -> None:
    """A zip whose directory says that a name has no characters; zipfile itself stumbles on it."""
    whole = make_zip({"main.tex": b"text"})
    length_at = whole.index(b"PK\x01\x02") + 28
    lengths = bytes([0, 0, 0, 0, len("main.tex"), 0])  # of name, extra field and comment
    archive = unpack(whole[:length_at] + lengths + whole[length_at + 6 :], _is_tex)
    assert not archive.files


@given(st.text(max_size=60))
def test_safe_names_stay_inside(name: str) -> None:
    found = safe_name(name)
    if found is not None:
        assert not found.startswith("/")
        assert ".." not in found.split("/")
        assert safe_name(found) == found
