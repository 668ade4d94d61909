"""Checks of notebook 06."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from lecture_utils._require import brief
from lecture_utils.checks._judge import Verdict, WrongError, as_tensor, call, call_for_two, compare, verdict


def check_stable_cross_entropy(answer: Callable[[Tensor, Tensor], Tensor]) -> Verdict:
    """Check ``answer(scores, y)``: the mean cross-entropy of two classes, right for scores of any size."""

    def check(answer: Callable, scores: Tensor, y: Tensor) -> None:
        result = as_tensor(call(answer, scores.clone(), y.clone()), "E")
        expected = binary_cross_entropy_with_logits(scores.double(), y.double()).float()
        if not torch.isfinite(result).all():
            raise WrongError("deep_not_finite", scores=scores.tolist(), answer=result.tolist())
        swapped = binary_cross_entropy_with_logits(scores.double(), 1 - y.double()).float()
        if result.shape == () and torch.isclose(result, swapped, rtol=1e-4):
            raise WrongError("deep_swapped")
        compare(result, expected, name="E", n=len(y))

    generator = torch.Generator().manual_seed(0)
    cases = [
        (3 * torch.randn(n, generator=generator), (torch.rand(n, generator=generator) > chance).float())
        for n, chance in ((5, 0.4), (8, 0.7))
    ]
    far = (torch.tensor([200.0, -200.0, -150.0, 0.5]), torch.tensor([1.0, 0.0, 1.0, 1.0]))
    return verdict(check, answer, *cases, far)


def check_one_epoch(answer: Callable[[Tensor, Tensor, int], Sequence[tuple[Tensor, Tensor]]]) -> Verdict:
    """Check ``answer(X, Y, batch_size)``: all examples once, in random order, in batches of pairs."""

    def check(answer: Callable, n: int, batch_size: int) -> None:
        numbers = torch.arange(n, dtype=torch.float32)
        X, Y = torch.stack([numbers, numbers**2], dim=1), -numbers.unsqueeze(1)
        orders = [_order(call(answer, X.clone(), Y.clone(), batch_size), X, batch_size) for _ in range(3)]
        groups = [{frozenset(batch) for batch in order} for order in orders]
        if orders[0] == orders[1] == orders[2] or (1 < batch_size < n and groups[0] == groups[1] == groups[2]):
            raise WrongError("deep_not_shuffled")

    return verdict(check, answer, (11, 4), (12, 3), (9, 1), (10, 100))


def _order(epoch: object, X: Tensor, batch_size: int) -> list[list[int]]:
    """Return the numbers of the examples in each batch of an epoch; complain about what is not as it should be."""
    if not isinstance(epoch, Iterable):
        raise WrongError("deep_not_pairs", answer=brief(epoch, length=80))
    n = len(X)
    sizes = [min(batch_size, n - start) for start in range(0, n, batch_size)]
    batches = list(islice(epoch, len(sizes) + 1))  # one too many is enough to see
    try:
        pairs = [(as_tensor(X_batch, "X_batch"), as_tensor(Y_batch, "Y_batch")) for X_batch, Y_batch in batches]
    except (TypeError, ValueError) as error:
        raise WrongError("deep_not_pairs", answer=brief(epoch, length=80)) from error
    shapes = [((size, 2), (size, 1)) for size in sizes]
    found = [(tuple(X_batch.shape), tuple(Y_batch.shape)) for X_batch, Y_batch in pairs]
    if found != shapes:
        raise WrongError("deep_batch_shapes", n=n, batch_size=batch_size, answer=found[:4], expected=shapes[:4])
    order = [X_batch[:, 0].int().tolist() for X_batch, _ in pairs]
    if sorted(number for batch in order for number in batch) != list(range(n)):
        raise WrongError("deep_not_each_once")
    for X_batch, Y_batch in pairs:
        if not torch.equal(X_batch[:, 1], X_batch[:, 0] ** 2) or not torch.equal(Y_batch[:, 0], -X_batch[:, 0]):
            raise WrongError("deep_parted")
    return order


def check_accuracy(answer: Callable[[Tensor, Tensor], float]) -> Verdict:
    """Check ``answer(scores, y)``: the share of right classes; scores of shape (N, 1), y of shape (N,)."""

    def check(answer: Callable, scores: list[float], y: list[float]) -> None:
        classes = torch.tensor(y)
        result = call(answer, torch.tensor(scores).unsqueeze(1), classes.clone())
        right = torch.tensor([float((score > 0) == (one == 1)) for score, one in zip(scores, y, strict=True)])
        everyone = ((torch.tensor(scores).unsqueeze(1) > 0) == (classes == 1)).float().mean()
        found = as_tensor(result, "accuracy")
        if found.shape == () and torch.isclose(found, everyone) and not torch.isclose(everyone, right.mean()):
            raise WrongError("deep_everyone", n=len(y))
        compare(result, right.mean(), name="accuracy", n=len(y))

    first = ([2.0, -1.0, 0.3, -0.2, 3.0], [1.0, 0.0, 1.0, 0.0, 0.0])
    second = ([-2.0, -0.1, 0.2, 0.4, 5.0, -3.0, 0.1], [0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    return verdict(check, answer, first, second, ([-1.0, 4.0], [1.0, 0.0]))


def check_early_stopping(answer: Callable[[Sequence[float], int], tuple[int, int]]) -> Verdict:
    """Check ``answer(held_out_losses, patience)``: the best epoch seen, and the epoch at which training stops."""

    def check(answer: Callable, losses: list[float], patience: int) -> None:
        result = call_for_two(answer, list(losses), patience)
        waits = (epoch for epoch in range(patience, len(losses)) if _waited_in_vain(losses[: epoch + 1], patience))
        stopped = next(waits, len(losses) - 1)
        expected = (losses.index(min(losses[: stopped + 1])), stopped)
        found = tuple(as_tensor(one, "epoch").tolist() for one in result)
        if found == expected:
            return
        case = {"losses": losses, "patience": patience, "answer": result, "expected": expected}
        future = found[0] == losses.index(min(losses)) != expected[0]
        raise WrongError("deep_future" if future else "deep_stopping", **case)

    cases = (
        ([0.9, 0.7, 0.6, 0.65, 0.7, 0.8, 0.1], 3),
        ([0.9, 0.7, 0.6, 0.65, 0.5, 0.8, 0.4], 3),
        ([0.5, 0.6, 0.7, 0.4], 1),
        ([0.5, 0.6, 0.5, 0.5, 0.4], 2),
        ([0.8, 0.6, 0.4, 0.3], 2),
        ([0.8, 0.9, 0.7, 0.75, 0.72, 0.71, 0.6], 4),
    )
    return verdict(check, answer, *cases)


def _waited_in_vain(losses: list[float], patience: int) -> bool:
    """Return whether none of the last `patience` losses is below all those before them."""
    return min(losses[-patience:]) >= min(losses[:-patience])
