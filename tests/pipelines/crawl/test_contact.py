"""The contact: what may be sent, where it is kept, and how it is asked for at a real terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.pipelines.crawl.contact import CONTACT_FILE, contact_of
from scmine.pipelines.settings import SettingsError, load_settings

ASK = (
    "from scmine.pipelines.crawl.contact import contact_of\n"
    "from scmine.pipelines.settings import SettingsError, load_settings\n"
    "try: print('got', contact_of(load_settings()))\n"
    "except SettingsError as error: print('wrong:', error)\n"
)

AtTerminal = Callable[..., tuple[str, str]]


@pytest.fixture
def at_terminal(tmp_path: Path) -> AtTerminal:
    """Runs a process at a terminal, where somebody types; what it prints, and what one reads."""

    def run(typed: str, config: Path) -> tuple[str, str]:
        ours, its = pty.openpty()
        try:
            process = subprocess.Popen(
                [sys.executable, "-c", ASK],
                stdin=its,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=os.environ | {"XDG_CONFIG_HOME": str(config), "HOME": str(tmp_path)},
                cwd=tmp_path,
            )
            os.write(ours, typed.encode())
            out, err = process.communicate(timeout=120)
        finally:
            os.close(ours)
            os.close(its)
        return out.strip(), err

    return run


def test_it_is_asked_for_once(at_terminal: AtTerminal, tmp_path: Path) -> None:
    out, err = at_terminal("ada@example.org\n", tmp_path)
    assert out == "got ada@example.org"
    assert "Your e-mail address or web page:" in err
    assert (tmp_path / "scmine" / CONTACT_FILE).read_text() == "ada@example.org\n"
    assert at_terminal("", tmp_path) == ("got ada@example.org", "")
    assert [path.name for path in (tmp_path / "scmine").iterdir()] == [CONTACT_FILE]


@pytest.mark.parametrize(
    "typed", ["ada\n", "\x04", "ada@exämple.org\n", "\n", "a" * 201 + "@b.c\n"]
)
def test_what_is_no_contact_is_not_kept(
    at_terminal: AtTerminal, tmp_path: Path, typed: str
) -> None:
    out, _ = at_terminal(typed, tmp_path)
    assert out.startswith("wrong: crawl_contact: ")
    assert "is no e-mail address and no web page in ASCII" in out
    assert not (tmp_path / "scmine").exists()


def test_one_that_cannot_be_kept_serves_once(at_terminal: AtTerminal, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    out, err = at_terminal("https://example.org/ada\n", tmp_path / "file")
    assert out == "got https://example.org/ada"
    assert f"{CONTACT_FILE}: cannot be written: " in err
    assert "or set crawl_contact" in err


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (b"ada@ex\xc3\xa4mple.org\n", "not a contact in ASCII; delete the file"),
        (b"\xff\xfe", "not a contact in ASCII"),
        (b"", "to be deleted: '' is no e-mail address"),
        (b"ada@example.org\r\nX-Key: 1\n", "to be deleted"),
        (None, "cannot be read: Is a directory"),
    ],
)
def test_a_file_that_holds_none_is_named(tmp_path: Path, kept: bytes | None, words: str) -> None:
    path = tmp_path / CONTACT_FILE
    if kept is None:
        path.mkdir()
    else:
        path.write_bytes(kept)
    with pytest.raises(SettingsError, match=words) as raised:
        contact_of(load_settings(), tmp_path)
    assert str(path) in str(raised.value)


def test_nobody_can_be_asked_where_there_is_no_input(tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -c "$1" <&-', sys.executable, ASK],
        capture_output=True,
        text=True,
        env=os.environ | {"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)},
        cwd=tmp_path,
        timeout=120,
    )
    assert "SCMINE_CRAWL_CONTACT" in done.stdout


@pytest.mark.parametrize(
    "contact",
    ["ada@example.org", "ada+arxiv@mail.example.org", "https://example.org/~ada?x=1", "http://a"],
)
def test_what_people_have_is_taken(contact: str) -> None:
    assert contact_of(load_settings(crawl_contact=contact)) == contact


@given(
    st.text(max_size=30),
    st.sampled_from(["{}ada@example.org", "ada@{}.org", "https://example.org/{}"]),
)
def test_what_is_taken_can_be_sent(text: str, form: str) -> None:
    try:
        contact = contact_of(load_settings(crawl_contact=form.format(text)))
    except SettingsError:
        return
    assert contact.isascii()
    assert contact.isprintable()
    assert not set(contact) & set(" ()<>")
