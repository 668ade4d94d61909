"""A real JupyterLab on this machine and a real Chromium to look at it, for the tests and the tools.bench."""

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    expect,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as TookTooLong

from tools.environment import served, unseen
from tools.web.errors import BuildError
from tools.web.npm import packages

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Chromium looks for updates of its own; the tests watch for any request that leaves the machine.
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# What a deck says of itself when it has done all that it does by itself: see deck.js.
_END = "(({ dataset }) => ('ready' in dataset || 'failed' in dataset) && { ...dataset })(document.documentElement)"


class Watched:
    """A page, with what went wrong on it so far."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.requests_elsewhere: list[str] = []
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("response", self._note_answer)
        page.on("request", lambda request: self._note(request.url))

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.errors.append(message.text)

    def _note_answer(self, response: Response) -> None:
        if response.status >= 400:  # the console says so, too, but not of what
            self.errors.append(f"{response.status} {response.request.method} {response.url}")

    def _note(self, url: str) -> None:
        self.requests.append(url)
        if not re.match(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|file:|about:|chrome-extension:", url):
            self.requests_elsewhere.append(url)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        try:
            yield browser
        finally:
            browser.close()


def new_context(
    browser: Browser,
    *,
    width: int = 1280,
    height: int = 720,
    offline: bool = False,
    scripts: bool = True,
    **settings: object,
) -> BrowserContext:
    """Open a window that waits long, for machines that are busy with other tests; in it, nothing moves by itself."""
    expect.set_options(timeout=60_000)
    size = {"width": width, "height": height}
    settings = {
        "viewport": size,
        "offline": offline,
        "java_script_enabled": scripts,
        "reduced_motion": "reduce",
    } | settings
    context = browser.new_context(**settings)
    context.set_default_timeout(60_000)
    return context


def until_drawn(page: Page, deck: str, *, patience: float = 90) -> None:
    """Wait until the deck on the page is drawn; by itself, it gives up sooner than in so many seconds.

    Raises
    ------
    BuildError
        If it cannot be drawn: with its name, and the reason.
    """
    try:
        end = page.wait_for_function(_END, timeout=1000 * patience).json_value()
    except TookTooLong:
        end = {"failed": f"it did not start in {patience:g} s"}
    if "failed" in end:
        raise BuildError(f"{deck} could not be drawn ({end['failed']}): run `make slides`, and then this again")


def drag(page: Page, handle: Locator, distance: float, *, down: float = 0) -> None:
    """Drag a handle to the right by so many pixels, or to the left; and down, or up."""
    handle.hover()  # comes into view, and stands still
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + distance, y + down, steps=8)
    page.mouse.up()


def violations(page: Page, call: str) -> str:
    """Return the serious and critical violations that axe-core finds, a line each; `call` calls axe.js."""
    page.add_script_tag(path=packages() / "axe-core/axe.min.js")
    page.add_script_tag(path=Path(__file__).with_name("axe.js"))
    return "\n".join(page.evaluate(call))


@contextmanager
def jupyterlab(root: Path, state: Path) -> Iterator[str]:
    """Serve `root` on a free port of this machine; give the address and the token as one URL prefix.

    What JupyterLab remembers goes to `state`, so that no run sees another's.
    """
    token = secrets.token_hex(16)
    variables = unseen() | {
        "JUPYTER_CONFIG_DIR": str(state / "config"),
        "JUPYTER_RUNTIME_DIR": str(state / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(state / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(state / "workspaces"),
        "JUPYTER_TOKEN": token,
    }
    state.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", *served(root)]
    with open(state / "server.log", "w") as log:
        server = subprocess.Popen(
            [*command, "--ServerApp.port=0", "--KernelManager.shutdown_wait_time=0.5"],
            env=variables,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield _address(state, server, token)
        finally:
            os.killpg(server.pid, signal.SIGTERM)  # the server and the kernels that it started
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def _address(state: Path, server: subprocess.Popen, token: str) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        for file in (state / "runtime").glob(f"jpserver-{server.pid}.json"):
            # The file is there before its text, and its text before the server answers.
            with suppress(json.JSONDecodeError, urllib.error.URLError):
                url = json.loads(file.read_text())["url"].replace("localhost", "127.0.0.1")
                with urllib.request.urlopen(f"{url}api?token={token}"):
                    return f"{url}{{}}?token={token}"
        time.sleep(0.1)
    raise RuntimeError(f"Jupyter did not start:\n{(state / 'server.log').read_text()}")
