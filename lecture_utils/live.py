"""The live picture: a figure that is a function of a few finite choices, all of them computed up front.

matplotlib draws what does not move; live.js looks up and draws what does, without asking the kernel.
"""

import base64
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import anywidget
import numpy as np
import traitlets

from lecture_utils.style import INK, PATH, saved

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

_GAP = 65535
_HERE = Path(__file__).parent


@dataclass(frozen=True, eq=False, kw_only=True)
class By:
    """Values that depend on choices: one row for each combination of the choices named in `by`.

    Attributes
    ----------
    by : tuple of str
        The choices, slowest first; empty if the value is the same for all.
    rows : sequence
        The values, in C order: the last choice runs fastest.
    """

    by: tuple[str, ...] = ()
    rows: Sequence


@dataclass(frozen=True, eq=False, kw_only=True)
class Curve:
    """Points that move: joined by a line, or each with a dot, or the last with a head, or all of these.

    Attributes
    ----------
    name : str
        What tests and `LivePicture.shown` call it.
    axes : Axes
        The matplotlib axes that it lives in.
    x, y : By
        The coordinates; each row has n_points numbers, NaN where the curve has a gap.
    until : By, optional
        How many points are drawn; all by default.
    when : mapping
        The values of choices for which it is drawn at all; always, by default.
    widths : mapping of "line", "dots" and "head" to float
        The thickness of each part in points of the picture; a part that is not named is not drawn.
    """

    name: str
    axes: "Axes"
    x: By
    y: By
    until: By | None = None
    when: Mapping[str, int] = field(default_factory=dict)
    widths: Mapping[Literal["line", "dots", "head"], float] = field(default_factory=lambda: {"line": 2.2})
    color: str = PATH
    opacity: float = 1.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Label:
    """A text that moves or changes: `x` and `y` have one number a row, `texts` one string."""

    name: str
    axes: "Axes"
    x: By
    y: By
    texts: By
    when: Mapping[str, int] = field(default_factory=dict)
    color: str = INK
    size: float = 14
    anchor: Literal["start", "middle", "end"] = "middle"


@dataclass(frozen=True, eq=False, kw_only=True)
class Image:
    """A small PNG that fills its axes, smoothly enlarged: `images` has one a row. It lies under all that is drawn."""

    name: str
    axes: "Axes"
    images: By
    when: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class Words:
    """The state in words: a template whose {fields} depend on choices."""

    template: str
    fields: Mapping[str, By]


class LivePicture(anywidget.AnyWidget):
    """A picture of finite choices, each a trait that controls can be tied to with ``jslink``.

    Parameters
    ----------
    choices : mapping of str to int
        The name of each choice and how many values it has; its trait runs from 0.
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
        taken = [name for name in choices if self.has_trait(name) or hasattr(type(self), name)]
        if taken:
            raise ValueError(f"choices must not be named {taken}: widgets have traits of that name")
        empty = [name for name, size in choices.items() if size < 1]
        if empty:
            raise ValueError(f"choices must each have at least 1 value, but {empty} have none")
        unknown = [name for name in chosen or {} if name not in choices]
        if unknown:
            raise ValueError(f"chosen must name choices of {list(choices)}, but it names {unknown}")
        names = [mark.name for mark in marks]
        if len(set(names)) < len(names):
            raise ValueError(f"marks must each have a name of their own, but they are called {names}")
        self._choices = dict(choices)
        self._backgrounds = self._checked(backgrounds, "backgrounds")
        self._marks = tuple(marks)
        self._columns: list[np.ndarray] = []
        scene = self._scene(words)
        self.add_traits(**{name: _Choice(size).tag(sync=True) for name, size in choices.items()})
        super().__init__(scene=scene, table=b"".join(column.tobytes() for column in self._columns))
        for name, value in (chosen or {}).items():
            setattr(self, name, value)

    def row(self, by: By) -> object:
        """Return the row of `by` that the present choices select."""
        return by.rows[self._index(by.by)]

    @property
    def words(self) -> str:
        """The present state in words, as they stand under the picture."""
        words = self.scene["words"]
        fields = {name: field["rows"][self._index(field["by"])] for name, field in words["fields"].items()}
        return re.sub(r"\{(\w+)\}", lambda match: fields[match[1]], words["template"])

    def shown(self, name: str) -> np.ndarray:
        """Return the points now drawn of the mark called `name`, in fractions of its axes: shape (n_points, 2)."""
        marks = {mark["name"]: mark for mark in self.scene["marks"] if "points" in mark}
        if name not in marks:
            raise ValueError(f"name must be one of {list(marks)}, but it is {name!r}")
        mark = marks[name]
        if not self._is_drawn(mark["when"]):
            return np.empty((0, 2))
        table, points = np.frombuffer(self.table, "<u2"), mark["points"]
        columns = []
        for column in (mark["x"], mark["y"]):
            start = column["offset"] + self._index(column["by"]) * points
            values = table[start : start + points].astype(float)
            columns.append(np.where(values == _GAP, np.nan, values / (_GAP - 1) * 3 - 1))
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

    def _checked(self, by: By, name: str) -> By:
        unknown = [choice for choice in by.by if choice not in self._choices]
        if unknown:
            raise ValueError(f"{name} depends on {unknown}, which are none of the choices {list(self._choices)}")
        rows = int(np.prod([self._choices[choice] for choice in by.by]))
        if len(by.rows) != rows:
            raise ValueError(f"{name} must have {rows} rows for the choices {list(by.by)}, but it has {len(by.rows)}")
        return by

    def _scene(self, words: Words) -> dict:
        figures = self._backgrounds.rows
        sizes = {tuple(figure.get_size_inches() * 100) for figure in figures}
        if len(sizes) > 1:
            raise ValueError(f"backgrounds must be figures of one size, but they have {sorted(sizes)}")
        width, height = sizes.pop()
        missing = set(re.findall(r"\{(\w+)\}", words.template)) - set(words.fields)
        if missing:
            raise ValueError(f"words must have a field for each brace of the template, but lack {sorted(missing)}")
        for figure in figures:
            if figure.get_layout_engine() is not None:
                raise ValueError(
                    "backgrounds must be figures with layout='none': a layout engine would move their axes"
                )
        return {
            "width": width,
            "height": height,
            "choices": self._choices,
            "backgrounds": {
                "by": self._backgrounds.by,
                "images": [self._background(figure).decode() for figure in figures],
            },
            "marks": [self._mark(mark, (width, height)) for mark in self._marks],
            "words": {
                "template": words.template,
                "fields": {name: _as_json(self._checked(rows, name)) for name, rows in words.fields.items()},
            },
        }

    def _background(self, figure: "Figure") -> bytes:
        """Return the figure as SVG, without its paper where an image lies under it."""
        if not any(isinstance(mark, Image) and mark.axes.figure is figure for mark in self._marks):
            return saved(figure, "svg")
        paper = [patch for patch in (figure.patch, *(ax.patch for ax in figure.axes)) if patch.get_visible()]
        for patch in paper:
            patch.set_visible(False)
        try:
            return saved(figure, "svg")
        finally:
            for patch in paper:
                patch.set_visible(True)

    def _mark(self, mark: Curve | Label | Image, size: tuple[float, float]) -> dict:
        box = mark.axes.get_position()
        left, top = box.x0 * size[0], (1 - box.y1) * size[1]
        width, height = box.width * size[0], box.height * size[1]
        margin = 6  # a dot on the border is seen whole
        for choice, value in mark.when.items():
            if value not in range(self._choices.get(choice, 0)):
                raise ValueError(
                    f"{mark.name}: when must give choices of {self._choices} a value, but it is {mark.when}"
                )
        if isinstance(mark, Image):
            images = self._checked(mark.images, f"{mark.name}: images")
            encoded = {"by": images.by, "rows": [base64.b64encode(image).decode() for image in images.rows]}
            return {"name": mark.name, "box": [left, top, width, height], "when": dict(mark.when), "images": encoded}
        x, y = self._checked(mark.x, f"{mark.name}: x"), self._checked(mark.y, f"{mark.name}: y")
        n_points = {np.atleast_1d(row).size for column in (x, y) for row in column.rows}
        if len(n_points) > 1:
            raise ValueError(f"{mark.name}: x and y must have as many points in each row, but have {sorted(n_points)}")
        described = {
            "name": mark.name,
            "box": [left, top, width, height],
            "clip": [left - margin, top - margin, width + 2 * margin, height + 2 * margin],
            "points": np.atleast_2d(x.rows[0]).shape[-1],
            "x": self._column(x, mark.axes, axis=0),
            "y": self._column(y, mark.axes, axis=1),
            "until": None,
            "when": dict(mark.when),
            "color": mark.color,
        }
        if isinstance(mark, Label):
            described["clip"] = [0, 0, *size]
            texts = self._checked(mark.texts, f"{mark.name}: texts")
            return described | {"size": mark.size, "anchor": mark.anchor, "texts": _as_json(texts)}
        if mark.until is not None:
            until = self._checked(mark.until, f"{mark.name}: until")
            if not all(0 <= count <= described["points"] for count in until.rows):
                raise ValueError(f"{mark.name}: until must be from 0 to {described['points']}, but it is {until.rows}")
            described["until"] = {"by": until.by, "counts": [int(count) for count in until.rows]}
        return described | {"widths": dict(mark.widths), "opacity": mark.opacity}

    def _column(self, values: By, axes: "Axes", *, axis: int) -> dict:
        """Store coordinates as 16-bit positions in the axes; return where they stand in the table."""
        rows = np.asarray([np.atleast_1d(row) for row in values.rows], dtype=float)
        fractions = _axes_fractions(rows.ravel(), axes, axis=axis).reshape(rows.shape)
        offset = sum(column.size for column in self._columns)
        scaled = np.round((np.clip(fractions, -1, 2) + 1) / 3 * (_GAP - 1))
        self._columns.append(np.where(np.isfinite(rows), np.nan_to_num(scaled), _GAP).astype("<u2"))
        return {"offset": offset, "by": values.by}


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


def _as_json(values: By) -> dict:
    return {"by": values.by, "rows": [str(row) for row in values.rows]}


def _axes_fractions(values: np.ndarray, axes: "Axes", *, axis: int) -> np.ndarray:
    """Turn coordinates along one axis into fractions of its length; matplotlib knows the scale."""
    limits = axes.get_ylim() if axis == 0 else axes.get_xlim()
    points = np.full((len(values), 2), limits[0], dtype=float)
    points[:, axis] = np.nan_to_num(values)
    with np.errstate(all="ignore"):  # points far off the axes are cut below, and zeros on a logarithmic axis
        display = axes.transData.transform(points)
    return axes.transAxes.inverted().transform(display)[:, axis]
