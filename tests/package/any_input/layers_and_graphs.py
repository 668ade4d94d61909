"""The rooms that compute: layers, activations, graphs."""

import torch
from hypothesis import strategies as st
from torch import nn

from lecture_utils import activations, graphs, layers
from tests.package.any_input.calls import Call, is_finite
from tests.package.any_input.good import made, one_number, tensors

ELEMENTWISE = (layers.Sigmoid, layers.Tanh, layers.ReLU)


def _in_order(graph):
    assert all(source < target for source, target in graph.edges)


def _linear(x, gradient, weight):
    layer = layers.Linear(weight)
    return layer.forward(x), layer.backward(gradient), layer.weight_gradient


def _passed(layer, x, gradient):
    return layer.forward(x), layer.backward(gradient)


def _chain():
    return layers.Sequential(layers.Linear(torch.ones(2, 3)), layers.Tanh())


def _mean_squared_error(prediction, target):
    layer = layers.MSE()
    return layer.forward(prediction, target), layer.backward()


weight, square = tensors(3, 2), tensors(4, 2)
tracked = made(
    one_number, lambda: torch.ones(2, 3, requires_grad=True).sum(), lambda: torch.ones((), requires_grad=True)
)

TABLE = {
    "layers.Linear": Call(layers.Linear, dict(weight=weight)),
    "layers.Linear.forward": Call(
        lambda x: layers.Linear(torch.ones(3, 2)).forward(x), dict(x=tensors(4, 3)), is_finite
    ),
    "layers.Linear.backward": Call(_linear, dict(x=tensors(4, 3), gradient=square, weight=weight), is_finite),
    **{
        f"layers.{kind.__name__}.forward": Call(lambda x, kind=kind: kind().forward(x), dict(x=tensors(3)), is_finite)
        for kind in ELEMENTWISE
    },
    **{
        f"layers.{kind.__name__}.backward": Call(
            lambda x, gradient, kind=kind: _passed(kind(), x, gradient),
            dict(x=tensors(3), gradient=tensors(3)),
            is_finite,
        )
        for kind in ELEMENTWISE
    },
    "layers.MSE.forward": Call(
        lambda prediction, target: layers.MSE().forward(prediction, target),
        dict(prediction=tensors(3), target=tensors(3)),
        is_finite,
    ),
    "layers.MSE.backward": Call(_mean_squared_error, dict(prediction=tensors(3), target=tensors(3)), is_finite),
    "layers.Sequential": Call(
        lambda first, second: layers.Sequential(first, second),
        dict(first=made(layers.Tanh), second=made(layers.ReLU)),
        also_named=("layers",),
    ),
    "layers.Sequential.forward": Call(lambda x: _chain().forward(x), dict(x=square), is_finite),
    "layers.Sequential.backward": Call(
        lambda x, gradient: _passed(_chain(), x, gradient), dict(x=square, gradient=tensors(4, 3)), is_finite
    ),
    "activations.Activation": Call(
        activations.Activation, dict(function=st.just(torch.tanh), derivative=st.just(torch.cos))
    ),
    **{
        f"activations.{name}.{part}": Call(getattr(activation, part), dict(x=tensors(3)), is_finite)
        for name, activation in activations.ACTIVATIONS.items()
        for part in ("function", "derivative")
    },
    "graphs.recorded_graph": Call(
        graphs.recorded_graph, dict(output=tracked, w=tensors(2)), lambda graph, arguments: _in_order(graph)
    ),
    "graphs.captured_graph": Call(
        graphs.captured_graph,
        dict(module=made(lambda: torch.fx.symbolic_trace(nn.Sequential(nn.Linear(2, 2), nn.Tanh())))),
        lambda graph, arguments: _in_order(graph),
        examples=10,
    ),
    "graphs.recorded_functions": Call(graphs.recorded_functions, dict(output=tracked)),
    "graphs.backward_pass": Call(graphs.backward_pass, dict(output=tracked), is_finite),
}
