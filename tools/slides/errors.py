"""Why there are no slides, and how a command says so."""

import sys
from collections.abc import Iterable


class SlidesError(Exception):
    """A reason why there are no slides, in one line that says what to do."""


def exit_code(lines: Iterable[str]) -> int:
    """Print the lines as they come; return 0, or 1 after a SlidesError, which is printed instead of a traceback."""
    try:
        for line in lines:
            print(line, flush=True)
    except SlidesError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
