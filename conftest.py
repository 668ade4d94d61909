"""What every test run needs, that of the notebooks alone included."""

import os

import pytest

# A progress bar is for those who wait; nbval would compare how far it had come.
os.environ["TQDM_DISABLE"] = "1"

#: Files whose tests take longest; they come first, so that no process is left alone with one of them at the end.
LONGEST = ["test_jupyterlab", "test_students_again", "test_students_in_jupyterlab", "test_stored_outputs", "test_decks"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest files come first."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


def pytest_xdist_auto_num_workers() -> int:
    """Return the number of processes: one more than there are cores, for a page in Chromium is often waited for."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1
