"""A class of new users on this machine, for the time of a measurement; and what a student in it does."""

import asyncio
import csv
import json
import os
import pwd
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClosedError, websocket_connect

from tools.environment import ROOT

PATIENCE = 900  # seconds: of a loaded machine, that of a browser has no end either


class FullError(Exception):
    """The page that tells a student that no more come in."""


@contextmanager
def a_class(students: int, folder: Path, *, most: int = 1000) -> Iterator[tuple]:
    """Start a class of new users; give the address, the passwords, and what kills the hub and starts it again."""
    names = folder / "names"
    names.write_text("\n".join(f"bench{number}" for number in range(students)))
    address, state = "http://127.0.0.1:8765", folder / "state"
    options = ["--address", address, "--state", state, "--most", str(most)]
    command = [sys.executable, "-m", "tools.classroom", names, *options]
    log = open(folder / "hub.log", "a")  # noqa: SIM115 closed when the class is over
    hub = [subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)]

    async def start_again() -> None:
        hub[-1].kill()
        hub[-1].wait()
        hub.append(subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log))
        await _until_up(address, hub[-1], Path(log.name))

    try:
        asyncio.run(_until_up(address, hub[-1], Path(log.name)))
        with open(state / "passwords.csv", encoding="utf-8", newline="") as file:
            passwords = dict(csv.reader(file))
        yield address, passwords, hub, start_again
    finally:
        hub[-1].send_signal(signal.SIGTERM)
        hub[-1].wait(60)
        _end_what_is_left(state, names.read_text().split())
        log.close()


def _end_what_is_left(state: Path, names: Sequence[str]) -> None:
    """End the proxy and the students' servers, which outlive their hub, and take the users away."""
    with_pid = state / "proxy.pid"
    if with_pid.exists():
        with suppress(ProcessLookupError):
            os.kill(int(with_pid.read_text()), signal.SIGTERM)
    for name in names:
        theirs = processes_of(name)
        for process in theirs:
            process.kill()
        psutil.wait_procs(theirs, timeout=30)
        subprocess.run(["userdel", "--force", "--remove", name], capture_output=True)


def processes_of(name: str) -> list[psutil.Process]:
    """Return the processes of a user."""
    uid = pwd.getpwnam(name).pw_uid
    return [process for process in psutil.process_iter(["uids"]) if process.info["uids"].real == uid]


async def _until_up(address: str, hub: subprocess.Popen, log: Path) -> None:
    """Wait until the hub answers; if it has ended instead, end with what it said last."""

    async def health() -> httpx.Response:
        if hub.poll() is not None:
            sys.exit(f"The class did not start: {(log.read_text().splitlines() or ['it said nothing'])[-1]}")
        return await client.get("/hub/health")

    async with httpx.AsyncClient(base_url=address) as client:
        while (await _again(health)).status_code != 200:
            await asyncio.sleep(0.2)


class Student:
    """A browser of a student, less what it draws."""

    def __init__(self, address: str, name: str, password: str) -> None:
        self.address, self.name, self.password = address, name, password
        self.client = httpx.AsyncClient(base_url=address, follow_redirects=True, timeout=PATIENCE)

    async def log_in(self) -> None:
        """Log in, and wait until the server of one's own is there."""
        await self.client.get("/hub/login")
        data = {"username": self.name, "password": self.password, "_xsrf": self._xsrf("/hub/")}
        answer = await self.client.post("/hub/login", data=data)
        deadline = time.monotonic() + PATIENCE
        while f"/user/{self.name}/" not in str(answer.url):
            if answer.status_code == 429:
                raise FullError(answer.text)
            if time.monotonic() > deadline:
                raise TimeoutError("no server")
            await asyncio.sleep(0.5)
            answer = await self.client.get(f"/user/{self.name}/api/status")
            if answer.status_code in (424, 503):  # not there yet
                answer = await self.client.get("/hub/spawn")
        (await self.client.get(f"/user/{self.name}/lab")).raise_for_status()

    async def work(self, notebook: str, *, in_the_middle: Callable | None = None) -> None:
        """Run a whole notebook, save it, and see that what was saved is what was there."""
        path = f"my/en/{notebook}.ipynb"
        content = (await self._api("GET", f"contents/{path}"))["content"]
        kernel = await self._api("POST", "kernels", {"name": "python3", "path": path})
        session = _Session(self, f"{self.address}/user/{self.name}/api/kernels/{kernel['id']}/channels")
        cells = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
        for number, cell in enumerate(cells):
            if in_the_middle is not None and number == len(cells) // 2:
                await in_the_middle()
            may_fail = "raises-exception" in cell["metadata"].get("tags", [])
            cell["outputs"] = await session.run(cell["source"], may_fail=may_fail)
        session.socket.close()
        await self._api("PUT", f"contents/{path}", {"type": "notebook", "format": "json", "content": content})
        back = (await self._api("GET", f"contents/{path}"))["content"]
        if [cell.get("outputs") for cell in back["cells"]] != [cell.get("outputs") for cell in content["cells"]]:
            raise ValueError("what was saved is not what was there")

    async def _api(self, method: str, path: str, content: dict | None = None) -> dict:
        headers = {"X-XSRFToken": self._xsrf(f"/user/{self.name}/")}
        url = f"/user/{self.name}/api/{path}"
        answer = await _again(lambda: self.client.request(method, url, json=content, headers=headers))
        answer.raise_for_status()
        return answer.json()

    def _xsrf(self, path: str) -> str:
        return next((c.value for c in self.client.cookies.jar if c.name == "_xsrf" and c.path == path), "")

    def cookies(self, url: str) -> str:
        """Return the header that tells who this is."""
        return self.client.build_request("GET", url).headers["cookie"]


class _Session:
    """A connection to a kernel that, as JupyterLab's, comes back after a break, and then hears what it has missed."""

    def __init__(self, student: Student, url: str) -> None:
        self.student, self.session, self.socket = student, uuid.uuid4().hex, None
        self.url = f"{url}?session_id={self.session}"

    async def run(self, source: str, *, may_fail: bool) -> list[dict]:
        """Run a cell; return the texts that it printed as outputs."""
        named = {"msg_id": uuid.uuid4().hex, "session": self.session, "username": "", "version": "5.4"}
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": False}
        await self._send({"header": named | {"msg_type": "execute_request"}, "content": content, "channel": "shell"})
        outputs, replied, idle = [], False, False
        while not (replied and idle):
            said = await self._heard()
            if said["parent_header"].get("msg_id") != named["msg_id"]:
                continue
            kind, content = said["msg_type"], said["content"]
            replied |= kind == "execute_reply"
            idle |= kind == "status" and content["execution_state"] == "idle"
            if kind == "stream":
                outputs.append({"output_type": "stream", "name": content["name"], "text": content["text"]})
            if kind == "error" and not may_fail and "shapes" not in content["evalue"]:
                raise RuntimeError(f"{content['ename']}: {content['evalue']}")
        return outputs

    async def _send(self, message: dict) -> None:
        while True:
            try:
                if self.socket is None:
                    await self._connect()
                await self.socket.write_message(
                    json.dumps(message | {"parent_header": {}, "metadata": {}, "buffers": []})
                )
                return
            except WebSocketClosedError:
                self.socket.close()
                self.socket = None

    async def _heard(self) -> dict:
        while True:
            got = await asyncio.wait_for(self.socket.read_message(), PATIENCE)
            if got is None:
                self.socket.close()
                await self._connect()
            elif isinstance(got, str):  # bytes are a widget's table
                return json.loads(got)

    async def _connect(self) -> None:
        url = self.url.replace("http", "ws", 1)
        request = HTTPRequest(
            url,
            headers={"Cookie": self.student.cookies(self.url)},
            connect_timeout=PATIENCE,
            request_timeout=PATIENCE,
        )
        self.socket = await _again(lambda: websocket_connect(request))


async def _again(ask: Callable) -> object:
    """Ask until somebody answers: while the hub starts again, there is no proxy for a while."""
    for _ in range(PATIENCE):
        try:
            answer = await ask()
            if getattr(answer, "status_code", 200) not in (502, 503):
                return answer
        except (httpx.TransportError, OSError):
            pass
        except Exception as error:  # tornado's, for what a proxy answers that does not know the student yet
            if getattr(error, "code", None) not in (404, 502, 503, 599):
                raise
        await asyncio.sleep(1)
    raise TimeoutError("nobody answers")
