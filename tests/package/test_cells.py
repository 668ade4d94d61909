"""Cells are run again and again, and a notebook does not grow by that."""

import gc
import json
import weakref
from contextlib import contextmanager

import comm
import pytest
import torch
from jupyter_client.manager import start_new_kernel

from lecture_utils import _hold as _cells
from lecture_utils import explorers
from tools.environment import ROOT, unseen

IMPORTS = """import ipywidgets, torch
from lecture_utils.explorers import traversal_explorer

w = torch.tensor(3.0, requires_grad=True)"""
OPEN = "len(ipywidgets.Widget.get_manager_state()['state'])"
MADE = "explorer = traversal_explorer(w * w, w=w)"  # the one that is made soonest; all are held alike
SHOWN = f"{MADE}\nexplorer"


class Reader:
    """Runs cells in a kernel as JupyterLab does, which gives each cell a name."""

    def __init__(self, client):
        self._client = client

    def run(self, source, *, cell):
        """Run a cell; return what it shows."""
        content = {
            "code": source,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
        }
        message = self._client.session.msg("execute_request", content, metadata={"cellId": cell} if cell else {})
        self._client.shell_channel.send(message)
        shown = []
        while True:
            reply = self._client.get_iopub_msg(timeout=60)
            if reply["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            kind, content = reply["msg_type"], reply["content"]
            assert kind != "error", content
            if kind == "status" and content["execution_state"] == "idle":
                return shown
            if kind in ("execute_result", "display_data"):
                shown.append(content["data"])

    def n_open(self):
        """Return how many widgets a notebook that is saved now would hold."""
        (shown,) = self.run(OPEN, cell="a cell that only counts")
        return json.loads(shown["text/plain"])


@contextmanager
def a_reader():
    manager, client = start_new_kernel(kernel_name="python3", env=unseen(), cwd=ROOT)
    try:
        reader = Reader(client)
        reader.run(IMPORTS, cell="imports")
        yield reader
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def kernel():
    with a_reader() as reader:
        yield reader


@pytest.fixture
def reader(kernel):
    kernel.run("ipywidgets.Widget.close_all()", cell=None)
    return kernel


def test_a_cell_run_again_and_again_leaves_one_explorer(reader):
    reader.run(SHOWN, cell="a")
    one = reader.n_open()
    for _ in range(6):
        (shown,) = reader.run(SHOWN, cell="a")
    assert reader.n_open() == one
    assert "application/vnd.jupyter.widget-view+json" in shown


def test_a_cell_run_again_and_again_keeps_no_more_explorers_in_memory(reader):
    def n_kept():
        count = "import gc; gc.collect(); sum(isinstance(one, ipywidgets.VBox) for one in gc.get_objects())"
        (shown,) = reader.run(count, cell="a cell that only counts")
        return int(shown["text/plain"])

    for _ in range(4):  # IPython knows the last three outputs as _, __ and ___
        reader.run(SHOWN, cell="a")
    few = n_kept()
    assert few > 0
    for _ in range(6):
        reader.run(SHOWN, cell="a")
    assert n_kept() <= few, "an explorer that is shown no more stays in the kernel's memory, with all its runs"


def test_the_same_program_in_two_cells_shows_two_explorers(reader):
    reader.run(SHOWN, cell="a")
    one = reader.n_open()
    reader.run(SHOWN, cell="b")
    assert reader.n_open() == 2 * one


def test_a_cell_that_makes_no_explorer_any_more_leaves_none(reader):
    reader.run(SHOWN, cell="a")
    reader.run("pass", cell="a")
    assert reader.n_open() == 0


def test_an_explorer_stays_as_long_as_any_cell_shows_it(reader):
    reader.run(MADE, cell="a")
    one = reader.n_open()
    reader.run("explorer", cell="b")
    reader.run(MADE, cell="a")
    assert reader.n_open() == 2 * one  # the other cell still shows the first
    reader.run("explorer", cell="b")
    assert reader.n_open() == one


def test_an_explorer_that_was_closed_works_on_and_is_opened_when_it_is_shown(reader):
    reader.run(SHOWN, cell="a")
    one = reader.n_open()
    reader.run("pass", cell="a")
    (numbers,) = reader.run("explorer.controls['step'].value = 2\nexplorer.gradients['w']", cell="b")
    assert numbers["text/plain"] == "6.0"
    (shown,) = reader.run("explorer", cell="c")
    assert {"application/vnd.jupyter.widget-view+json", "image/png"} <= set(shown)
    assert reader.n_open() == one


def test_where_cells_have_no_names_every_explorer_stays(reader):
    reader.run(SHOWN, cell=None)
    one = reader.n_open()
    reader.run(SHOWN, cell=None)
    assert reader.n_open() == 2 * one


def test_a_closed_explorer_leaves_no_memory_taken():
    w = torch.tensor(3.0, requires_grad=True)
    explorer = explorers.traversal_explorer(w * w, w=w)
    picture = weakref.ref(explorer.picture)
    explorer.close()
    del explorer
    gc.collect()
    assert picture() is None, "something still refers to the picture of an explorer that is closed and has no name"


def test_outside_of_a_kernel_nothing_is_held():
    w = torch.tensor(3.0, requires_grad=True)
    explorers.traversal_explorer(w * w, w=w)
    assert not _cells._holders


SMALL = {
    "activation_explorer": {},
    "backprop_explorer": {},
    "deep_network_explorer": {"hidden": (0, 2), "n_epochs": 5},
    "descent_explorer": {"n_steps": 20},
    "minibatch_explorer": {"n_epochs": 1},
    "saturation_explorer": {},
    "traversal_explorer": {},
}


def open_widgets():
    """Return the ids of the widgets that are open here; those that other tests have left among them."""
    return set(comm.get_comm_manager().comms)


@pytest.mark.parametrize("name", [name for name in explorers.__all__ if name.endswith("_explorer")])
def test_an_explorer_that_is_closed_leaves_no_widget_behind(name):
    before = open_widgets()
    w = torch.tensor(3.0, requires_grad=True)
    explorer = getattr(explorers, name)(*[w * w] * (name == "traversal_explorer"), **SMALL[name])
    made = open_widgets() - before
    explorer.close()
    assert not made & open_widgets()
    bundle, _ = explorer._repr_mimebundle_()
    opened = open_widgets() - before
    assert len(opened) == len(made)
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] in opened
