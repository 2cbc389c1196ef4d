"""Made papers for the server that speaks as arXiv does: metadata, versions, LaTeX, HTML, PDF."""

from __future__ import annotations

import gzip
import html
import io
import tarfile
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.raw_pdf import make_pdf, set_lines

WITHDRAWN = "This paper has been withdrawn"
LICENCE = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"


@dataclass(frozen=True)
class MadeVersion:
    """A version; forms that are None are not offered. ``source_type`` is arXiv's letter."""

    submitted: date
    source: bytes | None = None
    html: bytes | None = None
    pdf: bytes | None = None
    source_type: str = "D"

    @property
    def withdrawn(self) -> bool:
        """Whether nothing is there to be read."""
        return self.source_type == "I"

    @property
    def size_kB(self) -> int:
        """The size that the version history tells."""
        return 0 if self.withdrawn else max(1, len(self.source or self.pdf or b"") // 1024)


@dataclass(frozen=True)
class MadePaper:
    """A paper with all its versions; ``changed`` is its datestamp, ``authors`` (last, first)."""

    key: str
    title: str
    abstract: str
    changed: date
    versions: tuple[MadeVersion, ...]
    authors: tuple[tuple[str, str], ...] = (("Muster", "A. B."), ("Okänd", "Ö."))
    categories: tuple[str, ...] = ("cond-mat.supr-con",)
    comments: str | None = "4 pages, 2 figures"
    doi: str | None = None
    journal: str | None = None
    deleted: bool = False

    def version(self, number: int | None) -> MadeVersion | None:
        """A version, counted from 1; None is the latest."""
        if number is None:
            return self.versions[-1]
        return self.versions[number - 1] if 0 < number <= len(self.versions) else None

    def revised(self, on: date, tc_K: float | None = None) -> MadePaper:
        """The paper with one more version, which may tell another Tc."""
        title, abstract = self.title, self.abstract
        body = abstract if tc_K is None else f"We correct the value to Tc = {tc_K:g} K. {abstract}"
        return replace(self, changed=on, versions=(*self.versions, _version(on, title, body)))

    def withdrawn(self, on: date) -> MadePaper:
        """The paper after its authors have taken it back."""
        gone = MadeVersion(on, source_type="I")
        return replace(self, changed=on, comments=WITHDRAWN, versions=(*self.versions, gone))


def made_paper(
    key: str = "2405.00001",
    material: str = "MgB2",
    tc_K: float = 39.0,
    submitted: date = date(2024, 5, 1),
    categories: tuple[str, ...] = ("cond-mat.supr-con",),
) -> MadePaper:
    """A short paper on a superconductor, with LaTeX source in an archive, HTML and PDF."""
    title = f"Superconductivity at {tc_K:g} K in {material}"
    abstract = (
        f"We report superconductivity in {material}. The superconducting transition temperature "
        f"of {material} is {tc_K:g} K, from the resistivity of polycrystalline samples."
    )
    version = _version(submitted, title, abstract)
    return MadePaper(key, title, abstract, submitted, (version,), categories=categories)


def made_papers(
    n: int, first: date = date(2024, 5, 1), material: str = "MgB2"
) -> tuple[MadePaper, ...]:
    """``n`` papers, of one a day, with Tc of 10 K, 10.5 K, …"""
    return tuple(
        made_paper(f"2405.{k + 1:05}", material, 10 + 0.5 * k, first + timedelta(days=k))
        for k in range(n)
    )


def latex(title: str, text: str) -> str:
    """A small paper in LaTeX."""
    return (
        "\\documentclass{article}\n"
        f"\\title{{{title}}}\n\\author{{A. B. Muster}}\n"
        f"\\begin{{document}}\n\\maketitle\n\\begin{{abstract}}\n{text}\n\\end{{abstract}}\n"
        f"\\section{{Results}}\n{text}\n\\end{{document}}\n"
    )


def gzipped(data: bytes) -> bytes:
    """``data`` as arXiv gives papers of a single file; the same bytes at any time."""
    return gzip.compress(data, mtime=0)


def archive(files: dict[str, bytes]) -> bytes:
    """A gzipped archive of files, as arXiv gives most papers."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return gzipped(out.getvalue())


def web_page(title: str, text: str) -> bytes:
    """A paper as a web page, of the class that LaTeXML gives (arXiv's pages are its work)."""
    safe = html.escape(title)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{safe}</title></head>'
        f'<body><article class="ltx_document"><h1 class="ltx_title">{safe}</h1>'
        "<section><h2>Results</h2>"
        f"<p>{html.escape(text)}</p></section></article></body></html>"
    ).encode()


def pdf(title: str, text: str) -> bytes:
    """A paper of one page."""
    words = text.split(" ")
    lines = [" ".join(words[k : k + 12]) for k in range(0, len(words), 12)]
    return make_pdf(set_lines([title, "", "Results", *lines]))


def _version(submitted: date, title: str, text: str) -> MadeVersion:
    files = {"paper.tex": latex(title, text).encode(), "anc/data.txt": b"T rho\n300 1.0\n"}
    return MadeVersion(
        submitted, archive(files), web_page(title, text), pdf(title, text), source_type="D"
    )
