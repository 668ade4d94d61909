"""What is said to be tried is tried: by `make test`, and by the workflow on each Python that the README names."""

import re
import tomllib
import warnings

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from tests.pins import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = {name for line in re.findall(r"^([a-z][a-z -]*):(?!=)", MAKEFILE, re.MULTILINE) for name in line.split()}
SAYING = ["README.md", "CONTRIBUTING.md", ".github/workflows/site.yml"]
DEBIANS = "3.11"  # the Python of Debian 12


def recipe(target):
    """Return what `make` does for a target, line by line."""
    return MAKEFILE.partition(f"\n{target}:")[2].partition("\n\n")[0].splitlines()[1:]


@pytest.mark.parametrize(
    ("what", "command"),
    {
        "every notebook and every test": r"-m pytest \$\(SPREAD\) --nbval notebooks tests",
        "whether all is formatted": r"ruff format --check \.",
        "what ruff finds": r"ruff check \.",
        "which room uses which": r"lint-imports --no-cache",
        "the JavaScript": r"-m tools\.lint_javascript",
    }.items(),
)
def test_make_test_looks_at(what, command):
    assert any(re.search(rf"^\t\$\(BIN\)/(.*\s)?{command}$", line) for line in recipe("test")), (
        f"`make test` no longer looks at {what}: its recipe in the Makefile has no line that ends with {command}"
    )


def test_a_warning_ends_a_test():
    with pytest.raises(UserWarning, match="a sign of something wrong"):
        warnings.warn("a sign of something wrong", stacklevel=1)


@pytest.mark.parametrize("name", SAYING)
def test_each_target_of_make_that_is_named_is_there(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^|run: |&& )make ([a-z][a-z-]*)", text, re.MULTILINE))
    assert named, f"{name} names no target"
    assert named - TARGETS == set(), f"{name} names targets that the Makefile lacks"


def pythons():
    """Return the Pythons that `pyproject.toml` admits."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [one for one in (f"3.{minor}" for minor in range(30)) if one in SpecifierSet(project["requires-python"])]


def test_the_workflow_runs_all_on_each_python_that_is_admitted():
    jobs = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))["jobs"]
    images = jobs["test"]["strategy"]["matrix"]["image"]
    tried = [match[1] if (match := re.match(r"python:([\d.]+)", image)) else DEBIANS for image in images]
    assert sorted(tried) == sorted(pythons()), "the matrix of test.yml and requires-python differ"
    assert jobs["test"]["steps"][-1] == {"run": ".ci/run"}
    assert (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()[-1] == 'make "${1:-test}"'
    others = jobs["other-versions"]["strategy"]["matrix"]["target"]
    assert set(others) == {name for name in TARGETS if name.startswith("test-")} - {"test-class"}


@pytest.mark.parametrize("last", ["or", "или"])
def test_the_readme_names_each_python_that_is_admitted(last):
    *first, newest = pythons()
    said = f"Python {', '.join(first)} {last} {newest}"
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert said in text, f"the README does not say “{said}”, which is what pyproject.toml admits"
