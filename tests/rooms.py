"""Shows the rooms of the code: `.venv/bin/python -m tests.rooms`.

A room is a file or a folder right inside an app. It stands one floor above the highest room that it
imports from. Each such import is an arrow.
"""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median

import grimp

ROOT = Path(__file__).resolve().parents[1]
APPS = ("pages", "cooperation", "tips", "sapo_site")
FILES = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
LENGTHS = {
    path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines())
    for path in FILES
    if path.stat().st_size
}


@cache
def imports_of_modules() -> dict[str, set[str]]:
    """Module -> our modules that it imports: at the top, inside functions, and for types."""
    graph = grimp.build_graph(*APPS, cache_dir=None)
    return {
        module: graph.find_modules_directly_imported_by(module)
        for module in graph.modules
        if ".migrations" not in module
    }


def circle() -> list[str]:
    """Modules that import each other in a circle; empty if there is no circle."""
    try:
        TopologicalSorter(imports_of_modules()).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def imports_of_rooms(app: str) -> dict[str, set[str]]:
    """Room -> the other rooms of the app, or of a package in it, that it imports from."""
    rooms: dict[str, set[str]] = {}
    for module, imported in imports_of_modules().items():
        if room := _room(module, app):
            asked = {other for each in imported if (other := _room(each, app))}
            rooms.setdefault(room, set()).update(asked - {room})
    return rooms


def floors_of(rooms: dict[str, set[str]]) -> list[list[str]]:
    """The rooms from the ground up. Raises CycleError if they import each other in a circle."""
    order, floors = TopologicalSorter(rooms), []
    order.prepare()
    while ready := order.get_ready():
        floors.append(sorted(ready))
        order.done(*ready)
    return floors


def imports_in_functions() -> Iterator[tuple[str, str]]:
    """File and imported module, for each import of ours that stands inside a function."""
    for path in FILES:
        package = path.relative_to(ROOT).parent.parts
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    for module in _imported_by(node, package):
                        if module.split(".")[0] in APPS:
                            yield path.relative_to(ROOT).as_posix(), module


def _imported_by(node: ast.AST, package: tuple[str, ...]) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    above = package[: len(package) - node.level + 1] if node.level else ()
    module = ".".join([*above, *filter(None, [node.module])])
    return [module] if node.module else [f"{module}.{alias.name}" for alias in node.names]


def _room(module: str, package: str) -> str:
    return module.removeprefix(f"{package}.").partition(".")[0] if _inside(module, package) else ""


def _inside(module: str, package: str) -> bool:
    return module.startswith(f"{package}.")


def asked_from_outside(app: str) -> set[str]:
    """The rooms of an app, `pages.library` say, that other code of ours imports from."""
    return {
        _room(asked, app)
        for module, imported in imports_of_modules().items()
        if module != app and not _inside(module, app)
        for asked in imported
        if _inside(asked, app)
    }


def _show() -> None:
    for app in APPS:
        rooms = imports_of_rooms(app)
        floors = floors_of(rooms)
        arrows = sum(map(len, rooms.values()))
        print(f"{app}: {len(rooms)} rooms on {len(floors)} floors, {arrows} arrows")
        for number, floor in reversed(list(enumerate(floors, start=1))):
            print(f"  {number:2}  {'  '.join(floor)}")
    longest = max(LENGTHS, key=lambda name: LENGTHS[name])
    print(f"circles of modules: {len(circle())}")
    print(f"imports inside functions: {len(set(imports_in_functions()))}")
    print(f"files: {len(LENGTHS)}, lines: {sum(LENGTHS.values()):,}")
    print(f"median: {median(LENGTHS.values())} lines, longest: {LENGTHS[longest]} ({longest})")


if __name__ == "__main__":
    _show()
