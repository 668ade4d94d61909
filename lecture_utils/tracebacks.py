"""Errors as a reader needs them: the lines of the notebook, not those of the libraries below."""

from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def show_own_lines(shell: "InteractiveShell") -> None:
    """Make `shell` show, of each error's traceback, only the lines that stand in cells."""
    shell.set_custom_exc((Exception,), _show)


def _show(
    shell: "InteractiveShell",
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType,
    tb_offset: int | None = None,
) -> list[str]:
    own = None
    for step in reversed(_steps(trace)):
        if step.tb_frame.f_globals is shell.user_ns:
            own = TracebackType(own, step.tb_frame, step.tb_lasti, step.tb_lineno)
    if issubclass(kind, SyntaxError):  # the cell never ran
        lines = shell.SyntaxTB.structured_traceback(kind, error, [])
    else:
        lines = shell.InteractiveTB.structured_traceback(kind, error, own or trace, tb_offset=0)
    shell._showtraceback(kind, error, lines)
    return lines


def _steps(trace: TracebackType | None) -> list[TracebackType]:
    steps = []
    while trace is not None:
        steps.append(trace)
        trace = trace.tb_next
    return steps
