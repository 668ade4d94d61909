"""Measure what the project promises and print one table: ``python -m tools.bench``.

The machine's own speed cancels out where a figure is a ratio: what is compared is measured in turn, in one run.
"""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from statistics import median

import numpy as np

from lecture_utils.datasets import DATASETS
from lecture_utils.descent import gradient_descent, learning_rate_sweep, stability_limit
from tools.bench import drag, notebooks_bench, site_bench, slides_bench
from tools.bench.keypress import measure_key_presses
from tools.bench.table import Row, table
from tools.browser import CHROMIUM

IMPORT = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"

BUILD = """\
import json, time
from lecture_utils.explorers import descent_explorer

def build():
    start = time.perf_counter()
    explorer = descent_explorer()
    return time.perf_counter() - start, explorer.picture

def size(value):
    return len(json.dumps(value, ensure_ascii=False).encode())

build()
times, pictures = zip(*[build() for _ in range({builds})])
picture = pictures[-1]
parts = {{"backgrounds": size(picture.scene["backgrounds"]), "caption": size(picture.scene["caption"])}}
parts["table"] = len(picture.table)
print(json.dumps({{"times": times, "parts": parts, "total": size(picture.scene) + len(picture.table)}}))
"""


def key_press_rows() -> list[Row]:
    """Compare the live picture to redrawing in the kernel, from key press to painted frame."""
    if CHROMIUM is None:
        return [Row(figure="key press to painted frame", measured="skipped: no Chromium")]
    presses = measure_key_presses()
    bare, live, usual, sharp = map(median, (presses.bare, presses.live, presses.usual, presses.usual_sharp))
    return [
        Row(
            figure=f"key press to painted frame, descent_explorer: median of {len(presses.live)}",
            measured=f"{live:.1f} ms",
            aim="≤ 16.7 ms",
            met=live <= 16.7,
        ),
        Row(figure="  95th percentile", measured=f"{np.percentile(presses.live, 95):.1f} ms"),
        Row(figure="  of it drawing: median", measured=f"{median(presses.live_drawing):.1f} ms"),
        Row(figure=f"  a slider without a picture: median of {len(presses.bare)}", measured=f"{bare:.1f} ms"),
        Row(figure=f"  interact, the usual way: median of {len(presses.usual)}", measured=f"{usual:.0f} ms"),
        Row(figure="  interact, 95th percentile", measured=f"{np.percentile(presses.usual, 95):.0f} ms"),
        Row(
            figure="  interact : descent_explorer, medians",
            measured=f"{usual / live:.1f} : 1",
            aim="≥ 30 : 1",
            met=usual >= 30 * live,
        ),
        Row(
            figure="  interact, as sharp as the explorer (2×) : descent_explorer, medians",
            measured=f"{sharp / live:.1f} : 1 ({sharp:.0f} ms)",
        ),
    ]


def build_rows(*, builds: int = 9) -> list[Row]:
    """Time `descent_explorer` in a fresh Python, after one build to warm up, and weigh what it sends to the page."""
    result = json.loads(_fresh_python(BUILD.format(builds=builds)))
    seconds, total = median(result["times"]), result["total"]
    parts = ", ".join(f"{name} {size / 1e6:.2f}" for name, size in result["parts"].items())
    return [
        Row(
            figure=f"descent_explorer() builds: median of {builds}",
            measured=f"{seconds:.3f} s (fastest {min(result['times']):.3f} s)",
            aim="≤ 0.3 s",
            met=seconds <= 0.3,
        ),
        Row(
            figure=f"  its state: {parts}",
            measured=f"{total / 1e6:.2f} MB",
            aim="≤ 1 MB",
            met=total <= 1e6,
        ),
    ]


def import_rows(*, repeats: int = 7) -> list[Row]:
    """Compare importing the explorers to importing what they stand on, each in a fresh Python."""
    ours, theirs = _in_turn(
        lambda: float(_fresh_python(IMPORT.format("lecture_utils.explorers"))),
        lambda: float(_fresh_python(IMPORT.format("torch, matplotlib, ipywidgets"))),
        repeats=repeats,
    )
    return [
        Row(
            figure=f"import lecture_utils.explorers : torch, matplotlib, ipywidgets, medians of {repeats}",
            measured=f"{ours / theirs:.2f} : 1 ({ours:.2f} s)",
            aim="≤ 1.10 : 1",
            met=ours <= 1.10 * theirs,
        )
    ]


def sweep_rows(*, n_rates: int = 60, n_steps: int = 1001, repeats: int = 15) -> list[Row]:
    """Compare a sweep of many learning rates to one single run."""
    data = DATASETS["2"]
    limit = stability_limit(data)
    rates = np.geomspace(limit / 50, 1.1 * limit, n_rates).tolist()
    sweep, single = _in_turn(
        lambda: _seconds(lambda: learning_rate_sweep(data, learning_rates=rates, n_steps=n_steps)),
        lambda: _seconds(lambda: gradient_descent(data, learning_rate=data.learning_rate, n_steps=n_steps)),
        repeats=repeats,
    )
    return [
        Row(
            figure=f"sweep of {n_rates} rates × {n_steps} steps : one run, medians of {repeats}",
            measured=f"{sweep / single:.2f} : 1 ({1000 * sweep:.0f} ms)",
            aim="≤ 3 : 1",
            met=sweep <= 3 * single,
        )
    ]


def main() -> None:
    """Measure everything and print the table."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "matplotlib", "jupyterlab"))
    print(f"Python {platform.python_version()}, {versions}, {os.cpu_count()} cores")
    print(
        table(
            [
                *key_press_rows(),
                *drag.rows(),
                *build_rows(),
                *import_rows(),
                *sweep_rows(),
                *notebooks_bench.rows(),
                *slides_bench.rows(),
                *site_bench.rows(),
            ]
        )
    )


def _in_turn(*measure: Callable[[], float], repeats: int) -> list[float]:
    """Return the median of each measurement; they take turns, after one round that does not count."""
    rounds = [[one() for one in measure] for _ in range(repeats + 1)]
    return [median(times) for times in zip(*rounds[1:], strict=True)]


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _fresh_python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
