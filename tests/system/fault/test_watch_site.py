"""The watcher before nginx with the configuration that is shipped: what root has laid is what was signed."""

import argparse
import os
import ssl
from collections.abc import Iterator
from functools import partial
from http.client import HTTPSConnection

import pytest

from sapo_site.script import watch_site
from sapo_site.script.installed import Installation
from sapo_site.script.releasing import manifest_of
from sapo_site.script.signed_release import Manifest
from sapo_site.script.watch_site import WELL_KNOWN, WatchedSite
from tests.nginx import NAMES, Nginx, configured, lay_static_files
from tests.signed import Signers

from .behind_nginx import DESK, PUBLIC, Answering, ask, served

SIGNERS = Signers()
PAGE = b'<!doctype html><title>Tipsa</title><form action="/tipsa/formular/" method="post"></form>'


class _Service(Answering):
    def do_GET(self) -> None:
        is_page = self.path.endswith("/")
        status = 203 if self.path.endswith("/skriv/") else 200 if is_page else 404
        kind = {"Content-Type": "text/html; charset=utf-8", "X-Content-Type-Options": "nosniff"}
        self.answer(status, kind, PAGE)


@pytest.fixture
def server() -> Iterator[Nginx]:
    with (
        configured(beside="default_type application/octet-stream;") as server,
        served(server, "public", "intake", handler=_Service),
    ):
        yield server


def _lay_release(server: Nginx) -> bytes:
    facts = {"number": "1", "version": "1.0", "commit": "c" * 40, "made": "2026-12-01", "previous": "0" * 64,
             "signers": SIGNERS.hash}  # fmt: skip
    (server.folder / "code").mkdir()
    octets = manifest_of(
        facts, Installation(server.folder / "code", server.var / "static").files(), {}
    )
    folder = server.var / "release" / "1"
    folder.mkdir(parents=True)
    (folder / "release.txt").write_bytes(octets)
    (folder / "release.txt.sig").write_bytes(SIGNERS.sign("release", octets))
    (folder / "signers-1.json").write_bytes(SIGNERS.file)
    (server.var / "release" / "current").symlink_to("1")
    return octets


def _watcher(server: Nginx, monkeypatch: pytest.MonkeyPatch) -> WatchedSite:
    authority = server.folder / "ssl" / "fullchain.pem"
    context = ssl.create_default_context(cafile=authority)

    class Here(HTTPSConnection):
        def connect(self) -> None:
            name, self.host = self.host, "127.0.0.1"
            super(HTTPSConnection, self).connect()
            self.host = name
            self.sock = context.wrap_socket(self.sock, server_hostname=name)

    monkeypatch.setattr(watch_site, "HTTPSConnection", Here)
    given = argparse.Namespace(
        url=f"https://{PUBLIC}:{server.port}", desk=f"https://{DESK}:{server.port}", proxy=None, ca=authority, only=None,
    )  # fmt: skip
    return WatchedSite(given, {"root": SIGNERS.root})


def test_what_nginx_sends_is_what_was_signed_in_octets_types_and_headers(server, monkeypatch):
    lay_static_files(server.var)
    manifest = Manifest(_lay_release(server))

    found = _watcher(server, monkeypatch).look(wait=lambda seconds: None)

    assert [(each.address, each.text) for each in found] == []
    assert len(manifest.served) > 400


def test_an_octet_that_root_has_changed_is_seen_in_both_of_its_forms(server, monkeypatch):
    lay_static_files(server.var)
    _lay_release(server)
    look = partial(_watcher(server, monkeypatch).look, wait=lambda seconds: None)
    [script] = (server.var / "static" / "tips").glob("key.????????????.js")
    compressed = script.with_name(f"{script.name}.gz")
    address = f"/static/tips/{script.name}"

    script.write_bytes(script.read_bytes().replace(b"use strict", b"use strikt", 1) + b" ")
    assert {each.address for each in look()} == {address}
    os.remove(compressed)
    assert {each.address for each in look()} == {address}


def test_without_a_signed_release_nginx_goes_on_and_says_that_there_is_none(server):
    for name in NAMES:
        assert ask(server, f"{WELL_KNOWN}release.txt", host=name)[0] == 404
    assert ask(server, "/tipsa/formular/utan-skript/skriv/")[0] == 203
    assert (server.folder / "log" / "error.log").read_text() == ""


def test_what_was_signed_is_fetched_from_each_name_and_kept_by_nobody(server):
    octets = _lay_release(server)
    for name in NAMES:
        status, text, headers = ask(server, f"{WELL_KNOWN}release.txt", host=name)
        assert (status, text) == (200, octets.decode())
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Type"] == "text/plain; charset=utf-8"
        assert headers["X-Content-Type-Options"] == "nosniff"
