"""The words of the notebooks as a reader sees them, each line with its place."""

import re
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import NamedTuple

from nbformat import NotebookNode

from tools.notebooks import read

_FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
_NOT_PROSE = re.compile(r"`[^`]*`|<[^>]+>|&\w+;|(?<=\])\([^)]*\)")
_WORD = re.compile(r"(?<![-\w])[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_COMMANDS = re.compile(
    r"\\(?:begin|end|color|text|textbf|mathrm|texttt|operatorname|vphantom|phantom)\*?\s*\{[^{}]*\}"
    r"|\\(?:left|right|quad|qquad|cdot|cdots|dots|ldots|vdots|times|in|to|le|ge|ne|approx|infty|sum|prod|max|min|arg"
    r"|log|ln|exp|sqrt|frac|tfrac|dfrac|partial|nabla|top|odot|circ|mid|pm|underbrace|overbrace|underset|overset"
    r"|bigl|bigr|Bigl|Bigr|big|Big|hat|bar|overline|tilde|vec|mathbb|mathcal|mathbf|Leftarrow|Rightarrow|rightarrow|leftarrow"
    r"|Longrightarrow|longrightarrow|mapsto|tanh|cosh|sinh|cos|sin|lim|ll|gg|sim|propto|lvert|rvert|lVert|rVert|label"
    r"|det|dim|rank|diag|star|ast|prime|forall|exists|equiv|displaystyle|substack|implies|iff)(?![A-Za-z])"
)


class Line(NamedTuple):
    """A line of a cell and where it stands."""

    place: str
    text: str


def lines(
    language: str, name: str, *, of: Callable[[NotebookNode], str] = attrgetter("source"), kind: str | None = None
) -> Iterator[Line]:
    """Yield the lines of a notebook's cells, all or of one kind, with notebook, cell id and line number.

    `of` says what is read of each cell.
    """
    for cell in read(language, name).cells:
        if kind in (None, cell.cell_type):
            for number, text in enumerate(of(cell).splitlines(), start=1):
                yield Line(f"{language}/{name}, cell {cell.id}, line {number}", text)


def unfenced(cell: NotebookNode) -> str:
    """Return the text of a cell with blank lines for its programs."""
    return _FENCED.sub(_emptied, cell.source)


def prose(cell: NotebookNode) -> str:
    """Return what a cell says to a reader, line by line: no code, no formulas, no addresses; of code, the comments."""
    if cell.cell_type == "code":
        comments = (re.search(r"(?:^|\s)#(.*)", line) for line in cell.source.splitlines())
        return "\n".join(comment[1] if comment else "" for comment in comments)
    text = _FORMULA.sub(_emptied, unfenced(cell))
    return _NOT_PROSE.sub(" ", text)


def words(text: str) -> list[str]:
    """Return the words of a text, without the 's that any English name may take."""
    return [re.sub(r"['’]s$", "", word) for word in _WORD.findall(text)]


def formulas(cell: NotebookNode) -> str:
    """Return the formulas of a cell, each on its own line, and nothing else."""
    if cell.cell_type == "code":
        return ""
    source = re.sub(r"`[^`]*`", "", unfenced(cell))
    kept, at = "", 0
    for match in _FORMULA.finditer(source):
        kept += _emptied(source[at : match.start()]) + match[0].replace("$", " ")
        at = match.end()
    return kept


def symbols(formula: str) -> set[str]:
    """Return the symbols of a formula without their indices' commands: letters, Latin and Greek."""
    plain = _COMMANDS.sub(" ", formula)
    return set(re.findall(r"\\[A-Za-z]+|[A-Za-z]", plain))


def signs(formula: str) -> set[str]:
    """Return the symbols of a formula, and the marks over and beside them that have a meaning of their own."""
    marks = re.findall(r"\\(?:hat|bar|overline|tilde|nabla|odot)(?![A-Za-z])", formula)
    best = {"*"} if re.search(r"\^\{?\*", formula) else set()
    return symbols(formula) | {mark.replace("overline", "bar") for mark in marks} | best


def _emptied(match: re.Match | str) -> str:
    text = match if isinstance(match, str) else match[0]
    return "\n" * text.count("\n") + " "
