"""What each threat level asks of readers: written beforehand, shown when the level is in force."""

import json

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError

from pages.comparing.shown_settings import settings_of
from pages.content.blocks.advice import AdviceBlock
from pages.content.models import ThreatLevelPage
from tests.factories import ThreatLevelDecisionFactory, ThreatLevelPageFactory


def _at(level: int, summary: str, heading: str, *things: str) -> dict[str, object]:
    value = {"level": str(level), "summary": summary, "heading": heading, "things": list(things)}
    value["means"] = "Nära fara." if level == 5 else ""
    return {"type": "at_level", "value": value}


ADVICE = [
    _at(3, "Lev som vanligt.", "Du behöver inte ändra ditt liv", "Var uppmärksam."),
    _at(5, "Följ polisens råd.", "Ett attentat kan vara nära", "Lyssna på radion.", "Dela inget."),
]


@pytest.fixture
def level_page(section) -> ThreatLevelPage:
    return ThreatLevelPageFactory(parent=section, advice=json.dumps(ADVICE))


def _page(client, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).content, "html.parser")


def test_start_page_says_what_the_level_in_force_asks(client, level_page):
    ThreatLevelDecisionFactory(level=3)
    level = _page(client, "/").find(class_="level").get_text(" ", strip=True)
    assert "3 av 5 Förhöjt hot" in level
    assert "Lev som vanligt." in level

    ThreatLevelDecisionFactory(level=5, corrects=None)

    level = _page(client, "/").find(class_="level").get_text(" ", strip=True)
    assert "5 av 5 Mycket högt hot" in level
    assert "Följ polisens råd." in level
    assert "Lev som vanligt." not in level


def test_level_without_advice_is_shown_without(client, level_page):
    ThreatLevelDecisionFactory(level=4)
    for address in ("/", level_page.url):
        main = _page(client, address).main
        assert "Högt hot" in main.get_text(" ", strip=True)
        assert "Lev som vanligt." not in main.get_text(" ", strip=True)
        assert main.find(class_="asks") is None


def test_page_begins_with_the_level_and_what_to_do(client, level_page):
    ThreatLevelDecisionFactory(level=3, hour_is_known=False)
    text = _page(client, level_page.url).main.get_text(" ", strip=True)
    for part in (
        "Terrorhotnivån", "3", "av 5, just nu", "Förhöjt hot",
        "Beslutad 23 maj 2025 av säkerhetspolischefen",
        "Du behöver inte ändra ditt liv", "Var uppmärksam.",
        "Är det bråttom? Ring 112 . Annars: tipsa oss .",
        "Skalan", "Beslutet", "Nivån sänks", "Alla beslut", "Verksamheten",
    ):  # fmt: skip
        assert part in text, (part, text)
        text = text.partition(part)[2]


def test_page_ends_with_the_pages_beside_it(client, level_page):
    ThreatLevelDecisionFactory()
    beside = _page(client, level_page.url).find("nav", attrs={"aria-labelledby": "section"})
    assert [link.get_text() for link in beside.find_all("a")] == ["Verksamheten", "Terrorhotnivån"]
    assert beside.find(attrs={"aria-current": "page"}).get_text() == "Terrorhotnivån"


def test_preview_of_a_decision_shows_what_its_level_will_ask(client, level_page):
    ThreatLevelDecisionFactory(level=3)
    draft = ThreatLevelDecisionFactory(level=5, live=False)
    html = draft.make_preview_request(preview_mode="sv").content.decode()
    asks = BeautifulSoup(html, "html.parser").find(class_="asks").get_text()
    assert "Lyssna på radion." in asks
    assert "Var uppmärksam." not in asks


def test_each_row_of_the_scale_opens_to_what_that_level_means_and_asks(client, level_page):
    ThreatLevelDecisionFactory(level=3)
    rows = _page(client, level_page.url).find_all(class_="ladder__item")
    assert [bool(row.details) for row in rows] == [False, False, True, False, True]
    assert "Var uppmärksam." not in rows[2].get_text()
    for words in ("Mycket högt hot", "Nära fara.", "Lyssna på radion.", "Dela inget."):
        assert words in rows[4].get_text()
    assert "Lyssna på radion." in level_page.search_text()


def test_advice_for_a_level_is_given_once():
    block = AdviceBlock()
    with pytest.raises(ValidationError) as refused:
        block.clean(block.to_python([ADVICE[0], ADVICE[1], ADVICE[0]]))
    assert sorted(refused.value.block_errors) == [0, 2]


def test_two_who_confirm_the_page_see_the_advice_for_every_level(level_page):
    shown = {setting.label: setting.value for setting in settings_of(level_page)}
    assert "Lyssna på radion." in shown["Vad varje nivå ber läsaren om"]


def test_a_draft_may_lack_a_level(level_page):
    ThreatLevelDecisionFactory(level=3)
    unchosen = _at(3, "Lev som vanligt.", "Rubrik", "Var uppmärksam.")
    unchosen["value"]["level"] = ""
    level_page.advice = json.dumps([unchosen, ADVICE[1]])
    level_page.save_revision()

    assert level_page.make_preview_request().status_code == 200
    assert level_page.advice_at(5)["summary"] == "Följ polisens råd."
