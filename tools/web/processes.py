"""Processes that share the work of a build."""

import signal
from concurrent.futures import ProcessPoolExecutor


def processes() -> ProcessPoolExecutor:
    """Return as many processes as there are processors; where the build is interrupted, they end without a word."""
    return ProcessPoolExecutor(initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_DFL))
