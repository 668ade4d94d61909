"""The rooms that draw: whatever they take, all that they show has a place."""

import numpy as np
import torch
from hypothesis import strategies as st
from matplotlib.figure import Figure
from torch import nn

from lecture_utils import deep_plots, graph_plots, graphs, plots
from tests.package.any_input import good
from tests.package.any_input.calls import Call
from tests.package.any_input.good import arrays, made, names, tensors

axes = made(lambda: Figure().add_subplot(), lambda: Figure(figsize=(2, 2)).add_subplot())
colors = st.sampled_from(["C0", "#123456", "black"])
labels = st.none() | names
sizes = st.floats(0.5, 100)
levels = st.integers(2, 40)
#: Coordinates far apart and all the same, growing and falling.
coordinates = st.sampled_from([[0.0, 1.0, 3.0], [-1e30, 0.0, 1e30], [1e-30, 2e-30, 3e-30], [1, 0, -1], [5.0, 5.0, 5.0]])
flat = st.sampled_from([np.zeros((3, 3)), np.full((3, 3), 1e38), np.eye(3, dtype=np.float32) * 1e-38])
surfaces = arrays(3, 3) | arrays(3, 3, low=0.0) | flat
gaps = st.sampled_from([[1.0, np.nan, 0.0, np.nan], [1.0, np.inf, 1e308, np.nan], [1e-320, 1e38, 1.0, 0.0]])
losses = arrays(4, low=0.0) | gaps
paths = arrays(4, 2) | gaps.map(lambda gap: [[number, -number] for number in gap])
zeros_and_ones = st.sampled_from([[0, 1, 1, 0], [True, False, True, False], torch.ones(4, 1), np.zeros(4)])


def _on(result, arguments):
    """Return the figure that was drawn on."""
    return next(value for value in arguments.values() if hasattr(value, "get_figure")).get_figure()


def drawing(function, /, *, gaps=(), **strategies):
    """Return a row for a function that draws on axes."""
    return Call(function, strategies, None, 12, 5, _on, gaps=gaps)


def _recorded(*shape):
    leaf = torch.ones(shape, requires_grad=True)
    output = (leaf * 2 - 1).sum()
    output.backward()
    return graphs.recorded_graph(output, leaf=leaf, E=output)


def _sparse():
    weight = nn.Parameter(torch.ones(3, 2))
    output = nn.functional.embedding(torch.tensor([1]), weight, sparse=True).sum()
    output.backward()
    return graphs.recorded_graph(output, **{"a $ or $$": weight})


graph = made(
    lambda: _recorded(2, 3),
    lambda: _recorded(0),
    lambda: _recorded(2, 0),
    _sparse,
    lambda: graphs.captured_graph(torch.fx.symbolic_trace(nn.Tanh())),
    lambda: graphs.Graph(nodes=(graphs.Node(gradient=torch.tensor([1j, np.nan])),), edges=()),
)


def _is_positive(size):
    assert 0 < min(size) <= max(size) < 1e4


TABLE = {
    "plots.loss_surface": drawing(
        plots.loss_surface, ax=axes, w1=coordinates, w2=coordinates, losses=surfaces, n_levels=levels
    ),
    "plots.minimum": drawing(plots.minimum, ax=axes, weights=arrays(2)),
    "plots.path": drawing(plots.path, gaps=("weights",), ax=axes, weights=paths, color=colors, label=labels),
    "plots.loss_by_step": drawing(
        plots.loss_by_step, gaps=("losses",), ax=axes, losses=losses, color=colors, label=labels
    ),
    "plots.losses_by_step": drawing(
        plots.losses_by_step,
        gaps=("losses",),
        ax=axes,
        losses=st.dictionaries(names, losses, min_size=1, max_size=7),
        threshold=st.none() | st.floats(1e-30, 1e30),
    ),
    "plots.weight_by_step": drawing(
        plots.weight_by_step,
        gaps=("paths",),
        ax=axes,
        paths=st.dictionaries(names, paths, min_size=1, max_size=3),
        index=st.integers(1, 2),
    ),
    "plots.loss_axes": drawing(plots.loss_axes, ax=axes),
    "plots.learning_rate_scale": drawing(
        plots.learning_rate_scale,
        ax=axes,
        lowest=st.floats(1e-30, 1e-10),
        smooth_until=st.floats(1e-9, 1e-3),
        limit=st.floats(1e-2, 1e3),
        highest=st.floats(1e4, 1e30),
        marked=good.rates,
    ),
    "plots.activation_axes": drawing(
        plots.activation_axes, left=axes, right=axes, reach=st.floats(1, 20), saturated=st.floats(1e-3, 1)
    ),
    "plots.gradient_by_layer": drawing(plots.gradient_by_layer, gaps=("norms",), ax=axes, norms=losses, label=labels),
    "deep_plots.classes": drawing(deep_plots.classes, ax=axes, X=arrays(4, 2), y=zeros_and_ones, size=sizes),
    "deep_plots.probability": drawing(
        deep_plots.probability,
        ax=axes,
        x1=coordinates,
        x2=coordinates,
        values=tensors(3, 3).map(torch.sigmoid) | st.sampled_from([np.zeros((3, 3)), np.full((3, 3), 0.5), np.eye(3)]),
    ),
    "deep_plots.losses_by_epoch": drawing(
        deep_plots.losses_by_epoch,
        gaps=("training", "held_out"),
        ax=axes,
        epochs=st.sampled_from([[0, 1, 2, 3], torch.arange(4), np.geomspace(1, 1e30, 4)]),
        training=losses,
        held_out=losses,
        best=st.none() | st.integers(0, 3) | st.floats(-1e30, 1e30),
    ),
    "deep_plots.epoch_axes": drawing(deep_plots.epoch_axes, ax=axes),
    "deep_plots.examples_axes": drawing(deep_plots.examples_axes, ax=axes),
    "deep_plots.landscape": drawing(
        deep_plots.landscape, ax=axes, w1=coordinates, w2=coordinates, losses=surfaces, n_levels=levels
    ),
    "deep_plots.descents": drawing(
        deep_plots.descents, ax=axes, paths=arrays(2, 4, 2), groups=st.sampled_from([[0, 3], torch.tensor([1, 1])])
    ),
    "deep_plots.fits": drawing(
        deep_plots.fits,
        ax=axes,
        x=arrays(4),
        y=arrays(4),
        predictions=st.integers(1, 4).flatmap(lambda n: arrays(n, 4)),
    ),
    "graph_plots.computation_graph": drawing(
        graph_plots.computation_graph, ax=axes, graph=graph, backward=st.booleans(), lines_below=st.integers(0, 3)
    ),
    "graph_plots.size": Call(
        graph_plots.size,
        dict(graph=graph, lines_below=st.integers(0, 100)),
        lambda size, arguments: _is_positive(size),
    ),
}
