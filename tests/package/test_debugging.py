"""Errors are shown in short, and all that IPython offers for a closer look still works."""

import re

import pytest
from jupyter_client.manager import start_new_kernel

from tools.environment import ROOT, unseen


class Reader:
    """Runs cells one by one, and answers what they ask; keeps what is seen, without colours."""

    def __init__(self, client):
        self._client = client

    def run(self, source, *, answers=()):
        """Run a cell, and answer each question that it asks; return all that is seen."""
        answers, seen = list(answers), []

        def note(message):
            content = message["content"]
            if message["msg_type"] == "error":
                seen.append("\n".join(content["traceback"]))
                seen.append(f"{content['ename']} is its name")
            else:
                seen.append(content.get("text") or content.get("data", {}).get("text/plain") or "")

        self._client.execute_interactive(
            source,
            timeout=60,
            allow_stdin=bool(answers),
            output_hook=note,
            stdin_hook=lambda question: self._client.input(answers.pop(0)),
        )
        assert not answers, f"nobody asked for {answers}: {seen}"
        return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(seen))


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel(kernel_name="python3", env=unseen(), cwd=ROOT)
    try:
        reader = Reader(client)
        reader.run("from lecture_utils import setup\nsetup('en')\nimport json")
        yield reader
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture
def reader(kernel):
    kernel.run("%pdb off")
    return kernel


FAILS = "def read(text):\n    return json.loads(text)\n\nread('{')"


def test_tb_shows_the_lines_that_were_left_out(reader):
    short = reader.run(FAILS)
    assert "----> 2     return json.loads(text)" in short
    assert "decoder.py" not in short
    assert "decoder.py" in reader.run("%tb")


def test_debug_opens_where_it_failed_and_reaches_the_readers_own_lines(reader):
    reader.run(FAILS)
    seen = reader.run("%debug", answers=["where", "up", "up", "up", "p text", "q"])
    assert "decoder.py" in seen
    assert "'{'" in seen
    assert "----> 2     return json.loads(text)" in reader.run(FAILS)  # and errors are short as before


def test_pdb_opens_the_debugger_at_each_error_until_it_is_switched_off(reader):
    reader.run("%pdb on")
    seen = reader.run(FAILS, answers=["up", "up", "up", "p text", "q"])
    assert "----> 2     return json.loads(text)" in seen
    assert "'{'" in seen
    reader.run("%pdb off")
    assert "----> 2     return json.loads(text)" in reader.run(FAILS)


def test_pdb_where_nobody_can_be_asked_leaves_errors_short(reader):
    reader.run("%pdb on")
    for _ in range(2):
        seen = reader.run(FAILS)
        assert "----> 2     return json.loads(text)" in seen
        assert "unregistering" not in seen


@pytest.mark.parametrize("source", ["print(", "x = [1, 2", "if True print(1)", "def f(:"])
def test_a_slip_of_the_pen_is_called_a_syntax_error(reader, source):
    seen = reader.run(source)
    assert "SyntaxError is its name" in seen
    assert "Incomplete" not in seen


def test_an_unknown_magic_is_said_in_one_line(reader):
    seen = reader.run("%no_such_magic")
    assert seen.strip() == "UsageError: Line magic function `%no_such_magic` not found."


def test_python_keeps_the_last_error(reader):
    reader.run(FAILS)
    assert "JSONDecodeError" in reader.run("import sys\nrepr((sys.last_type, sys.last_value, sys.last_traceback))")
