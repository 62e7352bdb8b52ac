"""The website's important messages above the tip form: read as something that may be wrong."""

import json
from datetime import timedelta

from bs4 import BeautifulSoup
from django.utils import timezone

from tips import exchange

SV, EN = "Stanna inomhus", "Stay indoors"


def _message(**changes):
    begins = timezone.now() - timedelta(minutes=5)
    return {
        "level": "danger", "message_type": "", "said_at": begins.isoformat(),
        "starts_at": begins.isoformat(), "ends_at": None,
        "sv": {"heading": SV, "text": "Ring 114 14.\n\nLäs www.krisinformation.se."},
        "en": {"heading": EN, "text": "Call."}, **changes,
    }  # fmt: skip


def _above(client, path="/tipsa/"):
    answer = client.get(path)
    soup = BeautifulSoup(answer.content.decode(), "html.parser")
    assert soup.main.h1, "the page itself stands there, whatever is in the file"
    return soup.find_all("section", class_="alert")


def test_a_message_stands_above_every_page_of_the_form_as_words_of_the_website(
    client, tip_channel, subtests
):
    exchange.write_messages([_message()])
    for path in ["/tipsa/", "/tipsa/formular/utan-skript/", "/tipsa/finns-inte/"]:
        with subtests.test(path=path):
            (shown,) = _above(client, path)
            words = shown.get_text(" ")
            assert "Meddelande från webbplatsen" in words
            assert SV in words
            assert shown.time is not None
            assert not shown.find_all(["a", "img", "script"])
            assert "ändrar inget av det som står nedanför om att lämna ett tips" in words
            (english,) = _above(client, path.replace("/tipsa", "/en/tipsa"))
            assert EN in english.get_text()
            assert SV not in english.get_text()


def test_a_message_begins_and_ends_by_the_clock_of_the_form(client, tip_channel):
    now = timezone.now()
    soon, past = (now + timedelta(minutes=5)).isoformat(), (now - timedelta(seconds=1)).isoformat()
    exchange.write_messages([_message(starts_at=soon), _message(ends_at=past)])
    assert _above(client) == []
    exchange.write_messages([_message(ends_at=soon)])
    assert len(_above(client)) == 1


WRONG = {
    "markup": {"sv": {"heading": "<b>x</b>", "text": ""}},
    "invisible signs": {"sv": {"heading": "a\u202eb", "text": ""}},
    "half a letter": {"sv": {"heading": "a\ud800b", "text": ""}},
    "a promise": {"sv": {"heading": "Du är helt anonym", "text": ""}},
    "another number": {"sv": {"heading": "Ring 070-123 45 67 i stället", "text": ""}},
    "another number in words": {"sv": {"heading": "x", "text": "Ring noll åtta ett två tre fyra"}},
    "another address": {"sv": {"heading": "x", "text": "Tipsa på www.exempel.se"}},
    "another service": {"sv": {"heading": "x", "text": "Skriv till oss på Signal"}},
    "too long": {"sv": {"heading": "x" * 121, "text": ""}},
    "a long text": {"sv": {"heading": "x", "text": "x" * 601}},
    "a column that pushes the form away": {"sv": {"heading": "x", "text": "x\n" * 40}},
    "no heading": {"sv": {"heading": " ", "text": "x"}}, "no words": {"sv": None},
    "numbers for words": {"sv": {"heading": 7, "text": []}},
    "another level": {"level": 'x" onclick="y'}, "a level of another kind": {"level": ["danger"]},
    "no moment": {"starts_at": "i dag"}, "no zone": {"starts_at": "2026-11-27T10:00:00"},
    "the end of time": {"said_at": "9999-12-31T23:59:59+00:00"},
    "an end that is none": {"ends_at": 7},
}  # fmt: skip


def test_a_message_that_is_wrong_is_not_shown_and_harms_no_other(client, tip_channel, subtests):
    exchange.messages_file().parent.mkdir(parents=True)
    for change in WRONG.values():
        with subtests.test(change=change):
            content = {
                "format": exchange.MESSAGES_FORMAT,
                "messages": [_message(**change), _message()],
            }
            exchange.messages_file().write_text(json.dumps(content))
            (shown,) = _above(client)
            assert SV in shown.get_text()


def test_a_file_that_is_wrong_shows_nothing(client, tip_channel, subtests):
    exchange.messages_file().parent.mkdir(parents=True)
    for content in [
        "",
        "[]",
        "{",
        '{"format": "sapo-website-messages/1", "messages": 7}',
        "[" * 9_999,
    ]:
        with subtests.test(content=content):
            exchange.messages_file().write_text(content)
            assert _above(client) == []


def test_there_are_few_messages_however_many_are_written(client, tip_channel):
    exchange.write_messages([_message()] * 50)
    assert len(_above(client)) == 3
    exchange.write_messages([_message()] * 5_000)  # larger than is read
    assert _above(client) == []


def test_no_telephone_makes_a_number_in_the_words_one_that_is_dialled(client, tip_channel):
    exchange.write_messages([_message()])
    page = BeautifulSoup(client.get("/tipsa/").content.decode(), "html.parser")
    (said,) = page.find_all("meta", attrs={"name": "format-detection"})
    assert "telephone=no" in said["content"]
