"""Why there are no pages, and how a command says so."""

import sys
from collections.abc import Iterable


class BuildError(Exception):
    """A reason why there are no pages, in one line that says what to do."""


def exit_code(lines: Iterable[str]) -> int:
    """Print the lines as they come; return 0, or 1 after a BuildError, which is printed instead of a traceback."""
    try:
        for line in lines:
            print(line, flush=True)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
