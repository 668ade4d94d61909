"""Draws one state of a live picture as it stands, for where no widget can run."""

import io
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage, imread
from matplotlib.patheffects import withStroke

from lecture_utils._live.arrows import at_border, beside, head_of
from lecture_utils._live.layouts import box_of, label_size
from lecture_utils._live.marks import Curve, Image, Label
from lecture_utils._look.style import lecture_style, saved

_POINT = 0.72  # of matplotlib, in points of the picture: 1/72 and 1/100 of an inch
_ALIGNED = {"start": "left", "middle": "center", "end": "right"}


def still_png(
    figure: Figure,
    marks: Sequence[Curve | Label | Image],
    *,
    points: Mapping[str, np.ndarray],
    texts: Mapping[str, str],
    images: Mapping[str, bytes],
) -> bytes:
    """Return the figure with its marks as a PNG: their points, texts and images are given by their names."""
    artists = []
    with lecture_style():
        for mark in marks:
            if isinstance(mark, Image):
                artists.append(_enlarged(images[mark.name], mark.axes))
                continue
            place = points[mark.name]
            if isinstance(mark, Label):
                artists += _text(mark, place, texts[mark.name])
            elif len(place):
                artists += _parts(mark, place)
    try:
        return saved(figure, "png")
    finally:
        for artist in artists:
            artist.remove()


def _text(mark: Label, points: np.ndarray, text: str) -> list[Artist]:
    if not len(points) or not np.isfinite(points[-1]).all():
        return []
    anchor = mark.anchor
    place, way = at_border(points, mark.beyond)
    if mark.beyond:
        if way is None and mark.beyond == "ray":
            return []
        room = {"box": box_of(mark.axes), "size": label_size(mark), "whole": mark.axes.figure.get_figwidth() * 100}
        anchor, (right, down) = beside(points, mark.beyond, text=text, **room)
        place = place + np.array([right, -down]) / box_of(mark.axes)[2:]
    style = {"ha": _ALIGNED[anchor], "fontsize": label_size(mark) * _POINT, "color": mark.color, "zorder": 6}
    if mark.halo:
        style["path_effects"] = [withStroke(linewidth=4 * _POINT, foreground="white")]
    return [mark.axes.text(*place, text, transform=mark.axes.transAxes, **style)]


def _parts(mark: Curve, points: np.ndarray) -> list[Artist]:
    """Draw the line, the dots, the head and the arrow of a curve, as far as it has them."""
    style = {"transform": mark.axes.transAxes, "color": mark.color, "zorder": 5, "alpha": mark.opacity}
    artists: list[Artist] = []
    for part, width in mark.widths.items():
        if part == "line":
            artists += mark.axes.plot(*points.clip(-1e4, 1e4).T, linewidth=width * _POINT, linestyle="-", **style)
            continue
        there = points[np.isfinite(points).all(axis=1)]
        if part == "arrow":
            size = np.array(box_of(mark.axes)[2:])
            arrow = head_of(mark, there, size) / size if len(there) else there
            artists += mark.axes.plot(*arrow.T, linewidth=width / 4 * _POINT, **style, clip_on=False)
            continue
        dots = (points if part == "dots" else there[-1:]).clip(-1e4, 1e4)
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
