"""The rooms of the code: no circles, one name for one thing, files that one can take in."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from sapo_site.settings.base import PAGES_APPS
from tests.rooms import (
    FILES,
    LENGTHS,
    ROOT,
    asked_from_outside,
    circle,
    floors_of,
    imports_in_functions,
    imports_of_rooms,
)
from tests.tables import every_row

# An import inside a function hides who needs whom. Each of these has a reason.
INSIDE_FUNCTIONS = {
    # Django loads the models of all apps before it calls `ready`, and not a moment earlier.
    ("pages/apps.py", "pages.changes.connecting"),
    ("pages/apps.py", "pages.newsroom.account_changes"),
    ("cooperation/apps.py", "cooperation.signals"),
    ("sapo_site/apps.py", "sapo_site.receivers"),
    # A process of the tip channel loads nothing of the website.
    ("sapo_site/answering/views.py", "pages.public.reading.former"),
    ("sapo_site/answering/views.py", "pages.public.store.keeping"),
    # A process for visitors loads nothing that imports, opens or seals.
    ("pages/newsroom/templatetags/head_tags.py", "pages.newsroom.desk.buttons"),
    ("pages/importing/templatetags/import_tags.py", "pages.importing.build"),
    ("sapo_site/building/static_storage.py", "tips.form"),
    ("sapo_site/building/static_storage.py", "tips.handling.desk_words"),
    ("sapo_site/building/static_storage.py", "tips.keeping.present_keyring"),
    ("sapo_site/building/static_storage.py", "tips.opener"),
    # What it needs is unpacked first.
    ("sapo_site/script/unpacking.py", "tips.signing.signera"),
}
# Django looks for these by name.
DJANGO_MODULES = {
    "admin", "apps", "commands", "management", "models", "templatetags", "urls", "views", "wagtail_hooks",
}  # fmt: skip
# A committed migration names the one, the settings are chosen by the name of the next, and a command is
# called as what it makes.
LIKE_A_FOLDER = {("sapo_site", "demo"), ("sapo_site", "site")}
DJANGO_NAMES = {"Command", "app_name", "logger", "register", "urlpatterns"}
LONGEST, MEDIAN = 400, 80


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_module_needs_itself_by_way_of_others():
    assert circle() == []


@every_row("app", ["pages", "tips", "sapo_site"])
def test_the_picture_of_the_rooms_is_true(app):
    text = (ROOT / "docs" / "architecture.md").read_text()
    picture = text.partition(f"```{app}\n")[2].partition("```")[0]
    rows = re.findall(r"^ *(\d+)  (\w+) +→ *(.*)$", picture, re.MULTILINE)
    rooms = imports_of_rooms(app)
    drawn = {name: set(rest.partition("  ")[0].split()) & rooms.keys() for _, name, rest in rows}
    assert drawn == rooms
    floors = {name: number for number, floor in enumerate(floors_of(rooms), 1) for name in floor}
    assert {name: int(number) for number, name, _ in rows} == floors


def test_no_package_has_rooms_that_need_each_other_in_a_circle():
    for package in {path.parent.relative_to(ROOT).as_posix().replace("/", ".") for path in FILES}:
        assert floors_of(imports_of_rooms(package)) is not None, package


@every_row("app", [name.removeprefix("pages.") for name in PAGES_APPS if name.startswith("pages.")])
def test_an_app_is_asked_for_what_it_offers_and_for_nothing_else(app):
    said = ast.get_docstring(ast.parse((ROOT / "pages" / app / "__init__.py").read_text())) or ""
    offered = re.findall(r"`(\w+)`", said.partition("Offers ")[2].partition(".")[0])
    assert set(offered) == asked_from_outside(f"pages.{app}")


def test_folders_of_the_browser_s_programs_do_not_need_each_other():
    asked = defaultdict(set)
    for path in ROOT.glob("tips/opener/*/*.js"):
        asked[path.parent.name].update(re.findall(r' from "\.\./(\w+)/', path.read_text()))
    assert floors_of(asked)[0] == ["node_modules", "words"]


def test_an_import_stands_at_the_top_unless_there_is_a_reason():
    assert set(imports_in_functions()) == INSIDE_FUNCTIONS


def test_no_two_modules_of_an_app_share_a_name():
    found = defaultdict(list)
    for path in FILES:
        name = path.parent.name if path.stem == "__init__" else path.stem
        if name not in DJANGO_MODULES:
            found[path.relative_to(ROOT).parts[0], name].append(_name(path))
    twice = {place for place, paths in found.items() if len(paths) > 1}
    assert twice == LIKE_A_FOLDER


def test_no_public_name_stands_for_two_things():
    found = defaultdict(list)
    for path in FILES:
        if "settings" not in path.parts:
            for name in _public_names(path):
                found[name].append(_name(path))
    twice = {name: paths for name, paths in found.items() if len(paths) > 1}
    assert {name: paths for name, paths in twice.items() if name not in DJANGO_NAMES} == {}


def _public_names(path: Path) -> Iterator[str]:
    """What a module defines at its top, but type variables."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "TypeVar":
                names = []
        else:
            names = []
        yield from (name for name in names if not name.startswith("_"))


def test_a_file_can_be_taken_in_at_once():
    assert {name: length for name, length in LENGTHS.items() if length > LONGEST} == {}
    assert median(LENGTHS.values()) < MEDIAN


def test_nothing_is_written_into_what_belongs_to_another_object():
    written = [
        f"{_name(path)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
        if ast.unparse(node.value).startswith("vars(")
    ]
    assert written == []
