"""Archives as arXiv sends them: which file is the paper, what comes with it, PDFs in them."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from scmine.extractors import read
from scmine.extractors.document import PassageKind, ReadError, Status
from scmine.extractors.latex.sources import choose_main
from tests.extractors.latex.read_source import texts
from tests.extractors.test_archives import make_tar, make_zip

ROOT = Path(__file__).parents[3]
PDF = (ROOT / "examples" / "alloy_onecolumn.pdf").read_bytes()
PAPER = rb"""\documentclass{article}\usepackage{own}\title{On \lah}\begin{document}
\input{parts/intro}\includegraphics{fig}\bibliography{refs}\end{document}"""
FILES = {
    "ms.tex": PAPER,
    "own.sty": rb"\newcommand{\lah}{LaH$_{10}$}",
    "parts/intro.tex": rb"We study \lah~\cite{b}.",
    "ms.bbl": rb"\begin{thebibliography}{1}\bibitem{a} A.\bibitem{b} B.\end{thebibliography}",
    "fig.pdf": PDF,
    "00README.XXX": b"nostamp",
}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("2001.01234v2.tar.gz", gzip.compress(make_tar(FILES))),
        ("2001.01234v2.tgz", make_tar(FILES, mode="w:gz")),
        ("2001.01234v2.tar", make_tar(FILES)),
        ("2001.01234v2.zip", make_zip(FILES)),
        ("2001.01234v2.gz", make_tar(FILES, mode="w:gz")),
        ("arXiv-2001.01234v2.tar.gz", make_tar(FILES)),
        ("2001.01234v2", make_tar(FILES, mode="w:gz")),
    ],
)
def test_sources_in_every_wrapping(tmp_path: Path, name: str, data: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    document = read(file)
    assert document.reader == "latex"
    assert document.doc_id == hashlib.sha256(data).hexdigest()
    assert document.metadata.title == "On LaH10"
    assert (document.metadata.arxiv_id, document.metadata.year) == ("2001.01234", 2020)
    assert texts(document) == ["We study LaH10."]
    assert document.references == ("A.", "B.")
    assert [c.mark for p in document.passages for c in p.citations] == ["2"]


def test_a_gzip_of_one_source(tmp_path: Path) -> None:
    file = tmp_path / "cond-mat_0102114.gz"
    file.write_bytes(
        gzip.compress(rb"\documentstyle{revtex}\begin{document}MgB$_2$.\end{document}")
    )
    document = read(file)
    assert texts(document) == ["MgB2."]
    assert document.metadata.arxiv_id == "cond-mat/0102114"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.gz", gzip.compress(PDF)),
        ("a.tar.gz", make_tar({"a.pdf": PDF}, mode="w:gz")),
        ("a.tar.gz", PDF),
        ("a", PDF),
    ],
)
def test_a_paper_that_is_there_as_pdf_only(tmp_path: Path, name: str, data: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    document = read(file)
    assert (document.reader, document.page_count) == ("pdf", 3)
    assert document.doc_id == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [
        (make_zip({"data.csv": b"1,2"}), Status.EMPTY, "none of the archive's 1 files"),
        (make_zip({"a.pdf": PDF, "b.pdf": PDF}), Status.FAILED, "2 PDFs and no TeX"),
        (gzip.compress(b"1,2", mtime=0), Status.FAILED, "no TeX and no PDF"),
        (gzip.compress(make_tar(FILES))[:500], Status.FAILED, "cut off"),
        (make_zip({"a.tex": b"% nothing"}), Status.EMPTY, "no text"),
    ],
)
def test_archives_without_a_paper_say_so(
    tmp_path: Path, data: bytes, status: Status, reason: str
) -> None:
    file = tmp_path / "x.tar.gz"
    file.write_bytes(data)
    with pytest.raises(ReadError, match=reason) as error:
        read(file)
    assert error.value.status is status


@pytest.mark.parametrize(
    ("files", "main"),
    [
        ({"b.tex": r"\documentclass{article}\input{a}", "a.tex": "x" * 99}, "b.tex"),
        ({"a.tex": r"\documentclass{standalone}", "z.tex": r"\documentclass{article}"}, "z.tex"),
        (
            {"supp.tex": r"\documentclass{article}" + "x" * 99, "p.tex": r"\documentclass{a}"},
            "p.tex",
        ),
        ({"reply.tex": r"\documentclass{a}" + "x" * 99, "p.tex": r"\documentclass{a}"}, "p.tex"),
        ({"o.tex": r"% \documentclass{a}" + "x" * 99, "p.tex": r"\documentstyle{a}"}, "p.tex"),
        ({"main.tex": r"\documentclass{a}", "x.tex": r"\documentclass{a}" + "x" * 99}, "main.tex"),
        ({"old.tex": r"\magnification=1200 text", "s.tex": "x"}, "old.tex"),
        ({"anc/main.tex": r"\documentclass{a}", "p.tex": r"\documentclass{a}"}, "p.tex"),
    ],
)
def test_the_main_file(files: dict[str, str], main: str) -> None:
    assert choose_main(files)[0] == main


def test_a_supplement_is_read_behind_the_paper(tmp_path: Path) -> None:
    document = rb"\documentclass{article}\title{%s}\begin{document}%s\end{document}"
    files = {
        "main.tex": document % (b"Paper", b"Text of the paper."),
        "SM.tex": document % (b"Supplemental Material", b"Text behind it."),
        "reply.tex": document % (b"Reply", b"Dear editor."),
    }
    file = tmp_path / "x.zip"
    file.write_bytes(make_zip(files))
    found = read(file)
    assert found.metadata.title == "Paper"
    assert texts(found) == ["Text of the paper.", "Text behind it."]
    assert texts(found, PassageKind.HEADING) == ["Supplemental Material"]
