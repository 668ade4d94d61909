"""What is said of pictures to those who do not see them, taken from the text around."""

import re
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode

from tools.web.formulas import in_a_line


def descriptions(cells: Sequence[NotebookNode]) -> Iterator[str]:
    """Yield for each cell the text that reads its picture: the next one, short enough to be heard."""
    for index, _ in enumerate(cells):
        texts = (later.source for later in cells[index + 1 :] if later.cell_type == "markdown")
        yield plain(next(texts, ""))[:300]


def plain(markdown: str) -> str:
    """Return a markdown text without its marks."""
    markdown = re.sub(r"\$\$?(.+?)\$\$?", lambda formula: in_a_line(formula[1]), markdown, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>|!?\[([^\]]*)\]\([^)]*\)|[*_`#$]", lambda match: match[1] or "", markdown)
    return " ".join(text.split())
