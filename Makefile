# The two commands: `make lab` and `make test`. Each sets up .venv from nothing and then does its job.
PYTHON ?= python3
BIN = .venv/bin
# Tests run in several processes, each file or class of tests in one of them.
SPREAD = -n auto --dist loadscope --no-loadscope-reorder

.PHONY: lab edit grade class test test-class bench-class test-processors test-oldest test-latest notebooks figures slides handouts site bench

# The reader's own copies, in my/; and the notebooks themselves, for those who change the lecture.
lab: .venv/ready
	$(BIN)/python -m tools.open

edit: .venv/ready
	$(BIN)/python -m tools.open --edit

# A table of marks from a folder with a folder or a notebook for each student, in build/grades.
grade: .venv/ready
	@test -n "$(SUBMISSIONS)" || { echo "Name the folder of submissions: make grade SUBMISSIONS=folder"; exit 2; }
	$(BIN)/python -m tools.grade "$(SUBMISSIONS)"

# JupyterHub for a class on this machine; NAMES is a file with a student's name on each line.
class: .venv-class/ready
	@test -n "$(NAMES)" || { echo "Name the file with the students' names: make class NAMES=file"; exit 2; }
	.venv-class/bin/python -m tools.classroom "$(NAMES)"

bench-class: .venv-class/ready
	.venv-class/bin/python -m tools.bench.class_bench 20 40

test: .venv/ready .venv/node
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tools.lint_javascript
	$(BIN)/python -m pytest $(SPREAD) --nbval notebooks tests

# The engines that a class may be moved to, in an environment of their own.
test-class: .venv-test-class/ready .venv/node
	.venv-test-class/bin/python -m pytest $(SPREAD) tests/classroom tests/lecture/test_setup_files.py

test-processors: .venv/ready
	$(BIN)/python -m tools.processors

# Other versions, each in an environment of its own; what they print differently stands in tests/other_versions.cfg.
test-oldest: .venv-oldest/ready
test-latest: .venv-latest/ready
test-oldest test-latest: test-%:
	.venv-$*/bin/python -m pytest $(SPREAD) --nbval --nbval-sanitize-with tests/other_versions.cfg notebooks tests

notebooks: .venv/ready
	$(BIN)/python -m tools.notebooks

figures: .venv/ready
	$(BIN)/python -m tools.figures

slides: .venv/ready .venv/node
	$(BIN)/python -m tools.slides

handouts: slides
	$(BIN)/python -m tools.slides.handouts

# The web edition, with the slides in it; ADDRESS is where it will be, if that is known.
site: slides
	$(BIN)/python -m tools.site $(if $(ADDRESS),--base $(ADDRESS))

bench: .venv/ready .venv/node
	$(BIN)/python -m tools.bench

.venv/ready: pyproject.toml constraints.txt tools/jupyterlab.py tools/set_up.py
	$(PYTHON) tools/set_up.py .venv --constraint constraints.txt --editable '.[test]'
	$(BIN)/python -m tools.jupyterlab
	touch $@

.venv-class/ready: pyproject.toml constraints.txt tools/jupyterlab.py tools/set_up.py
	$(PYTHON) tools/set_up.py .venv-class --constraint constraints.txt --editable '.[class]'
	.venv-class/bin/python -m tools.jupyterlab
	touch $@

.venv-test-class/ready: pyproject.toml constraints.txt tools/jupyterlab.py tools/set_up.py
	$(PYTHON) tools/set_up.py .venv-test-class --constraint constraints.txt --editable '.[class,class-test,test]'
	.venv-test-class/bin/python -m tools.jupyterlab
	touch $@

.venv-oldest/ready: pyproject.toml constraints-oldest.txt tools/jupyterlab.py tools/set_up.py
	$(PYTHON) tools/set_up.py .venv-oldest --constraint constraints-oldest.txt --editable '.[slides,test]'
	.venv-oldest/bin/python -m tools.jupyterlab
	touch $@

# The newest of everything but PyTorch, which stays as it is installed: another build may be gigabytes.
.venv-latest/ready: .venv/ready
	$(PYTHON) tools/set_up.py .venv-latest --editable '.[slides,test]' \
		"$$($(BIN)/python -c "from importlib.metadata import version; print('torch==' + version('torch').split('+')[0])")"
	.venv-latest/bin/python -m tools.jupyterlab
	touch $@

# npm fetches the JavaScript and the fonts of slides and site; where the machine has none, a pip package carries it.
.venv/node: .venv/ready
	command -v npm >/dev/null || $(BIN)/python -m pip install --constraint constraints.txt --editable '.[slides]'
	touch $@
