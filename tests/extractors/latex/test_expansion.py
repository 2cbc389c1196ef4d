"""Macros, conditionals and included files: what a source stands for, and what ends a bomb."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.extractors.latex.expansion import MAX_CALL, Expansion
from scmine.extractors.latex.tokens import source_of, tokenize


class Files:
    """Files that are in a dictionary."""

    def __init__(self, **files: str) -> None:
        self._files = files

    def text(self, name: str, endings: Sequence[str]) -> str | None:
        for ending in ("", *endings):
            found = self._files.get((name + ending).replace(".", "_"))
            if found is not None:
                return found
        return None

    def bibliography(self) -> str | None:
        return self._files.get("main_bbl")


def _expanded(source: str, **files: str) -> str:
    return source_of(Expansion(Files(**files)).run(source))


@pytest.mark.parametrize(
    ("source", "expanded"),
    [
        (r"\newcommand{\Tc}{T_c}\Tc is", "T_cis"),
        (r"\newcommand*\lah[1][10]{LaH$_{#1}$}\lah and \lah[6]", "LaH$_{10}$and LaH$_{6}$"),
        (r"\newcommand{\two}[2]{#2#1}\two{a}{b}\two xy", "bayx"),
        (r"\newcommand{\x}{1}\renewcommand{\x}{2}\providecommand{\x}{3}\x", "2"),
        (r"\def\p(#1,#2){[#2;#1]}\p(a,{b)})", "[b);a]"),
        (r"\def\a#1#2.{#1-#2}\a xyz.w", "x-yzw"),
        (r"\let\eps=\varepsilon \eps", r"\varepsilon"),
        (r"\def\x{1}\let\y\x\def\x{2}\y\x", "12"),
        (r"\DeclareMathOperator*{\Tr}{Tr}\Tr", r"\operatorname{Tr}"),
        (r"\newenvironment{q}[1]{<#1:}{>}\begin{q}{z}m\end{q}", "<z:m>"),
        (
            r"\newenvironment{tab}{\begin{table}}{\end{table}}\begin{tab}x\end{tab}",
            r"\begin{table}x\end{table}",
        ),
        (r"\expandafter\def\csname foo1\endcsname{F}\csname foo1\endcsname", "F"),
        (r"\NewDocumentCommand{\k}{s O{5} m}{#2#3}\k{K}\k*[6]{K}", "5K6K"),
        (r"\newcommand{\T}{T\xspace}\T is \T, \T.", "T is T, T."),
        (r"\def\outer{\def\inner##1{<##1>}}\outer\inner{x}", "<x>"),
    ],
)
def test_macros(source: str, expanded: str) -> None:
    assert _expanded(source) == expanded


@pytest.mark.parametrize(
    ("source", "expanded"),
    [
        (r"a\iffalse b \ifx\q\r c\fi d\else e\fi f", "aef"),
        (r"\iftrue a\else b\fi", "a"),
        (r"\newif\ifdraft\ifdraft a\else b\fi\drafttrue\ifdraft c\fi", "bc"),
        (r"\def\x{1}\def\y{1}\ifx\x\y same\else other\fi", "same"),
        (r"\ifnum 3>2 a\else b\fi\ifnum 3<2 c\fi", "a"),
        (r"$\ifmmode m\else t\fi$\ifmmode m\else t\fi", "$m$t"),
        (r"\ifthenelse{\equal{a}{b}}{x}{y}", "y"),
        (r"$a \iff b$", r"$a \iff b$"),
        (r"\ifsomething a\else b\fi c", "bc"),
    ],
)
def test_conditionals(source: str, expanded: str) -> None:
    assert _expanded(source) == expanded


@pytest.mark.parametrize(
    ("source", "tokens"),
    [
        ("a % b\n  c", ["a", " ", "c"]),
        ("a%\n\nb", ["a", "\\par", "b"]),
        (r"100\% of", ["1", "0", "0", "\\%", " ", "o", "f"]),
        (r"\verb|$x_1$ %|y", ["\\$", "x", "\\_", "1", "\\$", " ", "\\%", "y"]),
        ("\\begin{comment}\n\\end{x}\n\\end{comment}z", [" ", "z"]),
        (r"\makeatletter\a@b\makeatother\a@b", ["\\a@b", "\\a", "@", "b"]),
        (r"a\\% b", ["a", "\\\\"]),
    ],
)
def test_tokens(source: str, tokens: list[str]) -> None:
    assert tokenize(source) == tokens


def test_files_are_put_in_their_place() -> None:
    files = {"part_tex": "B\\endinput not read", "main_bbl": "\\bibitem{x}"}
    assert _expanded(r"A\input{part}C\input part D\bibliography{refs}", **files) == (
        r"ABCBD\bibitem{x}"
    )


def test_a_file_that_includes_itself_comes_to_an_end() -> None:
    expansion = Expansion(Files(part_tex="x\\input{part}"))
    assert "".join(expansion.run("\\input{part}")).startswith("xxx")
    assert expansion.partial
    assert "files are included" in expansion.warnings[0]


def test_a_package_gives_definitions_and_no_text() -> None:
    package = r"""\ProvidesPackage{own}Text\newcommand{\Tc}{T_c}\def\@inner{x}
        \newcommand{\bad}{\@inner}\renewcommand{\section}{\@startsection}"""
    assert _expanded(r"\usepackage{own}\Tc\bad\section", own_sty=package).endswith(
        r"T_c\bad\section"
    )


def test_what_the_reader_knows_is_not_defined_anew() -> None:
    assert _expanded(r"\renewcommand{\cite}[1]{}\cite{x}") == r"\cite{x}"


@pytest.mark.parametrize(
    "bomb",
    [
        r"\def\a{\a}\a",
        r"\def\a{\a x}\a",
        r"\def\a#1{\a{#1#1}}\a{x}",
        r"\def\a{\b\b}\def\b{\c\c}\def\c{\d\d}\def\d{\a\a}\a",
        r"\newenvironment{e}{\begin{e}}{}\begin{e}",
        "".join(rf"\def\{a}{{\{b}\{b}}}" for a, b in pairwise("abcdefghijklmnopq"))
        + r"\def\q{\a}\a",
        r"\def\a{\csname a\endcsname}\a",
    ],
)
def test_bombs_end_and_the_rest_is_read(bomb: str) -> None:
    started = time.perf_counter()
    expansion = Expansion(Files())
    tokens = expansion.run(f"before {bomb} after")
    assert source_of(tokens).startswith("before")
    assert source_of(tokens).endswith("after")
    assert len(tokens) < 2 * MAX_CALL
    assert expansion.partial
    assert time.perf_counter() - started < 10


_PIECES = st.sampled_from(
    [
        r"\def\a",
        r"\def\b",
        r"\a",
        r"\b",
        r"#1",
        r"#2",
        r"{",
        r"}",
        r"[",
        r"]",
        r"\newcommand{\b}[2][x]",
        r"\newcommand",
        r"\let\a\b",
        r"\iftrue",
        r"\iffalse",
        r"\else",
        r"\fi",
        r"\ifx",
        r"\csname",
        r"\endcsname",
        r"$",
        r"%",
        r"\begin{e}",
        r"\end{e}",
        r"\newenvironment{e}[1]",
        r"\input{x}",
        r"\par",
        r"\ifnum",
        r"1",
        r"<",
        r"\xspace",
        r"\usepackage{x}",
        r"\verb|",
        r"\expandafter",
        r"\makeatletter",
        r"a.b",
        "\n",
        " ",
        "\n\n",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_PIECES, max_size=40))
def test_any_pieces_come_to_tokens(pieces: list[str]) -> None:
    tokens = Expansion(Files(x_tex="\\a{y}", x_sty="\\def\\b{z}")).run("".join(pieces))
    assert all(tokens)


@given(st.text(max_size=300))
def test_any_text_comes_to_tokens(text: str) -> None:
    assert all(tokenize(text))
