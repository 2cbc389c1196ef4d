"""Where settings come from, what is refused, and that the documentation lists them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scmine.pipelines.settings import Settings, SettingsError, load_settings

pytestmark = pytest.mark.usefixtures("own_folder")


def test_arguments_beat_environment_beats_file_beats_default(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_settings().timeout_s == 120
    (own_folder / "scmine.toml").write_text("timeout_s = 1\n")
    assert load_settings().timeout_s == 1
    monkeypatch.setenv("SCMINE_TIMEOUT_S", "2")
    assert load_settings().timeout_s == 2
    assert load_settings(timeout_s=3).timeout_s == 3
    assert load_settings(timeout_s=None).timeout_s == 2


def test_grobids_own_variable_is_read(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own_folder / "scmine.toml").write_text('grobid_url = "http://file"\n')
    assert load_settings().grobid_url == "http://file"
    monkeypatch.setenv("GROBID_URL", "http://theirs")
    assert load_settings().grobid_url == "http://theirs"
    monkeypatch.setenv("SCMINE_GROBID_URL", "http://ours")
    assert load_settings().grobid_url == "http://ours"
    assert load_settings(grobid_url="http://flag").grobid_url == "http://flag"


def test_a_named_file_takes_the_place_of_the_usual_one(own_folder: Path) -> None:
    (own_folder / "scmine.toml").write_text("workers = 1\n")
    (own_folder / "other.toml").write_text('db = "other.db"\n')
    settings = load_settings("other.toml")
    assert (settings.db, settings.workers) == ("other.db", None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("timeout = 5", "timeout: Extra inputs"),
        ("workers = 0", "workers: .*greater"),
        ("workers = 'many'", "workers: .*integer"),
        ("timeout_s = -1", "timeout_s: .*greater"),
        ("reader = 'magic'", "reader: .*'auto', 'pdf' or 'grobid'"),
        ("db = ", r"scmine\.toml: "),
        ("db = ''", "db: "),
    ],
)
def test_bad_files_are_refused_with_the_name_of_the_setting(
    own_folder: Path, text: str, message: str
) -> None:
    (own_folder / "scmine.toml").write_text(text)
    with pytest.raises(SettingsError, match=message):
        load_settings()


def test_a_named_file_has_to_be_there() -> None:
    with pytest.raises(SettingsError, match="not found"):
        load_settings("nowhere.toml")


def test_bad_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCMINE_MEMORY_MB", "lots")
    with pytest.raises(SettingsError, match="memory_MB"):
        load_settings()


def test_every_setting_says_what_it_does() -> None:
    assert all(field.description for field in Settings.model_fields.values())
