"""What happens in a newsroom: people write, change, approve, and meet each other on the way."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils.timezone import localdate
from playwright.sync_api import Route, expect
from wagtail.models import Locale, Page, Site

from pages.content.models import Alert, ArticlePage, SectionPage, Upkeep
from pages.content.publishing.roles import CHIEF_EDITORS
from pages.newsroom.before_the_rule import record_all
from pages.newsroom.models import Duty, Publication, Submission
from pages.newsroom.submissions import send
from tests.factories import (
    AlertFactory,
    ArticlePageFactory,
    HomePageFactory,
    ThreatLevelPageFactory,
)

from .desk import until
from .newsroom_people import PASSWORD, Person, mail_to, session_of


@pytest.fixture
def draft(newsroom):
    """An article that readers have never met, written by Rolf."""
    section = SectionPage.objects.get(slug="verksamheten")
    page = ArticlePageFactory(
        parent=section, title="Så vaktar vi torget", slug="torget", live=False,
        first_published_at=None, lead="Vi vaktar torget dygnet runt.",
    )  # fmt: skip
    page.save_revision(user=_user("rolf"))
    return page


@pytest.fixture
def english_level(newsroom, site):
    """The page of the level, in English."""
    english, _created = Locale.objects.get_or_create(language_code="en")
    home = HomePageFactory(
        parent=Page.get_first_root_node(), slug="start-en", locale=english,
        translation_key=site.translation_key, title="Swedish Security Service",
    )  # fmt: skip
    Site.clear_site_root_paths_cache()
    page = ThreatLevelPageFactory(parent=home, locale=english)
    record_all()
    return page


@pytest.fixture
def sent(draft):
    send(_user("rolf"), [draft.get_latest_revision()])
    return draft


def _user(name: str):
    return get_user_model().objects.get(username=name)


def _confirmation_of(page) -> str:
    submission = Submission.objects.filter(items__key=str(page.pk)).latest("pk")
    return f"/admin/redaktion/godkann/{submission.pk}/"


def _is_public(page) -> bool:
    return (
        ArticlePage.objects.get(pk=page.pk).live
        or Publication.objects.filter(kind="article", key=str(page.pk)).exists()
    )


def test_the_chief_changes_a_comma_and_the_editor_confirms_the_comma(newsroom, site):
    section = SectionPage.objects.get(slug="verksamheten")
    rolf = newsroom.enters("Rolf")
    rolf.opens(f"/admin/pages/add/content/articlepage/{section.pk}/")
    rolf.page.locator("#id_title").press_sequentially("Så vaktar vi torget")
    expect(rolf.page.locator("#id_slug")).to_have_value("sa-vaktar-vi-torget")
    rolf.writes("Ingress", "Vi vaktar torget natt och dag vid behov med hund.")
    rolf.presses("Granska och skicka")
    rolf.reads("Skicka ”Så vaktar vi torget” för godkännande")
    rolf.takes_picture("skicka")
    rolf.presses("Skicka för godkännande")
    rolf.is_told(
        "”Så vaktar vi torget” är skickad för godkännande. Du får ett mejl när någon har svarat."
    )

    cecilia = newsroom.enters("Cecilia")
    cecilia.opens("/admin/")
    cecilia.reads("Väntar på dig (1)")
    cecilia.takes_picture("startsidan")
    cecilia.follows("Öppna Så vaktar vi torget")
    cecilia.reads("Väntar på: 1 chefredaktör")
    cecilia.takes_picture("godkann")
    cecilia.follows("Ändra själv")
    cecilia.writes("Ingress", "Vi vaktar torget natt och dag, vid behov med hund.")
    cecilia.presses("Granska och skicka")
    cecilia.takes_picture("andring")
    cecilia.presses("Godkänn min ändring")
    cecilia.is_told("Din ändring är sparad och godkänd av dig. Rolf Redaktör har fått ett mejl.")

    rolf.opens(mail_to("Rolf", "Cecilia Chefredaktör har ändrat ”Så vaktar vi torget”"))
    rolf.approves()
    rolf.is_told("”Så vaktar vi torget” är publicerad kl.")
    rolf.is_told("Ändrad av Cecilia Chefredaktör, godkänd av dig.")
    reader = newsroom.reader()
    reader.opens("/verksamheten/")
    reader.follows("Så vaktar vi torget")
    reader.reads("Vi vaktar torget natt och dag, vid behov med hund.")


def test_a_comma_at_night_takes_four_presses_and_on_the_phone_three(newsroom, site):
    """Found by its public address, mended and sent; whoever is on call reads the one sentence and approves."""
    page = ArticlePage.objects.get(slug="kontraspionage")
    page.lead = "Vi skyddar landet mot spioner dygnet rumt vid behov."
    page.save_revision().publish()
    ArticlePage.objects.filter(pk=page.pk).update(has_unpublished_changes=False)
    record_all()
    Duty.objects.create(account=_user("doris"), begins=localdate())
    rolf = newsroom.enters("Rolf")
    rolf.opens(f"/admin/andra{page.url}")
    rolf.writes("Ingress", "Vi skyddar landet mot spioner dygnet runt, vid behov.")
    rolf.writes("Vad har ändrats", "Ett stavfel är rättat.")
    rolf.sends()
    rolf.reads("Jour för godkännande: Doris Dahl.")

    doris = newsroom.enters("Doris")
    doris.page.set_viewport_size({"width": 390, "height": 844})
    doris.opens(mail_to("Doris", "Att godkänna: ”Kontraspionage”"))
    changed = doris.page.locator(".difference__lines .difference__side", has_text="vid behov")
    expect(changed).to_have_count(2)
    for side in changed.all():
        expect(side).to_be_in_viewport()
    doris.reads("Senast ändrad står kvar på")
    doris.reads("Ett stavfel är rättat.")
    wide = "document.documentElement.scrollWidth > innerWidth"
    assert not doris.page.evaluate(wide)
    doris.approves()
    doris.is_told("Skickad av Rolf Redaktör, godkänd av dig.")
    reader = newsroom.reader()
    reader.opens(f"{reader.url}{page.url}")
    reader.reads("dygnet runt, vid behov.")
    reader.reads(": Ett stavfel är rättat.")

    # A year later its owner reads it again.
    Upkeep.objects.filter(page=page).update(due_on=localdate())
    eva = newsroom.enters("Eva")
    eva.opens("/admin/")
    eva.reads("Att läsa igen (1)")
    eva.follows("Läs Kontraspionage")
    eva.presses("Läst, stämmer")
    eva.is_told("”Kontraspionage” visas som granskad i dag.")
    eva.reads("Inget väntar på dig.")
    reader.page.reload()
    reader.reads("Granskad")
    eva.opens_form(page)
    expect(eva.page.get_by_role("textbox", name="Vad har ändrats")).to_have_value("")


def test_what_was_asked_for_waits_until_it_is_mended(newsroom, sent):
    cecilia, rolf = newsroom.enters("Cecilia"), newsroom.enters("Rolf")
    cecilia.opens(_confirmation_of(sent))
    cecilia.page.locator("li", has_text="Vi vaktar torget dygnet runt.").get_by_role(
        "button", name="Begär ändring här"
    ).first.click()
    note = cecilia.page.get_by_label("Vad behöver ändras?")
    note.fill(note.input_value() + "Skriv vilka som vaktar.")
    cecilia.presses("Begär ändringar")
    cecilia.is_told("är tillbaka hos Rolf Redaktör, med dina kommentarer.")

    rolf.opens("/admin/")
    rolf.reads("1 kommentar kvar att rätta")
    rolf.follows("Rätta Så vaktar vi torget")
    rolf.reads("1 kommentar att rätta.")
    rolf.writes("Ingress", "Rolf och Eva vaktar torget dygnet runt.")
    rolf.sends()
    rolf.is_told("Nästa för dig: ”Så vaktar vi torget”")
    rolf.reads("skickad igen, 1 kommentar kvar att rätta")
    rolf.follows("Öppna Så vaktar vi torget")
    rolf.presses("Ta tillbaka och ändra")
    rolf.follows("Skriv vilka som vaktar.")
    rolf.page.locator(".comment summary").click()
    rolf.page.get_by_role("menuitem", name="Markera som löst").click()
    rolf.sends()
    rolf.reads("Inget väntar på dig.")


def test_a_chief_puts_out_a_message_alone_at_night_and_an_editor_reviews_it(newsroom):
    alert = AlertFactory(heading="Telefonen ligger nere", live=False, first_published_at=None)
    alert.save_revision(user=_user("cecilia"))
    form = f"/admin/snippets/content/alert/edit/{alert.pk}/"
    cecilia, doris = newsroom.enters("Cecilia"), newsroom.enters("Doris")
    for number, words in enumerate(
        ["Telefonen ligger nere", "Telefonen ligger nere i natt", "Ring 112 vid fara"]
    ):
        cecilia.opens(form)
        cecilia.page.locator("#id_heading").fill(words)
        cecilia.presses("Granska och skicka")
        cecilia.page.get_by_text("Kan det inte vänta?", exact=True).click()
        cecilia.writes("Varför kan det inte vänta?", "Ingen kan nå oss och liv är i fara.")
        if not number:
            cecilia.page.get_by_label("Skriv ditt lösenord för att nödpublicera.").fill(PASSWORD)
            cecilia.takes_picture("nodpublicera", ".confirmation__emergency")
        cecilia.presses("Nödpublicera")
        cecilia.is_told(f"”{words}” är nödpublicerad kl.")

    reader = newsroom.reader()
    reader.opens("/")
    reader.reads("Ring 112 vid fara")
    banner = "Nödpublicerat och inte granskat: ”Ring 112 vid fara”, Cecilia Chefredaktör i dag"
    for address in ("/admin/", "/admin/images/", f"/admin/pages/{_section().pk}/"):
        doris.opens(address)
        expect(doris.page.locator(".messages li.error")).to_have_count(1)
        doris.reads(banner)
        doris.reads("Skäl: Ingen kan nå oss och liv är i fara.")
    doris.opens("/admin/")
    doris.reads("Väntar på dig (3)")
    cecilia.opens("/admin/")
    cecilia.reads("Någon annan måste granska det du nödpublicerade: ”Ring 112 vid fara”, i dag")
    cecilia.follows("Öppna Ring 112 vid fara")
    cecilia.reads("Du kan inte vara båda personerna. Någon annan måste godkänna.")
    expect(cecilia.button("Det är rätt")).to_have_count(0)

    eva = newsroom.enters("Eva")
    eva.opens("/admin/")
    expect(eva.page.locator(".messages li")).to_have_count(0)
    eva.follows("Granska i efterhand Ring 112 vid fara")
    eva.reads("Telefonen ligger nere i natt")
    eva.takes_picture("granska_i_efterhand")
    eva.presses("Det är rätt")
    eva.is_told("Tack. ”Ring 112 vid fara” är granskad i efterhand kl.")
    doris.opens("/admin/")
    doris.reads("Inget väntar på dig.")
    expect(doris.page.locator(".messages li")).to_have_count(0)
    assert Alert.objects.get(pk=alert.pk).heading == "Ring 112 vid fara"


def test_two_chiefs_press_at_once_and_one_hears_that_it_is_done(newsroom, sent):
    chiefs = [newsroom.enters("Cecilia"), newsroom.enters("Doris")]
    held: list[Route] = []
    for chief in chiefs:
        chief.opens(_confirmation_of(sent))
        chief.reads("Väntar på: 1 chefredaktör")
        chief.page.get_by_label("Jag har sett de gula påpekandena").check()
        chief.page.route(
            lambda url: "/godkann/" in url,
            lambda route: (
                held.append(route) if route.request.method == "POST" else route.continue_()
            ),
        )
        chief.button("Godkänn och publicera").evaluate("it => { setTimeout(() => it.click()) }")
    until(chiefs[0].page, lambda: len(held) == 2)
    for route in held:
        route.continue_()
    told = []
    for chief in chiefs:
        expect(chief.page.locator(".messages")).to_contain_text("Så vaktar vi torget")
        told.append(chief.page.locator(".messages").inner_text())
    first, second = sorted(told, key=lambda words: "Klart redan." in words)
    assert "är publicerad kl." in first
    assert "Skickad av Rolf Redaktör, godkänd av dig." in first
    assert "Klart redan." in second
    assert "och den är publicerad." in second
    assert Publication.objects.filter(key=str(sent.pk), kind="article").count() == 1


def test_one_person_in_five_ways_is_one_person(newsroom, draft):
    rolf = newsroom.enters("Rolf")
    rolf.opens_form(draft)
    rolf.sends()
    address = _confirmation_of(draft)

    tab = rolf.opens_another_tab()
    tab.opens(address)
    tab.reads("Du har godkänt det här. Någon annan måste också godkänna.")
    expect(tab.button("Godkänn")).to_have_count(0)
    seen = tab.page.locator("#confirmation [name=seen]").input_value()

    tab.opens(f"/admin/pages/{_section().pk}/")
    tab.page.locator(f"[data-bulk-action-checkbox][data-object-id='{draft.pk}']").check()
    tab.page.locator(".bulk-actions-choices a", has_text=re.compile("^\\s*Godkänn\\s*$")).click()
    tab.reads("Du kan inte vara båda personerna för ”Så vaktar vi torget”.")
    expect(tab.button("Godkänn")).to_have_count(0)
    assert not _is_public(draft)

    rolf.opens(address)
    _post_by_hand(rolf, address, seen)
    assert not _is_public(draft)

    key = session_of("rolf")
    rolf.page.context.add_cookies([{"name": "sessionid", "value": key, "url": rolf.url}])
    rolf.opens(address)
    _post_by_hand(rolf, address, seen)
    assert not _is_public(draft)

    _user("rolf").groups.add(Group.objects.get(name=CHIEF_EDITORS))
    rolf.opens(address)
    rolf.approves("Godkänn")
    rolf.is_told("Ditt godkännande är sparat. En person till måste godkänna innan")
    rolf.opens(address)
    _post_by_hand(rolf, address, seen)
    assert not _is_public(draft)
    reader = newsroom.reader()
    reader.opens("/verksamheten/torget/")
    reader.reads_nothing_of("Vi vaktar torget dygnet runt.")


def test_the_level_needs_both_languages_and_then_readers_meet_it_in_both(newsroom, english_level):
    rolf, cecilia = newsroom.enters("Rolf"), newsroom.enters("Cecilia")
    rolf.opens("/admin/snippets/content/threatleveldecision/add/")
    rolf.page.locator("#id_level").select_option("4")
    rolf.page.locator("#id_decided_by").fill("Säkerhetspolischefen")
    rolf.page.locator("#id_text").fill("Nivån höjs till högt hot.")
    rolf.presses("Granska och skicka")
    rolf.reads("Nivån behöver text på svenska och engelska.")
    rolf.page.locator("#id_text_in_english").fill("The level is raised to high threat.")
    rolf.sends()

    cecilia.opens("/admin/")
    cecilia.page.get_by_role("link", name="Öppna").first.click()
    cecilia.takes_picture("nivan")
    cecilia.approves()
    cecilia.is_told("är publicerad kl.")
    reader = newsroom.reader()
    reader.opens("/verksamheten/terrorhotniva/")
    reader.reads("Nivån höjs till högt hot.")
    reader.reads("kl")
    reader.opens(english_level.url)
    reader.reads("The level is raised to high threat.")


def test_what_was_typed_in_another_tab_is_neither_confirmed_nor_lost(newsroom, sent):
    cecilia = newsroom.enters("Cecilia")
    cecilia.opens(_confirmation_of(sent))
    tab = cecilia.opens_another_tab()
    tab.opens_form(sent)
    tab.page.wait_for_load_state("networkidle")
    tab.writes("Ingress", "Vi vaktar torget dygnet runt, också i snö.")
    tab.presses("Spara utkast")
    tab.is_told("”Så vaktar vi torget”")

    cecilia.approves()
    cecilia.is_told("Innehållet är inte längre det du läste. Du sparade kl.")
    cecilia.is_told("Läs det nya och godkänn igen.")
    cecilia.reads("också i snö")
    assert not _is_public(sent)
    cecilia.presses("Godkänn min ändring")
    cecilia.is_told("Din ändring är sparad och godkänd av dig.")
    assert not _is_public(sent)


def _section() -> SectionPage:
    return SectionPage.objects.get(slug="verksamheten")


def _post_by_hand(person: Person, address: str, seen: str) -> None:
    """What somebody sends who makes up the form that the page does not show."""
    token = person.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    answer = person.page.request.post(
        f"{person.url}{address}",
        form={"csrfmiddlewaretoken": token, "act": "confirm", "seen": seen},
        headers={"Referer": f"{person.url}{address}", "Origin": person.url},
    )
    assert answer.status in (200, 422), answer.status
