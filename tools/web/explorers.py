"""Explorers for pages without widgets: native controls, and the data that live.js draws by."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from lecture_utils._live.picture import script
from tools.notebooks import WIDGET_STATE, WIDGET_VIEW
from tools.web.errors import BuildError

_LIVE = Path(__file__).parents[2] / "lecture_utils/_live"
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
class Explorer:
    """An explorer as a page needs it.

    Attributes
    ----------
    name : str
        The id of the cell that shows it.
    controls : list of Control
        From top to bottom.
    traits : dict
        What live.js asks its model for; the table in base64.
    longest : str
        No less than it ever says in words, so that a page can keep room for it.
    """

    name: str
    controls: list[Control]
    traits: dict[str, object] = field(repr=False)
    longest: str

    def data(self) -> str:
        """Return the script that hands its data to explorers.js; a page may load it when it is near."""
        name, traits = (json.dumps(one, ensure_ascii=False, sort_keys=True) for one in (self.name, self.traits))
        return f"lecture.explorers[{name}]?.({traits});\n".replace("</", "<\\/")


def explorers(notebook: NotebookNode) -> dict[str, Explorer]:
    """Return the explorers of a notebook that has run, by the ids of their views.

    Raises
    ------
    BuildError
        If one has a control that pages do not know.
    """
    state = notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    views = {
        output.data[WIDGET_VIEW]["model_id"]: cell.id
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if WIDGET_VIEW in output.get("data", {})
    }
    # A question that waits for its answer is no explorer: its choices and its truth stand in the page as HTML.
    return {
        view: _explorer(name, view, state) for view, name in views.items() if state[view]["model_name"] != "AnyModel"
    }


def live_script() -> str:
    """Return live.js as a script of the classic kind, which a page may load from a file, too."""
    classic, exports = re.subn(
        r"^export default \{ ?render ?\};$", "lecture.render = render;", script(), flags=re.MULTILINE
    )
    assert exports == 1, "live.js exports something else than { render }"
    return f"(() => {{\n{classic}}})();\n"


def live_style() -> str:
    """Return the style of live pictures."""
    return (_LIVE / "live.css").read_text(encoding="utf-8")


def _explorer(name: str, view: str, state: Mapping[str, dict]) -> Explorer:
    widgets = list(_descendants(view, state))
    (picture,) = [one for one in widgets if state[one]["model_module"] == "anywidget"]
    traits = {key: value for key, value in state[picture]["state"].items() if not _NOT_THE_PICTURES.fullmatch(key)}
    (table,) = state[picture]["buffers"]
    traits["table"] = table["data"]
    links = [model["state"] for model in state.values() if model["model_name"] == "LinkModel"]
    moved = {_id(link["source"][0]): (_id(link["target"][0]), link["target"][1]) for link in links}
    return Explorer(
        name=name,
        controls=[*_controls(widgets, picture, moved, state)],
        traits=traits,
        longest=traits["scene"]["longest"],
    )


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
