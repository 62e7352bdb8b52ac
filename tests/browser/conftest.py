"""A real browser in front of a real server."""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import testcases
from playwright.sync_api import Browser, BrowserContext, Page, expect
from wagtail.models import Page as WagtailPage
from wagtail.models import Site
from wagtail.users.models import UserProfile

from pages.content.models import CookieNotice, Footer, HomePage, PageTopic
from pages.content.publishing.roles import CHIEF_EDITORS, EDITORS
from pages.newsroom.before_the_rule import record_all
from pages.newsroom.keeping_public import deleting_for_good
from sapo_site.accounts.groups import set_up_roles
from tests.factories import (
    AccessibilityDeviationFactory,
    AccessibilityStatementPageFactory,
    ArticlePageFactory,
    CooperationPageFactory,
    HomePageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    PartnerFactory,
    SectionPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    ThreatLevelDecisionFactory,
    ThreatLevelPageFactory,
    TopicFactory,
)
from tests.lacking import lacking
from tests.recording import Line, line_to
from tips.form import limits
from tips.opener import build
from tips.opener.page import one_file

from .axe import look  # noqa: F401
from .desk import Desk, Watch, identity_file
from .newsroom_people import PASSWORD, Newsroom, hire_everybody
from .pictures_shown import COUNTED
from .refused import refusals  # noqa: F401

# An answer may be late on a machine with much to do; what never comes fails the test all the same.
expect.set_options(timeout=20_000)

# Uploads are served by our own view: Django's test server would send every file of MEDIA_ROOT.
testcases._MediaFilesHandler = lambda application: application

# As people have it, for what depends on its window and its profile.
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
# The same engine without a window: whose own pages take a quarter of the time.
WITHOUT_WINDOW = shutil.which("chromium-headless-shell") or CHROMIUM
# As with a window: what is of another origin has a process of its own.
OPTIONS = ["--no-sandbox", "--disable-gpu", "--site-per-process"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # live_server empties the databases after each test; Wagtail's root page, site and
    # locale come from migrations and must be put back.
    emptied = pytest.mark.django_db(
        transaction=True, serialized_rollback=True, databases=["default", "tips"]
    )
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(emptied)


@pytest.fixture(scope="session", autouse=True)
def chromium_is_there() -> None:
    if CHROMIUM is None:
        lacking("chromium")


@pytest.fixture(scope="session", autouse=True)
def pages_are_built() -> None:
    build.build()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    return {**browser_type_launch_args, "executable_path": WITHOUT_WINDOW, "args": OPTIONS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return {**browser_context_args, "locale": "sv-SE", "timezone_id": "Europe/Stockholm"}


@pytest.fixture
def without_script(browser: Browser) -> Iterator[Page]:
    """A visitor's browser in which scripts are switched off."""
    context = browser.new_context(java_script_enabled=False, locale="sv-SE")
    yield context.new_page()
    context.close()


@pytest.fixture
def channel(tip_channel: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An open channel, whose form may be sent as fast as a machine fills it in."""
    monkeypatch.setattr(limits, "MIN_TOKEN_SECONDS", 0)
    return tip_channel


@pytest.fixture
def line(live_server: Any) -> Iterator[Line]:
    """A line to the server, which hears all that goes over it and can break."""
    with line_to(live_server.url) as line:
        yield line


@pytest.fixture
def watch(page: Page) -> Iterator[Watch]:
    """Whatever a test does in its page, nothing is said in the console and no policy is broken."""
    watch = Watch()
    watch.follow(page)
    yield watch
    page.unroute_all(behavior="ignoreErrors")  # what the page asks for by itself as it closes
    assert watch.said == []


@pytest.fixture
def desk(page: Page, live_server: Any, handler: Any, tip_channel: Any, watch: Watch) -> Desk:
    return Desk(page, live_server.url, identity_file(tip_channel.root, tip_channel.identity))


@pytest.fixture
def offline(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The file opener.html in a browser without a network, which may ask nobody anything."""
    path = tmp_path / "opener.html"
    path.write_text(one_file(), encoding="utf-8")
    context = browser.new_context(locale="sv-SE", accept_downloads=True)
    context.set_offline(True)
    page, watch = context.new_page(), Watch()
    watch.follow(page)
    page.add_init_script(COUNTED)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert watch.said == []
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []


@pytest.fixture
def newsroom(request: pytest.FixtureRequest, browser: Browser, live_server: Any, site: Any):
    """Everybody of the newsroom, none of whom meets an error of the server's."""
    set_up_roles()
    hire_everybody()
    record_all()
    pictures = request.config.getoption("--pictures")
    before = len(browser.contexts)
    room = Newsroom(browser, live_server.url, pictures, failures=[])
    yield room
    for context in browser.contexts[before:]:
        context.close()
    assert room.failures == []


@pytest.fixture
def accounts(site: Any) -> None:
    """An editor and a chief editor, who log in with the password of everybody here."""
    set_up_roles()
    for username, group in (("redaktor", EDITORS), ("chefredaktor", CHIEF_EDITORS)):
        user = get_user_model().objects.create_user(username, password=PASSWORD)
        user.groups.add(Group.objects.get(name=group))
        UserProfile.objects.create(user=user, preferred_language="sv")


@pytest.fixture
def hosts_asked(context: BrowserContext, live_server: object) -> set[str]:
    """Every host that the browser has asked for something."""
    hosts: set[str] = set()
    context.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    return hosts


def _block(kind: str, value: object) -> dict[str, object]:
    return {"type": kind, "value": value, "id": f"{kind}-{id(value)}"}


def _every_block(article: WagtailPage) -> str:
    image, document = SiteImageFactory(), SiteDocumentFactory()
    captions = SiteDocumentFactory(title="Undertexter")
    figure = {"image": image.pk, "alt_text": "Höjdkurvor längs en kust.", "decorative": False}
    blocks = [
        _block("prose", "<p>Must och FRA delar hotbilder med oss.</p><ul><li>Ett</li></ul>"),
        _block("heading", {"text": "Nationellt samarbete", "level": "h2"}),
        _block("figure", {"image": figure, "caption": "Kusten norr om Stockholm."}),
        _block("link_row", [_block("page", {"page": article.pk, "label": ""})]),
        _block("link_row", [_block("address", {"address": "https://example.org/", "label": "Ut"})]),
        _block("heading", {"text": "Internationellt samarbete", "level": "h2"}),
        _block("fact_box", {"heading": "Fakta", "text": "<p>Fem nivåer.</p>", "tone": "warning"}),
        _block("quote", {"text": "Vi skyddar Sverige.", "source": "Årsboken", "role": ""}),
        _block("accordion", {"heading": "Frågor", "items": [_block("item", {
            "question": "Får jag söka?", "answer": "<p>Ja.</p>"})]}),
        _block("heading", {"text": "Tillgänglighetsredogörelsens omfattning", "level": "h2"}),
        _block("table", {"data": [["Klass", "Gäller"], ["1", "Kvalificerat hemligt"]], "cell": [],
                         "table_caption": "Säkerhetsklasser", "table_header_choice": "both",
                         "first_row_is_table_header": True, "first_col_is_header": True}),
        _block("table", {"data": WHOM_TO_CALL, "cell": [],
                         "table_caption": "Vem du vänder dig till", "table_header_choice": "row",
                         "first_row_is_table_header": True, "first_col_is_header": False}),
        *(_block("numerals", {"layout": layout, "numerals": [_block("item", {
            "before": "cirka", "number": "1 234 567", "text": "kontroller", "source": "årsboken"})]})
          for layout in ("columns", "margin")),
        _block("file", {"file": document.pk, "label": ""}),
        _block("video", {"title": "Så arbetar vi", "file": document.pk, "poster": image.pk,
                         "captions": captions.pk, "transcript": "<p>En röst.</p>"}),
        _block("page_list", {"heading": "Läs vidare", "source": "chosen", "parent": None,
                             "pages": [_block("item", article.pk)]}),
        _block("twin_list", {"kinds": "minority"}),
        _block("tip_call", {"heading": "Har du sett något?", "text": "", "button": "Tipsa"}),
    ]  # fmt: skip
    return json.dumps(blocks)


WHOM_TO_CALL = [
    ["Det gäller", "Vänd dig till", "Så når du dem"],
    ["Fara för liv eller pågående brott", "SOS Alarm", "112"],
    ["Desinformation från utlandet", "Myndigheten för psykologiskt försvar", "mpf.se"],
    ["Spioneri och terrorism", "Säkerhetspolisen", "[Tipssidan](/tipsa/) eller 010-568 70 00"],
]


def _errand(number: int) -> dict[str, object]:
    link = [_block("address", {"address": "https://polisen.se/", "label": "Polisen"})]
    text = "För verksamheter som följer säkerhetsskyddslagen."
    return _block("task", {"heading": f"Ärende nummer {number}", "text": text, "link": link})


# As long as such texts are.
ASKED = {
    "level": "3", "heading": "Du behöver inte ändra ditt liv",
    "summary": "Du kan leva som vanligt. Var uppmärksam, och berätta för oss om något verkar fel.",
    "things": ["Följ vad polis och vakter säger.", "Dela inte rykten. Kontrollera uppgifter."],
}  # fmt: skip


@pytest.fixture
def site(live_server: object) -> HomePage:
    """A small whole site: each page type, each block, notices and footer."""
    home = HomePageFactory(
        parent=WagtailPage.get_first_root_node(),
        lead="Vi stoppar spioner, hindrar terrorism och skyddar landets ledning.",
        tip_heading="Har du sett eller hört något?",
        tip_text="Berätta för oss. Du behöver inte vara säker på vad det betyder, och du behöver"
        " inte säga vem du är.",
        tasks=json.dumps([_errand(number) for number in range(1, 7)]),
        about="Vi är Sveriges nationella säkerhetstjänst.",
        about_links=json.dumps([_block("link", _errand(1)["value"]["link"])]),
    )
    default = Site.objects.get(is_default_site=True)
    welcome, default.root_page = default.root_page, home
    default.save()
    with deleting_for_good("a test"):
        welcome.delete()
    home.refresh_from_db()
    topic = TopicFactory(name="Kontraterrorism", slug="kontraterrorism")
    section = SectionPageFactory(parent=home, title="Verksamheten", slug="verksamheten")
    SectionPageFactory(parent=home, title="Om Säkerhetspolisen", slug="om-sakerhetspolisen")
    other = ArticlePageFactory(parent=section, title="Kontraspionage", slug="kontraspionage")
    article = ArticlePageFactory(
        parent=section, title="Samverkan", slug="samverkan", live=False, body=_every_block(other)
    )
    article.page_topics.add(PageTopic(topic=topic))
    article.save_revision().publish()
    statement = AccessibilityStatementPageFactory(parent=section)
    AccessibilityDeviationFactory()
    AccessibilityDeviationFactory(what="Formuläret saknades", mended_on=date(2026, 11, 26))
    index = NewsIndexPageFactory(parent=home)
    NewsPageFactory(parent=index, title="Ny vägledning", slug="ny", published_on=date(2026, 11, 20))
    ThreatLevelPageFactory(parent=section, advice=json.dumps([_block("at_level", ASKED)]))
    ThreatLevelDecisionFactory()
    CooperationPageFactory(parent=section, slug="samarbete")
    PartnerFactory(name="Försvarets radioanstalt", abbreviation="FRA")
    CookieNotice.objects.create(
        locale=home.locale, heading="Om kakor på webbplatsen", text="Bara nödvändiga kakor.",
        button="Jag förstår", link_text="Läs mer om kakor", page=statement.page_ptr,
    )  # fmt: skip
    Footer.objects.create(
        locale=home.locale, mission="Vi avvärjer hot.", social_heading="Sociala medier",
        tips_heading="Tipsa oss", tips_button="Till tipssidan", contact_heading="Kontakt",
    )  # fmt: skip
    return home


PAGES = [
    "/",
    "/verksamheten/",
    "/verksamheten/samverkan/",
    "/verksamheten/tillganglighet/",
    "/tillganglighet/meddelande/",
    "/verksamheten/samarbete/",
    "/verksamheten/terrorhotniva/",
    "/nyheter/",
    "/nyheter/ny/",
    "/amnen/",
    "/amnen/kontraterrorism/",
    "/sok/?q=samverkan",
    "/sok/?q=finnsinte",
    "/tipsa/",
    "/finns-inte/",
    "/en/verksamheten/",
]
