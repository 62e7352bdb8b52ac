"""What `./sapo audit` asks OSV, and what `./sapo check` says where nobody can be asked."""

import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from sapo_site.script import checking, flaws, words

JINJA, LXML = "pkg:pypi/jinja2@2.4.1", "pkg:pypi/lxml@6.1.3"
# As OSV answers, cut down to two flaws of Jinja 2.4.1: google.github.io/osv.dev, POST /v1/querybatch
# and GET /v1/vulns. The first is as in the PyPA's database; the second is made up.
BATCH = {JINJA: {"vulns": [{"id": "PYSEC-2021-66", "modified": "2021-03-22T16:34:00Z"}]}, LXML: {}}
RECORDS = {
    "PYSEC-2021-66": {
        "id": "PYSEC-2021-66",
        "details": "This affects the package jinja2 from 0.0.0 and before 2.11.3. The ReDoS …\nMore.",
        "affected": [
            {
                "package": {"name": "jinja2", "ecosystem": "PyPI", "purl": "pkg:pypi/jinja2"},
                "ranges": [
                    {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.11.3"}]},
                    {"type": "GIT", "events": [{"introduced": "0"}, {"fixed": "ab81fd9"}]},
                ],
                "versions": ["2.4", "2.4.1", "2.5"],
            }
        ],
        "aliases": ["CVE-2020-28493", "GHSA-g3rq-g295-4j3m"],
        "modified": "2021-03-22T16:34:00Z",
        "published": "2021-02-01T20:15:00Z",
    },
    "PYSEC-0000-1": {"id": "PYSEC-0000-1", "withdrawn": "2022-01-01T00:00:00Z", "affected": []},
}


class _Source(BaseHTTPRequestHandler):
    asked: list[dict[str, Any]]

    def do_POST(self) -> None:
        queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        self.asked += queries
        self._answer({"results": [self._of(**query) for query in queries]})

    def _of(self, package: dict[str, str], page_token: str = "") -> dict[str, Any]:
        if page_token:
            return {"vulns": [{"id": "PYSEC-0000-1", "modified": "2021-07-05T00:01:22Z"}]}
        known = BATCH[package["purl"]]
        return {**known, "next_page_token": "two"} if known else known

    def do_GET(self) -> None:
        self._answer(RECORDS[self.path.rpartition("/")[2]])

    def _answer(self, said: object) -> None:
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What OSV is asked, here answered on this machine, of a project that is built of Jinja and lxml."""
    _Source.asked = []
    monkeypatch.setattr(flaws, "parts", lambda: [JINJA, LXML])
    server = HTTPServer(("127.0.0.1", 0), _Source)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("SAPO_OSV", f"http://127.0.0.1:{server.server_port}")
    yield _Source.asked
    server.shutdown()
    server.server_close()


def test_a_known_flaw_in_what_is_locked_is_found_and_fails(asked, capsys):
    with pytest.raises(SystemExit) as ended:
        words.do(["audit"])

    assert ended.value.code == 1
    assert capsys.readouterr().out == (
        "pkg:pypi/jinja2@2.4.1: PYSEC-2021-66 CVE-2020-28493 GHSA-g3rq-g295-4j3m: This affects the package"
        " jinja2 from 0.0.0 and before 2.11.3. The ReDoS … Rättad i: 2.11.3.\n"
    )
    assert asked == [
        {"package": {"purl": JINJA}}, {"package": {"purl": LXML}},
        {"package": {"purl": JINJA}, "page_token": "two"},
    ]  # fmt: skip


def test_a_flaw_that_is_set_aside_with_a_reason_fails_nothing(asked, tmp_path, monkeypatch, capsys):
    table = '[tool.sapo.set-aside-flaws]\nPYSEC-2021-66 = "urlize används inte"\n'
    (tmp_path / "pyproject.toml").write_text(table)
    monkeypatch.setattr(flaws, "ROOT", str(tmp_path))

    with pytest.raises(SystemExit) as ended:
        words.do(["audit"])

    assert ended.value.code == 0
    assert capsys.readouterr().out == ""


def test_where_it_cannot_be_asked_it_says_so_and_does_not_end_well(monkeypatch, capsys):
    monkeypatch.setenv("SAPO_OSV", "http://127.0.0.1:9")

    with pytest.raises(SystemExit) as ended:
        words.do(["audit"])

    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert said.startswith("http://127.0.0.1:9 går inte att fråga (")


def test_among_the_checks_that_is_a_warning_and_a_flaw_is_a_fault(monkeypatch, capsys):
    def says(code: int) -> list[str]:
        return [sys.executable, "-c", f"import sys; print('said'); sys.exit({code})"]

    monkeypatch.setattr(checking, "ready_venv", lambda *_: sys.executable)
    monkeypatch.chdir(checking.ROOT)
    steps = [(checking.FLAWS, says(flaws.UNASKED), {})]
    monkeypatch.setattr(checking, "checks", lambda _python: steps)
    words.do(["check"])

    said = capsys.readouterr().out
    assert said.startswith("! Kända sårbarheter")
    assert "── Kända sårbarheter\nsaid\n" in said

    steps[0] = (checking.FLAWS, says(flaws.FLAWED), {})
    with pytest.raises(SystemExit):
        words.do(["check"])
    assert capsys.readouterr().out.startswith("✗ Kända sårbarheter")
