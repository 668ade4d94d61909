"""Checks of notebook 06."""

import random
from collections.abc import Iterable, Sequence
from itertools import islice, pairwise

import torch
from torch import Tensor, distributions
from torch.nn import functional

from lecture_utils._require import brief
from lecture_utils.checks._answer import Answer, noting
from lecture_utils.checks._compare import as_tensor, compare, values
from lecture_utils.checks._judge import judged
from lecture_utils.checks._samples import normal
from lecture_utils.checks._verdict import WrongError

READY_ENTROPIES = (
    functional.binary_cross_entropy_with_logits,
    torch.binary_cross_entropy_with_logits,
    functional.binary_cross_entropy,
    functional.cross_entropy,
    functional.soft_margin_loss,
    functional.multilabel_soft_margin_loss,
    distributions.Bernoulli.log_prob,
)
FAR = ((200.0, -200.0, -150.0, 0.5, 170.0), (1.0, 0.0, 1.0, 1.0, 0.0))


@judged((5,), (8,), ())
def check_stable_cross_entropy(answer: Answer, *n: int) -> None:
    """Check ``answer(scores, y)``: the mean cross-entropy of two classes, right for scores of any size."""
    scores, chances = normal(n, n, seed=3) if n else map(torch.tensor, FAR)
    scores, y = 3 * scores if n else scores, (chances > 0.3).float()
    if n:
        scores[0] = 0.0  # where the two sides of a case meet
    with noting(*READY_ENTROPIES) as ready_made:
        result = answer(scores=scores, y=y)
    s, N = scores.double(), len(y)
    each = s.clamp(min=0) - s * y + (-s.abs()).exp().log1p()
    causes = {
        "deep_swapped": (s.clamp(min=0) - s * (1 - y) + (-s.abs()).exp().log1p()).mean(),
        "deep_zeros_left_out": (each * (s != 0)).mean(),
        "check_sum": each.sum(),
        "check_not_averaged": [each, each.unsqueeze(1)],
        "deep_one_class": [(each * y).mean(), (each * (1 - y)).mean()],
    }
    found = as_tensor(result, "E")
    if not torch.isfinite(found).all():
        raise WrongError("deep_not_finite", scores=scores.tolist(), answer=brief(found.tolist()))
    compare(result, each.mean(), name="E", causes=causes)
    if ready_made:
        raise WrongError("check_ready_made", function=min(ready_made))
    _require_gradient(answer, scores, y, (s.sigmoid() - y) / N)


def _require_gradient(answer: Answer, scores: Tensor, y: Tensor, expected: Tensor) -> None:
    """Raise a `WrongError` if autograd gets another gradient through the answer; it need not be one it tracks."""
    try:
        error = answer(scores=scores.requires_grad_(), y=y)
    except WrongError:
        return  # the numbers are right, and NumPy takes no tensor that is tracked
    if not isinstance(error, Tensor) or not error.requires_grad:
        return
    try:
        (gradient,) = torch.autograd.grad(error.sum(), answer.lent["scores"])
    except RuntimeError:
        return  # a step in place on numbers of its own, which autograd cannot go back through
    if not torch.isfinite(gradient).all():
        raise WrongError("deep_gradient_not_finite", scores=scores.tolist(), answer=brief(gradient.tolist()))
    smooth = (
        scores != 0
    )  # at zero, autograd may choose a slope of max and of |s|: the kinks of the sum cancel, the choices do not
    compare(gradient[smooth], expected[smooth], name="∂E/∂s")


@judged((10, 4), (12, 3), (9, 1), (10, 100))
def check_one_epoch(answer: Answer, n: int, batch_size: int) -> None:
    """Check ``answer(X, Y, batch_size)``: all examples once, in random order, in batches of pairs."""
    numbers = torch.arange(n, dtype=torch.float32)
    X, Y = torch.stack([numbers, numbers**2], dim=1), -numbers.unsqueeze(1)
    orders = [_order(answer(X=X, Y=Y, batch_size=batch_size), n, batch_size) for _ in range(3)]
    groups = [{frozenset(batch) for batch in order} for order in orders]
    same = orders[0] == orders[1] == orders[2] or (1 < batch_size < n and groups[0] == groups[1] == groups[2])
    if same or all(_goes_round(order, n) for order in orders):
        raise WrongError("deep_not_shuffled")


def _goes_round(order: list[list[int]], n: int) -> bool:
    """Return whether each example is followed by its neighbour: a start may be random, such an order is not."""
    numbers = [number for batch in order for number in batch]
    return len({(after - before) % n for before, after in pairwise(numbers)}) == 1


def _order(epoch: object, n: int, batch_size: int) -> list[list[int]]:
    """Return the numbers of the examples in each batch of an epoch; complain about what is not as it should be."""
    sizes = [min(batch_size, n - start) for start in range(0, n, batch_size)]
    pairs = _pairs(epoch, most=len(sizes) + 1)  # one too many is enough to see
    if len(pairs) == len(sizes) + 1 and 0 in pairs[-1][0].shape:
        raise WrongError("deep_empty_batch", n=n, batch_size=batch_size)
    if len(pairs) != len(sizes):
        counts = {"answer": len(pairs), "expected": len(sizes), "n": n, "batch_size": batch_size}
        raise WrongError("deep_more_batches" if len(pairs) > len(sizes) else "deep_fewer_batches", **counts)
    for number, ((X_batch, Y_batch), size) in enumerate(zip(pairs, sizes, strict=True)):
        found = (tuple(X_batch.shape), tuple(Y_batch.shape))
        if found != ((size, 2), (size, 1)):
            shapes = {"answer": found, "expected": ((size, 2), (size, 1))}
            raise WrongError("deep_batch_shapes", n=n, batch_size=batch_size, number=number, **shapes)
    order = [X_batch[:, 0].int().tolist() for X_batch, _ in pairs]
    if sorted(number for batch in order for number in batch) != list(range(n)):
        raise WrongError("deep_not_each_once")
    for X_batch, Y_batch in pairs:
        if not torch.equal(X_batch[:, 1], X_batch[:, 0] ** 2) or not torch.equal(Y_batch[:, 0], -X_batch[:, 0]):
            raise WrongError("deep_parted")
    return order


def _pairs(epoch: object, *, most: int) -> list[tuple[Tensor, Tensor]]:
    if not isinstance(epoch, Iterable) or isinstance(epoch, Tensor):
        raise WrongError("deep_not_pairs", answer=brief(epoch, length=80))
    batches = list(islice(epoch, most))
    try:
        return [(as_tensor(X_batch, "X_batch"), as_tensor(Y_batch, "Y_batch")) for X_batch, Y_batch in batches]
    except (TypeError, ValueError, RuntimeError) as error:
        raise WrongError("deep_not_pairs", answer=brief(epoch, length=80)) from error


@judged((23,), (8,), (2,), (5,))
def check_accuracy(answer: Answer, N: int) -> None:
    """Check ``answer(scores, y)``: the share of right classes; scores of shape (N, 1), y of shape (N,)."""
    scores, noise = normal((N, 1), (N,), seed=N)
    y = (scores.squeeze(1) + noise > 0.3).float()
    right = ((scores.squeeze(1) > 0) == (y == 1)).double()
    table = ((scores > 0) == (y == 1)).double()
    expected = right.mean()
    causes = {
        "deep_everyone": [table.mean(), table.sum() / N, table.sum(), table],
        "deep_percent": 100 * expected,
        "deep_number_of_right": right.sum(),
        "check_not_averaged": [right, right.unsqueeze(1)],
        "deep_share_of_wrong": 1 - expected,
        "deep_threshold": ((scores.squeeze(1) > 0.5) == (y == 1)).double().mean(),
    }
    compare(answer(scores=scores, y=y), expected, name="accuracy", causes=causes, n=N)


@judged(
    ([0.9, 0.7, 0.6, 0.65, 0.7, 0.8, 0.1], 3),
    ([0.5, 0.8, 0.6, 0.7, 0.4], 3),
    ([0.9, 0.7, 0.6, 0.65, 0.5, 0.8, 0.4], 3),
    ([0.5, 0.6, 0.7, 0.4], 1),
    ([0.5, 0.6, 0.5, 0.5, 0.4], 2),
    ([0.8, 0.6, 0.4, 0.3], 2),
    ([0.8, 0.9, 0.7, 0.75, 0.72, 0.71, 0.6], 4),
    ([0.5, 0.5, 0.4, 0.6, 0.3, 0.3, 0.35, 0.2], 2),
    ([0.7, 0.8, 0.6, 0.9, 0.65], 3),
    *((random.Random(seed).choices([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], k=4 + seed), 1 + seed % 4) for seed in range(12)),
)
def check_early_stopping(answer: Answer, losses: list[float], patience: int) -> None:
    """Check ``answer(held_out_losses, patience)``: the best epoch seen, and the epoch at which training stops."""
    result = values(answer(held_out_losses=losses, patience=patience), 2)
    found = tuple(as_tensor(one, name) for one, name in zip(result, ("best", "last"), strict=True))
    found = tuple(number.reshape(-1).tolist() if number.numel() != 1 else number.item() for number in found)
    expected = _stop(losses, patience)
    if found == expected:
        return
    best, last = expected
    mistakes = {
        "check_order": (last, best),
        "deep_ties": _stop(losses, patience, ties=True),
        "deep_previous": _stop_after_rises(losses, patience),
        "deep_later": _stop(losses, patience + 1),
        "deep_earlier": _stop(losses, patience - 1) if patience > 1 else None,
        "deep_from_one": (best + 1, last + 1),
        "deep_loss_not_epoch": (losses[best], last),
        "deep_future": (losses.index(min(losses)), last),
        "deep_last_not_best": (last, last),
    }
    case = {"losses": losses, "patience": patience, "answer": brief(tuple(result)), "expected": expected}
    raise WrongError(next((key for key, mistake in mistakes.items() if found == mistake), "deep_stopping"), **case)


def _stop(losses: Sequence[float], patience: int, *, ties: bool = False) -> tuple[int, int]:
    """Return the best epoch and that at which training stops; with `ties`, an equal loss counts as a better one."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best] or (ties and loss == losses[best]):
            best = epoch
        if epoch - best >= patience:
            break
    return best, epoch


def _stop_after_rises(losses: Sequence[float], patience: int) -> tuple[int, int]:
    """Return the best epoch and the last one if each loss is compared with the one before it, not with the best."""
    waited = 0
    for epoch in range(1, len(losses)):
        waited = 0 if losses[epoch] < losses[epoch - 1] else waited + 1
        if waited == patience:
            break
    return losses.index(min(losses[: epoch + 1])), epoch
