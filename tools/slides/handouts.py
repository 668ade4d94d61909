"""Prints the decks, two slides a page: ``python -m tools.slides.handouts [--notes] [--output FOLDER]``."""

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tools.slides.build import OUTPUT
from tools.slides.scripts import DECK
from tools.web.errors import BuildError, exit_code

if TYPE_CHECKING:
    from playwright.sync_api import Page

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


def handouts(output: Path = OUTPUT, *, notes: bool = False) -> Iterator[Path]:
    """Print each deck under `output` to a PDF beside it, with the speaker's notes if asked; yield each PDF.

    There are two slides on a page, and instead of each explorer three of its states with their words.

    Raises
    ------
    BuildError
        If there are no decks, or no browser to print them with, or if one cannot be drawn.
    """
    decks = sorted(output.glob("*/*.html"))
    if not decks:
        raise BuildError(f"there are no decks in {output}: run `make slides` first")
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        raise BuildError("handouts are printed by Chromium or Chrome: install one and run again")
    from playwright.sync_api import sync_playwright

    from tools.browser import until_drawn

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for deck in decks:
            page = started.new_page()
            page.goto(deck.resolve().as_uri() + "?print-pdf" + ("&showNotes=separate-page" if notes else ""))
            until_drawn(page, f"{deck.parent.name}/{deck.name}")
            make_hand_out(page)
            pdf = deck.with_suffix(".pdf")
            page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
            page.close()
            yield pdf
        started.close()


def make_hand_out(page: "Page") -> None:
    """Turn a deck that is laid out for print into what one can read on paper."""
    page.add_style_tag(path=DECK / "handout.css")
    page.add_script_tag(path=DECK / "handout.js")
    page.evaluate("showStates()")


def main(arguments: Sequence[str]) -> int:
    """Print the decks; say what was printed, or in one line why not."""
    parser = argparse.ArgumentParser(prog="python -m tools.slides.handouts", description=main.__doc__)
    parser.add_argument("--notes", action="store_true", help="print the speaker's notes, too")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="where the decks are; build/slides by default")
    options = parser.parse_args(arguments)
    printed = handouts(options.output, notes=options.notes)
    return exit_code(str(path.relative_to(options.output)) for path in printed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
