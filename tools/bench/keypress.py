"""From key press to painted frame, for the live picture and for the usual way, in one JupyterLab page."""

import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page

from tools.browser import chromium, jupyterlab, new_context
from tools.lab import run_all

# What the page itself takes for a key press, with no picture at all.
BARE_CELL = """\
from ipywidgets import IntSlider

IntSlider(50)"""

LIVE_CELL = """\
from lecture_utils.explorers import descent_explorer

descent_explorer(dataset="2")"""

# The usual way: each movement of the slider runs the descent and draws a new figure in the kernel.
USUAL_CELL = """\
%matplotlib inline
import matplotlib.pyplot as plt
import torch
from ipywidgets import FloatLogSlider, fixed, interact
from matplotlib.colors import LogNorm
from matplotlib_inline.backend_inline import set_matplotlib_formats
from lecture_utils.datasets import DATASETS
from lecture_utils.descent import gradient_descent, mse

data = DATASETS["2"]
w1, w2 = torch.linspace(-1, 4, 80), torch.linspace(-0.5, 2, 80)
surface = mse(data.X, data.y, torch.stack(torch.meshgrid(w1, w2, indexing="xy"), dim=-1))

def draw(learning_rate, formats):
    trace = gradient_descent(data, learning_rate=learning_rate, n_steps=600)
    set_matplotlib_formats(formats)
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 5))
    left.contourf(w1, w2, surface, levels=14, norm=LogNorm())
    left.plot(*trace.weights.T, "-o", color="red")
    left.set(xlabel="w1", ylabel="w2")
    right.semilogy(trace.losses)
    right.set(xlabel="step", ylabel="loss")
    plt.show()

rates = dict(value=3e-4, min=-4.5, max=-2.9, step=0.05)
interact(draw, learning_rate=FloatLogSlider(**rates), formats=fixed("png"));"""

# The same, twice as many pixels each way: as sharp as the live picture.
SHARP_CELL = 'interact(draw, learning_rate=FloatLogSlider(**rates), formats=fixed("retina"));'

# Waits for one key press, or movement of the pointer, to change an attribute below `root`. `painted` is the time from
# the event to the end of the first frame that shows the change: a message posted in an animation frame arrives when
# that frame has been painted; a change outside of a frame is painted in the next one. `drawn` is the time from the
# frame's beginning to the change.
WATCH = """([root, attribute, event]) => {
  const read = () => [...root.querySelectorAll(`[${attribute}]`)].map((node) => node.getAttribute(attribute)).join();
  const before = read();
  const channel = new MessageChannel();
  let start, framed, changed, inFrame = false;
  window.pressed = new Promise((resolve, reject) => {
    setTimeout(() => reject(Error(`${event} did not change "${attribute}"`)), 30000);
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
      resolve({ painted: now - start, drawn: changed - framed, same: read() === before });
    };
    const observer = new MutationObserver(async () => {
      if (attribute === "src") {  // a new image; the old one may be gone for a while
        const image = root.querySelector("img");
        if (!image || read() === before) return;
        await image.decode();
      }
      changed ??= performance.now();
      if (!inFrame) frame();
    });
    observer.observe(root, { subtree: true, childList: attribute === "src", attributeFilter: [attribute] });
    addEventListener(event, ({ timeStamp }) => { start = timeStamp; frame(); }, { capture: true, once: true });
  });
}"""


@dataclass(frozen=True, kw_only=True)
class Presses:
    """Times in milliseconds from key press to painted frame, one a press.

    Attributes
    ----------
    bare : list of float
        Of a slider alone, without a picture.
    live, live_drawing : list of float
        Of the live picture, and the part of it in which the page's JavaScript drew.
    usual, usual_sharp : list of float
        Of `interact` that draws in the kernel, and the same as sharp as the live picture.
    """

    bare: list[float]
    live: list[float]
    live_drawing: list[float]
    usual: list[float]
    usual_sharp: list[float]


def measure_key_presses(*, rounds: int = 4, seed: int = 0) -> Presses:
    """Press arrow keys on the sliders, which take turns, in one page of JupyterLab."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        root.mkdir()
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in (BARE_CELL, LIVE_CELL, USUAL_CELL, SHARP_CELL)],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(notebook, root / "bench.ipynb")
        with (
            jupyterlab(root, Path(folder) / "state") as address,
            chromium() as browser,
            new_context(browser, height=1500) as context,
        ):
            page = context.new_page()
            page.goto(address.format("lab/tree/bench.ipynb"))
            return _press_in_turn(page, rounds=rounds, pause=random.Random(seed))


def _press_in_turn(page: Page, *, rounds: int, pause: random.Random) -> Presses:
    run_all(page)
    bare, live, usual, sharp = (page.locator(".jp-Cell-outputArea").nth(index) for index in range(4))
    live.locator(".live-picture").wait_for()
    sharp.locator("img").wait_for()
    results = {"bare": [], "live": [], "usual": [], "sharp": []}
    for _ in range(rounds):
        results["bare"] += _press(page, bare, "aria-valuenow", times=6, pause=pause)
        results["live"] += _press(page, live, "d", times=10, pause=pause)
        results["usual"] += _press(page, usual, "src", times=4, pause=pause)
        results["sharp"] += _press(page, sharp, "src", times=4, pause=pause)
    painted = {name: [one["painted"] for one in presses] for name, presses in results.items()}
    return Presses(
        bare=painted["bare"],
        live=painted["live"],
        live_drawing=[one["drawn"] for one in results["live"]],
        usual=painted["usual"],
        usual_sharp=painted["sharp"],
    )


def _press(
    page: Page, output: Locator, attribute: str, *, times: int, pause: random.Random
) -> list[dict[str, float | bool]]:
    """Move the first slider of an output down by half the presses and up again; return the times of each press."""
    output.scroll_into_view_if_needed()
    handle = output.locator(".noUi-handle").first  # the learning rate
    handle.focus()
    page.wait_for_timeout(500)
    presses = []
    for key in ["ArrowLeft"] * (times // 2) + ["ArrowRight"] * (times // 2):
        page.evaluate(WATCH, [output.element_handle(), attribute, "keydown"])
        time.sleep(pause.uniform(0.05, 0.1))  # at no fixed moment between two frames
        page.keyboard.press(key)
        presses.append(page.evaluate("() => window.pressed"))
        if presses[-1]["same"]:
            raise RuntimeError(f"a key press did not change {attribute!r}")
    return presses
