"""Debian's Firefox without a window, spoken to by its own WebDriver BiDi.

Playwright would do it, but asks of Firefox what the long-lived edition cannot yet, and Selenium needs a driver that is
a download of its own. The protocol is one question and one answer at a time: https://w3c.github.io/webdriver-bidi.
"""

import itertools
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websocket

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
# Whatever is not on this machine is asked of a proxy that is not there.
_SETTINGS = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
}
_PATIENCE = 120  # seconds, for machines that are busy with other tests


class Firefox:
    """A window of Firefox, with what went wrong in it so far."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket, self._numbers = socket, itertools.count()
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self._window = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def open(self, address: str, *, width: int = 1440, height: int = 900) -> None:
        """Open a page in a window of this size, and wait until it is loaded."""
        size = {"width": width, "height": height}
        self._ask("browsingContext.setViewport", context=self._window, viewport=size)
        self._ask("browsingContext.navigate", context=self._window, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Return what a JavaScript expression, or its promise, comes to.

        Raises
        ------
        RuntimeError
            If it throws.
        """
        text = f"Promise.resolve({expression}).then((value) => JSON.stringify(value ?? null))"
        answer = self._ask("script.evaluate", expression=text, target={"context": self._window}, awaitPromise=True)
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def drag(self, x: float, y: float, distance: float) -> None:
        """Press the mouse at a point of the window, and release it so many pixels to the right."""
        points = [round(x + distance * part / 8) for part in range(9)]
        first, *others = [{"type": "pointerMove", "x": point, "y": round(y)} for point in points]
        press, release = ({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))
        mouse = {"type": "pointer", "id": "mouse", "actions": [first, press, *others, release]}
        self._ask("input.performActions", context=self._window, actions=[mouse])

    def _ask(self, method: str, **params: object) -> dict:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(self._socket.recv())).get("id") != number:
            self._note(answer)
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
        return answer["result"]

    def _note(self, event: dict) -> None:
        told = event.get("params", {})
        if event.get("method") == "log.entryAdded" and told["level"] == "error":
            self.errors.append(told["text"])
        if event.get("method") == "network.beforeRequestSent":
            self.requests.append(told["request"]["url"])


@contextmanager
def firefox() -> Iterator[Firefox]:
    """Start Firefox without a window and with nothing remembered."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        settings = "".join(f'user_pref("{name}", {json.dumps(value)});\n' for name, value in _SETTINGS.items())
        Path(home, "user.js").write_text(settings)
        command = [FIREFOX, "--headless", "--no-remote", "--profile", home, "--remote-debugging-port", "0"]
        variables = os.environ | {"HOME": home}
        process = subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            said = next(line for line in process.stderr if "WebDriver BiDi listening on" in line)
            address = re.search(r"ws://[\d.]+:\d+", said)[0]
            socket = websocket.create_connection(f"{address}/session", timeout=_PATIENCE, suppress_origin=True)
            yield Firefox(socket)
            socket.close()
        finally:
            process.terminate()
            process.wait(20)
            process.stderr.close()
