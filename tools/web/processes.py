"""Processes that share the work of a build."""

import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children


@contextmanager
def processes() -> Iterator[ProcessPoolExecutor]:
    """Give as many processes as there are processors; where the build fails or is interrupted, they end at once.

    They leave Ctrl+C to the one that started them: what runs a notebook would first end its kernel and wait for it.
    """
    with ProcessPoolExecutor(initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)) as pool:
        try:
            yield pool
        except BaseException:
            for process in active_children():
                process.kill()
            pool.shutdown(cancel_futures=True)
            raise
