"""Plug-ins as they are installed: the example of the documentation, and broken ones."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scmine.pipelines.crawl.crossref import Crossref
from scmine.pipelines.crawl.doi_offers import DoiOffers
from scmine.pipelines.crawl.errors import CrawlError
from scmine.pipelines.crawl.http import PoliteWeb
from scmine.pipelines.crawl.ids import IdsSource
from scmine.pipelines.crawl.paper import FileKind, ListedPaper, Offer, Server
from scmine.pipelines.crawl.plugins import PluginError, offer_plugins, plugin_source
from scmine.pipelines.crawl.run import crawl
from scmine.pipelines.crawl.web import NoWeb
from tests.crawl_clock import CrawlClock
from tests.crossref_server import CrossrefServer, Fault, made_work
from tests.pipelines.crawl.shelf import PROCESSOR, shelf_settings

TOKEN = "made-token-7c1f"
DOI = "10.5555/made.1"
PAPER = ListedPaper("list", DOI, 1, "On MgB2", doi=DOI)
JATS = (
    b'<?xml version="1.0"?><article><front><article-meta/></front><body><p>The critical '
    b"temperature of MgB2 is 39 K</p></body></article>"
)

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs packages of one module as pip does, in a folder of the test."""
    site = tmp_path / "site"
    site.mkdir()
    made: list[str] = []

    def install(module: str, code: str, entry_points: str) -> None:
        (site / f"{module}.py").write_text(code, "utf-8")
        info = site / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(entry_points)
        made.append(module)
        monkeypatch.syspath_prepend(site)

    yield install
    for module in made:
        sys.modules.pop(module, None)


@pytest.fixture
def example(root: Path, install: Install) -> Callable[[], None]:
    """Installs the example of the documentation."""

    def make() -> None:
        page = (root / "docs" / "crawl.md").read_text("utf-8").split("## Plug-ins")[1]
        (code,) = re.findall(r"^```python\n(.*?)^```", page, re.M | re.S)
        (project,) = re.findall(r"^```toml\n(.*?)^```", page, re.M | re.S)
        groups = tomllib.loads(project)["project"]["entry-points"]
        lines = [
            line
            for group, entries in groups.items()
            for line in (f"[{group}]", *(f"{name} = {value}" for name, value in entries.items()))
        ]
        install("scmine_example_press", code, "\n".join(lines))

    return make


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[CrossrefServer]:
    with CrossrefServer() as server:
        server.works[DOI] = made_work(DOI)
        monkeypatch.setenv("EXAMPLE_PRESS_URL", server.url)
        monkeypatch.setenv("EXAMPLE_PRESS_TOKEN", TOKEN)
        yield server


def run(server: CrossrefServer, folder: Path, told: list[str]) -> None:
    """Crawl a list with the DOI; the server of Crossref is another one."""
    with CrossrefServer() as crossref:
        crossref.works = server.works
        given = {"crossref_url": crossref.url, "crawl_contact": "ada@example.org"}
        settings = shelf_settings(folder).model_copy(update=given | {"crawl_interval_s": 0})
        web = PoliteWeb(settings, CrawlClock(), folder / "pace")
        offers = DoiOffers(settings, web, None, offer_plugins(told.append))
        source = IdsSource(settings, web, Crossref(settings, web, None), offers, [DOI], "list")
        summary = crawl(source, settings, web, processor=PROCESSOR)
        told += [problem.reason for problem in summary.problems]
        assert all("authorization" not in asked.headers for asked in crossref.asked)


def test_the_example_of_the_documentation_brings_text(
    example: Callable[[], None],
    server: CrossrefServer,
    own_folder: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    example()
    server.faults["/articles/"] = Fault(200, JATS, {"Content-Type": "application/xml"})
    told: list[str] = []
    run(server, own_folder, told)
    (asked,) = server.asked
    assert asked.path == "/articles/10.5555%2Fmade.1"
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    (path,) = own_folder.glob("crawled/list/*/*")
    assert path.read_bytes() == JATS
    kept = [p.read_bytes() for p in own_folder.rglob("*") if p.is_file() and "site" not in p.parts]
    said = "".join([*told, *capfd.readouterr()]).encode()
    assert all(TOKEN.encode() not in text for text in [*kept, said])


def test_a_token_does_not_follow_a_redirect(
    example: Callable[[], None], server: CrossrefServer, own_folder: Path
) -> None:
    example()
    with CrossrefServer() as thief:
        location = {"Location": f"{thief.url}/files/x"}
        server.faults["/articles/"] = Fault(302, headers=location)
        told: list[str] = []
        run(server, own_folder, told)
        assert thief.asked == []
    assert "another server" in told[0]
    assert TOKEN not in told[0]


def test_without_a_token_the_example_offers_nothing(
    example: Callable[[], None], server: CrossrefServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EXAMPLE_PRESS_TOKEN")
    example()
    (plugin,) = offer_plugins(print)
    assert list(plugin.offers(PAPER)) == []


def test_headers_are_not_shown() -> None:
    offer = Offer(FileKind.XML, "https://x", Server.VOUCHED, (("Authorization", TOKEN),))
    assert TOKEN not in repr(offer)


URL = "https://tdm.example.org/x"
LOADS = "[scmine.crawl_offers]\nbad = bad_plugin:Bad\n"
OFFER = "from scmine.pipelines.crawl.paper import FileKind, Offer\n"


def gives(body: str, hosts: str = '("tdm.example.org",)') -> str:
    return f"{OFFER}class Bad:\n    hosts = {hosts}\n    def offers(self, paper):\n        {body}\n"


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("import no_such_module", "plug-in bad: ModuleNotFoundError"),
        ("x = (", "plug-in bad: SyntaxError"),
        (f"class Bad:\n    def __init__(self): raise KeyError('{TOKEN}')", "plug-in bad: KeyError"),
        ("class Bad: pass", "gives no `hosts`, or has no `offers`"),
        (gives("pass", '"tdm.example.org"'), "gives no `hosts`"),
        (gives("pass", "()"), "gives no `hosts`"),
        (gives(f"raise ValueError('{TOKEN}')"), "plug-in bad: ValueError at bad_plugin.py:5"),
        (gives("return 3"), "plug-in bad: TypeError"),
        (gives("return ['x']"), "gives something that is no Offer"),
        (gives("yield Offer('pdf ', 'x')"), "gives something that is no Offer"),
        (gives("yield Offer(FileKind.PDF, '/etc/passwd')"), "no address of a web server"),
        (gives("yield Offer(FileKind.PDF, 'https://example.org/x')"), "none of its hosts"),
        (gives("yield Offer(FileKind.PDF, 'http://tdm.example.org/x')"), "without https"),
        (
            gives(f"yield Offer(FileKind.PDF, '{URL}', headers=(('A', '{TOKEN}\\n'),))"),
            "header that cannot be sent: 'A'",
        ),
        (
            gives("yield from [Offer(FileKind.PDF, 'https://tdm.example.org/x')] * 99"),
            "too many offers",
        ),
    ],
)
def test_a_broken_plugin_is_named_and_ends_nothing(
    install: Install, code: str, problem: str
) -> None:
    install("bad_plugin", code, LOADS)
    good = gives("yield Offer(FileKind.PDF, 'https://tdm.example.org/x')").replace("Bad", "Good")
    install("good_plugin", good, "[scmine.crawl_offers]\ngood = good_plugin:Good\n")
    told: list[str] = []
    plugins = offer_plugins(told.append)
    offers = [offer for plugin in plugins for offer in plugin.offers(PAPER)]
    assert offers[-1] == Offer(FileKind.PDF, "https://tdm.example.org/x", Server.VOUCHED)
    (words,) = told
    assert problem in words
    assert TOKEN not in words


SOURCE = """
from scmine.pipelines.crawl.paper import ListedPaper, Page
class Made:
    name = {name!r}
    def __init__(self, settings, web, words):
        self.query = words
    def pages(self, since, cursor=None):
        yield Page((ListedPaper(self.name, "1", 1, self.query),))
    def offers(self, paper):
        return iter(())
"""
SOURCES = "[scmine.crawl_sources]\nmade = made_source:Made\n"


def test_a_source_can_be_added(install: Install, tmp_path: Path) -> None:
    install("made_source", SOURCE.format(name="made"), SOURCES)
    source = plugin_source("made", shelf_settings(tmp_path), NoWeb(), "hydrides")
    assert [p.title for page in source.pages(None) for p in page.papers] == ["hydrides"]


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (SOURCE.format(name="arxiv"), "the name of another"),
        (SOURCE.format(name=3), "gives no source with name"),
        ("Made = lambda settings, web, words: 3", "gives no source with name"),
        ("Made = lambda: 3", "plug-in made: TypeError"),
    ],
)
def test_a_source_that_is_none_is_a_named_error(
    install: Install, tmp_path: Path, code: str, problem: str
) -> None:
    install("made_source", code, SOURCES)
    with pytest.raises(PluginError, match=problem):
        plugin_source("made", shelf_settings(tmp_path), NoWeb(), "")


def test_a_source_may_say_what_it_cannot_do(install: Install, tmp_path: Path) -> None:
    code = (
        "from scmine.pipelines.crawl.errors import CrawlError\n"
        "def Made(settings, web, words): raise CrawlError('name words')\n"
    )
    install("made_source", code, SOURCES)
    with pytest.raises(CrawlError, match="name words"):
        plugin_source("made", shelf_settings(tmp_path), NoWeb(), "")


def test_commands_name_plugins(install: Install, tmp_path: Path) -> None:
    install("made_source", SOURCE.format(name="made"), SOURCES)
    install("bad_plugin", "class Bad: pass", LOADS)
    paths = os.pathsep.join([str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")])
    more = {"PYTHONPATH": paths, "SCMINE_CRAWL_CONTACT": "ada@example.org"}

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "scmine.pipelines.cli", "crawl", *words],
            capture_output=True,
            text=True,
            env=os.environ | more,
            cwd=tmp_path,
            timeout=300,
        )

    listed = command("plugins")
    assert "offers text: bad (cannot be used)" in listed.stdout
    assert "scmine crawl from made" in listed.stdout
    tried = command("from", "made", "--query", "MgB2 superconductor", "--dry-run")
    assert "1 papers would be fetched" in tried.stdout
    wrong = command("from", "nobody", "--dry-run")
    assert wrong.returncode == 1
    assert "there is no plug-in 'nobody' for a source; there are: made" in wrong.stderr
