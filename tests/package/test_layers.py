"""The hand-written layers go forward and backward as autograd says, and refuse what does not fit."""

import pytest
import torch
from torch import nn
from torch.func import grad, vjp

from lecture_utils.datasets import DATASETS
from lecture_utils.descent import gradient_descent
from lecture_utils.layers import MSE, Linear, ReLU, Sequential, Sigmoid, Tanh

ACTIVATION_LAYERS = {Sigmoid: torch.sigmoid, Tanh: torch.tanh, ReLU: torch.relu}

DTYPES = [torch.float32, torch.float64]


def random(*shape, seed=0, dtype=torch.float64):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


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
    W = torch.ones(2, 1)
    layer = Linear(W)
    W.zero_()
    assert layer.forward(torch.ones(1, 2)).item() == 2


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
