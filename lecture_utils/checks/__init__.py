"""Instant checks of the exercises: each runs the reader's function and says what is right and what is not.

A check compares with an oracle of its own (autograd, a closed form) on data that the reader has not seen,
so that a constant or a lucky guess does not pass.
"""

from lecture_utils.checks.descent import check_gradient_with_bias, check_largest_learning_rate, check_loss_history
from lecture_utils.checks.verdict import Verdict

__all__ = ["Verdict", "check_gradient_with_bias", "check_largest_learning_rate", "check_loss_history"]
