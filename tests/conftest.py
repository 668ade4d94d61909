"""What several topics share."""

import pytest

from lecture_utils import i18n


@pytest.fixture(autouse=True)
def _english():
    """Every test starts, and leaves the others, in English."""
    i18n.set_language("en")
    yield
    i18n.set_language("en")
