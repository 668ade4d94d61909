"""What the lecture's notebooks stand on: data, descent, drawing and live pictures.

A name without an underscore is for notebooks, for example ``from lecture_utils import setup, plots, checks``.
"""

from lecture_utils._look.setup import setup

__all__ = ["setup"]
