# Two commands, each of which sets up what it needs: `make run` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
UV = .venv/bin/uv pip install --quiet --compile-bytecode --python .venv/bin/python --constraint constraints.txt

.PHONY: run test pins

run: .venv/ready
	.venv/bin/copydesk run seeds

test: .venv/ready-to-test
	.venv/bin/python -m pytest --numprocesses 2

.venv/bin/uv: constraints.txt
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --constraint constraints.txt uv
	touch $@

.venv/ready: .venv/bin/uv pyproject.toml
	$(UV) --editable .
	.venv/bin/python -m compileall -q flows tasks
	touch $@

.venv/ready-to-test: .venv/ready
	$(UV) --editable '.[fast]' --group dev
	touch $@

# Writes the newest versions that pyproject.toml allows into constraints.txt; run it now and then, and test.
pins:
	rm -rf .venv-pins && $(PYTHON) -m venv .venv-pins && .venv-pins/bin/python -m pip install --quiet uv
	.venv-pins/bin/uv pip install --quiet --python .venv-pins/bin/python '.[fast]' --group dev --group spark
	{ echo '# Exact versions of all that `make` installs; `make pins` writes them anew.'; \
	  .venv-pins/bin/uv pip freeze --python .venv-pins/bin/python --exclude-editable | grep -v '^copydesk'; } > constraints.txt
	rm -rf .venv-pins
