"""The checks of notebook 05 see through what is wrong."""

import random
import re

import pytest
import torch
from torch import nn

from lecture_utils import checks
from tests.notebook import read, solution
from tools.notebooks import tags

CELLS = {cell.id: cell for cell in read("en", "05_modules_and_sgd").cells}


def answers(stub):
    """Return what the solution below that stub defines."""
    ids = list(CELLS)
    cell = next(CELLS[name] for name in ids[ids.index(stub) :] if "solution" in tags(CELLS[name]))
    space = {"torch": torch, "nn": nn}
    exec(solution(cell), space)
    return space[re.search(r"^(?:def|class) (\w+)", CELLS[stub].source).group(1)]


def loop(*, zero=True, first=True, last=True, step=True, report=lambda loss, n: loss.item()):
    """Return a training loop with a flaw."""

    def train(model, loss_function, optimizer, X, Y, n_steps):
        losses = []
        for _ in range(n_steps):
            loss = loss_function(model(X), Y)
            losses.append(report(loss, len(Y)))
            if zero:
                optimizer.zero_grad()
            loss.backward()
            if step:
                optimizer.step()
        losses.append(report(loss_function(model(X), Y), len(Y)))
        return losses[0 if first else 1 : None if last else -1]

    return train


def broken(error):
    def answer(*arguments):
        raise error

    return answer


@pytest.mark.parametrize("stub", ["report-stub", "leads-stub", "own-stub", "original-stub"])
def test_each_solution_is_right_and_each_stub_is_open(stub):
    source = CELLS[stub].source
    name = re.search(r"^(?:def|class) (\w+)", source).group(1)
    space = {"nn": nn}
    exec(source, space)
    check = getattr(checks, re.search(r"checks\.(check_\w+)\(", CELLS[stub.replace("stub", "check")].source).group(1))
    assert check(space[name]).right is None
    assert check(answers(stub)).right is True
    assert check(None).right is False
    assert check(7).right is False


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (loop(zero=False), "zero_grad() is missing"),
        (loop(last=False), "There must be 5 losses"),
        (loop(first=False), "There must be 5 losses"),
        (loop(step=False), "losses"),
        (loop(report=lambda loss, n: -loss.item()), "the sign is the opposite"),
        (loop(report=lambda loss, n: n * loss.item()), "the sum, not the mean"),
        (lambda *arguments: [1.0] * (arguments[-1] + 1), "losses"),
        (lambda *arguments: 0.5, "A list of losses is expected"),
        (lambda *arguments: "loss", "A list of losses is expected"),
        (lambda model, loss_function, optimizer, X, Y, n: [loss_function(model(X), Y)] * (n + 1), "losses"),
        (broken(ValueError("oh")), "ValueError: oh"),
    ],
)
def test_a_wrong_training_loop_is_told_what_is_wrong(answer, says):
    verdict = checks.check_train_and_report(answer)
    assert verdict.right is False
    assert says in verdict.message


def test_a_loop_that_reports_right_losses_but_trains_another_model_is_wrong():
    def honest_report_of_a_copy(model, loss_function, optimizer, X, Y, n_steps):
        before = {name: value.clone() for name, value in model.state_dict().items()}
        losses = loop()(model, loss_function, optimizer, X, Y, n_steps)
        model.load_state_dict(before)
        return losses

    assert checks.check_train_and_report(honest_report_of_a_copy).right is False


def test_losses_that_are_still_tensors_are_as_good_as_numbers():
    assert checks.check_train_and_report(loop(report=lambda loss, n: loss)).right is True
    assert checks.check_train_and_report(loop(report=lambda loss, n: loss.detach())).right is True


def regression(X, target):
    return torch.linalg.lstsq(X, target.reshape(-1, 1)).solution.squeeze(1)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda X, y: regression(X, y), "each observation with its own target"),
        (lambda X, y: -regression(X, y.mean().expand(len(y))), "the sign is the opposite"),
        (lambda X, y: regression(X, y.sum().expand(len(y))), "the sum, not the mean"),
        (lambda X, y: regression(X, y.median().expand(len(y))), "w: this is"),
        (lambda X, y: torch.linalg.lstsq(X, y.mean().expand(len(y), 1)).solution, "the shape must be (2,)"),
        (lambda X, y: torch.tensor([6.0, 0.6]), "w: this is"),
        (lambda X, y: torch.zeros(X.shape[1]), "w: this is"),
        (lambda X, y: "six", "a tensor is expected"),
    ],
)
def test_wrong_weights_for_the_trap_are_told_what_is_wrong(answer, says):
    verdict = checks.check_trap_weights(answer)
    assert verdict.right is False
    assert says in verdict.message


def test_the_weights_of_the_trap_may_be_found_by_training_too():
    def trained(X, y):
        w = torch.zeros(X.shape[1], dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)
        for _ in range(2000):
            optimizer.zero_grad()
            ((X.double() @ w).unsqueeze(1) - y).square().mean().backward()
            optimizer.step()
        return w

    assert checks.check_trap_weights(trained).right is True


def module(forward, *, weight=nn.Parameter, bias=nn.Parameter, start=torch.zeros):
    """Return a class of modules with a flaw."""

    class Flawed(nn.Module):
        def __init__(self, n_features):
            super().__init__()
            self.weight = weight(start(n_features))
            self.bias = bias(start(()))

        def forward(self, X):
            return forward(self, X)

    return Flawed


def affine(self, X):
    return X @ self.weight + self.bias


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (module(lambda self, X: X @ self.weight), "forward(X)"),
        (module(lambda self, X: -affine(self, X)), "the sign is the opposite"),
        (module(lambda self, X: affine(self, X).unsqueeze(1)), "the shape must be (5,), but it is (5, 1)"),
        (module(lambda self, X: torch.zeros(len(X))), "forward(X)"),
        (module(lambda self, X: affine(self, X).detach()), "No gradient reached weight"),
        (module(lambda self, X: X @ self.weight + self.bias.detach()), "No gradient reached bias"),
        (module(affine, weight=lambda value: value), "Are the tensors wrapped in nn.Parameter?"),
        (module(affine, bias=lambda value: value), "Are the tensors wrapped in nn.Parameter?"),
        (module(affine, start=torch.ones), "weight: this is"),
        (module(lambda self, X: None), "No answer yet"),
        (lambda n: nn.Linear(n, 1), "(1, 3)"),
        (lambda n: 5, "A class that inherits from nn.Module is expected"),
        (broken(TypeError("oh")), "TypeError: oh"),
    ],
)
def test_a_wrong_module_is_told_what_is_wrong(answer, says):
    verdict = checks.check_linear_with_bias(answer)
    assert verdict.right is not True
    assert says in verdict.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda u, b, mean, std: (u * std, b - mean @ (u / std)), "w: this is"),
        (lambda u, b, mean, std: (u / std, b), "c: this is"),
        (lambda u, b, mean, std: (u / std, mean @ (u / std) - b), "c: the sign is the opposite"),
        (lambda u, b, mean, std: (u / std, b - mean @ u), "c: this is"),
        (lambda u, b, mean, std: (u, b), "w: this is"),
        (lambda u, b, mean, std: ((u / std).unsqueeze(1), b), "the shape must be (2,)"),
        (lambda u, b, mean, std: u / std, "Two values are expected"),
        (lambda u, b, mean, std: (None, None), "a tensor is expected"),
    ],
)
def test_wrong_original_weights_are_told_what_is_wrong(answer, says):
    verdict = checks.check_original_weights(answer)
    assert verdict.right is False
    assert says in verdict.message


def test_a_check_does_not_touch_the_readers_seed():
    torch.manual_seed(random.randrange(100))
    before = torch.get_rng_state()
    checks.check_train_and_report(answers("report-stub"))
    checks.check_linear_with_bias(answers("own-stub"))
    assert torch.equal(torch.get_rng_state(), before)
