"""No fault on the intake's addresses gets out: it ends as one line without content, and a page."""

import gc
import logging
import weakref

import pytest
from django.http import HttpResponse

from tips.form import answers, guard, safety, tokens, views
from tips.form.answers import NOT_KEPT
from tips.form.guard import guarded

from .sending import FORM, TEXT, page_of, send, text_on

pytestmark = pytest.mark.django_db(databases=["default", "tips"])


@pytest.fixture(autouse=True)
def _nothing_reported_yet(monkeypatch):
    monkeypatch.setattr(guard, "_reported", ("", 0.0))


def _fail(*arguments, **named):
    raise ValueError(f"{TEXT} {arguments!r}")


def test_a_fault_is_told_by_its_kind_and_its_place_alone(client, tip_channel, monkeypatch, caplog):
    monkeypatch.setattr(tokens, "make_token", _fail)
    assert client.get(f"{FORM}?text=hemligt").status_code == 503
    line = caplog.records[0].getMessage()
    code = views.form.__code__
    assert line.startswith("ValueError in views.form, line ")
    assert int(line.rpartition(" ")[2]) in range(code.co_firstlineno, code.co_firstlineno + 15)
    assert "hemligt" not in caplog.text


def test_the_page_of_a_fault_keeps_what_was_typed(client, tip_channel, monkeypatch, caplog):
    monkeypatch.setattr("tips.form.reception.Reception.hand_in", _fail)
    response = send(client, {"where": "Frihamnen"})
    assert response.status_code == 503
    assert text_on(response) == TEXT
    assert "Frihamnen" in page_of(response)
    assert len(caplog.records) == 1
    assert TEXT not in caplog.text


def test_when_even_the_templates_fail_the_telephone_numbers_are_shown(
    client, tip_channel, monkeypatch, subtests
):
    monkeypatch.setattr(answers, "render_to_string", _fail)
    for path, says in [
        (FORM, "Ring 112 om någon är i fara, 114 14 till polisen om annat brott, 010-568 70 00"),
        ("/en/tipsa/formular/utan-skript/skriv/", "Call 112 if someone is in danger, 114 14"),
        ("/tipsa/finns-inte/", "010-568 70 00"),
    ]:  # fmt: skip
        with subtests.test(path=path):
            response = client.get(path)
            assert response.status_code == 503
            assert says in page_of(response)
            assert response["Cache-Control"] == "no-store"


def test_when_even_the_templates_fail_a_tip_is_not_falsely_thanked_for(
    client, tip_channel, monkeypatch, caplog
):
    monkeypatch.setattr(answers, "render_to_string", _fail)
    response = send(client, {"text": ""})
    assert response.status_code == 503
    assert "Fick du inget nummer när du skickade har det inte kommit fram" in page_of(response)
    assert TEXT not in caplog.text


def test_a_wrong_host_is_answered_with_a_page_and_without_a_line(
    client, tip_channel, settings, caplog, subtests
):
    settings.ALLOWED_HOSTS = ["testserver"]
    for host in ["annan.example", "test server", "a" * 300]:
        for method in ["get", "post"]:
            with subtests.test(host=host, method=method):
                response = getattr(client, method)(FORM, HTTP_HOST=host)
                assert response.status_code == 400
                assert "010-568 70 00" in page_of(response)
                assert caplog.text == ""


def test_ordinary_answers_write_no_line(client, tip_channel, caplog, subtests):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.template").setLevel(logging.WARNING)
    for fields in [{}, {"text": ""}, {"token": ""}, {"website": "x"}]:
        with subtests.test(fields=fields):
            send(client, fields)
            client.put(FORM)
            client.get("/tipsa/finns-inte/")
            client.post(FORM)
            send(client, HTTP_ORIGIN="https://annan.example")
            shown = [record for record in caplog.records if record.name != "django.db.backends"]
            assert [record.getMessage() for record in shown] == []


def test_a_server_that_may_write_to_files_gets_the_closed_page_and_one_critical_line(
    client, tip_channel, caplog
):
    for _ in range(3):
        response = client.get(FORM, SERVER_SOFTWARE="waitress")
        assert response.status_code == 503
        assert "010-568 70 00" in page_of(response)
    (record,) = caplog.records
    assert record.levelno == logging.CRITICAL
    assert "use gunicorn" in record.getMessage()


def test_only_servers_that_pass_on_what_comes_are_taken(client, tip_channel):
    for server in ("gunicorn/27.0.1", "WSGIServer/0.2"):
        assert client.get(FORM, SERVER_SOFTWARE=server).status_code == NOT_KEPT, server
    for server in ("uvicorn", "Apache/2.4 mod_wsgi", "waitress", ""):
        assert client.get(FORM, SERVER_SOFTWARE=server).status_code == 503, server


def test_a_server_without_a_name_is_taken_in_tests_only(client, tip_channel, monkeypatch):
    assert client.get(FORM).status_code == NOT_KEPT
    monkeypatch.setattr(safety, "_is_test_run", lambda: False)
    assert client.get(FORM).status_code == 503


# What is left in memory


class _Content:
    """Stands for what a function had in a variable."""


def test_nothing_of_a_fault_is_kept_in_memory(caplog):
    left = []

    def inner():
        content = _Content()
        left.append(weakref.ref(content))
        raise KeyError(content)

    def outer():
        content = _Content()
        left.append(weakref.ref(content))
        try:
            inner()
        except KeyError as error:
            raise ValueError(content) from error

    gc.disable()
    try:
        answer = guarded(outer, otherwise=lambda: HttpResponse("stängt"))
        assert [content() for content in left] == [None, None]
    finally:
        gc.enable()
    assert answer.content.decode() == "stängt"


def test_a_fault_in_the_other_page_too_ends_in_text_alone(caplog):
    answer = guarded(_fail, otherwise=_fail)
    assert answer.status_code == 503
    assert "114 14" in answer.content.decode()
    assert len(caplog.records) == 2
    assert TEXT not in caplog.text


def test_the_end_of_the_process_is_not_held_up():
    def stop():
        raise SystemExit

    with pytest.raises(SystemExit):
        guarded(stop, otherwise=lambda: HttpResponse())
