"""Scripts on scans: sub- and superscripts found by where their ink stands, and read by themselves.

Tesseract knows no subscripts: it takes the 8 of a formula for a g. Small ink below or above the
line is cut out here, enlarged, and read again as digits. Words as such come from ``ocr``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from scmine.extractors.pdf.lines import Shift

if TYPE_CHECKING:
    from PIL.Image import Image

INK = 140
"""Darker pixels (0 to 255) are ink."""

ALPHABET = "0123456789+-.cxyn"
"""What is read in scripts: numbers, and the letters of Tc, x, y and n."""

ENLARGED_PX = 60
"""Height of a script's band when it is read by itself; a digit fills three quarters of it."""

LOW_EM = 0.37
"""Digits of scripts are higher than this share of the line's type size, letters such as x lower."""

KEPT = frozenset("°*′")
"""Signs that stand high by themselves and are read well at first."""

MAX_SCRIPTS = 400
"""So many scripts of a page are read again."""

_BANDS: dict[Shift, tuple[float, float]] = {"sub": (-0.39, 0.23), "sup": (-0.94, -0.28)}
"""Between which heights the scripts of a line stand, in em down from its baseline."""

_STOPPED_T = re.compile(r"[JI]?T[.,;:]{1,2}")
_GAP_PX, _ROW_PX, _PER_ROW = 70, 120, 16


@dataclass(frozen=True, slots=True)
class Ink:
    """Ink between blank columns: its columns in pixels, its top and bottom and width in em.

    Top and bottom are counted from the baseline, down.
    """

    x0: int
    x1: int
    top: float
    bottom: float
    width: float

    @property
    def shift(self) -> Shift:
        """Whether it stands as a sub- or superscript."""
        height = self.bottom - self.top
        below = self.bottom > 0.09 and self.top > -0.38
        if below and (height > 0.35 or (height > 0.25 and self.width > 0.2 and self.top < -0.1)):
            return "sub"
        above = self.bottom < -0.28 and self.top < -0.6
        if above and 0.3 < height < 0.62:
            return "sup"
        # A minus sign: flat, and higher than a hyphen.
        return "sup" if height < 0.13 and self.width > 0.25 and self.bottom < -0.42 else ""


@dataclass(slots=True)
class Script:
    """A run of script ink in a word: how it is shifted, where its image is.

    ``low`` says which of its ink is too low for a digit: the x of an index.

    ``before`` and ``after`` count the word's other ink, ``taken`` the first and last (exclusive) of
    the letters that tesseract took it for.
    """

    shift: Shift
    box: tuple[int, int, int, int]
    before: int
    after: int
    inks: int
    low: tuple[bool, ...] = ()
    taken: tuple[int, int] = (0, 0)
    text: str = ""


def inks_of(
    page: np.ndarray[Any, np.dtype[np.uint8]],
    box: tuple[int, int, int, int],
    baseline: float,
    em: float,
) -> list[Ink]:
    """The ink of the word in ``box``, from left to right; ``baseline`` and ``em`` in pixels."""
    x0, y0, x1, y1 = box
    part = page[y0:y1, x0:x1] < INK
    edges = np.flatnonzero(np.diff(np.concatenate(([0], part.any(axis=0).astype(np.int8), [0]))))
    found = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        rows = np.flatnonzero(part[:, start:end].any(axis=1))
        top, bottom = (y0 + rows[0] - baseline) / em, (y0 + rows[-1] + 1 - baseline) / em
        width = (end - start) / em
        found.append(Ink(x0 + int(start), x0 + int(end), float(top), float(bottom), float(width)))
    return found


def scripts_of(inks: Sequence[Ink], baseline: float, em: float) -> list[Script]:
    """The scripts among the ``inks`` of a word; ``baseline`` and ``em`` in pixels.

    A word of nothing but scripts has none: what they hang on is elsewhere.
    """
    found: list[Script] = []
    done = 0
    shifts = [ink.shift for ink in inks]
    for k in range(1, len(inks) - 1):
        if not shifts[k] and shifts[k - 1] == shifts[k + 1] == "sub" and inks[k].bottom > 0.05:
            shifts[k] = "sub"  # the o of log reaches neither edge
    for shift, group in groupby(zip(shifts, inks, strict=True), key=lambda pair: pair[0]):
        members = [ink for _, ink in group]
        if shift:
            top, bottom = (round(baseline + edge * em) for edge in _BANDS[shift])
            box = (members[0].x0, top, members[-1].x1, max(bottom, top + 1))
            after = len(inks) - done - len(members)
            low = tuple(0.2 < ink.bottom - ink.top < LOW_EM for ink in members)
            found.append(Script(shift, box, done, after, len(members), low))
        done += len(members)
    return found if found and sum(s.inks for s in found) < len(inks) else []


def read_scripts(
    image: Image,
    scripts: Sequence[Script],
    recognise: Callable[[Image], Sequence[tuple[str, tuple[int, int, int, int]]]],
) -> None:
    """Fill in the text of ``scripts``, cut out of ``image`` and set in rows for ``recognise``.

    ``recognise`` gives the characters in an image with their boxes.
    """
    from PIL import Image as Images

    chosen = scripts[:MAX_SCRIPTS]
    if not chosen:
        return
    crops = []
    for script in chosen:
        crop = image.crop(script.box)
        width = max(round(crop.width * ENLARGED_PX / crop.height), 1)
        crops.append(crop.resize((width, ENLARGED_PX), Images.Resampling.LANCZOS))
    width = max(
        sum(c.width + _GAP_PX for c in crops[k : k + _PER_ROW])
        for k in range(0, len(crops), _PER_ROW)
    )
    sheet = Images.new("L", (width + _GAP_PX, _ROW_PX * (-(-len(crops) // _PER_ROW)) + 40), 255)
    places: list[tuple[int, int, int]] = []
    for k, crop in enumerate(crops):
        x = places[-1][1] + _GAP_PX if k % _PER_ROW else _GAP_PX // 2
        y = 30 + _ROW_PX * (k // _PER_ROW)
        sheet.paste(crop, (x, y))
        places.append((x, x + crop.width, y))
    for text, (x0, y0, x1, y1) in recognise(sheet):
        at, level = (x0 + x1) / 2, (y0 + y1 - ENLARGED_PX) / 2
        # The boxes of single letters are rough: the nearest place counts.
        far, nearest = min(
            (max(left - at, at - right, 0.0) + 3 * max(abs(level - top) - _ROW_PX / 2, 0.0), k)
            for k, (left, right, top) in enumerate(places)
        )
        if far < _GAP_PX / 2:
            chosen[nearest].text += text


def find_taken(
    text: str, centres: Sequence[float], inks: Sequence[Ink], scripts: Sequence[Script]
) -> list[Script]:
    """Those of a word's scripts that are to be read again, ``taken`` filled in for all.

    ``centres`` has the middle of each letter of ``text`` in pixels, as tesseract has it: roughly
    right. Words in letters (log, max) were read well at first.
    """
    wanted = []
    for script in scripts:
        if len(text) == len(inks):
            start, end = script.before, script.before + script.inks
        elif len(text) < len(inks) and len(scripts) == 1:
            # Letters are broken, an H into two strokes: count from the end.
            end = len(text) - script.after
            start = end - script.inks
        else:  # letters touch, or ink was taken for two
            start = sum(c < script.box[0] for c in centres)
            end = sum(c < script.box[2] for c in centres)
        start = max(start, 0)
        script.taken = (start, max(start, end))
        read = text[start:end]
        in_letters = read.isalpha() and read.islower() and len(read) == script.inks > 1
        if read in KEPT or (in_letters and (len(read) > 2 or read[0] not in "gjls")):
            script.text = read
        elif len(text) == len(inks) or len(scripts) == 1 or end - start == script.inks:
            wanted.append(script)
    return wanted


def set_scripts(text: str, scripts: Sequence[Script]) -> list[tuple[str, Shift]] | None:
    """The letters of a word with their shifts, its scripts put in place of what was taken for them.

    None if a script was not read, or not all of it.

    >>> index = Script("sub", (0, 0, 9, 9), before=3, after=0, inks=1, taken=(3, 4), text="2")
    >>> set_scripts("MgB,", [index])
    [('M', ''), ('g', ''), ('B', ''), ('2', 'sub')]
    """
    if any(len(s.text) < s.inks or _digit_for_letter(s) for s in scripts):
        return None
    letters: list[tuple[str, Shift]] = []
    at = 0
    for script in scripts:
        start, end = script.taken
        letters += [(c, "") for c in text[at:start]] + [(c, script.shift) for c in script.text]
        at = max(end, at)
    return letters + [(c, "") for c in text[at:]]


def _digit_for_letter(script: Script) -> bool:
    """Whether an x or the like was read as a digit: better no index than a wrong one."""
    return len(script.text) == script.inks and any(
        low and char.isdigit() for low, char in zip(script.low, script.text, strict=False)
    )


def hidden_tc(text: str, inks: Sequence[Ink]) -> list[tuple[str, Shift]] | None:
    """The letters of Tc, where a slanted T hangs over its index so that it was taken for a stop."""
    if not _STOPPED_T.fullmatch(text) or not inks or inks[-1].bottom < 0.07:
        return None
    return [("T", ""), ("c", "sub")]
