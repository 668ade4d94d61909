"""Which cells show which explorers, so that those that none shows any more are closed.

Else each run of a cell would leave a megabyte behind in the notebook, which only a new kernel takes away.
"""

from IPython import get_ipython
from IPython.core.interactiveshell import ExecutionInfo
from ipywidgets import Widget

#: By widget, the cells that made it or showed it when they last ran.
_holders: dict[Widget, set[str]] = {}


def hold(widget: Widget) -> None:
    """Keep a widget open until the cell that now runs is run again; where cells have no names, for ever."""
    shell = get_ipython()
    cell = _running(shell)
    if cell is not None:
        _holders.setdefault(widget, set()).add(cell)
        shell.events.register("pre_run_cell", _begin)  # again and again the same function counts once


def _running(shell: object) -> str | None:
    """Return the name that the front end gave to the cell that now runs."""
    kernel = getattr(shell, "kernel", None)
    return None if kernel is None else (kernel.get_parent() or {}).get("metadata", {}).get("cellId")


def _begin(cell: ExecutionInfo) -> None:
    """Close what only this cell held: it runs anew."""
    name = getattr(cell, "cell_id", None)
    for widget, cells in list(_holders.items()):
        if name in cells:
            cells.remove(name)
            if not cells:
                del _holders[widget]
                widget.close()
                _forget(widget)


def _forget(widget: Widget) -> None:
    """Take a widget out of IPython's history of outputs, which would keep it and all its runs for ever."""
    shell = get_ipython()
    outputs = shell.user_ns.get("_oh", {})
    for number in [number for number, output in outputs.items() if output is widget]:
        del outputs[number]
        for names in (shell.user_ns, shell.user_ns_hidden):
            names.pop(f"_{number}", None)
