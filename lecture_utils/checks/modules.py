"""Checks of notebook 05."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from lecture_utils._require import brief
from lecture_utils.checks._answer import Answer
from lecture_utils.checks._compare import as_numbers, compare, near, require_order, values
from lecture_utils.checks._judge import judged
from lecture_utils.checks._samples import normal
from lecture_utils.checks._verdict import WrongError


class Lopsided(nn.Module):
    """A loss for which a prediction too high is worse than one too low: who swaps its arguments is found out."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the mean of exp(d) − d − 1, where d is the prediction minus the target."""
        deviation = input - target
        return (deviation.exp() - deviation - 1).mean()


@judged((1, 4, Lopsided, torch.optim.SGD), (2, 6, nn.MSELoss, torch.optim.Adam), (3, 1, Lopsided, torch.optim.SGD))
def check_train_and_report(answer: Answer, seed: int, n_steps: int, loss: type, optimizer: type) -> None:
    """Check ``answer(model, loss_function, optimizer, X, Y, n_steps)``: losses before training and after each step."""
    X, Y = normal((7, 3), (7, 1), seed=seed)
    model, loss_function, make = _network(seed), loss(), partial(optimizer, lr=0.05)
    given = {"model": model, "loss_function": loss_function, "optimizer": make(model.parameters())}
    losses = _losses(answer(**given, X=X, Y=Y, n_steps=n_steps), n_steps + 1)
    train = partial(_train, seed=seed, make=make, X=X, Y=Y, n_steps=n_steps)
    expected, weights = train(loss_function)
    causes = {}
    if not near(losses, expected):
        causes = {
            "modules_not_zeroed": train(loss_function, zero="never")[0],
            "modules_zeroed_late": train(loss_function, zero="after")[0],
            "modules_stays": expected[0].expand(n_steps + 1),
            "modules_losses_late": train(loss_function, n_steps=n_steps + 1)[0][1:],
            "modules_climbs": train(loss_function, sign=-1)[0],
            "modules_loss_swapped": train(lambda prediction, target: loss_function(target, prediction))[0],
            "modules_stretched": train(lambda prediction, target: loss_function(prediction, target.squeeze(1)))[0],
            "modules_loss_ignored": [train(nn.MSELoss())[0], train(nn.L1Loss())[0]],
            "check_sum": len(Y) * expected,
        }
    compare(losses, expected, name="losses", causes=causes)
    once_more = train(loss_function, n_steps=n_steps + 1)[1]
    for name, value in dict(model.named_parameters()).items():
        compare(value, weights[name], name=name, causes={"modules_step_too_many": once_more[name]})


def _network(seed: int) -> nn.Module:
    """Return a small network that holds an old gradient, without touching the reader's seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
        for parameter in model.parameters():
            parameter.grad = torch.randn_like(parameter)
    return model


def _train(
    loss_function: Callable,
    *,
    seed: int,
    make: Callable,
    X: Tensor,
    Y: Tensor,
    n_steps: int,
    zero: str = "before",
    sign: int = 1,
) -> tuple[Tensor, dict[str, Tensor]]:
    """Return losses and last weights of a training that zeroes gradients before each step, after it or never."""
    model, losses = _network(seed), []
    optimizer = make(model.parameters())
    for _ in range(n_steps):
        loss = loss_function(model(X), Y)
        losses.append(loss.detach())
        if zero == "before":
            optimizer.zero_grad()
        (sign * loss).backward()
        optimizer.step()
        if zero == "after":
            optimizer.zero_grad()
    losses.append(loss_function(model(X), Y).detach())
    return torch.stack(losses), {name: value.detach() for name, value in model.named_parameters()}


def _losses(answer: object, n: int) -> Tensor:
    """Return the reader's losses as a tensor of shape (n,), or raise a `WrongError`."""
    if not isinstance(answer, Sequence | Tensor | np.ndarray) or isinstance(answer, str | bytes):
        raise WrongError("modules_not_a_list", answer=brief(answer))
    losses = as_numbers(list(answer) if isinstance(answer, Sequence) else answer, "losses")
    if losses.ndim == 0:
        raise WrongError("modules_not_a_list", answer=brief(answer))
    if losses.shape != (n,):
        raise WrongError("modules_loss_count", answer=losses.numel(), expected=n)
    return losses


@judged((1, 7, 3), (2, 5, 2), (3, 9, 1))
def check_trap_weights(answer: Answer, seed: int, n_examples: int, n_features: int) -> None:
    """Check ``answer(X, y)``: the weights at which training settles when (N, 1) meets targets of shape (N,)."""
    X, y = normal((n_examples, n_features), (n_examples,), seed=seed)
    X, y = X + 1, 2 * y + 3
    to_weights = torch.linalg.pinv(X.double())
    expected = to_weights.sum(dim=1) * y.double().mean()
    causes = {
        "modules_true_targets": to_weights @ y.double(),
        "check_sum": n_examples * expected,
        "modules_column": [expected.unsqueeze(1), expected.unsqueeze(0)],
    }
    compare(answer(X=X, y=y), expected, name="w", causes=causes, tolerance=1e-3)


@judged((3, 5), (2, 2), (1, 4), (4, 1))
def check_linear_with_bias(answer: Answer, n_features: int, n_examples: int) -> None:
    """Check the class `answer`: ``answer(n_features)(X)`` is X·weight + bias, both of them the module's parameters."""
    _require_class(answer.function)
    module = answer(n_features=n_features)
    if not isinstance(module, nn.Module):
        raise WrongError("modules_not_a_module", answer=brief(module))
    if "_parameters" not in vars(module):
        raise WrongError("modules_no_super")
    if type(module).forward is nn.Module.forward:
        raise WrongError("modules_no_forward")
    _require_parameters(module, {"weight": (n_features,), "bias": ()})
    X, weight, bias = normal((n_examples, n_features), (n_features,), (), seed=n_features)
    for name, value in {"weight": weight, "bias": bias}.items():
        parameter = getattr(module, name)
        compare(parameter, torch.zeros_like(value), name=name, causes={"modules_not_zero": parameter.detach()})
        parameter.data.copy_(value)
    result = answer.call(module.forward, X=X)
    changed = [
        name for name, value in {"weight": weight, "bias": bias}.items() if not near(getattr(module, name), value)
    ]
    if changed:
        raise WrongError("modules_forward_changes", names=", ".join(changed))
    expected = X @ weight + bias
    causes = {"modules_bias_missing": X @ weight, "modules_column": [expected.unsqueeze(1), expected.unsqueeze(0)]}
    compare(result, expected, name="forward(X)", causes=causes)
    if not isinstance(result, Tensor) or not result.requires_grad:
        raise WrongError("modules_no_gradient", name="weight")
    result.square().sum().backward()
    for name, right in {"weight": 2 * X.T @ expected, "bias": 2 * expected.sum()}.items():
        if getattr(module, name).grad is None:
            raise WrongError("modules_no_gradient", name=name)
        compare(getattr(module, name).grad, right, name=f"{name}.grad")


def _require_class(answer: object) -> None:
    if isinstance(answer, nn.Module):
        raise WrongError("modules_not_a_class", answer=type(answer).__name__)
    if getattr(answer, "__bases__", None) == (nn.Module,) and not any(map(callable, vars(answer).values())):
        raise WrongError("check_open", right=None)  # a class without methods, as the stub is


def _require_parameters(module: nn.Module, expected: dict[str, tuple[int, ...]]) -> None:
    found = {name: tuple(value.shape) for name, value in module.named_parameters()}
    if found == expected:
        return
    plain = [name for name in expected if name not in found and isinstance(getattr(module, name, None), Tensor)]
    if plain:
        raise WrongError("modules_not_wrapped", names=", ".join(plain))
    if found.get("bias") == (1,) and found == expected | {"bias": (1,)}:
        raise WrongError("modules_bias_shape")
    raise WrongError("modules_parameters", answer=found, expected=expected)


@judged((3,), (2,), (5,), (1,))
def check_original_weights(answer: Answer, n_features: int) -> None:
    """Check ``answer(w_scaled, b_scaled, mean, std)``: weights and bias for original features from those for scaled."""
    w_scaled, b_scaled, mean, std = normal((n_features,), (), (n_features,), (n_features,), seed=n_features)
    std = 0.5 + std.abs()
    answers = values(answer(w_scaled=w_scaled, b_scaled=b_scaled, mean=mean, std=std), 2)
    w = w_scaled / std
    b = b_scaled - mean @ w
    require_order(answers, (w, b))
    compare(answers[0], w, name="w", causes={"modules_not_divided": [w_scaled, w_scaled * std]})
    causes = {
        "modules_not_shifted": b_scaled,
        "modules_shifted_up": b_scaled + mean @ w,
        "modules_shift_of_scaled": [b_scaled - mean @ w_scaled, b_scaled - mean @ (w_scaled * std)],
        "modules_shift_not_weighted": [b_scaled - mean.sum(), b_scaled - (mean / std).sum()],
    }
    compare(answers[1], b, name="b", causes=causes)
