"""Describes a live picture to the page that draws it: a scene in words, and a table of 16-bit coordinates."""

import base64
import math
import re
from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np

from lecture_utils.i18n import word
from lecture_utils.marks import By, Curve, Image, Label, Words
from lecture_utils.require import real_array, require_instance, require_natural, shown
from lecture_utils.style import saved

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: In the table: no point here.
GAP = 65535
_FARTHEST = 1e300  # beyond, matplotlib's sums would overflow
_MARGIN = 6  # a dot on the border is seen whole


class Scene:
    """The picture of all choices.

    Attributes
    ----------
    described : dict
        What live.js draws by.
    table : bytes
        The coordinates that `described` tells the places of: 16 bits each, from −1 to 2 lengths of their axes.

    Raises
    ------
    ValueError
        If a number of rows does not fit its choices, or figures or words do not fit each other.
    """

    def __init__(
        self, choices: Mapping[str, int], *, backgrounds: By, marks: Sequence[Curve | Label | Image], words: Words
    ) -> None:
        self._choices = dict(choices)
        self._columns: list[np.ndarray] = []
        width, height = _common_size(self._checked(backgrounds, "backgrounds").rows)
        _require_fields(words)
        self.described = {
            "width": width,
            "height": height,
            "choices": self._choices,
            "backgrounds": {
                "by": backgrounds.by,
                "images": [_background(figure, marks).decode() for figure in backgrounds.rows],
            },
            "marks": [self._mark(mark, (width, height)) for mark in marks],
            "buttons": {  # by the icon that Play gives each
                "play": word("play"),
                "pause": word("pause"),
                "stop": word("to_the_start"),
                "retweet": word("repeat"),
            },
            "words": {
                "template": words.template,
                "fields": {name: _as_json(self._checked(rows, name)) for name, rows in words.fields.items()},
            },
        }
        self.table = b"".join(column.tobytes() for column in self._columns)

    def _checked(self, by: By, name: str) -> By:
        require_rows(by, self._choices, name)
        return by

    def _mark(self, mark: Curve | Label | Image, size: tuple[float, float]) -> dict:
        for choice, value in mark.when.items():
            if not isinstance(value, Integral) or value not in range(self._choices.get(choice, 0)):
                raise ValueError(
                    f"{mark.name}: when must give choices of {self._choices} a value, but it is {mark.when}"
                )
        box = mark.axes.get_position()
        left, top = box.x0 * size[0], (1 - box.y1) * size[1]
        width, height = box.width * size[0], box.height * size[1]
        described = {"name": mark.name, "box": [left, top, width, height], "when": dict(mark.when)}
        if isinstance(mark, Image):
            images = self._checked(mark.images, f"{mark.name}: images")
            if not all(isinstance(image, bytes) and image.startswith(b"\x89PNG") for image in images.rows):
                raise TypeError(f"{mark.name}: images must hold the bytes of PNGs, but it is {shown(images.rows)}")
            encoded = {"by": images.by, "rows": [base64.b64encode(image).decode() for image in images.rows]}
            return described | {"images": encoded}
        described |= self._points(mark)
        if isinstance(mark, Label):
            texts = self._checked(mark.texts, f"{mark.name}: texts")
            described |= {"size": mark.size, "anchor": mark.anchor, "texts": _as_json(texts)}
            return described | {"clip": [0, 0, *size]}
        clip = [left - _MARGIN, top - _MARGIN, width + 2 * _MARGIN, height + 2 * _MARGIN]
        described |= {"until": self._until(mark, described["points"]), "clip": clip}
        return described | {"widths": dict(mark.widths), "opacity": mark.opacity}

    def _points(self, mark: Curve | Label) -> dict:
        x, y = self._coordinates(mark.x, f"{mark.name}: x"), self._coordinates(mark.y, f"{mark.name}: y")
        n_points = {x.shape[1], y.shape[1]}
        if len(n_points) > 1:
            raise ValueError(f"{mark.name}: x and y must have as many points in each row, but have {sorted(n_points)}")
        return {
            "points": n_points.pop(),
            "x": {"offset": self._stored(x, mark.axes, axis=0), "by": mark.x.by},
            "y": {"offset": self._stored(y, mark.axes, axis=1), "by": mark.y.by},
            "until": None,
            "color": mark.color,
        }

    def _until(self, mark: Curve, points: int) -> dict | None:
        if mark.until is None:
            return None
        until = self._checked(mark.until, f"{mark.name}: until")
        for count in until.rows:
            require_natural(count, f"{mark.name}: until", most=points)
        return {"by": until.by, "counts": [int(count) for count in until.rows]}

    def _coordinates(self, values: By, name: str) -> np.ndarray:
        """Return coordinates as an array of shape (n_rows, n_points)."""
        rows = self._checked(values, name).rows
        return real_array(rows, name, accepted="have as many numbers in each row").astype(float).reshape(len(rows), -1)

    def _stored(self, rows: np.ndarray, axes: "Axes", *, axis: int) -> int:
        """Store coordinates as 16-bit positions in the axes; return where they stand in the table."""
        fractions = _axes_fractions(rows.ravel(), axes, axis=axis).reshape(rows.shape)
        offset = sum(column.size for column in self._columns)
        scaled = np.round((np.clip(fractions, -1, 2) + 1) / 3 * (GAP - 1))
        self._columns.append(np.where(np.isfinite(rows), np.nan_to_num(scaled), GAP).astype("<u2"))
        return offset


def require_rows(by: By, choices: Mapping[str, int], name: str) -> None:
    """Raise unless `by` depends on `choices` only, and has a row for each of their combinations."""
    unknown = [choice for choice in by.by if choice not in choices]
    if unknown:
        raise ValueError(f"{name} depends on {unknown}, which are none of the choices {list(choices)}")
    rows = math.prod(choices[choice] for choice in by.by)
    if len(by.rows) != rows:
        raise ValueError(f"{name} must have {rows} rows for the choices {list(by.by)}, but it has {len(by.rows)}")


def positions(table: bytes, *, start: int, points: int) -> np.ndarray:
    """Read coordinates back from a table, in fractions of their axes: shape (points,), NaN where there is a gap."""
    values = np.frombuffer(table, "<u2")[start : start + points].astype(float)
    return np.where(values == GAP, np.nan, values / (GAP - 1) * 3 - 1)


def _common_size(figures: Sequence["Figure"]) -> tuple[float, float]:
    """Return the width and height of all figures in points of the picture."""
    from matplotlib.figure import Figure

    for index, figure in enumerate(figures):
        require_instance(figure, Figure, f"backgrounds[{index}]")
    sizes = {tuple(figure.get_size_inches() * 100) for figure in figures}
    if len(sizes) > 1:
        raise ValueError(f"backgrounds must be figures of one size, but they have {sorted(sizes)}")
    if any(figure.get_layout_engine() is not None for figure in figures):
        raise ValueError("backgrounds must be figures with layout='none': a layout engine would move their axes")
    return sizes.pop()


def _require_fields(words: Words) -> None:
    missing = set(re.findall(r"\{(\w+)\}", words.template)) - set(words.fields)
    if missing:
        raise ValueError(f"words must have a field for each brace of the template, but lack {sorted(missing)}")


def _background(figure: "Figure", marks: Sequence[Curve | Label | Image]) -> bytes:
    """Return the figure as SVG, without its paper where an image lies under it."""
    if not any(isinstance(mark, Image) and mark.axes.figure is figure for mark in marks):
        return saved(figure, "svg")
    paper = [patch for patch in (figure.patch, *(ax.patch for ax in figure.axes)) if patch.get_visible()]
    for patch in paper:
        patch.set_visible(False)
    try:
        return saved(figure, "svg")
    finally:
        for patch in paper:
            patch.set_visible(True)


def _as_json(values: By) -> dict:
    return {"by": values.by, "rows": [str(row) for row in values.rows]}


def _axes_fractions(values: np.ndarray, axes: "Axes", *, axis: int) -> np.ndarray:
    """Turn coordinates along one axis into fractions of its length; matplotlib knows the scale."""
    limits = axes.get_ylim() if axis == 0 else axes.get_xlim()
    points = np.full((len(values), 2), limits[0], dtype=float)
    points[:, axis] = np.clip(np.nan_to_num(values), -_FARTHEST, _FARTHEST)
    with np.errstate(all="ignore"):  # points far off the axes are cut below, and zeros on a logarithmic axis
        display = axes.transData.transform(points)
    return axes.transAxes.inverted().transform(display)[:, axis]
