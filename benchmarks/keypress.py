"""From key press to painted frame, for the live picture and for the usual way, in one JupyterLab page."""

import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page

from tests.browser import chromium, jupyterlab

LIVE_CELL = """\
from lecture_utils.explorers import descent_explorer

descent_explorer(dataset="2")"""

# The usual way: each movement of the slider runs the descent and draws a new figure in the kernel.
USUAL_CELL = """\
%matplotlib inline
import matplotlib.pyplot as plt
import torch
from ipywidgets import FloatLogSlider, interact
from matplotlib.colors import LogNorm

from lecture_utils.datasets import DATASETS
from lecture_utils.descent import gradient_descent, mse

data = DATASETS["2"]
w1, w2 = torch.linspace(-1, 4, 80), torch.linspace(-0.5, 2, 80)
surface = mse(data.X, data.y, torch.stack(torch.meshgrid(w1, w2, indexing="xy"), dim=-1))

@interact(learning_rate=FloatLogSlider(value=3e-4, min=-4.5, max=-2.9, step=0.05))
def draw(learning_rate):
    trace = gradient_descent(data, learning_rate=learning_rate, n_steps=600)
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 5))
    left.contourf(w1, w2, surface, levels=14, norm=LogNorm())
    left.plot(*trace.weights.T, "-o", color="red")
    right.semilogy(trace.losses)
    plt.show()"""

# Waits for one key press. `painted` is the time from the event to the end of the first frame that has the new picture:
# the message posted in an animation frame arrives when that frame is laid out and painted. A picture that changes
# outside a frame is painted in the next one. `drawn` is the time from the frame's beginning to the change.
_WATCH = """(root, raster) => {
  const before = root.querySelector("img")?.src;
  const channel = new MessageChannel();
  let start, framed, changed, inFrame = false;
  window.pressed = new Promise((resolve, reject) => {
    setTimeout(() => reject(Error("the picture did not change")), 30000);
    const frame = () => requestAnimationFrame(() => {
      framed = performance.now();
      inFrame = true;
      channel.port2.postMessage(null);
    });
    channel.port1.onmessage = () => {
      const now = performance.now();
      inFrame = false;
      if (changed === undefined) return;
      observer.disconnect();
      channel.port1.close();
      resolve({ painted: now - start, drawn: changed - framed });
    };
    const observer = new MutationObserver(async () => {
      if (raster) {
        const image = root.querySelector("img");
        if (!image || image.src === before) return;
        await image.decode();
      }
      changed ??= performance.now();
      if (!inFrame) frame();
    });
    const attributeFilter = [raster ? "src" : "d"];
    observer.observe(root, { subtree: true, childList: raster, attributeFilter });
    addEventListener("keydown", (event) => { start = event.timeStamp; frame(); }, { capture: true, once: true });
  });
}"""

# What is on the screen, to see that it has changed.
_PICTURE = """(root, raster) => raster
  ? root.querySelector("img").src
  : [root.getAttribute("aria-label"), ...[...root.querySelectorAll("path")].map((path) => path.getAttribute("d"))]
    .join("|")"""


@dataclass(frozen=True, kw_only=True)
class Presses:
    """Times in milliseconds, one a key press.

    Attributes
    ----------
    live, usual : list of float
        From key press to painted frame, of the live picture and of the usual way.
    live_drawing : list of float
        The part of `live` in which the page's JavaScript drew.
    """

    live: list[float]
    live_drawing: list[float]
    usual: list[float]


def measure_key_presses(*, rounds: int = 2, live: int = 20, usual: int = 6, seed: int = 0) -> Presses:
    """Press arrow keys on the two sliders in turn, in one page; `live` and `usual` presses a round, both even."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        root.mkdir()
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(LIVE_CELL), nbformat.v4.new_code_cell(USUAL_CELL)],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(notebook, root / "bench.ipynb")
        with jupyterlab(root, Path(folder) / "state") as address, chromium() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 1500})  # both pictures in sight
            page.goto(address.format("lab/tree/bench.ipynb"))
            return _press_in_turn(page, rounds=rounds, live=live, usual=usual, pause=random.Random(seed))


def _press_in_turn(page: Page, *, rounds: int, live: int, usual: int, pause: random.Random) -> Presses:
    _run_all(page)
    outputs = page.locator(".jp-Cell-outputArea")
    explorer = outputs.filter(has=page.locator(".live-picture"))
    interact = outputs.filter(has=page.locator(".widget-interact"))
    explorer_picture = explorer.locator(".live-picture > svg")
    interact.locator("img").wait_for(timeout=120_000)
    live_times, usual_times = [], []
    for _ in range(rounds):
        live_times += _press(page, _slider(explorer), explorer_picture, times=live, raster=False, pause=pause)
        usual_times += _press(page, _slider(interact), interact, times=usual, raster=True, pause=pause)
    return Presses(
        live=[one["painted"] for one in live_times],
        live_drawing=[one["drawn"] for one in live_times],
        usual=[one["painted"] for one in usual_times],
    )


def _run_all(page: Page) -> None:
    page.locator(".jp-Notebook .jp-CodeCell").nth(1).wait_for(timeout=120_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.locator(".live-picture > svg").wait_for(timeout=120_000)


def _slider(output: Locator) -> Locator:
    return output.locator(".noUi-handle").first  # in both, the learning rate


def _press(
    page: Page, handle: Locator, picture: Locator, *, times: int, raster: bool, pause: random.Random
) -> list[dict[str, float]]:
    """Move the slider down by half the presses and up again; return the times of each press."""
    handle.focus()
    page.wait_for_timeout(1000)
    results = []
    for key in ["ArrowLeft"] * (times // 2) + ["ArrowRight"] * (times // 2):
        before = picture.evaluate(_PICTURE, raster)
        picture.evaluate(_WATCH, raster)
        time.sleep(pause.uniform(0.05, 0.1))  # at no fixed moment between two frames
        page.keyboard.press(key)
        results.append(page.evaluate("() => window.pressed"))
        if picture.evaluate(_PICTURE, raster) == before:
            raise RuntimeError("a key press did not change the picture")
    return results
