"""Makes a check of a function that tries an answer once: runs it on each case, and turns what it raises into words."""

import os
import warnings
from collections.abc import Callable

from lecture_utils._ground import own_ground
from lecture_utils._require import brief
from lecture_utils._words import word
from lecture_utils.checks._answer import Answer, comes_from_the_reader, stopped, told
from lecture_utils.checks._verdict import Verdict, WrongError

#: The complaints that are understood only by who knows what the function was given.
ABOUT_AN_INPUT = {"check_raises", "check_shape", "check_differs"}
#: The variable that nbgrader sets while it grades; it gives full marks for every cell that does not raise.
_NBGRADER = "NBGRADER_EXECUTION"


def judged(*cases: tuple) -> Callable[[Callable[..., None]], Callable[[object], Verdict]]:
    """Make a check of ``try_once(answer, *case)``, which raises a `WrongError` where the answer is wrong.

    The check takes the answer alone and tries it on each of the cases. Under nbgrader it raises an `AssertionError`
    unless the answer is right.
    """

    def decorate(try_once: Callable[..., None]) -> Callable[[object], Verdict]:
        def check(answer: Callable[..., object]) -> Verdict:
            with own_ground(), warnings.catch_warnings(action="ignore"):  # the verdict says what is wrong
                verdict = _verdict(try_once, answer, cases)
            if _NBGRADER in os.environ and not verdict.right:
                raise AssertionError(verdict.message)
            return verdict

        for name in ("__module__", "__name__", "__qualname__", "__doc__"):
            setattr(check, name, getattr(try_once, name))
        return check

    return decorate


def _verdict(try_once: Callable[..., None], function: object, cases: tuple[tuple, ...]) -> Verdict:
    """Return the first complaint, or the praise."""
    if not callable(function):
        return WrongError("check_not_callable", answer=brief(function)).verdict
    answer = Answer(function)
    try:
        for case in cases:
            try_once(answer, *case)
            answer.require_no_traces()
    except WrongError as wrong:
        if wrong.key in ABOUT_AN_INPUT and answer.given:
            given = word("check_given", given=told(answer.given))
            return Verdict(right=wrong.verdict.right, message=f"{wrong.verdict.message} {given}")
        return wrong.verdict
    except BaseException as error:  # what the function returned may raise when it is looked at: its graph, its iterator
        if comes_from_the_reader(error) or not isinstance(error, Exception):
            return stopped(error).verdict
        return WrongError("check_stumbled", right=None, error=type(error).__name__).verdict
    return Verdict(right=True, message=word("check_right"))
