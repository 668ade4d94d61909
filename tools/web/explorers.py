"""Explorers for pages without widgets: native controls, and the data that live.js draws by."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from lecture_utils._live.picture import script
from tools.notebooks import WIDGET_STATE, WIDGET_VIEW
from tools.web.errors import BuildError
from tools.web.packing import pack_table

#: Where explorer.html.j2 lies, which both kinds of page fill.
WEB = Path(__file__).parent
_PACKAGE = WEB.parents[1] / "lecture_utils"
_GUESS = _PACKAGE / "guesses/guess.js"
#: Traits that only ipywidgets and anywidget need.
_NOT_THE_PICTURES = re.compile(r"_.*|layout|tabbable|tooltip|table")


@dataclass(frozen=True, kw_only=True)
class Control:
    """A control of one choice: a slider over `size` stops or, where there are `options`, a row of buttons."""

    choice: str
    label: str
    size: int
    chosen: int
    options: tuple[str, ...] = ()
    interval: int | None = None  # of its Play in ms, if it has one
    played_from: int = 0


@dataclass(frozen=True, kw_only=True)
class Living:
    """What a page draws by a script of the lecture's own: a question that waits for an answer, or more.

    Attributes
    ----------
    name : str
        The id of the cell that shows it.
    traits : dict
        What the script asks its model for; a table, packed.
    """

    name: str
    traits: dict[str, object] = field(repr=False)

    def data(self) -> str:
        """Return the script that hands its data over; a page may load it when it is near."""
        name, traits = (json.dumps(one, ensure_ascii=False, sort_keys=True) for one in (self.name, self.traits))
        return f"lecture.waiting[{name}]?.({traits});\n".replace("</", "<\\/")


@dataclass(frozen=True, kw_only=True)
class Explorer(Living):
    """An explorer as a page needs it.

    Attributes
    ----------
    controls : list of Control
        From top to bottom.
    longest : str
        The longest words under it, so that a page can keep room for them.
    stacked : str
        Its shape where there is little room, as the style says it; empty if it has no other there.
    """

    controls: list[Control]
    longest: str
    stacked: str


def living(notebook: NotebookNode) -> dict[str, Living]:
    """Return what lives in a notebook that has run, explorers among it, by the ids of their views.

    Raises
    ------
    BuildError
        If there is a control that pages do not know.
    """
    state = notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    views = {
        output.data[WIDGET_VIEW]["model_id"]: cell.id
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if WIDGET_VIEW in output.get("data", {})
    }
    return {view: _living(name, view, state) for view, name in views.items()}


def model_script() -> str:
    """Return explorers.js, which ties what they draw to the controls of a page."""
    return (WEB / "explorers.js").read_text(encoding="utf-8")


def live_script() -> str:
    """Return the scripts that explorers.js draws by, of the classic kind, which a page may load from a file, too."""
    export = re.compile(r"^export default \{ ?render ?\};$", re.MULTILINE)
    parts = []
    for name, module in {"explorer": script(), "asked": _GUESS.read_text(encoding="utf-8")}.items():
        classic, exports = export.subn(f"lecture.render.{name} = render;", module)
        assert exports == 1, f"the script of {name} exports something else than {{ render }}"
        parts.append(f"(() => {{\n{classic}}})();\n")
    return "".join(parts)


def live_style() -> str:
    """Return the style of what they draw, and of the controls around it."""
    styles = (_PACKAGE / "_live/live.css", _GUESS.with_suffix(".css"), WEB / "controls.css")
    return "\n".join(file.read_text(encoding="utf-8") for file in styles)


def _living(name: str, view: str, state: Mapping[str, dict]) -> Living:
    widgets = list(_descendants(view, state))
    drawn = [one for one in widgets if state[one]["model_module"] == "anywidget"]
    if len(drawn) != 1:
        raise BuildError(f"the cell {name} shows a widget that pages cannot: teach tools/web/explorers.py to read it")
    (picture,) = drawn
    traits = {key: value for key, value in state[picture]["state"].items() if not _NOT_THE_PICTURES.fullmatch(key)}
    if picture == view:
        return Living(name=name, traits=traits)
    (table,) = state[picture]["buffers"]
    traits["table"] = pack_table(base64.b64decode(table["data"]))
    links = [model["state"] for model in state.values() if model["model_name"] == "LinkModel"]
    moved = {_id(link["source"][0]): (_id(link["target"][0]), link["target"][1]) for link in links}
    return Explorer(
        name=name,
        controls=[*_controls(widgets, picture, moved, state)],
        traits=traits,
        longest=traits["scene"]["longest"],
        stacked=_shape(traits["scene"]["stacked"]),
    )


def _shape(layout: Mapping[str, float] | None) -> str:
    return f"{layout['width']:g} / {layout['height']:g}" if layout else ""


def _descendants(view: str, state: Mapping[str, dict]) -> Iterator[str]:
    """Yield the ids of a widget and of all within it, from top to bottom."""
    yield view
    for child in state[view]["state"].get("children", []):
        yield from _descendants(_id(child), state)


def _id(reference: str) -> str:
    return reference.removeprefix("IPY_MODEL_")


def _controls(
    widgets: list[str], picture: str, moved: Mapping[str, tuple], state: Mapping[str, dict]
) -> Iterator[Control]:
    plays = {moved[one][0]: state[one]["state"] for one in widgets if state[one]["model_name"] == "PlayModel"}
    label = ""
    for one in widgets:
        kind, traits = state[one]["model_name"], state[one]["state"]
        if kind == "LabelModel":
            label = traits["value"]
        elif kind in ("IntSliderModel", "ToggleButtonsModel"):
            target, choice = moved[one]
            assert target == picture, f"a control moves something else than the picture: {traits}"
            options = tuple(traits.get("_options_labels", ()))
            play = plays.get(one, {})
            yield Control(
                choice=choice,
                label=traits["description"] or label,
                size=len(options) or traits["max"] + 1,
                chosen=traits["index"] if options else traits["value"],
                options=options,
                interval=play.get("interval"),
                played_from=play.get("min", 0),
            )
        elif kind not in ("VBoxModel", "HBoxModel", "PlayModel") and one != picture:
            raise BuildError(f"pages have no control like {kind}: teach tools/web/explorers.py to read it")
