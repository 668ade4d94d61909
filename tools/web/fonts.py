"""Fonts cut to the letters that pages use, and carried by the style sheet itself.

So a page is drawn once, in its own type: no font comes late and moves the words, and from a file Firefox has them, too.
"""

import base64
import io
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

_TEXT = "@fontsource-variable/literata/files/literata-{script}-wght-{style}.woff2"
_SCRIPTS = ("latin", "latin-ext", "cyrillic", "greek")
_WEIGHTS = {"normal": (400, 700), "italic": 400}  # nothing slanted is bold


def text_faces(pages: Iterable[str], modules: Path) -> str:
    """Return the style that brings the font of the text, with the letters of these pages: slanted, those in <em>."""
    pages = list(pages)
    upright = _letters(pages)
    slanted = _letters(words for page in pages for words in re.findall(r"<em>.*?</em>", page))
    faces = []
    for style, wanted in (("normal", upright), ("italic", slanted)):
        for script in _SCRIPTS:
            data, covered = _cut(modules / _TEXT.format(script=script, style=style), wanted, _WEIGHTS[style])
            wanted -= covered  # a font is loaded for any letter of its own: all have the space, only one may bring it
            if covered:
                ranges = ",".join(f"U+{point:X}" for point in sorted(covered))
                faces.append(_face("Literata", data, f"font-style:{style};font-weight:400 700;unicode-range:{ranges}"))
    return "\n".join(faces)


def formula_faces(style: str, modules: Path) -> str:
    """Return a style of formulas with its fonts in it, each with the letters that the style shows in it, if any."""
    shown = _shown(style)
    fonts = modules / "mathjax/es5/output/chtml/fonts/woff-v2"

    def carried(face: re.Match) -> str:
        name, family = (
            re.search(r"/(MathJax_[\w-]+)\.woff", face[0])[1],
            re.search(r"font-family: ([\w-]+)", face[0])[1],
        )
        data, covered = _cut(fonts / f"{name}.woff", frozenset(shown[family]))
        return _face(family, data, "") if covered else ""

    return re.sub(r"@font-face[^{]*\{[^}]*\}", carried, style)


def _shown(style: str) -> dict[str, set[int]]:
    """Return the letters that a style of formulas shows, by the family of their font."""
    shown = defaultdict(set, MJXZERO={ord(" "), 0xA0})
    for selector, content in re.findall(r'([^{}]*)\{[^{}]*content: "((?:[^"\\]|\\.)*)"', style):
        own = re.search(r"\.TEX(-\w+)?", selector)
        stretched = ("MJXTEX-S1", "MJXTEX-S4", "MJXTEX", "MJXTEX-A")
        for family in stretched if "stretchy" in selector else [f"MJXTEX{(own and own[1]) or ''}"]:
            shown[family].update(_points(content))
    return shown


def _points(content: str) -> Iterable[int]:
    """Return the letters of a CSS string, some of which stand there by number."""
    for number, letter in re.findall(r"\\([0-9A-Fa-f]{1,6}) ?|\\?(.)", content):
        yield int(number, 16) if number else ord(letter)


def _letters(texts: Iterable[str]) -> frozenset[int]:
    return frozenset(map(ord, set().union(*texts)))


def _face(family: str, data: bytes, more: str) -> str:
    source = f"url(data:font/woff2;base64,{base64.b64encode(data).decode()})format('woff2')"
    return f"@font-face{{font-family:{family};font-display:block;src:{source};{more}}}"


@lru_cache(maxsize=128)
def _cut(file: Path, wanted: frozenset[int], weight: float | tuple[float, float] = 400) -> tuple[bytes, frozenset[int]]:
    """Return a font with no more than these letters, and which of them it has."""
    font = TTFont(file)
    covered = frozenset(font.getBestCmap()) & wanted
    if not covered:
        return b"", covered
    options = Options(layout_features=["kern", "liga", "locl", "mark", "mkmk", "ccmp", "tnum"], hinting=False)
    options.drop_tables += ["FFTM"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=covered)
    subsetter.subset(font)
    if "fvar" in font:
        font = instantiateVariableFont(font, {"wght": weight}, inplace=True)
    font.flavor = "woff2"
    font["head"].modified = font["head"].created  # the same bytes each time
    font.recalcTimestamp = False
    packed = io.BytesIO()
    font.save(packed)
    return packed.getvalue(), covered
