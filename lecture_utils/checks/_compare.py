"""Reading the numbers that the reader's function returned, and saying how they differ from those expected."""

from collections.abc import Mapping, Sequence
from itertools import permutations
from numbers import Number

import numpy as np
import torch
from torch import Tensor

from lecture_utils._require import brief
from lecture_utils.checks._verdict import WrongError

#: What a wrong answer would be equal to, by the key of the words that name the mistake.
Causes = Mapping[str, Tensor | Sequence[Tensor]]
#: So many numbers of a tensor are shown; of larger ones, the one that is furthest off.
SHOWN = 6


def compare(
    answer: object,
    expected: Tensor,
    *,
    name: str,
    causes: Causes | None = None,
    tolerance: float = 1e-4,
    **fields: object,
) -> None:
    """Raise a `WrongError` unless the answer is as expected; `causes` are looked through before it is just different.

    Where one number is expected, a tensor of one element will do, whatever its shape.
    """
    answer, expected = as_tensor(answer, name), expected.detach().double()
    if expected.ndim == 0 and answer.numel() == 1:
        answer = answer.reshape(())
    if near(answer, expected, tolerance):
        return
    for key, guesses in (dict(causes or {}) | _usual_causes(expected)).items():
        if any(near(answer, guess, tolerance) for guess in ([guesses] if isinstance(guesses, Tensor) else guesses)):
            raise WrongError(key, name=name, **fields)
    if answer.shape != expected.shape:
        raise WrongError("check_shape", name=name, answer=tuple(answer.shape), expected=tuple(expected.shape))
    where, *numbers = _difference(answer, expected)
    raise WrongError("check_differs", name=f"{name}{where}", answer=numbers[0], expected=numbers[1])


def near(answer: object, guess: Tensor, tolerance: float = 1e-4) -> bool:
    """Return whether the answer has the guess's shape, and its numbers up to rounding."""
    try:
        answer, guess = as_tensor(answer, ""), guess.detach().double()
    except WrongError:
        return False
    if answer.shape != guess.shape:
        return False
    scale = guess.abs().max().item() if guess.numel() else 1.0  # a float32 is as exact as its largest part
    return torch.allclose(answer, guess, rtol=tolerance, atol=0.01 * tolerance * scale)


def as_tensor(answer: object, name: str) -> Tensor:
    """Return the reader's answer, real numbers in whatever form, as a float64 tensor, or raise a `WrongError`."""
    try:
        tensor = _tensor(answer)
    except Exception as error:  # of numpy, of torch, or whatever the answer's own class raises
        raise WrongError("check_no_tensor", name=name, answer=brief(answer)) from error
    if tensor.is_complex():
        raise WrongError("check_complex", name=name, answer=brief(answer))
    return tensor.double()


def as_numbers(answer: object, name: str) -> Tensor:
    """Return the numbers of a list, each of them perhaps a tensor of one element, as a float64 tensor."""
    tensor = as_tensor(answer, name)
    return tensor.squeeze(1) if tensor.ndim == 2 and tensor.shape[1] == 1 else tensor


def values(answer: object, count: int) -> list:
    """Return the values that the reader's function returned together: in any sequence, or as rows of a tensor."""
    rows = isinstance(answer, Tensor | np.ndarray) and answer.ndim > 0
    if not (rows or _is_sequence(answer)) or len(answer) != count:
        raise WrongError({2: "check_two_values", 3: "check_three_values"}[count], answer=brief(answer))
    return list(answer)


def require_order(answers: Sequence[object], expected: Sequence[Tensor]) -> None:
    """Raise a `WrongError` if the values are those expected, but in another order."""

    def fits(order: Sequence[object]) -> bool:
        return all(near(one, right) for one, right in zip(order, expected, strict=True))

    if not fits(answers) and any(map(fits, permutations(answers))):
        raise WrongError("check_order")


def _is_sequence(answer: object) -> bool:
    return isinstance(answer, Sequence) and not isinstance(answer, str | bytes | bytearray | memoryview)


def _tensor(answer: object) -> Tensor:
    if isinstance(answer, Tensor):
        if answer.layout != torch.strided:
            raise TypeError("sparse")
        return answer.detach().cpu()
    if _is_sequence(answer):
        parts = [part.to(torch.promote_types(part.dtype, torch.float64)) for part in map(_tensor, answer)]
        if len({part.shape for part in parts}) > 1 and all(part.numel() == 1 for part in parts):
            parts = [part.reshape(()) for part in parts]  # numbers, some of them tensors of one element
        return torch.stack(parts) if parts else torch.empty(0)
    if not isinstance(answer, Number | np.ndarray | np.generic):
        raise TypeError("no numbers")
    array = np.asarray(answer)
    return torch.from_numpy(np.array(array, dtype=complex if array.dtype.kind == "c" else float))


def _usual_causes(expected: Tensor) -> dict[str, Tensor]:
    causes = {"check_opposite": -expected, "check_half": expected / 2, "check_twice": 2 * expected}
    if expected.ndim == 2:
        causes["check_transposed"] = expected.T
    return causes


def _difference(answer: Tensor, expected: Tensor) -> tuple[str, str, str]:
    """Return a place, what stands there and what should, with as many digits as it takes to tell them apart."""
    where = ""
    if expected.numel() > SHOWN:
        gap = (answer - expected).abs().nan_to_num(nan=torch.inf)
        place = tuple(int(index) for index in torch.unravel_index(gap.argmax(), gap.shape))
        where, answer, expected = f"[{', '.join(map(str, place))}]", answer[place], expected[place]
    for digits in range(4, 18):
        texts = [_written(tensor.tolist(), digits) for tensor in (answer, expected)]
        if texts[0] != texts[1]:
            break
    return where, *texts


def _written(numbers: float | list, digits: int) -> str:
    if isinstance(numbers, list):
        return f"[{', '.join(_written(number, digits) for number in numbers)}]"
    return f"{numbers:.{digits}g}"
