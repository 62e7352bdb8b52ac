"""Acts that two persons confirm: to withdraw, to move, to order."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from pages.content.models import Contact, Withdrawal
from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS
from pages.newsroom.before_the_rule import record_all
from pages.newsroom.digest import kind_of
from pages.newsroom.emergencies import open_emergencies
from pages.newsroom.keeping_public import deleting_for_good
from pages.newsroom.models import Confirmation, Publication, Submission
from pages.newsroom.submissions import open_submission_of
from pages.newsroom.verify import deviations
from tests.factories import ArticlePageFactory, SectionPageFactory, ThreatLevelDecisionFactory

from .test_confirmation_page import PASSWORD, Person
from .test_confirmation_page import Page as Shown

pytestmark = pytest.mark.django_db

LIST = "/verksamheten/checklista/"


def _person(django_user_model, first, last, group):
    user = django_user_model.objects.create_user(
        first.lower(), password=PASSWORD, first_name=first, last_name=last
    )
    user.groups.add(Group.objects.get(name=group))
    return Person(user)


@pytest.fixture
def rolf(roles, django_user_model):
    return _person(django_user_model, "Rolf", "Redaktör", EDITORS)


@pytest.fixture
def cecilia(roles, django_user_model):
    return _person(django_user_model, "Cecilia", "Chefredaktör", CHIEF_EDITORS)


@pytest.fixture
def doris(roles, django_user_model):
    django_user_model.objects.create_user("chef", email="chef@example.se").groups.add(
        Group.objects.get(name=CHIEF_EDITORS)
    )
    return _person(django_user_model, "Doris", "Dahl", CHIEF_EDITORS)


@pytest.fixture
def article(section):
    page = ArticlePageFactory(
        parent=section, title="Checklista för säkerhetsskydd", slug="checklista"
    )
    page.save_revision().publish()
    return page


@pytest.fixture
def below(article):
    page = ArticlePageFactory(parent=article, title="Bilagan", slug="bilaga")
    page.save_revision().publish()
    return page


@pytest.fixture
def other(home):
    page = SectionPageFactory(parent=home, title="Om oss", slug="om-oss")
    page.save_revision().publish()
    return page


@pytest.fixture
def recorded(home):
    """All that was public before is on record."""

    def record():
        record_all()
        assert list(deviations()) == []

    return record


def withdrawing(obj):
    return reverse("newsdesk:withdraw", args=[kind_of(obj), obj.pk])


def moving(page):
    return reverse("newsdesk:move", args=[page.pk])


def ordering(page):
    return reverse("newsdesk:order", args=[page.pk])


def submits(page, act, **fields):
    """Presses a button of a page on which an act is proposed."""
    shown = (
        page.response.context["form"]["shown"].value() if "form" in page.response.context else ""
    )
    return page.presses(act, shown=shown, **fields)


def withdraws(person, obj, **fields):
    return submits(person.opens(withdrawing(obj)), "send", **fields)


def confirms(person, obj=None):
    submission = open_submission_of(obj) if obj else Submission.objects.filter(outcome="").get()
    return person.opens(reverse("newsdesk:confirm", args=[submission.pk])).presses("confirm")


def moves(person, page, target):
    response = person.client.post(moving(page), {"to": target.pk})
    return Shown(person, response)


def orders(person, parent, pages):
    response = person.client.post(
        ordering(parent), {"children": [page.pk for page in pages], "act": "send"}
    )
    return Shown(person, response)


def _nothing_differs():
    assert [str(each) for each in deviations()] == []


def _sql(words, *values):
    with connection.cursor() as cursor:
        cursor.execute(words, values)


# Taking off the website


def test_the_page_says_what_goes_and_who_links_and_the_readers_are_led_on(
    client, rolf, cecilia, article, below, other, section, recorded
):
    link = [{"type": "link_row", "value": [
        {"type": "page", "value": {"page": article.pk, "label": ""}}]}]  # fmt: skip
    linking = ArticlePageFactory(parent=section, title="Läs också", slug="las-ocksa")
    linking.body = link
    linking.save_revision().publish()
    recorded()

    page = rolf.opens(withdrawing(article))
    assert "Ta bort ”Checklista för säkerhetsskydd” från webbplatsen" in page.markup
    assert "Sidan ligger kvar tills någon annan har godkänt. Alla versioner sparas." in page
    assert "1 sida länkar hit. Visa Läs också" in page
    assert "1 sida ligger under den. Den tas bort på samma sätt. Visa Bilagan" in page
    assert "Den har ersatts av Besökaren kommer dit direkt." in page
    assert "Den är inte längre aktuell Besökaren ser rubrik, datum och hur sidan begärs ut." in page
    assert "Den publicerades av misstag Besökaren ser bara att sidan är borttagen." in page
    assert page.buttons == {"send": "Skicka för godkännande"}

    assert "Välj varför sidan ska tas bort." in submits(page, "send")
    told = submits(page, "send", reason="replaced")
    assert "Välj sidan som har ersatt den." in told
    told = submits(page, "send", reason="replaced", replaced_by=other.pk, note="Ny lista finns.")
    assert (
        "”Checklista för säkerhetsskydd” är skickad för godkännande. "
        "Du får ett mejl när någon har svarat." in told
    )
    assert client.get(LIST).status_code == 200

    page = cecilia.opens(withdrawing(article))
    assert "”Ny lista finns.”" in page
    assert "Läsarna leds till ”Om oss (/om-oss/)”." in page
    assert page.buttons["confirm"] == "Godkänn och ta bort"
    told = page.presses("confirm")
    assert "”Checklista för säkerhetsskydd” är borttagen från webbplatsen kl." in told
    assert "Alla versioner finns kvar." in told
    response = client.get(LIST)
    assert (response.status_code, response["Location"]) == (301, "/om-oss/")
    assert client.get(f"{LIST}bilaga/").status_code == 301
    rows = Publication.objects.filter(how="withdrawn").order_by("pk")
    assert [row.title for row in rows] == ["Checklista för säkerhetsskydd", "Bilagan"]
    _nothing_differs()

    _sql("UPDATE wagtailcore_page SET live = %s WHERE id = %s", True, below.pk)
    assert [str(each) for each in deviations()] == [
        f"{Page.objects.get(pk=below.pk).url_path}: togs bort från webbplatsen och är publikt igen"
    ]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("outdated", "Här fanns ”Checklista för säkerhetsskydd”."),
        ("mistake", "Det finns inget att läsa på den här adressen."),
    ],
)
def test_what_is_outdated_or_was_a_mistake_answers_410_and_comes_back_by_two(
    client,
    rolf,
    cecilia,
    article,
    recorded,
    reason,
    words,
    mailoutbox,
    django_capture_on_commit_callbacks,
):
    recorded()
    withdraws(rolf, article, reason=reason)
    rolf.user.email = "rolf@example.se"
    rolf.user.save()
    with django_capture_on_commit_callbacks(execute=True):
        confirms(cecilia)
    assert mailoutbox[-1].subject == "Borttagen: ”Checklista för säkerhetsskydd”"
    response = client.get(LIST)
    assert response.status_code == 410
    assert words in response.content.decode()
    assert not Confirmation.objects.filter(ending=None).exists()

    rolf.writes(article, "Checklista igen")
    rolf.sends(article)
    assert client.get(LIST).status_code == 410
    assert "är publicerad kl." in confirms(cecilia)
    assert client.get(LIST).status_code == 200
    assert Withdrawal.objects.get().back_at is not None
    _nothing_differs()


def test_what_has_changed_since_it_was_looked_at_is_not_withdrawn_unseen(
    rolf, cecilia, article, other, recorded
):
    recorded()
    page = rolf.opens(withdrawing(article))
    ArticlePageFactory(parent=article, title="Ny undersida", slug="ny")
    told = submits(page, "send", reason="outdated")
    assert "Sidor har kommit till eller försvunnit under den sedan dess." in told
    assert "1 sida ligger under den." in told
    assert Submission.objects.count() == 0

    withdraws(rolf, article, reason="replaced", replaced_by=other.pk)
    late = ArticlePageFactory(parent=article, title="Sen undersida", slug="sen")
    told = confirms(cecilia)
    assert "Sidor har kommit till eller försvunnit under den sedan dess." in told
    with deleting_for_good("a test"):
        late.delete()
    other.unpublish()
    assert "Besökarna kan inte läsa den sidan." in confirms(cecilia)
    assert article.__class__.objects.get(pk=article.pk).live
    assert Publication.objects.filter(how="withdrawn").count() == 0


def test_a_chief_takes_a_page_away_alone_and_another_chief_finds_it_done(
    client, cecilia, doris, rolf, article, recorded, mailoutbox, django_capture_on_commit_callbacks
):
    recorded()
    assert "Kan det inte vänta?" not in rolf.opens(withdrawing(article))
    page, late = cecilia.opens(withdrawing(article)), doris.opens(withdrawing(article))
    assert page.buttons["at_once"] == "Ta bort genast …"
    page, late = (submits(each, "at_once", reason="mistake") for each in (page, late))
    assert page.buttons["emergency"] == "Ta bort genast"
    session = cecilia.client.session
    del session["password_given"]
    session.save()
    page = cecilia.opens(page.address)
    assert "lösenord" in page.presses("emergency", reason="Uppgifter om en person.")
    assert client.get(LIST).status_code == 200
    sent = {"reason": "Uppgifter om en person.", "password": PASSWORD}
    with django_capture_on_commit_callbacks(execute=True):
        assert "är borttagen från webbplatsen kl." in page.presses("emergency", **sent)
    assert client.get(LIST).status_code == 410
    assert "Sidan är inte publicerad." in late.presses("emergency", **sent)
    assert open_emergencies().count() == 1
    mail = mailoutbox[-1]
    assert mail.subject == "Nödpublicerat: ”Checklista för säkerhetsskydd”"
    assert "tog bort ”Checklista för säkerhetsskydd” från webbplatsen ensam kl." in mail.body
    review = reverse("newsdesk:review", args=[open_emergencies().get().pk])
    page = doris.opens(review)
    assert "”Checklista för säkerhetsskydd” tas bort från webbplatsen." in page
    assert page.buttons["right"] == "Det är rätt"
    _nothing_differs()


def test_a_start_page_and_a_draft_are_refused_in_words(rolf, home, section):
    page = rolf.opens(withdrawing(home))
    assert "En startsida kan inte tas bort från webbplatsen." in page.markup
    assert page.buttons == {}
    draft = ArticlePageFactory(parent=section, title="Utkastet", live=False)
    assert "”Utkastet” syns inte för besökarna." in rolf.opens(withdrawing(draft)).markup


# Rows of registers


def test_a_row_of_a_register_goes_by_two_and_stays_in_the_register(rolf, cecilia, recorded, home):
    contact = Contact.objects.create(locale=home.locale, name="Presstjänsten", phone="010-1")
    recorded()
    page = rolf.opens(withdrawing(contact))
    assert "Varför?" not in page
    submits(page, "send", note="Finns inte längre.")
    assert Contact.objects.public().exists()
    assert "”Presstjänsten” är borttagen från webbplatsen" in confirms(cecilia)
    assert not Contact.objects.public().exists()
    assert Contact.objects.count() == 1
    _nothing_differs()


def test_a_decision_on_the_level_leads_to_one_that_corrects_it(rolf, recorded, home):
    decision = ThreatLevelDecisionFactory()
    recorded()
    page = rolf.opens(withdrawing(decision))
    assert "Ett beslut om nivån ändras aldrig. Gör ett nytt som rättar det här." in page.markup
    assert f"corrects={decision.pk}" in page.markup


# Moving


def test_a_page_moves_with_all_below_and_the_old_addresses_lead_on(
    client, rolf, cecilia, article, below, other, section, recorded
):
    recorded()
    page = rolf.opens(moving(article))
    assert "Ligger nu under: Verksamheten" in page
    assert "1 sida ligger under den och följer med." in page
    page = moves(rolf, article, other)
    assert (
        "”Checklista för säkerhetsskydd” flyttas från ”Verksamheten (/verksamheten/)” till ”Om oss (/om-oss/)”."
        in page
    )
    assert "1 sida under den följer med." in page
    page.presses("send")
    assert client.get(LIST).status_code == 200
    assert "är genomförd kl." in confirms(cecilia)

    for end in ("", "bilaga/"):
        response = client.get(f"{LIST}{end}")
        assert (response.status_code, response["Location"]) == (301, f"/om-oss/checklista/{end}")
        assert client.get(f"/om-oss/checklista/{end}").status_code == 200
    assert Publication.objects.last().how == "carried"
    _nothing_differs()
    _sql("UPDATE wagtailcore_page SET title = %s WHERE id = %s", "Hackad", article.pk)
    assert [each.what for each in deviations()] == ["är inte det som godkändes"]


def test_a_page_is_not_moved_where_it_cannot_lie(
    rolf, cecilia, article, below, other, section, home, english_home, recorded
):
    recorded()
    for target, words in (
        (below, "Sidan kan inte flyttas dit."),
        (article, "Sidan kan inte flyttas dit."),
        (english_home, "Sidan kan inte flyttas dit."),
        (section, "Sidan ligger där redan."),
        (SectionPageFactory(parent=home, live=False), "Besökarna kan inte läsa den sidan."),
    ):
        told = moves(rolf, article, target)
        assert words in told, told.words
    assert "En startsida kan inte flyttas." in moves(rolf, home, other).markup
    assert Submission.objects.count() == 0

    moves(rolf, article, other).presses("send")
    ArticlePageFactory(parent=other, title="Snabbast", slug="checklista", live=False)
    assert "Adressen är upptagen av ”Snabbast”. Byt adress." in confirms(cecilia)
    assert Page.objects.get(pk=article.pk).get_parent().pk == section.pk
    assert not Redirect.objects.exists()


# Ordering


@pytest.fixture
def three(section):
    pages = [
        ArticlePageFactory(parent=section, title=title, slug=title.lower())
        for title in ("Ett", "Mellan", "Tre", "Fyra")
    ]
    pages[1].unpublish()
    return pages[:1] + pages[2:]


def _order(section):
    return [page.title for page in Page.objects.get(pk=section.pk).get_children()]


def test_the_pages_below_a_page_are_ordered_by_two(rolf, cecilia, section, three, recorded):
    recorded()
    one, two, last = three
    page = rolf.opens(ordering(section))
    assert "Ett Ner Tre Upp Ner Fyra Upp" in page
    keys = [each.pk for each in three]
    response = rolf.client.post(page.address, {"children": keys, "down": one.pk})
    page = Shown(rolf, response)
    assert "”Ett” är nu nummer 2 av 3." in page
    assert "Tre Ner Ett Upp Ner Fyra Upp" in page
    assert "Ordningen är som den var." in orders(rolf, section, three)
    assert _order(section) == ["Ett", "Mellan", "Tre", "Fyra"]

    page = orders(rolf, section, [last, one, two])
    assert "1. Fyra (förut 3) 2. Ett (förut 1) 3. Tre (förut 2)" in page
    page.presses("send")
    assert open_submission_of(section) is None
    assert "är genomförd kl." in confirms(cecilia)
    assert _order(section) == ["Fyra", "Ett", "Tre", "Mellan"]
    _nothing_differs()

    _sql("UPDATE wagtailcore_page SET path = %s WHERE id = %s", f"{section.path}000X", last.pk)
    assert [str(each) for each in deviations()] == [
        "Ordningen på sidorna under ”Verksamheten”: är inte det som godkändes"
    ]
