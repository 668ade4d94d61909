"""Rounding noise: a model of all other processors at once, entered by a kernel as it starts.

Processors add the parts of a sum in another order, and take exponents and logarithms by other series: what one of them
computes may lie a unit in the last place beside what another does. Here every such float32 result may. It stays fair:

- a result that is exact, the same operation on the inputs as float64 giving the same number, does not move, for all
  processors agree on it; nor do 0 and ±1;
- where a number moves to depends on that number and the seed alone, so equal inputs still give equal results.
"""

import os

import numpy as np
import torch
from torch._ops import OpOverload
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map

# The operations whose last digit depends on the processor, by their names in torch.ops.aten.
_NAMES = """
    mm mv dot vdot bmm addmm addmv addbmm baddbmm convolution
    sum mean nansum prod var std var_mean std_mean logsumexp logcumsumexp
    linalg_vector_norm norm _linalg_eigh linalg_pinv _linalg_svd _linalg_solve_ex linalg_inv_ex _linalg_det
    exp exp2 expm1 log log2 log10 log1p pow rsqrt sin cos tan asin acos atan atan2 sinh cosh tanh erf erfc special_ndtr
    sigmoid log_sigmoid_forward softplus elu silu gelu mish celu _softmax _log_softmax
    mse_loss smooth_l1_loss huber_loss nll_loss_forward nll_loss2d_forward soft_margin_loss
    binary_cross_entropy binary_cross_entropy_with_logits
    tanh_backward sigmoid_backward elu_backward silu_backward gelu_backward softplus_backward log_sigmoid_backward
    _softmax_backward_data _log_softmax_backward_data mse_loss_backward binary_cross_entropy_backward
    native_layer_norm native_batch_norm native_layer_norm_backward native_batch_norm_backward
"""
NOISY = frozenset(_NAMES.split())
#: The powers that are products, quotients or roots, which all processors round alike.
_PLAIN_POWERS = (-2, -1, -0.5, 0, 0.5, 1, 2, 3)


class RoundingNoise(TorchDispatchMode):
    """A mode in which results that other processors may round otherwise are rounded otherwise.

    Parameters
    ----------
    seed : int
        Which of the numbers move, and which way.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._seed = seed

    def __torch_dispatch__(
        self, func: OpOverload, types: object, args: tuple = (), kwargs: dict[str, object] | None = None
    ) -> object:
        kwargs = kwargs or {}
        name = func.overloadpacket.__name__.removesuffix("_")
        if name not in NOISY or (name == "pow" and isinstance(args[1], float | int) and args[1] in _PLAIN_POWERS):
            return func(*args, **kwargs)
        inputs = tree_map(_in_float64, (args, kwargs))  # before the operation, which may write into its inputs
        result = func(*args, **kwargs)
        if any(map(_is_noisy, tree_flatten(result)[0])):
            exact = func(*inputs[0], **inputs[1])
            for tensor, number in zip(tree_flatten(result)[0], tree_flatten(exact)[0], strict=True):
                if _is_noisy(tensor):
                    move(tensor.numpy(), exact=number.numpy(), seed=self._seed)
        return result


@np.errstate(over="ignore")  # of whole numbers, as hashes do
def move(numbers: np.ndarray, *, exact: np.ndarray, seed: int) -> None:
    """Let each of `numbers`, float32, stay or go to the next number above or below, unless it is exact, 0 or ±1."""
    bits = numbers.view(np.uint32) + np.uint32(0)  # a copy
    mixed = (bits ^ np.uint32(seed * 0x9E3779B9 % 2**32)) * np.uint32(0x85EBCA6B)
    mixed = (mixed ^ (mixed >> np.uint32(15))) * np.uint32(0xC2B2AE35)
    steps = (mixed >> np.uint32(16)) % np.uint32(3)  # 0, 1 or 2
    towards = np.choose(steps, [np.float32(-np.inf), numbers, np.float32(np.inf)])
    still = (numbers.astype(np.float64) == exact) | ~np.isfinite(numbers) | np.isin(numbers, (0, 1, -1))
    numbers[...] = np.where(still, numbers, np.nextafter(numbers, towards, dtype=np.float32))


def _in_float64(value: object) -> object:
    if isinstance(value, torch.Tensor) and value.dtype == torch.float32:
        return value.to(torch.float64, copy=True)
    return torch.float64 if value is torch.float32 else value


def _is_noisy(value: object) -> bool:
    return (
        isinstance(value, torch.Tensor)
        and value.dtype == torch.float32
        and value.device.type == "cpu"
        and value.layout == torch.strided
    )


if __name__ == "__main__":
    RoundingNoise(int(os.environ["ROUNDING_SEED"])).__enter__()  # and never left
