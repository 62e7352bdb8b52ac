"""An editor makes a page of the agency's Word file: how many clicks, and what comes of it."""

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from pages.content.models import ArticlePage, SectionPage
from tests.browser.test_editors import _clicks, _log_in
from tests.factories import ArticlePageFactory, TopicFactory
from tests.factories.pages import picture_file
from tests.factories.word_files import link, paragraph, picture, word_file

SEED = Path(__file__).parents[1] / "integration" / "pages" / "seed.txt"
LINKS = {
    "Samverkansrådet": "https://samverkansradet.se/",
    "Nationellt centrum för terrorhotbedömning": "https://nct.example.se/",
}
# One of them answers whether the picture shows people.
MOST_CLICKS = 13


def _word_file_of_the_page() -> bytes:
    """The page as its author has it in Word: a described picture, headings, two rows of a link."""
    lines = [line for line in SEED.read_text().split("\n\n") if line.strip()]
    lines = [" ".join(line.split()) for line in lines]
    lines = lines[lines.index("Samarbete med andra") :]
    written = []
    for number, line in enumerate(lines):
        if line in LINKS:
            written.append(paragraph(inner=link(line, list(LINKS).index(line))))
        elif line.startswith("Livvakter"):
            written.append(paragraph(inner=picture(alt=line)))
        else:
            styles = {0: "Title", 1: "Ingress", 3: "Caption"}
            style = "Heading2" if line.endswith("ellt samarbete") else styles.get(number, "")
            written.append(paragraph(line, style=style))
    picture_of_it = picture_file(width=840).read()
    return word_file(*written, links=tuple(LINKS.values()), pictures=(picture_of_it,))


def test_the_page_is_made_of_its_word_file_in_thirteen_clicks_with_all_parts_in_place(
    browser: Browser,
    live_server,
    accounts,
    tmp_path: Path,
):
    for name in ("Säkerhetsskydd", "Kontraspionage"):
        TopicFactory(name=name)
    file = tmp_path / "samarbete-med-andra.docx"
    file.write_bytes(_word_file_of_the_page())
    page = browser.new_context(locale="sv-SE", viewport={"width": 1440, "height": 1000}).new_page()
    page.set_default_timeout(20_000)
    clicks = _clicks(page)
    _log_in(page, live_server.url, "redaktor")
    clicks.clear()

    page.get_by_role("button", name="Sidor").click()
    page.get_by_role("link", name="Visa undersidor av 'Säkerhetspolisen'").click()
    page.get_by_role("link", name="Verksamheten", exact=True).first.click()
    page.get_by_role("link", name="Lägg till undersida").first.click()
    way_in = page.get_by_role("link", name="Ny sida från Word")
    assert way_in.bounding_box()["width"] < 300, "its picture is as high as its words"
    way_in.click()
    with page.expect_file_chooser() as chooser:
        page.locator("input[type=file]").click()
    chooser.value.set_files(file)
    clicks.append("the file, in the window of the system")
    page.get_by_role("button", name="Läs in filen").click()
    for topic in ("Kontraterrorism", "Säkerhetsskydd", "Kontraspionage"):
        page.get_by_label(topic).click()
    page.get_by_role("radio", name="Nej").click()
    expect(page.get_by_role("row", name="Nationellt samarbete").first).to_be_visible()
    page.get_by_role("button", name="Spara som utkast").click()
    expect(page.locator(".messages")).to_contain_text("är sparad som utkast")

    assert len(clicks) <= MOST_CLICKS, clicks
    made = ArticlePage.objects.get(title="Samarbete med andra", live=False)
    page.context.close()
    draft = made.get_latest_revision_as_object()
    assert draft.lead.startswith("Säkerhetspolisen har ett omfattande samarbete")
    figure = draft.image[0].value
    assert figure.alt_text == "Livvakter och poliser samtalar utomhus."
    assert figure.caption_text.startswith("Säkerhetspolisen samarbetar och samverkar nära")
    texts = "".join(each.value.source for each in draft.body if each.block_type == "prose")
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", texts)
    assert headings == ["Nationellt samarbete", "Internationellt samarbete"]
    rows = [each.value[0].value for each in draft.body if each.block_type == "link_row"]
    assert {row.text: row.href for row in rows} == LINKS
    assert len(draft.topics) == 3


HEADED = "<p> Sedan.</p><h2>Nationellt</h2><p>Med Must.</p>"
PASTED = (
    "<h1>Nationellt</h1><p>Med Must.</p><table><tr><th>Klass</th><th>Gäller</th></tr>"
    "<tr><td>1</td><td>Mest</td></tr></table>"
)


def _text_on(page: Page) -> Locator:
    body = page.get_by_role("region", name="Innehåll", exact=True)
    return body.locator("[contenteditable=true]").first


def _paste(page: Page, html: str) -> None:
    _text_on(page).evaluate(
        """(editor, html) => {
          const given = new DataTransfer();
          given.setData("text/html", html);
          given.setData("text/plain", "Bara text.");
          editor.focus();
          editor.dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: given, bubbles: true, cancelable: true}),
          );
        }""",
        html,
    )


def test_what_is_pasted_into_a_text_keeps_its_headings_and_its_tables_become_blocks(
    browser: Browser,
    live_server,
    accounts,
):
    section = SectionPage.objects.get(slug="verksamheten")
    body = json.dumps([{"type": "prose", "value": "<p>Först.</p>", "id": "forst"}])
    made = ArticlePageFactory(parent=section, live=False, first_published_at=None, body=body)
    made.save_revision()
    page = browser.new_context(locale="sv-SE").new_page()
    page.set_default_timeout(20_000)
    _log_in(page, live_server.url, "redaktor")
    page.goto(f"{live_server.url}/admin/pages/{made.pk}/edit/")

    _paste(page, PASTED)
    expect(
        page.get_by_text("har 1 rubrik utanför nivå 2 och 3 och 1 tabell, som en text")
    ).to_be_visible()
    page.get_by_role("button", name="Gör block av dem").click()
    expect(page.get_by_text("2 block under det här.")).to_be_visible()
    _text_on(page).click()
    _paste(page, HEADED)
    expect(_text_on(page).get_by_role("heading", level=2)).to_have_text("Nationellt")
    expect(page.get_by_role("dialog", name="Inklistrad text")).to_have_count(0)
    _paste(page, PASTED)
    page.get_by_role("button", name="Klistra in bara texten").click()
    expect(_text_on(page)).to_contain_text("Klass")
    expect(page.locator("[name='body-0-value']")).to_have_value(re.compile("Klass"))
    page.get_by_role("button", name="Spara utkast").click()
    expect(page.locator(".messages")).to_contain_text("sparats")
    page.context.close()

    draft = ArticlePage.objects.get(pk=made.pk).get_latest_revision_as_object()
    assert [block.block_type for block in draft.body] == ["prose", "prose", "table"]
    for text in draft.body[:2]:
        assert re.search(r"<h2[^>]*>Nationellt</h2><p[^>]*>Med Must", text.value.source)
    assert draft.body[2].value["data"] == [["Klass", "Gäller"], ["1", "Mest"]]
