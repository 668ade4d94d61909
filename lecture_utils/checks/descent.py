"""Checks of notebook 02."""

import torch
from torch import Tensor

from lecture_utils.checks._answer import Answer
from lecture_utils.checks._compare import as_numbers, compare, require_order, values
from lecture_utils.checks._judge import judged
from lecture_utils.checks._samples import normal
from lecture_utils.checks._verdict import WrongError
from lecture_utils.datasets import DATASETS


@judged((5, 3), (7, 2), (9, 1), (4, 4), (1, 2))
def check_gradient_with_bias(answer: Answer, n_examples: int, n_features: int) -> None:
    """Check ``answer(X, y, w, b)``: the gradients of the mean squared error of X·w + b w.r.t. w and b."""
    X, y, w, b = normal((n_examples, n_features), (n_examples,), (n_features,), (), seed=n_examples)
    answers = values(answer(X=X, y=y, w=w, b=b), 2)
    deviation = X @ w + b - y
    slopes = {"∂E/∂w": X.T, "∂E/∂b": torch.ones(n_examples)}
    require_order(answers, [2 / n_examples * slope @ deviation for slope in slopes.values()])
    for (name, slope), one in zip(slopes.items(), answers, strict=True):
        expected = 2 / n_examples * slope @ deviation
        causes = {
            "check_sign": -expected,
            "check_sum": n_examples * expected,
            "descent_neither_2_nor_n": n_examples * expected / 2,
            "check_mean_twice": expected / n_examples,
            "descent_over_features": expected * n_examples / n_features,
            "descent_bias_ignored": 2 / n_examples * slope @ (X @ w - y),
            "check_not_averaged": [factor * (deviation * slope) for factor in (1, 2, 2 / n_examples)],
        }
        compare(one, expected, name=name, causes=causes)


@judged((5, 3), (9, 4), (3, 5), (6, 1), (1, 2), ("1",), ("2",))
def check_largest_learning_rate(answer: Answer, *data: int | str) -> None:
    """Check ``answer(X)``: the stability limit of gradient descent on the mean squared error."""
    X = DATASETS[data[0]].X if data[0] in DATASETS else normal(data, seed=data[0])[0]
    N = len(X)
    smallest, largest = torch.linalg.eigvalsh(2 / N * X.double().T @ X.double())[[0, -1]]
    expected = 2 / largest
    causes = {
        "descent_hessian_without_n": [expected / N, expected * 2 / N],
        "descent_curvature": largest,
        "descent_smallest": 2 / smallest,
    }
    compare(answer(X=X), expected, name="γ", causes=causes, tolerance=1e-3)


@judged((5, 3, 4), (7, 2, 6), (6, 1, 1), (4, 4, 9), (1, 2, 3))
def check_loss_history(answer: Answer, n_examples: int, n_features: int, n_steps: int) -> None:
    """Check ``answer(X, y, learning_rate, n_steps)``: n_steps + 1 losses, and the weights that the last belongs to."""
    X, y = normal((n_examples, n_features), (n_examples,), seed=n_steps)
    rate = 0.3 / torch.linalg.eigvalsh(X.T @ X / n_examples)[-1].item()  # 0.3 of the limit of stability
    answers = values(answer(X=X, y=y, learning_rate=rate, n_steps=n_steps), 2)
    weights, expected = _descend(X, y, rate, n_steps + 1)
    require_order(answers, [expected[:-1], weights[-2]])
    losses = as_numbers(answers[0], "losses")
    if losses.shape != (n_steps + 1,):
        raise WrongError("descent_history_length", answer=losses.numel(), expected=n_steps + 1)
    causes = {
        "descent_losses_late": expected[1:],
        "descent_climbs": _descend(X, y, -rate, n_steps)[1],
        "descent_half_step": _descend(X, y, rate / 2, n_steps)[1],
        "check_sum": n_examples * expected[:-1],
        "descent_stays": expected[0].expand(n_steps + 1),
    }
    compare(losses, expected[:-1], name="losses", causes=causes)
    causes = {"descent_weights_behind": weights[-3], "descent_weights_ahead": weights[-1]}
    compare(answers[1], weights[-2], name="w", causes=causes)


def _descend(X: Tensor, y: Tensor, rate: float, n_steps: int) -> tuple[Tensor, Tensor]:
    """Return the weights and losses of a descent from zero, one before each step and one after the last."""
    X, y = X.double(), y.double()
    weights = [torch.zeros(X.shape[1]).double()]
    for _ in range(n_steps):
        weights.append(weights[-1] - rate * 2 / len(y) * X.T @ (X @ weights[-1] - y))
    weights = torch.stack(weights)
    return weights, (weights @ X.T - y).square().mean(dim=1)
