"""People send, confirm, ask for changes, take back and publish alone on pages of the CMS."""

import html
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cached_property

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import get_current_timezone, localtime

from pages.content.models import ArticlePage
from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS
from pages.library.models import SiteImage
from pages.newsroom import proposals
from pages.newsroom.emergencies import open_emergencies
from pages.newsroom.models import Approval, Confirmation, Proposal, Publication, Review, Submission
from pages.newsroom.proposals import Act
from pages.newsroom.submissions import open_submission_of, return_for_changes, send
from tests.factories import ArticlePageFactory, SiteImageFactory
from tests.newsroom import messages_of

pytestmark = pytest.mark.django_db

PASSWORD = "hemligt-nog-for-prov"


@pytest.fixture
def people(roles, django_user_model):
    """Rolf and Eva are editors, Cecilia and Doris chief editors; each can log in."""

    def person(first, last, group):
        user = django_user_model.objects.create_user(
            first.lower(), password=PASSWORD, first_name=first, last_name=last
        )
        user.groups.add(Group.objects.get(name=group))
        return Person(user)

    class People:
        rolf = person("Rolf", "Redaktör", EDITORS)
        eva = person("Eva", "Ek", EDITORS)
        cecilia = person("Cecilia", "Chefredaktör", CHIEF_EDITORS)
        doris = person("Doris", "Dahl", CHIEF_EDITORS)

    return People


class Person:
    """Somebody in front of a browser: opens pages, and presses their buttons."""

    def __init__(self, user):
        self.user = user

    @cached_property
    def client(self):
        client = Client()
        client.force_login(self.user)
        return client

    def opens(self, address):
        response = self.client.get(address, follow=True)
        assert response.status_code == 200, address
        return Page(self, response)

    def writes(self, page, title):
        page = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
        page.title = title
        page.save_revision(user=self.user)

    def sends(self, page, **fields):
        return self.opens(sending(page)).presses("send", **fields)


def _plain(markup):
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


class Page:
    """A page as it was when it was opened, however much has happened since.

    The one that follows the press of a button is drawn when more is asked of it than what it says was done.
    """

    def __init__(self, person, response):
        self.person, self._answer = person, response

    @cached_property
    def response(self):
        if self._answer.status_code != 302:
            return self._answer
        followed = self.person.client.get(self._answer.url, follow=True)
        assert followed.status_code == 200, self._answer.url
        return followed

    @cached_property
    def messages(self):
        return html.unescape(_plain(messages_of(self._answer)))

    @cached_property
    def markup(self):
        return html.unescape(self.response.content.decode())

    @property
    def address(self):
        return self.response.request["PATH_INFO"]

    @cached_property
    def words(self):
        main = re.search(r"<main.*</main>", self.markup, re.S)
        return _plain(main[0] if main else self.markup)

    def __contains__(self, words):
        return words in self.messages or words in self.words

    @property
    def buttons(self):
        found = re.findall(r'name="act" value="(\w+)"[^>]*>\s*(.*?)\s*</button>', self.markup)
        return dict(found)

    def hidden(self):
        raw = self.response.content.decode()
        found = re.findall(r'<input type="hidden" name="(seen|newest)" value="([^"]*)"', raw)
        return {name: html.unescape(value) for name, value in found}

    def presses(self, act, to=None, **fields):
        sent = {**self.hidden(), "act": act, "saw_amber": "on", **fields}
        response = self.person.client.post(to or self.address, sent)
        assert response.status_code in (200, 302, 422)
        return Page(self.person, response)


def sending(page):
    return reverse("newsdesk:send", args=["article", page.pk])


def confirming(page):
    return reverse("newsdesk:confirm", args=[open_submission_of(page).pk])


def now():
    return f"{localtime():%H.%M}"


@pytest.fixture
def article(section):
    return ArticlePageFactory(
        parent=section, title="Valet", slug="valet", live=False, lead="Vi skyddar valet."
    )


@pytest.fixture
def sent(article, people):
    people.rolf.writes(article, "Så skyddar vi valet")
    before = datetime(2030, 11, 27, 15, tzinfo=get_current_timezone())
    newest = stored(article).latest_revision
    send(people.rolf.user, [newest], note="Ny siffra. Ska ut före tre.", wanted_by=before)
    return article


def stored(page):
    return ArticlePage.objects.get(pk=page.pk)


def test_the_chiefs_comma_is_public_when_the_editor_confirms_it(article, people):
    people.rolf.writes(article, "Så skyddar vi valet")
    page = people.rolf.opens(sending(article))
    assert page.buttons == {"send": "Skicka för godkännande"}
    assert "Sedan godkänner: 1 chefredaktör" in page
    told = page.presses("send", note="Läs andra stycket.")
    assert (
        "”Så skyddar vi valet” är skickad för godkännande. Du får ett mejl när någon har svarat."
        in told
    )

    people.cecilia.writes(article, "Så skyddar vi valet,")
    page = people.cecilia.opens(sending(article))
    assert page.buttons["send"] == "Godkänn min ändring"
    assert "Sedan godkänner: en person till" in page
    told = page.presses("send")
    assert "Din ändring är sparad och godkänd av dig. Rolf Redaktör har fått ett mejl." in told
    assert not stored(article).live

    page = people.rolf.opens(confirming(article))
    assert page.buttons["confirm"] == "Godkänn och publicera"
    assert page.buttons["take_back"] == "Ta tillbaka och ändra"
    told = page.presses("confirm")

    assert stored(article).live
    assert stored(article).title == "Så skyddar vi valet,"
    assert f"”Så skyddar vi valet,” är publicerad kl. {now()[:3]}" in told
    assert "Ändrad av Cecilia Chefredaktör, godkänd av dig." in told
    assert "Se sidan" in told


def test_the_page_says_who_sent_it_with_which_words_and_what_is_new(sent, people):
    page = people.cecilia.opens(confirming(sent))

    assert f"Skickad av Rolf Redaktör i dag {now()[:3]}" in page
    assert "Ny siffra. Ska ut före tre." in page
    assert "Ska vara ute före: 27 november 2030 15.00" in page
    assert "Godkänt av: Rolf Redaktör" in page
    assert "Väntar på: 1 chefredaktör" in page
    assert "Publiceras: genast" in page
    assert "Adress: /verksamheten/valet/ (ny)" in page
    assert "Artikelsida · Svenska" in page
    assert "Så skyddar vi valet" in page
    assert page.buttons == {"confirm": "Godkänn och publicera", "ask": "Begär ändringar"}
    assert "Ändra själv" in page


def test_one_person_counts_once_in_every_way(sent, people):
    first, second = (people.rolf.opens(confirming(sent)) for _tab in range(2))
    assert "confirm" not in first.buttons
    assert "Någon annan måste också godkänna" in first
    for page in (first, second):
        assert "Du kan inte vara båda personerna. Någon annan måste godkänna." in page.presses(
            "confirm"
        )
    people.rolf.sends(sent)
    people.rolf.user.groups.set(Group.objects.filter(name__in=[EDITORS, CHIEF_EDITORS]))
    people.rolf.opens(confirming(sent)).presses("confirm")

    assert not stored(sent).live
    assert Publication.objects.count() == 0


def test_what_was_typed_meanwhile_is_neither_confirmed_nor_lost(sent, people):
    page = people.cecilia.opens(confirming(sent))
    people.cecilia.writes(sent, "Så skyddar vi hela valet")
    told = page.presses("confirm")

    assert not stored(sent).live
    assert "Innehållet är inte längre det du läste. Du sparade kl." in told
    assert "Läs det nya och godkänn igen." in told
    assert "Så skyddar vi hela valet" in told
    assert told.buttons["send"] == "Godkänn min ändring"


def test_one_word_is_never_taken_for_another(sent, people, section):
    other = ArticlePageFactory(parent=section, title="Annan", slug="annan", live=False)
    people.rolf.writes(other, "Annan")
    people.rolf.sends(other)
    of_first = people.cecilia.opens(confirming(sent))

    of_first.presses("confirm", to=confirming(other))
    of_first.presses("send", to=sending(other))
    people.cecilia.client.post(confirming(other), {"act": "confirm"})
    for nonsense in ("{}", "[]", "nej", '{"1": 1}', '{"1": ["x", 1, 2]}', '{"1": []}'):
        of_first.presses("confirm", seen=nonsense)

    assert not stored(other).live
    assert not stored(sent).live
    assert not Confirmation.objects.filter(person=people.cecilia.user).exists()


def test_what_was_sent_together_is_not_confirmed_unseen(sent, people, section):
    other = ArticlePageFactory(parent=section, title="Annan", slug="annan", live=False)
    people.rolf.writes(other, "Annan")
    sendables = [ArticlePage.objects.get(pk=page.pk).latest_revision for page in (sent, other)]
    send(people.rolf.user, sendables)
    people.cecilia.writes(sent, "Så skyddar vi valet nu")
    changed = ArticlePage.objects.get(pk=sent.pk).latest_revision

    send(people.cecilia.user, [changed])

    words = Confirmation.objects.filter(person=people.cecilia.user)
    assert [word.key for word in words] == [str(sent.pk)]
    page = people.cecilia.opens(confirming(other))
    assert "Annan" in page
    assert "Så skyddar vi valet nu" in page


def test_changes_are_asked_for_at_a_place_and_the_sender_can_edit_again(sent, people):
    page = people.cecilia.opens(confirming(sent))
    assert "Skriv vad som behöver ändras." in page.presses("ask")
    here = people.cecilia.client.post(page.address, {**page.hidden(), "here": "1:290 kommuner"})
    assert "”290 kommuner”: " in html.unescape(here.content.decode())

    note = "Nära nu.\n”Vi skyddar valet”: Mot vem?\n”290 kommuner”: Kontrollera siffran."
    told = page.presses("ask", note=note)
    assert "”Så skyddar vi valet” är tillbaka hos Rolf Redaktör, med dina kommentarer." in told
    assert open_submission_of(sent) is None
    assert not Confirmation.objects.filter(ending=None).exists()
    form = people.rolf.opens(reverse("wagtailadmin_pages:edit", args=[sent.pk]))
    assert "Återlämnad av Cecilia Chefredaktör i dag" in form
    assert "”Nära nu.” 2 kommentarer att rätta." in form
    assert list(sent.wagtail_admin_comments.values_list("contentpath", "text")) == [
        ("lead", "Mot vem?"),
        ("title", "”290 kommuner”: Kontrollera siffran."),
    ]
    desk = people.rolf.opens("/admin/")
    left = r"återlämnad av Cecilia Chefredaktör i dag [\d.]+, 2 kommentarer kvar att rätta"
    assert re.search(rf"Väntar på dig \(1\) .*{left} Rätta", desk.words)
    again = people.rolf.sends(sent)
    assert "Nästa för dig: ”Så skyddar vi valet”" in again
    assert "skickad igen, 2 kommentarer kvar att rätta" in people.rolf.opens("/admin/")
    sent.wagtail_admin_comments.update(resolved_at=timezone.now())
    assert "kvar att rätta" not in people.rolf.opens("/admin/")


def test_what_is_asked_for_of_two_pages_stands_once_where_its_words_are(people, section):
    pages = [ArticlePageFactory(parent=section, title=each, live=False) for each in ("Ett", "Två")]
    for page in pages:
        people.rolf.writes(page, page.title)
    stored_pages = [ArticlePage.objects.get(pk=page.pk) for page in pages]
    send(people.rolf.user, [page.latest_revision for page in stored_pages])
    return_for_changes(
        people.cecilia.user, open_submission_of(stored_pages[1]), "”Två”: Inte tre?\n”Tre”: Var?"
    )
    said = [[*page.wagtail_admin_comments.values_list("text", flat=True)] for page in stored_pages]
    assert said == [["”Tre”: Var?"], ["Inte tre?"]]


def test_only_the_sender_takes_back(sent, people):
    address = confirming(sent)
    for person in (people.eva, people.doris):
        page = person.opens(address)
        assert "take_back" not in page.buttons
        assert "Bara den som har skickat det kan ta tillbaka det." in page.presses("take_back")
    page = people.rolf.opens(address)
    assert page.buttons == {"take_back": "Ta tillbaka och ändra"}
    told = page.presses("take_back")

    assert "Du har tagit tillbaka ”Så skyddar vi valet”. Du kan ändra och skicka igen." in told
    assert open_submission_of(sent) is None
    people.cecilia.sends(sent)
    assert not stored(sent).live


def test_an_account_in_no_group_is_told_why_and_what_to_do(sent, admin):
    alone = Person(admin)
    page = alone.opens(confirming(sent))
    assert page.buttons == {}
    assert "Ditt konto får inte godkänna" in page
    assert "eller ge någon rollen under Inställningar → Användare" in page
    assert "Bara redaktörer och chefredaktörer kan godkänna." in page.presses("confirm")
    alone.opens(sending(sent)).presses("send")
    alone.opens(sending(sent)).presses("emergency", reason="Fara för liv och hälsa")
    assert not stored(sent).live


def test_who_is_alone_is_told_so(sent, people):
    for person in (people.eva, people.cecilia, people.doris):
        person.user.is_active = False
        person.user.save()

    page = people.rolf.opens(confirming(sent))
    assert "Här finns bara en person som får godkänna. Lägg till en till, annars går det" in page
    assert page.buttons == {"take_back": "Ta tillbaka och ändra"}


def test_what_has_a_time_is_approved_for_it_and_can_be_stopped(article, people):
    at = timezone.now() + timedelta(days=3)
    page = ArticlePage.objects.get(pk=article.pk)
    page.go_live_at = at
    page.save_revision(user=people.rolf.user)
    people.rolf.sends(article)
    page = people.cecilia.opens(confirming(article))
    assert page.buttons["confirm"] == "Godkänn och schemalägg"
    told = page.presses("confirm")
    assert "”Valet” är godkänd och publiceras" in told
    assert f"kl. {localtime(at):%H.%M}" in told

    # Who opens it to change it, is asked to stop it first.
    page = people.eva.opens(sending(article))
    assert page.buttons == {"change": "Stoppa och ändra"}
    page = people.doris.opens(page.address)
    assert page.buttons == {"stop": "Stoppa", "change": "Stoppa och ändra"}
    told = page.presses("stop", why="Fel dag.")

    assert "är stoppad. Inget ändras för läsarna." in told
    assert "Rolf Redaktör och Cecilia Chefredaktör har fått ett mejl." in told
    assert stored(article).scheduled_revision is None
    assert Submission.objects.get().outcome == Submission.Outcome.STOPPED
    assert not Confirmation.objects.filter(ending=None).exists()
    people.cecilia.sends(article)
    assert not Publication.objects.exists()


def test_a_chief_publishes_alone_at_night_and_somebody_else_reviews(article, people):
    people.cecilia.writes(article, "Explosion")
    page = people.cecilia.opens(sending(article))
    assert "Kan det inte vänta?" in page
    assert "Skriv skälet med minst några ord." in page.presses("emergency", reason="kort")
    assert not stored(article).live

    told = page.presses("emergency", reason="Fara för liv i området.")
    assert "”Explosion” är nödpublicerad kl." in told
    assert "Alla chefredaktörer har fått ett mejl." in told
    assert stored(article).title == "Explosion"
    assert "Läsarna möter redan det här." in page.presses("emergency", reason="Fara för liv där.")
    for title in ("Explosion i norr", "Explosion i Luleå"):
        people.cecilia.writes(article, title)
        people.cecilia.opens(sending(article)).presses("emergency", reason="Fara för liv där.")
    assert open_emergencies().count() == 3

    address = reverse("newsdesk:review", args=[open_emergencies().first().pk])
    page = people.cecilia.opens(address)
    assert page.buttons == {}
    assert "Du kan inte vara båda personerna." in page.presses("right", newest=10_000)
    page = people.rolf.opens(address)
    for words in ("Explosion i norr", "Explosion i Luleå", "Fara för liv i området."):
        assert words in page
    told = page.presses("right")
    assert "Tack. ”Explosion i Luleå” är granskad i efterhand kl." in told
    assert not open_emergencies().exists()


def test_what_must_be_changed_stays_marked_until_two_have_approved_anew(article, people):
    people.cecilia.writes(article, "Explosion")
    people.cecilia.opens(sending(article)).presses("emergency", reason="Fara för liv i området.")
    address = reverse("newsdesk:review", args=[Approval.objects.get().pk])
    page = people.rolf.opens(address)
    assert "Skriv vad som behöver ändras." in page.presses("to_change")
    page.presses("to_change", note="Fel ort.")
    assert Review.objects.get().answer == Review.Answer.TO_CHANGE
    assert open_emergencies().count() == 1

    people.rolf.writes(article, "Explosion i norr")
    people.rolf.sends(article)
    people.doris.opens(confirming(article)).presses("confirm")
    assert not open_emergencies().exists()


def test_the_password_is_asked_for_again_after_ten_minutes(article, people):
    people.cecilia.writes(article, "Explosion")
    session = people.cecilia.client.session
    session["password_given"] = int(timezone.now().timestamp()) - 11 * 60
    session.save()
    page = people.cecilia.opens(sending(article))
    assert "Skriv ditt lösenord för att nödpublicera." in page
    reason = "Fara för liv i området."
    for password in ("", "fel"):
        told = page.presses("emergency", reason=reason, password=password)
        assert told.response.status_code == 422
    assert not stored(article).live

    page.presses("emergency", reason=reason, password=PASSWORD)
    assert stored(article).live


def test_no_editor_publishes_alone(sent, people):
    page = people.rolf.opens(confirming(sent))
    assert "Kan det inte vänta?" not in page
    told = page.presses("emergency", reason="Fara för liv i området.")
    assert "Bara en chefredaktör får nödpublicera." in told
    assert not stored(sent).live


def test_the_preview_shows_what_was_sent_in_a_frame_of_ours_alone(sent, people):
    address = reverse("newsdesk:preview_revision", args=[stored(sent).latest_revision_id])
    response = people.cecilia.client.get(address)

    assert "Så skyddar vi valet" in response.content.decode()
    assert "wagtail-userbar" not in response.content.decode()
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]


def test_only_objects_of_readers_can_be_sent(people, sent):
    for kind in ["auth.user", "wagtailcore.page", "nej", "pages.nej", "a.b.c"]:
        address = reverse("newsdesk:send", args=[kind, sent.pk])
        assert people.rolf.client.get(address).status_code == 404


def test_a_picture_that_was_exchanged_meanwhile_is_looked_at_again(article, people):
    picture = SiteImageFactory(title="Vallokal")
    page = ArticlePage.objects.get(pk=article.pk)
    lead = {"image": picture.pk, "alt_text": "En vallokal.", "decorative": False}
    page.image = page.image.stream_block.to_python(
        [{"type": "figure", "value": {"image": lead, "caption": ""}}]
    )
    page.save_revision(user=people.rolf.user)
    page = people.rolf.sends(article)
    assert "är skickad för godkännande" in page
    opened = people.cecilia.opens(confirming(article))
    assert "Följer med: bild ”Vallokal”" in opened
    SiteImage.objects.filter(pk=picture.pk).update(file_hash="0" * 40)

    # Neither has the chief seen it: the page lay open.
    assert "Innehållet är inte längre det du läste." in opened.presses("confirm")
    told = people.cecilia.opens(confirming(article)).presses("confirm")
    assert (
        "”Vallokal” byttes efter att Rolf Redaktör godkände. Rolf Redaktör måste godkänna "
        "igen." in told
    )
    assert not stored(article).live

    page = people.rolf.opens(confirming(article))
    assert page.buttons["confirm"] == "Godkänn och publicera"
    page.presses("confirm")
    assert stored(article).live


def test_an_act_is_sent_and_confirmed_on_the_same_pages(people, monkeypatch, section):
    class Greet(Act):
        name = "greet"
        label = "Hälsa"

        def refuse(self, obj, parameters):
            if not parameters["words"]:
                raise ValidationError("Skriv något.")

        def lines(self, obj, parameters):
            return [f"{obj.title} hälsar: {parameters['words']}"]

        def carry_out(self, proposal, approval, user):
            greeted.append(proposal.parameters["words"])

    greeted = []
    monkeypatch.setitem(proposals._ACTS, "greet", Greet())
    proposal = proposals.make_proposal("greet", section, {"words": "Hej"}, people.rolf.user)
    address = reverse("newsdesk:send_proposal", args=[proposal.pk])
    page = people.rolf.opens(address)
    assert "Det här görs" in page
    assert "Verksamheten hälsar: Hej" in page
    page.presses("send")
    page.presses("send")
    assert greeted == []

    told = people.cecilia.opens(address).presses("confirm")
    assert "Ändringen av ”Verksamheten” är genomförd kl." in told
    assert greeted == ["Hej"]
    assert "Det här är redan gjort." in people.cecilia.opens(address)

    again = proposals.make_proposal("greet", section, {"words": "Hej"}, people.rolf.user)
    people.rolf.opens(reverse("newsdesk:send_proposal", args=[again.pk])).presses("send")
    assert greeted == ["Hej"]
    # A new text of the page waits beside it, and ends nothing of the act.
    people.rolf.writes(section, "Verksamheten nu")
    text = reverse("newsdesk:send", args=["section", section.pk])
    people.rolf.opens(text).presses("send")
    people.cecilia.opens(text).presses("confirm")
    again = Proposal.objects.get(carried_out_at=None)
    act = people.doris.opens(reverse("newsdesk:send_proposal", args=[again.pk]))
    assert "Godkänt av: Rolf Redaktör" in act
    act.presses("confirm")
    assert greeted == ["Hej", "Hej"]


@pytest.mark.sql
@pytest.mark.django_db(transaction=True)
def test_two_chiefs_press_at_the_same_time_and_one_publishes(sent, people):
    pages = [chief.opens(confirming(sent)) for chief in (people.cecilia, people.doris)]
    together = threading.Barrier(2)

    def press(page):
        together.wait()
        try:
            return page.presses("confirm")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(press, pages))

    assert sum("är publicerad kl." in page for page in told) == 1
    assert sum("Klart redan." in page for page in told) == 1
    assert Publication.objects.count() == 1
