"""Measures a class: ``python -m tools.bench.class_bench 20 40``, which `make bench-class` runs as the administrator.

As many students as named log in at once, open notebook 02, run all of it, save it, and read back what was saved; half
of the fewest do so with notebook 06; the fewest, while the hub is killed in the middle; and one comes too many.
"""

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tools.bench.a_class import PATIENCE, FullError, Student, a_class, processes_of
from tools.bench.table import Row, table

USUAL, LARGEST = "02_gradient_descent", "06_deep_network"
_FOR_STUDENTS = 22 << 10  # MiB, of 24 GiB


@dataclass(frozen=True, kw_only=True)
class Load:
    """What so many students at once cost, and how many of them did not come through.

    Attributes
    ----------
    taken_by_others : float
        Processor seconds that everything else on the machine took meanwhile, the students' browsers among it.
    processor_seconds, memory : float
        Of each student.
    """

    students: int
    failures: list[str]
    seconds: float
    taken_by_others: float
    processor_seconds: float
    memory: float


def load(students: int, *, notebook: str = USUAL, killed: bool = False) -> Load:
    """Let so many students work at once; `killed` kills the hub in the middle and starts it again."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder, a_class(students, Path(folder)) as up:
        address, passwords, hub, start_again = up
        before, busy = _spent([psutil.Process(hub[-1].pid)]), _busy()
        start = time.monotonic()
        failures = asyncio.run(all_work(address, passwords, notebook, start_again if killed else None))
        seconds = time.monotonic() - start
        theirs = [process for name in passwords for process in processes_of(name)]
        spent = _spent([*theirs, psutil.Process(hub[-1].pid)]) - (0 if killed else before)
        return Load(
            students=students,
            failures=failures,
            seconds=seconds,
            taken_by_others=_busy() - busy - spent,
            processor_seconds=spent / students,
            memory=sum(map(_proportional, theirs)) / students,
        )


async def all_work(
    address: str, passwords: dict[str, str], notebook: str = USUAL, start_again: Callable | None = None
) -> list[str]:
    """Return what went wrong, a line for each student of whom anything did.

    With `start_again`, all go on as soon as each of them is in the middle of the notebook, and the hub is killed then.
    """
    everybody, left = asyncio.Event(), set(passwords)

    async def there(name: str) -> None:
        left.discard(name)
        if not left and not everybody.is_set():
            everybody.set()
            await start_again()
        await asyncio.wait_for(everybody.wait(), PATIENCE)

    async def one(name: str) -> str | None:
        student = Student(address, name, passwords[name])
        try:
            await student.log_in()
            await student.work(notebook, in_the_middle=start_again and (lambda: there(name)))
        except Exception as error:  # whatever it is, the student did not come through
            left.discard(name)
            if not left:
                everybody.set()
            return f"{name}: {type(error).__name__}: {error}"
        finally:
            await student.client.aclose()
        return None

    return [line for line in await asyncio.gather(*map(one, passwords)) if line]


def one_too_many() -> Row:
    """Let three students come into a class for two."""

    async def all_come(address: str, passwords: dict[str, str]) -> list[str]:
        async def one(name: str) -> str:
            student = Student(address, name, passwords[name])
            try:
                await student.log_in()
                await student.work(USUAL)
                return "worked"
            except FullError as page:
                return "was told so" if "The class is full" in str(page) else "got a page that says nothing of it"
            except Exception as error:  # whatever it is, it hurt
                return f"{type(error).__name__}: {error}"
            finally:
                await student.client.aclose()

        return await asyncio.gather(*map(one, passwords))

    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder, a_class(3, Path(folder), most=2) as up:
        said = sorted(asyncio.run(all_come(*up[:2])))
    return Row(
        figure="3 students come into a class for 2",
        measured=", ".join(f"one {what}" for what in said),
        aim="one is told so, nobody is hurt",
        met=said == ["was told so", "worked", "worked"],
    )


def _spent(processes: Sequence[psutil.Process]) -> float:
    """Return the processor seconds of students' processes, and of the hub's with its own services."""
    total = 0.0
    for process in processes:
        children = [] if process.uids().real else process.children(recursive=True)
        for one in (process, *(child for child in children if child.uids().real == 0)):
            with suppress(psutil.NoSuchProcess):
                total += sum(one.cpu_times()[:4])  # its own, and of its children that have ended
    return total


def _busy() -> float:
    times = psutil.cpu_times()
    return sum(times) - times.idle - times.iowait - times.guest - times.guest_nice


def _proportional(process: psutil.Process) -> float:
    """Return the memory of a process in MiB, what it shares with others divided among them."""
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{process.pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1024


def rows(many: Sequence[int]) -> list[Row]:
    """Compare classes of these sizes to one student."""
    one = load(1)
    few = min(many)
    killed = load(few, killed=True)
    largest = load(max(1, few // 2), notebook=LARGEST)
    return [
        Row(figure="one student", measured=f"{one.seconds:.0f} s, {one.processor_seconds:.1f} processor-seconds"),
        *(row for students in many for row in _rows_of(load(students), one)),
        _failed(killed, "the hub killed in the middle and started again: students who lost a cell"),
        _failed(largest, "with notebook 06: failures and lost work"),
        Row(figure="  memory of each", measured=_memory(largest)),
        one_too_many(),
    ]


def _rows_of(got: Load, one: Load) -> list[Row]:
    ratio = (got.seconds * os.cpu_count() - got.taken_by_others) / got.students / one.processor_seconds
    return [
        _failed(got, "at once: failures and lost work"),
        Row(
            figure="  all done, in what others left of the processors : processor time of one × students",
            measured=f"{ratio:.1f} : 1 ({got.seconds:.0f} s)",
            aim="≤ 4 : 1",
            met=ratio <= 4,
        ),
        Row(
            figure="  processor time of each : of one alone",
            measured=f"{got.processor_seconds / one.processor_seconds:.2f} : 1",
        ),
        Row(figure="  memory of each", measured=_memory(got), aim="≤ 330 MiB", met=got.memory <= 330),
    ]


def _memory(got: Load) -> str:
    return f"{got.memory:.0f} MiB; 24 GiB hold {_FOR_STUDENTS / got.memory:.0f}"


def _failed(got: Load, figure: str) -> Row:
    said = f"{len(got.failures)} {'; '.join(got.failures[:3])}".strip()
    return Row(figure=f"{got.students} students, {figure}", measured=said, aim="0", met=not got.failures)


if __name__ == "__main__":
    print(table(rows([int(argument) for argument in sys.argv[1:]] or [20, 40])))
