"""What editors want the tip page to say, and what a handler answers them."""

import html
import json

import pytest
from django.utils.timezone import localdate

from tips import exchange
from tips.handling import events, janitor
from tips.keeping.vault import vault_now
from tips.models import Event
from tips.wording.texts import BUILT_IN, built_in_to_edit, texts_for

from .conftest import post_form

pytestmark = [pytest.mark.tips, pytest.mark.django_db(databases=["default", "tips"])]

DESK = "/tipsmottagning/"
PAGE = f"{DESK}texter/"
WAITS = "Texter på tipssidan väntar på godkännande"


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


def _want(language: str = "sv", **changed: str) -> str:
    """The editors have published texts; what a handler is asked to approve."""
    texts = built_in_to_edit(language) | changed
    exchange.write_texts(language, texts)
    return exchange.digest_of_texts(language, texts)


def _answer(client, step: str, digest: str, language: str = "sv"):
    return post_form(client, PAGE, steg=step, sprak=language, digest=digest)


def _words(response) -> str:
    return " ".join(html.unescape(response.content.decode()).split())


def _heading(client) -> str:
    return _words(client.get("/tipsa/")).partition("<h1>")[2].partition("</h1>")[0]


# What waits


def test_a_handler_sees_what_waits_beside_what_is_shown_word_by_word(at_desk):
    _want(start_heading="Läs innan du tipsar")
    page = _words(at_desk.get(PAGE))
    assert "Redaktionens texter väntar på godkännande." in page
    assert "Tipssidan visar de inbyggda texterna." in page
    assert "<del>Innan </del>du tipsar" in page
    assert "<ins>Läs innan </ins>du tipsar" in page
    assert page.count(">Oförändrad</h4>") == 4
    assert page.count('value="approve">Godkänn texterna<') == 1


def test_the_queue_says_that_texts_wait_until_they_are_answered(at_desk):
    assert WAITS not in _words(at_desk.get(DESK))
    digest = _want("en", start_heading="Read this first")
    page = _words(at_desk.get(DESK))
    assert WAITS in page
    assert f'<a href="{PAGE}" target="_blank"' in page
    _answer(at_desk, "refuse", digest, "en")
    assert WAITS not in _words(at_desk.get(DESK))


def test_a_page_without_anything_that_waits_shows_what_is_on_the_tip_page(at_desk):
    page = _words(at_desk.get(PAGE))
    assert page.count("Tipssidan visar de inbyggda texterna. Inget väntar.") == 2
    assert BUILT_IN["sv"]["start_lead"] in page
    assert BUILT_IN["en"]["start_lead"] in page
    assert '<button class="button"' not in page


def test_what_editors_write_is_text_and_never_markup(at_desk):
    _want(start_heading="<script>alert(1)</script>")
    page = at_desk.get(PAGE).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


# Approved


def test_the_tip_page_shows_the_texts_once_a_handler_has_approved_them(at_desk, client):
    digest = _want(start_heading="Läs det här först")
    assert _heading(client) == "Innan du tipsar"

    response = _answer(at_desk, "approve", digest)

    assert _heading(client) == "Läs det här först"
    page = _words(at_desk.get(response["Location"]))
    assert "Texterna är godkända. Tipssidan visar dem nu." in page
    assert "Tipssidan visar texter som en tipsmottagare godkände den" in page
    assert texts_for("en") == BUILT_IN["en"]


def test_who_approved_what_and_when_stands_in_the_event_log(at_desk):
    digest = _want(start_heading="Läs det här först")
    _answer(at_desk, "approve", digest)

    event = Event.objects.get()
    assert (event.verb, event.actor, event.on) == ("texts_approved", "tipsmottagare", localdate())
    assert event.reason == f"sv {digest}"
    page = _words(at_desk.get(f"{DESK}handelser/"))
    assert f"Texter på tipssidan godkända: Svenska, {digest[:12]}" in page
    assert "Loggen är hel och stämmer med alla tips." in page


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
    page = _words(at_desk.get(PAGE))
    assert "<del>Godkänt</del>" in page
    assert "<ins>Något annat</ins>" in page


def test_texts_that_changed_after_they_were_shown_are_not_approved(at_desk, client):
    seen = _want(start_heading="Det som visades")
    _want(start_heading="Det som ingen har sett")
    response = _answer(at_desk, "approve", seen)
    assert response.status_code == 409
    assert "Texterna har ändrats sedan du fick se dem. Läs dem igen." in _words(response)
    assert _heading(client) == "Innan du tipsar"
    assert not Event.objects.exists()


def test_texts_approved_in_one_language_are_not_approved_in_another(at_desk):
    digest = _want("sv", start_heading="Ett")
    _want("en", start_heading="Ett")
    for language in ("en", "fi", "../sv", ""):
        assert _answer(at_desk, "approve", digest, language).status_code == 409
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"start_lead": "Du är helt anonym."}, "lovar mer än lagen tillåter"),
        ({"afterwards": "Läs <b>mer</b>."}, "inga osynliga tecken"),
        ({"anonymity": ""}, "Skriv den här texten"),
        # What editors cannot write any more, as a broken CMS may ask for it.
        ({"contact_hint": "Skriv ditt personnummer."}, "De här texterna går inte att visa:"),
    ],
)
def test_texts_that_may_not_be_shown_cannot_be_approved(at_desk, changed, why):
    digest = _want(**changed)
    page = _words(at_desk.get(PAGE))
    assert why in page
    assert 'value="approve"' not in page
    response = _answer(at_desk, "approve", digest)
    assert response.status_code == 400
    assert "De här texterna går inte att visa. Inget är ändrat." in _words(response)
    assert not Event.objects.exists()
    assert texts_for("sv") == BUILT_IN["sv"]


def test_withdrawn_texts_stay_until_a_handler_has_approved_that_too(at_desk, client):
    _answer(at_desk, "approve", _want(start_heading="Godkänt"))
    exchange.write_texts("sv", {})
    assert _heading(client) == "Godkänt"
    page = _words(at_desk.get(PAGE))
    assert "Redaktionen har tagit bort sina texter och vill ha tillbaka de inbyggda." in page

    _answer(at_desk, "approve", exchange.digest_of_texts("sv", {}))

    assert _heading(client) == "Innan du tipsar"
    assert "Tipssidan visar de inbyggda texterna. Inget väntar." in _words(at_desk.get(PAGE))


# Refused


def test_refused_texts_change_nothing_and_can_still_be_approved(at_desk, client, colleagues_desk):
    digest = _want(start_heading="Ett steg för långt")
    response = _answer(at_desk, "refuse", digest)
    assert "Du har sagt nej till texterna." in _words(at_desk.get(response["Location"]))
    assert _heading(client) == "Innan du tipsar"
    assert exchange.read_refused("sv").digest == digest
    page = _words(colleagues_desk.get(PAGE))
    assert "tipsmottagare sade nej till redaktionens texter den" in page

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
    assert "Ditt svar står i loggen" in _words(response)
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


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"format": "sapo-tip-texts/1", "texts": {"start_heading": "Nytt"}}',
        json.dumps(
            {"format": exchange.TEXTS_FORMAT, "language": "sv", "digest": "0" * 64,
             "texts": {"start_heading": "Nytt"}}
        ).encode(),
        b'{"format": "sapo-tip-texts/2", "texts": "' + b"x" * 2**20,
    ],
    ids=["empty", "cut off", "a list", "of before", "another digest", "large"],
)  # fmt: skip
def test_a_broken_file_of_the_editors_asks_for_nothing(at_desk, content):
    path = exchange.texts_file("sv")
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert WAITS not in _words(at_desk.get(DESK))
    assert "Inget väntar." in _words(at_desk.get(PAGE))
    assert at_desk.get("/tipsa/").status_code == 200


@pytest.mark.parametrize("step", ["", "nagot"])
def test_an_answer_that_is_none_is_refused(at_desk, step):
    response = _answer(at_desk, step, _want(start_heading="Nytt"))
    assert response.status_code == 400
    assert not Event.objects.exists()
