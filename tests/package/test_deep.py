"""The checks of notebook 06 let no mistake pass."""

import re

import pytest
import torch
from torch import nn

from lecture_utils import checks
from lecture_utils._words import set_language


def naive(scores, y):
    p = scores.sigmoid()
    return -(y * p.log() + (1 - y) * (1 - p).log()).mean()


def stable(scores, y):
    return (scores.clamp(min=0) - scores * y + (-scores.abs()).exp().log1p()).mean()


def one_epoch(X, Y, batch_size):
    return [(X[rows], Y[rows]) for rows in torch.randperm(len(X)).split(batch_size)]


def shuffled_apart(X, Y, batch_size):
    return list(
        zip(
            X[torch.randperm(len(X))].split(batch_size),
            Y[torch.randperm(len(Y))].split(batch_size),
            strict=True,
        )
    )


def with_repeats(X, Y, batch_size):
    batches = []
    for start in range(0, len(X), batch_size):
        rows = torch.randint(len(X), (min(batch_size, len(X) - start),))
        batches.append((X[rows], Y[rows]))
    return batches


def same_groups(X, Y, batch_size):
    batches = list(zip(X.split(batch_size), Y.split(batch_size), strict=True))
    return [(x[order], y[order]) for x, y in batches for order in [torch.randperm(len(x))]]


def seeded(X, Y, batch_size):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return one_epoch(X, Y, batch_size)


def accuracy(scores, y):
    return ((scores.squeeze(1) > 0) == (y == 1)).float().mean()


def early(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best, epoch


def early_with_ties(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss <= losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best, epoch


def rising_in_a_row(losses, patience):
    risen = 0
    for epoch in range(1, len(losses)):
        risen = risen + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if risen == patience:
            break
    return min(range(epoch + 1), key=losses.__getitem__), epoch


CHECKS = {
    checks.check_stable_cross_entropy: (
        [stable, lambda s, y: nn.functional.binary_cross_entropy_with_logits(s, y), lambda s, y: stable(s, y).item()],
        {
            "unstable": (naive, "ordinary number"),
            "sum": (lambda s, y: len(y) * stable(s, y), "the sum"),
            "sign": (lambda s, y: -stable(s, y), "the sign is the opposite"),
            "classes swapped": (lambda s, y: stable(s, 1 - y), "changed places"),
            "each example's": (lambda s, y: s.clamp(min=0) - s * y + (-s.abs()).exp().log1p(), "the shape"),
            "clamped": (lambda s, y: naive(s.clamp(-9, 9), y), "must be"),
            "only the right class 1": (lambda s, y: -(y * nn.functional.logsigmoid(s)).mean(), "must be"),
            "constant": (lambda s, y: torch.tensor(0.6931), "must be"),
            "squared": (lambda s, y: (s.sigmoid() - y).square().mean(), "must be"),
        },
    ),
    checks.check_one_epoch: (
        [one_epoch, lambda X, Y, batch_size: tuple(one_epoch(X, Y, batch_size))],
        {
            "not shuffled": (lambda X, Y, b: list(zip(X.split(b), Y.split(b), strict=True)), "random"),
            "shuffled apart": (shuffled_apart, "parted"),
            "with repeats": (with_repeats, "exactly once"),
            "the same groups": (same_groups, "random"),
            "the same order each time": (seeded, "random"),
            "the last batch dropped": (lambda X, Y, b: one_epoch(X, Y, b)[: len(X) // b], "shapes"),
            "only X": (lambda X, Y, b: [x for x, _ in one_epoch(X, Y, b)], ""),
            "constant": (lambda X, Y, b: 3, "list of pairs"),
            "Y as a vector": (lambda X, Y, b: [(x, y.flatten()) for x, y in one_epoch(X, Y, b)], "shapes"),
        },
    ),
    checks.check_accuracy: (
        [accuracy, lambda s, y: accuracy(s, y).item()],
        {
            "everyone with everyone": (lambda s, y: ((s > 0) == (y == 1)).float().mean(), "table of 5 × 5"),
            "share of wrong": (lambda s, y: 1 - accuracy(s, y), "must be"),
            "number of right": (lambda s, y: len(y) * accuracy(s, y), "the sum"),
            "scores taken for probabilities": (
                lambda s, y: ((s.squeeze(1) > 0.5) == (y == 1)).float().mean(),
                "must be",
            ),
            "constant": (lambda s, y: 0.8, "must be"),
            "per cent": (lambda s, y: 100 * accuracy(s, y), "must be"),
            "each example's": (lambda s, y: ((s.squeeze(1) > 0) == (y == 1)).float(), "the shape"),
        },
    ),
    checks.check_early_stopping: (
        [early, lambda losses, patience: tuple(torch.tensor(one) for one in early(losses, patience))],
        {
            "the lowest of all": (lambda losses, p: (losses.index(min(losses)), early(losses, p)[1]), "future"),
            "the last as the best": (lambda losses, p: (early(losses, p)[1],) * 2, "must be"),
            "one too patient": (lambda losses, p: early(losses, p + 1), ""),
            "swapped": (lambda losses, p: early(losses, p)[::-1], "must be"),
            "a tie counts": (early_with_ties, "must be"),
            "rising in a row": (rising_in_a_row, ""),
            "only one value": (lambda losses, p: early(losses, p)[0], "Two values"),
            "constant": (lambda losses, p: (2, 5), "must be"),
        },
    ),
}


@pytest.mark.parametrize("check", CHECKS)
class TestChecks:
    def test_a_right_answer_is_right_in_whatever_form(self, check):
        for answer in CHECKS[check][0]:
            assert check(answer).right, check(answer).message

    def test_a_wrong_answer_is_wrong_and_the_reason_is_told(self, check):
        for name, (answer, reason) in CHECKS[check][1].items():
            for _ in range(3):  # some of the wrong answers are random
                verdict = check(answer)
                assert verdict.right is False, name
                assert reason in verdict.message, (name, verdict.message)

    def test_no_answer_yet_is_neither_right_nor_wrong(self, check):
        assert check(lambda *_: None).right is None
        assert check(lambda *_: ...).right is None

    def test_what_is_no_function_or_stops_with_an_error_is_wrong(self, check):
        assert check(None).right is False
        assert check(0.5).right is False
        assert "ZeroDivisionError" in check(lambda *_: 1 / 0).message

    def test_the_verdict_speaks_russian(self, check):
        set_language("ru")
        assert check(CHECKS[check][0][0]).message == "Верно!"
        for answer, _ in CHECKS[check][1].values():
            assert re.search("[а-я]", check(answer).message)
