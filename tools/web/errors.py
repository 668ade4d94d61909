"""Why there are no pages, and how a command says so."""

import signal
import sys
from collections.abc import Iterable


class BuildError(Exception):
    """A reason why there are no pages, in one line that says what to do."""


def exit_code(lines: Iterable[str]) -> int:
    """Print the lines as they come; return 0.

    Return 1 after a BuildError and 130 after Ctrl+C, each of which is said in a line instead of a traceback.
    """
    try:
        for line in lines:
            print(line, flush=True)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted: what was there before is still there; run it again", file=sys.stderr)
        return 128 + signal.SIGINT
    return 0
