"""A fraction behind a number, in each format: 1 1/2 is never 11/2."""

from pathlib import Path

import pytest

from scmine.extractors import read

_LATEX = r"\documentclass{article}\begin{document}\section{One} %s\end{document}"
_HTML = (
    '<html><body><article class="ltx_document"><div class="ltx_para"><p class="ltx_p">%s</p></div>'
    "</article></body></html>"
)
_JATS = "<article><front/><body><sec><title>One</title><p>%s</p></sec></body></article>"
_MATHML = "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tex", _LATEX % r"It is 1$\frac12$ K."),
        ("b.tex", _LATEX % r"It is 1\nicefrac{1}{2} K."),
        ("c.tex", _LATEX % r"It is 1\sfrac{1}{2} K."),
        ("a.html", _HTML % r'It is 1<math alttext="\frac{1}{2}"></math> K.'),
        ("b.html", _HTML % f"It is 1{_MATHML} K."),
        ("a.xml", _JATS % f"It is 1<inline-formula>{_MATHML}</inline-formula> K."),
        (
            "b.xml",
            _JATS
            % r"It is 1<inline-formula><tex-math>$\tfrac{1}{2}$</tex-math></inline-formula> K.",
        ),
        ("a.md", "# A\n\n## One\n\nIt is 1$\\frac{1}{2}$ K.\n"),
    ],
)
def test_a_fraction_behind_a_number_stands_apart(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    assert read(file).passages[-1].text == "It is 1 1/2 K."
