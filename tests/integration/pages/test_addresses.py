"""Which addresses answer, and with what."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, Page

from pages.content.models import Withdrawal
from pages.newsroom.keeping_public import deleting_for_good
from tests.factories import ArticlePageFactory, SectionPageFactory
from tests.newsroom import publish_by_two


@pytest.fixture
def article(section):
    page = ArticlePageFactory(parent=section, title="Samarbete med andra", slug="samarbete")
    page.save_revision().publish()
    return page


def test_page_answers_at_its_address(client, article):
    response = client.get("/verksamheten/samarbete/")
    assert response.status_code == 200
    assert "<h1" in response.content.decode()
    assert "Samarbete med andra" in response.content.decode()


def test_address_without_slash_leads_to_the_one_with(client, article):
    response = client.get("/verksamheten/samarbete")
    assert (response.status_code, response["Location"]) == (301, "/verksamheten/samarbete/")


def test_former_address_leads_to_the_clean_one(client, article):
    response = client.get("/verksamheten/samarbete.html")
    assert (response.status_code, response["Location"]) == (301, "/verksamheten/samarbete/")


def test_former_address_with_stray_hyphen_leads_to_the_clean_one(client, article):
    response = client.get("/verksamheten/samarbete-.html")
    assert (response.status_code, response["Location"]) == (301, "/verksamheten/samarbete/")


def test_former_address_of_no_page_is_not_found(client, article):
    assert client.get("/verksamheten/finns-inte.html").status_code == 404


def test_english_former_address_leads_to_the_clean_one(client, english_home):
    SectionPageFactory(parent=english_home, slug="about-us", locale=english_home.locale)
    response = client.get("/en/about-us.html")
    assert (response.status_code, response["Location"]) == (301, "/en/about-us/")


def test_missing_page_offers_search_and_sections(client, section):
    response = client.get("/finns-inte/")
    html = response.content.decode()
    assert response.status_code == 404
    assert "Sidan finns inte" in html
    assert 'name="q"' in html
    assert "Verksamheten" in html


def _let_its_last_day_come(page, people):
    page.expire_at = timezone.now() + timedelta(hours=1)
    page.save_revision()
    publish_by_two(page, *people)
    later = timezone.now() + timedelta(hours=2)
    with patch.object(timezone, "now", lambda: later):
        call_command("publish_scheduled")


def _withdraw_the_original(page, people):
    original = ArticlePageFactory(parent=page.get_parent())
    Page.objects.filter(pk=page.pk).update(alias_of=original)
    original.unpublish()


@pytest.mark.parametrize("withdraw", [_let_its_last_day_come, _withdraw_the_original])
def test_withdrawn_page_is_in_no_list_however_it_was_withdrawn(
    client, article, editor, chief_editor, withdraw, django_capture_on_commit_callbacks
):
    assert "/verksamheten/samarbete/" in client.get("/verksamheten/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(article, (editor, chief_editor))
    assert client.get("/verksamheten/samarbete/").status_code == 410
    assert "/verksamheten/samarbete/" not in client.get("/verksamheten/").content.decode()


def test_deleted_page_says_what_it_was(client, article):
    with deleting_for_good("a test"):
        article.delete()
    response = client.get("/verksamheten/samarbete/")
    assert response.status_code == 410
    assert article.title in response.content.decode()
    assert Withdrawal.objects.values_list("address", "title").get() == (
        "/verksamheten/samarbete/", article.title,
    )  # fmt: skip


def test_every_page_below_a_deleted_section_says_what_it_was(client, article, section):
    section.refresh_from_db()
    with deleting_for_good("a test"):
        section.delete()
    assert client.get("/verksamheten/samarbete/").status_code == 410
    assert client.get("/verksamheten/").status_code == 410


def test_deleted_draft_was_never_there(client, section):
    draft = ArticlePageFactory(parent=section, slug="utkast", live=False)
    draft.delete()
    assert client.get("/verksamheten/utkast/").status_code == 404


def test_untranslated_page_leads_to_the_nearest_above(client, article, section, english_home):
    def english() -> list[str]:
        links = BeautifulSoup(client.get(article.url).content, "html.parser").select(".languages a")
        return [f"{link['href']} {link.get_text(strip=True)}" for link in links]

    assert english() == [f"/en/ English: {english_home.title}"]
    there = SectionPageFactory(
        parent=english_home, title="What we do", slug="what-we-do",
        locale=english_home.locale, translation_key=section.translation_key,
    )  # fmt: skip
    assert english() == ["/en/what-we-do/ English: What we do"]
    for page in (there, english_home):
        page.unpublish()
    assert english() == []


def test_translated_pages_name_each_other(client, section, english_home):
    SectionPageFactory(
        parent=english_home,
        title="What we do",
        slug="what-we-do",
        locale=english_home.locale,
        translation_key=section.translation_key,
    )
    swedish = client.get("/verksamheten/").content.decode()
    english = client.get("/en/what-we-do/").content.decode()
    for html in (swedish, english):
        assert 'hreflang="en" href="http://testserver/en/what-we-do/"' in html
        assert 'hreflang="sv" href="http://testserver/verksamheten/"' in html
    assert '<html lang="sv"' in swedish
    assert '<html lang="en"' in english


def test_untranslated_page_names_no_translation_to_search_engines(client, section, english_home):
    assert 'hreflang="en"' not in client.get("/verksamheten/").content.decode().split("</head>")[0]


def test_sitemap_holds_both_languages(client, section, english_home):
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "<loc>http://testserver/verksamheten/</loc>" in sitemap
    for address in ("/en/", "/tipsa/", "/en/tipsa/"):
        assert f"<loc>http://testserver{address}</loc>" in sitemap


def test_robots_lead_to_the_sitemap_and_away_from_the_cms(client, home):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "may be gathered" in text.partition("\n")[0]


def test_programs_find_the_sign_and_where_a_password_is_changed(client, home):
    sign = client.get("/favicon.ico")
    assert (sign.status_code, sign["Location"]) == (302, "/static/images/apple-touch-icon.png")
    assert client.get("/.well-known/change-password")["Location"] == "/admin/account/"


def test_tip_page_tells_how_to_telephone(client, db):
    for path, number in [("/tipsa/", "010-568 70 00"), ("/en/tipsa/", "+46 10-568 70 00")]:
        html = client.get(path).content.decode()
        assert number in html
        assert "112" in html


def test_tip_page_works_without_pages(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/tipsa/").status_code == 200


@pytest.mark.parametrize("language", ["/", "/en/"])
def test_server_error_needs_nothing(language, english_home, monkeypatch):
    monkeypatch.setattr("pages.public.reading.views.page_in", lambda *place: 1 / 0)
    response = Client(raise_request_exception=False).get(language)
    assert response.status_code == 500
    assert "010-568 70 00" in response.content.decode()
    assert "'sha256-" in response["Content-Security-Policy"]


def test_form_in_another_encoding_is_refused(client, home):
    for path in ["/", "/sok/", "/kakor/stang/", "/admin/login/"]:
        response = client.post(
            path, "q=%ff%fe", content_type="application/x-www-form-urlencoded; charset=utf-16"
        )
        assert response.status_code == 400
        assert "Det gick inte att läsa det som skickades" in response.content.decode()


def test_every_language_of_the_site_exists_after_migration(db):
    assert set(Locale.objects.values_list("language_code", flat=True)) == {"sv", "en"}
