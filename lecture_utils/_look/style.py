"""The colours, and the figures drawn with them: on the lecture's style, and stored as the same bytes each time."""

import io
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

from matplotlib import rc_context, style
from matplotlib.figure import Figure
from PIL import Image

# Colours that stay apart for all kinds of colour vision, by lightness as well as hue, and dark enough for a projector.
INK = "#1f2328"
MUTED = "#59636e"
PATH = "#d1450b"
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
    picture = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    picture.save(buffer, "png", compress_level=8)  # the last level takes twice the time and saves 3 %
    return buffer.getvalue()
