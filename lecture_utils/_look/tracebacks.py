"""Errors as a reader needs them: the lines of the notebook, not those of the libraries below."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from IPython.core.interactiveshell import InteractiveShell


def show_own_lines(shell: InteractiveShell) -> None:
    """Make `shell` show, of each error and of an interruption, only the lines that stand in cells."""
    shell.set_custom_exc((Exception, KeyboardInterrupt), _show)


def _show(
    shell: InteractiveShell,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType,
    tb_offset: int | None = None,
) -> list[str]:
    own = None
    for step in reversed(_steps(trace)):
        if step.tb_frame.f_globals is shell.user_ns:
            own = TracebackType(own, step.tb_frame, step.tb_lasti, step.tb_lineno)
    with _undisturbed():
        if issubclass(kind, KeyboardInterrupt):
            _record_again()
        if issubclass(kind, SyntaxError):  # the cell never ran
            lines = shell.SyntaxTB.structured_traceback(kind, error, [])
        else:
            lines = shell.InteractiveTB.structured_traceback(kind, error, own or trace, tb_offset=0)
        shell._showtraceback(kind, error, lines)
    return lines


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
