"""The command line: ``python -m tools.slides [ru] [en] [--output FOLDER]``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from lecture_utils._words import LANGUAGES
from tools.slides.build import OUTPUT, build
from tools.web.errors import exit_code


def main(arguments: Sequence[str]) -> int:
    """Build the decks; say what was built, or in one line why not."""
    parser = argparse.ArgumentParser(prog="python -m tools.slides", description=main.__doc__)
    parser.add_argument("languages", nargs="*", metavar="language", help="ru or en; both by default")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="the folder for the decks; build/slides by default")
    options = parser.parse_args(arguments)
    built = build(options.languages or LANGUAGES, output=options.output)
    return exit_code(f"{path.relative_to(options.output)}: {path.stat().st_size / 1e6:.1f} MB" for path in built)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
