"""Gradient descent takes the path of the original lecture, of the closed forms and of torch autograd."""

import numpy as np
import pytest
import torch

from lecture_utils.datasets import DATASETS, Dataset
from lecture_utils.descent import (
    gradient_descent,
    hessian,
    learning_rate_sweep,
    mse,
    mse_gradient,
    stability_limit,
)
from lecture_utils.explorers._regression import bounding_box, nearest_minimum
from tests.golden import golden

ONE, TWO = DATASETS["1"], DATASETS["2"]
EIGENVALUES = {"1": (0.0, 15.0), "2": (8.2963, 1506.7037)}


def own_data(n_examples, n_features):
    generator = torch.Generator().manual_seed(n_examples)
    X = torch.randn(n_examples, n_features, generator=generator)
    return Dataset(X=X, y=torch.randn(n_examples, generator=generator), learning_rate=0.1, n_steps=50)


# float32 rounds a prediction near 42 by 4e-6, and the gradient of variant 2 magnifies that; the start of
# linear_module is known to 5e-6 only, which λ_max = 1507 turns into 8e-3 of the gradient.
@pytest.mark.parametrize(
    ("way", "start", "gradient_tolerance"),
    [
        ("analytic", None, 1e-3),
        ("autograd", None, 1e-3),
        ("sgd", None, 1e-3),
        ("linear_module", (0.62247, 0.2538), 8e-3),
    ],
)
def test_the_numbers_are_those_that_the_original_lecture_printed(way, start, gradient_tolerance):
    trace = gradient_descent(TWO, learning_rate=0.0013, n_steps=1001, start=start)
    for row in golden(way):
        before = int(row.pop("step"))
        weights, loss = trace.weights[before], trace.losses[before].item()
        assert trace.weights[before + 1].tolist() == pytest.approx([row["w1_after"], row["w2_after"]], rel=0, abs=2e-4)
        if row["loss_before"] > 1e-3:
            assert loss == pytest.approx(row["loss_before"], rel=2e-5, abs=0)
        if "y1" in row:
            assert (TWO.X @ weights).tolist() == pytest.approx([row[f"y{i}"] for i in (1, 2, 3, 4)], rel=0, abs=2e-4)
        if "grad1" in row:
            gradient = [row["grad1"], row["grad2"]]
            assert trace.gradients[before].tolist() == pytest.approx(gradient, rel=1e-5, abs=gradient_tolerance)


def test_the_first_step_is_the_one_worked_out_by_hand():
    trace = gradient_descent(TWO, learning_rate=0.0013, n_steps=1)
    assert trace.losses[0].item() == 980
    assert trace.gradients[0].tolist() == [-130, -1700]
    assert trace.weights[1].tolist() == pytest.approx([0.169, 2.21], rel=1e-6)
    assert trace.losses[1].item() == pytest.approx(901.66833, rel=1e-6)


@pytest.mark.parametrize("name", ["1", "2"])
def test_a_plain_autograd_loop_takes_the_same_path(name):
    data = DATASETS[name]
    trace = gradient_descent(data, learning_rate=data.learning_rate, n_steps=data.n_steps)
    w = torch.zeros(2, requires_grad=True)
    for step in range(data.n_steps + 1):
        loss = torch.nn.functional.mse_loss(data.X @ w, data.y)
        (gradient,) = torch.autograd.grad(loss, w)
        torch.testing.assert_close(trace.weights[step], w.detach(), rtol=0, atol=1e-5)
        torch.testing.assert_close(trace.losses[step], loss.detach(), rtol=2e-5, atol=1e-6)
        torch.testing.assert_close(trace.gradients[step], gradient, rtol=1e-5, atol=5e-3)
        with torch.no_grad():
            w -= data.learning_rate * gradient


def test_the_analytic_gradient_is_that_of_autograd_at_any_weights_and_for_any_data():
    data = own_data(37, 3)
    points = torch.randn(10, 3, generator=torch.Generator().manual_seed(1), requires_grad=True)
    losses = mse(data.X, data.y, points)
    (expected,) = torch.autograd.grad(losses.sum(), points)
    torch.testing.assert_close(mse_gradient(data.X, data.y, points), expected, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(losses[3], torch.nn.functional.mse_loss(data.X @ points[3], data.y))


@pytest.mark.parametrize(("name", "learning_rate"), [("1", 0.05), ("1", 0.13), ("2", 0.0001), ("2", 0.0013)])
def test_the_error_along_each_eigenvector_shrinks_by_one_minus_gamma_lambda_a_step(name, learning_rate):
    data = DATASETS[name]
    X, minimum = data.X.double().numpy(), data.true_weights.double().numpy()
    eigenvalues, eigenvectors = np.linalg.eigh(2 / 4 * X.T @ X)
    trace = gradient_descent(data, learning_rate=learning_rate, n_steps=200)
    error = (trace.weights.double().numpy() - minimum) @ eigenvectors
    expected = (-minimum @ eigenvectors) * (1 - learning_rate * eigenvalues) ** np.arange(201)[:, None]
    np.testing.assert_allclose(error, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ["1", "2"])
def test_the_stability_limit_is_two_by_the_largest_eigenvalue_of_the_hessian(name):
    eigenvalues = torch.linalg.eigvalsh(hessian(DATASETS[name])).tolist()
    assert eigenvalues == pytest.approx(EIGENVALUES[name], abs=5e-5)
    assert stability_limit(DATASETS[name]) == pytest.approx(2 / EIGENVALUES[name][1], rel=1e-7)


def test_the_limits_are_those_of_the_lecture():
    assert stability_limit(ONE) == pytest.approx(0.13333, abs=5e-6)
    assert stability_limit(TWO) == pytest.approx(0.0013274, abs=5e-8)
    assert hessian(TWO).tolist() == [[15, 100], [100, 1500]]


@pytest.mark.parametrize("data", [ONE, TWO, own_data(37, 3)])
def test_just_below_the_limit_descent_converges_and_just_above_it_does_not(data):
    limit = stability_limit(data)
    below, above = learning_rate_sweep(data, learning_rates=[0.95 * limit, 1.05 * limit], n_steps=300)
    assert below.losses[-1] < below.losses[0]
    assert above.losses[-1] > 100 * above.losses[0]


def test_data_that_are_all_zero_have_no_limit():
    assert stability_limit(Dataset(X=torch.zeros(3, 2), y=torch.ones(3), learning_rate=1, n_steps=1)) == float("inf")


def test_the_weight_of_a_feature_that_is_always_zero_never_moves():
    trace = gradient_descent(ONE, learning_rate=0.05, n_steps=21, start=(0.0, 0.7))
    assert (trace.weights[:, 1] == torch.tensor(0.7)).all()
    assert trace.weights[-1, 0].item() == pytest.approx(2)


@pytest.mark.parametrize("data", [ONE, TWO])
def test_a_diverging_run_ends_as_inf_or_nan_without_a_warning(data):  # warnings are errors here
    trace = gradient_descent(data, learning_rate=2 * stability_limit(data), n_steps=1000)
    assert not trace.losses[-1].isfinite()
    assert not trace.weights[-1, 0].isfinite()


@pytest.mark.parametrize("data", [ONE, TWO, own_data(37, 2)], ids=["variant 1", "variant 2", "37 examples"])
def test_the_sweep_of_many_rates_equals_the_single_runs_bit_for_bit(data):
    rates = np.geomspace(stability_limit(data) / 50, 3 * stability_limit(data), 12).tolist()
    sweep = learning_rate_sweep(data, learning_rates=rates, n_steps=300, start=(0.5, -0.25))
    assert [trace.learning_rate for trace in sweep] == rates
    for trace, rate in zip(sweep, rates, strict=True):
        single = gradient_descent(data, learning_rate=rate, n_steps=300, start=(0.5, -0.25))
        for name in ("weights", "losses", "gradients"):
            ours, theirs = getattr(trace, name), getattr(single, name)
            torch.testing.assert_close(ours, theirs, rtol=0, atol=0, equal_nan=True, msg=f"{name} at {rate}")


def test_a_trace_begins_at_the_start_and_has_a_row_for_each_step():
    trace = gradient_descent(TWO, learning_rate=0.001, n_steps=5, start=torch.tensor([0.5, 1.5]))
    assert (trace.learning_rate, trace.n_steps) == (0.001, 5)
    assert trace.weights[0].tolist() == [0.5, 1.5]
    assert (trace.weights.shape, trace.losses.shape, trace.gradients.shape) == ((6, 2), (6,), (6, 2))


def test_the_first_steps_of_a_run_are_a_run_of_their_own():
    part = gradient_descent(TWO, learning_rate=0.001, n_steps=9).until(4)
    whole = gradient_descent(TWO, learning_rate=0.001, n_steps=4)
    assert (part.n_steps, part.learning_rate) == (4, 0.001)
    for name in ("weights", "losses", "gradients"):
        assert torch.equal(getattr(part, name), getattr(whole, name))


def test_the_start_is_left_as_it_was():
    start = torch.tensor([0.5, 1.5], requires_grad=True)
    trace = gradient_descent(TWO, learning_rate=0.001, n_steps=3, start=start)
    assert start.tolist() == [0.5, 1.5]
    assert not trace.weights.requires_grad


def test_the_minimum_is_the_one_that_descent_runs_to():
    assert nearest_minimum(TWO).tolist() == pytest.approx([2, 1])
    assert nearest_minimum(ONE, start=(5.0, 0.75)).tolist() == pytest.approx([2, 0.75])


@pytest.mark.parametrize("share_of_limit", [0.02, 0.5, 0.98, 0.999])
def test_a_converging_run_stays_within_its_reach(share_of_limit):
    low, high = bounding_box(TWO, (0.3, -0.5))
    rate = share_of_limit * stability_limit(TWO)
    weights = gradient_descent(TWO, learning_rate=rate, n_steps=300, start=(0.3, -0.5)).weights
    assert ((weights > low - 1e-5) & (weights < high + 1e-5)).all()
