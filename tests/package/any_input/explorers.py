"""What readers look at: live pictures, explorers, and the notebook's own set-up."""

import matplotlib.pyplot as plt
import numpy as np
import torch
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from lecture_utils import explorers, live, marks, style, tracebacks
from lecture_utils.activations import ACTIVATIONS
from lecture_utils.datasets import ClassificationDataset
from tests.package.any_input import good
from tests.package.any_input.calls import Call
from tests.package.any_input.good import arrays, counts, languages, made, names, one_number, seeds, tensors

colors = st.sampled_from(["C0", "#123456", "black"])
sizes = st.floats(0.5, 100)
by = arrays(2, 3).map(lambda rows: live.Rows(rows, by=("line",)))
extremes = st.sampled_from([0.0, 1e-38, 1e-18, 1e-7, 1.0, 1e4, 1e6, 1e15, 1e38])
any_size = good.datasets(n_features=2, scale=extremes)
moderate = good.datasets(n_features=2, scale=st.sampled_from([0.1, 1.0, 10.0]))
FIGURE = style.new_figure(3, 2)
FIGURE.add_axes((0.1, 0.1, 0.8, 0.8)).set_axis_off()


def _curve(x=((0.0, 1.0), (0.5, 2.0)), y=((1.0, 0.0), (1e300, np.nan)), until=None):
    rows = {name: live.Rows(rows, by=("line",)) for name, rows in (("x", x), ("y", y))}
    counts = None if until is None else live.Rows(until, by=("line",))
    return live.Curve(name="curve", axes=FIGURE.axes[0], **rows, until=counts)


def _label():
    place = live.0.5
    return live.Label(name="label", axes=FIGURE.axes[0], x=place, y=place, texts=live."text")


def _picture(**arguments):
    return live.LivePicture(**arguments)


def _one_curve(x, y, until):
    words = live.Caption(template="", fields={})
    return live.LivePicture({"line": 2}, backgrounds=live.FIGURE, marks=[_curve(x, y, until)], words=words)


PICTURE = _one_curve(((0.0, 1.0), (0.5, 2.0)), ((1.0, 0.0), (0.5, 0.5)), (1, 2))


def _two_classes(X):
    y = torch.tensor([0.0, 1.0, 1.0, 0.0])
    return ClassificationDataset(X=X, y=y, X_held_out=-X, y_held_out=y)


def _set_up(language):
    with plt.rc_context():
        style.setup(language)


def _shows_no_gap(picture):
    for mark in picture.scene["marks"]:
        assert not np.isinf(picture.points(mark["name"])).any()
    assert picture.static_png().startswith(b"\x89PNG")


def _says_only_numbers(explorer):
    """Assert that no text of an explorer, at any state, has a number that is none."""
    fields = explorer.picture.scene["words"]["fields"].values()
    said = " ".join(text for field in fields for text in field["rows"])
    assert "nan" not in f"{said} {explorer!r} {explorer.picture.caption}"
    assert "inf" not in f"{said} {explorer!r}"


def explorer(function, /, *, examples=8, may_refuse=False, **strategies):
    """Return a row for an explorer."""

    def figure(result, arguments):
        _says_only_numbers(result)
        return result.picture._backgrounds.rows[0]

    return Call(function, strategies, None, examples, 3, figure, may_refuse=may_refuse)


def _mark(kind, /, **strategies):
    """Return a row for a kind of mark."""
    when = st.sampled_from([{}, {"line": 0}])
    return Call(kind, dict(name=names, axes=st.just(FIGURE.axes[0]), when=when, **strategies))


TABLE = {
    "style.setup": Call(_set_up, dict(language=languages)),
    "tracebacks.show_own_lines": Call(
        tracebacks.show_own_lines, dict(shell=made(InteractiveShell.instance)), examples=6
    ),
    "marks.Rows": Call(marks.Rows, dict(by=st.just(("line",)), rows=arrays(2, 3))),
    "marks.Curve": _mark(
        marks.Curve,
        x=by,
        y=by,
        until=st.none() | by,
        widths=st.dictionaries(st.sampled_from(["line", "dots", "head"]), sizes),
        color=colors,
        opacity=st.floats(0, 1),
    ),
    "marks.Label": _mark(
        marks.Label,
        x=by,
        y=by,
        texts=by,
        color=colors,
        size=sizes,
        anchor=st.sampled_from(["start", "middle", "end"]),
    ),
    "marks.Image": _mark(marks.Image, images=by),
    "marks.Words": Call(marks.Caption, dict(template=st.just("{a}"), fields=st.dictionaries(names, by))),
    "live.LivePicture": Call(
        _picture,
        dict(
            choices=st.just({"line": 2}),
            backgrounds=made(lambda: live.FIGURE),
            marks=st.lists(made(_curve, _label), max_size=2, unique_by=type),
            words=made(lambda: live.Caption(template="{line}", fields={"line": live.Rows(["A", "B"], by=("line",))})),
            chosen=st.sampled_from([None, {}, {"line": 1}]),
        ),
        lambda picture, arguments: _shows_no_gap(picture),
        examples=12,
    ),
    "live.LivePicture with any rows": Call(
        lambda x, y, until: _one_curve(x, y, until),
        dict(x=arrays(2, 4), y=arrays(2, 4), until=st.sampled_from([[0, 4], (2, 2), np.array([1, 3])])),
        lambda picture, arguments: _shows_no_gap(picture),
        examples=12,
        also_named=("rows",),
    ),
    "live.LivePicture.row": Call(lambda by: PICTURE.row(by), dict(by=by)),
    "live.LivePicture.shown": Call(lambda name: PICTURE.points(name), dict(name=st.just("curve"))),
    "explorers.activation_explorer": explorer(
        explorers.activation_explorer, examples=6, function=st.sampled_from(list(ACTIVATIONS)), language=languages
    ),
    "explorers.backprop_explorer": explorer(explorers.backprop_explorer, examples=4, language=languages),
    "explorers.deep_network_explorer": explorer(
        explorers.deep_network_explorer,
        dataset=good.moons,
        hidden=st.lists(st.integers(0, 4), min_size=1, max_size=2, unique=True),
        n_epochs=st.integers(1, 12),
        seed=seeds,
        language=languages,
    ),
    "explorers.descent_explorer": explorer(
        explorers.descent_explorer,
        datasets=st.dictionaries(st.just("a") | names, moderate, min_size=1, max_size=1),
        dataset=st.none(),
        n_steps=st.none() | counts,
        start=st.none() | tensors(2, scale=st.sampled_from([1e-3, 1.0, 1e3])),
        language=languages,
    ),
    "explorers.minibatch_explorer": explorer(
        explorers.minibatch_explorer,
        dataset=moderate,
        batch_sizes=st.lists(st.integers(1, 2), min_size=1, max_size=2, unique=True),
        n_epochs=st.integers(1, 3),
        seed=seeds,
        language=languages,
    ),
    "explorers.descent_explorer with data of any size": explorer(
        explorers.descent_explorer,
        datasets=st.dictionaries(names, any_size, min_size=1, max_size=1),
        n_steps=st.just(2),
        start=st.none() | tensors(2, scale=extremes),
        may_refuse=True,
    ),
    "explorers.minibatch_explorer with data of any size": explorer(
        explorers.minibatch_explorer, dataset=any_size, batch_sizes=st.just([2]), n_epochs=st.just(1), may_refuse=True
    ),
    "explorers.deep_network_explorer with data of any size": explorer(
        explorers.deep_network_explorer,
        dataset=st.builds(_two_classes, tensors(4, 2, scale=st.sampled_from([1e-38, 1e4, 1e6, 1e30]))),
        hidden=st.sampled_from([[0], [3]]),
        n_epochs=st.just(3),
        may_refuse=True,
    ),
    "explorers.traversal_explorer": Call(
        explorers.traversal_explorer,
        dict(output=made(one_number), w=tensors(), language=languages),
        lambda explorer, arguments: _says_only_numbers(explorer),
        examples=8,
    ),
}
