"""Checks of notebook 05."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from lecture_utils._require import brief
from lecture_utils.checks._judge import Verdict, WrongError, as_tensor, call, call_for_two, compare, verdict


def check_train_and_report(answer: Callable[..., Sequence[float]]) -> Verdict:
    """Check ``answer(model, loss_function, optimizer, X, Y, n_steps)``: losses before training and after each step."""

    def check(answer: Callable, seed: int, n_steps: int, make_optimizer: Callable) -> None:
        (X, Y), runs = _data(seed), {name: _network(seed) for name in ("answer", "expected", "not zeroed")}
        optimizers = {name: make_optimizer(run.parameters()) for name, run in runs.items()}
        result = call(answer, runs["answer"], nn.MSELoss(), optimizers["answer"], X.clone(), Y.clone(), n_steps)
        losses = _losses(result, n_steps + 1)
        stale = _train(runs["not zeroed"], optimizers["not zeroed"], X, Y, n_steps, zero=False)
        if torch.allclose(losses, stale, rtol=1e-3):
            raise WrongError("modules_not_zeroed")
        expected = _train(runs["expected"], optimizers["expected"], X, Y, n_steps, zero=True)
        compare(losses, expected, name="losses", n=len(Y))
        weights, right = (dict(runs[name].named_parameters()) for name in ("answer", "expected"))
        if list(weights) != list(right):
            raise WrongError("modules_parameters", answer=list(weights), expected=list(right))
        for name, value in weights.items():
            compare(value, right[name].detach(), name=name)

    def sgd(parameters: object) -> torch.optim.Optimizer:
        return torch.optim.SGD(parameters, lr=0.05)

    def adam(parameters: object) -> torch.optim.Optimizer:
        return torch.optim.Adam(parameters, lr=0.05)

    return verdict(check, answer, (1, 4, sgd), (2, 6, adam), (3, 1, sgd))


def check_trap_weights(answer: Callable[[Tensor, Tensor], Tensor]) -> Verdict:
    """Check ``answer(X, y)``: the weights at which training settles when (N, 1) meets targets of shape (N,)."""

    def check(answer: Callable, seed: int, n_observations: int, n_features: int) -> None:
        generator = torch.Generator().manual_seed(seed)
        X = torch.randn(n_observations, n_features, generator=generator) + 1
        y = 3 + 2 * torch.randn(n_observations, generator=generator)
        result = call(answer, X.clone(), y.clone())
        weights, true_targets = as_tensor(result, "w"), (torch.linalg.pinv(X.double()) @ y.double()).float()
        if weights.shape == true_targets.shape and torch.allclose(weights, true_targets, rtol=1e-3, atol=1e-3):
            raise WrongError("modules_true_targets")
        compare(result, _bottom_of_the_trap(X.double(), y.double()).float(), name="w", n=n_observations, tolerance=1e-3)

    return verdict(check, answer, (1, 6, 2), (2, 5, 3), (3, 9, 1))


def check_linear_with_bias(answer: type[nn.Module]) -> Verdict:
    """Check the class `answer`: ``answer(n_features)(X)`` is X·weight + bias, both of them the module's parameters."""

    def check(answer: type[nn.Module], n_features: int, n_observations: int) -> None:
        if getattr(answer, "forward", None) is nn.Module.forward:
            raise WrongError("check_open", right=None)
        module = call(answer, n_features)
        if not isinstance(module, nn.Module):
            raise WrongError("modules_not_a_module", answer=brief(module))
        expected = {"weight": (n_features,), "bias": ()}
        shapes = {name: tuple(value.shape) for name, value in module.named_parameters()}
        if shapes != expected:
            raise WrongError("modules_parameters", answer=shapes, expected=expected)
        generator = torch.Generator().manual_seed(n_features)
        X = torch.randn(n_observations, n_features, generator=generator)
        for name, value in module.named_parameters():
            compare(value, torch.zeros(expected[name]), name=name)
            with torch.no_grad():
                value.copy_(torch.randn(expected[name], generator=generator))
        _compare_prediction(module, X)

    return verdict(check, answer, (3, 5), (2, 2), (1, 4))


def check_original_weights(answer: Callable[[Tensor, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]) -> Verdict:
    """Check ``answer(u, b, mean, std)``: weights and bias for original features from those for standardised ones."""

    def check(answer: Callable, n_features: int) -> None:
        generator = torch.Generator().manual_seed(n_features)
        u, mean = torch.randn(2, n_features, generator=generator)
        std = 0.5 + torch.rand(n_features, generator=generator)
        b = torch.tensor(0.7)
        result = call_for_two(answer, u.clone(), b.clone(), mean.clone(), std.clone())
        x = torch.zeros(n_features, requires_grad=True)  # the prediction here is c, and its slope is w
        prediction = (x - mean) / std @ u + b
        prediction.backward()
        compare(result[0], x.grad, name="w")
        compare(result[1], prediction.detach(), name="c")

    return verdict(check, answer, (2,), (5,), (3,))


def _data(seed: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(7, 3, generator=generator), torch.randn(7, 1, generator=generator)


def _network(seed: int) -> nn.Module:
    """Return a small network that holds an old gradient, without touching the reader's seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
        for parameter in model.parameters():
            parameter.grad = torch.randn_like(parameter)
    return model


def _train(model: nn.Module, optimizer: torch.optim.Optimizer, X: Tensor, Y: Tensor, n: int, *, zero: bool) -> Tensor:
    losses = []
    for step in range(n + 1):
        loss = (model(X) - Y).square().mean()
        losses.append(loss.detach())
        if step < n:
            gradients = torch.autograd.grad(loss, list(model.parameters()))
            for parameter, gradient in zip(model.parameters(), gradients, strict=True):
                parameter.grad = gradient if zero else parameter.grad + gradient
            optimizer.step()
    return torch.stack(losses)


def _losses(answer: object, n: int) -> Tensor:
    """Return the reader's losses as a tensor of shape (n,), or raise a `WrongError`."""
    if not isinstance(answer, Sequence | Tensor) or isinstance(answer, str):
        raise WrongError("modules_not_a_list", answer=brief(answer))
    if isinstance(answer, Sequence):  # losses that still hang on their graphs are losses, too
        answer = [loss.detach() if isinstance(loss, Tensor) else loss for loss in answer]
    losses = as_tensor(answer, "losses")
    if losses.shape != (n,):
        raise WrongError("modules_loss_count", answer=losses.numel(), expected=n)
    return losses


def _bottom_of_the_trap(X: Tensor, y: Tensor) -> Tensor:
    """Return the minimum of the mean of all N² squared differences: a regression on every pair of row and target."""
    rows, targets = X.repeat_interleave(len(y), dim=0), y.repeat(len(X))
    return torch.linalg.pinv(rows) @ targets


def _compare_prediction(module: nn.Module, X: Tensor) -> None:
    """Compare the module's prediction, and its gradients by its parameters, with those of X·weight + bias."""
    weight, bias = (getattr(module, name).detach().clone().requires_grad_() for name in ("weight", "bias"))
    expected = (X * weight).sum(dim=1) + bias
    result = call(module, X.clone())
    compare(result, expected.detach(), name="forward(X)")
    if not isinstance(result, Tensor) or not result.requires_grad:
        raise WrongError("modules_no_gradient", name="weight")
    result.square().sum().backward()
    expected.square().sum().backward()
    for name, right in {"weight": weight, "bias": bias}.items():
        gradient = getattr(module, name).grad
        if gradient is None:
            raise WrongError("modules_no_gradient", name=name)
        compare(gradient, right.grad, name=f"{name}.grad")
