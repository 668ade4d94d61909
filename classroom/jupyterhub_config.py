"""The hub of a class on one machine, as `tools.classroom` starts it: it has put into CLASS_… what is not here."""

import asyncio
import os
import pwd
import sys
from pathlib import Path

c = get_config()  # noqa: F821 JupyterHub's own

STATE = Path(os.environ["CLASS_STATE"])  # which only the administrator may read
ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
LAID = "my/.laid"  # in the folder of the lecture: which copies were last laid there

c.JupyterHub.bind_url = os.environ["CLASS_ADDRESS"]
c.JupyterHub.db_url = f"sqlite:///{STATE}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{STATE}/cookie_secret"
c.JupyterHub.hub_port = int(os.environ["CLASS_HUB_PORT"])
c.ConfigurableHTTPProxy.command = os.environ["CLASS_PROXY"].split("\n")
c.ConfigurableHTTPProxy.pid_file = f"{STATE}/proxy.pid"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{os.environ['CLASS_PROXY_PORT']}"
# A hub that ends or is killed leaves the students' servers as they are, and finds them again.
c.JupyterHub.cleanup_servers = False
# One too many is told so on a page; nobody else is hurt.
c.JupyterHub.active_server_limit = int(os.environ["CLASS_MOST"])
c.JupyterHub.template_paths = [str(ROOT / "classroom/templates")]
c.JupyterHub.concurrent_spawn_limit = 0  # it is no queue: whoever came later would be sent away

c.JupyterHub.authenticator_class = "pam"
c.Authenticator.allowed_users = set(os.environ["CLASS_NAMES"].split())
c.PAMAuthenticator.open_sessions = False

c.JupyterHub.spawner_class = "localprocess"
# The limit of memory holds for each process, so for each kernel: LocalProcessSpawner's own mem_limit does nothing.
c.Spawner.cmd = ["prlimit", f"--data={os.environ['CLASS_MEMORY']}", str(BIN / "jupyterhub-singleuser")]
c.Spawner.notebook_dir = "~/lecture"
c.Spawner.default_url = "/lab/tree/my/start.ipynb"
# A whole class that comes at once on a small machine waits; it is not sent away.
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
c.Spawner.env_keep = ["LANG", "LC_ALL", "LD_LIBRARY_PATH"]
c.Spawner.environment = {
    "JUPYTER_CONFIG_PATH": str(ROOT / "classroom/jupyter"),
    "JUPYTER_RUNTIME_DIR": lambda spawner: f"{pwd.getpwnam(spawner.user.name).pw_dir}/.jr",  # a socket's path is short
    "OMP_NUM_THREADS": "1",  # there are more students than processors
    "PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin",
    "PYTHONUTF8": "1",
    "SHELL": "/bin/bash",
}


_few = asyncio.Semaphore(os.cpu_count())


async def lay_copies(spawner):
    """Lay the copies in a home that has not those of today's lecture; as the student, who owns what is there."""
    user = pwd.getpwnam(spawner.user.name)
    lecture = Path(user.pw_dir, "lecture")
    version = (STATE / "version").read_text()
    try:
        if (lecture / LAID).read_text() == version:
            return
    except OSError:
        pass
    new = not lecture.exists()
    unpack = ["tar", "--extract", "--skip-old-files", "--no-same-owner", f"--directory={user.pw_dir}"]
    lay = [sys.executable, "-m", "tools.copies", str(lecture), "--version", version]
    async with _few:
        with open(STATE / "copies.tar", "rb") as copies:
            process = await asyncio.create_subprocess_exec(
                *(unpack if new else lay),
                stdin=copies,
                user=user.pw_uid,
                group=user.pw_gid,
                extra_groups=[],
                cwd=ROOT,
                env={"HOME": user.pw_dir, "PATH": os.defpath, "PYTHONUTF8": "1"},
            )
            if await process.wait() != 0:
                raise RuntimeError("the copies of the lecture cannot be laid: see the hub's log")


c.Spawner.pre_spawn_hook = lay_copies

_culler = [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600", "--cull-every=300"]
# The system ends it with its hub, even with one that is killed.
c.JupyterHub.services = [{"name": "culler", "command": ["setpriv", "--pdeathsig", "TERM", *_culler]}]
c.JupyterHub.load_roles = [
    {
        "name": "culler",
        "services": ["culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    }
]
