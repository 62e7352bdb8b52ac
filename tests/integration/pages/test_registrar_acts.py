"""A registrar seals at once; weeding takes a second person; an export leaves both out and says so."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from pages.content.publishing.roles import CHIEF_EDITORS, REGISTRARS
from pages.newsroom.models import AccountEvent
from pages.records.kept import Records, RecordsError
from pages.records.lookup import Standing
from pages.records.models import WeedingProposal
from pages.records.registrar.stockholm_time import exact_moment
from tests.recorded import Was, keep
from tests.registrars import account, logged_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_records")]

AT = "/admin/sa-sag-sidan/"
FIRST = datetime(2026, 3, 3, 12, tzinfo=UTC)
SECOND = datetime(2026, 3, 4, 12, tzinfo=UTC)
HTML = """<!DOCTYPE html><html><head><title>%s</title><link rel="stylesheet" href="/static/site.css"></head>
<body><main><h1>Valet</h1><img src="/media/valet.webp" alt=""></main></body></html>"""


@pytest.fixture
def changed():
    return keep(Was("/valet/", FIRST, HTML % "Valet"), Was("/valet/", SECOND, HTML % "Valet 2027"))[
        1
    ]


def _of(rendering) -> str:
    return f"?address={rendering.address}&moment={exact_moment(rendering.since)}"


# Sealing


def test_a_registrar_seals_a_record_at_once_with_a_reason(ragnhild, changed):
    desk = logged_in(ragnhild)

    short = desk.post(f"{AT}sekretess/{_of(changed)}", {"reason": "18:1", "which": "this"})
    assert short.status_code == 422
    assert "Skriv skälet med minst några ord." in words_of(short)
    sealed = desk.post(
        f"{AT}sekretess/{_of(changed)}",
        {"reason": "Uppgiften röjer en källa, 18:1.", "which": "this"},
        follow=True,
    )

    assert "1 handling är sekretessmarkerad." in words_of(sealed)
    assert "Det som stod här är sekretessmarkerat." in words_of(sealed)
    with pytest.raises(RecordsError, match="sealed"):
        Records().body(changed)
    assert desk.get(f"{AT}visat/{exact_moment(changed.since)}/valet/").status_code == 404
    assert "<iframe" not in words_of(sealed)
    before = Records().older(changed)
    assert Records().body(before) == (HTML % "Valet").encode()


def test_the_password_is_asked_for_again_before_sealing_and_weeding(ragnhild, changed):
    desk = logged_in(ragnhild)
    session = desk.session
    del session["password_given"]
    session.save()

    for way in (f"sekretess/{_of(changed)}", f"gallra/{_of(changed)}", "gallra/1/"):
        for answer in (
            desk.get(AT + way),
            desk.post(AT + way, {"reason": "Uppgiften röjer en källa.", "which": "this"}),
        ):
            assert answer.status_code == 403
            assert "Lösenord" in words_of(answer)
    assert Records().at("/valet/", SECOND).standing is Standing.KEPT


def test_chief_editors_neither_seal_nor_propose_nor_export(roles, changed):
    chief = logged_in(account("cecilia", CHIEF_EDITORS))

    for way in ["sekretess/", "gallra/", "arkiv/"]:
        assert chief.get(AT + way + _of(changed)).status_code == 302
        chief.post(
            AT + way + _of(changed),
            {"reason": "Uppgiften röjer en källa.", "which": "this", "decision": "2027-1"},
        )
        assert Records().at("/valet/", SECOND).standing is Standing.KEPT
        assert not WeedingProposal.objects.exists()


# Weeding


def _proposed(desk: Client, changed) -> WeedingProposal:
    desk.post(f"{AT}gallra/{_of(changed)}", {"decision": "2027-1234-5"})
    return WeedingProposal.objects.get(outcome="open")


@pytest.mark.parametrize("group", [REGISTRARS, CHIEF_EDITORS])
def test_a_second_person_weeds_what_a_registrar_has_proposed(group, ragnhild, changed):
    proposal = _proposed(logged_in(ragnhild), changed)
    second = logged_in(account("cecilia", group))
    assert "Beslutets nummer 2027-1234-5" in re.sub(
        "<[^>]+>|\\s+", " ", words_of(second.get(f"{AT}gallra/{proposal.pk}/"))
    ).replace("  ", " ").replace("  ", " ")

    said = words_of(second.post(f"{AT}gallra/{proposal.pk}/", {"act": "weed"}, follow=True))

    assert "Handlingen är gallrad." in said
    with pytest.raises(RecordsError, match="weeded"):
        Records().body(Records().at("/valet/", SECOND))
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.answered_by_name) == ("weeded", "cecilia")
    assert "Det som stod här har gallrats enligt ett beslut." in words_of(
        second.get(AT + _of(changed))
    )


def test_the_same_person_does_not_count_twice_also_under_another_account(ragnhild, changed):
    proposal = _proposed(logged_in(ragnhild), changed)
    other = account("ragnhild-2", CHIEF_EDITORS)
    AccountEvent.objects.create(
        account=other, account_name="ragnhild-2", by=ragnhild, what=AccountEvent.What.CREATED
    )

    for user, told in (
        (ragnhild, "Du kan inte vara båda personerna."),
        (other, "räknas som samma person till"),
    ):
        answer = logged_in(user).post(f"{AT}gallra/{proposal.pk}/", {"act": "weed"})
        assert answer.status_code == 422
        assert told in words_of(answer)
    assert Records().at("/valet/", SECOND).standing is Standing.KEPT


def test_weeding_takes_the_number_of_a_decision_and_is_proposed_once(ragnhild, changed):
    desk = logged_in(ragnhild)
    assert "Skriv beslutets nummer." in words_of(
        desk.post(f"{AT}gallra/{_of(changed)}", {"decision": "snart"})
    )
    _proposed(desk, changed)

    again = desk.post(f"{AT}gallra/{_of(changed)}", {"decision": "2027-1"})

    assert again.status_code == 422
    assert "Någon har redan föreslagit det här." in words_of(again)


def _disk_is_full(*_args: Any, **_named: Any) -> None:
    raise OSError(28, "No space left on device")
