"""Answers that wait: the reader commits to a choice, a number or a drawing, and only then sees the truth.

What a reader answers stays on the page: it is neither sent to the kernel nor stored in the notebook.
"""

from lecture_utils.guesses._ask import ask
from lecture_utils.guesses._guess import Guess
from lecture_utils.guesses._sketch import sketch_curve, sketch_point

__all__ = ["Guess", "ask", "sketch_curve", "sketch_point"]
