"""Runs a student's code in a process of its own: limited, without network, and unable to change a file.

What it may do is taken from it in two steps. A warden leaves the network, the processes and the writable files of the
machine, by Linux's namespaces; the code runs in the warden's child, as another user if the administrator started it.
When the child ends, all that it started ends.
"""

import ctypes
import os
import resource
import select
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_NEW_FILES, _NEW_PROCESSES, _NEW_NETWORK = 0x00020000, 0x20000000, 0x40000000
_NEW_TALK, _NEW_USERS = 0x08000000, 0x10000000
_BIND, _MOVE, _RECURSIVE, _PRIVATE = 1 << 12, 1 << 13, 1 << 14, 1 << 18
_MOUNT_SETATTR = 442  # the number of the call, on every processor
_NO_NEW_PRIVILEGES, _DIE_WITH_PARENT = 38, 1


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What code may use, and as whom it runs.

    Attributes
    ----------
    seconds : float
        Of processor time; three times as many by the clock.
    memory : int
        Bytes of data, those of the lecture's own notebook included.
    printed, file : int
        Bytes that it may print, and that a file may have.
    user : tuple of int, optional
        The numbers of the user and group that it runs as; as whoever runs this, by default.
    hidden : sequence of str
        Folders that it finds empty.
    kept : sequence of str
        What it finds in them all the same.
    """

    seconds: float = 20
    memory: int = 2 << 30
    printed: int = 10_000_000
    file: int = 10_000_000
    user: tuple[int, int] | None = None
    hidden: Sequence[str] = ()
    kept: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it: the answer of the code, or else what ended it; what of the confinement there was."""

    answer: bytes
    end: str
    confined: bool


def run(code: Callable[[], bytes], *, scratch: Path, limits: Limits) -> Outcome:
    """Run `code` in a confined fork of this process, with `scratch`, which is empty, as its only writable folder."""
    read, write = os.pipe()
    warden = os.fork()
    if warden == 0:
        try:
            os.close(read)
            outcome = _guard(code, scratch, limits)
            _write(write, b"%d%s\0%s" % (outcome.confined, outcome.end.encode(), outcome.answer))
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read()
    os.waitpid(warden, 0)
    end, _, answer = said.partition(b"\0")
    return Outcome(answer=answer, end=end[1:].decode() if end else "was ended", confined=end[:1] == b"1")


def _guard(code: Callable[[], bytes], scratch: Path, limits: Limits) -> Outcome:
    """Run the code in a child, and end it when it takes too much."""
    os.setsid()
    confined = _leave_the_machine(scratch, limits)
    answers, answer = os.pipe()
    prints, printing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.dup2(answer, 3)
            os.dup2(printing, 1)
            os.dup2(printing, 2)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.closerange(4, 4096)
            os.chdir(scratch)
            _give_up_rights(limits)
            _write(3, code())
        finally:
            os._exit(0)
    os.close(answer)
    os.close(printing)
    return _watch(child, answers, prints, limits, confined=confined)


def _watch(child: int, answers: int, prints: int, limits: Limits, *, confined: bool) -> Outcome:
    """Listen to the child until it is over, or has had enough time or said too much."""
    deadline = time.monotonic() + 3 * limits.seconds
    said = {answers: bytearray(), prints: bytearray()}
    printed, end, running = 0, "", True
    for pipe in said:
        os.set_blocking(pipe, False)
    while running and not end:
        running = _is_running(child)  # asked before the last look at what it said
        select.select(list(said), [], [], 0.02)
        for pipe in said:
            said[pipe] += _read(pipe)
        printed, said[prints] = printed + len(said[prints]), bytearray()
        if max(printed, len(said[answers])) > limits.printed:
            end = f"printed more than {limits.printed / 1e6:.0f} MB"
        elif time.monotonic() > deadline:
            end = f"took longer than {3 * limits.seconds:g} s"
    if running:
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    end = end or _reason(status, limits)
    answer = b"" if end else bytes(said[answers])
    return Outcome(answer=answer, end=end or ("" if answer else "ended its process"), confined=confined)


def _read(pipe: int) -> bytes:
    """Return what a pipe has now."""
    found = b""
    while True:
        try:
            piece = os.read(pipe, 1 << 16)
        except BlockingIOError:
            return found
        if not piece or len(found) > 1 << 22:
            return found + piece
        found += piece


def _reason(status: int, limits: Limits) -> str:
    """Return why the system ended a child, if it did."""
    if not os.WIFSIGNALED(status):
        return ""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    if os.WTERMSIG(status) == signal.SIGKILL and spent.ru_utime + spent.ru_stime > 0.9 * limits.seconds:
        return f"took longer than {limits.seconds:g} s"
    return f"crashed ({signal.Signals(os.WTERMSIG(status)).name})"


def _is_running(child: int) -> bool:
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def _leave_the_machine(scratch: Path, limits: Limits) -> bool:
    """Enter namespaces without network, other processes and writable files; return whether the system let us."""
    own = os.geteuid(), os.getegid()
    flags = _NEW_FILES | _NEW_PROCESSES | _NEW_NETWORK | _NEW_TALK | (0 if own[0] == 0 else _NEW_USERS)
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "unshare") or libc.unshare(flags) != 0:
        return False
    if own[0] != 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{own[0]} {own[0]} 1")
        Path("/proc/self/gid_map").write_text(f"{own[1]} {own[1]} 1")
    try:
        _shut_the_files(libc, scratch, limits)
    except OSError:
        return False
    return True


def _shut_the_files(libc: ctypes.CDLL, scratch: Path, limits: Limits) -> None:
    """Make all files read-only but those in `scratch`, and empty the hidden folders but for what is kept in them."""

    def mount(source: object, target: object, kind: bytes | None, flags: int, data: bytes | None = None) -> None:
        if libc.mount(os.fsencode(source), os.fsencode(target), kind, ctypes.c_ulong(flags), data) != 0:
            raise OSError(ctypes.get_errno(), f"cannot mount {target}")

    def make_read_only(place: object) -> None:
        attributes = (ctypes.c_uint64 * 4)(1, 0, 0, 0)
        if libc.syscall(_MOUNT_SETATTR, -100, os.fsencode(place), 0x8000, ctypes.byref(attributes), 32) != 0:
            raise OSError(ctypes.get_errno(), f"cannot make {place} read-only")

    mount("none", "/", None, _PRIVATE | _RECURSIVE)
    make_read_only("/")
    mount("tmpfs", scratch, b"tmpfs", 0, b"size=64m,nr_inodes=2000,mode=1777")
    for folder in filter(os.path.isdir, limits.hidden):
        kept = [place for place in limits.kept if Path(place).is_relative_to(folder) and os.path.isdir(place)]
        stash = [scratch / str(number) for number in range(len(kept))]
        for place, aside in zip(kept, stash, strict=True):
            aside.mkdir()
            mount(place, aside, None, _BIND | _RECURSIVE)
        mount("tmpfs", folder, b"tmpfs", 0, b"size=64k,mode=0755")
        for place, aside in zip(kept, stash, strict=True):
            os.makedirs(place, exist_ok=True)
            mount(aside, place, None, _MOVE)
            aside.rmdir()
        make_read_only(folder)


def _give_up_rights(limits: Limits) -> None:
    libc = ctypes.CDLL(None)
    most = {
        resource.RLIMIT_CPU: int(limits.seconds) + 1,
        resource.RLIMIT_DATA: limits.memory,
        resource.RLIMIT_FSIZE: limits.file,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 256,
    }
    for kind, most_of_it in most.items():
        resource.setrlimit(kind, (most_of_it, most_of_it))
    if limits.user is not None:
        resource.setrlimit(resource.RLIMIT_NPROC, (200, 200))
        os.setgroups([])
        os.setresgid(limits.user[1], limits.user[1], limits.user[1])
        os.setresuid(limits.user[0], limits.user[0], limits.user[0])
    if hasattr(libc, "prctl"):
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        libc.prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
        libc.capset(ctypes.byref(header), ctypes.byref(none))


def _write(pipe: int, data: bytes) -> None:
    while data:
        data = data[os.write(pipe, data) :]
