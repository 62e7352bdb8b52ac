"""What a start does with the data folder, and what it leaves alone."""

import json
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from gunicorn.app.base import Application
from gunicorn.http.wsgi import Response

from sapo_site.management.commands import prepare


@pytest.fixture
def collected(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Each time static files were collected: whether the old ones were cleared first."""
    done: list[bool] = []

    def collect(_name: str, *, clear: bool, **_options: Any) -> None:
        done.append(clear)
        settings.STATIC_ROOT.mkdir(exist_ok=True)
        (settings.STATIC_ROOT / "staticfiles.json").touch()

    settings.VAR_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    monkeypatch.setattr(prepare, "call_command", collect)
    return done


def test_static_files_are_collected_once(collected: list[bool]):
    prepare.prepare_static_files()
    prepare.prepare_static_files()

    assert len(collected) == 1


def test_changed_static_files_are_collected_without_removing_what_pages_still_ask_for(
    collected: list[bool], monkeypatch: pytest.MonkeyPatch
):
    prepare.prepare_static_files()
    monkeypatch.setattr(prepare, "static_fingerprint", lambda: "another")
    prepare.prepare_static_files()

    assert collected[1:] == [False]


def test_a_collection_that_was_cut_off_begins_from_nothing(
    collected: list[bool], monkeypatch: pytest.MonkeyPatch
):
    prepare.prepare_static_files()

    def cut_off(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as interrupted:
        interrupted.setattr(prepare, "static_fingerprint", lambda: "another")
        interrupted.setattr(prepare, "call_command", cut_off)
        with pytest.raises(KeyboardInterrupt):
            prepare.prepare_static_files()
    prepare.prepare_static_files()

    assert collected[1:] == [True]


def test_static_files_are_collected_while_the_database_is_made(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings.VAR_DIR = tmp_path
    has_begun = get_context("fork").Event()
    monkeypatch.setattr(prepare, "prepare_static_files", has_begun.set)
    seen: list[bool] = []
    monkeypatch.setattr(
        prepare, "prepare_database", lambda _stdout: seen.append(has_begun.wait(30))
    )

    call_command("prepare")

    assert seen == [True]


def test_a_collection_that_fails_stops_the_start(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail() -> None:
        raise OSError("skivan är full")

    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(prepare, "prepare_static_files", fail)
    monkeypatch.setattr(prepare, "prepare_database", lambda _stdout: None)

    with pytest.raises(CommandError, match="statiska filerna"):
        call_command("prepare")


def test_the_fingerprint_changes_with_the_files(settings: Any, tmp_path: Path):
    for name in ("requirements.txt", "sapo_site/building/static_storage.py", "static/css/site.css"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a")
    settings.PROJECT_DIR = tmp_path
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    seen = {prepare.static_fingerprint()}

    for name in ("requirements.txt", "sapo_site/building/static_storage.py", "static/css/site.css"):
        (tmp_path / name).write_text("b")
        seen.add(prepare.static_fingerprint())
    (tmp_path / "static" / "css" / "site.css").rename(tmp_path / "static" / "other.css")
    seen.add(prepare.static_fingerprint())

    assert len(seen) == 5


def test_the_welcome_shows_addresses_and_accounts(settings: Any, tmp_path: Path):
    settings.VAR_DIR = tmp_path
    accounts = [
        {"username": "admin", "password": "hemligt-ord", "role": "Administratör"},
        {"username": "chefredaktor", "password": "x", "role": "Chefredaktör"},
    ]
    (tmp_path / "demo-accounts.json").write_text(json.dumps(accounts))

    lines = prepare.welcome("127.0.0.1:8123").splitlines()

    assert "  Webbplats           http://127.0.0.1:8123/" in lines
    assert "  Redaktionsverktyg   http://127.0.0.1:8123/admin/" in lines
    assert "  Tipsa               http://127.0.0.1:8123/tipsa/" in lines
    assert "  Tipsmottagning      http://127.0.0.1:8123/tipsmottagning/" in lines
    assert f"    med nyckelfilen   {tmp_path}/demo-keys/tove-berg.txt" in lines
    assert "  admin          hemligt-ord   Administratör" in lines
    assert "  chefredaktor   x             Chefredaktör" in lines


@pytest.mark.django_db(databases=["default", "tips"])
def test_a_site_that_stands_is_not_built_again(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings.VAR_DIR, settings.DEMO = tmp_path, True
    called: list[str] = []
    monkeypatch.setattr(prepare, "site_is_built", lambda: True)
    monkeypatch.setattr(prepare, "call_command", lambda name, **_: called.append(name))
    # The tests make the tips' tables without migrations.
    monkeypatch.setattr(prepare.MigrationExecutor, "migration_plan", lambda *_: [])
    monkeypatch.setattr(prepare, "prepare_tips", lambda stdout: called.append("tips"))
    monkeypatch.setattr(prepare.connections, "close_all", lambda: None)

    call_command("prepare", "--without-static")

    assert called == ["seed", "tips"]  # the first then only looks after the accounts


def test_no_answer_tells_which_server_made_it(settings: Any, monkeypatch: pytest.MonkeyPatch):
    class Server(Application):
        def load_config(self) -> None:
            path = settings.PROJECT_DIR / "deploy" / "gunicorn.conf.py"
            self.load_config_from_file(str(path))

        def load(self) -> None: ...

    # The configuration replaces it: put back after the test.
    monkeypatch.setattr(Response, "default_headers", Response.default_headers)
    configuration = Server().cfg
    request = SimpleNamespace(version=(1, 1), should_close=lambda: False, method="GET")
    response = Response(request, None, configuration)
    response.start_response("200 OK", [("Content-Length", "2")])

    lines = response.default_headers()

    assert lines[0] == "HTTP/1.1 200 OK\r\n"
    assert not [line for line in lines if line.lower().startswith("server")]
    assert configuration.accesslog is None  # who read what is nobody's business
    assert configuration.control_socket_disable
