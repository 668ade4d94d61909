"""Runs every notebook as other processors and numbers of threads would: ``python -m tools.processors``."""

import os
import subprocess
import sys
from itertools import product

# The instructions that each kind of processor has, as PyTorch and as the MKL within it call them.
INSTRUCTIONS = {"default": "COMPATIBLE", "avx2": "AVX2", "avx512": "AVX512"}
PYTEST = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "--dist", "loadscope", "--nbval", "notebooks"]


def allowed() -> list[str]:
    """Return the kinds that this processor can play, from the plainest up."""
    from torch.backends.cpu import get_cpu_capability

    kinds = list(INSTRUCTIONS)
    own = get_cpu_capability().lower()
    return kinds[: kinds.index(own) + 1] if own in kinds else kinds[:1]


def main() -> int:
    """Compare all outputs for each kind of processor with one thread and with two."""
    failed = []
    for kind, threads in product(allowed(), ("1", "2")):
        print(f"ATEN_CPU_CAPABILITY={kind}, MKL_CBWR={INSTRUCTIONS[kind]}, OMP_NUM_THREADS={threads}", flush=True)
        played = {"ATEN_CPU_CAPABILITY": kind, "MKL_CBWR": INSTRUCTIONS[kind], "OMP_NUM_THREADS": threads}
        if subprocess.run(PYTEST, env=os.environ | played).returncode:
            failed.append(f"{kind}, {threads} threads")
    print(f"other outputs on: {'; '.join(failed)}" if failed else "the same outputs on all of them")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
