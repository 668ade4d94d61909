"""What Lighthouse thinks of the web edition; it comes from npm, pinned by a lock file of its own beside this file."""

import json
import os
from pathlib import Path

from tools.bench.table import Row
from tools.browser import CHROMIUM
from tools.web.npm import node, packages

_PAGES = ("index", "ru/02_gradient_descent", "en/03_backpropagation", "en/06_deep_network")
_SETTINGS = {"phone": [], "desktop": ["--preset=desktop"]}  # a slow phone is Lighthouse's own
_CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
_FLAGS = "--headless=new --no-sandbox --disable-gpu --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'"


def rows(address: str) -> list[Row]:
    """Return the lowest score of four pages in each category, on a phone and on a desktop."""
    found = []
    for window in _SETTINGS:
        scores = {page: _scores(f"{address}/{page}.html", window) for page in _PAGES}
        lowest = {category: min((scores[page][category], page) for page in _PAGES) for category in _CATEGORIES}
        found.append(
            Row(
                figure=f"Lighthouse, {window}, the lowest of {len(_PAGES)} pages",
                measured=", ".join(f"{category} {score} ({page})" for category, (score, page) in lowest.items()),
                aim="≥ 98 each",
                met=all(score >= 98 for score, _ in lowest.values()),
            )
        )
    return found


def _scores(address: str, window: str) -> dict[str, int]:
    program = packages(wanted=Path(__file__).parent) / "lighthouse/cli/index.js"
    settings = [*_SETTINGS[window], "--quiet", "--output=json", f"--only-categories={','.join(_CATEGORIES)}"]
    done = node(
        "node",
        [str(program), address, *settings, f"--chrome-flags={_FLAGS}"],
        env=os.environ | {"CHROME_PATH": CHROMIUM},
        capture_output=True,
        text=True,
        check=True,
    )
    categories = json.loads(done.stdout)["categories"]
    return {name: round(100 * categories[name]["score"]) for name in _CATEGORIES}
