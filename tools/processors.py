"""Runs every notebook as other processors and numbers of threads would: ``python -m tools.processors``."""

import subprocess
import sys
from itertools import product

from tools.environment import ROUNDING_SEED, unseen

# The instructions that each kind of processor has, as PyTorch and as the MKL within it call them.
INSTRUCTIONS = {"default": "COMPATIBLE", "avx2": "AVX2", "avx512": "AVX512"}
#: The seeds of the rounding noise, a model of the processors that this one cannot play.
SEEDS = ("1", "2", "3")
PYTEST = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "--dist", "loadscope", "--nbval", "notebooks"]


def allowed() -> list[str]:
    """Return the kinds that this processor can play, from the plainest up."""
    from torch.backends.cpu import get_cpu_capability

    kinds = list(INSTRUCTIONS)
    own = get_cpu_capability().lower()
    return kinds[: kinds.index(own) + 1] if own in kinds else kinds[:1]


def played() -> list[dict[str, str]]:
    """Return the variables of each run: a kind of processor with one thread or two, or a seed of rounding noise."""
    real = [
        {"ATEN_CPU_CAPABILITY": kind, "MKL_CBWR": INSTRUCTIONS[kind], "OMP_NUM_THREADS": threads}
        for kind, threads in product(allowed(), ("1", "2"))
    ]
    return [*real, *({ROUNDING_SEED: seed} for seed in SEEDS)]


def main() -> int:
    """Compare all outputs for each of the runs."""
    failed = []
    for variables in played():
        name = ", ".join(f"{variable}={value}" for variable, value in variables.items())
        print(name, flush=True)
        if subprocess.run(PYTEST, env=unseen() | variables).returncode:
            failed.append(name)
    print(f"other outputs on: {'; '.join(failed)}" if failed else "the same outputs on all of them")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
