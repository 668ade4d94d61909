"""Each notebook in each language, and what was found in them."""

from collections.abc import Iterable

import pytest

from lecture_utils._words import LANGUAGES
from tests.notebook import NAMES
from tools.prose import Line

each_edition = pytest.mark.parametrize(("language", "name"), [(lang, name) for lang in LANGUAGES for name in NAMES])


def in_lines(found: Iterable[Line]) -> str:
    """Join findings so that a failure shows each on a line of its own."""
    return "\n".join(f"{line.place}: {line.text}" for line in found)
