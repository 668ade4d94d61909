"""Checks of notebook 01."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise, product

import torch
from torch import Tensor
from torch.nn import functional

from lecture_utils.checks._answer import Answer, noting
from lecture_utils.checks._compare import compare
from lecture_utils.checks._judge import judged
from lecture_utils.checks._samples import normal
from lecture_utils.checks._verdict import WrongError

Layers = Sequence[tuple[Tensor, Tensor]]


@judged((5, 5, 3), (3, 5, 2), (4, 6, 6), (2, 7, 1), (3, 1, 2))  # square first: there rows and columns can be confused
def check_layer_of_columns(answer: Answer, n_inputs: int, n_examples: int, n_outputs: int) -> None:
    """Check ``answer(X, W, b)``: a linear layer on data with one example per column, its result with one per row."""
    X, W, b = normal((n_inputs, n_examples), (n_inputs, n_outputs), (n_outputs,), seed=n_inputs)
    expected = X.T @ W + b
    causes = {
        "forward_bias_missing": X.T @ W,
        "forward_activation": [f(expected) for f in (torch.relu, torch.tanh, torch.sigmoid)],
    }
    if n_inputs == n_examples:
        causes["forward_rows_and_columns"] = X @ W + b
    else:
        causes["forward_reshaped"] = X.reshape(n_examples, n_inputs) @ W + b
    compare(answer(X=X, W=W, b=b), expected, name="z", causes=causes)


@judged(
    ((3, 4, 5, 2), 5),
    ((2, 3, 4, 1),),
    ((3, 2), 5),
    ((2, 5, 4, 3, 3, 2), 7),
    ((4, 4, 4),),
    ((3, 4, 2), 1),
    ((1, 3, 1), 4),
)
def check_network(answer: Answer, sizes: Sequence[int], *n_examples: int) -> None:
    """Check ``answer(x, layers)``: a network of any depth, with ReLU after each layer but the last."""
    (x,) = normal((*n_examples, sizes[0]), seed=len(sizes))
    layers = [normal((n, m), (m,), seed=10 * n + m) for n, m in pairwise(sizes)]
    expected = _network(x, layers)
    causes = {
        "forward_relu_last": expected.relu(),
        "forward_relu_missing": _network(x, layers, activation=lambda z: z),
        "forward_relu_first": _network(x.relu(), layers),
        "forward_bias_missing": _network(x, [(W, torch.zeros_like(b)) for W, b in layers]),
        "forward_relu_before_bias": _network(x, layers, before_bias=True),
        "forward_not_relu": [_network(x, layers, activation=f) for f in (torch.tanh, torch.sigmoid)],
    }
    compare(answer(x=x, layers=layers), expected, name="ŷ", causes=causes)


def _network(
    x: Tensor, layers: Layers, activation: Callable[[Tensor], Tensor] = torch.relu, *, before_bias: bool = False
) -> Tensor:
    """Return the prediction of a network with that activation after each layer but the last."""
    *hidden, (W_last, b_last) = layers
    for W, b in hidden:
        x = activation(x @ W) + b if before_bias else activation(x @ W + b)
    return x @ W_last + b_last


@judged((5, 3), (7, 5), (6, 2), (3, 6), (1, 4))
def check_mean_cross_entropy(answer: Answer, n_examples: int, n_classes: int) -> None:
    """Check ``answer(probabilities, labels)``: the mean cross-entropy of probabilities (N, K) with labels (N,)."""
    (scores,) = normal((n_examples, n_classes), seed=n_classes)
    probabilities = (2 * scores).softmax(dim=1)  # down to 0.0026, which shows who clips them
    labels = torch.arange(n_examples) * 3 // 2 % n_classes
    of_right = probabilities[range(n_examples), labels]
    expected = -of_right.log().mean()
    causes = {
        "check_sum": n_examples * expected,
        "check_not_averaged": [-of_right.log(), -of_right.log().unsqueeze(1)],
        "forward_softmax_twice": functional.cross_entropy(probabilities, labels),
        "forward_log_base": [expected / math.log(base) for base in (2, 10)],
        "forward_log_of_mean": -of_right.mean().log(),
        "forward_log_missing": [-of_right.mean(), (1 - of_right).mean()],
        "forward_mean_of_table": [expected / n_classes, n_examples / n_classes * expected],
        "forward_all_classes": [-probabilities.log().mean(), -probabilities[:, labels].log().mean()],
        "forward_own_class": -probabilities.max(dim=1).values.log().mean(),
    }
    with noting(functional.cross_entropy) as ready_made:
        result = answer(probabilities=probabilities, labels=labels)
    compare(result, expected, name="E", causes=causes)
    if ready_made:
        raise WrongError("check_ready_made", function=min(ready_made))


@judged(*product((5, 3, 1), (2, 1), (1, 2)))
def check_safe_mse(answer: Answer, n: int, n_axes_of_predictions: int, n_axes_of_targets: int) -> None:
    """Check ``answer(predictions, targets)``: the mean squared error, each argument of shape (N,) or (N, 1)."""
    predictions, targets = normal((n,), (n,), seed=n)
    deviation, table = predictions - targets, predictions[:, None] - targets
    expected = deviation.square().mean()
    same_shapes = n_axes_of_predictions == n_axes_of_targets
    causes = {
        "forward_stretched" if same_shapes else "forward_broadcast": [k * table.square().mean() for k in (1, n, n * n)],
        "check_sum": n * expected,
        "check_not_averaged": [deviation.square(), deviation.square().unsqueeze(1)],
        "forward_root": expected.sqrt(),
        "forward_absolute": deviation.abs().mean(),
        "forward_square_of_mean": deviation.mean().square(),
        "forward_not_squared": [deviation.mean(), -deviation.mean()],
    }
    given = {
        "predictions": predictions.reshape((n, 1)[:n_axes_of_predictions]),
        "targets": targets.reshape((n, 1)[:n_axes_of_targets]),
    }
    shapes = {name: tuple(tensor.shape) for name, tensor in given.items()}
    compare(answer(**given), expected, name="E", causes=causes, n=n, **shapes)
