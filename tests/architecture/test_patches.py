"""What we replace of Wagtail, Django and others stands in one table, and is checked at the start."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from pkgutil import resolve_name

import pytest
import wagtail
from wagtail.admin import auth

from pages.newsroom.desk.closed_doors import CLOSED_ADDRESSES
from pages.newsroom.editing.media_library import library_addresses
from sapo_site import patches
from sapo_site.patches import CHILD, CMS, EVERYWHERE, PAGES, PATCHES, ChangedError
from tests import __main__ as tiers
from tests.rooms import APPS, FILES, ROOT
from tests.tables import every_row

MOST = 14
# Where something of others is written into besides.
OBJECTS_OF_OTHERS = {
    # The same, by itself: a child that draws loads no Django (a row of the table).
    ("pages/library/pixels.py", "AvifImagePlugin.DEFAULT_MAX_THREADS"),
    # What Django offers for it: the connection of a thread, and the names of files that were just made.
    ("pages/public/store/watch.py", "connections[alias]"),
    ("sapo_site/management/commands/prepare.py", "staticfiles_storage.hashed_files"),
    ("sapo_site/management/commands/prepare.py", "staticfiles_storage.manifest_hash"),
}


def _imported(tree: ast.AST) -> set[str]:
    """The names that a module has from others, and by what it calls them besides."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            where = (node.module or "").partition(".")[0]
            if where not in {*APPS, *sys.stdlib_module_names}:
                names |= {each.asname or each.name for each in node.names}
        elif isinstance(node, ast.Import):
            names |= {
                each.asname or each.name.partition(".")[0]
                for each in node.names
                if each.name.partition(".")[0] not in {*APPS, *sys.stdlib_module_names}
            }
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _root(node.value) in names:
            names |= {each.id for each in node.targets if isinstance(each, ast.Name)}
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            listed = node.iter.elts if isinstance(node.iter, ast.Tuple | ast.List) else []
            if any(_root(each) in names for each in listed):
                names.add(node.target.id)
    return names


def _root(node: ast.AST) -> str:
    """The name at the beginning of `name.attribute[key].attribute`; of a call nothing."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _written_into(source: str) -> Iterator[str]:
    """What is assigned to, or set, of what a module has from others."""
    tree = ast.parse(source)
    names = _imported(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()):
                what: ast.AST = node
            case ast.Call(func=ast.Name(id="setattr" | "delattr")):
                what = node.args[0]
            case _:
                continue
        if _root(what) in names:
            yield ast.unparse(what)


def test_what_is_replaced_of_others_is_replaced_by_the_table():
    found = {
        (path.relative_to(ROOT).as_posix(), what)
        for path in FILES
        if path.parts[len(ROOT.parts)] != "tips"
        for what in _written_into(path.read_text())
    }
    assert found <= OBJECTS_OF_OTHERS, "Add a row to PATCHES in sapo_site/patches.py."
    assert len(PATCHES) <= MOST


@every_row(
    "line",
    [
        "Page.title = 1",
        "view = Page\nview.title = 1",
        "for each in (Page, 1):\n    setattr(each, 'title', 1)",
        "Page.title.field.name = 1",
        "Page.names['a'] = 1",
    ],
)
def test_a_replaced_attribute_is_found(line):
    assert list(_written_into(f"from wagtail.models import Page\n{line}"))


@every_row("patch", PATCHES)
def test_each_row_is_in_place_and_names_a_test(patch):
    path, _, name = patch.test.partition("::")
    assert name in re.findall(r"^def (\w+)\(", (ROOT / path).read_text(), re.MULTILINE)
    owner, attribute = patches.owner_and_name(patch)
    ours = resolve_name(patch.ours)
    if patch.where in (CMS, PAGES, EVERYWHERE, CHILD):
        there = getattr(owner, attribute)
        assert there is ours or there == ours or there.__wrapped__


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"expects": "(request, user)"}, "is (request); Wagtail 7.4.4 had (request, user)"),
        ({"target": "wagtail.admin.auth.denied"}, "is gone; Wagtail 7.4.4 had (request)"),
    ],
)
def test_the_start_stops_with_the_name_of_what_others_have_changed(monkeypatch, change, said):
    row = replace(PATCHES[0], where="nowhere else", **change)
    monkeypatch.setattr(patches, "PATCHES", (row,))
    there = auth.permission_denied
    with pytest.raises(ChangedError) as error:
        patches.apply_patches("nowhere else")
    assert str(error.value) == f"{row.target} {said}"
    assert auth.permission_denied is there


def test_who_tries_the_next_wagtail_reads_the_table_first(monkeypatch, capsys):
    monkeypatch.setattr(tiers, "_runs", lambda tier: [])
    assert tiers.main(["--next"]) == 0
    told = capsys.readouterr().out
    for patch in PATCHES:
        assert all(each in told for each in (patch.target, patch.why, patch.test, patch.ends))


def test_what_stands_before_wagtails_own_templates_and_addresses_is_listed():
    document = (ROOT / "docs" / "architecture.md").read_text()
    told = document.partition("### What we do to Wagtail")[2].partition("\n#")[0]
    theirs = {
        path.as_posix().rpartition("/templates/")[2]
        for path in Path(wagtail.__file__).parent.rglob("templates/wagtail*/**/*.html")
    }
    folder = ROOT / "templates"
    ours = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    assert ours & theirs == set(re.findall(r"`templates/([\w/]+\.html)`", told))
    assert f"{len(CLOSED_ADDRESSES)} of `closed_doors`" in told
    assert f"{len(library_addresses())} of the media library" in told
