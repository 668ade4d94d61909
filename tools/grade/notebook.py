"""Runs the lecture's own notebook, and in place of its stubs the students' answers, each in a fork of its own.

``python -m tools.grade.notebook`` reads what to do from its input, and writes a line for each answer. So an answer
finds all that the lecture has made by then, at the cost of a fork, and whatever it does, no other answer sees it.
"""

import ast
import json
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from traitlets.config import Config

from lecture_utils._look.tracebacks import public_kind
from lecture_utils.checks import Verdict
from tools.grade.sandbox import Limits, Outcome, run
from tools.notebooks import read, tags

_LONGEST = 2000  # letters of a message
_CHANGED = "the checks were changed: they accept anything"


def main() -> None:
    """Grade the answers of which a file for each student and cell lies in a folder."""
    asked = json.loads(sys.stdin.read())
    limits = Limits(**asked["limits"])
    results = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what the lecture itself prints
    torch.set_num_threads(1)
    if not _isolated(_sees_the_lecture, limits).answer:
        sys.exit(
            "Whom answers run as cannot read the lecture or its Python: put both where everybody can, as under /opt, "
            "or name another user with --user."
        )
    shell = _shell()
    notebook = read(asked["language"], asked["notebook"])
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, check in zip(code, [*code[1:], None], strict=True):
        if "exercise" in tags(cell):
            judge = _prepared(shell, check.source)
            for student in asked["answers"].get(cell.id, []):
                answer = Path(asked["folder"], student, cell.id).read_text(encoding="utf-8")
                outcome = _isolated(partial(_grade, shell, answer, judge), limits)
                results.write(json.dumps({"student": student, "cell": cell.id} | _verdict(outcome)) + "\n")
                results.flush()
        elif not _draws(cell):
            shell.run_cell(cell.source)


def _shell() -> InteractiveShell:
    """Return a shell with the lecture's ground, which keeps no history: that would take a thread."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    return InteractiveShell.instance(config=config)


def _draws(cell: NotebookNode) -> bool:
    return any("image/png" in output.get("data", {}) for output in cell.outputs)


def _prepared(shell: InteractiveShell, source: str) -> Callable[[], Verdict]:
    """Run what a check's cell does before its last line; return that line, with the check itself fetched by now."""
    *before, last = ast.parse(source).body
    shell.run_cell("\n".join(map(ast.unparse, before)))
    check = eval(ast.unparse(last.value.func), shell.user_ns)
    (answer,) = map(ast.unparse, last.value.args)

    def judge() -> Verdict:
        verdict = check(eval(answer, shell.user_ns))
        if verdict.right and check(_accepted_by_no_check).right:
            return Verdict(right=False, message=_CHANGED)
        return verdict

    return judge


def _accepted_by_no_check(*given: object, **named: object) -> object:
    return object()


def _grade(shell: InteractiveShell, answer: str, judge: Callable[[], Verdict]) -> bytes:
    """Run an answer and its check; this is the student's process."""
    os.environ["TMPDIR"] = os.getcwd()
    result = shell.run_cell(answer)
    error = result.error_before_exec or result.error_in_exec
    try:
        verdict = judge()
    except NameError as missing:
        said = error or missing
        verdict = Verdict(right=False, message=f"{public_kind(type(said)).__name__}: {said}")
    told = {"right": verdict.right, "message": str(verdict.message)[:_LONGEST]}
    sys.stdout.flush()
    return json.dumps(told).encode()


def _sees_the_lecture() -> bytes:
    folders = (Path(file).parent for file in (__file__, os.__file__, torch.__file__))
    return b"yes" if all(os.access(folder, os.R_OK | os.X_OK) for folder in folders) else b""


def _isolated(grade: Callable[[], bytes], limits: Limits) -> Outcome:
    sys.stdout.flush()
    with tempfile.TemporaryDirectory() as scratch:
        if limits.user is not None:
            os.chown(scratch, *limits.user)
        return run(grade, scratch=Path(scratch), limits=limits)


def _verdict(outcome: Outcome) -> dict[str, object]:
    """Return what the student's process said, if that is what it should say, or how it ended."""
    told = {"right": False, "message": outcome.end, "confined": outcome.confined}
    try:
        said = json.loads(outcome.answer)
        told |= {"right": {True: True, False: False, None: None}[said["right"]], "message": said["message"][:_LONGEST]}
    except (ValueError, TypeError, KeyError, RecursionError):
        told["message"] = outcome.end or "said something else than a verdict"
    return told


if __name__ == "__main__":
    main()
