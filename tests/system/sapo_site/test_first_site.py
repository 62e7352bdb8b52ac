"""What a new website begins with: `deploy/manage site`, on a database that is empty."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Page, Site

from pages.content.models import ArticlePage, HomePage
from pages.newsroom.before_the_rule import public_since_before
from pages.newsroom.models import Approval, Publication
from pages.newsroom.verify import deviations

pytestmark = pytest.mark.django_db


def _made() -> str:
    said = StringIO()
    call_command("site", hostname="www.sapo.test", stdout=said)
    return said.getvalue()


@pytest.fixture
def empty(db):
    """As `migrate` leaves it: Wagtail's welcome page alone."""
    assert [page.title for page in Page.objects.filter(depth=2)] == [
        "Welcome to your new Wagtail site!"
    ]


def test_the_welcome_of_wagtail_gives_way_to_ours_in_both_languages(empty, client: Client):
    _made()
    for address, words in (
        ("/", "Vi skyddar Sverige och demokratin"), ("/en/", "We protect Sweden and its democracy"),
        ("/hoten-mot-sverige/", "Hoten mot Sverige"), ("/om-webbplatsen/kontakt/", "010-568 70 00"),
        ("/om-webbplatsen/tillganglighet/", "Tillgänglighetsredogörelse"),
        ("/en/about-this-website/press/", "Press office"), ("/nyheter/", "Nyheter"),
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert words in answer.content.decode()
        assert "Wagtail" not in answer.content.decode()
    site = Site.objects.get()
    assert (site.hostname, site.port, site.root_page.specific_class) == (
        "www.sapo.test",
        443,
        HomePage,
    )


def test_every_link_leads_somewhere(empty, client: Client):
    _made()
    found = set()
    for page in Page.objects.live().filter(depth__gt=1):
        html = client.get(page.get_url()).content.decode()
        found |= set(re.findall(r'href="(/[^"#?]*)', html))
    # The level has an address for programs before it has been decided.
    outside = (
        "/static/", "/media/", "/tipsa/", "/en/tipsa/", "/terrorhotniva", "/en/terrorhotniva",
    )  # fmt: skip
    asked = sorted(address for address in found if not address.startswith(outside))
    assert len(asked) > 26
    assert [each for each in asked if client.get(each, follow=True).status_code != 200] == []


def test_all_is_listed_for_two_to_confirm_as_before_the_rule(empty):
    said = _made()
    assert list(deviations()) == []
    assert {each.approval.ground for each in Publication.objects.select_related("approval")} == {
        Approval.Ground.BEFORE_THE_RULE
    }
    listed = set(public_since_before().values_list("title", flat=True))
    assert {"Hoten mot Sverige", "Threats to Sweden", "Kontakta oss"} <= listed
    assert all(title in said for title in listed)


def test_a_database_with_a_page_is_refused_in_one_line(home):
    before = set(Page.objects.values_list("pk", flat=True))
    with pytest.raises(CommandError, match=r"^Det finns redan sidor .* Inget är gjort.$"):
        _made()
    assert set(Page.objects.values_list("pk", flat=True)) == before


def test_the_second_time_it_is_refused(empty):
    _made()
    with pytest.raises(CommandError):
        _made()
    assert ArticlePage.objects.filter(slug="kontakt").count() == 1


def test_what_is_no_name_is_refused(empty, subtests):
    for name in ["", "https://www.sapo.test/", "www", "www.sapo.test; rm"]:
        with subtests.test(name=name):
            with pytest.raises(CommandError):
                call_command("site", hostname=name)
            assert HomePage.objects.count() == 0
