"""What students do in a notebook, done in a kernel; students.md lists the cases and what each of them ends in."""

import ast
import html
import re
import shutil

import nbformat
import pytest

from tests.kernel import OpenNotebook, said, texts
from tests.notebook import path, read, solution

DESCENT, MODULES = "02_gradient_descent", "05_modules_and_sgd"
FORGET = (
    "for name in set(globals()) - {'get_ipython', 'In', 'Out'}:\n    if name[0] != '_':\n        del globals()[name]"
)
LOOPS = {"autograd": "autograd-loop-code", "optim.SGD": "sgd-loop-code", "nn.Module": "module-loop-code"}


@pytest.fixture(scope="module")
def descent():
    """Open the notebook on descent and run it once."""
    with OpenNotebook(read("en", DESCENT), folder=path("en", DESCENT).parent) as notebook:
        notebook.first = {cell: notebook.run(cell) for cell in notebook.cells}
        yield notebook


@pytest.fixture(scope="module")
def fresh():
    """Open the notebook on modules and run nothing."""
    with OpenNotebook(read("en", MODULES), folder=path("en", MODULES).parent) as notebook:
        yield notebook


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """Open a copy of the Russian notebook that lies alone in a folder, with no images beside it."""
    folder = tmp_path_factory.mktemp("Новая папка (1)")
    copy = shutil.copy(path("ru", DESCENT), folder / "Untitled 1.ipynb")
    with OpenNotebook(nbformat.read(copy, as_version=4), folder=folder) as notebook:
        yield notebook


def stored(language, name, cell_id):
    (cell,) = [cell for cell in read(language, name).cells if cell.id == cell_id]
    return said(cell.outputs)


def error(outputs):
    """Return the one error in outputs, as it is shown."""
    assert [kind for kind, _ in outputs] == ["error"], f"this should end in an error: {outputs}"
    return outputs[0][1]


def assert_only_own_lines(shown):
    places = re.findall(r"^(?:File|Cell) .*", shown, flags=re.MULTILINE)
    foreign = [place for place in places if not place.startswith("Cell In[")]
    assert not foreign, f"lines that are not the reader's stand in the error: {foreign}"


def verdict(outputs):
    """Return the sentence of a check."""
    assert [kind for kind, _ in outputs] == ["data"], f"this should end in a verdict: {outputs}"
    return html.unescape(re.sub(r"<.*?>", "", outputs[0][1]["text/html"]))


def names_made(source):
    """Return the names that a cell makes."""
    made = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.alias):
            made.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            made.add(node.id)
    return made


def test_any_cell_run_first_works_or_names_what_a_cell_above_it_makes(fresh):
    above = set()
    for cell in fresh.cells:
        fresh.type(FORGET)
        outputs = fresh.run(cell)
        errors = [seen for kind, seen in outputs if kind == "error"]
        for shown in errors:
            missing = re.search(r"NameError: name '(\w+)' is not defined$", shown)
            assert missing, f"{cell} run first is not told which name is missing:\n{shown}"
            assert missing[1] in above, f"{cell} run first lacks {missing[1]}, which no cell above it makes"
            assert_only_own_lines(shown)
        above |= names_made(fresh.source(cell))


def test_without_the_set_up_cell_the_first_error_names_what_it_would_have_imported(fresh):
    fresh.type(FORGET)
    shown = error(fresh.run("data"))
    assert shown.endswith("NameError: name 'torch' is not defined")
    assert len(shown.splitlines()) < 15
    assert_only_own_lines(shown)
    assert fresh.run("setup", "data") == []


def test_a_cell_run_too_early_is_right_once_the_cells_above_it_have_run(fresh):
    fresh.type(FORGET)
    assert "NameError" in error(fresh.run("random-start-print"))
    assert texts(fresh.run_until("random-start-print")) == texts(stored("en", MODULES, "random-start-print"))


@pytest.mark.parametrize("way", LOOPS)
def test_a_training_loop_interrupted_and_run_again_gives_the_right_weights(fresh, way):
    loop = LOOPS[way]
    fresh.run(*fresh.cells[: fresh.cells.index(loop)])
    fresh.type("torch.optim.SGD([torch.zeros(1)])")  # the first optimizer imports much; interrupt the loop, not that
    fresh.type("n_steps = 300_000")
    shown = error(fresh.run_and_interrupt(loop))
    assert shown.endswith("KeyboardInterrupt: ")
    assert_only_own_lines(shown)
    assert fresh.run("data") == []
    assert texts(fresh.run(loop)) == texts(stored("en", MODULES, loop))
    assert fresh.type(f"len(paths[{way!r}]) == n_steps + 1")[0][1]["text/plain"] == "True"


def test_training_in_a_function_interrupted_and_run_again_gives_the_right_weights(descent):
    right = descent.source("loop-run")
    descent.write("loop-run", right.replace("n_steps=1001", "n_steps=300_000"))
    shown = error(descent.run_and_interrupt("loop-run"))
    assert shown.endswith("KeyboardInterrupt: ")
    assert_only_own_lines(shown)
    descent.write("loop-run", right)
    assert descent.run("loop-run") == descent.first["loop-run"]


def test_an_interruption_does_not_leave_autograd_switched_off(descent):
    # Interrupted at its very end, torch.no_grad() leaves behind what this cell does.
    descent.write("start", "torch.set_grad_enabled(False)\nwhile True:\n    pass")
    assert error(descent.run_and_interrupt("start")).endswith("KeyboardInterrupt: ")
    assert descent.type("torch.is_grad_enabled()")[0][1]["text/plain"] == "True"


def test_whoever_presses_interrupt_again_and_again_is_shown_the_next_error_in_short_all_the_same(descent):
    descent.type("from torch import nn")
    descent.write("start", "while True:\n    predict(X, w)")
    outputs = descent.run_and_interrupt("start", presses=2)
    assert not any("Custom TB Handler failed" in seen for _, seen in outputs), outputs
    assert_only_own_lines(error(descent.type("nn.Linear(3, 1)(torch.ones(2))")))
    descent.write("start", "w = torch.zeros(2)\npredict(X, w), mse(X, y, w)")
    assert descent.run("start") == descent.first["start"]


def test_the_whole_notebook_run_twice_in_one_kernel_says_the_same_twice(descent):
    for cell in descent.cells:
        assert descent.run(cell) == descent.first[cell], f"{cell} says something else when all is run again"


def test_two_notebooks_at_once_each_keep_their_own_state_and_language(descent, copied):
    for cell in copied.cells[: copied.cells.index("explorer-trace") + 1]:
        mine, yours = descent.run(cell), copied.run(cell)
        assert texts(yours) == texts(mine), f"{cell} says something else in the copy"
    label = "explorer.controls['learning_rate'].description"
    assert [notebook.type(label)[0][1]["text/plain"] for notebook in (descent, copied)] == [
        "'Learning rate γ'",
        "'Скорость обучения γ'",
    ]


def test_a_copy_in_another_folder_says_what_the_notebook_says(copied):
    for cell in copied.cells:
        assert texts(copied.run(cell)) == texts(stored("ru", DESCENT, cell)), f"{cell} says something else in a copy"


def test_two_explorers_of_the_same_kind_do_not_disturb_each_other(descent):
    descent.type("first, second = descent_explorer(), descent_explorer()")
    before = descent.type("second")
    descent.type("first.controls['learning_rate'].value = 7; first.controls['dataset'].index = 1")
    moved = descent.type("first")
    assert texts(moved) != texts(before), "the explorer that was moved shows what it showed"
    assert descent.type("second") == before


def test_explorers_speak_the_language_that_was_set_when_they_were_made(descent):
    said_by = "print({}.controls['learning_rate'].description, '|', {}.picture.caption)"
    descent.type("from lecture_utils import setup\nsetup('ru')\nold = descent_explorer()")
    descent.type("setup('en')\nnew = descent_explorer()\nold.controls['step'].value = 3")
    (_, old), (_, new) = descent.type(said_by.format("old", "old"))[0], descent.type(said_by.format("new", "new"))[0]
    assert not re.search("[a-z]{4}", old), f"the explorer made before has gone over to English: {old}"
    assert not re.search("[а-я]", new), f"the explorer made after is still in Russian: {new}"
    assert "шаг" in old
    assert "step" in new
    check = descent.run("bias-check")
    assert verdict(check).startswith("… No answer yet")
    descent.type("setup('ru')")
    assert verdict(descent.run("bias-check")).startswith("… Ответа пока нет")
    descent.run("setup")


def test_a_language_that_there_is_not_is_refused_in_one_sentence(descent):
    shown = error(descent.type("setup('English')"))
    assert shown.endswith("ValueError: language must be one of ['ru', 'en'], but it is 'English'")
    assert_only_own_lines(shown)


UNFINISHED = {  # what stands in the stub, and what the check says
    "nothing but a return": ("return", "… No answer yet"),
    "no return": (
        "d = X @ w + b - y\n    2 / len(y) * X.T @ d, 2 * d.mean()",
        "✗ gradient_with_bias returns nothing",
    ),
    "an exit": ("import sys\n    sys.exit()", "✗ The function ends the whole program"),
    "half of the answer": ("return 2 / len(y) * X.T @ (X @ w + b - y)", "✗ Two values are expected"),
    "a misspelt name": ("return Xw, b", "✗ The function stopped with NameError: name 'Xw' is not defined"),
    "no way out": ("return gradient_with_bias(X, y, w, b)", "✗ The function stopped with RecursionError"),
    "a text": ("return 'one', 'two'", "✗ "),
}


@pytest.mark.parametrize("unfinished", UNFINISHED)
def test_an_exercise_half_written_gets_a_sentence_and_no_traceback(descent, unfinished):
    body, says = UNFINISHED[unfinished]
    descent.type(f"def gradient_with_bias(X, y, w, b):\n    {body}")
    assert verdict(descent.run("bias-check")).startswith(says)


def test_a_slip_of_the_pen_in_an_exercise_is_shown_where_it_stands(descent):
    shown = error(descent.type("def gradient_with_bias(X, y, w, b):\n    return 2 * (X.T @ (X @ w"))
    assert "return 2 * (X.T @ (X @ w" in shown
    assert shown.splitlines()[-1].startswith("SyntaxError: ")
    assert len(shown.splitlines()) < 6


def test_an_endless_loop_in_an_exercise_is_told_with_the_readers_line_and_can_be_solved_then(descent):
    descent.type("def gradient_with_bias(X, y, w, b):\n    while True:\n        b = b + 1")
    said_by_check = verdict(descent.run_and_interrupt("bias-check"))
    assert re.match(r"✗ You interrupted the check .* Line [23]: (while True:|b = b \+ 1)\.$", said_by_check), (
        said_by_check
    )
    descent.type(solution_of(DESCENT, "bias-solution"))
    assert verdict(descent.run("bias-check")) == "✓ Right!"


def test_a_check_run_before_its_exercise_names_the_function_that_is_missing(descent):
    descent.type("del gradient_with_bias")
    assert error(descent.run("bias-check")).endswith("NameError: name 'gradient_with_bias' is not defined")


def test_an_answer_that_overwrites_its_data_spoils_neither_the_check_nor_the_cells_after_it(descent):
    in_place = "    X /= X.max()\n    H = 2 / len(X) * X.T @ X\n    return 2 / torch.linalg.eigvalsh(H)[-1]"
    descent.type(f"def largest_learning_rate(X):\n{in_place}")
    assert verdict(descent.run("limit-exercise-check")).startswith("✗")
    assert descent.run("limit-check") == descent.first["limit-check"]
    assert descent.run("explorer-code") == descent.first["explorer-code"]


def solution_of(name, cell_id):
    (cell,) = [cell for cell in read("en", name).cells if cell.id == cell_id]
    return solution(cell)


def test_after_a_restart_all_is_forgotten_and_all_can_be_run_again(descent):
    descent.restart()
    assert error(descent.run("explorer-trace")).endswith("NameError: name 'explorer' is not defined")
    descent.run_until("explorer-trace")
    assert descent.run("explorer-code") == descent.first["explorer-code"]
