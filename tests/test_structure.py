"""The picture to keep: a corridor of rooms. Read from the imports as they are written."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CORRIDOR = ["ingest", "strip", "extract", "dedupe", "group", "publish"]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in ("tasks", "flows")
    for path in (ROOT / folder).rglob("*.py")
}


def imported(path: Path) -> set[str]:
    """Every module that a file imports, wherever in the file and however it does so."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names if names <= MODULES.keys() else (names & MODULES.keys()) | {node.module}
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_module":
            found |= {part.value for part in ast.walk(node) if isinstance(part, ast.Constant)}
    return found


def own(path: Path) -> set[str]:
    """The modules of ours that a file imports; a package's face counts where something is taken from it."""
    return {name for name in imported(path) if name in MODULES}


def libraries(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(path)}


def users_of(library: str) -> list[str]:
    return sorted(name for name, path in MODULES.items() if library in libraries(path))


def test_no_module_imports_itself_through_others():
    graph = {name: own(path) for name, path in MODULES.items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name not in done:
            for other in graph[name]:
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_tasks_know_nothing_of_prefect_or_of_the_flows():
    for name, path in MODULES.items():
        if name.startswith("tasks"):
            assert not libraries(path) & {"prefect", "flows"}, name


@pytest.mark.parametrize("stage", CORRIDOR)
def test_a_stage_imports_only_stages_before_it(stage):
    later = CORRIDOR[CORRIDOR.index(stage) + 1 :]
    for name, path in MODULES.items():
        if name == f"tasks.{stage}" or name.startswith(f"tasks.{stage}."):
            reached = {other.split(".")[1] for other in own(path) if other.count(".")}
            assert not reached & set(later), name


def test_each_large_library_has_one_door():
    assert len(users_of("trafilatura")) == 1
    assert len(users_of("langdetect")) == 1


def test_no_module_has_a_name_that_says_nothing():
    for name in MODULES:
        assert not {"utils", "helpers", "common", "manager"} & set(name.split(".")), name


def test_no_module_of_the_flows_is_named_like_a_library():
    """Prefect puts that folder first on sys.path."""
    import sys

    taken = sys.stdlib_module_names | {"prefect", "dask", "rich", "yaml", "click", "httpx", "tasks"}
    for name in MODULES:
        if name.startswith("flows."):
            assert name.removeprefix("flows.") not in taken, name
