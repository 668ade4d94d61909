"""From a drag on the picture to the painted frame: in JupyterLab, and beside a page written by hand."""

import base64
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

import nbformat
import numpy as np
import torch
from playwright.sync_api import CDPSession, Locator, Page

from lecture_utils._live.picture import LivePicture, script
from lecture_utils.datasets import DATASETS
from lecture_utils.descent import hessian
from lecture_utils.explorers import (
    activation_explorer,
    backprop_explorer,
    deep_network_explorer,
    descent_explorer,
    minibatch_explorer,
    saturation_explorer,
)
from lecture_utils.explorers._explorer import Explorer
from tools.bench.keypress import BARE_CELL, LIVE_CELL, WATCH
from tools.bench.table import Row
from tools.browser import CHROMIUM, chromium, jupyterlab, new_context
from tools.lab import run_all
from tools.web.npm import packages

_FRAME = 1000 / 60
_HERE, _DATASET, _LEVELS, _STEPS = Path(__file__).parent, "2", 50, 150
_START = ".grip[data-grab=start][visibility=visible]"
#: All explorers in which something can be dragged.
_GRABBED = (
    partial(descent_explorer, dataset=_DATASET),
    activation_explorer,
    backprop_explorer,
    saturation_explorer,
    minibatch_explorer,
    partial(deep_network_explorer, n_epochs=200),
)

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
    with chromium() as browser, new_context(browser, reduced_motion="no-preference") as context:
        page = context.new_page()
        by_hand = [row for throttled in (1, 4) for row in _beside_a_page_by_hand(page, throttled=throttled)]
        slowly = [_throttled(page, make()) for make in _GRABBED]
    long, dropped = (max(worst) for worst in zip(*slowly, strict=True))
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
        *by_hand,
        Row(
            figure=f"  long tasks in 5 s, processor throttled 4×: the worst of {len(slowly)} explorers",
            measured=str(long),
            aim="0",
            met=long == 0,
        ),
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
                times[1].extend(_drag(page, live, page.locator(_START), "d"))
            return times


def _beside_a_page_by_hand(page: Page, *, throttled: int, rounds: int = 4) -> list[Row]:
    """Compare the time from a movement to its painted frame, and the processor's time on the page's main thread."""
    picture, given = _as_far_as(_STEPS), _descent()
    painted, work = ([], []), ([], [])
    for _ in range(rounds):
        for which, show in enumerate((lambda: _show_by_hand(page, given), lambda: _show_ours(page, picture))):
            handle = show()
            with _slowed(page, throttled) as session:
                painted[which].extend(_drag(page, page.locator("main"), handle, "d"))
                work[which].append(_work(page, session, handle))
    found = []
    for what, (hand, ours) in (("to painted frame", map(median, painted)), ("processor's time", map(median, work))):
        found.append(
            Row(
                figure=f"  on a page, throttled {throttled}× : a page by hand with D3, {what}, medians",
                measured=f"{ours / hand:.2f} : 1 ({ours:.1f} ms)",
                aim="≤ 0.75 : 1" if what == "to painted frame" else "",
                met=ours <= 0.75 * hand if what == "to painted frame" else None,
            )
        )
    return found


def _work(page: Page, session: CDPSession, handle: Locator, *, moves: int = 60) -> float:
    """Return how long the page's main thread works for each movement, by the processor's own clock, in ms."""

    def spent() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")

    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    with _held(page, handle) as (x, y):
        before = spent()
        for turn in np.arange(moves) / 5:
            time.sleep(0.03)
            page.mouse.move(x + 60 * np.sin(turn), y + 40 * np.cos(turn))
        return 1000 * (spent() - before) / moves


def _throttled(page: Page, explorer: Explorer, *, seconds: float = 5) -> tuple[int, float]:
    """Return how many long tasks there are, and which part of the frames is dropped, while a picture is dragged."""
    for choice, value in explorer._told().items():
        setattr(explorer.picture, choice, value)
    handle = _show_ours(page, explorer.picture)
    with _slowed(page, 4), _held(page, handle) as (x, y):
        page.evaluate(_COUNT)
        end, turn = time.perf_counter() + seconds, 0.0
        while time.perf_counter() < end:
            turn += 0.1
            page.mouse.move(x + 60 * np.sin(turn), y + 40 * np.cos(turn))
        seen = page.evaluate("window.seen")
    gaps = np.diff(seen["frames"])
    return seen["long"], float((np.round(gaps / _FRAME) - 1).clip(0).sum() / (gaps.sum() / _FRAME))


@contextmanager
def _slowed(page: Page, times: int) -> Iterator[CDPSession]:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": times})
    yield session
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    session.detach()


def _as_far_as(steps: int) -> LivePicture:
    """Return the picture of the descent explorer that shows at least so many steps."""
    explorer = descent_explorer(dataset=_DATASET)
    stops = explorer._runs[explorer.picture.dataset].stops
    explorer.picture.step = next(index for index, stop in enumerate(stops) if stop >= steps)
    return explorer.picture


def _show_ours(page: Page, picture: LivePicture) -> Locator:
    """Show a picture; return what it is dragged by."""
    _empty(page)
    page.add_style_tag(content=LivePicture._css)
    table = base64.b64encode(picture.table).decode()
    page.evaluate(_OURS, [script(), {"scene": picture.scene} | picture.state, table])
    page.wait_for_timeout(500)
    start = page.locator(_START)
    return start if start.count() else page.locator(".grip[visibility=visible]").last  # which lies over the others


def _show_by_hand(page: Page, given: list) -> Locator:
    """Show the page written by hand; return what it is dragged by."""
    _empty(page)
    for script_file in (packages(wanted=_HERE) / "d3/dist/d3.min.js", _HERE / "by_hand.js"):
        page.add_script_tag(path=script_file)
    page.evaluate("(given) => drawByHand(...given)", given)
    page.wait_for_timeout(500)
    return page.locator(".grip")


def _empty(page: Page) -> None:
    page.goto("about:blank")  # a window of its own: nothing that was held before stays captured
    page.set_content("<!doctype html><main style='width: 960px'></main>")


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


def _descent() -> list:
    """Return what the page written by hand is given: the corners of its surface, and the descent."""
    data = DATASETS[_DATASET]
    minimum = torch.linalg.lstsq(data.X.double(), data.y.double()[:, None]).solution[:, 0]
    run = {"hessian": hessian(data).tolist(), "minimum": minimum.tolist(), "rate": data.learning_rate}
    return [[[-1.0, -0.5], [4.0, 2.5]], run | {"steps": _STEPS, "levels": _LEVELS}]
