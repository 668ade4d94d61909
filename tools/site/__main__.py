"""The command line: ``python -m tools.site [--base ADDRESS] [--repository OWNER/NAME] [--output FOLDER]``."""

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.site.build import OUTPUT, build
from tools.site.layout import Whereabouts
from tools.web.errors import BuildError, exit_code


def main(arguments: Sequence[str]) -> int:
    """Build the site; say what was built, or in one line why not."""
    parser = argparse.ArgumentParser(prog="python -m tools.site", description=main.__doc__)
    parser.add_argument("--base", default="", help="the address that the site will have, https://… or http://…")
    parser.add_argument(
        "--repository",
        default=os.environ.get("GITHUB_REPOSITORY", ""),
        help="owner/name of the repository on GitHub, for links to Colab and Binder",
    )
    parser.add_argument("--branch", default=os.environ.get("GITHUB_REF_NAME", "main"), help="main by default")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="the folder for the site; build/site by default")
    options = parser.parse_args(arguments)
    return exit_code(_built(options))


def _built(options: argparse.Namespace) -> Iterator[str]:
    if options.base and not re.fullmatch(r"https?://[\w.:/~-]+", options.base):
        raise BuildError(f"--base must be an address like https://example.org/lecture/, but it is {options.base!r}")
    if options.repository and not re.fullmatch(r"[\w.-]+/[\w.-]+", options.repository):
        raise BuildError(f"--repository must be like owner/name, but it is {options.repository!r}")
    base = f"{options.base.rstrip('/')}/" if options.base else ""
    whereabouts = Whereabouts(base=base, repository=options.repository, branch=options.branch)
    for path in build(output=options.output, whereabouts=whereabouts):
        yield f"{path.relative_to(options.output)}: {path.stat().st_size / 1e3:.0f} KB"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
