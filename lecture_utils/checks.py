"""Instant checks of the exercises: each runs the reader's function and says what is right and what is not.

A check compares with an oracle of its own (autograd, a closed form) on data that the reader has not seen,
so that a constant or a lucky guess does not pass.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import torch
from torch import Tensor

from lecture_utils.datasets import DATASETS
from lecture_utils.descent import gradient_descent, stability_limit
from lecture_utils.i18n import word


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a check found.

    Attributes
    ----------
    right : bool or None
        Whether the answer is right; None as long as there is no answer.
    message : str
        What is right or wrong, in the notebook's language.
    """

    right: bool | None
    message: str

    def __repr__(self) -> str:
        """Return the verdict in no language: it is stored in both editions of a notebook."""
        return {True: "✓", False: "✗", None: "…"}[self.right]

    def _repr_html_(self) -> str:
        kind = {True: "right", False: "wrong", None: "open"}[self.right]
        return f'<p class="verdict {kind}" role="status">{self!r} {escape(self.message)}</p>'


class _WrongError(Exception):
    """Carries the verdict on a wrong answer out of a check."""

    def __init__(self, key: str, **fields: object) -> None:
        self.verdict = Verdict(right=False, message=word(key, **fields))


def _verdict(check: Callable[..., None], answer: Callable[..., object], *cases: tuple) -> Verdict:
    """Run `check` on `answer` for each case; return the first complaint, or the praise."""
    if not callable(answer):
        return Verdict(right=False, message=word("check_not_callable", answer=repr(answer)))
    try:
        for case in cases:
            check(answer, *case)
    except _WrongError as wrong:
        return wrong.verdict
    return Verdict(right=True, message=word("check_right"))


def _call(answer: Callable[..., object], *arguments: object) -> object:
    """Call the reader's function; an error in it is a verdict, not a traceback."""
    try:
        result = answer(*arguments)
    except Exception as error:  # whatever the reader's code raises
        raise _WrongError("check_raises", error=f"{type(error).__name__}: {error}") from error
    if result is None or result is Ellipsis:
        stub = _WrongError("check_open")
        stub.verdict = Verdict(right=None, message=word("check_open"))
        raise stub
    return result


def compare(answer: object, expected: Tensor, *, name: str, n: int = 1, tolerance: float = 1e-4) -> None:
    """Raise a `_WrongError` that says how `answer` differs from `expected`; `n` is the number of observations."""
    answer = _tensor(answer, name)
    if answer.shape != expected.shape:
        shapes = {"answer": tuple(answer.shape), "expected": tuple(expected.shape)}
        raise _WrongError("check_shape", name=name, **shapes)

    def same(guess: Tensor) -> bool:
        return torch.allclose(answer, guess, rtol=tolerance, atol=tolerance * 1e-2)

    if same(expected):
        return
    causes = {
        "check_sign": -expected,
        "check_sum": n * expected,
        "check_factor_2": expected / 2,
        "check_transposed": expected.T if expected.ndim == 2 and expected.shape[0] == expected.shape[1] else expected,
    }
    key = next((key for key, guess in causes.items() if same(guess)), "check_differs")
    raise _WrongError(key, name=name, answer=_short(answer), expected=_short(expected))


def _tensor(answer: object, name: str) -> Tensor:
    try:
        return torch.as_tensor(answer).detach().float()
    except (TypeError, ValueError, RuntimeError) as error:
        raise _WrongError("check_no_tensor", name=name, answer=repr(answer)) from error


def _short(tensor: Tensor) -> str:
    return str([float(f"{value:.4g}") for value in tensor.flatten()[:6].tolist()])


def _data(*, seed: int, n_observations: int, n_features: int) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(n_observations, n_features, generator=generator)
    return X, torch.randn(n_observations, generator=generator), torch.randn(n_features, generator=generator)


def check_gradient_with_bias(answer: Callable[[Tensor, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]) -> Verdict:
    """Check ``answer(X, y, w, b)``: the gradients of the mean squared error of X·w + b by w and by b."""

    def check(answer: Callable, X: Tensor, y: Tensor, w: Tensor) -> None:
        b = torch.tensor(0.7)
        result = _call(answer, X, y, w, b)
        if not isinstance(result, tuple) or len(result) != 2:
            raise _WrongError("check_two_values", answer=repr(result))
        w, b = w.requires_grad_(), b.requires_grad_()
        expected = torch.autograd.grad((X @ w + b - y).square().mean(), (w, b))
        compare(result[0], expected[0], name="∂L/∂w", n=len(y))
        compare(result[1], expected[1], name="∂L/∂b", n=len(y))

    cases = [_data(seed=seed, n_observations=n, n_features=2) for seed, n in ((1, 4), (2, 7))]
    return _verdict(check, answer, *cases)


def check_largest_learning_rate(answer: Callable[[Tensor], float]) -> Verdict:
    """Check ``answer(X)``: the stability limit of gradient descent on the mean squared error."""

    def check(answer: Callable, X: Tensor) -> None:
        result = _call(answer, X)
        expected = 2 / torch.linalg.eigvalsh(2 / len(X) * X.double().T @ X.double())[-1]
        compare(result, expected.float(), name="γ", n=len(X), tolerance=1e-3)

    cases = [(data.X,) for data in DATASETS.values()]
    cases += [_data(seed=seed, n_observations=9, n_features=3)[:1] for seed in (3, 4)]
    return _verdict(check, answer, *cases)


def check_loss_history(answer: Callable[[Tensor, Tensor, float, int], tuple[Sequence[float], Tensor]]) -> Verdict:
    """Check ``answer(X, y, learning_rate, n_steps)``: n_steps + 1 losses, and the weights that the last belongs to."""

    def check(answer: Callable, name: str, n_steps: int) -> None:
        dataset = DATASETS[name]
        rate = 0.5 * stability_limit(dataset)
        result = _call(answer, dataset.X, dataset.y, rate, n_steps)
        if not isinstance(result, tuple) or len(result) != 2:
            raise _WrongError("check_two_values", answer=repr(result))
        trace = gradient_descent(dataset, learning_rate=rate, n_steps=n_steps)
        losses = _tensor(result[0], "losses")
        if losses.ndim != 1 or len(losses) != n_steps + 1:
            raise _WrongError("check_history_length", answer=losses.numel(), expected=n_steps + 1)
        compare(losses, trace.losses, name="losses")
        compare(result[1], trace.weights[-1], name="w")

    return _verdict(check, answer, ("2", 5), ("1", 3))
