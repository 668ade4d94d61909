"""The lecture does the same whatever its reader has set: in torch, numpy and matplotlib, in IPython and outside."""

import base64
from contextlib import contextmanager
from io import BytesIO

import matplotlib as mpl
import nbformat
import numpy as np
import pytest
import torch
from nbclient import NotebookClient
from PIL import Image

from lecture_utils import datasets, descent, explorers, minibatch
from lecture_utils._ground import own_ground
from lecture_utils._look.style import lecture_style, new_figure, saved
from lecture_utils.explorers._networks import multilayer_perceptron
from tests.executed import tidied
from tools.environment import ROOT, unseen
from tools.notebooks import client_settings

pytestmark = pytest.mark.usefixtures("every_colour")


@contextmanager
def restored(change, back):
    change()
    try:
        yield
    finally:
        back()


def default_dtype():
    return restored(
        lambda: torch.set_default_dtype(torch.float64),
        lambda: torch.set_default_dtype(torch.float32),
    )


def default_device():
    """Stand for a graphics card, which most machines lack: nothing made there meets what is on the CPU."""
    return restored(lambda: torch.set_default_device("meta"), lambda: torch.set_default_device(None))


def numpy_raises():
    return restored(lambda: np.seterr(all="raise"), lambda: np.seterr(all="warn", under="ignore"))


def dark_and_tight():
    return mpl.rc_context(
        {
            "savefig.bbox": "tight",
            "savefig.pad_inches": 1,
            "axes.facecolor": "black",
            "font.size": 30,
            "lines.marker": "x",
        }
    )


GROUNDS = {
    "set_default_dtype(float64)": default_dtype,
    'set_default_device("meta")': default_device,
    "no_grad()": torch.no_grad,
    "inference_mode()": torch.inference_mode,
    "autocast(bfloat16)": lambda: torch.autocast("cpu", dtype=torch.bfloat16),
    "numpy raises": numpy_raises,
    "another style": dark_and_tight,
}


def _tracked():
    w = torch.tensor(3.0, dtype=torch.float32, device="cpu", requires_grad=True)
    with torch.enable_grad():
        return {"output": (w - 1) * (w - 1), "w": w}


TRACKED = _tracked()
TINY_MOONS = datasets.two_moons(n_train=8, n_held_out=8)
NOISY = datasets.noisy_examples(n_examples=16)
#: What the doors of the package return, as something to be compared.
DOORS = {
    "lecture_dataset": lambda: vars(datasets._lecture_dataset([[1.0, 2.0]], [3.0, 4.0], learning_rate=0.1, n_steps=2)),
    "two_moons": lambda: vars(datasets.two_moons(n_train=8, n_held_out=8)),
    "noisy_examples": lambda: vars(datasets.noisy_examples(n_examples=8)),
    "gradient_descent": lambda: vars(descent.gradient_descent(datasets.DATASETS["2"], learning_rate=1e-3, n_steps=9)),
    "start": lambda: vars(
        descent.gradient_descent(datasets.DATASETS["2"], learning_rate=1e-3, n_steps=3, start=[1.0, 1.0])
    ),
    "stability_limit": lambda: descent.stability_limit(datasets.DATASETS["2"]),
    "mini_batches": lambda: list(minibatch.mini_batches(9, batch_size=4, n_epochs=2)),
    "mini_batch_sweep": lambda: [
        vars(trace) for trace in minibatch.mini_batch_sweep(NOISY, batch_size=4, learning_rates=[0.1], n_epochs=2)
    ],
    "activation_explorer": lambda: drawn(explorers.activation_explorer()),
    "backprop_explorer": lambda: drawn(explorers.backprop_explorer()),
    "deep_network_explorer": lambda: drawn(explorers.deep_network_explorer(TINY_MOONS, hidden=(0, 2), n_epochs=10)),
    "descent_explorer": lambda: drawn(explorers.descent_explorer(n_steps=70)),
    "minibatch_explorer": lambda: drawn(explorers.minibatch_explorer(NOISY, batch_sizes=(4, 16), n_epochs=2)),
    "saturation_explorer": lambda: drawn(explorers.saturation_explorer()),
    "traversal_explorer": lambda: drawn(explorers.traversal_explorer(TRACKED["output"], w=TRACKED["w"])),
}


def drawn(explorer):
    """Return all that is seen of an explorer."""
    return {
        "scene": explorer.picture.scene,
        "table": explorer.picture.table,
        "png": explorer.picture.static_png(),
        "repr": repr(explorer),
    }


def plain(value):
    """Return a value that can be compared, with the type and the place of each tensor in it."""
    if isinstance(value, torch.Tensor):
        return (value.dtype, str(value.device), value.is_inference(), value.tolist())
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def at_home(every_colour):
    return {name: plain(door()) for name, door in DOORS.items()}


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("door", DOORS)
def test_what_comes_of_a_function_does_not_depend_on_the_readers_settings(ground, door, at_home):
    with GROUNDS[ground]():
        found = DOORS[door]()
    assert plain(found) == at_home[door]


@pytest.mark.parametrize("ground", GROUNDS)
def test_the_readers_settings_are_as_before_even_after_an_error(ground):
    def settings():
        return (
            torch.get_default_dtype(),
            torch.get_default_device(),
            torch.is_grad_enabled(),
            torch.is_inference_mode_enabled(),
            torch.is_autocast_enabled("cpu"),
            torch.get_num_threads(),
            np.geterr(),
            dict(mpl.rcParams),
        )

    with GROUNDS[ground]():
        before = settings()
        with pytest.raises(ValueError, match="n_steps"):
            explorers.descent_explorer(n_steps=10**9)
        explorers.activation_explorer()
        assert settings() == before


def test_in_here_torch_uses_one_thread():
    with own_ground():
        assert torch.get_num_threads() == 1


def test_a_network_is_made_without_touching_a_graphics_card(monkeypatch):
    def touched(*arguments):
        raise AssertionError("a graphics card was touched")

    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    for name in ("get_rng_state", "set_rng_state", "manual_seed", "manual_seed_all", "_lazy_init"):
        monkeypatch.setattr(torch.cuda, name, touched)
    before = torch.get_rng_state()
    multilayer_perceptron(2, seed=0)
    explorers.deep_network_explorer(TINY_MOONS, hidden=(2,), n_epochs=5)
    assert torch.equal(torch.get_rng_state(), before)


def test_what_holds_no_numbers_is_refused_by_its_name():
    there_is_nothing = torch.ones(4, 2, device="meta")
    with pytest.raises(TypeError, match="X must hold numbers, but it is on the device 'meta'"):
        datasets.Dataset(X=there_is_nothing, y=torch.ones(4), learning_rate=0.1, n_steps=5)


def test_a_stored_picture_is_as_large_as_its_figure_whatever_savefig_is_set_to():
    with lecture_style():
        figure = new_figure(3, 2)
        figure.add_axes((0.4, 0.4, 0.2, 0.2))
    with dark_and_tight():
        svg, png = saved(figure, "svg"), saved(figure, "png")
    assert b'viewBox="0 0 216 144"' in svg
    assert Image.open(BytesIO(png)).size == (600, 400)


# What follows happens in kernels of their own.


def run(tmp_path, cells, *, profile="", **variables):
    """Run cells in a kernel whose reader has these variables set, and `profile` as a start-up file of IPython."""
    start = tmp_path / "ipython" / "profile_default" / "startup" / "mine.py"
    start.parent.mkdir(parents=True, exist_ok=True)
    start.write_text(profile, encoding="utf-8")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    client = NotebookClient(notebook, allow_errors=True, timeout=120, **client_settings(ROOT))
    client.execute(env=unseen() | {"IPYTHONDIR": str(tmp_path / "ipython")} | variables)
    return [tidied(cell.outputs) for cell in notebook.cells]


def pictures(outputs):
    return [base64.b64decode(output.data["image/png"]) for output in outputs if "image/png" in output.get("data", {})]


SETUP = 'from lecture_utils import setup\nsetup("en")'
PLOT = "from matplotlib import pyplot as plt\nplt.plot([1, 2, 4])\nplt.show()"


@pytest.fixture(scope="module")
def plot_at_home(tmp_path_factory):
    (picture,) = pictures(run(tmp_path_factory.mktemp("home"), [SETUP, PLOT])[-1])
    return picture


DARK = """\
import matplotlib.pyplot as plt
plt.style.use("dark_background")
plt.rcParams["savefig.pad_inches"] = 1
"""
SMALL_SVG = """\
get_ipython().config.InlineBackend.rc = {"figure.dpi": 30}
get_ipython().config.InlineBackend.figure_formats = {"svg"}
"""


@pytest.mark.parametrize(
    "settings",
    [{"MPLBACKEND": "agg"}, {"MPLBACKEND": "svg"}, {"profile": DARK}, {"profile": SMALL_SVG}],
    ids=["agg", "svg", "dark", "small svg"],
)
def test_a_plot_is_shown_in_the_notebook_and_in_the_lectures_style(settings, tmp_path, plot_at_home):
    assert pictures(run(tmp_path, [SETUP, PLOT], **settings)[-1]) == [plot_at_home]


def test_setup_is_not_undone_by_asking_for_pictures_once_more(tmp_path, plot_at_home):
    assert pictures(run(tmp_path, [SETUP, "%matplotlib inline", PLOT])[-1]) == [plot_at_home]
