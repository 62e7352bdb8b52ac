"""What tests/integration/pages/test_registrar_acts.py says, in more cases."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pages.publishing.roles import CHIEF_EDITORS
from pages.records.kept import Records, Standing
from pages.records.orders import Decisions
from pages.registrar.exports import all_exports, export_named, make_ordered, order_export
from tests.integration.pages import test_registrar_acts as first
from tests.integration.pages.test_registrar_acts import AT, FIRST, SECOND, _of, _proposed
from tests.recorded import Was, keep
from tests.registrars import account, logged_in, words_of

_own_records, ragnhild, changed = first._own_records, first.ragnhild, first.changed

pytestmark = [pytest.mark.django_db]


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


def test_what_is_sealed_while_an_export_is_made_is_not_handed_over(changed, monkeypatch):
    export = order_export(SECOND, SECOND + timedelta(days=1))

    def sealed_meanwhile(start, end, target):
        target.write_bytes(b"wacz")
        export.order.unlink()
        return type("Packed", (), {"words": ""})()

    monkeypatch.setattr("pages.registrar.exports.write_archive", sealed_meanwhile)
    make_ordered()

    assert not export.file.exists()


def test_exports_are_thrown_away_after_a_week_and_few_wait_at_a_time(
    ragnhild, changed, monkeypatch
):
    desk = logged_in(ragnhild)
    for _number in range(6):
        last = desk.post(f"{AT}arkiv/", {"first": "2026-03-04", "last": "2026-03-04"}, follow=True)
    assert "5 exporter väntar redan." in words_of(last)
    monkeypatch.setattr(
        "pages.registrar.exports.timezone.now", lambda: datetime.now(UTC) + timedelta(days=8)
    )

    make_ordered()

    assert all_exports() == []


def test_where_the_program_that_packs_is_missing_both_page_and_job_say_so(
    ragnhild, changed, settings
):
    settings.WACZ_PROGRAM = "/finns/inte/wacz"
    order_export(SECOND, SECOND + timedelta(days=1))

    make_ordered()

    said = words_of(logged_in(ragnhild).get(f"{AT}arkiv/"))
    assert "Programmet wacz, som packar arkivet, är inte installerat." in said
    assert "Det går inte att göra någon export här" in said


def test_an_export_overwrites_nothing_that_a_link_was_laid_to(changed, tmp_path):
    export = order_export(FIRST, SECOND)
    kept = tmp_path / "kept"
    kept.write_text("orört")
    export.order.with_suffix(".part").symlink_to(kept)

    make_ordered()

    assert kept.read_text() == "orört"
    assert all_exports()[0].said


@pytest.mark.parametrize("at", ["2026-03-03T12:00:00", "9999-12-31T23:59:59+00:00"])
def test_an_order_that_is_none_of_ours_stops_no_other(changed, at):
    export = order_export(FIRST, SECOND)
    other = export.order.with_name(f"{'0' * 16}.json")
    other.write_text(json.dumps({"start": at, "end": at, "ordered_at": at, "said": ""}))

    make_ordered()

    assert export_named(export.name).said


def test_where_a_sealed_address_led_is_sealed_along(ragnhild):
    moved = (("Location", "/arenden/anna-andersson/"),)
    (led,) = keep(Was("/hit/", FIRST, status=301, headers=moved))
    client = logged_in(ragnhild)
    assert "anna-andersson" in client.get(AT + _of(led)).content.decode()

    Records().seal("/hit/", FIRST, by="ragnhild", reason="Sekretess enligt 15 kap. 2 §")

    for way in ("", "jamfor/"):
        then = "&then-day=2026-03-05&then-hour=12.00"
        page = client.get(AT + way + _of(led) + then).content.decode()
        assert "Ledde vidare (301)" in page
        assert "anna-andersson" not in page


def test_what_a_job_that_was_killed_left_of_an_export_is_thrown_away(changed):
    left = order_export(FIRST, SECOND).order.with_name(".packing-abc")
    left.mkdir()
    (left / "records.warc.gz").write_text("hemligt")
    orphan = left.with_name(f"{'0' * 16}.wacz")
    orphan.write_text("hemligt")

    make_ordered()

    assert not left.exists()
    assert not orphan.exists()
