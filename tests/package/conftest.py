"""What the tests of the package share."""

import pytest

from lecture_utils._look import style


@pytest.fixture(scope="module")
def every_colour():
    """Leave pictures all their colours: a palette is half the work, and whether two are the same does not need it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "with_a_palette", bytes)
        yield
