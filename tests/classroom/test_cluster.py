"""More than one machine: what repo2docker would build, and the pod that KubeSpawner would ask a cluster for."""

import asyncio
import os
import re
from types import SimpleNamespace

import pytest
import yaml

from tests.pins import pins
from tools.environment import ROOT

pytest.importorskip("repo2docker", reason="repo2docker is not installed: make test-class")
pytest.importorskip("kubespawner", reason="kubespawner is not installed: make test-class")

LECTURE = "/srv/lecture"
VALUES = yaml.safe_load((ROOT / "classroom/zero-to-jupyterhub.yaml").read_text(encoding="utf-8"))
PINS = dict(pins())


@pytest.fixture
def buildpack(monkeypatch):
    from repo2docker.buildpacks import CondaBuildPack

    monkeypatch.chdir(ROOT)
    pack = CondaBuildPack(base_image="docker.io/library/buildpack-deps:noble")
    pack.platform = "linux/amd64"
    assert pack.detect(), "repo2docker would build something else than the environment of binder/"
    return pack


def environment():
    return yaml.safe_load((ROOT / "binder/environment.yml").read_text(encoding="utf-8"))["dependencies"]


def test_the_image_has_the_python_and_the_versions_that_were_tested(buildpack):
    assert buildpack.python_version == "3.11"
    dockerfile = buildpack.render({"REPO_DIR": LECTURE})
    steps = [dockerfile.index(step) for step in ("COPY --chown=1000:1000 src/", "binder/environment.yml", "/postBuild")]
    assert steps == sorted(steps), "the lecture is installed before it is there"
    (pip,) = (entry["pip"] for entry in environment() if isinstance(entry, dict))
    option, path = pip[0].split()
    assert option == "--constraint"
    assert (ROOT / "binder" / path).resolve() == ROOT / "constraints.txt"


def test_the_image_has_the_lecture_installed_and_not_its_tests():
    (pip,) = (entry["pip"] for entry in environment() if isinstance(entry, dict))
    (project,) = (entry for entry in pip if entry.startswith(".."))
    assert (ROOT / "binder" / project).resolve() == ROOT, "nothing is installed, or only some extras"
    assert not any("editable" in entry or "-e" in entry.split() for entry in pip)
    assert "jupyterhub" in pip  # as constraints.txt pins it, which is the hub's version, too


def test_what_builds_the_image_runs_by_itself():
    script = ROOT / "binder/postBuild"
    assert os.access(script, os.X_OK)
    for module in re.findall(r"python -m ([\w.]+)", script.read_text(encoding="utf-8")):
        assert (ROOT / module.replace(".", "/")).with_suffix(".py").exists(), module


@pytest.fixture
def pod(monkeypatch, tmp_path):
    """Return the manifest of a student's pod, with what Zero to JupyterHub makes of the values."""
    dummy = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "none", "cluster": {"server": "http://127.0.0.1:9"}}],
        "users": [{"name": "nobody", "user": {"token": "-"}}],
        "contexts": [{"name": "none", "context": {"cluster": "none", "user": "nobody"}}],
        "current-context": "none",
    }
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(dummy))
    config = "kubernetes_asyncio.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION"
    monkeypatch.setattr(config, str(tmp_path / "kubeconfig"))
    values = VALUES["singleuser"]

    async def manifest():
        from jupyterhub.objects import Hub, Server
        from kubespawner import KubeSpawner

        user = SimpleNamespace(id=1, name="ann", escaped_name="ann", admin=False, settings={}, url="/user/ann/")
        spawner = KubeSpawner(hub=Hub(public_host="", base_url="/hub/"), user=user, _mock=True)
        spawner.server = Server()
        spawner.image = f"{values['image']['name']}:{values['image']['tag']}"
        spawner.cmd = [values["cmd"]]
        spawner.mem_guarantee, spawner.mem_limit = values["memory"]["guarantee"], values["memory"]["limit"]
        spawner.cpu_guarantee, spawner.cpu_limit = values["cpu"]["guarantee"], values["cpu"]["limit"]
        spawner.environment = values["extraEnv"]
        spawner.lifecycle_hooks = values["lifecycleHooks"]
        spawner.volumes = [{"name": "home", "persistentVolumeClaim": {"claimName": "claim-ann"}}]
        spawner.volume_mounts = [{"name": "home", "mountPath": values["storage"]["homeMountPath"]}]
        return (await spawner.get_pod_manifest()).to_dict()

    return asyncio.run(manifest())


def test_a_students_pod_has_its_memory_guaranteed_and_limited(pod):
    (container,) = pod["spec"]["containers"]
    assert container["resources"]["requests"]["memory"] == 512 * 2**20
    assert container["resources"]["limits"]["memory"] == 2**30
    assert {one["name"]: one["value"] for one in container["env"]}["OMP_NUM_THREADS"] == "1"


def test_the_lecture_is_not_hidden_by_the_students_home_which_gets_its_copies(pod):
    (container,) = pod["spec"]["containers"]
    mounts = [mount["mount_path"] for mount in container["volume_mounts"]]
    assert not any(LECTURE.startswith(mount) for mount in mounts)
    command = " ".join(container["lifecycle"]["post_start"]["exec"]["command"])
    assert f"cd {LECTURE} && python -m tools.copies /home/jovyan/lecture" in command
    start = VALUES["singleuser"]["defaultUrl"]
    assert start == "/lab/tree/lecture/my/start.ipynb"


def test_the_hub_and_the_servers_of_students_are_of_one_version():
    import jupyterhub

    assert jupyterhub.__version__ == PINS["jupyterhub"]
