"""Checks of notebook 04."""

from collections.abc import Callable

import torch
from torch import Tensor

from lecture_utils.checks._judge import Verdict, WrongError, as_tensor, call, call_for_two, compare, verdict

Function = Callable[[Tensor], Tensor]


def check_inner_gradient(answer: Callable[[Tensor], tuple[Tensor, Tensor]]) -> Verdict:
    """Check ``answer(x)``: the gradients of mean(y³), where y = x², by x and by y; `x` is left as it was."""

    def check(answer: Callable, x: Tensor) -> None:
        given = x.clone()
        result = call_for_two(answer, given)
        _require_untouched(given, x, name="x")
        if result[1] is None:
            raise WrongError("autograd_check_grad_none")
        compare(result[0], 6 * x**5 / len(x), name="∂E/∂x", n=len(x))
        compare(result[1], 3 * x**4 / len(x), name="∂E/∂y", n=len(x))

    return verdict(check, answer, *[(_random(n, seed=n),) for n in (3, 5)])


def check_descend(answer: Callable[[Function, Tensor, float, int], Tensor]) -> Verdict:
    """Check ``answer(loss, start, learning_rate, n_steps)``: the weights after so many steps of gradient descent.

    They hang on no graph, and `start` is left as it was.
    """

    def check(answer: Callable, loss: Function, start: Tensor, learning_rate: float, n_steps: int) -> None:
        given = start.clone()
        result = call(answer, loss, given, learning_rate, n_steps)
        _require_untouched(given, start, name="start")
        accumulated, total = start, torch.zeros_like(start)
        expected = start
        for _ in range(n_steps):
            expected = expected - learning_rate * torch.func.grad(loss)(expected)
            total = total + torch.func.grad(loss)(accumulated)
            accumulated = accumulated - learning_rate * total
        if n_steps > 1 and _near(result, accumulated):
            raise WrongError("autograd_check_accumulated")
        compare(result, expected, name="w")
        if isinstance(result, Tensor) and not result.is_leaf:
            raise WrongError("autograd_check_recorded")

    start = _random(3, seed=1)
    return verdict(check, answer, (_valley, start, 0.05, 1), (_valley, start, 0.05, 4), (_waves, start[:2], 0.1, 3))


def check_jacobian(answer: Callable[[Function, Tensor], Tensor]) -> Verdict:
    """Check ``answer(function, x)``: the Jacobian of a function of a vector, a row for each output."""

    def check(answer: Callable, function: Function, x: Tensor) -> None:
        given = x.clone()
        result = call(answer, function, given)
        _require_untouched(given, x, name="x")
        expected = torch.func.jacrev(function)(x)
        if isinstance(result, Tensor) and result.shape != expected.shape and result.shape == expected.T.shape:
            raise WrongError("check_transposed", name="J")
        compare(result, expected, name="J")

    matrix = _random(6, seed=2).reshape(2, 3)
    functions = (lambda x: torch.sin(matrix @ x), lambda x: torch.cumsum(x, 0) ** 2, lambda x: x.prod() * matrix[:, 0])
    return verdict(check, answer, *[(function, _random(3, seed=seed)) for seed, function in enumerate(functions)])


def check_frozen_layer(answer: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]) -> Verdict:
    """Check ``answer(X, y, W, u)``: the mean squared error of tanh(X·W)·u, whose gradient reaches u and not W."""

    def check(answer: Callable, X: Tensor, y: Tensor, W: Tensor, u: Tensor) -> None:
        given = {"W": W.clone().requires_grad_(), "u": u.clone().requires_grad_()}
        result = call(answer, X.clone(), y.clone(), *given.values())
        compare(result, (torch.tanh(X @ W) @ u - y).square().mean(), name="E", n=len(y))
        for name, tensor in given.items():
            if not tensor.requires_grad:
                raise WrongError("autograd_check_switched_off", name=name)
        if not isinstance(result, Tensor) or not result.requires_grad:
            raise WrongError("autograd_check_not_tracked", name="E")
        try:
            by_W, by_u = torch.autograd.grad(result, tuple(given.values()), allow_unused=True)
        except RuntimeError as error:
            raise WrongError("autograd_check_freed", name="E") from error
        if by_W is not None:
            raise WrongError("autograd_check_not_frozen", name="W")
        if by_u is None:
            raise WrongError("autograd_check_not_tracked", name="u")
        hidden = torch.tanh(X @ W)
        compare(by_u, 2 / len(y) * hidden.T @ (hidden @ u - y), name="∂E/∂u", n=len(y))

    return verdict(check, answer, *[_layers(n, seed=n) for n in (4, 7)])


def _require_untouched(given: Tensor, before: Tensor, *, name: str) -> None:
    """Raise a `WrongError` if the reader's function changed the tensor that it was given."""
    if given.requires_grad or given.grad is not None or not torch.equal(given.detach(), before):
        raise WrongError("autograd_check_touched", name=name)


def _near(answer: object, expected: Tensor) -> bool:
    answer = as_tensor(answer, "w")
    return answer.shape == expected.shape and torch.allclose(answer, expected, rtol=1e-4)


def _valley(w: Tensor) -> Tensor:
    return (w - 1).square().sum() + w.prod()


def _waves(w: Tensor) -> Tensor:
    return torch.sin(w).sum() + 0.5 * (w * w).mean()


def _random(n: int, *, seed: int) -> Tensor:
    return torch.randn(n, generator=torch.Generator().manual_seed(seed))


def _layers(n_observations: int, *, seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    numbers = _random(3 * n_observations + 9, seed=seed)
    X, rest = numbers[: 2 * n_observations].reshape(n_observations, 2), numbers[2 * n_observations :]
    return X, rest[:n_observations], rest[n_observations : n_observations + 6].reshape(2, 3), rest[n_observations + 6 :]
