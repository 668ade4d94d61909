"""The checks of notebook 03 let no wrong answer pass."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from lecture_utils import checks


class Softplus:
    def forward(self, x):
        self.x = x
        return functional.softplus(x)

    def backward(self, gradient):
        return gradient * torch.sigmoid(self.x)


def softplus(**changes):
    """Return a softplus layer with other methods."""
    return type("Changed", (Softplus,), changes)


class Stub:
    def forward(self, x): ...

    def backward(self, gradient): ...


class Forgetful(Softplus):
    """Remembers its first input for ever."""

    def forward(self, x):
        if not hasattr(self, "x"):
            self.x = x
        return functional.softplus(x)


def linear(X, W, G):
    return G @ W.T, X.T @ G, G.sum(dim=0)


def jacobian(x, W):
    return torch.diag(1 - torch.tanh(x @ W) ** 2) @ W.T


def shared(x, y, w, *, first=1, second=1, sign=1):
    a1 = torch.sigmoid(w * x)
    a2 = torch.sigmoid(w * a1)
    above = 2 * (a2 - y) * a2 * (1 - a2)
    return sign * above * (second * a1 + first * w * a1 * (1 - a1) * x)


RIGHT = {
    checks.check_softplus_layer: Softplus,
    checks.check_linear_backward: linear,
    checks.check_tanh_layer_jacobian: jacobian,
    checks.check_shared_weight: shared,
}

WRONG = {
    "softplus: wrong sign": (checks.check_softplus_layer, softplus(backward=lambda s, g: -g * torch.sigmoid(s.x))),
    "softplus: no gradient": (checks.check_softplus_layer, softplus(backward=lambda s, g: torch.sigmoid(s.x))),
    "softplus: passed on": (checks.check_softplus_layer, softplus(backward=lambda s, g: g)),
    "softplus: of sigmoid": (
        checks.check_softplus_layer,
        softplus(backward=lambda s, g: g * torch.sigmoid(s.x) * (1 - torch.sigmoid(s.x))),
    ),
    "softplus: sum": (checks.check_softplus_layer, softplus(backward=lambda s, g: (g * torch.sigmoid(s.x)).sum())),
    "softplus: of the output": (
        checks.check_softplus_layer,
        softplus(backward=lambda s, g: g * torch.sigmoid(functional.softplus(s.x))),
    ),
    "softplus: relu": (checks.check_softplus_layer, softplus(forward=lambda s, x: setattr(s, "x", x) or x.relu())),
    "softplus: forgetful": (checks.check_softplus_layer, Forgetful),
    "softplus: no layer": (checks.check_softplus_layer, lambda: 3),
    "softplus: an instance": (checks.check_softplus_layer, Softplus()),
    "linear: wrong sign": (checks.check_linear_backward, lambda X, W, G: (-G @ W.T, -(X.T @ G), -G.sum(dim=0))),
    "linear: transposed W": (checks.check_linear_backward, lambda X, W, G: (G @ W.T, G.T @ X, G.sum(dim=0))),
    "linear: W as it is": (
        checks.check_linear_backward,
        lambda X, W, G: (G @ (W if W.shape[0] == W.shape[1] else W.T), X.T @ G, G.sum(dim=0)),
    ),
    "linear: transposed if square": (
        checks.check_linear_backward,
        lambda X, W, G: (G @ W.T, G.T @ X if W.shape[0] == W.shape[1] else X.T @ G, G.sum(dim=0)),
    ),
    "linear: mean of W": (checks.check_linear_backward, lambda X, W, G: (G @ W.T, X.T @ G / len(X), G.sum(dim=0))),
    "linear: mean of b": (checks.check_linear_backward, lambda X, W, G: (G @ W.T, X.T @ G, G.mean(dim=0))),
    "linear: b not summed": (checks.check_linear_backward, lambda X, W, G: (G @ W.T, X.T @ G, G)),
    "linear: other axis": (checks.check_linear_backward, lambda X, W, G: (G @ W.T, X.T @ G, G.sum(dim=1))),
    "linear: constant": (checks.check_linear_backward, lambda X, W, G: (X * 0, W * 0, G[0] * 0)),
    "linear: two": (checks.check_linear_backward, lambda X, W, G: (G @ W.T, X.T @ G)),
    "jacobian: transposed": (checks.check_tanh_layer_jacobian, lambda x, W: jacobian(x, W).T),
    "jacobian: transposed if square": (
        checks.check_tanh_layer_jacobian,
        lambda x, W: jacobian(x, W).T if W.shape[0] == W.shape[1] else jacobian(x, W),
    ),
    "jacobian: of the linear part": (checks.check_tanh_layer_jacobian, lambda x, W: W.T),
    "jacobian: of the activation": (
        checks.check_tanh_layer_jacobian,
        lambda x, W: torch.diag(1 - torch.tanh(x @ W) ** 2),
    ),
    "jacobian: wrong sign": (checks.check_tanh_layer_jacobian, lambda x, W: -jacobian(x, W)),
    "jacobian: constant": (checks.check_tanh_layer_jacobian, lambda x, W: torch.ones(W.shape[1], W.shape[0])),
    "jacobian: sum": (checks.check_tanh_layer_jacobian, lambda x, W: jacobian(x, W).sum()),
    "shared: first path": (checks.check_shared_weight, lambda x, y, w: shared(x, y, w, second=0)),
    "shared: second path": (checks.check_shared_weight, lambda x, y, w: shared(x, y, w, first=0)),
    "shared: wrong sign": (checks.check_shared_weight, lambda x, y, w: shared(x, y, w, sign=-1)),
    "shared: half": (checks.check_shared_weight, lambda x, y, w: shared(x, y, w) / 2),
    "shared: constant": (checks.check_shared_weight, lambda x, y, w: torch.tensor(-0.1)),
    "shared: a text": (checks.check_shared_weight, lambda x, y, w: "0.1"),
}


@pytest.mark.parametrize("check", RIGHT)
def test_a_right_answer_is_right(check):
    assert check(RIGHT[check]).right is True


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_wrong_and_the_verdict_says_why(name):
    check, answer = WRONG[name]
    verdict = check(answer)
    assert verdict.right is False
    assert verdict.message


@pytest.mark.parametrize("check", RIGHT)
@pytest.mark.parametrize("answer", [lambda *arguments: None, lambda *arguments: ...])
def test_an_exercise_not_yet_solved_is_open(check, answer):
    assert check(answer).right is None


def test_a_layer_whose_methods_are_not_yet_written_is_open():
    assert checks.check_softplus_layer(Stub).right is None


@pytest.mark.parametrize("check", RIGHT)
@pytest.mark.parametrize("answer", [None, 3.0, torch.ones(2)])
def test_what_is_no_function_is_wrong(check, answer):
    assert check(answer).right is False


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("softplus: no gradient", "not yet multiplied by the gradient from above"),
        ("softplus: no layer", "methods forward and backward"),
        ("linear: mean of b", "∂E/∂b: there is no averaging here"),
        ("linear: transposed if square", "∂E/∂W: rows and columns have changed places"),
        ("linear: two", "Three values are expected"),
        ("jacobian: of the linear part", "the derivative of tanh is missing"),
        ("jacobian: transposed if square", "rows and columns have changed places"),
        ("shared: first path", "one path from w to E only"),
        ("shared: half", "Has a factor of 2 been lost"),
    ],
)
def test_a_typical_mistake_is_called_by_its_name(name, message):
    check, answer = WRONG[name]
    assert message in check(answer).message


def test_an_answer_by_a_module_of_torch_is_as_good():
    class Wrapped:
        def forward(self, x):
            self.x = x.requires_grad_()
            self.a = nn.Softplus()(self.x)
            return self.a.detach()

        def backward(self, gradient):
            return torch.autograd.grad(self.a, self.x, gradient)[0]

    assert checks.check_softplus_layer(Wrapped).right is True
