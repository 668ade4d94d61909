"""Runs in mini-batches are those of torch's own SGD."""

import pytest
import torch
from torch import nn

from lecture_utils.datasets import noisy_examples
from lecture_utils.descent import gradient_descent, mse
from lecture_utils.minibatch import mini_batch_sweep, mini_batches

NOISY = noisy_examples()

SMALL = noisy_examples(n_examples=30, seed=2)


def by_torch(dataset, *, batch_size, learning_rate, n_epochs, seed):
    """Train with torch's own module, loss, optimizer and random orders; return the weights, the first ones zeros."""
    model = nn.Linear(2, 1, bias=False)
    nn.init.zeros_(model.weight)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    generator = torch.Generator().manual_seed(seed)
    path = [model.weight[0].detach().clone()]
    for _ in range(n_epochs):
        for rows in torch.randperm(len(dataset.y), generator=generator).split(batch_size):
            optimizer.zero_grad()
            nn.functional.mse_loss(model(dataset.X[rows]), dataset.y[rows, None]).backward()
            optimizer.step()
            path.append(model.weight[0].detach().clone())
    return torch.stack(path)


@pytest.mark.parametrize(("batch_size", "learning_rate"), [(1, 0.02), (7, 0.1), (30, 0.5)])
def test_a_run_is_that_of_torchs_own_sgd(batch_size, learning_rate):
    knobs = {"batch_size": batch_size, "n_epochs": 3, "seed": 4}
    (run,) = mini_batch_sweep(SMALL, learning_rates=[learning_rate], **knobs)
    torch.testing.assert_close(run.weights, by_torch(SMALL, learning_rate=learning_rate, **knobs), rtol=0, atol=1e-5)
    torch.testing.assert_close(run.losses, mse(SMALL.X, SMALL.y, run.weights), rtol=1e-5, atol=1e-6)


def test_many_rates_at_once_give_the_runs_that_each_gives_alone():
    rates = [0.01, 0.1, 0.4]
    together = mini_batch_sweep(SMALL, batch_size=5, learning_rates=rates, n_epochs=2)
    for rate, run in zip(rates, together, strict=True):
        (alone,) = mini_batch_sweep(SMALL, batch_size=5, learning_rates=[rate], n_epochs=2)
        assert (run.learning_rate, run.batch_size, run.n_steps) == (rate, 5, 12)
        torch.testing.assert_close(run.weights, alone.weights, rtol=1e-5, atol=1e-6)


def test_a_batch_of_all_examples_is_gradient_descent():
    (run,) = mini_batch_sweep(NOISY, batch_size=256, learning_rates=[0.3], n_epochs=10)
    full = gradient_descent(NOISY, learning_rate=0.3, n_steps=10)
    torch.testing.assert_close(run.weights, full.weights, rtol=0, atol=1e-5)


def test_an_epoch_takes_every_example_once_and_each_epoch_in_a_new_order():
    batches = list(mini_batches(10, batch_size=4, n_epochs=2))
    assert [len(rows) for rows in batches] == [4, 4, 2, 4, 4, 2]
    first, second = torch.cat(batches[:3]).tolist(), torch.cat(batches[3:]).tolist()
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second


def test_a_part_of_a_run_is_its_beginning():
    (run,) = mini_batch_sweep(SMALL, batch_size=10, learning_rates=[0.1], n_epochs=2)
    part = run.until(2)
    assert (part.n_steps, part.batch_size, part.learning_rate) == (2, 10, 0.1)
    assert torch.equal(part.weights, run.weights[:3])
