"""The rooms that draw: whatever they take, all that they show has a place."""

import numpy as np
import torch
from hypothesis import strategies as st
from matplotlib.figure import Figure
from torch import nn

from lecture_utils import graphs, plots
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
    "plots.gradient_by_layer": drawing(plots.gradient_by_layer, gaps=("norms",), ax=axes, norms=losses, label=labels),
    "plots.classes": drawing(plots.classes, ax=axes, X=arrays(4, 2), y=zeros_and_ones, size=sizes),
    "plots.probability": drawing(
        plots.probability,
        ax=axes,
        x1=coordinates,
        x2=coordinates,
        values=tensors(3, 3).map(torch.sigmoid) | st.sampled_from([np.zeros((3, 3)), np.full((3, 3), 0.5), np.eye(3)]),
    ),
    "plots.losses_by_epoch": drawing(
        plots.losses_by_epoch,
        gaps=("training", "held_out"),
        ax=axes,
        epochs=st.sampled_from([[0, 1, 2, 3], torch.arange(4), np.geomspace(1, 1e30, 4)]),
        training=losses,
        held_out=st.none() | losses,
        best=st.none() | st.integers(0, 3) | st.floats(-1e30, 1e30),
    ),
    "plots.landscape": drawing(
        plots.landscape, ax=axes, w1=coordinates, w2=coordinates, losses=surfaces, n_levels=levels
    ),
    "plots.descents": drawing(
        plots.descents, ax=axes, paths=arrays(2, 4, 2), groups=st.sampled_from([[0, 3], torch.tensor([1, 1])])
    ),
    "plots.fits": drawing(
        plots.fits,
        ax=axes,
        x=arrays(4),
        y=arrays(4),
        predictions=st.integers(1, 4).flatmap(lambda n: arrays(n, 4)),
    ),
    "plots.computation_graph": drawing(
        plots.computation_graph, ax=axes, graph=graph, backward=st.booleans(), lines_below=st.integers(0, 3)
    ),
    "plots.graph_size": Call(
        plots.graph_size,
        dict(graph=graph, lines_below=st.integers(0, 100)),
        lambda size, arguments: _is_positive(size),
    ),
}
