"""Checks of notebook 04."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.autograd import forward_ad

from lecture_utils.checks._answer import Answer, noting
from lecture_utils.checks._compare import compare, require_order, values
from lecture_utils.checks._judge import judged
from lecture_utils.checks._samples import normal
from lecture_utils.checks._verdict import WrongError

Function = Callable[[Tensor], Tensor]

#: Through one of these goes all that autograd differentiates, `torch.func` included.
AUTOGRAD = (torch.autograd.backward, torch.autograd.grad, forward_ad.enter_dual_level)


def _valley(w: Tensor) -> Tensor:
    return (w - 1).square().sum() + w.prod()


def _waves(w: Tensor) -> Tensor:
    return torch.sin(w).sum() + 0.5 * (w * w).mean()


def _sines(x: Tensor) -> Tensor:
    return torch.stack([torch.sin(x[0] - 2 * x[1]), torch.sin(x.sum())])


def _powers(x: Tensor) -> Tensor:
    return torch.cumsum(x, dim=0) ** 2


def _product(x: Tensor) -> Tensor:
    return x.prod().reshape(1) * x[0]


@judged((5,), (3,), (1,))
def check_inner_gradient(answer: Answer, n: int) -> None:
    """Check ``answer(x)``: the gradients of mean(q³), where q = x², w.r.t. x and q; `x` is left as it was."""
    (x,) = normal((n,), seed=n)
    with noting(*AUTOGRAD) as by_autograd:
        result = answer(x=x)
    answer.require_no_traces(flags=True)
    answers = values(result, 2)
    gradients = {"∂E/∂x": 6 * x**5 / n, "∂E/∂q": 3 * x**4 / n}
    require_order(answers, list(gradients.values()))
    for (name, expected), one in zip(gradients.items(), answers, strict=True):
        if one is None:
            raise WrongError("autograd_check_grad_none", name=name)
        compare(one, expected, name=name, causes={"check_sum": n * expected})
    if not by_autograd:
        raise WrongError("autograd_check_by_hand")


@judged((_valley, 3, 0.05, 4), (_valley, 4, 0.03, 1), (_waves, 2, 0.1, 3))
def check_descend(answer: Answer, loss: Function, n: int, learning_rate: float, n_steps: int) -> None:
    """Check ``answer(loss, start, learning_rate, n_steps)``: the weights after so many steps of gradient descent.

    They hang on no graph, and `start` is left as it was.
    """
    (start,) = normal((n,), seed=n)
    sizes: list[int] = []

    def watched(w: Tensor) -> Tensor:
        sizes.append(_size_of_graph(w))
        return loss(w)

    try:
        result = answer(loss=watched, start=start, learning_rate=learning_rate, n_steps=n_steps)
    except WrongError as wrong:
        if wrong.key == "check_raises" and sizes and sizes[-1] > sizes[0]:
            raise WrongError("autograd_check_update_recorded") from wrong
        raise
    answer.require_no_traces(flags=True)
    path = _descend(loss, start, learning_rate, n_steps + 1)
    causes = {
        "autograd_check_accumulated": _descend(loss, start, learning_rate, n_steps, accumulate=True)[-1],
        "autograd_check_ascent": _descend(loss, start, -learning_rate, n_steps)[-1],
        "autograd_check_stays": start,
        "autograd_check_steps": [path[-1], path[-3]],
    }
    compare(result, path[-2], name="w", causes=causes if n_steps > 1 else None)
    if isinstance(result, Tensor) and not result.is_leaf:
        raise WrongError("autograd_check_recorded")
    if sizes and sizes[-1] > sizes[0]:
        raise WrongError("autograd_check_update_recorded")


def _size_of_graph(tensor: object) -> int:
    """Return how many operations autograd has recorded behind a tensor."""
    seen, waiting = set(), [getattr(tensor, "grad_fn", None)]
    while waiting:
        operation = waiting.pop()
        if operation is not None and operation not in seen:
            seen.add(operation)
            waiting += [before for before, _ in operation.next_functions]
    return len(seen)


def _gradient(loss: Function, w: Tensor) -> Tensor:
    w = w.clone().requires_grad_()
    return torch.autograd.grad(loss(w), w)[0]


def _descend(loss: Function, w: Tensor, rate: float, n_steps: int, *, accumulate: bool = False) -> list[Tensor]:
    """Return the weights before each step and after the last one; gradients may add up from step to step."""
    path, gradient = [w], torch.zeros_like(w)
    for _ in range(n_steps):
        gradient = _gradient(loss, path[-1]) + (gradient if accumulate else 0)
        path.append(path[-1] - rate * gradient)
    return path


@judged((_sines, 3), (_powers, 3), (_product, 4))
def check_jacobian(answer: Answer, function: Function, n: int) -> None:
    """Check ``answer(function, x)``: the Jacobian of a function of a vector, a row for each output."""
    (x,) = normal((n,), seed=n)
    with noting(*AUTOGRAD) as by_autograd:
        result = answer(function=function, x=x)
    answer.require_no_traces(flags=True)
    expected = torch.autograd.functional.jacobian(function, x)
    total = expected.sum(dim=0)
    causes = {
        "autograd_check_rows_pile_up": expected.cumsum(dim=0),
        "autograd_check_rows_same": [row.expand_as(expected) for row in (*expected, total)],
        "autograd_check_rows_summed": [total, total.unsqueeze(0)],
    }
    compare(result, expected, name="J", causes=causes)
    if not by_autograd:
        raise WrongError("autograd_check_by_hand")


@judged((5, 3, 2), (7, 2, 3))
def check_frozen_layer(answer: Answer, n_examples: int, n_inputs: int, n_hidden: int) -> None:
    """Check ``answer(X, y, W, w)``: the mean squared error of tanh(X·W)·w, whose gradient reaches w and not W."""
    N, n, h = n_examples, n_inputs, n_hidden
    X, y, W, w = normal((N, n), (N,), (n, h), (h,), seed=N)
    result = answer(X=X, y=y, W=W.requires_grad_(), w=w.requires_grad_())
    hidden = torch.tanh(X @ W).detach()
    deviation = (hidden @ w - y).detach()
    expected, by_w = deviation.square().mean(), 2 / N * hidden.T @ deviation
    causes = {"check_sum": N * expected, "check_not_averaged": deviation.square(), "forward_root": expected.sqrt()}
    compare(result, expected, name="E", causes=causes)
    for name in ("W", "w"):
        if not answer.lent[name].requires_grad:
            raise WrongError("autograd_check_switched_off", name=name)
    gradient = _gradient_by_w_alone(result, answer.lent["W"], answer.lent["w"])
    compare(gradient, by_w, name="∂E/∂w", causes={"check_sign": -by_w})


def _gradient_by_w_alone(error: object, W: Tensor, w: Tensor) -> Tensor:
    """Return the gradient with respect to w; raise a `WrongError` if there is none, or one with respect to W."""
    if not isinstance(error, Tensor) or not error.requires_grad:
        raise WrongError("autograd_check_not_tracked", name="E")
    try:
        by_W, by_w = torch.autograd.grad(error.sum(), (W, w), allow_unused=True)
    except RuntimeError as freed:
        raise WrongError("autograd_check_freed", name="E") from freed
    if by_W is not None or W.grad is not None:
        raise WrongError("autograd_check_not_frozen", name="W")
    if by_w is None:
        raise WrongError("autograd_check_not_tracked", name="w")
    return by_w
