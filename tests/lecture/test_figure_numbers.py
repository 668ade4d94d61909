"""The numbers of the figures are computed: autograd agrees, and other data make other numbers."""

import re
from collections import Counter

import pytest
import torch
from torch.nn import functional

from lecture_utils.activations import ACTIVATIONS, Activation
from tests.lecture.figure_texts import drawn, numbers, texts
from tools.figures import backprop_steps, backpropagation, computation_graph, descent, perceptron

OTHER_LAYERS = (
    perceptron.Layer(torch.tensor([[0.5, -2.0, 1.5], [1.25, 3.0, 0.75]]), torch.tensor([0.25, -9.0, 1.75])),
    perceptron.Layer(torch.tensor([[1.5, -0.25], [3.5, 2.5], [-0.75, 4.0]]), torch.tensor([0.125, -0.5])),
    perceptron.Layer(torch.tensor([[-1.5], [0.625]]), torch.tensor([2.25])),
)


@pytest.fixture(params=["of the notebook", "other"])
def data(request, monkeypatch):
    if request.param == "other":
        monkeypatch.setattr(perceptron, "LAYERS", OTHER_LAYERS)
        monkeypatch.setattr(perceptron, "X", torch.tensor([3.0, 0.5]))
        monkeypatch.setattr(perceptron, "Y", torch.tensor([-4.0]))
    return perceptron.LAYERS, perceptron.X, perceptron.Y


def by_autograd(layers, x, y):
    """Return, by torch alone, the values of every layer, the prediction, and E; all keep their gradients."""
    layers = [(W.clone().requires_grad_(), b.clone().requires_grad_()) for W, b in layers]
    values, a = [], x
    for W, b in layers[:-1]:
        z = functional.linear(a, W.T, b)
        a = functional.relu(z)
        values.append((z, a))
    prediction = functional.linear(a, layers[-1][0].T, layers[-1][1])
    E = functional.mse_loss(prediction, y)
    for tensor in (prediction, *(tensor for pair in values for tensor in pair)):
        tensor.retain_grad()
    E.backward()
    return layers, values, prediction, E


def flat(*tensors):
    return [float(f"{value:g}") + 0.0 for tensor in tensors for value in tensor.detach().flatten().tolist()]


def assert_shows(figure, *expected):
    """See that a figure shows these numbers and no others, each as often."""
    shown, computed = (Counter(f"{number:.4g}" for number in found) for found in (numbers(figure), expected))
    wrong, missing = shown - computed, computed - shown
    assert shown == computed, (
        f"shown but not computed: {sorted(wrong.elements())}; computed but not shown: {sorted(missing.elements())}. "
        "Is a number typed into the figure, or put in another's place?"
    )


def test_the_forward_pass_shows_the_numbers_that_torch_computes_and_no_others(data):
    layers, x, y = data
    _, values, prediction, E = by_autograd(*data)
    pairs = [tensor for pair in values for tensor in pair]
    parameters = [tensor for layer in layers for tensor in layer]
    figure, _ = drawn("forward_pass_numbers")
    assert_shows(figure, *flat(x, y, *pairs, prediction, E, *parameters), *_names(figure))


def test_the_backward_pass_shows_the_gradients_that_autograd_computes_and_no_others(data):
    _, x, y = data
    layers, values, prediction, _ = by_autograd(*data)
    gates = [(z > 0).float() for z, _ in values]
    assert any((gate == 0).any() for gate in gates), "a silent neuron is what the figure is about"
    gradients = [tensor.grad for pair in [*values, *layers] for tensor in pair]
    shown = flat(x, y, *(a for _, a in values), prediction, prediction.grad, *gates, *gradients)
    shown += [2.0]  # of 2(ŷ − y)
    figure, _ = drawn("backward_pass_numbers")
    assert_shows(figure, *shown, *_names(figure))


def test_the_perceptron_shows_the_shapes_of_the_tensors_of_its_layers():
    layers, values = [torch.nn.Linear(*sizes) for sizes in ((2, 3), (3, 2), (2, 1))], [torch.ones(2)]
    for layer in layers:
        values.append(layer(values[-1]))
    shapes = [str(tuple(value.shape)) for value in values]
    for number, layer in enumerate(layers, start=1):
        shapes += [f"$W_{number}$ {tuple(layer.weight.T.shape)}", f"$b_{number}$ {tuple(layer.bias.shape)}"]
    said = [text.get_text() for text in texts(drawn("mlp_two_hidden_layers")[0])]
    assert sorted(text for text in said if re.search(r"\(\d", text)) == sorted(shapes)


def _names(figure):
    """Return the numbers in the names of the layers, which are no data."""
    said = [text.get_text().rsplit(" ", 1) for text in texts(figure)]
    return [float(last) for first, *rest in said for last in rest if first == "hidden layer"]


@pytest.mark.parametrize("leaves", [computation_graph.LEAVES, {"w": -1.5, "x": 7.0, "y": 0.25}])
def test_the_computation_graph_shows_the_numbers_that_autograd_computes(leaves, monkeypatch):
    monkeypatch.setattr(computation_graph, "LEAVES", leaves)
    w, x, y = (torch.tensor(leaves[name], requires_grad=True) for name in "wxy")
    inner = [w * x, w * x - y, (w * x - y) ** 2, w**2]
    E = inner[2] + inner[3]
    E.backward()
    along = [2 * (w * x - y) * x, 2 * w]  # what comes to w, by each of its paths
    slope = 2 * (w * x - y)
    values = [*(leaf for leaf in (w, x, y) for _ in range(2)), w, inner[0], *inner, E]  # q is in the legend, too
    gradients = [*along, *along, w.grad, x.grad, y.grad, *[slope] * 3, *[torch.tensor(1.0)] * 3]
    figure, _ = drawn("computation_graph")
    assert_shows(figure, *flat(*values, *gradients))


@pytest.mark.parametrize("step", range(1, 7))
def test_every_number_of_a_step_changes_with_the_data(step, monkeypatch):
    before = [text.get_text() for text in texts(drawn(f"backprop_step_{step}")[0])]
    monkeypatch.setattr(backprop_steps, "EXAMPLE", {"x": -1.25, "y": 0.25, "w1": 1.75, "w2": -0.75})
    after = [text.get_text() for text in texts(drawn(f"backprop_step_{step}")[0])]
    assert len(before) == len(after)
    same = {one for one, other in zip(before, after, strict=True) if one == other}
    typed = [text for text in same if "." in text]
    assert not typed, f"{typed} stay the same with other data: are they typed into the figure?"
    with_number = {text for text in same if "= 1$" in text or text.strip("$").lstrip("−").isdigit()}
    typed = with_number - {r"$\dfrac{\partial E}{\partial E} = 1$"}
    assert not typed, f"{typed} stay the same with other data: are they typed into the figure?"


def test_each_step_shows_its_own_numbers_first_and_keeps_them_and_they_are_those_of_autograd(monkeypatch):
    example = {"x": -1.25, "y": 0.25, "w1": 1.75, "w2": -0.75}
    monkeypatch.setattr(backprop_steps, "EXAMPLE", example)
    x, y, w1, w2 = (torch.tensor(value, requires_grad=True) for value in example.values())
    a1 = torch.sigmoid(w1 * x)
    a2 = torch.sigmoid(w2 * a1)
    E = (a2 - y) ** 2
    by_a1, by_a2, by_w1, by_w2 = torch.autograd.grad(E, (a1, a2, w1, w2))
    said = [" ".join(text.get_text() for text in texts(drawn(f"backprop_step_{step}")[0])) for step in range(1, 7)]
    for step, values in enumerate([[a1], [a2], [E], [by_a2], [by_a1, by_w2], [by_w1]]):
        for value in values:
            digits = f"{value:.3f}".replace("-", "−")
            assert [digits in text for text in said] == [False] * step + [True] * (6 - step), digits


def test_other_activation_functions_make_other_curves(monkeypatch):
    assert [ax.get_title() for ax in drawn("activation_derivatives")[0].axes] == list(ACTIVATIONS)
    other = Activation(function=torch.sin, derivative=torch.cos)
    monkeypatch.setattr(backpropagation, "ACTIVATIONS", {"sine": other})
    (ax,) = drawn("activation_derivatives")[0].axes
    x = torch.linspace(-4, 4, 401)
    for line, values in zip(ax.lines[-2:], (x.sin(), x.cos()), strict=True):
        assert torch.allclose(torch.tensor(line.get_ydata()), values)


def test_the_descent_on_the_surface_takes_the_way_of_the_gradient(monkeypatch):
    path, cross = drawn("descent_on_surface")[0].axes[0].lines
    start = torch.tensor([column[0] for column in path.get_data_3d()[:2]])
    assert descent._landscape(torch.tensor([column[0] for column in cross.get_data_3d()[:2]])) == pytest.approx(0.15)
    monkeypatch.setattr(descent, "_landscape", lambda w: (w**2).sum(-1))
    path, _ = drawn("descent_on_surface")[0].axes[0].lines
    first = torch.tensor([column[1] for column in path.get_data_3d()[:2]])
    assert torch.allclose(first, start * (1 - 2 * 0.3))
