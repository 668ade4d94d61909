"""All the public functions, classes and methods there are, and which of them are not tried, each for a reason."""

import importlib
import inspect
import pkgutil

import lecture_utils

#: Rooms whose functions no reader calls.
OTHER_ROOMS = {
    "figures": "draws what it knows, and takes nothing",
    "jupyterlab": "a command, which starts the lecture",
    "notebooks": "a command for maintainers",
    "slides": "a command for maintainers",
    "require": "what makes the errors, tried by every row of the table",
    "scene": "the inside of a LivePicture, which has rows of its own",
    "checks.verdict": "the inside of the checks, which test_any_answer.py tries",
    "explorers.backprop_marks": "the inside of an explorer",
    "explorers.controls": "the inside of the explorers",
    "explorers.deep_runs": "the inside of an explorer",
}
#: Functions and classes that stand in no row of the table.
LEFT_OUT = {
    "made by the package, not by a reader": {
        "descent.Trace",
        "explorers.activation.ActivationExplorer",
        "explorers.backprop.BackpropExplorer",
        "explorers.deep.DeepNetworkExplorer",
        "explorers.descent.DescentExplorer",
        "explorers.minibatch.MinibatchExplorer",
        "explorers.traversal.TraversalExplorer",
        "graph_layout.Layout",
        "graph_passes.Passed",
        "graph_plots.Drawn",
        "minibatch.MiniBatchTrace",
        "networks.TrainingTrace",
        "six_steps.SixSteps",
    },
    "takes nothing": {
        "deep_plots.probability_colors",
        "i18n.current_language",
        "i18n.words",
        "layers.MSE",
        "layers.ReLU",
        "layers.Sigmoid",
        "layers.Tanh",
        "live.LivePicture.static_png",
        "minibatch.one_thread",
        "style.house",
    },
    "draws on behalf of the package": {"style.new_figure", "style.saved"},
    "says what layers can do": {"layers.Layer", "layers.Layer.backward", "layers.Layer.forward"},
    "the inside of an explorer": {
        "explorers.activation.saturated",
        "explorers.descent.learning_rates",
        "explorers.descent.require_range",
        "explorers.descent.steps_to_show",
        "explorers.minibatch.examples_to_show",
    },
}


def modules():
    """Return the package's modules by name, without rooms whose functions no reader calls."""
    names = [found.name for found in pkgutil.walk_packages(lecture_utils.__path__, "lecture_utils.")]
    short = {name.removeprefix("lecture_utils."): name for name in names if not name.endswith("__main__")}
    others = tuple(OTHER_ROOMS)
    return {
        room: importlib.import_module(name)
        for room, name in short.items()
        if room not in others and not room.startswith(tuple(f"{other}." for other in others))
    }


def public_names():
    """Return every function and class that a module defines under a public name, and the classes' methods."""
    found = set()
    for room, module in modules().items():
        for name, value in vars(module).items():
            if name.startswith("_") or getattr(value, "__module__", None) != module.__name__ or not callable(value):
                continue
            found.add(f"{room}.{name}")
            if inspect.isclass(value):
                methods = [key for key, method in vars(value).items() if inspect.isfunction(method) and key[0] != "_"]
                found |= {f"{room}.{name}.{key}" for key in methods}
    return found
