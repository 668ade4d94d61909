"""What every check is made of: calling the reader's function, comparing, and saying what is wrong."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import torch
from torch import Tensor

from lecture_utils._require import brief, require_tensor
from lecture_utils._words import word


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


class WrongError(Exception):
    """Carries the verdict on an answer that is wrong, or not there yet, out of a check."""

    def __init__(self, key: str, *, right: bool | None = False, **fields: object) -> None:
        self.verdict = Verdict(right=right, message=word(key, **fields))


def verdict(check: Callable[..., None], answer: Callable[..., object], *cases: tuple) -> Verdict:
    """Run `check` on `answer` for each case; return the first complaint, or the praise.

    Whatever the reader's function raises, or later what it returned, is a complaint, too.
    """
    if not callable(answer):
        return Verdict(right=False, message=word("check_not_callable", answer=brief(answer)))
    try:
        for case in cases:
            check(answer, *case)
    except WrongError as wrong:
        return wrong.verdict
    except Exception as error:  # what the function returned may raise when it is looked at: its graph, its iterator
        return _raised(error).verdict
    return Verdict(right=True, message=word("check_right"))


def call(answer: Callable[..., object], *arguments: object) -> object:
    """Call the reader's function; an error in it is a verdict, not a traceback."""
    try:
        result = answer(*arguments)
    except Exception as error:  # whatever the reader's code raises
        raise _raised(error) from error
    if result is None or result is Ellipsis:
        raise WrongError("check_open", right=None)
    return result


def call_for_two(answer: Callable[..., object], *arguments: object) -> tuple:
    """Call the reader's function, which is to return two values."""
    result = call(answer, *arguments)
    if not isinstance(result, tuple) or len(result) != 2:
        raise WrongError("check_two_values", answer=brief(result))
    return result


def compare(answer: object, expected: Tensor, *, name: str, n: int = 1, tolerance: float = 1e-4) -> None:
    """Raise a `WrongError` that says how `answer` differs from `expected`; `n` is the number of observations."""
    answer, expected = as_tensor(answer, name), expected.float()
    if answer.shape != expected.shape:
        shapes = {"answer": tuple(answer.shape), "expected": tuple(expected.shape)}
        raise WrongError("check_shape", name=name, **shapes)

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
    raise WrongError(key, name=name, answer=_short(answer), expected=_short(expected))


def as_tensor(answer: object, name: str) -> Tensor:
    """Return the reader's answer, real numbers, as a float32 tensor, or raise a `WrongError`."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of lists of arrays, and of what hangs on a graph
            tensor = torch.as_tensor(answer).detach()
        require_tensor(tensor, name)
        if tensor.is_complex():
            raise TypeError(f"{name} must be real, but its dtype is {tensor.dtype}")
        return tensor.float()
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise WrongError("check_no_tensor", name=name, answer=brief(answer)) from error


def _raised(error: Exception) -> WrongError:
    """Return the complaint about an error in the reader's code."""
    try:
        text = str(error)
    except Exception:  # an error whose own words raise one
        text = "…"
    return WrongError("check_raises", error=f"{type(error).__name__}: {text}")


def _short(tensor: Tensor) -> str:
    return str([float(f"{value:.4g}") for value in tensor.flatten()[:6].tolist()])
