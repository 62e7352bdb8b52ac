"""What a stranger seals with programs of their own harms nobody's queue and raises no false alarm."""

import json
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone
from playwright.sync_api import Route, expect

from tests.integration.tips.sealing_browser import sealed_parts, send_sealed, with_part
from tests.integration.tips.sending import ripe_token
from tips.form import tokens
from tips.handling import steps
from tips.sealing import age, envelope, heads
from tips.sealing.reference import reference_of

from .desk import bundle_of, genuine, give_bundle, leave, open_in_bundle


def _send(
    channel: Any,
    text: str = "",
    head: dict[str, Any] | None = None,
    body: dict[str, Any] | None = None,
    files: Any = (),
) -> UUID:
    """Sends a tip whose head and body say these things instead of what they should."""
    ring, now = channel.trust.ring, timezone.now()
    token = ripe_token()
    read = tokens.read_token(token)
    assert read is not None
    fields = {"text": text}
    false_head = {**json.loads(envelope.make_head(read.tip_id, now, fields, [])), **(head or {})}
    false_body = {
        **json.loads(envelope.make_body(read.tip_id, now, "sv", fields, [], way="browser")),
        **(body or {}),
    }
    sealed = heads.seal_heads(json.dumps(false_head).encode().ljust(1024), ring)
    parts = sealed_parts(ring, token, text=text, files=files)
    parts = with_part(parts, "heads", b"".join(sealed.headers.values()) + sealed.payload)
    sealed_body = age.seal(json.dumps(false_body).encode().ljust(4096), ring.recipients)
    assert send_sealed(Client(), with_part(parts, "body", sealed_body)).status_code == 201
    return read.tip_id


HOSTILE_HEADS: list[dict[str, Any]] = [
    {"excerpt": None},
    {"received": 5},
    {"received": "2026-13-01T10:00"},
    {"subject": "constructor"},
    {"subject": ["x"], "urgent": True},
]


def test_a_head_of_any_form_stops_no_other_tip_at_the_desk(desk, tip_channel):
    leave("Ett vanligt tips")
    for head in HOSTILE_HEADS:
        _send(tip_channel, "Ont", head=head)
    without_fields = _send(tip_channel, "Tomma fält", body={"fields": None})
    desk.open_queue()
    rows = desk.page.locator(".desk-table tbody tr")
    expect(rows).to_have_count(2 + len(HOSTILE_HEADS))
    expect(rows.filter(has_text="Kan inte öppnas. Skadat, eller utbytt")).to_have_count(4)
    for word in ("subject", "state", "received"):
        desk.page.get_by_label("Ordna efter").select_option(word)
        expect(rows).to_have_count(2 + len(HOSTILE_HEADS))
    expect(rows.filter(has_text="Ett vanligt tips")).to_be_visible()

    rows.filter(has_text=reference_of(without_fields)).get_by_role("link").click()
    content = desk.page.locator(".desk-tip__content")
    expect(content).to_contain_text("Innehållet går inte att visa")
    desk.choose_step("register")


def test_a_row_that_is_none_or_cannot_be_shown_stops_no_other(desk):
    """As if something were overlooked: whatever is thrown over one tip stays with it."""
    desk.page.add_init_script(
        "const end = String.prototype.trimEnd; String.prototype.trimEnd = function () {"
        " if (this.startsWith('Ont')) throw new TypeError('overlooked'); return end.call(this); };"
    )
    tips = {leave("Ett vanligt tips"), leave("Ett till"), leave("Ont " * 60)}

    def first_of_nobody(route: Route) -> None:
        answer = genuine(route).json()
        answer["tips"][0] |= {"assigned_to": 5, "state": 7}
        route.fulfill(json=answer)

    desk.come()
    desk.page.route("**/api/ko/", first_of_nobody)
    desk.unlock()
    rows = desk.page.locator(".desk-table tbody tr")
    expect(rows.filter(has_text="Ett vanligt tips")).to_be_visible()
    expect(rows.filter(has_text="Kan inte öppnas.")).to_have_count(1)
    assert sorted(desk.rows()) == sorted(map(reference_of, tips))


def test_a_queue_that_is_none_is_said_and_can_be_asked_for_again(desk):
    """Neither nothing at all nor changes without end leave the view empty."""
    leave("Ett vanligt tips")
    desk.come()
    desk.page.route("**/api/ko/", lambda route: route.fulfill(json={}), times=1)
    desk.unlock()
    said = desk.page.get_by_role("alert")
    expect(said).to_contain_text("Servern svarar inte som den ska.")
    said.get_by_role("button", name="Försök igen").click()
    row = desk.page.locator(".desk-table tbody tr")
    expect(row).to_contain_text("Ett vanligt tips")

    def changes_on_and_on(route: Route) -> None:
        route.fulfill(json={**genuine(route).json(), "is_all": False, "since": 1})

    desk.page.route("**/api/ko/?sedan=*", changes_on_and_on)
    row.get_by_role("link").click()
    desk.back()
    expect(row).to_contain_text("Ett vanligt tips")


LISTED = {"id": "11111111-0000-4000-8000-000000000001", "name": "x.txt", "type": "text/plain"}
FALSE_LIST = [{**LISTED, "size": 1, "sealed_size": 4128, "sha256": "0" * 64}]


def test_a_false_list_or_way_of_the_senders_is_told_and_raises_no_alarm_at_the_desk(
    desk, tip_channel
):
    file = ("bild.txt", "text/plain", b"som kom")
    _send(
        tip_channel, "Fel lista", head={"attachments": 1}, body={"attachments": FALSE_LIST},
        files=[file],
    )  # fmt: skip
    _send(tip_channel, "Fel ort", body={"way": "command"})
    steps.take_in_new()
    desk.open_queue()
    content = desk.page.locator(".desk-tip__content")

    desk.page.locator(".desk-table tbody tr", has_text="Fel lista").get_by_role("link").click()
    expect(content).to_contain_text(
        "Avsändarens egen lista över filer stämmer inte med det som kom."
    )
    expect(desk.page.locator(".desk-fields")).to_contain_text("Fel lista")
    expect(desk.page.locator(".desk-notice--danger")).to_have_count(0)
    desk.back()

    desk.page.locator(".desk-table tbody tr", has_text="Fel ort").get_by_role("link").click()
    expect(content).to_contain_text("Avsändaren uppger ett annat sätt.")
    facts = desk.page.locator(".desk-facts")
    expect(facts).to_contain_text("Förseglat i avsändarens webbläsare")
    expect(desk.page.locator(".desk-notice--danger")).to_have_count(0)


def test_a_false_list_of_the_senders_is_told_and_raises_no_alarm_in_the_one_file(
    offline, tip_channel, handler
):
    """Nor does a head of any form stop another tip there."""
    for head in HOSTILE_HEADS:
        _send(tip_channel, "Ont", head=head)
    tip = _send(tip_channel, "Fel lista", head={"attachments": 1}, body={"attachments": FALSE_LIST})
    give_bundle(offline, tip_channel, bundle_of(tip_channel))
    expect(offline.locator(".desk-bundle__tip")).to_have_count(1 + len(HOSTILE_HEADS))
    open_in_bundle(offline, tip)
    text = "Avsändarens egen lista över filer stämmer inte med det som kom."
    expect(offline.get_by_text(text)).to_be_visible()
    expect(offline.locator(".desk-fields")).to_contain_text("Fel lista")
    expect(offline.get_by_role("alert")).to_have_count(0)


def test_a_tip_that_names_another_day_than_it_came_on_is_neither_late_nor_first(desk, tip_channel):
    for text, moment in (("Från framtiden", "2099-01-01T00:00"), ("Uråldrigt", "2001-01-01T00:00")):
        _send(
            tip_channel, text, head={"received": moment, "urgent": True}, body={"received": moment}
        )
    leave("I förrgår", days=2)
    desk.open_queue()
    rows = desk.page.locator(".desk-table tbody tr")
    expect(rows).to_have_count(3)
    for text in ("Från framtiden", "Uråldrigt"):
        row = rows.filter(has_text=text)
        expect(row).to_contain_text("i dag")
        expect(row.locator(".desk-badge--danger")).to_have_count(0)
    desk.page.get_by_label("Ordna efter").select_option("received")
    expect(rows.first).to_contain_text("I förrgår")

    rows.filter(has_text="Uråldrigt").get_by_role("link").click()
    desk.page.get_by_role("heading", name="Historik").wait_for()
    expect(desk.page.locator(".desk-facts")).not_to_contain_text("2001")
