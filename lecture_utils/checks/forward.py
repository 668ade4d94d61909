"""Checks of notebook 01."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from lecture_utils.checks._judge import Verdict, WrongError, as_tensor, call, compare, verdict

Layers = Sequence[tuple[Tensor, Tensor]]


def check_layer_of_columns(answer: Callable[[Tensor, Tensor, Tensor], Tensor]) -> Verdict:
    """Check ``answer(X, W, b)``: a linear layer on data that hold one observation a column, its result one a row."""

    def check(answer: Callable, n_inputs: int, n_observations: int, n_outputs: int) -> None:
        generator = torch.Generator().manual_seed(n_inputs)
        X = torch.randn(n_inputs, n_observations, generator=generator)
        W, b = torch.randn(n_inputs, n_outputs, generator=generator), torch.randn(n_outputs, generator=generator)
        result = call(answer, X.clone(), W.clone(), b.clone())
        expected = torch.stack([nn.functional.linear(column, W.T, b) for column in X.unbind(dim=1)])
        causes = {"forward_bias_missing": expected - b}
        if n_inputs == n_observations:
            causes["forward_rows_and_columns"] = X @ W + b
        _explain(result, expected, causes, name="Z")
        compare(result, expected, name="Z")

    return verdict(check, answer, (4, 4, 2), (3, 5, 2), (2, 6, 6))


def check_network(answer: Callable[[Tensor, Layers], Tensor]) -> Verdict:
    """Check ``answer(x, layers)``: a network of any depth, with ReLU after each layer but the last."""

    def check(answer: Callable, sizes: Sequence[int], *n_observations: int) -> None:
        generator = torch.Generator().manual_seed(len(sizes))
        x = torch.randn(*n_observations, sizes[0], generator=generator)
        layers = [
            (torch.randn(n, m, generator=generator), torch.randn(m, generator=generator)) for n, m in pairwise(sizes)
        ]
        result = call(answer, x.clone(), [(W.clone(), b.clone()) for W, b in layers])
        expected = _network(x, layers)
        causes = {
            "forward_relu_last": expected.relu(),
            "forward_relu_missing": _network(x, layers, activation=nn.Identity()),
            "forward_bias_missing": _network(x, [(W, torch.zeros_like(b)) for W, b in layers]),
        }
        _explain(result, expected, causes, name="ŷ")
        compare(result, expected, name="ŷ")

    return verdict(
        check, answer, ((2, 3, 2, 1),), ((3, 4, 5, 2), 6), ((3, 2), 5), ((2, 5, 4, 3, 3, 2), 7), ((4, 4, 4),)
    )


def check_mean_cross_entropy(answer: Callable[[Tensor, Tensor], Tensor]) -> Verdict:
    """Check ``answer(probabilities, labels)``: the mean cross-entropy of probabilities (N, K) with labels (N,)."""

    def check(answer: Callable, n_observations: int, n_classes: int) -> None:
        generator = torch.Generator().manual_seed(n_classes)
        probabilities = torch.randn(n_observations, n_classes, generator=generator).softmax(dim=1)
        labels = torch.randint(n_classes, (n_observations,), generator=generator)
        result = call(answer, probabilities.clone(), labels.clone())
        expected = nn.functional.nll_loss(probabilities.log(), labels)
        causes = {
            "forward_softmax_twice": nn.functional.cross_entropy(probabilities, labels),
            "forward_log_base": torch.stack([expected / math.log(base) for base in (2, 10)]),
        }
        _explain(result, expected, causes, name="E")
        compare(result, expected, name="E", n=n_observations)

    return verdict(check, answer, (4, 3), (7, 5), (5, 2), (3, 6))


def check_safe_mse(answer: Callable[[Tensor, Tensor], Tensor]) -> Verdict:
    """Check ``answer(predictions, targets)``: the mean squared error, each argument of shape (N,) or (N, 1)."""

    def check(answer: Callable, n: int, predictions_shape: Sequence[int], targets_shape: Sequence[int]) -> None:
        generator = torch.Generator().manual_seed(n)
        predictions, targets = torch.randn(2, n, generator=generator)
        shapes = {"predictions": tuple(predictions_shape), "targets": tuple(targets_shape)}
        result = call(answer, predictions.reshape(predictions_shape).clone(), targets.reshape(targets_shape).clone())
        expected = nn.functional.mse_loss(predictions, targets)
        stretched = (predictions[:, None] - targets).square().mean()
        _explain(result, expected, {"forward_broadcast": stretched}, name="E", n=n, **shapes)
        compare(result, expected, name="E", n=n)

    cases = [(n, predictions, targets) for n in (5, 3) for predictions in ((n, 1), (n,)) for targets in ((n,), (n, 1))]
    return verdict(check, answer, *cases)


def _network(x: Tensor, layers: Layers, activation: Callable[[Tensor], Tensor] = torch.relu) -> Tensor:
    """Return the prediction of a network with that activation after each layer but the last."""
    *hidden, (W_last, b_last) = layers
    for W, b in hidden:
        x = activation(nn.functional.linear(x, W.T, b))
    return nn.functional.linear(x, W_last.T, b_last)


def _explain(answer: object, expected: Tensor, causes: Mapping[str, Tensor], *, name: str, **fields: object) -> None:
    """Raise a `WrongError` with the cause whose result the answer equals; a cause may have several results."""
    answer = as_tensor(answer, name)

    def same(guess: Tensor) -> bool:
        return torch.allclose(answer, guess, rtol=1e-4, atol=1e-6)

    if answer.shape != expected.shape or same(expected):
        return
    for key, guesses in causes.items():
        if any(same(guess) for guess in guesses.reshape(-1, *expected.shape)):
            raise WrongError(key, **fields)
