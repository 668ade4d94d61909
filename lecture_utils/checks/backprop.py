"""Checks of notebook 03."""

import math

import torch
from torch.func import jacfwd, jacrev
from torch.nn import functional

from lecture_utils.checks._answer import Answer, noting
from lecture_utils.checks._compare import compare, require_order, values
from lecture_utils.checks._judge import judged
from lecture_utils.checks._samples import normal
from lecture_utils.checks._verdict import WrongError

READY_JACOBIANS = (jacrev, jacfwd, torch.autograd.functional.jacobian)


@judged((5,), (5, 3), (1, 4))
def check_softplus_layer(answer: Answer, *shape: int) -> None:
    """Check ``answer()``: a layer whose forward is log(1 + exp(x)), and whose backward passes a gradient through it."""
    earlier, later, other, gradient = normal(shape, shape, shape, shape, seed=len(shape))
    layer, another = answer(), answer()
    for method in ("forward", "backward"):
        if not callable(getattr(layer, method, None)):
            raise WrongError("backprop_check_no_layer", answer=type(layer).__name__, method=method)
    past = {}
    for x in (earlier, later):  # two passes, of which the first must not be remembered
        forward = functional.softplus(x)
        causes = {"forward_log_base": [forward / math.log(base) for base in (2, 10)]}
        compare(answer.call(layer.forward, x=x), forward, name="forward(x)", causes=causes)
        answer.call(another.forward, x=other)
        causes = {
            "backprop_check_local_only": x.sigmoid(),
            "backprop_check_passed_on": gradient,
            "backprop_check_of_another": gradient * other.sigmoid(),
        }
        passed = answer.call(layer.backward, gradient=gradient)
        compare(passed, gradient * x.sigmoid(), name="backward(gradient)", causes=causes | past)
        past = {
            "backprop_check_stale": gradient * earlier.sigmoid(),
            "backprop_check_piled_up": gradient * (earlier.sigmoid() + later.sigmoid()),
        }


@judged((5, 3, 2), (4, 3, 3), (3, 3, 3), (1, 2, 4), (4, 1, 3), (3, 2, 1))  # the square ones show what shapes would hide
def check_linear_backward(answer: Answer, n_examples: int, n_inputs: int, n_outputs: int) -> None:
    """Check ``answer(X, W, G)``: the gradients of X·W + b w.r.t. X, W and b, given that w.r.t. its output."""
    N, n, m = n_examples, n_inputs, n_outputs
    X, W, G = normal((N, n), (n, m), (N, m), seed=N)
    answers = values(answer(X=X, W=W, G=G), 3)
    gradients = {"∂E/∂X": G @ W.T, "∂E/∂W": X.T @ G, "∂E/∂b": G.sum(dim=0)}
    require_order(answers, list(gradients.values()))
    for (name, expected), one in zip(gradients.items(), answers, strict=True):
        causes = {"backprop_check_mean": expected / N}
        if name == "∂E/∂b":
            causes["backprop_check_not_summed"] = G
            if m > 1:  # one output has one sum over all
                causes["backprop_check_wrong_axis"] = [G.sum(dim=1), G.sum()]
        compare(one, expected, name=name, causes=causes)


@judged((3, 2), (3, 3), (2, 4), (4, 1), (1, 3))
def check_tanh_layer_jacobian(answer: Answer, n_inputs: int, n_outputs: int) -> None:
    """Check ``answer(x, W)``: the Jacobian of tanh(x·W) w.r.t. x, a row for each output."""
    x, W = normal((n_inputs,), (n_inputs, n_outputs), seed=n_outputs)
    with noting(*READY_JACOBIANS) as ready_made:
        result = answer(x=x, W=W)
    slope = 1 - torch.tanh(x @ W) ** 2
    causes = {"backprop_check_linear_only": W.T, "backprop_check_activation_only": [slope, torch.diag(slope)]}
    compare(result, slope[:, None] * W.T, name="∂a/∂x", causes=causes)
    if ready_made:
        raise WrongError("check_ready_made", function=min(ready_made))


@judged((2.0, 1.0, -0.5), (-1.5, 0.0, 1.2), (0.7, 0.3, 2.0))
def check_shared_weight(answer: Answer, *numbers: float) -> None:
    """Check ``answer(x, y, w)``: the derivative of E = (a2 − y)² w.r.t. w, where a1 = σ(w·x) and a2 = σ(w·a1)."""
    x, y, w = map(torch.tensor, numbers)
    inner, outer = w.clone().requires_grad_(), w.clone().requires_grad_()
    error = (torch.sigmoid(outer * torch.sigmoid(inner * x)) - y) ** 2
    by_inner, by_outer = torch.autograd.grad(error, (inner, outer))
    expected = by_inner + by_outer
    causes = {
        "backprop_check_one_path": [by_inner, by_outer, 2 * by_inner, 2 * by_outer],
        "backprop_check_paths_multiplied": by_inner * by_outer,
        "check_sign": -expected,
    }
    compare(answer(x=x, y=y, w=w), expected, name="∂E/∂w", causes=causes)
