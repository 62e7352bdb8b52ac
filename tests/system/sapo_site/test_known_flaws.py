"""What `./sapo audit` asks OSV, and what `./sapo check` says of the answers and their age."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
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
    """What OSV is asked, here answered on this machine."""
    _Source.asked = []
    server = HTTPServer(("127.0.0.1", 0), _Source)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("SAPO_OSV", f"http://127.0.0.1:{server.server_port}")
    yield _Source.asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that is built of Jinja and lxml, of which nobody has asked anything."""
    path = tmp_path / "sapo_site" / "script" / "known_flaws.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"asked": null, "source": null, "set_aside": {}, "parts": {}}')
    monkeypatch.setattr(flaws, "ROOT", str(tmp_path))
    built_of = {
        purl: dict(zip(("name", "version"), purl.rpartition("/")[2].split("@"), strict=True))
        for purl in (JINJA, LXML)
    }
    monkeypatch.setattr(flaws, "parts", lambda: built_of)
    return path


def _write(snapshot: Path, **changes: object) -> None:
    snapshot.write_text(json.dumps(json.loads(snapshot.read_text()) | changes))


def _days_ago(days: int) -> str:
    return (datetime.now(UTC).date() - timedelta(days=days)).isoformat()


def test_a_known_flaw_in_what_is_locked_is_found_and_fails(asked, snapshot, capsys):
    with pytest.raises(SystemExit) as ended:
        words.do(["audit"])

    assert ended.value.code == 1
    assert capsys.readouterr().out == (
        "jinja2 2.4.1: PYSEC-2021-66 CVE-2020-28493 GHSA-g3rq-g295-4j3m: This affects the package"
        " jinja2 from 0.0.0 and before 2.11.3. The ReDoS … Rättad i: 2.11.3.\n"
    )
    assert asked == [
        {"package": {"purl": JINJA}}, {"package": {"purl": LXML}},
        {"package": {"purl": JINJA}, "page_token": "two"},
    ]  # fmt: skip
    kept = json.loads(snapshot.read_text())
    assert kept["asked"] == date.today().isoformat() or kept["asked"] == _days_ago(0)
    assert kept["parts"][LXML] == []
    assert flaws.age() == "hämtade i dag"


def test_a_flaw_that_is_set_aside_with_a_reason_stays_so(asked, snapshot):
    _write(snapshot, set_aside={"PYSEC-2021-66": "urlize används inte"})

    with pytest.raises(SystemExit) as ended:
        words.do(["audit"])

    assert ended.value.code == 0
    assert json.loads(snapshot.read_text())["set_aside"] == {"PYSEC-2021-66": "urlize används inte"}


def test_where_it_cannot_be_asked_what_was_known_stays(snapshot, monkeypatch, capsys):
    monkeypatch.setenv("SAPO_OSV", "http://127.0.0.1:9")
    before = snapshot.read_text()

    with pytest.raises(SystemExit) as ended:
        words.do(["audit"])

    assert ended.value.code == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert snapshot.read_text() == before


@pytest.mark.parametrize(
    ("asked_on", "parts", "age", "said"),
    [
        (None, {}, "aldrig hämtade", "Ingen har frågat efter kända sårbarheter."),
        (_days_ago(1), {JINJA: [], LXML: []}, "hämtade för 1 dag sedan", ""),
        (_days_ago(8), {JINJA: [], LXML: []}, "hämtade för 8 dagar sedan", "Svaren är 8 dagar"),
        (_days_ago(2), {JINJA: []}, "hämtade för 2 dagar sedan", f"Ingen har frågat om {LXML}."),
    ],
)
def test_the_age_of_the_answers_is_told_and_old_ones_are_a_warning(
    snapshot, asked_on, parts, age, said
):
    _write(snapshot, asked=asked_on, parts=parts)

    found, doubts = flaws.judge()

    assert flaws.age() == age
    assert found == []
    assert len(doubts) == bool(said)
    assert "".join(doubts).startswith(said)


def test_a_warning_is_shown_among_the_checks_and_fails_nothing(monkeypatch, capsys):
    command = [sys.executable, "-c", "import sys; print('old'); sys.exit(3)"]
    monkeypatch.setattr(checking, "ready_venv", lambda *_: sys.executable)
    monkeypatch.setattr(
        checking, "checks", lambda _python: [("Kända sårbarheter (aldrig hämtade)", command, {})]
    )
    monkeypatch.chdir(checking.ROOT)

    words.do(["check"])

    said = capsys.readouterr().out
    assert said.startswith("! Kända sårbarheter (aldrig hämtade)")
    assert "── Kända sårbarheter (aldrig hämtade)\nold\n" in said


def test_the_snapshot_that_is_kept_can_be_read():
    done = subprocess.run(
        [sys.executable, "-m", "sapo_site.script.flaws"],
        cwd=checking.ROOT, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode in (0, flaws.WARNED), done.stdout
    assert done.stderr == ""
