"""Maths: LaTeX's formulas as reading text, with what is below and above the line marked.

Blanks stand where TeX sets them, so that ``$T_c=38\\,$K`` reads ``Tc = 38 K`` as a PDF of it does.
What a command stands for is in ``data/latex_symbols.toml``. Macros that a paper defines, and LaTeX
outside formulas, are not known here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from scmine.extractors.formats.latex_units import read_number, read_units
from scmine.extractors.formats.marked_text import MarkedText
from scmine.extractors.lexicons import load_toml
from scmine.extractors.pdf.lines import Shift

MAX_NESTING = 40
"""Groups deeper than this are left out; real formulas stay under ten."""

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|.", re.S)
_SIGNS = {"-": "−", "'": "′"}
_FONT_AFTER_NUMBER = {"\\mathrm", "\\text", "\\rm", "\\textrm", "\\mathsf", "\\textnormal"}
_CHEMICALS = {"ce", "cf", "ch", "chem", "chemical"}
_QUANTITIES = frozenset(
    [
        "SI",
        "qty",
        "SIrange",
        "qtyrange",
        "num",
        "numrange",
        "SIlist",
        "numlist",
        "si",
        "unit",
        "ang",
    ]
)
MAX_OPTION = 400
"""Tokens of an argument in square brackets."""

_FRACTIONS = {"frac", "dfrac", "tfrac", "cfrac", "sfrac", "nicefrac"}

_DIGIT_FRACTION = re.compile(r"\s*\\(?:[dtcs]?frac|nicefrac)\s*(?:\{\s*)?\d")


@cache
def _table(name: str) -> dict[str, str]:
    table: dict[str, str] = load_toml("latex_symbols.toml")[name]
    return table


@cache
def signs() -> dict[str, str]:
    """What every command without arguments stands for."""
    return _table("symbols") | _table("relations") | _table("operators")


@cache
def _names(name: str) -> frozenset[str]:
    return frozenset(_table(name)["names"].split())


@cache
def _relations() -> frozenset[str]:
    return frozenset("=<>") | frozenset(_table("relations").values())


@cache
def _operators() -> frozenset[str]:
    return frozenset("+−*") | frozenset(_table("operators").values())


def read_maths(source: str) -> MarkedText:
    """The reading text of ``source``, a formula of LaTeX without its dollars.

    Commands that are not known leave no trace, their arguments stay; nothing is ever raised.

    Examples
    --------
    >>> read_maths(r"\\mathrm{La}_{2-x}\\mathrm{Sr}_x\\mathrm{CuO}_4").text
    'La2−xSrxCuO4'
    >>> read_maths(r"T_{\\rm c}=38\\,\\mathrm{K}").text
    'Tc = 38 K'
    >>> read_maths(r"Fm\\bar{3}m").text == "Fm3\\u0304m"
    True
    """
    formula = _Formula(_TOKEN.findall(source))
    result = MarkedText()
    while not formula.at_end():
        result.extend(formula.read_list(in_text=False, level=0, depth=0))
        formula.take()  # a brace too many
    return result


def parts_fraction(before: str, source: str) -> bool:
    r"""Whether a formula wants a blank behind text that ends with ``before``: 1 1/2 is not 11/2.

    >>> parts_fraction("1", r"\frac12"), parts_fraction("1", r"\frac{a}{b}")
    (True, False)
    """
    return before[-1:].isdigit() and _DIGIT_FRACTION.match(source) is not None


class _Formula:
    """The tokens of a formula and how far they are read."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._next = 0

    def at_end(self) -> bool:
        return self._next >= len(self._tokens)

    def peek(self) -> str:
        """The token that comes next; empty at the end."""
        return "" if self.at_end() else self._tokens[self._next]

    def take(self) -> str:
        token = self.peek()
        self._next += 1
        return token

    def skip_blanks(self) -> None:
        while self.peek().isspace():
            self._next += 1

    def read_list(self, in_text: bool, level: int, depth: int) -> MarkedText:
        """What stands before the closing brace that comes next, or before the end."""
        line = _Line(spaced=not in_text and level == 0)
        while not self.at_end() and self.peek() != "}":
            token = self.take()
            if token.isspace():
                self._blank(line, in_text)
            elif token in "_^" or (token == "'" and not in_text):
                self._scripts(line, token, level, depth)
            else:
                self._atom(line, token, in_text, level, depth)
        return line.out

    def _blank(self, line: _Line, in_text: bool) -> None:
        after_digit = line.ends_with_digit() and self.peek() in _FONT_AFTER_NUMBER
        if in_text:
            line.out.add(" ")
        elif line.spaced and (after_digit or line.ends_with(",")):
            line.gap()

    def _atom(self, line: _Line, token: str, in_text: bool, level: int, depth: int) -> None:
        """Read one sign, group or command that begins with ``token`` on to ``line``."""
        if token == "{":
            line.join(self._group(in_text, level, depth))
        elif token[0] == "\\" and len(token) > 1:
            self._command(line, token[1:].rstrip("*") or "*", in_text, level, depth)
        elif token in "~&":
            line.gap()
        elif token not in "$}\\":
            line.put(token if in_text else _SIGNS.get(token, token))

    def _group(self, in_text: bool, level: int, depth: int) -> MarkedText:
        """The group whose opening brace has been taken."""
        if depth >= MAX_NESTING:
            self._skip_group()
            return MarkedText()
        inner = self.read_list(in_text, level, depth + 1)
        self.take()
        return inner

    def _skip_group(self) -> None:
        open_braces = 1
        while open_braces and not self.at_end():
            open_braces += {"{": 1, "}": -1}.get(self.take(), 0)

    def _argument(self, in_text: bool, level: int, depth: int) -> MarkedText:
        """The argument that comes next: a group or one sign or command."""
        self.skip_blanks()
        line = _Line(spaced=False)
        if depth < MAX_NESTING and self.peek() not in ("}", ""):
            token = self.take()
            self._atom(line, token, in_text, level, depth + 1)
            font = len(token) > 1 and token[1:].isalpha() and not line.out.chars
            if font and self.peek() == "{":  # a command that only sets the group: T_\mathrm{c}
                self._atom(line, self.take(), in_text, level, depth + 1)
        return line.out

    def _source(self) -> str:
        """The source of the argument that comes next, its braces taken off."""
        self.skip_blanks()
        if self.peek() != "{":
            return self.take()
        start = self._next + 1
        self._next += 1
        self._skip_group()
        return "".join(self._tokens[start : self._next - 1])

    def _scripts(self, line: _Line, token: str, level: int, depth: int) -> None:
        """Scripts of one nucleus: what is below the line first, as TeX's order does not say."""
        below, above = MarkedText(), MarkedText()
        while True:
            if token == "'":
                above.add("′")
            else:
                self.skip_blanks()
                side = below if token == "_" else above
                side.extend(self._argument(False, level + 1, depth))
            ahead = self._next
            while ahead < len(self._tokens) and self._tokens[ahead].isspace():
                ahead += 1
            if ahead >= len(self._tokens) or self._tokens[ahead] not in ("_", "^", "'"):
                break
            token = self._tokens[ahead]
            self._next = ahead + 1
        line.join(below, "sub")
        if above.text[:1] == "∘":
            line.put("°")
            above = MarkedText(above.chars[1:], above.shifts[1:])
            line.join(above)
        else:
            line.join(above, "sup")

    def _command(self, line: _Line, name: str, in_text: bool, level: int, depth: int) -> None:
        if name in signs():
            line.put(signs()[name])
        elif name in _table("blanks"):
            if _table("blanks")[name] and (in_text or level == 0):
                line.gap()
        elif name in _names("functions"):
            line.function(name)
        elif name in _names("texts"):
            line.join(self._argument(True, level, depth))
        elif name in _table("accents"):
            line.join(_accented(self._argument(in_text, level + 1, depth), _table("accents")[name]))
        elif name in _table("scripts"):
            shift: Shift = "sub" if _table("scripts")[name] == "sub" else "sup"
            line.join(self._argument(True, level + 1, depth), shift)
        elif name in _table("dropped"):
            self._drop(name)
        elif name in _FRACTIONS:
            self._option()
            over = self._argument(False, level + 1, depth)
            under = self._argument(False, level + 1, depth)
            if line.ends_with_digit() and over.text[:1].isdigit():
                line.gap()  # 1 1/2 is not 11/2
            line.join(_bracketed(over))
            line.put("/")
            line.join(_bracketed(under))
        elif name == "sqrt":
            line.put("√")
            line.join(_bracketed(self._argument(False, level + 1, depth)))
        elif name in _CHEMICALS:
            line.join(_chemical(self._argument(True, level, depth)))
        elif name == "isotope":
            line.join(_raised(self._option()), "sup")
            line.join(self._argument(True, level, depth))
        elif name == "operatorname":
            self.skip_blanks()
            if self.peek() == "*":
                self.take()
            line.function(self._argument(True, level, depth).text)
        elif name in _QUANTITIES:
            self._quantity(line, name)
        elif not name.isalpha():
            line.put(name)  # an escaped sign: \%, \&, \_, \{

    def _drop(self, name: str) -> None:
        for _ in range(int(_table("dropped")[name])):
            dropped = self._source()
            if name == "begin" and dropped.rstrip("*") in ("array", "tabular"):
                self._source()
        if name in ("left", "right", "middle") and self.peek() == ".":
            self.take()

    def _quantity(self, line: _Line, name: str) -> None:
        """A quantity of siunitx: its numbers, then its unit; options leave no trace."""
        option = self._option()
        parts: list[MarkedText] = []
        if name == "unit" and option[:1].isdigit():  # the package units has the number there
            parts.append(read_number(option))
        if name not in ("si", "unit"):
            parts.append(_numbers(self._source(), is_list=name in ("SIlist", "numlist")))
            self._option()  # what stands before the unit in siunitx 2
        if name in ("SIrange", "qtyrange", "numrange"):
            parts[0].add("–")
            parts[0].extend(read_number(self._source()))
        if name == "ang":
            parts[0].add("°")
        elif name not in ("num", "numrange", "numlist"):
            parts.append(read_units(self._source()))
        for i, part in enumerate(parts):
            if i:
                line.out.add(" ")
            line.join(part)

    def _option(self) -> str:
        """What stands in the square brackets that come next, if they do, which are taken."""
        if self.peek() != "[" or "]" not in self._tokens[self._next : self._next + MAX_OPTION]:
            return ""
        end = self._tokens.index("]", self._next)
        option = "".join(self._tokens[self._next + 1 : end])
        self._next = end + 1
        return option


class _Line:
    """Text that grows sign by sign, with blanks where TeX sets them if it is ``spaced``."""

    def __init__(self, spaced: bool) -> None:
        self.out = MarkedText()
        self.spaced = spaced
        self._pending = False
        self._after_function = False

    def ends_with(self, char: str) -> bool:
        return self.out.chars[-1:] == [char]

    def ends_with_digit(self) -> bool:
        return bool(self.out.chars) and self.out.chars[-1].isdigit() and not self.out.shifts[-1]

    def gap(self) -> None:
        """Set a blank here."""
        self._settle("")
        if not self.ends_with(" "):
            self.out.add(" ")

    def put(self, sign: str) -> None:
        """Set one sign, parted from its neighbours as a relation or an operator is."""
        if self.spaced and (sign in _relations() or (sign in _operators() and self._operand())):
            if self.out.chars:
                self.gap()
            self.out.add(sign)
            self._pending = True
            return
        self._settle(sign)
        self.out.add(sign)

    def function(self, name: str) -> None:
        """Set the name of a function."""
        if self.spaced and self.out.chars and self.out.chars[-1].isalnum():
            self.gap()
        self._settle(name)
        self.out.add(name)
        self._after_function = self.spaced

    def join(self, other: MarkedText, shift: Shift = "") -> None:
        """Set text that is ready."""
        if other.chars:
            if not shift:
                self._settle(other.chars[0])
            if other.chars[0] == " " and self.ends_with(" "):
                other = MarkedText(other.chars[1:], other.shifts[1:])
            self.out.extend(other, shift)

    def _settle(self, sign: str) -> None:
        blank = self._pending or (self._after_function and sign[:1].isalnum())
        if blank and sign and not self.ends_with(" ") and not sign[0].isspace():
            self.out.add(" ")
        self._pending = self._after_function = False

    def _operand(self) -> bool:
        """Whether what stands before can be the left side of an operator."""
        before = self.out.text[-2:].rstrip()
        signs = _relations() | _operators()
        return bool(before) and before[-1] not in signs and before[-1] not in "([{⟨,;/|"


def _numbers(source: str, is_list: bool) -> MarkedText:
    """A number of siunitx, or several that semicolons part."""
    result = MarkedText()
    for i, part in enumerate(source.split(";") if is_list else [source]):
        if i:
            result.add(", ")
        result.extend(read_number(part))
    return result


def _raised(text: str) -> MarkedText:
    result = MarkedText()
    result.add(text, "sup")
    return result


def _accented(base: MarkedText, mark: str) -> MarkedText:
    """``base`` with a mark over it, if the two make a character or ``base`` is a digit."""
    if len(base.chars) != 1:
        return base
    joined = unicodedata.normalize("NFC", base.chars[0] + mark)
    if len(joined) > 1 and not base.chars[0].isdigit():
        return base
    result = MarkedText()
    result.add(joined, base.shifts[0])
    return result


def _bracketed(part: MarkedText) -> MarkedText:
    """A side of a fraction, in brackets if it is more than one factor."""
    if not re.search(r"[\s+−±·×/]", part.text.strip()):
        return part
    result = MarkedText()
    result.add("(")
    result.extend(part)
    result.add(")")
    return result


def _chemical(formula: MarkedText) -> MarkedText:
    """A formula of mhchem: numbers behind a letter or a bracket stand below the line."""
    shifts = list(formula.shifts)
    for match in re.finditer(r"(?<=[A-Za-z)\]])\d+(?:\.\d+)?", formula.text):
        for i in range(match.start(), match.end()):
            shifts[i] = shifts[i] or "sub"
    return MarkedText(formula.chars, shifts)
