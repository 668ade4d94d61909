"""What the offline decks weigh, how soon they open, and how long they take to build."""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median

from tools.bench.table import Row
from tools.browser import CHROMIUM, chromium, new_context, until_drawn
from tools.web.executed import KEPT
from tools.web.npm import packages

EXECUTE = """\
from concurrent.futures import ProcessPoolExecutor
import nbformat
from tools.notebooks import execute, find

def run(path):
    execute(nbformat.read(path, as_version=4), folder=path.parent)

with ProcessPoolExecutor() as pool:
    list(pool.map(run, find()))
"""


def rows(*, opened: int = 5) -> list[Row]:
    """Build all decks, and the site after them; weigh the decks and open the heaviest."""
    packages()  # fetched once, not at each build
    shutil.rmtree(KEPT, ignore_errors=True)  # or no notebook would run
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as site:
        building = _seconds("-m", "tools.slides", "--output", folder)
        both = building + _seconds("-m", "tools.site", "--output", f"{site}/site")
        executing = _seconds("-c", EXECUTE)
        heaviest = max(Path(folder).glob("*/*.html"), key=lambda path: path.stat().st_size)
        middle = median(path.stat().st_size for path in Path(folder).glob("*/*.html"))
        size, parts = heaviest.stat().st_size, weigh(heaviest.read_text(encoding="utf-8"))
        painted, ready = open_deck(heaviest, times=opened) if CHROMIUM else (None, None)
    made_of = ", ".join(f"{name} {weight / 1e6:.2f}" for name, weight in parts.most_common())
    table = [
        Row(
            figure="make slides : executing all notebooks",
            measured=f"{building / executing:.2f} : 1 ({building:.0f} s : {executing:.0f} s)",
            aim="≤ 1.5 : 1",
            met=building <= 1.5 * executing,
        ),
        Row(
            figure="make slides and make site, which share one run : executing all notebooks",
            measured=f"{both / executing:.2f} : 1 ({both:.0f} s : {executing:.0f} s)",
            aim="≤ 1.6 : 1",
            met=both <= 1.6 * executing,
        ),
        Row(
            figure=f"the heaviest deck, {heaviest.stem}",
            measured=f"{size / 1e6:.2f} MB",
            aim="≤ 1.6 MB",
            met=size <= 1.6e6,
        ),
        Row(figure="  made of, in MB", measured=made_of),
        Row(figure="the median of the decks", measured=f"{middle / 1e6:.2f} MB", aim="≤ 1 MB", met=middle <= 1e6),
    ]
    if painted is None:
        return [*table, Row(figure="a deck opens", measured="skipped: no Chromium")]
    return [
        *table,
        Row(
            figure=f"a deck opens to a painted slide: median of {opened}",
            measured=f"{painted:.2f} s",
            aim="≤ 1.5 s",
            met=painted <= 1.5,
        ),
        Row(figure="  its explorers awake", measured=f"{ready:.2f} s"),
    ]


def weigh(deck: str) -> Counter:
    """Return the bytes of a deck by what they are."""
    parts = Counter({name: len(text) for name, text in re.findall(r'data-packed="([\w -]+)">([^<]*)<', deck)})
    parts["pictures"] = sum(map(len, re.findall(r'src="data:[^"]*"', deck)))
    parts["styles"] = sum(len(style.encode()) for style in re.findall(r"<style.*?</style>", deck, re.DOTALL))
    parts["the rest"] = len(deck.encode()) - parts.total()
    return parts


def open_deck(path: Path, *, times: int) -> tuple[float, float]:
    """Return the seconds until a slide is painted, and until all is ready; medians, after one that does not count."""
    seconds = []
    with chromium() as browser, new_context(browser) as context:
        for _ in range(times + 1):
            page = context.new_page()
            page.goto(path.as_uri())
            until_drawn(page, path.name)
            ready = page.evaluate("performance.now()")
            painted = page.evaluate("performance.getEntriesByName('slides')[0].startTime")
            seconds.append((painted / 1000, ready / 1000))
            page.close()
    painted, ready = (median(column) for column in zip(*seconds[1:], strict=True))
    return painted, ready


def _seconds(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start
