"""What editors want the tip page to say, and what a handler answers them."""

import html
import json

import pytest
from django.utils.timezone import localdate

from tests.desk_refusals import refusal, said
from tests.handlers import ask_desk
from tips import exchange
from tips.handling import events, janitor
from tips.keeping.vault import vault_now
from tips.models import Event
from tips.wording.texts import BUILT_IN, built_in_to_edit, texts_for

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

DESK = "/tipsmottagning/"
TEXTS = "texter/"


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


def _want(language: str = "sv", **changed: str) -> str:
    """The editors have published texts; what a handler is asked to approve."""
    texts = built_in_to_edit(language) | changed
    exchange.write_texts(language, texts)
    return exchange.digest_of_texts(language, texts)


def _answer(client, step: str, digest: str, language: str = "sv"):
    return ask_desk(client, TEXTS, {"step": step, "language": language, "digest": digest})


def _about(client, language: str = "sv"):
    """What the view is told of the texts in a language."""
    languages = ask_desk(client, TEXTS).json()["languages"]
    return next(each for each in languages if each["code"] == language)


def _marked(text, mark: str) -> str:
    parts = (
        f"<{mark}>{each['text']}</{mark}>" if each["differ"] else each["text"] for each in text
    )
    return "".join(parts)


def _words(response) -> str:
    return " ".join(html.unescape(response.content.decode()).split())


def _are_waiting(at_desk) -> bool:
    return at_desk.get(f"{DESK}api/ko/").json()["texts_wait"]


def _heading(client) -> str:
    return _words(client.get("/tipsa/")).partition("<h1>")[2].partition("</h1>")[0]


# What waits


def test_what_waits_comes_beside_what_is_shown_word_by_word(at_desk):
    _want(start_heading="Läs innan du tipsar")
    about = _about(at_desk)
    assert about["wanted"]["can_be_shown"]
    assert not about["wanted"]["refused_by"]
    assert about["approved_on"] == ""
    first, *others = about["rows"]
    assert _marked(first["shown"], "del") == "<del>Innan </del>du tipsar"
    assert _marked(first["wanted"], "ins") == "<ins>Läs innan </ins>du tipsar"
    assert [row["differ"] for row in others] == [False] * 4


def test_the_queue_says_that_texts_wait_until_they_are_answered(at_desk):
    assert not _are_waiting(at_desk)
    digest = _want("en", start_heading="Read this first")
    assert _are_waiting(at_desk)
    _answer(at_desk, "refuse", digest, "en")
    assert not _are_waiting(at_desk)


def test_where_nothing_waits_the_texts_of_the_tip_page_are_told(at_desk):
    for code in ("sv", "en"):
        about = _about(at_desk, code)
        assert about["wanted"] is None
        told = {_marked(row["shown"], "del") for row in about["rows"]}
        assert BUILT_IN[code]["start_lead"] in told


# Approved


def test_the_tip_page_shows_the_texts_once_a_handler_has_approved_them(at_desk, client):
    digest = _want(start_heading="Läs det här först")
    assert _heading(client) == "Innan du tipsar"
    response = _answer(at_desk, "approve", digest)
    assert _heading(client) == "Läs det här först"
    about = response.json()["languages"][0]
    assert about["wanted"] is None
    assert about["approved_on"] == localdate().isoformat()
    assert texts_for("en") == BUILT_IN["en"]


def test_who_approved_what_and_when_stands_in_the_event_log(at_desk):
    digest = _want(start_heading="Läs det här först")
    _answer(at_desk, "approve", digest)

    event = Event.objects.get()
    assert (event.verb, event.actor, event.on) == ("texts_approved", "tipsmottagare", localdate())
    assert event.reason == f"sv {digest}"
    log = ask_desk(at_desk, "handelser/").json()
    [row] = log["rows"]
    assert (row["verb"], row["tip"]) == ("texts_approved", "")
    assert row["reason"] == f"sv {digest}"
    assert log["broken"] is None


@pytest.mark.parametrize(
    "change", [{"actor": ""}, {"tip_version": 1}, {"reason": "sv"}, {"to_state": "read"}], ids=str
)
def test_an_approval_that_cannot_have_happened_breaks_the_log(at_desk, change):
    _answer(at_desk, "approve", _want(start_heading="Nytt"))
    Event.objects.update(**change)
    Event.objects.update(hash=events.hash_of(Event.objects.get()))
    assert events.verify().kind == "impossible"


def test_what_editors_publish_later_waits_while_the_former_is_shown(at_desk, client):
    _answer(at_desk, "approve", _want(start_heading="Godkänt"))
    _want(start_heading="Något annat")
    assert _heading(client) == "Godkänt"
    first = _about(at_desk)["rows"][0]
    assert _marked(first["shown"], "del") == "<del>Godkänt</del>"
    assert _marked(first["wanted"], "ins") == "<ins>Något annat</ins>"


def test_texts_that_changed_after_they_were_shown_are_not_approved(at_desk, client):
    seen = _want(start_heading="Det som visades")
    _want(start_heading="Det som ingen har sett")
    response = _answer(at_desk, "approve", seen)
    assert response.status_code == 409
    assert response.json() == refusal("Texterna har ändrats sedan du fick se dem. Läs dem igen.")
    assert _heading(client) == "Innan du tipsar"
    assert not Event.objects.exists()


def test_texts_approved_in_one_language_are_not_approved_in_another(at_desk):
    digest = _want("sv", start_heading="Ett")
    _want("en", start_heading="Ett")
    for language in ("en", "fi", "../sv", ""):
        assert _answer(at_desk, "approve", digest, language).status_code == 409
    assert not Event.objects.exists()


def test_texts_that_may_not_be_shown_cannot_be_approved(at_desk, subtests):
    for changed, why in [
        ({"start_lead": "Du är helt anonym. Du är anonym."}, [["start_lead", "promises"]]),
        ({"afterwards": "Läs <b>mer</b>."}, [["afterwards", "signs"]]),
        ({"anonymity": ""}, [["anonymity", "missing"], ["anonymity", "anonymity"]]),
        # What editors cannot write any more, as a broken CMS may ask for it.
        ({"contact_hint": "Skriv ditt personnummer."}, []),
    ]:
        with subtests.test(changed=changed):
            digest = _want(**changed)
            wanted = _about(at_desk)["wanted"]
            assert not wanted["can_be_shown"]
            assert wanted["faults"] == why
            response = _answer(at_desk, "approve", digest)
            assert response.status_code == 400
            assert response.json() == refusal("De här texterna går inte att visa. Inget är ändrat.")
            assert not Event.objects.exists()
            assert texts_for("sv") == BUILT_IN["sv"]


def test_withdrawn_texts_stay_until_a_handler_has_approved_that_too(at_desk, client):
    _answer(at_desk, "approve", _want(start_heading="Godkänt"))
    exchange.write_texts("sv", {})
    assert _heading(client) == "Godkänt"
    assert _about(at_desk)["wanted"]["is_withdrawn"]
    _answer(at_desk, "approve", exchange.digest_of_texts("sv", {}))
    assert _heading(client) == "Innan du tipsar"
    about = _about(at_desk)
    assert (about["approved_on"], about["wanted"]) == ("", None)


# Refused


def test_refused_texts_change_nothing_and_can_still_be_approved(at_desk, client, colleagues_desk):
    digest = _want(start_heading="Ett steg för långt")
    assert _answer(at_desk, "refuse", digest).status_code == 200
    assert _heading(client) == "Innan du tipsar"
    assert exchange.read_refused("sv").digest == digest
    wanted = _about(colleagues_desk)["wanted"]
    assert (wanted["refused_by"], wanted["refused_on"]) == (
        "tipsmottagare", localdate().isoformat(),
    )  # fmt: skip

    _answer(colleagues_desk, "approve", digest)
    assert _heading(client) == "Ett steg för långt"
    assert [event.actor for event in Event.objects.all()] == ["tipsmottagare", "kollega"]


# When something is wrong


def test_a_disk_that_fails_leaves_the_answer_in_the_log_and_the_janitor_hands_it_on(
    at_desk, client, monkeypatch
):
    digest = _want(start_heading="Godkänt")

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("tips.exchange.os.fsync", full)
        response = _answer(at_desk, "approve", digest)
    assert response.status_code == 503
    assert "Ditt svar står i loggen" in said(response)
    assert _heading(client) == "Innan du tipsar"

    janitor.tidy_up(vault_now(), 0)
    assert _heading(client) == "Godkänt"


def test_a_lost_folder_is_filled_again_with_what_was_approved_and_with_nothing_else(
    at_desk, client
):
    _answer(at_desk, "approve", _want(start_heading="Godkänt"))
    _answer(at_desk, "refuse", _want("en", start_heading="Refused"), "en")
    for language in ("sv", "en"):
        exchange.approved_file(language).unlink(missing_ok=True)
    assert _heading(client) == "Innan du tipsar"
    janitor.tidy_up(vault_now(), 0)
    assert _heading(client) == "Godkänt"
    assert texts_for("en") == BUILT_IN["en"]

    exchange.approved_file("sv").unlink()
    _want(start_heading="Ett annat")
    janitor.tidy_up(vault_now(), 0)
    assert _heading(client) == "Innan du tipsar"


def test_a_broken_file_of_the_editors_asks_for_nothing(at_desk, subtests):
    path = exchange.texts_file("sv")
    path.parent.mkdir(parents=True)
    for content in [
        b"", b"{", b"[]", b'{"format": "sapo-tip-texts/1", "texts": {"start_heading": "Nytt"}}',
        json.dumps({"format": exchange.TEXTS_FORMAT, "language": "sv", "digest": "0" * 64, "texts": {"start_heading": "Nytt"}} ).encode(),
        b'{"format": "sapo-tip-texts/2", "texts": "' + b"x" * 2**20,
    ]:  # fmt: skip
        with subtests.test(content=content):
            path.write_bytes(content)
            assert not _are_waiting(at_desk)
            assert _about(at_desk)["wanted"] is None
            assert at_desk.get("/tipsa/").status_code == 200


def test_an_answer_that_is_none_is_refused(at_desk, subtests):
    for step in ["", "nagot", 1]:
        with subtests.test(step=step):
            response = _answer(at_desk, step, _want(start_heading="Nytt"))
            assert response.status_code == 400
            assert not Event.objects.exists()


def test_an_answer_with_more_than_was_agreed_is_refused(at_desk):
    body = {"step": "approve", "language": "sv", "digest": _want(start_heading="Nytt"), "more": 1}
    assert ask_desk(at_desk, TEXTS, body).status_code == 400
    assert not Event.objects.exists()
