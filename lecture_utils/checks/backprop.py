"""Checks of notebook 03."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.func import grad, jacrev, vjp
from torch.nn import functional

from lecture_utils._require import brief
from lecture_utils.checks._judge import Verdict, WrongError, as_tensor, call, compare, verdict


def check_softplus_layer(answer: Callable[[], object]) -> Verdict:
    """Check ``answer()``: a layer whose forward is log(1 + exp(x)), and whose backward passes a gradient through it."""

    def check(answer: Callable, x: Tensor, gradient: Tensor) -> None:
        layer = call(answer)
        if not (callable(getattr(layer, "forward", None)) and callable(getattr(layer, "backward", None))):
            raise WrongError("backprop_check_no_layer", answer=brief(layer))
        call(layer.forward, x.flip(0).clone())  # an earlier pass, which must not be remembered
        compare(call(layer.forward, x.clone()), functional.softplus(x), name="forward")
        passed = call(layer.backward, gradient.clone())
        _, back = vjp(functional.softplus, x)
        (slope,), (expected,) = back(torch.ones_like(x)), back(gradient)
        if _same(passed, slope):
            raise WrongError("backprop_check_local_only", name="backward")
        compare(passed, expected, name="backward")

    return verdict(check, answer, *[_random(seed, shape, shape) for seed, shape in ((1, (5,)), (2, (4, 3)))])


def check_linear_backward(answer: Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]]) -> Verdict:
    """Check ``answer(X, W, G)``: the gradients by X, W and b of a layer X·W + b, given that by its output."""

    def check(answer: Callable, X: Tensor, W: Tensor, G: Tensor) -> None:
        result = call(answer, X.clone(), W.clone(), G.clone())
        if not isinstance(result, (tuple, list)) or len(result) != 3:
            raise WrongError("backprop_check_three_values", answer=brief(result))
        _, back = vjp(lambda X, W, b: X @ W + b, X, W, torch.zeros(W.shape[1]))
        for name, got, expected in zip(("∂E/∂X", "∂E/∂W", "∂E/∂b"), result, back(G), strict=True):
            if _same(got, expected / len(X)) and name != "∂E/∂X":
                raise WrongError("backprop_check_mean", name=name)
            compare(got, expected, name=name)

    sizes = ((4, 3, 2), (5, 3, 3), (3, 3, 3))  # the square ones show what shapes would hide
    cases = [_random(seed, (N, n), (n, m), (N, m)) for seed, (N, n, m) in enumerate(sizes)]
    return verdict(check, answer, *cases)


def check_tanh_layer_jacobian(answer: Callable[[Tensor, Tensor], Tensor]) -> Verdict:
    """Check ``answer(x, W)``: the Jacobian of tanh(x·W) by x, a row for each output."""

    def check(answer: Callable, x: Tensor, W: Tensor) -> None:
        result = call(answer, x.clone(), W.clone())
        if _same(result, W.T):
            raise WrongError("backprop_check_linear_only", name="∂a/∂x")
        compare(result, jacrev(lambda x: torch.tanh(x @ W))(x), name="∂a/∂x")

    cases = [_random(seed, (n,), (n, m)) for seed, (n, m) in ((6, (3, 2)), (7, (3, 3)), (8, (2, 4)))]
    return verdict(check, answer, *cases)


def check_shared_weight(answer: Callable[[Tensor, Tensor, Tensor], Tensor]) -> Verdict:
    """Check ``answer(x, y, w)``: the derivative of E = (a2 − y)² by w, where a1 = σ(w·x) and a2 = σ(w·a1)."""

    def error(inner: Tensor, outer: Tensor, x: Tensor, y: Tensor) -> Tensor:
        return (torch.sigmoid(outer * torch.sigmoid(inner * x)) - y) ** 2

    def check(answer: Callable, x: Tensor, y: Tensor, w: Tensor) -> None:
        result = call(answer, x.clone(), y.clone(), w.clone())
        inner, outer = grad(error, argnums=(0, 1))(w, w, x, y)
        if _same(result, inner) or _same(result, outer):
            raise WrongError("backprop_check_one_path", name="∂E/∂w")
        compare(result, inner + outer, name="∂E/∂w")

    numbers = [(2.0, 1.0, -0.5), (-1.5, 0.0, 1.2), (0.7, 0.3, 2.0)]
    return verdict(check, answer, *[tuple(torch.tensor(value) for value in case) for case in numbers])


def _same(answer: object, guess: Tensor) -> bool:
    try:
        answer = as_tensor(answer, "")
    except WrongError:
        return False  # the comparison says what is wrong with it
    return answer.shape == guess.shape and torch.allclose(answer, guess, rtol=1e-4, atol=1e-6)


def _random(seed: int, *shapes: tuple[int, ...]) -> tuple[Tensor, ...]:
    generator = torch.Generator().manual_seed(seed)
    return tuple(torch.randn(shape, generator=generator) for shape in shapes)
