"""More than anyone will send at once, and none lost."""

import queue
import threading
import time

import pytest

from tests.system.fault.server import RIPE, Answer, Body, Intake, token_in

pytestmark = pytest.mark.alone  # the pace is that of the machine

TIPS_A_SECOND = 30
TIPSTERS = 12
UPLOAD_SECONDS = 12
LARGEST = 25 * 2**20


@pytest.mark.parametrize("entries", [1, 15])
def test_thirty_tips_a_second_are_all_kept(make_server, rounds, entries):
    seconds = rounds(8, 60)
    with make_server(threads=44, entries=entries) as server:
        server.start()
        sent, answers = _send_at_a_steady_pace(server, seconds)
        assert len(sent) == TIPS_A_SECOND * seconds
        assert [answer.status for answer in answers if not answer.is_thanks] == []
        texts = [server.opened(tip_id)["fields"]["text"] for tip_id in server.rows()]
        assert sorted(texts) == sorted(sent)
        assert server.numbers() == list(range(1, len(sent) + 2))


def _send_at_a_steady_pace(server: Intake, seconds: int) -> tuple[list[str], list[Answer]]:
    """Fetches forms and sends them back when they are ripe; stops when it falls behind."""
    ripe: queue.Queue[tuple[float, str]] = queue.Queue()
    due: queue.Queue[int] = queue.Queue()
    sent: list[str] = []
    answers: list[Answer] = []
    for number in range(TIPS_A_SECOND * seconds):
        due.put(number)
    started = time.monotonic() + RIPE

    def fetch() -> None:
        for number in range(TIPS_A_SECOND * seconds):
            at = started - RIPE + number / TIPS_A_SECOND
            time.sleep(max(0.0, at - time.monotonic()))
            ripe.put(
                (
                    time.monotonic() + RIPE,
                    token_in(server.get("/tipsa/formular/utan-skript/skriv/").body),
                )
            )

    def tipster() -> None:
        while True:
            try:
                number = due.get_nowait()
            except queue.Empty:
                return
            ripe_at, token = ripe.get(timeout=60)
            time.sleep(max(0.0, ripe_at - time.monotonic()))
            text = f"Tips nummer {number}: samma bil igen, {'x' * (number % 900)}"
            answers.append(server.send(Body({"token": token, "text": text})))
            sent.append(text)

    threads = [threading.Thread(target=fetch)]
    threads += [threading.Thread(target=tipster) for _ in range(TIPSTERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - started
    # Every tip was due within that time: the server has kept the pace.
    assert took < seconds + 3, f"{len(sent) / took:.1f} tips a second"
    return sent, answers


def test_many_slow_uploads_of_the_largest_size_take_little_memory(make_server, rounds):
    uploads = rounds(10, 30)
    photo = ("film.mov", "video/quicktime", b"\x5a" * LARGEST)
    with make_server(threads=44) as server:
        server.start()
        tokens = server.tokens(uploads)
        answers: list[Answer] = []

        def upload(token: str) -> None:
            body = Body({"token": token, "text": "Filmen visar lastningen."}, [photo])
            answers.append(server.send(body, seconds=UPLOAD_SECONDS, pieces=100))

        threads = [threading.Thread(target=upload, args=[token]) for token in tokens]
        for thread in threads:
            thread.start()
        highest = 0.0
        while any(thread.is_alive() for thread in threads):
            highest = max(highest, server.resident_megabytes())
            time.sleep(0.1)
        assert [answer.status for answer in answers if not answer.is_thanks] == []
        assert len(answers) == uploads
        assert highest < 400
        _every_film_opens(server, uploads)


def _every_film_opens(server: Intake, uploads: int) -> None:
    assert len(server.rows()) == uploads
    for tip_id in server.rows():
        assert server.opened(tip_id)["files"] == {"film.mov": b"\x5a" * LARGEST}
