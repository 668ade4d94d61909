# The two commands: `make lab` and `make test`. Each sets up .venv from nothing and then does its job.
PYTHON ?= python3
BIN = .venv/bin
# JupyterLab asks the administrator's account, as in a container, to say that it is meant.
ROOT_USER = $(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: lab test test-slides notebooks figures slides handouts bench

lab: .venv/ready
	$(BIN)/jupyter lab $(ROOT_USER) --ServerApp.ip=127.0.0.1 --LabApp.default_url=/lab/tree/notebooks/start.ipynb

test: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m pytest -n auto --dist loadscope --nbval notebooks tests

test-slides: .venv/ready
	$(BIN)/python -m pytest -m slides tests/test_slides.py

notebooks: .venv/ready
	$(BIN)/python -m lecture_utils.notebooks

figures: .venv/ready
	$(BIN)/python -m lecture_utils.figures

slides: .venv/ready
	$(BIN)/python -m lecture_utils.slides

handouts: slides
	$(BIN)/python -m lecture_utils.slides.handouts

bench: .venv/ready
	$(BIN)/python -m benchmarks.bench

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --constraint constraints.txt --editable '.[test]'
	$(BIN)/jupyter labextension disable --level=sys_prefix @jupyterlab/apputils-extension:announcements
	touch $@
