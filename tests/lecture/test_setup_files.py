"""pyproject.toml, constraints.txt and environment.yml ask for the same things."""

import os
import re
import sys
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import tools.open
from tests.notebook import NAMES, read
from tests.pins import ROOT, only_as_pinned, pins
from tools.set_up import LEFT_OUT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
#: What `make test` has not installed: Node.js comes with the machine, and a class has environments of its own.
ELSEWHERE = {Requirement(line).name for name in ("class", "class-test", "slides") for line in EXTRAS[name]}
DECLARED = [Requirement(line) for group in (PROJECT["dependencies"], *EXTRAS.values()) for line in group]


@cache
def requirements():
    """Return all that is installed for the project, its dependencies' own dependencies included.

    That of a class is looked at where it is installed, by `make test-class`.
    """
    found, waiting = {}, [one for one in DECLARED if one.name not in ELSEWHERE or is_installed(one.name)]
    while waiting:
        requirement = waiting.pop()
        if str(requirement) not in found:
            found[str(requirement)] = requirement
            left_out = requirement.name == LEFT_OUT and not is_installed(requirement.name)
            for line in [] if left_out else metadata.requires(requirement.name) or []:
                own = Requirement(line)
                extras = ["", *requirement.extras]
                if own.marker is None or any(own.marker.evaluate({"extra": extra}) for extra in extras):
                    waiting.append(own)
    return list(found.values())


def is_installed(name):
    return any(True for _ in metadata.distributions(name=name))


def environment():
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def conda_and_pip():
    """Return what environment.yml takes from conda and what it hands to pip."""
    dependencies = environment()["dependencies"]
    (handed,) = (entry["pip"] for entry in dependencies if isinstance(entry, dict))
    return [entry for entry in dependencies if isinstance(entry, str)], handed


def test_every_dependency_has_a_lower_and_an_upper_bound():
    for requirement in DECLARED:
        assert {bound.operator for bound in requirement.specifier} == {">=", "<"}, requirement


def test_a_pin_is_one_name_and_one_version_and_no_name_is_pinned_twice():
    assert all(len(pin) == 2 for pin in pins())
    names = [canonicalize_name(name) for name, _ in pins()]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("requirement", DECLARED, ids=str)
def test_every_dependency_is_pinned_inside_its_range(requirement):
    versions = {canonicalize_name(name): Version(version) for name, version in pins()}
    assert versions[canonicalize_name(requirement.name)] in requirement.specifier


@only_as_pinned
@pytest.mark.skipif(sys.platform != "linux", reason="the tested set is that of Linux")
def test_the_dependencies_of_dependencies_are_pinned_too_each_inside_every_range():
    versions = {canonicalize_name(name): version for name, version in pins()}
    for requirement in requirements():
        name = canonicalize_name(requirement.name)
        if not name.startswith(("nvidia-", "cuda-", "triton")):  # a CUDA build of torch brings its own
            assert name in versions, f"{requirement} is not pinned"
            assert requirement.specifier.contains(versions[name], prereleases=True), (
                f"{versions[name]} against {requirement}"
            )


def test_the_oldest_versions_are_the_lower_bounds_of_the_ranges():
    oldest = {canonicalize_name(name): Version(version) for name, version in pins("constraints-oldest.txt")}
    for requirement in DECLARED:
        if requirement.name not in ELSEWHERE:
            (lower,) = (bound.version for bound in requirement.specifier if bound.operator == ">=")
            assert oldest[canonicalize_name(requirement.name)] == Version(lower), requirement


def test_conda_gives_python_and_pip_and_nothing_else():
    conda, _ = conda_and_pip()
    assert sorted(entry.partition("=")[0] for entry in conda) == ["pip", "python"]


def test_the_python_of_conda_is_one_that_the_project_runs_on():
    (python,) = (entry for entry in conda_and_pip()[0] if entry.startswith("python="))
    assert Version(python.removeprefix("python=")) in SpecifierSet(PROJECT["requires-python"])


def test_pip_installs_the_project_with_its_tests_under_the_constraints():
    constraint, project = conda_and_pip()[1]
    assert constraint.split() == ["--constraint", "constraints.txt"]
    flag, what = project.split()
    assert flag in ("-e", "--editable")
    assert what in {f".[{extra}]" for extra in EXTRAS}


COMMANDS = [
    line.strip()
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    if re.search(r"jupyter[ -]lab .*--|tools\.open", line)
]


@pytest.fixture
def served(monkeypatch):
    """Return the arguments that JupyterLab gets when the lecture is opened by those who change it."""
    given = []
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", lambda arguments: given.extend(arguments))
    monkeypatch.setattr("tools.slides.leave.main", lambda: None)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    tools.open.main(["--edit"])
    return given


def test_the_lecture_is_served_to_this_machine_alone_and_asks_for_its_token(served):
    assert "--ServerApp.ip=127.0.0.1" in served
    assert f"--ServerApp.root_dir={ROOT}" in served
    for text in [*served, *COMMANDS, (ROOT / "Makefile").read_text(encoding="utf-8")]:
        assert not re.search(r"token|password|disable_check_xsrf|allow_remote", text, re.IGNORECASE), text


@pytest.mark.parametrize(("target", "command"), {"lab": "tools.open", "edit": "tools.open --edit"}.items())
def test_make_lab_opens_the_copies_and_make_edit_the_lecture(target, command):
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition(f"\n{target}:")[2].partition("\n\n")[0]
    assert recipe.endswith(f"python -m {command}")


def test_all_that_is_pinned_can_be_installed_on_debians_own_python():
    """The workflow's first container brings Python 3.11.2; pip would look for other versions in vain."""
    asked = {name: metadata.metadata(name).get("Requires-Python") for name, _ in pins() if is_installed(name)}
    too_new = [
        f"{name} needs Python {wanted}" for name, wanted in asked.items() if "3.11.2" not in SpecifierSet(wanted or "")
    ]
    assert too_new == []


@pytest.mark.parametrize("folder", ["notebooks/{}", "my/{}"])  # the lecture's own notebooks, and the reader's copies
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_first_cell_says_how_to_get_what_is_missing(language, name, folder):
    first = next(cell for cell in read(language, name).cells if cell.cell_type == "code")
    _, command, below = first.source.split("\n", 2)
    assert not below.startswith("#"), "the command is the second of two lines"
    constraints, project = re.fullmatch(r"# %pip install --constraint (\S+) (\S+)", command).groups()
    here = ROOT / folder.format(language)
    assert Path(os.path.normpath(here / constraints)) == ROOT / "constraints.txt"
    assert Path(os.path.normpath(here / project)) == ROOT, "what is installed is the lecture"
