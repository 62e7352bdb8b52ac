"""What stands around every page: menu, breadcrumbs, footer, notices."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from pages.content.models import Alert, CookieNotice, Footer
from tests.factories import ArticlePageFactory, SectionPageFactory


@pytest.fixture
def cookie_notice(home):
    return CookieNotice.objects.create(
        locale=home.locale,
        heading="Om kakor på webbplatsen",
        text="Vi använder bara nödvändiga kakor.",
        button="Jag förstår",
        link_text="Läs mer om kakor",
    )


@pytest.fixture
def footer(home):
    return Footer.objects.create(
        locale=home.locale,
        mission="Vi avvärjer hot.",
        social_heading="Sociala medier",
        tips_heading="Tipsa oss",
        tips_button="Till tipssidan",
        contact_heading="Kontakt",
    )


def _html(client, path: str = "/") -> str:
    return client.get(path).content.decode()


def test_menu_is_the_sections_of_the_tree(client, home, section):
    SectionPageFactory(parent=home, title="Inte i menyn", show_in_menus=False)
    SectionPageFactory(parent=home, title="Ett utkast", live=False)
    menu = _html(client).split('aria-label="Huvudmeny"')[1].split("</nav>")[0]
    assert "Verksamheten" in menu
    assert '<a class="main-menu__link" href="/tipsa/">Tipsa oss</a>' in menu
    assert "Inte i menyn" not in menu
    assert "Ett utkast" not in menu


def test_new_section_stands_in_the_menu_at_once(client, home, section):
    assert "Jobba hos oss" not in _html(client)
    SectionPageFactory(parent=home, title="Jobba hos oss")
    assert "Jobba hos oss" in _html(client)


def test_breadcrumbs_lead_back_to_the_start_page(client, section):
    ArticlePageFactory(parent=section, title="Samarbete med andra", slug="samarbete")
    html = _html(client, "/verksamheten/samarbete/")
    crumbs = html.split('aria-label="Du är här"')[1].split("</nav>")[0]
    assert '<a href="/">Start</a>' in crumbs
    assert 'href="/verksamheten/"' in crumbs
    assert "Samarbete med andra" in crumbs


def test_footer_leads_to_the_tip_page_and_the_telephone(client, footer):
    html = _html(client)
    assert "Till tipssidan" in html
    assert 'href="/tipsa/"' in html
    assert 'href="tel:+46105687000"' in html


def test_contact_stands_in_the_header_and_in_the_menu(client, footer, section):
    link = {"type": "page", "value": {"page": section.pk, "label": ""}}
    footer.contact_links = json.dumps([{"type": "link", "value": [link]}])
    footer.save()
    assert _html(client).split("</header>")[0].count(f'href="{section.url}">Kontakt</a>') == 2


def test_cookie_notice_is_shown_until_it_is_closed(client, cookie_notice):
    assert "Jag förstår" in _html(client)

    response = client.post("/kakor/stang/", {"next": "/verksamheten/"})

    assert (response.status_code, response["Location"]) == (303, "/verksamheten/")
    cookie = response.cookies["kakmeddelande"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 365 * 24 * 60 * 60
    assert "Jag förstår" not in _html(client)


def test_closing_the_notice_never_leads_elsewhere(client, cookie_notice):
    for elsewhere in ["https://ond.example/", "//ond.example/", "javascript:1", ""]:
        assert client.post("/kakor/stang/", {"next": elsewhere})["Location"] == "/"


def test_cookie_notice_can_be_switched_off(client, cookie_notice):
    _html(client)
    cookie_notice.is_shown = False
    cookie_notice.save()
    assert "Jag förstår" not in _html(client)


def test_alert_is_shown_from_its_start_to_its_end(client, home):
    now = timezone.now()
    alert = Alert.objects.create(locale=home.locale, heading="Telefonen ligger nere")
    assert "Telefonen ligger nere" in _html(client)
    alert.ends_at = now - timedelta(minutes=1)
    alert.starts_at = now - timedelta(hours=1)
    alert.save()
    assert "Telefonen ligger nere" not in _html(client)
    alert.starts_at, alert.ends_at = now + timedelta(hours=1), None
    alert.save()
    assert "Telefonen ligger nere" not in _html(client)


def test_alert_that_is_remembered_ends_on_time(client, home, monkeypatch):
    Alert.objects.create(
        locale=home.locale, heading="Kort stund", ends_at=timezone.now() + timedelta(minutes=5)
    )
    assert "Kort stund" in _html(client)
    later = timezone.now() + timedelta(minutes=6)
    monkeypatch.setattr("pages.public.frame.of_language.timezone.now", lambda: later)
    assert "Kort stund" not in _html(client)


def test_settings_have_a_preview_on_a_page(footer, cookie_notice, home):
    alert = Alert.objects.create(locale=home.locale, heading="Ett meddelande")
    for setting, shown in (
        (footer, "Vi avvärjer hot."),
        (cookie_notice, "Jag förstår"),
        (alert, "Ett meddelande"),
    ):
        response = setting.make_preview_request()
        assert response.status_code == 200
        assert shown in response.content.decode()


def test_what_is_remembered_is_forgotten_when_a_change_is_rolled_back(client, home):
    from django.db import transaction

    _html(client)
    try:
        with transaction.atomic():
            SectionPageFactory(parent=home, title="Blev aldrig av")
            assert "Blev aldrig av" in _html(client)
            raise RuntimeError
    except RuntimeError:
        pass
    assert "Blev aldrig av" not in _html(client)
