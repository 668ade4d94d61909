"""What every test run needs, that of the notebooks alone included."""

import os

import pytest

from tools.environment import unseen

pytest_plugins = ["tests.executed"]

# What nbval starts takes its variables from here.
os.environ.update(unseen())

#: What takes longest, and so comes first after the notebooks, that no process is left alone with it at the end.
LONGEST = [
    "test_jupyterlab",
    "test_students_in_jupyterlab",
    "test_site",
    "test_students_again",
    "test_descent_in_jupyterlab",
    "test_decks",
    "test_students",
    "test_any_host",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the notebooks come first, and then the longest files."""
    order = {"ipynb": -1} | {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.suffix[1:], order.get(item.path.stem, len(LONGEST))))
