"""Instant checks of the exercises: each runs the reader's function and says what is right and what is not.

A check compares with an oracle of its own (autograd, a closed form) on data that the reader has not seen,
so that a constant or a lucky guess does not pass.
"""

from lecture_utils.checks._judge import Verdict
from lecture_utils.checks.autograd import (
    check_descend,
    check_frozen_layer,
    check_inner_gradient,
    check_jacobian,
)
from lecture_utils.checks.backprop import (
    check_linear_backward,
    check_shared_weight,
    check_softplus_layer,
    check_tanh_layer_jacobian,
)
from lecture_utils.checks.deep import (
    check_accuracy,
    check_early_stopping,
    check_one_epoch,
    check_stable_cross_entropy,
)
from lecture_utils.checks.descent import check_gradient_with_bias, check_largest_learning_rate, check_loss_history
from lecture_utils.checks.forward import check_layer_of_columns, check_mean_cross_entropy, check_network, check_safe_mse
from lecture_utils.checks.modules import (
    check_linear_with_bias,
    check_original_weights,
    check_train_and_report,
    check_trap_weights,
)

__all__ = [
    "Verdict",
    "check_accuracy",
    "check_descend",
    "check_early_stopping",
    "check_frozen_layer",
    "check_gradient_with_bias",
    "check_inner_gradient",
    "check_jacobian",
    "check_largest_learning_rate",
    "check_layer_of_columns",
    "check_linear_backward",
    "check_linear_with_bias",
    "check_loss_history",
    "check_mean_cross_entropy",
    "check_network",
    "check_one_epoch",
    "check_original_weights",
    "check_safe_mse",
    "check_shared_weight",
    "check_softplus_layer",
    "check_stable_cross_entropy",
    "check_tanh_layer_jacobian",
    "check_train_and_report",
    "check_trap_weights",
]
