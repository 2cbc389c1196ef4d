"""Fetching full text: which offer is taken, what is no paper, and where files lie."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scmine.database.store import open_database
from scmine.pipelines.crawl.arxiv import ArxivSource
from scmine.pipelines.crawl.came import NoPaperError, came
from scmine.pipelines.crawl.errors import CrawlError, UnreachableError
from scmine.pipelines.crawl.fetch import Fetched, fetch, place_of
from scmine.pipelines.crawl.paper import FileKind, ListedPaper, Offer, Page
from scmine.pipelines.find import find_files
from scmine.pipelines.run import ingest
from scmine.pipelines.settings import Settings
from tests.pipelines.crawl.conftest import Serve
from tests.pipelines.crawl.loopback import Loopback, LoopbackWeb
from tests.raw_pdf import make_pdf, set_lines

PAPER = ListedPaper("arxiv", "2404.01234", 2, "Superconductivity at 12 K in Nb3Mu")
NAME = "2404.01234v2"
WORDS = (
    "We report superconductivity in Nb3Sn. The critical temperature of Nb3Sn is 18.1 K, from the "
    "resistivity of polycrystalline samples that were melted in an arc and annealed for a week. "
)
TEX = (
    "\\documentclass{revtex4-2}\n\\begin{document}\n"
    "\\title{Superconductivity at 18 K in Nb$_3$Sn}\n\\author{Ada Muster}\n\\author{Bo Two}\n"
    f"\\begin{{abstract}}{WORDS}\\end{{abstract}}\\maketitle\n\\section{{Results}}\n{WORDS * 4}\n"
    "\\end{document}\n"
)
HTML = (
    '<!DOCTYPE html><html><body><article class="ltx_document"><h1 class="ltx_title '
    f'ltx_title_document">Superconductivity at 18 K</h1><p class="ltx_p">{WORDS}</p></article>'
    "</body></html>"
).encode()
GONE = b"<html><head><title>arXiv</title></head><body><h1>No source available</h1></body></html>"
PDF = make_pdf(set_lines(["Superconductivity at 18 K in Nb3Sn", "", "Ada Muster", "", WORDS]))


def _tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return out.getvalue()


SOURCE = gzip.compress(_tar({"ms.tex": TEX.encode(), "fig1.pdf": PDF}))
WRAPPED = TEX[: TEX.index("\\title")] + "\\includepdf[pages=-]{paper.pdf}\n\\end{document}"
NOTICE = (
    TEX[: TEX.index("\\title")] + "This paper has been withdrawn by the authors.\\end{document}"
)


def _fetch(
    serve: Serve,
    folder: Path,
    paper: ListedPaper = PAPER,
    **answers: bytes | int,
) -> tuple[Loopback, Fetched]:
    """What is fetched from a server with these answers for source, HTML and PDF."""
    paths = {"source": "e-print", "html": "html", "pdf": "pdf"}
    server, settings = serve({f"/{paths[k]}/{paper.name}": v for k, v in answers.items()})
    source = ArxivSource(settings, LoopbackWeb(), category="cond-mat.supr-con")
    return server, fetch(paper, source, LoopbackWeb(), folder, settings)


def _all(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize(
    ("source", "ending"),
    [
        (SOURCE, ".tar.gz"),
        (gzip.decompress(SOURCE), ".tar"),
        (gzip.compress(TEX.encode(), mtime=0), ".gz"),
        (TEX.encode(), ".gz"),
        (PDF, ".pdf"),
    ],
)
def test_sources_are_named_for_what_they_are(
    serve: Serve, tmp_path: Path, source: bytes, ending: str
) -> None:
    server, got = _fetch(serve, tmp_path, source=source, html=HTML, pdf=PDF)
    assert got.path == tmp_path / "arxiv" / "2404" / (NAME + ending)
    assert got.path.stat().st_size == got.size
    assert got.kind is (FileKind.PDF if ending == ".pdf" else FileKind.SOURCE)
    assert got.url == f"{server.url}/e-print/{NAME}"
    assert server.paths() == [f"/e-print/{NAME}"]
    assert _all(tmp_path) == [f"arxiv/2404/{NAME}{ending}"]


@pytest.mark.parametrize(
    "source",
    [
        404,
        GONE,
        b"",
        b"\x00\x01 something",
        SOURCE[:200],
        gzip.compress(bytes(20 << 20), mtime=0),
        gzip.compress(_tar({"paper.ps": b"%!PS-Adobe-2.0"}), mtime=0),
        gzip.compress(_tar({"main.tex": WRAPPED.encode(), "paper.pdf": PDF}), mtime=0),
        gzip.compress(NOTICE.encode(), mtime=0),
        gzip.compress(b"\\documentclass{article}\\begin{document}\\end{document}", mtime=0),
        gzip.compress(b"just words", mtime=0),
    ],
)
def test_sources_that_say_nothing_give_way_to_the_page(
    serve: Serve, tmp_path: Path, source: bytes | int
) -> None:
    _, got = _fetch(serve, tmp_path, source=source, html=HTML, pdf=PDF)
    assert (got.kind, _all(tmp_path)) == (FileKind.HTML, [f"arxiv/2404/{NAME}.html"])


@pytest.mark.parametrize("page", [404, GONE, b"<html><body>By hand</body></html>"])
def test_pages_that_are_no_papers_give_way_to_the_pdf(
    serve: Serve, tmp_path: Path, page: bytes | int
) -> None:
    server, got = _fetch(serve, tmp_path, source=404, html=page, pdf=PDF)
    assert (got.kind, len(server.asked)) == (FileKind.PDF, 3)


def test_why_there_is_nothing_is_told(serve: Serve, tmp_path: Path) -> None:
    _, got = _fetch(
        serve, tmp_path, source=gzip.compress(NOTICE.encode(), mtime=0), html=GONE, pdf=404
    )
    assert (got.path, got.size, _all(tmp_path)) == (None, None, [])
    assert "source: TeX that only says that the paper was withdrawn; html: a page" in got.reason
    assert "pdf: http://127.0.0.1" in got.reason


def test_a_server_that_does_not_work_is_no_lack_of_a_paper(serve: Serve, tmp_path: Path) -> None:
    with pytest.raises(UnreachableError):
        _fetch(serve, tmp_path, source=404, html=500, pdf=404)
    assert _fetch(serve, tmp_path, source=404, html=500, pdf=PDF)[1].kind is FileKind.PDF


def test_nothing_is_asked_for_papers_that_were_withdrawn(serve: Serve, tmp_path: Path) -> None:
    gone = ListedPaper("arxiv", "2404.01234", 3, "Title", withdrawn=True)
    server, got = _fetch(serve, tmp_path, gone, source=SOURCE)
    assert (got.path, server.asked) == (None, [])
    assert "withdrawn" in got.reason


def test_a_good_file_is_not_fetched_again(serve: Serve, tmp_path: Path) -> None:
    first = _fetch(serve, tmp_path, source=SOURCE)[1]
    server, again = _fetch(serve, tmp_path, source=SOURCE)
    assert server.asked == []
    assert (again.path, again.kind, again.size) == (first.path, first.kind, first.size)
    assert again.url is None


def test_a_damaged_file_is_fetched_again(serve: Serve, tmp_path: Path) -> None:
    path = _fetch(serve, tmp_path, source=SOURCE)[1].path
    assert path is not None
    path.write_bytes(SOURCE[:100])
    assert len(_fetch(serve, tmp_path, source=SOURCE)[0].asked) == 1
    assert path.read_bytes() == SOURCE


def test_each_version_is_fetched(serve: Serve, tmp_path: Path) -> None:
    _fetch(serve, tmp_path, source=SOURCE)
    newer = ListedPaper("arxiv", "2404.01234", 3, "Title")
    assert _fetch(serve, tmp_path, newer, source=SOURCE)[1].path is not None
    assert len(_all(tmp_path)) == 2


def test_forms_are_tried_in_the_order_of_the_settings(serve: Serve, tmp_path: Path) -> None:
    server, settings = serve({f"/pdf/{NAME}": PDF}, crawl_formats="pdf, source")
    source = ArxivSource(settings, LoopbackWeb(), category="cond-mat")
    assert [offer.kind for offer in source.offers(PAPER)] == [FileKind.PDF, FileKind.SOURCE]
    fetch(PAPER, source, LoopbackWeb(), tmp_path, settings)
    assert server.paths() == [f"/pdf/{NAME}"]


def test_forms_that_there_are_not_are_told() -> None:
    source = ArxivSource(Settings(crawl_formats="pdf,docx"), LoopbackWeb(), category="cond-mat")
    with pytest.raises(CrawlError, match="crawl_formats"):
        list(source.offers(PAPER))


class _Folder:
    """A source whose offers are paths."""

    name, query = "folder", "x"

    def __init__(self, path: Path) -> None:
        self._path = path

    def pages(self, since: object, cursor: str | None = None) -> Iterator[Page]:
        yield Page(())

    def offers(self, paper: ListedPaper) -> Iterator[Offer]:
        yield Offer(FileKind.PDF, str(self._path))


def test_files_on_this_machine_are_used_where_they_lie(tmp_path: Path) -> None:
    own = tmp_path / "own.pdf"
    own.write_bytes(PDF)
    paper = ListedPaper("folder", str(own), 1, "Title")
    got = fetch(paper, _Folder(own), LoopbackWeb(), tmp_path / "kept", Settings())
    assert (got.path, got.size) == (own, len(PDF))
    own.unlink()
    got = fetch(paper, _Folder(own), LoopbackWeb(), tmp_path / "kept", Settings())
    assert (got.path, "cannot be read" in got.reason) == (None, True)


@hypothesis.settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=30), st.integers(1, 99))
def test_no_name_leads_out_of_the_folder(key: str, source: str, version: int) -> None:
    place = place_of(ListedPaper(source, key, version, ""), Path("crawled"))
    assert place.parts[0] == "crawled"
    assert len(place.parts) == 4
    assert place.name.isascii()
    assert place.name.isprintable()
    assert not {".", "..", ""} & set(place.parts)
    assert not set("/\\\0") & set(place.name)
    assert not place.name.startswith((".", "-"))
    assert len(place.name) < 200


@hypothesis.settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_two_papers_never_share_a_name(one: str, other: str) -> None:
    places = {place_of(ListedPaper("x", key, 1, ""), Path()) for key in (one, other)}
    assert len(places) == len({one, other})


def test_links_do_not_lead_out_of_the_folder(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "in" / "arxiv").mkdir(parents=True)
    (tmp_path / "out").mkdir()
    (tmp_path / "in" / "arxiv" / "2404").symlink_to(tmp_path / "out")
    with pytest.raises(CrawlError, match="leads out"):
        _fetch(serve, tmp_path / "in", source=SOURCE)
    assert _all(tmp_path / "out") == []


@hypothesis.settings(deadline=None)
@given(st.binary(max_size=600), st.sampled_from(FileKind), st.booleans())
def test_any_bytes_are_told(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, kind: FileKind, packed: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "came"
    path.write_bytes(gzip.compress(data, mtime=0) if packed else data)
    try:
        came(path, kind)
    except NoPaperError:
        return


def test_what_is_fetched_is_ingested_with_its_number_and_year(
    serve: Serve, own_folder: Path
) -> None:
    folder = own_folder / "crawled"
    old = ListedPaper("arxiv", "cond-mat/0104321", 1, "Title")
    older = ListedPaper("arxiv", "supr-con/9508001", 1, "Title")
    page = ListedPaper("arxiv", "2404.00002", 1, "Title")
    _fetch(serve, folder, source=SOURCE)
    _fetch(serve, folder, old, source=PDF)
    _fetch(serve, folder, older, source=gzip.compress(TEX.replace("Ada", "Eva").encode(), mtime=0))
    _fetch(serve, folder, page, source=404, html=HTML)
    assert len([f for f in find_files([folder]) if not f.no_paper]) == 4
    assert set(ingest(folder, "x.db", workers=1).statuses) == {"done"}
    with open_database("x.db") as database:
        papers = {paper.arxiv_id: paper for paper in database.documents()}
    assert set(papers) == {"2404.01234", "2404.00002", "cond-mat/0104321", "supr-con/9508001"}
    assert {k: p.year for k, p in papers.items()} == {
        "2404.01234": 2024,
        "2404.00002": 2024,
        "cond-mat/0104321": 2001,
        "supr-con/9508001": 1995,
    }
    assert papers["2404.01234"].title == "Superconductivity at 18 K in Nb3Sn"
    assert papers["2404.01234"].authors == ["Ada Muster", "Bo Two"]
