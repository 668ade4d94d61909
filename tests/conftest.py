"""What several topics share."""

import pytest

from lecture_utils._words import set_language


@pytest.fixture(autouse=True)
def _english():
    """Every test starts, and leaves the others, in English."""
    set_language("en")
    yield
    set_language("en")
