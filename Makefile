# The two commands: `make lab` and `make test`. Each sets up .venv from nothing and then does its job.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: lab test notebooks figures bench

lab: .venv/ready
	$(BIN)/jupyter lab --ServerApp.ip=127.0.0.1 --LabApp.default_url=/lab/tree/notebooks/start.ipynb

test: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m pytest -n auto --dist loadscope --nbval notebooks tests

notebooks: .venv/ready
	$(BIN)/python -m lecture_utils.notebooks

figures: .venv/ready
	$(BIN)/python -m lecture_utils.figures

bench: .venv/ready
	$(BIN)/python -m benchmarks.bench

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --constraint constraints.txt --editable '.[test]'
	$(BIN)/jupyter labextension disable --level=sys_prefix @jupyterlab/apputils-extension:announcements
	touch $@
