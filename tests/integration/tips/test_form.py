"""The tip form: what it asks, what it answers, and that nothing typed is lost."""

import re

import pytest

from tips.form import incoming, limits
from tips.form.answers import NOT_KEPT
from tips.models import State, Tip
from tips.sealing.reference import reference_of

from .sending import (
    CONTENT_TYPE,
    FORM,
    TEXT,
    assert_nothing_is_kept,
    body_of,
    only_tip,
    page_of,
    part,
    reference_on,
    ripe_token,
    send,
    send_parts,
    text_on,
    token_on,
)

pytestmark = pytest.mark.django_db(databases=["default", "tips"])

FILLED_IN = {
    "subject": "spionage", "when": "I går kväll", "where": "Frihamnen", "how_known": "saw",
    "people": "ABC 123", "contact": "070-000 00 00",
}  # fmt: skip


# Leaving a tip


def test_a_tip_is_kept_and_thanked_for_with_its_reference(client, tip_channel):
    response = send(client, {**FILLED_IN, "urgent": "1"})

    assert response.status_code == 200
    assert "Tack för ditt tips" in page_of(response)
    (tip_id,) = tip_channel.vault.tips()
    assert reference_on(response) == reference_of(tip_id)
    tip = only_tip(tip_channel)
    assert tip["fields"] == {"text": TEXT, **FILLED_IN, "urgent": "1"}
    assert tip["head"]["subject"] == "spionage"
    assert tip["head"]["urgent"] is True
    assert tip["head"]["excerpt"] == TEXT


def test_only_the_text_has_to_be_filled_in(client, tip_channel):
    assert send(client).status_code == 200
    assert only_tip(tip_channel)["fields"] == {"text": TEXT}


def test_the_database_knows_the_day_and_nothing_of_the_tip(client, tip_channel):
    send(client, FILLED_IN)
    tip = Tip.objects.get()
    assert (tip.state, tip.version, tip.keyring_serial) == (State.RECEIVED, 0, 1)
    assert tip.state_on == tip.received_on
    assert len(tip.files_digest) == 32


def test_a_tip_left_in_english_says_so(client, tip_channel):
    response = send(client, path="/en/tipsa/formular/utan-skript/skriv/")
    assert "Thank you for your tip" in page_of(response)
    assert only_tip(tip_channel)["language"] == "en"


def test_the_time_of_a_tip_is_rounded_to_a_quarter_of_an_hour(client, tip_channel):
    send(client)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:(00|15|30|45)", only_tip(tip_channel)["received"])


def test_a_tip_can_be_left_without_the_website_s_database(client, tip_channel, monkeypatch):
    from django.db import connections

    def refuse(*arguments):
        raise AssertionError("the website's database was asked")

    monkeypatch.setattr(connections["default"], "cursor", refuse)
    assert client.get(FORM).status_code == NOT_KEPT
    assert send(client).status_code == 200


# Nothing typed is lost


def test_a_form_that_is_not_fit_comes_back_with_all_that_was_typed(client, tip_channel, subtests):
    for fields, says in [
        ({"text": ""}, "Skriv vad du vill berätta."),
        ({"text": " \n "}, "Skriv vad du vill berätta."),
        ({"text": "ö" * 20_001}, "Korta texten till högst 20000 tecken. Nu är den 20001."),
        ({"where": "x" * 2_001}, "Korta texten till högst 2000 tecken. Nu är den 2001."),
        ({"contact": "x" * 2_001}, "Korta texten till högst 2000 tecken. Nu är den 2001."),
        ({"subject": "kaffe"}, "Välj ett av alternativen, eller inget."),
        ({"how_known": "kaffe"}, "Välj ett av alternativen, eller inget."),
        ({"website": "http://reklam.example"}, "Låt rutan ”Lämna tomt” vara tom."),
        ({"token": 1}, "Vänta några sekunder och skicka sedan igen."),
        ({"token": limits.MAX_TOKEN_SECONDS + 1}, "öppet för länge"),
        ({"token": ""}, "öppet för länge"), ({"token": "påhittad"}, "öppet för länge"),
    ]:  # fmt: skip
        with subtests.test(fields=fields):
            typed = {"token": ripe_token(), "text": TEXT, **FILLED_IN, **fields}
            if isinstance(typed["token"], int):  # seconds since the form was shown
                typed["token"] = ripe_token(typed["token"])
            response = send(client, typed)

            assert response.status_code == 422
            page = page_of(response)
            assert says in page
            assert text_on(response) == typed["text"]
            for name in ("when", "where", "people", "contact"):
                assert typed[name] in page
            for name in ("subject", "how_known"):
                if name not in fields:
                    assert re.search(
                        rf'value="{typed[name]}"[^>]* checked', response.content.decode()
                    )
            assert_nothing_is_kept(tip_channel)


def test_a_text_is_kept_to_the_letter(client, tip_channel):
    text = "\n  Inryckt rad.\n\n\tSlut. \n"
    assert send(client, {"text": text, "where": "  "}).status_code == 200
    assert only_tip(tip_channel)["fields"] == {"text": text}


def test_line_breaks_count_as_one_character_as_they_do_in_the_browser(client, tip_channel):
    text = "rad\r\n" * 4_000 + "r"  # 16 001 characters, 20 001 octets
    assert send(client, {"text": text}).status_code == 200
    assert only_tip(tip_channel)["fields"]["text"] == text.replace("\r\n", "\n")


def test_a_text_of_the_longest_length_is_kept(client, tip_channel):
    text = "å" * limits.MAX_TEXT_LENGTH
    assert send(client, {"text": text}).status_code == 200
    assert only_tip(tip_channel)["fields"]["text"] == text


def test_markup_comes_back_as_text(client, tip_channel):
    text = "</textarea><script>alert(1)</script>"
    response = send(client, {"text": text, "where": '"><img src=x>', "subject": "kaffe"})
    assert text_on(response) == text
    assert "<script>alert" not in response.content.decode()
    assert "<img src=x>" not in response.content.decode()


def test_the_honeypot_comes_back_empty_and_never_makes_a_tip_disappear(client, tip_channel):
    response = send(client, {"website": "http://reklam.example"})
    assert "http://reklam.example" not in page_of(response)
    again = send(client, {"token": token_on(response)})
    assert again.status_code == 200


# The token


def test_a_form_sent_too_fast_keeps_its_token_and_can_be_sent_in_a_moment(client, tip_channel):
    token = ripe_token(1)
    response = send(client, {"token": token})
    assert token_on(response) == token


@pytest.mark.fault("clock jumps")
@pytest.mark.parametrize("seconds", [limits.MAX_TOKEN_SECONDS + 1, -3600])
def test_a_form_that_was_open_too_long_or_is_of_the_future_gets_a_new_token(
    client, tip_channel, monkeypatch, seconds, acknowledges
):
    token = ripe_token(seconds)
    response = send(client, {"token": token})
    fresh = token_on(response)
    assert fresh != token
    monkeypatch.setattr(limits, "MIN_TOKEN_SECONDS", 0)
    assert send(client, {"token": fresh}).status_code == 200
    acknowledges(1, lost=1 - Tip.objects.count())


def test_every_form_shown_has_a_token_of_its_own(client, tip_channel):
    assert token_on(client.get(FORM)) != token_on(client.get(FORM))


# Other sites


def test_a_form_sent_by_another_site_is_refused_with_a_page(client, tip_channel, subtests):
    for headers in [
        {"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_ORIGIN": "https://annan.example"}, {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "https://testserver"}, {"HTTP_ORIGIN": "http://testserver:8000"},
        {"HTTP_ORIGIN": "å"},
    ]:  # fmt: skip
        with subtests.test(headers=headers):
            response = send(client, **headers)
            assert response.status_code == 403
            assert "Skicka formuläret från vår egen sida" in page_of(response)
            assert "010-568 70 00" in page_of(response)
            assert_nothing_is_kept(tip_channel)


def test_a_form_sent_from_here_is_taken(client, tip_channel, subtests):
    for headers in [
        {}, {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "http://testserver"},
        {"HTTP_SEC_FETCH_SITE": "none"}, {"HTTP_ORIGIN": "HTTP://TestServer"},
    ]:  # fmt: skip
        with subtests.test(headers=headers):
            assert send(client, **headers).status_code == 200


# Headers

POLICY = (
    "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self'; font-src data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Content-Type": "text/html; charset=utf-8",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), "
    "geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
UNLISTED = {"X-Robots-Tag": "noindex, noarchive"}
LAID = {
    "Content-Security-Policy": POLICY.replace("script-src 'none'", "script-src 'self'").replace(
        "form-action 'self'", "form-action 'none'"
    )
    + "; connect-src 'self'",
    "Integrity-Policy": "blocked-destinations=(script)",
}


def test_every_answer_has_these_headers_and_no_others(client, tip_channel, subtests):
    for language in ["sv", "en"]:
        for method, path, more in [
            ("get", "/tipsa/", LAID), ("head", "/tipsa/", LAID),
            ("get", "/tipsa/formular/", LAID), ("get", "/tipsa/formular/utan-skript/", LAID),
            ("post", "/tipsa/", {**UNLISTED, "Allow": "GET, HEAD"}), ("get", FORM, UNLISTED),
            ("head", FORM, UNLISTED), ("put", FORM, {**UNLISTED, "Allow": "GET, HEAD, POST"}),
            ("options", FORM, {**UNLISTED, "Allow": "GET, HEAD, POST"}),
            ("get", "/tipsa/finns-inte/", UNLISTED), ("post", FORM, UNLISTED),
        ]:  # fmt: skip
            with subtests.test(language=language, method=method, path=path):
                path = path if language == "sv" else f"/en{path}"
                response = getattr(client, method)(path)
                headers = dict(response.headers)
                assert int(headers.pop("Content-Length")) > 500
                assert headers == {**HEADERS, "Content-Language": language, **more}
                assert not response.cookies


def test_the_answer_to_a_tip_has_the_same_headers(client, tip_channel, subtests):
    for fields in [{}, {"text": ""}, {"token": ""}]:
        with subtests.test(fields=fields):
            headers = dict(send(client, fields).headers)
            del headers["Content-Length"]
            assert headers == {**HEADERS, "Content-Language": "sv", **UNLISTED}


def test_cookies_and_languages_of_the_browser_change_nothing(client, tip_channel):
    client.cookies["sessionid"] = "något"
    response = client.get(FORM, headers={"Accept-Language": "en"})
    assert '<html lang="sv">' in page_of(response)
    assert "Vary" not in response
    assert not response.cookies


def test_on_the_live_site_browsers_are_kept_to_https(client, tip_channel, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_HSTS_PRELOAD = True
    plain = client.get(FORM)
    assert plain.status_code == 301
    assert plain["Location"] == f"https://testserver{FORM}"
    secure = client.get(FORM, secure=True)
    assert secure["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"


# Addresses and methods


def test_other_methods_are_refused_with_a_page(client, tip_channel, subtests):
    for method in ["put", "patch", "delete", "options", "trace"]:
        for path in ["/tipsa/", FORM]:
            with subtests.test(method=method, path=path):
                response = getattr(client, method)(path)
                assert response.status_code == 405
                assert "114 14" in page_of(response)


def test_an_address_without_its_last_slash_leads_on(client, tip_channel, subtests):
    for path, target in [
        ("/tipsa/formular/utan-skript/skriv", FORM), ("/tipsa/formular", "/tipsa/formular/"),
        ("/en/tipsa/formular", "/en/tipsa/formular/"),
    ]:  # fmt: skip
        with subtests.test(path=path):
            response = client.get(f"{path}?text=hemligt")
            assert (response.status_code, response["Location"]) == (301, target)


def test_an_unknown_address_below_the_intake_is_answered_in_its_language(client, tip_channel):
    assert "Sidan finns inte" in page_of(client.get("/tipsa/annat/"))
    assert "The page does not exist" in page_of(client.get("/en/tipsa/annat/"))


def test_other_addresses_are_left_to_the_rest_of_the_site(
    client, tip_channel, monkeypatch, subtests
):
    from tips.form import middleware

    monkeypatch.delattr(middleware.guard, "guarded")
    client.raise_request_exception = False
    for path in ["/tipsa", "/tipsans/", "/en/tipsan/", "/tipsmottagning/"]:
        with subtests.test(path=path):
            assert client.get(path).status_code in (200, 301, 302, 404)


# What is no form


def test_what_is_not_sent_as_a_form_with_files_is_refused_unread(client, tip_channel, subtests):
    for content_type in [
        "application/x-www-form-urlencoded", "application/json", "text/plain",
        "multipart/mixed; boundary=x", "multipart/form-data; boundary=x; charset=utf-16", "",
    ]:  # fmt: skip
        with subtests.test(content_type=content_type):
            response = client.generic("POST", FORM, b"text=hej", content_type=content_type)
            assert response.status_code == 415
            assert "Vi kunde inte läsa det som skickades" in page_of(response)


def test_a_form_without_a_length_is_refused(client, tip_channel, subtests):
    for length in [None, "", "-5", "ett", "1.5", "9" * 20, "+10", "١٠"]:
        with subtests.test(length=length):
            response = client.generic(
                "POST", FORM, b"x", content_type=CONTENT_TYPE, CONTENT_LENGTH=length
            )
            assert response.status_code == 411


def test_a_form_without_a_boundary_is_refused(client, tip_channel, subtests):
    for boundary in ["", "; boundary=", "; boundary=å", "; boundary=" + "b" * 300]:
        with subtests.test(boundary=boundary):
            body = body_of([part("text", TEXT)])
            response = client.generic(
                "POST", FORM, body, content_type=f"multipart/form-data{boundary}"
            )
            assert response.status_code == 400
            assert "Vi kunde inte läsa det som skickades" in page_of(response)


def test_what_is_sent_in_the_address_is_not_read(client, tip_channel):
    response = send_parts(client, [part("token", ripe_token())], f"{FORM}?text=hemligt")
    assert response.status_code == 422
    assert "hemligt" not in page_of(response)


# More than can be read at once


@pytest.fixture
def one_place(monkeypatch):
    monkeypatch.setattr(limits, "MAX_READ_AT_ONCE", 1)
    return incoming.places


def test_while_all_places_are_taken_the_form_is_shown_and_the_next_one_is_told_to_call(
    client, tip_channel, one_place
):
    with one_place.one_for(""):
        assert client.get(FORM).status_code == NOT_KEPT
        response = send(client)
        assert response.status_code == 503
        page = page_of(response)
        assert "Många skickar just nu" in page
        assert "Det du skickade har inte kommit fram, och kan inte visas här igen" in page
        assert "010-568 70 00" in page
        assert "112" in page
        assert TEXT not in page
        assert "has not arrived" in page_of(
            send(client, path="/en/tipsa/formular/utan-skript/skriv/")
        )
    assert_nothing_is_kept(tip_channel)
    assert send(client).status_code == 200


def test_whatever_becomes_of_a_form_its_place_is_free_again(
    client, tip_channel, one_place, monkeypatch
):
    assert send(client, {"text": ""}).status_code == 422
    with monkeypatch.context() as failing:
        failing.setattr("tips.form.reception.Reception.hand_in", lambda self: 1 / 0)
        assert send(client).status_code == 503
    assert send(client).status_code == 200
