"""What every test run needs, that of the notebooks alone included."""

import os
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from tools.environment import unseen

pytest_plugins = ["tests.executed"]

# What nbval starts takes its variables from here.
os.environ.update(unseen())

#: The files whose tests share what takes long to make, and so one process.
TOGETHER = {
    "JupyterLab": [
        "test_jupyterlab",
        "test_students_in_jupyterlab",
        "test_descent_in_jupyterlab",
        "test_any_host",
        "test_guesses",
    ],
    "explorers as notebooks open them": [
        "test_grabs",
        "test_every_explorer",
        "test_activation",
        "test_backprop",
        "test_descent",
        "test_minibatch",
        "test_deep",
    ],
    "explorers that are made quickly": ["test_live_js", "test_layouts", "test_labels_of_controls"],
}
#: What takes longest, and so comes first after the notebooks, that no process is left alone with it at the end; pages
#: follow one another, for they share a browser.
LONGEST = [
    *TOGETHER["JupyterLab"],
    "test_site",
    "test_decks",
    "test_slides",
    "test_layouts",
    "test_live_js",
    "test_grabs",
    "test_students_again",
    "test_any_input",
    "test_students",
    "test_any_ground",
]


class Scopes(LoadScopeScheduling):
    """Gives each file or class of tests to one process, and files that share something to the same."""

    def _split_scope(self, nodeid: str) -> str:
        scope = super()._split_scope(nodeid)
        name = Path(scope).stem
        return next((shared for shared, files in TOGETHER.items() if name in files), scope)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scopes | None:
    """Spread the tests so where scopes are to stay together."""
    return Scopes(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the notebooks come first, and then the longest files."""
    order = {"ipynb": -1} | {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.suffix[1:], order.get(item.path.stem, len(LONGEST))))
