"""The widget: its choices are traits that controls are tied to, and live.js draws by them."""

import math
import re
from collections.abc import Mapping, Sequence
from numbers import Real
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from lecture_utils._live.arrows import is_outside
from lecture_utils._live.layouts import Layout
from lecture_utils._live.marks import Caption, Curve, Image, Label, Rows, rows
from lecture_utils._live.motion import Form, Number
from lecture_utils._live.scene import axes_scale, describe, positions
from lecture_utils._live.still import still_png
from lecture_utils._require import brief

_HERE = Path(__file__).parent
#: The parts of live.js, each after those that it imports from.
_PARTS = ("geometry", "nodes", "grips", "controls", "table", "live")


def script() -> str:
    """Return live.js and what it is made of as one module, for pages that can load no second one."""
    parts = [(_HERE / f"{name}.js").read_text(encoding="utf-8") for name in _PARTS]
    return re.sub(r"^(import .*\n|export (?!default)|// @ts-check\n)", "", "".join(parts), flags=re.MULTILINE)


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
        The state in words: read to those who do not see the picture, and shown under it if there is no verdict.
    verdict : Caption, optional
        What to see, in a few words: shown under the picture.
    stacked : Rows or Figure, optional
        The figures of the layout for where there is little room, 3.6 inches wide, one for each in `backgrounds`. Their
        axes correspond, in order, and have the same limits and scales: there, the same marks are drawn by the same
        table. If marks name axes of these figures, it is they alone that are drawn there.
    values : mapping of str to Rows, optional
        What is said beside the control of each choice.
    names : mapping of str to str, optional
        What each choice that can be grabbed is called, for those who hear it.
    chosen : mapping of str to int, optional
        The first value of each choice; 0 by default.
    placed : mapping of str to sequence of two floats, optional
        The points that the reader may put anywhere, and where each stands at first.
    """

    _esm = script()
    _css = (_HERE / "live.css").read_text(encoding="utf-8")  # a path is watched, which keeps every picture for ever

    scene = traitlets.Dict().tag(sync=True)
    table = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        choices: Mapping[str, int],
        *,
        backgrounds: object,
        marks: Sequence[Curve | Label | Image],
        caption: Caption,
        verdict: Caption | None = None,
        stacked: object | None = None,
        values: Mapping[str, Rows] | None = None,
        names: Mapping[str, str] | None = None,
        chosen: Mapping[str, int] | None = None,
        placed: Mapping[str, Sequence[float]] | None = None,
    ) -> None:
        self._choices = dict(choices)
        self._backgrounds = rows(backgrounds)
        self._marks = tuple(marks)
        self._said = {"caption": caption} | ({"verdict": verdict} if verdict else {})
        self._layouts = _layouts(self._backgrounds, stacked, marks)
        scene, table = describe(
            choices, layouts=self._layouts, marks=marks, said=self._said, names=names or {}, values=values or {}
        )
        free = {name: list(map(float, place)) for name, place in (placed or {}).items()}
        scene["placed"] = free
        traits = {name: _Choice(size) for name, size in choices.items()} | {
            name: _Place(at) for name, at in free.items()
        }
        self.add_traits(**{name: trait.tag(sync=True) for name, trait in traits.items()})
        super().__init__(scene=scene, table=table, **(chosen or {}))

    @property
    def state(self) -> dict[str, object]:
        """The present choices, and where the points are put."""
        return {name: getattr(self, name) for name in (*self._choices, *self.scene["placed"])}

    @property
    def caption(self) -> str:
        """The present state in words, as a screen reader says it."""
        return self.static_caption()

    def static_caption(self, **imagined: int) -> str:
        """Return the present state, or that of other choices, in words."""
        return self.words(self._said["caption"], **imagined)

    def words(self, said: object, **imagined: int) -> str:
        """Return what a text says now, or would say if some choices were made: rows of strings, or a template."""
        if not isinstance(said, Caption):
            return str(self._row(rows(said), **imagined))
        fields = {name: self._field(value, imagined) for name, value in said.fields.items()}
        return re.sub(r"\{(\w+)\}", lambda match: fields[match[1]], said.template)

    def points(self, name: str, **imagined: int) -> np.ndarray:
        """Return the points now shown of the curve or label called `name`, in fractions of its axes: (n_points, 2).

        With choices, return those that would be shown if they were made. Of a mark that stands at the border if its
        last point is outside, return all to that point.
        """
        mark = next(mark for mark in self._marks if mark.name == name)
        at_times_only = isinstance(mark, Curve) and (mark.pulse is not None or mark.lights is not None)
        if at_times_only or not self._is_drawn(mark.when, **imagined):
            return np.empty((0, 2))
        described = next(mark for mark in self.scene["marks"] if mark["name"] == name)
        columns = [self._column(mark, described, axis, imagined) for axis in (0, 1)]
        points = np.column_stack(columns)[: None if mark.until is None else self._row(rows(mark.until), **imagined)]
        if mark.beyond:
            return points
        if isinstance(mark, Label):
            return points[-1:]
        if mark.leaves:
            outside = np.flatnonzero(is_outside(points))
            points = points[: outside[0] + 1] if len(outside) else points
        return points[-(mark.last or 0) :]

    def static_png(self, **imagined: int) -> bytes:
        """Return the present state, or that of other choices, as a PNG for where no widget can run."""
        figure = self._row(self._backgrounds, **imagined)
        marks = [mark for mark in self._marks if mark.axes.figure is figure and self._is_drawn(mark.when, **imagined)]
        places = {mark.name: self.points(mark.name, **imagined) for mark in marks if not isinstance(mark, Image)}
        texts = {mark.name: self.words(mark.texts, **imagined) for mark in marks if isinstance(mark, Label)}
        images = {mark.name: self._row(rows(mark.images), **imagined) for mark in marks if isinstance(mark, Image)}
        return still_png(figure, marks, points=places, texts=texts, images=images)

    def _column(self, mark: Curve | Label, described: dict, axis: int, imagined: Mapping[str, int]) -> np.ndarray:
        """Return one coordinate of all points of a mark, in fractions of its axes."""
        values = getattr(mark, "xy"[axis])
        if isinstance(values, Form):
            return axes_scale(mark.axes, axis=axis).fractions(self._numbers(values, imagined))
        column, n_points = described["xy"[axis]], described["points"]
        start = column["offset"] + self._index(column["by"], **imagined) * n_points
        return positions(self.table, start=start, points=n_points)

    def _field(self, value: object, imagined: Mapping[str, int]) -> str:
        said = self._row(rows(value), **imagined)
        if isinstance(said, Number):
            return said.said(self._numbers(said.form, imagined)[self._row(rows(said.at), **imagined)])
        return str(said)

    def _numbers(self, form: Form, imagined: Mapping[str, int]) -> np.ndarray:
        motion = form.motion
        return form.values(getattr(self, motion.point), self._index(motion.by, **imagined))

    def _row(self, by_choices: Rows, **imagined: int) -> object:
        return by_choices.values[self._index(by_choices.by, **imagined)]

    def _is_drawn(self, when: Mapping[str, int], **imagined: int) -> bool:
        return all(self._choice(choice, imagined) == value for choice, value in when.items())

    def _index(self, by: Sequence[str], **imagined: int) -> int:
        index = 0
        for name in by:
            index = index * self._choices[name] + self._choice(name, imagined)
        return index

    def _choice(self, name: str, imagined: Mapping[str, int]) -> int:
        return imagined[name] if name in imagined else getattr(self, name)


def _layouts(wide: Rows, stacked: object | None, marks: Sequence[Curve | Label | Image]) -> list[Layout]:
    if stacked is None:
        return [Layout(wide)]
    narrow = rows(stacked)
    apart = any(mark.axes.figure in narrow.values for mark in marks)  # a drawing of its own
    return [Layout(wide), Layout(narrow, counterparts=None if apart else wide, stacked=True)]


class _Place(traitlets.List):
    """Two finite numbers: where the reader has put a point."""

    def __init__(self, place: list[float]) -> None:
        super().__init__(default_value=place)

    def validate(self, obj: LivePicture, value: object) -> list[float]:
        value = super().validate(obj, list(value) if isinstance(value, tuple) else value)
        if len(value) != 2 or not all(isinstance(at, Real) and math.isfinite(at) for at in value):
            raise traitlets.TraitError(f"{self.name} must be two finite numbers, but it is {brief(value)}")
        return [float(at) for at in value]


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
