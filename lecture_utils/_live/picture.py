"""The widget: its choices are traits that controls are tied to, and live.js draws by them."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from lecture_utils._live.marks import Caption, Curve, Image, Label, Rows, rows
from lecture_utils._live.scene import describe, positions
from lecture_utils._live.still import still_png

_HERE = Path(__file__).parent


class LivePicture(anywidget.AnyWidget):
    """A picture of finite choices, each a trait that controls can be tied to with ``jslink``.

    Parameters
    ----------
    choices : mapping of str to int
        The name of each choice and how many values it has; its trait runs from 0.
    backgrounds : Rows or Figure
        matplotlib figures of one size, without a layout engine, with all that does not move.
    marks : sequence of Curve, Label and Image
        What moves, drawn in this order; images under the background, whose paper is left out for them.
    caption : Caption
        The state in words: shown under the picture and read to those who do not see it.
    chosen : mapping of str to int, optional
        The first value of each choice; 0 by default.
    """

    _esm = _HERE / "live.js"
    _css = _HERE / "live.css"

    scene = traitlets.Dict().tag(sync=True)
    table = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        choices: Mapping[str, int],
        *,
        backgrounds: object,
        marks: Sequence[Curve | Label | Image],
        caption: Caption,
        chosen: Mapping[str, int] | None = None,
    ) -> None:
        self._choices = dict(choices)
        self._backgrounds = rows(backgrounds)
        self._marks = tuple(marks)
        scene, table = describe(choices, backgrounds=self._backgrounds, marks=marks, caption=caption)
        self.add_traits(**{name: _Choice(size).tag(sync=True) for name, size in choices.items()})
        super().__init__(scene=scene, table=table, **(chosen or {}))

    @property
    def caption(self) -> str:
        """The present state in words, as they stand under the picture."""
        caption = self.scene["caption"]
        fields = {name: field["rows"][self._index(field["by"])] for name, field in caption["fields"].items()}
        return re.sub(r"\{(\w+)\}", lambda match: fields[match[1]], caption["template"])

    def points(self, name: str) -> np.ndarray:
        """Return the points now drawn of the curve or label called `name`, in fractions of its axes: (n_points, 2)."""
        mark = next(mark for mark in self.scene["marks"] if mark["name"] == name)
        if not self._is_drawn(mark["when"]):
            return np.empty((0, 2))
        n_points = mark["points"]
        columns = [
            positions(self.table, start=column["offset"] + self._index(column["by"]) * n_points, points=n_points)
            for column in (mark["x"], mark["y"])
        ]
        count = mark["until"]["counts"][self._index(mark["until"]["by"])] if "until" in mark else n_points
        return np.column_stack(columns)[:count]

    def static_png(self) -> bytes:
        """Return the present state as a PNG, for where no widget can run: drawn from the same table."""
        figure = self._row(self._backgrounds)
        marks = [mark for mark in self._marks if mark.axes.figure is figure and self._is_drawn(mark.when)]
        return still_png(figure, marks, points=self.points, row=self._row)

    def _row(self, by_choices: Rows) -> object:
        return by_choices.values[self._index(by_choices.by)]

    def _is_drawn(self, when: Mapping[str, int]) -> bool:
        return all(getattr(self, choice) == value for choice, value in when.items())

    def _index(self, by: Sequence[str]) -> int:
        index = 0
        for name in by:
            index = index * self._choices[name] + getattr(self, name)
        return index


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
