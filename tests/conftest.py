"""What several topics share."""

import os

import pytest

from lecture_utils import i18n

# A progress bar is for those who wait; nbval would compare how far it had come.
os.environ["TQDM_DISABLE"] = "1"


@pytest.fixture(autouse=True)
def _english():
    """Every test starts, and leaves the others, in English."""
    i18n.set_language("en")
    yield
    i18n.set_language("en")
