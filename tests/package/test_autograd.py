"""The checks of notebook 04 know right from wrong, and say why."""

import pytest
import torch

from lecture_utils import checks


def right_inner_gradient(x):
    return 6 * x**5 / len(x), 3 * x**4 / len(x)


def by_autograd(x):
    x.requires_grad_()
    y = x**2
    y.retain_grad()
    (y**3).mean().backward()
    return x.grad, y.grad


def without_retain(x):
    x = x.clone().requires_grad_()
    (x**2).pow(3).mean().backward()
    return x.grad, None


def right_descend(loss, start, learning_rate, n_steps):
    w = start.clone().requires_grad_()
    for _ in range(n_steps):
        w.grad = None
        loss(w).backward()
        with torch.no_grad():
            w -= learning_rate * w.grad
    return w


def without_zeroing(loss, start, learning_rate, n_steps):
    w = start.clone().requires_grad_()
    for _ in range(n_steps):
        loss(w).backward()
        with torch.no_grad():
            w -= learning_rate * w.grad
    return w


def recording(loss, start, learning_rate, n_steps):
    w = start.clone().requires_grad_()
    for _ in range(n_steps):
        w = w - learning_rate * torch.autograd.grad(loss(w), w)[0]
    return w


def in_place_on_the_start(loss, start, learning_rate, n_steps):
    for _ in range(n_steps):
        start -= learning_rate * torch.func.grad(loss)(start)
    return start.clone()


def right_jacobian(function, x):
    return torch.autograd.functional.jacobian(function, x)


def accumulating_jacobian(function, x):
    x = x.clone().requires_grad_()
    y, rows = function(x), []
    for v in torch.eye(len(y)):
        y.backward(v, retain_graph=True)
        rows.append(x.grad.clone())
    return torch.stack(rows)


def jacobian_without_retain(function, x):
    x = x.clone().requires_grad_()
    y = function(x)
    return torch.stack([torch.autograd.grad(y, x, v)[0] for v in torch.eye(len(y))])


def right_frozen(X, y, W, u):
    with torch.no_grad():
        hidden = torch.tanh(X @ W)
    return ((hidden @ u - y) ** 2).mean()


def not_frozen(X, y, W, u):
    return ((torch.tanh(X @ W) @ u - y) ** 2).mean()


def all_without_grad(X, y, W, u):
    with torch.no_grad():
        return not_frozen(X, y, W, u)


def switched_off(X, y, W, u):
    return not_frozen(X, y, W.requires_grad_(False), u)


def backward_inside(X, y, W, u):
    loss = right_frozen(X, y, W, u)
    loss.backward()
    return loss


def said(check, answer):
    verdict = check(answer)
    return verdict.right, verdict.message


@pytest.mark.parametrize(
    ("check", "answer"),
    [
        (checks.check_inner_gradient, right_inner_gradient),
        (checks.check_inner_gradient, lambda x: by_autograd(x.clone())),
        (checks.check_descend, right_descend),
        (checks.check_descend, lambda *given: right_descend(*given).detach()),
        (checks.check_jacobian, right_jacobian),
        (checks.check_jacobian, lambda function, x: torch.func.jacrev(function)(x).numpy()),
        (checks.check_frozen_layer, right_frozen),
        (checks.check_frozen_layer, lambda X, y, W, u: not_frozen(X, y, W.detach(), u)),
    ],
)
def test_a_right_answer_is_right(check, answer):
    assert said(check, answer) == (True, "Right!")


WRONG = {
    "gradients of a sum": (
        checks.check_inner_gradient,
        lambda x: (6 * x**5, 3 * x**4),
        "∂E/∂x: this looks like the sum",
    ),
    "gradients with the wrong sign": (
        checks.check_inner_gradient,
        lambda x: (-6 * x**5 / len(x), x),
        "∂E/∂x: the sign",
    ),
    "gradients in the wrong order": (checks.check_inner_gradient, lambda x: right_inner_gradient(x)[::-1], "∂E/∂x: "),
    "only one gradient": (checks.check_inner_gradient, lambda x: 6 * x**5 / len(x), "Two values"),
    "a constant gradient": (checks.check_inner_gradient, lambda x: (torch.ones(3), torch.ones(3)), "∂E/∂x: this is"),
    "the gradient of a non-leaf": (checks.check_inner_gradient, without_retain, "∂E/∂y: this is None"),
    "the lent tensor tracked": (checks.check_inner_gradient, by_autograd, "x: the function changed"),
    "no zeroing": (checks.check_descend, without_zeroing, "w: gradients seem to pile up"),
    "a recorded update": (checks.check_descend, recording, "w: the numbers are right, but they drag a graph"),
    "ascent": (checks.check_descend, lambda f, w, rate, n: right_descend(f, w, -rate, n), "w: this is"),
    "one step too few": (checks.check_descend, lambda f, w, rate, n: right_descend(f, w, rate, n - 1), "w: this is"),
    "the start moved": (checks.check_descend, in_place_on_the_start, "start: the function changed"),
    "the start returned": (checks.check_descend, lambda f, w, rate, n: w.clone(), "w: this is"),
    "one number for the weights": (checks.check_descend, lambda *given: right_descend(*given).sum(), "w: the shape"),
    "a transposed Jacobian": (checks.check_jacobian, lambda f, x: right_jacobian(f, x).T, "J: rows and columns"),
    "an accumulated Jacobian": (checks.check_jacobian, accumulating_jacobian, "J: this is"),
    "the sum of rows": (checks.check_jacobian, lambda f, x: right_jacobian(f, x).sum(0), "J: the shape"),
    "a Jacobian with the wrong sign": (checks.check_jacobian, lambda f, x: -right_jacobian(f, x), "J: the sign"),
    "a constant Jacobian": (checks.check_jacobian, lambda f, x: torch.ones(len(f(x)), len(x)), "J: this is"),
    "backward twice": (
        checks.check_jacobian,
        jacobian_without_retain,
        "The function stopped with RuntimeError: Trying",
    ),
    "nothing frozen": (checks.check_frozen_layer, not_frozen, "W: a gradient gets here"),
    "all under no_grad": (checks.check_frozen_layer, all_without_grad, "E: no gradient gets here"),
    "the loss detached": (checks.check_frozen_layer, lambda *given: right_frozen(*given).detach(), "E: no gradient"),
    "the other layer frozen": (
        checks.check_frozen_layer,
        lambda X, y, W, u: not_frozen(X, y, W, u.detach()),
        "W: a grad",
    ),
    "requires_grad switched off": (checks.check_frozen_layer, switched_off, "W: the function switched off"),
    "backward made inside": (checks.check_frozen_layer, backward_inside, "E: the backward pass was already made"),
    "a sum of squares": (
        checks.check_frozen_layer,
        lambda X, y, W, u: right_frozen(X, y, W, u) * len(y),
        "E: this looks",
    ),
    "a number": (checks.check_frozen_layer, lambda *given: right_frozen(*given).item(), "E: no gradient gets here"),
    "a constant loss": (checks.check_frozen_layer, lambda X, y, W, u: u.sum(), "E: this is"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_wrong_and_the_check_says_why(name):
    check, answer, message = WRONG[name]
    right, words = said(check, answer)
    assert right is False
    assert words.startswith(message)


ALL = [checks.check_inner_gradient, checks.check_descend, checks.check_jacobian, checks.check_frozen_layer]


@pytest.mark.parametrize("check", ALL)
def test_no_answer_yet_is_neither_right_nor_wrong(check):
    assert check(lambda *given: None).right is None
    assert check(lambda *given: ...).right is None


@pytest.mark.parametrize("check", ALL)
def test_what_is_no_function_or_no_tensor_is_wrong(check):
    assert check(None).right is False
    assert check(lambda *given: "text").right is False
    assert check(lambda *given: given[0].no_such_thing).right is False
