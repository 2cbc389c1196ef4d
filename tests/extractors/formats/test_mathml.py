"""MathML as reading text."""

from xml.etree.ElementTree import fromstring

import pytest

from scmine.extractors.document import PassageKind
from scmine.extractors.formats.mathml import add_math
from scmine.extractors.formats.runs import Runs


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<msub><mi>T</mi><mi>c</mi></msub><mo>=</mo><mn>39</mn><mspace/><mi>K</mi>", "Tc = 39 K"),
        ("<mi>F</mi><mi>m</mi><mover><mn>3</mn><mo>¯</mo></mover><mi>m</mi>", "Fm3\u0304m"),
        ("<msup><mn>10</mn><mrow><mo>-</mo><mn>3</mn></mrow></msup>", "10−3"),
        ("<mfrac><mn>1</mn><mi>T</mi></mfrac>", "1/T"),
        ("<mn>1</mn><mfrac><mn>1</mn><mn>2</mn></mfrac>", "1 1/2"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>", "(a+b)/2"),
        ("<msqrt><mi>x</mi></msqrt>", "√(x)"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a, b)"),
        ("<semantics><mi>x</mi><annotation>x in TeX</annotation></semantics>", "x"),
        ("<mover><mi>k</mi><mo>→</mo></mover>", "k"),
        (
            "<mmultiscripts><mi>Li</mi><mprescripts/><none/><mn>7</mn></mmultiscripts>",
            "7Li",
        ),
        ("<mi>f</mi><mo>\u2061</mo><mo>(</mo><mi>x</mi><mo>)</mo>", "f(x)"),
        ("<msub/><mfrac/><mmultiscripts/><mover/><semantics/><mi>x</mi>", "x"),
    ],
)
def test_reading_text(source: str, text: str) -> None:
    runs = Runs()
    add_math(runs, fromstring(f"<math>{source}</math>"))
    assert runs.cell()[0] == text


def test_scripts_on_scripts_keep_one_level() -> None:
    runs = Runs()
    inner = "<msub><mi>λ</mi><mn>0</mn></msub>"
    add_math(runs, fromstring(f"<math><msup><mi>e</mi>{inner}</msup></math>"))
    passage = runs.passage(PassageKind.PARAGRAPH)
    assert passage is not None
    assert [(s.start, s.end, str(s.kind)) for s in passage.typography] == [(1, 3, "superscript")]
