"""What `./sapo bench` reads off the machine, and which answers it refuses to count."""

import http.server
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tools.bench import load as loading
from tools.bench import servers
from tools.bench.__main__ import main, only_one_measures
from tools.bench.installation import Installation, work_folder
from tools.bench.load import Answer, Target, checked, load_of
from tools.bench.servers import Failed, Server, free_port


def _process(proc: Path, pid: int, threads: dict[int, int]) -> None:
    for thread, nanoseconds in threads.items():
        folder = proc / str(pid) / "task" / str(thread)
        folder.mkdir(parents=True)
        (folder / "schedstat").write_text(f"{nanoseconds} 77000 3\n")


def test_the_time_of_a_process_is_that_of_all_its_threads(tmp_path):
    _process(tmp_path, 41, {41: 1_500_000_000, 42: 250_000_000})
    _process(tmp_path, 50, {50: 9_000_000_000})
    assert servers.cpu_seconds_of(41, tmp_path) == 1.75


def test_a_process_that_has_ended_has_used_no_time_and_no_memory(tmp_path):
    assert servers.cpu_seconds_of(41, tmp_path) == 0
    assert servers.pss_kilobytes_of(41, tmp_path) == 0


def test_the_time_that_linux_counts_is_the_time_that_is_spent():
    before = servers.cpu_seconds_of(os.getpid()), time.thread_time()
    while time.thread_time() - before[1] < 0.2:
        pass
    assert servers.cpu_seconds_of(os.getpid()) - before[0] == pytest.approx(0.2, rel=0.5)


_LISTENS = """
import http.server, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.BaseHTTPRequestHandler).serve_forever()
"""


def test_a_server_is_known_with_its_children_and_none_of_them_is_left(tmp_path):
    port = free_port()
    command = [sys.executable, "-c", _LISTENS, str(port)]
    with Server("en server", command, port, log=tmp_path / "log") as server:
        pids = server.pids
        assert len(pids) == 2
        assert server.cpu_seconds() > 0
        assert server.pss_megabytes() > 1
    assert servers.pids_in_session(pids[0]) == []


def test_a_server_that_does_not_start_says_why_in_one_line(tmp_path):
    command = [sys.executable, "-c", "raise SystemExit('adressen är upptagen')"]
    with (
        pytest.raises(Failed, match="en server startade inte: adressen är upptagen"),
        Server("en server", command, free_port(), log=tmp_path / "log"),
    ):
        pass


# What counts as an answer


def test_an_answer_with_another_status_is_refused():
    with pytest.raises(Failed, match="svarade 404, inte 200"):
        checked(Answer(404, b"Kontraspionage", {}), 200, "Kontraspionage")


def test_an_answer_without_its_sentence_is_refused():
    with pytest.raises(Failed, match="svarade utan ”Kontraspionage”"):
        checked(Answer(200, b"<title>En tom sida</title>", {}), 200, "Kontraspionage")


class _Changing(http.server.BaseHTTPRequestHandler):
    """Answers rightly, but for every tenth time."""

    protocol_version = "HTTP/1.1"
    answered = 0
    right = "En mening på svenska."
    every_tenth = (200, "En mening på svenska.")

    def do_GET(self) -> None:
        type(self).answered += 1
        status, text = self.every_tenth if self.answered % 10 == 0 else (200, self.right)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *words: object) -> None:
        pass


@pytest.fixture
def target() -> Iterator[Target]:
    _Changing.answered = 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Changing)
    server.handle_error = lambda request, address: None  # wrk hangs up when its time is out
    threading.Thread(target=server.serve_forever, daemon=True).start()
    measured = SimpleNamespace(port=server.server_port, cpu_seconds=time.process_time)
    yield Target("en sida", measured, "/", _Changing.right)
    server.shutdown()
    server.server_close()


@pytest.fixture
def needs_wrk() -> None:
    try:
        servers.program("wrk", "wrk")
    except servers.Lacking as lacking:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(lacking))


def test_a_turn_in_which_every_answer_was_right_has_its_figures(target, needs_wrk):
    turn = loading.load(target, target.length(), 1)
    assert turn.requests_per_second > 50
    assert 10 < turn.cpu_us < 1_000_000
    assert 0 < turn.p50_ms <= turn.p99_ms


@pytest.mark.parametrize(
    "wrong",
    [
        (500, "En mening på svenska."),
        (200, "En mening på finska.."),  # as long, but another
        (200, "En mening på svenska. Och en till."),
    ],
    ids=["another status", "another text", "another length"],
)
def test_a_turn_with_a_wrong_answer_is_refused(target, needs_wrk, monkeypatch, wrong):
    length = target.length()
    monkeypatch.setattr(_Changing, "every_tenth", wrong)
    with pytest.raises(Failed, match=r"^[1-9]\d* svar var fel och 0 uteblev, av \d+$"):
        loading.load(target, length, 1)


def test_a_page_that_is_never_of_the_same_length_is_refused(target, monkeypatch):
    bodies = iter([b"kort", b"mycket l\xc3\xa4ngre"])
    monkeypatch.setattr(Target, "ask", lambda self: Answer(200, next(bodies), {}))
    with pytest.raises(Failed, match="svarar olika långt: 4 och 14 byte"):
        Target("en sida", target.server, "/", "").length()


def test_a_load_without_figures_is_refused():
    with pytest.raises(Failed, match="unable to connect"):
        load_of("unable to connect to 127.0.0.1:1 Connection refused", 0.1)


def test_a_program_that_the_machine_lacks_is_named_with_its_package():
    with pytest.raises(servers.Lacking, match=r"^finns-inte saknas: installera Debians paket inte"):
        servers.program("finns-inte", "inte-nginx")


def test_bench_ends_with_one_line_where_wrk_is_missing(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("SAPO_VAR", str(tmp_path))
    monkeypatch.setattr(servers.shutil, "which", lambda *words, **options: None)
    monkeypatch.setattr(Installation, "prepare", lambda self: None)
    assert main(["--only", "http"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == ("wrk saknas: installera Debians paket wrk.")


def test_a_second_bench_on_the_same_folder_ends_with_one_line(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("SAPO_VAR", str(tmp_path))
    with only_one_measures(work_folder()):
        assert main(["--only", "http"]) == 1
    assert capsys.readouterr().err == "En annan ./sapo bench mäter redan här.\n"
