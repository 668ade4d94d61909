"""The live picture: a figure that is a function of a few finite choices, all of them computed up front.

matplotlib draws what does not move; live.js looks up and draws what does, without asking the kernel.
"""

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import anywidget
import numpy as np
import traitlets

from lecture_utils.marks import By, Curve, Image, Label, Words
from lecture_utils.require import as_list, require_count, require_instance, require_natural, require_one_of, shown
from lecture_utils.scene import Scene, positions, require_rows
from lecture_utils.style import saved

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

__all__ = ["By", "Curve", "Image", "Label", "LivePicture", "Words"]

#: How many values a choice can have.
MAX_VALUES = 100_000

_HERE = Path(__file__).parent


class LivePicture(anywidget.AnyWidget):
    """A picture of finite choices, each a trait that controls can be tied to with ``jslink``.

    Parameters
    ----------
    choices : mapping of str to int
        The name of each choice and how many values it has, up to 100 000; its trait runs from 0.
    backgrounds : By
        matplotlib figures of one size, with all that does not move.
    marks : sequence of Curve, Label and Image
        What moves, drawn in this order; images under the background, whose paper is left out for them.
    words : Words
        The state in words: shown under the picture and read to those who do not see it.
    chosen : mapping of str to int, optional
        The first value of each choice; 0 by default.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If a name is taken, a number of rows does not fit its choices, or a chosen value is out of range.
    """

    _esm = _HERE / "live.js"
    _css = _HERE / "live.css"

    scene = traitlets.Dict().tag(sync=True)
    table = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        choices: Mapping[str, int],
        *,
        backgrounds: By,
        marks: Sequence[Curve | Label | Image],
        words: Words,
        chosen: Mapping[str, int] | None = None,
    ) -> None:
        chosen = {} if chosen is None else chosen
        self._require_choices(choices)
        _require_chosen(chosen, choices)
        require_instance(backgrounds, By, "backgrounds")
        require_instance(words, Words, "words")
        marks = as_list(marks, "marks", of="Curve, Label and Image")
        for index, mark in enumerate(marks):
            if not isinstance(mark, Curve | Label | Image):
                raise TypeError(f"marks[{index}] must be a Curve, Label or Image, but it is {shown(mark)}")
        names = [mark.name for mark in marks]
        if len(set(names)) < len(names):
            raise ValueError(f"marks must each have a name of their own, but they are called {names}")
        scene = Scene(choices, backgrounds=backgrounds, marks=marks, words=words)
        self._choices = dict(choices)
        self._backgrounds = backgrounds
        self._marks = tuple(marks)
        self.add_traits(**{name: _Choice(size).tag(sync=True) for name, size in choices.items()})
        super().__init__(scene=scene.described, table=scene.table)
        for name, value in chosen.items():
            setattr(self, name, int(value))

    def _require_choices(self, choices: Mapping[str, int]) -> None:
        require_instance(choices, Mapping, "choices")
        for name, size in choices.items():
            if not isinstance(name, str) or not name.isidentifier():
                raise TypeError(f"choices must be named like variables, but one is {shown(name)}")
            require_count(size, f"choices[{name!r}]", most=MAX_VALUES)
        taken = [name for name in choices if self.has_trait(name) or hasattr(type(self), name)]
        if taken:
            raise ValueError(f"choices must not be named {taken}: widgets have traits of that name")

    def row(self, by: By) -> object:
        """Return the row of `by` that the present choices select.

        Raises
        ------
        TypeError
            If `by` is no By.
        ValueError
            If it depends on other choices, or its number of rows does not fit them.
        """
        require_instance(by, By, "by")
        require_rows(by, self._choices, "by")
        return by.rows[self._index(by.by)]

    @property
    def words(self) -> str:
        """The present state in words, as they stand under the picture."""
        words = self.scene["words"]
        fields = {name: field["rows"][self._index(field["by"])] for name, field in words["fields"].items()}
        return re.sub(r"\{(\w+)\}", lambda match: fields[match[1]], words["template"])

    def shown(self, name: str) -> np.ndarray:
        """Return the points now drawn of the mark called `name`, in fractions of its axes: shape (n_points, 2).

        Raises
        ------
        ValueError
            If there is no curve or label of that name.
        """
        marks = {mark["name"]: mark for mark in self.scene["marks"] if "points" in mark}
        require_one_of(name, marks, "name")
        mark = marks[name]
        if not self._is_drawn(mark["when"]):
            return np.empty((0, 2))
        points = mark["points"]
        columns = [
            positions(self.table, start=column["offset"] + self._index(column["by"]) * points, points=points)
            for column in (mark["x"], mark["y"])
        ]
        count = mark["until"]["counts"][self._index(mark["until"]["by"])] if mark["until"] else points
        return np.column_stack(columns)[:count]

    def static_png(self) -> bytes:
        """Return the present state as a PNG, for where no widget can run: drawn from the same table."""
        figure = self.row(self._backgrounds)
        artists = [artist for mark in self._marks if mark.axes.figure is figure for artist in self._static(mark)]
        try:
            return saved(figure, "png")
        finally:
            for artist in artists:
                artist.remove()

    def _static(self, mark: Curve | Label | Image) -> list:
        if isinstance(mark, Image):
            return [_enlarged(self.row(mark.images), mark.axes)] if self._is_drawn(mark.when) else []
        points = self.shown(mark.name)
        if not len(points):
            return []
        place = {"transform": mark.axes.transAxes, "color": mark.color, "zorder": 5}
        if isinstance(mark, Label):
            ha = {"start": "left", "middle": "center", "end": "right"}[mark.anchor]
            return [mark.axes.text(*points[-1], self.row(mark.texts), ha=ha, fontsize=mark.size * 0.72, **place)]
        parts = {
            "line": (points, {"linestyle": "-", "linewidth": mark.widths.get("line", 0) * 0.72}),
            "dots": (points, {"linestyle": "", "marker": "o", "markersize": mark.widths.get("dots", 0) * 0.72}),
            "head": (
                points[np.isfinite(points).all(axis=1)][-1:],
                {"linestyle": "", "marker": "o", "markersize": mark.widths.get("head", 0) * 0.72},
            ),
        }
        return [
            artist
            for part in mark.widths
            for artist in mark.axes.plot(
                *parts[part][0].T, **parts[part][1], **place, alpha=mark.opacity, markeredgewidth=0
            )
        ]

    def _is_drawn(self, when: Mapping[str, int]) -> bool:
        return all(getattr(self, choice) == value for choice, value in when.items())

    def _index(self, by: Sequence[str]) -> int:
        index = 0
        for name in by:
            index = index * self._choices[name] + getattr(self, name)
        return index


def _require_chosen(chosen: Mapping[str, int], choices: Mapping[str, int]) -> None:
    require_instance(chosen, Mapping, "chosen")
    unknown = [name for name in chosen if name not in choices]
    if unknown:
        raise ValueError(f"chosen must name choices of {list(choices)}, but it names {unknown}")
    for name, value in chosen.items():
        require_natural(value, f"chosen[{name!r}]", most=choices[name] - 1)


class _Choice(traitlets.Int):
    """A whole number from 0 to size − 1."""

    def __init__(self, size: int) -> None:
        super().__init__(0)
        self._size = size

    def validate(self, obj: LivePicture, value: object) -> int:
        value = super().validate(obj, value)
        if not 0 <= value < self._size:
            raise traitlets.TraitError(f"{self.name} must be from 0 to {self._size - 1}, but it is {value}")
        return value


def _enlarged(png: bytes, axes: "Axes") -> "AxesImage":
    """Fill the axes with an image, under all that is drawn there."""
    from matplotlib.image import AxesImage, imread

    image = AxesImage(axes, interpolation="bilinear", origin="upper", extent=(0, 1, 0, 1), zorder=-5)
    image.set_transform(axes.transAxes)
    image.set_data(imread(io.BytesIO(png)))
    image.set_clip_path(axes.patch)
    axes.add_artist(image)
    return image
