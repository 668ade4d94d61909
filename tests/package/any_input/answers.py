"""What readers hand in to the checks: the notebooks' own solutions, and all that can become of them."""

import itertools
import re
from functools import cache, wraps

import numpy as np
import torch
from hypothesis import strategies as st
from torch import nn

from lecture_utils.descent import mse, mse_gradient
from tests.notebook import NAMES, read, solution, tags
from tests.package.any_input.good import made
from tests.package.any_input.junk import NAN, Hostile, junk


class NoWordsError(Exception):
    """An error whose own words raise one."""

    def __str__(self):
        raise KeyError("no words")


class Unfinished(nn.Module):
    """A module whose maker forgot ``super().__init__()``."""

    def __init__(self, *arguments):
        pass


def _fails_later():
    yield torch.ones(2)
    raise KeyError("later")


ERRORS = (KeyError("key"), ZeroDivisionError(), RecursionError(), StopIteration(), MemoryError(), NoWordsError())
ODD_RESULTS = (
    _fails_later,
    itertools.count,
    Unfinished,
    Hostile,
    lambda: np.broadcast_to(1.0, 3),
    lambda: [np.ones(2)],
    lambda: [torch.ones((), requires_grad=True)] * 5,
)
ODD_ANSWERS = tuple(lambda it=it: it for it in (Unfinished, Hostile, nn.Module, nn.Linear, torch.relu, st))
LEAVES = (
    lambda leaf: leaf + 1,
    lambda leaf: leaf * NAN,
    lambda leaf: torch.as_tensor(leaf) + 1j,
    lambda leaf: torch.stack([torch.as_tensor(leaf)] * 2),
    lambda leaf: torch.as_tensor(leaf).float() - 1e30,
    lambda leaf: str(leaf),
    lambda leaf: None,
)


@cache
def solutions():
    """Return the solution of each exercise by the name of its check."""
    found = {}
    for name in NAMES:
        cells = read("en", name).cells
        calls = [re.search(r"checks\.(\w+)\((\w+)\)", cell.source) for cell in cells if "check" in tags(cell)]
        programs = [solution(cell) for cell in cells if "solution" in tags(cell)]
        for call, program in zip(calls, programs, strict=True):
            names = {"torch": torch, "nn": nn, "mse": mse, "mse_gradient": mse_gradient}
            exec(program, names)
            found[call[1]] = names[call[2]]
    return found


def raising(error):
    """Return a function that raises, whatever it is given."""

    def answer(*arguments):
        raise error

    return answer


def spoiled(answer, place, spoil):
    """Return the answer with one of the numbers, tensors or outputs of methods that it gives spoiled."""
    if isinstance(answer, type):
        methods = [name for name in ("forward", "backward") if name in vars(answer)]
        name = methods[place % len(methods)]
        return type(answer.__name__, (answer,), {name: spoiled(getattr(answer, name), place, spoil)})

    @wraps(answer)
    def other(*arguments):
        return _with_spoiled_leaf(answer(*arguments), place, spoil)

    return other


def _with_spoiled_leaf(result, place, spoil):
    if not isinstance(result, list | tuple):
        return spoil(result)
    index = place % len(result)
    return type(result)(_with_spoiled_leaf(part, place, spoil) if i == index else part for i, part in enumerate(result))


def on_zeros(answer):
    """Return a function that wipes the tensors and lists that it is given, and then answers rightly."""

    def other(*arguments):
        with torch.no_grad():
            for tensor in arguments:
                if isinstance(tensor, torch.Tensor):
                    tensor.zero_()
                elif isinstance(tensor, list):
                    tensor[:] = [0.0] * len(tensor)
        return answer(*arguments)

    return other


def wrong_answers(right):
    """Return a strategy for answers none of which is right."""
    constants = (junk | made(*ODD_RESULTS)).map(lambda result: lambda *arguments: result)
    own_arguments = st.sampled_from([lambda *given: given, lambda *given: given[0], lambda: 0, lambda one: one])
    damaged = st.builds(spoiled, st.just(right), st.integers(0, 3), st.sampled_from(LEAVES))
    wiped = st.nothing() if isinstance(right, type) else st.just(on_zeros(right))
    raised = st.sampled_from(ERRORS).map(raising)
    return junk | made(*ODD_ANSWERS) | constants | own_arguments | damaged | wiped | raised
