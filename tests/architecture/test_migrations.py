"""What a migration after the first of its app may do: name nothing live, and make nobody wait."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.tables import every_row

ROOT = Path(__file__).resolve().parents[2]
APPS = ("pages", "cooperation", "tips", "sapo_site")
# The first of each app is written anew until 1.0.0; from then on each that has landed stays as it is (0038).
LATER = sorted(
    path
    for app in APPS
    for path in (ROOT / app).glob("**/migrations/[0-9]*.py")
    if path.name != "0001_initial.py"
)
# What Django writes into migrations itself, and what data migrations are written with.
_MAY_NAME = re.compile(
    r"django\.(conf|contrib\.postgres(\.\w+)*|core\.validators|db(\.\w+)*|utils(\.\w+)*|apps\.registry)"
    r"|wagtail\.(fields|images\.models|models\.(media|preview)|search\.index)"
    r"|modelcluster\.fields|modelsearch\.index|taggit\.managers"
    r"|(cooperation|pages\.content)\.fields"
)
_STANDARD = sys.stdlib_module_names - {"importlib"}
_LIVE_WORDS = {"call_command", "import_module", "__import__"}


def test_a_later_migration_calls_nothing_that_may_change():
    for path in LATER:
        live = _live(path.read_text())
        assert not live, f"{path}: {live} may change; write into the migration what it needs"


def test_a_later_migration_makes_nobody_wait_for_long():
    """As zdm judges it; what it may do all the same says why, where it stands: `# zdm: ignore`."""
    if not LATER:
        return  # asked about none, zdm judges all
    done = subprocess.run(
        [Path(sys.executable).with_name("zdm"), "--warnings-as-errors", "--output-format", "compact", *LATER],
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
    return bool(_MAY_NAME.fullmatch(module)) or module.partition(".")[0] in _STANDARD


@every_row(
    ("source", "live"),
    [
        ("from django.db import migrations, models", []),
        ("import uuid\nimport pages.content.fields\nimport wagtail.images.models", []),
        ("from pages.search import index", ["pages.search"]),
        ("from pages.content.models import ArticlePage", ["pages.content.models"]),
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
