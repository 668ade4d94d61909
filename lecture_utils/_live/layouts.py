"""The layouts of a live picture: where its marks stand, in a wide one and in one for where there is little room."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font

from lecture_utils._live.marks import Curve, Image, Label, Rows
from lecture_utils._look.style import STACKED_TYPE, TYPE, saved, themed_svg, thin_svg

Mark = Curve | Label | Image

_MARGIN = 6  # a dot on the border is seen whole
_POINTS = 100 / 72  # of the picture, in one of matplotlib: 1/100 and 1/72 of an inch


@dataclass(frozen=True, eq=False)
class Layout:
    """Backgrounds, and what stands on them.

    A mark belongs to the axes that it names; in the other layout, to those at the same place in the list of axes of
    the corresponding figure, which have the same limits and scales. Where there is no such figure, it is not drawn.

    Attributes
    ----------
    backgrounds : Rows
        The figures.
    counterparts : Rows or None
        The figures of the other layout to which they correspond, one by one; None if each layout has its own marks.
    stacked : bool
        Whether this is the one for little room.
    """

    backgrounds: Rows
    counterparts: Rows | None = None
    stacked: bool = False

    def axes(self, mark: Mark) -> Axes | None:
        """Return the axes on which a mark is drawn here, or None if it is not."""
        figure = mark.axes.figure
        if figure in self.backgrounds.values:
            return mark.axes
        if self.counterparts is None or figure not in self.counterparts.values:
            return None
        return self.backgrounds.values[self.counterparts.values.index(figure)].axes[figure.axes.index(mark.axes)]

    def described(self, marks: Sequence[Mark]) -> dict:
        """Return the layout as live.js draws it, with its size in points of the picture."""
        width, height = self.backgrounds.values[0].get_size_inches() * 100
        written = {figure: self._background(figure, marks) for figure in dict.fromkeys(self.backgrounds.values)}
        images = [written[figure] for figure in self.backgrounds.values]
        return {"width": width, "height": height, "backgrounds": {"by": self.backgrounds.by, "images": images}}

    def place(self, mark: Mark) -> dict:
        """Return where a mark stands, in points of the picture; nothing if it is not drawn here."""
        axes = self.axes(mark)
        if axes is None:
            return {}
        left, top, width, height = box = box_of(axes)
        place = {"box": box}
        if isinstance(mark, Label):
            clip = [0, 0, *axes.figure.get_size_inches() * 100]
            return place | {"clip": clip, "size": label_size(mark, stacked=self.stacked)}
        return place | {"clip": [left - _MARGIN, top - _MARGIN, width + 2 * _MARGIN, height + 2 * _MARGIN]}

    def _background(self, figure: Figure, marks: Sequence[Mark]) -> str:
        """Return the figure as SVG, without its paper where an image lies under it."""
        under = [self.axes(mark) for mark in marks if isinstance(mark, Image)]
        paper = [figure.patch, *(ax.patch for ax in figure.axes)]
        hidden = (
            [patch for patch in paper if patch.get_visible()] if {ax.figure for ax in under if ax} & {figure} else []
        )
        for patch in hidden:
            patch.set_visible(False)
        try:
            return themed_svg(thin_svg(saved(figure, "svg").decode()))
        finally:
            for patch in hidden:
                patch.set_visible(True)


def box_of(axes: Axes) -> list[float]:
    """Return where axes stand, in points of the picture: left, top, width and height."""
    (width, height), box = axes.figure.get_size_inches() * 100, axes.get_position()
    return [box.x0 * width, (1 - box.y1) * height, box.width * width, box.height * height]


def set_width(text: str) -> int:
    """Return how wide a text is, in no unit: as matplotlib's font has it, other fonts have letters much alike."""
    return sum(map(_advance, text))


@cache
def _advance(letter: str) -> int:
    return get_font(findfont("DejaVu Sans")).load_char(ord(letter)).linearHoriAdvance


def label_size(mark: Label, *, stacked: bool = False) -> float:
    """Return the size of a label in points of the picture: none is too small to be read."""
    return round(STACKED_TYPE * _POINTS if stacked else max(mark.size, TYPE * _POINTS), 2)
