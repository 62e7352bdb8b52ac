"""That our code uses nothing that turns data into program, and where it does what is nearly that.

docs/security.md leans on it.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.tables import every_row

ROOT = Path(__file__).resolve().parents[2]
_APPS = ("cooperation", "pages", "sapo_site", "tips", "deploy")
_SCRIPTS = sorted(
    path
    for scripts in (
        "static/js/*.js",
        "pages/*/static/js/*.js",
        "tips/opener/*.js",
        "tips/opener/*/*.js",
    )
    for path in ROOT.glob(scripts)
)
_TEMPLATES = sorted([*ROOT.glob("templates/**/*.html"), *ROOT.glob("pages/*/templates/**/*.html")])


@cache
def _named() -> dict[str, set[str]]:
    """Each dotted name that our Python calls or imports, and the files that do."""
    found: dict[str, set[str]] = {}
    for app in _APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "node_modules" in path.parts:
                continue
            for name in _names_in(ast.parse(path.read_text())):
                found.setdefault(name, set()).add(path.relative_to(ROOT).as_posix())
    return found


def _names_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                for each in node.names:
                    yield f"import {each.name}"
            case ast.ImportFrom(module=str(module)):
                yield f"import {module}"
                for each in node.names:
                    yield f"import {module}.{each.name}"
            case ast.Call(func=ast.Name(id=name)):
                yield name
            case ast.Call(func=ast.Attribute(attr=name)):
                yield f".{name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "shell":
            yield "shell="


def _users_of(*patterns: str) -> set[str]:
    wanted = re.compile("|".join(patterns))
    named = _named().items()
    return {path for name, paths in named if wanted.fullmatch(name) for path in paths}


def test_the_names_that_are_looked_for_are_seen():
    tree = ast.parse(
        "import pickle\nfrom os import system\nos.popen('x')\neval('1')\nrun('x', shell=True)"
    )
    assert {"import pickle", "import os.system", ".popen", "eval", "shell="} <= set(_names_in(tree))
    assert len(_named()) > 1000
    assert len(_SCRIPTS) > 20


def test_no_text_becomes_program():
    assert _users_of("eval", "exec", "__import__", r"import code\b.*", r"import runpy\b.*") == set()


def test_no_text_becomes_a_template():
    assert _users_of("Template", r"\.from_string", r"import jinja2\b.*", "Engine") == set()


def test_no_object_is_made_of_what_came_from_outside():
    assert _users_of(r"import (pickle|marshal|shelve|dill|yaml|jsonpickle)\b.*") == set()


def test_no_shell_runs():
    assert _users_of("shell=", r"import os\.(system|popen)", r"\.(system|popen)") == set()


def test_no_weak_or_broken_cryptography():
    weak = "md5|sha1|MD5|SHA1|ECB|CBC|PKCS1v15|TripleDES|ARC4|Blowfish|DES|RC2"
    assert _users_of(rf"\.?({weak})", rf"import .*\.({weak})") == set()


def test_what_must_not_be_guessed_is_drawn_by_the_system():
    assert _users_of(r"import random\b.*", r"import uuid\.uuid1", r"\.uuid1") == set()


# Where SQL is written by hand. Each is read when it changes: values are bound, names are ours.
_SQL = {
    "pages/changes/indexes.py", "pages/changes/triggers.py", "pages/public/reading/finding.py",
    "pages/search/engine.py", "pages/search/vocabulary.py", "tips/handling/events.py",
    "sapo_site/management/commands/migrate.py", "sapo_site/running/readiness.py",
    "tips/keeping/readiness.py",
}  # fmt: skip


def test_sql_is_written_by_hand_in_known_files_only():
    users = _users_of(r"\.(cursor|raw|extra)", "RawSQL", r"import .*\.RawSQL")
    assert {path for path in users if "/migrations/" not in path} == _SQL


# Where a text is declared to be markup. Each is read when it changes: what it holds is escaped before.
_MARKUP = {
    "pages/newsroom/editing/starts.py",  # what Wagtail's field has rendered; what is put in goes by format_html
    "pages/public/frame/headings.py",  # what a template has rendered, with ids on its headings
    "pages/public/templatetags/pages_tags.py",
    "sapo_site/cms/handbook.py",
    "sapo_site/accounts/second_factor/views.py",  # a picture that segno draws of dots: no text is in it
    "tips/templatetags/tips_tags.py",
}


def test_a_text_is_declared_to_be_markup_in_known_files_only():
    assert _users_of("mark_safe", r"\.mark_safe") == _MARKUP


# Where a text that has a name is filled in. Each such text is ours: none comes from a form or a file.
_FILLED_IN = {
    "pages/changes/indexes.py",
    "pages/changes/triggers.py",
    "pages/newsroom/guard.py",
    "pages/search/tables.py",
    "pages/search/vocabulary.py",
    "sapo_site/demo/keys.py",
    "sapo_site/script/incident.py",
    "sapo_site/running/log_lines.py",  # a log record, by Python's own formatter
    "tips/form/guard.py",
    "sapo_site/audit_log/journald.py",  # a log record, by Python's own formatter
}


def test_only_texts_of_ours_are_filled_in():
    assert _users_of(r"\.format_map", r"\.safe_substitute", r"\.vformat") == set()
    assert {path for path in _users_of(r"\.format") if "/migrations/" not in path} == _FILLED_IN


def test_no_template_switches_escaping_off():
    off = re.compile(r"\|\s*safe\b|autoescape\s+off|\|\s*safeseq\b")
    assert [path for path in _TEMPLATES if off.search(path.read_text())] == []


def test_no_template_asks_for_a_plug_in_or_an_old_technique():
    old = re.compile(r"<(object|embed|applet|frameset|marquee|keygen)\b|javascript:", re.IGNORECASE)
    assert [path for path in _TEMPLATES if old.search(path.read_text())] == []


# Scripts


@every_row(
    "forbidden",
    [
        r"\beval\(", r"\bnew Function\b", r"document\.write", r"insertAdjacentHTML", r"outerHTML",
        r"srcdoc", r"\.cookie\b", r"sessionStorage|indexedDB", r"__proto__",
        r"[^=!]==[^=]", r"!=[^=]", r"addEventListener\(\s*[\"']message[\"']",
    ],
)  # fmt: skip
def test_no_script_of_ours_has(forbidden):
    found = [path.name for path in _SCRIPTS if re.search(forbidden, _without_comments(path))]
    assert found == []


def test_two_scripts_keep_something_and_that_is_which_keyring_and_numbers_they_have_believed():
    keeping = {path.name: _without_comments(path).count("localStorage.") for path in _SCRIPTS}
    assert {name: count for name, count in keeping.items() if count} == {
        "arrivals.js": 2,
        "desk_trust.js": 2,
    }


def test_markup_is_read_by_one_script_that_only_editors_have():
    users = {path.name for path in _SCRIPTS if "innerHTML" in _without_comments(path)}
    assert users == {"findings_beside_form.js"}


def _without_comments(path: Path) -> str:
    return re.sub(r"^\s*(//|\*|/\*).*$", "", path.read_text(), flags=re.MULTILINE)
