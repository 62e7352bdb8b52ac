"""Readers' code asks registers for what is public, and the database closes the rest."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from wagtail.snippets.models import get_snippet_models

from pages.content.models import RegisterEntry
from pages.newsroom.editing.register_views import NewsroomViewSet
from tests.tables import every_row

ROOT = Path(__file__).resolve().parents[2]
REGISTERS = {model for model in apps.get_models() if issubclass(model, RegisterEntry)}
NAMES = {model.__name__ for model in REGISTERS}
BASES = {base.__name__ for model in REGISTERS for base in model.__mro__}
MANAGERS = ("objects", "_default_manager", "_base_manager")
# These ask for what is public themselves.
PUBLIC = {"public", "decided", "in_force", "moments", "out", "shown_in"}
# Where drafts are asked for, and why.
OF_THE_CMS = {
    "pages/content/models/threat_level.py": "whether the decision was public before it is saved",
    "sapo_site/demo/site.py": "the demo makes decisions",
    "pages/content/models/register.py": "whether the row was live before it is saved",
    "pages/content/models/overwriting.py": "the row is held while a version is saved",
}


def _asked(tree: ast.AST, inside: bool = False) -> Iterator[tuple[int, str]]:
    """Line and name of what is first asked of each manager of a register."""
    for node in ast.iter_child_nodes(tree):
        own = node.name in BASES if isinstance(node, ast.ClassDef) else inside
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            manager = node.value
            whose = ast.unparse(manager.value).rpartition(".")[2]
            is_own = own and whose in ("cls", "self", "type(self)")
            if manager.attr in MANAGERS and (whose in NAMES or is_own):
                yield node.lineno, node.attr
        yield from _asked(node, own)


def _modules() -> Iterator[Path]:
    for app in ("pages", "cooperation", "sapo_site"):
        yield from (
            path for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts
        )


def test_no_reader_asks_a_register_for_more_than_is_public():
    asked = {
        path.relative_to(ROOT).as_posix(): [
            (line, name) for line, name in _asked(ast.parse(path.read_text())) if name not in PUBLIC
        ]
        for path in _modules()
    }
    assert {name for name, found in asked.items() if found} == OF_THE_CMS.keys(), asked


@every_row(
    ("source", "found"),
    [
        ("Topic.objects.public().first()", ["public"]),
        ("Topic.objects.filter(slug=slug)", ["filter"]),
        ("models.Alert._default_manager.all()", ["all"]),
        ("class Partner:\n def f(cls): return cls.objects.all()", ["all"]),
        ("class Other:\n def f(cls): return cls.objects.all()", []),
    ],
)
def test_a_question_to_a_register_is_known_when_it_is_seen(source, found):
    assert [name for _line, name in _asked(ast.parse(source))] == found


def test_the_database_closes_drafts_of_all_registers_that_visitors_read():
    rules = (ROOT / "deploy" / "database_roles.sql").read_text()
    closed = set(re.findall(r"\('(\w+)', 'live'\)", rules)) - {"wagtailcore_page"}
    read = {each._meta.db_table for each in REGISTERS if getattr(each, "raises_version", True)}
    assert closed >= read


def test_every_register_has_the_views_of_one():
    assert set(get_snippet_models()) >= REGISTERS
    views = {model.__name__: model.snippet_viewset for model in REGISTERS}
    others = {
        name
        for name, each in views.items()
        if not (isinstance(each, NewsroomViewSet) and each.preview_enabled and each.locking_enabled)
    }
    assert others == set()
