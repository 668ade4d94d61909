"""Draws one state of a live picture as it stands, for where no widget can run."""

import io
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage, imread

from lecture_utils._live.marks import Curve, Image, Label, rows
from lecture_utils._look.style import lecture_style, saved

_POINT = 0.72  # of matplotlib, in points of the picture: 1/72 and 1/100 of an inch
_ALIGNED = {"start": "left", "middle": "center", "end": "right"}


def still_png(
    figure: Figure,
    marks: Sequence[Curve | Label | Image],
    *,
    points: Callable[[str], np.ndarray],
    row: Callable[[object], object],
) -> bytes:
    """Return the figure with its marks as a PNG; `points` and `row` say what the present choices select."""
    artists = []
    with lecture_style():
        for mark in marks:
            if isinstance(mark, Image):
                artists.append(_enlarged(row(rows(mark.images)), mark.axes))
            elif len(place := points(mark.name)):
                artists += _text(mark, place, row(rows(mark.texts))) if isinstance(mark, Label) else _parts(mark, place)
    try:
        return saved(figure, "png")
    finally:
        for artist in artists:
            artist.remove()


def _text(mark: Label, points: np.ndarray, text: str) -> list[Artist]:
    style = {"ha": _ALIGNED[mark.anchor], "fontsize": mark.size * _POINT, "color": mark.color, "zorder": 5}
    return [mark.axes.text(*points[-1], text, transform=mark.axes.transAxes, **style)]


def _parts(mark: Curve, points: np.ndarray) -> list[Artist]:
    """Draw the line, the dots and the head of a curve, as far as it has them."""
    style = {"transform": mark.axes.transAxes, "color": mark.color, "zorder": 5, "alpha": mark.opacity}
    artists: list[Artist] = []
    for part, width in mark.widths.items():
        if part == "line":
            artists += mark.axes.plot(*points.T, linewidth=width * _POINT, linestyle="-", **style)
            continue
        dots = points if part == "dots" else points[np.isfinite(points).all(axis=1)][-1:]
        dot = {"marker": "o", "markersize": width * _POINT, "markeredgewidth": 0}
        artists += mark.axes.plot(*dots.T, linestyle="", **dot, **style)
    return artists


def _enlarged(png: bytes, axes: Axes) -> AxesImage:
    """Fill the axes with an image, under all that is drawn there."""
    image = AxesImage(axes, interpolation="bilinear", origin="upper", extent=(0, 1, 0, 1), zorder=-5)
    image.set_transform(axes.transAxes)
    image.set_data(imread(io.BytesIO(png)))
    image.set_clip_path(axes.patch)
    axes.add_artist(image)
    return image
