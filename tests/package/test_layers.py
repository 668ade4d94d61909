"""The hand-written layers go forward and backward as autograd says, and refuse what does not fit."""

import re

import pytest
import torch
from torch import nn
from torch.func import grad, jacrev, vjp, vmap

from lecture_utils.activations import ACTIVATIONS
from lecture_utils.datasets import DATASETS
from lecture_utils.descent import gradient_descent
from lecture_utils.explorers._six_steps import EXAMPLE, six_steps
from lecture_utils.layers import MSE, Linear, ReLU, Sequential, Sigmoid, Tanh

ACTIVATION_LAYERS = {Sigmoid: torch.sigmoid, Tanh: torch.tanh, ReLU: torch.relu}
DTYPES = [torch.float32, torch.float64]


def random(*shape, seed=0, dtype=torch.float64):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def says(*parts):
    return "(?s)" + ".*".join(re.escape(part) for part in parts)


def pulled_back(function, *inputs, gradient):
    """Return the gradients by the inputs, by autograd."""
    return vjp(function, *inputs)[1](gradient)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (7,), (4, 3), (2, 3, 4)])
@pytest.mark.parametrize("layer", ACTIVATION_LAYERS)
def test_an_activation_goes_both_ways_as_autograd_does(layer, shape, dtype):
    x, gradient = random(*shape, dtype=dtype), random(*shape, seed=1, dtype=dtype)
    ours, function = layer(), ACTIVATION_LAYERS[layer]
    torch.testing.assert_close(ours.forward(x), function(x))
    torch.testing.assert_close(ours.backward(gradient), pulled_back(function, x, gradient=gradient)[0])


@pytest.mark.parametrize("layer", ACTIVATION_LAYERS)
def test_far_from_zero_an_activation_gives_no_infinities(layer):
    ours, x = layer(), torch.tensor([-1e4, -100.0, 0.0, 100.0, 1e4])
    assert torch.isfinite(ours.forward(x)).all()
    assert torch.isfinite(ours.backward(torch.ones(5))).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("N", "n", "m"), [(1, 1, 1), (5, 3, 2), (4, 4, 4), (2, 1, 6)])
def test_a_linear_layer_goes_both_ways_as_autograd_does(N, n, m, dtype):
    X, W, G = random(N, n, dtype=dtype), random(n, m, seed=1, dtype=dtype), random(N, m, seed=2, dtype=dtype)
    layer = Linear(W)
    torch.testing.assert_close(layer.forward(X), X @ W)
    by_input, by_weight = pulled_back(torch.matmul, X, W, gradient=G)
    torch.testing.assert_close(layer.backward(G), by_input)
    torch.testing.assert_close(layer.weight_gradient, by_weight)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("N", "n", "m"), [(1, 1, 1), (5, 3, 2), (4, 4, 4), (2, 1, 6)])
def test_a_linear_module_with_a_bias_goes_both_ways_as_autograd_does(N, n, m, dtype):
    X, W, b = random(N, n, dtype=dtype), random(n, m, seed=1, dtype=dtype), random(m, seed=2, dtype=dtype)
    G = random(N, m, seed=3, dtype=dtype)
    module = Linear(W, b)
    torch.testing.assert_close(module.forward(X), X @ W + b)
    by_input, by_weight, by_bias = pulled_back(lambda X, W, b: X @ W + b, X, W, b, gradient=G)
    torch.testing.assert_close(module.backward(G), by_input)
    torch.testing.assert_close(module.weight_gradient, by_weight)
    torch.testing.assert_close(module.bias_gradient, by_bias)


def test_a_linear_module_without_a_bias_has_no_gradient_for_one():
    module = Linear(torch.ones(2, 1))
    module.forward(torch.ones(4, 2))
    module.backward(torch.ones(4, 1))
    assert module.bias is None
    assert module.bias_gradient is None


@pytest.mark.parametrize("shape", [(4,), (4, 1), (3, 5)])
def test_the_mean_squared_error_and_its_gradient_are_those_of_torch(shape):
    prediction, target, error = random(*shape), random(*shape, seed=1), MSE()
    torch.testing.assert_close(error.forward(prediction, target), nn.functional.mse_loss(prediction, target))
    torch.testing.assert_close(error.backward(), grad(nn.functional.mse_loss)(prediction, target))


def test_a_chain_goes_both_ways_as_autograd_does():
    X, y = random(6, 3), random(6, 2, seed=1)
    weights = random(3, 5, seed=2), random(5, 4, seed=3), random(4, 2, seed=4)
    chain = Sequential(Linear(weights[0]), Tanh(), Sequential(Linear(weights[1]), ReLU()), Linear(weights[2]))

    def error_of(X, *weights):
        hidden = torch.relu(torch.tanh(X @ weights[0]) @ weights[1])
        return nn.functional.mse_loss(hidden @ weights[2], y)

    error = MSE()
    torch.testing.assert_close(error.forward(chain.forward(X), y), error_of(X, *weights))
    by_input, *by_weights = grad(error_of, argnums=(0, 1, 2, 3))(X, *weights)
    torch.testing.assert_close(chain.backward(error.backward()), by_input)
    first, _, inner, last = chain.layers
    for layer, expected in zip((first, inner.layers[0], last), by_weights, strict=True):
        torch.testing.assert_close(layer.weight_gradient, expected)


def test_each_backward_pass_replaces_the_gradient_of_the_one_before():
    layer = Linear(random(3, 2))
    for seed in (1, 2):
        X, G = random(5, 3, seed=seed), random(5, 2, seed=seed + 10)
        layer.forward(X)
        layer.backward(G)
        torch.testing.assert_close(layer.weight_gradient, X.T @ G)


def test_a_linear_layer_keeps_weights_of_its_own():
    W, b = torch.ones(2, 1), torch.ones(1)
    layer = Linear(W, b)
    W.zero_()
    b.zero_()
    assert layer.forward(torch.ones(1, 2)).item() == 3


@pytest.mark.parametrize("layer", [Sigmoid(), Tanh(), ReLU(), Linear(torch.ones(3, 3)), Sequential(Sigmoid(), Tanh())])
def test_autograd_records_nothing_in_a_layer(layer):
    x = torch.ones(2, 3, requires_grad=True)
    assert not layer.forward(x).requires_grad
    assert not layer.backward(torch.ones(2, 3, requires_grad=True)).requires_grad


@pytest.mark.parametrize("name", ["1", "2"])
def test_the_layers_take_the_same_path_through_the_lectures_problem_as_the_analytic_gradient(name):
    dataset = DATASETS[name]
    layer, error, weights = Linear(torch.zeros(2, 1)), MSE(), [torch.zeros(2)]
    for _ in range(dataset.n_steps):
        error.forward(layer.forward(dataset.X), dataset.y[:, None])
        layer.backward(error.backward())
        layer.weight = layer.weight - dataset.learning_rate * layer.weight_gradient
        weights.append(layer.weight.flatten())
    trace = gradient_descent(dataset, learning_rate=dataset.learning_rate, n_steps=dataset.n_steps)
    torch.testing.assert_close(torch.stack(weights), trace.weights, rtol=0, atol=1e-5)


@pytest.mark.parametrize("layer", [Sigmoid(), Tanh(), ReLU(), Linear(torch.ones(2, 2)), Sequential(ReLU())])
def test_backward_before_forward_is_refused(layer):
    with pytest.raises(RuntimeError, match="call forward first"):
        layer.backward(torch.ones(2, 2))


def test_the_gradient_of_an_error_not_yet_computed_is_refused():
    with pytest.raises(RuntimeError, match="call forward first"):
        MSE().backward()


@pytest.mark.parametrize(
    ("use", "kind", "message"),
    [
        (lambda: Linear([[1.0]]), TypeError, ["weight must be a torch.Tensor", "[[1.0]]"]),
        (lambda: Linear(torch.ones(2, 2).int()), TypeError, ["weight must have a floating dtype", "torch.int32"]),
        (lambda: Linear(torch.ones(2)), ValueError, ["weight must have shape (n_inputs, n_outputs)", "(2,)"]),
        (lambda: Linear(torch.ones(2, 1), 1.0), TypeError, ["bias must be a torch.Tensor", "1.0"]),
        (lambda: Linear(torch.ones(2, 1), torch.ones(1).double()), TypeError, ["bias must", "torch.float64"]),
        (lambda: Linear(torch.ones(2, 1), torch.ones(2)), ValueError, ["bias must have shape (1,)", "(2,)"]),
        (lambda: Linear(torch.ones(2, 1), torch.ones(1, 1)), ValueError, ["bias must have shape (1,)", "(1, 1)"]),
        (lambda: Linear(torch.ones(2, 1)).forward([1.0, 2.0]), TypeError, ["x must be a torch.Tensor", "[1.0, 2.0]"]),
        (
            lambda: Linear(torch.ones(2, 1)).forward(torch.ones(2)),
            ValueError,
            ["x must", "(n_examples, 2)", "(2,)"],
        ),
        (lambda: Linear(torch.ones(2, 1)).forward(torch.ones(4, 3)), ValueError, ["x must", "(4, 3)"]),
        (lambda: Linear(torch.ones(2, 1)).forward(torch.ones(4, 2).double()), TypeError, ["x must", "torch.float64"]),
        (lambda: Sigmoid().forward(0.5), TypeError, ["x must be a torch.Tensor", "0.5"]),
        (lambda: Tanh().forward(None), TypeError, ["x must be a torch.Tensor", "None"]),
        (lambda: ReLU().forward(torch.ones(3).long()), TypeError, ["x must have a floating dtype", "torch.int64"]),
        (lambda: MSE().forward(1.0, torch.ones(1)), TypeError, ["prediction must be a torch.Tensor", "1.0"]),
        (lambda: MSE().forward(torch.ones(4), [1.0]), TypeError, ["target must be a torch.Tensor", "[1.0]"]),
        (lambda: MSE().forward(torch.ones(4), torch.ones(4).double()), TypeError, ["target", "torch.float64"]),
        (lambda: MSE().forward(torch.ones(4, 1), torch.ones(4)), ValueError, ["target must", "(4, 1)", "(4,)"]),
        (lambda: Sequential(), ValueError, ["layers must be one or more"]),
        (lambda: Sequential(Sigmoid(), torch.tanh), TypeError, ["layers[1] must have forward and backward", "tanh"]),
    ],
)
def test_what_a_layer_cannot_take_is_refused_by_name(use, kind, message):
    with pytest.raises(kind, match=says(*message)):
        use()


@pytest.mark.parametrize("layer", [Sigmoid(), Tanh(), ReLU(), Linear(torch.ones(3, 2))])
@pytest.mark.parametrize(
    ("gradient", "kind", "message"),
    [
        (1.0, TypeError, ["gradient must be a torch.Tensor", "1.0"]),
        (None, TypeError, ["gradient must be a torch.Tensor", "None"]),
        (torch.ones(4), ValueError, ["gradient must have the shape of the layer's output", "(4,)"]),
        (torch.ones(2, 4), ValueError, ["gradient must have the shape of the layer's output", "(2, 4)"]),
        (torch.ones(4, 2).double(), TypeError, ["gradient must have dtype torch.float32", "torch.float64"]),
    ],
)
def test_a_gradient_that_does_not_fit_the_output_is_refused(layer, gradient, kind, message):
    layer.forward(torch.ones(4, 3))
    with pytest.raises(kind, match=says(*message)):
        layer.backward(gradient)


def test_the_six_steps_are_those_of_autograd_at_each_edge():
    x, y, w1, w2 = (random(50, seed=seed) for seed in range(4))
    steps = six_steps(x=x, y=y, w1=w1, w2=w2)

    def each(function, *inputs):
        return vmap(grad(function))(*inputs)

    torch.testing.assert_close(steps.a1, torch.sigmoid(w1 * x))
    torch.testing.assert_close(steps.a2, torch.sigmoid(w2 * steps.a1))
    torch.testing.assert_close(steps.E, (steps.a2 - y) ** 2)
    torch.testing.assert_close(steps.E_a2, each(lambda a2, y: (a2 - y) ** 2, steps.a2, y))
    torch.testing.assert_close(steps.a2_w2, each(lambda w, a: torch.sigmoid(w * a), w2, steps.a1))
    torch.testing.assert_close(steps.a2_a1, each(lambda a, w: torch.sigmoid(w * a), steps.a1, w2))
    torch.testing.assert_close(steps.a1_w1, each(lambda w, x: torch.sigmoid(w * x), w1, x))

    def error(w1, w2, x, y):
        return (torch.sigmoid(w2 * torch.sigmoid(w1 * x)) - y) ** 2

    torch.testing.assert_close(steps.E_w1, each(error, w1, w2, x, y))
    torch.testing.assert_close(steps.E_w2, each(lambda w2, w1, x, y: error(w1, w2, x, y), w2, w1, x, y))
    torch.testing.assert_close(steps.E_a1, each(lambda a, w, y: (torch.sigmoid(w * a) - y) ** 2, steps.a1, w2, y))


def test_the_numbers_of_the_example_can_be_followed_with_three_digits():
    steps = six_steps(**{name: torch.tensor(value, dtype=torch.float64) for name, value in EXAMPLE.items()})
    shown = {name: round(value.item(), 3) for name, value in vars(steps).items()}
    assert round(shown["E_a2"] * shown["a2_w2"], 3) == shown["E_w2"]
    assert round(shown["E_a2"] * shown["a2_a1"], 3) == shown["E_a1"]
    assert round(shown["E_a1"] * shown["a1_w1"], 3) == shown["E_w1"]
    assert round((shown["a2"] - shown["y"]) ** 2, 3) == shown["E"]
    assert round(2 * (shown["a2"] - shown["y"]), 3) == shown["E_a2"]


@pytest.mark.parametrize("name", ["x", "y", "w1", "w2"])
def test_a_number_in_place_of_a_tensor_is_refused_by_the_six_steps(name):
    inputs = {key: torch.tensor(value) for key, value in EXAMPLE.items()}
    with pytest.raises(TypeError, match=says(f"{name} must be a torch.Tensor", "0.5")):
        six_steps(**(inputs | {name: 0.5}))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_derivative_of_an_activation_is_that_of_autograd(name):
    points = torch.linspace(-8, 8, 400, dtype=torch.float64)  # zero, where some have none, is not among them
    activation = ACTIVATIONS[name]
    expected = torch.diagonal(jacrev(activation.function)(points))
    torch.testing.assert_close(activation.derivative(points), expected, rtol=1e-6, atol=1e-8)
