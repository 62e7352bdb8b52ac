"""What readers meet of a page that was withdrawn, for each of the three reasons."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageLogEntry, Revision

from pages.content.models import ArticlePage, Withdrawal
from pages.newsroom.before_the_rule import record_all
from pages.newsroom.desk.withdrawal_form import REASONS, WithdrawalForm
from pages.newsroom.withdrawals import withdraw_page
from tests.factories import (
    ArticlePageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
    TopicFactory,
)

SWEDISH, ENGLISH = "/verksamheten/checklista/", "/en/our-work/checklist/"
DAY = date(2027, 3, 3)


@pytest.fixture
def article(section):
    page = ArticlePageFactory(parent=section, title="Checklista för skyddet", slug="checklista")
    page.save_revision().publish()
    return page


@pytest.fixture
def other(section):
    return ArticlePageFactory(parent=section, title="Den nya listan", slug="nya-listan")


@pytest.fixture
def english(english_home, article):
    work = SectionPageFactory(
        parent=english_home, title="Our work", slug="our-work", locale=english_home.locale
    )
    return ArticlePageFactory(
        parent=work,
        title="Checklist",
        slug="checklist",
        locale=english_home.locale,
        translation_key=article.translation_key,
    )


def _withdraw(page, reason, **options):
    done = withdraw_page(page, reason, **options)
    Withdrawal.objects.exclude(withdrawn_on=None).update(withdrawn_on=DAY)
    return done


def _words(response) -> str:
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(main.split())


# What readers meet


@pytest.mark.parametrize(
    ("reason", "because"), [("outdated", " för att den inte längre är aktuell"), ("", "")]
)
def test_what_is_no_longer_current_says_what_it_was_and_how_to_ask_for_it(
    client, article, reason, because
):
    if reason:
        _withdraw(article, reason)
    else:  # as before anybody was asked for a reason
        article.unpublish()
        Withdrawal.objects.update(withdrawn_on=DAY)
    response = client.get(SWEDISH)
    words = _words(response)
    assert response.status_code == 410
    assert "<h1>Sidan finns inte längre</h1>" in words
    assert (
        f"Här fanns ”Checklista för skyddet”. Vi tog bort den 3 mars 2027{because}. </p>" in words
    )
    assert (
        "Vill du läsa den? Ring vår registrator på "
        '<a href="tel:+46105687000"><span class="phone">010-568 70 00</span></a> och'
        " säg sidans namn och datumet." in words
    )


def test_the_english_page_says_it_in_english(client, english):
    _withdraw(english, "outdated")
    response = client.get(ENGLISH)
    words = _words(response)
    assert response.status_code == 410
    assert "<h1>This page is no longer here</h1>" in words
    assert "“Checklist” was here. We removed it on 3 March 2027 because it is out of date." in words
    assert (
        "To read it, call our registrar on "
        '<a href="tel:+46105687000"><span class="phone">+46 10-568 70 00</span></a> and give'
        " the title and the date." in words
    )


def test_what_was_replaced_leads_to_the_page_that_replaced_it_wherever_that_is(
    client, article, other, home, django_capture_on_commit_callbacks
):
    withdraw_page(article, "replaced", replaced_by=other)
    response = client.get(SWEDISH)
    assert (response.status_code, response["Location"]) == (301, "/verksamheten/nya-listan/")
    elsewhere = SectionPageFactory(parent=home, slug="om-oss")
    other.move(elsewhere, pos="last-child")
    assert client.get(SWEDISH)["Location"] == "/om-oss/nya-listan/"


def test_nothing_leads_to_a_draft_or_in_a_circle(client, article, other):
    withdraw_page(article, "replaced", replaced_by=other)
    # Not by any way that the newsroom has.
    Page.objects.filter(pk=other.pk).update(live=False)
    response = client.get(SWEDISH)
    assert response.status_code == 410
    assert "Här fanns ”Checklista för skyddet”. Vi tog bort den" in _words(response)
    Withdrawal.objects.create(
        address=other.url, title=other.title, reason="replaced", page=other, replaced_by=article
    )
    for address, title in ((SWEDISH, article.title), (other.url, other.title)):
        response = client.get(address)
        assert response.status_code == 410
        assert f"Här fanns ”{title}”" in _words(response)


def test_words_of_a_draft_are_never_told(client, article, admin):
    withdraw_page(article, "outdated")
    # Wagtail writes a draft of a page that is not live into its own row.
    client.force_login(admin)
    draft = ArticlePage.objects.get(pk=article.pk)
    draft.title = "Hemligt utkast"
    draft.save()
    draft.save_revision()
    client.logout()
    response = client.get(SWEDISH)
    assert "Hemligt utkast" not in response.content.decode()
    assert "Checklista för skyddet" in _words(response)


def test_a_redirect_by_an_editor_still_comes_first(client, article, other):
    withdraw_page(article, "mistake")
    Redirect.add_redirect(SWEDISH, redirect_to=other, is_permanent=True)
    assert client.get(SWEDISH)["Location"].endswith("/verksamheten/nya-listan/")


def test_the_end_time_withdraws_as_no_longer_current(client, article):
    article.expire_at = timezone.now() - timedelta(minutes=1)
    article.save_revision().publish()
    record_all()  # as if two persons had confirmed the end
    call_command("publish_scheduled")
    assert Withdrawal.objects.get().reason == "outdated"
    assert "för att den inte längre är aktuell" in _words(client.get(SWEDISH))


# Published by mistake


def test_a_mistake_is_told_of_nowhere(client, home, section, english_home):
    topic = TopicFactory(name="Kontraspionage", slug="kontraspionage")
    news = NewsIndexPageFactory(parent=home, slug="nyheter")
    page = NewsPageFactory(parent=news, title="Zebrafinkens flykt", slug="flykt", lead="Zebrafink.")
    page.page_topics.create(topic=topic)
    page.save()
    page.save_revision().publish()
    linking = ArticlePageFactory(
        parent=section, slug="lank", body=[("page_list", {"source": "chosen", "pages": [page]})]
    )
    places = (
        "/", "/nyheter/", linking.url, "/nyheter.rss", "/nyheter.atom", "/nyheter.json", "/amnen/kontraspionage/",
        "/amnen/kontraspionage.rss", "/sitemap.xml", "/sok/?q=zebrafinkens", "/sok/forslag/?q=zebraf",
        "/sok/?q=zebrafinkem", "/nyheter/flykt.html", "/nyheter/flykt", "/en/nyheter/flykt/",
        "/nyheter/flygt/",
    )  # fmt: skip
    # What a search was for stands in its answer, so only the rest is looked at.
    shown = ("zebrafinkens flykt", "/nyheter/flykt/", "zebrafink.")
    before = {
        place for place in places if any(each in _all_of(client.get(place)) for each in shown)
    }
    assert {"/nyheter/", "/nyheter.rss", "/sitemap.xml", "/sok/?q=zebrafinkens"} <= before

    withdraw_page(page, "mistake")

    for place in places:
        answer = _all_of(client.get(place))
        assert shown[0] not in answer, place
        assert shown[2] not in answer, place
    response = client.get("/nyheter/flykt/")
    assert response.status_code == 410
    answer = _all_of(response)
    assert "zebrafink" not in answer
    now = timezone.localdate()
    assert date_format(now, "j F") not in _words(response)
    assert str(now.year) not in _words(response)
    assert now.isoformat() not in answer
    assert "<h1>Sidan är borttagen</h1>" in _words(response)
    assert "Det finns inget att läsa på den här adressen." in _words(response)
    assert "registrator" not in _words(response)


def _all_of(response) -> str:
    headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{headers} {response.getvalue().decode()}".casefold()


# The act


def test_all_public_pages_below_go_with_it_and_nothing_is_deleted(client, article, section, admin):
    below = ArticlePageFactory(parent=article, title="Under", slug="under")
    draft = ArticlePageFactory(parent=article, title="Ett utkast", slug="utkast", live=False)
    stays = ArticlePageFactory(parent=section, title="Den nya listan", slug="nya-listan")
    versions = Revision.objects.count()
    article.refresh_from_db()

    done = withdraw_page(article, "replaced", replaced_by=stays, user=admin)

    assert [row.address for row in done] == [SWEDISH, f"{SWEDISH}under/"]
    for address in (SWEDISH, f"{SWEDISH}under/"):
        assert client.get(address)["Location"] == "/verksamheten/nya-listan/"
    assert client.get(f"{SWEDISH}utkast/").status_code == 404
    assert client.get(stays.url).status_code == 200
    assert Revision.objects.count() == versions
    assert Page.objects.filter(pk__in=[article.pk, below.pk, draft.pk]).count() == 3
    said = PageLogEntry.objects.filter(action="wagtail.unpublish", user=admin)
    assert {entry.page_id for entry in said} == {article.pk, below.pk}


def test_all_of_it_goes_or_nothing(client, article, monkeypatch):
    ArticlePageFactory(parent=article, title="Under", slug="under")
    article.refresh_from_db()
    monkeypatch.setattr(Withdrawal.objects.none().__class__, "update", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        withdraw_page(article, "outdated")
    monkeypatch.undo()
    assert client.get(SWEDISH).status_code == client.get(f"{SWEDISH}under/").status_code == 200
    assert not Withdrawal.objects.exists()


def test_a_page_that_is_public_again_leaves_its_row_in_the_list(client, article):
    withdraw_page(article, "mistake")
    article.refresh_from_db()
    article.get_latest_revision().publish()
    assert client.get(SWEDISH).status_code == 200
    first = Withdrawal.objects.get()
    assert first.back_at is not None
    article.refresh_from_db()
    withdraw_page(article, "outdated")
    assert client.get(SWEDISH).status_code == 410
    assert [row.back_at for row in Withdrawal.objects.order_by("pk")] == [first.back_at, None]


def test_what_cannot_replace_a_page_is_refused_with_words(article, section, other, home):
    below = ArticlePageFactory(parent=article, title="Under", slug="under")
    article.refresh_from_db()
    draft = ArticlePageFactory(parent=section, slug="utkast", live=False)
    cases = [
        (article, "replaced", None, "Välj sidan som har ersatt den."),
        (article, "replaced", article, "En sida som själv tas bort kan inte ersätta den."),
        (article, "replaced", below, "En sida som själv tas bort kan inte ersätta den."),
        (article, "replaced", draft, "Besökarna kan inte läsa den sidan."),
        (article, "replaced", Page.get_first_root_node(), "Besökarna kan inte läsa den sidan."),
        (article, "annat", None, "Välj varför sidan ska tas bort."),
        (draft, "outdated", None, "Sidan är inte publicerad."),
        (home, "outdated", None, "En startsida kan inte tas bort från webbplatsen."),
    ]
    for page, reason, replaced_by, words in cases:
        with pytest.raises(ValidationError) as refused:
            withdraw_page(page, reason, replaced_by=replaced_by)
        assert refused.value.messages[0].startswith(words)
    assert not Withdrawal.objects.exists()


# What the editor is asked and told


def test_the_form_asks_for_the_page_only_where_one_has_replaced_it(article, other):
    def form(**given):
        return WithdrawalForm(given, page=article)

    assert [str(words) for words, _met in REASONS.values()] == [
        "Den har ersatts av", "Den är inte längre aktuell", "Den publicerades av misstag",
    ]  # fmt: skip
    assert form().errors == {"reason": ["Det här fältet är obligatoriskt"]}
    assert form(reason="replaced").errors == {"replaced_by": ["Välj sidan som har ersatt den."]}
    assert form(reason="replaced", replaced_by=article.pk).errors.keys() == {"replaced_by"}
    right = form(reason="replaced", replaced_by=other.pk, note="Se ärendet.")
    assert right.is_valid()
    assert right.cleaned_data["replaced_by"] == other.page_ptr
    left_over = form(reason="mistake", replaced_by=other.pk)
    assert left_over.is_valid()
    assert left_over.cleaned_data["replaced_by"] is None


# The list of those that are gone


@pytest.mark.parametrize("who", ["editor", "chief_editor", "admin"])
def test_everybody_reads_the_list_and_nobody_changes_it(client, request, article, other, who):
    user = request.getfixturevalue(who)
    user.first_name, user.last_name = "Cecilia", "Chefredaktör"
    user.save()
    withdraw_page(article, "mistake", user=user)
    withdraw_page(other, "outdated", user=user)
    other.refresh_from_db()
    other.get_latest_revision() or other.save_revision()
    other.get_latest_revision().publish()
    client.force_login(user)
    register = "/admin/snippets/content/withdrawal/"
    response = client.get(register)
    assert response.status_code == 200
    html = " ".join(response.content.decode().split())
    for words in ("Checklista för skyddet", SWEDISH, "Publicerad av misstag", "Inte längre aktuell",
                  "Åter publicerad", "Borttagen av"):  # fmt: skip
        assert words in html, words
    assert re.search(r"<td[^>]*> Cecilia Chefredaktör </td>", html)
    row = Withdrawal.objects.in_force().get()
    assert f"{register}inspect/{row.pk}/" in html
    assert f"{register}add/" not in html
    inspected = client.get(f"{register}inspect/{row.pk}/").content.decode()
    assert SWEDISH in inspected
    assert f"{timezone.localtime(row.withdrawn_at):%H:%M}" in inspected
    assert "<dd> None </dd>" not in " ".join(inspected.split())
    for address in ("add/", f"edit/{row.pk}/", f"delete/{row.pk}/", f"copy/{row.pk}/"):
        client.post(f"{register}{address}", {"title": "X", "address": "/x/", "reason": "outdated"})
    client.post(f"/admin/bulk/content/withdrawal/delete/?id={row.pk}", {})
    assert Withdrawal.objects.count() == 2
    row.refresh_from_db()
    assert row.title == ""
