"""The versions of constraints.txt, and the tests that only they can pass."""

from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def pins(file: str = "constraints.txt") -> list[tuple[str, ...]]:
    """Return what a constraints file holds, name and version a line."""
    lines = (line.partition("#")[0].strip() for line in (ROOT / file).read_text(encoding="utf-8").splitlines())
    return [tuple(line.split("==")) for line in lines if line]


_DRAWN_AND_PRINTED_BY = ("torch", "numpy", "matplotlib", "pillow", "ipywidgets")
only_as_pinned = pytest.mark.skipif(
    any(version(name).partition("+")[0] != dict(pins())[name] for name in _DRAWN_AND_PRINTED_BY),
    reason="compares every byte, and these are not the versions of constraints.txt",
)
