"""What is on paper when a page is printed, and what stays on one line on any screen."""

import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from pages.content.models import Contact, HomePage, ThreatLevelPage
from tests.factories import (
    AlertFactory,
    ArticlePageFactory,
    SectionPageFactory,
    ThreatLevelDecisionFactory,
)
from tips.form import limits
from tips.wording.texts import BUILT_IN

from .conftest import PAGES

ANOTHERS = "08-401 90 00"
NUMBERS = ["010-568 70 00", "+46 10-568 70 00", ANOTHERS, "114 14"]

# Every text that shows, with where it stands, how dark it is, and whether something covers it.
TEXTS = """() => {
  const luminance = colour => {
    const pixel = new OffscreenCanvas(1, 1).getContext('2d');
    pixel.fillStyle = colour;
    pixel.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...pixel.getImageData(0, 0, 1, 1).data]
      .map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim(), element = texts.currentNode.parentElement;
    if (!text || !element.checkVisibility({visibilityProperty: true}) || element.closest('script, style, video, .unseen')) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    for (const box of range.getClientRects()) {
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      if (box.width < 2) continue;  // for screen readers alone
      found.push({text, left: box.left,
        covered: !!top && !top.contains(element) && !element.contains(top),
        contrast: 1.05 / (luminance(getComputedStyle(element).color) + 0.05)});
    }
  }
  return found;
}"""

# All that is not printed, and why nobody misses it.
NOT_ON_PAPER = {
    ".skip-link": "leads to what is printed",
    ".quick-exit": "leaves the page",
    ".cookie-notice": "is about the browser",
    "nav:not(.twins)": "a menu",
    ".related": "a menu",
    ".force ~ .parts .page-list": "a menu",
    ".force ~ .parts .tip-call": "stands at the head of the page",
    ".ladder__item:not([aria-current]) .ladder__words": "is not so now",
    ".history__note": "is for programs",
    ".filters": "changes the page",
    "[role=search]": "changes the page",
    ".share": "sends the address, which is printed",
    ".report-fault": "sends the address, which is printed",
    ".site-header__tip": "a link, whose page is told of in the text",
    ".site-header__contact": "the same",
    ".site-footer": "the same on every page",
    "video": "what it says is printed below it",
}

# Every text of the page that somebody can read, closed answers too, in its order.
WORDS = """absent => {
  for (const each of document.querySelectorAll('details')) each.open = true;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (element.closest(`script, style, noscript, option, textarea, ${absent}`)) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const isSeen = [...range.getClientRects()].some(box => box.width > 1 && box.right > 0);
    const isForEars = getComputedStyle(element).clipPath !== 'none';
    if (isSeen && !isForEars && element.checkVisibility({visibilityProperty: true})) found.push(texts.currentNode.data);
  }
  return [...found, ...[...document.querySelectorAll('.print-only')].map(each => each.textContent)];
}"""

BROKEN = """() => {
  const number = /(?:\\\\+46 10-|010-)568 70 00|08-401 90 00|114 14/g;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = {whole: [], broken: []};
  while (texts.nextNode()) {
    for (const each of texts.currentNode.textContent.matchAll(number)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, each.index);
      range.setEnd(texts.currentNode, each.index + each[0].length);
      const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
      (lines.size > 1 ? found.broken : found.whole).push(each[0]);
    }
  }
  return found;
}"""


@pytest.fixture
def crisis(site: HomePage) -> HomePage:
    """The site on a bad day: messages of each level, errands, and a box with 112."""
    site.lead = "Vi förebygger och avslöjar brott mot Sveriges säkerhet."
    link = [{"type": "address", "value": {"address": "https://polisen.se/", "label": "Polisen"}}]
    task = {"heading": "Anmäl ett brott", "text": "Till polisen", "link": link}
    site.tasks = json.dumps([{"type": "task", "value": task}] * 6)
    site.save()
    for level in ("information", "warning", "danger"):
        AlertFactory(level=level, heading=f"Läget är allvarligt: {level}", text="Följ råden.")
    section = SectionPageFactory(parent=site, title="Hoten", slug="hoten")
    call = {"heading": "Är det akut?", "text": "Ring 112.", "button": "Tipsa oss"}
    ArticlePageFactory(
        parent=section, slug="akut", body=json.dumps([{"type": "tip_call", "value": call}])
    )
    press = Contact.objects.create(
        locale=site.locale,
        name="Presstjänsten",
        phone="010-568 70 00",
        text="Svarar alla dagar.",
        email="press@sakerhetspolisen.se",
        address="Box 12312\n102 28 Stockholm",
    )
    duty = Contact.objects.create(locale=site.locale, name="Vakthavande", phone=press.phone)
    number = {"number": press.phone, "heading": "Säkerhetspolisen"}
    body = [{"type": "numbers", "value": {"numbers": [number]}}]
    body += [{"type": "contact", "value": each.pk} for each in (press, duty)]
    ArticlePageFactory(parent=section, slug="kontakt", body=json.dumps(body))
    return site


def _letters(text: str) -> str:
    """Without what a line break changes."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(each for each in text if each.isalnum())


def _printed(page: Page) -> str:
    document = pypdfium2.PdfDocument(page.pdf(format="A4"))
    number = len(document)
    texts = [each.get_textpage().get_text_range() for each in document]
    return "".join(
        _letters(text.replace(f"{at} ({number})", "")) for at, text in enumerate(texts, start=1)
    )


def _lost(page: Page) -> list[str]:
    """The texts of the page that do not stand on paper, each as often as on the page."""
    paper, lost = _printed(page), []
    texts = filter(_letters, page.evaluate(WORDS, ", ".join(NOT_ON_PAPER)))
    # The long ones first: else a short one is found in what another says.
    for text in sorted(texts, key=lambda text: -len(_letters(text))):
        before, found, after = paper.partition(_letters(text))
        if found:
            paper = f"{before} {after}"
        else:
            lost.append(" ".join(text.split()))
    return lost


def test_no_text_that_a_reader_needs_is_lost_on_paper(page: Page, live_server, crisis, tip_channel):
    page.set_viewport_size({"width": 1440, "height": 900})
    forms = ["/tipsa/formular/", "/tipsa/formular/utan-skript/skriv/"]
    for path in [*PAGES, "/hoten/akut/", "/hoten/kontakt/", *forms]:
        page.goto(live_server.url + path)
        if path in forms:
            page.get_by_role("button", name="Skicka tipset").wait_for()  # until then it prepares
        assert (path, _lost(page)) == (path, [])

    # A row that calls a number told above it tells it on paper.
    page.goto(f"{live_server.url}/hoten/kontakt/")
    assert _letters("Vakthavande (010-568 70 00)") in _printed(page)

    # Else this would prove nothing.
    page.goto(f"{live_server.url}/verksamheten/samverkan/")
    page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync('@media print { .accordion, .tip-call { display: none !important } }');
            document.adoptedStyleSheets = [sheet];
        }"""
    )
    assert {"Får jag söka?", "Ja.", "Har du sett något?"} <= set(_lost(page))


def test_level_is_printed_on_one_sheet(page: Page, live_server, site):
    level = ThreatLevelPage.objects.get()
    text = {"type": "prose", "value": f"<p>{'Nivån säger hur troligt det är. ' * 40}</p>"}
    call = {"type": "tip_call", "value": {"heading": "Orolig?", "text": "Ring.", "button": "Tipsa"}}
    level.body = json.dumps([text, text, call])
    level.save()
    for day in (1, 2, 3):
        ThreatLevelDecisionFactory(decided_at=datetime(2023, 8, day, 10, tzinfo=UTC))
    page.goto(f"{live_server.url}/verksamheten/terrorhotniva/")
    assert len(pypdfium2.PdfDocument(page.pdf(format="A4"))) == 1


def test_receipt_of_a_tip_is_whole_on_paper(page: Page, live_server, tip_channel, monkeypatch):
    monkeypatch.setattr(limits, "MIN_TOKEN_SECONDS", 0)
    page.goto(f"{live_server.url}/tipsa/formular/")
    page.get_by_role("button", name="Skicka tipset").click()
    expect(page.get_by_role("heading", name="Tipset är inte skickat än")).to_be_visible()
    assert _lost(page) == []

    page.get_by_label("Vad vill du berätta?").fill("En grå kombi står vid grindarna varje kväll.")
    page.get_by_role("button", name="Skicka tipset").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack för ditt tips")
    assert _lost(page) == []
    assert _letters(page.locator(".tips__reference").inner_text()) in _printed(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Lämna sidan snabbt")).to_be_hidden()


def test_everything_that_helps_is_on_paper_and_dark_enough(
    page: Page, live_server, crisis, tip_channel
):
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 660, "height": 9_000})  # A4, and all of it at once
    on_paper = {}
    for path in [*PAGES, "/hoten/akut/", "/tipsa/formular/"]:
        page.goto(live_server.url + path)
        found = page.evaluate(TEXTS)
        pale = [(each["text"], round(each["contrast"], 1)) for each in found
                if each["contrast"] < 4.5]  # fmt: skip
        assert (path, pale) == (path, [])
        assert (path, [each["text"] for each in found if each["covered"]]) == (path, [])
        on_paper[path] = {each["text"]: each["left"] for each in found}

    for path in ("/", "/hoten/akut/", "/finns-inte/"):
        for level in ("information", "warning", "danger"):
            assert f"Läget är allvarligt: {level}" in on_paper[path]
    assert crisis.lead in on_paper["/"]
    assert {"Är det akut?", "112"} <= on_paper["/hoten/akut/"].keys()
    assert "Nu" in on_paper["/verksamheten/terrorhotniva/"]
    assert "112" in on_paper["/tipsa/"]
    assert "Om kakor på webbplatsen" not in on_paper["/"]
    article = on_paper["/verksamheten/samverkan/"]
    assert article[f"{live_server.url}/verksamheten/samverkan/"] == article["Samverkan"]
    mark = page.locator(".logotype__letter").first
    expect(mark).to_have_css("stroke", "rgb(0, 0, 0)")
    page.emulate_media(media="screen")
    expect(mark).to_have_css("stroke", "rgb(255, 255, 255)")


@pytest.fixture
def telephones(site: HomePage, tip_channel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers with plain spaces where editors write, and ours in the channel's texts, at every place of a line."""
    where, ours = (
        " ".join(f"{'x' * length} {number}" for length in range(1, 12) for number in numbers)
        for numbers in (NUMBERS, [each for each in NUMBERS if each != ANOTHERS])
    )
    contact = Contact.objects.create(
        locale=site.locale, name=f"Växeln {NUMBERS[0]}", phone=NUMBERS[1], text=where
    )
    AlertFactory(heading=f"Ring {NUMBERS[0]}", text=where[:600])
    section = SectionPageFactory(parent=site, title="Kontakt", slug="kontakt", lead=where[:600])
    ArticlePageFactory(
        parent=section, title=f"Ring {NUMBERS[0]}", slug="oss", lead=where[:600],
        body=json.dumps([
            {"type": "prose", "value": f"<p>{where}</p><p><a href='/'>{where}</a></p>"},
            {"type": "fact_box", "value": {"heading": "Ring", "text": f"<p>{where}</p>",
                                           "tone": "plain"}},
            {"type": "quote", "value": {"text": where, "source": "", "role": ""}},
        ]),
        aside=json.dumps([{"type": "contact", "value": contact.pk}]),
    )  # fmt: skip
    texts = {key: f"{text} {ours[:200]}" for key, text in BUILT_IN["sv"].items() if len(text) > 60}
    monkeypatch.setitem(BUILT_IN, "sv", {**BUILT_IN["sv"], **texts})


def test_no_telephone_number_is_broken_over_two_lines(page: Page, live_server, telephones):
    for path, least in (
        ("/kontakt/", 40), ("/kontakt/oss/", 200), ("/sok/?q=ring", 10), ("/tipsa/", 40),
        ("/tipsa/formular/", 20),
    ):  # fmt: skip
        page.goto(live_server.url + path)
        for width in (320, 768, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            found = page.evaluate(BROKEN)
            assert (path, width, found["broken"]) == (path, width, [])
            assert len(found["whole"]) >= least, path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    # Else this would prove nothing.
    page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync('* { white-space: normal !important }');
            document.adoptedStyleSheets = [sheet];
        }"""
    )
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate(BROKEN)["broken"]
