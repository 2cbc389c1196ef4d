"""LaTeX sources as documents: text, formulas, notes, references and what identifies the paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scmine.extractors.document import PassageKind, ReadError, Status, Typography
from scmine.extractors.latex.reader import read_latex
from tests.extractors.latex.read_source import document_of, texts


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            r"H$_3$S at $155\,\mathrm{GPa}$ has $T_\mathrm{c}=203$~K.",
            "H3S at 155 GPa has Tc = 203 K.",
        ),
        (r"\ce{YBa2Cu3O_{7-\delta}} and \ce{H3S}", "YBa2Cu3O7−δ and H3S"),
        (r"\SI{150(5)}{\giga\pascal} or \qty[mode=text]{39}{\kelvin}", "150(5) GPa or 39 K"),
        (r"\SIrange{10}{20}{\GPa}, \num{1.2e-3}, \ang{90}", "10–20 GPa, 1.2 × 10−3, 90°"),
        (r"$Fm\bar{3}m$ and $Im\overline{3}m$", "Fm3̄m and Im3̄m"),
        (r"MgB\textsubscript{2}, 10\textsuperscript{3}", "MgB2, 103"),
        (r"{\bf bold} \emph{slanted} \textcolor{red}{red}", "bold slanted red"),
        (r"M\"uller, \'{E}tienne, Bo\v{s}njak, \O re, \c{c}a", "Müller, Étienne, Bošnjak, Øre, ça"),
        (r"``quoted'' it's -- and --- so", '"quoted" it\'s – and — so'),
        (r"5\,\% of \{x\} \& y\_1", "5 % of {x} & y_1"),
        (r"\href{http://x.y}{a link} and \url{http://z.w}", "a link and http://z.w"),
        (r"\ensuremath{T_c} \(P\) in 3.1\,\AA", "Tc P in 3.1 Å"),
        (r"kept \vspace{2cm}\hspace*{1em}\label{x}here", "kept here"),
        (r"with \sout{old} \added{new} \replaced{this}{that}", "with new this"),
        (r"unknown \foo[opt]{kept} \bar", "unknown kept"),
        (r"{\raise.17ex\hbox{$\scriptstyle\sim$}}40 K, \unit[38.5]{K}", "∼40 K, 38.5 K"),
    ],
)
def test_running_text(tmp_path: Path, source: str, text: str) -> None:
    assert texts(document_of(tmp_path, source)) == [text]


def test_scripts_are_typography(tmp_path: Path) -> None:
    (passage,) = document_of(tmp_path, r"La$_{2-x}$ and 10$^{-3}$").passages
    spans = [(passage.text[s.start : s.end], s.kind) for s in passage.typography]
    assert spans == [("2−x", Typography.SUBSCRIPT), ("−3", Typography.SUPERSCRIPT)]


def test_citations_are_taken_out_and_kept(tmp_path: Path) -> None:
    body = r"""It has $T_c=39$~K~\cite{b,a}. See Ref.~\onlinecite{a} and work by \citet{c}.
        \begin{thebibliography}{9}\bibitem{a} A. One, J. 1 (2001). \bibitem{b} B. Two, J. 2.
        \bibitem[{Three et~al.(2003)Three and Four}]{c} C. Three, J. 3.\end{thebibliography}"""
    document = document_of(tmp_path, body)
    (passage,) = document.passages
    assert passage.text == "It has Tc = 39 K. See Ref. [1] and work by Three et al.."
    assert [(c.offset, c.mark) for c in passage.citations] == [(16, "2, 1"), (55, "3")]
    assert document.references == ("A. One, J. 1 (2001).", "B. Two, J. 2.", "C. Three, J. 3.")


def test_numbers_raised_by_hand_are_citations_where_nothing_is_cited(tmp_path: Path) -> None:
    works = "".join(rf"\bibitem{{{i}}} Author {i}, J. {i}." for i in range(5))
    listed = rf"\begin{{thebibliography}}{{9}}{works}\end{{thebibliography}}"
    (passage,) = document_of(tmp_path, "This was seen before.$^{1,2}$" + listed).passages
    assert passage.text == "This was seen before."
    assert [c.mark for c in passage.citations] == ["1,2"]


def test_notes_stand_behind_their_paragraph(tmp_path: Path) -> None:
    body = "One\\footnote{A note on $T_c$.} goes on.\n\nTwo\\footnotemark.\\footnotetext{Another.}"
    found = [(p.kind.value, p.text) for p in document_of(tmp_path, body).passages]
    assert found == [
        ("paragraph", "One goes on."),
        ("footnote", "A note on Tc."),
        ("paragraph", "Two."),
        ("footnote", "Another."),
    ]


def test_a_float_does_not_part_a_paragraph(tmp_path: Path) -> None:
    body = r"""The sample
        \begin{figure}\includegraphics{a}\caption[short]{\label{f}The \emph{long} one.}\end{figure}
        of Fig.~\ref{f} melts."""
    document = document_of(tmp_path, body)
    assert texts(document) == ["The sample of Fig. 1 melts."]
    assert texts(document, PassageKind.CAPTION) == ["Figure 1: The long one."]


def test_sections_are_numbered_as_printed(tmp_path: Path) -> None:
    body = r"""\section{One}\subsection{Two}\section*{Three}\appendix\section{Four}
        Text of \ref{x} and Table~\ref{t}.\section{\label{x}Five}
        \begin{table}\caption{\label{t}C}\begin{tabular}{c}a\end{tabular}\end{table}"""
    headings = texts(document_of(tmp_path, body, style="revtex4-2"), PassageKind.HEADING)
    assert headings == ["I. One", "A. Two", "Three", "A. Four", "B. Five"]
    document = document_of(tmp_path, body)
    assert texts(document, PassageKind.HEADING) == ["1 One", "1.1 Two", "Three", "A Four", "B Five"]
    assert texts(document) == ["Text of B and Table 1."]


def test_formulas_set_off_count_if_they_state_a_value(tmp_path: Path) -> None:
    body = r"""We find
        \begin{equation}\label{e} T_c = 203\,\mathrm{K} \end{equation}
        from
        \begin{eqnarray}
        T_c &=& \frac{\Theta}{1.45}\exp[x],\nonumber\\ \lambda &=& 0.85~\text{a.u.}
        \end{eqnarray}
        \begin{align} \lambda &= 2\int\frac{\alpha^2F(\omega)}{\omega}d\omega \end{align}
        and Eq.~\eqref{e}."""
    assert texts(document_of(tmp_path, body)) == [
        "We find Tc = 203 K from λ = 0.85 a.u. and Eq. (1)."
    ]


def test_what_is_not_printed_is_not_read(tmp_path: Path) -> None:
    body = """Seen. % \\Tc = 999 K
\\iffalse Hidden 998 K. \\fi
\\begin{comment} Hidden 997 K. \\end{comment}
\\begin{verbatim} Hidden 996 K. \\end{verbatim}
\\todo{Hidden 995 K.}
\\begin{tikzpicture} \\node {994 K}; \\end{tikzpicture}
\\phantom{993 K}"""
    assert texts(document_of(tmp_path, body)) == ["Seen."]


def test_text_behind_the_references_is_read_and_behind_the_end_is_not(tmp_path: Path) -> None:
    body = r"""Paper. \begin{thebibliography}{1}\bibitem{a} B.\end{thebibliography}
        \section*{Supplement} More.\end{document} Nothing."""
    assert texts(document_of(tmp_path, body)) == ["Paper.", "More."]


def test_front_matter_of_revtex(tmp_path: Path) -> None:
    body = r"""\preprint{arXiv:2105.01234}
        \title[Short]{Superconductivity in \ce{LaH10}\thanks{Supported.}}
        \author{J. M\"uller}\email{j@x}\author{L.~van der Waals and K. \O stergaard}
        \affiliation{$^1$Institut f\"ur Physik, Nowhere}
        \begin{abstract}We report.\end{abstract}\pacs{74.70.-b}\maketitle Text."""
    document = document_of(tmp_path, body, style="revtex4-1")
    found = document.metadata
    assert found.title == "Superconductivity in LaH10"
    assert found.authors == ("J. Müller", "L. van der Waals", "K. Østergaard")
    assert (found.arxiv_id, found.year) == ("2105.01234", 2021)
    assert texts(document, PassageKind.ABSTRACT) == ["We report."]
    assert texts(document) == ["Text.", "74.70.-b"]


@pytest.mark.parametrize(
    ("front", "authors"),
    [
        (
            r"\author{A. One$^{1,2}$, B. Two$^{*}$ and C. Three\\ Institute of Physics}",
            ("A. One", "B. Two", "C. Three"),
        ),
        (r"\author{Anna One \and Bo Two\inst{1}}", ("Anna One", "Bo Two")),
        (
            r"\author[a]{Anna One\corref{c}}\ead{a@b}\author[b]{Bo Two}\address[a]{X}",
            ("Anna One", "Bo Two"),
        ),
        (r"\author{Anna One\thanks{University of X}}", ("Anna One",)),
        (r"\author*[1]{\fnm{Anna} \sur{One}}\affil*[1]{\orgname{X}}", ("Anna One",)),
    ],
)
def test_authors_of_other_styles(tmp_path: Path, front: str, authors: tuple[str, ...]) -> None:
    document = document_of(tmp_path, rf"\title{{T}}{front}\maketitle Text.")
    assert document.metadata.authors == authors


def test_plain_tex_gives_what_it_can(tmp_path: Path) -> None:
    source = r"""\magnification=1200 \hsize 6in \input epsf
\centerline{\bf On the Superconductivity of Sr$_2$RuO$_4$}\bigskip
\centerline{A. Smith and B. Jones}
\centerline{\it Department of Physics, Somewhere}
\bigskip
\noindent {\bf Abstract.} We study Sr$_2$RuO$_4$ with $T_c=1.5\,$K. It is odd.

\noindent{\bf 1. Introduction}

The compound has been found to have $T_{c}$ {\it about} 1 K.
\bye"""
    file = tmp_path / "cond-mat_9901001.tex"
    file.write_text(source)
    document = read_latex(file)
    found = document.metadata
    assert found.title == "On the Superconductivity of Sr2RuO4"
    assert found.authors == ("A. Smith", "B. Jones")
    assert (found.arxiv_id, found.year) == ("cond-mat/9901001", 1999)
    assert texts(document, PassageKind.HEADING) == ["1. Introduction"]
    assert document.status is Status.DONE


@pytest.mark.parametrize(
    ("encoding", "option"), [("latin-1", "latin1"), ("utf-8", "utf8"), ("cp1250", "cp1250")]
)
def test_encodings(tmp_path: Path, encoding: str, option: str) -> None:
    file = tmp_path / "p.tex"
    source = rf"\documentclass{{article}}\usepackage[{option}]{{inputenc}}\begin{{document}}"
    file.write_bytes((source + "Müller and Köhler.\\end{document}").encode(encoding))
    assert texts(read_latex(file)) == ["Müller and Köhler."]


def test_only_files_of_the_folder_are_included(tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    (folder / "sub").mkdir(parents=True)
    (tmp_path / "secret.tex").write_text("Secret.")
    (folder / "sub" / "part.tex").write_text("Part. ")
    (folder / "link.tex").symlink_to(tmp_path / "secret.tex")
    body = (
        r"\input{sub/part}\input{../secret}\input{link}\input{sub/../../secret}"
        rf"\input{{{tmp_path}/secret}}"
    )
    document = document_of(folder, body)
    assert texts(document) == ["Part."]
    assert document.status is Status.PARTIAL
    assert len(document.warnings) == 4


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", Status.EMPTY),
        (b"\\documentclass{article}\\begin{document}\\end{document}", Status.EMPTY),
        (bytes(range(32)) * 50, Status.FAILED),
    ],
)
def test_files_without_a_paper_say_so(tmp_path: Path, content: bytes, status: Status) -> None:
    file = tmp_path / "x.tex"
    file.write_bytes(content)
    with pytest.raises(ReadError) as error:
        read_latex(file)
    assert error.value.status is status


def test_endless_macros_make_a_partial_document(tmp_path: Path) -> None:
    document = document_of(tmp_path, r"Before. \def\a{\a\a}\a After.")
    assert texts(document) == ["Before. After."]
    assert document.status is Status.PARTIAL


_PIECES = st.sampled_from(
    [
        *[
            r"{",
            r"}",
            r"$",
            r"$$",
            r"\[",
            r"\]",
            r"\(",
            r"\)",
            r"&",
            r"\\",
            r"\\[2pt]",
            r"[",
            r"]",
            r"\hline",
            r"\begin{tabular}{lc}",
            r"\end{tabular}",
            r"\cite{a}",
            r"\begin{table}",
            r"\end{table}",
            r"\caption{C}",
            r"\multicolumn{2}{c}{x}",
            r"\multirow{2}{*}{y}",
            r"\footnote{n}",
            r"\section{S}",
            r"\item",
            r"\begin{itemize}",
            r"\end{itemize}",
            r"\title{T}",
            r"\author{A}",
            r"\bibitem{a}",
            r"\ref{x}",
            r"\begin{thebibliography}{1}",
            r"\end{thebibliography}",
            r"\begin{abstract}",
            r"\end{abstract}",
            r"\label{x}",
            r"\begin{equation}",
            r"\end{equation}",
            r"\frac{a}{b}",
            r"_",
            r"^",
            r"\SI{1}{K}",
            r"\ce{H2O}",
            r"\'",
            r"\textbf",
            r"\foo",
            r"\verb|",
            r"\begin{longtable}{c}",
            r"\end{longtable}",
            r"\endhead",
            r"\endfoot",
            r"\def\z{z}",
            r"\z",
            r"\iffalse",
            r"\fi",
            r"%",
            r"T_c=39",
            r"\end{document}",
            r"\begin{document}",
        ],
        "\n\n",
        " word ",
        "\n",
    ]
)


@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(_PIECES, max_size=60))
def test_any_order_of_commands_gives_a_document_or_a_reason(
    pieces: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    try:
        document = document_of(tmp_path_factory.getbasetemp(), "".join(pieces))
    except ReadError:
        return
    for passage in document.passages:
        assert passage.text.strip()
        assert all(0 <= s.start < s.end <= len(passage.text) for s in passage.typography)
    for table in document.tables:
        assert len({len(row) for row in table.rows}) == 1
