"""The colours, and the figures drawn with them: on the lecture's style, and stored as the same bytes each time."""

import io
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from matplotlib import rc_context, style
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from PIL import Image

# Colours that stay apart for all kinds of colour vision, by lightness as well as hue, and dark enough for a projector.
INK = "#1f2328"
MUTED = "#59636e"
PATH = "#d1450b"
BESIDE = "#1f56ee"  # what is compared with the path: brighter than the gradient, for which nobody takes it
MINIMUM = "#ffffff"
LIMIT = "#a40e26"
GRADIENT = "#06288e"  # the gradient of the loss, with respect to anything
OWN_JACOBIAN = "#800709"  # the local derivative of a layer with respect to its own weights
FORWARD = "#378054"  # a value of the forward pass
INPUT_JACOBIAN = "#a855a7"  # the local derivative of a layer with respect to its input
SURFACE = "Blues_r"
GRID = "#d9dee3"

MPLSTYLE = Path(__file__).with_name("lecture.mplstyle")
#: How a PNG is first written that is packed again.
QUICKLY = {"pil_kwargs": {"compress_level": 1}}


def lecture_style() -> AbstractContextManager:
    """Return a context in which matplotlib draws in the lecture's style, laid on its defaults: none of the reader's."""
    return style.context(MPLSTYLE, after_reset=True)


#: The least size of type in a picture that is drawn 9.6 inches wide or, stacked, 3.6: 13 px on the narrowest screen.
TYPE, STACKED_TYPE = 13.0, 10.7


@contextmanager
def picture_style(*, stacked: bool = False) -> Iterator[None]:
    """Return a context in which live pictures are drawn: in either layout, no type is too small to be read."""
    size = STACKED_TYPE if stacked else TYPE
    names = ("font.size", "axes.labelsize", "axes.titlesize", "xtick.labelsize", "ytick.labelsize", "legend.fontsize")
    with lecture_style(), rc_context(dict.fromkeys(names, size)):
        yield


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of that size in inches, its axes placed by hand, which no notebook shows by itself."""
    return Figure(figsize=(width, height), layout="none")


def saved(figure: Figure, kind: Literal["png", "svg"]) -> bytes:
    """Return the figure as a file: the same bytes each time."""
    buffer = io.BytesIO()
    metadata = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
    # savefig puts the layout engine of the style on a figure that has none, and would draw it twice.
    with lecture_style(), rc_context({"figure.constrained_layout.use": False}):
        figure.savefig(buffer, format=kind, metadata=metadata, **(QUICKLY if kind == "png" else {}))
    return with_a_palette(buffer.getvalue()) if kind == "png" else buffer.getvalue()


def with_a_palette(png: bytes) -> bytes:
    """Return a PNG in its 256 most telling colours: a third of the bytes, and the eye sees no difference."""
    buffer = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    # Of all the pixels: of a quarter, paper comes out not quite white. The last levels of compression save 4 % and 7 %.
    picture = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    picture.save(buffer, "png", compress_level=7)
    return buffer.getvalue()


#: What the dark theme makes of a colour: the filters of markers.css and live.css, which must say the same.
_INVERTED = 0.93
_TURNED = np.array(
    [[-0.574, 1.430, 0.144], [0.426, 0.430, 0.144], [0.426, 1.430, -0.856]]
)  # by half the circle of hues


def dark(color: str) -> str:
    """Return what a colour becomes in a dark theme: as light as it was dark, and of the same hue."""
    inverted = _INVERTED + np.array(to_rgb(color)) * (1 - 2 * _INVERTED)
    return to_hex((_TURNED @ inverted).clip(0, 1))


@cache
def themed(color: str) -> str:
    """Return a colour for CSS, which follows the ``color-scheme`` of the page."""
    return f"light-dark({color}, {dark(color)})"


def thin_svg(svg: str) -> str:
    """Return a drawing to a hundredth of a point, without what only its makers read: the eye sees no difference."""
    svg = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"(?<!scale\()\b(\d+\.\d\d)\d+", r"\1", svg)
    return re.sub(r"\s+", " ", svg).replace("> <", "><").strip()


def themed_svg(svg: str) -> str:
    """Return a figure of which each colour follows the ``color-scheme`` of the page around it."""
    svg = re.sub(r"(?<=: )#[0-9a-f]{6}\b", lambda match: themed(match[0]), svg)
    return svg.replace('<style type="text/css">', '<style type="text/css">:root{color-scheme:light dark}', 1)
