"""Folders of papers in several formats: what is found, what is one paper, which file is read."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from scmine.database.store import open_database
from scmine.pipelines import ingest
from scmine.pipelines.find import Found, find_files
from scmine.pipelines.same_paper import arxiv_version
from tests.extractors.test_archives import make_tar, make_zip

TEX = rb"\documentclass{article}\begin{document}Text.\end{document}"
PART = b"A chapter."
HTML = b'<html><article class="ltx_document">Text</article></html>'
TEI = b'<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><text/></TEI>'
JATS = b'<article article-type="research-article"><front/></article>'
TEXT = b"We found that MgB2 has a Tc of 39 K."
SOURCES = make_tar({"main.tex": TEX}, mode="w:gz")


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _told(found: list[Found], folder: Path) -> dict[str, str]:
    """By file: ``read``, ``read with X`` or ``as X``."""
    told = {}
    for item in (f for f in found if not f.no_paper):
        name = str(item.path.relative_to(folder))
        if item.same_as is not None:
            told[name] = f"as {item.same_as.relative_to(folder)}"
        else:
            told[name] = f"read with {item.pdf.relative_to(folder)}" if item.pdf else "read"
    return told


def test_folders_give_papers_of_all_formats_and_nothing_else(tmp_path: Path) -> None:
    papers = {
        "a.pdf": b"%PDF-1.4",
        "b.tex": TEX,
        "c.tar.gz": SOURCES,
        "d.zip": make_zip({"x.pdf": b"%PDF"}),
        "e.gz": gzip.compress(TEX),
        "f.html": HTML,
        "g.nxml": JATS,
        "h.tei.xml": TEI,
        "i.md": TEXT,
        "j.txt": TEXT,
        "k.tar.gz": SOURCES[:60],
    }
    others = {
        "chapter.tex": PART,
        "data.csv.gz": gzip.compress(b"1,2"),
        "code.zip": make_zip({"a.py": b"x"}),
        "page.html": b"<html>Text</html>",
        "settings.xml": b"<settings/>",
        "README.md": TEXT,
        "LICENSE.txt": TEXT,
        "requirements.txt": TEXT,
        "binary.txt": bytes(range(32)) * 9,
        "style.sty": b"x",
        "table.csv": b"1,2",
    }
    _write(tmp_path, papers | others)
    found = find_files([tmp_path])
    assert [f.path.name for f in found if not f.no_paper] == list(papers)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (
            {"p.pdf": b"", "p.tex": TEX, "p.md": TEXT, "p.tei.xml": TEI},
            {
                "p.md": "as p.tex",
                "p.pdf": "as p.tex",
                "p.tei.xml": "as p.tex",
                "p.tex": "read with p.pdf",
            },
        ),
        (
            {"p.html": HTML, "p.nxml": JATS, "p.pdf": b""},
            {"p.html": "read with p.pdf", "p.nxml": "as p.html", "p.pdf": "as p.html"},
        ),
        ({"p.nxml": JATS, "p.pdf": b""}, {"p.nxml": "read with p.pdf", "p.pdf": "as p.nxml"}),
        (
            {"p.md": TEXT, "p.pdf": b"", "p.txt": TEXT},
            {"p.md": "as p.pdf", "p.pdf": "read", "p.txt": "as p.pdf"},
        ),
        ({"a/p.pdf": b"", "b/p.tex": TEX}, {"a/p.pdf": "read", "b/p.tex": "read"}),
        (
            {"pdf/2001.01234.pdf": b"", "tex/arXiv-2001.01234v2.tar.gz": SOURCES},
            {
                "pdf/2001.01234.pdf": "as tex/arXiv-2001.01234v2.tar.gz",
                "tex/arXiv-2001.01234v2.tar.gz": "read with pdf/2001.01234.pdf",
            },
        ),
        (
            {"2001.01234v1.pdf": b"", "2001.01234v2.tex": TEX},
            {"2001.01234v1.pdf": "read", "2001.01234v2.tex": "read"},
        ),
        (
            {"2001.01234.pdf": b"", "2001.01234v1.tex": TEX, "2001.01234v2.tex": TEX},
            {
                "2001.01234.pdf": "as 2001.01234v2.tex",
                "2001.01234v1.tex": "read",
                "2001.01234v2.tex": "read with 2001.01234.pdf",
            },
        ),
        (
            {"2001.01234.pdf": b"", "2001.01234_supplement.pdf": b""},
            {"2001.01234.pdf": "read", "2001.01234_supplement.pdf": "read"},
        ),
        (
            {"arXiv_cond-mat_0607345.md": TEXT, "cond-mat0607345.gz": gzip.compress(TEX)},
            {"arXiv_cond-mat_0607345.md": "as cond-mat0607345.gz", "cond-mat0607345.gz": "read"},
        ),
        (
            {"x.tar.gz": SOURCES, "x/main.tex": TEX, "x/sec.tex": PART},
            {"x.tar.gz": "read", "x/main.tex": "as x.tar.gz"},
        ),
        (
            {
                "2001.01234/main.tex": TEX,
                "2001.01234/supplement.tex": TEX,
                "2001.01234/reply.tex": TEX,
                "2001.01234.pdf": b"",
            },
            {
                "2001.01234/main.tex": "read with 2001.01234.pdf",
                "2001.01234/supplement.tex": "read",
                "2001.01234/reply.tex": "read",
                "2001.01234.pdf": "as 2001.01234/main.tex",
            },
        ),
        (
            {"2001.01234/template.tex": TEX, "2001.01234.pdf": b""},
            {
                "2001.01234/template.tex": "read with 2001.01234.pdf",
                "2001.01234.pdf": "as 2001.01234/template.tex",
            },
        ),
        (
            {"2001.01234/main.tex": TEX, "2001.01234.pdf": b""},
            {
                "2001.01234/main.tex": "read with 2001.01234.pdf",
                "2001.01234.pdf": "as 2001.01234/main.tex",
            },
        ),
        (
            {
                "m.tex": rb"\documentclass{a}\includegraphics[width=1cm]{f/one}\input{n}",
                "f/one.pdf": b"",
                "n.tex": TEX,
                "m.pdf": b"",
                "other.pdf": b"",
            },
            {"m.tex": "read with m.pdf", "m.pdf": "as m.tex", "other.pdf": "read"},
        ),
        ({"a.tex": TEX, "b.tex": TEX}, {"a.tex": "read", "b.tex": "read"}),
    ],
)
def test_which_file_of_a_paper_is_read(
    tmp_path: Path, files: dict[str, bytes], told: dict[str, str]
) -> None:
    _write(tmp_path, files)
    assert _told(find_files([tmp_path]), tmp_path) == told


def test_named_files_are_read_but_a_pdf_beside_its_source(tmp_path: Path) -> None:
    _write(tmp_path, {"p.pdf": b"", "p.tex": TEX, "p.md": TEXT, "README.md": TEXT, "p.tar": b""})
    named = [tmp_path / n for n in ("README.md", "p.md", "p.pdf", "p.tex")]
    assert _told(find_files(named), tmp_path) == {
        "README.md": "read",
        "p.md": "read",
        "p.pdf": "as p.tex",
        "p.tex": "read with p.pdf",
    }
    assert _told(find_files([tmp_path / "p.md", tmp_path / "p.pdf"]), tmp_path) == {
        "p.md": "read",
        "p.pdf": "read",
    }


@pytest.mark.parametrize(
    ("stem", "number"),
    [
        ("2001.01234", ("2001.01234", None)),
        ("arXiv_2001.01234v12", ("2001.01234", 12)),
        ("cond-mat_0102114v1", ("cond-mat/0102114", 1)),
        ("2001.01234-CC", None),
        ("paper", None),
        ("20010123", None),
    ],
)
def test_numbers_of_arxiv(stem: str, number: tuple[str, int | None] | None) -> None:
    assert arxiv_version(stem) == number


def test_a_pdf_that_comes_later_gives_its_places_once(own_folder: Path, root: Path) -> None:
    source = root / "tests/fixtures/latex/one_column_article.tex"
    folder = own_folder / "papers"
    folder.mkdir()
    shutil.copy(source, folder)
    assert ingest(folder, db="t.db", workers=1).statuses == {"done": 1}
    shutil.copy(source.with_suffix(".pdf"), folder)
    assert ingest(folder, db="t.db", workers=1).statuses == {"done": 1}
    assert ingest(folder, db="t.db", workers=1).statuses == {}
    with open_database("t.db") as database:
        (document,) = database.documents()
    assert document.reader == "latex+pdf"
    assert document.page_count
