"""A page type says itself what it is: nobody else goes by its class."""

import ast
from pathlib import Path

from wagtail.models import get_page_models

ROOT = Path(__file__).resolve().parents[2]
PAGE_TYPES = {model.__name__ for model in get_page_models()} - {"Page"}
MODULES = [
    path
    for app in ("pages", "cooperation", "sapo_site")
    for path in sorted((ROOT / app).rglob("*.py"))
    if not {"migrations", "demo"}.intersection(path.parts)  # the demo makes pages of each type
]


def _classes_asked_for(path: Path) -> set[str]:
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("isinstance", "issubclass")
    ]
    return {
        name.id if isinstance(name, ast.Name) else name.attr
        for call in calls
        for name in ast.walk(call.args[1])
        if isinstance(name, ast.Name | ast.Attribute)
    }


def test_nobody_asks_whether_a_page_is_of_a_type():
    asked = {
        path.relative_to(ROOT).as_posix(): _classes_asked_for(path) & PAGE_TYPES for path in MODULES
    }
    assert {path: types for path, types in asked.items() if types} == {}
