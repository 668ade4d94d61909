"""Errors as a reader needs them: the lines of the notebook, not those of the libraries below."""

import signal
import sys
import threading
from bdb import BdbQuit
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

from IPython.core.error import StdinNotImplementedError, UsageError
from IPython.core.interactiveshell import InteractiveShell


def show_own_lines(shell: InteractiveShell) -> None:
    """Make `shell` show, of each error and of an interruption, only the lines that stand in cells."""
    shell.set_custom_exc((Exception, KeyboardInterrupt), _show)


def public_kind(kind: type[BaseException]) -> type[BaseException]:
    """Return the kind that a reader knows: of an unclosed bracket, Python 3.13 has a private one of its own."""
    if issubclass(kind, SyntaxError):
        return next(known for known in kind.__mro__ if not known.__name__.startswith("_"))
    return kind


def _show(
    shell: InteractiveShell,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType,
    tb_offset: int | None = None,
) -> list[str]:
    kind = public_kind(kind)
    own = None
    for step in reversed(_steps(trace)):
        if step.tb_frame.f_globals is shell.user_ns:
            own = TracebackType(own, step.tb_frame, step.tb_lasti, step.tb_lineno)
    with _undisturbed():
        _remember(kind, error, trace)
        if issubclass(kind, KeyboardInterrupt):
            _record_again()
        if issubclass(kind, UsageError):  # of a magic command, in one line
            shell.show_usage_error(error)
            return []
        if issubclass(kind, SyntaxError):  # the cell never ran
            lines = shell.SyntaxTB.structured_traceback(kind, error, [])
        else:
            lines = shell.InteractiveTB.structured_traceback(kind, error, own or trace, tb_offset=0)
            shell.InteractiveTB.tb = trace
        shell._showtraceback(kind, error, lines)
    if not issubclass(kind, SyntaxError):
        with suppress(BdbQuit, KeyboardInterrupt, StdinNotImplementedError):
            shell.debugger()  # which comes only to those who have asked for it by %pdb
    return lines


def _remember(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Keep the error as Python and IPython do, for `%tb`, which shows all its lines, and `%debug`."""
    sys.last_type, sys.last_value, sys.last_traceback, sys.last_exc = kind, error, trace, error


def _record_again() -> None:
    """Let autograd record: an interruption at the very end of a `torch.no_grad()` leaves it switched off for good."""
    torch = sys.modules.get("torch")  # who has not imported it has switched nothing off
    if torch is not None:
        torch.set_grad_enabled(True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Return a context in which nothing is interrupted: who is impatient presses the button again and again.

    IPython would take an interruption in here for a fault of ours, and show errors in full from then on.
    """
    if threading.current_thread() is not threading.main_thread():  # no other thread is ever interrupted
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _steps(trace: TracebackType | None) -> list[TracebackType]:
    steps = []
    while trace is not None:
        steps.append(trace)
        trace = trace.tb_next
    return steps
