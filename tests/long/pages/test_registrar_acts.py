"""What tests/integration/pages/test_registrar_acts.py says, in more cases."""

from datetime import timedelta
from typing import Any

import pytest

from pages.content.publishing.roles import CHIEF_EDITORS
from pages.records.kept import Records
from pages.records.lookup import Standing
from pages.records.orders import Decisions
from tests.integration.pages import test_registrar_acts as first
from tests.integration.pages.test_registrar_acts import AT, FIRST, SECOND, _of, _proposed
from tests.recorded import Was, keep
from tests.registrars import account, logged_in, words_of

changed = first.changed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_records")]


def test_every_version_of_an_address_can_be_sealed_together(ragnhild, changed):
    logged_in(ragnhild).post(
        f"{AT}sekretess/{_of(changed)}",
        {"reason": "Uppgiften röjer en källa, 18:1.", "which": "all"},
    )

    assert {each.standing for each in Records().changes(FIRST, SECOND + timedelta(1))} == {
        Standing.SEALED
    }


def test_a_proposal_ends_with_the_role_of_whoever_made_it(ragnhild, changed):
    proposal = _proposed(logged_in(ragnhild), changed)
    ragnhild.groups.clear()

    answer = logged_in(account("cecilia", CHIEF_EDITORS)).post(
        f"{AT}gallra/{proposal.pk}/", {"act": "weed"}
    )

    assert "är inte registrator längre" in words_of(answer)
    assert Records().at("/valet/", SECOND).standing is Standing.KEPT


def test_a_proposal_can_be_taken_back_and_then_weeds_nothing(ragnhild, changed):
    desk = logged_in(ragnhild)
    proposal = _proposed(desk, changed)
    assert "/valet/" in words_of(desk.get(f"{AT}gallring/"))

    desk.post(f"{AT}gallra/{proposal.pk}/", {"act": "take_back"})
    logged_in(account("cecilia", CHIEF_EDITORS)).post(f"{AT}gallra/{proposal.pk}/", {"act": "weed"})

    assert Records().at("/valet/", SECOND).standing is Standing.KEPT
    assert "tillbakatagen" in words_of(desk.get(f"{AT}gallring/"))


def test_a_fault_of_the_records_leaves_the_proposal_open(ragnhild, changed, monkeypatch):
    proposal = _proposed(logged_in(ragnhild), changed)
    monkeypatch.setattr(Records, "weed", lambda *_args, **_named: 1 / 0)
    second = logged_in(account("cecilia", CHIEF_EDITORS))
    second.raise_request_exception = False

    second.post(f"{AT}gallra/{proposal.pk}/", {"act": "weed"})

    proposal.refresh_from_db()
    assert proposal.is_open


def _disk_is_full(*_args: Any, **_named: Any) -> None:
    raise OSError(28, "No space left on device")


def test_where_the_disk_is_full_both_ways_say_so_and_nothing_is_half_done(
    ragnhild, changed, monkeypatch
):
    proposal = _proposed(logged_in(ragnhild), changed)
    monkeypatch.setattr(Decisions, "add", _disk_is_full)
    said = "Inget kunde skrivas: arkivets disk är full eller saknas."

    sealed = logged_in(ragnhild).post(
        f"{AT}sekretess/{_of(changed)}",
        {"reason": "Uppgiften röjer en källa, 18:1.", "which": "this"},
    )
    weeded = logged_in(account("cecilia", CHIEF_EDITORS)).post(
        f"{AT}gallra/{proposal.pk}/", {"act": "weed"}
    )

    assert [said in words_of(page) for page in (sealed, weeded)] == [True, True]
    assert [page.status_code for page in (sealed, weeded)] == [422, 422]
    proposal.refresh_from_db()
    assert proposal.is_open
    assert Records().at("/valet/", SECOND).standing is Standing.KEPT


def test_where_a_sealed_address_led_is_sealed_along(ragnhild):
    moved = (("Location", "/arenden/anna-andersson/"),)
    (led,) = keep(Was("/hit/", FIRST, status=301, headers=moved))
    client = logged_in(ragnhild)
    assert "anna-andersson" in client.get(AT + _of(led)).content.decode()

    Records().seal("/hit/", FIRST, by="ragnhild", reason="Sekretess enligt 15 kap. 2 §")

    page = client.get(AT + _of(led)).content.decode()
    assert "Ledde vidare (301)" in page
    assert "anna-andersson" not in page
