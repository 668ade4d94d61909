"""The rooms that compute: data, descent, mini-batches."""

import itertools

import torch
from hypothesis import strategies as st

from lecture_utils import datasets, descent, minibatch
from tests.package.any_input import good
from tests.package.any_input.calls import Call, is_finite
from tests.package.any_input.good import counts, made, rates, seeds, tensors

SMALL = st.sampled_from([1e-3, 1.0, 30.0])
GRADIENT_DESCENT = descent.gradient_descent(datasets.DATASETS["2"], learning_rate=0.001, n_steps=3)


def _stays_finite(trace, arguments):
    """Assert that a run below the stability limit, from zeros, neither ends nor grows as it should not."""
    assert trace.n_steps == arguments["n_steps"]
    if arguments["learning_rate"] < descent.stability_limit(arguments["dataset"]) and arguments["start"] is None:
        is_finite(trace)


def _same_rates(traces, rates):
    assert [trace.learning_rate for trace in traces] == rates


def _are_rows(batches, n):
    assert batches
    assert all(0 <= row < n for batch in batches for row in batch.tolist())


weight, square = tensors(3, 2), tensors(4, 2)
start = st.none() | tensors(2) | st.lists(st.floats(-10, 10), min_size=2, max_size=2)
step = st.integers(0, 2)
regression = dict(X=tensors(4, 2, scale=SMALL), y=tensors(4, scale=SMALL), weights=tensors(5, 2, scale=SMALL))

TABLE = {
    "datasets.Dataset": Call(
        datasets.Dataset,
        dict(X=square, y=tensors(4), learning_rate=rates, n_steps=counts, true_weights=tensors(2) | st.none()),
        is_finite,
    ),
    "datasets.ClassificationDataset": Call(
        datasets.ClassificationDataset,
        dict(X=square, y=made(lambda: torch.ones(4)), X_held_out=weight, y_held_out=made(lambda: torch.zeros(3))),
        is_finite,
    ),
    "datasets.get_dataset": Call(
        datasets.get_dataset,
        dict(name=st.sampled_from(["1", "2"]), datasets=st.just(datasets.DATASETS)),
        is_finite,
        also_named=("dataset",),
    ),
    "datasets.two_moons": Call(
        datasets.two_moons, dict(n_train=counts, n_held_out=counts, noise=st.floats(0, 1e6), seed=seeds), is_finite
    ),
    "datasets.noisy_examples": Call(
        datasets.noisy_examples, dict(n_examples=counts, noise=st.floats(0, 1e6), seed=seeds), is_finite
    ),
    "descent.mse": Call(descent.mse, regression, is_finite),
    "descent.mse_gradient": Call(descent.mse_gradient, regression, is_finite),
    "descent.gradient_descent": Call(
        descent.gradient_descent,
        dict(dataset=good.datasets(n_features=2), learning_rate=rates, n_steps=counts, start=start),
        _stays_finite,
    ),
    "descent.learning_rate_sweep": Call(
        descent.learning_rate_sweep,
        dict(
            dataset=good.datasets(n_features=2), learning_rates=st.lists(rates, max_size=3), n_steps=counts, start=start
        ),
        lambda traces, arguments: _same_rates(traces, arguments["learning_rates"]),
    ),
    "descent.hessian": Call(descent.hessian, dict(dataset=good.datasets()), is_finite),
    "descent.stability_limit": Call(descent.stability_limit, dict(dataset=good.datasets()), is_finite),
    "descent.start_weights": Call(
        descent.start_weights, dict(dataset=good.datasets(n_features=2), start=start), is_finite
    ),
    "descent.Run.until": Call(lambda step: GRADIENT_DESCENT.until(step), dict(step=step), is_finite),
    "minibatch.mini_batches": Call(
        lambda **arguments: list(itertools.islice(minibatch.mini_batches(**arguments), 3)),
        dict(n_examples=counts, batch_size=counts, n_epochs=counts, seed=seeds),
        lambda batches, arguments: _are_rows(batches, arguments["n_examples"]),
    ),
    "minibatch.mini_batch_sweep": Call(
        minibatch.mini_batch_sweep,
        dict(
            dataset=good.datasets(),
            batch_size=counts,
            learning_rates=st.lists(rates, max_size=3),
            n_epochs=st.integers(1, 3),
            seed=seeds,
        ),
        lambda traces, arguments: _same_rates(traces, arguments["learning_rates"]),
    ),
}
