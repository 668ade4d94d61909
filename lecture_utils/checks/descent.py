"""Checks of notebook 02."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from lecture_utils.checks._judge import Verdict, WrongError, as_tensor, call, call_for_two, compare, verdict
from lecture_utils.datasets import DATASETS
from lecture_utils.descent import gradient_descent, stability_limit


def check_gradient_with_bias(answer: Callable[[Tensor, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]) -> Verdict:
    """Check ``answer(X, y, w, b)``: the gradients of the mean squared error of X·w + b by w and by b."""

    def check(answer: Callable, X: Tensor, y: Tensor, w: Tensor) -> None:
        b = torch.tensor(0.7)
        result = call_for_two(answer, X.clone(), y.clone(), w.clone(), b.clone())
        w, b = w.clone().requires_grad_(), b.requires_grad_()
        expected = torch.autograd.grad((X @ w + b - y).square().mean(), (w, b))
        compare(result[0], expected[0], name="∂L/∂w", n=len(y))
        compare(result[1], expected[1], name="∂L/∂b", n=len(y))

    cases = [_data(seed=seed, n_observations=n, n_features=2) for seed, n in ((1, 4), (2, 7))]
    return verdict(check, answer, *cases)


def check_largest_learning_rate(answer: Callable[[Tensor], float]) -> Verdict:
    """Check ``answer(X)``: the stability limit of gradient descent on the mean squared error."""

    def check(answer: Callable, X: Tensor) -> None:
        result = call(answer, X.clone())
        expected = 2 / torch.linalg.eigvalsh(2 / len(X) * X.double().T @ X.double())[-1]
        compare(result, expected.float(), name="γ", n=len(X), tolerance=1e-3)

    cases = [(data.X,) for data in DATASETS.values()]
    cases += [_data(seed=seed, n_observations=9, n_features=3)[:1] for seed in (3, 4)]
    return verdict(check, answer, *cases)


def check_loss_history(answer: Callable[[Tensor, Tensor, float, int], tuple[Sequence[float], Tensor]]) -> Verdict:
    """Check ``answer(X, y, learning_rate, n_steps)``: n_steps + 1 losses, and the weights that the last belongs to."""

    def check(answer: Callable, name: str, n_steps: int) -> None:
        dataset = DATASETS[name]
        rate = 0.5 * stability_limit(dataset)
        result = call_for_two(answer, dataset.X.clone(), dataset.y.clone(), rate, n_steps)
        trace = gradient_descent(dataset, learning_rate=rate, n_steps=n_steps)
        losses = as_tensor(result[0], "losses")
        if losses.ndim != 1 or len(losses) != n_steps + 1:
            raise WrongError("check_history_length", answer=losses.numel(), expected=n_steps + 1)
        compare(losses, trace.losses, name="losses")
        compare(result[1], trace.weights[-1], name="w")

    return verdict(check, answer, ("2", 5), ("1", 3))


def _data(*, seed: int, n_observations: int, n_features: int) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(n_observations, n_features, generator=generator)
    return X, torch.randn(n_observations, generator=generator), torch.randn(n_features, generator=generator)
