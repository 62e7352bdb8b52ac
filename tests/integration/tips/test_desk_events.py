"""The page of the event log."""

import pytest
from django.db import connections

from tips.handling import events, states, steps
from tips.keeping import intake
from tips.models import Event, Tip
from tips.sealing.reference import reference_of

pytestmark = [pytest.mark.tips, pytest.mark.django_db(databases=["default", "tips"])]

PAGE = "/tipsmottagning/handelser/"


@pytest.fixture(autouse=True)
def _channel(tip_channel):
    pass


def _opened():
    return steps.open_tip(intake.leave({"text": "x", "subject": "annat"}), "tipsmottagare")


def test_log_shows_what_was_done_by_whom_the_latest_first(at_desk):
    tip = _opened()
    steps.take_step(tip.pk, "forward", tip.version, "tipsmottagare", {"receiver": "polisen"})

    page = at_desk.get(PAGE).content.decode()

    assert "Loggen är hel och stämmer med alla tips." in page
    assert events.last_event().hash in page
    assert reference_of(tip.pk) in page
    assert "Överlämnat: Polismyndigheten" in page
    assert "Läst → Överlämnat" in page
    assert (
        page.index("Överlämnat: Polis") < page.index("Öppnat för första") < page.index("Systemet")
    )


def test_empty_log_says_so(at_desk):
    page = at_desk.get(PAGE).content.decode()

    assert "Inget har hänt ännu." in page
    assert "bruten" not in page


def test_broken_log_is_shouted_about(at_desk):
    _opened()
    with connections["tips"].cursor() as cursor:
        cursor.execute("UPDATE tips_event SET actor = 'annan' WHERE seq = 2")

    page = at_desk.get(PAGE).content.decode()

    assert "Loggen är bruten." in page
    assert "Händelse 2 är ändrad." in page
    assert "Rapportera det innan du fortsätter." in page
    assert "Loggen är hel" not in page


def test_long_log_is_shown_in_pages(at_desk):
    tip = _opened()
    for _round in range(26):
        for name, reason in (("hold", "archive"), ("release", "over")):
            steps.change_tip(steps.find(tip.pk), states.STEPS[name], actor="anna", reason=reason)
    assert Event.objects.count() == 54

    first, second = at_desk.get(PAGE), at_desk.get(f"{PAGE}?sida=2")

    assert "Sida 1 av 2" in first.content.decode()
    assert first.content.count(b"<tr>") == 1 + 50
    assert second.content.count(b"<tr>") == 1 + 4


@pytest.mark.parametrize("page", ["0", "-1", "x", "99", "1'", "%00"])
def test_page_that_is_not_there_shows_the_nearest(at_desk, page):
    _opened()
    assert at_desk.get(f"{PAGE}?sida={page}").status_code == 200


def test_name_of_an_account_is_text_and_never_markup(at_desk):
    tip = _opened()
    steps.take_step(tip.pk, "spam", tip.version, "<img src=x>", {"reason": "trial"})

    page = at_desk.get(PAGE).content.decode()

    assert "&lt;img src=x&gt;" in page
    assert "<img src=x>" not in page


def test_a_tip_that_was_exchanged_with_its_digest_is_shouted_about(at_desk):
    tip = _opened()
    Tip.objects.filter(pk=tip.pk).update(files_digest=bytes(32))

    page = at_desk.get(PAGE).content.decode()

    assert "Loggen är bruten." in page
    assert "Innehållet i tipset i händelse 1 är inte det som togs emot." in page


def test_of_tips_from_before_it_held_digests_the_log_says_that_it_cannot_tell(at_desk):
    _opened()
    assert "innan loggen höll" not in at_desk.get(PAGE).content.decode()
    for seq in (1, 2):
        event = Event.objects.get(seq=seq)
        event.reason = ""
        event.previous_hash = Event.objects.get(seq=1).hash if seq == 2 else event.previous_hash
        event.hash = events.hash_of(event)
        event.save()

    page = at_desk.get(PAGE).content.decode()

    assert "Loggen är hel" in page
    assert "1 tips kom innan loggen höll det som togs emot" in page
