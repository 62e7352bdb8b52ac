"""An article's way from the editor's keyboard to the visitor's eyes."""

import json
import re
import time
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from pages.content.models import ArticlePage, SectionPage
from pages.newsroom.submissions import open_submission_of
from tests.factories import ArticlePageFactory, SiteImageFactory, TopicFactory
from tests.factories.pages import picture_file

from .newsroom_people import PASSWORD

# One of them chooses the file, one answers whether the picture shows people.
MOST_CLICKS = 25


def _log_in(page: Page, url: str, username: str) -> None:
    page.clock.install()
    page.goto(f"{url}/admin/")
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    page.wait_for_url(f"{url}/admin/")


def _clicks(page: Page) -> list[str]:
    """What is pressed from now on, in every page that opens."""
    pressed: list[str] = []
    page.expose_function("pressed", lambda words: pressed.append(words))
    page.add_init_script(
        'addEventListener("pointerdown", ({ target }) => pressed(target.textContent.trim()), true)'
    )
    return pressed


def _in_front_of(browser: Browser, url: str, username: str) -> Page:
    """A browser in which somebody is logged in."""
    context = browser.new_context(locale="sv-SE", viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(20_000)
    _log_in(page, url, username)
    return page


def test_whoever_guesses_is_told_to_wait_and_the_page_that_was_left_open_asks_for_a_login(
    browser: Browser, live_server, accounts
):
    page = browser.new_context(locale="sv-SE").new_page()
    page.goto(f"{live_server.url}/admin/")
    expect(page.get_by_text("Kom ihåg mig")).to_have_count(0)
    for told in ["Fel användarnamn eller lösenord. Försök igen."] * 5 + ["För många försök."]:
        page.locator("input[name=username]").fill("redaktor")
        page.locator("input[name=password]").fill("gissning")
        page.get_by_role("button", name="Logga in").click()
        expect(page.get_by_role("alert")).to_contain_text(told)

    _log_in(page, live_server.url, "chefredaktor")
    page.goto(f"{live_server.url}/admin/pages/{_section_pk()}/edit/")
    page.wait_for_load_state("networkidle")
    _lets_pass(page, 2.5)  # what stands in the form after two seconds is taken as saved
    Session.objects.update(expire_date=timezone.now())
    page.get_by_role("textbox", name="Ingress").press_sequentially("Det sista jag skrev.")
    told = page.get_by_text("Det du skrev sist är inte sparat.").first
    expect(told).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())  # since words would be lost
    page.reload()
    expect(page.get_by_role("button", name="Logga in")).to_be_visible()
    page.context.close()


def test_editor_writes_in_twenty_five_clicks_chief_editor_publishes_visitor_finds(
    browser: Browser, live_server, accounts, tmp_path: Path
):
    picture = tmp_path / "torg.jpg"
    picture.write_bytes(picture_file(width=840).read())
    for name in ("Säkerhetsskydd", "Kontraspionage"):
        TopicFactory(name=name)
    page = _in_front_of(browser, live_server.url, "redaktor")
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    clicks = _clicks(page)
    page.reload()
    page.get_by_text("Ny artikel", exact=True).click()
    page.get_by_role("link", name="Verksamheten", exact=True).click()
    page.locator("#id_title").click()
    page.keyboard.type("Samarbete med andra")
    page.get_by_role("textbox", name="Ingress").click()
    page.keyboard.type("Ingen skyddar Sverige ensam.")
    _add_image(page, picture)
    clicks.append("the file, in the window of the system")
    body = page.get_by_role("region", name="Innehåll", exact=True)
    body.locator("[contenteditable=true]").click()
    for words in (
        "Utbyte av kunskap.",
        "## Nationellt",
        "Med Must.",
        "## Utomlands",
        "I Counter-Terrorism Group",
    ):
        page.keyboard.type(words)
        page.keyboard.press("Enter")
    before = len(clicks)
    page.keyboard.press("Backspace")
    _says_the_language_of_the_last(page, "Counter-Terrorism Group", "engelska")
    del clicks[before:]
    body.get_by_role("button", name="Lägg till ett block").last.click()
    page.get_by_role("option", name="Länkrad").click()
    body.get_by_role("button", name="Välj en sida").click()
    page.get_by_role("dialog").get_by_role("link", name="Verksamheten", exact=True).first.click()
    for topic in ("Kontraterrorism", "Säkerhetsskydd", "Kontraspionage"):
        page.get_by_label(topic).click()
    page.get_by_role("button", name="Granska och skicka").click()
    page.get_by_label("Meddelande").click()
    page.keyboard.type("Klar.")
    page.get_by_role("button", name="Skicka för godkännande").click()
    expect(page.locator(".messages .success")).to_contain_text("är skickad för godkännande")
    assert len(clicks) <= MOST_CLICKS, clicks
    assert hosts == {live_server.url.split("/")[2]}
    page.context.close()

    page = _in_front_of(browser, live_server.url, "chefredaktor")
    sent = open_submission_of(ArticlePage.objects.get(title="Samarbete med andra"))
    page.goto(f"{live_server.url}/admin/redaktion/godkann/{sent.pk}/")
    for box in page.get_by_label("Jag har sett de gula påpekandena").all():
        box.check()
    page.get_by_role("button", name="Godkänn och publicera").click()
    expect(page.locator(".messages .success")).to_contain_text("är publicerad kl.")
    page.context.close()

    visitor = browser.new_page(locale="sv-SE")
    visitor.goto(f"{live_server.url}/amnen/kontraterrorism/")
    visitor.get_by_role("link", name="Samarbete med andra").click()
    expect(visitor.get_by_role("img", name="Livvakter på ett torg.")).to_be_visible()
    expect(visitor.get_by_text("Foto: Anna Berg")).to_be_visible()
    expect(visitor.locator("main .prose")).to_have_text(
        ["Utbyte av kunskap.", "Med Must.", "I Counter-Terrorism Group"]
    )
    expect(visitor.locator("main h2.heading")).to_have_text(["Nationellt", "Utomlands"])
    expect(visitor.locator("main .link-row")).to_have_text("Verksamheten")
    expect(visitor.locator("main [lang=en]")).to_have_text("Counter-Terrorism Group")
    visitor.goto(f"{live_server.url}/sok/?q=kunskap")
    expect(visitor.get_by_role("link", name="Samarbete med andra")).to_be_visible()
    visitor.close()


def test_a_press_waits_for_the_saving_that_makes_the_new_page(
    browser: Browser, live_server, accounts
):
    page = _in_front_of(browser, live_server.url, "redaktor")
    address = f"{live_server.url}/admin/pages/add/content/articlepage/{_section_pk()}/"
    page.goto(address)
    expect(page.get_by_role("button", name="Granska och skicka")).to_be_visible()
    posted: list[str] = []
    page.on("request", lambda each: each.method == "POST" and posted.append(each.url))
    page.route(address, lambda route: (time.sleep(1), route.continue_()))  # type: ignore[func-returns-value]
    page.locator("#id_title").fill("Samarbete med andra")
    page.get_by_role("textbox", name="Ingress").fill("Ingen skyddar Sverige ensam.")
    with page.expect_request(lambda each: each.method == "POST" and each.url == address):
        _lets_pass(page, 2.5)
    page.get_by_role("button", name="Granska och skicka").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Skicka ”Samarbete med andra” för godkännande"
    )
    page.context.close()
    assert posted.count(address) == 1
    assert ArticlePage.objects.get(title="Samarbete med andra").slug == "samarbete-med-andra"


def test_editor_who_adds_a_word_keeps_every_item_of_a_list_and_a_link_that_waits(
    browser: Browser, live_server, accounts
):
    page = _in_front_of(browser, live_server.url, "redaktor")
    steps = (
        "<ol><li>Ring<ul><li>dygnet runt</li></ul></li><li>Vänta<ol><li>inne</li></ol></li></ol>"
    )
    stored = _stored_with(" och vid", "inne", steps, page, live_server.url)
    assert stored == steps.replace("inne", "inne och vid")

    waits = '<a linktype="waiting" address="/verksamheten/kommer/">det som kommer</a>'
    text = f"<p>Läs om {waits} snart</p>"
    stored = _stored_with(" nog", "snart", text, page, live_server.url)
    assert re.sub(r"<a [^>]+>", "<a>", stored) == "<p>Läs om <a>det som kommer</a> snart nog</p>"
    assert 'linktype="waiting"' in stored
    assert 'address="/verksamheten/kommer/"' in stored
    page.context.close()


def test_editor_saves_what_is_not_finished_finds_a_colleagues_picture_and_opens_the_handbook(
    browser: Browser, live_server, accounts
):
    colleague = get_user_model().objects.get(username="chefredaktor")
    image = SiteImageFactory(title="Vakter på ett torg", uploaded_by_user=colleague)
    image.tags.add("vakt")
    page = _in_front_of(browser, live_server.url, "redaktor")
    page.goto(f"{live_server.url}/admin/pages/add/content/articlepage/{_section_pk()}/")
    page.locator("#id_title").fill("Så vaktar vi")
    page.get_by_role("textbox", name="Ingress").fill("Vi vaktar torget.")

    panel = page.get_by_role("region", name="Bild", exact=True)
    panel.get_by_role("button", name="Lägg till ett block").click()
    panel.get_by_role("button", name="Välj en bild").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input[name=q]").fill("vakter")
    dialog.get_by_role("link", name="Vakter på ett torg").click()
    expect(dialog).to_be_hidden()
    panel.get_by_role("textbox", name="Alternativtext").fill("bild")
    page.get_by_role("button", name="Spara utkast").click()
    expect(page.locator(".messages .success")).to_be_visible()

    page.get_by_role("button", name="Granska och skicka").click()
    told = page.get_by_text("Skriv vad bilden visar, inte att det är en bild")
    expect(told).to_be_visible()
    expect(page.get_by_role("textbox", name="Alternativtext")).to_have_value("bild")

    page.get_by_role("button", name="Hjälp").click()
    page.get_by_role("link", name="Redaktörshandbok").click()
    expect(page.get_by_role("heading", name="Redaktörshandbok")).to_be_visible()
    page.get_by_role("link", name="Alternativtext").click()
    expect(page.get_by_role("heading", name="Alternativtext")).to_be_in_viewport()
    page.context.close()


def _section_pk() -> int:
    return SectionPage.objects.get(slug="verksamheten").pk


def _add_image(page: Page, picture: Path) -> None:
    panel = page.get_by_role("region", name="Bild", exact=True)
    panel.get_by_role("button", name="Lägg till ett block").click()
    panel.get_by_role("button", name="Välj en bild").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("tab", name="Ladda upp").click()
    with page.expect_file_chooser() as chooser:
        dialog.locator("input[type=file]").click()
    chooser.value.set_files(picture)
    expect(dialog.locator("[name$=title]")).to_have_value("torg")
    for label, words in (("Beskrivning", "Livvakter på ett torg."), ("Fotograf", "Anna Berg")):
        dialog.get_by_label(label).click()
        page.keyboard.type(words)
    dialog.get_by_role("radio", name="Nej").click()
    dialog.get_by_role("button", name="Ladda upp").click()
    expect(dialog).to_be_hidden()
    panel.get_by_role("textbox", name="Bildtext").click()
    page.keyboard.type("Vakterna samtalar.")


def _stored_with(words: str, after: str, text: str, page: Page, url: str) -> str:
    """What is stored of a text when an editor has added words to its line and saved."""
    section = SectionPage.objects.get(slug="verksamheten")
    article = ArticlePageFactory(
        parent=section, body=json.dumps([{"type": "prose", "value": text}])
    )
    page.goto(f"{url}/admin/pages/{article.pk}/edit/")
    page.locator("[data-text]", has_text=after).click()
    page.keyboard.press("End")
    page.keyboard.type(words)
    page.get_by_role("button", name="Spara utkast").click()
    expect(page.locator(".messages .success")).to_be_visible()
    article.refresh_from_db()
    stored = article.get_latest_revision_as_object().body[0].value.source
    return re.sub(r' data-block-key="\w+"', "", stored)


def _lets_pass(page: Page, seconds: float) -> None:
    page.clock.fast_forward(int(1_000 * seconds))


def _says_the_language_of_the_last(page: Page, words: str, language: str) -> None:
    for _letter in words:
        page.keyboard.press("Shift+ArrowLeft")
    page.locator(".Draftail-ToolbarButton[name=language]:visible").click()
    dialog = page.get_by_role("dialog", name="Språk på ord")
    dialog.get_by_label("Orden är på").select_option(language)
    dialog.get_by_role("button", name="Välj").click()


# WCAG 1.4.12: so much space may a reader ask for.
SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
                           line-height: 1.5 !important }`);
    document.adoptedStyleSheets = [sheet];
}"""


def test_login_is_whole_in_a_small_window_and_known_to_password_managers(
    page: Page, live_server, site
):
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(f"{live_server.url}/admin/login/")
    for _spaced in (False, True):
        boxes = page.evaluate(
            """[document.documentElement, ...document.querySelectorAll('main *')]
                .filter(e => e.checkVisibility() && e.clientWidth > 20)
                .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect().right,
                           e.scrollWidth - e.clientWidth])"""
        )
        assert [box for box in boxes if box[1] > 320 or box[2] > 1] == []
        page.evaluate(SPACED)

    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")
    name, password = page.get_by_label("Användarnamn"), page.get_by_label("Lösenord")
    expect(name).to_have_attribute("autocomplete", "username")
    expect(password).to_have_attribute("autocomplete", "current-password")
