"""Describes a live picture to the page that draws it: a scene in words, and a table of 16-bit coordinates."""

import base64
import math
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lecture_utils._live.marks import Caption, Curve, Image, Label, Rows, rows
from lecture_utils._look.style import saved
from lecture_utils._words import word

Mark = Curve | Label | Image

#: In the table: no point here.
GAP = 65535
_FARTHEST = 1e300  # beyond, matplotlib's sums would overflow
_MARGIN = 6  # a dot on the border is seen whole


def describe(
    choices: Mapping[str, int], *, backgrounds: Rows, marks: Sequence[Mark], caption: Caption
) -> tuple[dict, bytes]:
    """Return what live.js draws by, and the table of coordinates that it tells the places of.

    A coordinate has 16 bits, from −1 to 2 lengths of its axes.
    """
    _expect_rows_to_fit(choices, [backgrounds, *_all_rows(marks), *map(rows, caption.fields.values())])
    width, height = backgrounds.values[0].get_size_inches() * 100  # points of the picture
    table: list[np.ndarray] = []
    scene = {
        "width": width,
        "height": height,
        "choices": dict(choices),
        "backgrounds": {
            "by": backgrounds.by,
            "images": [_background(figure, marks).decode() for figure in backgrounds.values],
        },
        "marks": [_described(mark, (width, height), table) for mark in marks],
        "buttons": {  # by the icon that Play gives each
            "play": word("play"),
            "pause": word("pause"),
            "stop": word("to_the_start"),
            "retweet": word("repeat"),
        },
        "caption": {
            "template": caption.template,
            "fields": {name: _as_json(rows(value)) for name, value in caption.fields.items()},
        },
    }
    return scene, b"".join(column.tobytes() for column in table)


def positions(table: bytes, *, start: int, points: int) -> np.ndarray:
    """Read coordinates back from a table, in fractions of their axes: shape (points,), NaN where there is a gap."""
    values = np.frombuffer(table, "<u2")[start : start + points].astype(float)
    return np.where(values == GAP, np.nan, values / (GAP - 1) * 3 - 1)


def _all_rows(marks: Sequence[Mark]) -> list[Rows]:
    """Return everything in the marks that depends on choices."""
    return [value for mark in marks for value in vars(mark).values() if isinstance(value, Rows)]


def _expect_rows_to_fit(choices: Mapping[str, int], all_rows: Sequence[Rows]) -> None:
    """Fail unless there is a row for each combination of choices: one too few would show another's picture."""
    for one in all_rows:
        expected = math.prod(choices[choice] for choice in one.by)
        assert len(one.values) == expected, f"{len(one.values)} rows by {one.by}, of which there are {expected}"


def _described(mark: Mark, size: tuple[float, float], table: list[np.ndarray]) -> dict:
    box = mark.axes.get_position()
    left, top = box.x0 * size[0], (1 - box.y1) * size[1]
    width, height = box.width * size[0], box.height * size[1]
    described = {"name": mark.name, "box": [left, top, width, height], "when": dict(mark.when)}
    if isinstance(mark, Image):
        images = rows(mark.images)
        encoded = [base64.b64encode(image).decode() for image in images.values]
        return described | {"images": {"by": images.by, "rows": encoded}}
    described |= _points(mark, table) | {"color": mark.color}
    if isinstance(mark, Label):
        described |= {"size": mark.size, "anchor": mark.anchor, "texts": _as_json(rows(mark.texts))}
        return described | {"clip": [0, 0, *size]}
    clip = [left - _MARGIN, top - _MARGIN, width + 2 * _MARGIN, height + 2 * _MARGIN]
    described |= {"clip": clip, "widths": dict(mark.widths), "opacity": mark.opacity}
    if mark.until is None:
        return described
    until = rows(mark.until)
    return described | {"until": {"by": until.by, "counts": [int(count) for count in until.values]}}


def _points(mark: Curve | Label, table: list[np.ndarray]) -> dict:
    described = {}
    for axis, name in enumerate("xy"):
        coordinates = rows(getattr(mark, name))
        values = _as_array(coordinates.values)
        described[name] = {"offset": sum(column.size for column in table), "by": coordinates.by}
        table.append(_as_table(values, mark.axes, axis=axis))
        described["points"] = values.shape[1]
    return described


def _as_array(values: Sequence) -> np.ndarray:
    """Return coordinates as an array of shape (n_rows, n_points)."""
    if isinstance(values, Sequence):
        values = [np.asarray(torch.as_tensor(row)) if isinstance(row, torch.Tensor) else row for row in values]
    return np.asarray(values, dtype=float).reshape(len(values), -1)


def _as_table(values: np.ndarray, axes: Axes, *, axis: int) -> np.ndarray:
    """Return coordinates as 16-bit positions in the axes."""
    fractions = _axes_fractions(values.ravel(), axes, axis=axis).reshape(values.shape)
    scaled = np.round((np.clip(fractions, -1, 2) + 1) / 3 * (GAP - 1))
    return np.where(np.isfinite(values), np.nan_to_num(scaled), GAP).astype("<u2")


def _axes_fractions(values: np.ndarray, axes: Axes, *, axis: int) -> np.ndarray:
    """Turn coordinates along one axis into fractions of its length; matplotlib knows the scale."""
    limits = axes.get_ylim() if axis == 0 else axes.get_xlim()
    points = np.full((len(values), 2), limits[0], dtype=float)
    points[:, axis] = np.clip(np.nan_to_num(values), -_FARTHEST, _FARTHEST)
    with np.errstate(all="ignore"):  # points far off the axes are cut, and zeros on a logarithmic axis
        display = axes.transData.transform(points)
    return axes.transAxes.inverted().transform(display)[:, axis]


def _background(figure: Figure, marks: Sequence[Mark]) -> bytes:
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


def _as_json(values: Rows) -> dict:
    return {"by": values.by, "rows": [str(row) for row in values.values]}
