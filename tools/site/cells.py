"""Which cells of a notebook a page shows, which of them are folded, and how each is found from elsewhere."""

import re
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode

from tools.notebooks import WIDGET_VIEW, shows_widget, slide_type, tags
from tools.web.descriptions import descriptions

_BACK = re.compile(r'\s*<a href="#contents"[^>]*class="back"[^>]*>.*?</a>')
_ANCHOR = re.compile(r'\s*<a id="([^"]+)"></a>')


def shown(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return the cells that a page shows, each with what the template is to do with it in its metadata.

    Left out are the lecturer's notes, the contents, which stand beside the text, and what checks say of nothing.
    """
    cells = [cell for cell in cells if slide_type(cell) != "notes" and cell.id != "contents"]
    for cell, description in zip(cells, descriptions(cells), strict=True):
        cell.metadata["page"] = {"description": description, "code": _code(cell), "alive": shows_widget(cell)}
        if cell.cell_type == "markdown":
            _move_anchor(cell)
        else:
            cell.outputs = [output for output in cell.outputs if _is_seen(output, cell)]
    for first, last in _answers(cells):
        cells[first].metadata["page"]["answer_begins"] = True
        cells[last].metadata["page"]["answer_ends"] = True
    exercises = [cell for cell in cells if "exercise" in tags(cell)]
    if exercises:
        exercises[0].metadata["page"]["first_exercise"] = True
    return list(_folded_together(cells))


def _folded_together(cells: Sequence[NotebookNode]) -> Iterator[NotebookNode]:
    """Yield the cells, those of folded code that only prepares as part of the folded cell that follows."""
    before = None
    for cell in cells:
        page = cell.metadata["page"]
        folded = cell.cell_type == "code" and page["code"] == "folded"
        if before and folded and not page.get("answer_begins"):
            cell.source = f"{before.source}\n\n\n{cell.source}"
            cell.outputs = before.outputs + cell.outputs
            if before.metadata["page"].get("answer_begins"):
                page["answer_begins"] = True
        elif before:
            yield before
        prepares = folded and slide_type(cell) == "skip" and not page["alive"] and not page.get("answer_ends")
        before = cell if prepares else None
        if not prepares:
            yield cell
    if before:
        yield before


def _code(cell: NotebookNode) -> str:
    """Return how a page shows the code of a cell: open, folded, or as what only sets up."""
    if cell.id == "setup":
        return "setup"
    if _asks(cell):
        return "none"
    aside = slide_type(cell) == "skip" and not {"exercise", "check"} & set(tags(cell))
    return "folded" if aside or "hide-input" in tags(cell) or shows_widget(cell) else "open"


def _asks(cell: NotebookNode) -> bool:
    """Return whether a cell shows a question that waits for an answer."""
    return shows_widget(cell) and all("image/png" not in output.get("data", {}) for output in cell.outputs)


def _is_seen(output: NotebookNode, cell: NotebookNode) -> bool:
    data = output.get("data", {})
    return "check" not in tags(cell) and (WIDGET_VIEW in data or "<style>" not in data.get("text/html", ""))


def _move_anchor(cell: NotebookNode) -> None:
    """Let the page itself name the place of a heading, and its contents stand beside it."""
    cell.source = _BACK.sub("", cell.source)
    anchors = [name for name in _ANCHOR.findall(cell.source) if name != cell.id]
    cell.source = _ANCHOR.sub("", cell.source)
    cell.metadata["page"]["anchors"] = anchors


def _answers(cells: Sequence[NotebookNode]) -> Iterator[tuple[int, int]]:
    """Yield where each answer begins and ends: after its question, from the first step on that is no explorer."""
    for place, cell in enumerate(cells):
        if not _has(cell, "question") or _has(cell, "answer"):
            continue
        last = next((later for later in range(place + 1, len(cells)) if _has(cells[later], "answer")), None)
        if last is None or any(_has(between, "question") for between in cells[place + 1 : last]):
            continue
        steps = (later for later in range(place + 1, last + 1) if _is_step(cells[later]))
        yield next(steps, last), last


def _has(cell: NotebookNode, marker: str) -> bool:
    return cell.cell_type == "markdown" and f'class="marker {marker}"' in cell.source


def _is_step(cell: NotebookNode) -> bool:
    return slide_type(cell) in ("fragment", "subslide") and not shows_widget(cell)
