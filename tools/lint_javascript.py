"""Looks over the JavaScript: ``python -m tools.lint_javascript``, which `make test` runs.

ESLint finds what is written by mistake, TypeScript what does not fit together. npm fetches both, pinned by the lock
file in tools/javascript, where their settings stand, too.
"""

import os
import sys
from pathlib import Path

from tools.web.errors import BuildError
from tools.web.npm import node, packages

ROOT = Path(__file__).parents[1]
SETTINGS = ROOT / "tools/javascript"
ROOMS = ("lecture_utils", "tests", "tools")


def main() -> int:
    """Let both look; return 0 if they find nothing, and 1 after what they find, or after why they cannot look."""
    try:
        modules = packages(wanted=SETTINGS)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    commands = (
        (modules / "eslint/bin/eslint.js", "--max-warnings", "0", "--config", SETTINGS / "eslint.config.cjs", *ROOMS),
        (modules / "typescript/bin/tsc", "--pretty", "false", "--project", SETTINGS / "tsconfig.json"),
    )
    environment = os.environ | {"NODE_PATH": str(modules)}  # where the settings find what they build on
    done = [node("node", map(str, command), cwd=ROOT, env=environment) for command in commands]
    return int(any(process.returncode for process in done))


if __name__ == "__main__":
    sys.exit(main())
