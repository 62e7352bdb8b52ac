"""The accessibility statement says what is known elsewhere: deviations and the standard."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from sapo_site.accessibility.statement import AccessibilityDeviation, AccessibilityStatementPage
from tests.factories import AccessibilityDeviationFactory, AccessibilityStatementPageFactory
from tests.newsroom import publish_by_two

pytestmark = pytest.mark.django_db

ADDRESS = "/verksamheten/tillganglighet/"


@pytest.fixture
def statement(section):
    return AccessibilityStatementPageFactory(parent=section)


def _read(client) -> str:
    page = client.get(ADDRESS).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\xa0", " ").split())


def test_the_statement_says_how_far_the_website_meets_the_law_and_leads_to_the_form(
    client, statement
):
    said = _read(client)
    assert "Webbplatsen är delvis förenlig med lagen (2018:1937)" in said
    assert "Standard EN 301 549 V3.2.1 (WCAG 2.1)" in said
    assert "Bedömd 24 november 2026" in said
    assert 'href="/tillganglighet/meddelande/"' in client.get(ADDRESS).content.decode()


def test_the_version_of_the_standard_is_chosen_and_stands_in_no_text(client, statement):
    statement.standard = AccessibilityStatementPage.Standard.V4_1_1
    statement.save_revision().publish()
    assert "EN 301 549 V4.1.1 (WCAG 2.2)" in _read(client)


def test_a_statement_without_deviations_says_so(client, statement):
    said = _read(client)
    assert "Vi känner inte till något som inte uppfyller lagen." in said
    assert "Vi har inte gjort något undantag med stöd av 12 § i lagen." in said
    assert "Vi känner inte till något innehåll här som undantas genom 9 § i lagen." in said
    assert "Det här har vi åtgärdat" not in said


def test_a_deviation_stands_there_when_two_have_confirmed_it(
    client, statement, editor, chief_editor
):
    deviation = AccessibilityDeviationFactory(live=False, mended_by=date(2027, 6, 30))
    deviation.save_revision(user=editor)
    assert "Filmer saknar syntolkning" not in _read(client)

    publish_by_two(deviation, editor, chief_editor)

    said = _read(client)
    for words in (
        "Filmer saknar syntolkning", "1.2.5 Syntolkning, inspelat", "Filmspelaren har ett ljudspår.",
        "Läs texten under filmen.", "Känd sedan 24 november 2026", "Ska vara åtgärdad 30 juni 2027",
    ):  # fmt: skip
        assert words in said
    assert f"Redogörelsen uppdaterad {localdate().day} " in said


def test_deviations_stand_under_the_ground_that_they_have(client, statement):
    AccessibilityDeviationFactory(what="Gamla filer", ground="outside", clause="")
    AccessibilityDeviationFactory(what="Kartan", ground="burden")
    said = _read(client)
    order = [
        said.index(words)
        for words in (
            "Bristande förenlighet med lagkraven", "Oskäligt betungande anpassning", "Kartan",
            "Innehåll som inte omfattas av lagen", "Gamla filer",
        )
    ]  # fmt: skip
    assert order == sorted(order)


def test_what_is_mended_stands_by_itself_with_its_day(client, statement):
    AccessibilityDeviationFactory(mended_on=date(2026, 11, 25))
    said = _read(client)
    assert (
        "Det här har vi åtgärdat Filmer saknar syntolkning (åtgärdat den 25 november 2026)" in said
    )
    assert "Filmspelaren" not in said


def test_a_statement_names_the_deviations_of_its_own_language(client, statement, english_home):
    AccessibilityDeviationFactory(what="Films lack captions", locale=english_home.locale)
    assert "Films" not in _read(client)


def test_a_deviation_is_found_by_the_search(client, statement, editor, chief_editor):
    deviation = AccessibilityDeviationFactory(what="Kartan går inte att läsa", live=False)
    publish_by_two(deviation, editor, chief_editor)
    assert ADDRESS in client.get("/sok/?q=kartan").content.decode()


def test_a_deviation_that_cannot_be_right_is_not_published(editor, subtests):
    for wrong, said in [
        ({"clause": " "}, "Skriv vilket krav som inte uppfylls."),
        ({"mended_on": date(2999, 1, 1)}, "Skriv dagen när bristen har åtgärdats."),
    ]:  # fmt: skip
        with subtests.test(wrong=wrong):
            deviation = AccessibilityDeviationFactory.build(**wrong)
            with pytest.raises(ValidationError, match=said):
                deviation.refuse_faults()


def test_there_is_one_statement_in_a_language(statement, section):
    assert not AccessibilityStatementPage.can_create_at(section)


# Reminders


def test_a_statement_older_than_a_year_is_reminded_of_on_the_start_page(client, statement, editor):
    client.force_login(editor)
    AccessibilityStatementPage.objects.update(assessed_on=localdate() - timedelta(days=364))
    reminder = "gör om det, minst en gång om året"
    assert reminder not in client.get("/admin/").content.decode()
    AccessibilityStatementPage.objects.update(assessed_on=localdate() - timedelta(days=365))
    assert reminder in client.get("/admin/").content.decode()


def test_a_deviation_that_was_to_be_mended_by_now_is_reminded_of(client, statement, editor):
    client.force_login(editor)
    today = localdate()
    deviation = AccessibilityDeviationFactory(mended_by=today)
    reminder = "skulle ha åtgärdats senast den"
    assert reminder not in client.get("/admin/").content.decode()
    AccessibilityDeviation.objects.update(mended_by=today - timedelta(days=1))
    assert reminder in client.get("/admin/").content.decode()
    deviation.mended_by, deviation.mended_on = today - timedelta(days=1), today
    deviation.save()
    assert reminder not in client.get("/admin/").content.decode()
