"""The reader's function, called with care: on copies, with its errors told and its liberties noticed."""

import dis
import inspect
import linecache
import sys
import sysconfig
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

import torch
from torch import Tensor

from lecture_utils._ground import own_ground
from lecture_utils._require import brief
from lecture_utils._words import word
from lecture_utils.checks._verdict import WrongError

#: All that the bytecode of a stub consists of: a body that is an ellipsis, ``pass`` or a bare ``return``.
NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE", "COPY_FREE_VARS", "MAKE_CELL"}
#: Where code lives that the reader did not write.
LIBRARIES = (sysconfig.get_path("stdlib"), str(Path(__file__).parents[1]), "<frozen")


class Answer:
    """The reader's function.

    Attributes
    ----------
    given : dict of str to object
        What the last call gave it, by name.
    lent : dict of str to object
        The copies of that which the function had in its hands.
    """

    def __init__(self, function: Callable[..., object]) -> None:
        self.function = function
        self.given: dict[str, object] = {}
        self.lent: dict[str, object] = {}

    def __call__(self, /, **given: object) -> object:
        """Call the function on copies of what is given, in that order.

        It is a `WrongError` if the function stops with an error, returns nothing, or changes what it was lent.
        """
        return self.call(self.function, **given)

    def call(self, function: Callable[..., object], /, **given: object) -> object:
        """Call another function of the reader's, a method of what the first one returned, in the same way."""
        try:
            return self._call(function, given)
        except WrongError as wrong:
            numbers = {name: _plain(value) for name, value in given.items()}
            if wrong.key != "check_raises" or all(numbers[name] is given[name] for name in given):
                raise
            try:  # NumPy's arrays do not mix with a tensor that the task calls a number
                return self._call(function, numbers)
            except WrongError:
                self.given = given
                raise wrong from None

    def _call(self, function: Callable[..., object], given: dict[str, object]) -> object:
        self.given, self.lent = given, {name: _copy(value) for name, value in given.items()}
        try:
            with own_ground():  # what the function sets for all of PyTorch ends with it
                result = function(*self.lent.values())
        except BaseException as error:  # whatever the reader's code raises, an exit from the program included
            raise stopped(error) from error
        if result is Ellipsis or (result is None and _is_stub(function)):
            raise WrongError("check_open", right=None)
        if result is None:
            raise WrongError("check_no_return", function=_name(function))
        for name, value in given.items():
            if not _unchanged(self.lent[name], value):
                raise WrongError("check_touched", name=name)
        return result

    def require_no_traces(self, *, flags: bool = False) -> None:
        """Raise a `WrongError` if a tensor was given back with a gradient in it, or, with `flags`, tracked."""
        for name, lent in self.lent.items():
            if isinstance(lent, Tensor):
                marked = flags and lent.requires_grad != self.given[name].requires_grad
                if marked or lent.grad is not None:
                    raise WrongError("check_traces", name=name)


def stopped(error: BaseException) -> WrongError:
    """Return the complaint about an error in the reader's code: what it is, and in which line of theirs."""
    try:
        text = str(error)
    except Exception:  # an error whose own words raise one
        text = "…"
    place = next((step for step in reversed(_steps(error)) if _is_readers(step.filename)), None)
    line = linecache.getline(place.filename, place.lineno).strip() if place else ""
    where = "" if place is None else word("check_line", number=place.lineno, line=f": {line}" if line else "")
    if isinstance(error, KeyboardInterrupt):
        return WrongError("check_interrupted", where=where)
    if isinstance(error, SystemExit):
        return WrongError("check_exits", where=where)
    name = type(error).__name__
    return WrongError("check_raises", error=f"{name}: {text}".rstrip(".: "), where=where)


def comes_from_the_reader(error: BaseException) -> bool:
    """Return whether a line of the reader's stands on the way to the error."""
    return any(_is_readers(step.filename) for step in _steps(error))


def told(given: Mapping[str, object]) -> str:
    """Return what a function was given as a reader would say it: numbers as they are, of tensors the shape."""

    def one(value: object) -> str:
        if isinstance(value, Tensor):
            return f"= {value.item():.6g}" if value.ndim == 0 else str(tuple(value.shape))
        if isinstance(value, list | tuple) and any(isinstance(part, list | tuple | Tensor) for part in value):
            return f"[{', '.join(map(one, value))}]"
        return f"= {value:.6g}" if isinstance(value, float) else f"= {brief(value, length=80)}"

    plain = {name: value for name, value in given.items() if isinstance(value, Tensor | list | tuple | int | float)}
    return ", ".join(f"{name} {one(value)}" for name, value in plain.items())


@contextmanager
def noting(*functions: Callable[..., object]) -> Iterator[set[str]]:
    """Return a context with a set, which fills with the names of those of the functions that are called in it.

    What such a function made before, as ``jacrev(f)`` makes a function, counts as the function itself.
    """
    names = {id(code): function.__name__ for function in functions for code in _codes(function)}
    called: set[str] = set()

    def note(frame: FrameType, event: str, builtin: object) -> None:
        called.add(names.get(id(frame.f_code if event == "call" else builtin), ""))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(before if callable(before) else None)  # cProfile's own is none to set
        called.discard("")


def _codes(function: Callable[..., object]) -> list[object]:
    """Return the code of a function and of those defined inside it; of a builtin, itself."""
    code = getattr(function, "__code__", None)
    return [function] if code is None else [code, *(part for part in code.co_consts if isinstance(part, CodeType))]


def _copy(value: object) -> object:
    if isinstance(value, Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    return type(value)(map(_copy, value)) if isinstance(value, list | tuple) else value


def _plain(value: object) -> object:
    return value.item() if isinstance(value, Tensor) and value.ndim == 0 else value


def _unchanged(lent: object, before: object) -> bool:
    if lent is before:
        return True
    if type(lent) is not type(before):
        return False
    if isinstance(before, Tensor):
        same = lent.shape == before.shape and lent.dtype == before.dtype
        return same and torch.equal(lent.detach(), before.detach())
    if isinstance(before, list | tuple):
        return len(lent) == len(before) and all(map(_unchanged, lent, before))
    return lent == before


def _is_stub(function: Callable[..., object]) -> bool:
    """Return whether the function's body is still the ellipsis."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return isinstance(code, CodeType) and {step.opname for step in dis.get_instructions(code)} <= NOTHING


def _name(function: Callable[..., object]) -> str:
    return str(getattr(function, "__name__", type(function).__name__)).strip("<>")


def _steps(error: BaseException) -> list[traceback.FrameSummary]:
    steps = traceback.walk_tb(error.__traceback__)
    return list(traceback.StackSummary.extract(steps, lookup_lines=False))


def _is_readers(filename: str) -> bool:
    return not filename.startswith(LIBRARIES) and "site-packages" not in filename and "dist-packages" not in filename
