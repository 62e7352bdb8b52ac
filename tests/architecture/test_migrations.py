"""Migrations that have landed stay as they were, with what they name; newer ones name nothing live."""

import ast
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import models
from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite

from cooperation.fields import CooperationBodyField
from pages import fields
from pages.models.media import SiteImageField
from pages.models.search import TokensField, WordField
from pages.search import tables
from tests.tables import every_row

ROOT = Path(__file__).resolve().parents[2]
APPS = ("pages", "cooperation", "tips", "sapo_site")
# SHA-256 of each migration that some installation may have run. A line is added when a migration
# lands; none is ever changed.
LANDED = {
    name: digest
    for digest, name in map(
        str.split, Path(__file__).with_name("landed_migrations.txt").read_text().splitlines()
    )
}
# The commit from which on no landed migration changes.
SINCE = "7daf5bf"
# What the landed ones name of ours, and so must stay where it is, and what it must still make.
FROZEN_MODULES = {
    "cooperation.fields", "pages.fields", "pages.models.media", "pages.models.search",
    "pages.search.tables",
}  # fmt: skip
FROZEN_FIELDS = {
    "cooperation.fields.CooperationBodyField": (CooperationBodyField, "text", "jsonb"),
    "pages.fields.AdviceField": (fields.AdviceField, "text", "jsonb"),
    "pages.fields.AsideField": (fields.AsideField, "text", "jsonb"),
    "pages.fields.BodyField": (fields.BodyField, "text", "jsonb"),
    "pages.fields.LeadImageField": (fields.LeadImageField, "text", "jsonb"),
    "pages.fields.LinksField": (fields.LinksField, "text", "jsonb"),
    "pages.fields.RelatedField": (fields.RelatedField, "text", "jsonb"),
    "pages.fields.SocialLinksField": (fields.SocialLinksField, "text", "jsonb"),
    "pages.fields.TasksField": (fields.TasksField, "text", "jsonb"),
    "pages.models.media.SiteImageField": (SiteImageField, "varchar(100)", "varchar(100)"),
    "pages.models.search.TokensField": (TokensField, "text", "tsvector"),
    "pages.models.search.WordField": (WordField, "varchar(40)", 'varchar(40) COLLATE "C"'),
}
# SHA-256 of the statements, with one blank where there are several.
FROZEN_FUNCTIONS = {
    "pages.search.tables.create": {
        "sqlite": "2867e30b485ce4d659d252a5e283d8f64800e1377e3203ff8d2c62e1728b8aeb",
        "postgresql": "3ff4bbebfd613201d0aa6cafebb27478843957be50a44cc7621747c19d94a9ee",
    },
    "pages.search.tables.drop": {
        "sqlite": "8e98822b08a414c50fb49df737e23628f901ad207742ebcabf23f8baaa611443",
        "postgresql": "688b4c8e5c77ad3f660fed727837e5b14c218dac398d692e9bc8d738a9aca480",
    },
    "pages.search.tables.create_for_editors": {
        "sqlite": "4c393542b9424d1b3e441e30b2f8c1e87fb146242e66c30d58869a51df918ac7",
        "postgresql": "8d4e43a2d736de4889d87ab250c95f75ec4250ada8373c9d87cfdb8ad52a090f",
    },
    "pages.search.tables.create_triggers": {
        "sqlite": "f632bba85fb211059f1e4899d5ca71d32cf28599241d28493613238ebcbcb9ab",
        "postgresql": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    },
    "pages.search.tables.drop_for_editors": {
        "sqlite": "c48dc44a4d4c20b75f9058248015a1ad3007105863078bb556862aa1f7b13798",
        "postgresql": "b9f49b8b16c1a1714d3b0ce7e06a9e7ff463cc98e4ce75be89e00418cf5b2557",
    },
}


def _path(name: str) -> Path:
    app, _slash, module = name.partition("/")
    return ROOT / app / "migrations" / f"{module}.py"


PRESENT = {
    f"{app}/{path.stem}" for app in APPS for path in (ROOT / app / "migrations").glob("[0-9]*.py")
}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# Those that have landed


def test_every_landed_migration_is_as_it_landed():
    found = {name: _digest(_path(name).read_bytes()) for name in LANDED}
    assert {name: each for name, each in found.items() if each != LANDED[name]} == {}


def test_the_table_is_that_of_the_history():
    def git(*words: str) -> bytes | None:
        done = subprocess.run([shutil.which("git") or "", *words], cwd=ROOT, capture_output=True)
        return None if done.returncode else done.stdout

    if not (ROOT / ".git").exists() or git("cat-file", "-e", SINCE) is None:
        pytest.skip("Kräver historiken, som en grund klon saknar.")
    for path in (git("ls-tree", "-r", "--name-only", SINCE) or b"").decode().split():
        if match := re.fullmatch(r"(\w+)/migrations/(\d\w+)\.py", path):
            content = git("show", f"{SINCE}:{path}")
            assert content is not None
            assert _digest(content) == LANDED["/".join(match.groups())]


def test_what_the_landed_ones_name_of_ours_is_what_is_frozen():
    named = {name for each in LANDED for name in _names_of_ours(_path(each))}
    assert named == FROZEN_FIELDS.keys() | FROZEN_FUNCTIONS.keys()
    assert {name.rpartition(".")[0] for name in named} == FROZEN_MODULES


def _names_of_ours(path: Path) -> set[str]:
    """The dotted names in the migration that begin with a module of ours."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    imported = [
        alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names
    ]
    ours = tuple(f"{module}." for module in imported if module.split(".")[0] in APPS)
    found = {ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute)}
    return {name for name in found - set(imported) if name.startswith(ours)}


# What they name


def _database(vendor: str, data_types: Mapping[str, Any]) -> Any:
    """As much of a connection as a field asks for its type."""
    names = SimpleNamespace(quote_name=str)
    return SimpleNamespace(vendor=vendor, data_types=data_types, ops=names)


_SQLITE = _database("sqlite", SQLite.data_types)
_POSTGRESQL = _database("postgresql", PostgreSQL.data_types)


@every_row("name", FROZEN_FIELDS)
def test_a_frozen_field_has_its_name_and_its_columns(name):
    field_class, in_sqlite, in_postgresql = FROZEN_FIELDS[name]
    is_text = issubclass(field_class, models.CharField)
    field = field_class(max_length=40) if is_text else field_class()
    assert field.deconstruct()[1] == name
    assert field.db_type(_SQLITE) == in_sqlite
    assert field.db_type(_POSTGRESQL) == in_postgresql


@every_row("vendor", ["sqlite", "postgresql"])
@every_row("name", FROZEN_FUNCTIONS)
def test_a_frozen_function_says_the_same_to_the_database(name, vendor):
    said: list[str] = []
    editor = SimpleNamespace(execute=said.append, connection=SimpleNamespace(vendor=vendor))
    getattr(tables, name.rpartition(".")[2])(None, editor)
    words = " ".join(";".join(said).split())
    assert _digest(words.encode()) == FROZEN_FUNCTIONS[name][vendor]


# Newer ones

# What Django writes into migrations itself, and what data migrations are written with.
_MAY_NAME = re.compile(
    r"django\.(conf|contrib\.postgres(\.\w+)*|core\.validators|db(\.\w+)*|utils(\.\w+)*|apps\.registry)"
    r"|wagtail\.(fields|images\.models|models\.(media|preview)|search\.index)"
    r"|modelcluster\.fields|modelsearch\.index|taggit\.managers"
)
_STANDARD = sys.stdlib_module_names - {"importlib"}
_LIVE_WORDS = {"call_command", "import_module", "__import__"}


def test_a_newer_migration_calls_nothing_that_may_change():
    for name in sorted(PRESENT - LANDED.keys()):
        live = _live(_path(name).read_text())
        assert not live, f"{name}: {live} may change; write into the migration what it needs"


def test_a_newer_migration_makes_nobody_wait_for_long():
    """As zdm judges it; what it may do all the same says why, where it stands: `# zdm: ignore`."""
    newer = [str(_path(name)) for name in PRESENT - LANDED.keys()]
    if not newer:
        return  # asked about none, zdm judges all
    done = subprocess.run(
        [Path(sys.executable).with_name("zdm"), "--warnings-as-errors", "--output-format", "compact", *newer],
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def _live(source: str) -> list[str]:
    """What the migration imports of code that changes, or could reach it by."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if not _may_name(alias.name)]
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names = {f"{module}.{alias.name}" for alias in node.names}
            if not _may_name(module) and not all(map(_may_name, names)):
                found.append(module)
        elif isinstance(node, ast.Name) and node.id in _LIVE_WORDS:
            found.append(node.id)
        elif isinstance(node, ast.Attribute) and node.attr in _LIVE_WORDS:
            found.append(node.attr)
    return found


def _may_name(module: str) -> bool:
    first = module.partition(".")[0]
    return module in FROZEN_MODULES or bool(_MAY_NAME.fullmatch(module)) or first in _STANDARD


@every_row(
    ("source", "live"),
    [
        ("from django.db import migrations, models", []),
        ("import uuid\nimport pages.fields\nimport wagtail.images.models", []),
        ("from pages.search import index", ["pages.search"]),
        ("from pages.models import ArticlePage", ["pages.models"]),
        ("from ..models import Tip", ["..models"]),
        ("import importlib", ["importlib"]),
        ("from django.apps import apps", ["django.apps"]),
        ("from django.core.management import call_command", ["django.core.management"]),
        ("from wagtail.models import Page", ["wagtail.models"]),
        ("__import__('pages.models')", ["__import__"]),
    ],
)
def test_live_code_is_known_when_it_is_seen(source, live):
    assert _live(source) == live
