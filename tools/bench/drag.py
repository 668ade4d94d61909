"""From a drag on the picture to the painted frame: in JupyterLab, and beside a page written by hand."""

import base64
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import nbformat
import numpy as np
import torch
from matplotlib.figure import Figure
from playwright.sync_api import Locator, Page

from lecture_utils._live.picture import LivePicture, script
from lecture_utils.datasets import DATASETS
from lecture_utils.descent import hessian, mse
from lecture_utils.explorers import descent_explorer
from tools.bench.keypress import BARE_CELL, LIVE_CELL, WATCH
from tools.bench.table import Row
from tools.browser import CHROMIUM, chromium, jupyterlab, new_context
from tools.lab import run_all

_FRAME = 1000 / 60
_SIZE, _LEVELS, _STEPS = (960, 540), 50, 150

# Ours, with the least model that live.js can do with.
_OURS = """async ([source, traits, table]) => {
  const { default: widget } = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(source)}`);
  const bytes = Uint8Array.from(atob(table), (letter) => letter.charCodeAt(0)), reactions = {};
  const state = { ...traits, table: new DataView(bytes.buffer) };
  widget.render({ el: document.querySelector("main"), model: {
    get: (name) => state[name], save_changes() {}, off() {},
    on: (event, react) => { (reactions[event] ??= []).push(react); },
    set: (name, value) => { state[name] = value; reactions[`change:${name}`]?.forEach((react) => react()); },
  } });
}"""

# The page written by hand: contours as paths, a start that can be dragged, and descent that is run anew.
_BY_HAND = """([contours, [low, high], { hessian: [[a, b], [, c]], minimum: [u, v], rate, steps }]) => {
  const [width, height] = [960, 540], x = (w) => (w - low[0]) / (high[0] - low[0]) * width;
  const y = (w) => (high[1] - w) / (high[1] - low[1]) * height;
  document.querySelector("main").innerHTML = `<svg width="${width}" height="${height}">
    ${contours.map(([d, fill]) => `<path d="${d}" fill="${fill}" stroke="#fff" stroke-width="0.5"/>`).join("")}
    <path class="run" fill="none" stroke="crimson" stroke-width="2"/>
    <circle class="grip" r="12" fill="#fff" stroke="black" style="touch-action: none"/></svg>`;
  const grip = document.querySelector("circle"), run = document.querySelector(".run");
  const draw = (w1, w2) => {
    grip.setAttribute("cx", x(w1));
    grip.setAttribute("cy", y(w2));
    let d = `M${x(w1)} ${y(w2)}`;
    for (let k = 0; k < steps; k++) {
      const [p, q] = [w1 - u, w2 - v];
      w1 -= rate * (a * p + b * q);
      w2 -= rate * (b * p + c * q);
      d += `L${x(w1)} ${y(w2)}`;
    }
    run.setAttribute("d", d);
  };
  grip.addEventListener("pointerdown", (event) => grip.setPointerCapture(event.pointerId));
  grip.addEventListener("pointermove", ({ offsetX, offsetY, buttons }) => {
    if (buttons) draw(low[0] + offsetX / width * (high[0] - low[0]), high[1] - offsetY / height * (high[1] - low[1]));
  });
  draw((low[0] + high[0]) / 2, (low[1] + high[1]) / 2);
}"""

_COUNT = """() => {
  const seen = window.seen = { frames: [], long: 0 };
  new PerformanceObserver((list) => { seen.long += list.getEntries().length; }).observe({ type: "longtask" });
  const frame = (now) => { seen.frames.push(now); requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
}"""


def rows() -> list[Row]:
    """Drag the start of descent and a bare slider in JupyterLab, then beside the page written by hand, then slowly."""
    if CHROMIUM is None:
        return [Row(figure="drag to painted frame", measured="skipped: no Chromium")]
    bare, live = map(median, _in_jupyterlab())
    picture = descent_explorer(dataset="2").picture
    with chromium() as browser, new_context(browser, reduced_motion="no-preference") as context:
        page = context.new_page()
        hand, ours = map(median, _beside_a_page_by_hand(page, picture))
        long, dropped = _throttled(page, picture)
    return [
        Row(
            figure="drag on the picture to painted frame, JupyterLab: median",
            measured=f"{live:.1f} ms",
            aim="≤ 16.7 ms",
            met=live <= _FRAME,
        ),
        Row(
            figure="  over a bare slider that is dragged",
            measured=f"{live - bare:+.1f} ms ({bare:.1f} ms)",
            aim="≤ 2 ms",
            met=live - bare <= 2,
        ),
        Row(
            figure="  on a page : a page written by hand, medians",
            measured=f"{ours / hand:.2f} : 1 ({ours:.1f} ms)",
            aim="≤ 0.75 : 1",
            met=ours <= 0.75 * hand,
        ),
        Row(figure="  long tasks in 5 s, processor throttled 4×", measured=str(long), aim="0", met=long == 0),
        Row(figure="  frames dropped there", measured=f"{100 * dropped:.1f} %", aim="< 5 %", met=dropped < 0.05),
    ]


def _in_jupyterlab(*, rounds: int = 4) -> tuple[list[float], list[float]]:
    cells = [nbformat.v4.new_code_cell(cell) for cell in (BARE_CELL, LIVE_CELL)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        root.mkdir()
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), root / "bench.ipynb")
        with (
            jupyterlab(root, Path(folder) / "state") as address,
            chromium() as browser,
            new_context(browser, height=1200, reduced_motion="no-preference") as context,
        ):
            page = context.new_page()
            page.goto(address.format("lab/tree/bench.ipynb"))
            run_all(page)
            bare, live = (page.locator(".jp-Cell-outputArea").nth(index) for index in range(2))
            live.locator(".live-picture").wait_for()
            times: tuple[list[float], list[float]] = ([], [])
            for _ in range(rounds):
                times[0].extend(_drag(page, bare, bare.locator(".noUi-handle"), "aria-valuenow", step=8))
                times[1].extend(_drag(page, live, _start(page), "d"))
            return times


def _beside_a_page_by_hand(page: Page, picture: LivePicture, *, rounds: int = 4) -> tuple[list[float], list[float]]:
    hand, ours = [], []
    for _ in range(rounds):
        _show(page, _BY_HAND, _contours())
        hand += _drag(page, page.locator("main"), page.locator("circle"), "d")
        _show_ours(page, picture)
        ours += _drag(page, page.locator("main"), _start(page), "d")
    return hand, ours


def _throttled(page: Page, picture: LivePicture, *, seconds: float = 5) -> tuple[int, float]:
    """Return how many long tasks there are, and which part of the frames is dropped, while the start is dragged."""
    _show_ours(page, picture)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    with _held(page, _start(page)) as (x, y):
        page.evaluate(_COUNT)
        end, turn = time.perf_counter() + seconds, 0.0
        while time.perf_counter() < end:
            turn += 0.1
            page.mouse.move(x + 60 * np.sin(turn), y + 40 * np.cos(turn))
    seen = page.evaluate("window.seen")
    gaps = np.diff(seen["frames"])
    return seen["long"], float((np.round(gaps / _FRAME) - 1).clip(0).sum() / (gaps.sum() / _FRAME))


def _start(page: Page) -> Locator:
    return page.locator(".grip[data-grab=start][visibility=visible]")


def _show_ours(page: Page, picture: LivePicture) -> None:
    table = base64.b64encode(picture.table).decode()
    _show(page, _OURS, [script(), {"scene": picture.scene} | picture.state, table])


def _show(page: Page, program: str, given: list) -> None:
    page.set_content("<!doctype html><main style='width: 960px'></main>")
    page.add_style_tag(content=str(LivePicture._css))
    page.evaluate(program, given)
    page.wait_for_timeout(500)


@contextmanager
def _held(page: Page, handle: Locator) -> Iterator[tuple[float, float]]:
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    yield x, y
    page.mouse.up()


def _drag(page: Page, output: Locator, handle: Locator, attribute: str, *, step: float = 3, times: int = 12) -> list:
    """Drag a handle there and back; return the time from each movement to its painted frame, in ms."""
    pause, found = random.Random(0), []
    with _held(page, handle) as (x, y):
        for number in [*range(1, times // 2), *range(times // 2, 0, -1)]:
            page.evaluate(WATCH, [output.element_handle(), attribute, "pointermove"])
            time.sleep(pause.uniform(0.03, 0.06))  # at no fixed moment between two frames
            page.mouse.move(x + step * number, y + 1)
            found.append(page.evaluate("() => window.pressed")["painted"])
    return found


def _contours() -> list:
    """Return what the page written by hand is given: the contours' paths, the corners, and the descent."""
    data = DATASETS["2"]
    low, high = np.array([-1.0, -0.5]), np.array([4.0, 2.5])
    w1, w2 = (np.linspace(low[axis], high[axis], 120) for axis in (0, 1))
    grid = torch.stack(torch.meshgrid(*map(torch.from_numpy, (w1, w2)), indexing="xy"), dim=-1)
    losses = mse(data.X.double(), data.y.double(), grid).numpy()
    axes = Figure().add_subplot()
    levels = np.geomspace(losses.min() + 1e-2, losses.max(), _LEVELS)
    drawn = axes.contourf(w1, w2, losses, levels=levels, extend="min")
    paths = []
    for path, color in zip(drawn.get_paths(), drawn.get_facecolors(), strict=True):
        places = (path.vertices - low) / (high - low) * _SIZE
        letters = {1: "M", 2: "L", 79: "L"}
        d = "".join(
            f"{letters[code]}{x:.1f} {_SIZE[1] - y:.1f}" for code, (x, y) in zip(path.codes, places, strict=True)
        )
        paths.append([d, f"rgb({', '.join(str(int(255 * part)) for part in color[:3])})"])
    run = {"hessian": hessian(data).tolist(), "minimum": [2, 1], "rate": data.learning_rate, "steps": _STEPS}
    return [paths, [low.tolist(), high.tolist()], run]
