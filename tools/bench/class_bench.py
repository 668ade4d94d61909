"""Measures a class: ``python -m tools.bench.class_bench 20``, which `make bench-class` runs as the administrator.

As many students as named log in at once, open notebook 02, run all of it, save it, and read back what was saved.
"""

import asyncio
import csv
import json
import os
import pwd
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tools.bench.table import Row, table
from tools.environment import ROOT

NOTEBOOK = "my/en/02_gradient_descent.ipynb"
_PATIENCE = 600


@dataclass(frozen=True, kw_only=True)
class Load:
    """What so many students at once cost, and how many of them did not come through."""

    students: int
    failures: list[str]
    seconds: float
    processor_seconds: float
    memory: float


@contextmanager
def a_class(students: int, folder: Path):
    """Start a class of new users; give the address, the passwords, and what kills the hub and starts it again."""
    names = folder / "names"
    names.write_text("\n".join(f"bench{number}" for number in range(students)))
    address, state = "http://127.0.0.1:8765", folder / "state"
    command = [sys.executable, "-m", "tools.classroom", names, "--address", address, "--state", state, "--most", "1000"]
    log = open(folder / "hub.log", "a")  # noqa: SIM115 closed when the class is over
    hub = [subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)]

    async def start_again() -> None:
        hub[-1].kill()
        hub[-1].wait()
        hub.append(subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log))
        await until_up(address)

    try:
        asyncio.run(until_up(address))
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


async def until_up(address: str) -> None:
    """Wait until the hub answers."""
    async with httpx.AsyncClient() as client:
        for _ in range(600):
            try:
                if (await client.get(f"{address}/hub/health")).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.2)
    raise RuntimeError("the hub did not start")


class Student:
    """A browser of a student, less what it draws."""

    def __init__(self, address: str, name: str, password: str) -> None:
        self.address, self.name, self.password = address, name, password
        self.client = httpx.AsyncClient(base_url=address, follow_redirects=True, timeout=_PATIENCE)

    async def log_in(self) -> None:
        """Log in, and wait until the server of one's own is there."""
        await self.client.get("/hub/login")
        data = {"username": self.name, "password": self.password, "_xsrf": self._xsrf("/hub/")}
        answer = await self.client.post("/hub/login", data=data)
        answer.raise_for_status()
        deadline = time.monotonic() + _PATIENCE
        while f"/user/{self.name}/" not in str(answer.url):
            if time.monotonic() > deadline:
                raise TimeoutError("no server")
            await asyncio.sleep(0.5)
            answer = await self.client.get(f"/user/{self.name}/api/status")
            if answer.status_code in (424, 503):  # not there yet
                answer = await self.client.get("/hub/spawn")
        (await self.client.get(f"/user/{self.name}/lab")).raise_for_status()

    async def work(self) -> None:
        """Run the whole notebook, save it, and see that what was saved is what was there."""
        notebook = (await self._api("GET", f"contents/{NOTEBOOK}"))["content"]
        kernel = await self._api("POST", "kernels", {"name": "python3", "path": NOTEBOOK})
        url = f"{self.address}/user/{self.name}/api/kernels/{kernel['id']}/channels"
        request = HTTPRequest(
            url.replace("http", "ws", 1), headers={"Cookie": self._cookies(url)}, connect_timeout=_PATIENCE
        )
        socket = await websocket_connect(request)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = await _run(socket, cell["source"])
        socket.close()
        await self._api("PUT", f"contents/{NOTEBOOK}", {"type": "notebook", "format": "json", "content": notebook})
        back = (await self._api("GET", f"contents/{NOTEBOOK}"))["content"]
        if [cell.get("outputs") for cell in back["cells"]] != [cell.get("outputs") for cell in notebook["cells"]]:
            raise ValueError("what was saved is not what was there")

    async def _api(self, method: str, path: str, content: dict | None = None) -> dict:
        headers = {"X-XSRFToken": self._xsrf(f"/user/{self.name}/")}
        url = f"/user/{self.name}/api/{path}"
        answer = await self.client.request(method, url, json=content, headers=headers)
        answer.raise_for_status()
        return answer.json()

    def _xsrf(self, path: str) -> str:
        return next((c.value for c in self.client.cookies.jar if c.name == "_xsrf" and c.path == path), "")

    def _cookies(self, url: str) -> str:
        return self.client.build_request("GET", url).headers["cookie"]


async def _run(socket: WebSocketClientConnection, source: str) -> list[dict]:
    """Run a cell; return the texts that it printed as outputs."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": "execute_request",
        "username": "",
        "session": "s",
        "version": "5.4",
    }
    content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    await socket.write_message(json.dumps(message | {"buffers": []}))
    outputs, replied, idle = [], False, False
    while not (replied and idle):
        got = await asyncio.wait_for(socket.read_message(), _PATIENCE)
        if got is None:
            raise ConnectionError("the kernel's connection was closed")
        if isinstance(got, bytes):
            continue  # a widget's table
        said = json.loads(got)
        if said["parent_header"].get("msg_id") != header["msg_id"]:
            continue
        kind = said["msg_type"]
        replied |= kind == "execute_reply"
        idle |= kind == "status" and said["content"]["execution_state"] == "idle"
        if kind == "stream":
            outputs.append({"output_type": "stream", "name": said["content"]["name"], "text": said["content"]["text"]})
        if kind == "error" and "shapes" not in said["content"]["evalue"]:
            raise RuntimeError(f"{said['content']['ename']}: {said['content']['evalue']}")
    return outputs


def load(students: int, *, killed: bool = False) -> Load:
    """Let so many students work at once; `killed` kills the hub in the middle and starts it again."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder, a_class(students, Path(folder)) as up:
        address, passwords, hub, start_again = up
        before = _processor_seconds([psutil.Process(hub[-1].pid)])
        start = time.monotonic()
        failures = asyncio.run(_all(address, passwords, start_again if killed else None))
        seconds = time.monotonic() - start
        theirs = [process for name in passwords for process in processes_of(name)]
        spent = _processor_seconds([*theirs, psutil.Process(hub[-1].pid)]) - (0 if killed else before)
        memory = sum(_proportional(process) for process in theirs) / students
    return Load(
        students=students, failures=failures, seconds=seconds, processor_seconds=spent / students, memory=memory
    )


async def _all(address: str, passwords: dict[str, str], start_again: object) -> list[str]:
    """Return what went wrong, a line for each student of whom anything did."""
    ready = asyncio.Event()

    async def one(name: str) -> str | None:
        student = Student(address, name, passwords[name])
        try:
            await student.log_in()
            await student.work()
            if start_again is not None:  # once all are in the middle
                waiting.append(name)
                if len(waiting) == len(passwords):
                    await start_again()
                    ready.set()
                await asyncio.wait_for(ready.wait(), _PATIENCE)
                await student.work()
        except Exception as error:  # whatever it is, the student did not come through
            return f"{name}: {type(error).__name__}: {error}"
        finally:
            await student.client.aclose()
        return None

    waiting: list[str] = []
    return [line for line in await asyncio.gather(*map(one, passwords)) if line]


def _processor_seconds(processes: Sequence[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        for one in (process, *(() if process.uids().real else process.children(recursive=True))):
            if one == process or one.uids().real == 0:  # the hub's own; the students' are counted by themselves
                times = one.cpu_times()
                total += times.user + times.system
    return total


def _proportional(process: psutil.Process) -> float:
    """Return the memory of a process in MiB, what it shares with others divided among them."""
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{process.pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1024


def rows(many: Sequence[int]) -> list[Row]:
    """Compare classes of these sizes to one student."""
    one, cores = load(1), os.cpu_count()
    found = [Row(figure="one student", measured=f"{one.seconds:.0f} s, {one.processor_seconds:.1f} processor-seconds")]
    for students in many:
        found += _rows_of(load(students), one, cores)
    half = load(min(many), killed=True)
    found.append(_failed(half, f"{half.students} students, the hub killed in the middle and started again: failures"))
    return found


def _rows_of(got: Load, one: Load, cores: int) -> list[Row]:
    ratio = got.seconds * cores / got.students / one.processor_seconds
    return [
        _failed(got, f"{got.students} students at once: failures and lost work"),
        Row(
            figure="  all done : processor time of one × students / cores",
            measured=f"{ratio:.1f} : 1 ({got.seconds:.0f} s)",
            aim="≤ 4 : 1",
            met=ratio <= 4,
        ),
        Row(
            figure="  processor time of each : of one alone",
            measured=f"{got.processor_seconds / one.processor_seconds:.2f} : 1",
        ),
        Row(
            figure="  memory of each",
            measured=f"{got.memory:.0f} MiB; 24 GiB hold {22 * 1024 / got.memory:.0f}",
            aim="≤ 330 MiB",
            met=got.memory <= 330,
        ),
    ]


def _failed(got: Load, figure: str) -> Row:
    said = f"{len(got.failures)} {'; '.join(got.failures[:3])}".strip()
    return Row(figure=figure, measured=said, aim="0", met=not got.failures)


if __name__ == "__main__":
    print(table(rows([int(argument) for argument in sys.argv[1:]] or [20, 40])))
