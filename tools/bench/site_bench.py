"""What the pages of the web edition weigh, and how soon they are read on a slow phone.

The phone is Chromium's own: a processor four times as slow, and a line of 10 Mbit/s; a server of this machine sends the
pages packed, as hosts do. Lighthouse looks at four of them, with a phone and a desktop of its own.
"""

import functools
import gzip
import http.server
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from tools.bench import lighthouse
from tools.bench.table import Row, table
from tools.browser import CHROMIUM, chromium
from tools.site.build import build
from tools.site.layout import Whereabouts

# What the browser notes from the page's first moment on: the first words painted, and how much the page has shifted.
_NOTE = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
_BLANK = "blank.html"
_AWAKE = """async () => {
  const explorer = document.querySelector(".explorer");
  if (!explorer) return null;
  const start = performance.now();
  explorer.scrollIntoView();
  while (!("ready" in explorer.dataset)) await new Promise(requestAnimationFrame);
  return performance.now() - start;
}"""


def rows(*, opened: int = 3) -> list[Row]:
    """Build the site, weigh its pages and open each as on a slow phone."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "site"
        list(build(output=root, whereabouts=Whereabouts(base="https://lecture.example/")))
        pages = sorted(root.glob("*/*.html"))
        heaviest = max(pages, key=lambda page: first_load(root, page))
        weight = first_load(root, heaviest)
        whole = sum(file.stat().st_size for file in root.rglob("*") if file.is_file())
        (root / _BLANK).write_text(f"<!DOCTYPE html><title>{_BLANK}</title><p>A word.")
        if CHROMIUM:
            with _served(root) as address:
                seen = opened_as_on_a_phone(address, pages, times=opened)
                blank, *_ = opened_as_on_a_phone(address, [root / _BLANK], times=opened)
                judged = lighthouse.rows(address)
    size = Row(
        figure=f"first load of the heaviest page, {heaviest.parent.name}/{heaviest.stem}, packed",
        measured=f"{weight / 1000:.0f} KB (the whole site {whole / 1e6:.1f} MB)",
        aim="≤ 150 KB",
        met=weight <= 150_000,
    )
    if not CHROMIUM:
        return [size, Row(figure="a page opens on a slow phone", measured="skipped: no Chromium")]
    painted, awake, shifted = seen
    return [
        size,
        _slowest("first words painted on a slow phone", painted, unit="s", aim=0.3),
        Row(figure="  a page of one word, which no page can be faster than", measured=f"{min(blank.values()):.2f} s"),
        _slowest("an explorer answers once it is near", awake, unit="s", aim=0.7),
        _slowest("layout shift", shifted, unit="", aim=0.05),
        *judged,
    ]


def first_load(root: Path, page: Path) -> int:
    """Return the bytes, packed, that come before a page can be read and used, but for the explorers' data."""
    html = page.read_text(encoding="utf-8")
    parts = re.findall(r'(?:href|src)="\.\./(assets/[\w.-]+\.(?:css|js))"', html)
    return sum(len(gzip.compress(file.read_bytes())) for file in (page, *(root / part for part in parts)))


def opened_as_on_a_phone(address: str, pages: list[Path], *, times: int) -> list[dict[str, float]]:
    """Return by page, as medians: seconds to the first words, seconds for an explorer to wake, and the layout shift."""
    found: list[dict[str, float]] = [{}, {}, {}]
    with chromium() as browser:
        for page in pages:
            name = page.stem if page.name == _BLANK else f"{page.parent.name}/{page.stem}"
            seen = [_open(browser, f"{address}/{name}.html") for _ in range(times)]
            for one, values in zip(found, zip(*seen, strict=True), strict=True):
                if None not in values:
                    one[name] = median(values)
    return found


def _open(browser: Browser, address: str) -> tuple[float, float | None, float]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.add_init_script(_NOTE)
    devtools = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    line = {"offline": False, "latency": 0, "downloadThroughput": 10e6 / 8, "uploadThroughput": 10e6 / 8}
    devtools.send("Network.emulateNetworkConditions", line)
    page.goto(address)
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page.wait_for_timeout(300)
    awake = page.evaluate(_AWAKE)
    shifted = page.evaluate("shifted")
    context.close()
    return painted / 1000, None if awake is None else awake / 1000, shifted


def _slowest(figure: str, values: dict[str, float], *, unit: str, aim: float) -> Row:
    name = max(values, key=values.get)
    return Row(
        figure=f"{figure}: the worst page, {name}",
        measured=f"{values[name]:.2f} {unit} (median of pages {median(values.values()):.2f} {unit})",
        aim=f"≤ {aim} {unit}".strip(),
        met=values[name] <= aim,
    )


@contextmanager
def _served(root: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Packed, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Packed(http.server.SimpleHTTPRequestHandler):
    """Sends texts packed, and says nothing."""

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if not file.is_file() or file.suffix not in (".html", ".css", ".js", ".svg"):
            return super().do_GET()
        packed = _packed(file)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)
        return None

    def log_message(self, *_: object) -> None:
        pass


@functools.cache
def _packed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes())


if __name__ == "__main__":
    print(table(rows()))
