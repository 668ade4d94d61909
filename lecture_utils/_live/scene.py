"""Describes a live picture to the page that draws it: a scene in words, and a table of 16-bit coordinates."""

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.axes import Axes

from lecture_utils._live.layouts import Layout, set_width
from lecture_utils._live.marks import Caption, Curve, Image, Label, Rows, rows
from lecture_utils._live.motion import Form, Motion, Number
from lecture_utils._look.style import themed
from lecture_utils._words import word

Mark = Curve | Label | Image

#: In the table: no point here.
GAP = 65535
_FARTHEST = 1e300  # beyond, matplotlib's sums would overflow
_LEAST = 1e-300  # what is less stands there on a logarithmic axis: far below


def describe(
    choices: Mapping[str, int],
    *,
    layouts: Sequence[Layout],
    marks: Sequence[Mark],
    said: Mapping[str, Caption],
    names: Mapping[str, str],
    values: Mapping[str, Rows],
) -> tuple[dict, bytes]:
    """Return what live.js draws by, and the table of coordinates that it tells the places of.

    A coordinate has 16 bits, from −1 to 2 lengths of its axes. The factors of motions, each a float32, follow them.
    """
    motions = _motions(marks, said.values())
    rows_of_words = [row for words in said.values() for row in _rows_of(words)]
    backgrounds = [layout.backgrounds for layout in layouts]
    _expect_rows_to_fit(choices, [*backgrounds, *_all_rows(marks), *rows_of_words, *values.values()])
    for motion in motions:
        _expect_rows_to_fit(choices, [Rows(motion.factors, by=motion.by)])
    table: list[np.ndarray] = []
    wide, *others = layouts
    scene = {
        **wide.described(marks),
        "stacked": others[0].described(marks) if others else None,
        "choices": dict(choices),
        "names": dict(names),
        "values": {name: _as_json(row) for name, row in values.items()},
        "marks": [_described(mark, layouts, table, motions) for mark in marks],
        "buttons": {  # by the icon that Play gives each
            "play": word("play"),
            "pause": word("pause"),
            "stop": word("to_the_start"),
            "retweet": word("repeat"),
        },
        "longest": _longest(list(said.values())[-1]),
        **{name: _words(words, motions) for name, words in said.items()},
    }
    if "verdict" in said:  # what it has of the caption is sent once
        shared = [name for name, value in said["verdict"].fields.items() if value is said["caption"].fields.get(name)]
        scene["verdict"]["fields"] = {
            name: field for name, field in scene["verdict"]["fields"].items() if name not in shared
        }
    positions = b"".join(column.tobytes() for column in table)
    scene["positions"] = len(positions) // 2
    positions += bytes(-len(positions) % 4)
    scene["motions"] = [_moved(motion, motions[:index]) for index, motion in enumerate(motions)]
    return scene, positions + b"".join(motion.factors.astype("<f4").tobytes() for motion in motions)


def positions(table: bytes, *, start: int, points: int) -> np.ndarray:
    """Read coordinates back from a table, in fractions of their axes: shape (points,), NaN where there is a gap."""
    values = np.frombuffer(table, "<u2")[start : start + points].astype(float)
    return np.where(values == GAP, np.nan, values / (GAP - 1) * 3 - 1)


class Scale(NamedTuple):
    """How numbers along one axis of a plot become fractions of its length."""

    low: float
    high: float
    log: bool

    def fractions(self, values: np.ndarray) -> np.ndarray:
        """Return numbers as fractions of the axis, NaN for those that have no place."""
        values = np.log10(np.maximum(values, _LEAST)) if self.log else values
        return np.where(np.isfinite(values), (values - self.low) / (self.high - self.low), np.nan)


def axes_scale(axes: Axes, *, axis: int) -> Scale:
    """Return the scale of the horizontal axis (0) or the vertical one (1): linear, or of logarithms."""
    low, high = axes.get_ylim() if axis else axes.get_xlim()
    log = (axes.get_yscale() if axis else axes.get_xscale()) == "log"
    return Scale(math.log10(low), math.log10(high), log=True) if log else Scale(float(low), float(high), log=False)


def _motions(marks: Sequence[Mark], said: Iterable[Caption]) -> list[Motion]:
    """Return the motions that marks and words follow, each once."""
    templates = [
        *said,
        *(mark.texts for mark in marks if isinstance(mark, Label) and isinstance(mark.texts, Caption)),
    ]
    forms = [value for mark in marks for value in vars(mark).values() if isinstance(value, Form)]
    forms += [one.form for words in templates for one in _numbers(words)]
    return list({id(form.motion): form.motion for form in forms}.values())


def _all_rows(marks: Sequence[Mark]) -> list[Rows]:
    """Return everything in the marks that depends on choices."""
    values = [value for mark in marks for value in vars(mark).values()]
    templates = [value for value in values if isinstance(value, Caption)]
    return [value for value in values if isinstance(value, Rows)] + [
        row for words in templates for row in _rows_of(words)
    ]


def _rows_of(words: Caption) -> list[Rows]:
    return [*map(rows, words.fields.values()), *(rows(one.at) for one in _numbers(words))]


def _numbers(words: Caption) -> list[Number]:
    return [one for value in words.fields.values() for one in rows(value).values if isinstance(one, Number)]


def _expect_rows_to_fit(choices: Mapping[str, int], all_rows: Sequence[Rows]) -> None:
    """Fail unless there is a row for each combination of choices: one too few would show another's picture."""
    for one in all_rows:
        expected = math.prod(choices[choice] for choice in one.by)
        assert len(one.values) == expected, f"{len(one.values)} rows by {one.by}, of which there are {expected}"


def _described(mark: Mark, layouts: Sequence[Layout], table: list[np.ndarray], motions: Sequence[Motion]) -> dict:
    wide, *others = layouts
    described = {"name": mark.name, "when": dict(mark.when), "box": None, **wide.place(mark)}
    described["stacked"] = others[0].place(mark) if others else None
    if isinstance(mark, Image):
        images = rows(mark.images)
        encoded = [base64.b64encode(image).decode() for image in images.values]
        return described | {"images": {"by": images.by, "rows": encoded}}
    described |= _points(mark, table, motions)
    described |= {"color": themed(mark.color), "grab": mark.grab, "pulse": mark.pulse, "beyond": mark.beyond}
    if mark.until is not None:
        until = rows(mark.until)
        described["until"] = {"by": until.by, "counts": [int(count) for count in until.values]}
    if isinstance(mark, Label):
        return described | {"anchor": mark.anchor, "halo": mark.halo, "texts": _words(mark.texts, motions)}
    described |= {"widths": dict(mark.widths), "opacity": mark.opacity}
    return described | {"last": mark.last, "leaves": mark.leaves, "hover": mark.hover, "lights": mark.lights}


def _points(mark: Curve | Label, table: list[np.ndarray], motions: Sequence[Motion]) -> dict:
    described = {}
    for axis, name in enumerate("xy"):
        coordinates = getattr(mark, name)
        if isinstance(coordinates, Form):
            described[name] = _form(coordinates, motions) | axes_scale(mark.axes, axis=axis)._asdict()
            described["points"] = coordinates.motion.factors.shape[1]
            continue
        coordinates = rows(coordinates)
        values = _as_array(coordinates.values)
        described[name] = {"offset": sum(column.size for column in table), "by": coordinates.by}
        table.append(_as_table(values, mark.axes, axis=axis))
        described["points"] = values.shape[1]
    return described


def _form(form: Form, motions: Sequence[Motion]) -> dict:
    (index,) = (index for index, motion in enumerate(motions) if motion is form.motion)
    weights = [float(weight) for weight in form.weights]
    return {"motion": index, "weights": weights, "constant": float(form.constant), "power": form.power}


def _moved(motion: Motion, before: Sequence[Motion]) -> dict:
    corners = {name: [float(at) for at in getattr(motion, name)] for name in ("low", "high", "origin")}
    return corners | {
        "point": motion.point,
        "directions": np.asarray(motion.directions, dtype=float).tolist(),
        "by": motion.by,
        "points": motion.factors.shape[1],
        "offset": sum(one.factors.size for one in before),
    }


def _words(said: object, motions: Sequence[Motion]) -> dict:
    """Return words as live.js says them: rows of them, or a template and its fields."""
    if not isinstance(said, Caption):
        return _as_json(rows(said))
    fields = {name: rows(value) for name, value in said.fields.items()}
    return {
        "template": said.template,
        "fields": {
            name: {"by": field.by, "rows": [_field(value, motions) for value in field.values]}
            for name, field in fields.items()
        },
    }


def _longest(said: Caption) -> str:
    """Return words as long as they can get: where they stand, this much room is kept."""

    def length(value: object) -> str:
        return f"{value.sign}−{'0' * value.digits}.·10⁻⁰⁰" if isinstance(value, Number) else str(value)

    longest = {name: max(map(length, rows(value).values), key=set_width) for name, value in said.fields.items()}
    return said.template.format(**longest)


def _field(value: object, motions: Sequence[Motion]) -> str | dict:
    if not isinstance(value, Number):
        return str(value)
    look = {name: getattr(value, name) for name in ("digits", "sign", "floor", "low")}
    at = rows(value.at)
    return _form(value.form, motions) | look | {"at": {"by": at.by, "rows": list(at.values)}}


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


def _as_json(values: Rows) -> dict:
    return {"by": values.by, "rows": [str(row) for row in values.values]}
